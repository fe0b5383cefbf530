"""A member's cart, quotations, requests for quotations, links to quotations, approvers."""

from licenseonline.sales import quote_links
from tests.outsiders import things
from tests.outsiders.objects import Objects
from tests.outsiders.recipes import DOOR, KEY, MEMBER, OBJECT, Recipe, number


def sku(pk: int) -> dict[str, object]:
    return {"sku_id": pk}


def first_revision(objects: Objects) -> dict[str, object]:
    return {"number": objects.quote.number, "revision": 1}


RECIPES: dict[str, Recipe] = {
    "store:cart": Recipe(MEMBER),
    "store:cart_put": Recipe(MEMBER, method="post", data={"sku_id": "0", "quantity": "1", **KEY}, owner_gets=404),
    "store:cart_remove": Recipe(MEMBER, lambda _: sku(1), method="post", owner_gets=302),
    "store:cart_check": Recipe(MEMBER, lambda _: sku(0), owner_gets=404),
    "store:cart_follow": Recipe(MEMBER, lambda _: sku(0), method="post", owner_gets=404),
    "store:cart_switch": Recipe(MEMBER, lambda _: sku(0), method="post", owner_gets=404),
    "store:quick_entry": Recipe(MEMBER),
    "store:quick_entry_put": Recipe(MEMBER, method="post", data=KEY, owner_gets=422),
    "store:order_again": Recipe(OBJECT, lambda objects: {"kind": "quote", "number": objects.quote.number}),
    "store:quotes": Recipe(MEMBER),
    "store:quote_new": Recipe(MEMBER, owner_gets=302),
    "store:requests": Recipe(MEMBER),
    "store:request_new": Recipe(MEMBER),
    "store:request": Recipe(OBJECT, things.requested),
    "store:request_end": Recipe(OBJECT, things.requested, "post", KEY, owner_gets=302),
    "store:request_file": Recipe(OBJECT, things.asked_file),
    "store:quote": Recipe(OBJECT, number("quote")),
    "store:quote_pdf": Recipe(OBJECT, number("quote")),
    "store:quote_again": Recipe(OBJECT, number("quote")),
    "store:quote_order": Recipe(OBJECT, number("quote")),
    # To the present one: tests/web/test_preparing_quotes.py reads an earlier one.
    **{f"store:quote_revision{part}": Recipe(OBJECT, first_revision, owner_gets=302) for part in ("", "_pdf")},
    "store:quote_links": Recipe(OBJECT, number("quote"), "post", {"label": "経理", **KEY}, owner_gets=302),
    "store:quote_link_withdraw": Recipe(
        OBJECT, lambda objects: {"link_id": things.quote_link(objects).pk}, "post", owner_gets=302
    ),
    **{
        f"store:{name}": Recipe(DOOR, lambda objects: {"secret": quote_links.secret_of(things.quote_link(objects))})
        for name in ("quote_link", "quote_link_pdf")
    },  # whoever has the address: tests/sales/test_approvals.py says what it opens
    "store:approver_name": Recipe(MEMBER, method="post", owner_gets=422),
    "store:approver_remove": Recipe(
        OBJECT, lambda objects: {"approver_id": things.approver(objects).pk}, "post", owner_gets=302
    ),
}
