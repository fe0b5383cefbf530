"""By which numbers a line at a vendor is called: in the vendor's files, in names of certificates, by the desk.

Order numbers are each store's own, so one alone may mean several lines; `of` gives the one number that means a single line.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

from django.utils.translation import gettext as _

from licenseonline.kit.text import HYPHENS
from licenseonline.sales.models import OrderLine, VendorOrderLine

_DASH: Final = re.compile(f"[{HYPHENS}]")
_SPACE: Final = re.compile(r"\s+")


def fold(text: str) -> str:
    """As numbers are compared: in any width and case, with any hyphen, without spaces."""
    plain = unicodedata.normalize("NFKC", _DASH.sub("-", text))
    return _SPACE.sub("", _DASH.sub("-", plain)).upper()


def places(vendor_orders: Iterable[int]) -> dict[int, int]:
    """By order line, the number of the line in its vendor order, counted from 1 as in the vendor's file. One query."""
    found: dict[int, int] = {}
    counts: dict[int, int] = {}
    rows = VendorOrderLine.objects.filter(vendor_order__in=list(vendor_orders)).order_by("pk")
    for vendor_order, line in rows.values_list("vendor_order_id", "line_id"):
        found[line] = counts[vendor_order] = counts.get(vendor_order, 0) + 1
    return found


def order_of(line: OrderLine) -> str:
    """The order's number, together with its store: 87465-P2611-00001."""
    return f"{line.store_id}-{line.order.number}"


def of(line: OrderLine, place: int) -> str:
    """The number that means this line alone: the vendor order's and the line's, else the store's, the order's and the line's."""
    ordered = line.vendor_order
    return f"{ordered.number}-{place}" if ordered and ordered.number else f"{order_of(line)}-{line.position}"


def every(line: OrderLine, place: int) -> frozenset[str]:
    """All numbers that may mean the line (with its order and vendor order), folded."""
    order, ordered = line.order.number, line.vendor_order
    names = [of(line, place), order, order_of(line), f"{order}-{line.position}", f"{order_of(line)}-{line.position}"]
    names += [ordered.number, ordered.reference] if ordered else []
    return frozenset(fold(name) for name in names if name)


def how(names: Iterable[str]) -> str:
    """What to write where a number means several lines; `names` are those of some of them."""
    message = _("番号に当てはまる明細が複数あります。発注番号-明細番号（%(names)s）の形で書いてください。")
    return message % {"names": _("、").join(names)}
