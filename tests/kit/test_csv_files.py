"""CSV for spreadsheets: opened as meant, nothing run."""

import csv
import io

import pytest

from licenseonline.kit import csv_files


@pytest.mark.parametrize("text", ["=1+1", "+81", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"])
def test_what_would_run_as_a_formula_is_text(text: str) -> None:
    assert csv_files.cell(text) == f"'{text}"


def test_numbers_stay_numbers_and_nothing_stays_empty() -> None:
    assert [csv_files.cell(value) for value in (-5, 0, None, True, "株式会社", "a\0b")] == [
        "-5", "0", "", "True", "株式会社", "ab",
    ]  # fmt: skip


def test_a_file_reads_back_as_it_was_written() -> None:
    rows: list[list[object]] = [["A,B", '引用"符'], ["二行\nの文", 1200]]
    data = b"".join(csv_files.lines(["一", "二"], rows))
    assert data.startswith(b"\xef\xbb\xbf")
    read = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert read == [["一", "二"], ["A,B", '引用"符'], ["二行\nの文", "1200"]]
