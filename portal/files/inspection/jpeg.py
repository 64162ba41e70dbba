"""JPEG (ITU-T T.81)."""

from pathlib import Path

from . import pictures


def inspect(source: Path, target: Path) -> None:
    pictures.rewrite(source, target, "JPEG", b"\xff\xd8\xff", quality=90)
