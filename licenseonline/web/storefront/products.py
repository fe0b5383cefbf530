"""The product page."""

from typing import NamedTuple
from unicodedata import normalize
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from licenseonline.catalog import eligibility, pictures, prices, related, relations, successors
from licenseonline.catalog.models import PaymentMethod, Product, Program, Vendor
from licenseonline.kit import clock
from licenseonline.sales import papers
from licenseonline.stores.models import Store
from licenseonline.web.requests import StoreRequest, company_of
from licenseonline.web.storefront import rows, sku_table
from licenseonline.web.visitor_pages import once, same_for_visitors

_LONGEST = 80
_MARKS = 6


class Mark(NamedTuple):
    """A tile for a product without a picture: the vendor's first letters, on one of a few colours."""

    letters: str
    colour: int


def popular(store: Store, number: int = 4) -> list[rows.ProductRow]:
    """What is bought most at the store."""
    products = Product.objects.public(store.pk).select_related("vendor").order_by("-popularity", "id")
    return rows.of_products(products[:number], store=store)


@require_safe
@same_for_visitors
def show(request: StoreRequest, store_id: int, code: str) -> HttpResponse:
    """A product with all that the store sells of it; 404 for what it does not sell, but an ended model number leads on."""
    company, today = company_of(request), clock.today()
    offers = prices.offers_of_product(code.replace("\0", ""), store=request.store, day=today, company=company)
    asked, ended = _asked(request), None
    if asked.model and not sku_table.found(offers, asked.model):
        ended = successors.ended(asked.model, store_id=store_id, day=today)
    if not offers:
        return _gone(store_id, ended, code)
    return render(request, "web/storefront/product.html", {**_page(request, offers, asked), "ended": ended})


def _page(request: StoreRequest, offers: list[prices.Offer], asked: sku_table.Asked) -> dict[str, object]:
    company, store, product = company_of(request), request.store, offers[0].sku.product
    skus = [offer.sku for offer in offers]
    breaks = prices.breaks(skus, store=store, day=clock.today(), company=company)
    return {
        "product": product,
        "picture": pictures.shown([product]).get(product.pk),
        "mark": mark(product.vendor),
        "tax_percent": offers[0].tax_percent,
        "table": sku_table.table(
            offers, asked, covered=rows.covered_at(store), breaks=breaks, holdings=once(_holdings, store, product.code)
        ),
        "facts": _facts(offers, store),
        "related": rows.for_company(once(_related, store, product.code), company, store=store),
    }


def mark(vendor: Vendor) -> Mark:
    """トレ of トレンドマイクロ, AD of Adobe; the colour is the vendor's for ever."""
    letters = "".join(normalize("NFKC", vendor.name).split())[:2].upper()
    return Mark(letters, sum(map(ord, vendor.code)) % _MARKS)


def _asked(request: StoreRequest) -> sku_table.Asked:
    """Of the address; without a program what is for this buyer."""
    mine = request.member.company.kind if request.member else Program.CORPORATE
    return sku_table.Asked(
        program=request.GET.get("program", mine),
        term=_given(request, "term"),
        all=_given(request, "all"),
        model=_given(request, "model"),
        held=_given(request, "held"),
    )


def _given(request: StoreRequest, name: str) -> str:
    return request.GET.get(name, "").replace("\0", "")[:_LONGEST]


def _gone(store_id: int, ended: successors.Ended | None, code: str) -> HttpResponse:
    """A product of which nothing is sold any more has no page; the search says what took the model number's place."""
    if ended is None or ended.product_code != code:
        raise Http404
    return redirect(f"{reverse('store:search', args=[store_id])}?{urlencode({'q': ended.model_number})}")


def _holdings(store: Store, code: str) -> tuple[sku_table.Held, ...]:
    product = get_object_or_404(Product.objects.public(store.pk), code=code)
    return sku_table.held(relations.paths(product.pk, store_id=store.pk))


def _related(store: Store, code: str) -> list[rows.ProductRow]:
    product = get_object_or_404(Product.objects.public(store.pk), code=code)
    return rows.of_products(related.related(product, store_id=store.pk), store=store)


def _facts(offers: list[prices.Offer], store: Store) -> dict[str, object]:
    skus = [offer.sku for offer in offers]
    priced = [offer for offer in offers if offer.unit_yen is not None]
    lowest = min(priced, key=lambda offer: offer.unit_yen or 0) if priced else None
    limited = [set(sku.payment_methods) for sku in skus]
    payments = set.union(*limited) if all(limited) else set()
    return {
        "lowest": lowest,
        "lowest_term": rows.term(lowest.sku) if lowest else "",
        "unit": (lowest or offers[0]).sku.unit_label,
        "units": sorted({sku.unit_label for sku in skus}),
        "lead_from": min(sku.lead_days for sku in skus),
        "lead_to": max(sku.lead_days for sku in skus),
        "deliveries": sorted({sku.delivery_label for sku in skus}),
        "clouds": {sku.is_cloud for sku in skus},
        "eligible": eligibility.in_words(skus, eligibility.of(skus)),
        "least": min(sku.min_quantity for sku in skus),
        "forms": sorted({str(sku.get_billing_display()) for sku in skus}),
        "payments": [method.label for method in PaymentMethod if method in payments],
        "papers": papers.in_words(skus, store=store),
    }
