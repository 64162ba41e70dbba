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
        ("\u1112\u119e\u11ab", 1),  # 한 with the old vowel arae-a, which nothing composes
        ("\u1112\u119e\u11ab\uae00", 2),
        ("\u1100\ud7b0\ud7fb", 1),
    ],
)
def test_graphemes_are_what_a_reader_counts_without_spaces(text: str, count: int) -> None:
    assert lengths.graphemes(text) == count


@pytest.mark.parametrize(
    ("language", "text", "count"),
    [
        ("en", "All human beings are born free and equal in dignity and rights.", 12),
        ("ru", "Все люди рождаются свободными и равными в своем достоинстве и правах.", 11),
        ("mn", "Хүн бүр төрж мэндлэхэд эрх чөлөөтэй, адилхан нэр төртэй, ижил эрхтэй байдаг.", 12),
        ("zh-Hans", "人人生而自由，在尊严和权利上一律平等。", 19),
        ("ja", "すべての人間は、生れながらにして自由であり、かつ、尊厳と権利とについて平等である。", 41),
        ("ko", "모든 인간은 태어날 때부터 자유로우며 그 존엄과 권리에 있어 동등하다.", 30),
    ],
)
def test_each_language_has_its_rule(language: str, text: str, count: int) -> None:
    """Sentences of the Universal Declaration of Human Rights, counted by hand."""
    assert lengths.of(text, language) == count
