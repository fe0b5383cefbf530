"""再見積: an old quotation at today's price, with the differences shown before."""

from collections.abc import Callable
from uuid import uuid4

import pytest
import time_machine
from django.core import mail as sent
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from licenseonline.accounts.models import Member, User
from licenseonline.catalog.models import Price, Sku
from licenseonline.kit import clock
from licenseonline.kit.errors import NotVisible, Refused
from licenseonline.sales import carts, offers, quotes, requotes
from licenseonline.sales.models import CartLine, Quote
from licenseonline.sales.offers import Content, Wanted
from licenseonline.sales.particulars import Addressee, EndUser, Particulars
from tests.jobs import run_jobs
from tests.world import World

ClientOf = Callable[[Member | User], Client]


def old(world: World, models: tuple[str, ...] = ("VBBSS-1Y-005", "ADOBE-CC")) -> Quote:
    """Sent by staff at an own price, half a year ago, and expired."""
    told = Particulars("件名", Addressee("本社調達部"), clock.today(), "PO-7", "至急", EndUser("青空販売"))
    with time_machine.travel("2026-06-01T10:00:00+09:00", tick=False):
        lines = [Wanted(world.sku(model), 10, 4000) for model in models]
        draft = offers.prepare(world.hanako, Content(lines, particulars=told, reason="対抗"), by=world.partner)
        return offers.send(draft, by=world.partner)


def test_an_expired_one_is_made_anew_at_todays_price_with_what_differs(world: World, client_of: ClientOf) -> None:
    quote, client = old(world), client_of(world.hanako)
    Sku.objects.filter(model_number="ADOBE-CC").update(sale_to="2026-06-30")
    carts.put(world.sku("VBBSS-1Y-005"), quantity=7, by=world.hanako)
    page = client.get(f"/87465/member/quotes/{quote.number}").content.decode()
    path = f"/87465/member/quotes/{quote.number}/again"
    assert path in page
    page = client.get(path).content.decode()
    for words in ("4,000円", "4,680円", "+680円", "今回は含まれません", "販売を終了した型番です", "51,480円"):
        assert words in page
    assert client.post(path, {"key": str(uuid4()), "seen": "1"}).status_code == 422
    form = {"key": str(uuid4()), "seen": "51480"}
    [address] = {client.post(path, form)["Location"] for _ in range(2)}  # twice is once
    made = Quote.objects.get(again_of=quote)
    assert (address, made.state) == (f"/87465/member/quotes/{made.number}", "issued")
    assert (made.total_yen, made.subject, made.po_number) == (51480, "件名", "PO-7")
    assert (made.snapshot["buyer"]["company"], made.snapshot["end_user"]["company"]) == ("本社調達部", "青空販売")
    assert made.prepared_by is None
    assert CartLine.objects.get().quantity == 7  # the cart is not touched
    run_jobs()
    assert any(made.number in one.subject for one in sent.outbox)
    quote.refresh_from_db()
    assert quote.state in {"issued", "expired"}
    assert client_of(world.taro).get(path).status_code == 404


def test_what_cannot_be_made_anew_is_refused(world: World, client_of: ClientOf) -> None:
    quote = old(world, ("VBBSS-1Y-005",))
    with pytest.raises(NotVisible):
        requotes.issue(quote, seen_yen=0, by=world.taro)
    Member.objects.filter(pk=world.ichiro.pk).update(role="viewer")
    with pytest.raises(Refused) as refusal:
        requotes.issue(
            quote, seen_yen=51480, by=Member.objects.select_related("store", "company").get(pk=world.ichiro.pk)
        )
    assert refusal.value.code == "viewer"
    with pytest.raises(Refused, match="再見積"):
        quotes.check_orderable(quote, by=world.hanako)
    Sku.objects.update(sale_to="2026-06-30")
    with pytest.raises(Refused) as refusal:
        requotes.issue(quote, seen_yen=0, by=world.hanako)
    assert refusal.value.code == "line"
    page = client_of(world.hanako).get(f"/87465/member/quotes/{quote.number}/again").content.decode()
    assert "本日お見積りできる明細がありません" in page
    assert Price.objects.exists()


def test_the_page_costs_the_same_for_one_and_two_lines(world: World, client_of: ClientOf) -> None:
    client, costs = client_of(world.hanako), []
    for models in (("VBBSS-1Y-005",), ("VBBSS-1Y-005", "ADOBE-CC")):
        path = f"/87465/member/quotes/{old(world, models).number}/again"
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        costs.append(len(queries))
    assert costs[0] == costs[1]
