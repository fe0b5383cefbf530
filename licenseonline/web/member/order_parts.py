"""What the page of an order shows besides the order: its documents, what was asked for, and the forms for more."""

from uuid import uuid4

from django import forms

from licenseonline.sales import end_users, order_documents, order_extras, papers, wishes
from licenseonline.sales.models import EndUserSheet, Order, OrderWish, VendorForm, WishState
from licenseonline.web.member import order_forms
from licenseonline.web.member.order_forms import AttachForm, WishForm
from licenseonline.web.requests import MemberRequest


def context(request: MemberRequest, order: Order, failed: forms.Form | None = None) -> dict[str, object]:
    """What the page of an order shows of these; the form that failed keeps what was typed."""
    may = request.member.can_quote
    asked = _wishes(order, request) if order_extras.has(order, "wishes") else []
    attach_form = failed if isinstance(failed, AttachForm) else order_forms.attaching()
    is_over = order.state == Order.State.CANCELLED
    limits = _cancelling(order)
    return {
        "documents": order_documents.of(order),
        "attach_form": attach_form if may and not is_over else None,
        "end_users": _end_users(order) if order_extras.has(order, "vendor_forms") and not is_over else [],
        "may_fill": may and order.state in papers.UNDER_WAY,
        "wishes": asked,
        "wish_forms": _wish_forms(order, asked, failed, limits) if may else [],
        "why_not_wish": "" if is_over else wishes.why_not(order, OrderWish.Kind.CANCEL) or limits.refusal,
        "cancel_notes": [] if limits.refusal else limits.notes,
        "key": uuid4(),
    }


def _cancelling(order: Order) -> wishes.VendorLimits:
    """What vendors say of cancelling, as long as it can be asked for at all."""
    is_open = order_extras.has(order, "cancel_rules") and not wishes.why_not(order, OrderWish.Kind.CANCEL)
    return wishes.vendor_limits(order) if is_open else wishes.UNLIMITED


def _wishes(order: Order, request: MemberRequest) -> list[OrderWish]:
    return list(OrderWish.objects.visible_to(request.member).filter(order=order).order_by("id"))


def _end_users(order: Order) -> list[tuple[VendorForm, EndUserSheet | None]]:
    """The vendors' forms; of an order that is delivered those that were filled in."""
    sheets = end_users.sheets_of(order)
    shown = [(one, sheets.get(one.pk)) for one in end_users.forms_of(order)]
    return [pair for pair in shown if pair[1] or order.state in papers.UNDER_WAY]


def _wish_forms(
    order: Order, asked: list[OrderWish], failed: forms.Form | None, limits: wishes.VendorLimits
) -> list[WishForm]:
    waiting = {one.kind for one in asked if one.state == WishState.ASKED}
    found = []
    for kind in OrderWish.Kind:
        if isinstance(failed, WishForm) and failed.kind == kind:
            found.append(failed)
        elif kind == OrderWish.Kind.CANCEL and limits.refusal:
            continue
        elif kind not in waiting and not wishes.why_not(order, kind) and not _has_inspection(kind, asked):
            at_once = kind == OrderWish.Kind.CANCEL and wishes.is_cancelled_at_once(order)
            found.append(order_forms.wishing(kind, at_once=at_once))
    return found


def _has_inspection(kind: str, asked: list[OrderWish]) -> bool:
    """It was made, and stands among the documents."""
    return kind == OrderWish.Kind.INSPECTION and any(
        one.kind == kind and one.state == WishState.GRANTED for one in asked
    )
