"""When terms begin and end, and what a part of one costs, by the vendors' own rules."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licenseonline.catalog import vendor_terms
from licenseonline.catalog.models import PurchaseType, Vendor, VendorRule
from licenseonline.catalog.vendor_terms import Held, Purchase
from licenseonline.kit import terms
from licenseonline.kit.errors import Refused

TODAY = date(2026, 11, 23)
RENEWAL, ADDITIONAL, NEW = PurchaseType.RENEWAL, PurchaseType.ADDITIONAL, PurchaseType.NEW
DAYS = st.dates(date(2024, 1, 1), date(2030, 12, 31))


def rule(**said: object) -> VendorRule:
    return VendorRule(vendor=Vendor(name="メーカー"), **said)


ESET = rule(co_term="contract_end", most_months=60)
ADOBE = rule(co_term="anniversary", proration="months", most_months=36, never_starts_on=[1])
MICROSOFT = rule(co_term="wished", proration="days")
PLAIN = rule()


def held(first: str, last: str, units: int = 10) -> Held:
    return Held(units, date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    ("starts", "months", "end"),
    [("2026-11-23", 12, "2027-11-22"), ("2026-04-01", 36, "2029-03-31"), ("2024-02-29", 12, "2025-02-27"),
     ("2027-01-31", 1, "2027-02-27"), ("2026-12-01", 1, "2026-12-31")],
)  # fmt: skip
def test_a_term_ends_the_day_before_its_day(starts: str, months: int, end: str) -> None:
    first = date.fromisoformat(starts)
    assert vendor_terms.new_end(PLAIN, Purchase(NEW, months), starts=first, day=first) == date.fromisoformat(end)
    assert vendor_terms.new_end(PLAIN, Purchase(NEW, None), starts=first, day=first) is None


def test_a_renewal_begins_the_day_after_the_old_end_however_early_it_is_bought() -> None:
    old = held("2026-01-01", "2026-12-31")
    for bought in (date(2026, 10, 1), date(2026, 12, 31), date(2027, 1, 20)):
        purchase = Purchase(RENEWAL, 12, old)
        first = vendor_terms.starts_on(ESET, purchase, delivered=bought)
        assert first == date(2027, 1, 1)
        assert vendor_terms.new_end(ESET, purchase, starts=first, day=bought) == date(2027, 12, 31)
    assert vendor_terms.starts_on(ADOBE, Purchase(RENEWAL, 12, old), delivered=TODAY).day == 1  # its contract's own day


def test_eset_changes_to_another_product_from_the_old_end() -> None:
    purchase = Purchase(PurchaseType.CROSSGRADE, 24, held("2026-01-01", "2026-12-31"))
    first = vendor_terms.starts_on(ESET, purchase, delivered=TODAY)
    assert vendor_terms.new_end(ESET, purchase, starts=first, day=TODAY) == date(2028, 12, 31)


def test_eset_adds_until_the_end_of_the_contract() -> None:
    purchase = Purchase(ADDITIONAL, 12, held("2026-01-01", "2028-03-31", 90))
    assert vendor_terms.new_end(ESET, purchase, starts=TODAY, day=TODAY) == date(2028, 3, 31)


def test_eset_sells_five_years_in_total() -> None:
    old = held("2026-01-01", "2026-12-31")
    first = date(2027, 1, 1)
    assert vendor_terms.new_end(ESET, Purchase(RENEWAL, 48, old), starts=first, day=TODAY) == date(2030, 12, 31)
    with pytest.raises(Refused, match="メーカー の規定により、ご契約期間は残りの期間と合わせて60か月まで") as refusal:
        vendor_terms.new_end(ESET, Purchase(RENEWAL, 60, old), starts=first, day=TODAY)
    assert refusal.value.code == "most_months"
    later = TODAY + timedelta(days=10)  # delivered later than bought
    assert vendor_terms.new_end(ESET, Purchase(NEW, 60), starts=later, day=TODAY) == date(2031, 12, 2)


def test_a_competitors_rest_comes_on_top() -> None:
    purchase = Purchase(PurchaseType.COMPETITIVE, 12, free_months=3)
    assert vendor_terms.new_end(PLAIN, purchase, starts=TODAY, day=TODAY) == date(2028, 2, 22)


@pytest.mark.parametrize(
    ("starts", "months", "end"),
    [
        ("2026-11-23", 12, "2027-02-14"),
        ("2027-02-14", 12, "2027-02-14"),  # on the eve of the anniversary
        ("2027-02-15", 12, "2028-02-14"),
        ("2026-11-23", 36, "2029-02-14"),  # an extended term
    ],
)
def test_adobe_ends_all_of_a_contract_at_its_anniversary(starts: str, months: int, end: str) -> None:
    purchase = Purchase(ADDITIONAL, months, held("2026-02-15", "2027-02-14"))
    first = date.fromisoformat(starts)
    assert vendor_terms.new_end(ADOBE, purchase, starts=first, day=first) == date.fromisoformat(end)


def test_adobe_charges_the_months_that_are_left_and_its_marketplace_the_days() -> None:
    starts, end = TODAY, date(2027, 2, 14)  # 2 months and 23 days
    assert vendor_terms.prorated(ADOBE, 12_000, months=12, starts=starts, end=end) == 3_000
    marketplace = rule(co_term="anniversary", proration="days")
    assert vendor_terms.prorated(marketplace, 36_500, months=12, starts=starts, end=end) == 8_400  # 84 of 365 days
    assert vendor_terms.prorated(PLAIN, 12_000, months=12, starts=starts, end=end) == 12_000


def test_adobe_begins_nothing_on_the_first() -> None:
    assert vendor_terms.starts_on(ADOBE, Purchase(NEW, 12), delivered=date(2026, 12, 1)) == date(2026, 12, 2)
    assert vendor_terms.starts_on(ADOBE, Purchase(NEW, 12), delivered=date(2026, 12, 2)) == date(2026, 12, 2)


def test_terms_begin_at_delivery_with_the_next_month_or_when_it_is_wished() -> None:
    delivered = date(2026, 12, 31)
    assert vendor_terms.starts_on(PLAIN, Purchase(NEW, 12), delivered=delivered) == delivered
    assert vendor_terms.starts_on(rule(starts="next_month"), Purchase(NEW, 12), delivered=delivered) == date(2027, 1, 1)
    future = rule(starts="wished")
    purchase = Purchase(NEW, 12, wished_start=date(2027, 4, 1))
    assert vendor_terms.starts_on(future, purchase, delivered=delivered) == date(2027, 4, 1)
    assert vendor_terms.starts_on(future, Purchase(NEW, 12), delivered=delivered) == delivered
    with pytest.raises(Refused, match="2027年4月2日 以降") as refusal:
        vendor_terms.starts_on(future, purchase, delivered=date(2027, 4, 2))
    assert (refusal.value.code, refusal.value.field) == ("starts_on", "wished_start")


def test_microsoft_ends_on_a_wished_day_within_the_term() -> None:
    wished = Purchase(NEW, 12, wished_end=date(2027, 3, 31))
    assert vendor_terms.new_end(MICROSOFT, wished, starts=TODAY, day=TODAY) == date(2027, 3, 31)
    assert vendor_terms.new_end(MICROSOFT, Purchase(NEW, 12), starts=TODAY, day=TODAY) == date(2027, 11, 22)
    for outside in (date(2027, 11, 23), date(2026, 11, 22)):
        with pytest.raises(Refused, match="2026年11月23日 から 2027年11月22日 まで") as refusal:
            vendor_terms.new_end(MICROSOFT, Purchase(NEW, 12, wished_end=outside), starts=TODAY, day=TODAY)
        assert refusal.value.code == "wished_end"


@given(DAYS, st.integers(0, 1500))
def test_begun_and_whole_months_hold_the_days(first: date, days: int) -> None:
    last = first + timedelta(days=days)
    begun, whole = terms.begun_months(first, last), terms.whole_months(first, last)
    assert terms.last_day(first, begun - 1) < last <= terms.last_day(first, begun)
    assert terms.last_day(first, whole) <= last < terms.last_day(first, whole + 1)
    assert begun - whole in {0, 1}


@given(DAYS, st.integers(1, 60), st.integers(0, 400))
def test_renewing_early_loses_no_day(first: date, months: int, early: int) -> None:
    end = terms.last_day(first, 12)
    purchase = Purchase(RENEWAL, months, Held(1, first, end))
    bought = end - timedelta(days=early)
    starts = vendor_terms.starts_on(PLAIN, purchase, delivered=bought)
    new = vendor_terms.new_end(PLAIN, purchase, starts=starts, day=bought)
    assert new == terms.last_day(end + timedelta(days=1), months)


@given(DAYS, st.integers(1, 60), st.integers(0, 2_000_000), st.integers(0, 400))
def test_a_part_never_costs_more_than_the_whole(first: date, months: int, yen: int, days: int) -> None:
    end = min(first + timedelta(days=days), terms.last_day(first, months))
    for way in ("months", "days"):
        part = vendor_terms.prorated(rule(proration=way), yen, months=months, starts=first, end=end)
        assert 0 <= part <= yen
        whole = vendor_terms.prorated(
            rule(proration=way), yen, months=months, starts=first, end=terms.last_day(first, months)
        )
        assert whole == yen
