"""Acting for a member in the store: in by a ticket, a bar on every page, nothing of the account's own, out again."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.test import Client

from licenseonline.accounts import acting, assignments
from licenseonline.accounts.models import ActingTicket, Member, Session, Side, User
from licenseonline.kit import clock
from licenseonline.kit.rights import StaffRole
from licenseonline.records import history
from licenseonline.records.models import Message
from licenseonline.sales import carts
from licenseonline.sales.models import Order, Quote
from licenseonline.stores.models import Store, StoreState
from tests.web.test_hosts import HOST
from tests.world import World

ClientOf = Callable[[Member | User], Client]
KEY = "9b2f4c0e-7d6a-4f57-9d2b-0a8d7f4f7a11"
TOP = "/87465/"
BAR = 'class="acting-bar"'
OWN = [
    "member/password/", "member/sessions/", "member/second-factor/on", "member/second-factor/qr.svg", "member/profile/person",
    "member/profile/company", "member/profile/company/name", "member/profile/billing", "member/profile/email",
    "member/profile/newsletter", "member/profile/withdraw",
]  # fmt: skip


def page_of(member: Member) -> str:
    return f"/partner/members/{member.store_id}/{member.pk}"


def begun(client: Client, member: Member, reason: str = "お電話でのご依頼") -> str:
    """The path of the ticket that the console gave."""
    answer = client.post(f"{page_of(member)}/acting", {"reason": reason, "key": KEY})
    assert answer.status_code == 302
    return str(answer["Location"]).removeprefix("http://shop.example")


@pytest.fixture
def acts(world: World, client_of: ClientOf) -> Client:
    """A browser in which the partner's staff acts for hanako."""
    browser = Client()
    path = begun(client_of(world.partner), world.hanako)
    assert "青空 花子" in browser.get(path).content.decode()
    assert browser.post(path).headers["Location"] == TOP
    return browser


def test_the_bar_is_on_every_page_until_it_ends(world: World, acts: Client, client_of: ClientOf) -> None:
    for path in ("", "search?q=vb", "cart/", "member/orders/", "member/profile/", "member/profile/acting", "nothing"):
        page = acts.get(TOP + path).content.decode()
        assert BAR in page
        assert "エルサットストア運営会社 営業 次郎" in page
    hanako = client_of(world.hanako)
    assert BAR not in hanako.get(TOP).content.decode()
    assert "代理操作" in hanako.get("/87465/member/sessions/").content.decode()
    ended = acts.post("/87465/acting/end")
    assert f"http://shop.example{page_of(world.hanako)}" in ended.content.decode()
    assert acts.get("/87465/member/profile/").status_code == 302
    assert acts.post("/87465/acting/end")["Location"] == TOP
    page = hanako.get("/87465/member/profile/acting").content.decode()
    assert "お電話でのご依頼" in page
    assert ActingTicket.objects.get().ended_at is not None
    assert Member.objects.get(pk=world.hanako.pk).last_login is None


def test_signing_out_ends_it_too_and_the_address_is_used(world: World, client_of: ClientOf) -> None:
    browser, path = Client(), begun(client_of(world.partner), world.hanako)
    browser.post(path)
    browser.post("/87465/logout/")
    assert ActingTicket.objects.get().ended_at is not None
    over = browser.post(path)
    assert over.status_code == 410
    assert "すでに使われています" in over.content.decode()
    assert browser.get(path.replace("87465", "193808")).status_code == 404


def test_nothing_of_the_account_is_shown_or_done(world: World, acts: Client) -> None:
    for path in OWN:
        answer = acts.get(TOP + path)
        assert answer.status_code == 409, path
        assert "代理操作中は、この操作はできません" in answer.content.decode()
    invite = {"email": "b@aozora.example", "role": "buyer", "key": KEY}
    assert "代理操作中は" in acts.post("/87465/member/colleagues/", invite).content.decode()
    assert Member.objects.get(pk=world.hanako.pk).password == world.hanako.password


def test_an_order_is_the_members_and_placed_by_the_staff(world: World, acts: Client) -> None:
    quote = world.quote()
    path = f"/87465/member/quotes/{quote.number}/order"
    page = acts.get(path).content.decode()
    assert "操作者が同意を確認したものとして記録します" in page
    assert acts.post(path, {"terms": "on", "key": KEY}).status_code == 302
    order = Order.objects.get()
    assert order.member == world.hanako
    placed = next(entry for entry in history.of(order) if entry.event == "order.placed")
    assert (placed.actor_kind, placed.actor_id) == ("partner", world.partner.pk)
    assert placed.facts["for_member"] == world.hanako.pk
    page = acts.get(f"/87465/member/orders/{order.number}").content.decode()
    assert "セールスパートナー（代理操作）が 青空 花子 様の代理でご注文" in page


def test_a_quotation_made_by_the_staff_says_so_to_the_member(world: World, acts: Client, client_of: ClientOf) -> None:
    carts.put(world.sku("VBBSS-1Y-005"), quantity=10, by=world.hanako)
    assert acts.post("/87465/quotes/new", {"form": carts.TERM, "key": KEY}).status_code == 302
    quote, hanako = Quote.objects.get(), client_of(world.hanako)
    who = "エルサットストア運営会社 営業 次郎（販売店）"
    assert f"{who}が 青空 花子 様の代理で作成" in hanako.get(f"/87465/member/quotes/{quote.number}").content.decode()
    assert f"{who}が代理で作成" in hanako.get("/87465/member/quotes/").content.decode()
    world.quote()
    assert hanako.get("/87465/member/quotes/").content.decode().count("代理で作成") == 1


def test_it_ends_with_the_hour_and_with_the_right(world: World, acts: Client) -> None:
    User.objects.filter(pk=world.partner.pk).update(role=StaffRole.BOOKS)
    assert acts.get("/87465/member/profile/").status_code == 302
    assert not Session.objects.filter(member=world.hanako).exists()


def test_no_page_makes_the_hour_longer(world: World, acts: Client) -> None:
    with time_machine.travel(clock.now() + timedelta(minutes=50), tick=False):
        assert acts.get("/87465/member/orders/").status_code == 200
    with time_machine.travel(clock.now() + acting.LASTS + timedelta(seconds=1), tick=False):
        assert acts.get("/87465/member/orders/").status_code == 302


def test_a_paused_store_is_read_and_a_closed_one_is_not(world: World, acts: Client, client_of: ClientOf) -> None:
    Store.objects.filter(pk=87465).update(state=StoreState.PAUSED)
    assert BAR in acts.get("/87465/member/orders/").content.decode()
    Store.objects.filter(pk=87465).update(state=StoreState.CLOSED, readable_until=clock.today())
    assert acts.get("/87465/member/orders/").status_code == 302
    again = client_of(world.operator).post(
        f"/backoffice/members/87465/{world.hanako.pk}/acting", {"reason": "x", "key": KEY}
    )
    assert "閉店したストア" in again.content.decode()


def test_a_reason_is_asked_escaped_and_kept_once(world: World, client_of: ClientOf) -> None:
    console = client_of(world.partner)
    empty = console.post(f"{page_of(world.hanako)}/acting", {"reason": " ", "key": KEY})
    assert empty.status_code == 422
    odd = "<script>alert(1)</script>"
    path = begun(console, world.hanako, odd)
    assert begun(console, world.hanako, odd) == path  # sent twice
    browser = Client()
    assert odd not in browser.get(path).content.decode()
    browser.post(path)
    for client, page in ((browser, "/87465/member/profile/acting"), (console, page_of(world.hanako))):
        text = client.get(page).content.decode()
        assert odd not in text
        assert "&lt;script&gt;" in text
    assert odd not in Message.objects.get(kind="accounts/security_notice").html


def test_who_only_looks_sees_no_form_and_a_store_of_its_own_host_is_allowed(world: World, client_of: ClientOf) -> None:
    console = client_of(world.partner)
    assert "form-action 'self';" in console.get(page_of(world.hanako))["Content-Security-Policy"] + ";"
    Store.objects.filter(pk=87465).update(host=HOST)
    page = console.get(page_of(world.hanako))
    assert "代理操作を始める" in page.content.decode()
    assert f"form-action 'self' https://{HOST}" in page["Content-Security-Policy"]
    User.objects.filter(pk=world.partner.pk).update(role=StaffRole.VIEWER)
    assert "代理操作を始める" not in console.get(page_of(world.hanako)).content.decode()
    assert console.post(f"{page_of(world.hanako)}/acting", {"reason": "x", "key": KEY}).status_code == 403


def test_the_desk_acts_and_comes_back(world: World, client_of: ClientOf) -> None:
    desk, browser = client_of(world.operator), Client()
    page = f"/backoffice/members/87465/{world.hanako.pk}/acting"
    assert desk.post(page, {"reason": "", "key": KEY}).status_code == 422
    there = desk.post(page, {"reason": "窓口", "key": KEY})
    browser.post(there["Location"].removeprefix("http://shop.example"))
    assert "運営の担当者" in browser.get(TOP).content.decode()
    assert f"http://shop.example{page}" in browser.post("/87465/acting/end").content.decode()
    assert "窓口" in desk.get(page).content.decode()


def test_companies_are_given_to_colleagues_and_found_by_them(world: World, client_of: ClientOf) -> None:
    console, company = client_of(world.partner), world.hanako.company
    page = f"/partner/companies/87465/{company.pk}"
    assert console.post(f"{page}/assign", {"user": world.partner.pk}).status_code == 302
    assert "営業 次郎" in console.get(page).content.decode()
    mine = console.get("/partner/companies/?staff=me").content.decode()
    assert "青空製作所" in mine
    assert "みどり学園" not in mine
    assert "青空製作所" in console.get("/partner/").content.decode()
    console.post(f"{page}/assign", {"user": world.other_partner.pk})
    console.post(f"{page}/assign", {"user": "x"})
    looks_after = assignments.of(company, side=Side.PARTNER)
    assert looks_after
    assert looks_after.user == world.partner
    console.post(f"{page}/assign", {"user": ""})
    assert assignments.of(company, side=Side.PARTNER) is None
    assert settings.SITE_URL == "http://shop.example"
