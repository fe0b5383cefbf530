"""Numbers that anybody may write into an address: read, or none; never an error of PostgreSQL's."""

import pytest

from licenseonline.kit.whole_numbers import MOST_ID, read


@pytest.mark.parametrize("text", ["0", "7", "007", str(MOST_ID)])
def test_plain_digits_are_a_number(text: str) -> None:
    assert read(text) == int(text)


@pytest.mark.parametrize(
    "text", ["", "-1", "+1", " 1", "1.0", "1_0", "１", "²", "x", "\0", str(MOST_ID + 1), "1" * 5000]
)
def test_anything_else_is_none(text: str) -> None:
    assert read(text) is None


def test_a_number_above_the_most_is_none() -> None:
    assert (read("100", most=100), read("101", most=100)) == (100, None)
