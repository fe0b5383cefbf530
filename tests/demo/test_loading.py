"""The demo's data: loaded once, by the product's own verbs, and what a reader should find in it."""

from collections.abc import Iterator

import psycopg
import pytest
from django.db import connection, connections, transaction
from django.db.models import F
from pytest_django import DjangoDbBlocker

from licenseonline.accounts import sign_in
from licenseonline.accounts.models import Member, User
from licenseonline.catalog import bands, campaigns, prices, relations, search, vendor_rules
from licenseonline.catalog.models import (
    Campaign,
    Delivery,
    PriceList,
    Product,
    ProductPicture,
    Program,
    PurchaseType,
    Sku,
    SkuRelation,
    Vendor,
    VendorRule,
)
from licenseonline.content.models import Faq, News, Page
from licenseonline.demo import loading, logins
from licenseonline.demo.logins import Desk, Login
from licenseonline.kit import clock, scope
from licenseonline.kit.errors import Refused
from licenseonline.licensing.models import Key
from licenseonline.records.models import Message
from licenseonline.sales.models import LineMargin, Order, Quote
from licenseonline.stores.models import Store, StoreHoliday
from tests import environment
from tests.jobs import run_jobs

pytestmark = pytest.mark.xdist_group("demo_loading")  # loading is most of the work: one worker does it


@pytest.fixture(scope="module")
def loaded(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A database with the demo in place of the small world, for this module's tests."""
    name = f"{environment.DATABASE}_demo"
    environment.copy_database(name)
    with psycopg.connect(environment.environment_for(name)["MIGRATE_DATABASE_URL"]) as owner:
        owner.execute("TRUNCATE stores_partner, catalog_vendor, accounts_user, procrastinate_jobs CASCADE")
    before = connections.settings["default"]["NAME"]
    connection.close()
    connections.settings["default"]["NAME"] = connection.settings_dict["NAME"] = name
    try:
        with django_db_blocker.unblock():
            assert loading.load()
            yield
    finally:
        connections.close_all()
        connections.settings["default"]["NAME"] = connection.settings_dict["NAME"] = before
        environment.drop_database(name)


@pytest.fixture
def demo(loaded: None) -> Iterator[None]:
    """The demo, seen as the platform; what a test writes is rolled back."""
    with scope.platform():
        yield
        transaction.set_rollback(True)


def store_of(login: Login) -> Store:
    assert login.store_id is not None
    return Store.objects.get(pk=login.store_id)


def counts() -> list[int]:
    return [model.objects.count() for model in (Store, Member, User, Sku, Quote, Order, Message, Faq)]


def test_loading_again_changes_nothing(demo: None) -> None:
    before = counts()
    assert not loading.load()
    assert counts() == before


def test_the_stores_differ_in_everything_that_a_store_can_choose(demo: None) -> None:
    elsat, minato = Store.objects.order_by("-quote_days").reverse()
    assert (elsat.pk, minato.pk) == (87465, 193808)
    assert (elsat.partner.spid, minato.partner.spid) == ("SP10001", "SP10002")
    assert (elsat.quote_days, minato.quote_days) == (7, 14)
    for field in (
        "name", "brand", "accent", "logo_svg", "seal_png", "seller_name", "desk_name", "desk_email", "terms", "introduction",
    ):  # fmt: skip
        ours, theirs = getattr(elsat, field), getattr(minato, field)
        assert bytes(ours) if isinstance(ours, memoryview) else ours
        assert ours != theirs, field


def test_registration_numbers_have_their_check_digit(demo: None) -> None:
    for number in Store.objects.values_list("registration_number", flat=True):
        digits = [int(digit) for digit in number[2:]]
        weighted = sum(digit * (1 + index % 2) for index, digit in enumerate(reversed(digits)))
        assert int(number[1]) == 9 - weighted % 9


def test_the_catalogue_is_as_broad_as_promised(demo: None) -> None:
    assert Sku.objects.count() >= 400
    assert Vendor.objects.count() >= 15
    assert set(Sku.objects.values_list("purchase_type", flat=True)) == set(PurchaseType.values)
    assert set(Sku.objects.values_list("program", flat=True)) == set(Program.values)
    assert {1, 12} <= set(Sku.objects.values_list("term_months", flat=True))
    assert {"monthly", "yearly"} <= set(Sku.objects.values_list("billing", flat=True))
    assert Product.objects.filter(skus__band_from=5, skus__band_to__gt=5).exists()
    assert set(PriceList.objects.values_list("vendor_id", flat=True)) == set(
        Vendor.objects.values_list("pk", flat=True)
    )


def test_skus_differ_in_all_that_a_sku_can_be(demo: None) -> None:
    today = clock.today()
    assert set(Sku.objects.values_list("delivery", flat=True)) == set(Delivery.values)
    assert Sku.objects.filter(payment_methods__len__gt=0).exists()
    assert Sku.objects.filter(sale_from__gt=today, prices__price_list__from_day__gt=today).exists()
    ended = Sku.objects.filter(sale_to__lt=today)
    assert ended.exists()
    assert all(sku.successor is not None for sku in ended)
    assert Sku.objects.filter(term_until__gt=today, purchase_type=PurchaseType.NEW).exists()
    assert set(SkuRelation.objects.values_list("kind", flat=True)) == set(SkuRelation.Kind.values)
    assert not SkuRelation.objects.exclude(following__program=F("held__program")).exists()


def test_vendors_rules_are_the_real_ones(demo: None) -> None:
    vendors = set(VendorRule.objects.values_list("vendor__code", flat=True))
    assert vendors == {"eset", "trendmicro", "adobe", "microsoft"}
    addition = Sku.objects.get(model_number="CMJ-ENTC12-04")  # 50-99
    units = vendor_rules.units(vendor_rules.of(addition, day=clock.today()), 10, held=90)
    chosen = bands.fitting(addition, units, store_id=87465, day=clock.today())
    assert chosen is not None
    assert chosen.model_number == "CMJ-ENTC12-05"
    decision = prices.price(chosen, store=Store.objects.get(pk=87465), day=clock.today(), units=units)
    assert decision.list_yen == 4_200
    assert [way.label for way in relations.following(chosen.product.skus.all()[0], store_id=87465)] == [
        "追加",
        "更新",
        "切替",
        "乗換",
    ]


def test_the_stores_differ_in_assortment_and_price(demo: None) -> None:
    elsat, minato = Store.objects.get(pk=87465), Store.objects.get(pk=193808)
    sold = {store.pk: set(Product.objects.public(store.pk).values_list("code", flat=True)) for store in (elsat, minato)}
    assert len(sold[193808]) < len(sold[87465]) < Product.objects.count()
    one = Sku.objects.filter(model_number="BSSEWWJ1XSBUPN3712Z")
    units = {
        store.pk: prices.offers(Sku.objects.public(store.pk) & one, store=store, day=clock.today())[0].unit_yen
        for store in (elsat, minato)
    }
    assert units[87465] != units[193808]
    for store in (elsat, minato):
        offers = prices.offers(Sku.objects.public(store.pk), store=store, day=clock.today())
        assert any(offer.unit_yen is None for offer in offers)
        assert any(offer.unit_yen for offer in offers)


@pytest.mark.parametrize(
    "query",
    ["ウイルスバスター", "ウィルスバスター", "ｳｲﾙｽﾊﾞｽﾀｰ", "virus buster", "VirusBuster", "ＶＩＲＵＳ ＢＵＳＴＥＲ"],
)
def test_virus_buster_is_found_however_it_is_written(demo: None, query: str) -> None:
    for store_id in (87465, 193808):
        found = search.products(query, store_id=store_id).products
        assert found
        assert {product.vendor.code for product in found} == {"trendmicro"}


def spellings(model_number: str) -> list[str]:
    """As written, without and with more hyphens, in lower case and in full width."""
    bare = model_number.replace("-", "")
    wide = model_number.translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)})
    return [model_number, bare.lower(), f"{bare[:4]}-{bare[4:]}", wide, wide.lower()]


def test_every_model_number_finds_its_product_in_any_spelling(demo: None) -> None:
    for sku in Sku.objects.public(87465).order_by("id")[::25]:
        for query in spellings(sku.model_number):
            assert sku.product_id in {product.pk for product in search.products(query, store_id=87465).exact}, query


def test_everybody_on_the_list_can_sign_in(demo: None) -> None:
    for login in logins.ALL:
        if login.desk is Desk.STORE:
            store = store_of(login)
            member = sign_in.enter(store, email=login.email, password=login.password, network="test").member
            assert member.name == login.name
        else:
            user = User.objects.get(email=login.email)
            code = sign_in.next_code(user)
            staff = sign_in.staff(login.spid, email=login.email, password=login.password, code=code, network="test")
            assert staff.name == login.name


def test_the_same_address_at_both_stores_has_a_password_at_each(demo: None) -> None:
    here, there = logins.HANAKO, logins.HANAKO_MINATO
    assert here.email == there.email
    with pytest.raises(Refused):
        sign_in.enter(store_of(here), email=here.email, password=there.password, network="test")


def test_the_history_has_orders_of_every_state_and_an_expired_quotation(demo: None) -> None:
    states = set(Order.objects.filter(store=87465).values_list("state", flat=True))
    assert states == {"awaiting_papers", "awaiting_payment", "arranging", "delivered"}
    quotes = Quote.objects.filter(store=87465)
    assert any(quote.is_expired for quote in quotes)
    assert any(quote.can_be_ordered for quote in quotes)
    assert set(Key.objects.values_list("kind", flat=True)) == {"key", "certificate"}
    assert not LineMargin.objects.filter(cost_yen=None).exists()


def test_the_jobs_of_the_history_print_and_mail_every_quotation(demo: None) -> None:
    run_jobs(most=200)
    assert not Quote.objects.filter(pdf=None).exists()
    assert set(Message.objects.values_list("state", flat=True)) == {"sent"}


def test_each_store_answers_under_every_heading_and_has_its_guide(demo: None) -> None:
    for store in Store.objects.all():
        assert set(Faq.objects.public(store.pk).values_list("heading", flat=True)) == set(Faq.Heading.values)
        pages = {page.path: page.body for page in Page.objects.public(store.pk)}
        assert {"guide/orderflow", "guide/payment", "guide/delivery", "guide/renewal", "guide/papers"} <= set(pages)
        assert str(store.pk) in pages["guide/orderflow"]
        assert f"{store.quote_days} 日間" in pages["guide/orderflow"]
        assert all("$" not in body for body in pages.values())
        assert News.objects.public(store.pk).count() >= 2
        assert StoreHoliday.objects.public(store.pk).filter(day__month=12, day__day=30).exists()


def test_campaigns_run_at_both_stores_and_one_is_to_come(demo: None) -> None:
    today = clock.today()
    running = {store: [one.code for one in campaigns.running(store, day=today)] for store in (87465, 193808)}
    assert running == {87465: ["security-renewal", "backup-check"], 193808: ["sophos-start"]}
    assert Campaign.objects.filter(from_day__gt=today).count() == 1
    sku = Sku.objects.select_related("product").get(model_number="CMJ-ENNC12-01")
    decided = prices.price(sku, store=Store.objects.get(pk=87465), day=today)
    assert decided.unit_yen == (decided.store_yen or 0) * 95 // 100


def test_some_products_have_pictures(demo: None) -> None:
    assert ProductPicture.objects.count() == 7
    assert max(len(bytes(one.content)) for one in ProductPicture.objects.all()) < 30_000
