"""The platform's pages: finding one's store, and the terms of use."""

import pytest
from django.test import Client

from licenseonline.accounts.models import SignInFailure
from licenseonline.records.models import Message
from tests import jobs
from tests.world import World


def test_home_explains_how_to_find_ones_store(world: World, client: Client) -> None:
    page = client.get("/").content.decode()
    for words in (
        "ストアID",
        "/<strong>87465</strong>/contents/static/guide/orderflow.html",
        "注文履歴",
        "/partner/login/",
    ):
        assert words in page


def test_no_list_of_stores_is_shown(world: World, client: Client) -> None:
    page = client.get("/").content.decode()
    assert world.elsat.name not in page
    assert world.minato.name not in page


def test_known_and_unknown_addresses_get_the_same_answer(world: World, client: Client) -> None:
    answers = []
    for email in ("hanako@aozora.example", "nobody@aozora.example"):
        response = client.post("/", {"email": email})
        assert response.status_code == 302
        answers.append(client.get(response.headers["Location"]).content)
        assert "Set-Cookie" not in response
    assert answers[0] == answers[1]
    assert "ご登録がある場合はメールをお送りしました。" in answers[0].decode()
    assert jobs.waiting() == ["accounts.members.mail_stores"] * 2


def test_the_mail_goes_to_the_known_address_and_names_its_stores(world: World, client: Client) -> None:
    client.post("/", {"email": "Hanako@aozora.example"})
    client.post("/", {"email": "nobody@aozora.example"})
    jobs.run_jobs()
    mail = Message.objects.get()
    assert mail.recipient == "hanako@aozora.example"
    assert mail.store_id is None
    assert mail.subject == "【ライセンスオンライン】ご登録ストアのご案内"
    for part in (mail.text, mail.html):
        for words in ("エルサットストア", "/87465/", "みなとライセンスストア", "/193808/"):
            assert words in part
    assert "<" not in mail.text


@pytest.mark.parametrize("email", ["", "x", "a b@x.example", "\0", "a" * 300 + "@x.example"])
def test_a_mistyped_address_is_said_at_its_field(world: World, client: Client, email: str) -> None:
    response = client.post("/", {"email": email})
    assert response.status_code == 422
    assert "field-invalid" in response.content.decode()
    assert jobs.waiting() == []


def test_asking_too_often_is_refused_and_counted(world: World, client: Client) -> None:
    for _ in range(5):
        assert client.post("/", {"email": "hanako@aozora.example"}).status_code == 302
    response = client.post("/", {"email": "hanako@aozora.example"})
    assert response.status_code == 429
    assert "1時間ほど" in response.content.decode()
    assert SignInFailure.objects.count() == 10
    assert client.post("/", {"email": "taro@midori.example"}).status_code == 302


def test_no_cookie_of_the_platform_reaches_the_stores(world: World) -> None:
    """A cookie on / would be sent to every store and take the place of the store's own."""
    browser = Client(enforce_csrf_checks=True)
    assert browser.get("/").status_code == 200
    assert browser.post("/", {"email": "hanako@aozora.example"}).status_code == 302
    assert not browser.cookies


def test_the_terms_say_since_when_they_hold(world: World, client: Client) -> None:
    page = client.get("/contents/static/topterm.html").content.decode()
    for words in ("利用規約", "制定：2024年5月10日", "反社会的勢力", "第1条"):
        assert words in page
