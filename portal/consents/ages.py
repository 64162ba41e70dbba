"""From which age somebody consents alone, by country: data with its legal source (data/ages.json). Pure."""

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

OTHER = "other"
FILE = Path(__file__).parent / "data" / "ages.json"
OLDEST = 18


class Age(NamedTuple):
    """`age` in full years; `source` names the law or the practice it rests on, `reviewed_on` the day of the reading."""

    age: int
    source: str
    reviewed_on: str


@lru_cache
def known() -> Mapping[str, Age]:
    """By country code (ISO 3166-1), and "other" for everywhere else."""
    return {code: Age(**each) for code, each in json.loads(FILE.read_text()).items()}


def defaults() -> dict[str, int]:
    return {code: each.age for code, each in known().items()}


def of(ages: Mapping[str, int], country: str) -> int:
    """The age that an edition or a call sets for a country, or the default where it sets none."""
    rest = defaults()
    return ages.get(country, ages.get(OTHER, rest[OTHER]) if country not in rest else rest[country])
