"""会社名・法人番号の変更: asked for with paper, decided by the desk. Documents already issued keep the old name."""

from typing import TypedDict

from django.db import transaction
from django.utils.translation import gettext as _

from licenseonline.accounts import company_profiles, mail, profiles, security_notices
from licenseonline.accounts.models import Company, CompanyChange, Member, User
from licenseonline.accounts.security_notices import Kind
from licenseonline.kit import clock, rights, states
from licenseonline.kit.errors import Refused
from licenseonline.kit.rights import Right
from licenseonline.records import files, history
from licenseonline.records.uploads import Upload


class Names(TypedDict):
    """What a company is called, and its number (empty when it has none)."""

    name: str
    kana: str
    corporate_number: str


@rights.in_person
@transaction.atomic
def ask(company: Company, wanted: Names, *, paper: Upload, by: Member, device: str = "") -> CompanyChange:
    """An administrator asks for another name, reading or corporate number, with a paper that shows it.

    Refused: as company_profiles.check_may_change, `open` (one waits already), `same` (nothing differs).
    """
    company_profiles.check_may_change(company, by=by)
    states.lock(company)  # two at once would both see that none is open
    if open_change(company) is not None:
        raise Refused(_("変更のお申し込みを確認中です。結果のご連絡をお待ちください。"), code="open")
    if wanted == Names(name=company.name, kana=company.kana, corporate_number=company.corporate_number):
        raise Refused(_("今のご登録と同じ内容です。変更する項目を入力してください。"), code="same", field="name")
    kept = files.keep(
        paper.content,
        name=paper.name,
        content_type=paper.content_type,
        store_id=company.store_id,
        company_id=company.pk,
    )
    asked = CompanyChange.objects.create(
        store_id=company.store_id, company=company, member=by, paper=kept, created_at=clock.now(), **wanted
    )
    history.record(company, "company.change_asked", by=by, change_id=asked.pk)
    security_notices.send(by, Kind.COMPANY_CHANGE_ASKED, device=device)
    return asked


def open_change(company: Company) -> CompanyChange | None:
    """What waits for the desk."""
    changes = CompanyChange.objects.filter(store_id=company.store_id, company=company)
    return changes.filter(state=CompanyChange.State.REQUESTED).first()


@rights.needs(Right.REVIEW_COMPANIES)
@transaction.atomic
def accept(change: CompanyChange, *, by: User) -> CompanyChange:
    """The desk puts the new name and number into force, for what is issued from now on, and tells the member.

    Refused (`state`): it was decided already. NotVisible for anyone but the operator's staff.
    """
    states.move(change, CompanyChange.State.ACCEPTED, decided_by=by, decided_at=clock.now())
    company = states.lock(change.company)
    wanted = Names(name=change.name, kana=change.kana, corporate_number=change.corporate_number)
    changed = profiles.update(company, wanted)
    history.record(company, "company.change_accepted", by=by, change_id=change.pk, fields=",".join(changed))
    mail.company_change_decided(change)
    return change


@rights.needs(Right.REVIEW_COMPANIES)
@transaction.atomic
def send_back(change: CompanyChange, *, reason: str, by: User) -> CompanyChange:
    """The desk returns the request with a reason that the member reads. Refused: `state` as accept, `reason` (empty)."""
    if not reason.strip():
        raise Refused(
            _("差し戻しの理由を入力してください。お客様へのメールに記載されます。"), code="reason", field="reason"
        )
    states.move(change, CompanyChange.State.RETURNED, decided_by=by, decided_at=clock.now(), reason=reason.strip())
    history.record(change.company, "company.change_returned", by=by, change_id=change.pk)
    mail.company_change_decided(change)
    return change
