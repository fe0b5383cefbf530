"""Signing in at a store, by its real forms, and what it says elsewhere: nothing."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from licenseonline.accounts import passwords
from licenseonline.accounts.models import Member, Session, SignInFailure
from licenseonline.web.storefront.sign_in import after_sign_in
from tests.world import PASSWORD, World

LOGIN = "/87465/login/"
EMAIL = "hanako@aozora.example"


def sign_in(client: Client, path: str = LOGIN, email: str = EMAIL, password: str = PASSWORD, **more: str) -> int:
    return client.post(path, {"email": email, "password": password, **more}).status_code


def is_member(client: Client, store: int = 87465) -> bool:
    page = client.get(f"/{store}/").content.decode()
    assert ("ログアウト" in page) != ("新規会員登録" in page)
    return "ログアウト" in page


def test_a_member_signs_in_and_out_with_the_forms_and_their_tokens(world: World) -> None:
    browser = Client(enforce_csrf_checks=True)
    page = browser.get(LOGIN).content.decode()
    assert "パスワード再発行はこちら" in page
    assert "新規会員登録" in page
    assert "ストアID 87465" in page
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token
    response = browser.post(LOGIN, {"email": EMAIL, "password": PASSWORD, "csrfmiddlewaretoken": token[1]})
    assert response.headers["Location"] == "/87465/"
    assert is_member(browser)
    page = browser.get("/87465/").content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token
    response = browser.post("/87465/logout/", {"csrfmiddlewaretoken": token[1]})
    assert response.headers["Location"] == "/87465/"
    assert not is_member(browser)
    assert not Session.objects.exists()


def test_a_form_from_elsewhere_is_refused(world: World) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.get(LOGIN)
    response = browser.post(LOGIN, {"email": EMAIL, "password": PASSWORD})
    assert response.status_code == 403
    assert "ページの有効期限が切れました" in response.content.decode()


def test_the_session_belongs_to_the_stores_path_and_is_hidden_from_scripts(world: World, client: Client) -> None:
    sign_in(client)
    for name in ("session", "csrftoken"):
        assert client.cookies[name]["path"] == "/87465/"
        assert client.cookies[name]["httponly"]
        assert client.cookies[name]["samesite"] == "Lax"
    assert Session.objects.get().area == "store-87465"


def test_signing_in_renews_the_session(world: World, client: Client) -> None:
    sign_in(client)
    before = client.cookies["session"].value
    client.post("/87465/logout/")
    sign_in(client)
    assert client.cookies["session"].value != before


def test_a_session_planted_before_signing_in_is_not_taken_over(world: World, client: Client) -> None:
    client.cookies["session"] = "a" * 32
    sign_in(client)
    assert client.cookies["session"].value != "a" * 32


def test_signing_in_at_one_store_says_nothing_at_another(world: World, client: Client) -> None:
    """The cookie is sent where browsers would not, as an attacker can: the session's row says where it counts."""
    sign_in(client)
    for path in ("/193808/", "/193808/member/quotes/", "/partner/", "/backoffice/", "/partner/quotes/"):
        attacker = Client()
        attacker.cookies["session"] = client.cookies["session"].value
        response = attacker.get(path)
        signed_in = "ログアウト" in response.content.decode()
        assert not signed_in, path
        assert response.status_code == 200 if path == "/193808/" else "login" in response.headers["Location"], path
    assert is_member(client)


def test_each_store_has_its_own_password(world: World, client: Client) -> None:
    world.hanako_at_minato.password = passwords.hashed("another password here")
    world.hanako_at_minato.save()
    assert sign_in(client, "/193808/login/") == 422
    assert sign_in(client, "/193808/login/", password="another password here") == 302
    assert is_member(client, 193808)


def test_unknown_and_wrong_get_the_same_answer(world: World, client: Client) -> None:
    answers = []
    for email, password in ((EMAIL, "wrong"), ("nobody@aozora.example", PASSWORD)):
        response = client.post(LOGIN, {"email": email, "password": password})
        assert response.status_code == 422
        answers.append(re.sub(r'value="[^"]*"', "", response.content.decode()))
        assert password not in response.content.decode()
    assert answers[0] == answers[1]
    assert "メールアドレスまたはパスワードが違います" in answers[0]
    assert not is_member(client)


def test_a_member_who_left_cannot_sign_in(world: World, client: Client) -> None:
    Member.objects.filter(pk=world.hanako.pk).update(is_active=False)
    assert sign_in(client) == 422


def test_a_typed_address_may_differ_in_case_and_width(world: World, client: Client) -> None:
    assert sign_in(client, email="  Hanako@Aozora.Example ") == 302


@pytest.mark.parametrize(("email", "password"), [("", ""), ("x", PASSWORD), (EMAIL, ""), (EMAIL, "\0"), ("a" * 300 + "@x.example", "x" * 10_000)])  # fmt: skip
def test_mistyped_input_comes_back_with_a_sentence(world: World, client: Client, email: str, password: str) -> None:
    response = client.post(LOGIN, {"email": email, "password": password})
    assert response.status_code == 422
    assert "入力内容をご確認ください" in response.content.decode()
    assert not SignInFailure.objects.exists()


def test_guessing_is_stopped_and_counts_although_it_was_refused(world: World, client: Client) -> None:
    for _ in range(5):
        assert sign_in(client, password="wrong") == 422
    assert SignInFailure.objects.count() == 5 * len(["account from here", "account", "network"])
    response = client.post(LOGIN, {"email": EMAIL, "password": PASSWORD})
    assert response.status_code == 429
    assert "15分ほど" in response.content.decode()
    assert sign_in(client, email="taro@midori.example") == 302


@pytest.mark.parametrize(
    ("asked", "led_to"),
    [
        ("/87465/products/vbbss?program=all", "/87465/products/vbbss?program=all"),
        ("/87465/member/quotes/", "/87465/member/quotes/"),
        ("https://evil.example/", "/87465/"),
        ("//evil.example/", "/87465/"),
        ("/193808/", "/87465/"),
        ("/874650/", "/87465/"),
        ("/", "/87465/"),
    ],
)
def test_after_signing_in_one_is_where_one_wanted_to_be(world: World, client: Client, asked: str, led_to: str) -> None:
    page = client.get(LOGIN, {"next": asked}).content.decode()
    assert (f'name="next" value="{asked}"' in page) == (asked == led_to)
    response = client.post(LOGIN, {"email": EMAIL, "password": PASSWORD, "next": asked})
    assert response.headers["Location"] == led_to
    assert client.get(LOGIN, {"next": asked}).headers["Location"] == led_to  # signed in already


@pytest.mark.parametrize(
    "path",
    [
        "/87465/\\evil", "/87465//evil.example", "/87465/../partner/", "/87465/%2e%2e/partner/", "/87465/..%2fpartner/",
        "/87465/\tx", "/87465/\nx", "/87465/%0d%0aX:1", "/87465/%5cevil", " /87465/", "javascript:alert(1)", "", "/87465",
        "/87465/./../x", "/87465/x/..",
    ],
)  # fmt: skip
def test_no_spelling_leads_out_of_the_store(path: str) -> None:
    assert after_sign_in(path, 87465) == ""


def test_pages_for_members_lead_to_sign_in_and_back(world: World, client: Client) -> None:
    response = client.get("/87465/member/quotes/?x=1")
    assert response.headers["Location"] == "/87465/login/?next=%2F87465%2Fmember%2Fquotes%2F%3Fx%3D1"


def test_a_link_alone_signs_nobody_out(world: World, client_of: Callable[[Member], Client]) -> None:
    browser = client_of(world.hanako)
    page = browser.get("/87465/logout/").content.decode()
    assert "ログアウトしますか" in page
    assert is_member(browser)
    assert Client().get("/87465/logout/").headers["Location"] == "/87465/"
