"""Where a text holds its author's own name, in whatever script, case or order. Pure.

A name is looked for in two ways. In scripts with spaces between words (Latin, Cyrillic) the words of the text are
compared by their sound, so that Батбаярын, BATBAYAR and Batbayar are one. In Chinese, Japanese and Korean the
characters themselves are looked for (`unspaced`). What is also an ordinary word, or too short, counts only beside
another part of the name, after "my name is" and its like, or with a capital letter inside a sentence.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from portal.essays import name_words as words
from portal.essays.folding import Folded
from portal.essays.name_words import Weight, key

Span = tuple[int, int]


@dataclass(frozen=True)
class Part:
    weight: Weight
    owner: int  # which word of the name it is; -1 for several words at once


# Words with spaces between them

ALPHABETIC = re.compile(
    r"[a-zA-Zａ-ｚＡ-Ｚ\u00c0-\u024f\u0400-\u052f\u1e00-\u1eff][a-zA-Zａ-ｚＡ-Ｚ\u00c0-\u024f\u0300-\u036f\u0400-\u052f"
    r"\u1e00-\u1eff\u00ad\u200b-\u200d\u2060]*"
)
_JOINS = re.compile(r"[\s\-‐‑–'’ʼ·・]{0,2}")
_BESIDE = re.compile(r"[\s\-‐‑–'’ʼ·・]{0,2}|\.|,\s|，")
_SENTENCE_ENDS = frozenset('.!?…:;\n。！？«»“”"—–•')
MOST_WORDS = 3


@lru_cache(256)
def _parts(name: str) -> dict[str, Part]:
    """Everything of a name that may stand in a text, by its sound: words, runs of words, the whole in both orders."""
    written = [word for word in name.replace("・", " ").split() if ALPHABETIC.match(word)][:5]
    found = {key(word): Part(words.weight(word), place) for place, word in enumerate(written)}
    for base, place in [(words.without_genitive(word), place) for place, word in enumerate(written)]:
        if base:
            found.setdefault(key(base), Part(words.weight(base), place))
    for order in (written, written[::-1]):
        for begins in range(len(order)):
            for ends in range(begins + 2, len(order) + 1):
                heard = key("".join(order[begins:ends]))
                found.setdefault(heard, Part(Weight.WHOLE if len(heard) > 4 else Weight.COMPANY, -1))
    found.pop("", None)
    return found


def _stems(parts: dict[str, Part]) -> dict[str, Part]:
    """What stays of a part when it is declined: its last vowel goes."""
    short = {heard[:-1] if heard[-1] in "aeiou" else heard: part for heard, part in parts.items()}
    return {stem: part for stem, part in short.items() if len(stem) >= 3}


@dataclass(frozen=True)
class Hit:
    begins: int
    ends: int
    part: Part
    tokens: tuple[int, int]
    is_capital: bool
    is_cyrillic: bool


def alphabetic(text: str, names: Sequence[str], *, is_title: bool) -> Iterator[Span]:
    tokens = [found.span() for found in ALPHABETIC.finditer(text)]
    endings = words.MONGOLIAN_ENDINGS if re.search("[өүӨҮ]", text) else words.RUSSIAN_ENDINGS
    for name in dict.fromkeys(filter(None, names)):
        parts = _parts(name)
        hits = list(_hits(text, tokens, parts, endings)) if parts else []
        counted = [hit for place, hit in enumerate(hits) if _counts(text, tokens, hits, place, name, is_title)]
        yield from ((hit.begins, hit.ends) for hit in counted)
        yield from (initial for hit in counted if (initial := _initial(text, tokens, hit, name)))


def _hits(text: str, tokens: list[Span], parts: dict[str, Part], endings: frozenset[str]) -> Iterator[Hit]:
    stems = _stems(parts)
    heads = {heard[:2] for heard in parts} | {heard[:1] for heard in parts}
    for place, (begins, ends) in enumerate(tokens):
        if key(text[begins:ends])[:2] not in heads:
            continue
        for last in range(min(place + MOST_WORDS, len(tokens)) - 1, place - 1, -1):
            part = _heard(text, tokens, (place, last), parts, stems, endings)
            if part is not None:
                span = begins, tokens[last][1]
                yield Hit(*span, part, (place, last), text[begins].isupper(), "\u0400" <= text[begins] <= "\u052f")
                break


def _heard(
    text: str, tokens: list[Span], run: Span, parts: dict[str, Part], stems: dict[str, Part], endings: frozenset[str]
) -> Part | None:
    first, last = run
    if any(not _JOINS.fullmatch(text, tokens[n][1], tokens[n + 1][0]) for n in range(first, last)):
        return None
    whole = text[tokens[first][0] : tokens[last][1]]
    heard = key(whole)
    exact = parts.get(heard)
    if exact or not "\u0400" <= whole[-1] <= "\u052f":
        return exact
    declined = (stems[heard[:n]] for n in range(len(heard), 2, -1) if heard[:n] in stems and heard[n:] in endings)
    return next(declined, None)


def _counts(text: str, tokens: list[Span], hits: list[Hit], place: int, name: str, is_title: bool) -> bool:
    hit = hits[place]
    if hit.part.weight is Weight.WHOLE or _in_company(text, tokens, hits, place, name):
        return True
    if not is_title and _is_somebody_else(text, hit):
        return False
    if words.INTRODUCES.search(text, max(0, hit.begins - 30), hit.begins) and hit.is_capital:
        return True
    if words.NAMED_AFTER.match(text, hit.ends) and hit.is_capital:
        return True
    if not hit.is_capital:  # ordinary words of Mongolian and Russian are names: only a capital tells
        return hit.part.weight is Weight.ALONE and not hit.is_cyrillic and hit.ends - hit.begins >= 6
    if hit.part.weight is Weight.CAPITAL:
        return not is_title and not _begins_a_sentence(text, hit)
    return hit.part.weight is Weight.ALONE


def _in_company(text: str, tokens: list[Span], hits: list[Hit], place: int, name: str) -> bool:
    """Beside another word of the same name, or beside its initial: Б. Туул."""
    hit = hits[place]
    for other in hits[max(0, place - 1) : place] + hits[place + 1 : place + 2]:
        before, after = sorted((hit, other), key=lambda each: each.begins)
        close = _BESIDE.fullmatch(text, before.ends, after.begins)
        if close and other.part.owner != hit.part.owner and (hit.is_capital or not hit.is_cyrillic):
            return True
    return hit.is_capital and _initial(text, tokens, hit, name) is not None


def _is_somebody_else(text: str, hit: Hit) -> bool:
    """Another family name follows, or another father's name stands before: Мария Склодовская, Доржийн Болд."""
    follows = re.compile(r" [A-ZА-ЯЁӨҮ][\w-]{2,}").match(text, hit.ends)
    fathered = words.IS_GENITIVE.search(text, max(0, hit.begins - 24), hit.begins)
    return (follows is not None and not follows.group().isupper()) or fathered is not None


def _initial(text: str, tokens: list[Span], hit: Hit, name: str) -> Span | None:
    """Where the first letter of the other name stands beside this one: Б. Туул, Иванов И."""
    initials = {key(word)[:1] for place, word in enumerate(name.split()) if place != hit.part.owner}
    first, last = hit.tokens
    before, after = tokens[first - 1 : first], tokens[last + 1 : last + 2]
    for begins, ends in before:
        if _is_initial(text, (begins, ends), initials) and re.fullmatch(r"\.\s?", text[ends : hit.begins]):
            return begins, ends + 1
    for begins, ends in after:
        if (
            _is_initial(text, (begins, ends), initials)
            and text[hit.ends : begins] == " "
            and text[ends : ends + 1] == "."
        ):
            return begins, ends + 1
    return None


def _is_initial(text: str, token: Span, initials: set[str]) -> bool:
    letter = text[slice(*token)]
    return len(letter) == 1 and letter.isupper() and key(letter)[:1] in initials


def _begins_a_sentence(text: str, hit: Hit) -> bool:
    """Also a quotation, unless the name is all of it."""
    is_quoted_alone = re.compile(r"[»”\"]").match(text, hit.ends) is not None
    before = text[max(0, hit.begins - 6) : hit.begins].rstrip(" \t\u3000(（'‘„" + '«“"' * is_quoted_alone)
    return not before or before[-1] in _SENTENCE_ENDS


# One's own foreign name, written by the sounds of the text's language

_RUNS = re.compile(r"[ァ-ヺー]{4,}|[가-힣]{3,}")


def transcribed(page: Folded, names: Sequence[str]) -> Iterator[Span]:
    """Батбаяр as バトバヤル or 바트바야르: the consonants are the same, at least four of them."""
    wanted = {
        bones for name in names for word in name.split() if ALPHABETIC.match(word) and len(bones := _bones(word)) > 3
    }
    if not wanted:
        return
    for found in _RUNS.finditer(page.text):
        for particle in ("", *words.SHORT_PARTICLES):
            run = found.group().removesuffix(particle) if particle else found.group()
            if _bones(run) in wanted:
                yield page.back(found.start(), found.start() + len(run))
                break


@lru_cache(20_000)
def _bones(word: str) -> str:
    """The consonants of a word, those merged that other scripts do not tell apart."""
    heard = key(word).replace("ch", "c").replace("sh", "s")
    return re.sub(r"[^a-z]|[aeiou]", "", heard.translate(str.maketrans("lv", "rb")))
