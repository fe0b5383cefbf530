"""What vendors write in the cells of price lists."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licenseonline.catalog.imports import cells, microsoft_sheet, rows
from licenseonline.catalog.imports.cells import Band, Term


@pytest.mark.parametrize(
    ("text", "yen"),
    [
        ("1234", 1234), ("1,234", 1234), ("￥1,234", 1234), ("¥1,234-", 1234), ("\\1,234", 1234), ("１，２３４円", 1234),
        ("1234.00", 1234), (" 12 ", 12), ("1,234円(税抜)", 1234), ("1234円 税別", 1234), ("JPY 5000", 5000), ("1,234.-", 1234),
        ("1000000000", 10**9),
    ],
)  # fmt: skip
def test_list_prices(text: str, yen: int) -> None:
    assert cells.list_price(text) == yen


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "ありません"), ("　", "ありません"), ("オープン", "見積依頼"), ("オープン価格", "見積依頼"), ("-", "見積依頼"), ("別途お見積", "数字では"),
        ("お問い合わせ", "見積依頼"), ("-100", "マイナス"), ("▲100", "マイナス"), ("(1,000)", "マイナス"), ("△1,000円", "マイナス"),
        ("1234.5", "端数"), ("0", "0円"), ("1000000001", "大きすぎ"), ("9" * 400, "数字では"), ("1,23", "数字では"), ("1.234,50", "数字では"),
        ("1e5", "数字では"), ("１２３a", "数字では"), ("=1+1", "数字では"), ("1,100円（税込）", "税込"), ("\x00", "ありません"), ("٣", "数字では"),
    ],
)  # fmt: skip
def test_refused_list_prices(text: str, reason: str) -> None:
    with pytest.raises(cells.Bad, match=reason):
        cells.list_price(text)


@pytest.mark.parametrize(("text", "yen"), [("", None), ("0", 0), ("899.2", 900), ("899.000", 899), ("￥700", 700)])
def test_costs_are_rounded_up_to_whole_yen(text: str, yen: int | None) -> None:
    assert cells.cost(text) == yen


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("1年", Term(12)), ("１年", Term(12)), ("一年", Term(12)), ("3年間", Term(36)), ("12か月", Term(12)), ("12ヶ月", Term(12)),
        ("12ヵ月", Term(12)), ("１２カ月", Term(12)), ("6箇月", Term(6)), ("36", Term(36)), ("P1Y", Term(12)), ("P1M", Term(1)), ("p3y", Term(36)),
        ("1 year", Term(12)), ("365日", Term(12)), ("1095日間", Term(36)), ("永続", Term()), ("買い切り", Term()), ("Perpetual", Term()),
        ("2027/3/31まで", Term(until=date(2027, 3, 31))), ("2027年3月31日まで", Term(until=date(2027, 3, 31))), ("", None),
    ],
)  # fmt: skip
def test_terms(text: str, term: Term | None) -> None:
    assert cells.term(text) == term


@pytest.mark.parametrize("text", ["0年", "0", "99年", "400日", "年", "月額", "2027/2/30まで", "まで", "1年?"])
def test_refused_terms(text: str) -> None:
    with pytest.raises(cells.Bad):
        cells.term(text)


@pytest.mark.parametrize(
    ("text", "band"),
    [
        ("5", Band(5, None)), ("5～24", Band(5, 24)), ("5-24", Band(5, 24)), ("5〜24本", Band(5, 24)), ("250以上", Band(250, None)),
        ("1,000～", Band(1000, None)), ("10から49", Band(10, 49)), ("２５～９９", Band(25, 99)), ("250+", Band(250, None)), ("", None),
    ],
)  # fmt: skip
def test_bands(text: str, band: Band | None) -> None:
    assert cells.band(text) == band


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2027-03-31", date(2027, 3, 31)), ("2027/3/31", date(2027, 3, 31)), ("2027年3月31日", date(2027, 3, 31)),
        ("２０２７．３．３１", date(2027, 3, 31)), ("20270331", date(2027, 3, 31)), ("3/31/2027", date(2027, 3, 31)),
        ("12/31/9999 12:00:00 AM", date(9999, 12, 31)), ("2026-12-01T00:00:00Z", date(2026, 12, 1)), ("", None),
    ],
)  # fmt: skip
def test_days(text: str, day: date | None) -> None:
    assert cells.day(text) == day


@pytest.mark.parametrize(
    ("read", "text", "value"),
    [
        (cells.purchase_type, "新規", "new"), (cells.purchase_type, "乗り換え", "competitive"), (cells.purchase_type, "ｱｯﾌﾟｸﾞﾚｰﾄﾞ", "upgrade"),
        (cells.purchase_type, "renewal", "renewal"), (cells.purchase_type, "切替", "crossgrade"), (cells.program, "教育機関", "academic"),
        (cells.program, "官公庁", "government"), (cells.unit, "ユーザ", "user"), (cells.unit, "台", "pc"), (cells.unit, "GB", "gigabyte"),
        (cells.billing, "月払い", "monthly"), (cells.delivery, "ライセンスキー（メール・会員メニュー）", "key"), (cells.is_cloud, "○", True),
        (cells.is_cloud, "×", False), (cells.papers, "教育機関証明、申請書", ["academic_proof", "application_form"]), (cells.papers, "不要", None),
        (cells.number, "10本", 10), (cells.days, "3営業日", 3), (cells.days, "0", 0), (cells.model_number, "ＶＢＢＳＳ－１Ｙ", "VBBSS-1Y"),
        (cells.model_number, "  AB\u3000C ", "AB C"), (cells.name, "", None),
    ],
)  # fmt: skip
def test_words(read: Callable[[str], Any], text: str, value: object) -> None:
    assert read(text) == value


READERS: list[Callable[[str], Any]] = [
    cells.list_price, cells.cost, cells.model_number, cells.name, cells.product_name, cells.product_code, cells.number,
    cells.days, cells.band, cells.day, cells.term, cells.purchase_type, cells.program, cells.unit, cells.billing,
    cells.delivery, cells.is_cloud, cells.papers,
]  # fmt: skip
TYPED = st.text() | st.text("0123456789０１２,，.．年月日か円￥¥-－～~()▲ 　以上まで一二", max_size=20)


@given(TYPED)
def test_whatever_stands_in_a_cell_is_read_or_refused(text: str) -> None:
    for read in READERS:
        with suppress(cells.Bad):
            read(text)


@given(st.lists(TYPED, max_size=8))
def test_whatever_stands_in_a_row_is_typed_or_refused(row: list[str]) -> None:
    headers = ["型番", "定価", "仕切", "数量", "まで", "期間", "購入形態", "販売終了日"]
    fields = ["model_number", "list_yen", "cost_yen", "band_from", "band_to", "term", "purchase_type", "sale_to"]
    columns = dict(zip(fields, headers, strict=True))
    check_staged(rows.converter(headers, columns, from_day=date(2026, 4, 1))(row))


@given(st.lists(TYPED | st.sampled_from(["JP", "JPY", "P1Y", "Annual", "Commercial", "100"]), min_size=19, max_size=19))
def test_whatever_stands_in_a_sheet_of_microsofts_is_typed_or_refused(row: list[str]) -> None:
    headers = [
        *microsoft_sheet.NEEDED,
        *(name for name in ("Tags", "PricingTierRangeMin", "PricingTierRangeMax", "UnitOfMeasure")),
    ]
    row[headers.index("Market")], row[headers.index("Currency")] = "JP", "JPY"
    check_staged(microsoft_sheet.converter(headers, from_day=date(2026, 4, 1))(row))


def check_staged(staged: rows.Staged | rows.Skipped | None) -> None:
    """What PostgreSQL's columns can hold."""
    if isinstance(staged, rows.Staged):
        assert "\x00" not in f"{staged.model_number}{staged.fields}{staged.reason}"
        assert staged.reason or staged.model_number
        assert staged.reason or staged.list_yen
        f"{staged.model_number}{staged.reason}".encode()
