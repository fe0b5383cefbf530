"""Delivery in bulk: read, looked at, delivered all at once or not at all; keys are nowhere in clear and gone afterwards."""

import io
import json
import threading
import zipfile
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from licenseonline.accounts.models import Member, User
from licenseonline.kit import clock, crypto, scope
from licenseonline.licensing.models import Contract, Key
from licenseonline.records.models import PlatformEntry
from licenseonline.sales import deliveries, delivery_batches, vendor_orders
from licenseonline.sales.deliveries import Item
from licenseonline.sales.models import DeliveryBatch, Order
from tests.backoffice.test_vendor_order_pages import paid
from tests.sales.test_races import at_once
from tests.world import World

LIST = "/backoffice/deliveries/"
HEAD = "注文番号・発注番号・受付番号,型番,キー,契約番号,開始日\n"
PDF = b"%PDF-1.7\n%%EOF"


@pytest.fixture
def desk(world: World, client_of: Callable[[Member | User], Client]) -> Client:
    return client_of(world.operator)


def upload(world: World, desk: Client, content: bytes, name: str = "キー.csv") -> HttpResponse:
    vendor = world.sku("VBBSS-1Y-005").product.vendor_id
    answer = desk.post(LIST, {"vendor": vendor, "file": SimpleUploadedFile(name, content)})
    assert isinstance(answer, HttpResponse)
    return answer


def page(desk: Client) -> str:
    return str(desk.get(f"{LIST}{batch().pk}/").content.decode())


def act(desk: Client, step: str, key: str = "", **fields: object) -> int:
    """As the page sends it: the rows that it shows as good go with a delivery."""
    if step == "deliver" and not fields:
        fields = {"rows": ",".join(map(str, delivery_batches.good(batch())))}
    return int(desk.post(f"{LIST}{batch().pk}/{step}", {"key": key or str(uuid4()), **fields}).status_code)


def batch() -> DeliveryBatch:
    return DeliveryBatch.objects.latest("pk")


def packed(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, content in files.items():
            made.writestr(name, content)
    return out.getvalue()


def test_a_file_of_keys_is_delivered_as_a_whole(world: World, desk: Client) -> None:
    mine, same = world.arranged_order(), world.arranged_order(world.hanako_at_minato)
    theirs = world.arranged_order(world.hanako_at_minato)
    assert mine.number == same.number  # each store has its own series
    upload(world, desk, f"{HEAD}{mine.number},VBBSS-1Y-005,KEY,,\n".encode())
    assert batch().rows[0]["problem"] == "ambiguous"
    deliveries.deliver(same, items={1: Item(starts_on=same.placed_at.date(), key="OTHER-KEY")}, by=world.operator)
    text = f"{mine.number},vbbss-1Y-005,AAAA-BBBB-CCCC-11111,C-1,2026/12/01\n"
    text += f"{mine.number},VBBSS-1Y-005,AAAA-BBBB-CCCC-22222,,\nV-{theirs.number},VBBSS-1Y-005,=cmd()|SECRET-33333,,\n"
    assert upload(world, desk, (HEAD + text).encode("cp932")).status_code == 302
    kept, shown = json.dumps(batch().rows), page(desk)
    for secret in ("AAAA-BBBB", "SECRET-33333"):
        assert secret not in kept + shown
    assert "3件をまとめて納品する" in shown
    assert Key.objects.count() == 1
    key = str(uuid4())
    assert [act(desk, "deliver", key, rows="0,1,2") for _twice in range(2)] == [302, 302]
    for order in (mine, theirs):
        order.refresh_from_db()
        assert order.state == "delivered"
    found = {crypto.decrypt(one.ciphertext) for one in Key.objects.all()}
    assert found == {"OTHER-KEY", "AAAA-BBBB-CCCC-11111", "AAAA-BBBB-CCCC-22222", "=cmd()|SECRET-33333"}
    contract = Contract.objects.get(store=87465)
    assert (contract.vendor_contract_number, contract.starts_on.isoformat()) == ("C-1", "2026-12-01")
    assert not any("key" in row for row in batch().rows)
    assert act(desk, "deliver", rows="0,1,2") == 422  # another tab
    assert Key.objects.count() == 4
    assert desk.post(f"{LIST}{batch().pk}/nothing").status_code == 404


def rows_of(*rows: tuple[str, str, str, str]) -> bytes:
    return (HEAD + "".join(f"{number},{model},{key},,{day}\n" for number, model, key, day in rows)).encode()


def test_good_rows_are_delivered_and_the_others_stay_until_they_are_corrected(world: World, desk: Client) -> None:
    order, done, twice = world.arranged_order(), world.arranged_order(), world.arranged_order()
    wrong, alone = world.arranged_order(), world.arranged_order()
    deliveries.deliver(done, items={1: Item(starts_on=done.placed_at.date(), key="OLD-KEY-12345")}, by=world.operator)
    model = "VBBSS-1Y-005"
    content = rows_of(
        (order.number, model, "GOOD-KEY", ""),
        (twice.number, model, "FIRST-KEY", ""),
        (twice.number, model, "OLD-KEY-12345", ""),
        (order.number, "VBBSS-1Y-025", "K1", ""),
        (done.number, model, "K2", ""),
        (wrong.number, model, "", ""),
        (wrong.number, model, "K3", "いつか"),
        ("<script>", model, "K" * 2001, ""),
        ("P-???", model, "LOST-KEY-98765432", ""),
    )
    upload(world, desk, content)
    problems = ["", "together", "duplicate", "unmatched", "unmatched", "key", "day", "key", "unmatched"]
    assert [row["problem"] for row in batch().rows] == problems
    shown = page(desk)
    assert "確認の必要な行が8件" in shown
    assert "良い1行だけ納品する" in shown
    assert "同じ明細のほかの行に確認が必要" in shown
    assert "<script>" not in shown.split("読み込んだ内容")[-1].split("</table>")[0]
    saved = desk.get(f"{LIST}{batch().pk}/refused.csv")
    lines = saved.content.decode("utf-8-sig").splitlines()
    assert (saved["Content-Type"], len(lines)) == ("text/csv; charset=utf-8", 9)
    assert lines[8] == "10,P-???,VBBSS-1Y-005,•••••65432,,,番号と型番に当てはまる、納品待ちの明細がありません。"
    assert act(desk, "deliver", rows="0,1") == 422  # nobody delivers what was refused
    assert act(desk, "deliver") == 302
    assert (Key.objects.count(), batch().state, "key" in batch().rows[0]) == (2, "partly", False)
    assert act(desk, "deliver", rows="0") == 422
    assert act(desk, "match", said_8=f"８７４６５ー{alone.number}", said_3="?") == 302
    assert [row["problem"] for row in batch().rows if not row.get("done")][-1] == ""
    assert "元の番号 P-???" in page(desk)
    assert act(desk, "deliver") == 302
    alone.refresh_from_db()
    assert alone.state == "delivered"
    assert act(desk, "discard") == 302
    assert (Key.objects.count(), batch().state) == (3, "delivered")
    assert PlatformEntry.objects.get(event="delivery_batch.discarded").actor_id == world.operator.pk
    assert not any("key" in row for row in batch().rows)


def test_a_number_of_several_lines_is_refused_with_how_to_write_it(world: World, desk: Client) -> None:
    mine, theirs = (paid(world, member) for member in (world.hanako, world.hanako_at_minato))
    vendor = world.sku("VBBSS-1Y-005").product.vendor
    made = vendor_orders.send(vendor_orders.collect(vendor, by=world.operator), by=world.operator)
    first, second = f"{made.number}-1", f"{made.number}-2"
    upload(world, desk, rows_of((mine.number, "VBBSS-1Y-005", "KEY-A", ""), (made.number, "", "KEY-B", "")))
    assert [row["problem"] for row in batch().rows] == ["ambiguous", "ambiguous"]
    assert f"発注番号-明細番号（{first}、{second}）の形で書いてください。" in page(desk)
    assert act(desk, "deliver", rows="0") == 422
    assert act(desk, "discard") == 302
    wide = first.lower().replace("-", "－")
    upload(world, desk, rows_of((wide, "VBBSS-1Y-005", "KEY-A", ""), (f"193808-{theirs.number}", "", "KEY-B", "")))
    assert act(desk, "deliver") == 302
    keys = Key.objects.order_by("store_id").values_list("entitlement__contract__order_number", "store_id")
    assert list(keys) == [(mine.number, 87465), (theirs.number, 193808)]


def test_what_was_delivered_since_it_was_shown_is_refused_and_shown_anew(world: World, desk: Client) -> None:
    first, second = world.arranged_order(), world.arranged_order()
    upload(world, desk, rows_of(*((one.number, "VBBSS-1Y-005", f"KEY-{one.pk}", "") for one in (first, second))))
    deliveries.deliver(first, items={1: Item(starts_on=clock.today(), key="BY-HAND")}, by=world.operator)
    answer = desk.post(f"{LIST}{batch().pk}/deliver", {"key": str(uuid4()), "rows": "0,1"})
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert "納品できる行が変わりました" in shown
    assert "良い1行だけ納品する" in shown
    assert Key.objects.count() == 1
    assert act(desk, "deliver", rows="1") == 302
    assert Key.objects.count() == 2


def test_a_zip_of_certificates_is_matched_by_the_names_in_it(world: World, desk: Client) -> None:
    first, second = world.arranged_order(), world.arranged_order()
    content = packed(
        {f"証書/{first.number}.pdf": PDF, f"TM_V-{second.number}_VBBSS-1Y-005.png": b"\x89PNG\r\n\x1a\n.."}
    )
    assert upload(world, desk, content, "証書.zip").status_code == 302
    path = batch().path
    assert [row["problem"] for row in batch().rows] == ["", ""]
    assert act(desk, "deliver") == 302
    types = Key.objects.order_by("entitlement__contract__order_number").values_list("file__content_type", flat=True)
    assert set(types) == {"application/pdf", "image/png"}
    assert Order.objects.filter(state="delivered").count() == 2
    assert (batch().path, default_storage.exists(path)) == ("", True)  # gone once the transaction holds


def test_names_and_contents_in_a_zip_are_not_trusted(world: World, desk: Client) -> None:
    order = world.arranged_order()
    names = {f"{order.number}.pdf": b"MZ no", f"x{order.number}9.pdf": PDF, f"{order.number} a.pdf": PDF, f"{order.number}_b.pdf": PDF}  # fmt: skip
    assert upload(world, desk, packed({**names, f"{order.number}.exe": b"MZ"}), "a.zip").status_code == 422
    names[f"{order.number}.pdf"] = b"<html>"
    upload(world, desk, packed(names), "a.zip")
    assert [row["problem"] for row in batch().rows] == ["file", "unmatched", "duplicate", "duplicate"]
    inner = packed({"a.pdf": PDF})
    for bad, said in ((packed({"a.zip": inner}), "圧縮ファイル"), (packed({"../a.pdf": PDF}), "安全に展開できない")):
        answer = upload(world, desk, bad, "a.zip")
        assert answer.status_code == 422
        assert said in answer.content.decode()
    assert DeliveryBatch.objects.count() == 1


def test_the_page_costs_the_same_for_any_number_of_rows(world: World, desk: Client) -> None:
    counts = set()
    for rows in (1, 3):
        lines = "".join(f"{world.arranged_order().number},VBBSS-1Y-005,KEY-{rows}-{n},,\n" for n in range(rows))
        upload(world, desk, (HEAD + lines).encode())
        page(desk)
        with CaptureQueriesContext(connection) as captured:
            page(desk)
        counts.add(len(captured))
    assert len(counts) == 1


def test_two_clerks_deliver_two_files_of_one_order_at_once_and_one_wins(committed: World) -> None:
    with scope.platform():
        order = committed.arranged_order()
        vendor, made = committed.sku("VBBSS-1Y-005").product.vendor, []
        for secret in ("KEY-A", "KEY-B"):
            file = ContentFile(f"{HEAD}{order.number},VBBSS-1Y-005,{secret},,\n".encode())
            made.append(delivery_batches.read_keys(vendor, file=file, name="a.csv", by=committed.operator).pk)
    meeting = threading.Barrier(2)

    def clerk(pk: int) -> str:
        with scope.platform():
            meeting.wait(30)
            return delivery_batches.deliver(DeliveryBatch.objects.get(pk=pk), shown=[0], by=committed.operator).state

    outcomes = at_once(lambda: clerk(made[0]), lambda: clerk(made[1]))
    assert outcomes.count("delivered") == 1
    with scope.platform():
        assert Key.objects.count() == 1
        assert DeliveryBatch.objects.filter(state="previewed").count() == 1
