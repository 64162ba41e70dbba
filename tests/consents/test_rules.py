"""Who decides, on which day; what a decision is worth; when somebody is reminded."""

import datetime as dt
import uuid
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from portal.accounts.rules import mailbox
from portal.clock import now
from portal.consents import ages, rules
from portal.consents.models import Case, Consent, ConsentGuardian, Method, Programme, Purpose
from portal.consents.rules import Link, Standing, Ward

ULAANBAATAR, SEOUL, KAMCHATKA = "Asia/Ulaanbaatar", "Asia/Seoul", "Asia/Kamchatka"
YES = dict.fromkeys(Purpose, True)


def ward(born_on: dt.date | None = dt.date(2012, 5, 31), residence: str = "KR", **fields: Any) -> Ward:
    given = {"nationality": residence, "zone": SEOUL, **fields}
    return Ward(born_on, residence, **given)


def local(day: dt.date, zone: str, hour: int = 0, minute: int = 0) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour, minute), ZoneInfo(zone))


@pytest.mark.parametrize("country", [*ages.known()])
@pytest.mark.parametrize(("days", "is_minor"), [(-1, True), (0, False), (1, False)])
def test_on_the_birthday_somebody_is_of_age(country: str, days: int, is_minor: bool) -> None:
    age = ages.of({}, country)
    day = dt.date(2012 + age, 5, 31) + dt.timedelta(days=days)
    assert rules.is_minor(ward(residence=country), local(day, SEOUL)) is is_minor


@pytest.mark.parametrize("zone", [ULAANBAATAR, SEOUL, KAMCHATKA])
def test_the_day_begins_where_the_person_lives(zone: str) -> None:
    child, birthday = ward(zone=zone), local(dt.date(2026, 5, 31), zone)
    assert rules.is_minor(child, birthday - dt.timedelta(seconds=1))
    assert not rules.is_minor(child, birthday.astimezone(dt.UTC))


@pytest.mark.parametrize(
    ("day", "is_minor"),
    [(dt.date(2026, 2, 28), True), (dt.date(2026, 3, 1), False), (dt.date(2026, 3, 2), False)],
)
def test_who_was_born_on_a_leap_day_is_older_on_the_first_of_march(day: dt.date, is_minor: bool) -> None:
    assert rules.is_minor(ward(dt.date(2012, 2, 29)), local(day, SEOUL)) is is_minor


@pytest.mark.parametrize(
    ("residence", "nationality", "set_ages", "age"),
    [
        ("KR", "KR", {}, 14), ("KR", "JP", {}, 16), ("JP", "KR", {}, 16), ("CN", "MN", {}, 18), ("KR", "DE", {}, 18),
        ("KR", "", {}, 18), ("", "", {}, 18), ("KR", "KR", {"KR": 16}, 16), ("KR", "JP", {"JP": 13}, 14),
        ("KR", "DE", {"other": 15}, 15), ("MN", "MN", {"other": 15}, 18),
    ],
)  # fmt: skip
def test_the_strictest_of_residence_and_nationality_counts(
    residence: str, nationality: str, set_ages: dict[str, int], age: int
) -> None:
    assert ward(residence=residence, nationality=nationality, ages=set_ages).age_of_consent == age


def test_without_a_birth_date_a_guardian_is_asked() -> None:
    assert rules.is_minor(ward(None), now())
    assert not ward(None).is_known
    assert ward().is_known


def test_every_age_has_its_source_and_the_day_it_was_read() -> None:
    for each in ages.known().values():
        assert len(each.source) > 20
        assert dt.date.fromisoformat(each.reviewed_on) <= now().date()
        assert 0 < each.age <= ages.OLDEST


def consent(*, given: bool = True, guardian: bool = False, at: dt.datetime | None = None) -> Consent:
    return Consent(
        case_id=uuid.uuid4(), purpose=Purpose.NAME, is_given=given, method=Method.LINK if guardian else Method.ACCOUNT,
        guardian_id=uuid.uuid4() if guardian else None, wording="1", language="en", digest="", decided_at=at or now(),
    )  # fmt: skip


BEFORE, AFTER = local(dt.date(2026, 5, 30), SEOUL), local(dt.date(2026, 5, 31), SEOUL)


@pytest.mark.parametrize(
    ("row", "counts"),
    [
        (consent(at=BEFORE), False),  # their own yes, given too early, stays worthless
        (consent(at=AFTER), True),
        (consent(guardian=True, at=BEFORE), True),  # a guardian's lasts beyond the birthday
        (consent(given=False, at=BEFORE), True),
    ],
)
def test_a_yes_counts_from_who_could_give_it(row: Consent, counts: bool) -> None:
    standing = rules.standing(ward(), AFTER + dt.timedelta(days=400), None, None, [row])
    assert standing.is_decided(Purpose.NAME) is counts
    assert standing.allows(Purpose.NAME) is (counts and row.is_given)
    assert not standing.may_take_part


def guardian(**fields: Any) -> ConsentGuardian:
    given = {"sent_at": BEFORE, "expires_at": BEFORE + rules.GOOD_FOR, **fields}
    return ConsentGuardian(case_id=uuid.uuid4(), name="Ээж", email="m@example.org", language="mn", **given)


def standing(at: dt.datetime, **fields: Any) -> Standing:
    return Standing(
        ward(**fields), at, Case(person_id=uuid.uuid4(), programme=Programme.CONTEST, round_id=uuid.uuid4())
    )


@pytest.mark.parametrize(
    ("asked", "where", "is_over", "state"),
    [
        (guardian(), standing(BEFORE), False, Link.OPEN),
        (guardian(expires_at=BEFORE), standing(BEFORE), False, Link.EXPIRED),
        (guardian(), standing(AFTER), False, Link.OF_AGE),
        (guardian(), standing(BEFORE), True, Link.OVER),
        (guardian(answered_at=BEFORE, expires_at=BEFORE), standing(AFTER), True, Link.ANSWERED),
    ],
)
def test_what_a_link_does(asked: ConsentGuardian, where: Standing, is_over: bool, state: Link) -> None:
    assert rules.link_state(asked, where, is_over=is_over) is state


def test_the_mail_is_sent_again_after_an_hour_to_who_has_not_answered() -> None:
    def reason(asked: ConsentGuardian | None, at: dt.datetime) -> object:
        return rules.why_not_again(Standing(ward(), at, guardian=asked))

    assert reason(None, BEFORE) == rules.NOT_ASKED
    assert reason(guardian(), BEFORE + dt.timedelta(minutes=59)) == rules.TOO_SOON
    assert reason(guardian(), BEFORE + dt.timedelta(minutes=60)) is None
    assert reason(guardian(answered_at=BEFORE), BEFORE) == rules.ANSWERED
    assert reason(guardian(), AFTER) == rules.OF_AGE


def test_only_a_no_is_a_minors_own() -> None:
    assert rules.why_not_own(standing(BEFORE), YES) == rules.FOR_GUARDIANS
    assert rules.why_not_own(standing(BEFORE), dict.fromkeys(Purpose, False)) is None
    assert rules.why_not_own(standing(AFTER), YES) is None


def test_each_question_is_answered_unless_the_first_answer_is_no() -> None:
    assert rules.completed(YES) == YES
    assert rules.completed({**YES, Purpose.PHOTO: None}) is None
    assert rules.completed({**YES, Purpose.TAKE_PART: None}) is None
    nothing = {**dict.fromkeys(Purpose), Purpose.TAKE_PART: False, Purpose.NAME: True}
    assert rules.completed(nothing) == dict.fromkeys(Purpose, False)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("tuul@example.org", "TUUL+mother@Example.ORG", True), ("tuul@example.org", "ｔｕｕｌ@example.org", True),
        ("tuul@пример.рф", "tuul@xn--e1afmkfd.xn--p1ai", True), ("t.uul@gmail.com", "tuul+a@googlemail.com", True),
        ("t.uul@example.org", "tuul@example.org", False), ("tuul@example.org", "tuul@example.com", False),
    ],
)  # fmt: skip
def test_variants_of_an_address_are_one_mailbox(one: str, other: str, same: bool) -> None:
    assert (mailbox(one) == mailbox(other)) is same
