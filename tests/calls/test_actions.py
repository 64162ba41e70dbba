import datetime as dt
import uuid

import pytest
from sqlmodel import Session

from portal.accounts.viewer import Viewer, viewer_of
from portal.applications.models import Document
from portal.calls import actions, queries
from portal.calls.models import Call, CallStatus, Purpose, QuestionKind
from portal.calls.rules import Move, Step
from portal.clock import now
from portal.errors import Conflict, NotAllowed, NotFound
from portal.history import queries as history
from tests import make
from tests.people import Cast

DATES = {
    "opens_at": now() + dt.timedelta(days=30), "openings_due_at": now() + dt.timedelta(days=20),
    "applications_due_at": now() + dt.timedelta(days=60), "corrections_due_at": now() + dt.timedelta(days=70),
    "nominations_due_at": now() + dt.timedelta(days=80), "rankings_due_at": now() + dt.timedelta(days=90),
}  # fmt: skip
BEGUN = {**DATES, "titles": {"en": "Spring"}, "texts": {"en": ""}, "reference_on": dt.date(2027, 1, 1)}


@pytest.fixture
def secretary(session: Session, cast: Cast) -> Viewer:
    return viewer_of(session, cast.secretary)


def deeds(session: Session, call: Call) -> list[str]:
    session.commit()
    return [each.deed for each in history.deeds(session, "call", call.id)]


def test_a_call_goes_from_draft_to_archive_and_each_step_is_in_the_history(session: Session, secretary: Viewer) -> None:
    call = make.call(session, status=CallStatus.DRAFT)
    for step in Step:
        actions.take_step(session, call, step, by=secretary)
    session.commit()
    assert call.status is CallStatus.ARCHIVED
    done = history.deeds(session, "call", call.id)
    assert [deed.deed for deed in done] == ["archived", "closed", "published"]
    assert {deed.actor_id for deed in done} == {secretary.id}


@pytest.mark.parametrize(("status", "step"), [("draft", "close"), ("published", "publish"), ("archived", "close")])
def test_a_step_at_the_wrong_moment(session: Session, secretary: Viewer, status: str, step: str) -> None:
    call = make.call(session, status=CallStatus(status))
    with pytest.raises(Conflict):
        actions.take_step(session, call, Step(step), by=secretary)
    assert call.status == status


def test_an_incomplete_draft_is_not_published(session: Session, secretary: Viewer) -> None:
    call = make.call(session, status=CallStatus.DRAFT, texts={"en": ""})
    with pytest.raises(Conflict) as refused:
        actions.take_step(session, call, Step.PUBLISH, by=secretary)
    assert "in English" in str(refused.value.reason)
    assert call.status is CallStatus.DRAFT


def test_nobody_but_a_secretary_changes_anything(session: Session, cast: Cast) -> None:
    call = make.call(session)
    document, question = make.requested_document(session, call), make.question(session, call)
    for person in (cast.stranger, cast.auditor, cast.host_coordinator):
        viewer = viewer_of(session, person)
        for attempt in (
            lambda by: actions.draft_call(session, "mine", by=by, **BEGUN),
            lambda by: actions.copy_call(session, call, "mine", by=by, **DATES),
            lambda by: actions.edit_call(session, call, by=by, ranked_openings=1),
            lambda by: actions.take_step(session, call, Step.CLOSE, by=by),
            lambda by: actions.add_document(session, call, by=by, purpose=Purpose.LANGUAGE),
            lambda by: actions.edit_document(session, call, document, by=by, is_required=False),
            lambda by: actions.move_document(session, call, document.id, Move.UP, by=by),
            lambda by: actions.remove_document(session, call, document, by=by),
            lambda by: actions.add_question(session, call, by=by, kind=QuestionKind.DATE, texts={"en": "When?"}),
            lambda by: actions.edit_question(session, call, question, by=by, is_required=False),
            lambda by: actions.move_question(session, call, question.id, Move.UP, by=by),
            lambda by: actions.remove_question(session, call, question, by=by),
        ):
            with pytest.raises(NotAllowed):
                attempt(viewer)
    assert (call.ranked_openings, call.status) == (3, "published")
    assert deeds(session, call) == []


def test_a_changed_deadline_is_recorded_before_and_after(session: Session, secretary: Viewer) -> None:
    call = make.call(session)
    before, later = call.applications_due_at, call.applications_due_at + dt.timedelta(days=1)
    facts = {"applications_due_at": later, "titles": {"en": "Renamed"}, "age_from": call.age_from}
    actions.edit_call(session, call, by=secretary, slug="another-address", **facts)
    session.commit()
    [deed] = history.deeds(session, "call", call.id)
    assert deed.details == {
        "changed": ["applications_due_at", "titles"],
        "before": {"applications_due_at": before.isoformat()},
        "after": {"applications_due_at": later.isoformat()},
    }
    assert (call.applications_due_at, call.title("en")) == (later, "Renamed")
    assert call.slug != "another-address"


def test_an_edit_that_changes_nothing_leaves_no_trace(session: Session, secretary: Viewer) -> None:
    call = make.call(session)
    actions.edit_call(session, call, by=secretary, age_from=call.age_from)
    assert deeds(session, call) == []


def test_a_closed_call_is_not_edited(session: Session, secretary: Viewer) -> None:
    call = make.call(session, status=CallStatus.CLOSED)
    with pytest.raises(Conflict):
        actions.edit_call(session, call, by=secretary, age_from=20)
    with pytest.raises(Conflict):
        actions.add_question(session, call, by=secretary, kind=QuestionKind.DATE, texts={"en": "When?"})


def test_a_call_from_scratch_asks_for_a_cv(session: Session, secretary: Viewer) -> None:
    call = actions.draft_call(session, "spring", by=secretary, **BEGUN)
    [cv] = queries.documents(session, call.id)
    assert (cv.purpose, cv.is_required, cv.shown_to_hosts) == (Purpose.CV, True, True)
    assert deeds(session, call) == ["document added", "created"]


def test_a_copy_has_everything_of_the_earlier_call_but_its_dates_and_state(session: Session, secretary: Viewer) -> None:
    earlier = make.call(session, status=CallStatus.ARCHIVED, countries=["MN"], country_caps={"MN": 3}, age_to=24)
    make.requested_document(session, earlier, purpose=Purpose.OTHER, titles={"en": "Portfolio"})
    asked = make.question(session, earlier, "several", answered_at=now(), shown_to_hosts=True)
    call = actions.copy_call(session, earlier, "again", by=secretary, **DATES)
    assert (call.status, call.copied_from, call.opens_at) == (CallStatus.DRAFT, earlier.id, DATES["opens_at"])
    same = ("titles", "texts", "zone", "age_to", "countries", "country_caps", "reference_on", "nomination_quota")
    assert [getattr(call, name) for name in same] == [getattr(earlier, name) for name in same]
    [document], [question] = queries.documents(session, call.id), queries.questions(session, call.id)
    assert (document.purpose, document.titles) == (Purpose.OTHER, {"en": "Portfolio"})
    assert (question.kind, question.options, question.shown_to_hosts) == (asked.kind, asked.options, True)
    assert (question.answered_at, question.id != asked.id) == (None, True)
    session.commit()
    [created] = history.deeds(session, "call", call.id)
    assert created.details == {"slug": "again", "copied_from": str(earlier.id)}


def test_documents_are_added_moved_changed_and_removed(session: Session, secretary: Viewer) -> None:
    call = make.call(session)
    cv = make.requested_document(session, call)
    letter = actions.add_document(session, call, by=secretary, purpose=Purpose.LETTER)
    actions.move_document(session, call, letter.id, Move.UP, by=secretary)
    assert queries.documents(session, call.id) == [letter, cv]
    actions.move_document(session, call, letter.id, Move.UP, by=secretary)
    actions.edit_document(session, call, letter, by=secretary, hints={"en": "Of a teacher"}, is_required=False)
    actions.remove_document(session, call, cv, by=secretary)
    session.flush()
    assert queries.documents(session, call.id) == [letter] and not letter.is_required
    assert deeds(session, call) == ["document removed", "document edited", "document moved up", "document added"]
    [removed, edited, *_rest] = history.deeds(session, "call", call.id)
    assert removed.details == {"document": str(cv.id)}
    assert edited.details["changed"] == ["hints", "is_required"] and "teacher" not in str(edited.details)


def test_a_document_somebody_gave_a_file_for_stays(session: Session, cast: Cast, secretary: Viewer) -> None:
    application = make.application(session, applicant=cast.applicant)
    call = session.get_one(Call, application.call_id)
    cv = make.requested_document(session, call)
    file = make.stored_file(session, cast.applicant)
    make.saved(session, Document(application_id=application.id, requested_id=cv.id, file_id=file.id))
    with pytest.raises(Conflict) as refused:
        actions.remove_document(session, call, cv, by=secretary)
    assert "Make it optional" in str(refused.value.reason)
    session.expire_all()
    assert [each.id for each in queries.documents(session, call.id)][-1] == cv.id


def test_questions_are_added_moved_changed_and_removed(session: Session, secretary: Viewer) -> None:
    call = make.call(session)
    first = make.question(session, call)
    second = actions.add_question(session, call, by=secretary, kind=QuestionKind.DATE, texts={"en": "Since when?"})
    actions.move_question(session, call, first.id, Move.DOWN, by=secretary)
    assert queries.questions(session, call.id) == [second, first]
    actions.edit_question(session, call, second, by=secretary, kind=QuestionKind.NUMBER, texts={"en": "How long?"})
    actions.remove_question(session, call, first, by=secretary)
    session.flush()
    assert queries.questions(session, call.id) == [second] and second.kind is QuestionKind.NUMBER
    assert deeds(session, call) == ["question removed", "question edited", "question moved down", "question added"]
    assert "How long" not in str(history.deeds(session, "call", call.id)[1].details)


def test_an_answered_question_keeps_its_kind_and_its_options(session: Session, secretary: Viewer) -> None:
    call = make.call(session)
    question = make.question(session, call, "one")
    actions.mark_answered(session, [question.id])
    session.refresh(question)
    first = question.answered_at
    actions.mark_answered(session, [question.id])
    session.refresh(question)
    assert question.answered_at == first is not None
    more = [*question.options, {"code": "c", "texts": {"en": "New"}}]
    actions.edit_question(session, call, question, by=secretary, options=more, texts={"en": "Mended?"})
    assert len(question.options) == 3
    for facts in ({"kind": QuestionKind.SEVERAL}, {"options": more[1:]}):
        with pytest.raises(Conflict):
            actions.edit_question(session, call, question, by=secretary, **facts)
    with pytest.raises(Conflict):
        actions.remove_question(session, call, question, by=secretary)
    assert (question.kind, len(question.options)) == (QuestionKind.ONE, 3)


def test_what_another_call_asks_is_not_found(session: Session, secretary: Viewer) -> None:
    call, other = make.call(session), make.call(session)
    document, question = make.requested_document(session, other), make.question(session, other)
    for attempt in (
        lambda: queries.get_document(session, call, document.id),
        lambda: queries.get_question(session, call, question.id),
        lambda: queries.lock_question(session, call, question.id),
        lambda: actions.move_document(session, call, document.id, Move.UP, by=secretary),
        lambda: actions.move_question(session, call, uuid.uuid4(), Move.UP, by=secretary),
    ):
        with pytest.raises(NotFound):
            attempt()
