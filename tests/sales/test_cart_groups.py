"""What can be bought together makes one quotation; what cannot makes a set of them."""

from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from licenseonline.catalog import quantities
from licenseonline.catalog.models import PaymentMethod, Product, Program, Sku
from licenseonline.kit.errors import NotVisible, Refused
from licenseonline.records.models import HistoryEntry
from licenseonline.sales import carts, documents, quotes, separations, term_choices
from licenseonline.sales.models import CartLine, Quote
from licenseonline.sales.particulars import Addressee, EndUser, Particulars
from tests.pdf_text import text_of
from tests.world import World, _sku


def lane(world: World, model: str, **changes: object) -> Sku:
    sku = world.sku(model)
    for name, value in changes.items():
        setattr(sku, name, value)
    return sku


def test_lines_part_by_contract_form_way_to_pay_and_a_vendors_programs(world: World) -> None:
    both = [PaymentMethod.TRANSFER, PaymentMethod.CARD]
    plain, monthly = world.sku("VBBSS-1Y-005"), world.sku("M365-MONTH")
    card = lane(world, "ADOBE-CC", payment_methods=["card"])
    school = world.sku("TREND-ACA")
    found = separations.lanes([plain, monthly, card, school], of_store=both)
    assert [found[sku.pk].key for sku in (plain, monthly, card, school)] == [
        "term", "monthly", "term-card", "term-academic",
    ]  # fmt: skip
    assert len(separations.reasons(found.values())) == 3
    # What is alone or of another vendor has nothing to part from, and either way to pay will do.
    other = lane(world, "ADOBE-CC", payment_methods=["card", "transfer"])
    together = separations.lanes([school, other], of_store=both)
    assert {one.key for one in together.values()} == {"term"}
    assert separations.reasons(together.values()) == []


def test_all_groups_become_one_set_and_a_problem_stops_only_its_own(world: World) -> None:
    carts.put(world.sku("VBBSS-1Y-005"), quantity=10, by=world.hanako)
    carts.put(world.sku("M365-MONTH"), quantity=3, by=world.hanako)
    made = quotes.issue_all(by=world.hanako)
    assert [quote.number[-5:] for quote in made] == ["00001", "00002"]
    assert {quote.set_number for quote in made} == {made[0].set_number}
    assert made[0].set_number.startswith("S")
    assert {quote.snapshot["set_number"] for quote in made} == {made[0].set_number}
    assert not CartLine.objects.exists()
    with pytest.raises(Refused, match="カートに製品がありません"):
        quotes.issue_all(by=world.hanako)
    carts.put(world.sku("VBBSS-1Y-005"), quantity=10, by=world.hanako)
    carts.put(world.sku("M365-MONTH"), quantity=3, by=world.hanako)
    Sku.objects.filter(model_number="M365-MONTH").update(min_quantity=5)
    [single] = quotes.issue_all(by=world.hanako)
    assert single.set_number == ""
    assert CartLine.objects.get().sku.model_number == "M365-MONTH"
    with pytest.raises(Refused, match="最小購入数は 5"):
        quotes.issue_all(by=world.hanako)


def test_what_can_only_be_paid_otherwise_says_so(world: World) -> None:
    carts.put(world.sku("ADOBE-CC"), quantity=5, by=world.hanako)
    Sku.objects.filter(model_number="ADOBE-CC").update(payment_methods=["card"])
    [group] = carts.groups(world.hanako)
    assert "クレジットカード）は、当ストアではご利用いただけません" in group.lines[0].problem


def test_a_plain_quotation_asks_nothing_about_holdings(world: World) -> None:
    carts.put(world.sku("VBBSS-1Y-005"), quantity=10, by=world.hanako)
    with CaptureQueriesContext(connection) as captured:
        quotes.issue(carts.TERM, by=world.hanako)
    asked = " ".join(query["sql"] for query in captured)
    assert not any(table in asked for table in ("licensing_", "catalog_vendorrule", "catalog_skurelation"))


def test_a_term_or_band_takes_the_place_of_another(world: World) -> None:
    one, more = world.sku("VBBSS-1Y-005"), world.sku("VBBSS-1Y-025")
    with pytest.raises(NotVisible):
        carts.switch(one, to=more, by=world.hanako)
    carts.put(one, quantity=10, by=world.hanako)
    with pytest.raises(Refused, match="最小購入数は 25"):
        carts.switch(one, to=more, by=world.hanako)
    with pytest.raises(NotVisible):
        carts.switch(one, to=world.sku("ADOBE-CC"), by=world.hanako)
    carts.switch(one, to=more, quantity=30, by=world.hanako)
    assert [(line.sku, line.quantity) for line in CartLine.objects.all()] == [(more, 30)]


@pytest.mark.parametrize(("quantity", "instead"), [(1, 5), (0, 5), (6, 10), (11, 15), (100_001, None)])
def test_the_nearest_number_that_would_do(world: World, quantity: int, instead: int | None) -> None:
    assert quantities.nearest(world.sku("ADOBE-CC"), quantity) == instead  # from 5, by fives
    over = world.sku("VBBSS-1Y-005")
    assert quantities.nearest(over, 25) is None
    over.quantity_step = 10
    assert quantities.nearest(over, 20) == 15


def test_terms_side_by_side_only_where_one_sku_has_each(world: World) -> None:
    product = Product.objects.get(code="vbbss")
    three = _sku(product, "VBBSS-3Y-005", 12000, band_from=5, band_to=24, min_quantity=5, term_months=36, papers=[])
    _sku(product, "VBBSS-3Y-ACA", 9000, band_from=5, band_to=24, term_months=36, program=Program.ACADEMIC)
    carts.put(world.sku("VBBSS-1Y-005"), quantity=10, by=world.hanako)
    lines = quotes.preview(carts.TERM, by=world.hanako)["lines"]
    [choices] = term_choices.of(lines, by=world.hanako).values()
    assert [(one.sku.term_label, one.unit_yen, one.a_year_yen, one.is_chosen) for one in choices] == [
        ("1年", 4680, 4680, True), ("3年", 10800, 3600, False),
    ]  # fmt: skip
    _sku(product, "VBBSS-3Y-PLUS", 13000, band_from=5, band_to=24, min_quantity=5, term_months=36, papers=[])
    assert term_choices.of(lines, by=world.hanako) == {}
    assert three.pk


@time_machine.travel("2026-11-23T10:00:00+09:00", tick=False)
def test_what_is_wished_is_frozen_recorded_and_printed(world: World) -> None:
    store = world.hanako.store
    store.seller_representative = "代表取締役 外神田 一郎"
    wished = Particulars(
        subject="校内端末",
        addressee=Addressee("みどり市", "市長 緑川 正", "", "100-0001", "みどり市1-1"),
        wished_on=date(2026, 12, 10),
        po_number="PO-77",
        note="年度内希望\n<script>alert(1)</script>",
        end_user=EndUser("みどり小学校", person="利用 太郎", email="user@midori.example"),
        blank_date=True,
        names_representative=True,
    )
    carts.put(world.sku("VBBSS-1Y-005"), quantity=10, by=world.hanako)
    carts.put(world.sku("M365-MONTH"), quantity=3, by=world.hanako)
    monthly, _term = quotes.issue_all(particulars=wished, by=world.hanako)
    assert (monthly.po_number, monthly.subject) == ("PO-77", "校内端末")
    facts = HistoryEntry.objects.get(subject_type="quote", subject_id=monthly.pk).facts
    assert facts["blank_date"] is True
    assert facts["names_representative"] is True
    quote = Quote.objects.get(pk=monthly.pk)
    content = documents.quotation(quote)
    assert content == documents.quotation(quote)
    [page] = text_of(content)
    for words in (
        "みどり市", "市長緑川正様", "2026年12月10日", "PO-77", "みどり小学校", "利用太郎様", "user@midori.example",
        "代表取締役外神田一郎", f"セット{quote.set_number}", f"{quote.number}（第1版）", "1/1ページ", "年度内希望", "10%対象",
    ):  # fmt: skip
        assert words in page
    assert "2026年11月23日" not in page
    assert "2026年11月30日まで" in page


def test_a_quotation_from_before_still_prints(world: World) -> None:
    quote = world.quote()
    for name in ("payment_methods", "set_number"):
        quote.snapshot.pop(name, None)
    [page] = text_of(documents.quotation(quote))
    assert quote.number in page
