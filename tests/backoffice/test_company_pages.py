"""New companies at a store that looks at them first: on the work list, decided once, told by mail."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
import time_machine
from django.core import mail as outbox
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from licenseonline.accounts import companies, members
from licenseonline.accounts.models import Company, CompanyState, Member, User
from licenseonline.backoffice import worklist
from licenseonline.backoffice.work.kinds import Task
from licenseonline.kit import clock
from licenseonline.kit.errors import NotVisible, Refused
from licenseonline.records import history
from tests.jobs import run_jobs
from tests.world import World


@pytest.fixture
def desk(world: World, client_of: Callable[[Member | User], Client]) -> Client:
    return client_of(world.operator)


@pytest.fixture
def waiting(world: World) -> Company:
    """青空製作所 with its two members."""
    Company.objects.filter(pk=world.hanako.company_id).update(state=CompanyState.AWAITING_APPROVAL)
    return Company.objects.get(pk=world.hanako.company_id)


def address(company: Company, verb: str = "") -> str:
    return f"/backoffice/companies/{company.store_id}/{company.pk}/{verb}"


def tasks(world: World) -> list[Task]:
    return worklist.by_deadline(worklist.collect(by=world.operator, store_id=None).values())


def test_a_waiting_company_stands_on_the_work_list_until_the_next_business_day(
    world: World, waiting: Company, desk: Client
) -> None:
    Member.objects.filter(company=waiting).update(created_at=datetime(2026, 11, 20, 3, tzinfo=UTC))  # a Friday
    with time_machine.travel(datetime(2026, 11, 20, 5, tzinfo=UTC), tick=False):
        [task] = tasks(world)
    assert (task.kind, task.due_on, task.company) == (
        "company",
        date(2026, 11, 24),
        waiting.name,
    )  # Monday is a holiday
    page = desk.get("/backoffice/").content.decode()
    assert "会社の確認" in page
    assert task.url == address(waiting)
    assert desk.get(task.url).status_code == 200


def test_the_desk_approves_and_the_members_are_told(world: World, waiting: Company, desk: Client) -> None:
    page = desk.get(address(waiting)).content.decode()
    for words in (waiting.name, "hanako@aozora.example", "承認待ち", "100-0001"):
        assert words in page
    key = str(uuid4())
    for _ in range(2):  # twice is once
        assert desk.post(address(waiting, "approve"), {"key": key}).headers["Location"] == address(waiting)
    waiting.refresh_from_db()
    assert waiting.state == CompanyState.ACTIVE
    assert tasks(world) == []
    run_jobs()
    assert sorted(mail.to[0] for mail in outbox.outbox) == ["hanako@aozora.example", "ichiro@aozora.example"]
    assert "ご注文いただけるようになりました" in outbox.outbox[0].subject
    assert "http://shop.example/87465/login/" in str(outbox.outbox[0].body)
    assert [entry.event for entry in history.of(waiting)] == ["company.approved"]
    assert "運営 太郎" in desk.get(address(waiting)).content.decode()
    members.check_may_order(Member.objects.select_related("company").get(pk=world.hanako.pk))


def test_the_desk_refuses_with_a_reason_and_may_think_again(world: World, waiting: Company, desk: Client) -> None:
    response = desk.post(address(waiting, "refuse"), {"key": str(uuid4()), "reason": " "})
    assert response.status_code == 422
    assert "お断りの理由を入力してください" in response.content.decode()
    answer = desk.post(address(waiting, "refuse"), {"key": str(uuid4()), "reason": "住所を確認できませんでした。"})
    assert answer.status_code == 302
    run_jobs()
    assert "住所を確認できませんでした。" in str(outbox.outbox[0].body)
    hanako = Member.objects.select_related("company").get(pk=world.hanako.pk)
    with pytest.raises(Refused) as refused:
        members.check_may_quote(hanako)
    assert refused.value.code == "company_refused"
    page = desk.get(address(waiting)).content.decode()
    assert "お取引不可にする" not in page
    assert desk.post(address(waiting, "approve"), {"key": str(uuid4())}).status_code == 302
    members.check_may_quote(Member.objects.select_related("company").get(pk=world.hanako.pk))


def test_what_is_decided_cannot_be_decided_again(world: World, waiting: Company, desk: Client) -> None:
    companies.approve(waiting, by=world.operator)
    for verb in ("approve", "refuse"):
        response = desk.post(address(waiting, verb), {"key": str(uuid4()), "reason": "理由"})
        assert response.status_code == 422
    assert [entry.event for entry in history.of(waiting)] == ["company.approved"]


def test_only_the_operators_staff_decides(world: World, waiting: Company) -> None:
    with pytest.raises(NotVisible):
        companies.approve(waiting, by=world.partner)
    with pytest.raises(NotVisible):
        companies.refuse(waiting, reason="x", by=world.partner)
    waiting.refresh_from_db()
    assert waiting.state == CompanyState.AWAITING_APPROVAL


def test_the_work_list_asks_as_often_for_three_as_for_one(world: World, waiting: Company) -> None:
    tasks(world)
    counts = []
    for number in (1, 3):
        for n in range(number - 1):
            Company.objects.create(
                store=world.minato, state=CompanyState.AWAITING_APPROVAL, name=f"会社{n}", kana="カイシャ",
                postal_code="100-0001", prefecture="東京都", city="千代田区", street="1", phone="03-1111-1111",
            )  # fmt: skip
        with CaptureQueriesContext(connection) as queries:
            assert len(tasks(world)) == number
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_who_may_not_order_is_told_why(world: World) -> None:
    hanako = world.hanako
    for change, code in (
        ({"role": "viewer"}, "viewer"),
        ({"role": "buyer", "email_verified_at": None}, "unverified"),
        ({"email_verified_at": clock.now()}, ""),
    ):
        for name, value in change.items():
            setattr(hanako, name, value)
        if not code:
            members.check_may_order(hanako)
            continue
        with pytest.raises(Refused) as refused:
            members.check_may_order(hanako)
        assert refused.value.code == code
        assert members.why_not_order(hanako) == refused.value.message
        assert not hanako.can_order
