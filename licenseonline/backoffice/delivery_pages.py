"""Delivery in bulk on the desk: a file is read, looked at, and delivered as a whole or put away."""

import uuid
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from unfold.widgets import SELECT_CLASSES

from licenseonline.backoffice import access
from licenseonline.backoffice.order_forms import StepForm
from licenseonline.backoffice.requests import DeskRequest
from licenseonline.backoffice.site import site
from licenseonline.catalog.models import Vendor
from licenseonline.kit.errors import Refused
from licenseonline.kit.rights import Right
from licenseonline.records import file_kinds, idempotency
from licenseonline.sales import delivery_batches
from licenseonline.sales.models import DeliveryBatch

MOST = 50
_ENDINGS = ".csv,.tsv,.txt,.xlsx,.xls,.ods,.zip"
_STEPS = {
    "deliver": (delivery_batches.deliver, gettext_lazy("すべて納品し、お客様へメールでお知らせしました。")),
    "discard": (delivery_batches.discard, gettext_lazy("一括納品を取り消し、読み込んだ内容を消去しました。")),
}


class BatchForm(StepForm):
    """A vendor's file of keys, or a ZIP of certificates: which, its content says."""

    step = "batch"

    vendor = forms.ModelChoiceField(
        label=gettext_lazy("メーカー"),
        queryset=Vendor.objects.order_by("kana", "id"),
        empty_label=gettext_lazy("選択してください"),
        widget=forms.Select(attrs={"class": " ".join(SELECT_CLASSES)}),
    )
    file = forms.FileField(
        label=gettext_lazy("キーのファイルまたは証書のZIP"),
        max_length=200,
        help_text=gettext_lazy(
            "キーはCSV・Excel（5MBまで、列は「メーカーの書式」で設定）。証書はファイル名に注文番号・発注番号・受付番号を含むPDF・PNG・JPEGのZIP（50MBまで）。"
        ),
        widget=forms.FileInput(attrs={"class": "desk-file", "accept": _ENDINGS}),
    )


@access.needs(Right.DELIVER)
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: DeskRequest) -> HttpResponse:
    """The batches so far; POST reads one."""
    is_sent = request.method == "POST"
    form = BatchForm(request.POST, request.FILES) if is_sent else BatchForm()
    if is_sent and form.is_valid() and (made := _read(request, form)):
        return redirect("backoffice:delivery_batch", made.pk)
    context = {
        **site.each_context(request),
        "title": _("一括納品"),
        "form": form,
        "batches": DeliveryBatch.objects.select_related("vendor", "made_by").defer("rows").order_by("-pk")[:MOST],
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "backoffice/delivery_batches.html", context, status=status)


@access.needs(Right.DELIVER)
@require_safe
def show(request: DeskRequest, batch_id: int) -> HttpResponse:
    """What was read, row by row, with what is wrong."""
    return _page(request, _batch(batch_id))


@access.needs(Right.DELIVER)
@require_POST
def act(request: DeskRequest, batch_id: int, step: str) -> HttpResponse:
    """Deliver all of it, or put it away."""
    if step not in _STEPS:
        raise Http404
    batch, (_verb, done) = _batch(batch_id), _STEPS[step]
    form = StepForm(request.POST)
    form.is_valid()
    try:
        _do(request, batch, step)
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return _page(request, _batch(batch_id), form)
    messages.success(request, str(done))
    return redirect("backoffice:delivery_batch", batch_id)


def _do(request: DeskRequest, batch: DeliveryBatch, step: str) -> None:
    verb, _done = _STEPS[step]

    def once() -> str:
        verb(batch, by=request.user)
        return request.path

    store_id = next((row["store_id"] for row in batch.rows if "store_id" in row), None)
    if store_id is None:  # nothing matched: there is no store to keep the key, and the state decides
        once()
        return
    key = request.POST.get("key", "")
    idempotency.once(key, {"path": request.path}, once, by=request.user, store_id=store_id)


def _read(request: DeskRequest, form: BatchForm) -> DeliveryBatch | None:
    """The batch, or None and the form says why not."""
    vendor, file = form.cleaned_data["vendor"], form.cleaned_data["file"]
    try:
        if _is_zip(file):
            return delivery_batches.read_certificates(vendor, file=file, by=request.user)
        return delivery_batches.read_keys(vendor, file=file.file, name=file.name, by=request.user)
    except Refused as refusal:
        form.add_error("file", refusal.message)
        return None


def _is_zip(file: Any) -> bool:
    """By content; a workbook is none."""
    return file_kinds.find(file.file) == file_kinds.ZIP


def _batch(batch_id: int) -> DeliveryBatch:
    return get_object_or_404(DeliveryBatch.objects.select_related("vendor", "made_by"), pk=batch_id)


def _page(request: DeskRequest, batch: DeliveryBatch, failed: StepForm | None = None) -> HttpResponse:
    rows = [(row, delivery_batches.PROBLEMS.get(row["problem"], "")) for row in batch.rows]
    context = {
        **site.each_context(request),
        "title": _("一括納品：%(name)s") % {"name": batch.name},
        "batch": batch,
        "rows": rows,
        "problems": sum(bool(problem) for _row, problem in rows),
        "is_open": batch.state == DeliveryBatch.State.PREVIEWED,
        "failed": failed,
        "key": uuid.uuid4(),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if failed else HTTPStatus.OK
    return render(request, "backoffice/delivery_batch.html", context, status=status)
