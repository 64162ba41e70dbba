"""How words sound, whatever script they are written in. Pure.

Latin letters are what everything is turned into: Cyrillic (Russian and Mongolian), kana (Hepburn) and Hangul
(Revised Romanisation, letter by letter). `sound` then folds the usual spellings of one sound into one.
"""

import unicodedata
from functools import lru_cache

# One sound, written in several ways; applied in this order to letters that are already lower case and plain.
SPELLINGS = (
    ("kh", "h"), ("zh", "j"), ("ts", "c"), ("tz", "c"), ("x", "ks"), ("oo", "u"), ("ee", "i"), ("ou", "o"),
    ("oh", "o"), ("eo", "o"), ("eu", "u"), ("iu", "yu"), ("y", "i"), ("ph", "f"), ("w", "v"),
)  # fmt: skip
# Korean family names have more spellings than letters.
FAMILY_NAMES = {
    "li": "i", "yi": "i", "rhee": "i", "lee": "i", "ri": "i", "park": "bak", "pak": "bak", "choe": "choi",
    "gim": "kim", "jeong": "jung", "chung": "jung", "gang": "kang", "cho": "jo", "yoon": "yun", "lim": "im",
    "rim": "im", "shin": "sin", "gwon": "kwon", "noh": "no", "roh": "no", "ryu": "yu", "yoo": "yu",
}  # fmt: skip

CYRILLIC = dict(zip("абвгдежзийклмнопрстуфхыэёөү", "abvgdejziiklmnoprstufhieeou", strict=True)) | {
    "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ю": "yu", "я": "ya", "ъ": "", "ь": "",
}  # fmt: skip

KANA = {
    kana: consonant + vowel
    for consonant, row in {
        "": "あいうえお", "k": "かきくけこ", "s": "さしすせそ", "t": "たちつてと", "n": "なにぬねの",
        "h": "はひふへほ", "m": "まみむめも", "r": "らりるれろ", "g": "がぎぐげご", "z": "ざじずぜぞ",
        "d": "だぢづでど", "b": "ばびぶべぼ", "p": "ぱぴぷぺぽ",
    }.items()
    for kana, vowel in zip(row, "aiueo", strict=True)
} | {
    "し": "shi", "ち": "chi", "つ": "tsu", "ふ": "fu", "じ": "ji", "ぢ": "ji", "づ": "zu", "や": "ya", "ゆ": "yu",
    "よ": "yo", "わ": "wa", "を": "o", "ん": "n", "ゔ": "vu", "っ": "", "ー": "",
}  # fmt: skip
SMALL = {"ゃ": "ya", "ゅ": "yu", "ょ": "yo", "ぁ": "a", "ぃ": "i", "ぅ": "u", "ぇ": "e", "ぉ": "o"}

LEADS = ("g", "kk", "n", "d", "tt", "r", "m", "b", "pp", "s", "ss", "", "j", "jj", "ch", "k", "t", "p", "h")
VOWELS = (
    "a", "ae", "ya", "yae", "eo", "e", "yeo", "ye", "o", "wa", "wae", "oe", "yo", "u", "wo", "we", "wi", "yu", "eu",
    "ui", "i",
)  # fmt: skip
TAILS = (
    "", "k", "k", "k", "n", "n", "n", "t", "l", "k", "m", "l", "l", "l", "p", "l", "m", "p", "p", "t", "t", "ng", "t",
    "t", "k", "t", "p", "t",
)  # fmt: skip


def plain(text: str) -> str:
    """Without case, full width, accents and marks that are not seen; dots of kana stay, й and ё lose theirs."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    bare = "".join(c for c in apart if not "\u0300" <= c <= "\u036f" and unicodedata.category(c) != "Cf")
    return unicodedata.normalize("NFC", bare)


def latin(text: str) -> str:
    """Plain text in Latin letters; what has no letters, such as Chinese characters, stays."""
    if text.isascii():
        return text
    made: list[str] = []
    for c in text:
        if c in CYRILLIC:
            made.append(CYRILLIC[c])
        elif "가" <= c <= "힣":
            made.append(_syllable(ord(c) - 0xAC00))
        else:
            _add_kana(made, c)
    return "".join(made)


def _syllable(number: int) -> str:
    return LEADS[number // 588] + VOWELS[number % 588 // 28] + TAILS[number % 28]


def _add_kana(made: list[str], c: str) -> None:
    kana = hiragana(c)
    small = SMALL.get(kana)
    if small and made and made[-1][-1:] in {"i", "u", "e", "o"}:  # き + ゃ: kya; し + ゃ: sha; フ + ァ: fa
        head = made[-1][:-1]
        made[-1] = head + (small[1:] if head.endswith(("sh", "ch", "j")) and len(small) > 1 else small)
    else:
        made.append(KANA.get(kana, small or c))


def hiragana(c: str) -> str:
    return chr(ord(c) - 0x60) if "ァ" <= c <= "ヴ" else c


@lru_cache(20_000)
def sound(word: str) -> str:
    """A word in plain Latin letters as all its usual spellings are folded into one."""
    word = FAMILY_NAMES.get(word, word)
    for spelling, folded in SPELLINGS:
        if spelling in word:
            word = word.replace(spelling, folded)
    return _undoubled(word)


def _undoubled(word: str) -> str:
    return "".join(c for before, c in zip(" " + word, word, strict=False) if c != before)
