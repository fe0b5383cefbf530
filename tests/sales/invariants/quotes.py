"""Quotations, what was asked for them, and who may say yes to them."""

from collections import defaultdict

from licenseonline.accounts.models import Member
from licenseonline.kit import clock
from licenseonline.kit.errors import Refused
from licenseonline.sales import quote_links
from licenseonline.sales.models import Decision, Order, Quote, QuoteLink, QuoteRequest
from licenseonline.sales.snapshots import Snapshot
from tests.sales.invariants.found import Found


def quotations_say_what_their_rows_say() -> Found:
    for quote in Quote.objects.select_related("store", "pricing").prefetch_related("revisions"):
        name, frozen = f"{quote.store_id}/{quote.number}", quote.snapshot
        said = (frozen["number"], frozen["revision"], frozen["total"], frozen["valid_until"])
        if said != (quote.number, quote.revision, quote.total_yen, quote.valid_until.isoformat()):
            yield f"{name} differs from its snapshot"
        earlier = sorted(quote.revisions.all(), key=lambda one: one.revision)
        if [one.revision for one in earlier] != list(range(1, quote.revision)):
            yield f"{name} has lost a revision"
        kept = [(one.revision, one.total_yen, one.snapshot) for one in earlier]
        for revision, total_yen, content in [*kept, (quote.revision, quote.total_yen, frozen)]:
            yield from _sums(f"{name}/{revision}", content, quote.store.rounding)
            if content["total"] != total_yen:
                yield f"{name}/{revision} costs {total_yen}, its snapshot says {content['total']}"
        if quote.state == Quote.State.EXPIRED and quote.valid_until >= clock.today():
            yield f"{name} expired on a day on which it is valid"
        pricing = getattr(quote, "pricing", None)
        if quote.can_be_ordered and pricing and pricing.is_below_margin and pricing.allowed_by_id is None:
            yield f"{name} is out below the margin, and nobody allowed it"


def _sums(name: str, frozen: Snapshot, rounding: str) -> Found:
    """Lines, net, tax once per rate, total."""
    bases: dict[int, int] = defaultdict(int)
    for line in frozen["lines"]:
        if line["amount"] != line["quantity"] * line["unit_price"]:
            yield f"{name} line {line['no']} is wrongly multiplied"
        bases[line["tax_rate"]] += line["amount"]
    up = {"floor": 0, "half_up": 50, "ceil": 99}[rounding]
    taxes = {rate: (base, (base * rate + up) // 100) for rate, base in bases.items()}
    if {one["rate"]: (one["base"], one["tax"]) for one in frozen["taxes"]} != taxes:
        yield f"{name} taxes {frozen['taxes']}, not {taxes}"
    net, tax = sum(bases.values()), sum(one for _base, one in taxes.values())
    if (frozen["net"], frozen["tax"], frozen["total"]) != (net, tax, net + tax):
        yield f"{name} is wrongly added up"


def requests_are_answered_by_what_went_out() -> Found:
    """A request is done when its quotation has left the house, and a quotation answers who asked."""
    for request in QuoteRequest.objects.exclude(quote=None).select_related("quote"):
        name, quote = f"{request.store_id}/{request.number}", request.quote
        if (quote.store_id, quote.company_id) != (request.store_id, request.company_id):
            yield f"{name} is answered by somebody else's quotation"
        if request.state == QuoteRequest.State.QUOTED and quote.state in {Quote.State.DRAFT, Quote.State.AWAITING_HEAD}:
            yield f"{name} is quoted by {quote.number}, which is {quote.state}"


def offers_are_their_addresses_and_theirs_alone() -> Found:
    """Whose address is proven has what was offered to it at that store; until then it is nobody's, and nothing hangs on it."""
    proven = {
        (member.store_id, member.email)
        for member in Member.objects.filter(is_active=True, email_verified_at__isnull=False)
    }
    for quote in Quote.objects.filter(member=None).prefetch_related("links"):
        name = f"{quote.store_id}/{quote.number}"
        if quote.state != Quote.State.WITHDRAWN and (quote.store_id, quote.offered_to) in proven:
            yield f"{name} is still offered to {quote.offered_to}, who is a member"
        if any(not link.is_offer for link in quote.links.all()) or quote.made_again.exists():
            yield f"{name} is used by who does not have it"


def links_end_with_their_quotation() -> Found:
    """And what an approver said is of a revision that there is."""
    for link in QuoteLink.objects.select_related("quote", "store", "approver").prefetch_related("decisions"):
        name = f"link {link.pk} of {link.store_id}/{link.quote.number}"
        is_over = link.withdrawn_at or not link.quote.can_be_ordered or (link.approver and not link.approver.is_active)
        if is_over and _opens(link):
            yield f"{name} still opens"
        for said in link.decisions.all():
            if (said.quote_id, said.approver_id) != (link.quote_id, link.approver_id):
                yield f"{name} decided about another quotation"
            if said.revision > link.quote.revision:
                yield f"{name} decided about a revision that nobody has made"


def _opens(link: QuoteLink) -> bool:
    try:
        quote_links.open(quote_links.secret_of(link), store=link.store)
    except Refused:
        return False
    return True


def nothing_is_ordered_without_a_needed_yes() -> Found:
    """For companies whose policy did not change since: the last answer to what was ordered above the limit was a yes."""
    orders = Order.objects.filter(company__approval_policy__is_on=True)
    for order in orders.select_related("company__approval_policy", "member").prefetch_related("quote__decisions"):
        limit = order.company.approval_policy.limit_yen(order.member.role)
        answers = [one for one in order.quote.decisions.all() if one.revision == order.quote_revision]
        last = max(answers, key=lambda one: one.pk, default=None)
        if limit is not None and order.total_yen > limit and (last is None or last.decision != Decision.APPROVED):
            yield f"{order.store_id}/{order.number} has no yes"
