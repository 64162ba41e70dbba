"""Dates, durations, numbers and lists as each language writes them. Catalogues apart, so that all six can be asked."""

import datetime as dt

import pytest

from portal import i18n

AT = dt.datetime(2027, 3, 31, 9, 5, tzinfo=dt.UTC)


def plain(text: str) -> str:
    """Spaces that do not break are spaces all the same."""
    return text.replace("\xa0", " ").replace("\u202f", " ")


@pytest.fixture(autouse=True)
def restored() -> object:
    yield
    i18n.use("en")


@pytest.mark.parametrize(
    ("language", "day", "month", "instant"),
    [
        ("en", "31 March 2027", "March 2027", "31 March 2027, 18:05 (UTC+9)"),
        ("zh-Hans", "2027年3月31日", "2027年3月", "2027年3月31日 18:05 (UTC+9)"),
        ("ja", "2027年3月31日", "2027年3月", "2027年3月31日 18:05 (UTC+9)"),
        ("ko", "2027년 3월 31일", "2027년 3월", "2027년 3월 31일 18:05 (UTC+9)"),
        ("mn", "2027 оны 3 дугаар сарын 31", "2027 оны 3 дугаар сар", "2027 оны 3 дугаар сарын 31, 18:05 (UTC+9)"),
        ("ru", "31 марта 2027 г.", "март 2027 г.", "31 марта 2027 г., 18:05 (UTC+9)"),
    ],
)
def test_dates(language: str, day: str, month: str, instant: str) -> None:
    i18n.use(language)
    shown = (i18n.day(AT.date()), i18n.month(AT.date()), i18n.instant(AT, "Asia/Seoul"))
    assert [plain(text) for text in shown] == [day, month, instant]


def test_mongolian_ordinals_follow_the_vowels_of_the_month() -> None:
    i18n.use("mn")
    soft = [month for month in range(1, 13) if "дүгээр" in i18n.month(dt.date(2027, month, 1))]
    assert soft == [1, 4, 9, 11]


@pytest.mark.parametrize(
    ("language", "number", "listing"),
    [
        ("en", "12,345.60", "a, b"), ("zh-Hans", "12,345.60", "a、b"), ("ja", "12,345.60", "a、b"),
        ("ko", "12,345.60", "a, b"), ("mn", "12,345.60", "a, b"), ("ru", "12 345,60", "a, b"),
    ],
)  # fmt: skip
def test_numbers_and_lists(language: str, number: str, listing: str) -> None:
    i18n.use(language)
    assert plain(i18n.number(12345.6, 2)) == number
    assert i18n.listing(["a", "b"]) == listing


@pytest.mark.parametrize(
    ("span", "said"),
    [
        (dt.timedelta(days=2, hours=5), "2 days"), (dt.timedelta(hours=47, minutes=59), "47 hours"),
        (dt.timedelta(minutes=119), "119 minutes"),
        (dt.timedelta(seconds=61), "1 minute"), (dt.timedelta(), "0 minutes"),
    ],
)  # fmt: skip
def test_durations(span: dt.timedelta, said: str) -> None:
    i18n.use("en")
    assert i18n.duration(span) == said


def test_cities_that_unicode_names_otherwise() -> None:
    i18n.use("mn")
    assert i18n.city("Asia/Pyongyang") == "Пхеньян"
    assert i18n.city("Asia/Ulaanbaatar") == "Улаанбаатар"


@pytest.mark.parametrize(
    ("language", "clauses", "alike", "said", "aside"),
    [
        ("en", "a, b", "a, b", "a: b", "a (b)"), ("zh-Hans", "a，b", "a、b", "a：b", "a（b）"),
        ("ja", "a、b", "a、b", "a：b", "a（b）"), ("ko", "a, b", "a, b", "a: b", "a (b)"),
        ("mn", "a, b", "a, b", "a: b", "a (b)"), ("ru", "a, b", "a, b", "a: b", "a (b)"),
    ],
)  # fmt: skip
def test_signs_between_pieces(language: str, clauses: str, alike: str, said: str, aside: str) -> None:
    i18n.use(language)
    between = i18n.between
    assert f"a{between(', ')}b" == clauses
    assert f"a{between(', ', alike=True)}b" == alike
    assert f"a{between(': ')}b" == said
    assert f"a{between(' (')}b{between(')')}" == aside
    assert between(": ", code="ja") == "："
