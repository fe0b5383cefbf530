"""Steps for many rows: the preview says what would happen and does nothing; then each row is done by itself, once."""

import uuid
from collections.abc import Callable, Sequence

import pytest
from django.test import Client
from django.urls import reverse

from licenseonline.accounts import companies
from licenseonline.accounts.models import Assignment, Company, CompanyState, Member, User
from licenseonline.backoffice import bulk, bulk_pages
from licenseonline.kit.errors import Refused
from licenseonline.kit.rights import StaffRole
from licenseonline.records.models import HistoryEntry, Message
from licenseonline.sales.models import Quote
from tests.jobs import waiting
from tests.world import World

ClientOf = Callable[[Member | User], Client]


@pytest.fixture
def desk(world: World, client_of: ClientOf) -> Client:
    return client_of(world.operator)


@pytest.fixture
def three(world: World) -> list[Company]:
    """Two that wait, at two stores, and one that somebody has approved meanwhile."""
    found = [member.company for member in (world.hanako, world.hanako_at_minato, world.taro)]
    Company.objects.filter(pk__in=[one.pk for one in found]).update(
        state=CompanyState.AWAITING_APPROVAL
    )  # house: a test
    companies.approve(world.taro.company, by=world.operator)
    return found


def rows(found: Sequence[Company]) -> list[str]:
    return [f"company:{one.pk}" for one in found]


def states(found: Sequence[Company]) -> list[str]:
    return [Company.objects.get(pk=one.pk).state for one in found]


def traces() -> tuple[int, int, int]:
    return HistoryEntry.objects.count(), Message.objects.count(), len(waiting())


def preview(client: Client, action: str, sent: list[str]) -> str:
    answer = client.post(reverse("backoffice:bulk"), {"action": action, "row": sent})
    assert answer.status_code == 200
    return answer.content.decode()


def act(client: Client, action: str, sent: list[str], **values: str) -> str:
    body = {"row": sent, "key": str(uuid.uuid4()), **values}
    return client.post(reverse("backoffice:bulk_act", args=[action]), body, follow=True).content.decode()


def test_a_preview_says_what_would_happen_and_nothing_stays(world: World, desk: Client, three: list[Company]) -> None:
    Company.objects.filter(pk=three[1].pk).update(name="<script>x</script>")
    before, was = traces(), states(three)
    page = preview(desk, "company-approve", [*rows(three), "order:1", "company:999999", "company:x", "nonsense"])
    assert "2件を処理します。処理できない行：3件" in page
    assert "承認し、ご注文いただけるようにします。メール：2通" in page  # hanako and ichiro
    for reason in ("状態が変わったため", "この操作の対象ではありません", "見つかりません"):
        assert reason in page
    assert "<script>x" not in page
    assert (traces(), states(three)) == (before, was)


def test_what_was_shown_is_done_once_row_by_row(world: World, desk: Client, three: list[Company]) -> None:
    body = {"row": rows(three), "key": str(uuid.uuid4())}
    path = reverse("backoffice:bulk_act", args=["company-approve"])
    page = desk.post(path, body, follow=True).content.decode()
    assert "処理した行：2件　処理しなかった行：1件" in page
    assert states(three) == [CompanyState.ACTIVE] * 3
    after = traces()
    assert "処理した行：2件" in desk.post(path, body, follow=True).content.decode()
    assert traces() == after
    changed = desk.post(path, {**body, "row": rows(three[:1])})
    assert changed.status_code == 422
    assert "もう一度操作してください" in changed.content.decode()
    assert HistoryEntry.objects.filter(event="company.approved", subject_id=three[0].pk).count() == 1


def test_each_run_has_its_own_result(world: World, desk: Client, three: list[Company], client_of: ClientOf) -> None:
    path = reverse("backoffice:bulk_act", args=["company-approve"])
    sent = [{"row": [row], "key": str(uuid.uuid4())} for row in rows(three)]
    first, second, again = (desk.post(path, one)["Location"] for one in (sent[0], sent[2], sent[0]))
    assert (first == again, first == second) == (True, False)
    for page, company, other in ((first, three[0], three[2]), (second, three[2], three[0])):
        shown = desk.get(page).content.decode()
        assert (company.name in shown, other.name in shown) == (True, False)
    assert client_of(world.operator).get(first)["Location"] == "/backoffice/"  # another session's
    for _run in range(bulk_pages._MOST_KEPT):
        desk.post(path, {**sent[0], "key": str(uuid.uuid4())})
    assert desk.get(first)["Location"] == "/backoffice/"


def test_a_reason_is_asked_once_for_all(world: World, desk: Client, three: list[Company]) -> None:
    page = act(desk, "company-refuse", rows(three))
    assert "お断りの理由を入力してください" in page
    assert CompanyState.REFUSED not in states(three)
    assert "処理した行：2件" in act(desk, "company-refuse", rows(three), reason="審査の結果です。")
    assert states(three) == [CompanyState.REFUSED, CompanyState.REFUSED, CompanyState.ACTIVE]
    assert Message.objects.filter(text__contains="審査の結果です。").count() == 3


def test_people_are_assigned_to_tasks_of_several_kinds(world: World, desk: Client, three: list[Company]) -> None:
    order = world.order(world.taro)
    sent = [*rows(three), f"order:{order.pk}"]
    assert "4件を処理します" in preview(desk, "assign", sent)
    again = desk.post(reverse("backoffice:bulk_act", args=["assign"]), {"row": sent, "user": "", "again": "1"})
    assert "担当を外します。" in again.content.decode()
    assert not Assignment.objects.exists()
    act(desk, "assign", sent, user=str(world.operator.pk))
    assert Assignment.objects.filter(user=world.operator).count() == 4
    assert "選択" in act(desk, "assign", sent, user=str(world.partner.pk))  # no such choice
    assert Assignment.objects.filter(user=world.operator).count() == 4
    quote = world.quote()
    Quote.objects.filter(pk=quote.pk).update(company=None, member=None, offered_to="new@customer.example")
    assert "会社の登録がまだない見積" in preview(desk, "assign", [f"quote:{quote.pk}"])


def test_a_role_without_the_right_neither_sees_nor_does_it(
    world: World, desk: Client, client_of: ClientOf, three: list[Company]
) -> None:
    User.objects.filter(pk=world.operator.pk).update(role=StaffRole.ACCOUNTING)
    path = reverse("backoffice:bulk_act", args=["company-approve"])
    body = {"action": "company-approve", "row": rows(three), "key": str(uuid.uuid4())}
    for address in (reverse("backoffice:bulk"), path):
        answer = desk.post(address, body)
        assert answer.status_code == 403
        assert "会社の確認・変更・統合" in answer.content.decode()
    listed = desk.get(reverse("admin:accounts_company_changelist")).content.decode()
    assert "company-approve" not in listed
    for actor in (world.hanako, world.partner, world.other_partner):
        assert client_of(actor).post(path, body).status_code in {302, 403}
    with pytest.raises(Refused, match="権限が必要です"):
        bulk.run(bulk.ACTIONS["company-approve"], [], {}, by=User.objects.get(pk=world.operator.pk))
    assert states(three)[0] == CompanyState.AWAITING_APPROVAL


def test_more_than_two_hundred_rows_are_refused(world: World, desk: Client, three: list[Company]) -> None:
    sent = [*rows(three), *(f"company:{number}" for number in range(10**6, 10**6 + bulk.MOST))]
    assert "一度に処理できるのは200件までです" in preview(desk, "company-approve", sent)
    assert "一度に処理できるのは200件までです" in act(desk, "company-approve", sent)
    assert states(three)[0] == CompanyState.AWAITING_APPROVAL


def test_nothing_marked_and_nothing_chosen_are_said(world: World, desk: Client) -> None:
    assert "行が選択されていません" in preview(desk, "company-approve", [])
    answer = desk.post(reverse("backoffice:bulk"), {"action": "drop"}, follow=True)
    assert "操作を選択してください" in answer.content.decode()
    assert desk.post("/backoffice/bulk/drop").status_code == 404
    assert desk.get(f"/backoffice/bulk/result/{uuid.uuid4()}").status_code == 302
    assert desk.get("/backoffice/bulk/").status_code == 405


def test_lists_offer_the_steps_of_their_rows(world: World, desk: Client, three: list[Company]) -> None:
    path = reverse("admin:accounts_company_changelist")
    chosen = {"action": "company-approve", "_selected_action": [str(one.pk) for one in three]}
    assert "2件を処理します。処理できない行：1件" in desk.post(path, chosen).content.decode()
    orders = desk.get(reverse("admin:sales_order_changelist")).content.decode()
    assert "company-approve" not in orders
    home = desk.get("/backoffice/").content.decode()
    assert f'value="company:{three[0].pk}"' in home


def test_the_next_task_is_of_the_list_as_it_was_narrowed(world: World, desk: Client, three: list[Company]) -> None:
    order = world.order(world.taro)
    first, second = (reverse("backoffice:company", args=[one.store_id, one.pk]) for one in three[:2])
    desk.get("/backoffice/?kind=company")
    assert desk.get("/backoffice/next/")["Location"] == first
    assert desk.get("/backoffice/next/", {"after": first})["Location"] == second
    assert desk.get("/backoffice/next/", {"after": second})["Location"] == first
    assert desk.get("/backoffice/next/", {"after": "https://evil.example/"})["Location"] == first
    assert f'href="/backoffice/next/?after={first.replace("/", "%2F")}"' in desk.get(first).content.decode()
    companies.approve(three[0], by=world.operator)
    assert desk.get("/backoffice/next/", {"after": first})["Location"] == second
    companies.approve(three[1], by=world.operator)
    done = desk.get("/backoffice/next/", {"after": second}, follow=True).content.decode()
    assert "この条件の作業は、すべて終わりました" in done
    desk.get("/backoffice/")
    assert desk.get("/backoffice/next/")["Location"] == reverse("backoffice:order", args=[order.store_id, order.number])
