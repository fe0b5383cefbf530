"""会社名・法人番号の変更 on the desk: old and new values beside the paper, and the two ways to decide."""

import uuid
from collections.abc import Callable
from http import HTTPStatus

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe
from unfold.widgets import TEXTAREA_CLASSES

from licenseonline.accounts import company_changes
from licenseonline.accounts.models import CompanyChange
from licenseonline.backoffice import access, steps
from licenseonline.backoffice.order_forms import StepForm
from licenseonline.backoffice.order_views import Step
from licenseonline.backoffice.requests import DeskRequest
from licenseonline.backoffice.site import site
from licenseonline.kit.rights import Right
from licenseonline.records import files


class AcceptForm(StepForm):
    """Nothing to fill in: the button."""

    step = "accept"


class ReturnForm(StepForm):
    """Why the request goes back."""

    step = "return"

    reason = forms.CharField(
        label=gettext_lazy("差し戻しの理由"),
        max_length=1000,
        help_text=gettext_lazy("お客様へのメールと会社情報のページに、このまま記載されます。"),
        widget=forms.Textarea(attrs={"class": " ".join(TEXTAREA_CLASSES), "rows": 3}),
    )


@access.needs(Right.REVIEW_COMPANIES)
@require_safe
def show(request: DeskRequest, store_id: int, change_id: int) -> HttpResponse:
    """The request."""
    return _page(request, _change(request, store_id, change_id))


@access.needs(Right.REVIEW_COMPANIES)
@require_POST
def accept(request: DeskRequest, store_id: int, change_id: int) -> HttpResponse:
    """Put it into force."""
    change = _change(request, store_id, change_id)

    def do() -> None:
        company_changes.accept(change, by=request.user)

    return _step(
        request, change, AcceptForm(request.POST), do, _("会社情報を変更し、お客様へメールでお知らせしました。")
    )


@access.needs(Right.REVIEW_COMPANIES)
@require_POST
def send_back(request: DeskRequest, store_id: int, change_id: int) -> HttpResponse:
    """Return it with a reason."""
    change = _change(request, store_id, change_id)
    form = ReturnForm(request.POST)

    def do() -> None:
        company_changes.send_back(change, reason=form.cleaned_data["reason"], by=request.user)

    return _step(request, change, form, do, _("差し戻し、お客様へメールでお知らせしました。"))


@access.needs(Right.REVIEW_COMPANIES)
@require_safe
def paper(request: DeskRequest, store_id: int, change_id: int) -> HttpResponse:
    """The paper: an image is shown in the page, a PDF is a download; opened by itself it may do nothing."""
    kept = _change(request, store_id, change_id).paper
    if kept is None:
        raise Http404
    with files.opened(kept) as content:
        response = HttpResponse(content.read(), content_type=kept.content_type)
    is_image = kept.content_type.startswith("image/")
    response["Content-Disposition"] = content_disposition_header(not is_image, kept.name) or "attachment"
    return files.harmless(response)


def _change(request: DeskRequest, store_id: int, change_id: int) -> CompanyChange:
    found = CompanyChange.objects.visible_to(request.user)
    found = found.select_related("store", "company", "member", "paper", "decided_by")
    return get_object_or_404(found, store_id=store_id, pk=change_id)


def _step(
    request: DeskRequest, change: CompanyChange, form: StepForm, do: Callable[[], None], done: str
) -> HttpResponse:
    """Do it once and lead back, or show the filled form with what is wrong."""
    if steps.taken(request, form, do, done, store_id=change.store_id):
        return redirect("backoffice:company_change", change.store_id, change.pk)
    return _page(request, _change(request, change.store_id, change.pk), form)


def _page(request: DeskRequest, change: CompanyChange, failed: StepForm | None = None) -> HttpResponse:
    company = change.company
    context = {
        **site.each_context(request),
        "title": _("会社情報の変更：%(name)s") % {"name": company.name},
        "change": change,
        "rows": [
            (_("会社名"), company.name, change.name),
            (_("フリガナ"), company.kana, change.kana),
            (_("法人番号"), company.corporate_number, change.corporate_number),
        ],
        "is_open": change.state == CompanyChange.State.REQUESTED,
        "shows_paper": change.paper is not None and change.paper.content_type.startswith("image/"),
        "steps": _steps(change, failed),
        "failed": failed,
        "key": uuid.uuid4(),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if failed else HTTPStatus.OK
    return render(request, "backoffice/company_change.html", context, status=status)


def _steps(change: CompanyChange, failed: StepForm | None) -> list[Step]:
    if change.state != CompanyChange.State.REQUESTED:
        return []
    here = [change.store_id, change.pk]
    returned = failed if isinstance(failed, ReturnForm) else ReturnForm()
    return [
        Step(
            _("変更を反映する"),
            _("書類と新しい内容が一致していることを確認してください。これから発行する書類に新しい会社名を記載します。発行済みの書類は変わりません。"),
            _("反映する"),
            reverse("backoffice:company_change_accept", args=here),
            AcceptForm(),
        ),
        Step(
            _("差し戻す"),
            _("書類が読めない、内容が一致しないなどの場合は、理由を添えてお客様に戻します。"),
            _("差し戻す"),
            reverse("backoffice:company_change_return", args=here),
            returned,
        ),
    ]  # fmt: skip
