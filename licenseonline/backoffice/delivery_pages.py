"""Delivery in bulk on the desk: a file is read, looked at, what is good delivered, and the rest corrected or put away."""

import uuid
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from licenseonline.backoffice import access, steps
from licenseonline.backoffice.delivery_forms import BatchForm, DeliverForm, MatchForm, place, refused_table
from licenseonline.backoffice.order_forms import StepForm
from licenseonline.backoffice.requests import DeskRequest
from licenseonline.backoffice.site import site
from licenseonline.kit import csv_files
from licenseonline.kit.errors import Refused
from licenseonline.kit.rights import Right
from licenseonline.records import file_kinds
from licenseonline.sales import delivery_batches, delivery_matches
from licenseonline.sales.models import DeliveryBatch

MOST = 50


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
@require_safe
def refused(request: DeskRequest, batch_id: int) -> HttpResponse:
    """The refused rows with their reasons, as CSV."""
    header, rows = refused_table(_batch(batch_id))
    name = _("一括納品_%(number)s_要確認.csv") % {"number": batch_id}
    response = HttpResponse(b"".join(csv_files.lines(header, rows)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    response["Cache-Control"] = "private, no-store"
    return response


@access.needs(Right.DELIVER)
@require_POST
def act(request: DeskRequest, batch_id: int, step: str) -> HttpResponse:
    """Deliver what was shown as good, match again with other numbers, or put the rest away."""
    batch = _batch(batch_id)
    if step not in _STEPS:
        raise Http404
    form, do, done = _STEPS[step](request, batch)
    store_id = next((row["store_id"] for row in batch.rows if "store_id" in row), None)
    if steps.taken(request, form, do, done, store_id=store_id):
        return redirect("backoffice:delivery_batch", batch_id)
    return _page(request, _looked_at_again(request, batch_id), form)


Asked = tuple[StepForm, Callable[[], object], str]


def _deliver(request: DeskRequest, batch: DeliveryBatch) -> Asked:
    form, done = DeliverForm(request.POST), _("納品し、お客様へメールでお知らせしました。")
    return form, lambda: delivery_batches.deliver(batch, shown=form.shown(), by=request.user), done


def _match(request: DeskRequest, batch: DeliveryBatch) -> Asked:
    form, done = MatchForm(batch, request.POST), _("もう一度照合しました。結果をご確認ください。")
    return form, lambda: delivery_batches.match(batch, said=form.said(), by=request.user), done


def _discard(request: DeskRequest, batch: DeliveryBatch) -> Asked:
    done = _("納品していない行を取り消し、読み込んだ内容を消去しました。")
    return StepForm(request.POST), lambda: delivery_batches.discard(batch, by=request.user), done


_STEPS: dict[str, Callable[[DeskRequest, DeliveryBatch], Asked]] = {
    "deliver": _deliver,
    "match": _match,
    "discard": _discard,
}


def _looked_at_again(request: DeskRequest, batch_id: int) -> DeliveryBatch:
    """What was refused may have been shown a while ago: the preview is made anew as long as it is one."""
    batch = _batch(batch_id)
    return delivery_batches.match(batch, said={}, by=request.user) if batch.is_open else batch


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
    matching = failed if isinstance(failed, MatchForm) else MatchForm(batch)
    good = delivery_batches.good(batch) if batch.is_open else []
    context = {
        **site.each_context(request),
        "title": _("一括納品：%(name)s") % {"name": batch.name},
        "batch": batch,
        "rows": [
            (
                place(row),
                row,
                delivery_matches.why(row),
                matching[f"said_{at}"] if f"said_{at}" in matching.fields else None,
            )
            for at, row in enumerate(batch.rows)
        ],
        "good": good,
        "shown": ",".join(map(str, good)),
        "problems": len(delivery_batches.refused(batch)),
        "can_be_said": bool(matching.fields) and batch.is_open,
        "failed": failed,
        "key": uuid.uuid4(),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if failed else HTTPStatus.OK
    return render(request, "backoffice/delivery_batch.html", context, status=status)
