"""Marks as CSV files, read strictly, and written as they are read. Pure. docs/calibration.md describes the form."""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from portal.judging.calibration import Given

COLUMNS = "entry", "judge", "mark"
GROUP, TOP = "group", "top"
OPTIONAL = GROUP, TOP
NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
PLACES = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)
LEAST, MOST = 1e-9, 1e9
MOST_CELLS, MOST_JUDGES = 10_000_000, 2_000  # entries times judges of a group: what fits into memory
MOST_ENTRIES = 200_000  # each of them is drawn 2,000 times
LONGEST_QUOTE = 60


class WrongMarks(ValueError):
    """Not what it should be: the message says in English what is wrong, and in which line."""


@dataclass
class Marks:
    """Of one comparison group; `unmarked` are entries without any, `top` is how many are best in it, if it says so."""

    given: list[Given] = field(default_factory=list)
    unmarked: list[str] = field(default_factory=list)
    top: int | None = None


Groups = dict[str | None, Marks]


def read(raw: bytes) -> Groups:
    """The marks of each group, of None where there is no column of that name or nothing in it.

    In: a CSV file in UTF-8, with or without a byte order mark. Raises WrongMarks, naming the first line that is wrong.
    """
    rows = _rows(_text(raw))
    at = _columns(next(rows, (1, []))[1])
    found: Groups = {}
    seen: dict[tuple[str | None, str, str], int] = {}
    for line, cells in rows:
        if len(cells) != len(at):
            raise WrongMarks(f"line {line} has {len(cells)} cells where the first line names {len(at)}")
        _add(found, seen, line, dict(zip(at, cells, strict=True)))
    if not any(marks.given for marks in found.values()):
        raise WrongMarks("it holds no marks")
    return {group: _settled(found[group]) for group in sorted(found, key=lambda name: (name is not None, name))}


def write(groups: Mapping[str | None, Marks]) -> bytes:
    """The CSV file that `read` reads as these marks; the columns of groups and of their tops only if one has any."""
    has_names, has_tops = bool(set(groups) - {None}), any(marks.top for marks in groups.values())
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")  # so that names with either are quoted
    writer.writerow([*([GROUP] if has_names else []), *([TOP] if has_tops else []), *COLUMNS])
    for group, marks in groups.items():
        begin = [*([group or ""] if has_names else []), *([marks.top or ""] if has_tops else [])]
        writer.writerows([*begin, *row] for row in _written(marks))
    return text.getvalue().encode()


def _written(marks: Marks) -> Iterator[Sequence[str]]:
    for entry, judge, mark in sorted(marks.given):
        yield entry, judge, str(int(mark)) if mark == int(mark) else repr(float(mark))
    for entry in sorted(marks.unmarked):
        yield entry, "", ""


def _text(raw: bytes) -> str:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise WrongMarks(f"line {line} is not in UTF-8") from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise WrongMarks(f"line {line} holds a NUL character")
    return text


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """The cells of each line that has any, without spaces around them."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for cells in reader:
            if any(stripped := [cell.strip() for cell in cells]):
                yield reader.line_num, stripped
    except csv.Error as error:
        raise WrongMarks(f"line {reader.line_num} is no CSV: {error}") from None


def _columns(names: Sequence[str]) -> list[str]:
    if not names:
        raise WrongMarks("it is empty")
    found = [name.lower() for name in names]
    for name in COLUMNS:
        if name not in found:
            raise WrongMarks(f'line 1 names no column "{name}"')
    for name in (*COLUMNS, *OPTIONAL):
        if found.count(name) > 1:
            raise WrongMarks(f'line 1 names the column "{name}" twice')
    return [name if name in (*COLUMNS, *OPTIONAL) else f"{place}" for place, name in enumerate(found)]


def _add(found: Groups, seen: dict[tuple[str | None, str, str], int], line: int, row: Mapping[str, str]) -> None:
    group, entry, judge, mark = row.get(GROUP) or None, row["entry"], row["judge"], row["mark"]
    if not entry:
        raise WrongMarks(f"line {line} names no entry")
    marks = found.setdefault(group, Marks())
    _top(marks, row.get(TOP, ""), line)
    if not judge and not mark:
        marks.unmarked.append(entry)
        return
    if not judge:
        raise WrongMarks(f"line {line} names no judge")
    before = seen.setdefault((group, entry, judge), line)
    if before != line:
        raise WrongMarks(
            f"line {line}: judge {_quoted(judge)} marks entry {_quoted(entry)} a second time, after line {before}"
        )
    marks.given.append(Given(entry, judge, _number(mark, line)))


def _top(marks: Marks, top: str, line: int) -> None:
    """A group has one, and need not say it in every line."""
    if not top:
        return
    if not PLACES.fullmatch(top):
        raise WrongMarks(f"line {line}: the top {_quoted(top)} is no whole number above 0")
    if marks.top not in (None, int(top)):
        raise WrongMarks(f"line {line}: the top is {top} where an earlier line of the group says {marks.top}")
    marks.top = int(top)


def _number(mark: str, line: int) -> float:
    if not mark:
        raise WrongMarks(f"line {line} has no mark")
    if not NUMBER.fullmatch(mark):
        raise WrongMarks(f"line {line}: the mark {_quoted(mark)} is no number")
    if abs(float(mark)) > MOST:
        raise WrongMarks(f"line {line}: the mark {_quoted(mark)} is beyond a thousand million")
    if 0 < abs(float(mark)) < LEAST:
        raise WrongMarks(f"line {line}: the mark {_quoted(mark)} is nearer to 0 than a thousand-millionth")
    return float(mark) + 0.0


def _settled(marks: Marks) -> Marks:
    """Whoever has a mark is not unmarked, whatever another line says."""
    marked = {each.entry for each in marks.given}
    judges = len({each.judge for each in marks.given})
    if judges > MOST_JUDGES or len(marked) > MOST_ENTRIES or judges * len(marked) > MOST_CELLS:
        raise WrongMarks(f"it has {len(marked)} entries and {judges} judges in one group: that is too many")
    return Marks(sorted(marks.given), sorted(set(marks.unmarked) - marked), marks.top)


def _quoted(text: str) -> str:
    return repr(text if len(text) <= LONGEST_QUOTE else f"{text[:LONGEST_QUOTE]}…")
