"""Acting for a member: with a reason, once, for an hour, told to the member, in the history as the staff's."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from licenseonline.accounts import acting
from licenseonline.accounts.models import ActingTicket, Member, User
from licenseonline.kit import clock, scope
from licenseonline.kit.errors import NotVisible, Refused
from licenseonline.kit.rights import StaffRole
from licenseonline.records import history
from licenseonline.sales import timelines
from licenseonline.stores.models import Store, StoreState
from tests.accounts.mails import arrived
from tests.sales.test_races import at_once
from tests.world import World

REASON = "お電話でのご依頼"


def acts(world: World, by: User, member: Member | None = None) -> ActingTicket:
    """Begun: the member of the request is set as web/request_scope.py does."""
    member = member or world.hanako
    ticket = acting.use(acting.begin(member, reason=REASON, by=by), store=member.store)
    member.acting, member.acting_ticket = ticket.user, ticket
    return ticket


def refusal(secret: str, store: Store) -> str:
    with pytest.raises(Refused) as refused:
        acting.use(secret, store=store)
    return refused.value.code


def test_what_is_done_is_the_staffs_and_the_member_reads_of_it(world: World) -> None:
    ticket = acts(world, world.partner)
    [(to, subject, text)] = arrived()
    assert to == world.hanako.email
    assert "代理操作" in subject
    assert "エルサットストア運営会社 営業 次郎" in text
    assert REASON in text
    order = world.order()
    [placed] = [entry for entry in history.of(order) if entry.event == "order.placed"]
    assert (placed.actor_kind, placed.actor_id) == ("partner", world.partner.pk)
    assert placed.facts["for_member"] == world.hanako.pk
    assert [step.actor for step in timelines.of(order)] == ["セールスパートナーが代理で"]
    acting.end(ticket)
    acting.end(ticket)
    [record] = acting.records(world.hanako)
    assert record.reason == REASON
    assert {"見積の作成 1件", "注文 1件"} <= set(record.done)
    assert record.ended_at is not None
    events = [entry.event for entry in history.of(world.hanako)]
    assert events == ["member.acting_begun", "member.acting_ended"]


def test_the_desk_acts_unnamed(world: World) -> None:
    acts(world, world.operator)
    assert "運営の担当者" in arrived()[0][2]
    assert acting.records(world.hanako)[0].who == "運営の担当者"


def test_a_ticket_works_once_in_its_store_within_minutes(world: World) -> None:
    secret = acting.begin(world.hanako, reason=REASON, by=world.partner)
    assert secret not in str(ActingTicket.objects.values_list())
    assert refusal(secret, world.minato) == "unknown"
    assert refusal("0" * 40, world.elsat) == "unknown"
    with time_machine.travel(clock.now() + acting.TICKET_LASTS, tick=False):
        assert refusal(secret, world.elsat) == "expired"
    acting.use(secret, store=world.elsat)
    assert refusal(secret, world.elsat) == "used"


def test_a_session_holds_for_an_hour_and_as_long_as_its_person_may(world: World) -> None:
    ticket = acts(world, world.partner)
    assert acting.current(ticket.pk, member=world.hanako) == ticket
    assert acting.current(ticket.pk, member=world.ichiro) is None
    with time_machine.travel(clock.now() + acting.LASTS + timedelta(seconds=1), tick=False):
        assert acting.current(ticket.pk, member=world.hanako) is None
    mine = User.objects.filter(pk=world.partner.pk)
    for changed in ({"role": StaffRole.BOOKS}, {"is_active": False}, {"partner": world.other_partner.partner}):
        before: Any = mine.values(*changed).get()
        mine.update(**changed)
        assert acting.current(ticket.pk, member=world.hanako) is None
        mine.update(**before)
    acting.end(ticket)
    assert acting.current(ticket.pk, member=world.hanako) is None


def test_who_may_not_begin(world: World) -> None:
    for reason in ("", " \n　", "あ" * 201):
        with pytest.raises(Refused) as refused:
            acting.begin(world.hanako, reason=reason, by=world.partner)
        assert (refused.value.code, refused.value.field) == ("reason", "reason")
    with pytest.raises(NotVisible):
        acting.begin(world.hanako, reason=REASON, by=world.other_partner)
    for state in (StoreState.DRAFT, StoreState.CLOSED):
        world.hanako.store.state = state
        with pytest.raises(Refused) as refused:
            acting.begin(world.hanako, reason=REASON, by=world.operator)
        assert refused.value.code == "store"
    world.ichiro.is_active = False
    with pytest.raises(Refused) as refused:
        acting.begin(world.ichiro, reason=REASON, by=world.operator)
    assert refused.value.code == "member"


def test_somebody_stopped_in_between_does_not_get_in(world: World) -> None:
    secret = acting.begin(world.hanako, reason=REASON, by=world.partner)
    User.objects.filter(pk=world.partner.pk).update(is_active=False)
    assert refusal(secret, world.elsat) == "expired"


def test_two_at_once_have_one_winner(committed: World) -> None:
    with scope.platform():
        secret, store = acting.begin(committed.hanako, reason=REASON, by=committed.partner), committed.elsat

    def enter() -> str:
        with scope.stores([store.pk]):
            acting.use(secret, store=store)
        return "in"

    assert at_once(enter, enter) == ["in", "refused: used"]
