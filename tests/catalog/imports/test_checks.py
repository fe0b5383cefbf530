"""Rows that are not taken, each with its line and a reason."""

import csv
import io

import pytest

from licenseonline.catalog.imports import price_imports
from licenseonline.catalog.models import Product, Sku, Vendor
from tests.catalog.imports import files
from tests.catalog.imports.importing import checked, outcomes, reasons
from tests.world import World

MORE = (*files.HEAD, "対象", "請求", "製品コード", "数量帯", "数量(まで)", "販売終了日")


def row(model: object = "NEW-1", **said: object) -> list[object]:
    """A row of all these columns that could be taken."""
    given = {"製品名": "製品", "標準価格(税抜)": 100, **said}
    return [model, *(given.get(head, "") for head in MORE[1:])]


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (row(""), "型番がありません"),
        (row("－－"), "型番がありません"),
        (row("A" * 81), "型番が長すぎます（80文字まで）"),
        (row(製品名="あ" * 201), "製品名が長すぎます（200文字まで）"),
        (row(型番名="あ" * 201), "名称が長すぎます（200文字まで）"),
        (row(**{"標準価格(税抜)": ""}), "定価がありません"),
        (row(**{"標準価格(税抜)": "abc"}), "定価が数字ではありません：abc"),
        (row(**{"標準価格(税抜)": -5}), "定価がマイナスです：-5"),
        (row(**{"標準価格(税抜)": "99999999999"}), "定価が大きすぎます"),
        (row(**{"標準価格(税抜)": "オープン"}), "定価が決まっていません（オープン）。見積依頼で販売してください"),
        (row(仕切価格="?"), "仕切価格が数字ではありません：?"),
        (row("ADOBE-CC"), "ほかのメーカーの型番として登録されています"),
        (row("VBBSS-R1", 購入形態="新規"), "登録されている購入形態と違います"),
        (row("VBBSS-R1", 期間="3年"), "登録されている期間と違います"),
        (row("VBBSS-R1", 期間="永続"), "登録されている期間と違います"),
        (row("VBBSS-R1", 対象="教育機関"), "登録されている対象"),
        (row("VBBSS-R1", 請求="月額"), "登録されている請求"),
        (row("VBBSS-R1", 製品コード="other"), "登録されている製品と違います"),
        (row(購入形態="？"), "購入形態として読めません"),
        (row(製品名=""), "未登録の型番です。登録するには製品名が必要です"),
        (row(製品名="", 製品コード="unknown"), "未登録の型番です。登録するには製品名が必要です"),
        (row(製品コード="creative"), "製品コードがほかのメーカーの製品に使われています"),
        (row(製品コード="a/b"), "製品コードは半角英数字"),
        (row(製品名="同じ名前"), "同じ名前の製品が2つ以上あります"),
        (row(数量帯="5", **{"数量(まで)": 4}), "数量帯の上限が下限より小さく"),
        (row(**{"数量(まで)": 4}), "数量帯の下限がありません"),
        (row(販売終了日="2020/1/1"), "販売終了日が適用開始日より前です"),
    ],
)  # fmt: skip
def test_refused_rows(world: World, given: list[object], reason: str) -> None:
    trend = Vendor.objects.get(code="trend")
    for code in ("same-1", "same-2"):
        Product.objects.create(vendor=trend, code=code, name="同じ名前")
    made = checked(world, files.table(row("GOOD-1"), given, head=MORE))
    assert (made.state, made.counts) == ("checked", {"new": 1, "refused": 1})
    assert reason in reasons(made)[3]


def test_the_same_band_of_a_model_number_twice_is_refused_both_times(world: World) -> None:
    made = checked(world, files.table(row("A-1"), row("A-1"), row("A-2"), head=MORE))
    assert reasons(made) == dict.fromkeys([2, 3], "同じ型番・同じ数量帯の行が2つ以上あります。")


def test_bands_must_be_contiguous(world: World) -> None:
    rows = [
        row("A-1", 数量帯="1～9"),
        row("A-1", 数量帯="11～"),
        row("A-2", 数量帯="1～9"),
        row("A-2", 数量帯="10以上"),
    ]
    made = checked(world, files.table(*rows, head=MORE))
    assert "数量帯がつながっていません" in reasons(made)[3]
    assert [outcome for _line, _model, outcome in outcomes(made)] == ["refused", "refused", "new", "new"]


def test_a_sku_is_taken_whole_or_not_at_all(world: World) -> None:
    rows = [row("A-1", 数量帯="1～9"), row("A-1", 数量帯="10以上", **{"標準価格(税抜)": "?"})]
    made = checked(world, files.table(*rows, head=MORE))
    assert reasons(made)[2] == "同じ型番の 3 行目が取り込めないため、まとめて取り込みません。"


def test_a_complete_list_of_which_nothing_is_taken_ends_nothing(world: World) -> None:
    made = checked(world, files.table(row("A-1", 製品名=""), head=MORE), is_complete=True)
    assert made.counts == {"refused": 1}


def test_what_is_refused_is_named_and_does_not_end(world: World) -> None:
    made = checked(world, files.table(row("VBBSS-R1", 期間="3年"), row("A-1"), head=MORE), is_complete=True)
    assert "VBBSS-R1" not in {model for _line, model, outcome in outcomes(made) if outcome == "ended"}
    assert made.counts["ended"] == Sku.objects.filter(product__vendor__code="trend").count() - 1


def test_the_csv_of_the_refused_has_their_lines_reasons_and_cells(world: World) -> None:
    rows = [
        row("A-1"),
        row("=1+1", **{"標準価格(税抜)": ""}),
        row("A\n2"),
        row("+A", 製品名="@x", **{"標準価格(税抜)": "-1"}),
    ]
    made = checked(world, files.table(*rows, head=MORE).encode("cp932"))
    content = b"".join(price_imports.refused_csv(made))
    assert content.startswith(b"\xef\xbb\xbf")
    head, *lines = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    assert head == ["行", "取り込めない理由", *MORE]
    assert [line[:5] for line in lines] == [
        ["3", "定価がありません。", "'=1+1", "製品", ""],
        ["6", "定価がマイナスです：-1", "'+A", "'@x", ""],
    ]
    assert lines[1][5] == "'-1"


def test_the_csv_of_a_sheets_refused(world: World) -> None:
    made = checked(world, files.xlsx([("a", [["価格表"], [], ["型番", "定価"], ["X", 1], ["VBBSS-R1", 2]])]))
    assert (
        b"".join(price_imports.refused_csv(made)).decode("utf-8-sig").splitlines()[1].startswith("4,未登録の型番です")
    )


def test_rows_are_read_page_by_page(world: World) -> None:
    made = checked(world, files.table(*(row(f"A-{n}") for n in range(5)), head=MORE))
    first = price_imports.rows(made, "new", 0, 2)
    assert [one.line for one in first] == [2, 3]
    assert [one.line for one in price_imports.rows(made, "new", first[-1].line, 100)] == [4, 5, 6]
