"""新規会員登録: the form, the page after it (the same for every mail address), and the mailed address that completes it."""

from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from licenseonline.accounts import links, partner_invitations, registrations
from licenseonline.accounts.models import MailLink
from licenseonline.kit import postal_codes
from licenseonline.kit.actors import Visitor
from licenseonline.kit.errors import Refused
from licenseonline.kit.forms import show_refusal
from licenseonline.kit.networks import client_network
from licenseonline.records import idempotency
from licenseonline.sales import quote_links
from licenseonline.sales.models import Quote
from licenseonline.sales.snapshots import Buyer
from licenseonline.web.requests import StoreRequest
from licenseonline.web.storefront.registration_forms import ConfirmForm, InvitedForm, RegistrationForm

_STATUS = {"throttled": 429}
_OVER = {"unknown": 404, "used": 410, "expired": 410}


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: StoreRequest, store_id: int) -> HttpResponse:
    """The form. 「住所を検索」 is for browsers without our script: it fills in the address and registers nothing."""
    if request.member is not None:
        return redirect("store:profile", store_id=store_id)
    if "find_address" in request.POST:
        form, found = RegistrationForm(request.POST).with_address()
        return _page(request, form, address_found=found)
    offer = quote_links.offered(request.GET.get("offer", ""), store=request.store)
    form = RegistrationForm(request.POST or None, initial=_initial(request, offer))
    if request.method != "POST":
        return _page(request, form, by=offer)
    try:
        if form.is_valid():
            return redirect(_begin(request, form))
    except Refused as refusal:
        show_refusal(form, refusal)
        return _page(request, form, status=_STATUS.get(refusal.code, 422))
    return _page(request, form, status=422)


def _initial(request: StoreRequest, offer: Quote | None) -> dict[str, str]:
    """What the form begins with; for who comes from a quotation that was mailed to them, to whom it was."""
    initial = {"terms_version": request.store.terms_version}
    if offer is None:
        return initial
    buyer: Buyer = offer.snapshot["buyer"]
    said = {"company_name": buyer["company"], "department": buyer["department"], "name": buyer["person"]}
    return {**initial, **said, "email": offer.offered_to}


def _begin(request: StoreRequest, form: RegistrationForm) -> str:
    def do() -> str:
        registrations.begin(
            form.application(source="store:register", network=client_network(request.META)),
            password=form.cleaned_data["password"],
            store=request.store,
        )
        return reverse("store:register_sent", args=[request.store.pk])

    # The key is as secret as the form it came with; without the password, of which no fast hash may be kept.
    body = {
        "do": "registrations.begin",
        **{name: form.cleaned_data[name] for name in form.fields if name != "password"},
    }
    visitor = Visitor(request.store.pk)
    return idempotency.once(form.cleaned_data["key"], body, do, by=visitor, store_id=request.store.pk)


def _page(
    request: StoreRequest,
    form: RegistrationForm,
    *,
    status: int = 200,
    address_found: bool | None = None,
    by: MailLink | Quote | None = None,
) -> HttpResponse:
    """`by` is the invitation or the mailed quotation that somebody came from."""
    invitation, offer = by if isinstance(by, MailLink) else None, by if isinstance(by, Quote) else None
    email = links.address_of(invitation) if invitation else ""
    context = {"form": form, "key": uuid4(), "address_found": address_found, "invitation": invitation, "email": email}
    context["offer"] = offer
    return render(request, "web/storefront/register.html", context, status=status)


@require_safe
def sent(request: StoreRequest, store_id: int) -> HttpResponse:
    """What comes next, the same for a new and for a known mail address."""
    return render(request, "web/storefront/register_sent.html")


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invited(request: StoreRequest, store_id: int, secret: str) -> HttpResponse:
    """The form of a partner's invitation; it completes the registration at once, for the mail has proven the address."""
    form = InvitedForm(request.POST or None, initial={"terms_version": request.store.terms_version})
    try:
        link = partner_invitations.opened(secret, store=request.store)
        if "find_address" in request.POST:
            form, found = InvitedForm(request.POST).with_address()
            return _page(request, form, address_found=found, by=link)
        if form.is_valid():
            return _accept(request, secret, form)
    except Refused as refusal:
        if refusal.code in _OVER:
            return render(
                request, "web/storefront/invitation_over.html", {"refusal": refusal}, status=_OVER[refusal.code]
            )
        show_refusal(form, refusal)
    return _page(request, form, status=422 if form.errors else 200, by=link)


def _accept(request: StoreRequest, secret: str, form: InvitedForm) -> HttpResponse:
    registrations.accept(
        secret,
        form.application(source="store:register_invited", network=client_network(request.META)),
        password=form.cleaned_data["password"],
        store=request.store,
    )
    messages.success(request, _("会員登録が完了しました。メールアドレスとパスワードでログインしてください。"))
    return redirect("store:login", store_id=request.store.pk)


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: StoreRequest, store_id: int, secret: str) -> HttpResponse:
    """GET: what is registered, and the button (mail scanners open links). POST: 本登録, then on to signing in."""
    form = ConfirmForm(request.POST or None)
    try:
        registration = registrations.open(secret, store=request.store)
        if request.method == "POST" and form.is_valid():
            registrations.confirm(secret, password=form.cleaned_data["password"], store=request.store)
            messages.success(request, _("会員登録が完了しました。メールアドレスとパスワードでログインしてください。"))
            return redirect("store:login", store_id=store_id)
    except Refused as refusal:
        if refusal.field != "password":
            return _closed(request, secret, refusal)
        form.add_error("password", refusal.message)
    context = {"application": registrations.application_of(registration), "form": form}
    return render(request, "web/storefront/register_confirm.html", context, status=422 if form.errors else 200)


@never_cache
@require_POST
def send_again(request: StoreRequest, store_id: int, secret: str) -> HttpResponse:
    """A new mail for an address that was opened too late."""
    try:
        registrations.send_again(secret, store=request.store, network=client_network(request.META))
    except Refused as refusal:
        return _closed(request, secret, refusal)
    return redirect("store:register_sent", store_id=store_id)


def _closed(request: StoreRequest, secret: str, refusal: Refused) -> HttpResponse:
    """Why the address does nothing, and what to do instead."""
    status = 404 if refusal.code == "unknown" else _STATUS.get(refusal.code, 410)
    context = {"refusal": refusal, "secret": secret}
    return render(request, "web/storefront/register_closed.html", context, status=status)


@cache_control(public=True, max_age=86400)
@require_safe
def postal_code(request: StoreRequest, store_id: int, code: str) -> JsonResponse:
    """The place of a postal code, for the script that fills in addresses; 404 for an unknown one."""
    place = postal_codes.look_up(code[:40])
    if place is None:
        return JsonResponse({}, status=404)
    return JsonResponse({"prefecture": place.prefecture, "city": place.city, "street": place.street})
