import csv
import datetime as dt
import io
import zipfile
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from portal import spreadsheets
from portal.spreadsheets import Cell, Column


def _read(*rows: list[Cell], name: str = "List", zone: str = "UTC") -> tuple[str, list[list[Any]]]:
    out = io.BytesIO()
    with spreadsheets.book(out, zone) as book:
        book.sheet(name, [Column("One"), Column("Two")], rows)
    out.seek(0)
    found = CalamineWorkbook.from_filelike(out)
    return found.sheet_names[0], found.get_sheet_by_index(0).to_python()


@pytest.mark.parametrize(
    "text", ["=1+1", "+86 10 1234", "-1", "@SUM(A1)", "=HYPERLINK(A1)", "https://example.org", "\t=1", "007", "{=1}"]
)
def test_what_people_typed_stays_text(text: str) -> None:
    _name, rows = _read([text, None])
    assert rows[1][0] == text
    assert isinstance(rows[1][0], str)


def test_nothing_is_a_formula_or_a_link_in_the_file_itself() -> None:
    out = io.BytesIO()
    with spreadsheets.book(out) as book:
        book.sheet("List", [Column("One")], [["=1+1"], ["https://example.org"]])
    sheet = zipfile.ZipFile(out).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet


def test_numbers_days_and_instants_are_kept_as_such() -> None:
    at = dt.datetime(2027, 3, 31, 9, 0, tzinfo=dt.UTC)
    _name, rows = _read([3, dt.date(2027, 3, 31)], [at, 1.5], zone="Asia/Seoul")
    assert rows[1] == [3.0, dt.date(2027, 3, 31)]
    assert rows[2] == [dt.datetime(2027, 3, 31, 18, 0), 1.5]  # noqa: DTZ001 - the format knows no zones


def test_a_text_that_is_too_long_for_a_cell_is_cut_and_a_name_that_is_not_allowed_is_changed() -> None:
    name, rows = _read(["x" * 40_000, None], name="a/b:c[d]" + "e" * 40)
    assert len(rows[1][0]) == 32_767
    assert name == "a b c d " + "e" * 23
    assert _read(name="[]")[0] == "1"


def test_comma_separated_values_are_read_as_they_were_and_none_is_a_formula() -> None:
    rows = [["=1+1", 5], ['a, "b"\nc', None], ["-x", -5], ["延辺", "+7"]]
    made = spreadsheets.comma_separated(["@one", "two"], rows).read()
    assert made.startswith(b"\xef\xbb\xbf'@one,two\r\n")
    assert list(csv.reader(io.StringIO(made.decode("utf-8-sig"), newline="")))[1:] == [
        ["'=1+1", "5"], ["a, \"b\"\nc", ""], ["'-x", "-5"], ["延辺", "'+7"],
    ]  # fmt: skip
