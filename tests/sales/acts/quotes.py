"""From the cart to a quotation, and what partners make of one."""

from licenseonline.accounts.models import Member, User
from licenseonline.catalog.models import PurchaseType, Sku
from licenseonline.licensing.models import Contract
from licenseonline.sales import carts, offers, quotes, revisions
from licenseonline.sales.models import Quote
from licenseonline.sales.offers import Content
from tests.sales.acts.entering import act, quantity, some_skus
from tests.sales.play import Play


def put(play: Play, by: Member, skus: list[Sku]) -> None:
    for sku in skus:
        carts.put(sku, quantity=quantity(play, sku), by=by)
        contracts = list(Contract.objects.filter(company=by.company).order_by("pk"))
        if sku.purchase_type != PurchaseType.NEW and contracts:
            carts.follow(sku.pk, contract=play.chance.choice(contracts), by=by)


@act("member", 12)
def issue(play: Play, by: Member) -> None:
    put(play, by, some_skus(play, store_id=by.store_id))
    quotes.issue_all(by=by)


def wanted(play: Play) -> list[offers.Wanted]:
    """At the rules' price, an own one, hardly any, or nothing at all; following any contract, whoever's it is."""
    own, contracts = (None, None, 4000, 1, 0), [None, *Contract.objects.order_by("pk").values_list("pk", flat=True)]
    choose = play.chance.choice
    return [offers.Wanted(sku, quantity(play, sku), choose(own), choose(contracts)) for sku in some_skus(play, 2)]


@act("partner", 5)
def prepare(play: Play, by: User) -> None:
    member = play.some(Member.objects.select_related("company", "store"))
    offers.prepare(member, Content(wanted(play), reason="他社対抗", days=play.chance.choice([None, 1, 30])), by=by)


def some_quote(play: Play, *states: str) -> Quote:
    quotes_ = Quote.objects.select_related("store", "member__store", "member__company", "company")
    return play.some(quotes_, quotes_.filter(state__in=states))


@act("partner", 6)
def send(play: Play, by: User) -> None:
    offers.send(some_quote(play, Quote.State.DRAFT), by=by)


@act("partner", 6)
def allow(play: Play, by: User) -> None:
    offers.allow(some_quote(play, Quote.State.AWAITING_HEAD), by=by)


@act("partner", 1)
def give_back(play: Play, by: User) -> None:
    offers.give_back(some_quote(play, Quote.State.AWAITING_HEAD), by=by)


@act("partner", 1)
def rewrite(play: Play, by: User) -> None:
    revisions.rewrite(some_quote(play, Quote.State.DRAFT), Content(wanted(play), reason="変更"), by=by)


@act("partner", 5)
def revise(play: Play, by: User) -> None:
    quote = some_quote(play, Quote.State.ISSUED, Quote.State.EXPIRED)
    revisions.revise(quote, Content(wanted(play), reason="値引き", days=play.chance.choice([None, 2])), by=by)


@act("partner", 1)
def withdraw_quote(play: Play, by: User) -> None:
    offers.withdraw(some_quote(play, Quote.State.ISSUED, Quote.State.DRAFT), by=by)
