"""A kept order beside the one kept before it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Kept = Mapping[str, Any]


@dataclass(frozen=True)
class Row:
    """An essay's lines in both orders; None where it is not in one."""

    code: str
    now: Kept | None
    before: Kept | None
    crosses: str  # the line: "up", "down" or not at all


@dataclass(frozen=True)
class Compared:
    kept: Kept
    rows: list[Row]
    has_more: bool


def compared(content: Kept, earlier: Kept | None, *, start: int, page: int) -> list[Compared]:
    """Each group's rows from number `start` on, `page` of them; what is only in the earlier order comes last."""
    before = {_key(group): group for group in (earlier or {"groups": []})["groups"]}
    return [_group(group, before.get(_key(group)), start, page) for group in content["groups"]]


def _key(group: Kept) -> tuple[str, str]:
    return group["category_id"], group["language"]


def _group(group: Kept, earlier: Kept | None, start: int, page: int) -> Compared:
    now = {row["entry"]: row for row in group["order"]}
    was = {row["entry"]: row for row in earlier["order"]} if earlier else {}
    codes = [*now, *(code for code in was if code not in now)]
    is_one = group["merged_order"] and (earlier is None or earlier["merged_order"])
    line = group["line"] if is_one and earlier else None
    shown = codes[start - 1 : start - 1 + page]
    rows = [Row(code, now.get(code), was.get(code), _crosses(line, was.get(code), now.get(code))) for code in shown]
    return Compared(group, rows, len(codes) >= start + page)


def _crosses(line: int | None, before: Kept | None, now: Kept | None) -> str:
    if line is None:
        return ""
    was, is_ = _is_above(line, before), _is_above(line, now)
    return "" if was == is_ else "up" if is_ else "down"


def _is_above(line: int, row: Kept | None) -> bool:
    return row is not None and bool(row["rank_in_component"] <= line)
