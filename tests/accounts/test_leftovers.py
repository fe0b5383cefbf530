"""What mailed links and 仮パスワード leave behind: no address for longer than it is needed, no row after 90 days."""

from datetime import timedelta

import time_machine

from licenseonline.accounts import invitations, leftovers, links, reissues, second_factors, security_notices
from licenseonline.accounts.models import MailLink, Member, RecoveryCode, TemporaryPassword
from licenseonline.accounts.security_notices import Kind
from licenseonline.kit import clock
from tests.world import World

Purpose = MailLink.Purpose


def erased_after(**passed: float) -> set[str]:
    """The purposes of the links whose address is gone when the job runs so much later."""
    with time_machine.travel(clock.now() + timedelta(**passed), tick=False):
        leftovers.clear.func(timestamp=0)
    return {link.purpose for link in MailLink.objects.filter(address="")}


def all_kinds(world: World) -> list[MailLink]:
    links.issue(Purpose.VERIFY, member=world.hanako, address=world.hanako.email)
    links.issue(Purpose.EMAIL_CHANGE, member=world.hanako, address="next@aozora.example")
    invitations.invite("new@aozora.example", role="viewer", by=world.hanako)
    security_notices.send(world.hanako, Kind.PASSWORD_CHANGED, device="Chrome / Windows")
    return list(MailLink.objects.all())


def test_addresses_stay_while_a_link_is_open_or_can_be_sent_anew(world: World) -> None:
    assert len(all_kinds(world)) == 4
    assert erased_after(hours=23) == set()
    assert erased_after(days=7, hours=23) == set()
    assert erased_after(days=8, hours=1) == {"verify"}
    assert [one.address for one in invitations.waiting(world.hanako)] == ["new@aozora.example"]
    assert erased_after(days=14, hours=1) == {"verify", "invite", "stop"}
    assert invitations.waiting(world.hanako) == []


def test_addresses_of_used_and_withdrawn_links_go_with_the_next_hour(world: World) -> None:
    made = all_kinds(world)
    MailLink.objects.filter(pk__in=[link.pk for link in made[:2]]).update(used_at=clock.now())
    MailLink.objects.filter(pk__in=[link.pk for link in made[2:]]).update(withdrawn_at=clock.now())
    assert erased_after() == {"verify", "invite", "stop"}


def test_an_address_of_before_stays_with_the_member_for_whom_its_mails_are_to_be_forgotten(world: World) -> None:
    security_notices.send(world.hanako, Kind.EMAIL_CHANGED, device="Chrome / Windows", to="before@aozora.example")
    links.issue(Purpose.EMAIL_CHANGE, member=world.hanako, address=world.hanako.email)
    assert erased_after(days=15) == {"email_change"}
    assert erased_after(days=99) == set()
    assert MailLink.objects.get().purpose == Purpose.STOP


def test_rows_go_after_90_days(world: World) -> None:
    links.issue(Purpose.VERIFY, member=world.hanako, address=world.hanako.email)
    reissues.send(world.hanako)
    erased_after(days=90)
    assert (MailLink.objects.count(), TemporaryPassword.objects.count()) == (1, 1)
    erased_after(days=92)
    assert (MailLink.objects.count(), TemporaryPassword.objects.count()) == (0, 0)


def test_too_old_a_link_is_not_sent_anew(world: World) -> None:
    link, _secret = links.issue(Purpose.VERIFY, member=world.hanako, address=world.hanako.email)
    with time_machine.travel(clock.now() + timedelta(days=9), tick=False):
        links.renew(link.pk, 87465)
    assert MailLink.objects.count() == 1


def test_codes_of_a_set_that_was_replaced_are_gone(world: World) -> None:
    member: Member = world.hanako
    first = second_factors._new_codes(member)
    second_factors._new_codes(member)
    assert RecoveryCode.objects.filter(member=member).count() == len(first)
