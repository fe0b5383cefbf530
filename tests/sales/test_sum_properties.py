"""What holds for any lines, bands, terms and moments: tax, bands, parts of a term, the last day."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from random import Random

import time_machine
from hypothesis import given
from hypothesis import strategies as st

from licenseonline.accounts.models import Member
from licenseonline.catalog import bands, vendor_terms
from licenseonline.catalog.models import Product, PurchaseType, Sku, Vendor, VendorRule
from licenseonline.kit import terms
from licenseonline.kit.errors import Refused
from licenseonline.kit.money import Rounding, tax_on, totals
from licenseonline.licensing.holdings import Held
from licenseonline.sales import followings, quotes
from licenseonline.sales.followings import Following
from licenseonline.sales.models import Quote
from licenseonline.stores.models import Store

LINES = st.lists(st.tuples(st.integers(0, 10**7), st.sampled_from([0, 8, 10])), min_size=1, max_size=12)
ROUNDING = st.sampled_from(Rounding)
DAYS = st.dates(date(2024, 1, 1), date(2030, 12, 31))
# Moments near midnight in Japan, on any day or at the turn of a year or of February.
NIGHTS = DAYS | st.sampled_from([date(2026, 12, 31), date(2027, 1, 1), date(2028, 2, 28), date(2028, 2, 29)])
NEAR = st.integers(-3, 3) | st.integers(-43_200, 43_200)


@given(LINES, ROUNDING, st.randoms(use_true_random=False), st.integers(0, 10**7))
def test_the_tax_of_a_document_depends_on_neither_order_nor_split_of_its_lines(
    lines: list[tuple[int, int]], rounding: Rounding, chance: Random, part: int
) -> None:
    whole = totals(lines, rounding)
    turned = sorted(lines, key=lambda _line: chance.random())
    (yen, rate), *rest = turned
    assert totals([(min(part, yen), rate), (yen - min(part, yen), rate), *rest], rounding) == whole
    line_by_line = sum(tax_on(yen, rate, rounding) for yen, rate in lines)
    assert abs(whole.tax - line_by_line) <= len(lines)


@given(st.sets(st.integers(2, 60), max_size=5), st.integers(0, 60), st.integers(1, 60))
def test_held_and_added_are_of_exactly_one_band_and_the_others_are_refused(
    cuts: set[int], held: int, added: int
) -> None:
    ends: list[int | None] = [*(cut - 1 for cut in sorted(cuts)), None]
    skus = [
        Sku(pk=at, band_from=begin, band_to=end, purchase_type=PurchaseType.ADDITIONAL, model_number=f"A-{at}")
        for at, (begin, end) in enumerate(zip([1, *sorted(cuts)], ends, strict=True))
    ]
    rule = VendorRule(vendor=Vendor(name="メーカー"), band_by=VendorRule.BandBy.HELD_PLUS_ADDED)
    following = Following(
        PurchaseType.ADDITIONAL, rule, entered=(Held(held, 1, 1, ""),) if held else (), is_recorded=bool(held)
    )
    fitting = bands.pick(skus, held + added)
    allowed = [sku for sku in skus if is_allowed(following, sku, added)]
    assert following.units(added) == held + added
    assert allowed == ([fitting] if held else skus)  # who holds nothing on record brings a proof


def is_allowed(following: Following, sku: Sku, quantity: int) -> bool:
    sku.product = Product(vendor=Vendor(name="メーカー"))
    try:
        followings.check(following, sku, quantity, day=date(2026, 11, 23))
    except Refused:
        return False
    return True


@given(DAYS, st.integers(1, 36), st.integers(0, 1_000_000), st.sampled_from(["months", "days"]), st.data())
def test_a_longer_part_never_costs_less_and_a_begun_month_all_of_it(
    first: date, months: int, yen: int, way: str, data: st.DataObject
) -> None:
    rule, last = VendorRule(proration=way), terms.last_day(first, months)
    ends = sorted(data.draw(st.lists(st.dates(first, last), min_size=1, max_size=4)))
    costs = [vendor_terms.prorated(rule, yen, months=months, starts=first, end=end) for end in ends]
    assert all(less <= more for less, more in pairwise([0, *costs, yen]))
    if way == "months":
        begun = {terms.begun_months(first, end): cost for end, cost in zip(ends, costs, strict=True)}
        assert begun == {number: yen * number // months for number in begun}


@given(NIGHTS, NEAR, st.integers(1, 365))
def test_a_quotation_made_at_any_moment_ends_with_its_last_day_in_japan(night: date, seconds: int, days: int) -> None:
    midnight = datetime(night.year, night.month, night.day, tzinfo=UTC) - timedelta(hours=9)
    made = midnight + timedelta(seconds=seconds)
    with time_machine.travel(made, tick=False):
        until = quotes._valid_until(Member(store=Store(quote_days=days)))
    assert until == night + timedelta(days=days - (seconds < 0))
    quote = Quote(state=Quote.State.ISSUED, valid_until=until)
    over = midnight + timedelta(days=days + (seconds >= 0))
    for moment, is_over in ((made, False), (over - timedelta(seconds=1), False), (over, True)):
        with time_machine.travel(moment, tick=False):
            assert quote.is_expired is is_over
