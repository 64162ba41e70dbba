import datetime as dt

import pytest
from sqlmodel import Session

from portal.accounts.viewer import viewer_of
from portal.calls import actions
from portal.calls.models import CallStatus
from portal.calls.rules import Step
from portal.errors import Conflict, NotAllowed
from portal.history import queries as history
from tests import make
from tests.people import Cast


def test_a_call_goes_from_draft_to_archive_and_each_step_is_in_the_history(session: Session, cast: Cast) -> None:
    call, secretary = make.call(session, status=CallStatus.DRAFT), viewer_of(session, cast.secretary)
    for step in Step:
        actions.take_step(session, call, step, by=secretary)
    session.commit()
    assert call.status is CallStatus.ARCHIVED
    deeds = history.deeds(session, "call", call.id)
    assert [deed.deed for deed in deeds] == ["archived", "closed", "published"]
    assert {deed.actor_id for deed in deeds} == {secretary.id}


@pytest.mark.parametrize(("status", "step"), [("draft", "close"), ("published", "publish"), ("archived", "close")])
def test_a_step_at_the_wrong_moment(session: Session, cast: Cast, status: str, step: str) -> None:
    call = make.call(session, status=CallStatus(status))
    with pytest.raises(Conflict):
        actions.take_step(session, call, Step(step), by=viewer_of(session, cast.secretary))
    assert call.status == status


def test_an_incomplete_draft_is_not_published(session: Session, cast: Cast) -> None:
    call = make.call(session, status=CallStatus.DRAFT, texts={"en": ""})
    with pytest.raises(Conflict) as refused:
        actions.take_step(session, call, Step.PUBLISH, by=viewer_of(session, cast.secretary))
    assert "in English" in str(refused.value.reason)
    assert call.status is CallStatus.DRAFT


def test_nobody_but_a_secretary_makes_edits_or_steps(session: Session, cast: Cast) -> None:
    call = make.call(session)
    for person in (cast.stranger, cast.auditor, cast.host_coordinator):
        viewer = viewer_of(session, person)
        with pytest.raises(NotAllowed):
            actions.draft_call(session, "mine", by=viewer)
        with pytest.raises(NotAllowed):
            actions.edit_call(session, call, call.slug, by=viewer, ranked_openings=1)
        with pytest.raises(NotAllowed):
            actions.take_step(session, call, Step.CLOSE, by=viewer)
    assert (call.ranked_openings, call.status) == (3, "published")


def test_a_changed_deadline_is_recorded_before_and_after(session: Session, cast: Cast) -> None:
    call = make.call(session)
    before, later = call.applications_due_at, call.applications_due_at + dt.timedelta(days=1)
    facts = {"applications_due_at": later, "titles": {"en": "Renamed"}, "age_from": call.age_from}
    actions.edit_call(session, call, "another-address", by=viewer_of(session, cast.secretary), **facts)
    session.commit()
    [deed] = history.deeds(session, "call", call.id)
    assert deed.details == {
        "changed": ["applications_due_at", "titles"],
        "before": {"applications_due_at": before.isoformat()},
        "after": {"applications_due_at": later.isoformat()},
    }
    assert (call.applications_due_at, call.title("en")) == (later, "Renamed")
    assert call.slug != "another-address"


def test_an_edit_that_changes_nothing_leaves_no_trace(session: Session, cast: Cast) -> None:
    call = make.call(session)
    actions.edit_call(session, call, call.slug, by=viewer_of(session, cast.secretary), age_from=call.age_from)
    session.commit()
    assert history.deeds(session, "call", call.id) == []


def test_a_closed_call_is_not_edited(session: Session, cast: Cast) -> None:
    call = make.call(session, status=CallStatus.CLOSED)
    with pytest.raises(Conflict):
        actions.edit_call(session, call, call.slug, by=viewer_of(session, cast.secretary), age_from=20)
