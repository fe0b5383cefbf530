"""Asking for one more paper of an order."""

import uuid
from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from licenseonline.backoffice import access, steps
from licenseonline.backoffice.order_views import Step
from licenseonline.backoffice.paper_forms import AskForm
from licenseonline.backoffice.requests import DeskRequest
from licenseonline.backoffice.site import site
from licenseonline.kit.rights import Right
from licenseonline.sales import papers
from licenseonline.sales.models import Order


@access.needs(Right.REVIEW_PAPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: DeskRequest, store_id: int, number: str) -> HttpResponse:
    """Which paper, of which line, and why."""
    found = Order.objects.visible_to(request.user).select_related("store", "member")
    order = get_object_or_404(found, store_id=store_id, number=number)
    form = AskForm(order, request.POST or None)

    def do() -> None:
        given = form.cleaned_data
        line = order.lines.get(position=given["line"])
        papers.ask(order, line, paper=given["paper"], why=given["why"], by=request.user)

    done = _("書類のご提出を依頼し、お客様へメールでお知らせしました。")
    if steps.taken(request, form, do, done, store_id=store_id):
        return redirect("backoffice:order", store_id, number)
    return _page(request, order, form)


def _page(request: DeskRequest, order: Order, form: AskForm) -> HttpResponse:
    hint = _("期限は、ご注文の書類と同じ営業日数で決まります。依頼すると、注文は書類待ちになります。")
    url = reverse("backoffice:order_paper_ask", args=[order.store_id, order.number])
    context = {
        **site.each_context(request),
        "title": _("書類の依頼（注文 %(number)s）") % {"number": order.number},
        "order": order,
        "step": Step(_("書類を依頼する"), hint, _("依頼する"), url, form),
        "failed": form if form.errors else None,
        "key": uuid.uuid4(),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "backoffice/paper_ask.html", context, status=status)
