"""What a company has proved with an accepted paper: it counts for its other orders, until the paper is taken back."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import Q

from licenseonline.accounts.models import User
from licenseonline.kit import clock, states
from licenseonline.kit.tenancy import StoreQuerySet
from licenseonline.records import history
from licenseonline.records.models import StoredFile
from licenseonline.sales import paper_mail, papers, progress
from licenseonline.sales.models import CompanyProof, DocumentRequest, Order, PaperState


def lock_orders(request: DocumentRequest) -> None:
    """Lock the orders that move with this paper, its own among them, by their ids: as delivery_batches.deliver locks its own.

    The company is held before, here and where a paper is asked for: none comes to them but new orders, whose ids are higher.
    """
    moved = Q(pk=request.order_id)
    if request.paper in papers.REMEMBERED:
        of_company = DocumentRequest.objects.filter(store=request.store_id, order__company=request.order.company_id)
        same = of_company.filter(paper=request.paper)
        same = same.filter(Q(state__in=papers.OPEN) | Q(order__state__in=papers.UNDER_WAY))
        moved |= Q(pk__in=same.values("order"))
    rows = Order.objects.filter(moved, store_id=request.store_id).select_for_update().order_by("id")
    list(rows.values_list("pk"))


def remember(order: Order, request: DocumentRequest, file: StoredFile, *, valid_until: date | None, by: User) -> None:
    """Remember what the company has proved, and accept what it is asked elsewhere for the same (after lock_orders).

    What stands on a proof that was taken back stands on this one from now on.
    """
    vendor = None if request.paper in papers.OF_COMPANY else request.line.sku.product.vendor
    proof = CompanyProof.objects.create(
        store_id=order.store_id, company_id=order.company_id, paper=request.paper, vendor=vendor, file=file,
        accepted_on=clock.today(), valid_until=valid_until, accepted_by=by,
    )  # fmt: skip
    DocumentRequest.objects.filter(pk=request.pk).update(proof=proof)
    same = DocumentRequest.objects.filter(
        store=order.store_id, order__company=order.company_id, paper=request.paper
    ).exclude(pk=request.pk)
    same = same.filter(line__sku__product__vendor=vendor) if vendor else same
    DocumentRequest.objects.filter(pk__in=same.exclude(proof__withdrawn_at=None).values("pk")).update(proof=proof)
    waiting = same.filter(state__in=papers.OPEN)
    for other in _orders(waiting, order):
        for one in waiting.filter(order=other).select_for_update(of=("self",)).order_by("id"):
            states.move(one, PaperState.ACCEPTED, proof=proof, returned_reason="")
            event = "order.paper_accepted"
            history.record(other, event, by=by, request_id=one.pk, paper=one.paper, proof_id=proof.pk)
        papers.move_on(other)


def withdraw(order: Order, file: StoredFile, *, reason: str, by: User) -> None:
    """The file was accepted by mistake and proves nothing any more: other papers that stand on it alone are asked for again.

    Their buyers read the reason. What another proof of the company covers stays accepted by that; what has gone to the vendor
    already stays as it is, for the desk to look after (`vouched_for`). After lock_orders.
    """
    taken = CompanyProof.objects.filter(store_id=order.store_id, file=file, withdrawn_at=None)
    yesterday, ids = clock.today() - timedelta(days=1), list(taken.values_list("pk", flat=True))
    taken.update(valid_until=yesterday, withdrawn_at=clock.now())
    standing = vouched_for(CompanyProof.objects.filter(pk__in=ids, store_id=order.store_id))
    others = papers.proofs_of(order.company) if ids else {}
    for other in _orders(standing, order):
        for one in standing.filter(order=other).select_for_update(of=("self",)).order_by("id"):
            vendor = one.line.sku.product.vendor_id
            covering = others.get((one.paper, vendor)) or others.get((one.paper, None))
            if covering:
                DocumentRequest.objects.filter(pk=one.pk).update(proof=covering)
            elif not is_with_vendor(one):
                _ask_again(other, one, reason, by)
        progress.settle(other)


def vouched_for(withdrawn: StoreQuerySet[CompanyProof]) -> StoreQuerySet[DocumentRequest]:
    """Papers of orders under way that were accepted because of one of these proofs, and not for a file of their own."""
    found = DocumentRequest.objects.filter(proof__in=withdrawn, state__in=(PaperState.ACCEPTED, PaperState.SENT))
    return found.filter(order__state__in=papers.UNDER_WAY).select_related(
        "order", "line__vendor_order", "line__sku__product"
    )


def is_with_vendor(request: DocumentRequest) -> bool:
    """Whether its line or the paper itself has gone out to the vendor."""
    vendor_order = request.line.vendor_order
    return request.state == PaperState.SENT or (vendor_order is not None and vendor_order.is_sent)


def _ask_again(order: Order, request: DocumentRequest, reason: str, by: User) -> None:
    """Who handed in a file of their own has it looked at; who did not is asked for one, with as many days as at first."""
    has_own = request.submissions.filter(replaced_at=None).exists()
    due_on = max(request.due_on, papers.due_on(order.store, papers.BUSINESS_DAYS))
    to = PaperState.HANDED_IN if has_own else PaperState.NEEDED
    states.move(request, to, proof=None, returned_reason=reason, reminded_at=None, due_on=due_on)
    history.record(order, "order.paper_asked_again", by=by, request_id=request.pk, paper=request.paper)
    paper_mail.asked_again(request)


def _orders(requests: Iterable[DocumentRequest], held: Order) -> list[Order]:
    """Their orders, which are locked already, as they are now; the one at hand as it is."""
    ids = sorted({request.order_id for request in requests})
    return [held if pk == held.pk else states.lock(Order.objects.select_related("store").get(pk=pk)) for pk in ids]
