"""Who may buy what is not for everybody."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from licenseonline.accounts.models import Company
from licenseonline.catalog import eligibility
from licenseonline.catalog.models import Eligibility, Program, Sku
from licenseonline.kit.errors import Refused
from licenseonline.sales import carts
from tests.world import World

WHO = "幼稚園から大学院までの学校、教育委員会、図書館"


def academic(world: World) -> Sku:
    return Sku.objects.public(world.elsat.pk).select_related("product").get(model_number="TREND-ACA")


def rule(world: World, *kinds: str) -> Eligibility:
    vendor = academic(world).product.vendor
    return Eligibility.objects.create(vendor=vendor, program=Program.ACADEMIC, kinds=kinds, who=WHO, source="規約")


def test_without_a_vendors_word_the_kind_of_company_decides(world: World) -> None:
    carts.put(academic(world), quantity=1, by=world.taro)
    with pytest.raises(Refused, match="TREND-ACA は教育機関のお客様のみご購入いただけます。") as refused:
        carts.put(academic(world), quantity=1, by=world.hanako)
    assert refused.value.code == "program"


def test_a_vendor_may_mean_others_as_well(world: World) -> None:
    rule(world, Company.Kind.ACADEMIC, Company.Kind.GOVERNMENT)
    world.hanako.company.kind = Company.Kind.GOVERNMENT
    carts.put(academic(world), quantity=1, by=world.hanako)
    world.hanako.company.kind = Company.Kind.CORPORATE
    with pytest.raises(Refused, match="教育機関・官公庁・自治体のお客様のみ"):
        carts.put(academic(world), quantity=1, by=world.hanako)


def test_a_cart_says_it_of_a_line_that_was_put_in_before(world: World) -> None:
    carts.put(academic(world), quantity=1, by=world.taro)
    rule(world, Company.Kind.GOVERNMENT)
    [group] = carts.groups(world.taro)
    assert "官公庁・自治体のお客様のみ" in group.lines[0].problem


def test_what_is_for_everybody_asks_no_vendor(world: World) -> None:
    skus = list(Sku.objects.filter(program=Program.CORPORATE).select_related("product"))
    with CaptureQueriesContext(connection) as asked:
        rules = eligibility.of(skus)
    assert not asked.captured_queries
    for sku in skus:
        eligibility.check(sku, world.hanako.company, rules)


def test_the_product_page_says_who_is_meant(world: World, client: Client) -> None:
    rule(world, Company.Kind.ACADEMIC)
    page = client.get("/87465/products/vbbss").content.decode()
    assert WHO in page


@pytest.mark.parametrize(("program", "kinds"), [("corporate", ["academic"]), ("academic", []), ("academic", ["x"])])
def test_the_database_keeps_out_what_means_nothing(world: World, program: str, kinds: list[str]) -> None:
    vendor = academic(world).product.vendor
    with pytest.raises(IntegrityError), transaction.atomic():
        Eligibility.objects.create(vendor=vendor, program=program, kinds=kinds, who=WHO, source="規約")
