"""The demo's catalogue from `data/*.csv`: real makers and products, model numbers in their style, demo prices."""

import csv
from collections.abc import Iterator, Mapping
from datetime import date

from licenseonline.catalog import search
from licenseonline.catalog.models import (
    Cost,
    Delivery,
    Price,
    PriceList,
    Product,
    SellingRule,
    Sku,
    StoreListing,
    Unit,
    Vendor,
)
from licenseonline.demo import sku_details
from licenseonline.demo.stores import DATA, ELSAT, MINATO
from licenseonline.kit.text import fold_model
from licenseonline.stores.models import Store

FROM_DAY = date(2026, 4, 1)
_UNITS = {str(unit.label): unit for unit in Unit}
_PRICED, _ON_REQUEST, _HIDDEN = StoreListing.Offer.PRICED, StoreListing.Offer.ON_REQUEST, StoreListing.Offer.HIDDEN
_MINATO_VENDORS = [
    "trendmicro", "eset", "microsoft", "sophos", "trellix", "symantec", "kaspersky", "acronis", "arcserve", "veeam",
    "vmware", "barracuda", "arctera", "motex",
]  # fmt: skip
_PRODUCT_OFFERS = {
    ELSAT: {
        "foxit-pdf-editor": _HIDDEN,
        "autodesk-aec-collection": _ON_REQUEST,
        "vmware-cloud-foundation": _ON_REQUEST,
    },
    MINATO: {"trend-micro-deep-security": _ON_REQUEST, "office-ltsc-standard-2024": _HIDDEN},
}
_HIDDEN_VENDORS = {ELSAT: {"corel"}, MINATO: set[str]()}
_SELLING: dict[int, dict[str | None, tuple[int, int]]] = {  # per mille of the list price, rounded down to yen
    ELSAT: {None: (920, 1), "microsoft": (970, 1), "adobe": (960, 1)},
    MINATO: {None: (900, 10), "microsoft": (950, 10), "trendmicro": (950, 10)},
}


def make(stores: Mapping[int, Store]) -> None:
    """Vendors, products, SKUs, prices and costs, searchable, and what each store sells of them."""
    vendors = {vendor.code: vendor for vendor in Vendor.objects.bulk_create(map(_vendor, _rows("vendors")))}
    products = Product.objects.bulk_create(_product(row, vendors) for row in _rows("products"))
    by_code = {product.code: product for product in products}
    rows = list(_rows("skus"))
    said = {row["code"]: row for row in _rows("products")}
    skus = Sku.objects.bulk_create(_sku(row, by_code[row["product"]], said[row["product"]]) for row in rows)
    _price(rows, skus, vendors)
    _rate(products, skus)
    sku_details.make(skus, vendors, by_code)
    search.index(Product.objects.select_related("vendor").prefetch_related("skus"))
    for store in stores.values():
        _list(store, vendors, by_code)
        SellingRule.objects.bulk_create(
            SellingRule(
                store=store,
                vendor=vendors[code] if code else None,
                per_mille=per_mille,
                round_to_yen=round_to,
            )
            for code, (per_mille, round_to) in _SELLING[store.pk].items()
        )


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _number(text: str) -> int | None:
    return int(text) if text else None


def _vendor(row: dict[str, str]) -> Vendor:
    aliases = f"{row['latin']} {row['aliases']}".strip()
    return Vendor(code=row["code"], name=row["name"], kana=row["kana"], aliases=aliases)


def _product(row: dict[str, str], vendors: Mapping[str, Vendor]) -> Product:
    copied = ("code", "name", "kana", "aliases", "category", "summary", "description", "papers_note")
    return Product(
        vendor=vendors[row["vendor"]],
        **{name: row[name] for name in copied},
    )


def _sku(row: dict[str, str], product: Product, of_product: dict[str, str]) -> Sku:
    is_cloud = of_product["cloud"] == "1"
    return Sku(
        product=product,
        model_number=row["model_number"],
        folded_model=fold_model(row["model_number"]),
        name=row["name"],
        purchase_type=row["purchase_type"],
        program=row["program"],
        term_months=_number(row["term_months"]),
        billing=row["billing"],
        band_from=_number(row["band_from"]),
        band_to=_number(row["band_to"]),
        min_quantity=int(row["min_quantity"]),
        quantity_step=int(row["quantity_step"]),
        lead_days=int(of_product["lead_days"]),
        is_cloud=is_cloud,
        unit=_UNITS[of_product["unit"]],
        delivery=Delivery.PORTAL if is_cloud else Delivery.KEY,
        papers=row["papers"].split(),
        popularity=int(row["popularity"]),
    )


def _price(rows: list[dict[str, str]], skus: list[Sku], vendors: Mapping[str, Vendor]) -> None:
    lists = PriceList.objects.bulk_create(
        PriceList(vendor=vendor, name=f"{vendor.name} 2026年度 デモ価格", from_day=FROM_DAY)
        for vendor in vendors.values()
    )
    of_vendor = {price_list.vendor_id: price_list for price_list in lists}
    prices = Price.objects.bulk_create(
        Price(price_list=of_vendor[sku.product.vendor_id], sku=sku, list_yen=int(row["list_price"]))
        for row, sku in zip(rows, skus, strict=True)
    )
    Cost.objects.bulk_create(
        Cost(price=price, cost_yen=int(row["cost"])) for row, price in zip(rows, prices, strict=True)
    )


def _rate(products: list[Product], skus: list[Sku]) -> None:
    """A product is as popular as its most popular SKU."""
    for sku in skus:
        sku.product.popularity = max(sku.product.popularity, sku.popularity)
    Product.objects.bulk_update(products, ["popularity"])


def _list(store: Store, vendors: Mapping[str, Vendor], products: Mapping[str, Product]) -> None:
    sold = vendors if store.pk == ELSAT else _MINATO_VENDORS
    hidden = _HIDDEN_VENDORS[store.pk]
    StoreListing.objects.bulk_create(
        [
            *(
                StoreListing(store=store, vendor=vendors[code], offer=_HIDDEN if code in hidden else _PRICED)
                for code in sold
            ),
            *(
                StoreListing(store=store, product=products[code], offer=offer)
                for code, offer in _PRODUCT_OFFERS[store.pk].items()
            ),
        ]
    )
