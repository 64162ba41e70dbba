"""Reading the jury's meeting and its decisions; who may not sit there."""

import uuid
from collections.abc import Collection
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import joinedload
from sqlmodel import Session, col, func, select

from portal.accounts.models import Person, Role
from portal.accounts.rules import mailbox
from portal.accounts.viewer import Viewer
from portal.consents.models import Case, ConsentGuardian, Programme
from portal.contests import queries as contests
from portal.contests.models import Edition
from portal.errors import NotAllowed, NotFound
from portal.essays.models import Essay
from portal.essays.rules import JUDGED
from portal.i18n import N_, Lazy
from portal.judging.hindrances import hindrance
from portal.judging.models import Appointment, Judge, Round
from portal.juries import rules
from portal.juries.models import Meeting, Verdict, Withheld
from portal.screening import queries as screening
from portal.waiting import Waiting

KNOWS = N_("You know, or may know, who wrote what in this edition, so you do not sit with its jury.")

STAND_STILL = N_("The jury has met on the order of these marks, so they stand still.")


# Who


def get_visible(session: Session, viewer: Viewer, slug: str) -> Edition:
    """The edition, for whoever may look at its jury."""
    return _seen(session, viewer, contests.get_visible(session, viewer, slug))


def lock_visible(session: Session, viewer: Viewer, slug: str) -> Edition:
    """The same for whoever decides there: nobody else decides, or takes finalists, meanwhile."""
    edition = _seen(session, viewer, contests.lock_visible(session, viewer, slug))
    if not rules.may_decide(viewer, edition):
        raise NotAllowed
    return edition


def _seen(session: Session, viewer: Viewer, edition: Edition) -> Edition:
    if not rules.may_look(viewer, edition):
        raise NotFound
    if is_barred(session, viewer, edition):
        raise NotAllowed(KNOWS)
    return edition


def is_barred(session: Session, viewer: Viewer, edition: Edition) -> bool:
    """Who ever judged the edition, knows an author, or is named as an author's guardian."""
    person = session.get_one(Person, viewer.id)
    return (
        contests.has_ever_been(session, person.id, Role.JUDGE, edition.id)
        or screening.knows_authors(session, person, edition.id)
        or _is_guardian(session, person, edition)
    )


def _is_guardian(session: Session, person: Person, edition: Edition) -> bool:
    if not person.email:
        return False
    named = select(ConsentGuardian.email).join(Case).where(
        Case.programme == Programme.CONTEST, Case.round_id == edition.id
    )  # fmt: skip
    return any(mailbox(each) == mailbox(person.address) for each in session.exec(named) if each)


# The meeting


def meeting(session: Session, edition_id: uuid.UUID) -> Meeting | None:
    return session.exec(select(Meeting).where(Meeting.edition_id == edition_id)).one_or_none()


def has_met(session: Session, edition_id: uuid.UUID) -> bool:
    """Whether the jury's meeting was opened: from then on marks and appointments stand still."""
    return meeting(session, edition_id) is not None


@hindrance
def why_marks_stand(session: Session, edition: Edition) -> Lazy | None:
    return STAND_STILL if has_met(session, edition.id) else None


def verdicts(session: Session, edition_id: uuid.UUID) -> list[Verdict]:
    """All that stand, with essay and award: those of essays that fell out are not among them."""
    return _verdicts(session, edition_id, col(Essay.status).in_(JUDGED))


def fallen_out(session: Session, edition_id: uuid.UUID) -> list[Verdict]:
    """What was decided about essays that were disqualified or withdrawn since."""
    return _verdicts(session, edition_id, col(Essay.status).not_in(JUDGED))


def _verdicts(session: Session, edition_id: uuid.UUID, which: sa.ColumnElement[bool]) -> list[Verdict]:
    found = select(Verdict).join(Verdict.essay).where(Verdict.edition_id == edition_id, which)
    wanted = found.options(joinedload(Verdict.essay), joinedload(Verdict.award))
    return list(session.exec(wanted.order_by(col(Essay.code))))


def withheld(session: Session, edition_id: uuid.UUID) -> list[Withheld]:
    found = select(Withheld).where(Withheld.edition_id == edition_id)
    return list(session.exec(found.order_by(col(Withheld.decided_at), col(Withheld.id))))


def confirmed(session: Session, edition: Edition) -> list[Verdict]:
    """What the jury decided, once somebody confirmed it all; with essay and award."""
    found = meeting(session, edition.id)
    return [] if found is None or found.confirmed_at is None else verdicts(session, edition.id)


def lock_essays(session: Session, edition: Edition, codes: Collection[str]) -> dict[str, Essay]:
    """Those of the edition with these codes that are still in, by code."""
    found = select(Essay).where(
        Essay.edition_id == edition.id, col(Essay.code).in_(codes), col(Essay.status).in_(JUDGED)
    )  # fmt: skip
    return {str(each.code): each for each in session.exec(found.order_by(col(Essay.id)).with_for_update())}


# What judges wrote


class Note(NamedTuple):
    """What a judge, by code, wrote with the marks of a round; the comment is for the author, the note for the jury."""

    judge: str
    round: Round
    comment: str
    is_comment_hidden: bool
    private_note: str


def notes(session: Session, essay_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[Note]]:
    """By essay: of submitted marks that count only."""
    asked = sa.select(
        col(Appointment.essay_id), col(Judge.code), col(Appointment.round), col(Appointment.comment),
        col(Appointment.comment_hidden_by).is_not(None), col(Appointment.private_note),
    ).join(Judge, col(Appointment.judge_id) == Judge.id).where(
        col(Appointment.essay_id).in_(essay_ids), col(Appointment.locked_at).is_not(None),
        col(Appointment.ended_at).is_(None), col(Judge.excluded_at).is_(None),
        sa.or_(col(Appointment.comment) != "", col(Appointment.private_note) != ""),
    )  # fmt: skip
    found: dict[uuid.UUID, list[Note]] = {}
    for essay_id, *rest in session.execute(asked.order_by(col(Appointment.round), col(Judge.code))):
        found.setdefault(essay_id, []).append(Note(*rest))
    return found


# What waits


def waiting_for(session: Session, viewer: Viewer) -> list[Waiting]:
    """Decisions of others that need a second person. Nothing of an edition in which the viewer does not sit."""
    if not viewer.is_secretary:
        return []
    found = [*_to_confirm(session, viewer, Verdict), *_to_confirm(session, viewer, Withheld)]
    closed = sa.select(col(Meeting.edition_id), sa.literal(1)).where(
        col(Meeting.closed_at).is_not(None), col(Meeting.confirmed_at).is_(None), col(Meeting.closed_by) != viewer.id
    )
    meetings = list(session.execute(closed))
    wanted = {edition_id for edition_id, _count in (*found, *meetings)}
    slugs = {each.id: each.slug for each in _sat_in(session, viewer, wanted)}
    return [
        *_lines(found, slugs, N_("Decisions to confirm")),
        *_lines(meetings, slugs, N_("Jury meeting to confirm")),
    ]


def _to_confirm(session: Session, viewer: Viewer, table: type[Verdict | Withheld]) -> list[tuple[uuid.UUID, int]]:
    open_ = sa.select(col(table.edition_id), func.count()).join(Meeting, col(Meeting.edition_id) == table.edition_id)
    open_ = open_.where(
        col(table.confirmed_at).is_(None), col(table.decided_by) != viewer.id, col(Meeting.closed_at).is_(None)
    )
    if table is Verdict:
        open_ = open_.join(Essay, col(Verdict.essay_id) == Essay.id)
        open_ = open_.where(col(Verdict.departs), col(Essay.status).in_(JUDGED))
    return [(edition_id, count) for edition_id, count in session.execute(open_.group_by(col(table.edition_id)))]


def _sat_in(session: Session, viewer: Viewer, edition_ids: Collection[uuid.UUID]) -> list[Edition]:
    if not edition_ids:
        return []
    found = session.exec(select(Edition).where(col(Edition.id).in_(edition_ids)))
    return [each for each in found if rules.may_decide(viewer, each) and not is_barred(session, viewer, each)]


def _lines(found: Collection[tuple[uuid.UUID, int]], slugs: dict[uuid.UUID, str], text: str) -> list[Waiting]:
    counts: dict[uuid.UUID, int] = {}
    for edition_id, count in found:
        counts[edition_id] = counts.get(edition_id, 0) + count
    return [
        Waiting(count, text, f"/contests/{slugs[edition_id]}/jury")  # type: ignore[arg-type]
        for edition_id, count in counts.items()
        if edition_id in slugs
    ]
