"""The page of a mailed invitation."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from licenseonline.accounts import invitations, links
from licenseonline.accounts.models import MailLink, Role
from licenseonline.kit.errors import Refused
from licenseonline.kit.forms import show_refusal
from licenseonline.kit.networks import client_network
from licenseonline.web.requests import StoreRequest
from licenseonline.web.storefront.invitation_forms import InvitedForm


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: StoreRequest, store_id: int, secret: str) -> HttpResponse:
    """GET: who invites, and the form. POST: a member of that company, then on to signing in. Looking changes nothing."""
    form = InvitedForm(request.POST or None, initial={"terms_version": request.store.terms_version})
    try:
        link = invitations.opened(secret, store=request.store)
    except Refused as refusal:
        return _over(request, refusal)
    if request.method == "POST" and form.is_valid():
        try:
            _accept(request, secret, form)
        except Refused as refusal:
            show_refusal(form, refusal)
        else:
            text = _("会員登録が完了しました。ご登録のメールアドレスとパスワードでログインしてください。")
            messages.success(request, text)
            return redirect("store:login", store_id=store_id)
    return _page(request, link, form)


def _accept(request: StoreRequest, secret: str, form: InvitedForm) -> None:
    network = client_network(request.META)
    invitations.accept(secret, form.person(), store=request.store, network=network, source="store:invitation")


def _page(request: StoreRequest, link: MailLink, form: InvitedForm) -> HttpResponse:
    context = {
        "form": form,
        "company": link.company,
        "inviter": link.created_by,
        "email": links.address_of(link),
        "role": Role(link.role).label,
        "expires_at": link.expires_at,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "web/storefront/invitation.html", context, status=status)


def _over(request: StoreRequest, refusal: Refused) -> HttpResponse:
    """Why the invitation does nothing, and what to do instead."""
    status = HTTPStatus.NOT_FOUND if refusal.code == "unknown" else HTTPStatus.GONE
    return render(request, "web/storefront/invitation_over.html", {"refusal": refusal}, status=status)
