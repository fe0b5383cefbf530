"""見積: from the cart to the quotation, and from the quotation to the order."""

from datetime import date, timedelta
from uuid import uuid4

from django.contrib import messages
from django.db.models import F, QuerySet
from django.db.models.fields.json import KT
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from licenseonline.accounts import members
from licenseonline.kit import clock
from licenseonline.kit.actors import Actor
from licenseonline.kit.errors import Refused
from licenseonline.kit.prepared import GivenMember, Prepared, given_text
from licenseonline.records import files, idempotency
from licenseonline.sales import quotes, term_choices
from licenseonline.sales.models import Quote
from licenseonline.sales.snapshots import Snapshot
from licenseonline.web import paging
from licenseonline.web.access import member_required
from licenseonline.web.jinja import fragment
from licenseonline.web.member import approvals, documents, revisions
from licenseonline.web.member.quote_forms import QuoteForm
from licenseonline.web.requests import MemberRequest

_PDF_TAKES = timedelta(minutes=5)  # longer than that, waiting on the page helps nobody


ALL = "all"  # of the cart's groups


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: MemberRequest, store_id: int) -> HttpResponse:
    """What would be quoted, and the button that makes it a quotation, or all of the cart's groups a set of them."""
    group = str((request.POST or request.GET).get("form", ""))
    form = QuoteForm(request.POST or None, member=request.member)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(_issue(request, group, form))
        except Refused as refusal:
            form.add_error(None, refusal.message)
    try:
        shown = (
            quotes.preview_all(by=request.member) if group == ALL else {group: quotes.preview(group, by=request.member)}
        )
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("store:cart", store_id=store_id)
    context = _preview(request, shown) | {"form": form, "group": group, "key": uuid4()}
    return render(request, "web/member/quote_new.html", context, status=422 if form.errors else 200)


def _preview(request: MemberRequest, shown: dict[str, Snapshot]) -> dict[str, object]:
    promises = list(shown.values())
    return {
        "documents": [documents.context(one, store=request.store) for one in promises],
        "total": sum(one["total"] for one in promises),
        "valid_until": date.fromisoformat(promises[0]["valid_until"]),
        "terms": term_choices.table([line for one in promises for line in one["lines"]], by=request.member),
    }


def _issue(request: MemberRequest, group: str, form: QuoteForm) -> str:
    asked = form.particulars()

    def do() -> str:
        if group == ALL:
            made = quotes.issue_all(particulars=asked, by=request.member)
        else:
            made = [quotes.issue(group, particulars=asked, by=request.member)]
        if len(made) == 1:
            messages.success(request, _("見積を作成しました。見積書はメールでもお送りします。"))
            return _address(made[0])
        text = _("%(count)s件の見積を作成しました（セット番号 %(set)s）。見積書はメールでもお送りします。")
        messages.success(request, text % {"count": len(made), "set": made[0].set_number})
        return reverse("store:quotes", args=[request.store.pk])

    body = {"do": "quotes.issue", "form": group, **asked.as_data()}
    return idempotency.once(form.cleaned_data["key"], body, do, by=request.member, store_id=request.store.pk)


@member_required
@require_safe
def index(request: MemberRequest, store_id: int) -> HttpResponse:
    """見積履歴 of the member's company."""
    return render(request, "web/member/quotes.html", {"page": _history.page(request.GET, by=request.member)})


def _rows(member: Actor) -> QuerySet[Quote]:
    """With what the list shows, and not the snapshots."""
    rows = Quote.objects.visible_to(member).defer("snapshot", "company", "member", "pdf")
    return rows.annotate(
        member_name=F("member__name"), order_number=F("order__number"), acted_by=KT("snapshot__acted_by")
    )


_history = paging.History(_rows)


@member_required
@require_safe
def show(request: MemberRequest, store_id: int, number: str) -> HttpResponse:
    """The quotation as it was frozen; htmx asks for the PDF's part until it is ready."""
    quote = visible(request, number)
    if getattr(request, "htmx", False):
        return fragment(request, "web/member/quote.html", "pdf", context(request, quote))
    return render(request, "web/member/quote.html", context(request, quote))


@member_required
@require_safe
def pdf(request: MemberRequest, store_id: int, number: str) -> HttpResponseBase:
    """The kept PDF; while it is being made, back to the quotation."""
    quote = visible(request, number)
    if quote.pdf is None:
        messages.info(request, _("PDFを作成しています。しばらくしてからもう一度お試しください。"))
        return redirect(_address(quote))
    content, kept = files.opened(quote.pdf), quote.pdf
    return FileResponse(content, as_attachment=True, filename=kept.name, content_type=kept.content_type)


def visible(request: MemberRequest, number: str) -> Quote:
    """A quotation of the member's company."""
    quote = _by_number.one(number=number, **GivenMember.of(request.member))
    quote.store = request.store
    return quote


_by_number = Prepared(
    lambda: (
        Quote.objects.visible_to(GivenMember())
        .filter(number=given_text("number"))
        .annotate(member_name=F("member__name"), order_number=F("order__number"))
    )
)


def context(request: MemberRequest, quote: Quote) -> dict[str, object]:
    """What the page of a quotation shows."""
    late = clock.now() - quote.issued_at > _PDF_TAKES
    return (
        documents.context(quote.snapshot, store=request.store)
        | approvals.context(request, quote)
        | {
            "quote": quote,
            "revisions": revisions.of(quote, request),
            "pdf_is_late": late,
            "why_not_order": members.why_not_order(request.member),
        }
    )


def _address(quote: Quote) -> str:
    return reverse("store:quote", args=[quote.store_id, quote.number])
