"""会員情報: what members change about themselves, and that nobody else can."""

from collections.abc import Callable

import pytest
from django.core import mail as sent
from django.test import Client

from licenseonline.accounts import consents, profiles
from licenseonline.accounts.models import Consent, Member, Role
from licenseonline.kit.errors import NotVisible
from licenseonline.records import history
from licenseonline.records.models import Message
from tests.jobs import run_jobs
from tests.web.member.helpers import at, queries, text_of
from tests.world import World

ClientOf = Callable[[Member], Client]
PERSON = {
    "name": "青空 華子",
    "kana": "ｱｵｿﾞﾗ はなこ",
    "department": "購買部",
    "title": "部長",
    "phone": "０３ー１２３４ー５６７８",
}
ENTRIES = ("会社情報の変更", "お客様情報の変更", "メールアドレスの変更", "メールマガジンの配信設定", "退会手続き", "請求先情報の変更（銀行振込専用）")  # fmt: skip


def fresh(member: Member) -> Member:
    return Member.objects.select_related("company", "store").get(pk=member.pk)


def test_the_notices_entries_are_links(world: World, client_of: ClientOf) -> None:
    browser = client_of(world.hanako)
    page = text_of(browser, at("profile"))
    for entry in ENTRIES:
        address = page.split(f">{entry}</a>")[0].rpartition('href="')[2].rstrip('"')
        text = text_of(browser, address)
        assert f"<h1>{entry}</h1>" in text


def test_a_member_changes_name_reading_department_title_and_telephone(world: World, client_of: ClientOf) -> None:
    browser = client_of(world.hanako)
    answer = browser.post(at("profile_person"), PERSON)
    assert answer.headers["Location"] == at("profile")
    assert "お客様情報を変更しました。" in text_of(browser, at("profile"))
    member = fresh(world.hanako)
    assert (member.name, member.kana, member.department) == ("青空 華子", "アオゾラ ハナコ", "購買部")
    assert (member.title, member.phone) == ("部長", "03-1234-5678")
    run_jobs()
    [mail] = sent.outbox
    assert mail.subject == "【エルサットストア】お客様情報を変更しました"
    assert "変更した項目：お名前、フリガナ、部署、役職、電話番号" in str(mail.body)
    entry = history.of(member)[-1]
    assert entry.event == "member.person_changed"
    assert entry.actor_id == member.pk
    assert entry.facts == {"fields": "name,kana,department,title,phone"}


def test_the_same_again_changes_nothing_and_mails_nobody(world: World, client_of: ClientOf) -> None:
    browser = client_of(world.hanako)
    for _ in range(2):
        assert browser.post(at("profile_person"), PERSON).status_code == 302
    assert Message.objects.count() == 1


@pytest.mark.parametrize("name", ["𠮷野 太郎", "葛󠄀城 花子", "髙﨑 塚\ufa10"])
def test_names_keep_the_characters_people_chose(world: World, client_of: ClientOf, name: str) -> None:
    client_of(world.hanako).post(at("profile_person"), {**PERSON, "name": name})
    assert fresh(world.hanako).name == name


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", " ", "お名前を入力してください。"),
        ("kana", "漢字", "カタカナで入力してください"),
        ("phone", "12", "電話番号は市外局番から"),
        ("department", "あ" * 81, "部署は80文字以内で"),
    ],
)
def test_what_is_wrong_is_said_at_the_field_and_what_was_typed_stays(
    world: World, client_of: ClientOf, field: str, value: str, sentence: str
) -> None:
    answer = client_of(world.hanako).post(at("profile_person"), {**PERSON, field: value})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert f'href="#id_{field}"' in page
    assert 'value="青空 華子"' in page or field == "name"
    assert fresh(world.hanako).name == "青空 花子"


def test_a_viewer_changes_only_himself(world: World, client_of: ClientOf) -> None:
    Member.objects.filter(pk=world.ichiro.pk).update(role=Role.VIEWER)
    browser = client_of(world.ichiro)
    assert browser.post(at("profile_person"), PERSON).status_code == 302
    assert fresh(world.ichiro).name == "青空 華子"
    for verb in (
        lambda: profiles.change_person(world.hanako, PERSON, by=world.ichiro),
        lambda: profiles.choose_newsletter(world.hanako, wanted=True, source="x", network="", by=world.ichiro),
    ):
        with pytest.raises(NotVisible):
            verb()
    assert fresh(world.hanako).name == "青空 花子"


def test_the_newsletter_is_chosen_with_proof_of_when_and_from_where(world: World, client_of: ClientOf) -> None:
    browser = client_of(world.hanako)
    assert browser.post(at("profile_newsletter"), {"newsletter": "on"}).status_code == 302
    member = fresh(world.hanako)
    proof = consents.latest(member, Consent.Kind.NEWSLETTER)
    assert member.newsletter
    assert proof is not None
    assert (proof.given, proof.source) == (True, "store:profile_newsletter")
    assert len(proof.network) == 64
    assert "配信中" in text_of(browser, at("profile_newsletter"))
    assert browser.post(at("profile_newsletter"), {}).status_code == 302
    proof = consents.latest(member, Consent.Kind.NEWSLETTER)
    assert proof is not None
    assert not proof.given
    assert not fresh(world.hanako).newsletter
    assert not fresh(world.hanako_at_minato).newsletter
    browser.post(at("profile_newsletter"), {})
    assert Consent.objects.count() == 2
    run_jobs()
    assert ["配信：希望する" in str(mail.body) for mail in sent.outbox] == [True, False]


def test_the_page_asks_a_fixed_number_of_queries(world: World, client_of: ClientOf) -> None:
    assert queries(client_of(world.hanako), at("profile")) <= 7
