"""Files as vendors send them, and files that are broken or built to harm."""

import io
import zipfile
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licenseonline.catalog.imports import reading
from licenseonline.catalog.models import PriceImport
from licenseonline.kit.errors import Refused
from tests.catalog.imports import files
from tests.catalog.imports.importing import checked, outcomes, reasons, upload
from tests.world import World

ROW = ("VBBSS-1Y-005", "", "ウイルスバスター ～①㈱ 髙", "5,500", "3800", "", "")


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
@pytest.mark.parametrize("encoding", ["cp932", "utf-8", "utf-8-sig", "utf-16", "utf-16-le-bom"])
def test_encodings_and_delimiters(world: World, encoding: str, delimiter: str) -> None:
    text = files.table(ROW, delimiter=delimiter)
    content = b"\xff\xfe" + text.encode("utf-16-le") if encoding == "utf-16-le-bom" else text.encode(encoding)
    made = checked(world, content)
    assert (made.problem, outcomes(made)) == ("", [(2, "VBBSS-1Y-005", "changed")])
    assert made.rows.get().fields["name"] == "ウイルスバスター ～①㈱ 髙"


def test_the_wave_dash_of_a_japanese_machine(world: World) -> None:
    content = (
        files.table(("VBBSS-1Y-005", "", "5", "5500", "", "", "")).encode("cp932").replace(b",5,", b",5\x81`24\x87@,")
    )
    assert checked(world, content).rows.get().fields["name"] == "5～24①"


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (files.table(ROW, ROW).encode("cp932").replace("ウイ".encode("cp932"), b"\x83\x82\x81\xff", 1), 2),
        (files.table(ROW, ROW).encode() + "型".encode()[:2] + b",1\r\n", 4),
        (files.table(ROW).encode("utf-8-sig") + "型".encode("cp932"), 3),
        (files.table(ROW).encode() + b"A\x00B,1\r\n", 3),
        (files.table(ROW).encode("cp932") + b"\xa0\xfd,1\r\n", 3),
        (files.table(ROW).encode("utf-16") + b"\x00\xd8", 3),
    ],
)  # fmt: skip
def test_a_broken_character_is_told_with_its_line(world: World, content: bytes, line: int) -> None:
    made = checked(world, content)
    assert made.state == "broken"
    assert made.problem.startswith(f"{line}行目に読めない文字があります")
    assert not made.rows.exists()


def test_japanese_in_utf8_with_one_broken_byte_is_not_taken_for_shift_jis(world: World) -> None:
    content = files.table(ROW).encode() + b"\xe3\x81,1\r\n"
    assert checked(world, content).state == "broken"


def test_line_breaks_in_quotes_keep_the_lines_right(world: World) -> None:
    made = checked(world, files.table(("A\nB", "製品", "名\n前", "1", "", "", ""), ("", "", "", "2", "", "", "")))
    assert outcomes(made) == [(2, "A B", "new"), (5, "", "refused")]


def test_an_unclosed_quote_is_told_with_its_line(world: World) -> None:
    made = checked(world, files.table(ROW) + '"VBBSS,1\r\n' + files.table(ROW))
    assert made.problem.startswith("3行目から CSV として読めません")


def test_headers_may_stand_below_a_title_in_any_width(world: World) -> None:
    rows = [
        ["2026年度 価格表", ""],
        [],
        ["※税抜", "", ""],
        ["ﾋﾝﾊﾞﾝ", "品　番", "Ｌｉｓｔ　Ｐｒｉｃｅ"],
        ["x", "VBBSS-R1", "４，１００"],
    ]
    made = checked(world, "\r\n".join(",".join(f'"{cell}"' for cell in row) for row in rows))
    assert made.columns == {"model_number": "品 番", "list_yen": "Ｌｉｓｔ Ｐｒｉｃｅ"}
    assert outcomes(made) == [(5, "VBBSS-R1", "changed")]


def test_sheets_of_excel(world: World) -> None:
    rows = [
        ["価格表"],
        [],
        files.HEAD,
        ["VBBSS-1Y-005", None, None, 5500.0, 3800, None, None],
        [12345, "製品", None, "=1200+34", 99.5, None, "1年"],
    ]
    made = checked(
        world, files.xlsx([("空", []), ("古い", [["型番", "定価"], ["X", 1]]), ("今年", rows)], hidden="古い")
    )
    assert made.problem == ""
    assert outcomes(made) == [(4, "VBBSS-1Y-005", "changed"), (5, "12345", "new")]
    assert list(made.rows.order_by("line").values_list("list_yen", "cost_yen")) == [(5500, 3800), (1234, 100)]


def test_a_formula_in_a_csv_is_text(world: World) -> None:
    made = checked(world, files.table(("=1+1", "製品", "=cmd|' /C calc'!A0", "5500", "", "", "")))
    assert outcomes(made) == [(2, "=1+1", "new")]


def zipped(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "reason"),
    [
        (b"", "a.csv", "空です"),
        (b"%PDF-1.7", "a.csv", "読めないファイル"),
        (b"model,price", "a.xlsx", "読めないファイル"),
        (b"PK\x03\x04 broken", "a.xlsx", "壊れています"),
        (zipped(**{"a.txt": b"a"}), "a.xlsx", "選択してください"),
        (zipped(**{"xl/workbook.bin": b"a"}), "a.xlsb", "選択してください"),
        (files.xlsx([("a", [["型番", "定価"]])], more=["xl/vbaProject.bin"]), "a.xlsx", "マクロ"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "_VBA_PROJECT".encode("utf-16-le"), "a.xls", "マクロ"),
    ],
)  # fmt: skip
def test_files_that_are_refused_at_once(world: World, content: bytes, name: str, reason: str) -> None:
    with pytest.raises(Refused, match=reason) as refusal:
        upload(world, content, name=name)
    assert refusal.value.field == "file"
    assert not PriceImport.objects.exists()


def test_files_that_are_too_large(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_BYTES", 20)
    monkeypatch.setattr(reading, "MOST_SHEET_BYTES", 20)
    for content in (files.table(ROW).encode(), files.xlsx([("a", [["型番", "定価"]])])):
        with pytest.raises(Refused, match="MB 以内"):
            upload(world, content)


def test_a_file_that_unpacks_to_too_much(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_UNPACKED", 1000)
    with pytest.raises(Refused, match="展開すると"):
        upload(world, zipped(**{"xl/workbook.xml": b"a" * 10**6}))


def test_a_sheet_that_claims_to_fill_all_memory_kills_only_its_reader(world: World) -> None:
    """Two cells at the ends of the largest sheet: a dense table of it has 17 thousand million cells."""
    sheet = files.xlsx([("a", [["型番", "定価"]])])
    rebuilt = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(sheet)) as before, zipfile.ZipFile(rebuilt, "w") as after:
        for part in before.infolist():
            content = before.read(part).replace(
                b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
            )
            after.writestr(part.filename, content)
    made = checked(world, rebuilt.getvalue())
    assert (made.state, made.problem) == (
        "broken",
        "Excel ファイルを読み込めませんでした。ファイルが壊れているか、シートが大きすぎます。",
    )


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "読み込めませんでした"),
        (zipped(**{"xl/workbook.xml": b"<a>"}), "読み込めませんでした"),
        (files.xlsx([("空", [])]), "データがありません"),
        ("型番\r\nA\r\n", "見出しの行が見つかりません"),
        ("あ,い\r\n1,2\r\n", "「型番」「定価（税抜・円）」の列が分かりません"),
        ("型番,価格の列\r\nA,2\r\n", "「定価（税抜・円）」の列が分かりません"),
        (files.table(), "取り込む行がありません"),
        (",".join(["型番", "定価", *"x" * 300]), "列が多すぎます"),
    ],
)  # fmt: skip
def test_files_that_cannot_be_read_say_why(world: World, content: bytes | str, problem: str) -> None:
    made = checked(world, content)
    assert made.state == "broken"
    assert problem in made.problem
    assert not made.rows.exists()


def test_too_many_rows(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_ROWS", 3)
    assert "行が多すぎます" in checked(world, files.table(*[ROW] * 4)).problem


def test_a_long_cell_is_refused_with_its_row(world: World) -> None:
    made = checked(
        world, files.table(ROW, ("A" * 81, "製品", "", "1", "", "", ""), ("B", "製品", "x" * 2001, "1", "", "", ""))
    )
    assert reasons(made) == {3: "型番が長すぎます（80文字まで）。", 4: "セルの文字が長すぎます（2000文字まで）。"}


@given(
    st.binary(max_size=200) | st.text(max_size=100).map(lambda text: f"型番,定価\r\n{text}".encode("utf-8", "replace"))
)
def test_whatever_the_bytes_are_they_are_read_or_refused(content: bytes) -> None:
    with suppress(Refused):
        reading.check_upload(io.BytesIO(content), "a.csv")
        if not content.startswith((b"PK", b"\xd0\xcf")):
            with reading._of_csv(io.BytesIO(content)) as (records, lines):
                assert len(list(reading._table(reading._bounded(records), lines, ["型番"]).records)) <= lines
