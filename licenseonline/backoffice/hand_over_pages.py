"""管理者の引き継ぎ: the desk makes a member of a company its administrator when the last one has gone."""

import uuid
from http import HTTPStatus

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from unfold.widgets import SELECT_CLASSES

from licenseonline.accounts import colleagues
from licenseonline.accounts.models import Company, Member, Role
from licenseonline.backoffice import access
from licenseonline.backoffice.order_forms import StepForm
from licenseonline.backoffice.order_views import Step
from licenseonline.backoffice.requests import DeskRequest
from licenseonline.backoffice.site import site
from licenseonline.kit.errors import Refused
from licenseonline.kit.forms import choose_from, show_refusal
from licenseonline.kit.rights import Right
from licenseonline.records import idempotency

_SELECT = {"class": " ".join(SELECT_CLASSES)}


class PersonField(forms.ModelChoiceField):  # type: ignore[type-arg]  # Django has no arguments at run time
    """A member by name and address."""

    widget = forms.Select(attrs=_SELECT)

    def label_from_instance(self, obj: Member) -> str:
        """With the role, so that namesakes are told apart."""
        return f"{obj.name}（{obj.email}、{obj.get_role_display()}）"


class HandOverForm(StepForm):
    """To whom, why, and who has gone."""

    step = "hand_over"

    to = PersonField(
        label=gettext_lazy("新しい管理者"),
        queryset=None,
        empty_label=gettext_lazy("選択してください"),
        error_messages={"required": gettext_lazy("新しい管理者を選択してください。")},
    )
    instead_of = PersonField(
        label=gettext_lazy("登録を解除する前の管理者"),
        queryset=None,
        required=False,
        empty_label=gettext_lazy("解除しない"),
        help_text=gettext_lazy("選択すると、この方はすべての端末からログアウトし、ログインできなくなります。"),
    )
    reason = forms.ChoiceField(
        label=gettext_lazy("理由"),
        choices=[("", gettext_lazy("選択してください")), *colleagues.Reason.choices],
        error_messages={"required": gettext_lazy("理由を選択してください。")},
        help_text=gettext_lazy("会社の会員全員へのメールに記載し、履歴に残します。"),
        widget=forms.Select(attrs=_SELECT),
    )

    def __init__(self, company: Company, data: object = None) -> None:
        super().__init__(data)
        people = Member.objects.filter(store_id=company.store_id, company=company, is_active=True).order_by("id")
        choose_from(self, "to", people)
        choose_from(self, "instead_of", people.filter(role=Role.ADMIN))


@access.needs(Right.REVIEW_COMPANIES)
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: DeskRequest, store_id: int, company_id: int) -> HttpResponse:
    """The form; POST passes the role on."""
    found = Company.objects.visible_to(request.user).select_related("store")
    company = get_object_or_404(found, store_id=store_id, pk=company_id)
    form = HandOverForm(company, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            _do(request, company, form)
        except Refused as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _("管理者を変更し、会社の会員全員へメールでお知らせしました。"))
            return redirect("backoffice:hand_over", store_id, company_id)
    return _page(request, company, form)


def _do(request: DeskRequest, company: Company, form: HandOverForm) -> None:
    given = form.cleaned_data

    def do() -> str:
        colleagues.hand_over(
            company, to=given["to"], by=request.user, reason=given["reason"], instead_of=given["instead_of"]
        )
        return request.path

    gone = given["instead_of"]
    body = {"path": request.path, "to": given["to"].pk, "instead_of": gone and gone.pk, "reason": given["reason"]}
    idempotency.once(request.POST.get("key", ""), body, do, by=request.user, store_id=company.store_id)


def _page(request: DeskRequest, company: Company, form: HandOverForm) -> HttpResponse:
    hint = _("ご依頼が会社からのものであることを、登録の電話番号などで確認してから行ってください。")
    context = {
        **site.each_context(request),
        "title": _("管理者の引き継ぎ：%(name)s") % {"name": company.name},
        "company": company,
        "people": Member.objects.visible_to(request.user).filter(company=company, is_active=True).order_by("id"),
        "step": Step(_("管理者を変更する"), hint, _("変更する"), request.path, form),
        "form": form,
        "key": uuid.uuid4(),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "backoffice/hand_over.html", context, status=status)
