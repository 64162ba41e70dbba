"""Text by people says which language it is in, where the page has another."""

import pytest

from portal import i18n
from portal.web.templating import said


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Лодка ждёт", "ru"),
        ("Хөвсгөл нуур", "mn"),
        ("江水", "zh-Hans"),
        ("川の水", "ja"),
        ("강물 江", "ko"),
        ("The ferry", "en"),
        ("2027 – 3", ""),
    ],
)
def test_the_letters_tell_the_language(text: str, language: str) -> None:
    assert i18n.written_in(text) == language


def test_what_is_in_the_pages_language_is_not_marked() -> None:
    with i18n.speaking("ja"):
        assert said("川の水") == "川の水"
        assert said("The <ferry>") == '<span lang="en">The &lt;ferry&gt;</span>'


def test_a_known_language_is_believed() -> None:
    with i18n.speaking("ja"):
        assert said("江水", "ja") == "江水"
        assert said("江水", "zh-Hans") == '<span lang="zh-Hans">江水</span>'


def test_letters_of_two_languages_are_taken_for_the_pages() -> None:
    with i18n.speaking("ja"):
        assert said("江水") == "江水"
    with i18n.speaking("ko"):
        assert said("江水") == '<span lang="zh-Hans">江水</span>'
    with i18n.speaking("mn"):
        assert said("Лодка") == "Лодка"


def test_of_texts_by_language_the_readers_is_taken() -> None:
    texts = {"en": "River", "ru": "Река"}
    with i18n.speaking("ru"):
        assert said(texts) == "Река"
    with i18n.speaking("ja"):
        assert said(texts) == '<span lang="en">River</span>'
    assert said({}) == said(None) == ""


def test_nothing_is_said_in_no_language() -> None:
    with i18n.speaking("ja"):
        assert said({}) == said({"en": ""}) == ""
