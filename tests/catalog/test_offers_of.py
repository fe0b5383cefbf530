"""The rules of assortment and price are told twice, by the ORM for pages and in SQL for carts: both say the same."""

from datetime import date
from typing import TypeVar

from django.db import models, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from licenseonline.catalog import prices
from licenseonline.catalog.models import EVER_SINCE, Price, PriceList, Product, SellingRule, Sku, StoreListing, Vendor
from licenseonline.stores.models import Store
from tests.world import World

M = TypeVar("M", bound=models.Model)
TODAY = date(2026, 6, 1)
LATER = date(2026, 10, 1)
OFFERS = st.sampled_from(StoreListing.Offer.values)
NAMED: list[tuple[str, type[Vendor | Product | Sku]]] = [("vendor", Vendor), ("product", Product), ("sku", Sku)]


def plain(sku: Sku) -> dict[str, object]:
    """All of its own columns, its offer, and what carts and quotations read of its product."""
    columns = {field.attname: getattr(sku, field.attname) for field in Sku._meta.concrete_fields}
    product = sku.product
    return {
        **columns,
        "offer": sku.offer,
        "of": (product.pk, product.vendor_id, product.code),
    }


def both_agree(store: Store, day: date) -> None:
    by_orm = {one.sku.pk: one for one in prices.offers(Sku.objects.public(store.pk), store=store, day=day)}
    by_sql = prices.offers_of({sku.pk: sku.min_quantity for sku in Sku.objects.all()}, store=store, day=day)
    assert by_sql == by_orm
    assert {pk: plain(one.sku) for pk, one in by_sql.items()} == {pk: plain(one.sku) for pk, one in by_orm.items()}


def some(data: st.DataObject, model: type[M]) -> list[M]:
    """Any of the model's rows."""
    rows = list(model._default_manager.order_by("pk"))
    return data.draw(st.lists(st.sampled_from(rows), unique=True))


def change_store(data: st.DataObject, store: Store) -> None:
    """Listings of every kind, and selling rules."""
    StoreListing.objects.filter(store=store).delete()
    for name, model in NAMED:
        for row in some(data, model):
            StoreListing.objects.create(store=store, offer=data.draw(OFFERS), **{name: row})
    for vendor in some(data, Vendor):
        SellingRule.objects.create(store=store, vendor=vendor, per_mille=950, round_to_yen=7)
    if data.draw(st.booleans()):
        SellingRule.objects.filter(store=store, vendor=None).delete()


def change_catalogue(data: st.DataObject) -> None:
    """Later prices, and SKUs that are no longer sold."""
    for sku in Sku.objects.filter(pk__in=[row.pk for row in some(data, Sku)]).select_related("product__vendor"):
        later, _ = PriceList.objects.get_or_create(vendor=sku.product.vendor, from_day=LATER)
        Price.objects.create(price_list=later, sku=sku, list_yen=data.draw(st.integers(0, 10**6)))
    Sku.objects.filter(pk__in=[row.pk for row in some(data, Sku)]).update(sale_to=EVER_SINCE)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)  # each example is rolled back
@given(data=st.data())
def test_sql_and_orm_offer_the_same_at_the_same_price(world: World, data: st.DataObject) -> None:
    with transaction.atomic():
        change_catalogue(data)
        change_store(data, world.elsat)
        change_store(data, world.minato)
        for store in (world.elsat, world.minato):
            for day in (date(2026, 3, 31), TODAY, LATER):
                both_agree(store, day)
        transaction.set_rollback(True)


def test_what_nobody_asked_for_is_not_answered(world: World) -> None:
    wanted = world.sku("VBBSS-1Y-005").pk
    assert set(prices.offers_of({wanted: 1}, store=world.elsat, day=TODAY)) == {wanted}
    assert prices.offers_of({}, store=world.elsat, day=TODAY) == {}
