"""Where a text names its author's school: in full, by what is particular to it, or by its number. Pure."""

import re
from collections.abc import Iterator
from functools import lru_cache

from portal.essays.folding import Folded, folded
from portal.essays.name_words import DATA, MONGOLIAN_ENDINGS, RUSSIAN_ENDINGS, key
from portal.essays.names import ALPHABETIC

Span = tuple[int, int]
GENERIC = frozenset(folded(" ".join(DATA["schools"])).split())
_SCHOOL = re.compile(r"school|academy|lyceum|gymnasium|high|школ|гимназ|лице|сургуул|колледж|college", re.I)
_SUFFIXES = (
    ("高级中学", "(?:高级中学|高中|中学)"), ("高等学校", "(?:高等学校|高校)"), ("中学校", "(?:中学校|中学)"),
    ("小学校", "小学校?"),
    ("高等学院", "高等学院"), ("中学", "(?:中学|高中)"), ("高中", "(?:高中|中学)"),
    ("小学", "小学"), ("高校", "(?:高校|高等学校)"), ("学校", "学校"),
    ("学院", "学院"), ("大学", "大学"), ("高等专门学校", "(?:高等专门学校|高专)"),
)  # fmt: skip
_TOWN = re.compile(r"[\w-]+\s(?:хотын|аймгийн|сумын)|^[\w-]+,|г\.\s?[\w-]+")
_KOREAN = (
    ("고등학교", "고등학교"),
    ("중학교", "중학교"),
    ("초등학교", "초등학교"),
    ("학교", "학교"),
    ("대학교", "대학교"),
)
_PLAIN_KINDS = {
    "实验",
    "外国语",
    "附属",
    "第一",
    "国际",
    "职业",
    "初级",
    "高级",
    "师范",
    "중앙",
    "국제",
    "과학",
    "외국어",
}
_NUMERALS = "〇一二三四五六七八九十"
_ENGLISH = (
    "zeroth", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
    "twelfth",
)  # fmt: skip


def spans(page: Folded, school: str) -> Iterator[Span]:
    for pattern in _patterns(folded(school)):
        yield from (page.back(*found.span()) for found in pattern.finditer(page.text))
    yield from _by_words(page.original, school)


@lru_cache(256)
def _patterns(school: str) -> tuple[re.Pattern[str], ...]:
    bare = re.sub(r"[\s·・]", "", school)
    made = [_whole(school)] if len(bare) >= 4 else []
    made += [_numbered(number) for number in _numbers(school)]
    made += list(_characters(school, bare))
    return tuple(re.compile(pattern) for pattern in made)


def _whole(school: str) -> str:
    """The full name, however its words are set apart."""
    begins = r"(?<!\w)" if school[0].isascii() or "\u0400" <= school[0] <= "\u052f" else ""
    return begins + r"[\W_]{0,3}".join(re.escape(word) for word in re.findall(r"\w+", school))


def _numbers(school: str) -> set[int]:
    found = {int(digits) for digits in re.findall(r"\d{1,4}", school)}
    ordinal = re.search(rf"第([{_NUMERALS[1:]}]{{1,3}})", school) or re.search(
        rf"(?<![\w])?([{_NUMERALS[1:]}]{{1,3}})(?=中$|中学|高中)", school
    )
    if ordinal:
        found.add(_valued(ordinal[1]))
    return found | {value for value, word in enumerate(_ENGLISH) if re.search(rf"\b{word}\b", school)}


def _valued(written: str) -> int:
    tens, ten, ones = written.partition("十")
    value = _NUMERALS.find(tens[-1]) if tens else int(bool(ten))
    return value * (10 if ten else 1) + (_NUMERALS.find(ones) if ones else 0)


def _chinese(number: int) -> str:
    tens, ones = divmod(number, 10)
    head = ("" if tens == 1 else _NUMERALS[tens]) + "十" if 0 < tens < 10 else ""
    return head + (_NUMERALS[ones] if ones else "") if number < 100 else str(number)


def _numbered(number: int) -> str:
    """School No. 7 in six languages."""
    n, word = str(number), _ENGLISH[number] if number < len(_ENGLISH) else f"{number}th"
    is_n = rf"0?{n}(?!\d)"
    return "|".join((
        rf"(?:schools?|lyceum|gymnasium|academy)\s?(?:no\.?|number|#|№|n\.)?\s?{is_n}",
        rf"(?:no\.?|№|#)\s?{is_n}\s(?:\w+\s){{0,2}}(?:school|lyceum|gymnasium)",
        rf"(?<!\w)(?:{n}(?:st|nd|rd|th)|{word})\s(?:\w+\s){{0,2}}school",
        rf"(?:школ|гимнази|лице|сош)[а-я]{{0,3}}\s?(?:№|no\.?|номер|n)?\s?{is_n}",
        rf"(?:№\s?)?(?<!\d){n}(?:\s?-?\s?(?:и|я|ои|ю|ую|ая))?\s(?:школ|гимнази|лице)[а-я]{{0,3}}",
        rf"(?<!\d){n}\s?-?\s?(?:р|дугаар|дүгээр|угаар|үгээр)?\s?"
        rf"(?:ерөнхии боловсролын\s|дунд\s|бага\s)?сургуул[а-яөү]{{1,6}}",
        rf"第?(?<!\d)(?:{n}|(?<![{_NUMERALS}]){_chinese(number)})(?:中学|高中|高级中学|小学校?|高校|高等学校|学校|中(?=[的在读上,。、,.]|$))",
        rf"제?\s?(?<!\d){n}\s?(?:중학교|고등학교|초등학교)",
    ))  # fmt: skip


def _characters(school: str, bare: str) -> Iterator[str]:
    """What is particular about a name in characters, with the word for school: 海滨中学 of 青岛市海滨中学."""
    for suffix, written in (*_SUFFIXES, *_KOREAN):
        head, found, _rest = bare.partition(suffix)
        if found and head:
            own = (
                school.rsplit(maxsplit=1)[-1].partition(suffix)[0] if suffix in school.rsplit(maxsplit=1)[-1] else head
            )
            parts = re.split(r"(?:市立|县立|都立|府立|道立|私立|国立|公立|省|市|区|县|郡|시립|공립|사립)", own or head)
            particular = next((part for part in reversed(parts) if part), "")
            choices = {particular, *([particular[-2:]] if len(particular) > 3 else [])}
            for choice in sorted(choices, key=len, reverse=True):
                if len(choice) >= 2 and choice not in _PLAIN_KINDS and not re.search(r"第|\d", choice):
                    yield rf"{_optional(particular.removesuffix(choice))}{re.escape(choice)}\s?(?:附属)?{written}"
            return


def _optional(head: str) -> str:
    """As much of the beginning as stands there: 해운대 as well as 부산해운대."""
    made = ""
    for c in head:
        made = f"(?:{made}{re.escape(c)})?"
    return made


# In scripts with spaces


def _by_words(text: str, school: str) -> Iterator[Span]:
    """What is particular about the name, near a word for school: в гимназии «Восток»."""
    groups = [] if re.search(r"\d", school) else _particular(school)
    tokens = [found.span() for found in ALPHABETIC.finditer(text)] if groups else []
    for wanted in groups:
        for place in range(len(tokens) - len(wanted) + 1):
            run = tokens[place : place + len(wanted)]
            if all(_same(key(text[slice(*token)]), heard) for token, heard in zip(run, wanted, strict=True)):
                near = tokens[max(0, place - 2) : place + len(wanted) + 3]
                beside = [token for token in near if token not in run and _is_school(text, token, run)]
                if beside:
                    yield min(run[0][0], beside[0][0]), max(run[-1][1], beside[-1][1])


@lru_cache(256)
def _particular(school: str) -> list[list[str]]:
    """The words that no other school has, by sound, in groups between the others; the town is left out."""
    groups: list[list[str]] = []
    before, is_inside = "", False
    for word in re.findall(r"[\w-]+|[^\w\s]", re.sub(_TOWN, " ", school)):
        is_own = ALPHABETIC.match(word) is not None and folded(word) not in GENERIC
        is_own = is_own and len(key(word)) >= 3 and before not in {"of", "in", "г", "город"}
        if is_own:
            groups += [] if is_inside else [[]]
            groups[-1].append(key(word))
        before, is_inside = folded(word), is_own
    return groups


def _is_school(text: str, token: Span, run: list[Span]) -> bool:
    is_near = "\n" not in text[min(token[0], run[0][0]) : max(token[1], run[-1][1])]
    return is_near and _SCHOOL.match(text, *token) is not None


def _same(heard: str, wanted: str) -> bool:
    stem = wanted[:-1] if wanted[-1] in "aeiou" and len(wanted) > 3 else wanted
    return heard == wanted or (heard.startswith(stem) and heard[len(stem) :] in RUSSIAN_ENDINGS | MONGOLIAN_ENDINGS)
