"""Stores with their content, companies and members."""

import random
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from django.db import models

from bench.names import BRANDS, FAMILY, GIVEN, TOWNS, TRADES
from bench.place import ROOT
from bench.size import Size
from licenseonline.accounts.models import Company, Member, User
from licenseonline.content.models import Faq, News, Page
from licenseonline.kit import clock
from licenseonline.stores.models import Commission, Partner, Store, StoreHoliday

_DATA = ROOT / "licenseonline" / "demo" / "data"
_LOGO = (_DATA / "logo-87465.svg").read_text()
_SEAL = (_DATA / "seal-87465.png").read_bytes()
_TERMS = """\
本見積の価格は有効期限の日の24時（日本時間）まで有効です。
お支払いは銀行振込（前払い）です。振込手数料はお客様のご負担となります。
ご入金を確認した後にメーカーへ発注します。納期は目安であり、確約するものではありません。
メーカーへの発注後は、お客様のご都合による取消・返品・数量や型番の変更はお受けできません。
製品のご使用には、各メーカーの使用許諾契約への同意が必要です。
"""
_BODY = "いつもご利用いただきありがとうございます。\n\n- 受付時間は平日10時から17時です\n- 休業日のご注文は翌営業日に承ります\n"


def tables(size: Size) -> Iterator[tuple[type[models.Model], Iterable[models.Model]]]:
    """Everything that exists without the catalogue."""
    yield (
        Partner,
        (Partner(id=n + 1, spid=f"SP{20001 + n}", name=f"{TOWNS[n % 14]}販売株式会社") for n in range(size.stores)),
    )
    yield Store, (store(size, n) for n in range(size.stores))
    yield (
        User,
        [User(id=1, email="desk@operator.example", name="運営 太郎", password="!", totp_secret="-", role="admin")],
    )
    yield (
        Commission,
        (
            Commission(id=n + 1, store_id=size.store_id(n), from_day=date(2024, 4, 1), per_mille=50)
            for n in range(size.stores)
        ),
    )
    yield StoreHoliday, _holidays(size)
    yield News, _news(size)
    yield Faq, _faqs(size)
    yield (
        Page,
        (
            Page(id=n + 1, store_id=size.store_id(n), path="guide/orderflow", title="ご注文の流れ", body=_BODY)
            for n in range(size.stores)
        ),
    )
    yield Company, (company(size, n) for n in range(size.companies))
    yield Member, (member(size, n) for n in range(size.members))


def store(size: Size, number: int) -> Store:
    """The n-th store."""
    name = f"{TOWNS[number % 14]}{BRANDS[number % 20][0]}ライセンスストア"
    seller = f"{TOWNS[number % 14]}{TRADES[number % 12]}販売株式会社"
    return Store(
        id=size.store_id(number), partner_id=number + 1, name=name, tagline="法人向けライセンスを、お見積から納品まで",
        introduction=_BODY, brand="#1f4e79", accent="#0b7a75", logo_svg=_LOGO, seal_png=_SEAL, seller_name=seller,
        seller_postal_code="101-0021", seller_address="東京都千代田区外神田0丁目0番1号 5階",
        registration_number="T5010001999101", bank_account="みほん銀行 外神田支店 普通 0087465",
        desk_name="ライセンス窓口", desk_email=f"desk{number}@stores.example", desk_phone="03-0000-8746",
        desk_hours="平日 10:00～17:00", terms=_TERMS, terms_version="2026-04-01",
    )  # fmt: skip


def _holidays(size: Size) -> Iterator[StoreHoliday]:
    days = [
        date(clock.today().year + year, month, day) for year in (0, 1) for month, day in ((1, 2), (8, 13), (12, 30))
    ]
    for n in range(size.stores):
        for k, day in enumerate(days):
            yield StoreHoliday(id=n * len(days) + k + 1, store_id=size.store_id(n), day=day, name="指定休業日")


def _news(size: Size) -> Iterator[News]:
    for n in range(size.stores):
        for k in range(8):
            day = clock.today() - timedelta(days=9 * k)
            yield News(
                id=8 * n + k + 1,
                store_id=size.store_id(n),
                title=f"営業時間のお知らせ {k + 1}",
                body=_BODY,
                published_on=day,
            )


def _faqs(size: Size) -> Iterator[Faq]:
    for n in range(size.stores):
        for k in range(12):
            heading = Faq.Heading.values[k % 6]
            yield Faq(
                id=12 * n + k + 1, store_id=size.store_id(n), heading=heading, position=k,
                question="見積書の有効期限はいつまでですか？", answer=_BODY,
            )  # fmt: skip


def company(size: Size, number: int) -> Company:
    """The n-th company, of the store n modulo their number."""
    name = f"株式会社{TOWNS[number % 14]}{TRADES[number % 12]}"
    return Company(
        id=number + 1, store_id=size.store_id(number % size.stores), name=name, kana="カブシキガイシャ",
        kind=Company.Kind.CORPORATE, postal_code="100-0001", prefecture="東京都", city="千代田区",
        street="千代田0-0", phone="03-1111-0000",
    )  # fmt: skip


def member(size: Size, number: int) -> Member:
    """The n-th member; nobody signs in with a password here."""
    chance = random.Random(number)
    mine = number % size.companies
    return Member(
        id=number + 1, store_id=size.store_id(mine % size.stores), company_id=mine + 1, password="!",
        email=f"member{number}@companies.example", name=f"{chance.choice(FAMILY)} {chance.choice(GIVEN)}",
        kana="テスト", department="情報システム部", role=Member.Role.ADMIN, created_at=clock.now(),
        email_verified_at=clock.now(),
    )  # fmt: skip
