"""The desk's look at new companies, at stores that want it. Until then a company's members get quotations and no orders."""

from django.db import transaction
from django.utils.translation import gettext as _

from licenseonline.accounts import registration_mail
from licenseonline.accounts.models import Company, CompanyState, User
from licenseonline.kit import rights, states
from licenseonline.kit.errors import Refused
from licenseonline.kit.rights import Right
from licenseonline.records import history


@rights.needs(Right.REVIEW_COMPANIES)
@transaction.atomic
def approve(company: Company, *, by: User) -> None:
    """The company may order from now on; its members are told. Also one that was refused before.

    Refused: `state` when it may order already or was merged; NotVisible for anyone but the operator's staff.
    """
    _check_not_merged(company)
    states.move(company, CompanyState.ACTIVE)
    history.record(company, "company.approved", by=by)
    for member in registration_mail.recipients(company):
        registration_mail.approved(member)


@rights.needs(Right.REVIEW_COMPANIES)
@transaction.atomic
def refuse(company: Company, *, reason: str, by: User) -> None:
    """The company gets neither quotations nor orders; its members are told the reason, in the desk's words.

    Refused: `state` when it does not wait any more; NotVisible for anyone but the operator's staff.
    """
    _check_not_merged(company)
    states.move(company, CompanyState.REFUSED)
    history.record(company, "company.refused", by=by)
    for member in registration_mail.recipients(company):
        registration_mail.refused(member, reason)


def _check_not_merged(company: Company) -> None:
    """A merged company comes back by undoing the merge only."""
    if states.lock(company).state == CompanyState.MERGED:
        raise Refused(_("この会社は、ほかの会社に統合されています。"), code="state")
