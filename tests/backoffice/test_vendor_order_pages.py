"""Vendor orders on the desk: collected, sent in the vendor's form, answered in parts, reminded of once."""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from licenseonline.accounts.models import Member, User
from licenseonline.backoffice import vendor_order_views, worklist
from licenseonline.kit import clock
from licenseonline.kit.rights import StaffRole
from licenseonline.records.models import Message
from licenseonline.sales import orders, vendor_formats, vendor_orders, vendor_reminders
from licenseonline.sales.models import FormatKind, FormatPurpose, Order, VendorFormat, VendorOrder
from tests.jobs import run_jobs
from tests.pdf_text import text_of
from tests.world import World

LIST = "/backoffice/vendor-orders/"


@pytest.fixture
def desk(world: World, client_of: Callable[[Member | User], Client]) -> Client:
    return client_of(world.operator)


def paid(world: World, member: Member | None = None) -> Order:
    order = world.order(member)
    orders.record_transfer(
        order, amount_yen=order.total_yen, received_on=clock.today(), payer_name="", by=world.operator
    )
    return order


def made() -> VendorOrder:
    return VendorOrder.objects.get()


def page(client: Client, path: str | None = None) -> str:
    answer = client.get(path or f"{LIST}{made().pk}/")
    assert answer.status_code == 200
    return str(answer.content.decode())


def step(client: Client, name: str, **fields: object) -> HttpResponse:
    answer = client.post(f"{LIST}{made().pk}/{name}", {"key": str(uuid4()), **fields})
    assert isinstance(answer, HttpResponse)
    return answer


def test_from_collecting_to_the_vendors_answer(world: World, desk: Client) -> None:
    mine, theirs = paid(world), paid(world, world.hanako_at_minato)
    assert "2件" in page(desk, LIST)
    assert desk.post(f"{LIST}collect/trend", {"key": str(uuid4())})["Location"] == f"{LIST}{made().pk}/"
    shown = page(desk)
    assert mine.number in shown
    assert theirs.store.name in shown
    assert "36,400円" in shown
    row = made().order_lines.get(line__order=theirs)
    assert step(desk, "leave-out", line=row.pk).status_code == 302
    assert step(desk, "leave-out", line=row.pk).status_code == 422
    assert step(desk, "send").status_code == 302
    assert step(desk, "send").status_code == 422
    assert "発注の一覧" in page(desk, LIST)
    [row] = made().order_lines.all()
    given = {"reference": "TM-9", f"quantity_{row.pk}": "１０", f"unit_yen_{row.pk}": "3,700円"}
    answer = step(desk, "confirm", **given)
    assert answer.status_code == 422
    assert "理由を入力してください" in answer.content.decode()
    assert 'value="TM-9"' in answer.content.decode()
    assert step(desk, "confirm", **given, **{f"note_{row.pk}": "<script>値上げ"}).status_code == 302
    assert made().state == "confirmed"
    shown = page(desk)
    assert "+60円" in shown
    assert "<script>値上げ" not in shown
    assert desk.post(f"{LIST}{made().pk}/nothing").status_code == 404
    assert desk.post(f"{LIST}collect/nobody").status_code == 404


def test_lines_of_a_taken_back_order_wait_again(world: World, desk: Client) -> None:
    paid(world)
    for _again in range(2):
        desk.post(f"{LIST}collect/trend")
    step(desk, "send")
    assert step(desk, "cancel").status_code == 302
    assert "1件" in page(desk, LIST)
    assert step(desk, "cancel").status_code == 422
    assert "発注できる明細はありません" in desk.post(f"{LIST}collect/other", follow=True).content.decode()


def test_the_file_is_in_the_vendors_form(world: World, desk: Client) -> None:
    order = paid(world)
    order.snapshot["buyer"]["company"] = "=cmd()|𠮷野家"
    order.save(update_fields=["snapshot"])
    desk.post(f"{LIST}collect/trend")
    path = f"{LIST}{made().pk}/file"
    assert step(desk, "send").status_code == 302
    first = desk.get(path)
    assert first["Content-Type"] == "application/pdf"
    assert first.content == desk.get(path).content
    [printed] = text_of(first.content)
    assert made().number in printed
    assert "VBBSS-1Y-005" in printed
    vendor, columns = made().vendor, "商品コード=型番\n数=数量\n単価=仕入単価\nお客様＝エンドユーザー会社名"
    kept = VendorFormat.objects.create(
        vendor=vendor, purpose=FormatPurpose.ORDER, kind=FormatKind.CSV, encoding="cp932",
        columns=vendor_formats.read(FormatPurpose.ORDER, columns),
    )  # fmt: skip
    lines = desk.get(path).content.decode("cp932").splitlines()
    assert lines == ["商品コード,数,単価,お客様", "VBBSS-1Y-005,10,3640,'=cmd()|〓野家"]
    assert "𠮷野家" in page(desk)
    assert "メーカーへ別途お知らせください" in page(desk)
    kept.kind = FormatKind.EXCEL
    kept.save()
    answer = desk.get(path)
    assert answer.content.startswith(b"PK")
    assert "attachment" in answer["Content-Disposition"]


def test_the_form_of_a_vendor_is_a_setting(world: World, desk: Client) -> None:
    vendor = world.sku("VBBSS-1Y-005").product.vendor
    add, given = reverse("admin:sales_vendorformat_add"), {"vendor": vendor.pk, "kind": "csv", "encoding": "cp932"}
    for purpose, columns, said in (
        ("order", "商品コード", "の形で"),
        ("order", "商品コード=色", "の形で"),
        ("order", "品=型番\n品=数量", "重複している"),
        ("keys", "品=型番", "1列ずつ指定してください"),
    ):
        answer = desk.post(add, {**given, "purpose": purpose, "columns": columns})
        assert said in answer.content.decode()
    good = {**given, "purpose": "order", "columns": "商品コード=型番\n\n数=quantity", "email": "order@vendor.example"}
    assert desk.post(add, good).status_code == 302
    kept = VendorFormat.objects.get()
    assert kept.columns == [["商品コード", "model_number"], ["数", "quantity"]]
    assert kept.email == "order@vendor.example"
    shown = desk.get(reverse("admin:sales_vendorformat_change", args=[kept.pk])).content.decode()
    assert "商品コード=型番" in shown
    assert "ABC-1Y-005" in shown  # as an order would look
    sample = desk.get(f"/backoffice/vendor-formats/{kept.pk}/sample")
    assert sample.content.decode("cp932").splitlines() == ["商品コード,数", "ABC-1Y-005,10"]
    for kind, begins in (("pdf", b"%PDF"), ("excel", b"PK")):
        VendorFormat.objects.update(kind=kind)
        assert desk.get(f"/backoffice/vendor-formats/{kept.pk}/sample").content.startswith(begins)
    VendorFormat.objects.update(kind="csv")
    assert desk.post(add, good).status_code == 200  # there is one already
    User.objects.filter(pk=world.operator.pk).update(role=StaffRole.ACCOUNTING)
    assert desk.get(add).status_code == 403


def test_a_late_answer_is_on_the_work_list_and_mailed_once(world: World, desk: Client) -> None:
    paid(world)
    with time_machine.travel("2026-12-01T10:00:00+09:00", tick=False):
        sent = vendor_orders.send(
            vendor_orders.collect(world.sku("VBBSS-1Y-005").product.vendor, by=world.operator), by=world.operator
        )
    found = worklist.by_deadline(worklist.collect(by=world.operator, store_id=87465).values())
    assert sent.number in {task.number for task in found if task.kind == "vendor_answer"}
    none = worklist.by_deadline(worklist.collect(by=world.operator, store_id=193808).values())
    assert not none
    for day, mails in (("2026-12-04", 0), ("2026-12-07", 1), ("2026-12-08", 1)):
        with time_machine.travel(f"{day}T10:00:00+09:00", tick=False):
            vendor_reminders.remind_all.func(0)
            run_jobs()
            assert Message.objects.filter(kind="sales/vendor_order_late").count() == mails
    sent.refresh_from_db()
    assert vendor_order_views.late_days(sent, today=date(2026, 12, 10)) == 6
    VendorOrder.objects.update(expected_on=date(2026, 12, 4), reminded_at=clock.now())
    row = sent.order_lines.get()
    with time_machine.travel("2026-12-08T10:00:00+09:00", tick=False):
        lines = {row.pk: vendor_orders.Confirmation(10, 3640)}
        vendor_orders.confirm(sent, reference="TM-1", expected_on=date(2026, 12, 9), lines=lines, by=world.operator)
    with time_machine.travel("2026-12-10T10:00:00+09:00", tick=False):  # confirmed, and its new day passed as well
        found = worklist.by_deadline(worklist.collect(by=world.operator, store_id=None).values())
        assert [(task.kind, task.due_on, task.is_overdue) for task in found] == [("delivery", date(2026, 12, 9), True)]
        for _twice in range(2):
            vendor_reminders.remind_all.func(0)
            run_jobs()
    assert Message.objects.filter(kind="sales/vendor_order_late").count() == 2
    assert "納品されていない明細" in Message.objects.filter(kind="sales/vendor_order_late").latest("pk").text
    VendorOrder.objects.update(state="sent", expected_on=clock.today() - timedelta(days=2))
    assert "2日過ぎています" in page(desk)
    assert "2日超過" in page(desk, LIST)


def test_what_was_closed_at_the_cut_off_is_work_of_that_day(world: World, desk: Client) -> None:
    paid(world)
    closed = vendor_orders.close(world.sku("VBBSS-1Y-005").product.vendor)
    assert closed is not None
    shown = page(desk)
    assert "締め時刻に自動で作成" in shown
    assert "本日中に発注してください" in shown
    found = worklist.by_deadline(worklist.collect(by=world.operator, store_id=87465).values())
    assert {(task.kind, task.label, task.due_on) for task in found if task.number == closed.number} == {
        ("vendor_cut_off", "メーカー発注の締め", clock.today())
    }
    assert step(desk, "send").status_code == 302
    assert made().state == "sent"


def test_pages_cost_the_same_for_any_number_of_lines(world: World, desk: Client) -> None:
    counts: dict[str, set[int]] = {}
    for _time in range(2):
        paid(world)
        paid(world, world.hanako_at_minato)
        vendor_orders.collect(world.sku("VBBSS-1Y-005").product.vendor, by=world.operator)
        paid(world)
        for path in (LIST, f"{LIST}{made().pk}/"):
            desk.get(path)
            with CaptureQueriesContext(connection) as captured:
                assert desk.get(path).status_code == 200
            counts.setdefault(path, set()).add(len(captured))
    assert all(len(found) == 1 for found in counts.values())


def test_the_answer_of_an_order_is_nothing_for_who_may_not_order(world: World, desk: Client) -> None:
    User.objects.filter(pk=world.operator.pk).update(role=StaffRole.ACCOUNTING)
    assert desk.get(LIST).status_code == 403
    assert LIST not in desk.get("/backoffice/").content.decode()
