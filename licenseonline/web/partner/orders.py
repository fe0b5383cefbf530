"""One order on the console: how far it is, what it brings, its papers, and handing these in for the customer."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from licenseonline.kit import rights
from licenseonline.kit.errors import Refused
from licenseonline.kit.forms import show_refusal
from licenseonline.kit.rights import Right
from licenseonline.records import idempotency
from licenseonline.records.upload_fields import digests
from licenseonline.sales import submissions, timelines
from licenseonline.sales.models import DocumentRequest, Order
from licenseonline.web.access import partner_needs
from licenseonline.web.partner import figures, papers
from licenseonline.web.partner.papers import PassOnForm
from licenseonline.web.requests import StaffRequest


@partner_needs(Right.VIEW_SALES)
@require_safe
def show(request: StaffRequest, store_id: int, number: str) -> HttpResponse:
    """The order."""
    return _page(request, store_id, number)


@partner_needs(Right.HELP_MEMBERS)
@require_POST
def hand_in(request: StaffRequest, store_id: int, number: str, request_id: int) -> HttpResponse:
    """Hand in one paper for the member."""
    rows = DocumentRequest.objects.visible_to(request.user).select_related("order__member", "order__store")
    asked = get_object_or_404(rows, store_id=store_id, order__number=number, pk=request_id)
    form = PassOnForm(asked.pk, request.POST, request.FILES)
    if form.is_valid():
        try:
            return redirect(_pass_on(request, asked, form))
        except Refused as refusal:
            show_refusal(form, refusal)
    return _page(request, store_id, number, failed=form, of=asked.pk)


def _pass_on(request: StaffRequest, asked: DocumentRequest, form: PassOnForm) -> str:
    given = form.cleaned_data

    def do() -> str:
        submissions.pass_on(asked, given["uploads"], source=given["source"], by=request.user)
        done = _("「%(paper)s」をお客様に代わって提出しました。確認は運営が行います。")
        messages.success(request, done % {"paper": asked.get_paper_display()})
        return reverse("partner:order", args=[asked.store_id, asked.order.number])

    body = {"path": request.path, "source": given["source"], "files": digests(given["uploads"])}
    return idempotency.once(given["key"], body, do, by=request.user, store_id=asked.store_id)


def _page(
    request: StaffRequest, store_id: int, number: str, *, failed: PassOnForm | None = None, of: int | None = None
) -> HttpResponse:
    """Its lines with margin and commission, what happened, and its papers; `failed` is the form of paper `of`."""
    rows = Order.objects.visible_to(request.user).select_related("company", "member", "store", "receivable", "quote")
    order = get_object_or_404(rows, store_id=store_id, number=number)
    lines = order.lines.select_related("margin", "contract").order_by("position")
    context = {
        "order": order,
        "lines": list(zip(lines, order.snapshot["lines"], strict=True)),
        "sums": figures.margins([order], request.user).get(order.pk),
        "timeline": timelines.of(order),
        "papers": papers.items(order, by=request.user, failed=failed, of=of),
        "form": failed,
        "sees_margins": rights.allowed(request.user, Right.VIEW_MARGINS),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if failed else HTTPStatus.OK
    return render(request, "web/partner/order.html", context, status=status)
