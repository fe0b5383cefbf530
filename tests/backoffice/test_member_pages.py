"""The desk takes a lost second factor off."""

from collections.abc import Callable

import pytest
from django.test import Client

from licenseonline.accounts.models import Member, User
from licenseonline.kit import crypto
from licenseonline.records import history
from tests.accounts.mails import arrived, only
from tests.world import TOTP, World

ClientOf = Callable[[Member | User], Client]
KEY = {"key": "9b2f4c0e-7d6a-4f57-9d2b-0a8d7f4f7a11"}


@pytest.fixture
def path(world: World) -> str:
    Member.objects.filter(pk=world.hanako.pk).update(totp_secret=crypto.encrypt(TOTP))
    return f"/backoffice/members/87465/{world.hanako.pk}/second-factor"


def test_the_desk_resets_it_with_a_reason(world: World, path: str, client_of: ClientOf) -> None:
    desk = client_of(world.operator)
    member_page = desk.get(f"/backoffice/accounts/member/{world.hanako.pk}/change/", follow=True).content.decode()
    assert path in member_page
    assert "設定済み" in desk.get(path).content.decode()
    assert desk.post(path, {"reason": "", **KEY}).status_code == 422
    for _ in range(2):  # sent twice it happens once
        assert desk.post(path, {"reason": "登録の番号に折り返し", **KEY})["Location"] == path
    assert "登録の番号に折り返し" in only()
    world.hanako.refresh_from_db()
    assert not world.hanako.has_second_factor
    [entry] = history.of(world.hanako)
    assert (entry.event, entry.actor_id) == ("member.second_factor_reset", world.operator.pk)
    assert "設定していません" in desk.get(path).content.decode()


def test_without_one_there_is_nothing_to_reset(world: World, path: str, client_of: ClientOf) -> None:
    Member.objects.filter(pk=world.hanako.pk).update(totp_secret="")
    response = client_of(world.operator).post(path, {"reason": "x", **KEY})
    assert response.status_code == 422
    assert arrived() == []
    assert client_of(world.operator).get(path.replace("/87465/", "/193808/")).status_code == 404
