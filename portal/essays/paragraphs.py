"""Text from a word processor, a mail or a PDF, as paragraphs: one a line, at most one empty line between. Pure.

`portal/static/paragraphs.js` does the same to what is pasted, so that the count on the page is the server's.
"""

import re
import unicodedata
from itertools import pairwise

LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
# What no reader sees: soft hyphens, marks of direction, word joiners, spaces without width, marks of byte order.
UNSEEN = re.compile("[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]")
JOINERS = re.compile("[\u200c\u200d]")
SPACES = re.compile("[ \t\u00a0\u1680\u2000-\u200a\u202f\u205f]+")
BULLET = re.compile("^(?:[•‣◦⁃∙▪▫●○■□◆◇➢✓·\uf0b7\uf0a7\uf0d8\uf0fc][^\\S\n]*|o\t[^\\S\n]*)(?=\\S)", re.MULTILINE)
MARKED = re.compile(r"(?:[•*–—-]|[0-9]{1,3}[.)]|\([0-9]{1,3}\))\s")
ENDS = ".!?。！？…:：;；»”\"'」』）)"
NARROWEST, WIDEST, LEAST_OF_TWO = 30, 110, 45
FULL = 0.85  # a line is full if the next word would have made it longer than this part of the longest


def tidied(text: str) -> str:
    """The same words and lines, without what cannot be seen and without needless space. Fit for every keystroke."""
    text = unicodedata.normalize("NFC", LINE_ENDS.sub("\n", text))
    text = JOINERS.sub(lambda found: _joiner(found, text), text)
    text = BULLET.sub("• ", UNSEEN.sub("", text))
    lines = (SPACES.sub(_one_space, line).strip(" ").rstrip("\u3000") for line in text.split("\n"))
    return re.sub("\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def cleaned(text: str) -> str:
    """`tidied`, and lines that a program has broken are joined to the paragraphs they were."""
    return "\n\n".join(_unwrapped(block) for block in tidied(text).split("\n\n"))


def _joiner(found: re.Match[str], text: str) -> str:
    """Kept where it makes one sign of several: between emoji, and beside a letter of the Mongolian script."""
    before, after = text[max(0, found.start() - 1) : found.start()], text[found.end() : found.end() + 1]
    emoji = found.group() == "\u200d" and _is_emoji(before) and _is_emoji(after)
    return found.group() if emoji or _is_mongolian(before) or _is_mongolian(after) else ""


def _is_emoji(c: str) -> bool:
    return bool(c) and (c == "\ufe0f" or unicodedata.category(c) in {"So", "Sk"})


def _is_mongolian(c: str) -> bool:
    return "\u1800" <= c <= "\u18af"


def _one_space(found: re.Match[str]) -> str:
    """The narrow space is a letter's form in the Mongolian script; everywhere else all spaces are one."""
    before = found.string[max(0, found.start() - 1) : found.start()]
    return found.group() if found.group() == "\u202f" and _is_mongolian(before) else " "


# Lines that a program broke


def _unwrapped(block: str) -> str:
    lines = block.split("\n")
    if not _is_wrapped(lines):
        return block
    joined = lines[0]
    for line in lines[1:]:
        joined += ("\n" if MARKED.match(line) else _between(joined, line)) + line
    return joined


def _is_wrapped(lines: list[str]) -> bool:
    """Whether a program broke these lines: each is as full as it can be, and half of them end within a sentence."""
    widest = max(map(_width, lines))
    pairs = list(pairwise(lines))
    if not pairs or not NARROWEST <= widest <= WIDEST:
        return False
    if len(pairs) == 1:
        return widest >= LEAST_OF_TWO and _width(lines[0]) >= FULL * widest and _goes_on(*pairs[0])
    full = all(MARKED.match(after) or _is_full(before, after, widest) for before, after in pairs)
    return full and 2 * sum(_goes_on(*pair) for pair in pairs) >= len(pairs)


def _is_full(before: str, after: str, widest: int) -> bool:
    word = after[0] if _is_dense(after[0]) else after.split(" ", 1)[0]
    return _width(before) + 1 + _width(word) > FULL * widest


def _goes_on(before: str, after: str) -> bool:
    return (
        bool(before) and before[-1] not in ENDS and unicodedata.category(after[0]) != "Lu" and not MARKED.match(after)
    )


def _between(before: str, after: str) -> str:
    """Nothing between Chinese or Japanese characters or after a hyphen, a space between words."""
    hyphenated = before[-1] in "-‐" and before[-2:-1].isalpha() and after[0].isalpha()
    return "" if hyphenated or _is_dense(before[-1]) or _is_dense(after[0]) else " "


def _is_dense(c: str) -> bool:
    """Of a script that is written without spaces: Chinese characters, kana and their punctuation. Not Korean."""
    return "\u2e80" <= c <= "\u312f" or "\u3190" <= c <= "\u9fff" or "\uf900" <= c <= "\ufaff" or (
        "\ufe30" <= c <= "\ufe4f" or "\uff00" <= c <= "\uffef" or "\U00020000" <= c <= "\U0003ffff"
    )  # fmt: skip


def _width(line: str) -> int:
    """In columns: a Chinese, Japanese or Korean character takes two."""
    return sum(2 if _is_dense(c) or "\uac00" <= c <= "\ud7a3" else 1 for c in line)
