import datetime as dt
import itertools
import uuid

import pytest

from portal.accounts.models import Role
from portal.accounts.viewer import VISITOR, Held, Viewer
from portal.contests.models import Category, Edition, EditionStatus, LengthLimit, Theme
from portal.essays import rules
from portal.essays.models import Essay, EssayStatus
from portal.essays.rules import Step

EDITION = uuid.uuid4()
NOON = dt.datetime(2027, 3, 31, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


def viewer(*roles: Role) -> Viewer:
    of_edition = {Role.JUDGE, Role.SCREENER}
    held = frozenset(Held(role, edition_id=EDITION if role in of_edition else None) for role in roles)
    return Viewer(uuid.uuid4(), held=held)


def edition(status: EditionStatus = EditionStatus.PUBLISHED) -> Edition:
    made = Edition(
        id=EDITION, slug="x", titles={}, texts={}, status=status, opens_at=NOON - DAY, due_at=NOON,
        judging_due_at=NOON + 30 * DAY, reference_on=dt.date(2027, 1, 1), created_by=uuid.uuid4(),
    )  # fmt: skip
    made.themes = [Theme(edition_id=EDITION, position=1, names={"en": "Rivers"})]
    made.categories = [
        Category(edition_id=EDITION, names={"en": f"{a}"}, age_from=a, age_to=b) for a, b in ((12, 14), (15, 18))
    ]
    made.limits = [LengthLimit(edition_id=EDITION, language="en", most=10)]
    return made


def essay(status: EssayStatus = EssayStatus.DRAFT, **fields: object) -> Essay:
    return Essay(edition_id=EDITION, code="X", status=status, **fields)


@pytest.mark.parametrize(
    ("language", "text", "count"),
    [
        ("en", "Peace — it's a well-known word, 2 of them.", 8),
        ("ru", "Мир — это не просто слово, а дорога.", 7),
        ("mn", "Энх тайван бол зүгээр нэг үг биш, зам мөн.", 9),
        ("zh-Hans", "和平不是一个词,\n而是一条路。", 14),
        ("ja", "平和は ただの言葉ではなく、道である。", 18),
        ("ko", "평화는 그저 낱말이 아니라 길이다.", 15),
        ("ja", "か\u3099く", 2),  # が written as two code points
        ("ko", "\u1112\u1161\u11ab", 1),  # 한 written as three letters
        ("zh-Hans", "𠮷野家👨‍👩‍👧🇰🇷🇯🇵👍🏽\u3000", 7),
        ("en", "", 0),
        ("ko", " \n ", 0),
    ],
)
def test_length_is_counted_by_the_rule_of_the_language(language: str, text: str, count: int) -> None:
    assert rules.length(text, language) == count


@pytest.mark.parametrize(("words", "problem"), [(4, "shorter"), (5, None), (10, None), (11, "longer")])
def test_an_essay_is_between_half_the_limit_and_the_limit(words: int, problem: str | None) -> None:
    measured = rules.measured("word " * words, LengthLimit(edition_id=EDITION, language="en", most=10))
    assert (measured.problem is None) if problem is None else (problem in str(measured.problem))


def test_half_of_an_odd_limit_is_rounded_up() -> None:
    assert rules.least_of(11) == 6


@pytest.mark.parametrize(
    ("born_on", "age_from"),
    [
        (dt.date(2015, 1, 1), 12),
        (dt.date(2015, 1, 2), None),
        (dt.date(2012, 1, 2), 12),
        (dt.date(2012, 1, 1), 15),
        (dt.date(2008, 1, 2), 15),
        (dt.date(2008, 1, 1), None),
    ],
)
def test_the_category_follows_from_the_age_on_the_reference_date(born_on: dt.date, age_from: int | None) -> None:
    made = edition()
    found = rules.category_for(made.categories, born_on, made.reference_on)
    assert (found and found.age_from) == age_from


def test_who_is_born_on_29_february_is_a_year_older_on_1_march() -> None:
    born = dt.date(2012, 2, 29)
    assert [rules.age_on(born, day) for day in (dt.date(2027, 2, 28), dt.date(2027, 3, 1))] == [14, 15]


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        (NOON - DAY, True),
        (NOON - dt.timedelta(seconds=1), True),
        (NOON, True),
        (NOON + dt.timedelta(milliseconds=1), False),
        (NOON - 2 * DAY, False),
    ],
)
def test_an_edition_is_open_by_its_dates(at: dt.datetime, is_open: bool) -> None:
    assert rules.is_open(edition(), at) is is_open
    assert not rules.is_open(edition(EditionStatus.DRAFT), at)
    assert not rules.is_open(edition(EditionStatus.CLOSED), at)


def test_a_returned_essay_has_a_week_also_after_the_deadline() -> None:
    made, returned = edition(), essay(EssayStatus.RETURNED, returned_at=NOON + DAY)
    assert rules.may_be_written(returned, made, NOON + 7 * DAY)
    assert not rules.may_be_written(returned, made, NOON + 8 * DAY + dt.timedelta(milliseconds=1))
    assert not rules.may_be_written(essay(EssayStatus.DRAFT), made, NOON + DAY)


def test_only_the_steps_that_are_written_down_are_possible() -> None:
    possible = {
        (status, step)
        for status, step in itertools.product(EssayStatus, Step)
        if any(
            rules.may(who, step, essay(status), is_author=author)
            for who in (viewer(), viewer(Role.SCREENER), viewer(Role.SECRETARY), VISITOR)
            for author in (True, False)
        )
    }
    assert possible == set(rules.STEPS)


@pytest.mark.parametrize("step", sorted(rules.SCREENERS_STEPS))
def test_only_screeners_who_are_neither_judge_nor_author_screen(step: Step) -> None:
    sent = essay(EssayStatus.SUBMITTED)
    assert rules.may(viewer(Role.SCREENER), step, sent)
    assert not rules.may(viewer(Role.SECRETARY), step, sent)
    assert not rules.may(viewer(Role.AUDITOR), step, sent)
    assert not rules.may(viewer(Role.SCREENER, Role.JUDGE), step, sent)
    assert not rules.may(viewer(Role.SCREENER), step, sent, is_author=True)


def test_an_essay_is_returned_once() -> None:
    again = essay(EssayStatus.SUBMITTED, returned_at=NOON)
    assert not rules.may(viewer(Role.SCREENER), Step.RETURN, again)
    assert rules.may(viewer(Role.SCREENER), Step.DISQUALIFY, again)


def test_nobody_withdraws_an_essay_in_judging() -> None:
    assert not rules.may(viewer(), Step.WITHDRAW, essay(EssayStatus.IN_JUDGING), is_author=True)
    assert rules.may(viewer(), Step.WITHDRAW, essay(EssayStatus.ADMITTED), is_author=True)


def test_a_judge_of_the_edition_sees_no_codes_whatever_else_they_are() -> None:
    for other in (Role.SECRETARY, Role.AUDITOR, Role.SCREENER):
        assert rules.may_see_essays(viewer(other), edition())
        assert not rules.may_see_essays(viewer(other, Role.JUDGE), edition())
    assert not rules.may_see_author(viewer(Role.SECRETARY), edition())
    assert not rules.may_see_author(viewer(Role.AUDITOR), edition())


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("My name is batbayar BOLD and I walk.", ["Batbayar Bold", "Batbayar", "Bold"]),
        ("Boldly we go.", []),
        ("私は山田太郎です。", ["山田太郎"]),
        ("Я учусь: школа № 7 Иркутска.", ["Школа № 7 Иркутска"]),
        ("Write to BOLD@example.org or +976 9911 2233.", ["bold@example.org", "Bold", "+976 9911 2233"]),
        ("In 1993 we met 29 governments.", []),
    ],
)
def test_what_tells_who_wrote_it_is_found(text: str, found: list[str]) -> None:
    own = rules.own_words(names=("Batbayar Bold", "山田太郎"), school="Школа № 7 Иркутска", email="bold@example.org")
    assert set(rules.identity_in(text, own=own)) - {"BOLD@example.org"} == set(found)


def missing(made: Essay, **changes: object) -> list[str]:
    given = {
        "born_on": dt.date(2011, 1, 1), "names": ("a", "b"), "school": "s", "has_government": True,
        "consents": ["data", "original"],
    }  # fmt: skip
    return [f"{check.task}: {check.problem}" for check in rules.missing(made, edition(), **{**given, **changes})]


def complete(**changes: object) -> Essay:
    given = {"theme_id": uuid.uuid4(), "language": "en", "title": "T", "text": "word " * 7}
    return essay(**{**given, **changes})


def test_a_complete_essay_lacks_nothing() -> None:
    assert missing(complete()) == []


@pytest.mark.parametrize(
    ("essay_changes", "changes", "sentence"),
    [
        ({}, {"names": ("a", "")}, "about: Tell us who you are"),
        ({}, {"has_government": False}, "about: Tell us who you are"),
        ({}, {"born_on": None}, "about: Tell us who you are"),
        ({}, {"born_on": dt.date(1990, 1, 1)}, "about: Your age on the reference date"),
        ({}, {"consents": ["data"]}, "about: Agree to"),
        ({"text": "word"}, {}, "text: Your text is shorter"),
        ({"text": "word " * 11}, {}, "text: Your text is longer"),
        ({"language": "fr"}, {}, "text: Choose a theme"),
        ({"theme_id": None}, {}, "text: Choose a theme"),
        ({"title": ""}, {}, "text: Choose a theme"),
    ],
)
def test_what_is_lacking_is_said(essay_changes: dict, changes: dict, sentence: str) -> None:
    found = missing(complete(**essay_changes), **changes)
    assert len(found) == 1
    assert found[0].startswith(sentence)


def test_the_digest_covers_title_and_text() -> None:
    assert rules.digest("", "") == "75a11da44c802486bc6f65640aa48a730f0f684c5c07a42ba3cd1735eb3fb070"
    assert len({rules.digest("a", "b"), rules.digest("ab", ""), rules.digest("a", "c")}) == 3
