"""The rule of prices is told twice, in Python for one SKU with its reasons and in SQL for lists: both say the same."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, TypeVar

from django.db import models, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from licenseonline.accounts.models import Company
from licenseonline.catalog import prices
from licenseonline.catalog.models import (
    Campaign,
    CampaignItem,
    CompanyPrice,
    Cost,
    Price,
    PriceList,
    Product,
    SellingRule,
    Sku,
    StoreListing,
    TaxRate,
    Vendor,
)
from licenseonline.catalog.price_rules import Decision
from licenseonline.kit import clock
from licenseonline.stores.models import Store
from tests.world import World

M = TypeVar("M", bound=models.Model)
DAYS = [date(2026, 6, 1) + timedelta(days=n) for n in range(4)]
SOME_DAY = st.sampled_from(DAYS)
YEN = st.integers(0, 30) | st.integers(0, 10**6)
BANDS = st.sets(st.sampled_from([1, 2, 5, 10, 100]), max_size=3)
UNITS = st.sampled_from([1, 2, 4, 5, 9, 10, 99, 100, 99_999])
SCOPES: dict[str, type[Vendor | Product | Sku]] = {"vendor": Vendor, "product": Product, "sku": Sku}


def some(data: st.DataObject, model: type[M]) -> list[M]:
    """Any of the model's rows."""
    rows = list(model._default_manager.order_by("pk"))
    return data.draw(st.lists(st.sampled_from(rows), unique=True))


def some_things(data: st.DataObject) -> Iterator[dict[str, Any]]:
    """Vendors, products and SKUs, each under the name of its column."""
    for name, model in SCOPES.items():
        for row in some(data, model):
            yield {name: row}


def span(data: st.DataObject) -> dict[str, date]:
    first, last = sorted([data.draw(SOME_DAY), data.draw(SOME_DAY)])
    return {"from_day": first, "to_day": last}


def change_catalogue(data: st.DataObject) -> None:
    """Lists that overlap, end and are withdrawn, with bands; fewest units, days of sale; some costs are not known."""
    for vendor in Vendor.objects.order_by("pk"):
        for _ in range(data.draw(st.integers(0, 2))):
            withdrawn = clock.now() if data.draw(st.integers(0, 4)) == 0 else None
            made = PriceList.objects.create(vendor=vendor, name="改定", withdrawn_at=withdrawn, **span(data))
            for sku in some(data, Sku):
                if sku.product.vendor_id == vendor.pk:
                    listed(data, made, sku)
    for sku in some(data, Sku):
        span_of_sale = span(data)
        sku.sale_from, sku.sale_to = span_of_sale["from_day"], span_of_sale["to_day"]
        sku.min_quantity = data.draw(UNITS)
        sku.save()


def listed(data: st.DataObject, made: PriceList, sku: Sku) -> None:
    for band in data.draw(BANDS):
        row = Price.objects.create(price_list=made, sku=sku, band_from=band, list_yen=data.draw(YEN))
        if data.draw(st.integers(0, 3)):
            Cost.objects.create(price=row, cost_yen=data.draw(YEN))


def change_tax(data: st.DataObject) -> None:
    """Any rates, a temporary one and none among them."""
    TaxRate.objects.filter(pk__in=[row.pk for row in some(data, TaxRate)]).delete()
    percents = data.draw(st.sampled_from([[], [8, 5, 8], [0], [10, 0], [3]]))
    TaxRate.objects.bulk_create(TaxRate(from_day=DAYS[at], percent=one) for at, one in enumerate(percents))


def change_store(data: st.DataObject, store: Store) -> None:
    """Listings and selling rules of every kind and scope."""
    StoreListing.objects.filter(store=store).delete()
    SellingRule.objects.filter(store=store).delete()
    offers = st.sampled_from([StoreListing.Offer.PRICED, *StoreListing.Offer])
    StoreListing.objects.bulk_create(
        StoreListing(store=store, offer=data.draw(offers), **thing) for thing in some_things(data)
    )
    scopes = [*some_things(data), *([{}] if data.draw(st.booleans()) else [])]
    SellingRule.objects.bulk_create(SellingRule(store=store, **scope, **figures(data, scope)) for scope in scopes)


def figures(data: st.DataObject, scope: dict[str, Any]) -> dict[str, Any]:
    """Of any kind that the scope allows."""
    kind = data.draw(st.sampled_from(["list", "margin", *(["fixed"] if "sku" in scope else [])]))
    made = {
        "list": lambda: {"per_mille": data.draw(st.integers(1, 2000))},
        "margin": lambda: {"per_mille": data.draw(st.integers(0, 999))},
        "fixed": lambda: {"fixed_yen": data.draw(YEN)},
    }[kind]()
    step, way = data.draw(st.sampled_from([1, 3, 10, 100])), data.draw(st.sampled_from(SellingRule.Round.values))
    return {"kind": kind, **made, "round_to_yen": step, "rounding": way}


def reduction(data: st.DataObject, scope: dict[str, Any]) -> dict[str, Any]:
    if "sku" in scope and data.draw(st.booleans()):
        return {"fixed_yen": data.draw(YEN)}
    return {"per_mille_off": data.draw(st.integers(0, 1000))}


def change_specials(data: st.DataObject, store: Store, companies: list[Company]) -> None:
    """Companies' prices, and campaigns: some run, some are published, some items are only shown."""
    for company in companies:
        for scope in some_things(data):
            days = span(data)
            for from_day in {days["from_day"], data.draw(st.sampled_from([DAYS[0], days["from_day"]]))}:
                CompanyPrice.objects.create(
                    store=store, company=company, from_day=from_day, to_day=days["to_day"], **scope, **reduction(data, scope)
                )  # fmt: skip
    for n in range(data.draw(st.integers(0, 3))):
        published = data.draw(st.integers(0, 3)) > 0
        run = Campaign.objects.create(store=store, code=f"c{n}", title="割引", is_published=published, **span(data))
        for scope in some_things(data):
            off = reduction(data, scope) if data.draw(st.integers(0, 3)) else {}
            CampaignItem.objects.create(store=store, campaign=run, **scope, **off)


@dataclass(frozen=True)
class Asked:
    """For whom and when."""

    store: Store
    company: Company | None
    day: date

    def price(self, sku: Sku, units: int) -> Decision:
        return prices.price(sku, store=self.store, day=self.day, units=units, company=self.company)

    @property
    def terms(self) -> dict[str, Any]:
        return {"store": self.store, "day": self.day, "company": self.company}


def told(one: Decision | prices.Offer) -> dict[str, object]:
    """What both tell of a price."""
    names = ("unit_yen", "list_yen", "tax_percent", "with_tax_yen", "by")
    return {name: getattr(one, name) for name in names} | {"store_yen": one.store_yen if one.by else None}


def plain(sku: Sku) -> dict[str, object]:
    """All of its own columns, its offer, and what carts and quotations read of its product."""
    columns = {field.attname: getattr(sku, field.attname) for field in Sku._meta.concrete_fields}
    return {**columns, "offer": sku.offer, "of": (sku.product.pk, sku.product.vendor_id, sku.product.code)}


def all_agree(asked: Asked, units: dict[int, int]) -> None:
    skus = list(Sku.objects.select_related("product__vendor"))
    single = {sku.pk: asked.price(sku, units[sku.pk]) for sku in skus}
    cart = prices.offers_of(units, **asked.terms)
    assert {pk: told(one) for pk, one in cart.items()} == {pk: told(one) for pk, one in single.items() if one.is_sold}

    fewest = {sku.pk: found for sku in skus if (found := asked.price(sku, sku.min_quantity)).is_sold}
    sold = Sku.objects.public(asked.store.pk, day=asked.day)
    listed = {one.sku.pk: one for one in prices.offers(sold, **asked.terms)}
    assert {pk: told(one) for pk, one in listed.items()} == {pk: told(one) for pk, one in fewest.items()}
    assert {pk: plain(one.sku) for pk, one in cart.items()} == {pk: plain(one.sku) for pk, one in listed.items()}
    products_agree(asked, listed)
    breaks_agree(asked, [one.sku for one in listed.values()])


def products_agree(asked: Asked, listed: dict[int, prices.Offer]) -> None:
    """The page of each product, and its lowest price."""
    products = list(Product.objects.all())
    lowest = prices.lowest([product.pk for product in products], **asked.terms)
    for product in products:
        mine = [one for one in listed.values() if one.sku.product_id == product.pk]
        page = prices.offers_of_product(product.code, **asked.terms)
        assert sorted(page, key=lambda one: one.sku.pk) == sorted(mine, key=lambda one: one.sku.pk)
        least = min((one for one in mine if one.unit_yen is not None), key=lambda one: one.unit_yen or 0, default=None)
        found = lowest.pop(product.pk, None)
        assert (found is None) == (not mine)
        if found:
            of_least = (least.unit_yen, least.with_tax_yen) if least else (None, None)
            assert (found.unit_yen, found.with_tax_yen, found.skus) == (*of_least, len(mine))
            days = [one.sku.lead_days for one in mine]
            assert (found.least_days, found.most_days) == (min(days), max(days))
    assert lowest == {}


def breaks_agree(asked: Asked, skus: list[Sku]) -> None:
    """At each number of units the last break that it reaches is its price; a new one begins only where the price changes."""
    for pk, found in prices.breaks(skus, **asked.terms).items():
        [sku] = [one for one in skus if one.pk == pk]
        assert [one.from_units for one in found[:1]] in ([], [sku.min_quantity])
        if not found:
            assert all(asked.price(sku, units).unit_yen is None for units in (sku.min_quantity, sku.band_to or 99_999))
        for at, one in enumerate(found):
            until = found[at + 1].from_units - 1 if at + 1 < len(found) else sku.band_to or 99_999
            for units in {one.from_units, max(until, one.from_units)}:
                made = asked.price(sku, units)
                assert (one.unit_yen, one.with_tax_yen) == (made.unit_yen, made.with_tax_yen)
        assert all(one.unit_yen != after.unit_yen for one, after in pairwise(found))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=60)
@given(data=st.data())
def test_sql_and_python_decide_the_same_price(world: World, data: st.DataObject) -> None:
    with transaction.atomic():  # each example is rolled back
        store = data.draw(st.sampled_from([world.elsat, world.minato]))
        companies = list(Company.objects.filter(store=store).order_by("pk"))
        change_catalogue(data)
        change_tax(data)
        change_store(data, store)
        change_specials(data, store, companies)
        units = {sku.pk: data.draw(UNITS) for sku in Sku.objects.order_by("pk")}
        company = data.draw(st.sampled_from([None, *companies]))
        all_agree(Asked(store, company, data.draw(SOME_DAY)), units)
        transaction.set_rollback(True)


def test_what_nobody_asked_for_is_not_answered(world: World) -> None:
    wanted = world.sku("VBBSS-1Y-005").pk
    assert set(prices.offers_of({wanted: 5}, store=world.elsat, day=DAYS[0])) == {wanted}
    assert prices.offers_of({}, store=world.elsat, day=DAYS[0]) == {}
    assert prices.lowest([], store=world.elsat, day=DAYS[0]) == {}
    assert prices.breaks([], store=world.elsat, day=DAYS[0]) == {}
