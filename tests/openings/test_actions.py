import pytest
from sqlmodel import Session

from portal.accounts.viewer import VISITOR, viewer_of
from portal.calls.models import CallStatus
from portal.errors import Conflict, NotAllowed, NotFound
from portal.history import queries as history
from portal.openings import actions, queries
from portal.openings.models import Opening, OpeningStatus
from portal.openings.rules import Step
from tests import make
from tests.people import Cast


def an_opening(session: Session, cast: Cast, **fields: object) -> Opening:
    return make.opening(session, make.call(session), cast.host, **fields)


def test_an_opening_is_published_and_closed_with_history(session: Session, cast: Cast) -> None:
    opening, host = an_opening(session, cast, status=OpeningStatus.DRAFT), viewer_of(session, cast.host_coordinator)
    for step in Step:
        actions.take_step(session, opening, step, by=host)
    session.commit()
    assert opening.status is OpeningStatus.CLOSED
    assert [deed.deed for deed in history.deeds(session, "opening", opening.id)] == ["closed", "published"]


@pytest.mark.parametrize(("status", "step"), [("draft", "close"), ("published", "publish"), ("closed", "publish")])
def test_a_step_at_the_wrong_moment(session: Session, cast: Cast, status: str, step: str) -> None:
    opening = an_opening(session, cast, status=OpeningStatus(status))
    with pytest.raises(Conflict):
        actions.take_step(session, opening, Step(step), by=viewer_of(session, cast.host_coordinator))
    assert opening.status == status


@pytest.mark.parametrize("status", [CallStatus.DRAFT, CallStatus.CLOSED, CallStatus.ARCHIVED])
def test_a_call_that_is_not_published_takes_no_openings(session: Session, cast: Cast, status: CallStatus) -> None:
    call, host = make.call(session, status=status), viewer_of(session, cast.host_coordinator)
    with pytest.raises(Conflict):
        actions.draft_opening(session, call, cast.host.id, by=host)
    draft = make.opening(session, call, cast.host, status=OpeningStatus.DRAFT)
    with pytest.raises(Conflict):
        actions.take_step(session, draft, Step.PUBLISH, by=host)


def test_nobody_acts_for_a_government_they_do_not_coordinate(session: Session, cast: Cast) -> None:
    opening = an_opening(session, cast)
    for person in (cast.other_coordinator, cast.secretary, cast.stranger):
        viewer = viewer_of(session, person)
        with pytest.raises(NotAllowed):
            actions.draft_opening(session, opening.call, cast.host.id, by=viewer)
        with pytest.raises(NotAllowed):
            actions.edit_opening(session, opening, by=viewer, title="Theirs")
        with pytest.raises(NotAllowed):
            actions.change_capacity(session, opening, 9, taken=0, by=viewer)
        with pytest.raises(NotAllowed):
            actions.take_step(session, opening, Step.CLOSE, by=viewer)
    assert (opening.capacity, opening.status) == (2, "published")


def test_capacity_never_falls_below_what_is_taken(session: Session, cast: Cast) -> None:
    opening, host = an_opening(session, cast, capacity=3), viewer_of(session, cast.host_coordinator)
    with pytest.raises(Conflict):
        actions.change_capacity(session, opening, 1, taken=2, by=host)
    assert opening.capacity == 3
    actions.change_capacity(session, opening, 2, taken=2, by=host)
    session.commit()
    [deed] = history.deeds(session, "opening", opening.id)
    assert (deed.details["before"], deed.details["after"]) == ({"capacity": 3}, {"capacity": 2})


def test_the_history_keeps_no_free_text(session: Session, cast: Cast) -> None:
    opening = an_opening(session, cast)
    facts = {"tasks": "Ask Kim Cheol-su.", "level": "C1"}
    actions.edit_opening(session, opening, by=viewer_of(session, cast.host_coordinator), **facts)
    session.commit()
    [deed] = history.deeds(session, "opening", opening.id)
    assert deed.details == {"changed": ["level", "tasks"], "before": {"level": "B2"}, "after": {"level": "C1"}}


def test_who_sees_a_draft(session: Session, cast: Cast) -> None:
    draft = an_opening(session, cast, status=OpeningStatus.DRAFT)
    for person in (cast.host_coordinator, cast.secretary, cast.auditor):
        assert queries.get_visible(session, viewer_of(session, person), draft.id) is draft
    outsiders = [viewer_of(session, person) for person in (cast.other_coordinator, cast.stranger)]
    for viewer in (VISITOR, *outsiders):
        for get in (queries.get_visible, queries.lock_visible):
            with pytest.raises(NotFound):
                get(session, viewer, draft.id)


def test_what_is_on_offer(session: Session, cast: Cast) -> None:
    call = make.call(session)
    offered = make.opening(session, call, cast.host)
    for status in (OpeningStatus.DRAFT, OpeningStatus.CLOSED):
        make.opening(session, call, cast.host, status=status)
    make.opening(session, make.call(session, status=CallStatus.CLOSED), cast.host)
    assert queries.on_offer(session, viewer_of(session, cast.host_coordinator)) == ([offered], None)
    assert queries.published_in(session, call.id) == [offered]
    assert queries.locked(session, offered.id).government is cast.host


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"country": "KR"}, "host"),
        ({"country": "JP"}, "elsewhere"),
        ({"government": "JP-32"}, "elsewhere"),
        ({"language": "ko"}, "host"),
        ({"call": "first"}, "host"),
        ({"call": "second", "country": "JP", "language": "ru"}, "elsewhere"),
        ({"call": "first", "country": "JP"}, None),
        ({"call": "nowhere"}, None),
    ],
)
def test_the_list_is_narrowed(session: Session, cast: Cast, wanted: dict[str, str], expected: str | None) -> None:
    made = {
        "host": make.opening(session, make.call(session, slug="first"), cast.host, working_language="ko"),
        "elsewhere": make.opening(session, make.call(session, slug="second"), cast.elsewhere, working_language="ru"),
    }
    found, _next = queries.on_offer(session, VISITOR, **wanted)
    assert found == ([made[expected]] if expected else [])


def test_pages_follow_each_other_without_gap_or_repetition(
    session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "PAGE", 2)
    made = [an_opening(session, cast) for _ in range(5)]
    seen, after = queries.on_offer(session, VISITOR)
    while after:
        more, after = queries.on_offer(session, VISITOR, after=after)
        seen += more
    assert len(seen) == 5
    assert {opening.id for opening in seen} == {opening.id for opening in made}
