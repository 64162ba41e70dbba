"""Plausible essays in six languages, and copies of them; the same for the same seed.

Words are drawn as in real texts, few of them often and most of them seldom; essays of a language also share set
phrases, and some of them quote what the contest set. So independent essays have much in common, but no long passage.
"""

import enum
import random
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

BYTES = 5000
WORDS = 4000


class Copying(enum.StrEnum):
    WHOLE = "whole copy"
    HALF = "half copied"
    QUARTER = "a quarter copied"
    CHANGED = "every tenth word changed"
    SHUFFLED = "sentences in another order"


@dataclass(frozen=True)
class Language:
    """Stems and endings make its words; small words stand between them; phrases and the quotation are everybody's."""

    stems: list[str]
    endings: list[str]
    small: list[str]
    phrases: list[str]
    quotation: list[str]
    space: str
    stop: str


def _read(described: dict[str, Any]) -> Language:
    words = {name: described[name].split() for name in ("stems", "small", "quotation")}
    between = {"space": described.get("space", " "), "stop": described.get("stop", ". ")}
    return Language(endings=described["endings"], phrases=described["phrases"], **words, **between)


VOCABULARY = Path(__file__).parent / "vocabulary.toml"
LANGUAGES = {code: _read(described) for code, described in tomllib.loads(VOCABULARY.read_text("utf-8")).items()}


@dataclass(frozen=True)
class Written:
    """An essay as sentences of words."""

    language: str
    sentences: tuple[tuple[str, ...], ...]

    @property
    def text(self) -> str:
        language = LANGUAGES[self.language]
        said = [language.space.join(words) + language.stop for words in self.sentences]
        return "\n\n".join("".join(said[at : at + 6]).strip() for at in range(0, len(said), 6))


@cache
def _vocabulary(code: str) -> tuple[list[str], list[float]]:
    """Words and how often each is drawn (the inverse of its rank)."""
    language, dice = LANGUAGES[code], random.Random(code)
    made = {a + b + c for a in language.stems for b in language.stems for c in language.endings}
    simple = {a + b for a in language.stems for b in language.endings}
    words = [*language.small, *sorted(simple), *dice.sample(sorted(made - simple), WORDS)]
    dice.shuffle(words)
    words.sort(key=lambda word: word not in language.small)
    return words, [1 / (rank + 12) for rank in range(len(words))]


def essay(code: str, dice: random.Random, size: int = BYTES, *, quotes: bool = False) -> Written:
    """An essay of its own of so many bytes (UTF-8)."""
    language = LANGUAGES[code]
    sentences = [tuple(language.quotation)] if quotes else []
    length = _bytes_of(code, sentences)
    while length < size:
        sentences.append(_sentence(code, dice))
        length += _bytes_of(code, sentences[-1:])
    dice.shuffle(sentences)
    return Written(code, tuple(sentences))


def _sentence(code: str, dice: random.Random) -> tuple[str, ...]:
    words, weights = _vocabulary(code)
    drawn = dice.choices(words, weights, k=dice.randint(6, 22))
    if dice.random() < 0.15:
        drawn.insert(dice.randint(0, len(drawn)), dice.choice(LANGUAGES[code].phrases))
    return tuple(drawn)


def _bytes_of(code: str, sentences: list[tuple[str, ...]]) -> int:
    return len(Written(code, tuple(sentences)).text.encode()) if sentences else 0


def copy(original: Written, kind: Copying, dice: random.Random) -> Written:
    """What somebody makes of another's essay."""
    if kind is Copying.SHUFFLED:
        return Written(original.language, tuple(dice.sample(original.sentences, len(original.sentences))))
    if kind is Copying.CHANGED:
        return _changed(original, dice)
    parts = {Copying.WHOLE: 1, Copying.HALF: 2, Copying.QUARTER: 4}
    return _partly(original, parts[kind], dice)


def _partly(original: Written, parts: int, dice: random.Random) -> Written:
    """One part in one piece, the rest the copier's own, before or after it."""
    size = len(original.sentences) // parts
    begin = dice.randint(0, len(original.sentences) - size)
    taken = original.sentences[begin : begin + size]
    own = essay(original.language, dice, BYTES - BYTES // parts).sentences if parts > 1 else ()
    return Written(original.language, taken + own if dice.random() < 0.5 else own + taken)


def _changed(original: Written, dice: random.Random) -> Written:
    words, count = _vocabulary(original.language)[0], 0
    sentences = []
    for sentence in original.sentences:
        count += len(sentence)
        first = (count - len(sentence)) % 10
        sentences.append(
            tuple(dice.choice(words) if (at + first) % 10 == 9 else word for at, word in enumerate(sentence))
        )
    return Written(original.language, tuple(sentences))
