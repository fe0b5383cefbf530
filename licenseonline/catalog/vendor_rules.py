"""Vendors' rules (メーカーの規定): which one counts for a purchase, and when, how many and at which band it allows.

The rules are dated rows (`VendorRule`); what they say of starts, ends and parts of a term is in `vendor_terms`. Days are
Japan's; a contract's end is its last day. Refusals name the vendor and the rule, and say what to do.
"""

from collections.abc import Collection, Iterable
from datetime import date, timedelta

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from licenseonline.catalog.models import PurchaseType, Sku, VendorRule
from licenseonline.kit import calendar, states, terms
from licenseonline.kit.errors import Refused


def of(sku: Sku, *, day: date) -> VendorRule | None:
    """The rule for buying this SKU on that day: the most particular, of several the one begun last; None without any.

    Product before purchase type before program. One query.
    """
    return applying(product_id=sku.product_id, purchase_type=sku.purchase_type, program=sku.program, day=day)


def applying(*, product_id: int, purchase_type: str, program: str, day: date) -> VendorRule | None:
    """As `of`, for a product, purchase type and program."""
    fitting = VendorRule.objects.filter(
        Q(product=None) | Q(product=product_id),
        vendor__products=product_id,
        purchase_type__in=["", purchase_type],
        program__in=["", program],
        from_day__lte=day,
    )
    # Those of all products, types and programs are null and "", which stand last and first.
    ordered = fitting.order_by("product_id", "-purchase_type", "-program", "-from_day")
    return ordered.select_related("vendor").first()


def of_all(skus: Iterable[Sku], *, day: date) -> dict[int, VendorRule]:
    """As `of`, for many SKUs with their products, by SKU; absent without a rule. One query."""
    wanted = [(sku, day) for sku in skus]
    return {sku.pk: rule for (sku, _day), rule in zip(wanted, of_days(wanted), strict=True) if rule}


def of_days(wanted: Collection[tuple[Sku, date]]) -> list[VendorRule | None]:
    """As `of`, for many SKUs with their products, each on its own day, in the order of `wanted`. One query."""
    vendors = {sku.product.vendor_id for sku, _day in wanted}
    until = max((day for _sku, day in wanted), default=date.min)
    rows = list(VendorRule.objects.filter(vendor__in=vendors, from_day__lte=until).select_related("vendor"))
    rows.sort(key=lambda rule: (bool(rule.product_id), rule.purchase_type, rule.program, rule.from_day), reverse=True)
    return [next((rule for rule in rows if rule.from_day <= day and _fits(rule, sku)), None) for sku, day in wanted]


def _fits(rule: VendorRule, sku: Sku) -> bool:
    return (
        rule.vendor_id == sku.product.vendor_id
        and rule.product_id in {None, sku.product_id}
        and rule.purchase_type in {"", sku.purchase_type}
        and rule.program in {"", sku.program}
    )


def before(end: date, span: str) -> date | None:
    """The day that lies a span ("30d", "4m") before a contract's end; None without a span.

    A month has as many days as it has: 4 months before 2027-06-30 is 2027-02-28.
    """
    return _moved(end, span, -1)


def after(end: date, span: str) -> date | None:
    """As `before`, after the end: until when the span runs, that day included."""
    return _moved(end, span, 1)


def _moved(day: date, span: str, way: int) -> date | None:
    if not span:
        return None
    number = way * int(span[:-1])
    return terms.add_months(day, number) if span.endswith("m") else day + timedelta(days=number)


def opens(rule: VendorRule, end: date) -> date | None:
    """From which day what follows a contract that ends on `end` may be bought; None: at any time before."""
    return before(end, rule.opens_before)


def closes(rule: VendorRule, end: date) -> date | None:
    """The last day on which it may be bought; None: at any time after."""
    return after(end, rule.closes_after)


def check_window(rule: VendorRule, end: date, *, day: date) -> None:
    """Refuse (`too_early`, `too_late`) a day on which the vendor does not take orders for a contract that ends on `end`."""
    first, last = opens(rule, end), closes(rule, end)
    if first and day < first:
        message = _("%(rule)s、%(kind)sのお申し込みは %(first)s から承ります（契約終了日：%(end)s）。") % {
            "rule": _by(rule), "kind": _kind(rule), "first": _day(first), "end": _day(end),
        }  # fmt: skip
        raise Refused(message, code="too_early")
    if last and day > last:
        message = _("%(rule)s、%(kind)sのお申し込みは %(last)s までです（契約終了日：%(end)s）。新規の型番をお選びください。") % {
            "rule": _by(rule), "kind": _kind(rule), "last": _day(last), "end": _day(end),
        }  # fmt: skip
        raise Refused(message, code="too_late")


def most(rule: VendorRule, *, held: int, of_packages: bool = False) -> int | None:
    """How many units may be bought by who holds `held` (of a competitor's packages where they are such); None: any number."""
    per_mille = rule.cap_per_mille
    if of_packages and rule.package_cap_per_mille is not None:
        per_mille = rule.package_cap_per_mille
    return None if per_mille is None else held * per_mille // 1000


def behind(rule: VendorRule | None, quantity: int, *, of_packages: bool = False) -> int:
    """How many held units stand behind so many bought, the reverse of `most`: as many where the vendor has no cap."""
    per_mille = rule and (rule.package_cap_per_mille if of_packages else rule.cap_per_mille)
    return -(-quantity * 1000 // per_mille) if per_mille else quantity


def check_cap(rule: VendorRule, quantity: int, *, held: int, of_packages: bool = False) -> None:
    """Refuse (`cap`) more units than the vendor allows to who holds `held`."""
    allowed = most(rule, held=held, of_packages=of_packages)
    if allowed is not None and quantity > allowed:
        message = _("%(rule)s、お持ちの数が %(held)s のとき、%(kind)sでご購入いただけるのは %(most)s までです。") % {
            "rule": _by(rule), "kind": _kind(rule), "held": f"{held:,}", "most": f"{allowed:,}",
        }  # fmt: skip
        raise Refused(message, code="cap", field="quantity")


def units(rule: VendorRule | None, quantity: int, *, held: int = 0) -> int:
    """The number that decides the price band: the quantity, or with the units held where the vendor says so.

    Only the quantity is charged. Without a rule the quantity decides.
    """
    is_total = rule is not None and rule.band_by == VendorRule.BandBy.HELD_PLUS_ADDED
    return held + quantity if is_total else quantity


def needs_renewal_too(rule: VendorRule, *, day: date, end: date) -> bool:
    """Whether units added on `day` to a contract that ends on `end` need renewal SKUs beside the additional ones."""
    months = rule.renewal_with_addition_from
    return months is not None and terms.last_day(day, months) <= end


def free_months(rule: VendorRule, *, day: date, rest_until: date, is_cloud: bool) -> int:
    """How many months of a competitor's term that runs until `rest_until` are granted free: complete ones, up to the most.

    The vendor decides upon the proof; less than a month is not promised.
    """
    bound = rule.most_free_months
    if is_cloud and rule.most_free_months_cloud is not None:
        bound = rule.most_free_months_cloud
    return 0 if bound is None or rest_until < day else min(terms.whole_months(day, rest_until), bound)


def cut_off(rule: VendorRule, wished: date, holidays: frozenset[date] = calendar.NO_DAYS) -> date | None:
    """The last day to order what shall begin on `wished`, in the store's business days (stores.holidays); None: any."""
    days = rule.cut_off_business_days
    return None if days is None else calendar.business_days_before(wished, days, holidays)


def check_cut_off(rule: VendorRule, wished: date, *, day: date, holidays: frozenset[date] = calendar.NO_DAYS) -> None:
    """Refuse (`cut_off`) an order on `day` for a start on `wished` that the vendor can no longer take."""
    last = cut_off(rule, wished, holidays)
    if last and day > last:
        message = _("%(rule)s、%(wished)s 開始のご注文は %(last)s までに承ります（開始日の%(days)s営業日前）。") % {
            "rule": _by(rule), "wished": _day(wished), "last": _day(last), "days": rule.cut_off_business_days,
        }  # fmt: skip
        raise Refused(message, code="cut_off")


def may_cancel(rule: VendorRule, *, bought_on: date, day: date) -> bool:
    """Whether a purchase or renewal of `bought_on` may still be cancelled or reduced on `day`; without a rule it may.

    The day of purchase is the first: vendors count hours, and what ends within a day is not promised for all of it.
    """
    last = cancel_until(rule, bought_on)
    return rule.cancel_days is None or (last is not None and day <= last)


def cancel_until(rule: VendorRule, bought_on: date) -> date | None:
    """The last day to cancel or reduce what was bought on that day; None where the rule names no day, or never allows it."""
    return _last_of(rule.cancel_days, bought_on) if rule.cancel_days else None


def _last_of(days: int, bought_on: date) -> date:
    return bought_on + timedelta(days=days - 1)


def cancel_in_words(rule: VendorRule, *, bought_on: date | None) -> str:
    """What is said of cancelling beforehand; nothing where the rule says nothing. `bought_on` is None before the purchase."""
    if rule.cancel_days is None:
        return ""
    if rule.cancel_days == 0:
        return _("%(rule)s、メーカーへの発注後の解約と数量の削減はできません。") % {"rule": _by(rule)}
    if bought_on is None:
        message = _(
            "%(rule)s、解約と数量の削減はメーカーへの発注日から%(days)s日以内（発注日を含みます）に限られます。"
        )
        return message % {"rule": _by(rule), "days": rule.cancel_days}
    last = _last_of(rule.cancel_days, bought_on)
    return _("%(rule)s、解約と数量の削減は%(last)sまでに限られます。") % {"rule": _by(rule), "last": date_format(last)}


def check_cancel(rule: VendorRule, *, bought_on: date, day: date) -> None:
    """Refuse (`no_cancel`) to cancel or reduce when the vendor does not take it back."""
    if may_cancel(rule, bought_on=bought_on, day=day):
        return
    if not rule.cancel_days:
        message = _("%(rule)s、ご契約期間中の解約と数量の削減はできません。") % {"rule": _by(rule)}
    else:
        message = _(
            "%(rule)s、解約と数量の削減は購入・更新から%(days)s日以内（%(last)sまで）に限られます。次の更新のときにお申し付けください。"
        )
        last = _last_of(rule.cancel_days, bought_on)
        message %= {"rule": _by(rule), "days": rule.cancel_days, "last": date_format(last)}
    raise Refused(message, code="no_cancel")


def stop_until(rule: VendorRule, end: date) -> date | None:
    """Until when the vendor must be told that a contract which ends on `end` is not renewed; None: no such day."""
    return before(end, rule.stop_before)


def recommended_until(rule: VendorRule, end: date) -> date | None:
    """Until when the vendor asks to finish what follows a contract that ends on `end`; None: no such day."""
    return before(end, rule.recommended_before)


def notices(rule: VendorRule, end: date) -> list[date]:
    """On which days the customer is told about a contract that ends on `end`, in order."""
    return sorted(end - timedelta(days=days) for days in rule.notice_days)


def _by(rule: VendorRule) -> str:
    """By whose rule."""
    return _("%(vendor)s の規定により") % {"vendor": rule.vendor.name}


def _kind(rule: VendorRule) -> str:
    return states.label(PurchaseType, rule.purchase_type) if rule.purchase_type else _("お手続き")


def _day(day: date) -> str:
    return _("%(year)s年%(month)s月%(day)s日") % {"year": day.year, "month": day.month, "day": day.day}
