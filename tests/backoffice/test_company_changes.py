"""会社名・法人番号の変更 on the desk: in the work list, with the paper, decided once."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.test import Client

from licenseonline.accounts import company_changes
from licenseonline.accounts.company_changes import Names
from licenseonline.accounts.models import Company, CompanyChange, Member, User
from licenseonline.kit import clock
from licenseonline.kit.errors import NotVisible
from licenseonline.records.models import Message
from licenseonline.records.uploads import Upload
from tests.conftest import signed_in
from tests.world import World

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
WANTED = Names(name="株式会社あおぞら", kana="アオゾラ", corporate_number="")


@pytest.fixture
def desk(world: World, client_of: Callable[[Member | User], Client]) -> Client:
    return client_of(world.operator)


def asked(world: World, content: bytes = PNG, name: str = "登記.png", content_type: str = "image/png") -> CompanyChange:
    return company_changes.ask(world.hanako.company, WANTED, paper=Upload(content, name, content_type), by=world.hanako)


def page_of(change: CompanyChange) -> str:
    return f"/backoffice/company-changes/87465/{change.pk}/"


def test_the_work_list_leads_to_it_until_it_is_decided(world: World, desk: Client) -> None:
    change = asked(world)
    page = desk.get("/backoffice/?kind=company_change").content.decode()
    assert page_of(change) in page
    assert "書類を確認" in page
    assert ">期限切れ<" not in page
    with time_machine.travel(clock.now() + timedelta(days=10), tick=False):
        late = signed_in(world.operator).get("/backoffice/?kind=company_change").content.decode()
    assert ">期限切れ<" in late
    assert page_of(change) not in desk.get("/backoffice/?kind=company_change&store=193808").content.decode()
    company_changes.accept(change, by=world.operator)
    assert page_of(change) not in desk.get("/backoffice/?kind=company_change").content.decode()


def test_old_and_new_stand_beside_the_paper(world: World, desk: Client) -> None:
    change = asked(world)
    page = desk.get(page_of(change)).content.decode()
    for words in (
        "株式会社青空製作所",
        "株式会社あおぞら",
        "登記.png",
        f'<img class="desk-paper" src="{page_of(change)}paper"',
    ):
        assert words in page
    paper = desk.get(f"{page_of(change)}paper")
    assert paper.content == PNG
    assert paper["Content-Type"] == "image/png"
    assert paper["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert paper["X-Content-Type-Options"] == "nosniff"


def test_a_pdf_is_a_download(world: World, desk: Client) -> None:
    change = asked(world, b"%PDF-1.7", "登記.pdf", "application/pdf")
    assert "desk-paper" not in desk.get(page_of(change)).content.decode()
    assert desk.get(f"{page_of(change)}paper")["Content-Disposition"].startswith("attachment")


def test_accepting_changes_the_name_once(world: World, desk: Client) -> None:
    change, key = asked(world), str(uuid4())
    before = Message.objects.count()
    for _ in range(2):
        assert desk.post(f"{page_of(change)}accept", {"key": key}).headers["Location"] == page_of(change)
    assert Company.objects.get(pk=change.company_id).name == "株式会社あおぞら"
    assert Message.objects.count() == before + 1
    page = desk.post(f"{page_of(change)}return", {"key": str(uuid4()), "reason": "やはり"})
    assert page.status_code == 422
    assert "状態が変わったため" in page.content.decode()
    assert "反映済み" in desk.get(page_of(change)).content.decode()


def test_returning_needs_a_reason(world: World, desk: Client) -> None:
    change = asked(world)
    assert desk.post(f"{page_of(change)}return", {"key": str(uuid4()), "reason": " "}).status_code == 422
    answer = desk.post(f"{page_of(change)}return", {"key": str(uuid4()), "reason": "読めません。"})
    assert answer.headers["Location"] == page_of(change)
    change.refresh_from_db()
    assert (change.state, change.reason, change.decided_by) == ("returned", "読めません。", world.operator)
    assert Company.objects.get(pk=change.company_id).name == "株式会社青空製作所"
    assert "読めません。" in desk.get(page_of(change)).content.decode()


def test_only_the_operators_staff_decides(world: World) -> None:
    change = asked(world)
    with pytest.raises(NotVisible):
        company_changes.accept(change, by=world.partner)
    with pytest.raises(NotVisible):
        company_changes.send_back(change, reason="x", by=world.partner)


def test_at_another_store_it_does_not_exist(world: World, desk: Client) -> None:
    change = asked(world)
    assert desk.get(f"/backoffice/company-changes/193808/{change.pk}/").status_code == 404
