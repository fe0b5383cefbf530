"""What a partner's store sells, and at which prices: to look at; the desk changes it."""

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from licenseonline.catalog import prices, store_summaries
from licenseonline.catalog.models import Sku
from licenseonline.kit import clock, rights
from licenseonline.kit.rights import Right
from licenseonline.kit.text import MAX_QUERY, fold_model
from licenseonline.stores.models import Store
from licenseonline.web.access import partner_needs
from licenseonline.web.partner import figures
from licenseonline.web.requests import StaffRequest

MOST = 50


@dataclass(frozen=True, slots=True)
class Row:
    """A SKU with its price today; the margin per unit, yen without tax, where a cost is known and may be seen."""

    offer: prices.Offer
    margin_yen: int | None

    @property
    def per_cent(self) -> str:
        """The margin's share of the price; empty without one."""
        if self.margin_yen is None or not self.offer.unit_yen:
            return ""
        return f"{100 * self.margin_yen / self.offer.unit_yen:.1f}%"


@partner_needs(Right.VIEW_SALES)
@require_safe
def index(request: StaffRequest) -> HttpResponse:
    """One store's assortment in figures and rules, with what is bought most, or the model numbers that begin as asked."""
    stores = list(figures.own_stores(request.user))
    if not stores:
        raise Http404
    store = next((one for one in stores if str(one.pk) == request.GET.get("store")), stores[0])
    asked = request.GET.get("q", "").replace("\0", "").strip()[:MAX_QUERY]
    sees_margins = rights.allowed(request.user, Right.VIEW_MARGINS)
    context = {
        "stores": stores,
        "of_store": store,
        "asked": asked,
        "sees_margins": sees_margins,
        "summary": store_summaries.of(store, with_margins=sees_margins),
        "rows": _rows(store, asked, sees_margins=sees_margins),
        "most": MOST,
    }
    return render(request, "web/partner/assortment.html", context)


def _rows(store: Store, asked: str, *, sees_margins: bool) -> list[Row]:
    skus = Sku.objects.public(store.pk).order_by("-popularity", "model_number")
    if asked:
        skus = skus.filter(folded_model__startswith=fold_model(asked)).order_by("model_number")
    day = clock.today()
    offers = prices.offers(skus[:MOST], store=store, day=day)
    units = {offer.sku.pk: offer.sku.min_quantity for offer in offers}
    costs = prices.costs(units, day=day) if sees_margins else {}
    return [Row(offer, _margin(offer, costs.get(offer.sku.pk))) for offer in offers]


def _margin(offer: prices.Offer, cost_yen: int | None) -> int | None:
    return None if offer.unit_yen is None or cost_yen is None else offer.unit_yen - cost_yen
