"""Orders that did not come by the Web: filed by the desk in the member's name, as the member's own would be."""

import threading
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from licenseonline.accounts.models import Member, User
from licenseonline.kit import scope
from licenseonline.kit.errors import NotVisible, Refused
from licenseonline.records import history
from licenseonline.records.models import Message
from licenseonline.records.uploads import receive
from licenseonline.sales import filed_orders, orders
from licenseonline.sales.models import Order, Quote
from tests.jobs import run_jobs
from tests.sales.test_races import PATIENCE, at_once, fresh_quote, place
from tests.web.member.helpers import at, text_of
from tests.world import World

ClientOf = Callable[[Member | User], Client]
PDF = b"%PDF-1.7\n%%EOF\n"


def file(quote: Quote, by: User, **changed: object) -> Order:
    given = {"source": "fax", "po_number": "FAX-7", "revision": quote.revision, **changed}
    papers = [] if given["source"] == "phone" else [receive(ContentFile(PDF, "注文書.pdf"))]
    return filed_orders.file(quote, given.pop("papers", papers), by=by, **given)  # type: ignore[arg-type]  # by name


def refused(do: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refusal:
        do()
    return refusal.value.code


def test_a_fax_becomes_the_members_order(world: World, client_of: ClientOf) -> None:
    quote = world.quote()
    assert refused(lambda: file(quote, world.operator, source="web")) == "source"
    assert refused(lambda: file(quote, world.operator, papers=[])) == "papers"
    assert refused(lambda: file(quote, world.operator, revision=2)) == "revised"
    with pytest.raises((Refused, NotVisible)):
        file(quote, world.partner)
    order = file(quote, world.operator)
    assert (order.source, order.filed_by, order.member, order.po_number) == (
        "fax", world.operator, world.hanako, "FAX-7",
    )  # fmt: skip
    assert [entry.event for entry in history.of(order)] == ["order.filed", "order.document_filed"]
    assert refused(lambda: file(quote, world.operator)) == "ordered"
    terms = quote.snapshot["terms_version"]
    assert refused(lambda: orders.place(quote, accepted_terms=terms, by=world.hanako)) == "ordered"
    run_jobs()
    message = Message.objects.get(kind="sales/order_placed")
    assert (message.recipient, message.attachments.count()) == ("hanako@aozora.example", 1)
    page = text_of(client_of(world.hanako), at("order", order.number))
    assert "お送りいただいたご注文を承りました。" in page
    assert "FAXで受領" in page
    called = file(world.quote(), world.operator, source="phone", po_number="")
    assert (called.source, called.files.count()) == ("phone", 0)


def test_filing_against_the_members_own_order_makes_one(committed: World) -> None:
    quote = fresh_quote(committed)
    meeting = threading.Barrier(2)

    def filed() -> str:
        with scope.platform():
            mine, operator = Quote.objects.get(pk=quote.pk), User.objects.get(partner=None)
            meeting.wait(PATIENCE)
            file(mine, operator)
        return "filed"

    answers = at_once(filed, lambda: place(quote.number, "hanako@aozora.example", meeting))
    assert [answer for answer in answers if answer.startswith("refused")] == ["refused: ordered"]
    with scope.platform():
        assert Order.objects.count() == 1


def test_on_the_page_of_the_quotation(world: World, client_of: ClientOf) -> None:
    quote, desk = world.quote(), client_of(world.operator)
    page = f"/backoffice/quotes/87465/{quote.number}/"
    assert "届いた注文の登録" in desk.get(page).content.decode()

    def sent(**changed: object) -> dict[str, object]:
        paper = SimpleUploadedFile("注文書.pdf", PDF)
        return {
            "source": "mail",
            "revision": "1",
            "key": str(uuid4()),
            "uploads": paper,
            "po_number": "<script>",
            **changed,
        }

    bad = desk.post(f"{page}order", sent(uploads=SimpleUploadedFile("a.pdf", b"MZ")))
    assert (bad.status_code, Order.objects.count()) == (422, 0)
    assert '<script>"' not in bad.content.decode()
    answer = desk.post(f"{page}order", sent())
    order = Order.objects.get()
    assert answer["Location"] == f"/backoffice/orders/87465/{order.number}/"
    shown = desk.get(answer["Location"]).content.decode()
    for part in ("&lt;script&gt;", "届いた注文を登録しました", "メール"):
        assert part in shown
    assert "届いた注文の登録" not in desk.get(page).content.decode()
    again = desk.post(f"{page}order", sent())
    assert again.status_code == 422
