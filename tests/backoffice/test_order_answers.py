"""What the desk does about an order besides its next step: answers, refunds, the customer's own 注文書."""

from collections.abc import Callable
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from licenseonline.accounts.models import Member, User
from licenseonline.backoffice import worklist
from licenseonline.kit import clock
from licenseonline.kit.rights import StaffRole
from licenseonline.sales import orders, timelines, wishes
from licenseonline.sales.models import Order, OrderFile
from tests.jobs import run_jobs
from tests.world import World

ClientOf = Callable[[Member | User], Client]
EVIL = "<script>alert(1)</script>"


def page_of(order: Order) -> str:
    return f"/backoffice/orders/{order.store_id}/{order.number}/"


def kinds(world: World) -> list[str]:
    found = worklist.by_deadline(worklist.collect(by=world.operator, store_id=None).values())
    return [task.kind for task in found]


def text(client: Client, order: Order) -> str:
    answer = client.get(page_of(order))
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_wish_waits_on_the_list_until_it_is_answered_and_money_until_it_is_given_back(
    world: World, client_of: ClientOf
) -> None:
    order, desk = world.order(), client_of(world.operator)
    orders.record_transfer(order, amount_yen=1000, received_on=clock.today(), payer_name="", by=world.operator)
    wish = wishes.ask(order, kind="cancel", text=EVIL, by=world.hanako)
    assert "wish" in kinds(world)
    page = text(desk, order)
    assert EVIL not in page
    assert "キャンセルのご依頼への回答" in page
    path, no = f"{page_of(order)}wishes/{wish.pk}", {"granted": "no", "text": "", "key": str(uuid4())}
    assert desk.post(path, no).status_code == 422
    yes = {"granted": "yes", "text": "承りました。", "key": str(uuid4())}
    for _ in range(2):
        assert desk.post(path, yes).status_code == 302
    assert kinds(world) == ["refund"]
    assert "返金の記録" in text(desk, order)
    refund = {"paid_on": clock.today().isoformat(), "key": str(uuid4())}
    for _ in range(2):
        assert desk.post(f"{page_of(order)}refund", refund).status_code == 302
    assert kinds(world) == []
    page = text(desk, order)
    assert "返金の記録" not in page
    assert "返金しました（1,000円）" in page.replace("¥", "")
    assert [event.label for event in timelines.of(order)][-1] == "返金しました"


def test_only_who_may_change_orders_answers(world: World, client_of: ClientOf) -> None:
    order = world.order()
    wish = wishes.ask(order, kind="change", text="数量を20に", by=world.hanako)
    User.objects.filter(pk=world.operator.pk).update(role=StaffRole.ACCOUNTING)
    desk = client_of(world.operator)
    assert "変更のご依頼への回答" not in text(desk, order)
    answer = desk.post(f"{page_of(order)}wishes/{wish.pk}", {"granted": "yes", "text": "", "key": str(uuid4())})
    assert answer.status_code == 403


def test_the_customers_own_paper_is_filed_with_how_it_came(world: World, client_of: ClientOf) -> None:
    order, desk = world.order(), client_of(world.operator)
    run_jobs()
    path = f"{page_of(order)}documents"
    asked = {"source": "fax", "key": str(uuid4()), "uploads": SimpleUploadedFile("注文書.pdf", b"%PDF-1.7\n%%EOF\n")}
    assert desk.post(path, asked | {"uploads": SimpleUploadedFile("a.pdf", b"MZ")}).status_code == 422
    asked = {"source": "fax", "key": str(uuid4()), "uploads": SimpleUploadedFile("注文書.pdf", b"%PDF-1.7\n%%EOF\n")}
    assert desk.post(path, asked).status_code == 302
    page = text(desk, order)
    for part in ("注文書.pdf", "FAX", "注文請書", "お客様の注文書を登録しました"):
        assert part in page
    kept = OrderFile.objects.get(kind="purchase_order")
    answer = desk.get(f"{path}/{kept.pk}")
    assert b"".join(answer) == b"%PDF-1.7\n%%EOF\n"
    assert answer["Content-Disposition"].startswith("attachment")
