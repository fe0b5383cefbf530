"""Offers to addresses without an account, and people who come to have one."""

from licenseonline.accounts.models import Member, User
from licenseonline.kit import clock
from licenseonline.kit.errors import Refused
from licenseonline.sales import offers, prospects, quote_links
from licenseonline.sales.models import Quote
from licenseonline.sales.offers import Content
from licenseonline.sales.particulars import Addressee
from licenseonline.sales.prospects import Prospect
from tests.sales.acts.entering import act
from tests.sales.acts.quotes import wanted
from tests.sales.play import Play


def _address(play: Play) -> str:
    """One of few, so that they meet; the last is a member's at both stores."""
    return play.chance.choice(["a@new.example", "B@New.example", "c@new.example", "hanako@aozora.example"])


@act("partner", 6)
def offer(play: Play, by: User) -> None:
    store = play.chance.choice([play.world.elsat, play.world.elsat, play.world.minato])
    to = Prospect(store, _address(play), Addressee("新規商会", "新井 一"))
    offers.prepare(to, Content(wanted(play), reason="新規", days=play.chance.choice([None, 2])), by=by)


@act("desk", 6, is_fact=False)
def mail_offer(play: Play, by: User) -> None:
    """As sales.quotes.publish does, without the PDF."""
    quote_links.mail_offer(play.some(Quote.objects.filter(member=None, state=Quote.State.ISSUED)))


@act("member", 3, is_fact=False)
def join(play: Play, by: Member) -> None:
    """A colleague comes, at an address that is proven; the job that this defers runs at once."""
    address, now = _address(play).lower(), clock.now()
    if prospects.known(by.store, address):
        raise Refused("taken", code="registered")
    colleague = Member.objects.create(
        store=by.store, company=by.company, email=address, name="新井 一", kana="アライ ハジメ", role="buyer",
        created_at=now, email_verified_at=now,
    )  # fmt: skip
    prospects.claim(member_id=colleague.pk, store_id=by.store_id)
