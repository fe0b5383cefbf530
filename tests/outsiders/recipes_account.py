"""A member's account: password, sessions, second factor, profile, company, colleagues."""

from licenseonline.accounts import links
from licenseonline.accounts.models import MailLink
from tests.outsiders.objects import Objects
from tests.outsiders.recipes import MEMBER, OBJECT, Recipe

SECOND_FACTOR = ["second_factor", "second_factor_on", "second_factor_off", "second_factor_codes"]
PROFILE = ["approvals", "acting", "person", "company", "company_name", "billing", "email", "newsletter", "withdraw"]


def ichiro(objects: Objects) -> dict[str, object]:
    return {"member_id": objects.world.ichiro.pk}


def email_secret(objects: Objects) -> str:
    """Of a mailed URL that changes hanako's address."""
    return links.issue(MailLink.Purpose.EMAIL_CHANGE, member=objects.world.hanako, address="new@aozora.example")[1]


RECIPES: dict[str, Recipe] = {
    **{f"store:{name}": Recipe(MEMBER) for name in ("profile", "password", "sessions", *SECOND_FACTOR)},
    "store:second_factor_picture": Recipe(MEMBER, owner_gets=404),  # only while it is being set up
    **{f"store:{name}": Recipe(MEMBER, method="post", owner_gets=302) for name in ("verify_send", "sessions_end")},
    "store:session_end": Recipe(MEMBER, lambda _: {"reference": "0" * 16}, method="post", owner_gets=302),
    **{f"store:profile_{name}": Recipe(MEMBER) for name in PROFILE},
    "store:profile_email_confirm": Recipe(MEMBER, lambda objects: {"secret": email_secret(objects)}),
    "store:colleagues": Recipe(MEMBER),
    "store:colleague_role": Recipe(OBJECT, ichiro, colleague_gets=409),
    "store:colleague_remove": Recipe(OBJECT, ichiro, colleague_gets=409),
    **{
        f"store:{name}": Recipe(OBJECT, lambda objects: {"link_id": objects.invitation.pk}, "post", owner_gets=302)
        for name in ("invitation_again", "invitation_withdraw")
    },
}
