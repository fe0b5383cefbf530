"""Vendors' monthly invoices on the desk: read from a file, compared with what was ordered, deviations settled with a note."""

import uuid
from datetime import date
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from unfold.widgets import INPUT_CLASSES, SELECT_CLASSES

from licenseonline.backoffice import access, steps
from licenseonline.backoffice.fields import TextField
from licenseonline.backoffice.order_forms import StepForm
from licenseonline.backoffice.requests import DeskRequest
from licenseonline.backoffice.site import site
from licenseonline.catalog.models import Vendor
from licenseonline.kit import clock
from licenseonline.kit.errors import Refused
from licenseonline.kit.forms import show_refusal
from licenseonline.kit.rights import Right
from licenseonline.sales import vendor_invoices, vendor_numbers
from licenseonline.sales.models import VendorInvoice, VendorInvoiceLine, VendorOrderLine

MOST = 50
_ENDINGS = ".csv,.tsv,.txt,.xlsx,.xls,.ods"


class MonthField(forms.DateField):
    """A month as browsers send it (2026-11)."""

    widget = forms.TextInput(attrs={"type": "month", "class": " ".join(INPUT_CLASSES)})

    def to_python(self, value: Any) -> date | None:
        """Its first day."""
        return super().to_python(f"{value}-01" if isinstance(value, str) and value.count("-") == 1 else value)


class InvoiceForm(StepForm):
    """A vendor's file."""

    step = "invoice"

    vendor = forms.ModelChoiceField(
        label=gettext_lazy("メーカー"),
        queryset=Vendor.objects.order_by("kana", "id"),
        empty_label=gettext_lazy("選択してください"),
        widget=forms.Select(attrs={"class": " ".join(SELECT_CLASSES)}),
    )
    month = MonthField(label=gettext_lazy("請求月"), initial=lambda: f"{clock.today():%Y-%m}")
    file = forms.FileField(
        label=gettext_lazy("請求明細のファイル"),
        max_length=200,
        help_text=gettext_lazy("CSVまたはExcel、5MBまで。列は「メーカーの書式」で設定します。"),
        widget=forms.FileInput(attrs={"class": "desk-file", "accept": _ENDINGS}),
    )


class SettleForm(StepForm):
    """How a deviation of the invoice's `line` was settled, or why the `ordered` line is never invoiced."""

    step = "settle"

    line = forms.IntegerField(widget=forms.HiddenInput, required=False)
    ordered = forms.IntegerField(widget=forms.HiddenInput, required=False)
    note = TextField(label=gettext_lazy("対応の内容"), max_length=vendor_invoices.MOST_NOTE)


@access.needs(Right.ORDER_FROM_VENDORS)
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: DeskRequest) -> HttpResponse:
    """The invoices so far; POST reads one."""
    is_sent = request.method == "POST"
    form = InvoiceForm(request.POST, request.FILES) if is_sent else InvoiceForm()
    if is_sent and form.is_valid() and (made := _read(request, form)):
        return redirect("backoffice:vendor_invoice", made.pk)
    context = {
        **site.each_context(request),
        "title": _("メーカーの請求照合"),
        "form": form,
        "invoices": VendorInvoice.objects.select_related("vendor", "read_by").order_by("-month", "-pk")[:MOST],
        "key": uuid.uuid4(),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "backoffice/vendor_invoices.html", context, status=status)


@access.needs(Right.ORDER_FROM_VENDORS)
@require_safe
def show(request: DeskRequest, invoice_id: int) -> HttpResponse:
    """What deviates."""
    return _page(request, _invoice(invoice_id))


@access.needs(Right.ORDER_FROM_VENDORS)
@require_POST
def settle(request: DeskRequest, invoice_id: int) -> HttpResponse:
    """Say how one deviation, or one line that is never invoiced, was settled; saying it twice is the same."""
    invoice, form = _invoice(invoice_id), SettleForm(request.POST)

    def do() -> None:
        note = form.cleaned_data["note"]
        if (ordered := form.cleaned_data["ordered"]) is not None:
            rows = VendorOrderLine.objects.filter(vendor_order__vendor=invoice.vendor_id)
            row = get_object_or_404(rows.select_related("vendor_order", "line"), pk=ordered)
            vendor_invoices.settle_missing(row, note=note, by=request.user)
        else:
            line = get_object_or_404(VendorInvoiceLine, invoice=invoice, pk=form.cleaned_data["line"])
            vendor_invoices.settle(line, note=note, by=request.user)

    if steps.taken(request, form, do, _("対応の内容を記録しました。"), store_id=None):
        return redirect("backoffice:vendor_invoice", invoice.pk)
    return _page(request, invoice, form)


def _read(request: DeskRequest, form: InvoiceForm) -> VendorInvoice | None:
    """The kept invoice, or None and the form says why not."""
    given = form.cleaned_data
    file = given["file"]
    try:
        made = vendor_invoices.read(
            given["vendor"], month=given["month"], file=file.file, name=file.name, by=request.user
        )
    except Refused as refusal:
        show_refusal(form, refusal)
        return None
    messages.success(request, _("請求明細を読み込み、発注と照合しました。"))
    return made


def _invoice(invoice_id: int) -> VendorInvoice:
    return get_object_or_404(VendorInvoice.objects.select_related("vendor", "read_by"), pk=invoice_id)


def _page(request: DeskRequest, invoice: VendorInvoice, failed: SettleForm | None = None) -> HttpResponse:
    checked = vendor_invoices.checked(invoice)
    missing, settled = vendor_invoices.not_invoiced(invoice)
    context = {
        **site.each_context(request),
        "title": _("%(vendor)s の請求照合") % {"vendor": invoice.vendor.name},
        "invoice": invoice,
        "deviating": [one for one in checked if one.deviates],
        "lines": len(checked),
        "open": sum(one.is_open for one in checked),
        "missing": missing,
        "settled": settled,
        "how": vendor_numbers.how([_("例：M2611-00001-2")]),
        "failed": failed,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if failed else HTTPStatus.OK
    return render(request, "backoffice/vendor_invoice.html", context, status=status)
