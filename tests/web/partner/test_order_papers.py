"""A partner's staff see how the papers of their customers' orders stand, hand in what they were sent, and open none of it."""

from collections.abc import Callable
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from licenseonline.accounts.models import Member, User
from licenseonline.catalog.models import Paper
from licenseonline.kit.rights import StaffRole
from licenseonline.records import history
from licenseonline.sales import papers, submissions
from licenseonline.sales.models import PaperState, Submission
from tests.sales.test_papers import order_of, picture
from tests.world import World

ClientOf = Callable[[Member | User], Client]
PDF = b"%PDF-1.7\n%%EOF\n"


def sent(**changed: object) -> dict[str, object]:
    return {"source": "fax", "uploads": SimpleUploadedFile("在学証明.pdf", PDF), "key": str(uuid4()), **changed}


def test_what_the_customer_sent_to_the_partner_is_handed_in_with_how_it_came(world: World, client_of: ClientOf) -> None:
    order = order_of(world, "TREND-ACA")
    request, console = order.document_requests.get(), client_of(world.partner)
    page = f"/partner/orders/87465/{order.number}"
    url = f"{page}/papers/{request.pk}"
    assert "お客様に代わって提出する" in console.get(page).content.decode()
    for wrong, words in (
        ({"uploads": ""}, "ファイルを選択してください。"),
        ({"source": "web"}, "選択"),
        ({"uploads": SimpleUploadedFile("<b>.pdf", b"MZ")}, "&lt;b&gt;.pdf"),
    ):
        answer = console.post(url, sent(**wrong))
        assert (answer.status_code, words in answer.content.decode()) == (422, True), wrong
    large = b"%PDF-1.7\n" + b" " * 3 * 1024 * 1024 + b"%%EOF\n"  # more than a form without files may have
    refused = console.post(url, sent(source="web", uploads=SimpleUploadedFile("大.pdf", large)))
    assert refused.status_code == 422
    key = str(uuid4())
    assert {console.post(url, sent(key=key))["Location"] for _ in range(2)} == {page}  # twice is once
    submission = Submission.objects.get()
    assert (submission.source, submission.filed_by, submission.member) == ("fax", world.partner, world.taro)
    request.refresh_from_db()
    assert request.state == PaperState.HANDED_IN
    assert history.of(order)[-1].actor_id == world.partner.pk
    shown = console.get(page).content.decode()
    assert f"（提出：{world.partner.name}）" in shown
    assert "在学証明.pdf" not in shown  # the customer's name for it may tell of others
    assert "FAXで受領" in client_of(world.taro).get(f"/87465/member/orders/{order.number}/papers").content.decode()
    seen = submissions.counting(request)[0].pk
    submissions.send_back(request, seen=seen, reason="読めません<b>。", by=world.operator)
    assert "読めません&lt;b&gt;。" in console.get(page).content.decode()
    assert client_of(world.other_partner).post(url, sent()).status_code == 404
    User.objects.filter(pk=world.partner.pk).update(role=StaffRole.BOOKS)
    assert "お客様に代わって提出する" not in console.get(page).content.decode()
    assert console.post(url, sent()).status_code == 403
    assert Submission.objects.count() == 1


def test_one_paper_costs_as_many_queries_as_three(world: World, client_of: ClientOf) -> None:
    order, console = order_of(world, "TREND-ACA"), client_of(world.partner)
    counted = []
    for more in ([], [Paper.APPLICATION_FORM, Paper.HOLDING_PROOF]):
        for paper in more:
            made = papers.ask(order, order.lines.get(), paper=paper, why="理由", by=world.operator)
            submissions.hand_in(made, [picture(), picture("red")], by=world.taro)
        console.get(f"/partner/orders/87465/{order.number}")
        with CaptureQueriesContext(connection) as queries:
            assert console.get(f"/partner/orders/87465/{order.number}").status_code == 200
        counted.append(len(queries))
    assert counted[0] == counted[1]
