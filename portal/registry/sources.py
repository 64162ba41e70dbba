"""The files that came with the project: read once, never at the reader's cost."""

import csv
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "data"


def rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@lru_cache
def organisation() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / "organisation.json").read_text("utf-8"))
    return found


@lru_cache
def shapes() -> dict[str, Any]:
    """The map as `mapmaking` drew it."""
    found: dict[str, Any] = json.loads((FOLDER / "map.json").read_text("utf-8"))
    return found


@lru_cache
def values() -> dict[str, dict[str, str]]:
    """For each government or committee: field to the source of its value."""
    found: dict[str, dict[str, str]] = {}
    for row in rows("sources.csv"):
        found.setdefault(row["code"], {})[FIELDS.get(row["field"], row["field"])] = row["source"]
    return found


LANGUAGES = {"en": "en", "zh": "zh-Hans", "ja": "ja", "ko": "ko", "mn": "mn", "ru": "ru"}
FIELDS = {f"name_{short}": f"names.{code}" for short, code in LANGUAGES.items()}


def names(row: dict[str, str]) -> dict[str, str]:
    return {code: row[f"name_{short}"] for short, code in LANGUAGES.items()}


@lru_cache
def unicode_licence() -> str:
    return (FOLDER / "LICENSE-UNICODE.txt").read_text("utf-8")
