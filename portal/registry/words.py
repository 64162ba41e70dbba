"""What countries, kinds, statuses and committees are called, and what is worth knowing about some of them."""

from portal.i18n import N_, Lazy, babel_locale, language, listing
from portal.registry.models import Country, Membership

# Kept in all six languages whatever the interface is complete in: a search by country needs them all.
COUNTRIES: dict[Country, dict[str, str]] = {
    Country.CN: {"en": "China", "zh-Hans": "中国", "ja": "中国", "ko": "중국", "mn": "Хятад", "ru": "Китай"},
    Country.JP: {"en": "Japan", "zh-Hans": "日本", "ja": "日本", "ko": "일본", "mn": "Япон", "ru": "Япония"},
    Country.KR: {
        "en": "Republic of Korea", "zh-Hans": "韩国", "ja": "韓国", "ko": "대한민국", "mn": "БНСУ",
        "ru": "Республика Корея",
    },
    Country.KP: {
        "en": "DPR Korea", "zh-Hans": "朝鲜", "ja": "朝鮮民主主義人民共和国",
        "ko": "조선민주주의인민공화국", "mn": "БНАСАУ", "ru": "КНДР",
    },
    Country.MN: {
        "en": "Mongolia", "zh-Hans": "蒙古国", "ja": "モンゴル", "ko": "몽골", "mn": "Монгол", "ru": "Монголия",
    },
    Country.RU: {
        "en": "Russia", "zh-Hans": "俄罗斯", "ja": "ロシア", "ko": "러시아", "mn": "Орос", "ru": "Россия",
    },
}  # fmt: skip
# What else people type when they mean a country.
ALSO: dict[Country, tuple[str, ...]] = {
    Country.CN: ("PRC",),
    Country.JP: (),
    Country.KR: ("South Korea", "ROK", "한국", "Өмнөд Солонгос", "Южная Корея"),
    Country.KP: ("North Korea", "DPRK", "北朝鮮", "북한", "조선", "Хойд Солонгос", "Северная Корея"),
    Country.MN: (),
    Country.RU: ("Russian Federation", "俄罗斯联邦", "Российская Федерация"),
}
# The language of each government's native name.
SCRIPTS = {
    Country.CN: "zh-Hans", Country.JP: "ja", Country.KR: "ko", Country.KP: "ko", Country.MN: "mn", Country.RU: "ru",
}  # fmt: skip
LANGUAGE_NAMES: dict[str, Lazy] = {
    "en": N_("English"),
    "zh-Hans": N_("Chinese"),
    "ja": N_("Japanese"),
    "ko": N_("Korean"),
    "mn": N_("Mongolian"),
    "ru": N_("Russian"),
}
KINDS: dict[str, Lazy] = {
    "aimag": N_("Province (aimag)"),
    "autonomous_region": N_("Autonomous region"),
    "capital_city": N_("Capital city"),
    "krai": N_("Territory (krai)"),
    "metropolitan_city": N_("Metropolitan city"),
    "municipality": N_("Municipality"),
    "oblast": N_("Region (oblast)"),
    "prefecture": N_("Prefecture"),
    "province": N_("Province"),
    "republic": N_("Republic"),
    "special_city": N_("Special city"),
    "special_self_governing_city": N_("Special self-governing city"),
    "special_self_governing_province": N_("Special self-governing province"),
}
STATUSES: dict[Membership, Lazy] = {
    Membership.MEMBER: N_("Member"),
    Membership.OBSERVER: N_("Observer"),
    Membership.FORMER: N_("Former member"),
}
COLOURS = {Membership.MEMBER: "green", Membership.OBSERVER: "yellow", Membership.FORMER: "grey"}
FIELDS: dict[str, Lazy] = {
    "names.en": N_("Name in English"),
    "names.zh-Hans": N_("Name in Chinese"),
    "names.ja": N_("Name in Japanese"),
    "names.ko": N_("Name in Korean"),
    "names.mn": N_("Name in Mongolian"),
    "names.ru": N_("Name in Russian"),
    "native_name": N_("Name in its own language"),
    "aliases": N_("Earlier and other names"),
    "status": N_("Status"),
    "status_since": N_("Date of the status"),
    "contact_name": N_("Contact person or office"),
    "contact_email": N_("Contact e-mail address"),
    "website": N_("Website"),
    "code": N_("ISO 3166-2 code"),
    "kind": N_("Kind of government"),
    "joined_in": N_("Year of joining"),
    "seat": N_("Seat"),
    "zone": N_("Time zone"),
    "place": N_("Position on the map"),
}
SOURCES: dict[str, Lazy] = {
    "brochure": N_("The association's brochure"),
    "cldr": N_("Unicode CLDR"),
    "pycountry": N_("ISO 3166-2, from iso-codes"),
    "other": N_("Another public source"),
    "unconfirmed": N_("Not confirmed by anybody yet"),
    "secretariat": N_("Entered by the secretariat"),
}
PURPOSES: dict[str, Lazy] = {
    "economy_humanities": N_("Plans shared prosperity by joining business ties with exchange between people."),
    "agriculture": N_("Shares farming technology and works on joint research, so that food supplies stay stable."),
    "oceans_fisheries": N_("Works for clean seas, safe shipping, shared research and sound fisheries."),
    "mineral_resources": N_(
        "Coordinates the mining of minerals, the care of land afterwards and what is known of "
        "both."
    ),
    "border_cooperation": N_("Eased trade, travel and investment across neighbouring borders, and the rules for them."),
    "education_culture": N_("Brings young people, performers of traditional arts and residents together."),
    "women_children": N_("Stood up for the rights of women and children through conferences and exchange."),
    "tourism": N_("Promotes travel within Northeast Asia and shares what members know about it."),
    "sports": N_("Holds youth competitions between members and keeps traditional sports alive."),
    "science_technology": N_(
        "Ran science-policy seminars and planned shared research clusters and the training of "
        "talent."
    ),
    "life_medical": N_("Connects members in life science, traditional bio-industry and medical devices."),
    "energy_climate": N_("Runs joint energy projects and spreads climate policies and technology that have worked."),
    "environment": N_("Supports environmental surveys, seminars for young people and symposiums."),
    "disaster_prevention": N_("Exchanges people and knowledge about local hazards, so that members respond better."),
}  # fmt: skip
REMARKS: dict[str, Lazy] = {
    "economy_humanities": N_(
        "Founded as the subcommittee on economy and trade; it took its present name in September "
        "2013."
    ),
    "mineral_resources": N_("The Working Committee decided on it in 2009."),
    "education_culture": N_("Formed by joining the subcommittees on cultural and on general exchange, both of 1998."),
    "energy_climate": N_("Later reports say that Shanxi Province took over its coordination in 2016."),
}  # fmt: skip
# By code; the names involved stand beside them, as `aliases`.
NOTES: dict[str, Lazy] = {
    "RU-SA": N_("The republic spans three time zones; the one shown here is that of its capital."),
    "RU-TY": N_("Tyva is the form of the republic's own constitution; Tuva is more usual elsewhere."),
    "RU-ALT": N_("Not the Altai Republic, which is a different government and joined the association only in 2023."),
    "RU-ZAB": N_("Joined in 1996 as Chita Oblast, which became part of the present territory in 2008."),
    "RU-IRK": N_("A founding member; the brochure's asterisk, which marks observers, is an error of the print."),
    "RU-KAM": N_(
        "The oblast became part of the present territory in 2007, so the name printed in the brochure is "
        "an older one."
    ),
    "RU-MAG": N_("A member since 2008; the brochure's asterisk, which marks observers, is an error of the print."),
    "RU-SAK": N_("A founding member; the brochure's asterisk, which marks observers, is an error of the print."),
    "RU-TOM": N_("A member since 2006; the brochure's asterisk, which marks observers, is an error of the print."),
    "RU-KEM": N_("A member since 2010; the brochure's asterisk, which marks observers, is an error of the print."),
    "MN-1": N_("The capital has the rank of a province."),
    "MN-064": N_("Public map data draw this province in another place; the map here shows a circle around its seat."),
    "MN-039": N_("The seat was called Öndörkhaan until 2013."),
    "KP-13": N_("The Korean name is spelled as in the DPR Korea; in the Republic of Korea it is 나선특별시."),
    "KR-27": N_("Gunwi county joined the city in 2023; the map shows the border before that."),
    "KR-29": N_("A merger with Jeollanam-do was enacted in 2026; ask the secretariat how things stand."),
    "KR-42": N_("Called Gangwon-do until June 2023."),
    "KR-45": N_("Called Jeollabuk-do until January 2024. The brochure's map misprints it as a second Jeollanam-do."),
    "KR-46": N_("A merger with Gwangju was enacted in 2026; ask the secretariat how things stand."),
    "KR-47": N_("The association's secretariat is in Pohang, in this province."),
    "KR-50": N_("Established in 2012; the seventy-first member."),
    "CN-LN": N_("An observer in the brochure. Later reports name it as a full member since 2021."),
    "CN-SN": N_(
        "An observer in the brochure. Later reports name it as a full member since 2016. In Korean its "
        "name is the same as Shanxi's."
    ),
    "CN-SX": N_(
        "An observer in the brochure. Later reports name it as a full member since 2016. In Korean its "
        "name is the same as Shaanxi's."
    ),
}  # fmt: skip


def country(code: Country) -> str:
    return COUNTRIES[code].get(language(), COUNTRIES[code]["en"])


def kind(key: str) -> str:
    return str(KINDS.get(key, key))


def status(value: Membership) -> str:
    return str(STATUSES[value])


def field(key: str) -> str:
    return str(FIELDS.get(key, key))


def source(key: str) -> str:
    return str(SOURCES.get(key, key))


def shown(key: str, value: object) -> str:
    """A field's value as the history keeps it, for people."""
    if key == "status" and value in set(Membership):
        return status(Membership(str(value)))
    if isinstance(value, list):
        return listing(value) or "–"
    return str(value or "–")


# Codes that Unicode names beside the countries of ISO 3166-1: groups, outposts and placeholders.
NO_COUNTRY = frozenset({"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "XK", "ZZ"})


def _countries() -> frozenset[str]:
    codes = map(str, babel_locale("en").territories)
    return frozenset(code for code in codes if len(code) == 2 and code.isalpha()) - NO_COUNTRY


NATIONALITIES = _countries()


def nationality(code: str) -> str:
    """A country's name in the reader's language; the six are called what the registry calls them."""
    return country(Country(code)) if code in set(Country) else str(babel_locale().territories.get(code, code))


def nationalities() -> list[tuple[str, str]]:
    """The six countries of the association first, then all others by ISO code."""
    others = sorted(NATIONALITIES - set(Country))
    return [(code, nationality(code)) for code in [*(each.value for each in Country), *others]]
