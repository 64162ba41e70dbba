"""Numbers of documents that anybody may check: read aloud without a doubt, and not to be guessed.

Thirty-one signs, none of which looks like another (no 0 and O, no 1, I and L). Fourteen are drawn by chance, some
69 bits. The fifteenth is a check sign: since 31 is prime and every place has its own weight, one wrong sign and two
that changed places are always noticed.
"""

import re
import secrets
import unicodedata
from collections.abc import Callable
from typing import NamedTuple

from sqlmodel import Session

SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
DRAWN = 14
GROUP = 5
Known = Callable[[Session, str], bool]


class Kind(NamedTuple):
    """A kind of document: its numbers begin with `prefix`, and its public page is `path` and the number."""

    prefix: str
    path: str
    is_known: Known


kinds: dict[str, Kind] = {}


def kind(prefix: str, path: str) -> Callable[[Known], Known]:
    """Declares the function that says whether there is a document of this kind with a number, as it is written."""

    def declare(is_known: Known) -> Known:
        kinds[prefix] = Kind(prefix, path, is_known)
        return is_known

    return declare


def meant(text: str) -> list[tuple[Kind, str]]:
    """What somebody may mean who typed this: of one kind with a prefix, of every kind without; of none if it can be
    no number."""
    read_as = ((each, read(text, each.prefix)) for each in kinds.values())
    return [(each, number) for each, number in read_as if number is not None]


def new(prefix: str) -> str:
    """Such as NEAR-7KQ2M-XW3RT-9HCDA."""
    drawn = "".join(secrets.choice(SIGNS) for _place in range(DRAWN))
    return _written(prefix, drawn + _check_sign(drawn))


def read(text: str, prefix: str) -> str | None:
    """The number that somebody typed, as it is written; None if there can be none like it.

    Case, spaces and hyphens of every kind do not matter, nor letters in full width, nor a missing prefix.
    """
    signs = re.sub(r"[^0-9A-Z]", "", unicodedata.normalize("NFKC", text).upper())
    signs = signs.removeprefix(prefix) if len(signs) > DRAWN + 1 else signs
    is_whole = len(signs) == DRAWN + 1 and set(signs) <= set(SIGNS)
    return _written(prefix, signs) if is_whole and _check_sign(signs[:DRAWN]) == signs[DRAWN] else None


def _check_sign(drawn: str) -> str:
    return SIGNS[sum(weight * SIGNS.index(sign) for weight, sign in enumerate(drawn, start=1)) % len(SIGNS)]


def _written(prefix: str, signs: str) -> str:
    return "-".join([prefix, *(signs[start : start + GROUP] for start in range(0, len(signs), GROUP))])
