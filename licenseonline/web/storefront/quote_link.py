"""A quotation by its link, without sign-in: read it, its PDF, and 承認 or 差戻し by an approver.

The page of an offer to an address without an account says how it is ordered, the same whether the address has one by now.
"""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, Final

from django.contrib import messages
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from licenseonline.kit.errors import Refused
from licenseonline.kit.forms import show_refusal
from licenseonline.records import files
from licenseonline.sales import approvals, quote_links
from licenseonline.sales.models import Decision, QuoteLink
from licenseonline.web.member import documents
from licenseonline.web.member.approval_forms import DecisionForm
from licenseonline.web.requests import StoreRequest

_STATUS: Final = {"unknown": HTTPStatus.NOT_FOUND}

View = Callable[..., HttpResponseBase]


def _by_link(view: View) -> View:
    """Opens the link, or says why it opens nothing. Its address is for nobody else: not for search engines or other sites."""

    @wraps(view)
    def opened(request: StoreRequest, store_id: int, secret: str, **rest: Any) -> HttpResponseBase:
        try:
            link = quote_links.open(secret, store=request.store)
        except Refused as refusal:
            status = _STATUS.get(refusal.code, HTTPStatus.GONE)
            context = {
                "refusal": refusal,
                "offer": quote_links.offered(secret, store=request.store),
                "secret": secret,
            }
            answer: HttpResponseBase = render(request, "web/storefront/quote_link_over.html", context, status=status)
        else:
            answer = view(request, link, secret, **rest)
        answer["X-Robots-Tag"] = "noindex, nofollow"
        # Not `no-referrer`: with it browsers send their own forms as from nowhere, which the CSRF check refuses.
        answer["Referrer-Policy"] = "same-origin"
        return answer

    return never_cache(opened)


@require_http_methods(["GET", "HEAD", "POST"])
@_by_link
def show(request: StoreRequest, link: QuoteLink, secret: str) -> HttpResponse:
    """The quotation as it was frozen; an approver answers here."""
    form = DecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return _decided(request, link, form, secret)
        except Refused as refusal:
            show_refusal(form, refusal)
            link.quote.refresh_from_db()
    context = documents.context(link.quote.snapshot, store=request.store) | {
        "link": link,
        "quote": link.quote,
        "secret": secret,
        "form": form,
        "answers": approvals.answers(link.quote),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "web/storefront/quote_link.html", context, status=status)


def _decided(request: StoreRequest, link: QuoteLink, form: DecisionForm, secret: str) -> HttpResponse:
    decision = Decision(form.cleaned_data["decision"])
    approvals.decide(
        link, decision=decision, comment=form.cleaned_data["comment"], revision=form.cleaned_data["revision"]
    )
    said = _("「%(decision)s」として記録し、ご依頼された方へお知らせしました。ありがとうございます。")
    messages.success(request, said % {"decision": decision.label})
    return redirect("store:quote_link", store_id=link.store_id, secret=secret)


@require_safe
@_by_link
def pdf(request: StoreRequest, link: QuoteLink, secret: str) -> HttpResponseBase:
    """The kept PDF; while it is being made, back to the page."""
    kept = link.quote.pdf
    if kept is None:
        messages.info(request, _("PDFを作成しています。しばらくしてからもう一度お試しください。"))
        return redirect("store:quote_link", store_id=link.store_id, secret=secret)
    content = files.opened(kept)
    return FileResponse(content, as_attachment=True, filename=kept.name, content_type=kept.content_type)
