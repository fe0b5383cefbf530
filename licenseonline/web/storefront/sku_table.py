"""The table of a product's SKUs: by purchase type, narrowed down by program and term, bands of the same thing together."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from licenseonline.catalog import campaigns, prices, relations
from licenseonline.catalog.models import Billing, Campaign, PaymentMethod, Program, PurchaseType, Sku
from licenseonline.kit.text import fold_model
from licenseonline.web.storefront import rows

MOST: Final = 50  # rows of a purchase type that are shown at once
_PROGRAMS: Final = {value: place for place, value in enumerate(Program.values)}
_TYPES: Final = {value: place for place, value in enumerate(PurchaseType.values)}
_NUMBER: Final = re.compile(r"\d[\d,]*")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for: values of the filters, a purchase type of which all rows are wanted, a model number.

    Or a product that the buyer holds licences of.
    """

    program: str = ""
    term: str = ""
    all: str = ""
    model: str = ""
    held: str = ""  # the code of a product
    only: frozenset[int] | None = None  # the SKUs that its holders may buy; made of `held`


class Held(NamedTuple):
    """What is kept of relations.Holding: product, vendor, whether it is the product itself, keys of SKUs by way."""

    code: str
    name: str
    vendor: str
    is_same: bool
    ways: tuple[tuple[str, frozenset[int]], ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One SKU as a row."""

    offer: prices.Offer
    campaign: Campaign | None
    is_asked: bool
    breaks: list[prices.Break]  # where it costs less from some number of units on; else empty

    @property
    def sku(self) -> Sku:
        """The SKU itself."""
        return self.offer.sku


@dataclass(frozen=True, slots=True)
class Block:
    """Rows that differ in their band only; `name` is what their names say beyond what the page says already."""

    name: str
    program: str
    term: str
    lines: list[Line]

    @property
    def sku(self) -> Sku:
        """What holds for all of them can be read of any."""
        return self.lines[0].sku

    @property
    def campaign(self) -> Campaign | None:
        """The one that covers all of them."""
        found = {line.campaign for line in self.lines}
        return found.pop() if len(found) == 1 else None

    @property
    def payments(self) -> list[str]:
        """The ways to pay, where they are limited."""
        return [str(PaymentMethod(one).label) for one in self.sku.payment_methods]


@dataclass(frozen=True, slots=True)
class Section:
    """One purchase type; `number` rows, of which `hidden` are not shown until `all_url` is followed."""

    purchase_type: str
    label: str
    blocks: list[Block]
    number: int
    hidden: int
    all_url: str

    @property
    def has_bands(self) -> bool:
        """Whether any row depends on the number of units."""
        return any(line.sku.band_label for block in self.blocks for line in block.lines)


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a filter, with the number of rows it would leave."""

    label: str
    url: str
    number: int
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a product, and in which ways they buy this one."""

    name: str
    vendor: str
    is_same: bool
    is_chosen: bool
    ways: list[Choice]


@dataclass(frozen=True, slots=True)
class Table:
    """All of it; `program` is empty when several are shown."""

    filters: list[tuple[str, list[Choice]]]
    holders: list[Holder]
    everybody_url: str  # without the product held; empty when none is chosen
    sections: list[Section]
    program: str
    leads_differ: bool
    deliveries_differ: bool


def table(
    offers: list[prices.Offer],
    asked: Asked,
    *,
    covered: campaigns.Covered,
    breaks: Mapping[int, list[prices.Break]],
    holdings: Iterable[Held] = (),
) -> Table:
    """The rows that are asked for; what no SKU has is not asked, and a model number brings its own program with it."""
    by_code = {one.code: frozenset[int]().union(*(keys for _label, keys in one.ways)) for one in holdings}
    asked = _sensible(offers, asked, by_code)
    chosen = [offer for offer in offers if _fits(offer.sku, asked)]
    return Table(
        _filters(offers, asked),
        list(_holders(offers, asked, holdings)),
        _address(replace(asked, held=""), "skus") if asked.held else "",
        list(_sections(chosen, asked, covered, breaks)),
        asked.program or (chosen[0].sku.program if len({offer.sku.program for offer in chosen}) == 1 else ""),
        len({offer.sku.lead_days for offer in offers}) > 1,
        len({offer.sku.delivery for offer in offers}) > 1,
    )


def found(offers: Iterable[prices.Offer], model: str) -> Sku | None:
    """The SKU of this model number, in any spelling."""
    folded = fold_model(model)
    return next((offer.sku for offer in offers if folded and offer.sku.folded_model == folded), None)


def _sensible(offers: list[prices.Offer], asked: Asked, held: Mapping[str, frozenset[int]]) -> Asked:
    if sku := found(offers, asked.model):
        asked = replace(asked, program=sku.program, term="", held="", model=sku.model_number)
    if asked.program not in {offer.sku.program for offer in offers}:
        asked = replace(asked, program="")
    asked = replace(asked, only=held[asked.held]) if asked.held in held else replace(asked, held="")
    for wish in ({"term": ""}, {"program": ""}, {"held": "", "only": None}):
        if any(_fits(offer.sku, asked) for offer in offers):
            break
        asked = replace(asked, **wish)
    return asked


def _fits(sku: Sku, asked: Asked) -> bool:
    fits = asked.program in {"", sku.program} and asked.term in {"", _term_key(sku)}
    return fits and (asked.only is None or sku.pk in asked.only)


def _term_key(sku: Sku) -> str:
    return sku.term_until.isoformat() if sku.term_until else str(sku.term_months or 0)


def _address(asked: Asked, anchor: str, **changed: str) -> str:
    """With these values; `all` is written for no program, because nothing is the buyer's own."""
    values = {"program": asked.program or "all", "term": asked.term, "held": asked.held, **changed}
    return f"?{urlencode({name: value for name, value in values.items() if value})}#{anchor}"


def _filters(offers: list[prices.Offer], asked: Asked) -> list[tuple[str, list[Choice]]]:
    """For whom and for how long, where there is a choice; each counts what it would leave beside the other."""
    programs = Counter(offer.sku.program for offer in offers if _fits(offer.sku, replace(asked, program="")))
    terms = Counter(_term_key(offer.sku) for offer in offers if _fits(offer.sku, replace(asked, term="")))
    labels = {_term_key(offer.sku): offer.sku.term_label for offer in offers}
    order = sorted(labels, key=lambda key: ("-" in key, len(key), key))
    of_programs = [(str(one), str(one.label)) for one in Program]
    of_terms = [(key, labels[key]) for key in order]
    found = []
    if len({offer.sku.program for offer in offers}) > 1:
        found.append((_("対象"), list(_choices("program", programs, of_programs, asked))))
    if len(labels) > 1:
        found.append((_("期間"), list(_choices("term", terms, of_terms, asked))))
    return found


def _choices(name: str, counts: Mapping[str, int], choices: list[tuple[str, str]], asked: Asked) -> Iterator[Choice]:
    now, everything = getattr(asked, name), "all" if name == "program" else ""
    yield Choice(_("すべて"), _address(asked, "skus", **{name: everything}), sum(counts.values()), not now)
    for value, label in choices:
        if counts.get(value):
            yield Choice(label, _address(asked, "skus", **{name: value}), counts[value], value == now)


def held(holdings: Iterable[relations.Holding]) -> tuple[Held, ...]:
    """Small enough to be kept for every product."""
    return tuple(
        Held(
            one.product_code,
            one.product_name,
            one.vendor_name,
            one.is_same,
            tuple((way.label, frozenset(sku.pk for sku in way.skus)) for way in one.ways),
        )
        for one in holdings
    )


def _holders(offers: list[prices.Offer], asked: Asked, holdings: Iterable[Held]) -> Iterator[Holder]:
    """Each with links to what they may buy, counted for the program that is chosen."""
    wanted = replace(asked, term="", held="", only=None)
    kinds = {offer.sku.pk: offer.sku.purchase_type for offer in offers if _fits(offer.sku, wanted)}
    for one in holdings:
        ways = []
        for label, keys in one.ways:
            if mine := [kind for pk, kind in kinds.items() if pk in keys]:
                url = _address(wanted, f"type-{mine[0]}", held=one.code)
                ways.append(Choice(label, url, len(mine), is_chosen=False))
        if ways:
            yield Holder(one.name, one.vendor, one.is_same, asked.held == one.code, ways)


def _sections(
    offers: list[prices.Offer], asked: Asked, covered: campaigns.Covered, breaks: Mapping[int, list[prices.Break]]
) -> Iterator[Section]:
    def line(offer: prices.Offer) -> Line:
        found = breaks.get(offer.sku.pk, [])
        is_asked = offer.sku.model_number == asked.model
        return Line(offer, covered.of_sku(offer.sku), is_asked, found if len(found) > 1 else [])

    for kind, of_kind in groupby(sorted(offers, key=_place), key=lambda offer: offer.sku.purchase_type):
        lines = [line(offer) for offer in of_kind]
        whole = asked.all == kind or any(line.is_asked for line in lines[MOST:])
        shown = lines if whole else lines[:MOST]
        url, hidden = _address(asked, f"type-{kind}", all=kind), len(lines) - len(shown)
        yield Section(kind, str(PurchaseType(kind).label), list(_blocks(shown)), len(lines), hidden, url)


def _place(offer: prices.Offer) -> tuple[Any, ...]:
    """By purchase type and what makes a block, then by band."""
    sku = offer.sku
    return _TYPES[sku.purchase_type], _PROGRAMS[sku.program], *_same(sku), sku.band_from or 0, sku.model_number


def _same(sku: Sku) -> tuple[Any, ...]:
    """What rows of a block have in common; those without a band stand alone."""
    alone = "" if sku.band_from or sku.band_to else sku.model_number
    conditions = (sku.billing, sku.unit, sku.delivery, sku.lead_days, sku.papers, sku.payment_methods)
    return len(_term_key(sku)), _term_key(sku), said(sku), *conditions, alone


def _blocks(lines: list[Line]) -> Iterator[Block]:
    for _key, group in groupby(lines, key=lambda line: (line.sku.program, *_same(line.sku))):
        same = list(group)
        sku = same[0].sku
        yield Block(said(sku), str(Program(sku.program).label), rows.term(sku), same)


def said(sku: Sku) -> str:
    """What the SKU's name says beyond product, purchase type, program, term, billing and band, which have their own places."""
    places = (PurchaseType(sku.purchase_type), Program(sku.program), Billing(sku.billing))
    known = {sku.term_label, *(str(place.label) for place in places)}
    words = sku.name.removeprefix(sku.product.name).split()
    return " ".join(
        word for word in words if word not in known and not _is_band(word, sku) and word != sku.model_number
    )


def _is_band(word: str, sku: Sku) -> bool:
    """5-24ライセンス, 250ライセンス以上, 1台."""
    numbers = [int(found.replace(",", "")) for found in _NUMBER.findall(word) if found.isascii()]
    bands = [sku.band_from or sku.min_quantity, *([sku.band_to] if sku.band_to else [])]
    return word[:1].isdigit() and (numbers == bands or (sku.band_from == sku.band_to and numbers == bands[:1]))
