"""What is put into templates when they are compiled is what a page would have looked up."""

import pytest
from django.template import engines
from jinja2 import UndefinedError

from licenseonline.stores.models import Store


def render(source: str, **values: object) -> str:
    return str(engines["jinja2"].from_string(source).render(values))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{{ _('見積') }}", "見積"),
        ('<a title="{{ _("<&>") }}">', '<a title="&lt;&amp;&gt;">'),
        ("{{ url('store:quotes', store_id=store.id) }}", "/87465/member/quotes/"),
        ("{{ url('store:quote', store_id=store.id, number=quote.number) }}", "/87465/member/quotes/Q2611-00001"),
        ("{{ url('store:key_reveal', store_id=store.id, key_id=n) }}", "/87465/member/licences/keys/7/reveal"),
        ("{{ url('store:product', store_id=store.id, code=odd) }}", "/87465/products/a%20%22b"),
        ("{% set here = url('store:cart', store_id=store.id) %}{{ here }}", "/87465/cart/"),
    ],
)
def test_folded(source: str, expected: str) -> None:
    assert render(source, store=Store(id=87465), quote={"number": "Q2611-00001"}, n=7, odd='a "b') == expected


def test_a_missing_value_and_an_uncalled_method_are_errors() -> None:
    with pytest.raises(UndefinedError):
        render("{{ nothing }}")
    with pytest.raises(TypeError, match="without calling"):
        render("{{ store.clean }}", store=Store(id=1))
