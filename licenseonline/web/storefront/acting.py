"""代理操作: how staff enter a store for a member, from the console or the desk, and leave it."""

from http import HTTPStatus

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from licenseonline.accounts import acting
from licenseonline.accounts.models import ActingTicket
from licenseonline.kit.errors import Refused
from licenseonline.web import acting_gate
from licenseonline.web.requests import StoreRequest


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: StoreRequest, store_id: int, secret: str) -> HttpResponse:
    """GET: for whom, until when, and that the member is told. POST: signed in for the member; a ticket works once."""
    try:
        if request.method == "POST":
            ticket = acting.use(secret, store=request.store)
            acting_gate.enter(request, ticket)
            messages.success(request, _("代理操作を開始しました。お客様へメールでお知らせしています。"))
            return redirect("store:top", store_id=store_id)
        ticket = acting.opened(secret, store=request.store)
    except Refused as refusal:
        status = HTTPStatus.NOT_FOUND if refusal.code == "unknown" else HTTPStatus.GONE
        return render(request, "web/storefront/acting_over.html", {"refusal": refusal}, status=status)
    return render(request, "web/storefront/acting.html", {"ticket": ticket, "who": acting.who(ticket.user)})


@never_cache
@require_POST
def end(request: StoreRequest, store_id: int) -> HttpResponse:
    """代理操作を終える: the session is over, and the way back to where one came from."""
    ticket = acting_gate.leave(request)
    if ticket is None:
        return redirect("store:top", store_id=store_id)
    return render(request, "web/storefront/acting_ended.html", {"person": ticket.member, "back": _back(ticket)})


def _back(ticket: ActingTicket) -> str:
    """The member's page of the console or the desk, which are on the platform's host."""
    route = "partner:member" if ticket.user.partner_id else "backoffice:member_acting"
    return f"{settings.SITE_URL}{reverse(route, args=[ticket.store_id, ticket.member_id])}"
