"""Documents as PDF: pure functions of a frozen snapshot."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from licenseonline.kit import clock, pdf
from licenseonline.sales.models import LineMargin, Quote

_HERE = Path(__file__).parent


def quotation(quote: Quote) -> bytes:
    """御見積書, A4, PDF/A-3b. Logo and seal are the store's at the time it is made; the bytes are kept after that."""
    images: dict[str, bytes] = {}
    if quote.store.logo_svg:
        images["logo"] = quote.store.logo_svg.encode()
    if quote.store.seal_png:
        images["seal"] = bytes(quote.store.seal_png)
    return pdf.render(_HERE / "quote.typ", quote.snapshot, images=images, timestamp=quote.issued_at)


def statement(month: date, lines: Sequence[LineMargin]) -> bytes:
    """手数料・粗利明細書 of one store and month, A4 across, PDF/A-3b; sums are those of the given lines, of which there is one.

    What was sold to whom, and who sold it, are as frozen on the orders; so is every figure. The file's date is the last order's.
    """
    last = lines[-1].line.order
    partner = lines[-1].store.partner
    known = [one.margin_yen for one in lines if one.margin_yen is not None]
    data = {
        "month": month.isoformat(),
        "partner": {"spid": partner.spid, "name": partner.name},
        "store": {"id": lines[-1].store_id, "name": last.snapshot["store"]["name"]},
        "seller": last.snapshot["seller"]["name"],
        "lines": [_statement_line(one) for one in lines],
        "net": sum(one.line.amount_yen for one in lines),
        "margin": sum(known),
        "unknown": len(lines) - len(known),
        "commission": sum(one.commission_yen for one in lines),
    }
    return pdf.render(_HERE / "statement.typ", data, timestamp=last.placed_at)


def _statement_line(one: LineMargin) -> dict[str, object]:
    line, order = one.line, one.line.order
    [sold] = [row for row in order.snapshot["lines"] if row["no"] == line.position]
    return {
        "order": order.number,
        "day": clock.jst_date(order.placed_at).isoformat(),
        "company": order.snapshot["buyer"]["company"],
        "model": sold["model_number"],
        "name": sold["name"],
        "quantity": line.quantity,
        "amount": line.amount_yen,
        "margin": one.margin_yen,
        "per_mille": one.commission_per_mille,
        "commission": one.commission_yen,
    }
