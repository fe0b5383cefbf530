"""The product page."""

from collections import Counter

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from licenseonline.catalog import prices
from licenseonline.catalog.models import Paper, Product, Program
from licenseonline.kit import clock
from licenseonline.stores.models import Store
from licenseonline.web.requests import StoreRequest
from licenseonline.web.storefront import rows
from licenseonline.web.visitor_pages import same_for_visitors


def popular(store: Store, number: int = 4) -> list[rows.ProductRow]:
    """What is bought most at the store."""
    products = Product.objects.public(store.pk).select_related("vendor").order_by("-popularity", "id")
    return rows.of_products(products[:number], store=store)


@require_safe
@same_for_visitors
def show(request: StoreRequest, store_id: int, code: str) -> HttpResponse:
    """A product with all that the store sells of it; 404 for what it does not sell."""
    offers = prices.offers_of_product(code.replace("\0", ""), store=request.store, day=clock.today())
    if not offers:
        raise Http404
    programs = Counter(offer.sku.program for offer in offers)
    program = _program(request, programs)
    chosen = [offer for offer in offers if not program or offer.sku.program == program]
    context = {
        "product": offers[0].sku.product,
        "tax_percent": offers[0].tax_percent,
        "sections": rows.sections(chosen),
        "programs": [(choice, programs[choice]) for choice in Program if programs[choice]] if len(programs) > 1 else [],
        "program": program,
        "facts": _facts(offers),
    }
    return render(request, "web/storefront/product.html", context)


def _program(request: StoreRequest, sold: Counter[str]) -> str:
    """What is asked for, else what is for this buyer; empty (all) when the product is not sold for them."""
    mine = request.member.company.kind if request.member else Program.CORPORATE
    asked = request.GET.get("program", mine)
    return asked if asked in sold else ""


def _facts(offers: list[prices.Offer]) -> dict[str, object]:
    priced = [offer for offer in offers if offer.unit_yen is not None]
    papers = {paper for offer in offers for paper in offer.sku.papers}
    lowest = min(priced, key=lambda offer: offer.unit_yen or 0) if priced else None
    return {
        "lowest": lowest,
        "lowest_term": rows.term(lowest.sku) if lowest else "",
        "unit": (lowest or offers[0]).sku.unit_label,
        "lead_days": max(offer.sku.lead_days for offer in offers),
        "is_cloud": any(offer.sku.is_cloud for offer in offers),
        "least": min(offer.sku.min_quantity for offer in offers),
        "forms": sorted({str(offer.sku.get_billing_display()) for offer in offers}),
        "papers": [paper.label for paper in Paper if paper in papers],
    }
