"""A member's list of sessions: what it shows, and signing out elsewhere."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from licenseonline.accounts import sessions
from licenseonline.accounts.models import Member, Session
from licenseonline.kit import clock
from licenseonline.records.models import HistoryEntry
from licenseonline.web import devices
from tests.conftest import signed_in
from tests.world import PASSWORD, World

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
)
PROFILE = "/87465/member/profile/"


def sign_in(member: Member, agent: str = CHROME, address: str = "192.0.2.7") -> Client:
    client = Client(headers={"User-Agent": agent}, REMOTE_ADDR=address)
    answer = client.post(f"/{member.store_id}/login/", {"email": member.email, "password": PASSWORD})
    assert answer.status_code == 302
    return client


def sign_outs(member: Member) -> list[tuple[int | None, object]]:
    entries = HistoryEntry.objects.filter(event="member.signed_out", subject_id=member.pk)
    return [(entry.actor_id, entry.facts) for entry in entries]


def test_a_sign_in_is_listed_with_its_device_and_time(world: World) -> None:
    sign_in(world.hanako)
    [session] = sessions.of(world.hanako)
    assert session.device == "Chrome / Windows"
    assert session.member_id == world.hanako.pk
    assert session.user_id is None
    assert session.created_at
    assert session.seen_at
    assert session.created_at <= session.seen_at <= clock.now()
    assert session.network
    assert "192.0.2" not in session.network
    assert session.session_key not in session.reference


def test_the_same_network_is_recognised(world: World) -> None:
    for address in ("192.0.2.7", "192.0.2.7", "192.0.2.8"):
        sign_in(world.hanako, address=address)
    assert len({session.network for session in sessions.of(world.hanako)}) == 2


def test_each_sees_their_own_sessions_only(world: World) -> None:
    for member in (world.hanako, world.ichiro, world.hanako_at_minato):
        sign_in(member)
    signed_in(world.operator)
    assert sessions.of(world.hanako).count() == sessions.of(world.hanako_at_minato).count() == 1
    [staff] = sessions.of(world.operator)
    assert (staff.member_id, staff.area) == (None, "backoffice")


def test_a_visit_is_noted_at_most_hourly_and_leaves_the_beginning_alone(world: World) -> None:
    client = sign_in(world.hanako)
    began = Session.objects.get().created_at
    assert began
    for minutes, is_noted in ((30, False), (61, True), (90, False), (122, True)):
        before = Session.objects.get().seen_at
        with time_machine.travel(began + timedelta(minutes=minutes), tick=False):
            assert client.get(PROFILE).status_code == 200
        session = Session.objects.get()
        assert (session.seen_at != before) is is_noted
        assert session.created_at == began


def test_signing_out_elsewhere_keeps_the_session_here(world: World) -> None:
    here, elsewhere, colleague = sign_in(world.hanako), sign_in(world.hanako), sign_in(world.ichiro)
    key = here.cookies["session"].value
    assert sessions.end_others(world.hanako, keep=key, by=world.hanako) == 1
    assert [client.get(PROFILE).status_code for client in (here, elsewhere, colleague)] == [200, 302, 200]
    expected = [(world.hanako.pk, {"sessions": 1})]
    assert sign_outs(world.hanako) == expected
    assert sessions.end_others(world.hanako, keep=key, by=world.hanako) == 0
    assert sign_outs(world.hanako) == expected


def test_one_session_is_ended_by_its_reference(world: World) -> None:
    here, elsewhere = sign_in(world.hanako), sign_in(world.hanako)
    theirs = sign_in(world.ichiro)
    reference = Session.objects.get(session_key=elsewhere.cookies["session"].value).reference
    foreign = Session.objects.get(session_key=theirs.cookies["session"].value).reference
    assert sessions.end(world.hanako, reference, by=world.hanako) == 1
    assert sessions.end(world.hanako, foreign, by=world.hanako) == 0
    assert [client.get(PROFILE).status_code for client in (here, elsewhere, theirs)] == [200, 302, 200]


def test_all_sessions_end_together(world: World) -> None:
    clients = [sign_in(world.hanako), sign_in(world.hanako)]
    assert sessions.end_all(world.hanako, by=None) == 2
    assert {client.get(PROFILE).status_code for client in clients} == {302}


def test_an_ended_session_is_not_listed(world: World) -> None:
    sign_in(world.hanako)
    with time_machine.travel(clock.now() + timedelta(hours=13), tick=False):
        assert not sessions.of(world.hanako).exists()


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (CHROME, "Chrome / Windows"),
        (CHROME + " Edg/140.0.0.0", "Edge / Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1", "Safari / iPhone"),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36", "Chrome / Android"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox / Mac"),
        ("curl/8.0", ""),
        ("Windows", "Windows"),
        ("", ""),
    ],
)  # fmt: skip
def test_a_device_has_a_short_name(agent: str, name: str) -> None:
    assert devices.name_of(agent) == name
