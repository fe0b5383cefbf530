"""Folding Japanese for search, and clean-up of input."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licenseonline.kit import text

# Anything a client can send, and more often what the rules are about.
ANY = st.text(st.characters(exclude_categories=()), max_size=60)
KANA = st.text(
    "ウイルスｳｨﾙｽﾊﾞゥィっッか゛\u3099ﾟー・-～ 　/.aA1２é＃株®™ヶ月箇㈱\u200b\ufe0f\x00\ud800İΣßヴ", max_size=30
)
TEXTS = ANY | KANA
# Words as they stand in names and queries, without signs that only separate.
WORDS = st.lists(st.text("ウイルスバガ漢字abcxyz0123456789./", min_size=1, max_size=12), min_size=1, max_size=6)


@pytest.mark.parametrize(
    ("spellings", "folded"),
    [
        (
            ["ウィルスバスター", "ウイルスバスタ", "ｳｨﾙｽﾊﾞｽﾀｰ", "ういるすばすたー", "ウィルス・バスター"],
            "ウイルスバスタ",
        ),
        (["サーバー", "サーバ", "ｻｰﾊﾞｰ", "さーば"], "サバ"),
        (["セキュリティ", "セキュリティー", "ｾｷｭﾘﾃｨ"], "セキユリテイ"),
        (["Ｍｉｃｒｏｓｏｆｔ　３６５", "microsoft 365", "  MICROSOFT\t\n365 "], "microsoft 365"),
        (["5-24", "5～24", "5〜24", "5－24", "5−24"], "524"),
        (["12ヶ月", "12か月", "12カ月", "１２ヵ月", "12箇月", "12ケ月"], "12カ月"),
        (["Adobe® Acrobat™", "adobe acrobat"], "adobe acrobat"),
        (["製品（新規）", "製品[新規]", "製品【新規】", "製品 新規"], "製品 新規"),
        (["カ゛ラス", "ガラス", "カ\u3099ラス", "ｶﾞﾗｽ"], "ガラス"),
        (["Node.js", "ｎｏｄｅ．ｊｓ", "node.js."], "node.js"),
        (["㈱テスト", "(株)テスト"], "株 テスト"),
        (["葛\U000e0100城", "葛城", "葛\u200b城"], "葛城"),
        (["", " ", "ー", "-/.", "\x00", "\ud800", "😀"], ""),
    ],
)
def test_spellings_of_one_word_fold_together(spellings: list[str], folded: str) -> None:
    assert {text.fold(spelling) for spelling in spellings} == {folded}


@pytest.mark.parametrize(("one", "other"), [("ハハ", "パパ"), ("新規", "更新"), ("A1", "A2"), ("ウイルス", "ウール")])
def test_different_words_stay_apart(one: str, other: str) -> None:
    assert text.fold(one) != text.fold(other)


@given(TEXTS)
def test_folding_takes_anything_and_twice_is_once(anything: str) -> None:
    folded = text.fold(anything)
    assert text.fold(folded) == folded
    folded.encode()  # no surrogate is left
    assert "\x00" not in folded
    assert folded == " ".join(folded.split())


@pytest.mark.parametrize("spelling", ["TM-VB/10 N1", "ｔｍ−ｖｂ１０ｎ１", "tmvb10n1", "TM.VB‐10ーN1", " TM VB 10 N1 "])
def test_model_numbers_compare_without_separators(spelling: str) -> None:
    assert text.fold_model(spelling) == "tmvb10n1"


@given(TEXTS)
def test_a_folded_model_number_is_letters_and_digits(anything: str) -> None:
    model = text.fold_model(anything)
    assert text.fold_model(model) == model
    assert not re.search(r"[\s./_-]", model)


def finds(query: str, document: str) -> bool:
    """What PostgreSQL answers for the two literals."""
    lexemes = text.tokens(text.fold(document))
    wanted = text.terms(text.fold(query))
    return bool(wanted) and all(
        any(lexeme.startswith(term) for lexeme in lexemes) if prefix else term in lexemes for term, prefix in wanted
    )


@pytest.mark.parametrize(
    ("query", "document"),
    [
        ("ウィルス", "ウイルスバスター コーポレートエディション"),
        ("バスター", "ｳｲﾙｽﾊﾞｽﾀｰ"),
        ("ウイルスバスタークラウド", "ウイルスバスター クラウド"),
        ("office2024", "Microsoft Office 2024"),
        ("office 2024", "Microsoft Office2024"),
        ("ja-8c", "H3JA-8C"),
        ("h3ja", "H3JA-8C"),
        ("更", "ライセンス 更新"),
        ("新", "ライセンス 更新"),
        ("365 マイクロ", "マイクロソフト Microsoft 365"),
    ],
)
def test_a_query_finds(query: str, document: str) -> None:
    assert finds(query, document)


@pytest.mark.parametrize(
    ("query", "document"),
    [("", "ライセンス"), ("！？", "ライセンス"), ("更新", "新規"), ("crobat", "Acrobat"), ("更新 追加", "更新")],
)
def test_a_query_does_not_find(query: str, document: str) -> None:
    assert not finds(query, document)


@given(WORDS)
def test_every_text_is_found_by_its_own_words(words: list[str]) -> None:
    document = " ".join(words)
    for query in [document, *words]:
        assert finds(query, document) or not text.fold(query)


@given(st.text("ウイルスバガ漢字新規", min_size=1, max_size=20), st.data())
def test_japanese_is_found_by_any_part(document: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(document) - 1))
    end = data.draw(st.integers(start + 1, len(document)))
    assert finds(document[start:end], document)


def test_literals_are_quoted() -> None:
    assert (
        text.tsquery_literal(text.fold("Ｏ'Reilly ウイルス a:* | !b"))
        == "'oreilly':* & 'ウイ' & 'イル' & 'ルス' & 'a':* & 'b':*"
    )
    assert text.tsvector_literal("x1") == "'1' 'x1'"
    # Even unfolded text cannot leave its quotes.
    assert text.tsquery_literal("'\\") == "'''\\\\':*"


@given(TEXTS)
def test_literals_hold_only_quoted_lexemes(anything: str) -> None:
    folded = text.fold(anything)
    lexeme = r"'[^'\\\s]+'"
    assert re.fullmatch(rf"({lexeme}( {lexeme})*)?", text.tsvector_literal(folded))
    assert re.fullmatch(rf"({lexeme}(:\*)?( & {lexeme}(:\*)?)*)?", text.tsquery_literal(folded))


@pytest.mark.parametrize("unit", ["a", "a1", "漢", "漢字", "あ a", "a-", "\u3099", "ー", "é", "./"])
def test_long_input_stays_within_postgresqls_limits(unit: str) -> None:
    folded = text.fold(unit * 10_000)
    assert len(text.terms(folded)) <= text.MAX_QUERY
    assert len(text.tsvector_literal(folded).encode()) < 1_000_000
    assert all(len(token) <= text.MAX_LEXEME for token in text.tokens(folded))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" 株式会社　 みなと\n製作所 ", "株式会社 みなと 製作所"),
        ("か\u3099っこう", "がっこう"),
        ("髙﨑 神\ufa19 葛\U000e0100", "髙﨑 神\ufa19 葛\U000e0100"),
        ("a\x00b\ud800c\u202ed\u200be", "abcde"),
        ("Ｆｕｌｌ ﾊﾝｶｸ ー", "Ｆｕｌｌ ﾊﾝｶｸ ー"),
    ],
)
def test_names_keep_their_characters(typed: str, kept: str) -> None:
    assert text.squash(typed) == kept


@given(TEXTS)
def test_a_squashed_name_can_be_stored(anything: str) -> None:
    name = text.squash(anything)
    assert text.squash(name) == name
    name.encode()
    assert "\x00" not in name
    assert name == name.strip()


@pytest.mark.parametrize(
    "typed",
    ["Taro.Yamada@Example.JP", "　ｔａｒｏ．ｙａｍａｄａ＠ｅｘａｍｐｌｅ．ｊｐ ", "\u200btaro.yamada@example.jp\n"],
)
def test_an_address_has_one_spelling(typed: str) -> None:
    assert text.normalize_email(typed) == "taro.yamada@example.jp"


@given(TEXTS)
def test_a_normalised_address_is_final(anything: str) -> None:
    address = text.normalize_email(anything)
    assert text.normalize_email(address) == address
    assert unicodedata.is_normalized("NFKC", address)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("ｱｵｿﾞﾗ　ﾊﾅｺ", "アオゾラ ハナコ"),
        ("あおぞら はなこ", "アオゾラ ハナコ"),
        ("アオソ゛ラ", "アオゾラ"),
        ("サーバー ｳﾞ", "サーバー ヴ"),
        (" ＡＢＣ ", "ABC"),
        ("", ""),
    ],
)
def test_a_reading_is_stored_in_full_width_katakana(typed: str, stored: str) -> None:
    assert text.to_katakana(typed) == stored
    assert text.to_katakana(stored) == stored
