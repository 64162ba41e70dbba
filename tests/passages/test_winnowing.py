"""What is folded, hashed and kept of a text."""

import hashlib
import os
import random
import subprocess
import sys
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.passages.folding import fold
from portal.passages.winnowing import GUARANTEED, fingerprints, grams
from tests.bench import writing
from tests.database import ROOT

LATIN, RUSSIAN, HAN, HANGUL = "abcdefgh", "абвгдежз", "山川水火木金土日月", "가나다라마바사"
MARKED = "é, ё, ガギグ, 각하, ５ｋｍ, ﬁn, ①, ½, 👩‍👩‍👧 👍🏽, ㈱"
texts = st.text(st.sampled_from([*LATIN, *RUSSIAN, *HAN, *HANGUL, *"éёガ각 .,\n👍5"]), max_size=150)


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_composed_and_decomposed_writing_is_one(form: str) -> None:
    text = f"Ёлка Ṩvět, каждый йогурт. 한국어 각각. ガラスとパン。 {MARKED}"
    folded = fold(unicodedata.normalize(form, text))
    assert folded.letters == fold(text).letters


def test_case_width_spaces_and_signs_do_not_count() -> None:
    assert fold("Ｔｈｅ　ＲＩＶＥＲ, — the river!").letters == fold("the river THE RIVER").letters == "therivertheriver"
    assert fold("ｶﾞﾗｽ").letters == fold("ガラス").letters
    assert fold("").letters == fold("… 👍🏽 \u200d —").letters == ""


@given(texts, st.sampled_from(["NFC", "NFD"]))
def test_every_folded_letter_knows_its_place_in_the_original(text: str, form: str) -> None:
    text = unicodedata.normalize(form, text + MARKED)
    folded = fold(text)
    for letter, begin, end in zip(folded.letters, folded.begins.tolist(), folded.ends.tolist(), strict=True):
        assert letter in unicodedata.normalize("NFKC", text[begin:end]).casefold()
        assert end == len(text) or not unicodedata.combining(text[end]), "a mark stays with its letter"
    assert all(
        end <= begin or (begin, end) == before
        for before, (begin, end) in pairwise(_places(text))
        for end in [before[1]]
    )


def _places(text: str) -> list[tuple[int, int]]:
    folded = fold(text)
    return list(zip(folded.begins.tolist(), folded.ends.tolist(), strict=True))


@settings(max_examples=300, deadline=None)
@given(st.randoms(use_true_random=False), st.sampled_from([LATIN, RUSSIAN, HAN, HANGUL, LATIN + HAN, HANGUL + RUSSIAN]))
def test_whatever_is_shared_of_the_guaranteed_length_shares_a_fingerprint(dice: random.Random, letters: str) -> None:
    is_cjk = all(unicodedata.category(letter) == "Lo" for letter in letters)
    shared = _drawn(dice, letters, GUARANTEED[is_cjk])
    one = _drawn(dice, letters, dice.randint(0, 90)) + shared + _drawn(dice, letters, dice.randint(0, 90))
    other = _drawn(dice, letters, dice.randint(0, 90)) + shared.upper() + _drawn(dice, letters, dice.randint(0, 90))
    prints = [set(fingerprints(fold(text)).hashes.tolist()) for text in (one, other)]
    assert prints[0] & prints[1]


def _drawn(dice: random.Random, letters: str, size: int) -> str:
    return "".join(dice.choice(letters) for _letter in range(size))


def test_a_fingerprint_is_a_gram_of_the_text_and_few_are_kept() -> None:
    for code in writing.LANGUAGES:
        text = writing.essay(code, random.Random(code), 5000).text
        every, kept = grams(fold(text)), fingerprints(fold(text))
        places = dict(zip(every.positions.tolist(), every.hashes.tolist(), strict=True))
        assert [places[at] for at in kept.positions.tolist()] == kept.hashes.tolist()
        assert sorted(set(kept.hashes.tolist())) == kept.hashes.tolist()
        assert 0.03 < len(kept.hashes) / len(every.hashes) < 0.2


def test_short_texts_have_what_they_can() -> None:
    assert len(fingerprints(fold("")).hashes) == len(fingerprints(fold("eight le")).hashes) == 0
    assert len(fingerprints(fold("nine letters")).hashes) == len(fingerprints(fold("一二三四五")).hashes) == 1


PROGRAM = """
import hashlib, sys
from portal.passages.folding import fold
from portal.passages.winnowing import fingerprints
print(hashlib.sha256(repr([fingerprints(fold(sys.argv[1])).hashes.tolist()]).encode()).hexdigest())
"""
TEXT = "The river and the 山川 of 우리 지역 are where Ёжик met a hedgehog, and nobody else did; " * 3


@pytest.mark.parametrize("seed", ["0", "4711"])
def test_every_process_finds_the_same(seed: str) -> None:
    said = subprocess.run(
        [sys.executable, "-c", PROGRAM, TEXT], cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    here = hashlib.sha256(repr([fingerprints(fold(TEXT)).hashes.tolist()]).encode()).hexdigest()
    assert said.stdout.strip() == here


def test_the_hashes_are_what_the_tables_hold() -> None:
    """A change here needs a new VERSION, so that every essay is fingerprinted anew."""
    assert grams(fold("nine letters")).hashes.tolist()[0] == NINE
    assert grams(fold("一二三四五")).hashes.tolist() == [FIVE]


NINE, FIVE = 1954544119211016654, -1951593258675408434
