"""Work on the papers that vendors and stores ask the buyers of orders for."""

from collections.abc import Collection
from datetime import date

from django.db.models import QuerySet
from django.urls import reverse

from licenseonline.backoffice.work.kinds import Found, Kind, Task, Wanted
from licenseonline.kit import clock
from licenseonline.sales.models import DocumentRequest, PaperState
from licenseonline.sales.papers import MISSING, UNDER_WAY
from licenseonline.stores import stores

DAYS_TO_REVIEW = 1  # business days from a handed-in paper to the desk's answer


def to_review(kind: Kind, wanted: Wanted) -> Found:
    """Papers that members handed in; they were told that the desk answers by mail."""
    waiting = _papers(wanted, {PaperState.HANDED_IN})
    first = waiting.order_by("handed_in_at", "id")[: wanted.most]
    due = [(paper, wanted.due_on(paper.store_id, DAYS_TO_REVIEW, paper.handed_in_at)) for paper in first]
    return Found([_task(kind, paper, due_on) for paper, due_on in due], waiting.count())


def missing(kind: Kind, wanted: Wanted) -> Found:
    """Papers whose last day has passed without anything: somebody asks the buyer."""
    late = _papers(wanted, MISSING).filter(due_on__lt=clock.today())
    first = late.order_by("due_on", "id")[: wanted.most]
    return Found([_task(kind, paper, paper.due_on) for paper in first], late.count())


def on_withdrawn_proofs(kind: Kind, wanted: Wanted) -> Found:
    """Papers that went to the vendor on a proof that was taken back since: the desk talks to the vendor and the buyer."""
    sent = _papers(wanted, {PaperState.ACCEPTED, PaperState.SENT}).exclude(proof__withdrawn_at=None)
    first = sent.select_related("proof").order_by("proof__withdrawn_at", "id")[: wanted.most]
    return Found([_task(kind, paper, clock.jst_date(paper.proof.withdrawn_at)) for paper in first], sent.count())


def _papers(wanted: Wanted, states: Collection[str]) -> QuerySet[DocumentRequest]:
    papers = wanted.at_store(DocumentRequest.objects.visible_to(wanted.by))
    papers = papers.filter(state__in=states, order__state__in=UNDER_WAY)
    return stores.with_names(papers, "order__company").defer("order__snapshot")


def _task(kind: Kind, paper: DocumentRequest, due_on: date) -> Task:
    return Task(
        of=kind,
        due_on=due_on,
        number=paper.order.number,
        store=str(paper.store),
        company=paper.order.company.name,
        yen=paper.order.total_yen,
        about=paper.get_paper_display(),
        url=reverse("backoffice:paper", args=[paper.store_id, paper.pk]),
        row=f"documentrequest:{paper.pk}",
    )
