"""One member on the desk."""

import uuid
from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from licenseonline.accounts.models import Member
from licenseonline.backoffice import access, subjects
from licenseonline.backoffice.order_forms import StepForm
from licenseonline.backoffice.requests import DeskRequest
from licenseonline.backoffice.site import site
from licenseonline.kit.rights import Right
from licenseonline.sales.models import Order, Quote

RECENT = 10


@access.needs(Right.VIEW_CUSTOMERS)
@require_safe
def show(request: DeskRequest, store_id: int, member_id: int) -> HttpResponse:
    """The member."""
    found = Member.objects.visible_to(request.user).select_related("store", "company")
    return page(request, get_object_or_404(found, store_id=store_id, pk=member_id))


def page(request: DeskRequest, member: Member, failed: StepForm | None = None) -> HttpResponse:
    """Who it is, what the member asked for lately, and what stands beside the member."""
    quotes = Quote.objects.visible_to(request.user).filter(store_id=member.store_id, member=member)
    orders = Order.objects.visible_to(request.user).filter(store_id=member.store_id, member=member)
    context = {
        **site.each_context(request),
        **subjects.context(member, failed, by=request.user),
        "title": subjects.heading(member),
        "person": member,
        "quotes": quotes.defer("snapshot").order_by("-id")[:RECENT],
        "orders": orders.defer("snapshot").order_by("-id")[:RECENT],
        "may_prepare": request.user.may(Right.PREPARE_QUOTES) and member.is_active,
        "may_enter": request.user.may(Right.CHANGE_ORDERS) and member.is_active,
        "failed": failed,
        "key": uuid.uuid4(),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if failed else HTTPStatus.OK
    return render(request, "backoffice/member.html", context, status=status)
