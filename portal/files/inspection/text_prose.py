"""The text of a plain text file: all of it."""

from pathlib import Path

from . import prose


def inspect(source: Path, target: Path) -> None:
    prose.write(target, [source.read_bytes().decode()])
