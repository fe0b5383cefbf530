"""Papers on the desk: in the work list, reviewed beside the order's data, decided once, and filed from FAX."""

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from licenseonline.accounts.models import Member, User
from licenseonline.catalog.models import Paper, PaperRule
from licenseonline.kit import clock
from licenseonline.kit.rights import StaffRole
from licenseonline.records import uploads
from licenseonline.sales import papers, return_reasons, submissions
from licenseonline.sales.models import CompanyProof, DocumentRequest, PaperState, ReturnReason
from tests.conftest import signed_in
from tests.jobs import run_jobs
from tests.records.test_uploads import zipped
from tests.sales.test_papers import order_of, picture
from tests.world import World

PDF = b"%PDF-1.7\n%%EOF\n"


@pytest.fixture
def desk(world: World, client_of: Callable[[Member | User], Client]) -> Client:
    return client_of(world.operator)


def page_of(asked: DocumentRequest, step: str = "") -> str:
    return f"/backoffice/papers/{asked.store_id}/{asked.pk}/{step}"


def handed_in(world: World, *received: uploads.Received) -> DocumentRequest:
    asked = order_of(world, "TREND-ACA").document_requests.get()
    submissions.hand_in(asked, received or [picture()], by=world.taro)
    run_jobs()
    return asked


def decision(asked: DocumentRequest, **more: object) -> dict[str, object]:
    return {"key": str(uuid4()), "seen": submissions.counting(asked)[-1].pk, **more}


def test_a_paper_is_looked_at_beside_the_order_and_accepted_and_the_next_one_comes_up(
    world: World, desk: Client
) -> None:
    first, second = handed_in(world), handed_in(world, picture("red"), picture("blue"))
    listed = desk.get("/backoffice/?kind=paper").content.decode()
    assert page_of(first) in listed
    assert page_of(second) in listed
    page = desk.get(page_of(first)).content.decode()
    for words in (
        "教育機関であることの証明",
        "学校法人みどり学園",
        "TREND-ACA",
        "教育機関",
        *return_reasons.of(first.paper),
    ):
        assert words in page
    seen = submissions.counting(first)[0]
    preview = seen.previews.get()
    assert f'<img class="desk-paper" src="/backoffice/papers/87465/pages/{preview.pk}"' in page
    shown = desk.get(f"/backoffice/papers/87465/pages/{preview.pk}")
    assert (shown["Content-Type"], b"".join(shown)[8:12]) == ("image/webp", b"WEBP")
    original = desk.get(f"/backoffice/papers/87465/files/{seen.pk}")
    assert b"".join(original).startswith(b"\xff\xd8\xff")
    assert original["Content-Disposition"].startswith("attachment")
    assert (original["X-Content-Type-Options"], "sandbox" in original["Content-Security-Policy"]) == ("nosniff", True)
    answer = desk.post(page_of(first, "accept"), decision(first))
    assert answer["Location"] == page_of(second)
    assert not CompanyProof.objects.exists()
    with time_machine.travel(clock.now() + timedelta(minutes=1), tick=False):  # sent one by one, the last is the newest
        submissions.hand_in(second, [picture("green")], adds=True, by=world.taro)
    body = re.search(r'name="seen" value="(\d+)"', desk.get(page_of(second)).content.decode())
    assert body
    assert int(body[1]) == submissions.counting(second)[-1].pk
    answer = desk.post(page_of(second, "accept"), decision(second, remember="on", valid_until="２０９９-０３-３１"))
    assert answer["Location"].startswith("/backoffice/next/")
    assert str(CompanyProof.objects.get().valid_until) == "2099-03-31"
    assert "メーカー提出済みにする" in desk.get(page_of(first)).content.decode()
    desk.post(page_of(first, "sent"), {"key": str(uuid4())})
    first.refresh_from_db()
    assert first.state == PaperState.SENT


def test_a_paper_goes_back_with_stock_sentences_and_own_words(world: World, desk: Client) -> None:
    asked = handed_in(world)
    answer = desk.post(page_of(asked, "return"), decision(asked))
    assert (answer.status_code, "理由を、400文字以内で" in answer.content.decode()) == (422, True)
    own = {"paper": asked.paper, "sentence": "学校名が読み取れません<i>。", "position": "1"}
    assert desk.post("/backoffice/sales/returnreason/add/", own).status_code == 302
    ReturnReason.objects.create(paper=Paper.HOLDING_PROOF, sentence="別の書類の文")
    sentence, other = return_reasons.of(asked.paper)[:2]
    assert sentence == own["sentence"]
    page = desk.get(page_of(asked)).content.decode()
    assert ("学校名が読み取れません&lt;i&gt;。" in page, other in page, "別の書類の文" in page) == (True, True, False)
    desk.post(page_of(asked, "return"), decision(asked, stock=[sentence], words="<b>学校案内でも可"))
    asked.refresh_from_db()
    assert asked.returned_reason == f"{sentence}\n<b>学校案内でも可"
    assert "&lt;b&gt;学校案内でも可" in desk.get(page_of(asked)).content.decode()


def test_what_was_replaced_in_the_meantime_is_not_decided_about_unseen(world: World, desk: Client) -> None:
    asked = handed_in(world)
    body = decision(asked)
    submissions.hand_in(asked, [picture("red")], by=world.taro)
    answer = desk.post(page_of(asked, "accept"), body)
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert "書類を差し替えました" in shown
    assert f'value="{submissions.counting(asked)[-1].pk}"' in shown
    assert "以前に提出された書類" in shown


def test_fax_is_filed_in_the_members_name_and_a_zip_is_listed(world: World, desk: Client) -> None:
    asked = order_of(world, "TREND-ACA").document_requests.get()
    packed = SimpleUploadedFile("束.zip", zipped("<script>.pdf", "証書.pdf"))
    answer = desk.post(page_of(asked, "file"), {"key": str(uuid4()), "source": "fax", "uploads": [packed]})
    assert answer["Location"] == page_of(asked)
    run_jobs()
    page = desk.get(page_of(asked)).content.decode()
    assert "FAXで受領（登録：運営 太郎）" in page
    assert "&lt;script&gt;.pdf" in page
    assert "緑 太郎" in page
    desk.post(page_of(asked, "waive"), {"key": str(uuid4())})
    asked.refresh_from_db()
    assert asked.state == PaperState.NOT_NEEDED


def test_overdue_papers_are_in_the_work_list_and_other_roles_only_read(world: World, desk: Client) -> None:
    asked = order_of(world, "TREND-ACA").document_requests.get()
    assert page_of(asked) not in desk.get("/backoffice/?kind=paper_missing").content.decode()
    with time_machine.travel(clock.now() + timedelta(days=20), tick=False):
        assert page_of(asked) in signed_in(world.operator).get("/backoffice/?kind=paper_missing").content.decode()
    order = asked.order
    assert page_of(asked) in desk.get(f"/backoffice/orders/87465/{order.number}/").content.decode()
    submissions.hand_in(asked, [picture()], by=world.taro)
    User.objects.filter(pk=world.operator.pk).update(role=StaffRole.ACCOUNTING)
    page = desk.get(page_of(asked)).content.decode()
    assert "受理する" not in page
    assert "IMG_0001" not in page
    assert desk.post(page_of(asked, "accept"), decision(asked)).status_code == 403


def test_the_page_asks_the_same_number_of_queries_for_one_file_and_for_many(world: World, desk: Client) -> None:
    one, many = handed_in(world), handed_in(world, picture("red"), picture("blue"), picture("green"))
    submissions.hand_in(many, [picture("red"), picture("blue")], by=world.taro)
    run_jobs()
    papers.ask(many.order, many.line, paper=Paper.APPLICATION_FORM, why="x", by=world.operator)
    counted = []
    for asked in (one, one, many):
        with CaptureQueriesContext(connection) as asked_for:
            assert desk.get(page_of(asked)).status_code == 200
        counted.append(len(asked_for))
    assert counted[1] == counted[2]


def test_a_rule_is_written_with_its_blank_form_and_each_change_is_kept(world: World, desk: Client) -> None:
    vendor = world.sku("VBBSS-R1").product.vendor
    body: dict[str, object] = {
        "vendor": vendor.pk, "product": "", "purchase_type": "renewal", "program": "", "paper": "application_form",
        "why": "更新の申請に必要です。", "business_days": "３", "new_form": SimpleUploadedFile("申請書.pdf", PDF),
    }  # fmt: skip
    add = "/backoffice/catalog/paperrule/add/"
    wrong = {**body, "new_form": SimpleUploadedFile("a.pdf", b"<script>")}
    assert desk.post(add, wrong).status_code == 200
    assert desk.post(add, body).status_code == 302
    rule = PaperRule.objects.get()
    assert (rule.form_name, bytes(rule.form_pdf), rule.business_days) == ("申請書.pdf", PDF, 3)
    path = f"/backoffice/catalog/paperrule/{rule.pk}/change/"
    assert "申請書.pdf" in desk.get(path).content.decode()
    assert desk.post(path, {**body, "new_form": "", "without_form": "on", "why": "変更"}).status_code == 302
    rule.refresh_from_db()
    assert (rule.form_name, bytes(rule.form_pdf), rule.why) == ("", b"", "変更")
    said = desk.get(f"/backoffice/catalog/paperrule/{rule.pk}/history/").content.decode()
    assert "申請書.pdf → （なし）" in said
    other = world.sku("ADOBE-CC").product_id
    assert "選択したメーカーの製品ではありません" in desk.post(path, {**body, "product": other}).content.decode()


def test_the_desk_asks_for_one_more_paper(world: World, desk: Client) -> None:
    order = world.order()
    path = f"/backoffice/orders/87465/{order.number}/papers/new"
    assert path in desk.get(f"/backoffice/orders/87465/{order.number}/").content.decode()
    body = {"key": str(uuid4()), "line": "1", "paper": "application_form", "why": ""}
    assert desk.post(path, body).status_code == 422
    for _ in range(2):  # the same form sent twice
        assert desk.post(path, {**body, "why": "メーカーの依頼です。"}).status_code == 302
    assert order.document_requests.get().why == "メーカーの依頼です。"
    answer = desk.post(path, {**body, "key": str(uuid4()), "why": "もう一度"})
    assert (answer.status_code, "同じ書類を依頼済み" in answer.content.decode()) == (422, True)
