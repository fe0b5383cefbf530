"""Quotations that the desk prepares in a member's name, or for who is none yet, sends, revises and withdraws."""

import uuid
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from unfold.widgets import SELECT_CLASSES

from licenseonline.accounts.models import Member
from licenseonline.backoffice import access
from licenseonline.backoffice.fields import dress
from licenseonline.backoffice.requests import DeskRequest
from licenseonline.backoffice.site import site
from licenseonline.kit import rights
from licenseonline.kit.errors import Refused
from licenseonline.kit.rights import Right
from licenseonline.records import files, idempotency
from licenseonline.sales import offer_forms, offer_panels, offers
from licenseonline.sales.models import Quote, QuoteRequest, QuoteRevision
from licenseonline.sales.prospects import Prospect
from licenseonline.stores.models import Store, StoreState


class StoreForm(forms.Form):
    """Which store quotes."""

    store = forms.ModelChoiceField(
        label=gettext_lazy("ストア"),
        queryset=Store.objects.filter(state=StoreState.OPEN).defer("seal_png", "logo_svg").order_by("pk"),
        empty_label=gettext_lazy("選択してください"),
        widget=forms.Select(attrs={"class": " ".join(SELECT_CLASSES)}),
        error_messages={
            "required": gettext_lazy("ストアを選択してください。"),
            "invalid_choice": gettext_lazy("ストアを選択してください。"),
        },
    )


class OfferForm(offer_forms.OfferForm):
    """In the desk's clothes."""

    def __init__(
        self, to: Member | Prospect, quote: Quote | None = None, data: Any = None, *, asked: QuoteRequest | None = None
    ) -> None:
        super().__init__(to, quote, data, asked=asked)
        dress(self)


@access.needs(Right.PREPARE_QUOTES)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: DeskRequest, store_id: int, member_id: int) -> HttpResponse:
    """A new one for this member."""
    people = Member.objects.visible_to(request.user).select_related("company", "store")
    member = get_object_or_404(people, store_id=store_id, pk=member_id)
    return _written(request, OfferForm(member, None, request.POST or None, asked=_asked(request, member)))


@access.needs(Right.PREPARE_QUOTES)
@require_safe
def choose(request: DeskRequest) -> HttpResponse:
    """For a member, or for somebody who is none; then of which store."""
    form = StoreForm(request.GET if "store" in request.GET else None)
    if form.is_valid():
        return redirect("backoffice:offer_to_address", form.cleaned_data["store"].pk)
    context = {**site.each_context(request), "title": _("見積の作成"), "form": form}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "backoffice/offer_choose.html", context, status=status)


@access.needs(Right.PREPARE_QUOTES)
@require_http_methods(["GET", "HEAD", "POST"])
def offer(request: DeskRequest, store_id: int) -> HttpResponse:
    """A new one for somebody without an account at this store."""
    store = get_object_or_404(Store, pk=store_id)
    return _written(request, OfferForm(offer_forms.to_address(store), None, request.POST or None))


def _asked(request: DeskRequest, member: Member) -> QuoteRequest | None:
    """The request that it answers, by the address's `request`."""
    number = request.GET.get("request", "").replace("\0", "")
    rows = QuoteRequest.objects.visible_to(request.user).filter(store_id=member.store_id, member=member)
    return get_object_or_404(rows, number=number) if number else None


@access.needs(Right.PREPARE_QUOTES)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: DeskRequest, store_id: int, number: str) -> HttpResponse:
    """Another content: of a draft, or as the next revision of what was issued."""
    quote = _quote(request, store_id, number)
    if offer_panels.of(quote, by=request.user).rewrite is None:
        messages.error(request, _("この見積の内容は、もう変更できません。"))
        return redirect("backoffice:quote", store_id, number)
    return _written(request, OfferForm(offer_forms.to_customer(quote), quote, request.POST or None))


def _written(request: DeskRequest, form: OfferForm) -> HttpResponse:
    """Once saved on to the quotation; else the form, with what it would promise."""
    made = None
    if form.is_bound and form.is_valid():
        if "save" in request.POST:
            try:
                return redirect(_save(request, form))
            except Refused as refusal:
                form.refuse(refusal)
        else:
            made = form.preview()
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "backoffice/offer_edit.html", _context(request, form, made), status=status)


def _context(request: DeskRequest, form: OfferForm, made: offers.Prepared | None) -> dict[str, Any]:
    sees, quote = rights.allowed(request.user, Right.VIEW_MARGINS), form.quote
    title = _("見積の作成")
    if quote and quote.state == Quote.State.DRAFT:
        title = _("見積 %(number)s の書き直し") % {"number": quote.number}
    elif quote:
        title = _("見積 %(number)s の改訂") % {"number": quote.number}
    return {
        **site.each_context(request),
        "title": title,
        "form": form,
        "person": form.member,
        "quote": quote,
        "is_revision": quote is not None and quote.state != Quote.State.DRAFT,
        "made": made,
        "lines": offers.reckoned(made.frozen, made.today_yen) if made else [],
        "margin": offers.margin_of(made.frozen) if made and sees else None,
        "sees_margins": sees,
        "key": uuid.uuid4(),
    }


def _save(request: DeskRequest, form: OfferForm) -> str:
    def do() -> str:
        return _address(form.write(by=request.user))

    body = {"path": request.get_full_path(), **form.facts()}
    key = request.POST.get("key", "")
    return idempotency.once(key, body, do, by=request.user, store_id=form.to.store_id)


@access.needs(Right.PREPARE_QUOTES)
@require_POST
def step(request: DeskRequest, store_id: int, number: str, code: str) -> HttpResponse:
    """Send, allow, give back or withdraw."""
    quote = _quote(request, store_id, number)
    if code not in offer_panels.STEPS:
        raise Http404

    def do() -> str:
        messages.success(request, offer_panels.do(quote, code, by=request.user))
        return _address(quote)

    try:
        body = {"path": request.path}
        idempotency.once(request.POST.get("key", ""), body, do, by=request.user, store_id=store_id)
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect(_address(quote))


@access.needs(Right.VIEW_SALES)
@require_safe
def pdf(request: DeskRequest, store_id: int, number: str, revision: int) -> HttpResponseBase:
    """The kept PDF of a revision."""
    rows = Quote.objects.visible_to(request.user).select_related("pdf")
    quote = get_object_or_404(rows, store_id=store_id, number=number)
    earlier = QuoteRevision.objects.visible_to(request.user).filter(store_id=store_id, quote=quote, revision=revision)
    found = quote if quote.revision == revision else earlier.select_related("pdf").first()
    if found is None or found.pdf is None:
        raise Http404
    kept = found.pdf
    return FileResponse(files.opened(kept), as_attachment=True, filename=kept.name, content_type=kept.content_type)


def _quote(request: DeskRequest, store_id: int, number: str) -> Quote:
    rows = Quote.objects.visible_to(request.user).select_related("store", "company", "member__store", "member__company")
    return get_object_or_404(rows, store_id=store_id, number=number)


def _address(quote: Quote) -> str:
    return reverse("backoffice:quote", args=[quote.store_id, quote.number])
