"""Whatever is pasted and whatever number is typed."""

from contextlib import suppress

from hypothesis import given
from hypothesis import strategies as st

from licenseonline.catalog import quantities
from licenseonline.catalog.models import Sku
from licenseonline.kit.errors import Refused
from licenseonline.kit.text import fold_model
from licenseonline.sales import quick_entry

PIECES = st.sampled_from(
    ["ABC-1", "ＡＢＣ‐１", "10", "１，０００", "\t", ",", "、", "　", " ", "\n", "ライセンス", "型番", "\0", "=1+1"]
)
SIZES = st.integers(1, 50)


@given(st.one_of(st.text(), st.lists(PIECES).map("".join)))
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    with suppress(Refused):
        found = quick_entry.read(text)
        assert all(one.model and (one.quantity is not None or one.typed) for one in found)
        assert len({fold_model(one.model) for one in found}) == len(found)


@given(
    st.lists(st.tuples(st.sampled_from(["A-1", "Ａ－１", "B-2", "b2"]), st.integers(1, 9999)), min_size=1, max_size=20)
)
def test_duplicates_add_up_however_they_are_written(rows: list[tuple[str, int]]) -> None:
    found = quick_entry.read("\n".join(f"{model}\t{number:,}" for model, number in rows))
    assert sum(one.quantity or 0 for one in found) == sum(number for _model, number in rows)
    assert len(found) == len({fold_model(model) for model, _number in rows})


@given(SIZES, SIZES, st.one_of(st.none(), st.integers(50, 500)), st.integers(-10, 100_100))
def test_the_number_that_is_offered_can_be_ordered(least: int, step: int, most: int | None, typed: int) -> None:
    sku = Sku(model_number="A-1", min_quantity=least, quantity_step=step, band_from=1, band_to=most)
    instead = quantities.nearest(sku, typed)
    if instead is not None:
        quantities.check(sku, instead)
