import pytest

from portal import lengths
from portal.contests.rules import length
from portal.essays import paragraphs
from portal.essays.paragraphs import cleaned, tidied
from tests.essays import samples

POEM = (
    "The river does not ask who stands\nupon its banks at night,\nit carries snow from other lands\n"
    "and gives the valley light."
)
TALK = "— Where does the ferry go at night, when nobody is at the pier to see?\n— To the other side, as ever."
CREDITS = "National Statistics Office of Mongolia: Population of aimags and the capital\nNEAR: Members and observers"
LIST = "• a ticket for both of the shores, sold at every pier that there is\n• a timetable\n1. first of all"


@pytest.mark.parametrize("language", samples.WRITTEN)
def test_lines_that_a_program_broke_become_paragraphs_again(language: str) -> None:
    broken = samples.wrapped(language)
    assert broken.count("\n") > samples.WRITTEN[language].count("\n") + 3
    assert cleaned(broken) == samples.WRITTEN[language]


@pytest.mark.parametrize("language", samples.WRITTEN)
def test_what_a_word_processor_leaves_is_taken_out(language: str) -> None:
    assert cleaned(samples.from_a_word_processor(language)) == samples.WRITTEN[language]


@pytest.mark.parametrize("language", samples.WRITTEN)
def test_cleaning_changes_no_count(language: str) -> None:
    for text in (samples.wrapped(language), samples.from_a_word_processor(language)):
        assert length(cleaned(text), language) == length(tidied(text), language) == length(text, language)


@pytest.mark.parametrize("text", [POEM, TALK, CREDITS, LIST, "Short.\nLines.", *samples.WRITTEN.values()])
def test_lines_of_a_writers_own_stay(text: str) -> None:
    assert cleaned(text) == text


@pytest.mark.parametrize("text", samples.EVERYTHING)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert cleaned(cleaned(text)) == cleaned(text)
    assert tidied(tidied(text)) == tidied(text)


@pytest.mark.parametrize(
    ("text", "tidy"),
    [
        ("a\r\nb\rc\u2028d\ve", "a\nb\nc\nd\ne"),
        ("a\n\n\n\n\nb\n", "a\n\nb"),
        ("a \t b\u00a0\u00a0c  \n  d", "a b c\nd"),
        ("co\u00adope\u200bra\u2060tion\ufeff", "cooperation"),
        ("\u202eevil\u202c", "evil"),
        ("e\u0301", "é"),
        ("👩\u200d🔬 and ❤\ufe0f\u200d🔥 but a\u200db", "👩\u200d🔬 and ❤\ufe0f\u200d🔥 but ab"),
        ("\u1820\u200d\u1821 \u182d\u202f\u1824", "\u1820\u200d\u1821 \u182d\u202f\u1824"),
        ("\uf0b7\tone\n·\u00a0two\no\tthree\n• four", "• one\n• two\n• three\n• four"),
        ("\u3000\u3000段首空两格。\u3000", "\u3000\u3000段首空两格。"),
    ],
)
def test_what_cannot_be_seen_goes_and_what_makes_one_sign_stays(text: str, tidy: str) -> None:
    assert tidied(text) == tidy


def test_a_hyphen_at_the_end_of_a_line_keeps_its_word_together() -> None:
    broken = (
        "It is a plan that begins with small things, one timetable and a well-\n"
        "known ticket for both of the shores, and a school that writes every\n"
        "month to another school on the other side of the water"
    )
    assert "well-known ticket" in cleaned(broken)
    assert "\n" not in cleaned(broken)


def test_a_long_text_takes_no_time() -> None:
    assert lengths.words(paragraphs.cleaned("word " * 10_000 + "\n" + "a\n" * 10_000)) == 20_000
