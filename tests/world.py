"""A small world that every test's database holds: two partners, their stores, people, and something to buy.

Run as `python -m tests.world` it writes itself into the template database.
"""

import os
from datetime import date
from functools import cached_property

import django

PASSWORD = "correct horse battery"
TOTP = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # 160 bits; pyotp refuses fewer than 112

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "licenseonline.settings"
    django.setup()

from licenseonline.accounts import passwords, staff
from licenseonline.accounts.models import Company, Member, Role, User
from licenseonline.catalog import search
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
from licenseonline.content.models import Faq, News, Page
from licenseonline.kit import clock, scope
from licenseonline.kit.text import fold_model
from licenseonline.sales import carts, orders, quotes, vendor_orders
from licenseonline.sales.models import Order, Quote
from licenseonline.stores.models import Commission, Partner, Store
from tests.hashing import hash_quickly


class World:
    """Read it by names; make more with its verbs, which are the product's own."""

    @cached_property
    def elsat(self) -> Store:
        """Store 87465 of SP10001: everything but `hidden`, at 90 % of list."""
        return Store.objects.get(pk=87465)

    @cached_property
    def minato(self) -> Store:
        """Store 193808 of SP10002: the security vendor only, at 80 % of list."""
        return Store.objects.get(pk=193808)

    @cached_property
    def hanako(self) -> Member:
        """Administrator (管理者) of 青空製作所 at elsat."""
        return self._member(87465, "hanako@aozora.example")

    @cached_property
    def ichiro(self) -> Member:
        """Her colleague, who buys (購買担当)."""
        return self._member(87465, "ichiro@aozora.example")

    @cached_property
    def taro(self) -> Member:
        """Administrator of another company at the same store: a school."""
        return self._member(87465, "taro@midori.example")

    @cached_property
    def hanako_at_minato(self) -> Member:
        """The same address at the other store: a stranger."""
        return self._member(193808, "hanako@aozora.example")

    @cached_property
    def operator(self) -> User:
        return User.objects.get(partner=None)

    @cached_property
    def partner(self) -> User:
        """Staff of SP10001."""
        return User.objects.get(partner__spid="SP10001")

    @cached_property
    def other_partner(self) -> User:
        """Staff of SP10002."""
        return User.objects.get(partner__spid="SP10002")

    @staticmethod
    def _member(store: int, email: str) -> Member:
        return Member.objects.select_related("company", "store").get(store=store, email=email)

    @staticmethod
    def sku(model_number: str) -> Sku:
        """By model number: VBBSS-1Y-005, VBBSS-1Y-025, VBBSS-R1, M365-MONTH, TREND-ACA, ADOBE-CC, ON-REQUEST, HIDDEN-1."""
        return Sku.objects.select_related("product__vendor").get(model_number=model_number)

    def quote(self, member: Member | None = None, model_number: str = "VBBSS-1Y-005", quantity: int = 10) -> Quote:
        """A quotation made by the member (hanako) as members make them."""
        member = member or self.hanako
        sku = self.sku(model_number)
        carts.put(sku, quantity=quantity, by=member)
        return quotes.issue(carts.form_of(sku), by=member)

    def order(self, member: Member | None = None) -> Order:
        """An order from a fresh quotation."""
        quote = self.quote(member)
        return orders.place(quote, accepted_terms=quote.snapshot["terms_version"], by=quote.member)

    def arranged_order(self, member: Member | None = None) -> Order:
        """An order that is paid and ordered from the vendor, ready for delivery."""
        order = self.order(member)
        today = clock.today()
        orders.record_transfer(
            order, amount_yen=order.total_yen, received_on=today, payer_name="ｱｵｿﾞﾗ", by=self.operator
        )
        for vendor in vendor_orders.waiting(order):
            vendor_orders.record(
                order, vendor=vendor, reference=f"V-{order.number}", ordered_on=today, by=self.operator
            )
        return order


def build() -> None:
    """Write the world."""
    with scope.platform():
        stores = [_store(87465, "SP10001", "エルサットストア"), _store(193808, "SP10002", "みなとライセンスストア")]
        _catalogue(*stores)
        _people(*stores)


def _store(number: int, spid: str, name: str) -> Store:
    partner = Partner.objects.create(spid=spid, name=f"{name}運営会社")
    store = Store.objects.create(
        id=number, partner=partner, name=name, seller_name=f"{name}販売株式会社", seller_postal_code="105-0001",
        seller_address="東京都港区虎ノ門1-2-3", registration_number="T7123456789012", bank_account="みらい銀行 虎ノ門支店 普通 1234567",
        desk_name="ライセンス窓口", desk_email=f"desk@{number}.example", desk_phone="03-0000-0000", desk_hours="平日10:00-17:00",
        terms="お見積の有効期限内にご注文ください。\nお支払いは銀行振込（前払い）です。", terms_version="2026-04-01",
        brand="#1f4e79" if number == 87465 else "#7a1f4e",
    )  # fmt: skip
    Commission.objects.create(store=store, from_day=date(2026, 4, 1), per_mille=50)
    News.objects.create(store=store, title=f"{name}からのお知らせ", body="本文です。", published_on=date(2026, 4, 1))
    Faq.objects.create(
        store=store, heading=Faq.Heading.SITE, question="どんなサイトですか？", answer="ライセンスのお店です。"
    )
    Page.objects.create(store=store, path="guide/orderflow", title="ご注文の流れ", body="1. 検索\n2. 見積")
    return store


def _catalogue(elsat: Store, minato: Store) -> None:
    trend = Vendor.objects.create(code="trend", name="トレンドマイクロ", kana="トレンドマイクロ", aliases="Trend Micro")
    other = Vendor.objects.create(code="other", name="アドビ", kana="アドビ", aliases="Adobe")
    security = _product(trend, "vbbss", "ウイルスバスター ビジネスセキュリティサービス", "Virus Buster VBBSS")
    creative = _product(other, "creative", "Creative Cloud グループ版", "クリエイティブクラウド")
    request = _product(other, "request", "お見積製品", "")
    hidden = _product(other, "hidden", "取扱終了製品", "")
    _sku(security, "VBBSS-1Y-005", 5200, band_from=5, band_to=24, min_quantity=5, papers=[])
    _sku(security, "VBBSS-1Y-025", 4800, band_from=25, band_to=None, min_quantity=25)
    _sku(security, "VBBSS-R1", 4000, purchase_type=PurchaseType.RENEWAL, papers=[Paper.HOLDING_PROOF])
    _sku(security, "TREND-ACA", 2500, program=Program.ACADEMIC, papers=[Paper.ACADEMIC_PROOF])
    _sku(creative, "M365-MONTH", 1800, term_months=1, billing=Billing.MONTHLY)
    _sku(creative, "ADOBE-CC", 98000, term_months=None, quantity_step=5, min_quantity=5)
    _sku(request, "ON-REQUEST", None)
    _sku(hidden, "HIDDEN-1", 1000)
    for store, per_mille in ((elsat, 900), (minato, 800)):
        SellingRule.objects.create(store=store, vendor=None, per_mille=per_mille, round_to_yen=10)
        StoreListing.objects.create(store=store, vendor=trend, offer=StoreListing.Offer.PRICED)
    StoreListing.objects.create(store=elsat, vendor=other, offer=StoreListing.Offer.PRICED)
    StoreListing.objects.create(store=elsat, product=hidden, offer=StoreListing.Offer.HIDDEN)
    search.index(Product.objects.select_related("vendor").prefetch_related("skus"))


def _product(vendor: Vendor, code: str, name: str, aliases: str) -> Product:
    PriceList.objects.get_or_create(vendor=vendor, from_day=date(2026, 4, 1), defaults={"name": "2026年度価格表"})
    return Product.objects.create(vendor=vendor, code=code, name=name, aliases=aliases, summary="説明です。")


def _sku(product: Product, model_number: str, list_yen: int | None, **fields: object) -> Sku:
    name = f"{product.name} {model_number}"
    values = {"term_months": 12, "lead_days": 3, **fields}
    sku = Sku.objects.create(
        product=product, model_number=model_number, folded_model=fold_model(model_number), name=name, **values
    )
    if list_yen is not None:
        price = Price.objects.create(price_list=product.vendor.price_lists.get(), sku=sku, list_yen=list_yen)
        Cost.objects.create(price=price, cost_yen=list_yen * 7 // 10)
    return sku


def _people(elsat: Store, minato: Store) -> None:
    hashed = passwords.hashed(PASSWORD)
    aozora = _company(elsat, "株式会社青空製作所", "アオゾラセイサクショ", Company.Kind.CORPORATE)
    midori = _company(elsat, "学校法人みどり学園", "ミドリガクエン", Company.Kind.ACADEMIC)
    other = _company(minato, "株式会社青空製作所", "アオゾラセイサクショ", Company.Kind.CORPORATE)
    now = clock.now()
    for company, email, name, role in (
        (aozora, "hanako@aozora.example", "青空 花子", Role.ADMIN),
        (aozora, "ichiro@aozora.example", "青空 一郎", Role.BUYER),
        (midori, "taro@midori.example", "緑 太郎", Role.ADMIN),
        (other, "hanako@aozora.example", "青空 花子", Role.ADMIN),
    ):
        Member.objects.create(
            store=company.store,
            company=company,
            email=email,
            name=name,
            kana="テスト",
            password=hashed,
            role=role,
            created_at=now,
            email_verified_at=now,
            password_changed_at=now,
        )
    staff.appoint("desk@operator.example", name="運営 太郎", password=PASSWORD, partner=None, totp_secret=TOTP)
    for store in (elsat, minato):
        email = f"sales@{store.partner.spid.lower()}.example"
        staff.appoint(email, name="営業 次郎", password=PASSWORD, partner=store.partner, totp_secret=TOTP)


def _company(store: Store, name: str, kana: str, kind: Company.Kind) -> Company:
    return Company.objects.create(
        store=store,
        name=name,
        kana=kana,
        kind=kind,
        postal_code="100-0001",
        prefecture="東京都",
        city="千代田区",
        street="千代田1-1",
        phone="03-1111-1111",
    )


if __name__ == "__main__":
    hash_quickly()
    build()
