"""What a store tells its visitors: TOP, about, FAQ, inquiry, news and its own pages."""

from itertools import groupby
from urllib.parse import quote

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from licenseonline.catalog.models import Product
from licenseonline.content.models import Faq, News, Page
from licenseonline.kit import whole_numbers
from licenseonline.stores.models import Store
from licenseonline.web.requests import StoreRequest, company_of
from licenseonline.web.storefront import campaigns, products, rows
from licenseonline.web.storefront.rows import ProductRow
from licenseonline.web.visitor_pages import once, same_for_visitors

_NEWS = 5
_NEWS_PAGE = 20
_PLACES = 12


@require_safe
@same_for_visitors
def top(request: StoreRequest, store_id: int) -> HttpResponse:
    """The store's TOP: search, campaigns, what is bought most, news, ways in by vendor and category, help for newcomers."""
    vendors, categories = once(_entrances, request.store)
    context = {
        "popular": rows.for_company(once(_popular, request.store), company_of(request), store=request.store),
        "news": News.objects.public(store_id).order_by("-published_on", "-id")[:_NEWS],
        "vendors": vendors,
        "categories": categories,
        "campaigns": once(campaigns.running_at, request.store),
    }
    return render(request, "web/storefront/top.html", context)


def _popular(store: Store) -> list[ProductRow]:
    return products.popular(store, 8)


def _entrances(store: Store) -> tuple[list[tuple[str, str]], list[str]]:
    """Vendors (code and name) and categories of what the store sells."""
    sold = Product.objects.public(store.pk).order_by("vendor__kana", "vendor__name", "category")
    found = list(sold.values_list("vendor__code", "vendor__name", "category").distinct())
    vendors = dict.fromkeys((code, name) for code, name, _category in found)
    categories = sorted({category for _code, _name, category in found if category})
    return list(vendors)[: 2 * _PLACES], categories[:_PLACES]


@require_safe
@same_for_visitors
def about(request: StoreRequest, store_id: int) -> HttpResponse:
    """当ストアについて: who sells, on which terms, and where to ask."""
    return render(request, "web/storefront/about.html")


@require_safe
@same_for_visitors
def faq(request: StoreRequest, store_id: int) -> HttpResponse:
    """FAQ under its six headings."""
    found = Faq.objects.public(store_id).order_by("heading", "position", "id")
    by_heading = {heading: list(group) for heading, group in groupby(found, key=lambda entry: entry.heading)}
    sections = [(heading, by_heading.get(heading, [])) for heading in Faq.Heading]
    return render(request, "web/storefront/faq.html", {"sections": sections})


@require_safe
@same_for_visitors
def inquiry(request: StoreRequest, store_id: int) -> HttpResponse:
    """お問い合わせ: the desk, and a mail that already has the headings the desk needs."""
    model = request.GET.get("model", "")[:80]
    subject = _("お問い合わせ（%(store)s）") % {"store": request.store.name}
    lines = [
        _("会社名："),
        _("お名前："),
        _("お電話番号："),
        _("見積ID・注文ID（お持ちの場合）："),
        _("型番：") + model,
        "",
        _("お問い合わせ内容："),
    ]
    mailto = f"mailto:{request.store.desk_email}?subject={quote(subject)}&body={quote(chr(13) + chr(10).join(lines))}"
    return render(request, "web/storefront/inquiry.html", {"model": model, "mailto": mailto})


@require_safe
@same_for_visitors
def news(request: StoreRequest, store_id: int) -> HttpResponse:
    """お知らせ, newest first; older ones by `before`, the number of the last one shown."""
    before = whole_numbers.read(request.GET.get("before", ""))
    found = News.objects.public(store_id).order_by("-published_on", "-id")
    if before is not None:
        last = get_object_or_404(found, pk=before)
        found = found.filter(Q(published_on__lt=last.published_on) | Q(published_on=last.published_on, pk__lt=last.pk))
    entries = list(found[: _NEWS_PAGE + 1])
    last_shown = entries[_NEWS_PAGE - 1].pk if len(entries) > _NEWS_PAGE else None
    context = {"entries": entries[:_NEWS_PAGE], "last_shown": last_shown, "is_first": before is None}
    return render(request, "web/storefront/news.html", context)


@require_safe
@same_for_visitors
def page(request: StoreRequest, store_id: int, path: str) -> HttpResponse:
    """A page that the store wrote."""
    found = get_object_or_404(Page.objects.public(store_id), path=path.replace("\0", ""))
    return render(request, "web/storefront/page.html", {"page": found})
