"""What makes the demo's SKUs differ: delivery, ways to pay, ended ones with their successors, coming ones, terms to a day."""

import csv
from collections.abc import Iterator, Mapping
from datetime import date

from licenseonline.catalog.models import (
    EVER_SINCE,
    FOR_EVER,
    Cost,
    Delivery,
    Price,
    PriceList,
    Product,
    PurchaseType,
    Sku,
    Vendor,
)
from licenseonline.demo import eligibility, paper_rules, relations, vendor_forms, vendor_rules
from licenseonline.demo.stores import DATA
from licenseonline.kit import clock, terms
from licenseonline.kit.text import fold_model

_BY_CERTIFICATE = {PurchaseType.ADDITIONAL, PurchaseType.RENEWAL}  # of licences that are keyed already


def make(skus: list[Sku], vendors: Mapping[str, Vendor], products: Mapping[str, Product]) -> None:
    """Complete the loaded SKUs, add more like them, and write vendors' rules and what follows what."""
    by_model = {sku.model_number: sku for sku in skus}
    _deliver(skus, by_model)
    more = [_more(row, by_model[row["like"]]) for row in _rows("more_skus")]
    Sku.objects.bulk_create(more)
    _price(more)
    vendor_rules.make(vendors, products)
    eligibility.make(vendors)
    paper_rules.make(vendors, products)
    vendor_forms.make(vendors)
    relations.make([*skus, *more])


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _deliver(skus: list[Sku], by_model: Mapping[str, Sku]) -> None:
    for sku in skus:
        if not sku.is_cloud and sku.purchase_type in _BY_CERTIFICATE:
            sku.delivery = Delivery.CERTIFICATE
    for row in _rows("sku_details"):
        sku = by_model[row["model_number"]]
        sku.delivery = row["delivery"] or sku.delivery
        sku.payment_methods = row["payment_methods"].split()
    Sku.objects.bulk_update(skus, ["delivery", "payment_methods"])


def _more(row: dict[str, str], like: Sku) -> Sku:
    """A copy of another SKU with what the row says; one that is no longer sold is followed by that other."""
    sku = Sku(
        **{field.attname: getattr(like, field.attname) for field in Sku._meta.concrete_fields if field.name != "id"}
    )
    sku.product = like.product
    sku.model_number, sku.folded_model = row["model_number"], fold_model(row["model_number"])
    sku.name = row["name"] or like.name
    sku.sale_from, sku.sale_to = _day(row["sale_from"]) or EVER_SINCE, _day(row["sale_to"]) or FOR_EVER
    if row["sale_to"]:
        sku.successor = like
    if row["term"] == "school_year":
        sku.term_months, sku.term_until = None, _school_year_end()
    elif row["term"]:
        sku.term_months = int(row["term"])
    sku.list_yen, sku.cost_yen = row["list_price"], row["cost"]  # type: ignore[attr-defined]  # for _price
    return sku


def _day(text: str) -> date | None:
    """An ISO day, or "+2m": the first of the month two months on."""
    if text.startswith("+"):
        return terms.add_months(clock.today().replace(day=1), int(text[1:-1]))
    return date.fromisoformat(text) if text else None


def _school_year_end() -> date:
    """The next 31 March that leaves at least a month."""
    soonest = terms.add_months(clock.today(), 1)
    year = soonest.year + (soonest > date(soonest.year, 3, 31))
    return date(year, 3, 31)


def _price(skus: list[Sku]) -> None:
    """In the vendor's list of today, or one from the day on which they come."""
    for sku in skus:
        if not sku.list_yen:  # type: ignore[attr-defined]  # set by _more
            continue
        vendor = sku.product.vendor
        lists = PriceList.objects.filter(vendor=vendor, from_day__lte=clock.today()).order_by("-from_day", "-id")
        price_list = lists[0]
        if sku.sale_from > clock.today():
            name = f"{vendor.name} 新製品 デモ価格"
            price_list, _ = PriceList.objects.get_or_create(
                vendor=vendor, from_day=sku.sale_from, defaults={"name": name}
            )
        price = Price.objects.create(price_list=price_list, sku=sku, list_yen=int(sku.list_yen))  # type: ignore[attr-defined]
        Cost.objects.create(price=price, cost_yen=int(sku.cost_yen))  # type: ignore[attr-defined]
