"""How long a text is, by the rules that pages count with while somebody types (portal/static/count.js)."""

import unicodedata

ZERO_WIDTH_JOINER = "\u200d"
# Languages whose texts are counted in characters without spaces; the others are counted in words.
IN_CHARACTERS = frozenset({"zh-Hans", "ja", "ko"})


def of(text: str, language: str) -> int:
    """Characters without spaces for Chinese, Japanese and Korean; words for the others."""
    return graphemes(text) if language in IN_CHARACTERS else words(text)


def characters(text: str) -> int:
    """Code points of the composed text (NFC), spaces and line breaks included."""
    return len(unicodedata.normalize("NFC", text))


def words(text: str) -> int:
    """A word is anything between spaces that holds a letter or a digit."""
    return sum(any(c.isalnum() for c in token) for token in text.split())


def graphemes(text: str) -> int:
    """What a reader calls a character, spaces left out.

    None by themselves are marks, joined emoji, half flags, and the vowels and finals of old Hangul, whose syllables
    NFC does not compose.
    """
    count, before, flag_open = 0, "", False
    for c in unicodedata.normalize("NFC", text):
        is_flag = "\U0001f1e6" <= c <= "\U0001f1ff"
        closes = is_flag and flag_open
        flag_open = is_flag and not flag_open
        if not (closes or _extends(c) or c.isspace() or before == ZERO_WIDTH_JOINER):
            count += 1
        before = c
    return count


def _extends(c: str) -> bool:
    is_mark = unicodedata.category(c) in {"Mn", "Me", "Mc", "Cf", "Cc"} or "\U0001f3fb" <= c <= "\U0001f3ff"
    return is_mark or "\u1160" <= c <= "\u11ff" or "\ud7b0" <= c <= "\ud7ff"
