"""What is put into a template when it is compiled reads as if it had been looked up when the page was made."""

from jinja2 import DictLoader, Environment

from licenseonline.kit import jinja


def _page(**sources: str) -> str:
    made: Environment = jinja.environment(autoescape=True, loader=DictLoader(sources))
    return made.get_template("page").render(name="<山田>", n=3)


def test_a_sentence_shows_its_values_escaped() -> None:
    assert _page(page="{% trans who=name %}{{ who }} 様、{{ n }} 件です{% endtrans %}") == "&lt;山田&gt; 様、3 件です"


def test_a_value_is_known_in_its_sentence_only() -> None:
    assert _page(page="{% trans name=n %}{{ name }}{% endtrans %} {{ name }}") == "3 &lt;山田&gt;"


def test_a_sentence_with_a_percent_sign() -> None:
    assert _page(page="{% trans rate=n %}消費税 {{ rate }}%{% endtrans %}") == "消費税 3%"


def test_a_part_sees_what_surrounds_it_and_keeps_what_it_sets() -> None:
    part = "{% set n = n + 1 %}{{ n }}{% include 'deeper' %}"
    assert _page(page='{% set x = 7 %}{% include "part" %} {{ n }}', part=part, deeper="/{{ x }}") == "4/7 3"
