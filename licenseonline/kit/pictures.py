"""Pictures from elsewhere, drawn anew: what is kept is pixels and nothing that came along with them."""

from io import BytesIO
from typing import Final

from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

from licenseonline.kit.errors import Refused

MOST_BYTES: Final = 1024 * 1024
MOST_SIDE: Final = 2000
SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"


def png(content: bytes, *, field: str) -> tuple[bytes, int, int]:
    """A PNG of the same pixels, with its width and height. Refused (`png`): no PNG, over 1 MB, or over 2,000 pixels a side."""
    if len(content) > MOST_BYTES:
        raise Refused(_("PNGファイルは1MBまでです。"), code="png", field=field)
    try:
        with Image.open(BytesIO(content), formats=["PNG"]) as image:
            if max(image.size) > MOST_SIDE:  # known before any pixel is read
                raise Refused(_("画像は縦横それぞれ2,000ピクセルまでです。"), code="png", field=field)
            drawn = image.convert("RGBA")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise Refused(_("PNGファイルとして読み取れませんでした。"), code="png", field=field) from None
    made = BytesIO()
    drawn.save(made, format="PNG", optimize=True)
    return made.getvalue(), drawn.width, drawn.height
