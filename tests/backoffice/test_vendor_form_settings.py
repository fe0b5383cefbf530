"""What a vendor wants to know of the end user, as the desk sets it up: read line by line, and left alone once it was filled in."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from licenseonline.accounts.models import Member, User
from licenseonline.kit import clock
from licenseonline.kit.errors import Refused
from licenseonline.kit.rights import StaffRole
from licenseonline.sales import end_users, form_fields
from licenseonline.sales.models import EndUserSheet, VendorForm
from tests.world import World

ADD = "/backoffice/sales/vendorform/add/"
LINES = (
    "会社名・団体名｜文字｜必須｜会社名｜使用者名｜６０\n種別|選択|必須|||| 企業、教育機関\nご利用開始希望日｜日付\n"
)


def written(world: World, **changed: object) -> dict[str, object]:
    vendor = world.sku("VBBSS-R1").product.vendor_id
    form = {
        "vendor": vendor,
        "name": "登録情報",
        "version": "1",
        "from_day": "2026-04-01",
        "purchase_type": "",
        "fields": LINES,
    }
    return {**form, **changed}


def test_a_form_is_written_line_by_line_and_what_was_filled_in_stays(
    world: World, client_of: Callable[[Member | User], Client]
) -> None:
    desk = client_of(world.operator)
    assert desk.get(ADD).status_code == 200
    assert desk.post(ADD, written(world)).status_code == 302
    kept = VendorForm.objects.get()
    assert [field["label"] for field in kept.fields] == ["会社名・団体名", "種別", "ご利用開始希望日"]
    assert kept.fields[0] | {"name": "company", "required": True, "most": 60, "column": "使用者名"} == kept.fields[0]
    assert kept.fields[1]["choices"] == ["企業", "教育機関"]
    assert end_users.checked(kept.fields[0], "青空製作所") == "青空製作所"
    path = reverse("admin:sales_vendorform_change", args=[kept.pk])
    assert "種別｜選択｜必須｜｜｜｜企業、教育機関" in desk.get(path).content.decode()
    names = [field["name"] for field in kept.fields]
    assert desk.post(path, written(world, fields=f"{LINES}備考")).status_code == 302
    kept.refresh_from_db()
    assert [field["name"] for field in kept.fields][:3] == names
    order = world.order()
    EndUserSheet.objects.create(store=order.store, order=order, form=kept, answers={}, filled_at=clock.now())
    answer = desk.post(path, written(world, fields=LINES))
    assert "新しい版（番号と適用開始日）を追加してください" in answer.content.decode()
    assert desk.post(path, written(world, fields=f"{LINES}備考")).status_code == 302  # nothing changed
    assert desk.get(reverse("admin:sales_vendorform_delete", args=[kept.pk])).status_code == 403
    assert desk.post(ADD, written(world, version="2", from_day="2099-04-01")).status_code == 302
    assert end_users.forms_of(order) == [kept]
    User.objects.filter(pk=world.operator.pk).update(role=StaffRole.ACCOUNTING)
    assert desk.get(ADD).status_code == 403


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (" \n", "項目を1行に1つずつ"),
        ("会社名\n会社名", "2行目：表示名が重複"),
        ("会社名｜色", "「色」は使えません"),
        ("会社名｜文字｜はい", "「必須」または「任意」"),
        ("会社名｜文字｜必須｜住所録", "「住所録」は使えません"),
        ("会社名｜文字｜必須｜｜｜0", "文字数は1から200まで"),
        ("種別｜選択", "種類が「選択」のときだけ"),
        ("種別｜文字｜任意｜｜｜｜企業", "種類が「選択」のときだけ"),
        ("長" * 61, "60文字以内"),
    ],
)
def test_lines_that_say_nothing_are_refused_with_their_number(text: str, said: str) -> None:
    with pytest.raises(Refused, match=said):
        form_fields.read(text)


def test_what_is_written_reads_back_the_same() -> None:
    fields = form_fields.read(LINES)
    assert form_fields.read(form_fields.written(fields), fields) == fields
