"""再見積: what an old quotation would cost today, and the button that makes it a new one."""

from http import HTTPStatus
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.shortcuts import redirect as lead
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from licenseonline.kit import whole_numbers
from licenseonline.kit.errors import Refused
from licenseonline.records import idempotency
from licenseonline.sales import requotes
from licenseonline.sales.models import Quote
from licenseonline.web.access import member_required
from licenseonline.web.requests import MemberRequest


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: MemberRequest, store_id: int, number: str) -> HttpResponse:
    """Old and new price of each line; POST issues."""
    quote = get_object_or_404(Quote.objects.visible_to(request.member).select_related("company"), number=number)
    refused = ""
    if request.method == "POST":
        try:
            return lead(_issue(request, quote))
        except Refused as refusal:
            refused = refusal.message
    found = requotes.compare(quote, by=request.member)
    context = {"quote": quote, "found": found, "refused": refused, "key": uuid4()}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refused else HTTPStatus.OK
    return render(request, "web/member/quote_again.html", context, status=status)


def _issue(request: MemberRequest, quote: Quote) -> str:
    seen = whole_numbers.read(request.POST.get("seen", ""))

    def do() -> str:
        made = requotes.issue(quote, seen_yen=seen, by=request.member)
        messages.success(request, _("再見積を作成しました。見積書はメールでもお送りします。"))
        return reverse("store:quote", args=[made.store_id, made.number])

    body = {"path": request.path, "seen": seen}
    return idempotency.once(request.POST.get("key", ""), body, do, by=request.member, store_id=request.store.pk)
