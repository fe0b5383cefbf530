"""What the desk sees of one price list's import: how far it is, its rows by what they would do, and what a step means."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from licenseonline.backoffice import import_effects
from licenseonline.backoffice.requests import DeskRequest
from licenseonline.catalog.imports import mappings, price_imports
from licenseonline.catalog.models import ImportFormat, ImportOutcome, ImportRow, ImportState, PriceImport, Product
from licenseonline.catalog.models.choices import FOR_EVER
from licenseonline.kit import clock, whole_numbers

ROWS: Final = 50
WORKING: Final = {ImportState.UPLOADED, ImportState.READING, ImportState.APPLYING, ImportState.UNDOING}
DISCARDABLE: Final = {ImportState.UPLOADED, ImportState.READING, ImportState.CHECKED, ImportState.BROKEN}
_BADGES: Final = {
    ImportState.CHECKED: "wait",
    ImportState.BROKEN: "stop",
    ImportState.APPLIED: "delivered",
    ImportState.READING: "paid",
    ImportState.APPLYING: "paid",
    ImportState.UNDOING: "paid",
}
OTHER: Final = "other"  # the price stays, but not the name or the days of sale
_DOING: Final = (ImportOutcome.NEW, ImportOutcome.CHANGED, ImportOutcome.REOPENED, ImportOutcome.ENDED)
# What wants to be looked at first is opened first.
_FIRST: Final = (ImportOutcome.CHANGED, ImportOutcome.NEW, ImportOutcome.REFUSED, ImportOutcome.ENDED)


@dataclass(frozen=True, slots=True)
class Tab:
    """Rows of one outcome."""

    code: str
    label: str
    count: int
    is_current: bool
    has_rows: bool


@dataclass(frozen=True, slots=True)
class Change:
    """An old and a new price in yen; either may be unknown."""

    old: int | None
    new: int | None

    @property
    def is_none(self) -> bool:
        """The price stays."""
        return self.old == self.new

    @property
    def difference(self) -> str:
        """+1,200円（+12.5％）; empty where one of them is unknown."""
        if self.old is None or self.new is None or self.is_none:
            return ""
        yen = self.new - self.old
        if not self.old:
            return _("%(yen)s円") % {"yen": f"{yen:+,}"}
        return _("%(yen)s円（%(percent)s％）") % {"yen": f"{yen:+,}", "percent": f"{yen * 100 / self.old:+.1f}"}


@dataclass(frozen=True, slots=True)
class Row:
    """A row as the preview shows it."""

    row: ImportRow
    name: str
    product: str
    is_new_product: bool = False

    @property
    def list_price(self) -> Change:
        """The vendor's list price."""
        return Change(self.row.old_list_yen, self.row.list_yen)

    @property
    def cost(self) -> Change:
        """What the operator pays."""
        return Change(self.row.old_cost_yen, self.row.cost_yen)

    @property
    def notes(self) -> list[str]:
        """What else would change of a SKU that is there."""
        said, found = self.row.fields, []
        if "old_name" in said:
            found.append(_("名称を変更：%(name)s") % {"name": said.get("name", "")})
        last, before = said.get("sale_to"), said.get("old_sale_to")
        if last and before and last != before and date.fromisoformat(last) != FOR_EVER:
            found.append(_("販売終了日：%(day)s") % {"day": date_format(date.fromisoformat(last))})
        return found


def badge(price_import: PriceImport) -> str:
    """The colour of its state."""
    return _BADGES.get(ImportState(price_import.state), "")


def count(price_import: PriceImport, *outcomes: str) -> int:
    """How many rows have one of these outcomes."""
    return sum(price_import.counts.get(str(outcome), 0) for outcome in outcomes)


def others(price_import: PriceImport) -> QuerySet[ImportRow]:
    """Rows whose price stays, while the SKU's name or days of sale change."""
    same = ImportRow.objects.filter(price_import=price_import, outcome=ImportOutcome.SAME)
    return same.filter(fields__has_any_keys=["old_name", "old_sale_to"])


def in_words(price_import: PriceImport, other: int = 0) -> str:
    """新規 1件、価格変更 2件: what it does or did; `other` rows change only names or days of sale."""
    counted = [(str(outcome.label), count(price_import, outcome)) for outcome in _DOING]
    counted.append((_("名称・販売日の変更"), other))
    return _("、").join(_("%(what)s %(count)s件") % {"what": what, "count": f"{n:,}"} for what, n in counted if n)


def starts_later(price_import: PriceImport) -> bool:
    """Its prices are for a day to come."""
    return price_import.from_day > clock.today()


def context(request: DeskRequest, price_import: PriceImport) -> dict[str, Any]:
    """Everything that the page of its state shows."""
    state = ImportState(price_import.state)
    other = others(price_import).count() if shows_rows(price_import) else 0
    shown: dict[str, Any] = {
        "import": price_import,
        "badge": badge(price_import),
        "is_working": state in WORKING,
        "percent": _percent(price_import),
        "may_discard": state in DISCARDABLE,
        "in_words": in_words(price_import, other),
        "apply_button": apply_button(price_import),
        "may_map": may_map(price_import),
    }
    if shows_rows(price_import):
        shown |= _rows(request, price_import, other)
    if state == ImportState.CHECKED and count(price_import, ImportOutcome.CHANGED):
        shown["effects"] = import_effects.of(price_import, by=request.user)
    return shown


def may_map(price_import: PriceImport) -> bool:
    """It is a table that was looked at and not applied, and its headers can be read."""
    waits = price_import.state in {ImportState.CHECKED, ImportState.BROKEN}
    return waits and price_import.format == ImportFormat.TABLE and bool(mappings.headers(price_import))


def shows_rows(price_import: PriceImport) -> bool:
    """Its rows were checked and are kept."""
    return price_import.state in {ImportState.CHECKED, ImportState.APPLIED, ImportState.UNDONE}


def _percent(price_import: PriceImport) -> int | None:
    if not price_import.all_rows:
        return None
    return min(100, price_import.done_rows * 100 // price_import.all_rows)


def _rows(request: DeskRequest, price_import: PriceImport, other: int) -> dict[str, Any]:
    counts = {str(outcome): count(price_import, outcome) for outcome in ImportOutcome} | {OTHER: other}
    asked, after = request.GET.get("outcome", ""), _line(request.GET.get("after", ""))
    first = next((str(outcome) for outcome in (*_FIRST, OTHER) if counts[outcome]), str(ImportOutcome.CHANGED))
    outcome = asked if asked in counts and asked != ImportOutcome.SAME else first
    if outcome == OTHER:
        found = list(_with_product(others(price_import).filter(line__gt=after))[: ROWS + 1]) if other else []
    else:
        found = price_imports.rows(price_import, outcome, after, ROWS + 1) if counts[outcome] else []
    return {
        "tabs": _tabs(counts, outcome),
        "outcome": outcome,
        "last_sale_day": _first_day(price_import) - timedelta(days=1),
        "rows": _shown(found[:ROWS]),
        "first_query": f"?outcome={outcome}#rows" if after else "",
        "next_query": f"?outcome={outcome}&after={found[ROWS - 1].line}#rows" if len(found) > ROWS else "",
    }


def _first_day(price_import: PriceImport) -> date:
    """Of its prices, as they are or would be applied now."""
    is_over = price_import.state != ImportState.CHECKED
    return price_import.from_day if is_over else max(price_import.from_day, clock.today())


def _with_product(rows: QuerySet[ImportRow]) -> QuerySet[ImportRow]:
    return rows.select_related("sku__product").order_by("line")


def _tabs(counts: dict[str, int], current: str) -> list[Tab]:
    labels = {str(outcome): str(outcome.label) for outcome in ImportOutcome}
    if counts[OTHER]:
        labels[OTHER] = _("名称・販売日の変更")
    return [
        Tab(code, label, counts[code], code == current, counts[code] > 0 and code != ImportOutcome.SAME)
        for code, label in labels.items()
    ]


def _shown(rows: list[ImportRow]) -> list[Row]:
    """With the names of their products, also of those that new SKUs are to belong to."""
    wanted = {row.fields.get("product_id") for row in rows if row.sku is None} - {None}
    products = dict(Product.objects.filter(pk__in=wanted).values_list("pk", "name")) if wanted else {}
    return [_row(row, products) for row in rows]


def _row(row: ImportRow, products: dict[int, str]) -> Row:
    if row.sku is not None:
        return Row(row, row.sku.name, row.sku.product.name)
    said = row.fields
    name, product = str(said.get("name", "")), str(said.get("product", ""))
    is_new = row.outcome == ImportOutcome.NEW and said.get("product_id") is None
    return Row(row, name, products.get(said.get("product_id", 0), product), is_new)


def _line(text: str) -> int:
    return whole_numbers.read(text, most=whole_numbers.MOST_INTEGER) or 0


def apply_button(price_import: PriceImport) -> str:
    """At once or at its day."""
    if starts_later(price_import):
        return _("%(day)sから反映する") % {"day": date_format(price_import.from_day)}
    return _("反映する")


def apply_sentence(price_import: PriceImport) -> str:
    """What applying it will do; empty when there is nothing to do."""
    words = {"what": in_words(price_import, others(price_import).count()), "day": date_format(price_import.from_day)}
    if not words["what"]:
        return ""
    if starts_later(price_import):
        return _("%(day)sから、%(what)sを、この型番を扱うすべてのストアに反映します。") % words
    return _("いますぐ、%(what)sを、この型番を扱うすべてのストアに反映します。") % words


def undo_sentence(price_import: PriceImport) -> str:
    """What undoing it will do."""
    parts = [_("この取り込みの価格を取り消して取り込む前の価格に戻し")]
    if new := count(price_import, ImportOutcome.NEW):
        parts.append(_("新規の型番 %(count)s件の販売を止め") % {"count": f"{new:,}"})
    if reopened := count(price_import, ImportOutcome.REOPENED):
        parts.append(_("販売を再開した型番 %(count)s件を販売終了に戻し") % {"count": f"{reopened:,}"})
    if ended := count(price_import, ImportOutcome.ENDED):
        parts.append(_("販売終了にした型番 %(count)s件の販売を再開し") % {"count": f"{ended:,}"})
    return _("%(what)sます。") % {"what": _("、").join(parts)}
