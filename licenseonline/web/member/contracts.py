"""契約履歴: the terms that the company holds or held."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from licenseonline.kit import paging
from licenseonline.licensing.models import Contract
from licenseonline.sales.models import Order
from licenseonline.web.access import member_required
from licenseonline.web.requests import MemberRequest


@member_required
@require_safe
def index(request: MemberRequest, store_id: int) -> HttpResponse:
    """契約履歴 of the member's company."""
    rows = Contract.objects.visible_to(request.member).select_related("vendor").prefetch_related("entitlements")
    return render(request, "web/member/contracts.html", {"page": paging.page(rows, request.GET)})


@member_required
@require_safe
def show(request: MemberRequest, store_id: int, number: str) -> HttpResponse:
    """One contract and the licences under it."""
    rows = Contract.objects.visible_to(request.member).select_related("vendor").prefetch_related("entitlements__keys")
    contract = get_object_or_404(rows, number=number)
    # A contract from elsewhere (the old system) names an order that is not here.
    order = Order.objects.visible_to(request.member).filter(number=contract.order_number).first()
    return render(request, "web/member/contract.html", {"contract": contract, "order": order})
