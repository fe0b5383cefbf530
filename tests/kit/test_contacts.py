"""Telephone numbers and readings, as people type them."""

import pytest

from licenseonline.kit import contacts
from licenseonline.kit.errors import Refused


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("03-1234-5678", "03-1234-5678"), ("０３ー１２３４ー５６７８", "03-1234-5678"), ("03(1234)5678", "03-1234-5678"),
        ("0312345678", "03-1234-5678"), ("090 1234 5678", "090-1234-5678"), ("０９０−１２３４−５６７８", "090-1234-5678"),
        ("0120123456", "0120-123-456"), ("08001234567", "0800-123-4567"), ("045-123-4567", "045-123-4567"),
        ("0451234567", "0451234567"), ("+81-3-1234-5678", "03-1234-5678"), ("+81 (0)90 1234 5678", "090-1234-5678"),
        ("０４２２（１２）３４５６", "0422-12-3456"), ("", ""), ("  ", ""),
    ],
)  # fmt: skip
def test_a_number_is_stored_in_one_spelling(typed: str, stored: str) -> None:
    assert contacts.phone(typed) == stored
    assert contacts.phone(stored) == stored


@pytest.mark.parametrize(
    "typed", ["1234-5678", "03-1234-567", "03-1234-56789012", "+1 555 123 4567", "内線12", "9" * 500]
)
def test_what_is_no_japanese_number_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(Refused, match="例：03-1234-5678") as refused:
        contacts.phone(typed)
    assert refused.value.code == "phone"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("アオゾラ ハナコ", "アオゾラ ハナコ"), ("ｱｵｿﾞﾗ　ﾊﾅｺ", "アオゾラ ハナコ"), ("あおぞら はなこ", "アオゾラ ハナコ"),
        ("すーぱー-", "スーパーー"), ("サ-バ−", "サーバー"), ("ジャン＝ポール・ﾃﾞｭﾎﾞﾜ", "ジャン=ポール・デュボワ"), ("", ""),
        ("か\u3099く", "ガク"), ("ヷ", "ヷ"),
    ],
)  # fmt: skip
def test_a_reading_is_stored_in_full_width_katakana(typed: str, stored: str) -> None:
    assert contacts.kana(typed) == stored
    assert contacts.kana(stored) == stored


@pytest.mark.parametrize("typed", ["青空", "Hanako", "アオゾラ1", "ハナコ☆", "🙂"])
def test_a_reading_of_other_characters_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(Refused, match="カタカナ"):
        contacts.kana(typed)


def test_there_are_47_prefectures() -> None:
    assert len(set(contacts.PREFECTURES)) == 47
