"""What the crawl in the pseudo-locale found, and that it found what there is; the crawl's own parts."""

import pytest

from tests.browser.walking import pseudo, words
from tests.browser.walking.stage import Stage

pytestmark = pytest.mark.browser
# What never answers with a page: these lead elsewhere, or are read by a machine.
NO_PAGES = {
    "/essays/{essay_id}/consents",  # to the consents of its edition
    "/health/ready",  # 503 where no worker runs
}


def test_nothing_on_a_page_is_neither_a_message_nor_data(stage: Stage) -> None:
    assert dict(stage.found.untranslated) == {}


def test_no_page_breaks(stage: Stage) -> None:
    assert stage.found.broken == []


def test_every_page_is_reached(stage: Stage) -> None:
    assert stage.found.routes - stage.found.reached == NO_PAGES


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("⟦Save⟧", []),
        ("⟦Save⟧ Delete", [" Delete"]),
        ("⟦Until ⟪17:00⟫ in ⟪⟦Seoul⟧⟫⟧", ["17:00"]),
        ("⟦By ⟪somebody⟫⟧ and ⟦more⟧", ["somebody", " and "]),
    ],
)
def test_what_is_beyond_the_messages(text: str, pieces: list[str]) -> None:
    assert pseudo.beyond(text) == pieces


def test_what_is_put_into_a_message_is_marked_but_not_in_an_address() -> None:
    wrapped = pseudo.wrapped("""<a href="/x/%(id)s">%(name)s</a>""")
    assert wrapped == """⟦<a href="/x/%(id)s">⟪%(name)s⟫</a>⟧"""


def test_only_collected_sentences_are_wrapped() -> None:
    spoken = pseudo.Pseudo({"Save"})
    assert (spoken.gettext("Save"), spoken.gettext("Svae")) == ("⟦Save⟧", "Svae")


DATA = words.Data({"The ferry that waits", "Бид Python хэлээр бичдэг"}, {"Tuul", "Батбаяр"})


@pytest.mark.parametrize(
    ("piece", "is_data"),
    [
        ("The ferry that waits", True),
        ("2 · The ferry that waits", True),
        ("Tuul, B2, KR-47, a@example.org", True),
        ("A2MGM, C3VKE", True),
        ("PDF (2 MB)", True),
        ("The ferry", False),
        ("Tuul saved it", False),
    ],
)
def test_what_is_data(piece: str, is_data: bool) -> None:
    assert DATA.covers(piece) is is_data


def test_what_is_quoted_is_taken_out_of_a_document() -> None:
    assert DATA.without("Ваше эссе «The ferry that waits» допущено") == "Ваше эссе « » допущено"


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("保存", "zh-Hans", []),
        ("Save", "zh-Hans", ["Save"]),
        ("Save", "en", []),
        ("Tuul 的 PDF", "zh-Hans", []),
        ("题目“The ferry that waits”", "zh-Hans", []),
        ("题目“The ferry”", "zh-Hans", ["The", "ferry"]),
        ("제목 ‘The ferry that waits’", "ko", []),
        ("Сохранить", "ja", ["Сохранить"]),
        ("Сохранить", "ru", []),
        ("回答：The ferry that waits", "ja", []),
        ("Ответить: The ferry that waits", "ru", []),
        ("Бид Python хэлээр бичдэг", "mn", []),
        ("Батбаяр", "ko", []),
    ],
)
def test_what_is_foreign_in_a_language(text: str, language: str, found: list[str]) -> None:
    assert words.foreign(text, language, DATA) == found
