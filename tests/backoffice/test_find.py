"""The desk's search over everything, and one company across all stores."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from licenseonline.accounts.models import Company, Member, User
from licenseonline.kit import clock
from licenseonline.kit.rights import StaffRole
from licenseonline.licensing.models import Key
from licenseonline.records import history
from licenseonline.sales import deliveries
from licenseonline.sales.models import Order
from tests.world import World

ClientOf = Callable[[Member | User], Client]
SECRET = "QWER-TYUI-OPAS-DFGH"
FIND = "/backoffice/find/"


@pytest.fixture
def desk(world: World, client_of: ClientOf) -> Client:
    return client_of(world.operator)


def found(client: Client, text: str) -> str:
    answer = client.post(FIND, {"q": text})
    assert isinstance(answer, HttpResponse)
    assert answer.status_code == 200
    return answer.content.decode()


def delivered(world: World) -> Order:
    order = world.arranged_order()
    deliveries.deliver(order, items={1: deliveries.Item(starts_on=clock.today(), key=SECRET)}, by=world.operator)
    return order


def test_everything_is_found_by_number_name_and_address_however_it_is_typed(world: World, desk: Client) -> None:
    order = delivered(world)
    contract = order.lines.get().contract
    company = world.hanako.company
    Company.objects.filter(pk=company.pk).update(
        name="ＡＢＣウイルスバスター（株）", kana="エービーシー", corporate_number="7000012050002"
    )
    pages = {
        "order": reverse("backoffice:order", args=[87465, order.number]),
        "quote": reverse("backoffice:quote", args=[87465, order.quote.number]),
        "contract": reverse("admin:licensing_contract_change", args=[contract.pk]),
        "company": reverse("backoffice:company", args=[87465, company.pk]),
        "member": reverse("backoffice:member", args=[87465, world.hanako.pk]),
        "store": reverse("backoffice:store_admin", args=[87465]),
        "partner": reverse("backoffice:partner", args=[world.elsat.partner_id]),
    }
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    for kind, texts in {
        "order": [order.number, f" {order.number.lower()} ", order.number.translate(wide)],
        "quote": [order.quote.number],
        "contract": [contract.number],
        "company": [
            "abc",
            "ういるすばすた",
            "ｳｲﾙｽﾊﾞｽﾀｰ",
            "えーびーしー",
            "7000012050002",
            "ＡＢＣ ウイルスバスター(株)",
            "c",
            "バ",
            "株",
        ],
        "member": [world.hanako.name, "hanako@aozora.example", "HANAKO@"],
        "store": ["87465", "８７４６５"],
        "partner": ["sp10001"],
    }.items():
        for text in texts:
            assert f'href="{pages[kind]}"' in found(desk, text), (kind, text)
        assert f'href="{pages[kind]}"' in desk.get(FIND, {"q": texts[0]}).content.decode()
    assert "見つかりませんでした" in found(desk, "どこにもない名前")
    assert 'action="/backoffice/find/"' in desk.get("/backoffice/").content.decode()


def test_a_licence_key_is_found_by_post_only_and_the_find_is_recorded(
    world: World, desk: Client, client_of: ClientOf, caplog: pytest.LogCaptureFixture
) -> None:
    delivered(world)
    key = Key.objects.get()
    link = reverse("admin:licensing_contract_change", args=[key.entitlement.contract_id])
    for text in (SECRET, f"  {SECRET} ", SECRET[-5:]):
        page = found(desk, text)
        assert f'href="{link}"' in page
        assert "•••••" in page
    assert SECRET not in found(desk, "TYUI")
    looked_up = [entry for entry in history.of(key) if entry.event == "key.looked_up"]
    assert [entry.actor_id for entry in looked_up] == [world.operator.pk] * 3
    assert SECRET not in caplog.text
    assert link not in desk.get(FIND, {"q": SECRET}).content.decode()
    for text in (SECRET[:-1], SECRET[-4:], SECRET.lower()):
        assert f'href="{link}"' not in found(desk, text)
    assert len([entry for entry in history.of(key) if entry.event == "key.looked_up"]) == 3
    User.objects.filter(pk=world.operator.pk).update(role=StaffRole.CATALOGUE)
    assert f'href="{link}"' not in found(client_of(world.operator), SECRET)


@pytest.mark.parametrize(
    "text",
    [
        "\0",
        "あ" * 10_000,
        "a" * 10_000,
        "%_'\\",
        "\ud800",
        "9" * 200,
        "& | ! ( ):*",
        "--",
        "",
        "²",
        "<script>alert(1)</script>",
    ],
)
def test_nothing_that_is_typed_is_an_error(world: World, desk: Client, text: str) -> None:
    sent = text.encode(errors="replace").decode()
    for answer in (desk.post(FIND, {"q": sent}), desk.get(FIND, {"q": sent})):
        assert answer.status_code == 200
        assert "<script>alert" not in answer.content.decode()


def test_a_role_finds_what_it_may_see(world: World, client_of: ClientOf) -> None:
    order = world.order()
    Company.objects.filter(pk=order.company_id).update(name="<script>alert(1)</script>")
    for role, sees in ((StaffRole.ADMIN, True), (StaffRole.ACCOUNTING, True), (StaffRole.EDITOR, False)):
        User.objects.filter(pk=world.operator.pk).update(role=role)
        client = client_of(world.operator)
        page = found(client, order.number)
        assert (f"/orders/87465/{order.number}/" in page) == sees
        assert "<script>alert" not in page
        assert ("/members/" in found(client, world.hanako.email)) == sees
        assert "87465" in found(client, world.elsat.name)


def test_a_search_costs_the_same_for_one_and_three(world: World, desk: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            found(desk, "hanako@")
            found(desk, "青空")
        return len(captured)

    queries()
    before = queries()
    for _ in range(2):
        world.order()
    assert queries() == before


def test_a_company_is_seen_at_every_store_by_the_desk_alone(world: World, desk: Client, client_of: ClientOf) -> None:
    order = world.order()
    company, there = order.company, world.hanako_at_minato.company
    Company.objects.filter(pk=company.pk).update(corporate_number="7000012050002")
    Company.objects.filter(pk=there.pk).update(name="別の名前", corporate_number="7000012050002")
    page = desk.get(f"/backoffice/companies/87465/{company.pk}/everywhere").content.decode()
    for words in (str(world.minato), "別の名前", "法人番号が同じ", "合計 2社", f"{order.total_yen:,}円"):
        assert words in page
    Company.objects.filter(pk=there.pk).update(name=f"　{company.name}・", corporate_number="")
    page = desk.get(f"/backoffice/companies/87465/{company.pk}/everywhere").content.decode()
    assert "名前が同じ" in page
    alone = world.taro.company_id
    with CaptureQueriesContext(connection) as one:
        desk.get(f"/backoffice/companies/87465/{alone}/everywhere")
    with CaptureQueriesContext(connection) as two:
        desk.get(f"/backoffice/companies/87465/{company.pk}/everywhere")
    assert len(one) == len(two)
    assert client_of(world.partner).get(f"/backoffice/companies/87465/{company.pk}/everywhere").status_code == 302
    page = client_of(world.partner).get(f"/partner/companies/87465/{company.pk}").content.decode()
    assert str(world.minato) not in page
