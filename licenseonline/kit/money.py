"""Whole yen and Japanese consumption tax: exact integers, tax once per rate and document."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Final

from django.utils.translation import gettext

MAX_YEN: Final = 10**15
PERCENT: Final = 100


class Rounding(StrEnum):
    """How a fraction of a yen of tax is treated; the seller's choice, the same on all its documents.

    It applies to the absolute value, so that a credit note mirrors its invoice to the yen.
    """

    FLOOR = "floor"
    HALF_UP = "half_up"
    CEIL = "ceil"


@dataclass(frozen=True, slots=True)
class TaxGroup:
    """All lines of one document at one rate: base without tax and tax, in yen; the rate in percent."""

    rate_percent: int
    base_yen: int
    tax_yen: int


@dataclass(frozen=True, slots=True)
class Totals:
    """A document's sums in yen: without tax, tax, with tax, and the groups that a qualified invoice must show."""

    net: int
    tax: int
    gross: int
    groups: tuple[TaxGroup, ...]


def tax_on(yen: int, rate_percent: int, rounding: Rounding) -> int:
    """The tax in yen on an amount without tax, at a whole rate in percent (10, 8, 0).

    Refused: anything but int (TypeError), a rate outside 0..100 or more than MAX_YEN either way (ValueError).
    """
    _check(yen, rate_percent)
    whole, rest = divmod(abs(yen) * rate_percent, PERCENT)
    up = {Rounding.FLOOR: False, Rounding.HALF_UP: 2 * rest >= PERCENT, Rounding.CEIL: rest > 0}[rounding]
    tax = whole + up
    return -tax if yen < 0 else tax


def with_tax(yen: int, rate_percent: int, rounding: Rounding) -> int:
    """One amount including its tax, in yen: for showing a price. Documents use `totals`, which rounds once."""
    return yen + tax_on(yen, rate_percent, rounding)


def tax_per_rate(lines: Iterable[tuple[int, int]], rounding: Rounding) -> list[TaxGroup]:
    """Tax is computed once per rate on the document's sum, never per line; highest rate first.

    Lines are (amount in yen without tax, rate in percent). Three lines of 105 yen at 10 % give 31, not 30.
    Refused as in `tax_on`.
    """
    bases: dict[int, int] = {}
    for yen, rate_percent in lines:
        _check(yen, rate_percent)
        bases[rate_percent] = bases.get(rate_percent, 0) + yen
    return [TaxGroup(rate, bases[rate], tax_on(bases[rate], rate, rounding)) for rate in sorted(bases, reverse=True)]


def totals(lines: Iterable[tuple[int, int]], rounding: Rounding) -> Totals:
    """A document's net, tax and gross from (amount in yen without tax, rate in percent); see `tax_per_rate`."""
    groups = tuple(tax_per_rate(lines, rounding))
    net, tax = sum(group.base_yen for group in groups), sum(group.tax_yen for group in groups)
    return Totals(net, tax, net + tax, groups)


def format_yen(yen: int) -> str:
    """An amount as pages and mails show it: 12,345円."""
    return _yen_words() % {"yen": f"{yen:,}"}


@cache
def _yen_words() -> str:
    return gettext("%(yen)s円")


def _check(yen: int, rate_percent: int) -> None:
    for number in (yen, rate_percent):
        if type(number) is not int:
            message = f"money is whole yen and whole percent, not {number!r}"
            raise TypeError(message)
    if not 0 <= rate_percent <= PERCENT or abs(yen) > MAX_YEN:
        message = f"out of range: {yen} yen at {rate_percent} %"
        raise ValueError(message)
