"""A member's orders and what comes of them: papers, documents, contracts, keys."""

from licenseonline.sales import submissions
from tests.outsiders import things
from tests.outsiders.objects import Objects
from tests.outsiders.recipes import KEY, MEMBER, OBJECT, Recipe, number


def papers(objects: Objects) -> dict[str, object]:
    things.paper(objects)
    return number("order")(objects)


def paper(objects: Objects) -> dict[str, object]:
    return {**papers(objects), "request_id": things.paper(objects).pk}


def paper_file(objects: Objects) -> dict[str, object]:
    return {**papers(objects), "submission_id": submissions.counting(things.paper(objects))[0].pk}


RECIPES: dict[str, Recipe] = {
    **{f"store:{name}": Recipe(MEMBER) for name in ("orders", "contracts", "licences")},
    "store:cart_order": Recipe(MEMBER, owner_gets=302),
    "store:order": Recipe(OBJECT, number("order")),
    "store:order_received": Recipe(OBJECT, number("order"), "post", KEY, owner_gets=302),
    "store:order_wish": Recipe(OBJECT, number("order"), "post", {"kind": "change", **KEY}, owner_gets=422),
    "store:order_attach": Recipe(OBJECT, number("order"), "post", KEY, owner_gets=422),
    "store:order_document": Recipe(OBJECT, things.order_document),
    "store:order_end_user": Recipe(OBJECT, things.end_user_form),
    "store:order_papers": Recipe(OBJECT, papers),
    "store:paper_blank": Recipe(OBJECT, paper),
    "store:paper_file": Recipe(OBJECT, paper_file),
    "store:paper_hand_in": Recipe(OBJECT, paper, "post", owner_gets=422),
    "store:contract": Recipe(OBJECT, lambda objects: {"number": objects.contract_number}),
    "store:key_reveal": Recipe(OBJECT, lambda objects: {"key_id": objects.key.pk}, method="post"),
    "store:key_certificate": Recipe(OBJECT, lambda objects: {"key_id": objects.certificate.pk}),
}
