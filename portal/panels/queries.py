"""Reading the judges of an edition, and the offer behind a link."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload
from sqlmodel import Session, col, func, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from portal.accounts import queries as people
from portal.accounts.hindrances import hindrance
from portal.accounts.models import Person, Role
from portal.accounts.rules import mailbox
from portal.accounts.viewer import Viewer, token_digest
from portal.clock import now
from portal.contests.models import Edition
from portal.errors import Conflict, NotFound
from portal.i18n import N_, Lazy
from portal.invitations import queries as invitations
from portal.judging.models import Appointment, DeclaredConflict, Judge, JudgeStatus
from portal.judging.rules import takes_judges
from portal.panels import rules
from portal.panels.words import Standing
from portal.registry.models import Government

PAGE = 50
WITH = (joinedload(Judge.person), joinedload(Judge.government))
INCOMPLETE = N_("This link is incomplete, or a newer letter has replaced it. Open the newest one.")
OVER = N_("This contest no longer takes judges. Thank you for your time.")
ASKED_TO_JUDGE = N_("You are asked to judge this edition. Decline that, or have it taken back, before you screen it.")
WHY_CLOSED: dict[Standing, Lazy] = {
    Standing.ACCEPTED: N_("You have accepted this already. Sign in to find the essays that wait for you."),
    Standing.DECLINED: N_("You have declined this. Write to the secretariat if you have changed your mind."),
    Standing.TAKEN_BACK: N_("The secretariat has taken this question back. Ask there if you think this is wrong."),
    Standing.EXPIRED: N_("This link is older than fourteen days. Ask the secretariat for a new letter."),
    Standing.LEFT: N_("You no longer judge this contest. Thank you for what you have read."),
    Standing.EXCLUDED: N_("You no longer judge this contest."),
}


# For the secretariat


def visible_to(viewer: Viewer, edition: Edition) -> SelectOfScalar[Judge]:
    """All who were ever asked to judge the edition, for those who see its essays by code."""
    if not rules.may_see(viewer, edition):
        raise NotFound
    return select(Judge).where(Judge.edition_id == edition.id).options(*WITH)


@dataclass(frozen=True)
class Member:
    """A judge with how many essays they have, how many of them are done, and how many conflicts they declared."""

    judge: Judge
    standing: Standing
    appointed: int = 0
    submitted: int = 0
    conflicts: int = 0


def members(session: Session, viewer: Viewer, edition: Edition, after: str = "") -> tuple[list[Member], str]:
    """A page of judges in the order of their codes, and the cursor of the next."""
    listed = visible_to(viewer, edition).where(col(Judge.code) > after).order_by(col(Judge.code)).limit(PAGE + 1)
    found = list(session.exec(listed))
    return told(session, found[:PAGE]), found[PAGE - 1].code if len(found) > PAGE else ""


def told(session: Session, judges: Collection[Judge]) -> list[Member]:
    ids, at = [judge.id for judge in judges], now()
    loads, conflicts = _loads(session, ids), _conflicts(session, ids)
    return [
        Member(judge, rules.standing(judge, at), *loads.get(judge.id, (0, 0)), conflicts.get(judge.id, 0))
        for judge in judges
    ]


def _loads(session: Session, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, tuple[int, int]]:
    """What ended counts where it was submitted."""
    counted = sa.select(
        col(Appointment.judge_id), func.count(col(Appointment.id)), func.count(col(Appointment.locked_at))
    ).where(
        col(Appointment.judge_id).in_(ids),
        or_(col(Appointment.ended_at).is_(None), col(Appointment.locked_at).is_not(None)),
    )
    rows = session.execute(counted.group_by(col(Appointment.judge_id)))
    return {judge_id: (appointed, submitted) for judge_id, appointed, submitted in rows}


def _conflicts(session: Session, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, int]:
    counted = sa.select(col(DeclaredConflict.judge_id), func.count(col(DeclaredConflict.id)).label("declared"))
    of_these = counted.where(col(DeclaredConflict.judge_id).in_(ids)).group_by(col(DeclaredConflict.judge_id))
    return {row.judge_id: row.declared for row in session.execute(of_these)}


def get_judge(session: Session, viewer: Viewer, edition: Edition, code: str, *, lock: bool = False) -> Judge:
    wanted = visible_to(viewer, edition).where(Judge.code == code)
    found = session.exec(wanted.with_for_update(of=Judge) if lock else wanted).one_or_none()
    if found is None:
        raise NotFound
    return found


def replaced(session: Session, judge: Judge) -> Judge | None:
    """In whose place they were asked."""
    if judge.replaces_id is None:
        return None
    return session.exec(select(Judge).where(Judge.id == judge.replaces_id).options(*WITH)).one()


@dataclass(frozen=True)
class Declared:
    """A conflict with a government, or with an essay: then nothing here says with which."""

    government: Government | None
    conflict: DeclaredConflict


def declared(session: Session, judge_ids: Collection[uuid.UUID]) -> list[Declared]:
    """The conflicts that these judges declared, the oldest first."""
    found = sa.select(Government, DeclaredConflict).select_from(DeclaredConflict)
    found = found.outerjoin(Government, col(DeclaredConflict.government_id) == Government.id)
    of_these = found.where(col(DeclaredConflict.judge_id).in_(judge_ids))
    rows = session.execute(of_these.order_by(col(DeclaredConflict.declared_at), col(DeclaredConflict.id)))
    return [Declared(government, conflict) for government, conflict in rows]


def asked_already(session: Session, edition: Edition, email: str) -> Judge | None:
    """Whoever has this mailbox among those who judge the edition or were asked to, whatever they answered."""
    found = session.exec(select(Judge).where(Judge.edition_id == edition.id).options(*WITH)).all()
    return next((judge for judge in found if mailbox(email) in _mailboxes(judge)), None)


def _mailboxes(judge: Judge) -> set[str]:
    known = (judge.email, judge.person.email if judge.person else "")
    return {mailbox(email) for email in known if email}


def secretariat(session: Session, edition: Edition) -> list[Person]:
    """The secretaries who are told of answers: those who do not judge the edition themselves, and never did."""
    judged = set(session.exec(select(Judge.person_id).where(Judge.edition_id == edition.id)))
    all_of_them = [person for person in people.secretaries(session) if person.id not in judged]
    roles = people.roles_today(session, all_of_them)
    return [
        person for person in all_of_them
        if not any(grant.role is Role.JUDGE and grant.edition_id == edition.id for grant in roles[person.id])
    ]  # fmt: skip


# For who was asked


def by_token(session: Session, token: str, *, lock: bool = False) -> tuple[Judge, Edition]:
    """The open offer of a link. Raises NotFound for no link of ours, Conflict, which explains, for a dead one.

    `lock`: the edition first, as whoever asks for judges does.
    """
    wanted = select(Judge).where(Judge.token_digest == token_digest(token)).options(*WITH)
    found = session.exec(wanted).one_or_none()
    if found is None:
        raise NotFound(INCOMPLETE)
    edition = session.get_one(Edition, found.edition_id, with_for_update=lock)
    if lock:
        again = wanted.with_for_update(of=Judge).execution_options(populate_existing=True)
        found = session.exec(again).one_or_none()
    if found is None:
        raise NotFound(INCOMPLETE)
    if not rules.is_open(found, now()):
        raise Conflict(WHY_CLOSED[rules.standing(found, now())])
    if not takes_judges(edition):
        raise Conflict(OVER)
    return found, edition


@hindrance
def why_not_screen(session: Session, person: Person, role: Role, edition_id: uuid.UUID | None) -> Lazy | None:
    """Who is asked to judge an edition decides on that before they learn who wrote for it."""
    if role is not Role.SCREENER or edition_id is None or not person.email:
        return None
    return ASKED_TO_JUDGE if edition_id in _asked_to_judge(session, person, Judge.edition_id == edition_id) else None


def _asked_to_judge(session: Session, person: Person, *which: Any) -> set[uuid.UUID]:
    """The editions that somebody has an open offer to judge; the few open ones are compared by mailbox."""
    waiting = select(Judge).where(Judge.status == JudgeStatus.INVITED, col(Judge.expires_at) > now(), *which)
    mine = mailbox(person.address)
    return {judge.edition_id for judge in session.exec(waiting) if mine and mailbox(judge.email) == mine}


def kept_from(session: Session, viewer: Viewer) -> frozenset[uuid.UUID]:
    """The editions whose authors the viewer learns nothing of: those they judge or judged, or are asked to judge."""
    person = session.get(Person, viewer.person_id) if viewer.is_signed_in else None
    if person is None:
        return viewer.judged
    invited = invitations.editions_offered(session, person.email, Role.JUDGE)
    return viewer.judged | invited | _asked_to_judge(session, person)


# For judges


def own(session: Session, viewer: Viewer) -> list[tuple[Judge, Edition]]:
    """The editions that this person judges now."""
    found = sa.select(Judge, Edition).join(Edition, col(Judge.edition_id) == Edition.id).options(*WITH)
    mine = found.where(
        col(Judge.person_id) == viewer.id, col(Judge.status) == JudgeStatus.ACCEPTED,
        col(Judge.edition_id).in_(viewer.editions(Role.JUDGE)),
    )  # fmt: skip
    return [(judge, edition) for judge, edition in session.execute(mine.order_by(col(Edition.opens_at).desc()))]
