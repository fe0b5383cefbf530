"""担当者: the operator's own staff, and each person of any partner."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from licenseonline.accounts import staff
from licenseonline.accounts.models import StaffStatus, User
from licenseonline.backoffice import access, platform_events
from licenseonline.backoffice.fields import MailField, PickField, TextField
from licenseonline.backoffice.order_forms import StepForm
from licenseonline.backoffice.order_views import Step
from licenseonline.backoffice.requests import DeskRequest
from licenseonline.backoffice.site import site
from licenseonline.kit.errors import Refused
from licenseonline.kit.forms import choose_of, show_refusal
from licenseonline.kit.rights import Right, StaffRole
from licenseonline.records import history
from licenseonline.stores.models import Partner


class RoleForm(StepForm):
    """What somebody is there for."""

    step = "role"

    role = PickField(label=gettext_lazy("役割"), error_messages={"required": gettext_lazy("役割を選択してください。")})

    def __init__(self, partner: Partner | None, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        choose_of(self, "role", [(str(role), role.label) for role in staff.roles_of(partner)])


class InviteForm(RoleForm):
    """Who is to have an account."""

    step = "invite"
    field_order = ("name", "email", "role")

    name = TextField(
        label=gettext_lazy("氏名"), max_length=60, error_messages={"required": gettext_lazy("氏名を入力してください。")}
    )
    email = MailField(label=gettext_lazy("メールアドレス"))


class Button(StepForm):
    """Nothing to fill in."""


# Verb, title, hint, what is said afterwards, and for whom.
_STEPS: Final[dict[str, tuple[Callable[..., None], Promise, Promise, Promise, set[StaffStatus]]]] = {
    "send-again": (
        staff.send_again,
        gettext_lazy("開始のご案内を再送する"),
        gettext_lazy("新しいURLをお送りします。前のURLは使えなくなります。"),
        gettext_lazy("開始のご案内をもう一度お送りしました。"),
        {StaffStatus.INVITED},
    ),
    "second-factor": (
        staff.reset_second_factor,
        gettext_lazy("二段階認証を再設定する"),
        gettext_lazy("ご本人であることを必ず確認してください。パスワードも設定し直していただくため、開始のご案内をお送りします。"),
        gettext_lazy("二段階認証を解除し、再設定のご案内をメールでお送りしました。"),
        {StaffStatus.ACTIVE},
    ),
    "stop": (
        staff.stop,
        gettext_lazy("アカウントを停止する"),
        gettext_lazy("すぐにログアウトし、以後ログインできなくなります。もう一度招待すると、はじめから利用を開始できます。"),
        gettext_lazy("アカウントを停止し、ご本人へメールでお知らせしました。"),
        {StaffStatus.ACTIVE, StaffStatus.INVITED},
    ),
}  # fmt: skip


@access.needs(Right.MANAGE_STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: DeskRequest) -> HttpResponse:
    """The operator's staff; POST invites."""
    form = InviteForm(None, request.POST if request.method == "POST" else None)
    if form.is_valid() and invited(request, form, None):
        return redirect("backoffice:staff")
    context = {
        **site.each_context(request),
        "title": _("運営の担当者"),
        "people": User.objects.visible_to(request.user).filter(partner=None).order_by("id"),
        "step": invitation(reverse("backoffice:staff"), form),
        "failed": form if form.errors else None,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "backoffice/staff.html", context, status=status)


@access.needs(Right.MANAGE_STAFF)
@require_safe
def show(request: DeskRequest, user_id: int) -> HttpResponse:
    """One person."""
    return _page(request, _person(request, user_id), None)


@access.needs(Right.MANAGE_STAFF)
@require_POST
def act(request: DeskRequest, user_id: int, step: str) -> HttpResponse:
    """One of the steps."""
    person = _person(request, user_id)
    if step != "role" and step not in _STEPS:
        raise Http404
    form = RoleForm(person.partner, request.POST) if step == "role" else Button(request.POST, ids=step)
    if form.is_valid():
        try:
            done = _do(request, person, step, form)
        except Refused as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, done)
            return redirect("backoffice:staff_member", user_id)
    return _page(request, _person(request, user_id), form)


def invited(request: DeskRequest, form: InviteForm, partner: Partner | None) -> bool:
    """Whether the valid form's person was invited; if not, the form says why."""
    given = form.cleaned_data
    try:
        role = StaffRole(given["role"])
        staff.invite(given["email"], name=given["name"], role=role, partner=partner, by=request.user)
    except Refused as refusal:
        show_refusal(form, refusal)
        return False
    messages.success(request, _("招待しました。開始のご案内（7日間有効）をメールでお送りしています。"))
    return True


def invitation(url: str, form: InviteForm) -> Step:
    """The form as a step of its page."""
    hint = _("開始のご案内をメールでお送りします。パスワードと二段階認証は、ご本人が設定します。")
    return Step(_("担当者を招待する"), hint, _("招待メールを送る"), url, form)


def _do(request: DeskRequest, person: User, step: str, form: StepForm) -> str:
    if step == "role":
        staff.change_role(person, StaffRole(form.cleaned_data["role"]), by=request.user)
        return _("役割を変更しました。")
    verb, _title, _hint, done, _statuses = _STEPS[step]
    verb(person, by=request.user)
    return str(done)


def _person(request: DeskRequest, user_id: int) -> User:
    return get_object_or_404(User.objects.visible_to(request.user).select_related("partner"), pk=user_id)


def _page(request: DeskRequest, person: User, failed: StepForm | None) -> HttpResponse:
    context = {
        **site.each_context(request),
        "title": _("担当者：%(name)s") % {"name": person.name},
        "person": person,
        "steps": _steps(request, person, failed),
        "failed": failed,
        "events": platform_events.described(history.of_platform(person)),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if failed else HTTPStatus.OK
    return render(request, "backoffice/staff_member.html", context, status=status)


def _steps(request: DeskRequest, person: User, failed: StepForm | None) -> list[Step]:
    def url(step: str) -> str:
        return reverse("backoffice:staff_step", args=[person.pk, step])

    steps = []
    if person.status != StaffStatus.STOPPED:
        form = failed if isinstance(failed, RoleForm) else RoleForm(person.partner, initial={"role": person.role})
        hint = _("次の操作から有効になり、ご本人へメールでお知らせします。")
        steps.append(Step(_("役割の変更"), hint, _("役割を変更する"), url("role"), form))
    for step, (_verb, title, what, _done, statuses) in _STEPS.items():
        if person.status in statuses and (step == "send-again" or person.pk != request.user.pk):
            steps.append(Step(str(title), str(what), str(title), url(step), Button(ids=step)))
    return steps
