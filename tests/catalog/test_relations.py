"""What follows what: for whom there are SKUs of a product, and what holders may buy."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from licenseonline.catalog import relations
from licenseonline.catalog.models import PurchaseType, Sku, SkuRelation, StoreListing
from tests.world import World


def relate(held: Sku, following: Sku, kind: str) -> None:
    SkuRelation.objects.create(held=held, following=following, kind=kind)


def another(like: Sku, model_number: str, **changed: object) -> Sku:
    values = {"product": like.product, "folded_model": model_number.lower(), "name": model_number, **changed}
    return Sku.objects.create(model_number=model_number, **values)


@pytest.fixture
def related(world: World) -> World:
    """New ones of VBBSS may be renewed; Adobe's customers may change to it."""
    small, large, renewal = (world.sku(model) for model in ("VBBSS-1Y-005", "VBBSS-1Y-025", "VBBSS-R1"))
    change = another(small, "VBBSS-C1", purchase_type=PurchaseType.COMPETITIVE)
    for held in (small, large):
        relate(held, renewal, "renewal")
    relate(world.sku("ADOBE-CC"), change, "competitive")
    return world


def test_a_product_says_for_whom_it_has_skus(related: World) -> None:
    product = related.sku("VBBSS-R1").product
    own, adobe = relations.paths(product.pk, store_id=87465)
    assert (own.product_code, own.is_same) == ("vbbss", True)
    assert [(way.kind, way.label, [sku.model_number for sku in way.skus]) for way in own.ways] == [
        ("renewal", "更新", ["VBBSS-R1"])  # once, though two SKUs lead to it
    ]
    assert (adobe.product_name, adobe.vendor_name, adobe.is_same) == ("Creative Cloud グループ版", "アドビ", False)
    assert [sku.model_number for sku in adobe.ways[0].skus] == ["VBBSS-C1"]
    assert relations.paths(related.sku("ADOBE-CC").product_id, store_id=87465) == []


def test_only_what_the_store_sells_on_the_day_is_named(related: World) -> None:
    product = related.sku("VBBSS-R1").product
    StoreListing.objects.create(
        store=related.elsat, sku=Sku.objects.get(model_number="VBBSS-C1"), offer=StoreListing.Offer.HIDDEN
    )
    assert [holding.is_same for holding in relations.paths(product.pk, store_id=87465)] == [True]
    assert len(relations.paths(product.pk, store_id=193808)) == 2
    Sku.objects.filter(model_number="VBBSS-R1").update(sale_to=date(2026, 3, 31))
    assert relations.paths(product.pk, store_id=87465) == []
    assert len(relations.paths(product.pk, store_id=87465, day=date(2026, 3, 31))) == 1


def test_who_holds_an_ended_sku_may_still_follow_it(related: World) -> None:
    held = related.sku("VBBSS-1Y-005")
    Sku.objects.filter(pk=held.pk).update(sale_to=date(2026, 3, 31))
    (way,) = relations.following(held, store_id=87465)
    assert (way.label, [sku.model_number for sku in way.skus]) == ("更新", ["VBBSS-R1"])
    assert way.skus[0].offer == StoreListing.Offer.PRICED
    assert relations.following(related.sku("VBBSS-R1"), store_id=87465) == []


def test_skus_stand_by_program_term_and_band(related: World) -> None:
    held = related.sku("VBBSS-1Y-005")
    renewal = {"purchase_type": PurchaseType.RENEWAL}
    made = [
        another(held, "R-ACA", program="academic", term_months=12, **renewal),
        another(held, "R-EVER", term_months=None, **renewal),
        another(held, "R-3Y", term_months=36, **renewal),
        another(held, "R-25", term_months=12, band_from=25, **renewal),
    ]
    for sku in made:
        relate(held, sku, "renewal")
    (way,) = relations.following(held, store_id=87465)
    assert [sku.model_number for sku in way.skus] == ["VBBSS-R1", "R-25", "R-3Y", "R-EVER", "R-ACA"]


def test_one_query_tells_all_of_it(related: World) -> None:
    product, held = related.sku("VBBSS-R1").product, related.sku("VBBSS-1Y-005")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            for holding in relations.paths(product.pk, store_id=87465):
                assert [(sku.product.vendor.name, way.label) for way in holding.ways for sku in way.skus]
            relations.following(held, store_id=87465)
        return len(captured)

    assert queries() == 2
    for number in range(3):
        relate(held, another(held, f"R-{number}", purchase_type=PurchaseType.RENEWAL), "renewal")
    assert queries() == 2
