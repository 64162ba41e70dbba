"""What is known about names: which are ordinary words, how they are declined, what introduces them. Pure."""

import enum
import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from portal.sounds import KANA, SMALL, latin, plain, sound


class Weight(enum.IntEnum):
    """What it takes before a part of a name counts."""

    COMPANY = 0  # another part beside it, or "my name is" before it
    CAPITAL = 1  # also a capital letter inside a sentence
    ALONE = 2  # nothing but a capital letter, where there are any
    WHOLE = 3  # nothing


DATA: dict[str, Any] = json.loads((Path(__file__).parent / "data" / "names.json").read_text())


def _listed(name: str) -> frozenset[str]:
    return frozenset(" ".join(DATA[name]).split())


@lru_cache(20_000)
def key(word: str) -> str:
    """How a word sounds; a silent beginning (Ekaterina, Yekaterina) is left out."""
    heard = sound(latin(plain(re.sub(r"[^\w]", "", word))))
    return heard[1:] if heard.startswith("ie") else heard


# Months, countries, towns, rivers: with a capital letter they are most often just that.
PLACES = frozenset(map(key, _listed("places")))
# Names that are ordinary words too.
COMMON = frozenset(map(key, _listed("common")))
# Family names of millions: alone they tell nobody.
FAMILIES = frozenset(map(key, _listed("families")))
# Given names in characters that are words: peace, future, sky, hope.
WORDS = _listed("words")


def weight(word: str) -> Weight:
    """Of one word of a name, in letters; what it is in one script it is in all."""
    heard = key(word)
    if heard in PLACES or heard in FAMILIES or len(word) <= 2:
        return Weight.COMPANY
    is_common = heard in COMMON or heard.rstrip("aeiou") in COMMON
    return Weight.CAPITAL if is_common or len(word) == 3 else Weight.ALONE


def if_no_word(name: str, found: Weight = Weight.WHOLE) -> Weight:
    return Weight.COMPANY if name in WORDS else found


# Declension, by sound


def _endings(name: str) -> frozenset[str]:
    return frozenset({"", *(sound(latin(plain(ending))) for ending in _listed(name))})


RUSSIAN_ENDINGS = _endings("russian_endings")
MONGOLIAN_ENDINGS = _endings("mongolian_endings")


def without_genitive(word: str) -> str:
    """A Mongolian father's name as he bears it himself: Доржийн, Dorjiin -> Дорж; empty if it is no genitive."""
    found = re.fullmatch(r"(\w{3,}?)(?:гийн|ийн|ын|iin)", word)
    return found[1] if found else ""


# Inside a sentence: at its beginning every word has a capital letter.
IS_GENITIVE = re.compile(r"(?<=[\w,;] )[А-ЯЁӨҮ]\w+(?:ийн|ын|ний|ны)\s$")

# What stands beside a name that somebody says of themselves

INTRODUCES = re.compile(
    r"(?<!\w)(?:my name is|name's|i am|i['’]m|call me|called|named|name:|signed|written by|"
    r"меня зовут|зовут меня|мо[её] имя|автор|учени(?:к|ца)|я|намайг|миний нэр(?:ийг)?|"
    r"нэр минь|зохиогч|сурагч|би бол|би,|"
    r"저는|제 이름은|이름은|私は|我叫|我是)"
    r"\s{0,2}[—–:,-]?\s{0,2}[«\"“„'「]?$",
    re.I,
)
NAMED_AFTER = re.compile(r"[»\"”'」]?\s?(?:гэдэг|гэгч|입니다|이라고|라고|です|と申|と言|といい|同学)")
INTRODUCES_UNSPACED = re.compile(
    r"(?:叫我|喊我|我叫|我是|我名叫|名叫|名字是|名字叫|叫做|署名|作者|笔名|"
    r"私は|仆は|僕は|ぼくは|わたしは|名前は|저는|나는|제 ?이름은|내 ?이름은|이름은)"
    r"[\s:,「『“\"']{0,2}$"
)
HONOURS = re.compile(
    r"[」』”\"]?\s?(?:同学|小朋友|さん|君|くん|ちゃん|と申|といい|と言い|と呼|です|氏|씨|님|양(?![가-힣])|학생|입니다|이라고|라고|예요|이에요|야[,!])"
)
SHORT_PARTICLES = ("은", "는", "이", "가", "을", "를", "의", "와", "과", "도", "입니다", "라고", "이라고", "에게")
PARTICLES = (
    r"(?=(?:이|가|는|은|를|을|와|과|랑|이랑|의|에게|한테|도|만|야|아|씨|님|군|양|입니다|이라고|라고|이라는|라는|예요|이에요|이다|이며|이고|"
    r"처럼|보다|께|네|이네|이는|이가|이를|이의|이도|이와|에게서|이에게|로|이로|으로)?(?![가-힣]))"
)
CHINESE_COMPOUND = _listed("compound")
KOREAN_COMPOUND = _listed("korean_compound")
# A one-syllable family name at the end of another word, a given name at the beginning or the end of one.
_BEFORE: dict[str, str] = DATA["before"]
_AFTER: dict[str, str] = DATA["after"]


def unless_before(first: str) -> str:
    return f"(?<![{_BEFORE[first]}])" if first in _BEFORE else ""


def unless_after(last: str) -> str:
    return f"(?![{_AFTER[last]}])" if last in _AFTER else ""


# Japanese syllables in Latin letters

MORA = (
    r"(?:[kgnhbpmr]y[auo]|sh[auio]|ch[auio]|j[auio]|tsu|fu|k(?=k)|s(?=s)|t(?=t|ch)|p(?=p)|n(?![aiueoy])|m(?=[bp])|"
    r"[kgsztdnhbpmr]?[aiueo]|y[auo]|wa)"
)
_KANA_OF = {spelled: kana for kana, spelled in KANA.items() if spelled and kana not in "をぢづー"}
_LONG = {"a": "[ーあア]?", "i": "[ーいイ]?", "u": "[ーうウ]?", "e": "[ーいえイエ]?", "o": "[ーうおウオ]?"}
_OTHERS = {"si": "し", "ti": "ち", "tu": "つ", "hu": "ふ", "zi": "じ", "n": "ん", "m": "ん"}


def kana_of(mora: str) -> str:
    """As a pattern, in either kana."""
    written = _OTHERS.get(mora) or _KANA_OF.get(mora) or _glide(mora)
    return "".join(_either(kana) for kana in written) + _LONG.get(mora[-1], "")


def _glide(mora: str) -> str:
    if len(mora) == 1:
        return "っ"
    small = next(kana for kana, spelled in SMALL.items() if spelled == "y" + mora[-1])
    head = {"sh": "し", "ch": "ち", "j": "じ"}.get(mora[:-1]) or _KANA_OF[mora[0] + "i"]
    return head + small


def _either(kana: str) -> str:
    other = {"じ": "ぢヂ", "ず": "づヅ"}.get(kana, "")
    return f"[{kana}{chr(ord(kana) + 0x60)}{other}]"
