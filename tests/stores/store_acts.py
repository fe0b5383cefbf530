"""A store as tests prepare it."""

from typing import Any

from licenseonline.stores import openings
from licenseonline.stores.models import Store
from tests.world import World

SETTINGS: dict[str, Any] = {
    "name": "北ストア", "tagline": "", "introduction": "", "host": "", "brand": "#1f4e79", "accent": "#0b7a75",
    "seller_name": "北日本販売株式会社", "seller_postal_code": "060-0001", "seller_address": "北海道札幌市中央区0-0-0",
    "registration_number": "", "bank_account": "みほん銀行 札幌支店 普通 0000001", "desk_name": "窓口",
    "desk_email": "desk@kita.example", "desk_phone": "03-0000-0000", "desk_hours": "平日10:00～17:00", "quote_days": 7,
    "payment_days": 7, "rounding": "floor", "terms_version": "2026-11-01", "terms": "前払いです。", "approves_companies": False,
    "payment_methods": ["transfer"],
}  # fmt: skip


def prepared(world: World, number: int = 55555, **changes: object) -> Store:
    partner = world.elsat.partner
    return openings.prepare(number, partner=partner, settings={**SETTINGS, **changes}, by=world.operator)
