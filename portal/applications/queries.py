"""Reading applications. `visible_to` serves the lists and the pages alike."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload
from sqlmodel import Session, and_, col, exists, false, or_, select, true
from sqlmodel.sql.expression import SelectOfScalar

from portal.accounts.viewer import Viewer
from portal.applications import eligibility, rules
from portal.applications.eligibility import Facts, Finding
from portal.applications.models import Answer, Application, Choice, Document, Kinship, Letter, Namesake, Status, Version
from portal.applications.rules import Asked
from portal.applications.words import Part, Word
from portal.calls import rules as call_rules
from portal.calls.models import Call, Question, QuestionKind, RequestedDocument
from portal.clock import now
from portal.consents import queries as consents
from portal.consents import rules as consent_rules
from portal.consents.models import Programme
from portal.consents.rules import Standing
from portal.errors import Conflict, NotAllowed, NotFound
from portal.files.models import StoredFile
from portal.i18n import N_, Lazy
from portal.openings import queries as openings
from portal.openings.models import Opening, OpeningStatus
from portal.registry import queries as registry
from portal.registry.models import Government, Membership
from portal.registry.rules import search_words
from portal.waiting import Waiting

PAGE = 50
DOCUMENTS = selectinload(Application.documents).options(joinedload(Document.file), joinedload(Document.requested))
ANSWERS = (selectinload(Application.questions), selectinload(Application.answers).joinedload(Answer.file))
WHOLE = (
    joinedload(Application.call),
    joinedload(Application.applicant),
    joinedload(Application.home),
    selectinload(Application.languages),
    selectinload(Application.requested_documents),
    DOCUMENTS,
    selectinload(Application.letters).options(joinedload(Letter.file), joinedload(Letter.requested)),
    *ANSWERS,
    # The call too: reading an opening anew empties what is not asked for, and others may hold the same one.
    selectinload(Application.choices).joinedload(Choice.opening).options(*openings.ROW),
)


def visible_to(viewer: Viewer) -> SelectOfScalar[Application]:
    """Their own, or one that their office entered from paper; their government's once submitted; as host, the nominated
    who ranked an opening of theirs."""
    return select(Application).where(_seen_whole(viewer) | _seen_as_host(viewer), ~barred(viewer))


def seen_whole_by(viewer: Viewer) -> SelectOfScalar[Application]:
    """Of the visible ones those that are seen with everything in them, not only as a host sees candidates."""
    return select(Application).where(_seen_whole(viewer), ~barred(viewer))


def barred(viewer: Viewer) -> sa.ColumnElement[bool]:
    """Who declared to be kin of the applicant sees nothing of the application, in whatever role."""
    return exists().where(
        col(Kinship.application_id) == Application.id, col(Kinship.person_id) == viewer.person_id
    )  # fmt: skip


def spoken_for_by(viewer: Viewer) -> sa.Select[uuid.UUID]:
    """The ids of those for whom the viewer acts: `rules.acts_for` in the database's words.

    To be looked up in by whatever hangs on an application, so that it is found by the person and not by reading all.
    """
    entered = and_(col(Application.entered_by).is_not(None), col(Application.home_id).in_(viewer.governments))
    found = sa.select(col(Application.id)).where(or_(col(Application.applicant_id) == viewer.person_id, entered))
    return found.correlate(None)


def _seen_whole(viewer: Viewer) -> sa.ColumnElement[bool]:
    if viewer.is_secretary or viewer.is_auditor:
        return true()
    if not viewer.is_signed_in:
        return false()
    handled = col(Application.submitted_at).is_not(None) | col(Application.entered_by).is_not(None)
    of_theirs = and_(col(Application.home_id).in_(viewer.governments), handled)
    return or_(col(Application.applicant_id) == viewer.person_id, of_theirs)


def _seen_as_host(viewer: Viewer) -> sa.ColumnElement[bool]:
    if not viewer.governments:
        return false()
    ranked = exists().where(
        col(Choice.application_id) == Application.id,
        col(Choice.opening_id) == Opening.id,
        col(Opening.government_id).in_(viewer.governments),
    )
    return and_(col(Application.status) == Status.NOMINATED, ranked)


def get_visible(session: Session, viewer: Viewer, application_id: uuid.UUID) -> Application:
    """With everything that its pages show. Read anew, so that after a lock nothing is from before it."""
    query = visible_to(viewer).where(Application.id == application_id).options(*WHOLE)
    found = session.exec(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound
    return found


def lock_visible(session: Session, viewer: Viewer, application_id: uuid.UUID) -> Application:
    """The same, held until this transaction ends: whoever else takes a step on it waits."""
    session.exec(visible_to(viewer).where(Application.id == application_id).with_for_update(of=Application)).first()
    return get_visible(session, viewer, application_id)


def get_own(session: Session, viewer: Viewer, application_id: uuid.UUID) -> Application:
    """For the pages that only the applicant fills in, or who entered it from paper for them."""
    found = get_visible(session, viewer, application_id)
    if not rules.acts_for(viewer, found):
        raise NotAllowed
    return found


def is_seen_whole(viewer: Viewer, application: Application) -> bool:
    staff = viewer.is_secretary or viewer.is_auditor
    home = application.home_id in viewer.governments and rules.is_seen_by_home(application)
    return staff or home or rules.acts_for(viewer, application)


def started(session: Session, person_id: uuid.UUID, call_id: uuid.UUID) -> Application | None:
    query = select(Application).where(Application.applicant_id == person_id, Application.call_id == call_id)
    return session.exec(query).one_or_none()


class Page(NamedTuple):
    """Some rows, and the cursor of the next page if there is one."""

    rows: Sequence[Application]
    after: uuid.UUID | None


def own(session: Session, viewer: Viewer, *, after: uuid.UUID | None = None) -> Page:
    query = select(Application).where(Application.applicant_id == viewer.id).options(joinedload(Application.call))
    return paged(session, query, col(Application.created_at), after)


def paged(session: Session, query: SelectOfScalar[Application], time: Any, after: uuid.UUID | None) -> Page:
    """Newest first, by a key: a page stays right while rows are added before it."""
    key = sa.tuple_(time, col(Application.id))
    if after is not None:
        last = select(time, col(Application.id)).where(Application.id == after).subquery()
        query = query.where(key < select(*last.c).scalar_subquery())
    rows = session.exec(query.order_by(time.desc(), col(Application.id).desc()).limit(PAGE + 1)).all()
    return Page(rows[:PAGE], rows[PAGE - 1].id if len(rows) > PAGE else None)


def governments(session: Session, call: Call) -> dict[str, list[Government]]:
    """Whom an applicant of this call can name as home, by country."""
    query = select(Government).where(Government.status != Membership.FORMER)
    found: dict[str, list[Government]] = {}
    for government in registry.listed(session, query):
        if call_rules.admits(call, government):
            found.setdefault(government.country, []).append(government)
    return found


def objections(session: Session, application: Application, part: Part, data: Any) -> Mapping[str, Lazy]:
    """What only the database can find wrong with a part, by field."""
    if part is Part.HOME:
        return _wrong_home(session, application, data.home_id)
    return {}


def _wrong_home(session: Session, application: Application, home_id: uuid.UUID | None) -> dict[str, Lazy]:
    if rules.home_is_settled(application) and home_id != application.home_id:
        return {"home_id": rules.FIXED_HOME}
    if home_id is None or rules.home_is_settled(application):
        return {}
    home = session.get(Government, home_id)
    if home is None:
        return {"home_id": rules.UNKNOWN_HOME}
    return {} if call_rules.admits(application.call, home) else {"home_id": rules.NOT_ADMITTED}


def findings(session: Session, application: Application) -> list[Finding]:
    """What the call's conditions say about this application now."""
    return eligibility.findings(application, facts(session, application))


def facts(session: Session, application: Application) -> Facts:
    """What the conditions ask beside the application: in two queries, whoever it is."""
    placed = select(Application.id).where(
        Application.applicant_id == application.applicant_id,
        Application.call_id != application.call_id,
        col(Application.placed_at).is_not(None),
    )
    purposes = select(col(RequestedDocument.purpose)).where(RequestedDocument.call_id == application.call_id)
    return Facts(session.exec(placed.limit(1)).first() is not None, frozenset(session.exec(purposes)))


def standing(session: Session, application: Application) -> Standing:
    """Where the consents for this application stand: a guardian's, if the applicant is a minor."""
    ward, applicant_id = rules.ward_of(application), application.applicant_id
    return consents.standing(session, ward, applicant_id, Programme.INTERNSHIP, application.call_id)


def is_held_back(session: Session, application: Application) -> bool:
    """Whether a minor's guardian must agree first."""
    is_minor = consent_rules.is_minor(rules.ward_of(application), now())
    return is_minor and rules.is_held_back(standing(session, application))


def why_not_public(session: Session, application: Application) -> Lazy | None:
    """Why nothing of this applicant's is published: a minor's guardian must agree first."""
    return rules.GUARDIAN_FIRST if is_held_back(session, application) else None


def guardians_word(session: Session, application: Application) -> Word | None:
    """Where a minor's guardian stands; None for others, and while too little is filled in to tell."""
    if application.born_on is None or application.home is None or not application.nationality:
        return None
    return rules.guardians_word(standing(session, application))


def minors(session: Session, call_id: uuid.UUID, found: Sequence[Application]) -> dict[uuid.UUID, Standing]:
    """By id, those of one call's applications whose applicants are minors; in a few queries, however many."""
    at = now()
    wards = {each.applicant_id: rules.ward_of(each) for each in found}
    young = {person_id: ward for person_id, ward in wards.items() if consent_rules.is_minor(ward, at)}
    standings = consents.standings(session, young, Programme.INTERNSHIP, call_id)
    return {each.id: standings[each.applicant_id] for each in found if each.applicant_id in standings}


def versions(session: Session, application: Application) -> Sequence[Version]:
    """What was submitted, the first first: once, and once after each correction."""
    query = select(Version).where(Version.application_id == application.id)
    return session.exec(query.order_by(col(Version.number))).all()


def get_requested(application: Application, requested_id: uuid.UUID) -> rules.Wanted:
    """A document that the applicant uploads; a letter is asked of a referee instead."""
    for each in rules.wanted(application):
        if each.requested.id == requested_id and each.requested.purpose in rules.ACCEPTED:
            return each
    raise NotFound


def get_document(viewer: Viewer, application: Application, document_id: uuid.UUID) -> Document:
    """One that this viewer of the application may read: hosts only what the call shows them."""
    sees_all = is_seen_whole(viewer, application)
    for document in application.documents:
        if document.id == document_id and (sees_all or document.requested.shown_to_hosts):
            return document
    raise NotFound


def open_pairs_of(session: Session, viewer: Viewer, application: Application) -> int:
    """With how many others it waits to be compared, since they may be the same person's. The secretariat's alone."""
    if not (viewer.is_secretary or viewer.is_auditor):
        return 0
    in_pair = (col(Namesake.application_id) == application.id) | (col(Namesake.other_id) == application.id)
    query = select(sa.func.count()).select_from(Namesake).where(in_pair, col(Namesake.settled_at).is_(None))
    return session.exec(query).one()


def waiting_for(session: Session, viewer: Viewer) -> list[Waiting]:
    """For the home page: applications to decide on, and one's own to go on with."""
    to_decide = _waiting(
        session,
        col(Call.nominations_due_at),
        col(Application.status) == Status.SUBMITTED,
        col(Application.home_id).in_(viewer.governments),
        col(Application.applicant_id) != viewer.person_id,
        ~barred(viewer),
    )
    to_finish = _waiting(
        session,
        sa.func.coalesce(col(Application.correction_due_at), col(Call.applications_due_at)),
        col(Application.status).in_([Status.DRAFT, Status.RETURNED]),
        col(Application.applicant_id) == viewer.person_id,
    )
    found = [
        Waiting(to_decide[0], N_("Applications to decide on"), "/nominations", to_decide[1]),
        Waiting(to_finish[0], N_("Applications to go on with"), "/applications", to_finish[1]),
    ]
    return [waiting for waiting in found if waiting.count]


def _waiting(session: Session, due_at: Any, *conditions: sa.ColumnElement[bool]) -> tuple[int, dt.datetime | None]:
    """How many, and the first deadline of theirs that is still to come."""
    still_to_come = sa.func.min(sa.case((due_at > now(), due_at)))
    counted = sa.select(sa.func.count(), still_to_come).select_from(Application).join(Call).where(*conditions)
    number, first = session.execute(counted).one()
    return number, first


# Openings to choose from


class Openings(NamedTuple):
    """Some openings, and the cursor of the next page if there is one."""

    rows: Sequence[Opening]
    after: uuid.UUID | None


def offered(application: Application) -> SelectOfScalar[Opening]:
    """The call's published openings, without those of the applicant's own government unless the call allows them."""
    found = select(Opening).join(Government, col(Opening.government_id) == col(Government.id))
    found = found.where(Opening.call_id == application.call_id, Opening.status == OpeningStatus.PUBLISHED)
    if application.home_id is None or application.call.own_government_is_host:
        return found
    return found.where(Opening.government_id != application.home_id)


def choosable(
    session: Session, application: Application, *, q: str = "", government: str = "", after: uuid.UUID | None = None
) -> Openings:
    """A page of what is offered and not on the list yet, by the day it begins. `government` is an ISO code."""
    found = offered(application).where(col(Opening.id).not_in([choice.opening_id for choice in application.choices]))
    found = found.where(*(col(Opening.search_text).contains(word, autoescape=True) for word in search_words(q)))
    found = found.where(Government.code == government) if government else found
    key = sa.tuple_(col(Opening.starts_on), col(Opening.id))
    if after is not None:
        last = select(col(Opening.starts_on), col(Opening.id)).where(Opening.id == after)
        found = found.where(key > last.scalar_subquery())
    ordered = found.options(*openings.ROW).order_by(col(Opening.starts_on), col(Opening.id))
    rows = session.exec(ordered.limit(PAGE + 1)).all()
    return Openings(rows[:PAGE], rows[PAGE - 1].id if len(rows) > PAGE else None)


def hosts_of(session: Session, application: Application) -> Sequence[Government]:
    """The governments whose openings this applicant can choose."""
    offering = offered(application).with_only_columns(col(Opening.government_id))
    return registry.listed(session, select(Government).where(col(Government.id).in_(offering)))


def get_offered(session: Session, application: Application, opening_id: uuid.UUID) -> Opening:
    """Held until this transaction ends, so that it cannot be closed while it is put on a list."""
    query = offered(application).where(Opening.id == opening_id)
    found = session.exec(query.with_for_update(of=Opening, key_share=True)).one_or_none()
    if found is None:
        raise Conflict(rules.NOT_OFFERED)
    return found


def place_of(session: Session, application: Application, opening: Opening) -> int:
    """Where the opening stands on the applicant's list."""
    return session.exec(
        select(Choice.rank).where(Choice.application_id == application.id, Choice.opening_id == opening.id)
    ).one()


# The call's own questions


def lock_unanswered(session: Session, application: Application) -> None:
    """Of the call's questions those that nobody answered yet: none may change its kind while this one is written."""
    unanswered = select(Question).where(Question.call_id == application.call_id, col(Question.answered_at).is_(None))
    fresh = unanswered.execution_options(populate_existing=True)
    session.exec(fresh.order_by(col(Question.id)).with_for_update(key_share=True)).all()


def get_file_question(application: Application, question_id: uuid.UUID) -> Asked:
    for each in rules.asked(application):
        if each.question.id == question_id and each.question.kind is QuestionKind.FILE:
            return each
    raise NotFound


def get_answer_file(viewer: Viewer, application: Application, question_id: uuid.UUID) -> StoredFile:
    """One that this viewer of the application may read: hosts only what the call shows them."""
    found = get_file_question(application, question_id)
    if not (found.question.shown_to_hosts or is_seen_whole(viewer, application)):
        raise NotFound
    if found.answer is None or found.answer.file is None:
        raise NotFound
    return found.answer.file
