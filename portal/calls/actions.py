"""Writing calls, and what they ask for. Whoever calls these holds the call locked, unless it is new."""

import uuid
from collections.abc import Collection, Sequence
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from portal.accounts.viewer import Viewer
from portal.calls import queries, rules
from portal.calls.models import Call, CallStatus, HostCriterion, Purpose, Question, RequestedDocument
from portal.calls.rules import EDITABLE, STEPS, Move, Step, Weighted, unready
from portal.clock import now
from portal.errors import Conflict, NotAllowed, NotFound
from portal.history import actions as history
from portal.history.rules import changes
from portal.i18n import N_, Lazy

Asked = RequestedDocument | Question
T = TypeVar("T", RequestedDocument, Question)
WORDS = frozenset({"titles", "texts", "hints", "options"})
DONE = {Step.PUBLISH: "published", Step.CLOSE: "closed", Step.ARCHIVE: "archived"}
NEVER_COPIED = {"id", "slug", "status", "copied_from", "created_by", "created_at"}
GIVEN = N_("Applicants have already given files for this document, so it stays. Make it optional instead.")
ANSWERED = N_("Applicants have already answered this question, so it stays. Make it optional instead.")
WEIGHTS_STAY = N_(
    "Hosts have already given marks by these criteria, so criteria and weights stay. Mend their names instead."
)
KIND_STAYS = N_("Applicants have already answered this question, so its kind and options stay. Mend its texts instead.")


def draft_call(session: Session, slug: str, *, by: Viewer, **facts: Any) -> Call:
    """A new call that only the secretariat sees; `facts` are its columns. It asks for a CV."""
    call = _new_call(session, slug, by=by, **facts)
    add_document(session, call, by=by, purpose=Purpose.CV, shown_to_hosts=True)
    return call


def copy_call(session: Session, earlier: Call, slug: str, *, by: Viewer, **facts: Any) -> Call:
    """A draft with the texts, rules and all that is asked of people in an earlier call; `facts` are what differs."""
    same = earlier.model_dump(exclude=NEVER_COPIED)
    call = _new_call(session, slug, by=by, **{**same, **facts}, copied_from=earlier.id)
    asked: Sequence[Asked] = [*queries.documents(session, earlier.id), *queries.questions(session, earlier.id)]
    session.add_all(_copied(each, call) for each in [*asked, *queries.criteria(session, earlier.id)])
    session.flush()
    return call


def _new_call(session: Session, slug: str, *, by: Viewer, **facts: Any) -> Call:
    if not by.is_secretary:
        raise NotAllowed
    call = Call(slug=slug, created_by=by.id, **facts)
    session.add(call)
    session.flush()
    copied = {"copied_from": str(call.copied_from)} if call.copied_from else {}
    history.record(session, "created", "call", call.id, by=by.id, slug=slug, **copied)
    return call


def _copied(asked: Asked | HostCriterion, call: Call) -> Asked | HostCriterion:
    """The same for another call; nobody has answered it there, and no mark was given by it."""
    same = asked.model_dump(exclude={"id", "call_id", "answered_at", "marked_at"})
    return type(asked)(call_id=call.id, **same)


def edit_call(session: Session, call: Call, *, by: Viewer, **facts: Any) -> None:
    """Records what changed, with dates and numbers before and after; a published address stays."""
    ensure_editable(call, by=by)
    if call.status is not CallStatus.DRAFT:
        facts.pop("slug", None)
    _change(session, call, call, "edited", by=by, facts=facts)


def ensure_editable(call: Call, *, by: Viewer) -> None:
    if not by.is_secretary:
        raise NotAllowed
    if call.status not in EDITABLE:
        raise Conflict(N_("This call is closed, so it can no longer be changed. Make a new call instead."))


def take_step(session: Session, call: Call, step: Step, *, by: Viewer) -> None:
    """The only place that sets a call's status."""
    if not by.is_secretary:
        raise NotAllowed
    if (call.status, step) not in STEPS:
        raise Conflict(N_("This call is not in a state for that step. Go back and look at where it stands now."))
    wanting = unready(call, now()) if step is Step.PUBLISH else []
    if wanting:
        raise Conflict(wanting[0])
    call.status = STEPS[call.status, step]
    session.add(call)
    history.record(session, DONE[step], "call", call.id, by=by.id, slug=call.slug)


def add_document(session: Session, call: Call, *, by: Viewer, **facts: Any) -> RequestedDocument:
    """At the end of what the call asks for."""
    ensure_editable(call, by=by)
    made = RequestedDocument(call_id=call.id, position=_next(queries.documents(session, call.id)), **facts)
    return _add(session, call, made, "document", by=by, purpose=made.purpose)


def edit_document(session: Session, call: Call, document: RequestedDocument, *, by: Viewer, **facts: Any) -> None:
    ensure_editable(call, by=by)
    _change(session, call, document, "document edited", by=by, facts=facts, document=str(document.id))


def remove_document(session: Session, call: Call, document: RequestedDocument, *, by: Viewer) -> None:
    """Refused once an applicant gave a file for it. Files are known further up the street only: the database says."""
    ensure_editable(call, by=by)
    _remove(session, document, GIVEN)
    history.record(session, "document removed", "call", call.id, by=by.id, document=str(document.id))


def move_document(session: Session, call: Call, document_id: uuid.UUID, move: Move, *, by: Viewer) -> None:
    ensure_editable(call, by=by)
    if _reorder(queries.documents(session, call.id), document_id, move):
        history.record(session, f"document moved {move}", "call", call.id, by=by.id, document=str(document_id))


def add_question(session: Session, call: Call, *, by: Viewer, **facts: Any) -> Question:
    """At the end of the call's questions."""
    ensure_editable(call, by=by)
    made = Question(call_id=call.id, position=_next(queries.questions(session, call.id)), **facts)
    return _add(session, call, made, "question", by=by, kind=made.kind)


def edit_question(session: Session, call: Call, question: Question, *, by: Viewer, **facts: Any) -> None:
    """One that was answered keeps its kind, and every option that somebody may have chosen."""
    ensure_editable(call, by=by)
    codes = {option["code"] for option in facts.get("options", question.options)}
    is_other_kind = facts.get("kind", question.kind) is not question.kind
    if question.answered_at and (is_other_kind or rules.lost_options(question, codes)):
        raise Conflict(KIND_STAYS)
    _change(session, call, question, "question edited", by=by, facts=facts, question=str(question.id))


def remove_question(session: Session, call: Call, question: Question, *, by: Viewer) -> None:
    ensure_editable(call, by=by)
    if question.answered_at:
        raise Conflict(ANSWERED)
    _remove(session, question, ANSWERED)
    history.record(session, "question removed", "call", call.id, by=by.id, question=str(question.id))


def move_question(session: Session, call: Call, question_id: uuid.UUID, move: Move, *, by: Viewer) -> None:
    ensure_editable(call, by=by)
    if _reorder(queries.questions(session, call.id), question_id, move):
        history.record(session, f"question moved {move}", "call", call.id, by=by.id, question=str(question_id))


def mark_answered(session: Session, ids: Collection[uuid.UUID]) -> None:
    """From now on these questions keep their kind. What applicants answer lies further up the street."""
    fresh = sa.update(Question).where(col(Question.id).in_(ids), col(Question.answered_at).is_(None))
    session.execute(fresh.values(answered_at=now()))


def set_criteria(session: Session, call: Call, wanted: Sequence[Weighted], *, by: Viewer) -> None:
    """What hosts score by, all at once: it is right only as a whole."""
    ensure_editable(call, by=by)
    before = queries.lock_criteria(session, call.id)
    if not rules.may_weigh(before, wanted):
        raise Conflict(WEIGHTS_STAY)
    if [Weighted(each.id, each.names, each.weight) for each in before] == list(wanted):
        return
    left = {each.id: each for each in before}
    for position, row in enumerate(wanted, 1):
        criterion = left.pop(row.id, None) if row.id else None
        criterion = criterion or HostCriterion(call_id=call.id, position=position, names={}, weight=row.weight)
        criterion.sqlmodel_update({"position": position, "names": row.names, "weight": row.weight})
        session.add(criterion)
    for gone in left.values():
        session.delete(gone)
    session.flush()
    history.record(session, "criteria edited", "call", call.id, by=by.id, weights=[row.weight for row in wanted])


def mark_criteria(session: Session, call_id: uuid.UUID) -> None:
    """From now on their weights stay. The marks of hosts lie further up the street."""
    for each in queries.lock_criteria(session, call_id):
        each.marked_at = each.marked_at or now()


def _next(asked: Sequence[Asked]) -> int:
    return asked[-1].position + 1 if asked else 1


def _add(session: Session, call: Call, made: T, what: str, *, by: Viewer, **details: Any) -> T:
    session.add(made)
    session.flush()
    history.record(session, f"{what} added", "call", call.id, by=by.id, **{what: str(made.id)}, **details)
    return made


def _change(
    session: Session, call: Call, thing: Call | Asked, deed: str, *, by: Viewer, facts: dict[str, Any], **details: Any
) -> None:
    changed = changes(thing, facts, words=WORDS)
    if not changed:
        return
    thing.sqlmodel_update(facts)
    session.add(thing)
    history.record(session, deed, "call", call.id, by=by.id, **details, **changed)


def _remove(session: Session, asked: Asked, reason: Lazy) -> None:
    try:
        with session.begin_nested():
            session.delete(asked)
    except IntegrityError as error:
        raise Conflict(reason) from error


def _reorder(asked: Sequence[Asked], one: uuid.UUID, move: Move) -> bool:
    """Whether anything moved. Positions are counted anew, so that gaps of removed ones close."""
    before = [each.id for each in asked]
    if one not in before:
        raise NotFound
    after = rules.moved(before, one, move)
    for each in asked:
        each.position = after.index(each.id) + 1
    return after != before
