"""カート: what the member has put aside, by what can be quoted together."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from licenseonline.accounts import members
from licenseonline.catalog import bands, prices, quantities
from licenseonline.catalog.models import Sku
from licenseonline.kit import clock
from licenseonline.kit.errors import NotVisible, Refused
from licenseonline.licensing.models import Contract
from licenseonline.sales import carts, papers, separations
from licenseonline.stores.models import Store
from licenseonline.web.access import member_required
from licenseonline.web.member.forms import CartLineForm
from licenseonline.web.requests import MemberRequest


@dataclass(frozen=True, slots=True)
class Attempt:
    """A line that was refused: what was typed, why not, and what would do: another number, or the SKU of another band (at `fit_yen`)."""

    sku: Sku
    typed: str
    problem: str
    instead: int | None = None
    fit: Sku | None = None
    fit_yen: int | None = None


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
    sku, typed = _asked(request, form), request.POST.get("quantity", "")[:20]
    if "quantity" in form.errors:
        return _page(request, Attempt(sku, typed, str(form.errors["quantity"][0])))
    quantity = form.cleaned_data["quantity"]
    try:
        put_sku = _put(request, form, sku, quantity)
    except Refused as refusal:
        if not request.member.can_quote:
            return redirect("store:cart", store_id=store_id)  # where it says why
        return _page(request, _attempt(request, sku, typed, refusal))
    text = _("%(model)s（%(quantity)s%(unit)s）をカートに入れました。")
    facts = {"model": put_sku.model_number, "quantity": f"{quantity:,}", "unit": put_sku.unit_label}
    messages.success(request, text % facts)
    return redirect("store:cart", store_id=store_id)


def _asked(request: MemberRequest, form: CartLineForm) -> Sku:
    form.is_valid()
    skus = Sku.objects.public(request.store.pk).select_related("product")
    return get_object_or_404(skus, pk=form.cleaned_data.get("sku_id"))


def _put(request: MemberRequest, form: CartLineForm, sku: Sku, quantity: int) -> Sku:
    """The SKU itself, or the one of another band that was offered instead."""
    if form.cleaned_data.get("fit") is None:
        carts.put(sku, quantity=quantity, by=request.member)
        return sku
    other = get_object_or_404(
        Sku.objects.public(request.store.pk).select_related("product"), pk=form.cleaned_data["fit"]
    )
    carts.switch(sku, to=other, quantity=quantity, by=request.member)
    return other


def _attempt(request: MemberRequest, sku: Sku, typed: str, refusal: Refused) -> Attempt:
    quantity = CartLineForm.number(typed)
    if quantity is None or refusal.code not in {"quantity", "band"}:
        return Attempt(sku, typed, refusal.message)
    instead = quantities.nearest(sku, quantity) if refusal.code == "quantity" else None
    return Attempt(sku, typed, refusal.message, instead, *_fitting(request, sku, quantity))


def _fitting(request: MemberRequest, sku: Sku, quantity: int) -> tuple[Sku | None, int | None]:
    """The SKU of the band that holds so many, with its unit price, where that is what is wrong."""
    is_of_band = sku.min_quantity <= quantity and not quantities.is_over_band(sku, quantity)
    if is_of_band or quantity > quantities.MOST:
        return None, None
    today = clock.today()
    fit = bands.fitting(sku, quantity, store_id=request.store.pk, day=today)
    if fit is None or fit == sku or quantity < fit.min_quantity:
        return None, None
    offers = prices.offers_of({fit.pk: quantity}, store=request.store, day=today, company=request.member.company)
    return fit, offers[fit.pk].unit_yen if fit.pk in offers else None


@member_required
@require_safe
def check(request: MemberRequest, store_id: int, sku_id: int) -> HttpResponse:
    """What is said beside a quantity while it is typed: the price at that number, or what is wrong and what would do."""
    form = CartLineForm({"sku_id": str(sku_id), "quantity": request.GET.get("quantity", "")})
    sku, typed = _asked(request, form), request.GET.get("quantity", "")[:20]
    line, attempt = None, None
    try:
        line = _checked(request, form, sku)
    except Refused as refusal:
        attempt = _attempt(request, sku, typed, refusal)
    return render(request, "web/member/_cart_answer.html", {"line": line, "attempt": attempt})


def _checked(request: MemberRequest, form: CartLineForm, sku: Sku) -> carts.Line | None:
    """The line as the cart would have it; Refused with what is wrong."""
    if "quantity" in form.errors:
        raise Refused(str(form.errors["quantity"][0]), code="typed")
    quantities.check(sku, form.cleaned_data["quantity"])
    line = next(iter(carts.lines_of({sku.pk: form.cleaned_data["quantity"]}, member=request.member)), None)
    if line and line.problem:
        raise Refused(line.problem, code="line")
    return line


@member_required
@require_POST
def follow(request: MemberRequest, store_id: int, sku_id: int) -> HttpResponse:
    """Choose the contract that a line renews, adds to or replaces; it says which, so twice is the same as once."""
    contracts = Contract.objects.visible_to(request.member)
    contract = get_object_or_404(contracts, number=request.POST.get("contract", "")[:20].replace("\0", ""))
    try:
        carts.follow(sku_id, contract=contract, by=request.member)
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect("store:cart", store_id=store_id)


@member_required
@require_POST
def switch(request: MemberRequest, store_id: int, sku_id: int) -> HttpResponse:
    """Another term of a product in the cart; back to where it was chosen. The second time there is nothing to switch."""
    sold = Sku.objects.public(store_id).select_related("product")
    sku, to = (
        get_object_or_404(sold, pk=sku_id),
        get_object_or_404(sold, pk=CartLineForm.number(request.POST.get("to"))),
    )
    try:
        carts.switch(sku, to=to, by=request.member)
    except NotVisible:
        return redirect("store:cart", store_id=store_id)
    except Refused as refusal:
        messages.error(request, refusal.message)
    form = request.POST.get("form", "")[:40]
    if not form:
        return redirect("store:cart", store_id=store_id)
    return redirect(f"{reverse('store:quote_new', args=[store_id])}?{urlencode({'form': form})}")


@member_required
@require_POST
def remove(request: MemberRequest, store_id: int, sku_id: int) -> HttpResponse:
    """Take a SKU out; twice is the same as once, without a key."""
    carts.remove(sku_id, by=request.member)
    messages.success(request, _("カートから削除しました。"))
    return redirect("store:cart", store_id=store_id)


def _papers(lines: list[carts.Line], store: Store) -> dict[int, list[papers.Needed]]:
    """By SKU what an order would ask for; of what is on record no proof."""
    needed = papers.needed((line.sku for line in lines), store=store)
    return {
        line.sku.pk: [one for one in needed.get(line.sku.pk, []) if one.paper in line.papers([one.paper])]
        for line in lines
    }


def _page(request: MemberRequest, attempt: Attempt | None = None) -> HttpResponse:
    groups = carts.groups(request.member)
    in_cart = attempt is not None and any(line.sku == attempt.sku for group in groups for line in group.lines)
    context = {
        "groups": groups,
        "reasons": separations.reasons(group.lane for group in groups),
        "can_quote_all": sum(group.can_be_quoted for group in groups) > 1,
        "papers": _papers([line for group in groups for line in group.lines], request.store),
        "gone": carts.gone(request.member),
        "attempt": attempt,
        "attempt_in_cart": in_cart,
        "why_not_quote": members.why_not_quote(request.member),
    }
    return render(request, "web/member/cart.html", context, status=422 if attempt else 200)
