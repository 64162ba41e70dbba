import datetime as dt
import uuid

import pytest

from portal.accounts.models import Role
from portal.accounts.viewer import VISITOR, Held, Viewer
from portal.applications.models import Application
from portal.certificates import rules
from portal.certificates.models import Certificate
from portal.clock import now
from portal.documents import certificates
from portal.registry.models import Country, Government
from tests.certificates.contents import content

MONDAY = dt.date(2027, 7, 5)


def _government(country: Country) -> Government:
    return Government(country=country)


@pytest.mark.parametrize(
    ("days", "expected"), [(1, 8), (3, 24), (5, 40), (7, 40), (8, 48), (12, 80), (14, 80), (54, 320), (56, 320)]
)
def test_hours_count_five_working_days_a_week(days: int, expected: int) -> None:
    assert rules.hours(MONDAY, MONDAY + dt.timedelta(days=days - 1), 40) == expected


def test_hours_of_a_short_week_are_rounded() -> None:
    assert rules.hours(MONDAY, MONDAY + dt.timedelta(days=2), 36) == 22


@pytest.mark.parametrize(
    ("spoken", "home", "host", "expected"),
    [
        ("mn", Country.MN, Country.KR, ["en", "mn", "ko"]),
        ("en", Country.MN, Country.KR, ["en", "mn", "ko"]),
        ("ru", Country.MN, Country.RU, ["en", "ru"]),
        ("zh-Hans", Country.CN, Country.CN, ["en", "zh-Hans"]),
        ("xx", Country.JP, Country.KP, ["en", "ja", "ko"]),
    ],
)
def test_english_the_interns_and_the_hosts_language(
    spoken: str, home: Country, host: Country, expected: list[str]
) -> None:
    assert rules.languages(spoken, _government(home), _government(host)) == expected


def _certificate(**fields: object) -> Certificate:
    return Certificate(number="NEAR-1", content=content("mn"), **fields)


def test_strangers_see_nothing_until_the_holder_says_so() -> None:
    shown = rules.shown(_certificate(), "UTC")
    assert shown == rules.Shown("NEAR-1", dt.date(2027, 9, 14))
    assert not shown.tells_more


@pytest.mark.parametrize(
    ("choice", "seen"),
    [("shows_name", {"native_name", "roman_name"}), ("shows_host", {"host", "government"}),
     ("shows_dates", {"starts_on", "ends_on"})],
)  # fmt: skip
def test_each_choice_shows_its_own_facts_only(choice: str, seen: set[str]) -> None:
    shown = rules.shown(_certificate(**{choice: True}), "UTC")
    told = {name for name, value in shown._asdict().items() if value is not None}
    assert told == {"number", "issued_on"} | seen
    assert shown.tells_more


def test_of_a_revoked_one_nothing_more_is_seen_whatever_was_chosen() -> None:
    at = now()
    shown = rules.shown(_certificate(shows_name=True, shows_host=True, shows_dates=True, revoked_at=at), "UTC")
    assert shown == rules.Shown("NEAR-1", dt.date(2027, 9, 14), at.date())


def test_it_is_revoked_on_the_day_that_it_is_where_it_was_issued() -> None:
    at = dt.datetime(2027, 9, 13, 16, tzinfo=dt.UTC)
    assert rules.shown(_certificate(revoked_at=at), "Asia/Seoul").revoked_on == dt.date(2027, 9, 14)


def test_the_digest_follows_the_content_and_not_the_order_of_its_keys() -> None:
    said = content("mn")
    assert certificates.digest(said) == certificates.digest(dict(reversed(said.items())))
    assert certificates.digest(said) != certificates.digest(content("mn", hours=1))


def test_the_secretariat_issues_but_nobody_for_themselves_and_only_the_holder_chooses() -> None:
    me, home = uuid.uuid4(), uuid.uuid4()
    own = Application(applicant_id=me, home_id=home)
    paper = Application(applicant_id=uuid.uuid4(), home_id=home, entered_by=me)
    secretary = Viewer(me, held=frozenset({Held(Role.SECRETARY), Held(Role.COORDINATOR, home)}))
    assert not rules.may_issue(secretary, own)
    assert not rules.may_issue(secretary, paper), "they entered it from paper"
    assert rules.may_issue(Viewer(uuid.uuid4(), held=frozenset({Held(Role.SECRETARY)})), own)
    assert not rules.may_issue(Viewer(uuid.uuid4(), held=frozenset({Held(Role.AUDITOR)})), own)
    assert rules.is_holder(secretary, own)
    assert not rules.is_holder(secretary, paper)
    assert not rules.is_holder(VISITOR, Application(applicant_id=me))
