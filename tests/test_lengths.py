import pytest

from portal import lengths


@pytest.mark.parametrize(
    ("text", "count"),
    [("", 0), ("abc", 3), ("a b\nc", 5), ("e\u0301", 1), ("漢字かな", 4), ("👩‍🔬", 3), ("각", 1), ("각", 1)],
)
def test_characters_are_code_points_of_the_composed_text(text: str, count: int) -> None:
    assert lengths.characters(text) == count


@pytest.mark.parametrize(
    ("text", "count"),
    [("", 0), ("one two", 2), ("one — two", 2), ("well-known", 1), ("１２ ③", 2), ("!? …", 0), ("漢字\u3000かな", 2)],
)
def test_a_word_holds_a_letter_or_a_digit(text: str, count: int) -> None:
    assert lengths.words(text) == count


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("漢字 かな\n", 4),
        ("e\u0301", 1),
        ("👩‍🔬", 1),
        ("🇰🇷🇲🇳", 2),
        ("👍🏽", 1),
        ("각", 1),
        ("a\u200bb", 2),
        ("नि", 1),
    ],
)
def test_graphemes_are_what_a_reader_counts_without_spaces(text: str, count: int) -> None:
    assert lengths.graphemes(text) == count
