"""Vendors, products, SKUs, prices, and what each store sells of them at which price."""

import random
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache

from django.db import models

from bench.names import BRANDS, EDITIONS, HOUSES, KINDS
from bench.size import Size
from licenseonline.catalog.models import (
    Billing,
    Cost,
    Paper,
    Price,
    PriceList,
    Product,
    Program,
    PurchaseType,
    SellingRule,
    Sku,
    StoreListing,
    Vendor,
)
from licenseonline.kit.text import fold_model

_FROM_DAY = date(2026, 4, 1)
_PRICED, _ON_REQUEST, _HIDDEN = StoreListing.Offer.PRICED, StoreListing.Offer.ON_REQUEST, StoreListing.Offer.HIDDEN
# The ten SKUs of a product: code, name, price in percent of the first, and their conditions.
_SHAPES: list[tuple[str, str, int, dict[str, object]]] = [
    ("N1A", "1年 新規 1～9", 100, {"band_from": 1, "band_to": 9}),
    ("N1B", "1年 新規 10～49", 92, {"band_from": 10, "band_to": 49, "min_quantity": 10}),
    ("N1C", "1年 新規 50～249", 85, {"band_from": 50, "band_to": 249, "min_quantity": 50}),
    ("N1D", "1年 新規 250以上", 78, {"band_from": 250, "min_quantity": 250}),
    ("R1", "1年 更新", 70, {"purchase_type": PurchaseType.RENEWAL, "papers": [Paper.HOLDING_PROOF.value]}),
    ("A1", "1年 追加", 95, {"purchase_type": PurchaseType.ADDITIONAL, "papers": [Paper.HOLDING_PROOF.value]}),
    ("NE1", "1年 新規 アカデミック", 50, {"program": Program.ACADEMIC, "papers": [Paper.ACADEMIC_PROOF.value]}),
    ("NG1", "1年 新規 ガバメント", 60, {"program": Program.GOVERNMENT, "papers": [Paper.GOVERNMENT_PROOF.value]}),
    ("N3", "3年 新規", 270, {"term_months": 36}),
    ("NM", "月額 新規", 10, {"term_months": 1, "billing": Billing.MONTHLY}),
]


def tables(size: Size) -> Iterator[tuple[type[models.Model], Iterable[models.Model]]]:
    """The platform's catalogue, then each store's rules."""
    yield Vendor, (_vendor(n) for n in range(size.vendors))
    yield Product, (product(size, n) for n in range(size.products))
    yield Sku, (sku(size, n) for n in range(size.products * size.PER_PRODUCT))
    yield (
        PriceList,
        (PriceList(id=n + 1, vendor_id=n + 1, name="2026年度価格表", from_day=_FROM_DAY) for n in range(size.vendors)),
    )
    numbers = range(size.products * size.PER_PRODUCT)
    yield (
        Price,
        (
            Price(id=n + 1, price_list_id=_vendor_of(size, n // size.PER_PRODUCT), sku_id=n + 1, list_yen=list_yen(n))
            for n in numbers
        ),
    )
    yield Cost, (Cost(price_id=n + 1, cost_yen=list_yen(n) * 7 // 10) for n in numbers)
    yield StoreListing, _listings(size)
    yield SellingRule, _selling(size)


def _vendor(number: int) -> Vendor:
    (kana, latin), (house, house_latin) = BRANDS[number % 20], HOUSES[number // 20 % 20]
    return Vendor(
        id=number + 1, code=f"vendor{number:03}", name=kana + house, kana=kana + house, aliases=f"{latin} {house_latin}"
    )


def _vendor_of(size: Size, product_number: int) -> int:
    return product_number % size.vendors + 1


def product(size: Size, number: int) -> Product:
    """The n-th product; its search text is written afterwards."""
    chance = random.Random(number)
    (kana, latin), (kind, category) = BRANDS[number % size.vendors % 20], chance.choice(KINDS)
    edition = chance.choice(EDITIONS)
    return Product(
        id=number + 1, code=f"product-{number:06}", vendor_id=_vendor_of(size, number),
        name=f"{kana} {kind} {edition} {number // 20 % 90 + 10}", kana=kana, aliases=latin, category=category,
        summary=f"{kind}を企業全体で管理できる{category}製品です。",
        description=f"{kind}のための製品です。\n\n- 管理コンソールつき\n- 日本語サポート\n- 仮想環境に対応\n",
        popularity=int(1000 * chance.random() ** 3),
    )  # fmt: skip


def sku(size: Size, number: int) -> Sku:
    """The n-th SKU: shape n modulo ten of its product."""
    of = number // size.PER_PRODUCT
    code, name, _share, conditions = _SHAPES[number % size.PER_PRODUCT]
    vendor = _vendor_of(size, of) - 1
    model = f"{BRANDS[vendor % 20][1][:3].upper()}{vendor:03}-{of:06}-{code}"
    return Sku(
        id=number + 1, product_id=of + 1, model_number=model, folded_model=fold_model(model), lead_days=3 + of % 5,
        name=f"{_product_name(size, of)} {name}", **{"term_months": 12, **conditions},
    )  # fmt: skip


@cache
def _names() -> dict[int, str]:
    return {}


def _product_name(size: Size, number: int) -> str:
    if number not in _names():
        _names().clear()  # ten SKUs in a row ask for the same one
        _names()[number] = product(size, number).name
    return _names()[number]


def list_yen(sku_number: int) -> int:
    """The list price of the n-th SKU."""
    base = random.Random(sku_number // Size.PER_PRODUCT).randint(20, 2_000) * 100
    return base * _SHAPES[sku_number % Size.PER_PRODUCT][2] // 100


def _listings(size: Size) -> Iterator[StoreListing]:
    """By vendor for most, and some hundreds of exceptions; core vendors are sold everywhere and have none."""
    key = 0
    for n in range(size.stores):
        chance, store_id = random.Random(n), size.store_id(n)
        for vendor in range(size.vendors):
            offer = _PRICED if vendor < size.CORE_VENDORS or chance.random() < 0.9 else _HIDDEN
            key += 1
            yield StoreListing(id=key, store_id=store_id, vendor_id=vendor + 1, offer=offer)
        for other in sorted(chance.sample(range(size.products), min(size.products // 2, 200))):
            if other % size.vendors >= size.CORE_VENDORS:
                key += 1
                yield StoreListing(
                    id=key, store_id=store_id, product_id=other + 1, offer=chance.choice([_ON_REQUEST, _HIDDEN])
                )


def per_mille(vendor: int) -> int:
    """What every store asks of the n-th vendor's list price."""
    return 950 if vendor < 5 else 920


def _selling(size: Size) -> Iterator[SellingRule]:
    for n in range(size.stores):
        for k, vendor in enumerate([*range(5), None]):
            rate = per_mille(5 if vendor is None else vendor)
            key, of = 6 * n + k + 1, None if vendor is None else vendor + 1
            yield SellingRule(id=key, store_id=size.store_id(n), vendor_id=of, per_mille=rate, round_to_yen=10)
