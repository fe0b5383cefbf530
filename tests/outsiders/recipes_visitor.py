"""What everybody may read, and the doors: pages of the platform and of a store, registration, sign-in."""

from licenseonline.stores import previews
from tests.outsiders.objects import Objects
from tests.outsiders.recipes import DOOR, HOME, Recipe, nobodys

PAGES = ["top", "about", "campaigns", "faq", "inquiry", "news", "search", "suggest", "register_sent", "reissue"]


def preview_token(objects: Objects) -> dict[str, object]:
    return {"token": previews.token(objects.world.elsat)}


RECIPES: dict[str, Recipe] = {
    "platform:home": Recipe(HOME),
    "platform:terms": Recipe(HOME),
    "healthz": Recipe(HOME),
    "readyz": Recipe(HOME),
    **{f"store:{name}": Recipe(HOME) for name in (*PAGES, "reissue_sent")},
    # Doors answer by who stands before them: tests/web/storefront and tests/web/partner say how.
    **{f"{area}:{name}": Recipe(DOOR) for area in ("store", "partner") for name in ("login", "logout")},
    "store:register": Recipe(DOOR),
    "store:register_confirm": Recipe(HOME, nobodys, owner_gets=404),
    "store:register_again": Recipe(HOME, nobodys, method="post", owner_gets=404),
    "store:postal_code": Recipe(HOME, lambda _: {"code": "100-0001"}),
    **{f"store:{name}": Recipe(DOOR) for name in ("login_code", "password_change")},
    **{f"store:{name}": Recipe(HOME, nobodys, owner_gets=404) for name in ("verify", "stop")},
    "store:verify_again": Recipe(HOME, nobodys, method="post", owner_gets=404),
    "store:register_invited": Recipe(HOME, nobodys, owner_gets=404),
    "store:acting": Recipe(HOME, nobodys, owner_gets=404),
    "store:acting_end": Recipe(DOOR),
    "store:preview": Recipe(HOME, preview_token, owner_gets=302),
    "store:preview_end": Recipe(HOME, owner_gets=302),
    "store:page": Recipe(HOME, lambda _: {"path": "guide/orderflow"}),
    "store:product": Recipe(HOME, lambda _: {"code": "vbbss"}),
    # tests/web/storefront/test_campaigns.py
    "store:campaign": Recipe(HOME, lambda _: {"code": "none"}, owner_gets=404),
    "store:picture": Recipe(HOME, lambda _: {"code": "vbbss", "digest": "0" * 16}, owner_gets=404),
    "store:brand": Recipe(HOME, lambda objects: {"digest": objects.world.elsat.brand_hash}),
    "store:logo": Recipe(HOME, lambda objects: {"digest": objects.world.elsat.logo_hash}, owner_gets=404),
    "store:withdrawn": Recipe(HOME),
    "store:invitation": Recipe(HOME, lambda objects: {"secret": objects.invitation_secret}),
}
