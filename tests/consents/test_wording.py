"""The texts: the same sentences in six languages, and what is kept of what was read."""

import datetime as dt
import json
from string import Formatter
from typing import Any

import pytest

from portal.consents import wording
from portal.consents.models import Programme, Purpose
from portal.consents.wording import About, Reader
from portal.i18n import LANGUAGES

VERSIONS = sorted(folder.name for folder in wording.FOLDER.iterdir())
TITLES = {"en": "Our rivers", "mn": "Бидний голууд"}


def about(programme: Programme = Programme.CONTEST) -> About:
    return About(programme, "Туул {x} <b>", TITLES, "Asia/Seoul")


def placeholders(part: Any, path: str = "") -> dict[str, set[str]]:
    """By the way to each sentence."""
    if isinstance(part, str):
        return {path: {name for _text, name, _spec, _conversion in Formatter().parse(part) if name}}
    items = part.items() if isinstance(part, dict) else enumerate(part)
    return {way: names for key, each in items for way, names in placeholders(each, f"{path}/{key}").items()}


@pytest.mark.parametrize("version", VERSIONS)
def test_every_language_has_the_same_sentences_with_the_same_placeholders(version: str) -> None:
    files = {path.stem: json.loads(path.read_text()) for path in (wording.FOLDER / version).iterdir()}
    assert set(files) == set(LANGUAGES)
    expected = placeholders(files["en"])
    for language, sentences in files.items():
        assert placeholders(sentences) == expected, language


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reader", Reader)
@pytest.mark.parametrize("programme", Programme)
def test_every_text_can_be_read(language: str, reader: Reader, programme: Programme) -> None:
    read = wording.reading(about(programme), language, reader, guardian="Ээж")
    whole = str([read.lead, *read.sections, *read.questions.values()])
    assert list(read.questions) == list(Purpose)
    assert TITLES.get(language, "Our rivers") in read.lead
    assert ("Ээж" in read.lead) is (reader is Reader.GUARDIAN)
    assert ("Туул {x} <b>" in whole) is (reader is Reader.GUARDIAN), "names are filled in, whatever signs they hold"
    assert "{person}" not in whole
    assert len(read.sections) == 7
    assert read.digest == wording.digest(language, programme, reader)


def test_the_digest_is_of_the_sentences_and_of_nobody() -> None:
    one = wording.reading(about(), "en", Reader.GUARDIAN, guardian="A")
    other = wording.reading(about()._replace(person="Another"), "en", Reader.GUARDIAN, guardian="B")
    assert one.digest == other.digest
    cases = [(language, p, r) for language in LANGUAGES for p in Programme for r in Reader]
    assert len({wording.digest(*case) for case in cases}) == len(cases)


def test_an_instant_is_said_in_the_language_of_the_text() -> None:
    at = dt.datetime(2027, 3, 31, 9, tzinfo=dt.UTC)
    said = {language: wording.instant(at, "Asia/Seoul", language) for language in LANGUAGES}
    assert said["en"] == "31 March 2027, 18:00 (UTC+9)"
    assert "марта" in said["ru"]
    assert "3월 31일" in said["ko"]
    assert len(set(said.values())) >= 5
