"""A vendor's monthly invoice: compared line by line with what was ordered, settled with a note, read once."""

from collections.abc import Callable
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from licenseonline.accounts.models import Member, User
from licenseonline.kit import clock
from licenseonline.records import history
from licenseonline.sales import vendor_invoices, vendor_orders
from licenseonline.sales.models import VendorFormat, VendorInvoice, VendorInvoiceLine, VendorOrder, VendorOrderLine
from licenseonline.sales.vendor_orders import Confirmation
from tests.backoffice.test_vendor_order_pages import paid
from tests.world import World

LIST = "/backoffice/vendor-invoices/"
HEAD = "受付番号または発注番号,型番,数量,単価\n"


@pytest.fixture
def desk(world: World, client_of: Callable[[Member | User], Client]) -> Client:
    return client_of(world.operator)


def sent(world: World, reference: str, orders: int = 1) -> VendorOrder:
    for _order in range(orders):
        paid(world)
    vendor = world.sku("VBBSS-1Y-005").product.vendor
    made = vendor_orders.send(vendor_orders.collect(vendor, by=world.operator), by=world.operator)
    lines = {row.pk: Confirmation(10, 3640) for row in made.order_lines.all()}
    return vendor_orders.confirm(made, reference=reference, expected_on=None, lines=lines, by=world.operator)


def upload(world: World, desk: Client, text: str, **changed: object) -> HttpResponse:
    file = SimpleUploadedFile("請求.csv", text.encode("cp932"), "text/csv")
    fields = {"vendor": world.sku("VBBSS-1Y-005").product.vendor_id, "month": f"{clock.today():%Y-%m}", "file": file}
    answer = desk.post(LIST, {**fields, **changed})
    assert isinstance(answer, HttpResponse)
    return answer


def test_an_invoice_is_compared_with_what_was_ordered(world: World, desk: Client) -> None:
    together, dear, unsaid = sent(world, "TM-1", orders=2), sent(world, "TM-2"), sent(world, "TM-3")
    text = HEAD + f'TM-1,ｖｂｂｓｓ-1y-005,20,"3,640円"\n{dear.number},VBBSS-1Y-005,9,3700\nTM-9,=cmd(),1,100\n'
    answer = upload(world, desk, text)
    invoice = VendorInvoice.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"{LIST}{invoice.pk}/")
    assert invoice.month == clock.today().replace(day=1)
    first, second, third = vendor_invoices.checked(invoice)
    assert not first.deviates
    assert (second.ordered, second.invoiced, second.expected_yen) == (10, 9, 3640)
    assert third.is_unordered
    missing, settled = vendor_invoices.not_invoiced(invoice)
    assert ([row.vendor_order for row in missing], settled) == ([unsaid], [])
    assert together.order_lines.count() == 2
    path = f"{LIST}{invoice.pk}/"
    shown = desk.get(path).content.decode()
    for word in ("数量：発注 10、請求 9", "単価：発注 3,640円", "発注にありません", "TM-3", "未対応の差異 2件"):
        assert word in shown
    assert desk.post(f"{path}settle", {"line": third.line.pk, "note": " "}).status_code == 422
    for _twice in range(2):
        given = {"line": third.line.pk, "note": "<b>赤伝を依頼"}
        assert desk.post(f"{path}settle", given).status_code == 302
    shown = desk.get(path).content.decode()
    assert "&lt;b&gt;赤伝を依頼" in shown
    assert "未対応の差異 1件" in shown
    assert desk.post(f"{path}settle", {"line": 0, "note": "x"}).status_code == 404
    again = upload(world, desk, text)
    assert again.status_code == 422
    assert "すでに読み込まれています" in again.content.decode()
    assert VendorInvoiceLine.objects.count() == 3


def test_what_is_never_invoiced_is_settled_with_a_note_that_stays(world: World, desk: Client) -> None:
    sent(world, "TM-1")
    row = sent(world, "TM-2").order_lines.get()
    upload(world, desk, f"{HEAD}TM-1,VBBSS-1Y-005,10,3640\n")
    path = f"{LIST}{VendorInvoice.objects.get().pk}/"
    assert "まだ請求されていない発注" in desk.get(path).content.decode()
    assert desk.post(f"{path}settle", {"ordered": row.pk, "note": " "}).status_code == 422
    for _twice in range(2):
        assert desk.post(f"{path}settle", {"ordered": row.pk, "note": "<b>無償提供"}).status_code == 302
    shown = desk.get(path).content.decode()
    assert "請求されていない発注はありません" in shown
    assert "&lt;b&gt;無償提供" in shown
    [told] = history.of_platform(row)
    assert (told.event, told.facts["note"]) == ("vendor_order_line.settled", ["", "<b>無償提供"])
    invoiced = VendorOrder.objects.get(reference="TM-1").order_lines.get()
    late = desk.post(f"{path}settle", {"ordered": invoiced.pk, "note": "無償"})
    assert "この明細は請求されています" in late.content.decode()
    assert desk.post(f"{path}settle", {"ordered": 0, "note": "x"}).status_code == 404
    others = world.sku("ADOBE-CC").product.vendor
    VendorOrder.objects.filter(pk=row.vendor_order_id).update(vendor=others)
    assert desk.post(f"{path}settle", {"ordered": row.pk, "note": "x"}).status_code == 404


def test_a_number_of_several_vendor_orders_is_refused_and_the_lines_own_number_is_taken(
    world: World, desk: Client
) -> None:
    made = []
    for member in (world.hanako, world.hanako_at_minato):  # each store's first order has the same number
        order = paid(world, member)
        vendor = world.sku("VBBSS-1Y-005").product.vendor
        made.append(vendor_orders.send(vendor_orders.collect(vendor, by=world.operator), by=world.operator))
    own = f"{made[1].number}-1".replace("-", "－")
    lines = [order.number, f"87465－{order.number}", own]
    upload(world, desk, HEAD + "".join(f"{number},VBBSS-1Y-005,10,3640\n" for number in lines))
    invoice = VendorInvoice.objects.get()
    found = [one.line.line.vendor_order if one.line.line else None for one in vendor_invoices.checked(invoice)]
    assert found == [None, *made]
    assert (
        "発注番号-明細番号（例：M2611-00001-2）の形で書いてください"
        in desk.get(f"{LIST}{invoice.pk}/").content.decode()
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("型番,数量\nA,1\n", "見出しの行が見つかりません"),
        (HEAD, "明細がありません"),
        (HEAD + "TM-1,A,十,1\n", "2行目の数量または単価"),
        ("", "空です"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(world: World, desk: Client, text: str, said: str) -> None:
    answer = upload(world, desk, text)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not VendorInvoice.objects.exists()


def test_the_vendors_own_headings_are_read_and_the_page_costs_the_same(world: World, desk: Client) -> None:
    vendor = world.sku("VBBSS-1Y-005").product.vendor
    columns = [["伝票", "reference"], ["品番", "model_number"], ["数", "quantity"], ["価格", "unit_yen"]]
    VendorFormat.objects.create(vendor=vendor, purpose="invoice", kind="csv", columns=columns)
    counts = set()
    for number in (1, 2):
        sent(world, f"TM-{number}", orders=number)
        lines = "".join(f"TM-{number},VBBSS-1Y-005,{n},1\n" for n in range(1, 2 * number + 1))
        upload(world, desk, f"ご請求,\n伝票,品番,数,価格\n{lines}", month="2026-10")
        invoice = VendorInvoice.objects.latest("pk")
        assert invoice.month == date(2026, 10, 1)
        desk.get(f"{LIST}{invoice.pk}/")
        with CaptureQueriesContext(connection) as captured:
            desk.get(f"{LIST}{invoice.pk}/")
        counts.add(len(captured))
    assert len(counts) == 1


def test_of_two_notes_at_once_the_second_follows_the_first(world: World, desk: Client) -> None:
    ordered = sent(world, "TM-1").order_lines.get()
    upload(world, desk, f"{HEAD}TM-9,VBBSS-1Y-005,1,100\n")
    invoiced = VendorInvoiceLine.objects.get()
    rows = VendorOrderLine.objects.filter(pk=ordered.pk), VendorInvoiceLine.objects.filter(pk=invoiced.pk)
    early, late = zip(*((row.get(), row.get()) for row in rows), strict=True)  # both are read before either is written
    for (missing, extra), note in ((early, "無償提供"), (late, "翌月に請求")):
        vendor_invoices.settle_missing(missing, note=note, by=world.operator)
        vendor_invoices.settle(extra, note=note, by=world.operator)
    for row in (ordered, invoiced):
        notes = sorted(told.facts["note"] for told in history.of_platform(row))
        assert notes == [["", "無償提供"], ["無償提供", "翌月に請求"]]
