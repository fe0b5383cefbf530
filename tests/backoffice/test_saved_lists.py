"""Kept conditions: a chip above the list, one's own, and nothing in them but the list's own parameters."""

from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from licenseonline.accounts import saved_filters
from licenseonline.accounts.models import Member, SavedFilter, User
from licenseonline.kit.errors import Refused
from tests.world import World

ClientOf = Callable[[Member | User], Client]


@pytest.fixture
def desk(world: World, client_of: ClientOf) -> Client:
    return client_of(world.operator)


def new(page: str, **query: str) -> str:
    return f"{reverse('backoffice:filter_new', args=[page])}?{urlencode(query)}"


def text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


@pytest.mark.parametrize(
    ("page", "query"),
    [
        ("work", "kind=payment&store=87465"),
        ("sales_order", "q=%E9%9D%92%E7%A9%BA&state__exact=awaiting_payment"),
        ("sales_quote", "o=-6&valid_until__gte=2026-11-23"),
        ("accounts_company", "kind__exact=academic"),
        ("accounts_member", "is_active__exact=0"),
        ("licensing_contract", "store__id__exact=87465"),
        ("records_message", "state__exact=failed"),
    ],
)
def test_a_lists_conditions_are_kept_under_a_name_and_dropped(
    world: World, desk: Client, page: str, query: str
) -> None:
    shown = reverse("backoffice:home" if page == "work" else f"admin:{page}_changelist")
    assert f"{reverse('backoffice:filter_new', args=[page])}?{query.replace('&', '&amp;')}" in text(
        desk, f"{shown}?{query}"
    )
    assert "この条件を保存" not in text(desk, shown)
    assert "条件の名前" in text(desk, f"{reverse('backoffice:filter_new', args=[page])}?{query}")
    for _twice in range(2):
        answer = desk.post(f"{reverse('backoffice:filter_new', args=[page])}?{query}", {"name": " <b>私の条件 "})
        assert (answer.status_code, answer["Location"]) == (302, f"{shown}?{query}")
    kept = SavedFilter.objects.get()
    assert (kept.name, kept.query) == ("<b>私の条件", query)
    narrowed = text(desk, f"{shown}?{query}")
    assert "&lt;b&gt;私の条件" in narrowed
    assert "この条件を保存" not in narrowed
    assert f"{shown}?{query.replace('&', '&amp;')}" in text(desk, shown)
    remove = reverse("backoffice:filter_remove", args=[page, kept.pk])
    for _twice in range(2):
        assert desk.post(remove)["Location"] == shown
    assert not SavedFilter.objects.exists()


def test_only_a_lists_own_parameters_are_kept(world: World, desk: Client) -> None:
    odd = {"next": "https://evil.example", "e": "1", "p": "3", "password__startswith": "a", "q": "x\r\ny", "kind": "a"}
    desk.post(new("sales_order", **odd), {"name": "a"})
    assert SavedFilter.objects.get().query == urlencode({"q": "x\r\ny"})
    empty = desk.post(new("sales_order", **{**odd, "q": ""}), {"name": "b"})
    assert empty.status_code == 422
    assert "絞り込みの条件がありません" in empty.content.decode()
    assert desk.get("/backoffice/lists/auth_user/conditions/new").status_code == 404
    assert desk.post("/backoffice/lists/nowhere/conditions/1/remove").status_code == 404


def test_a_refused_name_comes_back_at_its_field(world: World, desk: Client) -> None:
    desk.post(new("work", kind="payment"), {"name": "急ぎ"})
    again = desk.post(new("work", kind="company"), {"name": "急ぎ"})
    assert again.status_code == 422
    assert "同じ名前の条件があります" in again.content.decode()
    assert 'value="急ぎ"' in again.content.decode()
    assert "入力してください" in desk.post(new("work", kind="company"), {"name": "  "}).content.decode()
    assert desk.post(new("work", kind="company"), {"name": "あ" * 61}).status_code == 422
    for number in range(saved_filters.MOST - 1):
        saved_filters.keep(world.operator, page="work", name=f"条件{number}", query=f"store={number}")
    with pytest.raises(Refused) as refused:
        saved_filters.keep(world.operator, page="work", name="もう1つ", query="kind=delivery")
    assert (refused.value.code, refused.value.field) == ("limit", "name")
    with pytest.raises(Refused, match="長すぎる"):
        saved_filters.keep(world.operator, page="sales_order", name="長い", query="q=" + "a" * 2000)


def test_nobody_sees_or_drops_anothers(world: World, desk: Client, client_of: ClientOf) -> None:
    other = User.objects.get(pk=world.operator.pk)
    other.pk, other.email = None, "other@desk.example"
    other.save()
    kept = saved_filters.keep(other, page="work", name="他の人の条件", query="kind=company")
    assert "他の人の条件" not in text(desk, "/backoffice/")
    desk.post(reverse("backoffice:filter_remove", args=["work", kept.pk]))
    assert SavedFilter.objects.filter(pk=kept.pk).exists()
    assert "他の人の条件" in text(client_of(other), "/backoffice/")
    for actor in (world.hanako, world.partner, None):
        client = client_of(actor) if actor else Client()
        assert client.get(new("work", kind="company")).status_code == 302
        client.post(reverse("backoffice:filter_remove", args=["work", kept.pk]))
        client.post(new("work", kind="company"), {"name": "x"})
    assert SavedFilter.objects.count() == 1


def test_a_list_costs_the_same_for_one_and_three_kept(world: World, desk: Client) -> None:
    def queries(path: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            text(desk, path)
        return len(captured)

    pages = ["/backoffice/", reverse("admin:sales_order_changelist")]
    for name in ("a", "b", "c"):
        for page in ("work", "sales_order"):
            saved_filters.keep(world.operator, page=page, name=name, query=f"q={name}")
        if name == "a":
            _warm, one = [queries(path) for path in pages], [queries(path) for path in pages]
    assert [queries(path) for path in pages] == one
