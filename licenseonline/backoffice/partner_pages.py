"""セールスパートナー: appointed here, with their stores and staff."""

import uuid
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from licenseonline.accounts import partners
from licenseonline.accounts.models import User
from licenseonline.backoffice import access, partner_step_pages, platform_events, staff_pages
from licenseonline.backoffice.fields import MailField, TextField
from licenseonline.backoffice.once import once
from licenseonline.backoffice.order_forms import StepForm
from licenseonline.backoffice.order_views import Step
from licenseonline.backoffice.requests import DeskRequest
from licenseonline.backoffice.site import site
from licenseonline.backoffice.staff_pages import InviteForm
from licenseonline.backoffice.store_pages import PER_PAGE
from licenseonline.kit import rights
from licenseonline.kit.errors import Refused
from licenseonline.kit.forms import show_refusal
from licenseonline.kit.rights import Right
from licenseonline.records import history
from licenseonline.stores.models import Partner, Store


class NameForm(StepForm):
    """What a partner is called."""

    step = "name"

    name = TextField(
        label=gettext_lazy("セールスパートナーの名称"),
        max_length=120,
        error_messages={"required": gettext_lazy("名称を入力してください。")},
    )


class AppointForm(NameForm):
    """A partner and its first 責任者."""

    step = "appoint"

    person = TextField(
        label=gettext_lazy("責任者の氏名"),
        max_length=60,
        error_messages={"required": gettext_lazy("責任者の氏名を入力してください。")},
    )
    email = MailField(label=gettext_lazy("責任者のメールアドレス"))


@access.needs(Right.MANAGE_STORES)
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: DeskRequest) -> HttpResponse:
    """All of them, PER_PAGE on a page; POST appoints."""
    form = AppointForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            return redirect(once(request, lambda: _appointed(request, form), facts=form.facts()))
        except Refused as refusal:
            show_refusal(form, refusal)
    return _page(
        request, "partners", _("セールスパートナー"), form, {"partners": _partners(request), "step": _appoint(form)}
    )


def _appointed(request: DeskRequest, form: AppointForm) -> str:
    made = partners.appoint(**form.cleaned_data, by=request.user)
    text = _("SPID %(spid)s を発行し、責任者の方へご案内のメールをお送りしました。")
    messages.success(request, text % {"spid": made.spid})
    return reverse("backoffice:partner", args=[made.pk])


@access.needs(Right.MANAGE_STORES)
@require_safe
def show(request: DeskRequest, partner_id: int) -> HttpResponse:
    """One partner: name, stores, staff, history."""
    return _show(request, get_object_or_404(Partner, pk=partner_id))


@access.needs(Right.MANAGE_STORES)
@require_POST
def rename(request: DeskRequest, partner_id: int) -> HttpResponse:
    """Another name."""
    partner = get_object_or_404(Partner, pk=partner_id)
    form = NameForm(request.POST)
    if form.is_valid():
        try:
            partners.rename(partner, form.cleaned_data["name"], by=request.user)
        except Refused as refusal:
            form.add_error("name", refusal.message)
        else:
            messages.success(request, _("名称を変更しました。"))
            return redirect("backoffice:partner", partner_id)
    return _show(request, get_object_or_404(Partner, pk=partner_id), form)


@access.needs(Right.MANAGE_STAFF)
@require_POST
def invite(request: DeskRequest, partner_id: int) -> HttpResponse:
    """Another person of the partner."""
    partner = get_object_or_404(Partner, pk=partner_id)
    form = InviteForm(partner, request.POST)
    if form.is_valid() and staff_pages.invited(request, form, partner):
        return redirect("backoffice:partner", partner_id)
    return _show(request, partner, form)


def _partners(request: DeskRequest) -> Page[Any]:  # of partners with two counts
    active = Count("staff", filter=Q(staff__is_active=True), distinct=True)
    found = Partner.objects.annotate(people=active, shops=Count("stores", distinct=True)).order_by("spid")
    return Paginator(found, PER_PAGE).get_page(request.GET.get("page"))


def _appoint(form: AppointForm) -> Step:
    hint = _("SPIDを発行し、責任者の方へ「セールスパートナーID（SPID）のご案内」をお送りします。")
    url = reverse("backoffice:partners")
    return Step(_("セールスパートナーを登録する"), hint, _("登録してご案内を送る"), url, form)


def _show(request: DeskRequest, partner: Partner, failed: StepForm | None = None) -> HttpResponse:
    name = failed if isinstance(failed, NameForm) else NameForm(initial={"name": partner.name})
    invitation = failed if isinstance(failed, InviteForm) else InviteForm(partner)
    steps = [Step(_("名称の変更"), "", _("変更する"), reverse("backoffice:partner_rename", args=[partner.pk]), name)]
    if rights.allowed(request.user, Right.MANAGE_STAFF):
        url = reverse("backoffice:partner_invite", args=[partner.pk])
        steps.insert(0, staff_pages.invitation(url, invitation))
    context = {
        "partner": partner,
        "stores": Store.objects.filter(partner=partner).order_by("id"),
        "people": User.objects.visible_to(request.user).filter(partner=partner).order_by("id"),
        "steps": steps,
        "moves": partner_step_pages.offered(partner),
        "events": platform_events.described(history.of_platform(partner)),
    }
    return _page(request, "partner", str(partner), failed or NameForm(), context)


def _page(request: DeskRequest, template: str, title: str, form: StepForm, context: dict[str, object]) -> HttpResponse:
    failed = form if form.errors else None
    status = HTTPStatus.UNPROCESSABLE_ENTITY if failed else HTTPStatus.OK
    values = {**site.each_context(request), "title": title, "failed": failed, "key": uuid.uuid4(), **context}
    return render(request, f"backoffice/{template}.html", values, status=status)
