"""The desk's pages about people: companies, members, staff, partners and their stores."""

from licenseonline.accounts import company_changes
from licenseonline.kit import clock
from licenseonline.licensing.models import Holding
from licenseonline.records.uploads import Upload
from tests.outsiders.objects import MARK, PDF, Objects
from tests.outsiders.recipes import STAFF_LINKS, Args, Page


def company(objects: Objects) -> list[object]:
    return [87465, objects.world.hanako.company_id]


def member(objects: Objects) -> list[object]:
    return [87465, objects.world.hanako.pk]


def partner(*more: object) -> Args:
    return lambda objects: [objects.world.partner.partner_id, *more]


def staff(*more: object) -> Args:
    return lambda objects: [objects.world.partner.pk, *more]


def store(*more: object) -> Args:
    return lambda _objects: [87465, *more]


def company_change(objects: Objects) -> list[object]:
    """Hanako's request for another company name."""
    wanted = company_changes.Names(name=MARK, kana="x", corporate_number="")
    paper, by = Upload(PDF, "登記.pdf", "application/pdf"), objects.world.hanako
    return [87465, company_changes.ask(by.company, wanted, paper=paper, by=by).pk]


def holding(objects: Objects) -> list[object]:
    given = {"name": MARK, "quantity": 1, "entered_by": objects.world.operator, "entered_at": clock.now()}
    made = Holding.objects.create(store_id=87465, company=objects.world.hanako.company, **given)
    return [87465, made.company_id, made.pk]


PAGES: dict[str, Page] = {
    **{f"backoffice:{name}": Page(company) for name in ("company", "company_holdings")},
    **{f"backoffice:company_{step}": Page(company, gets=405) for step in ("approve", "refuse", "holding_enter")},
    "backoffice:company_holding_withdraw": Page(holding, gets=405),
    "backoffice:hand_over": Page(company),
    "backoffice:company_everywhere": Page(company),
    **{f"backoffice:company_change{step}": Page(company_change) for step in ("", "_paper")},
    **{f"backoffice:company_change{step}": Page(company_change, gets=405) for step in ("_accept", "_return")},
    "backoffice:merge_undo": Page(store(1), gets=405),
    "backoffice:merge_preview": Page(gets=302),
    **{f"backoffice:{name}": Page(member) for name in ("member", "member_second_factor", "member_acting")},
    "backoffice:staff_member": Page(staff()),
    "backoffice:staff_step": Page(staff("stop"), gets=405),
    "backoffice:partner": Page(partner()),
    **{f"backoffice:partner_{step}": Page(partner(), gets=405) for step in ("rename", "invite")},
    "backoffice:partner_step": Page(partner("stop")),
    **{f"backoffice:{name}": Page(store()) for name in ("store_admin", "store_edit")},
    "backoffice:store_draft": Page(store(), gets=404),
    **{f"backoffice:store_draft_{step}": Page(store(), gets=405) for step in ("publish", "discard")},
    "backoffice:store_step": Page(store("pause"), gets=405),
    **{f"backoffice:{name}": Page(lambda _: ["0" * 40], gets=404) for name in STAFF_LINKS},
    # To their own pages.
    **{f"admin:{name}_change": Page(gets=302) for name in ("accounts_company", "accounts_member")},
}
