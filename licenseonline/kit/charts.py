"""Pictures of figures, drawn on the server: sizes and places only, the colours are the stylesheet's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

HEIGHT: Final = 160
_COLUMN: Final = 48
_BAR: Final = 28


@dataclass(frozen=True, slots=True)
class Column:
    """One bar: its month, its yen, and where it stands, in the picture's own units."""

    day: date
    yen: int
    x: int
    y: int
    width: int
    height: int

    @property
    def middle(self) -> int:
        """Where its label stands."""
        return self.x + self.width // 2


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars side by side; `most` is the yen of the highest."""

    columns: list[Column]
    width: int
    most: int


def columns(figures: Sequence[tuple[date, int]]) -> Chart:
    """Bars for yen by month, the highest as high as the picture; what is more than nothing can be seen."""
    most = max((yen for _day, yen in figures), default=0)
    bars = []
    for place, (day, yen) in enumerate(figures):
        height = max(HEIGHT * yen // most, 2) if yen > 0 else 0
        bars.append(Column(day, yen, place * _COLUMN + (_COLUMN - _BAR) // 2, HEIGHT - height, _BAR, height))
    return Chart(bars, _COLUMN * len(figures), most)
