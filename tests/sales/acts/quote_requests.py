"""Requests for quotations."""

from django.db import transaction

from licenseonline.accounts.models import Member, User
from licenseonline.sales import offers, quote_requests
from licenseonline.sales.models import Quote, QuoteRequest
from licenseonline.sales.offers import Content
from tests.sales.acts.entering import act, quantity, some_skus
from tests.sales.acts.quotes import some_quote, wanted
from tests.sales.play import Play


@act("member", 3)
def ask_for_quote(play: Play, by: Member) -> None:
    lines = [(sku, quantity(play, sku)) for sku in some_skus(play, 2, store_id=by.store_id)]
    quote_requests.ask(subject="見積の依頼", text="お願いします。" if play.often() else "", lines=lines, by=by)


def some_request(play: Play) -> QuoteRequest:
    asked = QuoteRequest.objects.select_related("store", "member__store", "member__company")
    return play.some(asked, asked.exclude(state=QuoteRequest.State.CLOSED))


@act("member", 2)
def reply_or_end(play: Play, by: Member) -> None:
    if play.often():
        quote_requests.reply(some_request(play), text="いかがですか。", by=by)
    else:
        quote_requests.end(some_request(play), by=by)


@act("partner", 2)
def answer_request(play: Play, by: User) -> None:
    request = some_request(play)
    seen = request.posts.order_by("pk").values_list("pk", flat=True)
    quote_requests.answer(request, text="承りました。", seen=list(seen)[-1 if play.often() else 0], by=by)


@act("partner", 4)
def quote_request(play: Play, by: User) -> None:
    """A draft for it, mostly for who asked."""
    request = some_request(play)
    with transaction.atomic():
        quote = offers.prepare(request.member, Content(wanted(play), reason="ご依頼"), by=by)
        quote_requests.attach(request, quote if play.often() else some_quote(play, Quote.State.DRAFT), by=by)


@act("partner", 1)
def close_request(play: Play, by: User) -> None:
    quote_requests.close(some_request(play), by=by)
