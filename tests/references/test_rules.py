import datetime as dt

import pytest

from portal.accounts.viewer import Held, Role, Viewer
from portal.applications.models import Application, Letter, Status
from portal.calls.models import Call, CallStatus, Purpose, RequestedDocument
from portal.references import rules
from portal.references.words import LetterState

AT = dt.datetime(2027, 5, 1, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


def application(status: str = "submitted", **call: object) -> Application:
    dates = {"opens_at": AT - DAY, "applications_due_at": AT + 10 * DAY, "nominations_due_at": AT + 20 * DAY}
    dates |= {"openings_due_at": AT, "corrections_due_at": AT + 15 * DAY, "rankings_due_at": AT + 120 * DAY}
    within = Call(slug="c", titles={}, texts={}, status=CallStatus.PUBLISHED, **{**dates, **call})
    made = Application(status=Status(status))
    made.call = within
    return made


def letter(**fields: object) -> Letter:
    given = {"sent_at": AT - DAY, "expires_at": AT + DAY, "times_sent": 1, **fields}
    return Letter(referee_name="R", referee_email="r@example.org", token_digest="0", **given)


def test_a_link_works_thirty_days_or_until_nominations_are_due() -> None:
    assert rules.expires_at(application(), AT) == AT + 20 * DAY
    assert rules.expires_at(application(nominations_due_at=AT + 90 * DAY), AT) == AT + 30 * DAY


@pytest.mark.parametrize(("status", "after", "takes"), [
    ("draft", 5, True), ("draft", 15, False), ("submitted", 15, True), ("submitted", 21, False),
    ("returned", 15, True), ("nominated", 15, True), ("not_nominated", 5, False), ("withdrawn", 5, False),
])  # fmt: skip
def test_when_letters_are_taken(status: str, after: int, takes: bool) -> None:
    assert rules.takes_letters(application(status), AT + after * DAY) is takes


@pytest.mark.parametrize(("fields", "state", "reason"), [
    ({}, LetterState.ASKED, None),
    ({"expires_at": AT}, LetterState.EXPIRED, rules.EXPIRED),
    ({"declined_at": AT}, LetterState.DECLINED, rules.DECLINED),
    ({"received_at": AT, "expires_at": AT}, LetterState.ARRIVED, rules.ARRIVED),
])  # fmt: skip
def test_a_link_that_takes_nothing_says_why(fields: dict[str, object], state: LetterState, reason: object) -> None:
    assert rules.state(letter(**fields), AT) is state
    assert rules.why_closed(letter(**fields), application(), AT) == reason


def test_a_withdrawn_application_needs_no_letter() -> None:
    assert rules.why_closed(letter(), application("withdrawn"), AT) == rules.WITHDRAWN
    assert rules.why_closed(letter(), application("not_nominated"), AT) == rules.OVER


@pytest.mark.parametrize(("fields", "reason"), [
    ({}, None),
    ({"sent_at": AT - dt.timedelta(minutes=59)}, rules.TOO_SOON),
    ({"times_sent": 3}, rules.TOO_OFTEN),
    ({"declined_at": AT}, rules.HAS_DECLINED),
    ({"received_at": AT}, rules.HAS_ARRIVED),
    ({"expires_at": AT - DAY}, None),
])  # fmt: skip
def test_how_often_one_asks(fields: dict[str, object], reason: object) -> None:
    assert rules.why_not_again(letter(**fields), application(), AT) == reason


def test_nobody_was_asked() -> None:
    assert rules.why_not_again(None, application(), AT) == rules.NOT_ASKED
    assert rules.why_no_referee(None, application("withdrawn"), AT) == rules.TOO_LATE


def test_the_applicant_never_reads_whatever_else_they_are() -> None:
    made, requested = application(), RequestedDocument(purpose=Purpose.LETTER, position=1, shown_to_hosts=True)
    made.applicant_id = made.id
    secretary = Viewer(made.applicant_id, held=frozenset({Held(Role.SECRETARY)}))
    assert not rules.may_read(secretary, made, requested, seen_whole=True)
    assert rules.may_read(Viewer(made.call.id), made, requested, seen_whole=False)
    requested.shown_to_hosts = False
    assert not rules.may_read(Viewer(made.call.id), made, requested, seen_whole=False)
