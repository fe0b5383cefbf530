"""Work on quotations: those that members ask for, and those that need a yes."""

from django.db.models import Count, Sum
from django.urls import reverse

from licenseonline.backoffice.work.kinds import Found, Kind, Task, Wanted
from licenseonline.sales.models import Quote, QuoteRequest
from licenseonline.stores import stores

DAYS_TO_ANSWER = 1  # business days from a member's request to the quotation
DAYS_TO_ALLOW = 1  # business days from a quotation below the margin to a head's yes


def to_answer(kind: Kind, wanted: Wanted) -> Found:
    """Members' requests for a quotation; they were told that the store answers on the next business day."""
    asked = wanted.at_store(QuoteRequest.objects.visible_to(wanted.by)).filter(state=QuoteRequest.State.ASKED)
    first = stores.with_names(asked, "company").order_by("asked_at", "id")[: wanted.most]
    return Found([_request(kind, request, wanted) for request in first], asked.count())


def to_allow(kind: Kind, wanted: Wanted) -> Found:
    """Quotations below a store's margin, which a head of the partner or somebody here must allow."""
    found = wanted.at_store(Quote.objects.visible_to(wanted.by)).filter(state=Quote.State.AWAITING_HEAD)
    first = stores.with_names(found, "company").defer("snapshot").order_by("issued_at", "id")[: wanted.most]
    sums = found.aggregate(count=Count("id"), yen=Sum("total_yen"))
    return Found([_quote(kind, quote, wanted) for quote in first], sums["count"], sums["yen"] or 0)


def _request(kind: Kind, request: QuoteRequest, wanted: Wanted) -> Task:
    return Task(
        of=kind,
        due_on=wanted.due_on(request.store_id, DAYS_TO_ANSWER, request.asked_at),
        number=request.number,
        store=str(request.store),
        company=request.company.name,
        url=reverse("backoffice:request", args=[request.store_id, request.number]),
    )


def _quote(kind: Kind, quote: Quote, wanted: Wanted) -> Task:
    return Task(
        of=kind,
        due_on=wanted.due_on(quote.store_id, DAYS_TO_ALLOW, quote.issued_at),
        number=quote.number,
        store=str(quote.store),
        company=quote.company.name if quote.company_id else quote.offered_to,
        yen=quote.total_yen,
        url=reverse("backoffice:quote", args=[quote.store_id, quote.number]),
    )
