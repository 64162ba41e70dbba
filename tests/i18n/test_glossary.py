"""Every translation keeps to the words of docs/glossary.md: where the English says a term, so does the translation."""

import json
import re
import tomllib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from portal import i18n
from portal.agreements import wording as agreements
from portal.consents import wording as consenting
from portal.i18n import LANGUAGES, LOCALES, SOURCE
from portal.web.templating import TEMPLATES
from tests.messages import ROOT

TRANSLATED = [code for code in LANGUAGES if code != SOURCE]
SEPARATOR = re.compile(r"\s*[,、]\s*")
ASIDE = re.compile(r"\s*[(（].*?[)）]")
# What a state or a verb gains in a sentence: the rest of the word must be there.
LOOSE = {
    "zh-Hans": re.compile("^已"),
    "ja": re.compile("(済み|あり|なし|し)$"),
    "ko": re.compile("( ?있음| ?없음|됨|함|하기|작)$"),
}
PLACEHOLDER = re.compile(r"%\(\w+\)s|\{\w+\}")
# What people agree to stands outside the catalogues.
TEXTS = (consenting.FOLDER / consenting.VERSION, agreements.FOLDER / agreements.VERSION)
MESSAGE = re.compile(r'^msgid "(.+)"\n(?:msgid_plural .*\n)?((?:msgstr.*\n)+)', re.MULTILINE)
# English words that are states or verbs: sentences bend and replace them too freely for a search. The glossary binds
# them as headings, tags and buttons all the same.
BENT = {
    "submitted", "returned", "withdrawn", "nominated", "admitted", "accepted", "declined", "lapsed", "disqualified",
    "rank", "approve", "publish", "upload", "offer", "deal", "mark", "lenient", "strict", "sign in",
}  # fmt: skip
# English words that mean several things, told apart in the glossary by what stands in brackets.
SEVERAL = {"letter", "message", "reference", "member", "draft", "word", "e-mail", "host", "agreement"}
# These are verbs as well: only after one of these words are they the noun.
NOUNS = {"judge", "opening", "call", "stay"}
BEFORE = r"(?:\b(?:an?|the|this|that|each|every|another|your|their)\s)"
# Messages that say the thing otherwise for a reason, by how they begin.
APART = tomllib.loads((Path(__file__).parent / "apart.toml").read_text())


class Term(NamedTuple):
    english: str
    words: dict[str, list[str]]


@lru_cache
def _terms() -> list[Term]:
    """The rows of the glossary's tables; where a row lists as many words as English does, one by one."""
    found = []
    for line in (ROOT / "docs/glossary.md").read_text().splitlines():
        cells = [ASIDE.sub("", cell).strip() for cell in line.strip("|").split("|")]
        if line.startswith("| ") and len(cells) == len(LANGUAGES) and cells[0] not in {"en", "---"}:
            found += _of_row(cells)
    return found


def _of_row(cells: list[str]) -> Iterator[Term]:
    english, *others = [SEPARATOR.split(cell) for cell in cells]
    for place, term in enumerate(english):
        own = [words[place : place + 1] if len(words) == len(english) > 1 else words for words in others]
        yield Term(term.removeprefix("to "), dict(zip(TRANSLATED, own, strict=True)))


def _pattern(word: str, code: str) -> str:
    """A word as it stands in sentences: Mongolian and Russian endings change, and another word may stand between."""
    if code not in {"mn", "ru"}:
        return re.escape(LOOSE[code].sub("", word))
    stems = [re.escape(part[: max(3, len(part) - 2)].lower()) for part in word.split()]
    return r"\b" + r"\w*\W+(?:\w+\W+)?".join(stems)


@lru_cache
def _messages(code: str) -> list[tuple[str, str]]:
    """English and translation, without the names of placeholders. No catalogue breaks a line: see tests.messages."""
    text = (LOCALES / code.replace("-", "_") / "LC_MESSAGES/messages.po").read_text()
    texts = [pair for folder in TEXTS for pair in zip(*(_read(folder, each) for each in (SOURCE, code)), strict=True)]
    return [(PLACEHOLDER.sub("", english), said) for english, said in (*MESSAGE.findall(text), *texts)]


def _read(folder: Path, code: str) -> list[str]:
    return list(_sentences(json.loads((folder / f"{code}.json").read_text())))


def _sentences(text: Any) -> Iterator[str]:
    parts = text.values() if isinstance(text, dict) else text
    for part in parts:
        if isinstance(part, str):
            yield part
        else:
            yield from _sentences(part)


@lru_cache
def _english(term: str) -> re.Pattern[str]:
    """The term where it stands by itself and not within a longer one of the glossary."""
    word = re.compile(rf"\b{term}s?\b", re.IGNORECASE)
    longer = {other.english for other in _terms() if other.english != term and word.search(other.english)}
    within = "|".join(map(re.escape, sorted(longer, key=len, reverse=True)))
    plain = (BEFORE if term in NOUNS else r"\b") + rf"(?P<term>{re.escape(term)}s?)\b"
    return re.compile(rf"\b(?:{within})s?\b|{plain}" if within else plain, re.IGNORECASE)


def _says(term: str, english: str) -> bool:
    return term.lower() in english.lower() and any(found["term"] for found in _english(term).finditer(english))


def _unlike(term: Term, code: str) -> list[str]:
    """Messages that say the term in English and none of its words in the language."""
    allowed = re.compile("|".join(_pattern(word, code) for word in term.words[code]), re.IGNORECASE)
    return [told for told, said in _messages(code) if _says(term.english, told) and not allowed.search(said)]


def _is_apart(term: str, code: str, told: str) -> bool:
    found = [each for each in APART.get(term, []) if told.startswith(each["begins"])]
    return any(code in each.get("languages", TRANSLATED) for each in found)


@lru_cache
def _found(code: str) -> list[tuple[str, str]]:
    """Each term that is looked for, with the messages that say it otherwise."""
    checked = (term for term in _terms() if term.english not in BENT | SEVERAL)
    return [(term.english, told) for term in checked for told in _unlike(term, code)]


@pytest.mark.parametrize("code", TRANSLATED)
def test_translations_keep_to_the_glossary(code: str) -> None:
    """Say it in the glossary's word, or name the message in apart.toml with a reason."""
    assert [(term, told) for term, told in _found(code) if not _is_apart(term, code, told)] == []


@pytest.mark.parametrize("code", TRANSLATED)
def test_nothing_stands_apart_in_vain(code: str) -> None:
    for term, exceptions in APART.items():
        for each in exceptions:
            found = [told for name, told in _found(code) if name == term and told.startswith(each["begins"])]
            assert found or code not in each.get("languages", TRANSLATED), (term, each["begins"])
            assert each["reason"]


# How a button ends, or in Russian begins, where it names an act; see "How each language is written here".
ACTS = {
    "ru": r"^(?:Не |Больше не |Снова )?\w+(?:ть|ти|чь)(?:ся)?\b",
    "ko": "기(?: ?[(:]|$)",
    "ja": "[るすくうむつぶぐぬいな](?:[（：]|$)",
    "mn": r"х(?: ?[(:]|$)",
}
BUTTON = re.compile(r'(?:submit|button_form|link_button)\([^_]*?_\("([^"\\]+)"')
# What is a noun, a statement of somebody's own or a question on a button, in English as well.
NAMED = {
    "Back", "Lists of the hosts", "Messages", "New call", "Order of merit", "Overview", "The match", "Sign in",
    "I am kin of this person", "I do not agree", "I do not write this letter", "They are the same person",
    "They are two people", "This is my text", "Sign out",
    "Nothing would happen at the governments you chose. Go back and choose others.",
}  # fmt: skip


@pytest.mark.parametrize("code", ACTS)
def test_buttons_say_what_they_do_in_one_form(code: str) -> None:
    words = {each for path in TEMPLATES.rglob("*.html") for each in BUTTON.findall(path.read_text())} - NAMED
    said = {each: PLACEHOLDER.sub("", i18n.translations(code).gettext(each)) for each in words}
    assert {each: told for each, told in said.items() if not re.search(ACTS[code], told)} == {}
