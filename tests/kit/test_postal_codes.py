"""Postal codes as people type them, and the places they stand for."""

import threading

import pytest

from licenseonline.kit import postal_codes
from licenseonline.kit.errors import Refused
from licenseonline.kit.postal_codes import Place


@pytest.mark.parametrize(
    "typed", ["1000001", "100-0001", "１００－０００１", "〒100 0001", " 100ー0001 ", "〒１００−０００１"]
)
def test_a_code_is_read_in_any_width_and_with_any_hyphen(typed: str) -> None:
    assert postal_codes.normalize(typed) == "100-0001"
    assert postal_codes.look_up(typed) == Place("東京都", "千代田区", "千代田")


@pytest.mark.parametrize("typed", ["100", "10000011", "100-000a", "①００0001x", "abc", "100.0001"])
def test_what_is_no_code_is_refused_at_its_field_and_leads_nowhere(typed: str) -> None:
    with pytest.raises(Refused, match="100-0001") as refused:
        postal_codes.normalize(typed)
    assert refused.value.field == "postal_code"
    assert postal_codes.look_up(typed) is None


def test_nothing_typed_stays_nothing() -> None:
    assert postal_codes.normalize(" 〒 ") == ""
    assert postal_codes.look_up("") is None


def test_a_code_that_nobody_has_leads_nowhere() -> None:
    assert postal_codes.look_up("999-9999") is None


def test_an_offices_own_code_gives_its_number_too() -> None:
    assert postal_codes.look_up("100-8111") == Place("東京都", "千代田区", "千代田1-1")


def test_a_code_of_several_places_gives_what_they_share() -> None:
    assert postal_codes.look_up("004-0000") == Place("北海道", "", "")
    assert postal_codes.look_up("498-0000") == Place("", "", "")  # on both sides of a prefecture's border


def test_threads_look_up_at_once() -> None:
    found: list[Place | None] = []
    threads = [threading.Thread(target=lambda: found.append(postal_codes.look_up("1000001"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [Place("東京都", "千代田区", "千代田")] * 8
