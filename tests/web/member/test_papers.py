"""ご提出書類 for the member: the checklist, handing in, blank forms and downloads."""

import io
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from licenseonline.catalog.models import Paper, PaperRule
from licenseonline.sales import carts, papers, submissions
from licenseonline.sales.models import DocumentRequest, Order, PaperState, Submission
from tests.conftest import Actor
from tests.sales.test_papers import order_of, picture
from tests.world import World

PDF = b"%PDF-1.7\n%%EOF\n"


def page_of(order: Order, name: str = "order_papers", **more: int) -> str:
    return reverse(f"store:{name}", kwargs={"store_id": order.store_id, "number": order.number, **more})


def given(*contents: bytes, key: str = "") -> dict[str, Any]:
    files = [SimpleUploadedFile(f"証明{number}.pdf", content) for number, content in enumerate(contents)]
    return {"uploads": files, "key": key or str(uuid4())}


def test_a_paper_is_handed_in_replaced_and_shown_with_and_without_script(
    world: World, client_of: Callable[[Actor], Client]
) -> None:
    order, client = order_of(world, "TREND-ACA"), client_of(world.taro)
    request = order.document_requests.get()
    shown = client.get(page_of(order)).content.decode()
    assert "あと1件の書類のご提出をお待ちしています" in shown
    assert "教育機関向けの価格をご利用いただける" in shown
    assert "書類のご提出をお待ちしています" in client.get(page_of(order, "order")).content.decode()
    to = page_of(order, "paper_hand_in", request_id=request.pk)
    body = given(PDF)
    for _ in range(2):  # the same form sent twice
        answer = client.post(to, body)
        assert answer["Location"] == f"{page_of(order)}#paper-{request.pk}"
        for file in body["uploads"]:
            file.seek(0)
    assert Submission.objects.count() == 1
    assert "確認しています" in client.get(page_of(order)).content.decode()
    answer = client.post(to, given(PDF, PDF + b"2"), headers={"Accept": "application/json"})
    assert answer.json()["url"] == f"{page_of(order)}#paper-{request.pk}"
    assert len(submissions.counting(request)) == 2
    for number in range(3, submissions.MOST_FILES + 2):  # the script sends those chosen one by one
        more = {**given(PDF + str(number).encode(), key=answer.json()["key"]), "more": "1"}
        answer = client.post(to, more, headers={"Accept": "application/json"})
        if answer.status_code == 200:
            assert len(submissions.counting(request)) == number
    assert (answer.status_code, len(submissions.counting(request))) == (422, submissions.MOST_FILES)
    client.post(to, given(PDF, PDF + b"2"), headers={"Accept": "application/json"})
    assert len(submissions.counting(request)) == 2
    shown = client.get(page_of(order)).content.decode()
    assert shown.count("証明1.pdf") == 1
    file = submissions.counting(request)[1]
    download = client.get(page_of(order, "paper_file", submission_id=file.pk))
    assert b"".join(download) == PDF + b"2"
    assert download["Content-Disposition"].startswith("attachment")
    assert (download["X-Content-Type-Options"], "sandbox" in download["Content-Security-Policy"]) == ("nosniff", True)


def test_a_refused_file_is_named_and_escaped(world: World, client_of: Callable[[Actor], Client]) -> None:
    order, client = order_of(world, "TREND-ACA"), client_of(world.taro)
    to = page_of(order, "paper_hand_in", request_id=order.document_requests.get().pk)
    evil = SimpleUploadedFile("<script>.pdf", b"MZ")
    answer = client.post(to, {"uploads": [evil], "key": str(uuid4())})
    assert answer.status_code == 422
    assert "&lt;script&gt;.pdf：受け付けられるのは" in answer.content.decode()
    answer = client.post(to, {"key": str(uuid4())}, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()) == (422, {"errors": ["ご提出いただくファイルを選択してください。"]})
    assert not Submission.objects.exists()


def test_blank_forms_are_the_vendors_or_ours_filled_in_as_far_as_known(
    world: World, client_of: Callable[[Actor], Client]
) -> None:
    order = order_of(world, "VBBSS-R1", member=world.hanako)
    request, client = order.document_requests.get(), client_of(world.hanako)
    to = page_of(order, "paper_blank", request_id=request.pk)
    assert "用紙をダウンロード" in client.get(page_of(order)).content.decode()
    ours = client.get(to).content
    text = PdfReader(io.BytesIO(ours)).pages[0].extract_text()
    assert "株式会社青空製作所" in text
    assert "VBBSS-R1" in text
    rule = {"vendor": world.sku("VBBSS-R1").product.vendor, "paper": Paper.HOLDING_PROOF}
    PaperRule.objects.create(**rule, why="x", form_name="証明書.pdf", form_pdf=PDF)
    assert client.get(to).content == PDF


def test_the_pages_ask_the_same_number_of_queries_for_one_paper_and_for_many(
    world: World, client_of: Callable[[Actor], Client]
) -> None:
    order, client = order_of(world, "TREND-ACA"), client_of(world.taro)
    request, line = order.document_requests.get(), order.lines.get()

    def queries() -> list[int]:
        found = []
        for name in ("order_papers", "order"):
            with CaptureQueriesContext(
                connection,
            ) as asked:
                assert client.get(page_of(order, name)).status_code == 200
            found.append(len(asked))
        return found

    submissions.hand_in(request, [picture()], by=world.taro)
    queries()
    once = queries()
    for paper in (Paper.HOLDING_PROOF, Paper.APPLICATION_FORM):
        more = papers.ask(order, line, paper=paper, why="追加", by=world.operator)
        submissions.hand_in(more, [picture(), picture("red")], by=world.taro)
    DocumentRequest.objects.filter(paper=Paper.HOLDING_PROOF).update(state=PaperState.RETURNED, returned_reason="<b>x")
    assert "&lt;b&gt;x" in client.get(page_of(order)).content.decode()
    before = Order.objects.get(pk=order.pk)
    assert queries() == once, before.state


def test_the_partner_sees_how_far_papers_are_and_no_file(world: World, client_of: Callable[[Actor], Client]) -> None:
    order = order_of(world, "TREND-ACA")
    console = client_of(world.partner)
    assert "書類の不足" in console.get(reverse("partner:home")).content.decode()
    assert order.number in console.get(f"{reverse('partner:orders')}?state=awaiting_papers").content.decode()
    submissions.hand_in(order.document_requests.get(), [picture()], by=world.taro)
    page = console.get(reverse("partner:order", args=[order.store_id, order.number])).content.decode()
    assert "教育機関であることの証明" in page
    assert "確認中" in page
    assert "IMG_0001" not in page
    assert "書類が提出されました：教育機関であることの証明" in page


def test_cart_quotation_and_product_page_say_so_before(world: World, client_of: Callable[[Actor], Client]) -> None:
    vendor = world.sku("TREND-ACA").product.vendor
    PaperRule.objects.create(vendor=vendor, program="academic", paper=Paper.ACADEMIC_PROOF, why="<b>学校の証明です。")
    client = client_of(world.taro)
    carts.put(world.sku("TREND-ACA"), quantity=1, by=world.taro)
    assert "ご提出書類：教育機関であることの証明" in client.get(reverse("store:cart", args=[87465])).content.decode()
    number = world.quote(world.taro, "TREND-ACA").number
    for path in (reverse("store:quote", args=[87465, number]), reverse("store:product", args=[87465, "vbbss"])):
        page = client.get(path).content.decode()
        assert "教育機関であることの証明" in page
        assert "&lt;b&gt;学校の証明です。" in page
