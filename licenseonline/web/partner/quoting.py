"""Quotations that a partner's staff prepare in a member's name, or for who is none yet, send, revise and withdraw."""

from http import HTTPStatus
from uuid import uuid4

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from licenseonline.accounts.models import Member
from licenseonline.kit import rights
from licenseonline.kit.errors import Refused
from licenseonline.kit.rights import Right
from licenseonline.records import files, idempotency
from licenseonline.sales import offer_forms, offer_panels, offers
from licenseonline.sales.models import Quote, QuoteRequest, QuoteRevision
from licenseonline.sales.offer_forms import OfferForm
from licenseonline.stores.models import StoreState
from licenseonline.web.access import partner_needs
from licenseonline.web.partner import figures
from licenseonline.web.requests import StaffRequest


@partner_needs(Right.PREPARE_QUOTES)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: StaffRequest, store_id: int, member_id: int) -> HttpResponse:
    """A new one for this member."""
    people = Member.objects.visible_to(request.user).select_related("company", "store")
    member = get_object_or_404(people, store_id=store_id, pk=member_id)
    return _written(request, OfferForm(member, None, request.POST or None, asked=_asked(request, member)))


@partner_needs(Right.PREPARE_QUOTES)
@require_safe
def choose(request: StaffRequest) -> HttpResponse:
    """For a member, or for somebody who is none; then of which store, where there are several."""
    own = [store for store in figures.own_stores(request.user) if store.state == StoreState.OPEN]
    store = next((one for one in own if str(one.pk) == request.GET.get("store")), None)
    if store is not None:
        return redirect("partner:offer_new", store.pk)
    return render(request, "web/partner/quote_choose.html", {"own": own})


@partner_needs(Right.PREPARE_QUOTES)
@require_http_methods(["GET", "HEAD", "POST"])
def offer(request: StaffRequest, store_id: int) -> HttpResponse:
    """A new one for somebody without an account at this store."""
    store = get_object_or_404(figures.own_stores(request.user), pk=store_id)
    return _written(request, OfferForm(offer_forms.to_address(store), None, request.POST or None))


def _asked(request: StaffRequest, member: Member) -> QuoteRequest | None:
    """The request that it answers, by the address's `request`."""
    number = request.GET.get("request", "").replace("\0", "")
    rows = QuoteRequest.objects.visible_to(request.user).filter(store_id=member.store_id, member=member)
    return get_object_or_404(rows, number=number) if number else None


@partner_needs(Right.PREPARE_QUOTES)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: StaffRequest, store_id: int, number: str) -> HttpResponse:
    """Another content: of a draft, or as the next revision of what was issued."""
    quote = _quote(request, store_id, number)
    if offer_panels.of(quote, by=request.user).rewrite is None:
        messages.error(request, _("この見積の内容は、もう変更できません。"))
        return redirect("partner:quote", store_id, number)
    return _written(request, OfferForm(offer_forms.to_customer(quote), quote, request.POST or None))


def _written(request: StaffRequest, form: OfferForm) -> HttpResponse:
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
    sees = rights.allowed(request.user, Right.VIEW_MARGINS)
    context = {
        "form": form,
        "person": form.member,
        "quote": form.quote,
        "made": made,
        "lines": offers.reckoned(made.frozen, made.today_yen) if made else [],
        "margin": offers.margin_of(made.frozen) if made and sees else None,
        "sees_margins": sees,
        "key": uuid4(),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "web/partner/quote_edit.html", context, status=status)


def _save(request: StaffRequest, form: OfferForm) -> str:
    def do() -> str:
        return _address(form.write(by=request.user))

    body = {"path": request.get_full_path(), **form.facts()}
    key = request.POST.get("key", "")
    return idempotency.once(key, body, do, by=request.user, store_id=form.to.store_id)


@partner_needs(Right.PREPARE_QUOTES)
@require_POST
def step(request: StaffRequest, store_id: int, number: str, code: str) -> HttpResponse:
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


@partner_needs(Right.VIEW_SALES)
@require_safe
def pdf(request: StaffRequest, store_id: int, number: str, revision: int) -> HttpResponseBase:
    """The kept PDF of a revision."""
    rows = Quote.objects.visible_to(request.user).select_related("pdf")
    quote = get_object_or_404(rows, store_id=store_id, number=number)
    earlier = QuoteRevision.objects.visible_to(request.user).filter(store_id=store_id, quote=quote, revision=revision)
    found = quote if quote.revision == revision else earlier.select_related("pdf").first()
    if found is None or found.pdf is None:
        raise Http404
    kept = found.pdf
    return FileResponse(files.opened(kept), as_attachment=True, filename=kept.name, content_type=kept.content_type)


def _quote(request: StaffRequest, store_id: int, number: str) -> Quote:
    rows = Quote.objects.visible_to(request.user).select_related("store", "company", "member__store", "member__company")
    return get_object_or_404(rows, store_id=store_id, number=number)


def _address(quote: Quote) -> str:
    return reverse("partner:quote", args=[quote.store_id, quote.number])
