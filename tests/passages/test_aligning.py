"""The passages that two texts share, and how they are shown."""

import random
import unicodedata

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.passages import aligning
from portal.passages.aligning import Shared
from portal.passages.folding import fold
from portal.passages.winnowing import grams
from tests.bench import writing
from tests.bench.writing import Copying

PASSAGE = "the river does not stop at the border and neither do the birds that drink from it"
CHINESE = "河流不会在边界停下来喝水的鸟也不会停下来"


def compared(one: str, other: str, ignored: str = "") -> Shared:
    return aligning.compare(fold(one), fold(other), np.sort(grams(fold(ignored)).hashes))


def own(seed: int, size: int = 1500, code: str = "en") -> str:
    return writing.essay(code, random.Random(seed), size).text


def test_a_passage_is_found_where_it_stands_in_both() -> None:
    one, other = f"{own(1)} {PASSAGE}! {own(2)}", f"{PASSAGE.upper()} — {own(3)}"
    (found,) = compared(one, other).passages
    assert PASSAGE in one[found.begins : found.ends]
    assert PASSAGE.upper() in other[found.other_begins : found.other_ends]
    assert len(one[found.begins : found.ends]) < len(PASSAGE) + 12


@pytest.mark.parametrize(
    "written",
    [
        "The cafés of Ärendal and the naïve piñata of São Tomé sang déjà vu to all of us",
        "Ёжик шёл по лесу, каждый йогурт стоял на своей ёлке и пел о большой реке",
        "ガラスのパンダがグラウンドでギターをひいていたのをだれもが見ていました",
        "우리는 각각의 한국어 글을 읽고 생각하며 함께 웃고 노래하였다고 말하였다",
        "👩‍👩‍👧 we all 👍🏽 met the ５０ ｋｍ walkers 🇰🇷 near the ﬁnal bend of the old river",
    ],
)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_places_are_right_for_every_way_of_writing(written: str, form: str) -> None:
    passage = unicodedata.normalize(form, written)
    one, other = f"👩‍👩‍👧 é！ {passage}。 И своё.", f"{written.upper()} 👍🏽"
    (found,) = compared(one, other).passages
    assert one[found.begins : found.ends].strip(" 👩‍👧") == passage.strip(" 👩‍👧")
    marked = aligning.marked(one, [(found.begins, found.ends)])
    assert "".join(piece.text for pieces in marked for piece in pieces) == one
    assert not any(unicodedata.combining(piece.text[0]) for pieces in marked for piece in pieces)


def test_shares_are_of_each_text() -> None:
    part, rest = own(1, 3000), own(2, 3000)
    whole = compared(part, part)
    assert (whole.share, whole.other_share) == (1, 1)
    half = compared(part, f"{part} {rest}")
    assert half.share == 1 and 0.45 < half.other_share < 0.55
    mirrored = compared(f"{part} {rest}", part)
    assert (mirrored.other_share, mirrored.share) == (half.share, pytest.approx(half.other_share, abs=0.02))


def test_what_is_repeated_is_counted_once_in_the_other() -> None:
    found = compared(f"{PASSAGE}. {PASSAGE}. {PASSAGE}.", PASSAGE)
    assert (found.share, found.other_share) == (1, 1)


@pytest.mark.parametrize("text", ["a" * 30_000, "ab" * 10_000, "山" * 20_000, PASSAGE * 300])
def test_a_text_of_one_letter_takes_no_longer(text: str) -> None:
    assert compared(text, text).share == 1


def test_half_and_whole_copies_are_worth_showing_and_independent_texts_are_not() -> None:
    dice = random.Random(5)
    for code in writing.LANGUAGES:
        original = writing.essay(code, dice)
        for kind in Copying:
            assert compared(original.text, writing.copy(original, kind, dice).text).is_worth_showing, (code, kind)
        assert not compared(original.text, writing.essay(code, dice).text).is_worth_showing, code


def test_a_long_passage_is_worth_showing_however_long_the_texts_are() -> None:
    long, other = own(1, 9000), own(2, 9000)
    passage = own(3, 400)[:230]
    assert compared(f"{long} {passage}", f"{passage} {other}").is_worth_showing
    assert not compared(f"{long} {PASSAGE}", f"{PASSAGE} {other}").is_worth_showing
    chinese = own(4, 600, "zh-Hans")[:60]
    texts = (own(5, 12_000, "zh-Hans"), own(6, 12_000, "zh-Hans"))
    assert compared(f"{texts[0]}{chinese}", f"{chinese}{texts[1]}").is_worth_showing
    assert not compared(f"{texts[0]}{CHINESE}", f"{CHINESE}{texts[1]}").is_worth_showing


def test_what_is_ignored_ends_a_passage() -> None:
    both = f"{own(1, 300)} {PASSAGE} {own(2, 300)}"
    assert len(compared(both, both).passages) == 1
    found = compared(both, both, ignored=PASSAGE)
    assert len(found.passages) == 2 and found.share < 0.95
    assert compared(PASSAGE, PASSAGE, ignored=PASSAGE) == Shared()


def test_one_word_of_the_theme_does_not_divide_a_passage() -> None:
    both = "They should not talk about big things in the beginning. They can measure something every single week."
    found = compared(f"Own words stand here. {both}", f"Other words of somebody. {both}", ignored="a good beginning")
    assert len(found.passages) == 1


def test_marked_texts_lose_nothing_and_tell_where_passages_begin_and_end() -> None:
    text = "First line.\nSecond line, which is longer.\n\n  \nThird."
    marked = aligning.marked(text, [(6, 18), (12, 18), (6, 18)])
    assert ["".join(piece.text for piece in pieces) for pieces in marked] == [
        line for line in text.split("\n") if line.strip()
    ]
    (before, last), (first, *_rest) = marked[0], marked[1]
    assert (before.numbers, last.numbers, last.begins, last.ends) == ((), (1, 3), (1, 3), ())
    assert (first.text, first.numbers, first.begins, first.ends) == ("Second", (1, 2, 3), (2,), (1, 2, 3))


@given(st.text("ab\n", max_size=60), st.lists(st.tuples(st.integers(0, 60), st.integers(1, 20)), max_size=5))
def test_any_stretches_can_be_marked(text: str, found: list[tuple[int, int]]) -> None:
    stretches = [(begin, min(begin + length, len(text))) for begin, length in found if begin < len(text)]
    marked = aligning.marked(text, stretches)
    assert "".join(piece.text for pieces in marked for piece in pieces) == text.replace("\n", "")
