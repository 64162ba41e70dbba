import datetime as dt
import itertools

import pytest
from sqlmodel import Session

from portal.accounts.viewer import VISITOR, viewer_of
from portal.calls import queries, rules
from portal.calls.models import CallStatus
from portal.clock import now
from portal.errors import NotFound
from tests import make
from tests.people import Cast

TICK = dt.timedelta(milliseconds=1)


def test_the_database_and_the_rules_agree_on_what_is_open(session: Session) -> None:
    calls = [make.call(session, status=status) for status in CallStatus]
    edges = [edge for call in calls for edge in (call.opens_at, call.applications_due_at)]
    for edge, shift in itertools.product(edges, (-TICK, dt.timedelta(), TICK)):
        found = queries.open_calls(session, edge + shift)
        assert found == [call for call in calls if rules.is_open(call, edge + shift)]


def test_drafts_are_the_secretariats(session: Session, cast: Cast) -> None:
    draft = make.call(session, status=CallStatus.DRAFT)
    for person in (cast.secretary, cast.auditor):
        assert queries.get_visible(session, viewer_of(session, person), draft.slug) is draft
    outsiders = [viewer_of(session, person) for person in (cast.stranger, cast.host_coordinator)]
    for viewer in (VISITOR, *outsiders):
        with pytest.raises(NotFound):
            queries.get_visible(session, viewer, draft.slug)
        with pytest.raises(NotFound):
            queries.lock_visible(session, viewer, draft.slug)
        assert queries.other_calls(session, viewer, now()) == ([], None)


@pytest.mark.parametrize("status", [CallStatus.PUBLISHED, CallStatus.CLOSED, CallStatus.ARCHIVED])
def test_what_was_published_stays_visible(session: Session, status: CallStatus) -> None:
    call = make.call(session, status=status)
    assert queries.get_visible(session, VISITOR, call.slug) is call


def test_pages_follow_each_other_without_gap_or_repetition(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "PAGE", 2)
    opened = now() - dt.timedelta(days=90)
    made = [make.call(session, status=CallStatus.CLOSED, opens_at=opened) for _ in range(5)]
    seen, after = queries.other_calls(session, VISITOR, now())
    while after:
        more, after = queries.other_calls(session, VISITOR, now(), after)
        seen += more
    assert len(seen) == 5
    assert {call.id for call in seen} == {call.id for call in made}
