"""Earlier revisions of a quotation, as they were."""

from http import HTTPStatus

from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from licenseonline.records import files
from licenseonline.sales.models import Quote, QuoteRevision
from licenseonline.web.access import member_required
from licenseonline.web.member import documents
from licenseonline.web.requests import MemberRequest


def of(quote: Quote, request: MemberRequest) -> list[QuoteRevision]:
    """The earlier ones, newest first; no query for a quotation that was never revised."""
    if quote.revision == 1:
        return []
    rows = QuoteRevision.objects.visible_to(request.member).filter(quote=quote)
    return list(rows.defer("snapshot").order_by("-revision"))


@member_required
@require_safe
def show(request: MemberRequest, store_id: int, number: str, revision: int) -> HttpResponse:
    """One of them; the present one is the quotation itself."""
    found = _revision(request, number, revision)
    if found is None:
        return redirect("store:quote", store_id=store_id, number=number)
    context = {**documents.context(found.snapshot, store=request.store), "quote": found.quote, "earlier": found}
    return render(request, "web/member/quote_revision.html", context, status=HTTPStatus.OK)


@member_required
@require_safe
def pdf(request: MemberRequest, store_id: int, number: str, revision: int) -> HttpResponseBase:
    """Its PDF, as it was sent."""
    found = _revision(request, number, revision)
    if found is None or found.pdf is None:
        return redirect("store:quote", store_id=store_id, number=number)
    kept = found.pdf
    return FileResponse(files.opened(kept), as_attachment=True, filename=kept.name, content_type=kept.content_type)


def _revision(request: MemberRequest, number: str, revision: int) -> QuoteRevision | None:
    quote = get_object_or_404(Quote.objects.visible_to(request.member).only("pk", "number", "revision"), number=number)
    if quote.revision == revision:
        return None
    rows = QuoteRevision.objects.visible_to(request.member).select_related("pdf", "quote")
    return get_object_or_404(rows, quote=quote, revision=revision)
