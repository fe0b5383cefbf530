"""会員情報 > 担当者の管理: who may do what for the company. Everybody sees it, administrators change it."""

from collections.abc import Callable
from http import HTTPStatus
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from licenseonline.accounts import colleagues, invitations
from licenseonline.accounts.models import MailLink, Member
from licenseonline.kit.errors import Refused
from licenseonline.records import idempotency
from licenseonline.web.access import member_required
from licenseonline.web.member.changes import succeeded
from licenseonline.web.member.colleague_forms import InviteForm, RoleForm
from licenseonline.web.requests import MemberRequest


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: MemberRequest, store_id: int) -> HttpResponse:
    """The colleagues and the invitations that wait; POST invites."""
    form = InviteForm(request.POST or None, initial={"key": uuid4()})
    if succeeded(request, form, lambda: _invite(request, form)):
        return _done(request, _("招待のメールをお送りします。届かない場合は、迷惑メールフォルダもご確認ください。"))
    context = {
        "form": form,
        "colleagues": colleagues.of(request.member),
        "invitations": invitations.waiting(request.member) if request.member.is_admin else [],
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "web/member/colleagues.html", context, status=status)


def _invite(request: MemberRequest, form: InviteForm) -> None:
    email, role = form.cleaned_data["email"], form.cleaned_data["role"]

    def do() -> str:
        invitations.invite(email, role=role, by=request.member)
        return reverse("store:colleagues", args=[request.store.pk])

    body = {"do": "invitations.invite", "email": email, "role": role}
    key = form.cleaned_data["key"]
    idempotency.once(key, body, do, by=request.member, store_id=request.store.pk)


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def role(request: MemberRequest, store_id: int, member_id: int) -> HttpResponse:
    """権限の変更. It says which role there shall be, so sending it twice is the same as once, without a key."""
    colleague = _colleague(request, member_id)
    form = RoleForm(request.POST or None, initial={"role": colleague.role})
    if succeeded(
        request, form, lambda: colleagues.change_role(colleague, form.cleaned_data["role"], by=request.member)
    ):
        text = _("%(name)s 様の権限を「%(role)s」に変更しました。")
        return _done(request, text % {"name": colleague.name, "role": colleague.get_role_display()})
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "web/member/colleague_role.html", {"colleague": colleague, "form": form}, status=status)


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: MemberRequest, store_id: int, member_id: int) -> HttpResponse:
    """担当者の登録解除: asks, then ends the membership; a second time there is nobody to remove."""
    colleague = _colleague(request, member_id)
    if request.method == "POST":
        return _tried(
            request,
            lambda: colleagues.remove(colleague, by=request.member),
            _("%(name)s 様の登録を解除しました。") % {"name": colleague.name},
        )
    return render(request, "web/member/colleague_remove.html", {"colleague": colleague})


@member_required
@require_POST
def send_again(request: MemberRequest, store_id: int, link_id: int) -> HttpResponse:
    """The invitation once more; the second of two clicks finds it replaced."""
    link = get_object_or_404(MailLink.objects.visible_to(request.member), pk=link_id)
    text = _("招待のメールをもう一度お送りします。前のメールのURLは使えなくなりました。")
    return _tried(request, lambda: invitations.send_again(link, by=request.member), text)


@member_required
@require_POST
def withdraw(request: MemberRequest, store_id: int, link_id: int) -> HttpResponse:
    """The invitation taken back."""
    link = get_object_or_404(MailLink.objects.visible_to(request.member), pk=link_id)
    return _tried(request, lambda: invitations.withdraw(link, by=request.member), _("招待を取り消しました。"))


def _colleague(request: MemberRequest, member_id: int) -> Member:
    colleagues.check_admin(request.member)
    return get_object_or_404(colleagues.of(request.member).select_related("store", "company"), pk=member_id)


def _tried(request: MemberRequest, do: Callable[[], object], done: str) -> HttpResponse:
    try:
        do()
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("store:colleagues", store_id=request.store.pk)
    return _done(request, done)


def _done(request: MemberRequest, text: str) -> HttpResponse:
    messages.success(request, text)
    return redirect("store:colleagues", store_id=request.store.pk)
