"""Work on companies: new ones, and what members ask to be written differently."""

from django.db.models import Min
from django.urls import reverse

from licenseonline.accounts.models import Company, CompanyChange, CompanyState
from licenseonline.backoffice.work.kinds import Found, Kind, Task, Wanted
from licenseonline.stores import stores

DAYS_TO_APPROVE = 1  # business days from a company's registration to the desk's answer
DAYS_TO_REVIEW = 2  # business days from a member's request to the desk's answer


def new(kind: Kind, wanted: Wanted) -> Found:
    """Companies that may not order before the desk has looked at them."""
    found = wanted.at_store(Company.objects.visible_to(wanted.by)).filter(state=CompanyState.AWAITING_APPROVAL)
    first = stores.with_names(found).annotate(since=Min("members__created_at")).order_by("id")[: wanted.most]
    return Found([_approval(kind, company, wanted) for company in first], found.count())


def changes(kind: Kind, wanted: Wanted) -> Found:
    """Members' requests for another company name or corporate number; they were told that the desk answers by mail."""
    asked = wanted.at_store(CompanyChange.objects.visible_to(wanted.by)).filter(state=CompanyChange.State.REQUESTED)
    first = stores.with_names(asked, "company").order_by("id")[: wanted.most]
    return Found([_review(kind, change, wanted) for change in first], asked.count())


def _approval(kind: Kind, company: Company, wanted: Wanted) -> Task:
    return Task(
        of=kind,
        due_on=wanted.due_on(company.store_id, DAYS_TO_APPROVE, getattr(company, "since", None)),
        number=f"N{company.pk}",
        store=str(company.store),
        company=company.name,
        url=reverse("backoffice:company", args=[company.store_id, company.pk]),
        row=f"company:{company.pk}",
    )


def _review(kind: Kind, change: CompanyChange, wanted: Wanted) -> Task:
    return Task(
        of=kind,
        due_on=wanted.due_on(change.store_id, DAYS_TO_REVIEW, change.created_at),
        number=f"C{change.pk}",
        store=str(change.store),
        company=change.company.name,
        url=reverse("backoffice:company_change", args=[change.store_id, change.pk]),
        row=f"companychange:{change.pk}",
    )
