"""Signing in to the console: four things together, once, and good for the partner's console alone."""

from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from licenseonline.accounts import sign_in
from licenseonline.accounts.models import Member, User
from tests.world import PASSWORD, World

LOGIN = "/partner/login/"


def send(world: World, client: Client | None = None, to: str = LOGIN, **changed: Any) -> HttpResponse:
    fields = {
        "spid": "SP10001",
        "email": world.partner.email,
        "password": PASSWORD,
        "code": sign_in.next_code(User.objects.get(pk=world.partner.pk)),
    }
    answer = (client or Client()).post(to, {**fields, **changed})
    assert isinstance(answer, HttpResponse)
    return answer


def test_a_partners_staff_signs_in(world: World) -> None:
    client = Client()
    answer = send(world, client)
    assert (answer.status_code, answer["Location"]) == (302, "/partner/")
    assert answer.cookies["session"]["path"] == "/partner/"
    assert client.get("/partner/").status_code == 200


@pytest.mark.parametrize("typed", ["sp10001", "ＳＰ１０００１", " SP10001 "])
def test_an_spid_is_read_as_it_is_meant(world: World, typed: str) -> None:
    assert send(world, spid=typed).status_code == 302


@pytest.mark.parametrize(
    "changed",
    [{"spid": "SP10002"}, {"spid": "SP99999"}, {"email": "x@y.example"}, {"password": "x"}, {"code": "000000"}],
)
def test_one_wrong_thing_gives_the_same_sentence(world: World, changed: dict[str, Any]) -> None:
    answer = send(world, **changed)
    assert answer.status_code == 422
    assert "入力内容または確認コードが違います" in answer.content.decode()
    assert PASSWORD not in answer.content.decode()


def test_a_code_works_once(world: World) -> None:
    code = sign_in.next_code(world.partner)
    assert [send(world, code=code).status_code for _ in range(2)] == [302, 422]


def test_guessing_is_stopped_for_this_partner_only(world: World) -> None:
    for _ in range(sign_in.MOST_PER_ACCOUNT):
        send(world, password="guess")
    assert send(world).status_code == 429
    other = User.objects.get(pk=world.other_partner.pk)
    assert send(world, spid="SP10002", email=other.email, code=sign_in.next_code(other)).status_code == 302


@pytest.mark.parametrize("spid", ["", " ", "\u200b", "　"])
def test_without_an_spid_nobody_is_meant_not_even_the_operator(world: World, spid: str) -> None:
    code = sign_in.next_code(world.operator)
    answer = send(world, spid=spid, email=world.operator.email, code=code)
    assert answer.status_code == 422
    assert "SPIDを入力してください" in answer.content.decode()
    assert User.objects.get(pk=world.operator.pk).totp_step == 0


def test_one_comes_to_the_page_that_was_asked_for(world: World) -> None:
    asked = Client().get("/partner/orders/?state=paid")["Location"]
    assert send(world, to=asked)["Location"] == "/partner/orders/?state=paid"


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "/backoffice/", "/partner/../87465/", "/partner/%2e%2e/",
               "/partner//evil.example", "/partner/login/"],
)  # fmt: skip
def test_one_never_lands_elsewhere(world: World, target: str) -> None:
    assert send(world, to=f"{LOGIN}?next={target}")["Location"] == "/partner/"


def test_leaving_ends_the_session_and_is_a_post(world: World, client_of: Callable[[Member | User], Client]) -> None:
    client = client_of(world.partner)
    assert client.get("/partner/logout/").status_code == 405
    assert client.post("/partner/logout/")["Location"] == LOGIN
    assert client.get("/partner/").status_code == 302


@pytest.mark.parametrize("who", ["hanako", "operator"])
@pytest.mark.parametrize("path", ["/partner/", "/partner/quotes/", "/partner/orders/"])
def test_others_sessions_are_nobody_here(
    world: World, client_of: Callable[[Member | User], Client], who: str, path: str
) -> None:
    answer = client_of(getattr(world, who)).get(path)
    assert answer.status_code == 302
    assert answer["Location"].startswith(LOGIN)


def test_the_partners_session_is_nobody_at_its_own_store_and_on_the_desk(
    world: World, client_of: Callable[[Member | User], Client]
) -> None:
    client = client_of(world.partner)
    assert client.get("/87465/member/orders/").status_code == 302
    assert client.get("/backoffice/").status_code == 302
