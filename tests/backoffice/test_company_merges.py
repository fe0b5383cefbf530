"""The desk's pages: two companies made one and back, and the administrator's role passed on."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client

from licenseonline.accounts.models import Company, CompanyMerge, Member, Role, User
from licenseonline.sales.models import Quote
from tests.world import World

PAGE = "/backoffice/company-merges/"


@pytest.fixture
def desk(world: World, client_of: Callable[[Member | User], Client]) -> Client:
    return client_of(world.operator)


def pair(world: World) -> dict[str, str]:
    kept, merged = world.hanako.company_id, world.taro.company_id
    return {"store": "87465", "kept": str(kept), "merged": str(merged)}


def test_search_preview_merge_and_undo(world: World, desk: Client) -> None:
    quote = world.quote(world.taro)
    found = desk.get(PAGE, {"store": "87465", "q": "ミドリ"}).content.decode()
    assert "学校法人みどり学園" in found
    assert "株式会社青空製作所" not in found
    page = desk.get(f"{PAGE}preview", pair(world)).content.decode()
    assert "学校法人みどり学園" in page
    assert "1 件" in page
    key = str(uuid4())
    for _ in range(2):
        answer = desk.post(f"{PAGE}preview", {**pair(world), "key": key}, follow=True)
    assert CompanyMerge.objects.count() == 1
    assert Quote.objects.get(pk=quote.pk).company == world.hanako.company
    listed = answer.content.decode()
    assert "統合を取り消す" in listed
    made = CompanyMerge.objects.get()
    undone = desk.post(f"{PAGE}87465/{made.pk}/undo", follow=True).content.decode()
    assert "統合を取り消し、会員の方へメールでお知らせしました" in undone
    assert Quote.objects.get(pk=quote.pk).company == world.taro.company
    assert Company.objects.get(pk=world.taro.company_id).state == "active"
    again = desk.post(f"{PAGE}87465/{made.pk}/undo", follow=True).content.decode()
    assert "すでに取り消されています" in again


def test_what_may_not_be_merged_is_said(world: World, desk: Client) -> None:
    same = {**pair(world), "merged": str(world.hanako.company_id)}
    assert "同じ会社どうしは統合できません" in desk.get(f"{PAGE}preview", same, follow=True).content.decode()
    assert "統合する会社を選択してください" in desk.get(
        f"{PAGE}preview", {"store": "87465", "kept": "1"}, follow=True
    ).content.decode()  # fmt: skip
    other = {**pair(world), "merged": str(world.hanako_at_minato.company_id)}
    assert "別のストアの会社とは" in desk.get(f"{PAGE}preview", other, follow=True).content.decode()
    assert desk.get(f"{PAGE}preview", {**pair(world), "kept": "99999"}).status_code == 404


def test_the_role_is_passed_on(world: World, desk: Client) -> None:
    page = f"/backoffice/companies/87465/{world.hanako.company_id}/hand-over"
    assert "青空 一郎（ichiro@aozora.example、購買担当）" in desk.get(page).content.decode()
    failed = desk.post(page, {"to": world.ichiro.pk, "key": str(uuid4())})
    assert failed.status_code == 422
    assert "理由を選択してください" in failed.content.decode()
    form = {"to": world.ichiro.pk, "instead_of": world.hanako.pk, "reason": "left", "key": str(uuid4())}
    for _ in range(2):
        done = desk.post(page, form, follow=True)
    assert done.status_code in {200, 422}
    assert Member.objects.get(pk=world.ichiro.pk).role == Role.ADMIN
    assert not Member.objects.get(pk=world.hanako.pk).is_active
    assert desk.post(page, {**form, "to": world.taro.pk, "key": str(uuid4())}).status_code == 422
