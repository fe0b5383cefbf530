"""A whole order that came by FAX, mail, post or telephone without a quotation: looked at, then entered in one act."""

import uuid
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from licenseonline.accounts.models import Member
from licenseonline.backoffice import access, finding
from licenseonline.backoffice.order_entry_forms import OrderEntryForm, WhoForm
from licenseonline.backoffice.requests import DeskRequest
from licenseonline.backoffice.site import site
from licenseonline.kit import rights
from licenseonline.kit.errors import Refused
from licenseonline.kit.rights import Right
from licenseonline.records import idempotency
from licenseonline.sales import offers


@access.needs(Right.CHANGE_ORDERS)
@require_safe
def start(request: DeskRequest) -> HttpResponse:
    """Whose order it is."""
    form = WhoForm(request.GET)
    asked = form.cleaned_data["q"] if form.is_valid() else ""
    found = finding.buyers(asked, by=request.user) if asked else []
    context = {
        **site.each_context(request),
        "title": _("届いた注文の登録"),
        "form": form,
        "asked": asked,
        "people": found[: finding.MOST],
        "more": len(found) > finding.MOST,
    }
    return render(request, "backoffice/order_entry_start.html", context)


@access.needs(Right.CHANGE_ORDERS)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: DeskRequest, store_id: int, member_id: int) -> HttpResponse:
    """The order of this member: once entered on to it; else the form, with what it would be."""
    people = Member.objects.visible_to(request.user).select_related("company", "store")
    form = OrderEntryForm(
        get_object_or_404(people, store_id=store_id, pk=member_id), request.POST or None, request.FILES or None
    )
    made = None
    if form.is_bound and form.is_valid():
        if "save" in request.POST:
            try:
                return redirect(_save(request, form))
            except Refused as refusal:
                form.refuse(refusal)
        made = form.preview()
    return _page(request, form, made)


def _page(request: DeskRequest, form: OrderEntryForm, made: offers.Prepared | None) -> HttpResponse:
    sees = rights.allowed(request.user, Right.VIEW_MARGINS)
    context = {
        **site.each_context(request),
        "title": _("届いた注文の登録：%(name)s") % {"name": form.member.name},
        "form": form,
        "person": form.member,
        "made": made,
        "lines": offers.reckoned(made.frozen, made.today_yen) if made else [],
        "margin": offers.margin_of(made.frozen) if made and sees else None,
        "sees_margins": sees,
        "key": uuid.uuid4(),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "backoffice/order_entry.html", context, status=status)


def _save(request: DeskRequest, form: OrderEntryForm) -> str:
    def do() -> str:
        order = form.write(by=request.user)
        messages.success(request, _("注文を登録し、お客様へメールでお知らせしました。"))
        return reverse("backoffice:order", args=[order.store_id, order.number])

    body = {"path": request.path, **form.facts()}
    key = request.POST.get("key", "")
    return idempotency.once(key, body, do, by=request.user, store_id=form.member.store_id)
