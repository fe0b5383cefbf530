"""A new company on the desk, at stores that look at them first: what was registered, and the two ways to decide."""

import uuid
from collections.abc import Callable
from http import HTTPStatus

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe
from unfold.widgets import TEXTAREA_CLASSES

from licenseonline.accounts import companies
from licenseonline.accounts.models import Company, CompanyState, Member
from licenseonline.backoffice import access, steps, subjects
from licenseonline.backoffice.order_forms import StepForm
from licenseonline.backoffice.order_views import Step
from licenseonline.backoffice.requests import DeskRequest
from licenseonline.backoffice.site import site
from licenseonline.kit import rights
from licenseonline.kit.rights import Right


class ApproveForm(StepForm):
    """Nothing to fill in: the button."""

    step = "approve"


class RefuseForm(StepForm):
    """Why the store does not deal with the company."""

    step = "refuse"

    reason = forms.CharField(
        label=gettext_lazy("お断りの理由"),
        max_length=1000,
        help_text=gettext_lazy("お客様へのメールに、このまま記載されます。"),
        error_messages={"required": gettext_lazy("お断りの理由を入力してください。")},
        widget=forms.Textarea(attrs={"class": " ".join(TEXTAREA_CLASSES), "rows": 3}),
    )


@access.needs(Right.VIEW_CUSTOMERS)
@require_safe
def show(request: DeskRequest, store_id: int, company_id: int) -> HttpResponse:
    """The company."""
    return page(request, _company(request, store_id, company_id))


@access.needs(Right.REVIEW_COMPANIES)
@require_POST
def approve(request: DeskRequest, store_id: int, company_id: int) -> HttpResponse:
    """It may order."""
    company = _company(request, store_id, company_id)

    def do() -> None:
        companies.approve(company, by=request.user)

    return _step(request, company, ApproveForm(request.POST), do, _("承認し、お客様へメールでお知らせしました。"))


@access.needs(Right.REVIEW_COMPANIES)
@require_POST
def refuse(request: DeskRequest, store_id: int, company_id: int) -> HttpResponse:
    """It may neither order nor get quotations."""
    company = _company(request, store_id, company_id)
    form = RefuseForm(request.POST)

    def do() -> None:
        companies.refuse(company, reason=form.cleaned_data["reason"], by=request.user)

    return _step(request, company, form, do, _("お取引不可とし、お客様へメールでお知らせしました。"))


def _company(request: DeskRequest, store_id: int, company_id: int) -> Company:
    found = Company.objects.visible_to(request.user).select_related("store")
    return get_object_or_404(found, store_id=store_id, pk=company_id)


def _step(request: DeskRequest, company: Company, form: StepForm, do: Callable[[], None], done: str) -> HttpResponse:
    """Do it once and lead back, or show the filled form with what is wrong."""
    if steps.taken(request, form, do, done, store_id=company.store_id):
        return redirect("backoffice:company", company.store_id, company.pk)
    return page(request, _company(request, company.store_id, company.pk), form)


def page(request: DeskRequest, company: Company, failed: StepForm | None = None) -> HttpResponse:
    """The company, with what stands beside it."""
    others = Company.objects.visible_to(request.user).filter(store_id=company.store_id).exclude(pk=company.pk)
    context = {
        **site.each_context(request),
        **subjects.context(company, failed, by=request.user),
        "title": _("会社の確認：%(name)s") % {"name": company.name},
        "company": company,
        "members": Member.objects.visible_to(request.user).filter(company=company).order_by("id"),
        "alike": others.filter(name=company.name).order_by("id")[:10],
        "steps": _steps(company, failed) if rights.allowed(request.user, Right.REVIEW_COMPANIES) else [],
        "failed": failed,
        "key": uuid.uuid4(),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if failed else HTTPStatus.OK
    return render(request, "backoffice/company.html", context, status=status)


def _steps(company: Company, failed: StepForm | None) -> list[Step]:
    here = [company.store_id, company.pk]
    steps = []
    if company.state != CompanyState.ACTIVE:
        hint = _("承認すると、すぐにご注文いただけるようになり、会員の方にメールが届きます。")
        steps.append(
            Step(_("承認する"), hint, _("承認する"), reverse("backoffice:company_approve", args=here), ApproveForm())
        )
    if company.state == CompanyState.AWAITING_APPROVAL:
        form = failed if isinstance(failed, RefuseForm) else RefuseForm()
        hint = _("見積の作成もご注文もできなくなります。後から承認することもできます。")
        steps.append(
            Step(_("お断りする"), hint, _("お取引不可にする"), reverse("backoffice:company_refuse", args=here), form)
        )
    return steps
