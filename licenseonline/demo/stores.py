"""The two stores of the demo and their partners. Everybody and everything here is invented."""

from datetime import date
from pathlib import Path

from licenseonline.kit import clock
from licenseonline.kit.money import Rounding
from licenseonline.stores.models import Commission, Partner, Store, StoreHoliday

DATA = Path(__file__).parent / "data"
ELSAT, MINATO = 87465, 193808
TERMS_VERSION = "2026-04-01"
_HOLIDAYS = {  # 弊社指定休業日: month and day
    "年末年始休業": [(12, 29), (12, 30), (12, 31), (1, 2), (1, 3)],
    "夏季休業": [(8, 13), (8, 14)],
}
_FACTS: dict[int, dict[str, object]] = {
    ELSAT: {
        "name": "エルサットストア",
        "tagline": "法人向けソフトウェアライセンスを、お見積から納品まで",
        "introduction": (
            "エルサットストアは、企業・教育機関・官公庁のお客様のためのソフトウェアライセンス専門ストアです。"
            "国内で流通する主要メーカーの製品を型番から選び、その場で御見積書をお作りいただけます。"
            "更新時期や購入形態で迷われたときは、ライセンス専任の担当者がお手伝いします。"
        ),
        "brand": "#1f4e79",
        "accent": "#0b7a75",
        "seller_name": "エルサット商事株式会社",
        "seller_postal_code": "101-0021",
        "seller_address": "東京都千代田区外神田0丁目0番1号 エルサットビル5階",
        "seller_representative": "代表取締役 外神田 一郎",
        "registration_number": "T5010001999101",
        "bank_account": "みほん銀行 外神田支店 普通 0087465 エルサットシヨウジ（カ",
        "desk_name": "エルサットストア ライセンス窓口",
        "desk_email": "license@elsat.example.jp",
        "desk_phone": "03-0000-8746",
        "desk_hours": "平日 10:00～12:00、13:00～17:00（弊社指定休業日を除く）",
    },
    MINATO: {
        "name": "みなとライセンスストア",
        "tagline": "情報システム部門のための、ライセンス調達の窓口",
        "introduction": (
            "みなとライセンスストアは、情報システム部門のご担当者様に向けたライセンスストアです。"
            "セキュリティ・バックアップ・仮想化を中心に製品をしぼり、導入後の更新まで同じ担当者がご案内します。"
            "お見積は14日間有効ですので、社内の稟議にもゆとりをもってお使いいただけます。"
        ),
        "brand": "#7a1f3d",
        "accent": "#8a4b08",
        "seller_name": "みなと情報販売株式会社",
        "seller_postal_code": "220-0012",
        "seller_address": "神奈川県横浜市西区みなとみらい0丁目0番2号 港情報センター12階",
        "registration_number": "T8010401999202",
        "bank_account": "みほん銀行 みなと支店 普通 0193808 ミナトジヨウホウハンバイ（カ",
        "desk_name": "みなと情報販売 ソフトウェア営業課",
        "desk_email": "software@minato.example.jp",
        "desk_phone": "03-0000-1938",
        "desk_hours": "平日 9:30～12:00、13:00～17:30（弊社指定休業日を除く）",
        "quote_days": 14,
        "payment_days": 10,
        "rounding": Rounding.HALF_UP,
    },
}
_PARTNERS = {ELSAT: ("SP10001", "エルサット商事株式会社"), MINATO: ("SP10002", "みなと情報販売株式会社")}
_COMMISSION_PER_MILLE = {ELSAT: 50, MINATO: 35}
_TERMS = """\
本見積の価格は、有効期限の日の24時（日本時間）まで有効です。その間に価格改定があっても変わりません。
お支払いは銀行振込（前払い）です。ご注文後{payment_days}営業日以内にお振り込みください。振込手数料はお客様のご負担となります。
ご入金を確認した後にメーカーへ発注します。納期はメーカー発注後の目安であり、確約するものではありません。
メーカーへの発注後は、お客様のご都合による取消・返品・数量や型番の変更はお受けできません。
追加・更新・乗換・アップグレード・切替の数量は、ご保有の数量を上限とします。確認書類のご提出をお願いする場合があります。
製品のご使用には、各メーカーの使用許諾契約への同意が必要です。手配のため、使用者情報をメーカーへ提供します。
日本国内に所在する法人・団体のお客様への販売に限ります。転売を目的とするご購入はお断りします。
本サイトはデモ環境です。表示価格はデモ用の価格であり、実際の契約・請求・納品は発生しません。
"""


def make() -> dict[int, Store]:
    """The stores with their partners, holidays and commissions, by number."""
    made = {number: _store(number, facts) for number, facts in _FACTS.items()}
    for store in made.values():
        StoreHoliday.objects.bulk_create(_holidays(store))
        Commission.objects.create(store=store, from_day=date(2026, 4, 1), per_mille=_COMMISSION_PER_MILLE[store.pk])
    return made


def _store(number: int, facts: dict[str, object]) -> Store:
    spid, partner_name = _PARTNERS[number]
    store = Store(
        id=number,
        partner=Partner.objects.create(spid=spid, name=partner_name),
        logo_svg=(DATA / f"logo-{number}.svg").read_text(),
        seal_png=(DATA / f"seal-{number}.png").read_bytes(),
        terms_version=TERMS_VERSION,
        **facts,
    )
    store.terms = _TERMS.format(payment_days=store.payment_days)
    store.full_clean()
    store.save()
    return store


def _holidays(store: Store) -> list[StoreHoliday]:
    """This year's and the next two: the demo is used on any day."""
    year = clock.today().year
    return [
        StoreHoliday(store=store, day=date(later, month, day), name=name)
        for later in range(year, year + 3)
        for name, days in _HOLIDAYS.items()
        for month, day in days
    ]
