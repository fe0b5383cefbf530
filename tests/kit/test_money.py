"""Whole yen, tax once per rate and document."""

from fractions import Fraction
from math import ceil, floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licenseonline.kit.money import MAX_YEN, Rounding, TaxGroup, format_yen, tax_on, tax_per_rate, totals, with_tax

YEN = st.integers(-MAX_YEN // 100, MAX_YEN // 100)
RATE = st.sampled_from([0, 3, 5, 8, 10])
LINES = st.lists(st.tuples(YEN, RATE), max_size=20)
ROUNDING = st.sampled_from(Rounding)


def test_tax_is_rounded_once_per_rate_not_per_line() -> None:
    assert tax_per_rate([(105, 10)] * 3, Rounding.FLOOR) == [TaxGroup(10, 315, 31)]


def test_each_rate_is_its_own_group_highest_first() -> None:
    result = totals([(300, 8), (1000, 10), (5, 0), (105, 10), (99, 8)], Rounding.FLOOR)
    assert result.groups == (TaxGroup(10, 1105, 110), TaxGroup(8, 399, 31), TaxGroup(0, 5, 0))
    assert (result.net, result.tax, result.gross) == (1509, 141, 1650)


@pytest.mark.parametrize(
    ("yen", "rounding", "tax"),
    [
        (314, Rounding.FLOOR, 31),
        (314, Rounding.HALF_UP, 31),
        (315, Rounding.HALF_UP, 32),
        (311, Rounding.CEIL, 32),
        (310, Rounding.CEIL, 31),
        (-315, Rounding.FLOOR, -31),
        (-315, Rounding.HALF_UP, -32),
        (-311, Rounding.CEIL, -32),
        (0, Rounding.CEIL, 0),
    ],
)
def test_the_sellers_rounding_applies_to_the_absolute_value(yen: int, rounding: Rounding, tax: int) -> None:
    assert tax_on(yen, 10, rounding) == tax
    assert with_tax(yen, 10, rounding) == yen + tax


def test_no_lines_cost_nothing() -> None:
    result = totals([], Rounding.FLOOR)
    assert (result.net, result.tax, result.gross, result.groups) == (0, 0, 0, ())


@given(YEN, RATE, ROUNDING)
def test_tax_lies_between_floor_and_ceiling(yen: int, rate: int, rounding: Rounding) -> None:
    exact = Fraction(yen * rate, 100)
    assert floor(exact) <= tax_on(yen, rate, rounding) <= ceil(exact)


@given(LINES, ROUNDING)
def test_groups_add_up_to_the_document(lines: list[tuple[int, int]], rounding: Rounding) -> None:
    result = totals(lines, rounding)
    assert result.net == sum(yen for yen, _ in lines)
    assert result.gross == result.net + sum(group.tax_yen for group in result.groups)
    assert {group.rate_percent for group in result.groups} == {rate for _, rate in lines}


@given(LINES, ROUNDING)
def test_a_credit_mirrors_its_invoice(lines: list[tuple[int, int]], rounding: Rounding) -> None:
    credit = totals([(-yen, rate) for yen, rate in lines], rounding)
    invoice = totals(lines, rounding)
    assert (credit.net, credit.tax, credit.gross) == (-invoice.net, -invoice.tax, -invoice.gross)


def test_the_largest_amount_is_exact() -> None:
    assert tax_on(MAX_YEN, 10, Rounding.FLOOR) == MAX_YEN // 10
    assert tax_on(MAX_YEN - 1, 10, Rounding.CEIL) == MAX_YEN // 10


@pytest.mark.parametrize(("yen", "rate"), [(MAX_YEN + 1, 10), (-MAX_YEN - 1, 10), (1, -1), (1, 101)])
def test_out_of_range_is_refused(yen: int, rate: int) -> None:
    with pytest.raises(ValueError, match="out of range"):
        tax_per_rate([(yen, rate)], Rounding.FLOOR)


def test_only_whole_yen_are_money() -> None:
    with pytest.raises(TypeError, match="whole yen"):
        tax_on(1.0, 10, Rounding.FLOOR)  # type: ignore[arg-type]  # what is refused
    with pytest.raises(TypeError, match="whole yen"):
        tax_on(True, 10, Rounding.FLOOR)


def test_amounts_are_shown_with_commas_and_yen() -> None:
    assert [format_yen(yen) for yen in (0, 12345, -1234567)] == ["0円", "12,345円", "-1,234,567円"]
