"""会社情報 and 請求先情報: what a company's administrators change by themselves.

Its name and corporate number are not among it: see company_changes.py.
"""

from collections.abc import Mapping
from typing import Final

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from licenseonline.accounts import profiles, security_notices
from licenseonline.accounts.models import BillingContact, Company, Member
from licenseonline.accounts.security_notices import Kind
from licenseonline.kit import rights, states
from licenseonline.kit.errors import NotVisible, Refused
from licenseonline.records import history

ADDRESS: Final[Mapping[str, Promise]] = {
    "postal_code": gettext_lazy("郵便番号"),
    "prefecture": gettext_lazy("都道府県"),
    "city": gettext_lazy("市区町村"),
    "street": gettext_lazy("町名・番地"),
    "building": gettext_lazy("建物名・部屋番号"),
}
COMPANY: Final[Mapping[str, Promise]] = {
    "kind": gettext_lazy("区分"),
    **ADDRESS,
    "phone": gettext_lazy("電話番号"),
    "fax": gettext_lazy("FAX番号"),
}
BILLING: Final[Mapping[str, Promise]] = {
    "name": gettext_lazy("請求先の会社名"),
    "department": gettext_lazy("部署"),
    "person": gettext_lazy("ご担当者名"),
    **ADDRESS,
    "phone": gettext_lazy("電話番号"),
    "email": gettext_lazy("メールアドレス"),
}


def check_may_change(company: Company, *, by: Member) -> None:
    """Only the company's administrators (管理者) may. Refused: `role`; NotVisible for another company."""
    if by.company_id != company.pk or not by.is_active:
        raise NotVisible
    if not by.is_admin:
        hint = _("会社情報と請求先情報は、御社の管理者の方だけが変更できます。管理者の方にご依頼ください。")
        raise Refused(hint, code="role")


@rights.in_person
@transaction.atomic
def change(company: Company, values: Mapping[str, str], *, by: Member, device: str = "") -> list[str]:
    """An administrator changes kind, address, phone and fax; the same again changes nothing and mails nobody.

    `values` are the fields of COMPANY. Answers which changed. Refused: as check_may_change. Documents already issued stay.
    """
    check_may_change(company, by=by)
    changed = profiles.update(states.lock(company), {name: values[name] for name in COMPANY})
    if changed:
        history.record(company, "company.changed", by=by, fields=",".join(changed))
        facts = {_("変更した項目"): profiles.words(changed, COMPANY)}
        security_notices.send(by, Kind.COMPANY_CHANGED, device=device, facts=facts)
    return changed


@rights.in_person
@transaction.atomic
def set_billing(company: Company, values: Mapping[str, str], *, by: Member, device: str = "") -> list[str]:
    """An administrator says whom to bill for bank transfers (請求先). Answers which fields changed.

    `values` are the fields of BILLING. Refused: as check_may_change.
    """
    check_may_change(company, by=by)
    states.lock(company)  # two at once would both make the contact
    contact = BillingContact.objects.filter(store_id=company.store_id, company=company).first()
    contact = contact or BillingContact(store_id=company.store_id, company=company)
    wanted = {name: values[name] for name in BILLING}
    changed = [name for name, value in wanted.items() if getattr(contact, name) != value]
    if changed:
        for name, value in wanted.items():
            setattr(contact, name, value)
        contact.save()
        _tell(company, "company.billing_changed", changed, by=by, device=device)
    return changed


@rights.in_person
@transaction.atomic
def clear_billing(company: Company, *, by: Member, device: str = "") -> bool:
    """Back to the company's own name and address. Answers whether there was another. Refused: as check_may_change."""
    check_may_change(company, by=by)
    count, _each = BillingContact.objects.filter(store_id=company.store_id, company=company).delete()
    if count:
        _tell(company, "company.billing_cleared", [], by=by, device=device)
    return bool(count)


def billing_of(company: Company) -> BillingContact | None:
    """Whom to bill, if not the company at its own address."""
    return BillingContact.objects.filter(store_id=company.store_id, company=company).first()


def _tell(company: Company, event: str, changed: list[str], *, by: Member, device: str) -> None:
    history.record(company, event, by=by, fields=",".join(changed))
    fields = profiles.words(changed, BILLING) if changed else _("会社情報と同じ")
    security_notices.send(by, Kind.BILLING_CHANGED, device=device, facts={_("変更した項目"): fields})
