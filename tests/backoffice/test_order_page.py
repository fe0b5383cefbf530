"""The desk's steps on one order, each by its form: done once, refused in words, files judged by their bytes."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from licenseonline.accounts.models import Member, User
from licenseonline.billing.models import Payment
from licenseonline.kit import clock
from licenseonline.licensing.models import Key
from licenseonline.records import files
from licenseonline.records.models import Message, StoredFile
from licenseonline.sales.models import Order, OrderLine, VendorOrder
from tests.world import World

PDF = b"%PDF-1.7\n%%EOF"
TODAY = clock.today().isoformat()


@pytest.fixture
def desk(world: World, client_of: Callable[[Member | User], Client]) -> Client:
    return client_of(world.operator)


def page_of(order: Order) -> str:
    return f"/backoffice/orders/{order.store_id}/{order.number}/"


def post(client: Client, order: Order, step: str, key: str | None = None, **fields: object) -> HttpResponse:
    answer = client.post(page_of(order) + step, {"key": key or str(uuid4()), **fields})
    assert isinstance(answer, HttpResponse)
    return answer


def transfer(client: Client, order: Order, key: str | None = None, **changed: object) -> HttpResponse:
    fields = {"amount_yen": str(order.total_yen), "received_on": TODAY, "payer_name": "ｱｵｿﾞﾗｾｲｻｸｼｮ"}
    return post(client, order, "transfer", key, **{**fields, **changed})


def vendor(client: Client, order: Order, key: str | None = None, **changed: object) -> HttpResponse:
    return post(client, order, "vendor-orders/trend", key, **{"reference": "TM-1", "ordered_on": TODAY, **changed})


def delivery(client: Client, order: Order, key: str | None = None, **changed: object) -> HttpResponse:
    fields = {"key_1": "ABCD-EFGH-IJKL-MNOP", "contract_1": "C-9", "starts_on_1": TODAY}
    return post(client, order, "delivery", key, **{**fields, **changed})


def state_of(order: Order) -> str:
    return Order.objects.get(pk=order.pk).state


def text(answer: HttpResponse) -> str:
    return answer.content.decode()


def test_from_payment_to_delivery(world: World, desk: Client) -> None:
    order = world.order()
    for step, reached in ((transfer, "arranging"), (vendor, "arranging"), (delivery, "delivered")):
        answer = step(desk, order)
        assert (answer.status_code, answer["Location"]) == (302, page_of(order))
        assert state_of(order) == reached
    page = text(desk.get(page_of(order)))  # type: ignore[arg-type]  # the test client's response
    for shown in ("納品しました", "運営 太郎", "TM-1", "青空 花子", "<form"):
        assert shown in page
    assert "ABCD-EFGH" not in page


def test_the_amount_still_to_pay_is_filled_in(world: World, desk: Client) -> None:
    order = world.order()
    transfer(desk, order, amount_yen="1000")
    assert f'value="{order.total_yen - 1000}"' in text(desk.get(page_of(order)))  # type: ignore[arg-type]  # the test client's response


@pytest.mark.parametrize("typed", ["１，０００", "1,000円", "￥1000", " 1000 "])
def test_amounts_are_read_as_people_type_them(world: World, desk: Client, typed: str) -> None:
    order = world.order()
    assert transfer(desk, order, amount_yen=typed).status_code == 302
    assert Payment.objects.get().amount_yen == 1000
    assert state_of(order) == "awaiting_payment"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"amount_yen": "0"}, "1 以上"),
        ({"amount_yen": "99999999"}, "残額"),
        ({"amount_yen": "9" * 30}, "以下"),
        ({"amount_yen": "9" * 5000}, "整数"),
        ({"amount_yen": "千円"}, "整数"),
        ({"received_on": (clock.today() + timedelta(days=1)).isoformat()}, "未来の日付"),
        ({"received_on": "9999-12-31"}, "日付をご確認ください"),
        ({"received_on": ""}, "必須"),
        ({"key": "no-uuid"}, "もう一度操作してください"),
    ],
)
def test_a_refused_transfer_comes_back_filled(world: World, desk: Client, changed: dict[str, str], said: str) -> None:
    order = world.order()
    answer = transfer(desk, order, **changed)
    assert answer.status_code == 422
    assert said in text(answer)
    assert "ｱｵｿﾞﾗｾｲｻｸｼｮ" in text(answer)
    assert not Payment.objects.exists()


@pytest.mark.parametrize("step", [transfer, vendor, delivery])
def test_sending_twice_does_it_once(world: World, desk: Client, step: Callable[..., HttpResponse]) -> None:
    order = world.order()
    key = str(uuid4())
    for before in (transfer, vendor, delivery)[: (transfer, vendor, delivery).index(step)]:
        before(desk, order)
    assert [step(desk, order, key).status_code for _ in range(2)] == [302, 302]
    assert Payment.objects.count() == 1
    assert VendorOrder.objects.count() <= 1
    assert Key.objects.count() == (1 if step is delivery else 0)


def test_a_key_used_for_something_else_is_refused(world: World, desk: Client) -> None:
    order, key = world.order(), str(uuid4())
    transfer(desk, order, key, amount_yen="1000")
    answer = transfer(desk, order, key, amount_yen="2000")
    assert answer.status_code == 422
    assert "内容が変わったため" in text(answer)
    assert Payment.objects.get().amount_yen == 1000


def test_a_step_that_a_colleague_has_done_is_refused_in_words(world: World, desk: Client) -> None:
    order = world.arranged_order()
    for step in (transfer, vendor):
        answer = step(desk, order)
        assert answer.status_code == 422
        assert 'role="alert"' in text(answer)
    delivery(desk, order)
    assert "納品できるのは" in text(delivery(desk, order))
    assert Key.objects.count() == 1


def test_a_vendor_of_other_orders_is_refused_and_an_unknown_one_missing(world: World, desk: Client) -> None:
    order = world.order()
    transfer(desk, order)
    fields = {"reference": "A-1", "ordered_on": TODAY}
    answer = post(desk, order, "vendor-orders/other", **fields)
    assert answer.status_code == 422
    assert "未発注の明細はありません" in text(answer)
    assert post(desk, order, "vendor-orders/nobody", **fields).status_code == 404
    assert not OrderLine.objects.exclude(vendor_order=None).exists()


def test_a_line_without_key_or_certificate_is_refused_at_its_field(world: World, desk: Client) -> None:
    order = world.arranged_order()
    answer = delivery(desk, order, key_1="  ")
    assert answer.status_code == 422
    assert "明細 1 のライセンスキーまたは証書を入力してください" in text(answer)
    assert state_of(order) == "arranging"


@pytest.mark.parametrize("content", [PDF, b"\x89PNG\r\n\x1a\n...", b"\xff\xd8\xff\xe0..."])
def test_a_certificate_is_kept_as_it_came(world: World, desk: Client, content: bytes) -> None:
    order = world.arranged_order()
    upload = SimpleUploadedFile("../../etc/証書\u202e.exe", content, "text/html")
    assert delivery(desk, order, key_1="", certificate_1=upload).status_code == 302
    file = Key.objects.select_related("file").get(kind="certificate").file
    assert isinstance(file, StoredFile)
    with files.opened(file) as kept:
        assert kept.read() == content
    assert file.content_type in {"application/pdf", "image/png", "image/jpeg"}
    assert file.name.rpartition(".")[0] == "証書.exe"
    assert file.name.endswith((".pdf", ".png", ".jpg"))


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("license.pdf", b"MZ\x90\x00" + b"\0" * 100, "PDF、PNG、JPEG 以外"),
        ("license.pdf", b"<html><script>alert(1)</script>%PDF-", "PDF、PNG、JPEG 以外"),
        ("license.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "PDF、PNG、JPEG 以外"),
        ("big.pdf", PDF + b"\0" * 11 * 1024 * 1024, "10MB"),
        ("empty.pdf", b"", "空"),
    ],
)
def test_a_bad_upload_is_refused_and_delivers_nothing(
    world: World, desk: Client, name: str, content: bytes, said: str
) -> None:
    order = world.arranged_order()
    answer = delivery(desk, order, certificate_1=SimpleUploadedFile(name, content, "application/pdf"))
    assert answer.status_code == 422
    assert said in text(answer)
    assert "もう一度選択してください" in text(answer)
    assert "ABCD-EFGH-IJKL-MNOP" in text(answer)
    assert (state_of(order), StoredFile.objects.filter(name=name).count()) == ("arranging", 0)


def test_the_mails_of_the_order_are_listed(world: World, desk: Client) -> None:
    order = world.order()
    other = world.order(world.taro)
    mail = Message.objects.get(kind="sales/order_placed", recipient=order.member.email)
    page = text(desk.get(page_of(order)))  # type: ignore[arg-type]  # the test client's response
    assert mail.subject in page
    assert other.member.email not in page


def test_an_order_of_another_store_or_none_is_missing(world: World, desk: Client) -> None:
    order = world.order()
    assert desk.get(f"/backoffice/orders/193808/{order.number}/").status_code == 404
    assert desk.get("/backoffice/orders/87465/P0000-00000/").status_code == 404
    assert transfer(Client(), order).status_code == 302
    assert not Payment.objects.exists()


def test_the_page_costs_the_same_for_every_order(world: World, desk: Client) -> None:
    counts = set()
    for order in (world.arranged_order(), world.arranged_order(world.taro)):
        desk.get(page_of(order))
        with CaptureQueriesContext(connection) as captured:
            assert desk.get(page_of(order)).status_code == 200
        counts.add(len(captured))
    assert len(counts) == 1
