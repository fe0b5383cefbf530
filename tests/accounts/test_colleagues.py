"""Roles of a company's people: who gives them, that one administrator always remains, and how the desk helps."""

import threading
from collections.abc import Callable

import pytest
from django.core import mail as sent
from django.db import connections

from licenseonline.accounts import colleagues
from licenseonline.accounts.models import Company, Member, Role
from licenseonline.kit import scope, states
from licenseonline.kit.errors import NotVisible, Refused
from licenseonline.records import history
from tests.jobs import run_jobs
from tests.world import World


def refusal(do: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        do()
    return refused.value.code


def test_a_changed_role_is_told_and_recorded(world: World) -> None:
    colleagues.change_role(world.ichiro, "viewer", by=world.hanako)
    assert Member.objects.get(pk=world.ichiro.pk).role == Role.VIEWER
    [entry] = [entry for entry in history.of(world.ichiro) if entry.event == "member.role_changed"]
    assert (entry.actor_id, entry.facts) == (world.hanako.pk, {"before": "buyer", "after": "viewer"})
    run_jobs()
    [mail] = sent.outbox
    assert mail.to == ["ichiro@aozora.example"]
    body = str(mail.body)
    assert "変更前の権限：購買担当" in body
    assert "変更後の権限：閲覧" in body
    assert "操作：青空 花子 様（貴社の管理者）" in body
    colleagues.change_role(world.ichiro, "viewer", by=world.hanako)
    assert run_jobs() == 0


def test_the_last_administrator_cannot_give_the_role_up(world: World) -> None:
    assert refusal(lambda: colleagues.change_role(world.hanako, "buyer", by=world.hanako)) == "last_admin"
    colleagues.change_role(world.ichiro, "admin", by=world.hanako)
    colleagues.change_role(world.hanako, "buyer", by=world.hanako)
    assert refusal(lambda: colleagues.remove(world.ichiro, by=world.hanako)) == "role"


def test_who_is_alone_may_be_anything(world: World) -> None:
    colleagues.check_admin_remains(world.taro)


def test_nobody_removes_oneself_or_a_stranger(world: World) -> None:
    assert refusal(lambda: colleagues.remove(world.hanako, by=world.hanako)) == "self"
    for by in (world.taro, world.hanako_at_minato):
        with pytest.raises(NotVisible):
            colleagues.remove(world.ichiro, by=by)
        with pytest.raises(NotVisible):
            colleagues.change_role(world.ichiro, "admin", by=by)


def test_who_was_removed_is_no_colleague_and_the_address_is_free(world: World) -> None:
    colleagues.remove(world.ichiro, by=world.hanako)
    gone = Member.objects.get(pk=world.ichiro.pk)
    assert (gone.is_active, gone.name) == (False, "青空 一郎")
    assert list(colleagues.of(world.hanako)) == [world.hanako]
    with pytest.raises(NotVisible):
        colleagues.remove(gone, by=world.hanako)
    assert Member.objects.create(
        store=world.elsat,
        company=world.taro.company,
        email=gone.email,
        name="人",
        kana="ヒト",
        created_at=gone.created_at,
    )


def test_the_desk_passes_the_role_on_and_tells_everybody(world: World) -> None:
    company = world.hanako.company
    colleagues.hand_over(company, to=world.ichiro, by=world.operator, reason="left", instead_of=world.hanako)
    assert Member.objects.get(pk=world.ichiro.pk).role == Role.ADMIN
    assert not Member.objects.get(pk=world.hanako.pk).is_active
    [entry] = history.of(company)
    assert entry.facts == {"to": world.ichiro.pk, "instead_of": world.hanako.pk, "reason": "left"}
    run_jobs()
    assert {mail.to[0] for mail in sent.outbox} == {"hanako@aozora.example", "ichiro@aozora.example"}
    assert all("新しい管理者：青空 一郎 様" in str(mail.body) for mail in sent.outbox)


def test_only_the_desk_passes_the_role_on_within_one_company(world: World) -> None:
    company = world.hanako.company
    with pytest.raises(NotVisible):
        colleagues.hand_over(company, to=world.ichiro, by=world.partner, reason="left")
    with pytest.raises(NotVisible):
        colleagues.hand_over(company, to=world.taro, by=world.operator, reason="left")
    assert refusal(lambda: colleagues.hand_over(company, to=world.ichiro, by=world.operator, reason="x")) == "reason"
    assert (
        refusal(
            lambda: colleagues.hand_over(
                company, to=world.ichiro, by=world.operator, reason="left", instead_of=world.ichiro
            )
        )
        == "self"
    )


def demote_each_other() -> list[str]:
    outcomes: list[str] = []
    meeting = threading.Barrier(2)

    def run(mine: str, other: str) -> None:
        try:
            with scope.stores([87465]):
                me, colleague = (
                    Member.objects.select_related("company", "store").get(store=87465, email=f"{name}@aozora.example")
                    for name in (mine, other)
                )
                meeting.wait(30)
                try:
                    colleagues.change_role(colleague, "buyer", by=me)
                    outcomes.append("won")
                except Refused as refused:
                    outcomes.append(refused.code)
        finally:
            connections.close_all()

    names = ("hanako", "ichiro")
    threads = [threading.Thread(target=run, args=pair) for pair in (names, names[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


@pytest.fixture
def two_admins(committed: World) -> Company:
    with scope.platform():
        colleagues.change_role(committed.ichiro, "admin", by=committed.hanako)
        company: Company = committed.hanako.company
    return company


def admins(company: Company) -> int:
    with scope.platform():
        return Member.objects.filter(company=company, role=Role.ADMIN, is_active=True).count()


def test_of_two_who_demote_each_other_at_once_one_stays(two_admins: Company) -> None:
    assert demote_each_other() == ["role", "won"]
    assert admins(two_admins) == 1


def test_without_the_lock_no_administrator_is_left(two_admins: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    meeting, checked = threading.Barrier(2), colleagues.check_admin_remains

    def both_have_checked(member: Member) -> None:
        checked(member)
        meeting.wait(30)

    monkeypatch.setattr(states, "lock", lambda row: row)
    monkeypatch.setattr(colleagues, "check_admin_remains", both_have_checked)
    assert demote_each_other() == ["won", "won"]
    assert admins(two_admins) == 0
