"""What each role of the desk sees of the back office."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from licenseonline.accounts.models import User
from licenseonline.kit.rights import RIGHTS, Right, StaffRole
from tests.world import World

ClientOf = Callable[[User], Client]

OPEN = {
    "home",
    "login",
    "logout",
    "start",
    "reissue",
    "password_new",
    "next",  # as the work list
    "filter_new",  # one's own
    "filter_remove",
    "bulk",  # each action asks for its own right
    "bulk_act",
    "bulk_result",
}  # to everybody who gets in; the work list shows what one may do


def test_every_page_of_the_desk_names_its_right() -> None:
    pages = get_resolver().namespace_dict["backoffice"][1].url_patterns
    unnamed = {page.name for page in pages if isinstance(page, URLPattern) and not hasattr(page.callback, "right")}
    assert unnamed == OPEN


@pytest.mark.parametrize("role", [role for role in StaffRole if Right.VIEW_STORES in RIGHTS[role]])
def test_a_list_is_seen_by_who_may_and_the_sidebar_shows_no_other(
    world: World, client_of: ClientOf, role: StaffRole
) -> None:
    User.objects.filter(pk=world.operator.pk).update(role=role)
    client = client_of(world.operator)
    home = client.get(reverse("backoffice:home")).content.decode()
    for name, right in (
        ("sales_order", Right.VIEW_SALES),
        ("accounts_member", Right.VIEW_CUSTOMERS),
        ("catalog_sku", Right.VIEW_CATALOGUE),
        ("stores_store", Right.VIEW_STORES),
        ("records_message", Right.VIEW_RECORDS),
    ):
        address = reverse(f"admin:{name}_changelist")
        may = right in RIGHTS[role]
        assert client.get(address).status_code == (200 if may else 403), name
        assert (f'href="{address}"' in home) == may, name


def test_the_work_list_and_an_order_show_what_one_may_do(world: World, client_of: ClientOf) -> None:
    order = world.order()
    address = reverse("backoffice:order", args=[order.store_id, order.number])
    for role, works, sees_cost in (
        (StaffRole.ACCOUNTING, True, True),
        (StaffRole.ORDERS, False, False),
        (StaffRole.ADMIN, True, True),
    ):
        User.objects.filter(pk=world.operator.pk).update(role=role)
        client = client_of(world.operator)
        assert (order.number in client.get(reverse("backoffice:home")).content.decode()) == works
        page = client.get(address).content.decode()
        assert ("入金を記録する" in page) == works
        assert ("原価" in page) == sees_cost


def test_a_page_without_the_right_says_which_one_is_missing(world: World, client_of: ClientOf) -> None:
    order = world.order()
    User.objects.filter(pk=world.operator.pk).update(role=StaffRole.EDITOR)
    answer = client_of(world.operator).get(reverse("backoffice:order", args=[order.store_id, order.number]))
    assert answer.status_code == 403
    assert "「見積・注文・契約の閲覧」の権限が必要です" in answer.content.decode()
