"""Which role may do what: 管理者, 購買担当 and 閲覧, verb by verb."""

from collections.abc import Callable

import pytest
from django.test import Client

from licenseonline.accounts import colleagues, invitations, members
from licenseonline.accounts.models import Member, Role, User
from licenseonline.kit.errors import Refused
from licenseonline.licensing import keys
from licenseonline.licensing.models import Key
from licenseonline.sales import carts, deliveries, orders, quotes
from licenseonline.sales.models import Quote
from tests.world import World

ClientOf = Callable[[Member | User], Client]
Verb = Callable[[World, Member], object]


def put(world: World, by: Member) -> None:
    carts.put(world.sku("VBBSS-1Y-005"), quantity=5, by=by)


def quote(world: World, by: Member) -> object:
    return quotes.issue("term", by=by)


def order(world: World, by: Member) -> object:
    offered = Quote.objects.filter(company=by.company, order=None).latest("pk")
    return orders.place(offered, accepted_terms="2026-04-01", by=by)


def reveal(world: World, by: Member) -> object:
    return keys.reveal(Key.objects.visible_to(by).get(), by=by)


def invite(world: World, by: Member) -> object:
    return invitations.invite("jiro@aozora.example", role="buyer", by=by)


def change_role(world: World, by: Member) -> object:
    return colleagues.change_role(Member.objects.get(pk=world.hanako.pk), "admin", by=by)


def remove(world: World, by: Member) -> object:
    gone = Member.objects.create(
        store=by.store,
        company=by.company,
        email="gone@aozora.example",
        name="人",
        kana="ヒト",
        created_at=by.created_at,
    )
    return colleagues.remove(gone, by=by)


DENIED: dict[Verb, dict[str, str]] = {
    put: {"viewer": "viewer"},
    quote: {"viewer": "viewer"},
    order: {"viewer": "viewer"},
    reveal: {"viewer": "viewer"},
    invite: {"viewer": "role", "buyer": "role"},
    change_role: {"viewer": "role", "buyer": "role"},
    remove: {"viewer": "role", "buyer": "role"},
}


def delivered(world: World) -> None:
    done = world.arranged_order()
    item = deliveries.Item(starts_on=done.placed_at.date(), key="SECRET-KEY-99999")
    deliveries.deliver(done, items={1: item}, by=world.operator)


def viewer(world: World) -> Member:
    Member.objects.filter(pk=world.ichiro.pk).update(role=Role.VIEWER)
    return world.ichiro


@pytest.mark.parametrize("role", Role.values)
@pytest.mark.parametrize("verb", DENIED, ids=lambda verb: verb.__name__)
def test_each_verb_asks_for_its_role(world: World, verb: Verb, role: str) -> None:
    delivered(world)
    world.quote()
    carts.put(world.sku("VBBSS-1Y-005"), quantity=5, by=world.ichiro)
    Member.objects.filter(pk=world.ichiro.pk).update(role=role)
    world.ichiro.refresh_from_db()
    code = DENIED[verb].get(role)
    if code is None:
        verb(world, world.ichiro)
    else:
        with pytest.raises(Refused) as refused:
            verb(world, world.ichiro)
        assert refused.value.code == code


def test_who_only_looks_sees_the_histories_and_no_means_to_change(world: World, client_of: ClientOf) -> None:
    delivered(world)
    offered = world.quote()
    client = client_of(viewer(world))
    for path in ("quotes/", f"quotes/{offered.number}", "orders/", "contracts/", "licences/"):
        assert client.get(f"/87465/member/{path}").status_code == 200
    assert "この見積で注文する</a>" not in client.get(f"/87465/member/quotes/{offered.number}").content.decode()
    licences = client.get("/87465/member/licences/").content.decode()
    assert "閲覧の権限では表示できません" in licences
    assert "表示する</button>" not in licences
    product = client.get("/87465/products/vbbss").content.decode()
    assert "カートに入れる" not in product
    answer = client.post("/87465/cart/lines", {"sku_id": world.sku("VBBSS-1Y-005").pk, "quantity": "5"}, follow=True)
    assert "閲覧の権限では、見積の作成とご注文はできません" in answer.content.decode()
    key = Key.objects.get()
    assert client.post(f"/87465/member/licences/keys/{key.pk}/reveal").status_code == 409
    assert client.get(f"/87465/member/licences/keys/{key.pk}/certificate").status_code == 409


def test_the_reasons_are_the_verbs_own(world: World) -> None:
    assert members.why_not_quote(world.hanako) == ""
    member = viewer(world)
    member.refresh_from_db()
    assert "御社の管理者" in members.why_not_quote(member)
