"""A language only for tests, in which each message stands between ⟦ and ⟧ and what is put into it between ⟪ and ⟫."""

import re
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from gettext import NullTranslations
from pathlib import Path
from unittest.mock import patch

from babel import Locale
from babel.messages.pofile import read_po

from portal import i18n
from tests import messages

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")
BRACKETS = re.compile("([⟦⟧⟪⟫])")
OPENING, CLOSING = set("⟦⟪"), set("⟧⟫")
# What is put into an address inside a message stays an address.
ADDRESS = re.compile(r"""=\s*["'][^"']*["']""")


class Pseudo(NullTranslations):
    """Knows the sentences that translators get; one that was never collected stays as it is."""

    def __init__(self, known: set[str]) -> None:
        super().__init__()
        self.known = known

    def gettext(self, message: str) -> str:
        return wrapped(message) if message in self.known else message

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        return self.gettext(singular if number == 1 else plural)


@cache
def wrapped(message: str) -> str:
    addresses = [found.span() for found in ADDRESS.finditer(message)]

    def inside(found: re.Match[str]) -> str:
        in_address = any(first < found.start() < last for first, last in addresses)
        return found[0] if in_address else f"⟪{found[0]}⟫"

    return f"⟦{PLACEHOLDER.sub(inside, message)}⟧"


def collected(folder: Path) -> set[str]:
    target = folder / "messages.pot"
    messages.collect(target)
    with target.open("rb") as source:
        catalogue = read_po(source)
    found: set[str] = set()
    for each in catalogue:
        found |= set(each.id if isinstance(each.id, tuple) else [each.id])
    return found - {""}


@contextmanager
def spoken(known: set[str]) -> Iterator[None]:
    """In place of the source language. Dates and cities come in kana, so that Latin letters are never a date's."""
    pseudo, real = Pseudo(known), i18n.translations
    japanese = Locale.parse("ja")
    with ExitStack() as patches:
        patches.enter_context(
            patch.object(i18n, "translations", lambda code: pseudo if code == i18n.SOURCE else real(code))
        )
        for module in [each for name, each in sys.modules.items() if name.startswith("portal.")]:
            if hasattr(module, "babel_locale"):
                patches.enter_context(patch.object(module, "babel_locale", lambda code=None: japanese))
        yield


def beyond(text: str) -> list[str]:
    """The pieces of a text that are in no message: outside of ⟦⟧, or put into one and in none themselves."""
    pieces, depth = [], []
    for part in BRACKETS.split(text):
        if part in OPENING:
            depth.append(part)
        elif part in CLOSING:
            depth = depth[:-1]
        elif part.strip() and (not depth or depth[-1] == "⟪"):
            pieces.append(part)
    return pieces
