"""Licences: keys stay masked until asked for, and asking is on record."""

import pytest

from licenseonline.licensing.models import Key
from licenseonline.records.models import HistoryEntry
from tests.web.member.helpers import ClientOf, at, content, delivered, status, text_of
from tests.world import World

SECRET = "ABCD-EFGH-<IJKL>-MNOP"


@pytest.fixture
def key(world: World) -> Key:
    delivered(world, key=SECRET)
    return Key.objects.get(kind=Key.Kind.KEY)


def test_list_shows_the_key_masked_only(world: World, client_of: ClientOf, key: Key) -> None:
    page = text_of(client_of(world.ichiro), at("licences"))
    assert "•••••-MNOP" in page
    assert "EFGH" not in page
    assert "最終表示" not in page
    assert not HistoryEntry.objects.filter(event="key.revealed").exists()


def test_reveal_shows_the_key_once_and_is_recorded(world: World, client_of: ClientOf, key: Key) -> None:
    client = client_of(world.ichiro)
    response = client.post(at("key_reveal", key.pk))
    page = response.content.decode()
    assert response.status_code == 200
    assert "ABCD-EFGH-&lt;IJKL&gt;-MNOP" in page
    assert "no-store" in response["Cache-Control"]
    assert "<html" in page
    entry = HistoryEntry.objects.get(event="key.revealed", subject_id=key.pk)
    assert entry.actor_id == world.ichiro.pk
    after = text_of(client_of(world.hanako), at("licences"))
    assert "EFGH" not in after
    assert "最終表示：青空 一郎" in after


def test_htmx_gets_only_the_part(world: World, client_of: ClientOf, key: Key) -> None:
    response = client_of(world.hanako).post(at("key_reveal", key.pk), headers={"HX-Request": "true"})
    page = response.content.decode()
    assert "ABCD-EFGH" in page
    assert "<html" not in page
    assert f'id="key-{key.pk}"' in page


def test_each_reveal_is_in_the_history(world: World, client_of: ClientOf, key: Key) -> None:
    for member in (world.hanako, world.ichiro, world.hanako):
        client_of(member).post(at("key_reveal", key.pk))
    assert HistoryEntry.objects.filter(event="key.revealed").count() == 3
    assert "最終表示：青空 花子" in text_of(client_of(world.ichiro), at("licences"))


def test_looking_is_not_revealing(world: World, client_of: ClientOf, key: Key) -> None:
    assert status(client_of(world.hanako), at("key_reveal", key.pk)) == 405


def test_others_get_neither_key_nor_certificate(world: World, client_of: ClientOf, key: Key) -> None:
    paper = Key.objects.get(kind=Key.Kind.CERTIFICATE)
    for member, store in ((world.taro, 87465), (world.hanako_at_minato, 193808)):
        assert client_of(member).post(at("key_reveal", key.pk, store=store)).status_code == 404
        assert status(client_of(member), at("key_certificate", paper.pk, store=store)) == 404
    assert not HistoryEntry.objects.filter(event="key.revealed").exists()


def test_certificate_is_a_harmless_download(world: World, client_of: ClientOf, key: Key) -> None:
    paper = Key.objects.get(kind=Key.Kind.CERTIFICATE)
    response = client_of(world.ichiro).get(at("key_certificate", paper.pk))
    assert content(response) == b"%PDF-1.7 paper"
    assert response["Content-Disposition"] == "attachment; filename*=utf-8''%E8%A8%BC%E6%9B%B8.pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]


def test_a_key_is_no_certificate_and_the_other_way_round(world: World, client_of: ClientOf, key: Key) -> None:
    paper = Key.objects.get(kind=Key.Kind.CERTIFICATE)
    client = client_of(world.hanako)
    assert status(client, at("key_certificate", key.pk)) == 404
    assert client.post(at("key_reveal", paper.pk)).status_code == 404
