"""ストアの管理 on the desk."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from licenseonline.accounts.models import Member, User
from licenseonline.backoffice import partner_pages, store_pages
from licenseonline.catalog.models import StoreListing
from licenseonline.kit import clock
from licenseonline.kit.rights import StaffRole
from licenseonline.stores import stores
from licenseonline.stores.models import Store
from tests.kit.test_svg import HEAD, a_png
from tests.stores.store_acts import SETTINGS, prepared
from tests.world import World

ClientOf = Callable[[Member | User], Client]
NEW, ADMIN = "/backoffice/stores-admin/new", "/backoffice/stores-admin/55555"


def given(world: World, **changes: object) -> dict[str, object]:
    typed = {name: value for name, value in SETTINGS.items() if value is not False}
    return {**typed, "number": "55555", "partner": world.elsat.partner_id, "rate": "3.5", **changes}


@pytest.fixture
def desk(world: World, client_of: ClientOf) -> Client:
    return client_of(world.operator)


def test_a_store_is_prepared_from_another_looked_at_and_published(world: World, desk: Client) -> None:
    form = desk.get(f"{NEW}?from=87465").content.decode()
    assert 'value="エルサットストア販売株式会社"' in form
    assert 'value="エルサットストア"' not in form
    assert "必ず確認してください" in form
    logo = SimpleUploadedFile("a.svg", f'{HEAD}<path d="M0 0"/></svg>'.encode())
    made = desk.post(NEW, given(world, source=87465, logo=logo, seal=SimpleUploadedFile("s.png", a_png())))
    assert made["Location"] == ADMIN
    store = Store.objects.get(pk=55555)
    assert store.logo_svg.startswith("<svg")
    assert stores.commission_per_mille(store, clock.today()) == 35
    assert StoreListing.objects.filter(store=store).exists()
    page = desk.get(ADMIN).content.decode()
    [link] = re.findall(r'href="(/55555/preview/[^"]+)"', page)
    assert Client().get(link)["Location"] == "/55555/"
    assert desk.post(f"{ADMIN}/publish")["Location"] == ADMIN
    assert Client().get("/55555/").status_code == 200
    assert "ほかのストアからの複製" in desk.get(ADMIN).content.decode()
    assert "公開中" in desk.get("/backoffice/stores-admin/").content.decode()


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("number", "87465", "すでに使われています"),
        ("number", "x", "数字を入力してください"),
        ("brand", "#7fb2e5", "4.5:1以上の濃い色"),
        ("brand", "blue", "色は #1f4e79 のように"),
        ("partner", "", "セールスパートナーを選択してください"),
        ("desk_email", "x", "メールアドレスの形式"),
        ("seller_postal_code", "1", "郵便番号"),
        ("registration_number", "T1234567890123", "登録番号は「T」と13桁"),
        ("host", "no host", "ホスト名は"),
        ("rate", "101", "100"),
        ("logo", SimpleUploadedFile("a.svg", b"x"), "SVGファイルとして読み取れませんでした"),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_the_rest_stays(
    world: World, desk: Client, field: str, value: object, said: str
) -> None:
    answer = desk.post(NEW, given(world, **{field: value}))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert 'value="北日本販売株式会社"' in page
    assert not Store.objects.filter(pk=55555).exists()


def test_a_copy_that_fails_leaves_nothing(world: World, desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = desk.post(NEW, given(world, source="99999"))
    assert answer.status_code == 422
    assert not Store.objects.filter(pk=55555).exists()


def test_settings_are_changed_with_history(world: World, desk: Client) -> None:
    prepared(world)
    assert 'value="北ストア"' in desk.get(f"{ADMIN}/edit").content.decode()
    changed = desk.post(f"{ADMIN}/edit", given(world, name="北の店", quote_days="14"))
    assert changed["Location"] == ADMIN
    page = desk.get(ADMIN).content.decode()
    assert "<del>北ストア</del> → <ins>北の店</ins>" in page
    assert "<del>7</del> → <ins>14</ins>" in page
    assert desk.post(f"{ADMIN}/edit", given(world, terms="別の条件")).status_code == 422


def test_the_steps_of_a_store(world: World, desk: Client) -> None:
    path = "/backoffice/stores-admin/87465"
    day = clock.today() + timedelta(days=40)
    later = (clock.today() + timedelta(days=30)).isoformat()
    for step, data, status in (
        ("holidays", {"holidays": "きのう"}, 422),
        ("holidays", {"holidays": "2026-02-31 x"}, 422),
        ("holidays", {"holidays": f"{day:%Y/%m/%d}　創立記念日\n"}, 302),
        ("commission", {"rate": "4", "from_day": "2020-01-01"}, 422),
        ("commission", {"rate": "4.5", "from_day": later}, 302),
        ("pause", {"note": ""}, 422),
        ("pause", {"note": "休止します"}, 302),
        ("pause", {"note": "休止します"}, 422),
        ("publish", {}, 302),
        ("close", {"note": "閉店します", "readable_until": "2020-01-01"}, 422),
        ("close", {"note": "閉店します", "readable_until": later}, 302),
        ("nothing", {}, 404),
    ):
        assert desk.post(f"{path}/{step}", data).status_code == status, (step, data)
    page = desk.get(path).content.decode()
    assert "創立記念日" in page
    assert "から 4.5%" in page
    assert "閉店します" in page
    assert page.count("desk-step") == 3  # publish again, holidays, commission


def test_only_administrators_manage_stores(world: World, client_of: ClientOf) -> None:
    User.objects.filter(pk=world.operator.pk).update(role=StaffRole.ORDERS)
    client = client_of(world.operator)
    for path in (NEW, "/backoffice/stores-admin/", "/backoffice/stores-admin/87465"):
        assert client.get(path).status_code == 403


@pytest.mark.parametrize(
    ("path", "names"), [("stores-admin", ["87465", "193808"]), ("partners", ["SP10001", "SP10002"])]
)
def test_long_lists_have_pages(desk: Client, monkeypatch: pytest.MonkeyPatch, path: str, names: list[str]) -> None:
    for pages in (store_pages, partner_pages):
        monkeypatch.setattr(pages, "PER_PAGE", 1)
    for number, (name, other) in enumerate((names, names[::-1]), start=1):
        page = desk.get(f"/backoffice/{path}/?page={number}").content.decode()
        table = page[page.index("<tbody>") : page.index("</tbody>")]
        assert name in table
        assert other not in table
        assert f"2ページ中{number}ページ目" in page
