"""What a member asks for after ordering: to cancel, to change something, a paper of inspection. Each state allows what it allows.

Cancelling: until money has come or a vendor has the order, the member cancels at once; after that the desk decides; what
was delivered is not taken back (the vendors' rules).
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from licenseonline.accounts import members
from licenseonline.accounts.models import Member, User
from licenseonline.billing import payments
from licenseonline.catalog import vendor_rules
from licenseonline.kit import clock, rights, sql, states
from licenseonline.kit.actors import Actor
from licenseonline.kit.errors import NotVisible, Refused
from licenseonline.kit.rights import Right
from licenseonline.records import history
from licenseonline.sales import mail, order_documents
from licenseonline.sales.models import DocumentRequest, Order, OrderFileKind, OrderWish, PaperState

_OVER: Final = {
    Order.State.CANCELLED: gettext_lazy("このご注文はすでにキャンセルされています。"),
    Order.State.DELIVERED: gettext_lazy(
        "納品後のキャンセル・変更はお受けできません。ライセンスに問題がある場合は窓口までご連絡ください。"
    ),
    Order.State.COMPLETED: gettext_lazy(
        "納品後のキャンセル・変更はお受けできません。ライセンスに問題がある場合は窓口までご連絡ください。"
    ),
}
_IS_BEGUN: Final = """
SELECT EXISTS (SELECT FROM sales_orderline WHERE store_id = %(store)s AND order_id = %(order)s
  AND (vendor_order_id IS NOT NULL OR delivered_at IS NOT NULL))
"""
_OPEN_PAPERS: Final = (PaperState.NEEDED, PaperState.HANDED_IN, PaperState.RETURNED)


def why_not(order: Order, kind: str) -> str:
    """Why this cannot be asked for in the order's state; empty when it can. One rule for page and verb."""
    if kind == OrderWish.Kind.INSPECTION:
        return "" if order.is_delivered else _("検収書は納品後にご依頼いただけます。")
    return str(_OVER.get(Order.State(order.state), ""))


def is_cancelled_at_once(order: Order) -> bool:
    """Whether cancelling needs nobody's yes: no money has come, no vendor has any of it, nothing is delivered."""
    if _OVER.get(Order.State(order.state)) or payments.received(order.receivable):
        return False
    [(is_begun,)] = sql.rows(_IS_BEGUN, store=order.store_id, order=order.pk)
    return not is_begun


@dataclass(frozen=True, slots=True)
class VendorLimits:
    """What vendors' rules say of cancelling an order: the refusal where it is too late, and what to know before."""

    refusal: str
    notes: list[str]


UNLIMITED: Final = VendorLimits("", [])


def vendor_limits(order: Order) -> VendorLimits:
    """By the lines that are not delivered: a vendor counts from the day on which it got the order. Three queries."""
    lines = list(order.lines.filter(delivered_at=None).select_related("sku__product").order_by("position"))
    today, refusal, notes = clock.today(), "", list[str]()
    rules = vendor_rules.of_all([line.sku for line in lines], day=today)
    bought = _bought_on(order) if rules else {}
    for line in lines:
        rule, bought_on = rules.get(line.sku_id), bought.get(line.vendor_order_id)
        if rule is None:
            continue
        if bought_on:
            try:
                vendor_rules.check_cancel(rule, bought_on=bought_on, day=today)
            except Refused as refused:
                refusal = refusal or refused.message
        notes.append(vendor_rules.cancel_in_words(rule, bought_on=bought_on))
    return VendorLimits(refusal, [*dict.fromkeys(filter(None, notes))])


def _bought_on(order: Order) -> dict[int | None, date]:
    """By vendor order; from the history, because members may not read what vendors are asked."""
    told = [entry.facts for entry in history.of(order) if "ordered_on" in entry.facts]
    return {facts["vendor_order_id"]: date.fromisoformat(facts["ordered_on"]) for facts in told}


@transaction.atomic
def ask(order: Order, *, kind: str, text: str, by: Member) -> OrderWish:
    """The member's company asks; a cancellation that needs nobody's yes happens at once.

    `text` is up to 1,000 characters. Refused: as members.check_may_quote, `state` (see `why_not`), `no_cancel` (by a
    vendor's rule, see `vendor_limits`), `text` (a change without words), `asked` (the same is waiting for an answer); NotVisible for others' orders.
    """
    if (order.store_id, order.company_id) != (by.store_id, by.company_id):
        raise NotVisible
    members.check_may_quote(by)
    states.lock(order)
    if hindrance := why_not(order, kind):
        raise Refused(hindrance, code="state")
    if kind == OrderWish.Kind.CANCEL and (refusal := vendor_limits(order).refusal):
        raise Refused(refusal, code="no_cancel")
    if kind == OrderWish.Kind.CHANGE and not text:
        raise Refused(_("変更の内容を入力してください。"), code="text", field="text")
    if OrderWish.objects.filter(store_id=order.store_id, order=order, kind=kind, state=OrderWish.State.ASKED).exists():
        raise Refused(_("同じご依頼を確認中です。窓口からの回答をお待ちください。"), code="asked")
    wish = OrderWish.objects.create(
        store_id=order.store_id, order=order, kind=kind, text=text, member=by, asked_at=clock.now()
    )
    history.record(order, "order.wished", by=by, wish_id=wish.pk, kind=kind)
    if kind == OrderWish.Kind.CANCEL and is_cancelled_at_once(order):
        _grant(wish, order, answer="", by=by)
    return wish


@rights.needs(Right.CHANGE_ORDERS)
@transaction.atomic
def answer(wish: OrderWish, *, granted: bool, text: str, by: User) -> OrderWish:
    """The desk answers, once, and the member is mailed. Granting a cancellation cancels the order.

    Refused: `state` (answered already, or the order has moved on), `vendor` (a vendor has it: cancel there first), `text` (a
    refusal without reason).
    """
    order = states.lock(wish.order)
    states.lock(wish)
    if wish.state != OrderWish.State.ASKED:
        raise Refused(_("このご依頼にはすでに回答しています。"), code="state")
    if not granted and not text:
        raise Refused(_("お受けできない理由を入力してください。"), code="text", field="text")
    if granted:
        if hindrance := why_not(order, wish.kind):
            raise Refused(hindrance, code="state")
        return _grant(wish, order, answer=text, by=by)
    states.move(wish, OrderWish.State.REFUSED, answer=text, answered_by=by, answered_at=clock.now())
    history.record(order, "order.wish_refused", by=by, wish_id=wish.pk, kind=wish.kind)
    mail.wish_answered(wish)
    return wish


def _grant(wish: OrderWish, order: Order, *, answer: str, by: Actor) -> OrderWish:
    if wish.kind == OrderWish.Kind.CANCEL:
        _cancel(order, by=by)
    if wish.kind == OrderWish.Kind.INSPECTION:
        order_documents.make.defer(order_id=order.pk, store_id=order.store_id, kind=str(OrderFileKind.INSPECTION))
    staff = by if isinstance(by, User) else None
    states.move(wish, OrderWish.State.GRANTED, answer=answer, answered_by=staff, answered_at=clock.now())
    history.record(order, "order.wish_granted", by=by, wish_id=wish.pk, kind=wish.kind)
    mail.wish_answered(wish)
    return wish


def _cancel(order: Order, *, by: Actor) -> None:
    """The order ends: nothing more is to be paid or handed in. Its quotation stays ordered."""
    if order.lines.exclude(vendor_order=None).exists():
        message = _("メーカーへ発注済みの明細があります。先にメーカー発注を取り消してください。")
        raise Refused(message, code="vendor")
    payments.cancel(order.receivable)
    for request in DocumentRequest.objects.filter(store_id=order.store_id, order=order, state__in=_OPEN_PAPERS):
        states.move(request, PaperState.NOT_NEEDED)
    states.move(order, Order.State.CANCELLED)
    history.record(order, "order.cancelled", by=by)
