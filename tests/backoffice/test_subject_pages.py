"""Beside a company, member, quotation and order: notes, calls, files, who looks after it, its history and mails."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoCaptureOnCommitCallbacks

from licenseonline.accounts import company_merges, notes
from licenseonline.accounts.models import Company, Member, Note, Side, SubjectFile, User
from licenseonline.kit import clock
from licenseonline.kit.errors import NotVisible, Refused
from licenseonline.kit.rights import StaffRole
from licenseonline.records.models import Message, StoredFile
from licenseonline.records.uploads import Upload
from licenseonline.sales import withdrawals
from licenseonline.sales.models import Order
from tests.jobs import waiting
from tests.world import PASSWORD, World

ClientOf = Callable[[Member | User], Client]
PDF = b"%PDF-1.7\n%%EOF\n"
XSS = "<script>alert(1)</script>"


@pytest.fixture
def desk(world: World, client_of: ClientOf) -> Client:
    return client_of(world.operator)


def pages(order: Order) -> dict[str, tuple[str, int]]:
    """Each kind's page and id."""
    return {
        "company": (f"/backoffice/companies/87465/{order.company_id}/", order.company_id),
        "member": (f"/backoffice/members/87465/{order.member_id}/", order.member_id),
        "quote": (f"/backoffice/quotes/87465/{order.quote.number}/", order.quote_id),
        "order": (f"/backoffice/orders/87465/{order.number}/", order.pk),
    }


def post(client: Client, about: str, pk: int, step: str, **data: object) -> HttpResponse:
    answer = client.post(f"/backoffice/about/{about}/87465/{pk}/{step}", {"key": str(uuid.uuid4()), **data})
    assert isinstance(answer, HttpResponse)
    return answer


def test_notes_files_and_who_looks_after_it_stand_on_every_page(world: World, desk: Client) -> None:
    order = world.order()
    for kind, (page, pk) in pages(order).items():
        note = {"kind": "call_in", "text": f"{kind}の件\r\n{XSS}", "key": str(uuid.uuid4())}
        for _ in range(2):  # twice is once
            assert desk.post(f"/backoffice/about/{kind}/87465/{pk}/notes", note)["Location"] == page
        upload = SimpleUploadedFile("<img src=x>\u202e名刺.exe", PDF)
        assert post(desk, kind, pk, "files", file=upload)["Location"] == page
        assert post(desk, kind, pk, "assign", user=world.operator.pk).status_code == 302
        shown = desk.get(page).content.decode()
        for words in (f"{kind}の件", "電話（着信）", "運営 太郎", "名刺.exe.pdf", "担当の決定", "履歴（"):
            assert words in shown, (kind, words)
        assert XSS not in shown
        assert "<img src=x" not in shown
        assert desk.get(f"/backoffice/about/{kind}/87465/{pk}/")["Location"] == page
    assert Note.objects.count() == 4
    assert {note.side for note in Note.objects.all()} == {Side.DESK}
    kept = SubjectFile.objects.first()
    assert kept is not None
    answer = desk.get(f"/backoffice/files/87465/{kept.pk}")
    assert answer.content == PDF
    assert answer["Content-Disposition"].startswith("attachment; filename")
    assert "\r" not in answer["Content-Disposition"]
    # On the company's page stands all of it.
    shown = desk.get(pages(order)["company"][0]).content.decode()
    assert all(f"{kind}の件" in shown for kind in pages(order))


def test_what_cannot_be_kept_comes_back_filled(world: World, desk: Client) -> None:
    order = world.order()
    for kind, (_page, pk) in pages(order).items():
        empty = post(desk, kind, pk, "notes", kind="note", text=" \r\n\u200b ")
        assert (empty.status_code, "メモの内容を入力してください。" in empty.content.decode()) == (422, True)
        long = post(desk, kind, pk, "notes", kind="call_out", text="あ" * 4001).content.decode()
        assert "4000文字以内" in long
        assert "あ" * 4001 in long
        assert post(desk, kind, pk, "notes", kind="x", text="あ").status_code == 422
        wrong = post(desk, kind, pk, "files", file=SimpleUploadedFile("a.pdf", b"MZ"))
        assert (wrong.status_code, "PDF、PNG、JPEG 以外" in wrong.content.decode()) == (422, True)
        assert post(desk, kind, pk, "assign", user=world.partner.pk).status_code == 422
        for address in (f"/backoffice/about/{kind}/193808/{pk}/notes", f"/backoffice/about/vendor/87465/{pk}/notes"):
            assert desk.post(address, {"kind": "note", "text": "x"}).status_code == 404
    assert not Note.objects.exists()
    assert not SubjectFile.objects.exists()


def test_accounting_writes_down_calls_and_who_sees_no_customers_sees_nothing(world: World, client_of: ClientOf) -> None:
    order = world.order()
    notes.add(order, kind=Note.Kind.NOTE, text="運営だけのメモ", by=world.operator)
    User.objects.filter(pk=world.operator.pk).update(role=StaffRole.ACCOUNTING)
    client = client_of(world.operator)
    for kind, (page, pk) in pages(order).items():
        shown = client.get(page).content.decode()
        assert ("運営だけのメモ" in shown) == (kind in {"order", "company"})
        assert ("メモを保存する" in shown, "担当を保存する" in shown, "ファイルを保存する" in shown) == (
            True,
            False,
            False,
        )
        assert post(client, kind, pk, "notes", kind="call_in", text=f"入金の確認：{kind}").status_code == 302
        assert post(client, kind, pk, "assign", user="").status_code == 403
    assert Note.objects.filter(text__startswith="入金の確認").count() == len(pages(order))
    User.objects.filter(pk=world.operator.pk).update(role=StaffRole.EDITOR)
    client = client_of(world.operator)
    assert {client.get(page).status_code for page, _pk in pages(order).values()} == {403}


def test_each_side_has_its_own(world: World, client_of: ClientOf) -> None:
    company = world.hanako.company
    notes.add(company, kind=Note.Kind.NOTE, text="運営のメモ", by=world.operator)
    notes.add(company, kind=Note.Kind.NOTE, text="パートナーのメモ", by=world.partner)
    kept = notes.attach(company, upload=Upload(PDF, "a.pdf", "application/pdf"), by=world.partner)
    assert [note.text for note in notes.of(company, side=Side.DESK)] == ["運営のメモ"]
    assert [note.text for note in notes.of(company, side=Side.PARTNER)] == ["パートナーのメモ"]
    assert client_of(world.operator).get(f"/backoffice/files/87465/{kept.pk}").status_code == 404
    strangers: list[Any] = [world.other_partner, world.hanako]
    for by in strangers:
        with pytest.raises(NotVisible):
            notes.add(company, kind=Note.Kind.NOTE, text="x", by=by)
    assert not Note.objects.visible_to(world.hanako).exists()
    assert not StoredFile.objects.visible_to(world.hanako).filter(pk=kept.file_id).exists()


def test_a_failed_mail_is_sent_again_from_the_page(world: World, desk: Client) -> None:
    order = world.order()
    mail = Message.objects.get(kind="sales/order_placed", recipient=order.member.email)
    other = world.order(world.taro)
    foreign = Message.objects.get(kind="sales/order_placed", recipient=other.member.email)
    for kind, (page, pk) in pages(order).items():
        Message.objects.filter(pk__in=[mail.pk, foreign.pk]).update(state="failed")
        shown = desk.get(page).content.decode()
        if kind == "quote":
            assert order.quote.number in shown
        assert (mail.subject in shown) == (mail.subject in shown and "再送する" in shown)
        before = waiting().count("records.messages.send")
        assert desk.post(f"/backoffice/about/{kind}/87465/{pk}/mails/{foreign.pk}/resend").status_code == 404
        answer = desk.post(f"/backoffice/about/{kind}/87465/{pk}/mails/{mail.pk}/resend")
        assert answer["Location"] == page
        assert waiting().count("records.messages.send") == before + 1
        desk.post(f"/backoffice/about/{kind}/87465/{pk}/mails/{mail.pk}/resend")
        assert waiting().count("records.messages.send") == before + 1
        history = desk.get(page).content.decode().partition("履歴（")[2]
        assert history.count("メールの再送") == 1
        assert history.count(mail.subject) == 1


def test_the_history_says_numbers_and_names_and_no_row_ids(world: World, desk: Client) -> None:
    order = world.arranged_order()
    page = desk.get(pages(order)["order"][0]).content.decode().partition("履歴（")[2]
    assert f"<dt>見積</dt><dd>{order.quote.number}</dd>" in page
    vendor_order = order.lines.get().vendor_order
    assert vendor_order
    assert f"<dt>メーカー発注</dt><dd>{vendor_order}</dd>" in page
    assert "の番号" not in page
    assert "_id" not in page


def test_a_mail_of_the_platform_is_sent_again_from_the_list(world: World, desk: Client) -> None:
    failed = Message.objects.create(
        store=None, kind="x", state="failed", sender="a", reply_to="b", recipient="c@d.example", subject="s",
        text="t", html="h", created_at=clock.now(),
    )  # fmt: skip
    before = waiting().count("records.messages.send")
    rows = {"row": [f"message:{failed.pk}"], "key": str(uuid.uuid4())}
    assert "処理した行：1件" in desk.post("/backoffice/bulk/message-resend", rows, follow=True).content.decode()
    assert waiting().count("records.messages.send") == before + 1


def test_notes_go_along_with_a_merge_and_come_back(world: World) -> None:
    kept, merged = world.hanako.company, world.taro.company
    notes.add(merged, kind=Note.Kind.NOTE, text="学校のメモ", by=world.operator)
    notes.attach(merged, upload=Upload(PDF, "a.pdf", "application/pdf"), by=world.operator)
    made = company_merges.merge(kept, merged, by=world.operator)
    assert [note.text for note in notes.of(kept, side=Side.DESK)] == ["学校のメモ"]
    assert len(notes.files_of(kept, side=Side.DESK)) == 1
    company_merges.undo(made, by=world.operator)
    assert notes.of(kept, side=Side.DESK) == []
    assert [note.text for note in notes.of(Company.objects.get(pk=merged.pk), side=Side.DESK)] == ["学校のメモ"]


def test_what_was_written_about_a_member_goes_with_the_members_data(
    world: World, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    member = world.ichiro
    for by in (world.operator, world.partner):
        notes.add(member, kind=Note.Kind.CALL_IN, text="一郎さんの件", by=by)
    kept = notes.attach(member, upload=Upload(PDF, "一郎.pdf", "application/pdf"), by=world.operator).file
    notes.add(world.hanako, kind=Note.Kind.NOTE, text="花子さんの件", by=world.operator)
    withdrawals.withdraw(member, password=PASSWORD, network="192.0.2.0/24", by=member)
    assert Note.objects.filter(subject_type="member", subject_id=member.pk).count() == 2
    Member.objects.filter(pk=member.pk).update(withdrawn_at=clock.now() - withdrawals.KEPT - timedelta(days=1))
    with django_capture_on_commit_callbacks(execute=True):
        withdrawals.anonymise(0)
    assert [note.text for note in Note.objects.all()] == ["花子さんの件"]
    assert not SubjectFile.objects.exists()
    assert "一郎" not in StoredFile.objects.get(pk=kept.pk).name
    assert not default_storage.exists(kept.path)


def test_a_quotation_of_no_company_has_no_notes(world: World) -> None:
    quote = world.quote()
    quote.company_id = None
    with pytest.raises(Refused) as refused:
        notes.add(quote, kind=Note.Kind.NOTE, text="x", by=world.operator)
    assert refused.value.code == "company"


def test_a_page_costs_the_same_with_one_and_three_of_all(world: World, desk: Client) -> None:
    order = world.order()

    def queries(page: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert desk.get(page).status_code == 200
        return len(captured)

    def more(count: int) -> None:
        for subject in [order, order.quote, order.member, order.company] * count:
            notes.add(subject, kind=Note.Kind.NOTE, text="x", by=world.operator)
            notes.attach(subject, upload=Upload(PDF, "a.pdf", "application/pdf"), by=world.operator)
        world.order()

    more(1)
    before = {page: queries(page) for page, _pk in pages(order).values()}
    before = {page: queries(page) for page, _pk in pages(order).values()}
    more(2)
    assert {page: queries(page) for page, _pk in pages(order).values()} == before
