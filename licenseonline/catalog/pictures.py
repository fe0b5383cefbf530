"""Products' pictures: what is uploaded is decoded under bounds and drawn anew, so that only its look remains."""

import hashlib
import io
import struct
from collections.abc import Iterable
from typing import Final, NamedTuple

from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from licenseonline.catalog.models import Product, ProductPicture
from licenseonline.kit import rights
from licenseonline.kit.actors import Actor
from licenseonline.kit.errors import Refused
from licenseonline.kit.rights import Right

MOST_BYTES: Final = 10 * 1024 * 1024
MOST_PIXELS: Final = 40_000_000
SIDE: Final = 800  # pixels of the longer side that are kept
_FORMATS: Final = ("PNG", "JPEG", "WEBP")
_BROKEN: Final = (OSError, SyntaxError, ValueError, EOFError, struct.error, IndexError)  # what Pillow's decoders raise


class Shown(NamedTuple):
    """What a page needs to show a picture without its bytes; sizes are pixels."""

    digest: str
    width: int
    height: int


@rights.needs(Right.EDIT_CATALOGUE)
def put(product: Product, content: bytes, *, by: Actor) -> ProductPicture:  # noqa: ARG001  (`needs` asks who)
    """Show the product with this PNG, JPEG or WebP, drawn anew as WebP of at most 800 pixels without its metadata.

    Refused (`picture`): more than 10 MB or 40 million pixels, several
    frames, another kind of content, bytes that cannot be drawn.
    """
    image = _drawn(content)
    made = io.BytesIO()
    image.save(made, "WEBP", quality=85, method=4)
    values = {
        "content": made.getvalue(),
        "width": image.width,
        "height": image.height,
        "digest": hashlib.sha256(made.getvalue()).hexdigest()[:16],
    }
    picture, _made = ProductPicture.objects.update_or_create(product=product, defaults=values)
    return picture


def check(content: bytes) -> None:
    """Refuse (`picture`) what `put` would."""
    _drawn(content)


@rights.needs(Right.EDIT_CATALOGUE)
def remove(product: Product, *, by: Actor) -> None:  # noqa: ARG001  (as put)
    """Show the vendor's mark instead; nothing happens without a picture."""
    ProductPicture.objects.filter(product=product).delete()


def shown(products: Iterable[Product]) -> dict[int, Shown]:
    """Of those of these products that have a picture, what a page needs; one query, without the bytes."""
    rows = ProductPicture.objects.filter(product__in=list(products)).values_list("pk", "digest", "width", "height")
    return {pk: Shown(digest, width, height) for pk, digest, width, height in rows}


def _drawn(content: bytes) -> Image.Image:
    """The picture alone: upright, at most SIDE wide and high, transparent where it was."""
    if len(content) > MOST_BYTES:
        raise _refused(_("画像は 10MB 以内にしてください。"))
    try:
        with Image.open(io.BytesIO(content), formats=_FORMATS) as image:
            if image.width * image.height > MOST_PIXELS:  # known from the header, before anything is decoded
                raise _refused(_("画像は 4,000万画素以内にしてください。"))
            if getattr(image, "n_frames", 1) > 1:
                raise _refused(_("動く画像は登録できません。静止画をお選びください。"))
            image.thumbnail((SIDE, SIDE))
            upright = ImageOps.exif_transpose(image)
            plain = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise _refused(_("画像は 4,000万画素以内にしてください。")) from bomb
    except _BROKEN as broken:
        raise _refused(_("画像として読み込めません。PNG、JPEG、WebP の画像をお選びください。")) from broken
    plain.info.clear()
    return plain


def _refused(message: str) -> Refused:
    return Refused(message, code="picture", field="picture")
