"""会社情報 and 請求先情報: what administrators change at once, and what the desk decides by paper."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.core import mail as sent
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from licenseonline.accounts import company_changes, company_profiles
from licenseonline.accounts.models import BillingContact, Company, CompanyChange, Member, Role
from licenseonline.kit.errors import NotVisible, Refused
from licenseonline.records import history
from licenseonline.records.models import Message, StoredFile
from tests.conftest import signed_in
from tests.jobs import run_jobs
from tests.web.member.helpers import at, text_of
from tests.world import World

ClientOf = Callable[[Member], Client]
PDF = b"%PDF-1.7\n%%EOF\n"
ADDRESS = {
    "postal_code": "１５０ー０００２",
    "prefecture": "東京都",
    "city": "渋谷区",
    "street": "渋谷2-1-1",
    "building": "青空ビル5F",
}
COMPANY = {**ADDRESS, "kind": "corporate", "phone": "03(2222)3333", "fax": "０３−４４４４−５５５５"}
BILLING = {
    **ADDRESS, "name": "青空ホールディングス株式会社", "department": "経理部", "person": "青空 次郎", "phone": "03-9999-8888",
    "email": "keiri@aozora.example",
}  # fmt: skip
# The check digit of the second is right; its first digit makes it so.
NAMES = {"name": "株式会社あおぞら", "kana": "あおぞら", "corporate_number": "７０００-０１２０-５０００２"}


def company_of(member: Member) -> Company:
    return Company.objects.get(pk=member.company_id)


def ask_names(browser: Client, /, *, paper: bytes = PDF, key: str = "", **changed: str) -> HttpResponse:
    file = SimpleUploadedFile("登記.pdf", paper, content_type="application/pdf")
    fields = {**NAMES, "paper": file, "key": key or str(uuid4()), **changed}
    answer = browser.post(at("profile_company_name"), fields)
    assert isinstance(answer, HttpResponse)
    return answer


def test_an_administrator_changes_address_numbers_and_kind(world: World, client_of: ClientOf) -> None:
    order = world.order()
    browser = client_of(world.hanako)
    assert browser.post(at("profile_company"), {**COMPANY, "kind": "academic"}).headers["Location"] == at("profile")
    company = company_of(world.hanako)
    assert (company.postal_code, company.phone, company.fax) == ("150-0002", "03-2222-3333", "03-4444-5555")
    assert company.address == "東京都渋谷区渋谷2-1-1 青空ビル5F"
    assert company.kind == Company.Kind.ACADEMIC
    order.refresh_from_db()
    assert order.snapshot["buyer"]["address"] == "東京都千代田区千代田1-1"
    entry = history.of(company)[-1]
    assert (entry.event, entry.actor_id) == ("company.changed", world.hanako.pk)
    browser.post(at("profile_company"), {**COMPANY, "kind": "academic"})
    assert Message.objects.filter(kind="accounts/security_notice").count() == 1
    assert "渋谷2-1-1" in text_of(browser, at("profile"))


def test_the_address_can_be_found_without_a_script(world: World, client_of: ClientOf) -> None:
    typed = {**COMPANY, "postal_code": "100-0001", "city": "", "street": "", "find_address": "1"}
    page = client_of(world.hanako).post(at("profile_company"), typed).content.decode()
    assert 'value="千代田区"' in page
    assert company_of(world.hanako).phone == "03-1111-1111"


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("postal_code", "123", "郵便番号は7桁の数字で"),
        ("prefecture", "東京", "都道府県を選択してください。"),
        ("phone", "", "電話番号を入力してください。"),
        ("fax", "abc", "電話番号は市外局番から"),
        ("kind", "x", "選択"),
    ],
)
def test_errors_are_said_at_the_field(world: World, client_of: ClientOf, field: str, value: str, sentence: str) -> None:
    answer = client_of(world.hanako).post(at("profile_company"), {**COMPANY, field: value})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'href="#id_{field}"' in page
    assert sentence in page
    assert "渋谷2-1-1" in page
    assert company_of(world.hanako).phone == "03-1111-1111"


@pytest.mark.parametrize("role", [Role.BUYER, Role.VIEWER])
@pytest.mark.parametrize("route", ["profile_company", "profile_company_name", "profile_billing"])
def test_only_administrators_change_company_data(world: World, client_of: ClientOf, role: Role, route: str) -> None:
    Member.objects.filter(pk=world.ichiro.pk).update(role=role)
    browser = client_of(world.ichiro)
    for answer in (browser.get(at(route)), browser.post(at(route), {**COMPANY, **BILLING, **NAMES})):
        assert answer.status_code == 409
        assert "管理者の方だけが変更できます" in answer.content.decode()
    assert "管理者の方だけが変更できます" in text_of(browser, at("profile"))
    assert company_of(world.ichiro).phone == "03-1111-1111"
    assert not BillingContact.objects.exists()
    assert not CompanyChange.objects.exists()


def test_nobody_changes_another_company(world: World) -> None:
    company = world.hanako.company
    for by in (world.taro, world.hanako_at_minato):
        for verb in (
            lambda by=by: company_profiles.change(company, COMPANY, by=by),
            lambda by=by: company_profiles.set_billing(company, BILLING, by=by),
            lambda by=by: company_profiles.clear_billing(company, by=by),
        ):
            with pytest.raises(NotVisible):
                verb()


def test_billing_goes_elsewhere_and_back(world: World, client_of: ClientOf) -> None:
    browser = client_of(world.hanako)
    page = text_of(browser, at("profile_billing"))
    assert "checked" in page
    assert 'value="千代田1-1"' in page
    assert browser.post(at("profile_billing"), BILLING).status_code == 302
    contact = company_profiles.billing_of(world.hanako.company)
    assert contact is not None
    assert (contact.name, contact.person, contact.postal_code) == (BILLING["name"], "青空 次郎", "150-0002")
    assert "青空ホールディングス株式会社" in text_of(browser, at("profile"))
    order = world.order()
    desk = signed_in(world.operator).get(f"/backoffice/orders/87465/{order.number}/").content.decode()
    assert "青空ホールディングス株式会社 経理部 青空 次郎" in desk
    assert browser.post(at("profile_billing"), {**BILLING, "person": "青空 三郎"}).status_code == 302
    assert BillingContact.objects.get().person == "青空 三郎"
    # With the box ticked it does not matter what stands below it.
    assert browser.post(at("profile_billing"), {"same": "on", "phone": "x"}).status_code == 302
    assert not BillingContact.objects.exists()
    assert "会社情報と同じです。" in text_of(browser, at("profile"))
    events = [entry.event for entry in history.of(world.hanako.company)]
    assert events == ["company.billing_changed", "company.billing_changed", "company.billing_cleared"]
    assert browser.post(at("profile_billing"), {"phone": "x"}).status_code == 422


def test_another_name_is_a_request_with_paper_and_documents_keep_the_old_one(world: World, client_of: ClientOf) -> None:
    order = world.order()
    browser = client_of(world.hanako)
    assert ask_names(browser).headers["Location"] == at("profile_company")
    assert "変更のお申し込みを確認中です" in text_of(browser, at("profile_company"))
    assert company_of(world.hanako).name == "株式会社青空製作所"
    change = CompanyChange.objects.get()
    assert (change.kana, change.corporate_number) == ("アオゾラ", "7000012050002")
    assert change.paper.company_id == world.hanako.company_id
    sent.outbox.clear()
    company_changes.accept(change, by=world.operator)
    run_jobs()
    assert "【エルサットストア】会社情報の変更が完了しました" in [mail.subject for mail in sent.outbox]
    assert company_of(world.hanako).name == "株式会社あおぞら"
    order.refresh_from_db()
    assert order.snapshot["buyer"]["company"] == "株式会社青空製作所"
    assert "株式会社青空製作所" in text_of(browser, at("order", order.number))
    world.hanako.refresh_from_db()
    member = Member.objects.select_related("company", "store").get(pk=world.hanako.pk)
    assert world.quote(member).snapshot["buyer"]["company"] == "株式会社あおぞら"
    with pytest.raises(Refused) as refused:
        company_changes.send_back(change, reason="x", by=world.operator)
    assert refused.value.code == "state"


def test_a_returned_request_says_why_and_can_be_made_again(world: World, client_of: ClientOf) -> None:
    browser = client_of(world.hanako)
    ask_names(browser)
    company_changes.send_back(CompanyChange.objects.get(), reason="書類が読めません。", by=world.operator)
    run_jobs()
    [mail] = [mail for mail in sent.outbox if "お申し込みについて" in mail.subject]
    assert "■ 理由\n書類が読めません。" in str(mail.body)
    assert at("profile_company") in str(mail.body)
    page = text_of(browser, at("profile_company"))
    assert "差し戻しとなりました" in page
    assert "書類が読めません。" in page
    assert ask_names(browser).status_code == 302
    assert CompanyChange.objects.count() == 2


def test_the_same_request_sent_twice_is_made_once_and_a_second_one_waits(world: World, client_of: ClientOf) -> None:
    browser, key = client_of(world.hanako), str(uuid4())
    assert [ask_names(browser, key=key).status_code for _ in range(2)] == [302, 302]
    answer = ask_names(browser)
    assert answer.status_code == 422
    assert "変更のお申し込みを確認中です。結果のご連絡をお待ちください。" in answer.content.decode()
    assert CompanyChange.objects.count() == 1


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"corporate_number": "1000012050002"}, "corporate_number"),
        ({"corporate_number": "123"}, "corporate_number"),
        ({"kana": "漢字"}, "kana"),
        ({"name": ""}, "name"),
        ({"name": "株式会社青空製作所", "kana": "アオゾラセイサクショ", "corporate_number": ""}, "name"),
    ],
)
def test_a_wrong_request_is_refused_at_its_field(
    world: World, client_of: ClientOf, changed: dict[str, str], field: str
) -> None:
    answer = ask_names(client_of(world.hanako), paper=PDF, key="", **changed)
    assert answer.status_code == 422
    assert f'href="#id_{field}"' in answer.content.decode()
    assert "もう一度選択してください" in answer.content.decode()
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize("paper", [b"<script>", b"", b"MZ\x00"])
def test_the_paper_is_judged_by_its_bytes(world: World, client_of: ClientOf, paper: bytes) -> None:
    answer = ask_names(client_of(world.hanako), paper=paper)
    assert answer.status_code == 422
    assert 'href="#id_paper"' in answer.content.decode()


def test_a_large_paper_is_taken_and_a_larger_one_is_refused_before_it_is_read(
    world: World, client_of: ClientOf
) -> None:
    browser = client_of(world.hanako)
    assert ask_names(browser, paper=PDF + b"x" * (9 * 1024 * 1024)).status_code == 302
    assert ask_names(browser, paper=PDF + b"x" * (12 * 1024 * 1024)).status_code in {400, 413}
