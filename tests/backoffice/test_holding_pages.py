"""Holdings by hand: they count at once, and no more when they are withdrawn."""

from collections.abc import Callable
from datetime import date
from uuid import uuid4

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from licenseonline.accounts.models import Member, User
from licenseonline.catalog.models import Paper
from licenseonline.kit import clock
from licenseonline.kit.rights import StaffRole
from licenseonline.licensing import holdings
from licenseonline.licensing.models import Holding
from licenseonline.records import files, history
from licenseonline.sales.models import CompanyProof
from tests.world import World


@pytest.fixture
def desk(world: World, client_of: Callable[[Member | User], Client]) -> Client:
    return client_of(world.operator)


def page_of(world: World) -> str:
    return f"/backoffice/companies/87465/{world.hanako.company_id}/holdings"


def enter(world: World, desk: Client, key: str = "", **fields: object) -> HttpResponse:
    answer = desk.post(f"{page_of(world)}/enter", {"key": key or str(uuid4()), "quantity": "10", **fields})
    assert isinstance(answer, HttpResponse)
    return answer


def units(world: World) -> list[tuple[str, int]]:
    return [(one.name, one.units) for one in holdings.held(world.hanako.company, since=clock.today())]


def proof(world: World, member: Member) -> CompanyProof:
    own = {"store_id": member.store_id, "company_id": member.company_id}
    file = files.keep(b"%PDF-", name="証明.pdf", content_type="application/pdf", **own)
    return CompanyProof.objects.create(
        **own, paper=Paper.HOLDING_PROOF, file=file, accepted_on=clock.today(), accepted_by=world.operator
    )


def test_a_holding_counts_until_it_is_withdrawn(world: World, desk: Client) -> None:
    key, mine = str(uuid4()), proof(world, world.hanako)
    given = {"model_number": "ｖｂｂｓｓ-1Y-005", "ends_on": "2099-03-31", "proof": mine.pk}
    assert [enter(world, desk, key, **given).status_code for _twice in range(2)] == [302, 302]
    assert enter(world, desk, name="<script>他社製品").status_code == 302
    product = world.sku("VBBSS-1Y-005").product
    assert units(world) == [(product.name, 10), ("<script>他社製品", 10)]
    kept = Holding.objects.get(product=product)
    assert (kept.vendor, kept.ends_on, kept.proof) == (product.vendor, date(2099, 3, 31), mine.file)
    shown = desk.get(page_of(world)).content.decode()
    assert "<script>他社製品" not in shown
    assert "証明.pdf" in shown
    address = f"{page_of(world)}/{kept.pk}/withdraw"
    assert desk.post(address, {"key": str(uuid4())}).status_code == 302
    assert desk.post(address, {"key": str(uuid4())}).status_code == 422
    assert units(world) == [("<script>他社製品", 10)]
    assert "取り消し済み" in desk.get(page_of(world)).content.decode()
    events = [entry.event for entry in history.of(world.hanako.company)]
    assert events == ["company.holding_entered", "company.holding_entered", "company.holding_withdrawn"]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "型番または製品名を入力してください"),
        ({"model_number": "NO-SUCH"}, "この型番は登録されていません"),
        ({"name": "x", "quantity": "0"}, "1 以上"),
        ({"name": "x", "quantity": "9999999999"}, "以下"),
    ],
)
def test_what_is_not_clear_is_refused(world: World, desk: Client, fields: dict[str, str], said: str) -> None:
    answer = enter(world, desk, **fields)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Holding.objects.exists()


def test_the_paper_of_another_company_is_no_proof_nor_one_that_was_taken_back(world: World, desk: Client) -> None:
    assert enter(world, desk, name="x", proof=proof(world, world.taro).pk).status_code == 422
    taken = proof(world, world.hanako)
    CompanyProof.objects.filter(pk=taken.pk).update(withdrawn_at=clock.now())
    assert enter(world, desk, name="x", proof=taken.pk).status_code == 422
    wrong = Holding.objects.create(
        store_id=87465,
        company=world.taro.company,
        name="x",
        quantity=1,
        entered_by=world.operator,
        entered_at=clock.now(),
    )
    assert desk.post(f"{page_of(world)}/{wrong.pk}/withdraw", {"key": str(uuid4())}).status_code == 404


def test_who_may_not_review_papers_only_reads(world: World, desk: Client) -> None:
    enter(world, desk, name="x")
    counts = set()
    for _more in range(2):
        with CaptureQueriesContext(connection) as captured:
            desk.get(page_of(world))
        counts.add(len(captured))
        enter(world, desk, name="y")
    assert len(counts) == 1
    User.objects.filter(pk=world.operator.pk).update(role=StaffRole.ACCOUNTING)
    shown = desk.get(page_of(world)).content.decode()
    assert "保有を登録する" not in shown
    assert enter(world, desk, name="z").status_code == 403
