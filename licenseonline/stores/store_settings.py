"""What the desk sets about a store. Whatever is typed, the pages keep their layout, their law notices and their contrast."""

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings as django_settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from licenseonline.kit import clock, colours, corporate_numbers, pictures, rights, states, svg
from licenseonline.kit.actors import Actor
from licenseonline.kit.errors import Refused
from licenseonline.kit.rights import Right
from licenseonline.records import history
from licenseonline.stores import stores
from licenseonline.stores.models import Commission, PaymentMethod, Store, StoreHoliday

LEAST_CONTRAST: Final = 4.5  # of white on a colour, and of the colour on white: WCAG 2.2, 1.4.3
FIELDS: Final = (
    "name", "tagline", "introduction", "host", "brand", "accent", "seller_name", "seller_postal_code", "seller_address",
    "seller_representative", "registration_number", "bank_account", "desk_name", "desk_email", "desk_phone", "desk_hours", "quote_days",
    "payment_days", "rounding", "terms_version", "terms", "approves_companies", "payment_methods",
)  # fmt: skip
FILES: Final = ("logo_svg", "seal_png")  # what `logo` and `seal` make
_LABEL: Final = re.compile(r"^(?!-)[a-z0-9-]{1,63}(?<!-)$")


@rights.needs(Right.MANAGE_STORES)
def change(store: Store, settings: Mapping[str, Any], *, by: Actor, based_on: str | None = None) -> None:
    """Change what is given of FIELDS, and `logo` and `seal` (bytes of a file, empty to take it away); history has both values.

    `based_on` is the `digest` of the settings as whoever changes them saw them. Refused: `changed` (they are others by now),
    `terms_version` (other terms need another version, which members accept anew), `payment_methods`; as `check`.
    """
    before = facts(states.lock(store))
    check_unchanged(store, based_on)
    put_changes(store, settings)
    save(store, before, by=by)


def put_changes(store: Store, settings: Mapping[str, Any]) -> None:
    """As `put`, for a store that has members: other terms need another version. Refused: `terms_version`; as `put`."""
    terms, version = store.terms, store.terms_version
    put(store, settings)
    if store.terms != terms and store.terms_version == version:
        hint = _("販売条件の文面を変えるときは、版も新しくしてください。お客様の同意は版ごとに記録されます。")
        raise Refused(hint, code="terms_version", field="terms_version")


@rights.needs(Right.MANAGE_STORES)
def save(store: Store, before: Mapping[str, Any], *, by: Actor) -> None:
    """Write what differs from `before` (the `facts` of the locked row), with history. For verbs that have checked the rest."""
    after = facts(store)
    changed = {name: [before[name], after[name]] for name in after if after[name] != before[name]}
    if changed:
        store.save(update_fields=[name for name in (*FIELDS, *FILES) if name in changed])
        history.record_platform(store, "store.changed", by=by, **changed)


def digest(store: Store) -> str:
    """What tells whether any setting was changed since."""
    return hashlib.sha256(json.dumps(facts(store), sort_keys=True).encode()).hexdigest()


def check_unchanged(store: Store, based_on: str | None) -> None:
    """Refused (`changed`) when the settings are no longer those of that digest."""
    if based_on is not None and based_on != digest(store):
        hint = _(
            "入力されている間に、別の担当者がこのストアの設定を変更しました。最新の設定を開き、もう一度変更してください。"
        )
        raise Refused(hint, code="changed")


@rights.needs(Right.MANAGE_STORES)
def set_holidays(store: Store, days: Mapping[date, str], *, by: Actor) -> None:
    """The store's own closed days from today on, in place of those of before; past ones stay. Refused: `day` (in the past)."""
    if any(day < clock.today() for day in days):
        raise Refused(_("過去の日付が含まれています。今日以降の日付を入力してください。"), code="day", field="holidays")
    states.lock(store)
    coming = StoreHoliday.objects.filter(store=store, day__gte=clock.today())
    before = {one.day: one.name for one in coming}
    if before == dict(days):
        return
    coming.delete()
    StoreHoliday.objects.bulk_create(
        StoreHoliday(store=store, day=day, name=name) for day, name in sorted(days.items())
    )
    history.record_platform(store, "store.holidays", by=by, holidays=[_lines(before), _lines(days)])


@rights.needs(Right.MANAGE_STORES)
def agree_commission(store: Store, *, per_mille: int, from_day: date, by: Actor) -> None:
    """What the partner earns on sales from that day on, per mille of the net amount; orders of before keep theirs.

    Refused: `day`, field `from_day` (in the past: it would contradict statements).
    """
    if from_day < clock.today() and store.state != Store.State.DRAFT:
        raise Refused(_("今日以降の日付を入力してください。"), code="day", field="from_day")
    states.lock(store)
    old = Commission.objects.filter(store=store, from_day=from_day).values_list("per_mille", flat=True).first()
    Commission.objects.update_or_create(store=store, from_day=from_day, defaults={"per_mille": per_mille})
    day = from_day.isoformat()
    history.record_platform(store, "store.commission", by=by, per_mille=[old, per_mille], from_day=day)


def put(store: Store, settings: Mapping[str, Any]) -> None:
    """Put the given settings on the object and check all of it; nothing is saved. Refused: as `check`, `logo`, `seal`, `payment_methods`."""
    number = store.registration_number
    for name in FIELDS:
        if name in settings:
            setattr(store, name, _typed(settings[name], getattr(store, name)))
    if "payment_methods" in settings:
        _check_payable(store)
    store.host = store.host.strip().rstrip(".").lower()
    if store.registration_number and store.registration_number != number:
        store.registration_number = _registration(store.registration_number)
    if settings.get("logo") is not None:
        store.logo_svg = _logo(settings["logo"])
    if settings.get("seal") is not None:
        store.seal_png = pictures.png(settings["seal"], field="seal")[0] if settings["seal"] else b""
    check(store)


def _typed(value: Any, before: Any) -> Any:
    """The value with one kind of line break; browsers send another, and forms strip the ends, which is no change."""
    if not isinstance(value, str):
        return value
    text = value.replace("\r\n", "\n")
    return before if isinstance(before, str) and text.strip() == before.replace("\r\n", "\n").strip() else text


def check(store: Store) -> None:
    """Refused, field each: `contrast` (brand, accent), `host` (no host name, the platform's or another store's), `invalid`."""
    try:
        store.full_clean(exclude=["id", "host"], validate_unique=False, validate_constraints=False)
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise Refused(messages[0], code="invalid", field=field) from None
    for field in ("brand", "accent"):
        reached = colours.contrast(getattr(store, field), "#ffffff")
        if reached < LEAST_CONTRAST:
            hint = _(
                "この色は白との明暗の差が %(reached).1f:1 で、文字が読みにくくなります。4.5:1以上の濃い色にしてください。"
            )
            raise Refused(hint % {"reached": reached}, code="contrast", field=field)
    if store.host:
        _check_host(store)


def facts(store: Store) -> dict[str, Any]:
    """The settings as the history keeps them: texts as typed, files by a digest."""
    known: dict[str, Any] = {name: getattr(store, name) for name in FIELDS}
    logo, seal = store.logo_svg.encode(), bytes(store.seal_png)
    ways = _("・").join(states.label(PaymentMethod, method) for method in stores.pays_by(store))
    return {**known, "payment_methods": ways, "logo_svg": _digest(logo), "seal_png": _digest(seal)}


def _check_payable(store: Store) -> None:
    store.payment_methods = list(stores.pays_by(store))
    if not store.payment_methods:
        hint = _("お支払方法を1つ以上選択してください。")
    elif set(store.payment_methods) - set(stores.PAYABLE):
        hint = _("クレジットカードと後払いは、決済サービスの接続がまだないため選択できません。")
    else:
        return
    raise Refused(hint, code="payment_methods", field="payment_methods")


def _check_host(store: Store) -> None:
    labels = store.host.split(".")
    if len(store.host) > 253 or len(labels) < 2 or not all(map(_LABEL.match, labels)) or labels[-1].isdigit():  # noqa: PLR2004  (RFC 1035)
        raise _host(_("ホスト名は license.example.co.jp のように、半角の英数字とハイフンで入力してください。"))
    own = {urlsplit(django_settings.SITE_URL).hostname, *(name.lstrip(".") for name in django_settings.ALLOWED_HOSTS)}
    if any(store.host == name or store.host.endswith(f".{name}") for name in own if name):
        raise _host(_("このホスト名はプラットフォームで使われています。"))
    if Store.objects.filter(host=store.host).exclude(pk=store.pk).exists():
        raise _host(_("このホスト名は、ほかのストアで使われています。"))


def _host(message: str) -> Refused:
    return Refused(message, code="host", field="host")


def _registration(typed: str) -> str:
    try:
        return f"T{corporate_numbers.normalize(typed)}"
    except Refused:
        hint = _("登録番号は「T」と13桁の数字です。数字に誤りがないかお確かめください。")
        raise Refused(hint, code="registration_number", field="registration_number") from None


def _logo(content: bytes) -> str:
    """As a drawing: an SVG from its harmless parts, a PNG drawn anew."""
    if not content.startswith(pictures.SIGNATURE):
        return svg.sanitized(content) if content else ""
    png, width, height = pictures.png(content, field="logo")
    return svg.picture(base64.b64encode(png), width, height)


def _lines(days: Mapping[date, str]) -> str:
    return "\n".join(f"{day.isoformat()} {name}" for day, name in sorted(days.items()))


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:12] if content else ""
