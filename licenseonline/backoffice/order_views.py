"""What the desk sees of one order."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from licenseonline.accounts import company_profiles
from licenseonline.accounts.models import User
from licenseonline.backoffice.order_forms import (
    DeliveryForm,
    OwnPaperForm,
    RefundForm,
    StepForm,
    TransferForm,
    VendorOrderForm,
    WishForm,
)
from licenseonline.billing import payments
from licenseonline.billing.models import Receivable
from licenseonline.kit import clock, rights
from licenseonline.kit.actors import ActorKind
from licenseonline.kit.rights import Right
from licenseonline.sales import end_users, order_documents, timelines, vendor_orders
from licenseonline.sales.models import (
    DocumentRequest,
    EndUserSheet,
    LineMargin,
    Order,
    OrderLine,
    VendorForm,
    WishState,
)


@dataclass(frozen=True, slots=True)
class Step:
    """A form that the order waits for."""

    title: str
    hint: str
    button: str
    url: str
    form: StepForm
    is_folded: bool = False


@dataclass(frozen=True, slots=True)
class Sums:
    """Over all lines, in yen without tax; cost and margin are None when one line's cost was unknown at order."""

    cost: int | None
    margin: int | None
    commission: int


def lines(order: Order) -> list[OrderLine]:
    """The order's lines with vendor, vendor order, contract and frozen margin."""
    return list(
        order.lines.select_related("sku__product__vendor", "vendor_order", "contract", "margin").order_by("position")
    )


def context(order: Order) -> dict[str, Any]:
    """Everything the page shows besides the forms."""
    all_lines = lines(order)
    received = list(order.receivable.payments.select_related("recorded_by").order_by("id"))
    return {
        "order": order,
        "lines": list(zip(all_lines, order.snapshot["lines"], strict=True)),
        "sums": _sums(all_lines),
        "payments": received,
        "remaining": order.receivable.amount_yen - sum(payment.amount_yen for payment in received),
        "papers": _papers(order),
        "documents": order_documents.of(order),
        "sheets": _sheets(order),
        "asked_wishes": list(order.wishes.filter(store=order.store_id).order_by("id")),
        "timeline": _timeline(order),
        "billing": company_profiles.billing_of(order.company),
    }


def steps(order: Order, failed: StepForm | None, *, by: User) -> list[Step]:
    """The forms of the order's present state that this person may send; the one that failed keeps what was typed."""
    forms = {
        Order.State.AWAITING_PAYMENT: (Right.BOOK_PAYMENTS, _transfer),
        Order.State.ARRANGING: (Right.ORDER_FROM_VENDORS, _vendor_orders),
    }
    right, find = forms.get(Order.State(order.state), (None, None))
    found = find(order) if right and find and rights.allowed(by, right) else []
    if order.state == Order.State.ARRANGING and rights.allowed(by, Right.DELIVER):
        found = [*found, *_delivery(order)]
    if rights.allowed(by, Right.CHANGE_ORDERS):
        found = [*_answers(order), *found, *_own_paper(order)]
    if rights.allowed(by, Right.BOOK_PAYMENTS) and order.receivable.state == Receivable.State.REFUND_DUE:
        found = [*found, _refund(order)]
    return [_kept(step, failed) for step in found]


def _answers(order: Order) -> list[Step]:
    """To each wish that waits."""
    asked = order.wishes.filter(state=WishState.ASKED, store=order.store_id).order_by("id")
    return [
        Step(
            _("%(kind)sへの回答") % {"kind": wish.get_kind_display()},
            wish.text or _("お客様からのご説明はありません。"),
            _("回答する"),
            reverse("backoffice:order_wish", args=[order.store_id, order.number, wish.pk]),
            WishForm(wish.pk),
        )
        for wish in asked
    ]


def _own_paper(order: Order) -> list[Step]:
    """As long as the order lives."""
    if order.state in {Order.State.CANCELLED, Order.State.COMPLETED}:
        return []
    hint = _("FAX・メール・郵送で届いたお客様の注文書を、受け取った方法とともに保存します。")
    url = reverse("backoffice:order_attach", args=[order.store_id, order.number])
    return [Step(_("注文書の登録"), hint, _("登録する"), url, OwnPaperForm(), is_folded=True)]


def _refund(order: Order) -> Step:
    hint = _("キャンセルされた注文のご入金です。返金の手続きが済んだら記録してください。")
    url = reverse("backoffice:order_refund", args=[order.store_id, order.number])
    return Step(_("返金の記録"), hint, _("返金を記録する"), url, RefundForm(initial={"paid_on": clock.today()}))


def _kept(step: Step, failed: StepForm | None) -> Step:
    if failed is None or failed.auto_id != step.form.auto_id:
        return step
    return Step(step.title, step.hint, step.button, step.url, failed)  # unfolded, for it has something to say


def _transfer(order: Order) -> list[Step]:
    form = TransferForm(initial={"amount_yen": payments.remaining(order.receivable), "received_on": clock.today()})
    hint = _("一部だけのご入金も記録できます。全額そろうと入金確認済みになり、お客様へメールが届きます。")
    url = reverse("backoffice:order_transfer", args=[order.store_id, order.number])
    return [Step(_("入金の記録"), hint, _("入金を記録する"), url, form)]


def _vendor_orders(order: Order) -> list[Step]:
    found = []
    for vendor, waiting in vendor_orders.waiting(order).items():
        form = VendorOrderForm(vendor, initial={"ordered_on": clock.today()})
        url = reverse("backoffice:order_vendor_order", args=[order.store_id, order.number, vendor.code])
        title = _("メーカー発注の記録：%(vendor)s") % {"vendor": vendor.name}
        hint = _("対象の明細：%(lines)s") % {"lines": "、".join(str(line.position) for line in waiting)}
        found.append(Step(title, hint, _("発注を記録する"), url, form))
    return found


def _delivery(order: Order) -> list[Step]:
    form = DeliveryForm(lines(order))
    if not form.lines:
        return []
    hint = _(
        "届いた明細のライセンスキーか証書（両方でも可）を入力してください。空欄の明細は後から納品できます。更新などの開始日は、前のご契約の終了日の翌日になります。キーはメールには載りません。"
    )
    url = reverse("backoffice:order_delivery", args=[order.store_id, order.number])
    return [Step(_("納品"), hint, _("納品する"), url, form)]


def _sums(all_lines: list[OrderLine]) -> Sums:
    margins: list[LineMargin] = [line.margin for line in all_lines]
    return Sums(
        cost=_sum(margin.cost_yen for margin in margins),
        margin=_sum(margin.margin_yen for margin in margins),
        commission=sum(margin.commission_yen for margin in margins),
    )


def _sum(amounts: Iterable[int | None]) -> int | None:
    known = list(amounts)
    return None if None in known else sum(amount or 0 for amount in known)


def _timeline(order: Order) -> list[tuple[timelines.Event, str]]:
    """The steps with the name of the staff who did them."""
    events = timelines.of(order)
    staff = User.objects.in_bulk({event.actor_id for event in events if event.actor_kind == ActorKind.OPERATOR})
    names = {pk: user.name for pk, user in staff.items()}
    return [
        (event, names.get(event.actor_id or 0, "") if event.actor_kind == ActorKind.OPERATOR else order.member.name)
        for event in events
    ]


def _sheets(order: Order) -> list[tuple[VendorForm, EndUserSheet | None]]:
    """What vendors want to know of the end user, and what was filled in."""
    filled = end_users.sheets_of(order)
    return [(form, filled.get(form.pk)) for form in end_users.forms_of(order)]


def _papers(order: Order) -> list[DocumentRequest]:
    """What the order needs, by line."""
    rows = DocumentRequest.objects.filter(order=order, store=order.store_id).select_related("line")
    return list(rows.order_by("line__position", "id"))
