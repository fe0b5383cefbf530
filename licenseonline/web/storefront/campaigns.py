"""キャンペーン: those that run, and one with its products at its prices."""

from datetime import date

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from licenseonline.accounts.models import Company
from licenseonline.catalog import campaigns, prices
from licenseonline.catalog.models import Campaign, Product, Sku
from licenseonline.kit import clock
from licenseonline.stores.models import Store
from licenseonline.web.requests import StoreRequest, company_of
from licenseonline.web.storefront import rows
from licenseonline.web.visitor_pages import once, same_for_visitors

_PRODUCTS = 24
_SKUS = 100
_GONE = 410


@require_safe
@same_for_visitors
def index(request: StoreRequest, store_id: int) -> HttpResponse:
    """The campaigns that run today; the page says so when there are none."""
    return render(request, "web/storefront/campaigns.html", {"campaigns": once(running_at, request.store)})


@require_safe
@same_for_visitors
def show(request: StoreRequest, store_id: int, code: str) -> HttpResponse:
    """A campaign with its products; one that is over says so (410) and leads on; one that nobody may see yet is 404."""
    campaign, today = get_object_or_404(Campaign.objects.public(store_id), code=code), clock.today()
    token = request.GET.get("preview", "")
    is_preview = bool(token) and campaigns.is_preview(campaign, token)
    if not is_preview and not (campaign.is_published and campaign.from_day <= today):
        raise Http404
    is_over = campaign.to_day < today
    subjects = _subjects(campaign, request.store, company_of(request)) if is_preview or not is_over else {}
    context = {"campaign": campaign, "period": period(campaign), "is_preview": is_preview, **subjects}
    if is_over and not is_preview:
        others = {"campaigns": once(running_at, request.store)}
        return render(request, "web/storefront/campaign_over.html", {**context, **others}, status=_GONE)
    response = render(request, "web/storefront/campaign.html", context)
    if is_preview:
        response["Cache-Control"] = "no-store"
    return response


def running_at(store: Store) -> list[tuple[Campaign, str]]:
    """The store's running campaigns, each with its period in words."""
    return [(campaign, period(campaign)) for campaign in campaigns.running(store.pk, day=clock.today())]


def period(campaign: Campaign) -> str:
    """2026年12月1日～12月28日; the year once when it is one."""
    return _("%(from)s～%(to)s") % {
        "from": _day(campaign.from_day),
        "to": _day(campaign.to_day, with_year=campaign.from_day.year != campaign.to_day.year),
    }


def _day(day: date, *, with_year: bool = True) -> str:
    year = _("%(year)s年") % {"year": day.year} if with_year else ""
    return year + _("%(month)s月%(day)s日") % {"month": day.month, "day": day.day}


def _subjects(campaign: Campaign, store: Store, company: Company | None) -> dict[str, object]:
    """Its products as cards, of a vendor those that are bought most; its SKUs with their prices."""
    about = campaigns.subjects(campaign)
    sold = Product.objects.public(store.pk).filter(Q(pk__in=about.products) | Q(vendor__in=about.vendors))
    found = list(sold.select_related("vendor").order_by("-popularity", "id")[: _PRODUCTS + 1])
    skus = Sku.objects.public(store.pk).filter(pk__in=about.skus).order_by("-popularity", "model_number")[:_SKUS]
    vendors = {product.vendor.code: product.vendor.name for product in found if product.vendor_id in about.vendors}
    return {
        "rows": rows.of_products(found[:_PRODUCTS], store=store, company=company),
        "offers": prices.offers(skus, store=store, day=clock.today(), company=company) if about.skus else [],
        "vendors": list(vendors.items()) if len(found) > _PRODUCTS else [],
    }
