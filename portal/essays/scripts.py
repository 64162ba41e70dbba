"""Whether a text is written in the language that its author chose, by scripts, letters and frequent words. Pure.

Each sentence is looked at by itself, so that what is quoted from another language weighs as much as it is long.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from portal.essays.han import SIMPLIFIED_ONLY, TRADITIONAL_ONLY
from portal.i18n import LANGUAGES, N_

QUOTED = 0.36  # of a text may be in other languages: a third, and a little for what cannot be told exactly
TRADITIONAL = "zh-Hant"
OTHER_LATIN, OTHER = "latin", "other"

# How much of a word one letter is, so that scripts are weighed by what they say and not by how many letters it takes.
WEIGHTS = {"han": 0.6, "kana": 0.4, "hangul": 0.35, "cyrillic": 0.16, "latin": 0.18, "other": 0.2}
_SENTENCE = re.compile(r"[^.!?。！？…\n«»“”「」『』]+")
_SCRIPTS = {
    "han": re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"),
    "kana": re.compile(r"[\u3041-\u3096\u30a1-\u30fa\u30fc\uff66-\uff9f]"),
    "hangul": re.compile(r"[\uac00-\ud7a3\u3131-\u318e]|[\u1100-\u115f]"),
    "cyrillic": re.compile(r"[\u0400-\u052f]"),
    "latin": re.compile(r"[a-zA-Z\u00c0-\u024f\u1e00-\u1effａ-ｚＡ-Ｚ]"),
    "other": re.compile(r"[\u0370-\u03ff\u0530-\u10ff\u1200-\u1cff\ua840-\ua87f]"),
}
_WORD = re.compile(r"[^\W\d_]+")
_LISTED = json.loads((Path(__file__).parent / "data" / "small_words.json").read_text())
# The small words that no sentence of a language does without.
SMALL_WORDS = {language: frozenset(" ".join(lines).split()) for language, lines in _LISTED.items()}
_LONG_VOWELS = re.compile(r"аа|ээ|оо|өө|уу|үү|[өү]|ийн|ын\b|гийг")
_ONLY_RUSSIAN = re.compile(r"[щ]|ться|ого\b|его\b|ыми\b|ами\b|ость\b|ение\b|ения\b|ий\b|ая\b|ые\b|ть\b")

LOOKS_LIKE = N_(
    "You chose %(declared)s, but the text looks as if it were written in %(seen)s. Choose the right language."
)
LOOKS_OTHER = N_(
    "You chose %(declared)s, but much of the text is in another language. Quotations may be up to a third."
)
LOOKS_TRADITIONAL = N_("The text is written in traditional characters. This contest asks for simplified ones.")


def warning(text: str, declared: str) -> str | None:
    """Why the text may not be in the language that was chosen, or None; too short a text says nothing."""
    shares = language_shares(text)
    if not shares or shares.get(declared, 0.0) >= 1 - QUOTED:
        return None
    seen = max(shares, key=lambda language: shares[language])
    if declared == "zh-Hans" and shares.get(TRADITIONAL, 0.0) + shares.get(declared, 0.0) >= 1 - QUOTED:
        return str(LOOKS_TRADITIONAL)
    sentence = LOOKS_LIKE if seen != declared and seen in LANGUAGES else LOOKS_OTHER
    return sentence % {"declared": LANGUAGES.get(declared, declared), "seen": LANGUAGES.get(seen, seen)}


def language_shares(text: str) -> dict[str, float]:
    """Which part of the text is in which language; what could be several is left out. Sums to 1, or is empty."""
    weighed: defaultdict[str, float] = defaultdict(float)
    for language, weight in _sentences(text):
        weighed[language] += weight
    whole = sum(weighed.values())
    if whole < 3:
        return {}
    return {language: weight / whole for language, weight in _told_apart(weighed, text).items()}


def _sentences(text: str) -> Iterator[tuple[str, float]]:
    for found in _SENTENCE.finditer(text):
        yield from _languages(found.group())


def _languages(sentence: str) -> Iterator[tuple[str, float]]:
    counts = {script: len(pattern.findall(sentence)) for script, pattern in _SCRIPTS.items()}
    weights = {script: count * WEIGHTS[script] for script, count in counts.items() if count}
    east = weights.pop("han", 0.0) + weights.pop("kana", 0.0)
    if east:
        yield _eastern(counts), east
    for script, weight in weights.items():
        yield _of_script(script, sentence), weight


def _eastern(counts: dict[str, int]) -> str:
    """Japanese writes at least every sixth character in kana; a Korean sentence may hold Chinese characters."""
    if counts["hangul"] > counts["han"]:
        return "ko"
    return "ja" if counts["kana"] * 5 > counts["han"] else "zh-Hans"


def _of_script(script: str, sentence: str) -> str:
    if script == "cyrillic":
        return _cyrillic(sentence.casefold())
    if script == "latin":
        return _latin(sentence.casefold())
    return "ko" if script == "hangul" else OTHER


def _cyrillic(sentence: str) -> str:
    """By letters, endings and small words; "" for what could be either."""
    found = _WORD.findall(sentence)
    mongolian = len(_LONG_VOWELS.findall(sentence)) + 2 * sum(word in SMALL_WORDS["mn"] for word in found)
    russian = len(_ONLY_RUSSIAN.findall(sentence)) + 2 * sum(word in SMALL_WORDS["ru"] for word in found)
    if mongolian == russian:
        return ""
    return "mn" if mongolian > russian else "ru"


def _latin(sentence: str) -> str:
    """English has a small word in every few; names and titles have none and are either."""
    found = _WORD.findall(sentence)
    latin = [word for word in found if word[0] < "\u0250"]
    small = sum(word in SMALL_WORDS["en"] for word in latin)
    if len(latin) < 4 and not small:
        return ""
    return "en" if small >= len(latin) / 7 else OTHER_LATIN


def _told_apart(weighed: dict[str, float], text: str) -> dict[str, float]:
    """Sentences that could be either go to what the others are; Chinese is simplified or traditional as a whole."""
    undecided = weighed.pop("", 0.0)
    if undecided and weighed:
        weighed[max(weighed, key=lambda language: weighed[language])] += undecided
    elif undecided:
        weighed[OTHER] = undecided
    if "zh-Hans" in weighed and _is_traditional(text):
        weighed[TRADITIONAL] = weighed.pop("zh-Hans")
    return weighed


def _is_traditional(text: str) -> bool:
    old, new = sum(c in TRADITIONAL_ONLY for c in text), sum(c in SIMPLIFIED_ONLY for c in text)
    return old >= 5 and old > new
