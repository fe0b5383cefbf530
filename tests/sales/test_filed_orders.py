"""Orders that did not come by the Web: filed by the desk in the member's name, as the member's own would be."""

import re
import threading
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from licenseonline.accounts.models import Member, User
from licenseonline.kit import scope
from licenseonline.kit.errors import NotVisible, Refused
from licenseonline.kit.rights import StaffRole
from licenseonline.records import history
from licenseonline.records.models import Message
from licenseonline.records.uploads import Received, receive
from licenseonline.sales import filed_orders, offers, orders
from licenseonline.sales.filed_orders import Arrival
from licenseonline.sales.models import Order, Quote
from licenseonline.sales.offers import Content, Wanted
from licenseonline.stores.models import Store
from tests.jobs import run_jobs
from tests.sales.test_races import PATIENCE, at_once, fresh_quote, place
from tests.web.member.helpers import at, text_of
from tests.world import World

ClientOf = Callable[[Member | User], Client]
PDF = b"%PDF-1.7\n%%EOF\n"


def file(quote: Quote, by: User, *, revision: int = 0, **changed: Any) -> Order:
    return filed_orders.file(quote, arrival(**changed), revision=revision or quote.revision, by=by)


def arrival(source: str = "fax", po_number: str = "FAX-7", papers: list[Received] | None = None) -> Arrival:
    came = [] if source == "phone" else [receive(ContentFile(PDF, "注文書.pdf"))]
    return Arrival(source, po_number, came if papers is None else papers)


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
    assert "この見積の内容でお客様に代わって" in desk.get(page).content.decode()

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
    assert "この見積の内容でお客様に代わって" not in desk.get(page).content.decode()
    again = desk.post(f"{page}order", sent())
    assert again.status_code == 422


def entry(press: str = "check", **changed: object) -> dict[str, object]:
    """A FAX of two lines; the first was typed, the other pasted under it."""
    return {
        "rows": "6", "model_1": "vbbss-1y-005", "quantity_1": "１０", "source": "fax", "po_number": "<script>",
        "paste": "TREND-ACA\t3\nＶＢＢＳＳ-R1，5", "key": str(uuid4()), press: "1", **changed,
    }  # fmt: skip


def test_an_order_without_a_quotation_is_entered_in_one_act(world: World, client_of: ClientOf) -> None:
    desk, page = client_of(world.operator), f"/backoffice/members/87465/{world.hanako.pk}/orders/new"
    assert page in desk.get("/backoffice/orders/new?q=青空").content.decode()
    assert page not in desk.get("/backoffice/orders/new?q=みどり").content.decode()
    assert page in desk.get(f"/backoffice/members/87465/{world.hanako.pk}/").content.decode()
    assert desk.get(page).status_code == 200
    for wrong, words in (
        ({}, "教育機関"),
        ({"paste": "NONE-1 3"}, "取り扱いがありません"),
        ({"paste": "VBBSS-R1 x3", "save": "1"}, "整数を入力してください。"),
        ({"paste": "、"}, "型番と数量を入力してください。"),
        ({"paste": "VBBSS-1Y-005 5"}, "重複"),
    ):
        answer = desk.post(page, entry(**wrong))
        assert (answer.status_code, words in answer.content.decode()) == (422, True), wrong
    seen = desk.post(page, entry(paste="ＶＢＢＳＳ-R1，5")).content.decode()
    total = re.search(r'name="total_yen" value="(\d+)"', seen)
    assert total
    assert 'name="model_2" value="VBBSS-R1"' in seen.replace(' maxlength="80"', "")
    assert "<script>" not in seen.replace("<script src", "")
    rows = {"paste": "", "model_2": "VBBSS-R1", "quantity_2": "5"}

    def sent(**changed: object) -> dict[str, object]:
        paper = SimpleUploadedFile("注文書.pdf", PDF)
        return entry("save", **{**rows, "total_yen": total[1], "uploads": paper, **changed})

    for wrong, words in (
        ({"total_yen": "1"}, "もう一度登録してください。"),
        ({"uploads": ""}, "注文書のファイルを選択"),
        ({"yen_1": "1", "reason": ""}, "単価にする理由を入力してください。"),
        ({"model_2": "VBBSS-1Y-005"}, "重複しています。"),
    ):
        answer = desk.post(page, sent(**wrong))
        assert (answer.status_code, answer.content.decode().count(words)) == (422, 1), wrong
    assert not Quote.objects.exists()
    key = str(uuid4())
    [path] = {desk.post(page, sent(key=key))["Location"] for _ in range(2)}  # twice is once
    order = Order.objects.get()
    assert path == f"/backoffice/orders/87465/{order.number}/"
    assert (order.source, order.filed_by, order.member, order.po_number) == (
        "fax", world.operator, world.hanako, "<script>",
    )  # fmt: skip
    assert (str(order.total_yen), order.lines.count(), order.files.count()) == (total[1], 2, 1)
    assert [one.event for one in history.of(order.quote)] == ["quote.prepared", "quote.entered"]
    run_jobs()
    assert list(Message.objects.values_list("kind", flat=True)) == ["sales/order_placed"]
    order.quote.refresh_from_db()
    assert order.quote.pdf_id


def test_below_the_stores_margin_an_order_is_entered_by_a_head_alone(world: World) -> None:
    Store.objects.filter(pk=87465).update(least_margin_per_mille=900)
    lines = [Wanted(world.sku("VBBSS-1Y-005"), 10)]
    total = offers.promise(world.hanako, Content(lines), number="").frozen["total"]

    def enter(by: User) -> Order:
        return filed_orders.enter(world.hanako, Content(lines), arrival(), total_yen=total, by=by)

    User.objects.filter(pk=world.operator.pk).update(role=StaffRole.ORDERS)
    assert refused(lambda: enter(User.objects.get(partner=None))) == "head"
    assert not Quote.objects.exists()
    assert enter(world.operator).quote.pricing.allowed_by == world.operator
    with pytest.raises(NotVisible):
        enter(world.partner)
