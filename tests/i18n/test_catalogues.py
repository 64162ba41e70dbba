"""No sentence escapes translation, and no translation can break a page."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from portal.i18n import LOCALES, SOURCE, offered
from portal.web.templating import TEMPLATES
from tests.messages import collect

NAMED = re.compile(r"%\((\w+)\)[sd]")
TRANSLATED = [code for code in offered() if code != SOURCE]


def _read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


@pytest.fixture(scope="module")
def wanted(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    target = tmp_path_factory.mktemp("pot") / "messages.pot"
    collect(target)
    return _read(target)


def _catalogue(code: str) -> Catalog:
    return _read(LOCALES / code.replace("-", "_") / "LC_MESSAGES" / "messages.po")


def _strings(of: Message, text: str) -> list[str]:
    value = getattr(of, text)
    return list(value) if isinstance(value, (list, tuple)) else [value]


def test_simplified_chinese_is_offered() -> None:
    assert "zh-Hans" in TRANSLATED


@pytest.mark.parametrize("code", TRANSLATED)
def test_every_sentence_is_translated(code: str, wanted: Catalog) -> None:
    found = {str(message.id): message for message in _catalogue(code) if message.id}
    missing = [
        str(m.id) for m in wanted if m.id and (str(m.id) not in found or not all(_strings(found[str(m.id)], "string")))
    ]
    assert missing == [], "run `make messages` and translate these"
    assert [key for key, message in found.items() if message.fuzzy] == []


@pytest.mark.parametrize("code", TRANSLATED)
def test_placeholders_are_those_of_the_source(code: str) -> None:
    for message in _catalogue(code):
        if not message.id:
            continue
        names = set(NAMED.findall(" ".join(_strings(message, "id"))))
        for string in _strings(message, "string"):
            assert set(NAMED.findall(string)) <= names, message.id
            # A plural form may leave its number out; everything else must stay.
            assert names - set(NAMED.findall(string)) <= (
                {"num", "number", "count"} if message.pluralizable else set()
            ), message.id
            if names:
                assert string % dict.fromkeys(names, 1)


WORDS = re.compile(r">[^<>{}]*[A-Za-z]{3,}[^<>{}]*<")
NOT_WORDS = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}|<!--.*?-->|<code>.*?</code>|&[a-z]+;", re.DOTALL)


def test_no_template_holds_words_outside_the_catalogues() -> None:
    """What stands between tags, once expressions are taken out, holds no words."""
    found = []
    for path in TEMPLATES.rglob("*.html"):
        source = re.sub(r"\{%-?\s*trans.*?endtrans\s*-?%\}", "", path.read_text(), flags=re.DOTALL)
        found += [f"{path.name}: {match.group()}" for match in WORDS.finditer(NOT_WORDS.sub("", source))]
    assert found == []


MARKED = re.compile(r"\b_\(\"((?:[^\"\\]|\\.)*)\"")


def test_the_collection_looks_into_every_folder(wanted: Catalog) -> None:
    """Extraction passes over what it cannot read in silence: here the same sentences are found another way."""
    known = {text for message in wanted if message.id for text in _strings(message, "id")}
    for path in (*TEMPLATES.rglob("*.html"), *TEMPLATES.rglob("*.txt")):
        marked = {found.replace('\\"', '"') for found in MARKED.findall(path.read_text())}
        assert marked <= known, (path.name, marked - known)
