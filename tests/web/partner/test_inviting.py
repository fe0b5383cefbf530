"""The console invites, and the mailed page registers."""

from collections.abc import Callable

import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from licenseonline.accounts import links, partner_invitations
from licenseonline.accounts.models import MailLink, Member, User
from licenseonline.kit.rights import StaffRole
from tests.accounts.mails import arrived, only, path_in
from tests.accounts.test_registrations import SAKURA
from tests.world import World

ClientOf = Callable[[Member | User], Client]
KEY = "9b2f4c0e-7d6a-4f57-9d2b-0a8d7f4f7a11"
NEW = "new@shinki.example"
PAGE = "/partner/invitations/"
FORM = {
    **{name: getattr(SAKURA, name) for name in SAKURA.__slots__ if name not in {"newsletter", "source", "network"}},
    "password": "three quiet rivers run", "terms": "on", "antisocial": "on",
}  # fmt: skip


def test_the_mailed_page_registers_with_the_address_filled_in(world: World, client_of: ClientOf) -> None:
    console, sent = client_of(world.partner), {"store": "87465", "email": NEW, "key": KEY}
    for _ in range(2):
        assert console.post(PAGE, sent)["Location"] == PAGE
    assert NEW in console.get(PAGE).content.decode()
    assert NEW not in client_of(world.other_partner).get(PAGE).content.decode()
    browser, path = Client(), path_in(only(), "register/invited")
    page = browser.get(path).content.decode()
    assert NEW in page
    assert 'name="email"' not in page
    found = browser.post(path, {**FORM, "find_address": "1", "city": ""})
    assert "千代田区" in found.content.decode()
    assert browser.post(path, {**FORM, "terms": ""}).status_code == 422
    assert browser.post(path, {**FORM, "password": "short"}).status_code == 422
    assert browser.post(path, {**FORM, "email": "other@evil.example"})["Location"] == "/87465/login/"
    assert Member.objects.get(email=NEW).company.name == "株式会社さくら"
    over = browser.get(path)
    assert over.status_code == 410
    assert "すでに完了しています" in over.content.decode()
    assert browser.get("/87465/register/invited/" + "0" * 40).status_code == 404


def test_a_company_is_joined_and_its_administrator_sees_the_invitation(world: World, client_of: ClientOf) -> None:
    company = world.hanako.company
    page = f"/partner/companies/87465/{company.pk}/invite"
    console = client_of(world.partner)
    assert console.post(page, {"email": "taro@midori.example", "role": "buyer", "key": KEY}).status_code == 422
    assert console.post(page, {"email": NEW, "role": "viewer", "key": KEY}).status_code == 302
    assert "ストアの担当者" in client_of(world.hanako).get("/87465/member/colleagues/").content.decode()
    path = path_in(only(), "invitation/")
    assert (
        "エルサットストアからの、株式会社青空製作所の担当者としてのご招待です。" in Client().get(path).content.decode()
    )


def test_steps_of_an_invitation_and_an_address_opened_too_late(world: World, client_of: ClientOf) -> None:
    console = client_of(world.partner)
    first = partner_invitations.invite(NEW, store=world.elsat, by=world.partner)
    path = path_in(only(), "register/invited")
    with time_machine.travel(first.expires_at, tick=False):
        late = Client().get(path)
        assert late.status_code == 410
        assert "/87465/register/" in late.content.decode()
    assert client_of(world.other_partner).post(f"{PAGE}{first.pk}/again").status_code == 404
    console.post(f"{PAGE}{first.pk}/again")
    [again] = MailLink.objects.filter(withdrawn_at=None)
    assert len(arrived()) == 1
    console.post(f"{PAGE}{again.pk}/withdraw")
    assert "招待はありません" in console.get(PAGE).content.decode()
    User.objects.filter(pk=world.partner.pk).update(role=StaffRole.VIEWER)
    assert console.get(PAGE).status_code == 403


def test_the_console_asks_as_much_for_many_rows_as_for_one(world: World, client_of: ClientOf) -> None:
    console, company = client_of(world.partner), world.hanako.company
    pages = [PAGE, f"/partner/members/87465/{world.hanako.pk}", f"/partner/companies/87465/{company.pk}", "/partner/"]

    def asked() -> list[int]:
        counts = []
        for page in pages:
            with CaptureQueriesContext(
                connection,
            ) as queries:
                assert console.get(page).status_code == 200
            counts.append(len(queries))
        return counts

    def more(number: int) -> None:
        links.issue(MailLink.Purpose.INVITE, store_id=87465, address=f"{number}@x.example", staff=world.partner)
        console.post(f"/partner/companies/87465/{company.pk}/assign", {"user": world.partner.pk})
        ticket = console.post(f"{pages[1]}/acting", {"reason": "理由", "key": KEY[:-1] + str(number)})["Location"]
        Client().post(str(ticket).removeprefix("http://shop.example"))

    more(1)
    asked()
    once = asked()
    more(2)
    more(3)
    asked()  # what the steps said is read
    assert asked() == once
