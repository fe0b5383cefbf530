"""法人番号 as people type it. The first digit checks the others (the National Tax Agency's own number is the example)."""

import pytest

from licenseonline.kit import corporate_numbers
from licenseonline.kit.errors import Refused


@pytest.mark.parametrize(
    "typed",
    ["7000012050002", "7-0000-1205-0002", "７０００012050002", "7 0000 1205 0002", "T7000012050002", "ｔ7000012050002"],
)
def test_a_number_is_read_in_any_width_and_grouping(typed: str) -> None:
    assert corporate_numbers.normalize(typed) == "7000012050002"


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("123", "13桁"),
        ("70000120500021", "13桁"),
        ("700001205000x", "13桁"),
        ("8000012050002", "誤り"),
        ("7000012050003", "誤り"),
    ],
)
def test_a_mistyped_number_is_refused_at_its_field(typed: str, says: str) -> None:
    with pytest.raises(Refused, match=says) as refused:
        corporate_numbers.normalize(typed)
    assert refused.value.field == "corporate_number"


def test_none_is_none() -> None:
    assert corporate_numbers.normalize(" ") == ""
