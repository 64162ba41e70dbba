"""When results are public, who publishes them, and what a choice of members departs from."""

import datetime as dt
import uuid

import pytest

from portal.accounts.models import Role
from portal.accounts.viewer import VISITOR, Held, Viewer
from portal.contests.models import Edition
from portal.i18n import Lazy
from portal.results import rules, words
from portal.results.models import Publication

AT = dt.datetime(2027, 6, 1, 9, tzinfo=dt.UTC)
MS = dt.timedelta(milliseconds=1)
DAY = dt.timedelta(days=1)
EDITION = Edition(id=uuid.uuid4())
ONE, OTHER = uuid.uuid4(), uuid.uuid4()


def _viewer(*roles: Role, judges: bool = False) -> Viewer:
    held = {Held(role) for role in roles} | ({Held(Role.JUDGE, edition_id=EDITION.id)} if judges else set())
    return Viewer(person_id=ONE, held=frozenset(held))


def _publication(*, is_confirmed: bool = True, publish_at: dt.datetime = AT, digest: str = "d") -> Publication:
    confirmed = {"confirmed_by": OTHER, "confirmed_at": AT - DAY} if is_confirmed else {}
    return Publication(
        edition_id=EDITION.id, publish_at=publish_at, ordered_by=ONE, ordered_at=AT - 2 * DAY, digest=digest,
        **confirmed,
    )  # fmt: skip


@pytest.mark.parametrize(("at", "expected"), [(AT - MS, False), (AT, True), (AT + MS, True)])
def test_the_instant_decides(at: dt.datetime, expected: bool) -> None:
    assert rules.is_public(_publication(), at) is expected


def test_what_nobody_confirmed_is_never_public() -> None:
    assert not rules.is_public(None, AT + DAY)
    assert not rules.is_public(_publication(is_confirmed=False), AT + DAY)


def test_secretaries_publish_who_do_not_judge_the_edition() -> None:
    assert rules.may_publish(_viewer(Role.SECRETARY), EDITION)
    for viewer in (_viewer(Role.AUDITOR), _viewer(Role.SECRETARY, judges=True), _viewer(Role.COORDINATOR), VISITOR):
        assert not rules.may_publish(viewer, EDITION)
    assert rules.may_see(_viewer(Role.AUDITOR), EDITION)
    assert not rules.may_see(_viewer(Role.AUDITOR, judges=True), EDITION)


def test_an_order_needs_decisions_and_a_time_ahead() -> None:
    def why(publish_at: dt.datetime, found: Publication | None = None, *, is_decided: bool = True) -> Lazy | None:
        return rules.why_not_ordered(found, publish_at, AT, is_decided=is_decided)

    assert why(AT) is None
    assert why(AT + DAY, _publication(publish_at=AT + MS)) is None
    assert why(AT - MS) == words.IN_THE_PAST
    assert why(AT + DAY, is_decided=False) == words.UNDECIDED
    assert why(AT + DAY, _publication()) == words.PUBLIC


def test_a_confirmation_is_of_what_was_seen_and_by_somebody_else() -> None:
    def why(found: Publication | None, at: dt.datetime = AT - MS, **given: object) -> Lazy | None:
        seen = rules.mark(found) if found else ""
        told = {"by": OTHER, "seen": seen, "digest": "d", **given}
        return rules.why_not_confirmed(found, at, **told)  # type: ignore[arg-type]

    ordered = _publication(is_confirmed=False)
    assert why(ordered) is None
    assert why(None) == words.NO_ORDER
    assert why(_publication()) == words.CONFIRMED
    assert why(ordered, by=ONE) == words.SAME_PERSON
    assert why(ordered, seen="") == words.MOVED
    assert why(ordered, digest="e") == words.CHANGED
    assert why(ordered, AT) == words.TOO_LATE
    at_once = _publication(is_confirmed=False, publish_at=AT - 2 * DAY)
    assert rules.is_at_once(at_once)
    assert why(at_once, AT) is None


def test_taken_back_until_the_instant() -> None:
    assert rules.why_not_taken_back(None, AT) == words.NO_ORDER
    assert rules.why_not_taken_back(_publication(), AT - MS) is None
    assert rules.why_not_taken_back(_publication(), AT) == words.PUBLIC
    assert rules.why_not_taken_back(_publication(is_confirmed=False), AT) is None


def test_another_instant_has_another_mark() -> None:
    assert rules.mark(_publication()) != rules.mark(_publication(publish_at=AT + MS))


def test_the_digest_does_not_depend_on_the_order_of_reading() -> None:
    rows = [("verdict", ONE, "awarded", None), ("verdict", OTHER, "commended", None)]
    assert rules.digest(rows) == rules.digest(reversed(rows))
    assert rules.digest(rows) != rules.digest(rows[:1])


def test_a_choice_departs_where_more_essays_are_passed_over() -> None:
    most, some, equal, few = (uuid.uuid4() for _ in range(4))
    entries = {most: 9, some: 4, equal: 4, few: 1}
    assert not rules.departs([], entries)
    assert not rules.departs([most, equal], entries)  # as many as the other
    assert rules.departs([some], entries)
    assert rules.departs([most, few], entries)


@pytest.mark.parametrize(("born_on", "expected"), [
    (None, True), (dt.date(2009, 6, 2), True), (dt.date(2009, 6, 1), False), (dt.date(1990, 1, 1), False),
])  # fmt: skip
def test_who_is_under_age(born_on: dt.date | None, expected: bool) -> None:
    assert rules.is_minor(born_on, AT.date()) is expected
