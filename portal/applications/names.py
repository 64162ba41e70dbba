"""How a person's names are put together, and found again. Pure."""

import unicodedata

from portal.applications.models import Application, NameOrder
from portal.registry.models import Country
from portal.registry.rules import folded

BY_COUNTRY = {Country.MN: NameOrder.PATRONYMIC_FIRST, Country.RU: NameOrder.GIVEN_FIRST}
BY_LANGUAGE = {"mn": NameOrder.PATRONYMIC_FIRST, "ru": NameOrder.GIVEN_FIRST, "en": NameOrder.GIVEN_FIRST}
UNSPACED = ("CJK", "IDEOGRAPHIC", "HANGUL", "HIRAGANA", "KATAKANA")  # how Unicode names their characters


def full_name(*, family: str, given: str, patronymic: str = "", order: NameOrder = NameOrder.FAMILY_FIRST) -> str:
    """One line from its parts, any of which may be missing: 李思远, Batbayar Tuul, Пётр Сергеевич Иванов."""
    orders = {
        NameOrder.FAMILY_FIRST: (family, given, patronymic),
        NameOrder.GIVEN_FIRST: (given, patronymic, family),
        NameOrder.PATRONYMIC_FIRST: (family, patronymic, given),
    }
    parts = [part for part in orders[order] if part]
    return ("" if all(map(_is_unspaced, parts)) else " ").join(parts)


def _is_unspaced(name: str) -> bool:
    """Names in Chinese characters, kana or hangul are written without a space between their parts."""
    return all(unicodedata.name(c, "").startswith(UNSPACED) for c in name)


def usual_order(country: Country | None, language: str) -> NameOrder:
    """What a name is usually written like at home; who has not named a home yet is judged by their language."""
    if country is not None:
        return BY_COUNTRY.get(country, NameOrder.FAMILY_FIRST)
    return BY_LANGUAGE.get(language, NameOrder.FAMILY_FIRST)


def composed(application: Application) -> tuple[str, str]:
    """The native and the romanised name as lists and hosts see them."""
    a = application
    native = full_name(family=a.family_name, given=a.given_name, patronymic=a.patronymic, order=a.name_order)
    return native, full_name(family=a.roman_family_name, given=a.roman_given_name, order=a.name_order)


def search_text(application: Application) -> str:
    """What it is found by, one a line, folded as `registry.rules.search_words` folds what is looked for."""
    said = (application.native_name, application.roman_name, application.number or "")
    return "\n".join(folded(text) for text in said if text)
