"""Believable names by country, in their own script and in Latin letters. Drawn by chance: nobody in particular."""

from random import Random
from typing import NamedTuple

from portal.applications.models import NameOrder
from portal.applications.names import BY_COUNTRY, full_name
from portal.demonstration.texts import read

ORDERS: dict[str, NameOrder] = {country.value: order for country, order in BY_COUNTRY.items()}
FROM_ELSEWHERE, SINGLE = "VN", "MONGOL"


class Name(NamedTuple):
    family: str
    given: str
    patronymic: str
    roman_family: str
    roman_given: str
    order: NameOrder
    nationality: str

    @property
    def native(self) -> str:
        return full_name(family=self.family, given=self.given, patronymic=self.patronymic, order=self.order)

    @property
    def roman(self) -> str:
        return full_name(family=self.roman_family, given=self.roman_given, order=self.order)


def draw(rng: Random, country: str) -> Name:
    """Some residents of a region are nationals of another country, some have a single name."""
    chance = rng.random()
    if chance < 0.02 and country in {"JP", "KR"}:
        return _of(rng, FROM_ELSEWHERE, FROM_ELSEWHERE)
    if chance < 0.06 and country == "CN":
        return _single(rng, country)
    return _of(rng, country, country)


def _single(rng: Random, nationality: str) -> Name:
    given, roman = rng.choice(read("names")[SINGLE][rng.choice(("women", "men"))]).split("|")
    return Name("", given, "", "", roman, NameOrder.FAMILY_FIRST, nationality)


def _of(rng: Random, lists: str, nationality: str) -> Name:
    names, sex = read("names")[lists], rng.choice(("women", "men"))
    family, roman_family = (_form(each, sex) for each in rng.choice(names["family"]).split("|"))
    given, roman_given = rng.choice(names[sex]).split("|")
    order = ORDERS.get(lists, NameOrder.FAMILY_FIRST)
    patronymic, family = (family, "") if lists == "MN" else ("", family)
    return Name(family, given, patronymic, roman_family, roman_given, order, nationality)


def _form(family: str, sex: str) -> str:
    """Of a name that women and men bear in different forms, the right one."""
    forms = family.split("/")
    return forms[-1] if sex == "women" else forms[0]
