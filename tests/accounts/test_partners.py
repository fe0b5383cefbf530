"""Partners are appointed with an SPID."""

import pytest
from django.db import connection

from licenseonline.accounts import partners, staff, staff_passwords
from licenseonline.accounts.models import User
from licenseonline.kit import scope
from licenseonline.kit.errors import Refused
from licenseonline.kit.rights import StaffRole
from licenseonline.records import history
from licenseonline.records.models import Message
from licenseonline.stores.models import Partner
from tests.accounts.mails import arrived, only
from tests.accounts.staff_acts import PASSWORD, code_of, secret_in
from tests.sales.test_races import at_once
from tests.world import World

HEAD = "head@kita.example"


def appointed(world: World, name: str = "北日本販売株式会社") -> Partner:
    return partners.appoint(name, person="北 花子", email=HEAD, by=world.operator)


def test_a_partner_gets_the_next_spid_and_its_head_the_mail(world: World) -> None:
    partner = appointed(world)
    assert partner.spid == "SP10003"
    [(to, subject, text)] = arrived()
    assert (to, subject) == (HEAD, "【ライセンスオンライン】セールスパートナーID（SPID）のご案内")
    assert "SP10003" in text
    assert "http://shop.example/partner/\n" in text
    head = User.objects.get(email=HEAD)
    assert head.role == StaffRole.HEAD
    staff_passwords.start(secret_in(text), password=PASSWORD, code=code_of(head), of_operator=False)
    assert [entry.event for entry in history.of_platform(partner)] == ["partner.appointed"]


def test_the_guide_is_sent_again_and_its_secret_is_in_no_row(world: World) -> None:
    appointed(world)
    first = secret_in(only())
    head = User.objects.select_related("partner").get(email=HEAD)
    staff.send_again(head, by=world.operator)
    [(_to, subject, text)] = arrived()
    assert "SPID" in subject
    assert secret_in(text) != first
    assert all(secret_in(text) not in one.text + one.html + one.secrets for one in Message.objects.all())


def test_two_partners_of_one_name_cannot_be_told_apart(world: World) -> None:
    partner = appointed(world)
    for act in (
        lambda: appointed(world),
        lambda: partners.rename(partner, world.partner.partner.name, by=world.operator),  # type: ignore[union-attr]  # a partner's
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert (refused.value.code, refused.value.field) == ("exists", "name")
    partners.rename(partner, "北日本", by=world.operator)
    assert history.of_platform(partner)[0].facts == {"name": ["北日本販売株式会社", "北日本"]}


def test_two_at_once_get_two_numbers(committed: World) -> None:
    def act(name: str) -> str:
        with scope.platform():
            by = User.objects.get(partner=None)
            return partners.appoint(name, person="x", email=HEAD, by=by).spid

    assert at_once(lambda: act("甲"), lambda: act("乙")) == ["SP10003", "SP10004"]
    connection.close()
