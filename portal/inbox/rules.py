"""How a message reads on a page, and how an address is shown to somebody who may not be its owner. Pure."""

import re
from collections.abc import Iterator
from typing import NamedTuple

ADDRESS = re.compile(r"(https?://[^\s<>\"]*[^\s<>\".,;:!?)\]])")


class Piece(NamedTuple):
    """A stretch of a text, and where it leads if it is an address of our own."""

    text: str
    href: str = ""


def pieces(text: str, origin: str) -> Iterator[Piece]:
    """Only what begins with our own origin can be clicked on: whatever else looks like an address was typed."""
    for each in ADDRESS.split(text):
        if each:
            yield Piece(each, each if f"{each}/".startswith(f"{origin}/") else "")


def masked(address: str) -> str:
    """As its owner knows it again, and nobody else learns it."""
    name, _at, host = address.rpartition("@")
    return f"{name[:1]}•••@{host[:1]}•••"
