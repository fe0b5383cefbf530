"""Microsoft Partner Center's licence price sheet, with the columns as published.

A row's identity is product, SKU, term, billing plan and segment; together they are the model number. ERP Price is the
list price, UnitPrice the cost. Only rows of the Japanese market in yen that hold on the first day count; others are
skipped and counted. Prices per range of quantities are bands.
"""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _

from licenseonline.catalog.imports import cells
from licenseonline.catalog.imports.rows import Convert, Skipped, Staged, refused
from licenseonline.catalog.imports.words import header_key
from licenseonline.catalog.models import Billing, Delivery, Paper, Program, PurchaseType, Unit
from licenseonline.kit.text import fold, squash

MARKET, CURRENCY = "JP", "JPY"
NEEDED: Final = (
    "ProductTitle", "ProductId", "SkuId", "SkuTitle", "TermDuration", "BillingPlan", "Market", "Currency", "UnitPrice",
    "EffectiveStartDate", "EffectiveEndDate", "ERP Price", "Segment",
)  # fmt: skip
_MORE: Final = (
    "Publisher", "SkuDescription", "UnitOfMeasure", "PricingTierRangeMin", "PricingTierRangeMax", "Tags",
)  # fmt: skip
_TERMS: Final = {"p1m": 1, "p1y": 12, "p2y": 24, "p3y": 36, "p5y": 60}
_BILLING: Final = {
    "monthly": Billing.MONTHLY, "annual": Billing.YEARLY, "yearly": Billing.YEARLY, "triennial": Billing.ONCE,
    "none": Billing.ONCE, "onetime": Billing.ONCE, "one-time": Billing.ONCE, "upfront": Billing.ONCE,
}  # fmt: skip
_PROGRAMS: Final = {
    "commercial": (Program.CORPORATE, None),
    "education": (Program.ACADEMIC, Paper.ACADEMIC_PROOF),
    "government": (Program.GOVERNMENT, Paper.GOVERNMENT_PROOF),
    "charity": (Program.CORPORATE, Paper.APPLICATION_FORM),
    "nonprofit": (Program.CORPORATE, Paper.APPLICATION_FORM),
}
_MOST_DESCRIPTION: Final = 500


def is_sheet(headers: Sequence[str]) -> bool:
    """Whether these are the published columns."""
    folded = set(map(header_key, headers))
    return all(header_key(name) in folded for name in NEEDED)


def converter(headers: Sequence[str], *, from_day: date) -> Convert:
    """What makes typed values of the sheet's rows; None for rows of other markets and currencies."""
    folded = list(map(header_key, headers))
    at = {name: folded.index(header_key(name)) for name in (*NEEDED, *_MORE) if header_key(name) in folded}

    def convert(row: Sequence[str]) -> Staged | Skipped | None:
        if not any(cell.strip() for cell in row):
            return None
        said = {name: row[place].strip() if place < len(row) else "" for name, place in at.items()}
        if said["Market"].upper() != MARKET or said["Currency"].upper() != CURRENCY:
            return Skipped.OTHER_MARKET
        try:
            return _staged(said) if _holds(said, from_day) else Skipped.OTHER_DAYS
        except cells.Bad as bad:
            return refused(_identity(said), str(bad))

    return convert


def _identity(said: dict[str, str]) -> str:
    parts = (said[name] for name in ("ProductId", "SkuId", "TermDuration", "BillingPlan", "Segment"))
    return ":".join(squash(part) for part in parts)


def _staged(said: dict[str, str]) -> Staged:
    if not said["ProductId"] or not said["SkuId"]:
        raise cells.Bad(_("ProductId または SkuId がありません。"))
    number = cells.model_number(_identity(said))
    program, paper = _known(_PROGRAMS, said, "Segment")
    months = None if said["TermDuration"].lower() in {"", "none"} else _known(_TERMS, said, "TermDuration")
    first, last = _tier(said)
    title = cells.name(said["SkuTitle"]) or cells.name(said["ProductTitle"])
    fields: dict[str, Any] = {
        "code": cells.product_code(f"{said['ProductId']}:{said['SkuId']}"),
        "product": cells.product_name(said["SkuTitle"] or said["ProductTitle"]),
        "name": title,
        "purchase_type": PurchaseType.NEW,
        "program": program,
        "term_months": months,
        "term_until": None,
        "billing": _known(_BILLING, said, "BillingPlan"),
        "delivery": Delivery.PORTAL,
        "is_cloud": months is not None,
        **_extras(said, paper),
    }
    if first is not None:
        fields |= {"band_from": first, "band_to": last}
    list_yen, cost_yen = cells.list_price(said["ERP Price"]), cells.cost(said["UnitPrice"])
    return Staged(number, first, last, list_yen, cost_yen, json.dumps(fields, ensure_ascii=False))


def _extras(said: dict[str, str], paper: Paper | None) -> dict[str, Any]:
    found: dict[str, Any] = {"papers": [paper]} if paper else {}
    unit = fold(said.get("UnitOfMeasure", ""))
    found["unit"] = next((of for words, of in _UNITS.items() if words in unit), Unit.LICENCE)
    if description := squash(said.get("SkuDescription", ""))[:_MOST_DESCRIPTION]:
        found["description"] = description
    aliases = " ".join(part for part in (said.get("Tags", ""), said["ProductTitle"]) if part)
    if aliases := squash(aliases.replace(";", " "))[: cells.MOST_TEXT]:
        found["aliases"] = aliases
    return found


_UNITS: Final = {
    "user": Unit.USER,
    "device": Unit.DEVICE,
    "core": Unit.CORE,
    "server": Unit.SERVER,
    "gb": Unit.GIGABYTE,
}


def _known(words: dict[str, Any], said: dict[str, str], column: str) -> Any:
    found = words.get(said[column].lower())
    if found is None:
        message = _("%(column)s の値を取り込めません：%(text)s")
        raise cells.Bad(message % {"column": column, "text": squash(said[column])[:30] or _("（空）")})
    return found


def _tier(said: dict[str, str]) -> tuple[int | None, int | None]:
    """The range of quantities; both empty for a price that holds for all."""
    first, last = said.get("PricingTierRangeMin", ""), said.get("PricingTierRangeMax", "")
    ends = cells.number(last) if last else None
    begins = cells.number(first) if first.strip("0") else None
    if begins is None:
        return (None, None) if ends is None else (1, ends)
    if ends is not None and ends < begins:
        raise cells.Bad(_("PricingTierRangeMax が PricingTierRangeMin より小さくなっています。"))
    return begins, ends


def _holds(said: dict[str, str], day: date) -> bool:
    begins, ends = cells.day(said["EffectiveStartDate"]), cells.day(said["EffectiveEndDate"])
    return (begins is None or begins <= day) and (ends is None or ends >= day)
