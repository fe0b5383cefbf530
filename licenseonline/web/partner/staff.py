"""担当者の管理: a partner's 責任者 invites colleagues, gives them roles and stops their accounts."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Final

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from licenseonline.accounts import staff
from licenseonline.accounts.models import User
from licenseonline.kit.errors import Refused
from licenseonline.kit.forms import show_refusal
from licenseonline.kit.rights import PARTNER_ROLES, Right, StaffRole
from licenseonline.web.access import partner_needs
from licenseonline.web.fields import LineField, MailField
from licenseonline.web.requests import StaffRequest

_CHOICES: Final = [(str(role), role.label) for role in PARTNER_ROLES]


class RoleForm(forms.Form):
    """What the person is there for."""

    role = forms.ChoiceField(
        label=_("役割"), choices=_CHOICES, error_messages={"required": _("役割を選択してください。")}
    )


class InviteForm(RoleForm):
    """Who is to have an account."""

    field_order = ("name", "email", "role")

    name = LineField(label=_("お名前"), max_length=60)
    email = MailField(label=_("メールアドレス"), autocomplete="off")


# What one button does, and what is said afterwards; the role has its own form.
_STEPS: Final[dict[str, tuple[Callable[..., None], Promise]]] = {
    "send-again": (staff.send_again, _("開始のご案内をもう一度お送りしました。")),
    "stop": (staff.stop, _("アカウントを停止し、ご本人へメールでお知らせしました。")),
    "second-factor": (staff.reset_second_factor, _("二段階認証を解除し、再設定のご案内をメールでお送りしました。")),
}


@partner_needs(Right.MANAGE_STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: StaffRequest) -> HttpResponse:
    """Everybody of the partner; POST invites."""
    form = InviteForm(request.POST if request.method == "POST" else None, initial={"role": StaffRole.SALES})
    if form.is_valid():
        given = form.cleaned_data
        role, partner = StaffRole(given["role"]), request.user.partner
        try:
            staff.invite(given["email"], name=given["name"], role=role, partner=partner, by=request.user)
        except Refused as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _("招待しました。開始のご案内（7日間有効）をメールでお送りしています。"))
            return redirect("partner:staff")
    context = {"form": form, "people": User.objects.visible_to(request.user).order_by("id"), "roles": _CHOICES}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "web/partner/staff.html", context, status=status)


@partner_needs(Right.MANAGE_STAFF)
@require_safe
def show(request: StaffRequest, user_id: int) -> HttpResponse:
    """One of them, and what can be done."""
    return _page(request, _person(request, user_id), None)


@partner_needs(Right.MANAGE_STAFF)
@require_POST
def act(request: StaffRequest, user_id: int, step: str) -> HttpResponse:
    """Do one of them."""
    person = _person(request, user_id)
    form = RoleForm(request.POST) if step == "role" else forms.Form(request.POST)
    if step != "role" and step not in _STEPS:
        raise Http404
    if form.is_valid():
        try:
            done = _do(request, person, step, form)
        except Refused as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, done)
            return redirect("partner:colleague", user_id=person.pk)
    return _page(request, _person(request, user_id), form)


def _do(request: StaffRequest, person: User, step: str, form: forms.Form) -> str:
    if step == "role":
        staff.change_role(person, StaffRole(form.cleaned_data["role"]), by=request.user)
        return gettext("役割を変更しました。")
    verb, done = _STEPS[step]
    verb(person, by=request.user)
    return str(done)


def _person(request: StaffRequest, user_id: int) -> User:
    return get_object_or_404(User.objects.visible_to(request.user).select_related("partner"), pk=user_id)


def _page(request: StaffRequest, person: User, failed: forms.Form | None) -> HttpResponse:
    role = failed if isinstance(failed, RoleForm) else RoleForm(initial={"role": person.role})
    context = {"person": person, "role_form": role, "form": failed or forms.Form()}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if failed else HTTPStatus.OK
    return render(request, "web/partner/colleague.html", context, status=status)
