"""The partners' console."""

from licenseonline.accounts import links
from licenseonline.kit import clock
from tests.outsiders import things
from tests.outsiders.objects import INVITE, MARK, Objects
from tests.outsiders.recipes import (
    DOOR,
    HOME,
    KEY,
    PARTNER,
    PARTNER_OBJECT,
    STAFF_LINKS,
    Recipe,
    hanako,
    nobodys,
    number,
)


def colleague(objects: Objects) -> dict[str, object]:
    return {"user_id": objects.world.partner.pk}


def company(objects: Objects) -> dict[str, object]:
    return {"company_id": objects.world.hanako.company_id}


def about_hanako(objects: Objects) -> dict[str, object]:
    return {"kind": "member", "subject_id": objects.world.hanako.pk}


def invited_by_staff(objects: Objects) -> dict[str, object]:
    link, _secret = links.issue(INVITE, store_id=87465, address="new@midori.example", staff=objects.world.partner)
    return {"link_id": link.pk, "step": "withdraw"}


def asked_paper(objects: Objects) -> dict[str, object]:
    paper = things.paper(objects)
    return {"number": paper.order.number, "request_id": paper.pk}


def this_month(_objects: Objects) -> dict[str, object]:
    return {"month": clock.today().replace(day=1)}


RECIPES: dict[str, Recipe] = {
    **{f"partner:{name}": Recipe(DOOR) for name in ("reissue", "reissue_sent")},
    **{f"partner:{name}": Recipe(HOME, nobodys, owner_gets=404) for name in STAFF_LINKS},
    "partner:staff": Recipe(PARTNER),
    "partner:colleague": Recipe(PARTNER_OBJECT, colleague),
    "partner:colleague_step": Recipe(
        PARTNER_OBJECT, lambda objects: {**colleague(objects), "step": "role"}, "post", {"role": "head"}, owner_gets=302
    ),
    "partner:home": Recipe(PARTNER),
    "partner:quotes": Recipe(PARTNER),
    "partner:orders": Recipe(PARTNER),
    "partner:order": Recipe(PARTNER_OBJECT, number("order")),
    "partner:order_paper": Recipe(PARTNER_OBJECT, asked_paper, "post", KEY, owner_gets=422),
    "partner:requests": Recipe(PARTNER),
    "partner:request": Recipe(PARTNER_OBJECT, things.requested),
    "partner:request_answer": Recipe(PARTNER_OBJECT, things.requested, "post", KEY, owner_gets=422),
    "partner:request_close": Recipe(PARTNER_OBJECT, things.requested, "post", KEY, owner_gets=302),
    "partner:request_file": Recipe(PARTNER_OBJECT, things.asked_file),
    "partner:quote": Recipe(PARTNER_OBJECT, number("quote")),
    "partner:quote_new": Recipe(PARTNER_OBJECT, hanako),
    "partner:quote_choose": Recipe(PARTNER),
    "partner:offer_new": Recipe(PARTNER_OBJECT),
    "partner:quote_edit": Recipe(PARTNER_OBJECT, number("quote")),
    "partner:quote_step": Recipe(
        PARTNER_OBJECT, lambda objects: {**number("quote")(objects), "code": "send"}, "post", KEY, owner_gets=302
    ),
    "partner:quote_pdf": Recipe(PARTNER_OBJECT, lambda objects: {**number("quote")(objects), "revision": 1}),
    "partner:companies": Recipe(PARTNER),
    "partner:company": Recipe(PARTNER_OBJECT, company),
    "partner:company_assign": Recipe(PARTNER_OBJECT, company, "post", owner_gets=302),
    "partner:company_invite": Recipe(PARTNER_OBJECT, company),
    "partner:invitations": Recipe(PARTNER),
    "partner:invitation_step": Recipe(PARTNER_OBJECT, invited_by_staff, "post", owner_gets=302),
    "partner:member": Recipe(PARTNER_OBJECT, hanako),
    "partner:notes": Recipe(PARTNER_OBJECT, about_hanako),
    "partner:note_add": Recipe(
        PARTNER_OBJECT, about_hanako, "post", {"kind": "note", "text": MARK, **KEY}, owner_gets=302
    ),
    "partner:member_acting": Recipe(PARTNER_OBJECT, hanako, "post", {"reason": "x", **KEY}, owner_gets=302),
    "partner:statements": Recipe(PARTNER),
    "partner:statement": Recipe(PARTNER, this_month),
    "partner:statement_csv": Recipe(PARTNER, this_month),
    "partner:statement_excel": Recipe(PARTNER, this_month),
    "partner:statement_pdf": Recipe(PARTNER_OBJECT, this_month),
    "partner:export": Recipe(PARTNER, lambda _: {"what": "orders", "kind": "csv"}),
    "partner:assortment": Recipe(PARTNER),
}
