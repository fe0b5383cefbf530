"""The sale's mails as their reader sees them."""

from html import unescape

import pytest
import time_machine
from django.utils.html import strip_tags

from licenseonline.accounts.models import Company
from licenseonline.catalog.models import Product
from licenseonline.records.models import Message
from licenseonline.sales import carts, quotes
from tests.jobs import run_jobs
from tests.web.member.helpers import delivered
from tests.world import World

KINDS = ["sales/quotation", "sales/order_placed", "sales/payment_received", "sales/delivered"]


@pytest.fixture
def mails(world: World) -> dict[str, Message]:
    order = delivered(world)
    run_jobs()
    assert order.number
    return {message.kind: message for message in Message.objects.all()}


@time_machine.travel("2026-11-24T10:00:00+09:00", tick=False)
def test_quotation_reads_like_a_letter(world: World) -> None:
    carts.put(world.sku("VBBSS-1Y-005"), quantity=10, by=world.hanako)
    quotes.issue(carts.TERM, subject="本社PC入替", by=world.hanako)
    run_jobs()
    message = Message.objects.get()
    assert message.subject == "【エルサットストア】お見積書のご送付（見積ID：Q2611-00001）"
    assert message.attachments.get().file.name == "見積書_Q2611-00001.pdf"
    assert message.text == TEXT


TEXT = """\
株式会社青空製作所
青空 花子 様

いつもお世話になっております。エルサットストアです。
お見積書を作成しましたので、添付のPDFをご確認ください。

見積ID：Q2611-00001
件名：本社PC入替
有効期限：2026年12月1日
納期：ご入金確認後 約3営業日
お支払い：銀行振込（前払い）ご注文後7営業日以内

1. ウイルスバスター ビジネスセキュリティサービス VBBSS-1Y-005
   型番 VBBSS-1Y-005 / 10ライセンス / 46,800円（税別）

小計（税別）：46,800円
消費税 10%：4,680円
合計（税込）：51,480円

ご注文は、次のページの「この見積で注文する」から承ります。
有効期限を過ぎた見積ではご注文いただけません。
http://shop.example/87465/member/quotes/Q2611-00001

------------------------------------------------------------
エルサットストア
販売者：エルサットストア販売株式会社
窓口：ライセンス窓口
営業時間：平日10:00-17:00
電話：03-0000-0000
メール：desk@87465.example
このメールに返信いただくと、窓口に届きます。
"""


@pytest.mark.parametrize("kind", KINDS)
def test_each_mail_says_who_writes_about_what(mails: dict[str, Message], kind: str) -> None:
    message = mails[kind]
    number = "見積ID：Q" if kind == "sales/quotation" else "注文ID：P"
    assert message.recipient == "hanako@aozora.example"
    assert message.reply_to == "desk@87465.example"
    for part in (message.text, unescape(strip_tags(message.html))):
        for text in (
            "株式会社青空製作所",
            "青空 花子 様",
            "エルサットストア",
            "ライセンス窓口",
            "平日10:00-17:00",
            number,
        ):
            assert text in part
    assert number in message.subject
    assert "http://shop.example/87465/member/" in message.text
    assert 'href="http://shop.example/87465/member/' in message.html


@pytest.mark.parametrize("kind", KINDS)
def test_text_is_laid_out_plainly(mails: dict[str, Message], kind: str) -> None:
    text = mails[kind].text
    assert "\n\n\n" not in text
    assert not [line for line in text.splitlines() if line != line.rstrip()]
    assert "<" not in text
    assert "{" not in text


def test_order_mail_says_where_and_how_much_to_pay(mails: dict[str, Message]) -> None:
    for text in (
        "みらい銀行 虎ノ門支店 普通 1234567",
        "お振込金額：51,480円",
        "お支払い期限：",
    ):
        assert text in mails["sales/order_placed"].text


def test_no_key_is_in_any_mail(mails: dict[str, Message]) -> None:
    for message in mails.values():
        assert "EFGH" not in message.text + message.html + message.subject


def test_signs_in_names_arrive_as_they_are_and_act_nowhere(world: World) -> None:
    company, product = "A&B <b>商会</b> 'C' &lt;", 'R&D <script>1</script> "Pro"'
    Company.objects.filter(pk=world.hanako.company_id).update(name=company)
    Product.objects.filter(code="vbbss").update(name=product)
    sku = world.sku("VBBSS-1Y-005")
    sku.name = product
    sku.save()
    world.hanako.company.refresh_from_db()
    delivered(world)
    run_jobs()
    for message in Message.objects.all():
        assert message.text.startswith(f"{company}\n")
        assert company in unescape(strip_tags(message.html))
        assert "<script>" not in message.html
        assert "<b>商会" not in message.html
    assert f"1. {product}\n" in Message.objects.get(kind="sales/quotation").text
