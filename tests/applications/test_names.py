import unicodedata

import pytest
from starlette.datastructures import FormData

from portal.applications import names
from portal.applications.forms import About
from portal.applications.models import Application, NameOrder
from portal.registry.models import Country
from portal.registry.rules import search_words
from portal.web.forms import check

FAMILY, GIVEN, PATRONYMIC = NameOrder.FAMILY_FIRST, NameOrder.GIVEN_FIRST, NameOrder.PATRONYMIC_FIRST


@pytest.mark.parametrize(
    ("family", "given", "patronymic", "order", "whole"),
    [
        ("李", "思远", "", FAMILY, "李思远"),
        ("欧阳", "思远", "", FAMILY, "欧阳思远"),
        ("佐々木", "蓮", "", FAMILY, "佐々木蓮"),
        ("𠮷田", "さくら", "", FAMILY, "𠮷田さくら"),
        ("김", "민서", "", FAMILY, "김민서"),
        ("", "Туул", "Батбаярын", PATRONYMIC, "Батбаярын Туул"),
        ("Боржигин", "Өнөрцэцэг", "Үүлэнгийн", PATRONYMIC, "Боржигин Үүлэнгийн Өнөрцэцэг"),
        ("Иванов", "Пётр", "Сергеевич", FAMILY, "Иванов Пётр Сергеевич"),
        ("Иванов", "Пётр", "Сергеевич", GIVEN, "Пётр Сергеевич Иванов"),
        ("", "Айаал", "", FAMILY, "Айаал"),
        ("", "Suharto", "", GIVEN, "Suharto"),
        ("García Márquez", "Gabriel José", "", GIVEN, "Gabriel José García Márquez"),
        ("O'Neill-Smith", "Zoe\u0308", "", GIVEN, "Zoe\u0308 O'Neill-Smith"),
        ("李", "Amy", "", FAMILY, "李 Amy"),
        ("", "", "", GIVEN, ""),
        ("字" * 120, "名" * 120, "父" * 120, PATRONYMIC, "字" * 120 + "父" * 120 + "名" * 120),
    ],
)
def test_a_name_is_put_together_as_at_home(
    family: str, given: str, patronymic: str, order: NameOrder, whole: str
) -> None:
    assert names.full_name(family=family, given=given, patronymic=patronymic, order=order) == whole


def test_the_longest_name_fits_its_column() -> None:
    longest = names.full_name(family="Б" * 120, given="А" * 120, patronymic="В" * 120)
    assert len(longest) <= Application.__table__.c.native_name.type.length
    assert len(names.full_name(family="B" * 120, given="A" * 120)) <= Application.__table__.c.roman_name.type.length


@pytest.mark.parametrize(
    ("country", "language", "order"),
    [
        (Country.CN, "en", FAMILY), (Country.JP, "ru", FAMILY), (Country.KR, "en", FAMILY), (Country.KP, "mn", FAMILY),
        (Country.MN, "en", PATRONYMIC), (Country.RU, "ko", GIVEN),
        (None, "zh-Hans", FAMILY), (None, "ja", FAMILY), (None, "ko", FAMILY), (None, "mn", PATRONYMIC),
        (None, "ru", GIVEN), (None, "en", GIVEN),
    ],
)  # fmt: skip
def test_the_order_is_that_of_the_home_and_else_of_the_language(
    country: Country | None, language: str, order: NameOrder
) -> None:
    assert names.usual_order(country, language) is order


@pytest.mark.parametrize("name", ["𠮷" * 120, "Ө" + "ү" * 119, "e\u0323\u0302" * 40, "N'Ko-O’Neill", "ᠮᠣᠩᠭᠣᠯ"])
def test_rare_characters_are_kept(name: str) -> None:
    sent = check(About, FormData({"given_name": name}))
    assert sent.errors == {}
    assert sent.data is not None
    assert sent.data.given_name == unicodedata.normalize("NFC", name)


def test_a_name_has_at_most_120_characters() -> None:
    assert check(About, FormData({"given_name": "字" * 120})).errors == {}
    assert list(check(About, FormData({"given_name": "字" * 121})).errors) == ["given_name"]


@pytest.mark.parametrize("typed", ["туул", "ТУУЛ Батбаярын", "tuul batbayar", "p27-7f3k2", "ＴＵＵＬ", "батбаярын"])
def test_it_is_found_by_each_name_and_its_number(typed: str) -> None:
    application = Application(native_name="Батбаярын Туул", roman_name="Batbayar Tuul", number="P27-7F3K2")
    text = names.search_text(application)
    assert all(word in text for word in search_words(typed))
    assert search_words("somebody")[0] not in text


def test_glyph_variants_are_folded() -> None:
    text = names.search_text(Application(native_name="東濱", roman_name=""))
    assert all(word in text for word in search_words("东滨"))
