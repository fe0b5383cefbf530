"""カート: what the member has put aside, by contract form."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from licenseonline.accounts import members
from licenseonline.catalog.models import Sku
from licenseonline.kit.errors import Refused
from licenseonline.sales import carts
from licenseonline.web.access import member_required
from licenseonline.web.member.forms import CartLineForm
from licenseonline.web.requests import MemberRequest


@dataclass(frozen=True, slots=True)
class Attempt:
    """A line that was refused: what was typed, and why not."""

    sku: Sku
    typed: str
    problem: str


@member_required
@require_safe
def show(request: MemberRequest, store_id: int) -> HttpResponse:
    """The cart."""
    return _page(request)


@member_required
@require_POST
def put(request: MemberRequest, store_id: int) -> HttpResponse:
    """Set the quantity of a SKU. It says how many there shall be, so sending it twice is the same as once, without a key."""
    form = CartLineForm(request.POST)
    form.is_valid()
    skus = Sku.objects.public(store_id).select_related("product")
    sku = get_object_or_404(skus, pk=form.cleaned_data.get("sku_id"))
    typed = request.POST.get("quantity", "")[:20]
    if "quantity" in form.errors:
        return _page(request, Attempt(sku, typed, str(form.errors["quantity"][0])))
    quantity = form.cleaned_data["quantity"]
    try:
        carts.put(sku, quantity=quantity, by=request.member)
    except Refused as refusal:
        if not request.member.can_quote:
            return redirect("store:cart", store_id=store_id)  # where it says why
        return _page(request, Attempt(sku, typed, refusal.message))
    text = _("%(model)s（%(quantity)s%(unit)s）をカートに入れました。")
    facts = {"model": sku.model_number, "quantity": f"{quantity:,}", "unit": sku.unit_label}
    messages.success(request, text % facts)
    return redirect("store:cart", store_id=store_id)


@member_required
@require_POST
def remove(request: MemberRequest, store_id: int, sku_id: int) -> HttpResponse:
    """Take a SKU out; twice is the same as once, without a key."""
    carts.remove(sku_id, by=request.member)
    messages.success(request, _("カートから削除しました。"))
    return redirect("store:cart", store_id=store_id)


def _page(request: MemberRequest, attempt: Attempt | None = None) -> HttpResponse:
    groups = carts.groups(request.member)
    in_cart = attempt is not None and any(line.sku == attempt.sku for group in groups for line in group.lines)
    context = {
        "groups": groups,
        "gone": carts.gone(request.member),
        "attempt": attempt,
        "attempt_in_cart": in_cart,
        "why_not_quote": members.why_not_quote(request.member),
    }
    return render(request, "web/member/cart.html", context, status=422 if attempt else 200)
