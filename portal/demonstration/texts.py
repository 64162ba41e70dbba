"""The written part of the demonstration, from the files in data/."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"


@cache
def read(name: str) -> dict[str, Any]:
    """data/`name`.toml, without the line ends that long texts have at their ends."""
    with (DATA / f"{name}.toml").open("rb") as file:
        found: dict[str, Any] = _stripped(tomllib.load(file))
    return found


def _stripped(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _stripped(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_stripped(inner) for inner in value]
    return value.strip() if isinstance(value, str) else value
