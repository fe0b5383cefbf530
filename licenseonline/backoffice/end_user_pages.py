"""エンドユーザー情報 on the desk: to print, or in the vendor's own shape."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from licenseonline.backoffice import access
from licenseonline.backoffice.requests import DeskRequest
from licenseonline.kit import csv_files, workbooks
from licenseonline.kit.rights import Right
from licenseonline.sales import end_users
from licenseonline.sales.models import EndUserSheet

_TYPES = {"pdf": "application/pdf", "csv": "text/csv; charset=utf-8", "xlsx": workbooks.TYPE}


@access.needs(Right.VIEW_SALES)
@require_safe
def show(request: DeskRequest, store_id: int, number: str, sheet_id: int, kind: str) -> HttpResponse:
    """One filled form as a PDF, CSV or workbook."""
    rows = EndUserSheet.objects.visible_to(request.user).select_related("order__store", "form__vendor")
    sheet = get_object_or_404(rows, pk=sheet_id, store_id=store_id, order__number=number)
    if kind not in _TYPES:
        raise Http404
    response = HttpResponse(_content(sheet, kind), content_type=_TYPES[kind])
    name = f"{sheet.form.name}_{sheet.order.number}.{kind}"
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _content(sheet: EndUserSheet, kind: str) -> bytes:
    if kind == "pdf":
        return end_users.pdf_of(sheet)
    header, rows = end_users.table_of(sheet)
    if kind == "csv":
        return b"".join(csv_files.lines(header, rows))
    made_at = sheet.filled_at or sheet.order.placed_at
    return workbooks.workbook(workbooks.Sheet(title="Sheet1", header=header, rows=rows), made_at=made_at)
