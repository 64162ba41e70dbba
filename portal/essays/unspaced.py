"""Where a text in Chinese, Japanese or Korean holds its author's own name: see `names`. Pure."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from portal.essays import name_words as words
from portal.essays.folding import Folded, folded
from portal.essays.name_words import Weight
from portal.sounds import latin, plain

Span = tuple[int, int]
_HAN, _HANGUL, _KANA = "\u3400-\u9fff\U00020000-\U0003ffff", "가-힣", "ぁ-ゖァ-ヺー"
_GAP = r"[\s·・‧.,]?"


def names_in(page: Folded, names: Sequence[str]) -> Iterator[Span]:
    for name in dict.fromkeys(filter(None, names)):
        for pattern, weight in _patterns(folded(name)):
            for found in pattern.finditer(page.text):
                if weight is Weight.WHOLE or _is_introduced(page.text, *found.span()):
                    yield page.back(*found.span())


def _is_introduced(text: str, begins: int, ends: int) -> bool:
    before = words.INTRODUCES_UNSPACED.search(text, max(0, begins - 12), begins)
    return before is not None or words.HONOURS.match(text, ends) is not None


@lru_cache(256)
def _patterns(name: str) -> tuple[tuple[re.Pattern[str], Weight], ...]:
    """What to look for, and what it takes before it counts: WHOLE is certain, COMPANY needs an introduction."""
    bare = re.sub(r"[\s·・‧.,-]", "", name)
    made: list[tuple[str, Weight]] = []
    if re.fullmatch(rf"[{_HAN}々]{{2,}}", bare):
        made = list(_han(name, bare))
    elif re.fullmatch(rf"[{_HANGUL}]{{2,}}", bare):
        made = list(_hangul(name, bare))
    elif re.fullmatch(rf"[{_KANA}]{{2,}}", bare):
        made = list(_kana([latin(word) for word in re.split(r"[\s・]", name)]))
    elif re.fullmatch(rf"[{_HAN}々{_KANA}]{{2,}}", bare):
        made = list(_mixed(name))
    elif name.isascii() and (spoken := name.replace("-", "").split()) and all(map(_syllables, spoken)):
        made = list(_kana(spoken))
    return tuple((re.compile(pattern), weight) for pattern, weight in made)


def _divided(name: str, bare: str, compound: frozenset[str]) -> tuple[str, str]:
    """Family name and given name."""
    apart = re.split(r"[\s·・‧.,]+", name.strip())
    if len(apart) == 2:
        return apart[0], apart[1]
    at = 2 if bare[:2] in compound or len(bare) > 3 else 1
    return bare[:at], bare[at:]


def _han(name: str, bare: str) -> Iterator[tuple[str, Weight]]:
    family, given = _divided(name, bare, words.CHINESE_COMPOUND)
    whole = rf"{family}{_GAP}{given}"
    if len(bare) == 2:
        yield words.unless_before(bare[0]) + whole, words.if_no_word(bare, Weight.WHOLE)
    else:
        yield whole, Weight.WHOLE
    if given:
        yield rf"{given}[\s·・‧.,]{family}", Weight.WHOLE
    if len(given) > 1:
        yield words.unless_before(given[0]) + given + words.unless_after(given[-1]), words.if_no_word(given)
    if len(family) > 1:
        yield family, Weight.COMPANY


def _hangul(name: str, bare: str) -> Iterator[tuple[str, Weight]]:
    family, given = _divided(name, bare, words.KOREAN_COMPOUND)
    if len(bare) > 3 and bare[:2] not in words.KOREAN_COMPOUND and " " not in name:
        family, given = bare[:1], bare[1:]
    is_word = given in words.WORDS
    if len(bare) > 2:
        yield rf"{family}{'' if is_word else _GAP}{given}", Weight.WHOLE
        yield rf"(?<![{_HANGUL}]){family} {given}{words.PARTICLES}", words.if_no_word(given)
    else:
        yield rf"(?<![{_HANGUL}]){family}{given}{words.PARTICLES}", words.if_no_word(bare)
    if len(given) > 1:
        yield rf"(?<![{_HANGUL}]){given}{words.PARTICLES}", words.if_no_word(given)


def _mixed(name: str) -> Iterator[tuple[str, Weight]]:
    """佐藤 はるか: characters and kana; the kana may be written in either kind."""
    words_of = re.split(r"[\s・]+", name.strip())
    patterns = [_syllables(latin(word)) or re.escape(word) for word in words_of]
    yield _GAP.join(patterns), Weight.WHOLE
    yield from ((re.escape(word), Weight.COMPANY) for word in words_of if len(word) > 1)


@lru_cache(256)
def _syllables(word: str) -> str:
    """A Japanese word in Latin letters as a pattern for kana, long vowels written or not; empty if it is none."""
    spelled = re.sub(r"o[uo]|oh(?![aeiouy])", "o", plain(word)).replace("uu", "u")
    found = re.fullmatch(rf"(?:{words.MORA})+", spelled)
    if not found:
        return ""
    return "".join(words.kana_of(mora) for mora in re.findall(words.MORA, spelled))


def _kana(spoken: list[str]) -> Iterator[tuple[str, Weight]]:
    patterns = [_syllables(word) for word in spoken]
    if not all(patterns):
        return
    if len(patterns) == 2:
        one, other = patterns
        certain = Weight.WHOLE if sum(len(word) for word in spoken) >= 7 else Weight.COMPANY
        yield rf"{one}{_GAP}{other}|{other}{_GAP}{one}", certain
    for word, pattern in zip(spoken, patterns, strict=True):
        alone = words.if_no_word(word) if len(word) >= 5 else Weight.COMPANY
        yield rf"(?<![ァ-ヺー])(?=[ァ-ヺー]){pattern}(?![ァ-ヺー])", alone
        begins = r"(?:(?<![ぁ-ゖ])|(?<=[はがのもと]))(?=[ぁ-ゖ])"
        yield rf"{begins}{pattern}(?=さん|くん|ちゃん|君|です|と申|といい|と言)", Weight.WHOLE
        if len(word) >= 6:
            yield rf"(?=[ぁ-ゖ]){pattern}(?=さん|くん|ちゃん)", Weight.WHOLE
