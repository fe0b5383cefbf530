"""Documents as PDF: pure functions of a frozen snapshot."""

from pathlib import Path

from licenseonline.kit import pdf
from licenseonline.sales.models import Quote

_HERE = Path(__file__).parent


def quotation(quote: Quote) -> bytes:
    """御見積書, A4, PDF/A-3b. Logo and seal are the store's at the time it is made; the bytes are kept after that."""
    images: dict[str, bytes] = {}
    if quote.store.logo_svg:
        images["logo"] = quote.store.logo_svg.encode()
    if quote.store.seal_png:
        images["seal"] = bytes(quote.store.seal_png)
    return pdf.render(_HERE / "quote.typ", quote.snapshot, images=images, timestamp=quote.issued_at)
