"""The order in which a reader of each language looks for a government, without a collation library.

Chinese goes by pinyin and Japanese by kana, which a name does not show: `data/readings.csv` holds both for the
governments of the list. A government of later, or one under a new name, comes after them in the order of its signs.
"""

import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from portal.registry import sources
from portal.registry.models import Government

READINGS = {"zh-Hans": "pinyin", "ja": "kana"}
CYRILLIC = {"ё": (ord("е"), 1), "ө": (ord("о"), 1), "ү": (ord("у"), 1)}
# What kind of government it is says nothing of where to look for it.
KINDS = {
    "en": ("Republic of", "City of"),
    "mn": ("Бүгд Найрамдах",),
    "ru": (
        "аймак", "город-метрополия", "город центрального подчинения", "особая самоуправляемая провинция",
        "особый самоуправляемый город", "особый город", "город", "префектура", "провинция", "Республика",
    ),
}  # fmt: skip


def sorted_by_name(governments: Iterable[Government], language: str) -> list[Government]:
    return sorted(governments, key=lambda each: (_place(each, language), each.code))


def in_order(governments: Iterable[Government], language: str) -> list[Government]:
    """Country by country in the order of the association's own list, and by name within each."""
    everybody = sorted(governments, key=lambda each: each.position)
    countries = list(dict.fromkeys(each.country for each in everybody))
    return sorted(sorted_by_name(everybody, language), key=lambda each: countries.index(each.country))


def _place(government: Government, language: str) -> tuple[Any, ...]:
    name = government.name(language)
    reading = _readings(language).get((government.code, name))
    return (0, reading, *sort_key(name, language)) if reading else (1, "", *sort_key(name, language))


@lru_cache
def _readings(language: str) -> dict[tuple[str, str], str]:
    """How the names of the list are read aloud, by code and name: a name that a secretary changed is not among them."""
    column = READINGS.get(language)
    if column is None:
        return {}
    names = {row["code"]: sources.names(dict(row))[language] for row in sources.rows("governments.csv")}
    return {(row["code"], names[row["code"]]): row[column] for row in sources.rows("readings.csv")}


def sort_key(name: str, language: str) -> tuple[Any, ...]:
    """By the signs of the name. GB 18030 keeps the common Chinese characters in the order of their pronunciation;
    Hangul, kana and Cyrillic code points are alphabetical once ё, ө and ү stand behind their neighbours."""
    if language.startswith("zh"):
        return (name.encode("gb18030"),)
    if language in {"ja", "ko"}:
        return (unicodedata.normalize("NFKC", name),)
    return tuple(CYRILLIC.get(c, (ord(c), 0)) for c in _plain(name, language))


def _plain(name: str, language: str) -> str:
    """Without case, accents on Latin letters, and the word for its kind in front."""
    for kind in KINDS.get(language, ()):
        name = name.removeprefix(f"{kind} ")
    text = unicodedata.normalize("NFC", name).casefold()
    return "".join(unicodedata.normalize("NFD", c)[0] if c < "\u0370" else c for c in text)
