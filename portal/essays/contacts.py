"""Where a text says how its author is reached: e-mail, phone, address, account, page. Pure.

All patterns read the text as it was written; `\\d` and `\\s` know the full-width forms.
"""

import re
from collections.abc import Iterator

Span = tuple[int, int]

# E-mail

_ASCII_EMAIL = re.compile(
    r"(?<![a-z0-9ａ-ｚ０-９._%+-])[a-z0-9ａ-ｚ０-９_][a-z0-9ａ-ｚ０-９._＿．%+'-]{0,63}\s?[@＠]\s?"
    r"(?:[a-z0-9ａ-ｚ０-９-]{1,63}(?:[.．。]|\s[.．]\s)){1,5}[a-zａ-ｚ]{2,24}",
    re.I,
)
_ANY_EMAIL = re.compile(r"(?<![\w.+-])[^\W\d_][\w.+-]{0,63}[@＠][\w-]{1,63}(?:[.．。][\w-]{1,63}){1,5}")
_AT = (
    r"\s{0,2}(?:[(\[{<（【]\s*(?:at|собака|собачка|골뱅이|아트|艾特|アット(?:マーク)?|あっと|эт)\s*[)\]}>）】])\s{0,2}"
)
_SPOKEN_AT = r"\s{1,2}(?:at|эт)\s{1,2}"
_NAMED_AT = r"\s{0,2}(?:собака|собачка|골뱅이|アットマーク|艾特)\s{0,2}"
_DOT = (
    r"\s{0,2}(?:[(\[{（]\s*(?:dot|точка|점|点|ドット|цэг)\s*[)\]}）]|"
    r"(?<=\s)(?:dot|точка|점|点|ドット|цэг)(?=\s))\s{0,2}"
)
_HOST = r"[a-z0-9-]{1,63}"
_SPELLED_EMAIL = re.compile(
    rf"(?<![a-z0-9._+-])[a-z0-9][a-z0-9._+-]{{0,63}}"
    rf"(?:(?:{_AT}|{_NAMED_AT}){_HOST}(?:(?:{_DOT}|\.){_HOST}){{1,5}}|{_SPOKEN_AT}{_HOST}(?:{_DOT}{_HOST}){{1,5}})",
    re.I,
)


def emails(text: str) -> Iterator[Span]:
    if "@" in text or "＠" in text:
        yield from (found.span() for found in _ASCII_EMAIL.finditer(text))
        rest = _ASCII_EMAIL.sub(lambda found: " " * len(found.group()), text)
        yield from (found.span() for found in _ANY_EMAIL.finditer(rest))
    for found in _SPELLED_EMAIL.finditer(text):
        yield found.span()


# Accounts and pages

_HANDLE = re.compile(r"(?<![\w.@＠])[@＠][a-z0-9_][\w.]{2,30}(?<!\.)", re.I | re.A)
_PAGE = re.compile(
    r"(?:https?://|www\.)[\w./?=&%#~+:;,@!$*-]+"
    r"|(?<![\w@＠.-])(?:[a-z0-9-]{1,63}\.){1,5}(?:com|org|net|info|io|me|edu|kr|jp|cn|mn|ru|su)(?:/[\w./?=&%#~+:;,@!$*-]*)?(?![a-z0-9-])",
    re.I | re.A,
)
_ACCOUNT = re.compile(
    r"(?:微信|wechat|weixin|qq|line\s?id|카카오톡|카톡|телеграм|telegram|instagram|инстаграм|인스타그램|인스타|vk|インスタ)"
    r"\s*(?:号|號|id|아이디)?\s*(?:[:：]|是|は|은|는)\s*([a-z0-9][\w.-]{4,30})",
    re.I | re.A,
)
PERSONAL = re.compile(
    r"instagram|tiktok|t\.me|vk\.com|weibo|facebook|twitter|x\.com/|youtube\.com/@|github|blog|note\.com|douyin|ok\.ru",
    re.I,
)


def handles(text: str) -> Iterator[Span]:
    for found in _HANDLE.finditer(text):
        yield found.span()
    for found in _ACCOUNT.finditer(text):
        yield found.span(1)


def pages(text: str) -> Iterator[Span]:
    for found in _PAGE.finditer(text):
        yield found.start(), found.start() + len(found.group().rstrip(".,;:!?"))


# Phone

_DASH = r"[-‐‑–－ー.．\s]"
_NUMBER = re.compile(rf"(?<![\da-zA-Z.,/№-])[+＋]?[(（]?\d(?:{_DASH}{{0,2}}[(（]?\d[)）]?){{6,14}}(?!\w*[\d/%]|[.,]\d)")
_CALL = re.compile(
    r"(?:phone|tel|call|mobile|whatsapp|电话|手机|電話|携帯|전화|연락처|휴대폰|утас|утсаар|дугаар|тел|телефон\w*|звон\w+)"
    r"[^\d.!?。！？]{0,24}$",
    re.I,
)
_UNIT = re.compile(
    r"\s?(?:[$€¥￥₩₽₮%]|원|円|元|명|人|名|км|km|руб|төг|won|yen|yuan|people|rubles|roubles|человек|хүн|년|年|тонн|tons|개|ton)",
    re.I,
)
_DATE = re.compile(r"(?:1[5-9]|20)\d\d[-.–\s]{1,2}\d{1,2}[-.–\s]{1,2}\d{1,2}|\d{1,2}\.\d{1,2}\.(?:1[5-9]|20)\d\d")
_YEARS = re.compile(r"(?:(?:1[5-9]|20)\d\d[-–\s.]{0,3})+")
_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:[\s.]\d{3})+")
_MOBILE = re.compile(r"1[3-9]\d{9}|8[3-9]\d{9}|7[3-9]\d{9}|[5-9]\d{7}")  # China, Russia twice, Mongolia


def phones(text: str) -> Iterator[Span]:
    for found in _NUMBER.finditer(text):
        written = found.group()
        if _is_phone(written, text[max(0, found.start() - 40) : found.start()], text[found.end() : found.end() + 12]):
            yield found.span()


def _is_phone(written: str, before: str, after: str) -> bool:
    bare = re.sub(r"\D", "", written)
    digits = "".join(str(int(c)) for c in bare)
    spelled = "".join(str(int(c)) if c.isdecimal() else c for c in written)
    if _DATE.search(spelled) or _YEARS.fullmatch(spelled) or re.search(r"isbn|issn|doi", before, re.I):
        return False
    if written[0] in "+＋" or (_CALL.search(before) and len(digits) >= 7):
        return len(digits) >= 7
    if _THOUSANDS.fullmatch(spelled) or _UNIT.match(after) or digits.endswith("000") or len(digits) < 8:
        return False
    if digits[0] == "0":
        return 9 <= len(digits) <= 12
    return _MOBILE.fullmatch(digits) is not None


# Address

_H = r"[\u3400-\u9fff]"
_J = r"(?:(?![市区郡町村都道府県])[\u3400-\u9fffぁ-んァ-ヶ])"
_Z = r"(?:(?![省市区县镇乡])[\u3400-\u9fff])"
_N = r"[\d〇一二三四五六七八九十百]{1,5}"
_COUNTS = r"(?!\s?(?:명|년|월|일|개|시간|번째|살|등|km|킬로|%|퍼센트|배|분|초|만|억|세|여|대|회|번(?!지|길)|가지|곳))"
# What must stand in a text before a pattern is worth trying, and the pattern.
_ADDRESSES = tuple(
    (needed.split(), re.compile(pattern))
    for needed, pattern in (
        ("〒", r"〒\s?\d{3}[-‐－ー–]?\d{4}"),
        (  # Japanese: 青葉市本町1-2-3, 青葉市本町三丁目4番地
            "市 区 郡 町 村",
            rf"(?:{_H}{{2,3}}[都道府県])?(?:[市町村]?{_J}{{1,6}}[市区郡町村]){{1,3}}[\u3400-\u9fffァ-ヶの]{{0,8}}?"
            rf"{_N}(?:丁目|番地|番|[-‐－–])\s?{_N}(?:(?:番地|番|号|[-‐－–の])\s?(?:{_N})?)*",
        ),
        (  # Chinese: 青岛市市南区海滨路12号3单元501室
            "号 弄",
            rf"(?:市?{_Z}{{1,7}}[省市区县镇乡]){{0,4}}{_Z}{{1,6}}?(?:路|街道?|大道|大街|巷|胡同|弄|道)\s?{_N}(?:-\d+)?\s?(?:号|弄)"
            rf"(?:院|楼)?(?:\s?{_N}(?:号楼|号|单元|栋|幢|楼|层|室))*",
        ),
        (
            "号 栋 幢",
            rf"{_H}{{2,6}}?(?:小区|花园|家园|公寓|新村|苑|里)\s?{_N}\s?(?:号楼|栋|幢|号)(?:\s?{_N}(?:单元|楼|层|室|号))*",
        ),
        ("邮", r"邮(?:政)?编(?:码)?\s?[:：是]?\s?\d{6}"),
        (  # Korean: 포항시 남구 바다로 12, 푸른동 123-4번지, 101동 1203호
            "로 길",
            rf"(?:[가-힣]{{2,8}}(?:도|시|군)\s+)?(?<![가-힣])(?!다시|혹시|잠시|도시|역시|반드시|친구|연구|지구)[가-힣]{{1,8}}(?:시|군|구|읍|면|동)\s+"
            rf"(?:[가-힣]{{1,8}}(?:구|읍|면|동)\s+)?[가-힣\d]{{1,10}}(?:로|길)\s?\d{{1,4}}(?:-\d{{1,4}})?(?!\d){_COUNTS}"
            rf"(?:번지|번길\s?\d+|호)?(?:,?\s?\d+동\s?\d+호)?",
        ),
        (
            "번지",
            r"(?:[가-힣]{1,8}(?:시|군|구)\s+)?[가-힣]{1,8}(?:동|리|가)\s?\d{1,4}(?:-\d{1,4})?\s?번지(?:\s?\d+호)?",
        ),
        ("동 우편번호", r"\d{1,4}\s?동\s?\d{2,4}\s?호|우편번호\s?:?\s?\d{5}"),
        (  # Russian: г. Иркутск, ул. Ленина, д. 5, кв. 3
            "ул. Ул. улиц Улиц пр. Пр. просп Просп пр-т Пр-т пер. Пер. переул ульвар оссе "
            "пл. Пл. лощад мкр Мкр икрорайон наб абережн",
            r"(?:\d{6},\s?)?(?:(?:г\.|город)\s?[А-ЯЁ][\w-]{1,40},\s?)?"
            r"(?:[Уу]л\.|[Уу]лиц[аеуы]|[Пп]р\.|[Пп]росп\.|[Пп]р-т|[Пп]роспект[еау]?|[Пп]ер\.|[Пп]ереул\w+|[Бб]ульвар\w?|[Шш]оссе|[Пп]л\.|[Пп]лощад[ьи]|"
            r"[Мм]кр\.?|[Мм]икрорайон\w?|[Нн]аб\.|[Нн]абережн\w+)\s?(?:\d+-\w{1,3}\s)?[А-ЯЁ][\w-]{1,40}(?:\s[А-ЯЁ][\w-]{1,40})?,?\s?"
            r"(?:в\s)?(?:д\.|дом[еау]?)?\s?№?\s?\d{1,4}[а-я]?(?:/\d+)?(?![\w%])(?:,?\s?(?:кв\.|квартир[аеы]|корп\.|к\.|стр\.)\s?№?\s?\d{1,4})*",
        ),
        (  # Mongolian: Баянзүрх дүүрэг, 5-р хороо, 12-р байр, 34 тоот
            "тоот байр",
            r"(?:(?<!\w)[А-ЯЁӨҮ][\w-]{1,40}\s(?:дүүр(?:эг|гийн)|сум(?:ын)?)[\s,]{0,2})?"
            r"(?:\d{1,3}\w?\s?-?\s?(?:р|дугаар|дүгээр)?\s?(?:хороо\w*|баг(?:ийн)?|гудамж\w*|байр(?:ны)?)[\s,]{1,2}){1,4}\d{1,4}\s?-?\s?"
            r"(?:тоот\w*|р\s?байр\w*|дугаар\s?байр\w*|байр\w*)(?:[\s,]{1,2}\d{1,4}\s?тоот\w*)?",
        ),
        ("тоот", r"(?:(?<!\w)[А-ЯЁӨҮ][\w-]{1,40}\s)?(?:гудамж\w*|байр\w*)[\s,]{1,2}\d{1,4}\s?тоот\w*"),
        (
            "Street St Road Rd Avenue Ave Lane Drive Boulevard Blvd Square Court",
            r"(?<![\w.])\d{1,5}[a-zA-Z]?,?\s(?:[A-Z][\w'’-]{1,40}\s){1,3}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Drive|Boulevard|Blvd|Square|Court)\b\.?"
            r"(?:,?\s(?:Apartment|Apt\.?|Flat|Room)\s?\d+)?",
        ),
        ("Box Apartment Apt Flat", r"\b(?:P\.?\s?O\.?\s?Box|Apartment|Apt\.?|Flat)\s(?:No\.?\s?)?\d{1,5}\b"),
        (
            "-ro -daero -gil -dong -gu -si",
            r"\b(?:\d{1,4},?\s)?[A-Z]\w{1,40}-(?:ro|daero|gil|dong|gu|si)\b,?\s?\d{1,4}\b|\b\d{1,4},?\s[A-Z]\w{1,40}-(?:ro|daero|gil)\b",
        ),
        (
            "ul. litsa Street St.",
            r"\b(?:[Uu]l\.|[Uu]litsa|[A-Z]\w{1,40}\s(?:Street|St\.))\s?(?:[A-Z]\w{1,40})?,?\s?(?:house\s)?\d{1,4}\b",
        ),
    )
)
_LEADS = re.compile(rf"^{_H}*?(?:住在|位于|地址是|地址|在|是|于|到|从|寄)(?={_H}{{2}})")


def addresses(text: str) -> Iterator[Span]:
    for needed, pattern in _ADDRESSES:
        if not any(word in text for word in needed):
            continue
        for found in pattern.finditer(text):
            begins = found.start()
            lead = _LEADS.match(found.group())
            yield begins + (lead.end() if lead else 0), found.end()
