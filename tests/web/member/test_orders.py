"""Orders, contracts and the profile as members see them."""

from datetime import timedelta

import time_machine

from licenseonline.kit import clock
from licenseonline.licensing.models import Contract
from licenseonline.sales import orders
from tests.web.member.helpers import ClientOf, at, delivered, queries, status, text_of
from tests.world import World


def test_new_order_says_where_and_until_when_to_pay(world: World, client_of: ClientOf) -> None:
    order = world.order()
    due = order.receivable.due_on
    page = text_of(client_of(world.hanako), at("order", order.number))
    assert f"{due.year}年{due.month}月{due.day}日までにお振り込みください" in page
    assert "みらい銀行 虎ノ門支店 普通 1234567" in page
    assert f"注文ID {order.number}" in page
    assert "ご注文を承りました。" in page
    assert "（青空 花子）" in page


def test_part_payment_leaves_the_rest(world: World, client_of: ClientOf) -> None:
    order = world.order()
    orders.record_transfer(order, amount_yen=11_480, received_on=clock.today(), payer_name="ｱｵｿﾞﾗ", by=world.operator)
    page = text_of(client_of(world.hanako), at("order", order.number))
    assert "ご入金（11,480円）を確認しました。" in page
    assert "40,000円" in page
    assert "入金待ち" in page


def test_overdue_order_asks_to_call_the_desk(world: World, client_of: ClientOf) -> None:
    order = world.order()
    with time_machine.travel(clock.end_of_day(order.receivable.due_on) - timedelta(seconds=1), tick=False):
        assert "お支払い期限を過ぎています" not in text_of(client_of(world.hanako), at("order", order.number))
    with time_machine.travel(clock.end_of_day(order.receivable.due_on), tick=False):
        assert "お支払い期限を過ぎています" in text_of(client_of(world.hanako), at("order", order.number))


@time_machine.travel("2026-11-24T10:00:00+09:00", tick=False)
def test_arranged_order_says_about_when_it_comes(world: World, client_of: ClientOf) -> None:
    page = text_of(client_of(world.hanako), at("order", world.arranged_order().number))
    assert "納品の目安は2026年11月27日ごろです。" in page
    assert "（窓口）" in page
    assert "運営 太郎" not in page


def test_delivered_order_leads_to_contract_and_licence(world: World, client_of: ClientOf) -> None:
    order = delivered(world)
    contract = Contract.objects.get()
    page = text_of(client_of(world.ichiro), at("order", order.number))
    assert at("contract", contract.number) in page
    assert at("licences") in page
    assert "納品が完了しました" in page


def test_contract_shows_term_licence_and_order(world: World, client_of: ClientOf) -> None:
    order = delivered(world)
    contract = Contract.objects.get()
    client = client_of(world.hanako)
    assert contract.number in text_of(client, at("contracts"))
    page = text_of(client, at("contract", contract.number))
    assert contract.ends_on is not None
    for text in (
        "契約中",
        f"VC-{order.number}",
        at("order", order.number),
        "10ライセンス",
        f"{contract.ends_on.year}年",
    ):
        assert text in page
    with time_machine.travel(clock.end_of_day(contract.ends_on), tick=False):
        assert ">終了<" in text_of(client_of(world.hanako), at("contract", contract.number))


def test_contract_without_its_order_here_names_it_without_a_link(world: World, client_of: ClientOf) -> None:
    delivered(world)
    contract = Contract.objects.get()
    Contract.objects.update(order_number="OLD-1")
    page = text_of(client_of(world.hanako), at("contract", contract.number))
    assert "OLD-1" in page
    assert at("order", "OLD-1") not in page


def test_others_find_nothing(world: World, client_of: ClientOf) -> None:
    order = delivered(world)
    contract = Contract.objects.get()
    for route, number in (("order", order.number), ("contract", contract.number)):
        assert status(client_of(world.ichiro), at(route, number)) == 200
        assert status(client_of(world.taro), at(route, number)) == 404
        assert status(client_of(world.hanako_at_minato), at(route, number, store=193808)) == 404
    for route, sentence in (("orders", "注文はまだ"), ("contracts", "契約はまだ"), ("licences", "ライセンスはまだ")):
        assert sentence in text_of(client_of(world.taro), at(route))
        assert sentence not in text_of(client_of(world.ichiro), at(route))


def test_lists_need_as_many_queries_for_three_as_for_one(world: World, client_of: ClientOf) -> None:
    client, first = client_of(world.hanako), delivered(world)
    order_page = at("order", first.number)
    paths = [at("orders"), at("contracts"), at("licences")]
    before = [queries(client, path) for path in [*paths, order_page]]
    delivered(world)
    delivered(world, world.ichiro)
    assert [queries(client, path) for path in [*paths, order_page]] == before


def test_profile_shows_who_one_is_and_every_entry_of_the_notice(world: World, client_of: ClientOf) -> None:
    page = text_of(client_of(world.hanako), at("profile"))
    for text in (
        "株式会社青空製作所", "アオゾラセイサクショ", "一般企業", "青空 花子", "hanako@aozora.example", "会社情報の変更",
        "お客様情報の変更", "メールアドレスの変更", "パスワードの変更", "メールマガジンの配信設定", "退会手続き",
        "請求先情報の変更（銀行振込専用）",
    ):  # fmt: skip
        assert text in page
    assert at("inquiry") in page


def test_visitors_are_led_to_the_sign_in_page_and_back(world: World, client_of: ClientOf) -> None:
    client = client_of(world.hanako)
    client.cookies.clear()
    for route in ("cart", "quotes", "orders", "contracts", "licences", "profile"):
        assert client.get(at(route))["Location"].startswith(f"{at('login')}?next=")
