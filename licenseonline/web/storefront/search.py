"""サイト内検索: results with what they can be narrowed down to, and what is offered while typing."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from licenseonline.catalog import browsing, corrections, search, successors, suggestions, zero_hits
from licenseonline.catalog.browsing import Facets, Sort, Wanted
from licenseonline.catalog.models import Program, PurchaseType, Sku
from licenseonline.catalog.ranking import Narrowed, Place
from licenseonline.catalog.search import Found
from licenseonline.kit import clock, whole_numbers
from licenseonline.kit.text import MAX_QUERY
from licenseonline.web.requests import StoreRequest, company_of
from licenseonline.web.storefront import products, rows
from licenseonline.web.visitor_pages import same_for_visitors

_MOST = 10**9 - 1  # of a price, a term or a place in the list
_LONGEST = 100  # characters of a query or value that its page repeats
_MOST_VENDORS = 12
_NARROWING = ("vendor", "category", "type", "program", "term", "price")
_SORTS = (
    (Sort.BEST, gettext_lazy("おすすめ順")),
    (Sort.PRICE, gettext_lazy("価格の安い順")),
    (Sort.NAME, gettext_lazy("名前順")),
)


@dataclass(frozen=True, slots=True)
class Choice:
    """A link that narrows the results down, or that takes this back; `count` is None where it says nothing."""

    label: str
    url: str
    count: str = ""


@require_safe
@same_for_visitors
def results(request: StoreRequest, store_id: int) -> HttpResponse:
    """What the store sells for the query, or all of it; nothing found is a page that helps."""
    given = _given(request)
    wanted, company = _wanted(given), company_of(request)
    made = browsing.browse(wanted, store=request.store, day=clock.today(), company=company)
    if not (found := made.found).products:
        return _nothing(request, given)
    skus = search.matching_skus(wanted.query, found.exact, store_id=store_id).values() if found.exact else []
    context = {
        **_shown(given, store_id),
        "ended": None if skus else _ended(given["q"], store_id),
        "rows": rows.of_products(found.products, store=request.store, company=company, asked=skus, lowest=made.lowest),
        "found": found,
        "most": search.MOST_COUNTED,
        "facets": _facets(made.facets, given, store_id),
        "window": browsing.WINDOW if made.facets.is_capped else None,
        "chosen": _chosen(given, found, store_id),
        **_pager(given, found, store_id),
    }
    return render(request, "web/storefront/search.html", context)


@require_safe
@same_for_visitors
def suggest(request: StoreRequest, store_id: int) -> HttpResponse:
    """The lines under the search box; empty for an empty box."""
    query = request.GET.get("q", "")
    lines = [(line, _address_of(line, store_id)) for line in suggestions.suggest(query, store_id=store_id)]
    return render(request, "web/storefront/suggest.html", {"lines": lines, "query": _squashed(query)[:_LONGEST]})


def _ended(query: str, store_id: int) -> successors.Ended | None:
    """What took the place of a model number that is no longer sold, when the query is one."""
    return successors.ended(query, store_id=store_id, day=clock.today()) if query else None


def _address_of(line: suggestions.Suggestion, store_id: int) -> str:
    if line.kind == suggestions.Kind.VENDOR:
        return _address(store_id, {"vendor": line.code})
    product = reverse("store:product", args=[store_id, line.code])
    return f"{product}?{urlencode({'model': line.text})}#sku-{line.sku_id}" if line.sku_id else product


def _nothing(request: StoreRequest, given: Mapping[str, str]) -> HttpResponse:
    """Not kept for others: each time that something is looked for in vain counts."""
    query, store_id = given["q"], request.store.pk
    narrowed = any(given[name] for name in _NARROWING)
    ended = _ended(query, store_id)
    if query and not narrowed and not given["after"] and not ended:
        zero_hits.record(query, store_id=store_id)
    nearest = corrections.nearest(query, store_id=store_id) if query and not narrowed and not ended else []
    context = {
        **_shown(given, store_id),
        "ended": ended,
        "rows": [],
        "nearest": [(text, _address(store_id, {"q": text})) for text in nearest],
        "all_url": _address(store_id, {"q": query}) if narrowed and query else "",
        "popular": rows.for_company(products.popular(request.store), company_of(request), store=request.store),
    }
    response = render(request, "web/storefront/search.html", context)
    response["Cache-Control"] = "no-store"
    return response


def _given(request: StoreRequest) -> dict[str, str]:
    """The known values of the address as text, without what no database takes."""
    names = ("q", *_NARROWING, "sort", "after")
    return {name: _squashed(request.GET.get(name, ""))[: MAX_QUERY if name == "q" else _LONGEST] for name in names}


def _squashed(text: str) -> str:
    return " ".join(text.encode(errors="ignore").decode().replace("\0", "").split())


def _wanted(given: Mapping[str, str]) -> Wanted:
    price = given["price"].split("-")
    least, most = (_number(part) for part in price) if len(price) == 2 else (None, None)  # noqa: PLR2004  (from and to)
    narrowed = Narrowed(given["vendor"], given["category"], given["type"], given["program"], _number(given["term"]))
    sort = Sort(given["sort"]) if given["sort"] in list(Sort) else Sort.BEST
    return Wanted(given["q"], narrowed, least, most, sort, _place(given["after"]))


def _number(text: str) -> int | None:
    return whole_numbers.read(text, most=_MOST)


def _place(text: str) -> Place | None:
    parts = [_number(part) for part in text.split(".")]
    if len(parts) != len(Place._fields):
        return None
    tier, popularity, pk = parts
    return None if tier is None or popularity is None or pk is None else Place(tier, -popularity, pk)


def _address(store_id: int, given: Mapping[str, str], **changed: str) -> str:
    """The search with these values; a change leads back to the first page."""
    parts = {**given, "after": "", **changed}
    query = urlencode({name: part for name, part in parts.items() if part})
    return f"{reverse('store:search', args=[store_id])}{'?' if query else ''}{query}"


def _shown(given: Mapping[str, str], store_id: int) -> dict[str, object]:
    hidden = [(name, given[name]) for name in ("q", *_NARROWING) if given[name]]
    return {
        "query": given["q"][:_LONGEST],
        "vendor": given["vendor"],
        "category": given["category"],
        "hidden": hidden,
        "sort": given["sort"],
        "sorts": [(str(sort), label) for sort, label in _SORTS],
        "search_url": reverse("store:search", args=[store_id]),
    }


def _pager(given: Mapping[str, str], found: Found, store_id: int) -> dict[str, str]:
    """To the next page by the place where this one ends; back to the first (the browser goes back one by one)."""
    last = found.last
    after = f"{last.tier}.{-last.unpopularity}.{last.id}" if last else ""
    return {
        "first_url": _address(store_id, given) if given["after"] else "",
        "next_url": _address(store_id, given, after=after) if after else "",
    }


def _facets(facets: Facets, given: Mapping[str, str], store_id: int) -> list[tuple[str, list[Choice]]]:
    """Headings with links; what is chosen already, or would narrow nothing down, is left out."""
    lists: list[tuple[str, str, list[tuple[str, str, int]]]] = [
        (_("メーカー"), "vendor", facets.vendors[:_MOST_VENDORS]),
        (_("購入形態"), "type", [(k, str(k.label), facets.purchase_types.get(k, 0)) for k in PurchaseType]),
        (_("プログラム"), "program", [(p, str(p.label), facets.programs.get(p, 0)) for p in Program]),
        (_("期間"), "term", [(str(months), term_label(months), facets.terms[months]) for months in sorted(facets.terms)]),
        (_("価格（税別・最低価格）"), "price", [(f"{a or ''}-{b or ''}", price_label(a, b), n) for (a, b), n in facets.prices.items()]),
    ]  # fmt: skip
    shown = [
        (
            heading,
            [
                Choice(label, _address(store_id, given, **{name: value}), _count(number))
                for value, label, number in values
                if number
            ],
        )
        for heading, name, values in lists
        if not given[name]
    ]
    return [(heading, choices) for heading, choices in shown if len(choices) > 1]


def _count(number: int) -> str:
    return f"{search.MOST_COUNTED}+" if number > search.MOST_COUNTED else str(number)


def _chosen(given: Mapping[str, str], found: Found, store_id: int) -> list[Choice]:
    """What the results are narrowed down to, each with the address without it."""
    wanted = _wanted(given)
    words = {
        "vendor": found.products[0].vendor.name,
        "category": given["category"],
        "type": dict(PurchaseType.choices).get(given["type"], ""),
        "program": dict(Program.choices).get(given["program"], ""),
        "term": term_label(wanted.narrowed.term or 0),
        "price": price_label(wanted.price_from, wanted.price_to),
    }
    return [Choice(str(words[name]), _address(store_id, given, **{name: ""})) for name in _NARROWING if given[name]]


def term_label(months: int) -> str:
    """永続, 3年 or 1か月."""
    return Sku(term_months=months or None).term_label


def price_label(least: int | None, most: int | None) -> str:
    """～5,000円, 5,001円～20,000円 or 100,001円～."""
    first = _("%(yen)s円") % {"yen": f"{least + 1:,}"} if least is not None else ""
    return f"{first}～" + (_("%(yen)s円") % {"yen": f"{most:,}"} if most is not None else "")
