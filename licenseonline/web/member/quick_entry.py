"""型番をまとめて入力: paste or hand in model numbers and quantities, look at them, put them into the cart; old papers again."""

from http import HTTPStatus
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from licenseonline.accounts import members
from licenseonline.kit.errors import Refused
from licenseonline.kit.forms import show_refusal
from licenseonline.licensing.models import Contract
from licenseonline.records import idempotency
from licenseonline.sales import quick_entry
from licenseonline.sales.models import Order, Quote
from licenseonline.sales.quick_entry import Wanted
from licenseonline.web.access import member_required
from licenseonline.web.member.forms import QuickEntryForm, QuickPutForm
from licenseonline.web.requests import MemberRequest


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: MemberRequest, store_id: int) -> HttpResponse:
    """GET: where to paste. POST: what was pasted, with prices and what is wrong; writes nothing, so it needs no key."""
    if request.method != "POST":
        return _page(request, QuickEntryForm())
    form = QuickEntryForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form)
    try:
        wanted = _wanted(form)
    except Refused as refusal:
        show_refusal(form, refusal)
        return _page(request, form)
    return _preview(request, wanted)


def _wanted(form: QuickEntryForm) -> list[Wanted]:
    file = form.cleaned_data["file"]
    if file:
        return quick_entry.read_file(file, file.name)
    return quick_entry.read(form.cleaned_data["text"])


@member_required
@require_POST
def put(request: MemberRequest, store_id: int) -> HttpResponse:
    """Put what the preview showed into the cart, once."""
    form = QuickPutForm(request.POST)
    form.is_valid()
    text, key = form.cleaned_data.get("text", ""), form.cleaned_data.get("key", "")

    def do() -> str:
        numbers = [(one.model, one.quantity or 0) for one in quick_entry.read(text)]
        count = quick_entry.put(numbers, by=request.member)
        messages.success(request, _("%(count)s件の型番をカートに入れました。") % {"count": count})
        return reverse("store:cart", args=[store_id])

    try:
        body = {"do": "quick_entry.put", "text": text}
        return redirect(idempotency.once(key, body, do, by=request.member, store_id=store_id))
    except Refused as refusal:
        again = QuickEntryForm({"text": text})
        again.add_error(None, refusal.message)
        return _page(request, again)


@member_required
@require_safe
def again(request: MemberRequest, store_id: int, kind: str, number: str) -> HttpResponse:
    """もう一度見積る: the lines of an old quotation, order or contract at today's prices, what has ended with what replaced it."""
    return _preview(request, _LINES[kind](request, number) if kind in _LINES else _none())


def _none() -> list[Wanted]:
    raise Http404


def _of_quote(request: MemberRequest, number: str) -> list[Wanted]:
    quote = get_object_or_404(Quote.objects.visible_to(request.member), number=number)
    return [Wanted(line["model_number"], line["quantity"]) for line in quote.snapshot["lines"]]


def _of_order(request: MemberRequest, number: str) -> list[Wanted]:
    order = get_object_or_404(Order.objects.visible_to(request.member), number=number)
    return [Wanted(line["model_number"], line["quantity"]) for line in order.snapshot["lines"]]


def _of_contract(request: MemberRequest, number: str) -> list[Wanted]:
    contract = get_object_or_404(Contract.objects.visible_to(request.member), number=number)
    return [Wanted(one.model_number, one.quantity) for one in contract.entitlements.order_by("id")]


_LINES = {"quote": _of_quote, "order": _of_order, "contract": _of_contract}


def _preview(request: MemberRequest, wanted: list[Wanted]) -> HttpResponse:
    entry = quick_entry.resolve(wanted, by=request.member)
    good = "\n".join(f"{line.sku.model_number}\t{line.quantity}" for line in entry.good)
    return _page(request, QuickEntryForm(initial={"text": entry.text}), {"entry": entry, "good": good})


def _page(request: MemberRequest, form: QuickEntryForm, more: dict[str, object] | None = None) -> HttpResponse:
    context = {"form": form, "entry": None, "key": uuid4(), "why_not_quote": members.why_not_quote(request.member)}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "web/member/quick_entry.html", context | (more or {}), status=status)
