"""A partner's staff invites: into a company or to register one, at an own store, with an address that the link proves."""

from functools import partial

import pytest
import time_machine

from licenseonline.accounts import invitations, links, partner_invitations, registrations, sign_in
from licenseonline.accounts.models import CompanyState, MailLink, Member, Role
from licenseonline.kit.errors import NotVisible, Refused
from licenseonline.records import history
from licenseonline.records.models import Message
from licenseonline.stores.models import StoreState
from tests.accounts.mails import arrived, only, path_in
from tests.accounts.test_registrations import SAKURA
from tests.world import World

NEW = "new@shinki.example"
PASSWORD = "quite another horse battery"


def secret_in(text: str, part: str) -> str:
    return path_in(text, part).rsplit("/", 1)[1]


def test_somebody_registers_a_company_at_the_proven_address(world: World) -> None:
    link = partner_invitations.invite(f" {NEW.upper()} ", store=world.elsat, by=world.partner)
    [(to, subject, text)] = arrived()
    assert to == NEW
    assert "会員登録のご案内" in subject
    assert "エルサットストア運営会社 営業 次郎より" in text
    secret = secret_in(text, "register/invited")
    assert secret not in str(Message.objects.values_list())
    assert partner_invitations.opened(secret, store=world.elsat) == link
    accept = partial(registrations.accept, secret, SAKURA, password=PASSWORD, store=world.elsat)
    member = accept()
    assert (member.email, member.role, member.is_verified) == (NEW, Role.ADMIN, True)
    assert member.company.state == CompanyState.ACTIVE
    assert sign_in.enter(world.elsat, email=NEW, password=PASSWORD, network="").member == member
    with pytest.raises(Refused) as refused:
        accept()
    assert refused.value.code == "used"
    assert [entry.event for entry in history.of(link)] == ["invitation.sent"]
    assert partner_invitations.waiting(world.partner) == []


def test_somebody_joins_the_company_that_was_named(world: World) -> None:
    company = world.hanako.company
    partner_invitations.invite(NEW, store=world.elsat, company=company, role="buyer", by=world.partner)
    text = only()
    assert "株式会社青空製作所" in text
    person = invitations.Person(name="新 人", kana="シン ジン", password=PASSWORD, terms=world.elsat.terms_version)
    secret = secret_in(text, "invitation")
    with pytest.raises(Refused):
        partner_invitations.opened(secret, store=world.elsat)
    member = invitations.accept(secret, person, store=world.elsat, network="", source="x")
    assert (member.company, member.role, member.email) == (company, Role.BUYER, NEW)


def test_an_invitation_is_sent_again_and_withdrawn(world: World) -> None:
    first = partner_invitations.invite(NEW, store=world.elsat, by=world.partner)
    old = secret_in(only(), "register/invited")
    with time_machine.travel(first.expires_at, tick=False):
        assert partner_invitations.waiting(world.partner)[0].is_over
        second = partner_invitations.send_again(first, by=world.partner)
        new = secret_in(only(), "register/invited")
        with pytest.raises(Refused) as refused:
            partner_invitations.opened(old, store=world.elsat)
        assert refused.value.code == "expired"
        assert [one.address for one in partner_invitations.waiting(world.partner)] == [NEW]
        partner_invitations.withdraw(second, by=world.partner)
        for secret in (old, new):
            with pytest.raises(Refused):
                partner_invitations.opened(secret, store=world.elsat)
        for verb in (partner_invitations.withdraw, partner_invitations.send_again):
            with pytest.raises(NotVisible):
                verb(second, by=world.partner)
    third = partner_invitations.invite(NEW, store=world.elsat, by=world.partner)
    links.renew(third.pk, third.store_id)  # as by the log of mails
    again = MailLink.objects.order_by("-id")[0]
    assert (again.staff, again.store_id) == (world.partner, 87465)


def test_what_is_refused(world: World) -> None:
    elsat, by = world.elsat, world.partner
    members = {"email": "taro@midori.example", "store": elsat}
    for wanted, code in (
        (members, "registered"),
        ({"email": NEW, "store": elsat, "company": world.hanako.company, "role": "x"}, "role"),
    ):
        with pytest.raises(Refused) as refused:
            partner_invitations.invite(**wanted, by=by)
        assert refused.value.code == code
    for store, company in ((world.minato, None), (elsat, world.hanako_at_minato.company)):
        with pytest.raises(NotVisible):
            partner_invitations.invite(NEW, store=store, company=company, role="buyer", by=by)
    link = partner_invitations.invite(NEW, store=elsat, by=by)
    with pytest.raises(NotVisible):
        partner_invitations.withdraw(link, by=world.other_partner)
    for _ in range(partner_invitations.MOST_PER_ADDRESS - 1):
        partner_invitations.invite(NEW, store=elsat, by=by)
    with pytest.raises(Refused) as refused:
        partner_invitations.invite(NEW, store=elsat, by=by)
    assert (refused.value.code, refused.value.field) == ("throttled", "email")
    assert len(partner_invitations.waiting(by)) == 1
    elsat.state = StoreState.PAUSED
    with pytest.raises(Refused) as refused:
        partner_invitations.invite("c@shinki.example", store=elsat, by=by)
    assert refused.value.code == "store_closed"
    assert not Member.objects.filter(email=NEW).exists()
