"""Model numbers and quantities as people paste them (まとめて入力), and old papers turned into a cart.

A line has a model number and a quantity, parted by tabs, commas or spaces of any width; the quantity may stand before the
model number or be missing, which is 1. The same model number twice adds up. Nothing is written here.
"""

import io
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import IO, Final

from django.utils.translation import gettext as _

from licenseonline.accounts.models import Member
from licenseonline.catalog import suggestions
from licenseonline.catalog.imports import reading
from licenseonline.catalog.models import Sku
from licenseonline.catalog.successors import Ended, ended
from licenseonline.kit import clock
from licenseonline.kit.errors import Refused
from licenseonline.kit.text import fold_model, squash
from licenseonline.sales import carts

MOST_LINES: Final = carts.MOST_LINES
MOST_TEXT: Final = 20_000
MOST_BYTES: Final = 1024 * 1024
_MOST_ROWS: Final = 5_000  # of a file, most of them empty
_MOST_UNKNOWN: Final = 20  # so many are looked for among what resembles them
_LONGEST: Final = 80
_PARTS: Final = re.compile(r"[\t,、，;；]+|\s+")
_NUMBER: Final = re.compile(r"[0-9][0-9,]{0,6}")  # more is no quantity
_THOUSANDS: Final = re.compile(r"(?<=[\s,;])[0-9]{1,3}(,[0-9]{3})+(?![0-9,])")
_UNITS: Final = re.compile(r"(?<=[0-9])\s*[\u3040-\u30ff\u4e00-\u9fff]+$")  # what is counted, in kana or kanji


@dataclass(frozen=True, slots=True)
class Wanted:
    """A model number as it was typed, and how many of it; None where no number can be read (or what was typed for it)."""

    model: str
    quantity: int | None
    typed: str = ""


@dataclass(frozen=True, slots=True)
class Unknown:
    """What the store does not sell: what resembles it, and what took its place if it was sold once."""

    wanted: Wanted
    near: list[str]
    ended: Ended | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """All that was typed: lines as the cart would show them, and what is not known."""

    lines: list[carts.Line]
    unknown: list[Unknown]

    @property
    def good(self) -> list[carts.Line]:
        """Those that can be put into the cart as they are; a contract may still be chosen there."""
        return [line for line in self.lines if line.can_be_put]

    @property
    def text(self) -> str:
        """Everything again, a line each."""
        known = [f"{line.sku.model_number}\t{line.quantity}" for line in self.lines]
        return "\n".join(
            [*known, *(f"{one.wanted.model}\t{one.wanted.typed or one.wanted.quantity}" for one in self.unknown)]
        )


def read(text: str) -> list[Wanted]:
    """What was typed or pasted, a model number each. Refused: `empty`, `most` (more than MOST_LINES)."""
    return _of_rows(_parts(line) for line in text[:MOST_TEXT].splitlines())


def _parts(line: str) -> list[str]:
    """What separators part; 1,000 is one number."""
    plain = unicodedata.normalize("NFKC", line).strip()
    return _PARTS.split(_THOUSANDS.sub(lambda found: found[0].replace(",", ""), plain))


def read_file(file: IO[bytes], name: str) -> list[Wanted]:
    """As `read`, of a file: text, CSV, Excel or OpenDocument. Refused: as `read`, `upload` and `broken` as imports do."""
    if file.seek(0, io.SEEK_END) > MOST_BYTES:
        raise Refused(_("ファイルは1MB以内にしてください。"), code="upload", field="file")
    reading.check_upload(file, name)
    with reading.rows(file) as rows:
        found = [cells for _line, cells in islice(rows, _MOST_ROWS)]
    return _of_rows(
        [part for cell in cells for part in _parts(cell)] if len(_filled(cells)) == 1 else cells for cells in found
    )


def _filled(cells: Iterable[str]) -> list[str]:
    return [squash(cell) for cell in cells if squash(cell)]


def _of_rows(rows: Iterable[Sequence[str]]) -> list[Wanted]:
    found: dict[str, Wanted] = {}
    for cells in rows:
        one = _wanted(_filled(cells))
        if one is None:
            continue
        key = fold_model(one.model)
        before = found.get(key)
        if before and before.quantity is not None and one.quantity is not None:
            one = Wanted(before.model, before.quantity + one.quantity)
        found[key] = one
        if len(found) > MOST_LINES:
            message = _("一度に入力できるのは %(most)s 行までです。分けて入力してください。")
            raise Refused(message % {"most": MOST_LINES}, code="most", field="text")
    if not found:
        raise Refused(_("型番と数量を入力してください。"), code="empty", field="text")
    return list(found.values())


def _wanted(cells: list[str]) -> Wanted | None:
    """The model number is the first cell that is no quantity; None for a heading or an empty line."""
    plain = [_UNITS.sub("", unicodedata.normalize("NFKC", cell)) for cell in cells]
    if not cells or not any(fold_model(cell) for cell in cells):
        return None
    numbers = [at for at, cell in enumerate(plain) if _NUMBER.fullmatch(cell)]
    if len(cells) > 1 and not numbers and not any(character.isdigit() for cell in plain for character in cell):
        return None  # 型番, 数量
    quantity_at = max(numbers, default=None) if len(cells) > 1 else None
    model = next((cell for at, cell in enumerate(cells) if at != quantity_at), "")[:_LONGEST]
    if len(cells) == 1:
        return Wanted(model, 1)
    if quantity_at is None:
        return Wanted(model, None, cells[1][:20])
    return Wanted(model, int(plain[quantity_at].replace(",", "")))


def resolve(wanted: Iterable[Wanted], *, by: Member) -> Entry:
    """What the member's store sells of it, as the cart would show it; a fixed number of queries but for what is unknown."""
    asked = {fold_model(one.model): one for one in wanted}
    sold = Sku.objects.public(by.store_id).filter(folded_model__in=asked).values_list("folded_model", "pk")
    by_model = {model: pk for model, pk in sold if asked[model].quantity}
    numbers = {pk: asked[model].quantity or 0 for model, pk in by_model.items()}
    lines = carts.lines_of(numbers, member=by)
    rest = [one for model, one in asked.items() if model not in by_model]
    return Entry(lines, [_unknown(one, at, by) for at, one in enumerate(rest)])


def _unknown(one: Wanted, at: int, by: Member) -> Unknown:
    if at >= _MOST_UNKNOWN:
        return Unknown(one, [])
    once = ended(one.model, store_id=by.store_id, day=clock.today())
    if once:
        return Unknown(one, [], once)
    return Unknown(one, suggestions.models_near(one.model, store_id=by.store_id))


def put(numbers: Sequence[tuple[str, int]], *, by: Member) -> int:
    """Put model numbers (as `Entry` gave them) with their quantities into the member's cart; answers how many.

    All or none. Refused: `gone` (one is no longer sold), and as carts.put_all.
    """
    wanted = {fold_model(model): quantity for model, quantity in numbers}
    skus = list(Sku.objects.public(by.store_id).filter(folded_model__in=wanted).select_related("product"))
    if len(skus) < len(wanted) or not skus:
        raise Refused(_("お取り扱いのない型番が含まれています。もう一度確認してください。"), code="gone")
    carts.put_all({sku: wanted[sku.folded_model] for sku in skus}, by=by)
    return len(skus)
