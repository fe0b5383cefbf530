"""Signing in on the desk: three things together, once, and good for nothing elsewhere."""

from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from licenseonline.accounts import sign_in
from licenseonline.accounts.models import Member, User
from tests.world import PASSWORD, World

LOGIN = "/backoffice/login/"


def send(world: World, client: Client | None = None, **changed: Any) -> HttpResponse:
    fields = {"email": "desk@operator.example", "password": PASSWORD, "code": sign_in.next_code(world.operator)}
    response = (client or Client()).post(LOGIN, {**fields, **changed})
    assert isinstance(response, HttpResponse)
    return response


def test_the_operator_signs_in(world: World) -> None:
    client = Client()
    answer = send(world, client)
    assert (answer.status_code, answer["Location"]) == (302, "/backoffice/")
    assert answer.cookies["session"]["path"] == "/backoffice/"
    assert client.get("/backoffice/").status_code == 200


def test_a_code_typed_in_full_width_is_taken(world: World) -> None:
    wide = sign_in.next_code(world.operator).translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    assert send(world, code=wide).status_code == 302


def test_a_code_works_once(world: World) -> None:
    code = sign_in.next_code(world.operator)
    assert send(world, code=code).status_code == 302
    assert send(world, code=code).status_code == 422


@pytest.mark.parametrize("field", ["email", "password", "code"])
def test_one_wrong_thing_gives_the_same_sentence(world: World, field: str) -> None:
    changed: dict[str, Any] = {field: "wrong@x.example"}
    answer = send(world, **changed)
    assert answer.status_code == 422
    assert "入力内容または確認コードが違います" in answer.content.decode()


def test_the_password_never_comes_back(world: World) -> None:
    assert PASSWORD not in send(world, code="000000").content.decode()


def test_guessing_is_stopped_and_right_answers_wait_too(world: World) -> None:
    for _ in range(sign_in.MOST_PER_ACCOUNT):
        assert send(world, password="guess").status_code == 422
    assert send(world).status_code == 429


def test_partners_staff_is_unknown_here(world: World) -> None:
    answer = send(world, email=world.partner.email, code=sign_in.next_code(world.partner))
    assert answer.status_code == 422


@pytest.mark.parametrize("target", ["/backoffice/sales/order/", "/backoffice/?kind=payment"])
def test_one_comes_to_the_page_that_was_asked_for(world: World, target: str) -> None:
    response = Client().get(target)
    assert response.status_code == 302
    assert response["Location"].startswith("/backoffice/login/?next=/backoffice/")
    fields = {"email": world.operator.email, "password": PASSWORD, "code": sign_in.next_code(world.operator)}
    assert Client().post(response["Location"], fields)["Location"] == target


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example/", "/partner/", "/backoffice/../partner/", "/backoffice/%2e%2e/87465/",
     "/backoffice/login/"],
)  # fmt: skip
def test_one_never_lands_elsewhere(world: World, target: str) -> None:
    fields = {"email": world.operator.email, "password": PASSWORD, "code": sign_in.next_code(world.operator)}
    assert Client().post(f"{LOGIN}?next={target}", fields)["Location"] == "/backoffice/"


def test_leaving_ends_the_session_and_is_a_post(world: World, client_of: Callable[[Member | User], Client]) -> None:
    client = client_of(world.operator)
    assert client.get("/backoffice/logout/").status_code == 405
    assert client.post("/backoffice/logout/")["Location"] == LOGIN
    assert client.get("/backoffice/").status_code == 302


@pytest.mark.parametrize("who", ["hanako", "partner"])
@pytest.mark.parametrize("path", ["/backoffice/", "/backoffice/sales/order/", "/backoffice/search/?s=a"])
def test_others_sessions_are_nobody_here(
    world: World, client_of: Callable[[Member | User], Client], who: str, path: str
) -> None:
    answer = client_of(getattr(world, who)).get(path)
    assert answer.status_code == 302
    assert answer["Location"].startswith(LOGIN)


def test_the_operators_session_is_nobody_elsewhere(world: World, client_of: Callable[[Member | User], Client]) -> None:
    client = client_of(world.operator)
    assert client.get("/partner/").status_code == 302
    assert client.get("/87465/cart/").status_code == 302
