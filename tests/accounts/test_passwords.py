"""Which passwords are refused, with a sentence that helps, and that keyboards do not matter."""

import pytest

from licenseonline.accounts import passwords, sign_in
from licenseonline.kit import crypto
from licenseonline.kit.errors import Refused
from tests import hashing
from tests.world import PASSWORD, World

EMAIL = "hanako.aozora@aozora.example"
NAMES = ["株式会社青空製作所", "青空 花子", "アオゾラ ハナコ", "エルサットストア"]


def refusal(password: str, *, has_second_factor: bool = False) -> Refused:
    with pytest.raises(Refused) as refused:
        passwords.check(password, email=EMAIL, names=NAMES, has_second_factor=has_second_factor)
    assert refused.value.field == "password"
    assert password not in refused.value.message
    return refused.value


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery",
        "みずうみ つりざお かんでんち 三月",
        "aaaaaaaa bbbbbbbb ccc",
        "    spaces count    ",
        "licenseonline is where I buy",
        "🐟🐠🐡🦈🐙🐚🪸🦀🦞🦐🦑🐌🦋🐛🐜",
        "x" * 5 + "yz" * 97 + "!",
    ],
)
def test_long_passwords_of_any_characters_are_taken(password: str) -> None:
    passwords.check(password, email=EMAIL, names=NAMES)


def test_a_second_factor_allows_shorter_ones() -> None:
    passwords.check("krz-87wq", email=EMAIL, names=NAMES, has_second_factor=True)
    assert refusal("krz-87wq").code == "short"
    assert "15文字以上" in refusal("krz-87wq").message
    assert "8文字以上" in refusal("krz-87w", has_second_factor=True).message


def test_length_is_counted_as_it_is_hashed() -> None:
    assert refusal("㍿" * 3).code == "short"
    assert refusal("か\u3099" * 14).code == "short"  # fourteen letters, typed as two characters each


@pytest.mark.parametrize("password", ["ab" * 100 + "c", "字" * 201])
def test_more_than_two_hundred_characters_are_refused(password: str) -> None:
    assert refusal(password).code == "long"


@pytest.mark.parametrize(
    "password",
    [
        "aaaaaaaaaaaaaaa",
        "ああああああああああああああああ",
        "123123123123123123",
        "123456789012345678",
        "098765432109876543",
        "abcdefghijklmnop",
        "ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰ",
        "qwertyuiopasdfghjkl",
        "1qaz2wsx3edc4rfv",
        "passwordpassword",
        "Password Password",
        "footballfootballfoot",
    ],
)
def test_what_guessers_try_first_is_refused(password: str) -> None:
    assert refusal(password).code == "common"


@pytest.mark.parametrize("password", ["password", "PASSWORD", "qwertyuiop", "trustno1", "ｐａｓｓｗｏｒｄ"])
def test_the_list_of_breached_ones_holds_where_short_ones_are_allowed(password: str) -> None:
    assert refusal(password, has_second_factor=True).code == "common"


@pytest.mark.parametrize(
    "password",
    [
        EMAIL,
        EMAIL.upper(),
        "hanako.aozora-2026",
        "licenseonline2026",
        "License Online 2026",
        "ライセンスオンライン2026年",
        "株式会社青空製作所2026年4月",
        "アオゾラハナコアオゾラハナコ!!",
        "エルサットストアの花子2026",
        "mypassword-licenseonline",
    ],
)
def test_what_is_made_of_names_that_everybody_knows_is_refused(password: str) -> None:
    assert refusal(password).code == "guessable"


@pytest.mark.parametrize("password", ["correct horse\x00battery", "correct horse\u200bbattery"])
def test_characters_that_nobody_can_type_are_refused(password: str) -> None:
    assert refusal(password).code == "unprintable"


def test_a_member_is_asked_for_less_with_a_second_factor(world: World) -> None:
    world.hanako.totp_secret = crypto.encrypt("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    passwords.check_for(world.hanako, "krz-87wq")
    with pytest.raises(Refused):
        passwords.check_for(world.ichiro, "krz-87wq")


@pytest.mark.parametrize(
    ("chosen", "typed"),
    [
        ("みずうみ がんばれ つりざお カ", "みずうみ か\u3099んは\u3099れ つりさ\u3099お ｶ"),
        ("CORRECT HORSE 12", "ＣＯＲＲＥＣＴ　ＨＯＲＳＥ　１２"),
    ],
)
def test_another_keyboard_types_the_same_password(world: World, chosen: str, typed: str) -> None:
    passwords.replace(world.hanako, chosen)
    assert sign_in.enter(world.elsat, email=world.hanako.email, password=typed, network="n").member == world.hanako


def test_a_new_password_takes_the_place_of_the_old(world: World) -> None:
    before = world.hanako.password_changed_at
    passwords.replace(world.hanako, "a lake, a rod, a battery")
    world.hanako.refresh_from_db()
    after = world.hanako.password_changed_at
    assert before
    assert after
    assert after > before
    with pytest.raises(Refused):
        sign_in.enter(world.elsat, email=world.hanako.email, password=PASSWORD, network="n")


def test_a_refused_password_changes_nothing(world: World) -> None:
    with pytest.raises(Refused):
        passwords.replace(world.hanako, "short")
    assert passwords.is_right(PASSWORD, world.hanako.password)


def test_outside_of_tests_the_hash_is_slow(world: World) -> None:
    """At least what OWASP asks of Argon2id; tests hash with less (tests/hashing.py)."""
    assert world.hanako.password.startswith("argon2$argon2id$v=19$")
    assert hashing.SHIPPED["memory_cost"] * hashing.SHIPPED["time_cost"] >= 19 * 1024 * 2
    assert hashing.SHIPPED["time_cost"] >= 2
