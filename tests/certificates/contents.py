"""What six certificates say, with names as people have them."""

from typing import Any

from portal.registry import sources

# The intern's language: native name, roman name, home, host government, its organisation, the opening.
PEOPLE: dict[str, tuple[str, str, str, str, str, str]] = {
    "mn": ("Өнөрбаатарын Үүрийнтуяа", "Unurbaatar Uuriintuya", "MN-1", "KR-47", "포항테크노파크 국제협력실",
           "International Relations and Youth Exchange"),
    "ru": ("Преображенская-Воскресенская Александра Константиновна", "Aleksandra Preobrazhenskaya-Voskresenskaya",
           "RU-SA", "JP-31", "公益財団法人とっとり国際交流財団・鳥取県地域づくり推進部交流推進課",
           "Assistance with the Youth Exchange Forum and its Secretariat"),
    "zh-Hans": ("欧阳静怡", "Ouyang Jingyi", "CN-LN", "MN-1",
                "Улаанбаатар хотын Захирагчийн ажлын албаны Гадаад харилцаа, хамтын ажиллагааны хэлтэс",
                "Тогтвортой хөгжил ба аялал жуулчлал"),
    "ja": ("渡邊 真理子", "Watanabe Mariko", "JP-31", "RU-PRI",
           "Министерство международных отношений и внешнеэкономической деятельности Приморского края",
           "Развитие молодёжного туризма и побратимских связей"),
    "ko": ("김서연", "Kim Seoyeon", "KR-47", "CN-SD", "山东省人民政府外事办公室国际交流合作处", "中小企业绿色转型调研"),
    "en": ("Anna Smith", "Anna Smith", "KR-26", "JP-32", "島根県庁", "Policy research"),
}  # fmt: skip
SCRIPTS = {"KR": "ko", "JP": "ja", "MN": "mn", "RU": "ru", "CN": "zh-Hans"}


def names(code: str) -> dict[str, str]:
    return next(sources.names(row) for row in sources.rows("governments.csv") if row["code"] == code)


def content(language: str, **other: Any) -> dict[str, Any]:
    native, roman, home, government, host, opening = PEOPLE[language]
    own = SCRIPTS[home[:2]] if language == "en" else language
    return {
        "wording": 1, "number": "NEAR-7KQ2M-XW3RT-9HCDA", "issued_on": "2027-09-14", "native_name": native,
        "roman_name": roman, "name_language": own, "home": names(home), "opening": opening, "host": host,
        "government": names(government), "starts_on": "2027-07-05", "ends_on": "2027-08-27", "hours": 320,
        "languages": list(dict.fromkeys(("en", own, SCRIPTS[government[:2]]))), "signatory": "Lim Byung-jin",
        "office": "secretary_general", **other,
    }  # fmt: skip
