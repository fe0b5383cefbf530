"""Staff prepare, send and revise quotations at the desk and on the console; members see what was sent and nothing of the costs."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.core import mail as sent
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from licenseonline.accounts.models import Member, User
from licenseonline.kit.rights import StaffRole
from licenseonline.sales import offers
from licenseonline.sales.models import Quote, QuotePricing
from licenseonline.sales.offers import Content, Wanted
from licenseonline.sales.particulars import Addressee, EndUser, Particulars
from licenseonline.stores.models import Store
from tests.jobs import run_jobs
from tests.sales.test_followings import holds
from tests.world import World

ClientOf = Callable[[Member | User], Client]
XSS = "<script>alert(1)</script>"
SIDES = ("partner", "backoffice")


class Side:
    """The same acts at the desk and on the console."""

    def __init__(self, name: str, world: World, client_of: ClientOf) -> None:
        self.world = world
        self.who = world.partner if name == "partner" else world.operator
        self.client = client_of(self.who)
        self.root, self.slash = f"/{name}", "" if name == "partner" else "/"

    @property
    def member(self) -> str:
        return f"{self.root}/members/87465/{self.world.hanako.pk}{self.slash}"

    def page(self, number: str, rest: str = "") -> str:
        return f"{self.root}/quotes/87465/{number}" + (f"/{rest}" if rest else self.slash)

    def show(self, number: str) -> str:
        return self.client.get(self.page(number)).content.decode()

    def step(self, number: str, code: str) -> None:
        answer = self.client.post(self.page(number, f"steps/{code}"), {"key": str(uuid4())})
        assert answer.status_code == 302


def typed(press: str = "save", **more: str) -> dict[str, str]:
    """The form as somebody fills it in, with full-width digits."""
    return {
        "rows": "6", "model_1": "vbbss-1y-005", "quantity_1": "１０", "yen_1": "４，０００円", "days": "14",
        "subject": f"ご提案{XSS}", "reason": f"他社対抗{XSS}", "po_number": "", "wished_on": "", "note": f"備考{XSS}",
        "key": str(uuid4()), press: "1", **more,
    }  # fmt: skip


@pytest.mark.parametrize("name", SIDES)
def test_a_quotation_from_the_members_page_to_the_member(world: World, client_of: ClientOf, name: str) -> None:
    side, member = Side(name, world, client_of), client_of(world.hanako)
    new = f"{side.root}/members/87465/{world.hanako.pk}/quotes/new"
    assert new in side.client.get(side.member).content.decode()
    assert side.client.get(new).status_code == 200
    more = side.client.post(new, typed("more")).content.decode()
    assert 'name="model_11"' in more
    assert "vbbss-1y-005" in more
    seen = side.client.post(new, typed("check"))
    assert seen.status_code == 200
    for words in ("4,680円", "3,640円", "3,600円", "44,000円"):
        assert words in seen.content.decode()
    assert not Quote.objects.exists()
    form = typed()
    [path] = {side.client.post(new, form)["Location"] for _ in range(2)}  # twice is once
    quote = Quote.objects.get()
    assert (quote.state, path, quote.total_yen) == ("draft", side.page(quote.number), 44000)
    page = side.show(quote.number)
    assert XSS not in page
    for words in ("他社対抗", "3,640円", "お客様へ送る", "内容を書き直す"):
        assert words in page
    assert member.get(f"/87465/member/quotes/{quote.number}").status_code == 404
    assert side.client.post(side.page(quote.number, "edit"), typed(quantity_1="12"))["Location"] == path
    quote.refresh_from_db()
    assert (quote.revision, quote.total_yen, quote.state) == (1, 52800, "draft")
    side.step(quote.number, "send")
    run_jobs()
    assert "当ストアからお見積をご案内します" in sent.outbox[0].body
    page = member.get(f"/87465/member/quotes/{quote.number}").content.decode()
    for secret in ("他社対抗", "3,640", "4,680", "粗利"):
        assert secret not in page + str(sent.outbox[0].body)
    assert XSS not in page
    pdf = side.client.get(side.page(quote.number, "revisions/1.pdf"))
    assert pdf.getvalue()[:5] == b"%PDF-"
    side.step(quote.number, "withdraw")
    quote.refresh_from_db()
    assert quote.state == "withdrawn"
    assert side.client.get(side.page(quote.number, "edit")).status_code == 302


@pytest.mark.parametrize("name", SIDES)
def test_a_revision_keeps_what_is_not_asked_for_again(world: World, client_of: ClientOf, name: str) -> None:
    side = Side(name, world, client_of)
    told = Particulars(
        subject="第1案", po_number="PO-7", addressee=Addressee("本社調達部"), end_user=EndUser("青空販売"), note="至急"
    )
    lines = [Wanted(world.sku("VBBSS-1Y-005"), 10, 4000)]
    draft = offers.prepare(world.hanako, Content(lines, particulars=told, reason="対抗"), by=side.who)
    quote = offers.send(draft, by=side.who)
    run_jobs()
    edit = side.page(quote.number, "edit")
    form = side.client.get(edit).content.decode()
    for words in ("PO-7", "第1案", "至急", "VBBSS-1Y-005", 'value="4000"', "改訂して送る"):
        assert words in form
    assert side.client.post(edit, typed(subject="第2案", po_number="PO-7", yen_1="", reason=""))["Location"]
    run_jobs()
    quote.refresh_from_db()
    assert (quote.revision, quote.subject, quote.snapshot["po_number"]) == (2, "第2案", "PO-7")
    assert (quote.snapshot["buyer"]["company"], quote.snapshot["end_user"]["company"]) == ("本社調達部", "青空販売")
    assert not QuotePricing.objects.exists()
    assert "第2版" in sent.outbox[-1].body
    address, mine = f"/87465/member/quotes/{quote.number}", client_of(world.hanako)
    assert f"{address}/revisions/1" in mine.get(address).content.decode()
    earlier = mine.get(f"{address}/revisions/1").content.decode()
    assert "第1案" in earlier
    assert "4,000円" in earlier
    assert mine.get(f"{address}/revisions/1/pdf").getvalue()[:5] == b"%PDF-"
    assert mine.get(f"{address}/revisions/3").status_code == 404
    assert client_of(world.taro).get(f"{address}/revisions/1").status_code == 404
    page = side.show(quote.number)
    assert "第1版" in page
    for revision, status in ((1, 200), (2, 200), (3, 404)):
        answer = side.client.get(side.page(quote.number, f"revisions/{revision}.pdf"))
        assert answer.status_code == status
        assert answer.status_code == 404 or answer.getvalue()[:5] == b"%PDF-"


@pytest.mark.parametrize("name", SIDES)
def test_of_several_contracts_the_one_that_a_line_follows_is_chosen(
    world: World, client_of: ClientOf, name: str
) -> None:
    side = Side(name, world, client_of)
    first, second, others = (
        holds(world, 10, number=number, ends=None, company=person.company)
        for number, person in (("C-1", world.hanako), ("C-2", world.hanako), ("C-9", world.taro))
    )
    new = f"{side.root}/members/87465/{world.hanako.pk}/quotes/new"
    asks, line = "1 行目の対象となるご契約をお選びください。", {"model_1": "vbbss-r1", "yen_1": "", "reason": ""}
    for chosen in ({}, {"follows_1": str(others.pk)}, {"follows_1": "x"}):
        answer = side.client.post(new, typed(**line, **chosen))
        page = answer.content.decode()
        assert (answer.status_code, asks in page, "C-2" in page, "C-9" in page) == (422, True, True, False)
    assert side.client.post(new, typed(**line, follows_1=str(second.pk))).status_code == 302
    quote = Quote.objects.get()
    assert quote.snapshot["lines"][0]["follows_id"] == second.pk
    edit = side.page(quote.number, "edit")
    assert f'<option value="{second.pk}" selected>' in side.client.get(edit).content.decode()
    assert side.client.post(edit, typed(**line, follows_1=str(first.pk))).status_code == 302
    quote.refresh_from_db()
    assert quote.snapshot["lines"][0]["follows"] == "C-1"


@pytest.mark.parametrize("name", SIDES)
def test_what_is_wrong_is_said_at_the_row_and_nothing_typed_is_lost(
    world: World, client_of: ClientOf, name: str
) -> None:
    side = Side(name, world, client_of)
    new = f"{side.root}/members/87465/{world.hanako.pk}/quotes/new"
    for wrong, words in (
        ({"model_2": "NONE-1", "quantity_2": "1"}, "この型番は、このストアで取り扱いがありません。"),
        ({"quantity_1": ""}, "数量を入力してください。"),
        ({"model_1": "", "quantity_1": "", "yen_1": ""}, "明細を1行以上入力してください。"),
        ({"reason": ""}, "理由を入力してください。"),
        ({"days": "366"}, "365"),
        ({"model_2": "M365-MONTH", "quantity_2": "1"}, "月額"),
        ({"model_2": "VBBSS-1Y-005", "quantity_2": "10"}, "重複"),
    ):
        answer = side.client.post(new, typed(**wrong))
        assert (answer.status_code, words in answer.content.decode()) == (422, True), wrong
        assert "備考&lt;script&gt;" in answer.content.decode()
    assert not Quote.objects.exists()
    assert side.client.post(side.page("Q0", "steps/send")).status_code == 404
    assert side.client.post(new, typed(rows="9" * 9)).status_code in {302, 422}


def test_a_head_allows_a_margin_below_the_stores_and_others_do_not_see_it(world: World, client_of: ClientOf) -> None:
    Store.objects.filter(pk=87465).update(least_margin_per_mille=100)
    User.objects.filter(pk=world.partner.pk).update(role=StaffRole.SALES)
    world.partner.refresh_from_db()
    side = Side("partner", world, client_of)
    quote = offers.prepare(
        world.hanako, Content([Wanted(world.sku("VBBSS-1Y-005"), 10, 4000)], reason="対抗"), by=world.partner
    )
    assert quote.number in side.client.get("/partner/quotes/?state=draft").content.decode()
    side.step(quote.number, "send")
    assert "承認して送る" not in side.show(quote.number)
    assert quote.number in side.client.get("/partner/quotes/?state=awaiting").content.decode()
    assert side.client.post(side.page(quote.number, "steps/allow"), {"key": str(uuid4())}).status_code == 404
    desk = Side("backoffice", world, client_of)
    assert quote.number in desk.client.get("/backoffice/").content.decode()
    for role, may, sees in ((StaffRole.ORDERS, False, False), (StaffRole.ACCOUNTING, False, True)):
        User.objects.filter(pk=world.operator.pk).update(role=role)
        page = desk.show(quote.number)
        assert ("承認して送る" in page) == may
        assert ("3,640円" in page) == sees
        assert quote.number not in desk.client.get("/backoffice/").content.decode()
    User.objects.filter(pk=world.partner.pk).update(role=StaffRole.VIEWER)
    page = side.show(quote.number)
    assert "対抗" not in page
    assert "3,640" not in page
    assert side.client.get(side.page(quote.number, "edit")).status_code == 403
    User.objects.filter(pk=world.partner.pk).update(role=StaffRole.HEAD)
    side.step(quote.number, "give-back")
    side.step(quote.number, "send")
    quote.refresh_from_db()
    assert quote.state == "issued"
    assert "粗利の承認" in side.show(quote.number)
    assert client_of(world.other_partner).get(side.page(quote.number)).status_code == 404


@pytest.mark.parametrize("name", SIDES)
def test_the_pages_cost_the_same_for_one_and_three_lines(world: World, client_of: ClientOf, name: str) -> None:
    side, costs = Side(name, world, client_of), []
    sets = (["VBBSS-R1"], ["VBBSS-1Y-005", "VBBSS-R1", "ADOBE-CC"])
    for models in sets:
        lines = [Wanted(world.sku(model), 10, 5000) for model in models]
        quote = offers.prepare(world.hanako, Content(lines, reason="x"), by=side.who)
        counted = []
        for path in (side.page(quote.number), side.page(quote.number, "edit")):
            side.client.get(path)
            with CaptureQueriesContext(
                connection,
            ) as queries:
                assert side.client.get(path).status_code == 200
            counted.append(len(queries))
        costs.append(counted)
    assert costs[0] == costs[1]
