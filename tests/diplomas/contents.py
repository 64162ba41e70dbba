"""What certificates of the contest say, with long names and titles as people have them."""

from typing import Any

from tests.certificates.contents import SCRIPTS, names

# The author's language: native name, roman name, home, title of the essay and its language.
PEOPLE: dict[str, tuple[str, str, str, str, str]] = {
    "mn": ("Өнөрбаатарын Үүрийнтуяа", "Unurbaatar Uuriintuya", "MN-1",
           "Хэрлэн голын эргээс Японы тэнгис хүртэл: бидний үеийнхний усны тухай яриа, үүрэг ба найдвар", "mn"),
    "ru": ("Преображенская-Воскресенская Александра Константиновна", "Aleksandra Preobrazhenskaya-Voskresenskaya",
           "RU-SA", "Реки, которые не знают границ: письма к сверстникам по ту сторону Амура", "ru"),
    "zh-Hans": ("欧阳静怡", "Ouyang Jingyi", "CN-LN", "一列开往邻国的绿皮火车", "zh-Hans"),
    "ja": ("渡邊 真理子", "Watanabe Mariko", "JP-31", "海を越える手紙と、わたしたちの町の小さな約束", "ja"),
    "ko": ("김서연", "Kim Seoyeon", "KR-47",
           "할머니의 두만강 이야기에서 우리가 함께 건너야 할 다리까지: "
           "동북아시아 청소년이 그리는 내일의 강과 기차", "ko"),
    "en": ("Anna Smith", "Anna Smith", "KR-26", "Across the river", "en"),
}  # fmt: skip
CONTEST = {
    "en": "NEAR Youth Essay Contest 2027", "ko": "2027 NEAR 청소년 에세이 공모전",
    "mn": "NEAR-ын залуучуудын эссэ бичлэгийн уралдаан 2027", "ja": "NEAR青少年作文コンテスト2027",
    "zh-Hans": "2027年NEAR青少年征文活动", "ru": "Молодёжный конкурс эссе NEAR 2027",
}  # fmt: skip
CATEGORY = {"en": "Ages 15–18", "ko": "15–18세", "mn": "15–18 нас", "ja": "15～18歳", "zh-Hans": "15–18岁"}
AWARD = {"en": "Grand Prize", "ko": "대상", "mn": "Тэргүүн шагнал", "ja": "最優秀賞", "ru": "Гран-при"}


def content(language: str, **other: Any) -> dict[str, Any]:
    """Of an award, unless `award` is empty."""
    native, roman, home, title, written_in = PEOPLE[language]
    own = SCRIPTS[home[:2]] if language == "en" else language
    given: dict[str, Any] = {
        "wording": 1, "number": "ESSAY-7KQ2M-XW3RT-9HCDA", "issued_on": "2027-09-14", "native_name": native,
        "roman_name": roman, "name_language": own, "home": names(home), "contest": CONTEST, "category": CATEGORY,
        "award": AWARD, "essay": title, "essay_language": written_in, "languages": list(dict.fromkeys(("en", own))),
        "signatory": "Lim Byung-jin", "office": "secretary_general", **other,
    }  # fmt: skip
    return {"kind": "award" if given["award"] else "participation", **given}
