"""エンドユーザー情報: a vendor's form in versions, filled in once, checked, handed in and given to the vendor in its shape."""

import io
import threading
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from python_calamine import CalamineWorkbook

from licenseonline.accounts.models import Member, User
from licenseonline.catalog.models import Paper
from licenseonline.kit import scope
from licenseonline.kit.errors import NotVisible, Refused
from licenseonline.records import history
from licenseonline.sales import end_users, papers, wishes
from licenseonline.sales.models import EndUserSheet, Order, OrderWish, PaperState, VendorForm
from tests.pdf_text import text_of as words_of
from tests.sales.test_races import at_once
from tests.web.member.helpers import at, new_key, queries, text_of
from tests.world import World

ClientOf = Callable[[Member | User], Client]
FIELDS: list[dict[str, Any]] = [
    {"name": "company", "label": "会社名", "kind": "text", "required": True, "most": 40, "prefill": "company", "column": "会社"},
    {"name": "kana", "label": "フリガナ", "kind": "kana", "prefill": "kana", "column": "カナ"},
    {"name": "tel", "label": "電話番号", "kind": "tel", "prefill": "phone", "column": "TEL"},
    {"name": "mail", "label": "メール", "kind": "mail", "required": True, "prefill": "email", "column": "E-mail"},
    {"name": "since", "label": "開始日", "kind": "date", "column": "開始日"},
    {"name": "seats", "label": "人数", "kind": "number", "column": "人数"},
    {"name": "sort", "label": "種別", "kind": "choice", "choices": ["企業", "学校"], "column": "種別"},
]  # fmt: skip
GOOD = {
    "company": "株式会社青空",
    "mail": "ａ@aozora.example",
    "seats": "１,２００",
    "sort": "企業",
    "since": "2027/4/1",
}


def form(world: World, version: int = 1, vendor: str = "VBBSS-1Y-005", **changes: object) -> VendorForm:
    given = {"name": "届け出", "from_day": date(2026, 1, 1), "fields": FIELDS, **changes}
    return VendorForm.objects.create(vendor=world.sku(vendor).product.vendor, version=version, **given)


@pytest.mark.parametrize(
    ("name", "typed", "kept"),
    [
        ("company", " <b>青空</b>　", "<b>青空</b>"), ("company", "", None), ("company", "あ" * 41, None),
        ("kana", "あおぞら", "アオゾラ"), ("kana", "青空", None), ("tel", "０３-１２３４-５６７８", "03-1234-5678"),
        ("tel", "99", None), ("mail", "no", None), ("mail", "a@b.example\r\nBcc: c@d.example", None),
        ("since", "2027-02-29", None), ("since", "20270401x", None), ("seats", "1,200", "1200"), ("seats", "多数", None),
        ("sort", "学校", "学校"), ("sort", "<script>", None), ("since", "", ""),
    ],
)  # fmt: skip
def test_each_kind_is_checked_in_words(name: str, typed: str, kept: str | None) -> None:
    field = next(field for field in FIELDS if field["name"] == name)
    if kept is not None:
        assert end_users.checked(field, typed) == kept
        return
    with pytest.raises(Refused) as refusal:
        end_users.checked(field, typed)
    assert refusal.value.field == name
    assert "%(" not in refusal.value.message


def test_newest_version_of_the_orders_day_and_only_what_the_lines_ask_for(world: World) -> None:
    form(world)
    second = form(world, 2)
    form(world, 3, from_day=date(2099, 1, 1))
    form(world, name="更新", purchase_type="renewal")
    form(world, vendor="ADOBE-CC")
    assert end_users.forms_of(world.order()) == [second]


def test_filled_once_it_begins_the_next_one_and_is_the_vendors_paper(world: World) -> None:
    asked, order = form(world), world.order()
    known = end_users.prefilled(order, asked, member=world.hanako)
    assert (known["company"], known["mail"], known["seats"]) == ("株式会社青空製作所", "hanako@aozora.example", "")
    why = "メーカーへの申し込みに必要です。"
    paper = papers.ask(order, order.lines.get(), paper=Paper.APPLICATION_FORM, why=why, by=world.operator)
    sheet = end_users.fill(order, asked, GOOD | {"company": "=cmd()"}, by=world.ichiro)
    paper.refresh_from_db()
    order.refresh_from_db()
    assert (paper.state, order.state) == (PaperState.HANDED_IN, Order.State.IN_REVIEW)
    assert sheet.answers["seats"] == "1200"
    assert "order.end_user_filled" in [entry.event for entry in history.of(order)]
    header, rows = end_users.table_of(sheet)
    assert header[:4] == ["注文ID", "型番", "数量", "会社"]
    assert rows == [
        [order.number, "VBBSS-1Y-005", 10, "=cmd()", "", "", "a@aozora.example", "2027-04-01", "1200", "企業"]
    ]
    text = "".join(words_of(end_users.pdf_of(sheet)))
    for part in ("届け出", order.number, "a@aozora.example", "VBBSS-1Y-005"):
        assert part in text
    assert end_users.prefilled(world.order(), asked, member=world.hanako)["company"] == "=cmd()"
    with pytest.raises(NotVisible):
        end_users.fill(order, asked, GOOD, by=world.taro)
    assert end_users.prefilled(world.order(world.taro), asked, member=world.taro)["company"] == "学校法人みどり学園"
    wishes.ask(order, kind=OrderWish.Kind.CANCEL, text="", by=world.hanako)
    with pytest.raises(Refused) as refusal:
        end_users.fill(order, asked, GOOD, by=world.hanako)
    assert refusal.value.code == "state"


def test_two_who_fill_it_at_once_make_one_sheet(committed: World) -> None:
    with scope.platform():
        asked, order, hanako = form(committed), committed.order(), committed.hanako
    ready = threading.Barrier(2)

    def fill(company: str) -> str:
        with scope.stores([87465]):
            mine = Order.objects.select_related("store").get(pk=order.pk)
            ready.wait(20)
            end_users.fill(mine, asked, GOOD | {"company": company}, by=hanako)
        connection.close()
        return "filled"

    assert at_once(lambda: fill("一"), lambda: fill("二")) == ["filled", "filled"]
    with scope.platform():
        assert EndUserSheet.objects.count() == 1


def test_on_the_pages(world: World, client_of: ClientOf) -> None:
    asked, client = form(world), client_of(world.hanako)
    assert "届け出" in text_of(client, at("quote_order", world.quote().number))
    order = world.order()
    page = text_of(client, at("order", order.number))
    assert "未入力" in page
    path = at("order_end_user", order.number, asked.pk)
    assert 'value="株式会社青空製作所"' in text_of(client, path)
    bad = client.post(path, {"company": "", "mail": "x<script>", "sort": "other", "key": new_key()})
    assert bad.status_code == 422
    assert "会社名を入力してください。" in bad.content.decode()
    assert "x<script>" not in bad.content.decode()
    sent = GOOD | {"company": "=1+1", "key": new_key()}
    for _ in range(2):
        assert client.post(path, sent)["Location"] in {at("order", order.number), path}
    assert "入力済み" in text_of(client, at("order", order.number))
    assert client_of(world.taro).get(path).status_code == 404
    desk = client_of(world.operator)
    base = f"/backoffice/orders/87465/{order.number}/"
    assert "入力済み" in desk.get(base).content.decode()
    sheet = EndUserSheet.objects.get()
    answer = desk.get(f"{base}end-users/{sheet.pk}.csv").content.decode("utf-8-sig")
    assert "'=1+1" in answer
    book = CalamineWorkbook.from_filelike(io.BytesIO(desk.get(f"{base}end-users/{sheet.pk}.xlsx").content))
    assert book.get_sheet_by_index(0).to_python()[1][3] == "=1+1"
    assert desk.get(f"{base}end-users/{sheet.pk}.pdf").content.startswith(b"%PDF-")
    assert desk.get(f"{base}end-users/{sheet.pk}.exe").status_code == 404


def test_two_forms_ask_no_more_than_one(world: World, client_of: ClientOf) -> None:
    form(world)
    order, client = world.order(), client_of(world.hanako)
    path = at("order", order.number)
    queries(client, path)
    one = queries(client, path)
    form(world, name="もう一つ")
    assert queries(client, path) == one
