"""The confirmation before the order, and what a member does with an order, on the pages."""

from django.core.files.uploadedfile import SimpleUploadedFile

from licenseonline.sales import carts, wishes
from licenseonline.sales.models import Order, OrderFile, OrderWish
from licenseonline.stores.models import Store
from tests.jobs import run_jobs
from tests.web.member.helpers import ClientOf, at, content, delivered, new_key, queries, status, text_of
from tests.world import World

EVIL = "<script>alert(1)</script>"


def upload(content_: bytes = b"%PDF-1.7\n%%EOF\n") -> SimpleUploadedFile:
    return SimpleUploadedFile("注文書.pdf", content_)


def test_the_confirmation_says_what_comes_next_and_takes_number_and_paper(world: World, client_of: ClientOf) -> None:
    quote, client = world.quote(), client_of(world.hanako)
    page = text_of(client, at("quote_order", quote.number))
    for text in ("ご注文後の流れ", "お振り込みください", "納品の目安", "貴社の注文書"):
        assert text in page
    asked = {"terms": "on", "key": new_key(), "po_number": EVIL, "purchase_orders": [upload(b"MZ hostile")]}
    answer = client.post(at("quote_order", quote.number), asked)
    assert answer.status_code == 422
    assert "受け付けられるのは" in answer.content.decode()
    assert "もう一度お選びください" in answer.content.decode()
    assert EVIL not in answer.content.decode()
    answer = client.post(at("quote_order", quote.number), asked | {"key": new_key(), "purchase_orders": [upload()]})
    order = Order.objects.get()
    assert answer["Location"] == at("order", order.number)
    assert (order.po_number, order.files.get().kind) == (EVIL, "purchase_order")
    page = text_of(client, at("order", order.number))
    assert EVIL not in page
    assert "注文書.pdf" in page
    assert "注文書を添付しました。" in page


def test_from_the_cart_where_the_store_allows_it(world: World, client_of: ClientOf) -> None:
    client = client_of(world.hanako)
    carts.put(world.sku("VBBSS-1Y-005"), quantity=10, by=world.hanako)
    path = at("cart_order")
    assert "このまま注文に進む" not in text_of(client, at("cart"))
    assert client.get(path)["Location"] == at("cart")
    store = Store.objects.get(pk=87465)
    store.orders_from_cart = True
    store.save()
    assert "このまま注文に進む" in text_of(client, at("cart"))
    page = text_of(client, f"{path}?form={carts.TERM}")
    assert 'name="total" value="51480"' in page
    asked = {"terms": "on", "form": carts.TERM, "total": "51480", "key": new_key()}
    stale = client.post(path, asked | {"total": "1", "key": new_key()})
    assert (stale.status_code, Order.objects.count()) == (422, 0)
    first, second = (client.post(path, asked) for _ in range(2))
    assert first["Location"] == second["Location"] == at("order", Order.objects.get().number)
    assert client.get(f"{path}?form={carts.TERM}")["Location"] == at("cart")  # it is empty now


def test_documents_are_downloaded_as_they_were_kept_and_by_nobody_else(world: World, client_of: ClientOf) -> None:
    order, client = world.order(), client_of(world.ichiro)
    run_jobs()
    path = at("order_document", order.number, OrderFile.objects.get().pk)
    answers = [client.get(path) for _ in range(2)]
    first, second = (content(answer) for answer in answers)
    assert first == second
    assert first.startswith(b"%PDF-")
    assert answers[0]["Content-Disposition"].startswith("attachment")
    assert status(client_of(world.taro), path) == 404
    assert "注文請書" in text_of(client, at("order", order.number))


def test_cancelling_and_asking_on_the_page(world: World, client_of: ClientOf) -> None:
    order, client = world.order(), client_of(world.hanako)
    path = at("order", order.number)
    assert "すぐにキャンセルできます" in text_of(client, path)
    empty = client.post(at("order_wish", order.number), {"kind": "change", "text": "", "key": new_key()})
    assert empty.status_code == 422
    assert "変更の内容を入力してください。" in empty.content.decode()
    change = {"kind": "change", "text": EVIL, "key": new_key()}
    for _ in range(2):
        assert client.post(at("order_wish", order.number), change)["Location"] == path
    wish = OrderWish.objects.get()
    wishes.answer(wish, granted=False, text="数量は変えられません。", by=world.operator)
    page = text_of(client, path)
    assert EVIL not in page
    assert "数量は変えられません。" in page
    client.post(at("order_wish", order.number), {"kind": "cancel", "text": "", "key": new_key()})
    page = text_of(client, path)
    assert "このご注文はキャンセルされました" in page
    assert "badge-stop" in page
    assert "ご注文をキャンセルする" not in page
    again = client.post(at("order_wish", order.number), {"kind": "cancel", "text": "", "key": new_key()})
    assert again.status_code == 422
    assert client_of(world.taro).post(at("order_wish", order.number), change).status_code == 404


def test_receipt_is_confirmed_once_and_late_papers_are_added(world: World, client_of: ClientOf) -> None:
    order, client = delivered(world), client_of(world.hanako)
    assert "受領を確認する" in text_of(client, at("order", order.number))
    agreed = {"key": new_key()}
    for _ in range(2):
        assert client.post(at("order_received", order.number), agreed).status_code == 302
    answer = client.post(at("order_attach", order.number), {"key": new_key(), "purchase_orders": [upload()]})
    assert answer.status_code == 302
    assert client.post(at("order_attach", order.number), {"key": new_key()}).status_code == 422
    run_jobs()
    page = text_of(client, at("order", order.number))
    for text in ("完了", "受領書", "受領を確認しました。", "検収書を依頼する"):
        assert text in page
    assert "受領を確認する" not in page


def test_the_page_asks_the_same_number_of_questions_however_much_there_is(world: World, client_of: ClientOf) -> None:
    client = client_of(world.hanako)
    one, many = world.order(), world.order()
    path = at("order", many.number)
    for order, text in ((one, "a"), (many, "a"), (many, "b"), (many, "c")):
        wish = wishes.ask(order, kind="change", text=text, by=world.hanako)
        wishes.answer(wish, granted=True, text="", by=world.operator)
        client.post(at("order_attach", order.number), {"key": new_key(), "purchase_orders": [upload()]})
    queries(client, path)
    assert queries(client, path) == queries(client, at("order", one.number))
