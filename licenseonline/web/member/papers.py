"""ご提出書類 of an order: what is needed, why and until when; handing in; blank forms; what was handed in."""

from dataclasses import dataclass
from http import HTTPStatus
from uuid import uuid4

from django.contrib import messages
from django.db.models import Prefetch, QuerySet
from django.http import FileResponse, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from licenseonline.kit.errors import Refused
from licenseonline.records import files, idempotency
from licenseonline.sales import blank_forms, papers, submissions
from licenseonline.sales.models import DocumentRequest, Order, PaperState, Submission
from licenseonline.web.access import member_required
from licenseonline.web.member.paper_forms import HandInForm
from licenseonline.web.requests import MemberRequest


@dataclass(frozen=True)
class Item:
    """One paper on the page: its files, and its form as long as it may be handed in."""

    request: DocumentRequest
    files: list[Submission]
    form: HandInForm | None
    errors: list[str]
    has_blank: bool

    @property
    def is_missing(self) -> bool:
        """The member's turn."""
        return self.request.state in papers.MISSING


@member_required
@require_safe
def index(request: MemberRequest, store_id: int, number: str) -> HttpResponse:
    """Every paper of the order, by line."""
    return _page(request, _order(request, number))


@member_required
@require_POST
def hand_in(request: MemberRequest, store_id: int, number: str, request_id: int) -> HttpResponse:
    """Hand in one paper; answers in JSON to the page's script, which sends file by file and shows how far it is."""
    order = _order(request, number)
    asked = get_object_or_404(_requests(request, order), pk=request_id)
    form = HandInForm(asked.pk, request.POST, request.FILES)
    if form.is_valid():
        try:
            _hand_in(request, asked, form)
        except Refused as refusal:
            form.add_error("uploads", refusal.message)
    if not form.errors:
        return _done(request, asked)
    if _is_script(request):
        return JsonResponse({"errors": form.errors.get("uploads", [])}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return _page(request, order, form=form, failed=asked.pk)


@member_required
@require_safe
def blank(request: MemberRequest, store_id: int, number: str, request_id: int) -> HttpResponseBase:
    """The blank form to fill in, with what is known already."""
    asked = get_object_or_404(_requests(request, _order(request, number)), pk=request_id)
    found = blank_forms.of(asked)
    response = HttpResponse(found.content, content_type="application/pdf")
    response["Content-Disposition"] = (
        content_disposition_header(as_attachment=True, filename=found.name) or "attachment"
    )
    return files.harmless(response)


@member_required
@require_safe
def file(request: MemberRequest, store_id: int, number: str, submission_id: int) -> HttpResponseBase:
    """What the company handed in, as a download."""
    rows = Submission.objects.visible_to(request.member).select_related("file")
    kept = get_object_or_404(rows, pk=submission_id, request__order__number=number).file
    content = files.opened(kept)
    return files.harmless(FileResponse(content, as_attachment=True, filename=kept.name, content_type=kept.content_type))


def _order(request: MemberRequest, number: str) -> Order:
    rows = Order.objects.visible_to(request.member).select_related("member", "company")
    order = get_object_or_404(rows, number=number)
    order.store = request.store
    return order


def _requests(request: MemberRequest, order: Order) -> QuerySet[DocumentRequest]:
    rows = DocumentRequest.objects.visible_to(request.member).filter(order=order)
    counting = (
        Submission.objects.visible_to(request.member).filter(replaced_at=None).select_related("file").order_by("id")
    )
    rows = rows.select_related("order", "line__sku__product").prefetch_related(Prefetch("submissions", counting))
    return rows.order_by("line__position", "id")


def _hand_in(request: MemberRequest, asked: DocumentRequest, form: HandInForm) -> None:
    def do() -> str:
        submissions.hand_in(asked, form.received, adds=form.cleaned_data["more"], by=request.member)
        return request.path

    body = {"path": request.path, **form.facts()}
    idempotency.once(form.cleaned_data["key"], body, do, by=request.member, store_id=request.store.pk)


def _done(request: MemberRequest, asked: DocumentRequest) -> HttpResponse:
    if "more" not in request.POST:  # said once, however many files follow
        done = _("「%(paper)s」を提出しました。確認の結果はメールでお知らせします。")
        messages.success(request, done % {"paper": asked.get_paper_display()})
    page = f"{reverse('store:order_papers', args=[request.store.pk, asked.order.number])}#paper-{asked.pk}"
    return JsonResponse({"url": page, "key": str(uuid4())}) if _is_script(request) else redirect(page)


def _is_script(request: MemberRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")


def _page(
    request: MemberRequest, order: Order, *, form: HandInForm | None = None, failed: int | None = None
) -> HttpResponse:
    found = list(_requests(request, order))
    items = [_item(order, one, form if one.pk == failed else None) for one in found]
    lines: dict[int, list[Item]] = {}
    for item in items:
        lines.setdefault(item.request.line.position, []).append(item)
    frozen = {line["no"]: line for line in order.snapshot["lines"]}
    context = {
        "order": order,
        "lines": [(frozen[position], of_line) for position, of_line in lines.items()],
        "missing": sum(item.is_missing for item in items),
        "waiting": sum(item.request.state == PaperState.HANDED_IN for item in items),
        "form": form or HandInForm(0),
        "most_files": submissions.MOST_FILES,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if failed else HTTPStatus.OK
    return render(request, "web/member/order_papers.html", context, status=status)


def _item(order: Order, asked: DocumentRequest, form: HandInForm | None) -> Item:
    is_open = asked.state in papers.OPEN and order.state in papers.UNDER_WAY
    # A form that failed gets a new key (the old one did nothing, or stands for other files); a browser cannot fill in files again.
    fresh = HandInForm(asked.pk, initial={"key": uuid4()}) if is_open else None
    errors = [str(error) for error in form.errors.get("uploads", [])] if form else []
    return Item(asked, list(asked.submissions.all()), fresh, errors, asked.paper in blank_forms.MADE)
