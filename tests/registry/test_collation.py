"""Who looks for a government finds it where their language puts it."""

import csv
from itertools import pairwise

import pytest

from portal.registry import collation, sources
from portal.registry.models import Country, Government


def everybody() -> list[Government]:
    return [
        Government(code=row["code"], country=Country(row["country"]), position=position, names=sources.names(dict(row)))
        for position, row in enumerate(sources.rows("governments.csv"), 1)
    ]


def codes(language: str, country: Country) -> list[str]:
    return [each.code for each in collation.in_order(everybody(), language) if each.country is country]


@pytest.mark.parametrize(
    ("language", "country", "wanted"),
    [
        ("en", Country.JP, "02 18 28 17 26 15 32 31 16 06 35"),
        ("ja", Country.JP, "02 17 26 32 31 16 15 28 18 06 35"),
        ("ja", Country.CN, "HA HL HN HB SX SD SN TJ NX LN"),
        ("zh-Hans", Country.CN, "HL HA HB HN LN NX SN SD SX TJ"),
        ("ru", Country.RU, "ALT AMU BU ZAB IRK KAM KEM KYA MAG PRI SA SAK TOM TY KHA"),
        ("ko", Country.KR, "42 41 48 47 29 27 30 26 50 31 28 46 45 49 44 43"),
    ],
)
def test_names_stand_where_their_readers_look(language: str, country: Country, wanted: str) -> None:
    assert [code.partition("-")[2] for code in codes(language, country)] == wanted.split()


def test_countries_stay_together_in_the_order_of_the_list() -> None:
    for language in ("en", "zh-Hans", "ja", "ko", "mn", "ru"):
        found = [each.country for each in collation.in_order(everybody(), language)]
        assert list(dict.fromkeys(found)) == list(dict.fromkeys(each.country for each in everybody()))
        assert len([a for a, b in pairwise(found) if a is not b]) == 5


def test_a_name_that_a_secretary_changed_has_no_reading_and_comes_last() -> None:
    rows = everybody()
    changed = next(each for each in rows if each.code == "JP-02")
    changed.names = {**changed.names, "ja": "新青森県"}
    japan = [each for each in collation.in_order(rows, "ja") if each.country is Country.JP]
    assert japan[-1] is changed


def test_every_government_has_its_readings() -> None:
    with (sources.FOLDER / "readings.csv").open(encoding="utf-8", newline="") as file:
        readings = {row["code"]: row for row in csv.DictReader(file)}
    assert set(readings) == {each.code for each in everybody()}
    assert all(row["pinyin"].isascii() and row["kana"] for row in readings.values())
