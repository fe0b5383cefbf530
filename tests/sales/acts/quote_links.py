"""Links to quotations, and what approvers answer."""

from licenseonline.accounts.models import Member
from licenseonline.sales import approvals, quote_links
from licenseonline.sales.models import Approver, Decision, Quote, QuoteLink
from tests.sales.acts.entering import act
from tests.sales.play import Play


@act("member", 4)
def make_link(play: Play, by: Member) -> None:
    approvers = list(Approver.objects.order_by("pk"))
    approver = play.chance.choice([None, *approvers])
    quote = play.some(Quote.objects.all(), Quote.objects.filter(company=by.company, state=Quote.State.ISSUED))
    quote_links.create(quote, label="経理", approver=approver, by=by)


@act("member", 1, is_fact=False)
def withdraw_link(play: Play, by: Member) -> None:
    quote_links.withdraw(play.some(QuoteLink.objects.all()), by=by)


@act("member", 1, is_fact=False)
def open_link(play: Play, by: Member) -> None:
    """Whoever has the address."""
    quote_links.open(quote_links.secret_of(play.some(QuoteLink.objects.all())), store=by.store)


@act("member", 4, is_fact=False)
def decide(play: Play, by: Member) -> None:
    """Whoever has the address; they need no account."""
    asking = QuoteLink.objects.exclude(approver=None).select_related("quote", "approver", "created_by", "store")
    link = play.some(asking)
    says = play.chance.choice([Decision.APPROVED, Decision.APPROVED, Decision.RETURNED])
    approvals.decide(link, decision=says, comment="確認" if play.often() else "", revision=link.quote.revision)
