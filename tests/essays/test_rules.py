import datetime as dt
import hashlib
import itertools
import uuid

import pytest

from portal.accounts.models import Role
from portal.accounts.viewer import VISITOR, Held, Viewer
from portal.consents.models import Case, Consent, ConsentGuardian, Method, Programme, Purpose
from portal.consents.rules import Standing
from portal.contests import rules as contest_rules
from portal.contests.models import AiRule, Category, Edition, EditionStatus, LengthLimit, Theme
from portal.essays import rules
from portal.essays.models import Authorship, Essay, EssayStatus
from portal.essays.rules import Step
from portal.registry.models import Country, Government

EDITION = uuid.uuid4()
NOON = dt.datetime(2027, 3, 31, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


def viewer(*roles: Role) -> Viewer:
    of_edition = {Role.JUDGE, Role.SCREENER}
    held = frozenset(Held(role, edition_id=EDITION if role in of_edition else None) for role in roles)
    return Viewer(uuid.uuid4(), held=held)


def edition(status: EditionStatus = EditionStatus.PUBLISHED, **fields: object) -> Edition:
    made = Edition(
        id=EDITION, slug="x", titles={}, texts={}, status=status, opens_at=NOON - DAY, due_at=NOON,
        judging_due_at=NOON + 30 * DAY, reference_on=dt.date(2027, 1, 1), created_by=uuid.uuid4(), **fields,
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
    assert contest_rules.length(text, language) == count


@pytest.mark.parametrize(("words", "problem"), [(4, "shorter"), (5, None), (10, None), (11, "longer")])
def test_an_essay_is_between_half_the_limit_and_the_limit(words: int, problem: str | None) -> None:
    measured = contest_rules.measured("word " * words, LengthLimit(edition_id=EDITION, language="en", most=10))
    assert (measured.problem is None) if problem is None else (problem in str(measured.problem))


def test_half_of_an_odd_limit_is_rounded_up() -> None:
    assert contest_rules.least_of(11) == 6


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
    found = contest_rules.category_for(made.categories, born_on, made.reference_on)
    assert (found and found.age_from) == age_from


def test_who_is_born_on_29_february_is_a_year_older_on_1_march() -> None:
    born = dt.date(2012, 2, 29)
    assert [contest_rules.age_on(born, day) for day in (dt.date(2027, 2, 28), dt.date(2027, 3, 1))] == [14, 15]


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
    assert contest_rules.is_open(edition(), at) is is_open
    assert not contest_rules.is_open(edition(EditionStatus.DRAFT), at)
    assert not contest_rules.is_open(edition(EditionStatus.CLOSED), at)


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
        assert contest_rules.may_see_essays(viewer(other), edition())
        assert not contest_rules.may_see_essays(viewer(other, Role.JUDGE), edition())
    assert not contest_rules.may_see_author(viewer(Role.SECRETARY), edition())
    assert not contest_rules.may_see_author(viewer(Role.AUDITOR), edition())


# What is lacking before submission


def author(**changes: object) -> Authorship:
    given = {
        "essay_id": uuid.uuid4(), "edition_id": EDITION, "person_id": uuid.uuid4(), "born_on": dt.date(2011, 1, 1),
        "native_name": "a", "roman_name": "b", "school": "s", "government_id": uuid.uuid4(), "nationality": "KR",
        "is_original": True, "used_ai": False,
    }  # fmt: skip
    return Authorship(**{**given, **changes})


def guardian(**fields: object) -> ConsentGuardian:
    given = {"case_id": uuid.uuid4(), "name": "G", "language": "en", "expires_at": NOON + DAY}
    return ConsentGuardian(**{**given, **fields})


def standing(own: Authorship, *, asked: ConsentGuardian | None = None, **given: bool) -> Standing:
    """At an age at which Koreans decide for themselves and Mongolians do not."""
    home = Government(country=Country(own.nationality or "KR"), zone="Asia/Seoul")
    object.__setattr__(own, "government", home)
    own.essay = Essay(edition_id=EDITION, edition=edition())
    case = Case(person_id=own.person_id, programme=Programme.CONTEST, round_id=EDITION)
    current = {Purpose(name): consent(case, Purpose(name), is_given, asked) for name, is_given in given.items()}
    return Standing(rules.ward_of(own), NOON, case, asked, current)


def consent(case: Case, purpose: Purpose, is_given: bool, asked: ConsentGuardian | None) -> Consent:
    return Consent(
        case_id=case.id, purpose=purpose, is_given=is_given, wording="1", language="en", digest="", decided_at=NOON,
        method=Method.LINK if asked else Method.ACCOUNT, guardian_id=asked.id if asked else None,
    )  # fmt: skip


YES_TO_ALL = {purpose.value: True for purpose in Purpose}


def missing(made: Essay, own: Authorship, found: Standing | None = None, *, ai: AiRule = AiRule.ALLOWED) -> list[str]:
    checks = rules.missing(own, made, edition(ai_rule=ai), found or standing(own, **YES_TO_ALL))
    return [f"{check.task}: {check.problem}" for check in checks]


def complete(**changes: object) -> Essay:
    given = {"theme_id": uuid.uuid4(), "language": "en", "title": "T", "text": "word " * 7}
    return essay(**{**given, **changes})


def test_a_complete_essay_lacks_nothing() -> None:
    assert missing(complete(), author()) == []


@pytest.mark.parametrize(
    ("essay_changes", "changes", "sentence"),
    [
        ({}, {"native_name": ""}, "about: Write your name in your own script."),
        ({}, {"roman_name": ""}, "about: Write your name in Latin letters."),
        ({}, {"school": ""}, "about: Enter your school."),
        ({}, {"born_on": dt.date(1990, 1, 1)}, "about: Your age on the reference date is outside"),
        ({}, {"is_original": False}, "statements: Confirm that the essay is your own"),
        ({"text": "word"}, {}, "text: Your text is shorter"),
        ({"text": "word " * 11}, {}, "text: Your text is longer"),
        ({"text": ""}, {}, "text: Write your text."),
        ({"language": "fr"}, {}, "text: Choose the language"),
        ({"theme_id": None}, {}, "text: Choose a theme."),
        ({"title": ""}, {}, "text: Write a title."),
    ],
)
def test_each_thing_that_is_lacking_has_its_sentence(essay_changes: dict, changes: dict, sentence: str) -> None:
    found = missing(complete(**essay_changes), author(**changes))
    assert len(found) == 1
    assert found[0].startswith(sentence)


@pytest.mark.parametrize("name", ["born_on", "government_id", "nationality"])
def test_who_decides_about_consents_is_known_only_when_the_author_is(name: str) -> None:
    lacking = missing(complete(), author(**{name: "" if name == "nationality" else None}))
    assert [each.partition(":")[0] for each in lacking] == ["about", "consents"]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({}, "Say yes or no to each"),
        ({**YES_TO_ALL, "photo": False}, None),
        ({"take_part": True, "name": False}, "Say yes or no to each"),
        ({**YES_TO_ALL, "take_part": False}, "You did not agree to take part."),
    ],
)
def test_who_is_old_enough_decides_every_purpose(given: dict[str, bool], sentence: str | None) -> None:
    own = author()
    found = missing(complete(), own, standing(own, **given))
    assert (found == []) if sentence is None else found[0].startswith(f"consents: {sentence}")


@pytest.mark.parametrize(
    ("asked", "given", "sentence"),
    [
        (None, {}, "Name a parent or guardian"),
        (None, YES_TO_ALL, "Name a parent or guardian"),  # a minor's own yes is worth nothing
        (guardian(), {}, None),  # the answer may come later
        (guardian(), YES_TO_ALL, None),
        (guardian(), {**YES_TO_ALL, "name": False}, None),
        (guardian(), {"take_part": False}, "Your parent or guardian did not agree"),
    ],
)
def test_for_a_minor_a_guardian_was_asked_and_has_not_refused(
    asked: ConsentGuardian | None, given: dict[str, bool], sentence: str | None
) -> None:
    own = author(nationality="MN")
    found = missing(complete(), own, standing(own, asked=asked, **given))
    assert (found == []) if sentence is None else found[0].startswith(f"consents: {sentence}")


@pytest.mark.parametrize(
    ("ai", "used", "how", "sentence"),
    [
        (AiRule.ALLOWED, None, "", None),
        (AiRule.DISCLOSED, None, "", "Say whether you used"),
        (AiRule.DISCLOSED, True, "", "Say which programme"),
        (AiRule.DISCLOSED, True, "A translator.", None),
        (AiRule.DISCLOSED, False, "", None),
        (AiRule.BARRED, None, "", "Confirm that you used no"),
        (AiRule.BARRED, True, "A translator.", "Confirm that you used no"),
        (AiRule.BARRED, False, "", None),
    ],
)
def test_the_statement_on_programmes_follows_the_editions_rule(
    ai: AiRule, used: bool | None, how: str, sentence: str | None
) -> None:
    found = missing(complete(), author(used_ai=used, ai_use=how), ai=ai)
    assert (found == []) if sentence is None else found == [next(f for f in found if f"statements: {sentence}" in f)]


# Two windows


def test_an_essay_is_overtaken_when_somebody_else_wrote_its_text() -> None:
    sitting = uuid.uuid4()
    made = complete(version=3, sitting=sitting, sitting_version=3)
    assert not rules.is_overtaken(made, version=3)
    assert rules.is_overtaken(made, version=2)
    assert not rules.is_overtaken(made, version=2, began=rules.mark_of(made))  # another page was saved
    assert not rules.is_overtaken(made, version=2, sitting=sitting)  # its own answer was lost
    made.version = 4  # and then somebody else wrote
    assert rules.is_overtaken(made, version=2, sitting=sitting)


def test_the_digest_covers_title_text_and_notes() -> None:
    assert rules.digest("a", "b") == hashlib.sha256(b"a\n\nb").hexdigest()
    assert (
        len({rules.digest("a", "b"), rules.digest("ab", ""), rules.digest("a", "c"), rules.digest("a", "b", "c")}) == 4
    )
