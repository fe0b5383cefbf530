"""What is owed and what was received, in yen, tax included."""

from datetime import date

from django.db import transaction
from django.db.models import BigIntegerField, F, OuterRef, Subquery, Sum
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from licenseonline.accounts.models import Company, User
from licenseonline.billing.models import Payment, Receivable, Refund
from licenseonline.kit import clock, rights, states
from licenseonline.kit.errors import Refused
from licenseonline.kit.money import format_yen
from licenseonline.kit.prepared import Given, Prepared
from licenseonline.kit.rights import Right
from licenseonline.records import history


def owe(company: Company, *, reference: str, amount_yen: int, due_on: date) -> Receivable:
    """The company owes this amount for the order `reference` until the end of `due_on` (Japan); 0 yen are paid already."""
    return Receivable.objects.create(
        store_id=company.store_id,
        company=company,
        reference=reference,
        amount_yen=amount_yen,
        due_on=due_on,
        state=Receivable.State.OPEN if amount_yen else Receivable.State.PAID,
    )


def remaining(receivable: Receivable) -> int:
    """Yen still to be paid; it is paid when nothing is (see `book`). Nothing is for what was cancelled."""
    if receivable.state != Receivable.State.OPEN:
        return 0
    return receivable.amount_yen - sum(payment.amount_yen for payment in _payments.rows(receivable_id=receivable.pk))


_payments = Prepared(lambda: Payment.objects.filter(receivable_id=Given("receivable_id")).only("amount_yen"))


def remaining_of(path: str) -> Combinable:
    """As `remaining`, for a queryset: of the receivable at `path`."""
    paid = Payment.objects.filter(receivable=OuterRef(path)).order_by().values("receivable")
    received = Coalesce(Subquery(paid.annotate(sum=Sum("amount_yen")).values("sum")), 0, output_field=BigIntegerField())
    return F(f"{path}__amount_yen") - received


@rights.needs(Right.BOOK_PAYMENTS)
@transaction.atomic
def book(receivable: Receivable, *, amount_yen: int, received_on: date, payer_name: str, by: User) -> bool:
    """Record money received; answers whether the receivable is now paid in full. A part leaves it open.

    Refused: `amount` (zero, negative, more than what remains), `received_on` (a future day), `state` (already paid).
    """
    states.lock(receivable)
    if receivable.state != Receivable.State.OPEN:
        raise Refused(_("このご請求はすでに入金済みか、取り消されています。"), code="state")
    rest = remaining(receivable)
    if not 0 < amount_yen <= rest:
        message = _("入金額は 1円 から残額 %(rest)s までで入力してください。") % {"rest": format_yen(rest)}
        raise Refused(message, code="amount", field="amount_yen")
    if received_on > clock.today():
        raise Refused(_("入金日に未来の日付は入力できません。"), code="received_on", field="received_on")
    payment = Payment.objects.create(
        store_id=receivable.store_id,
        receivable=receivable,
        amount_yen=amount_yen,
        received_on=received_on,
        payer_name=payer_name,
        recorded_by=by,
        recorded_at=clock.now(),
    )
    history.record(receivable, "payment.booked", by=by, payment_id=payment.pk, amount_yen=amount_yen)
    if amount_yen < rest:
        return False
    states.move(receivable, Receivable.State.PAID)
    return True


def received(receivable: Receivable) -> int:
    """Yen that have come for it so far; of what is paid that is all of it."""
    if receivable.state == Receivable.State.PAID:
        return receivable.amount_yen
    return sum(payment.amount_yen for payment in _payments.rows(receivable_id=receivable.pk))


def cancel(receivable: Receivable) -> None:
    """Nothing more is to be paid, for the order was cancelled; what has come is to be given back (`record_refund`)."""
    states.lock(receivable)
    came = received(receivable) > 0
    states.move(receivable, Receivable.State.REFUND_DUE if came else Receivable.State.CANCELLED)


@rights.needs(Right.BOOK_PAYMENTS)
@transaction.atomic
def record_refund(receivable: Receivable, *, paid_on: date, by: User) -> Refund:
    """The desk records that all that had come for a cancelled order was given back. Once.

    Refused: `state` (nothing is to be given back), `paid_on` (a future day).
    """
    states.lock(receivable)
    if receivable.state != Receivable.State.REFUND_DUE:
        raise Refused(_("返金するご入金はありません。すでに返金済みでないかご確認ください。"), code="state")
    if paid_on > clock.today():
        raise Refused(_("返金日に未来の日付は入力できません。"), code="paid_on", field="paid_on")
    refund = Refund.objects.create(
        store_id=receivable.store_id,
        receivable=receivable,
        amount_yen=received(receivable),
        paid_on=paid_on,
        recorded_by=by,
        recorded_at=clock.now(),
    )
    history.record(receivable, "payment.refunded", by=by, amount_yen=refund.amount_yen)
    states.move(receivable, Receivable.State.CANCELLED)
    return refund
