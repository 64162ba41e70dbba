"""Spreadsheets (XLSX, CSV) in which what people typed stays text. Rows of XLSX go to disk as they come."""

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from tempfile import SpooledTemporaryFile
from typing import IO, NamedTuple
from zoneinfo import ZoneInfo

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

Cell = str | int | float | Decimal | dt.date | dt.datetime | None
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV_KIND = "text/csv; charset=utf-8"
IN_MEMORY = 2_000_000  # bytes of the finished file; a larger one lies on disk
LONGEST_CELL = 32_767  # what the format allows
LONGEST_NAME = 31
NEVER_FORMULAS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


class Column(NamedTuple):
    head: str
    width: int = 20


class Book:
    """A workbook in the making. Instants are written as clocks in `zone` show them: the format knows no zones."""

    def __init__(self, out: IO[bytes], zone: str) -> None:
        self._zone = ZoneInfo(zone)
        self._book = xlsxwriter.Workbook(out, {"constant_memory": True, **NEVER_FORMULAS})
        self._head = self._book.add_format({"bold": True, "bg_color": "#eef6f8", "text_wrap": True})
        self._day = self._book.add_format({"num_format": "yyyy-mm-dd"})
        self._instant = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm"})

    def sheet(self, name: str, columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> None:
        """A sheet with a row of heads that stays in view; `rows` are taken one by one."""
        made = self._book.add_worksheet(_sheet_name(name))
        made.freeze_panes(1, 0)
        for place, column in enumerate(columns):
            made.set_column(place, place, column.width)
            made.write_string(0, place, column.head, self._head)
        for number, row in enumerate(rows, 1):
            for place, value in enumerate(row):
                self._write(made, number, place, value)

    def _write(self, sheet: Worksheet, row: int, place: int, value: Cell) -> None:
        if value is None or value == "":
            return
        if isinstance(value, str):
            # As a string whatever it begins with: "=1+1", "+86 …" and "@name" are never calculated.
            sheet.write_string(row, place, str(value)[:LONGEST_CELL])
        elif isinstance(value, dt.date):
            sheet.write_datetime(row, place, *self._moment(value))
        else:
            sheet.write_number(row, place, value)

    def _moment(self, value: dt.date) -> tuple[dt.date, Format]:
        if isinstance(value, dt.datetime):
            return value.astimezone(self._zone).replace(tzinfo=None), self._instant
        return value, self._day

    def close(self) -> None:
        self._book.close()


@contextmanager
def book(out: IO[bytes], zone: str = "UTC") -> Iterator[Book]:
    """Finished, and written to `out`, when the block ends."""
    made = Book(out, zone)
    try:
        yield made
    finally:
        made.close()


def comma_separated(heads: Sequence[str], rows: Iterable[Sequence[str | int | None]]) -> IO[bytes]:
    """A CSV file (RFC 4180) that spreadsheet programmes know for UTF-8; no text in it begins as a formula does."""
    made = io.StringIO(newline="")
    writer = csv.writer(made)
    writer.writerow(map(_never_a_formula, heads))
    writer.writerows([*map(_never_a_formula, row)] for row in rows)
    return io.BytesIO(made.getvalue().encode("utf-8-sig"))


def temporary() -> IO[bytes]:
    """Where a finished workbook waits until it is sent; gone when closed."""
    return SpooledTemporaryFile(max_size=IN_MEMORY)


def _never_a_formula(value: str | int | None) -> str | int:
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")):
        return f"'{value}"
    return "" if value is None else value


def _sheet_name(name: str) -> str:
    """A name that the format allows: some characters are not, nor an apostrophe at either end."""
    return re.sub(r"[\[\]:*?/\\]", " ", name)[:LONGEST_NAME].strip("' ") or "1"
