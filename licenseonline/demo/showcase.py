"""What makes the demo's shops look lived in: campaigns around today, and pictures drawn here (vendors' logos are theirs)."""

import io
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

from PIL import Image, ImageDraw

from licenseonline.accounts.models import User
from licenseonline.catalog import pictures
from licenseonline.catalog.models import Campaign, CampaignItem, Product, Sku, Vendor
from licenseonline.demo.stores import ELSAT, MINATO
from licenseonline.kit import clock
from licenseonline.stores.models import Store

_SIZE: Final = 640
_COLOURS: Final = (("#e4eefb", "#2f6fb5"), ("#e3f3ea", "#2c8a5b"), ("#fbeede", "#c0702a"), ("#f0e8f8", "#7b53ad"))
_PICTURES: Final = {
    "virusbuster-business-security-services": "shield",
    "eset-protect-entry-onpremises": "shield",
    "eset-protect-entry-cloud": "cloud",
    "microsoft-365-business-standard": "sheets",
    "adobe-acrobat-pro-teams": "sheets",
    "acronis-cyber-protect-server": "box",
    "windows-server-2025-standard": "box",
}


class _Told(NamedTuple):
    """A campaign: days before and after today, what it is about with per mille off."""

    store: int
    code: str
    title: str
    summary: str
    body: str
    begins: int
    ends: int
    products: dict[str, int]
    vendors: dict[str, int]


_CAMPAIGNS: Final = (
    _Told(
        ELSAT, "security-renewal", "セキュリティ更新応援キャンペーン",
        "ESET と Trend Micro Apex One の対象製品を、期間中は5%引きでご提供します。",
        "期限が近いライセンスの更新や、台数の追加にご利用ください。\n\n"
        "## ご利用方法\n\n"
        "- 期間中に発行したお見積に、キャンペーン価格が自動で適用されます。\n"
        "- お見積の有効期限までにご注文いただければ、終了後もお見積の価格でご購入いただけます。\n"
        "- 御社専用の価格がある場合は、安いほうの価格になります。",
        10, 35, {"trend-micro-apex-one": 50, "eset-protect-entry-onpremises": 50, "eset-protect-entry-cloud": 50}, {},
    ),
    _Told(
        ELSAT, "backup-check", "バックアップ見直しキャンペーン",
        "アクロニス製品を期間中は8%引きでご提供します。",
        "年度末に向けて、サーバーとパソコンのバックアップを見直しませんか。\n\n"
        "構成のご相談は、窓口で無料で承ります。",
        3, 60, {}, {"acronis": 80},
    ),
    _Told(
        MINATO, "sophos-start", "ソフォス はじめて割",
        "ソフォスのエンドポイント製品を期間中は10%引きでご提供します。",
        "他社製品からの**乗り換え**にもご利用いただけます。乗換の型番は、製品ページでご確認ください。",
        7, 21, {"sophos-endpoint": 100}, {},
    ),
    _Told(
        ELSAT, "spring-office", "新年度オフィス準備キャンペーン",
        "新年度に向けて、PDF 製品を7%引きでご提供します。",
        "人数が増える時期に合わせて、まとめてご準備いただけます。",
        -45, 90, {"adobe-acrobat-pro-teams": 70, "adobe-acrobat-standard-teams": 70}, {},
    ),
)  # fmt: skip


def make(stores: Mapping[int, Store], *, operator: User) -> None:
    """Two campaigns run at the one store and one at the other; one is still to come. Some products have pictures."""
    for number, (code, shape) in enumerate(_PICTURES.items()):
        product = Product.objects.get(code=code)
        pictures.put(product, _drawn(shape, *_COLOURS[number % len(_COLOURS)]), by=operator)
    for told in _CAMPAIGNS:
        _campaign(told, stores[told.store], clock.today())


def _campaign(told: _Told, store: Store, today: date) -> None:
    days = {"from_day": today - timedelta(told.begins), "to_day": today + timedelta(told.ends)}
    texts = {"title": told.title, "summary": told.summary, "body": told.body}
    made = Campaign.objects.create(store=store, code=told.code, is_published=True, **texts, **days)
    about: list[dict[str, Any]] = [
        *({"product": Product.objects.get(code=code), "per_mille_off": off} for code, off in told.products.items()),
        *({"vendor": Vendor.objects.get(code=code), "per_mille_off": off} for code, off in told.vendors.items()),
    ]
    if told.code == "backup-check":  # one SKU with a price of its own
        cheap = Sku.objects.filter(product__code="acronis-cyber-protect-workstation").order_by("id")[0]
        about.append({"sku": cheap, "per_mille_off": 150})
    CampaignItem.objects.bulk_create(CampaignItem(store=store, campaign=made, **one) for one in about)


def _drawn(shape: str, paper: str, ink: str) -> bytes:
    """A simple shape on a tinted square, as PNG."""
    image = Image.new("RGB", (_SIZE, _SIZE), paper)
    draw, light = ImageDraw.Draw(image), "#ffffff"
    if shape == "shield":
        draw.polygon([(320, 110), (500, 170), (500, 330), (320, 530), (140, 330), (140, 170)], fill=ink)
        draw.line([(235, 315), (300, 385), (410, 245)], fill=light, width=36, joint="curve")
    elif shape == "cloud":
        for box in ((120, 290, 330, 480), (210, 180, 430, 420), (340, 270, 530, 480)):
            draw.ellipse(box, fill=ink)
        draw.rectangle((220, 380, 440, 480), fill=ink)
    elif shape == "sheets":
        draw.rounded_rectangle((230, 120, 500, 470), 24, fill=light, outline=ink, width=14)
        draw.rounded_rectangle((140, 180, 410, 530), 24, fill=ink)
        for top in (260, 330, 400):
            draw.line([(190, top), (360, top)], fill=light, width=20)
    else:
        for top in (130, 270, 410):
            draw.rounded_rectangle((130, top, 510, top + 110), 20, fill=ink)
            draw.ellipse((430, top + 40, 460, top + 70), fill=light)
    made = io.BytesIO()
    image.save(made, "PNG")
    return made.getvalue()
