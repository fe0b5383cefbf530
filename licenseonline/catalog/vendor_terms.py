"""When a term begins and ends by the vendor's rule, and what a part of a term costs."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from licenseonline.catalog.models import PurchaseType, VendorRule
from licenseonline.kit import terms
from licenseonline.kit.errors import Refused

_FOLLOWING = {PurchaseType.RENEWAL, PurchaseType.UPGRADE, PurchaseType.CROSSGRADE}


@dataclass(frozen=True, slots=True)
class Held:
    """What the customer has: units, and the first and last day of the contract (without an end it is perpetual)."""

    units: int
    first_day: date
    last_day: date | None


@dataclass(frozen=True, slots=True)
class Purchase:
    """What is bought: the SKU's purchase type and months (None: perpetual), by whom it follows, and what is wished."""

    purchase_type: str
    months: int | None
    held: Held | None = None
    free_months: int = 0
    wished_start: date | None = None
    wished_end: date | None = None


def starts_on(rule: VendorRule, purchase: Purchase, *, delivered: date) -> date:
    """The first day: of a renewal the day after the old end, else as the rule says of the day of delivery.

    Refused (`starts_on`): a wished day before the delivery. Days of the month on which the vendor begins nothing are passed.
    """
    old_end = _followed(purchase)
    if old_end:
        return old_end + timedelta(days=1)
    first = delivered
    if rule.starts == VendorRule.Starts.NEXT_MONTH:
        first = terms.add_months(delivered.replace(day=1), 1)
    elif rule.starts == VendorRule.Starts.WISHED and purchase.wished_start:
        if purchase.wished_start < delivered:
            message = _("開始日は %(first)s 以降をご指定ください。") % {"first": _day(delivered)}
            raise Refused(message, code="starts_on", field="wished_start")
        first = purchase.wished_start
    while first.day in rule.never_starts_on:
        first += timedelta(days=1)
    return first


def new_end(rule: VendorRule, purchase: Purchase, *, starts: date, day: date) -> date | None:
    """The last day of the new term, bought on `day`; None when perpetual.

    What follows an old term is counted from its end, so that renewing early loses no day. What is added ends with the
    contract where the vendor co-terms, longer terms at a later anniversary of it. Refused: `most_months` when it is
    more than the vendor allows, together with what is left on `day` of the term that it follows; `wished_end` outside
    of the term.
    """
    end = _end(rule, purchase, starts)
    since = day if _followed(purchase) else starts
    if end and rule.most_months is not None and end > terms.last_day(since, rule.most_months):
        message = _("%(vendor)s の規定により、ご契約期間は残りの期間と合わせて%(months)sか月までです。より短い期間の型番をお選びください。") % {
            "vendor": rule.vendor.name, "months": rule.most_months,
        }  # fmt: skip
        raise Refused(message, code="most_months")
    return end


def _end(rule: VendorRule, purchase: Purchase, starts: date) -> date | None:
    held, months = purchase.held, purchase.months
    if _followed(purchase) is None and held and held.last_day:
        if rule.co_term == VendorRule.CoTerm.CONTRACT_END:
            return held.last_day
        if rule.co_term == VendorRule.CoTerm.ANNIVERSARY:
            return _at_anniversary(held.first_day, starts, months)
    if months is None:
        return None
    end = terms.last_day(starts, months + purchase.free_months)
    if rule.co_term == VendorRule.CoTerm.WISHED and purchase.wished_end:
        if not starts <= purchase.wished_end <= end:
            message = _("終了日は %(first)s から %(last)s までの間でご指定ください。") % {
                "first": _day(starts), "last": _day(end),
            }  # fmt: skip
            raise Refused(message, code="wished_end", field="wished_end")
        return purchase.wished_end
    return end


def _at_anniversary(first: date, starts: date, months: int | None) -> date:
    """The eve of the contract's next anniversary after `starts`; of terms over a year, of as many years later."""
    years = terms.whole_months(first, starts - timedelta(days=1)) // 12 + 1
    later = max((months or 12) - 12, 0)
    return terms.last_day(first, years * 12 + later)


def _followed(purchase: Purchase) -> date | None:
    """The end of the term that the new one follows, if it follows one."""
    follows = purchase.held is not None and purchase.purchase_type in _FOLLOWING
    return purchase.held.last_day if follows and purchase.held else None


def prorated(rule: VendorRule, yen: int, *, months: int, starts: date, end: date) -> int:
    """What a term of which `yen` pays `months` costs from `starts` to `end`: by begun months, by days, or all of it.

    Whole yen, rounded down.
    """
    if rule.proration == VendorRule.Proration.MONTHS:
        return yen * terms.begun_months(starts, end) // months
    if rule.proration == VendorRule.Proration.DAYS:
        whole = (terms.last_day(starts, months) - starts).days + 1
        return yen * ((end - starts).days + 1) // whole
    return yen


def _day(day: date) -> str:
    return _("%(year)s年%(month)s月%(day)s日") % {"year": day.year, "month": day.month, "day": day.day}
