"""The desk sees what customers look for in vain, and lets words find each other."""

from collections.abc import Callable

from django.test import Client

from licenseonline.accounts.models import User
from licenseonline.catalog import search
from licenseonline.catalog.search_models import StoreSynonym, Synonym, ZeroHit
from tests.world import World

PATH = "/backoffice/search/"


def test_what_was_not_found_becomes_a_synonym_and_is_found(
    world: World, client: Client, client_of: Callable[[User], Client]
) -> None:
    desk = client_of(world.operator)
    for _ in range(2):
        assert "該当する製品が見つかりませんでした" in client.get("/87465/search", {"q": "ぶいびい"}).content.decode()
    assert [missed.number for missed in ZeroHit.objects.all()] == [2]
    page = desk.get(PATH).content.decode()
    assert "ブイビイ" in page
    assert 'value="ブイビイ、"' in desk.get(PATH, {"word": "ブイビイ"}).content.decode()
    answer = desk.post(PATH, {"words": "ブイビイ、ウイルスバスター", "store": "87465"})
    assert answer["Location"] == PATH
    assert "ビジネスセキュリティサービス" in client.get("/87465/search", {"q": "ぶいびい"}).content.decode()
    assert desk.post(f"{PATH}87465/forget", {"text": "ブイビイ"}).status_code == 302
    assert not ZeroHit.objects.exists()


def test_groups_of_words_can_be_taken_away(world: World, client_of: Callable[[User], Client]) -> None:
    desk = client_of(world.operator)
    desk.post(PATH, {"words": "ぶいびい,ウイルスバスター", "store": ""})
    desk.post(PATH, {"words": "ぶいびいえす,ウイルスバスター", "store": "193808"})
    everywhere, of_store = Synonym.objects.get(words__startswith="ぶいびい"), StoreSynonym.objects.get()
    assert search.products("ぶいびい", store_id=87465).products
    assert desk.post(f"{PATH}synonyms/{everywhere.pk}/remove").status_code == 302
    assert desk.post(f"{PATH}synonyms/87465/{of_store.pk}/remove").status_code == 404
    assert desk.post(f"{PATH}synonyms/193808/{of_store.pk}/remove").status_code == 302
    assert not search.products("ぶいびい", store_id=87465).products
    assert not StoreSynonym.objects.exists()


def test_a_word_alone_comes_back_with_what_is_wrong(world: World, client_of: Callable[[User], Client]) -> None:
    answer = client_of(world.operator).post(PATH, {"words": "一つ", "store": ""})
    assert answer.status_code == 422
    assert "異なる言葉を2つ以上" in answer.content.decode()
    assert 'value="一つ"' in answer.content.decode()
