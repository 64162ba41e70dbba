"""Reading stays. Whose placement may be seen at all, the placements say."""

import datetime as dt
import uuid
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import joinedload
from sqlmodel import Session, and_, col, exists, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from portal.accounts import queries as accounts
from portal.accounts.viewer import Viewer
from portal.applications import actions as applications
from portal.applications import queries as whose
from portal.applications.models import Application
from portal.checkins import queries as checkins
from portal.checkins import rules as checkin_rules
from portal.checkins.models import CheckIn, Side
from portal.clock import now, today
from portal.errors import Conflict, NotFound
from portal.i18n import N_, Lazy
from portal.mail.rules import Recipient
from portal.openings.models import Opening
from portal.placements import queries as placements
from portal.placements.models import Placement, PlacementStatus
from portal.private_lines import queries as private_lines
from portal.stays import rules
from portal.stays.models import Duty, Evaluation, Extension, Reminder, Stay, Visa
from portal.stays.rules import Due, Facts
from portal.waiting import Waiting

PAGE = 50


def get_visible(session: Session, viewer: Viewer, placement_id: uuid.UUID) -> Placement:
    """A placement that has, or had, a stay."""
    placement = placements.get_visible(session, viewer, placement_id)
    if placement.status not in rules.STAYS:
        raise Conflict(rules.NO_STAY)
    return placement


def lock_with_application(session: Session, viewer: Viewer, placement_id: uuid.UUID) -> Placement:
    """The application first, as everywhere: nobody waits in a ring."""
    seen = placements.get_visible(session, viewer, placement_id)
    session.exec(select(Application).where(Application.id == seen.application_id).with_for_update()).one()
    return placements.lock_visible(session, viewer, placement_id)


def facts(session: Session, placement: Placement) -> Facts:
    return facts_of(session, [placement.id])[placement.id]


def facts_of(session: Session, placement_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Facts]:
    """Of each of these placements what is kept of its stay; nothing kept yet is an empty checklist."""
    query = select(Stay).where(col(Stay.placement_id).in_(placement_ids)).options(joinedload(Stay.insurance))
    stays = {each.placement_id: each for each in session.exec(query)}
    waiting = col(Extension.placement_id).in_(placement_ids), col(Extension.answered_at).is_(None)
    extensions = {each.placement_id: each for each in session.exec(select(Extension).where(*waiting))}
    entered = select(Evaluation).where(col(Evaluation.placement_id).in_(placement_ids))
    evaluations = {each.placement_id: each for each in session.exec(entered)}
    return {
        each: Facts(stays.get(each) or Stay(placement_id=each), extensions.get(each), evaluations.get(each))
        for each in placement_ids
    }


def evaluation(session: Session, placement: Placement) -> Evaluation | None:
    """The supervisor's, for the certificate."""
    return session.get(Evaluation, placement.id)


def extensions(session: Session, placement: Placement) -> Sequence[Extension]:
    query = select(Extension).where(Extension.placement_id == placement.id).order_by(col(Extension.asked_at))
    return session.exec(query).all()


def insurance(session: Session, placement: Placement) -> Stay:
    """The stay with its proof of insurance."""
    found = facts(session, placement).stay
    if found.insurance is None:
        raise NotFound
    return found


def concerned(session: Session, placement: Placement, *, but: uuid.UUID | None = None) -> list[Recipient]:
    """Everybody whom the stay concerns: intern, host, home government and secretariat, each once."""
    found = [*interns(session, placement), *hosts(session, placement), *homes(session, placement)]
    found += secretariat(session, placement)
    return without(found, but)


def without(found: Sequence[Recipient], person_id: uuid.UUID | None) -> list[Recipient]:
    """Each once, and not who did it."""
    each = {(to.address, to.passes_on_to): to for to in found if to.person_id != person_id}
    return list(each.values())


def interns(session: Session, placement: Placement) -> list[Recipient]:
    return [applications.addressee(session, placement.application)]


def hosts(session: Session, placement: Placement) -> list[Recipient]:
    return [accounts.recipient(person) for person in checkins.hosts_of(session, placement)]


def homes(session: Session, placement: Placement) -> list[Recipient]:
    return [accounts.recipient(person) for person in checkins.homes_of(session, placement)]


def secretariat(session: Session, placement: Placement) -> list[Recipient]:
    return [accounts.recipient(person) for person in checkins.secretaries_of(session, placement)]


# The list of stays


class Listed(NamedTuple):
    """A stay in the list, with what is late about it."""

    placement: Placement
    late: list[Due]
    visa_refused: bool


def listed(
    session: Session, viewer: Viewer, *, shown: str = "", after: uuid.UUID | None = None
) -> tuple[list[Listed], uuid.UUID | None]:
    """A page of stays, the earliest first, and where the next one begins."""
    query = placements.visible_to(viewer).where(_shown(viewer, shown))
    if after is not None:
        last = select(col(Placement.starts_on), col(Placement.id)).where(Placement.id == after)
        query = query.where(sa.tuple_(col(Placement.starts_on), col(Placement.id)) > last.scalar_subquery())
    whole = (
        joinedload(Placement.opening).joinedload(Opening.government),
        joinedload(Placement.application).joinedload(Application.home),
    )
    ordered = query.options(*whole).order_by(col(Placement.starts_on), col(Placement.id))
    found = session.exec(ordered.limit(PAGE + 1)).all()
    return _with_lateness(session, found[:PAGE]), found[PAGE - 1].id if len(found) > PAGE else None


def _shown(viewer: Viewer, shown: str) -> sa.ColumnElement[bool]:
    if shown == "messages":
        return private_lines.awaiting(viewer)
    if shown == "late":
        return needs_a_look()
    one = [status for status in rules.STAYS if status == shown]
    return col(Placement.status).in_(one or sorted(rules.STAYS))


def _with_lateness(session: Session, found: Sequence[Placement]) -> list[Listed]:
    return [
        Listed(placement, [due for due in dues if due.to_secretariat], known.stay.visa is Visa.REFUSED)
        for placement, known, dues in reminders(session, found)
    ]


def reminders(session: Session, found: Sequence[Placement]) -> Iterator[tuple[Placement, Facts, list[Due]]]:
    """Of each of these placements the newest due reminder of every duty that is undone."""
    for placement, known, given in with_facts(session, found):
        day = checkin_rules.today_there(placement, now())
        yield placement, known, rules.reminders(placement, known, given, day)


def with_facts(
    session: Session, found: Sequence[Placement]
) -> Iterator[tuple[Placement, Facts, set[tuple[int, Side]]]]:
    """Each of these with what is known of its stay, and the check-ins that were filled in."""
    ids = [placement.id for placement in found]
    known, given = facts_of(session, ids), checkins.given(session, ids)
    for placement in found:
        yield placement, known[placement.id], {(each.number, each.side) for each in given[placement.id]}


def to_remind(session: Session, last: dt.datetime) -> Sequence[Placement]:
    """The stays that run, and those that begin until then or should have begun; with no more than messages tell."""
    near = and_(
        Placement.status == PlacementStatus.AGREED, col(Placement.starts_on) <= last.date() + dt.timedelta(days=1)
    )
    query = select(Placement).where(or_(near, Placement.status == PlacementStatus.ACTIVE))
    return session.exec(query.options(*placements.ROW).order_by(col(Placement.id))).all()


def needs_a_look() -> sa.ColumnElement[bool]:
    """No start, no visa, no completion in time; or a check-in of which the secretariat was told is still missing."""
    filled = exists().where(
        col(CheckIn.placement_id) == col(Reminder.placement_id), col(CheckIn.number) == col(Reminder.number),
        col(CheckIn.side) == col(Reminder.side),
    )  # fmt: skip
    missing = exists().where(
        col(Reminder.placement_id) == Placement.id, col(Reminder.duty) == Duty.CHECK_IN,
        col(Reminder.to_secretariat), ~filled,
    )  # fmt: skip
    refused = exists().where(col(Stay.placement_id) == Placement.id, col(Stay.visa) == Visa.REFUSED)
    day, agreed = today(), col(Placement.status) == PlacementStatus.AGREED
    return or_(
        and_(agreed, or_(refused, col(Placement.starts_on) <= day - _told(Duty.START))),
        and_(
            Placement.status == PlacementStatus.ACTIVE,
            or_(missing, col(Placement.ends_on) <= day - _told(Duty.COMPLETION)),
        ),
    )


def _told(duty: Duty) -> dt.timedelta:
    """How long after its day the secretariat is told of a duty."""
    return dt.timedelta(days=next(days for days, to_secretariat in rules.STAGES[duty] if to_secretariat))


# The home page


def waiting_for(session: Session, viewer: Viewer) -> list[Waiting]:
    """For interns, hosts and the secretariat; the check-ins tell of theirs themselves."""
    hosted = col(Opening.government_id).in_(viewer.governments)
    is_evaluated = exists().where(col(Evaluation.placement_id) == Placement.id)
    agreed, active = col(Placement.status) == PlacementStatus.AGREED, col(Placement.status) == PlacementStatus.ACTIVE
    before, during = "/stays?show=agreed", "/stays?show=active"
    starts, ends = col(Placement.starts_on), col(Placement.ends_on)
    rows: list[tuple[Lazy, str, tuple[sa.ColumnElement[bool], ...]]] = [
        (N_("Things to do before departure"), before, (_speaks_for_intern(viewer), _is_unprepared())),
        (N_("Stays to confirm"), before, (hosted, agreed, starts <= today())),
        (N_("Evaluations to enter"), during, (hosted, active, ~is_evaluated, ends <= today() + rules.EVALUATED)),
        (N_("Stays to complete"), during, (hosted, active, is_evaluated, ends <= today())),
        (N_("Wishes for a later last day, to answer"), during, (active, _asks(viewer))),
    ]
    if viewer.is_secretary:
        rows.append((N_("Stays that need a look"), "/stays?show=late", (needs_a_look(),)))
    visible = placements.visible_to(viewer)
    return [Waiting(_count(session, visible.where(*wanted)), text, href) for text, href, wanted in rows]


def _speaks_for_intern(viewer: Viewer) -> sa.ColumnElement[bool]:
    return col(Placement.application_id).in_(whose.spoken_for_by(viewer))


def _is_unprepared() -> sa.ColumnElement[bool]:
    prepared = exists().where(
        col(Stay.placement_id) == Placement.id, col(Stay.insurance_id).is_not(None),
        col(Stay.arrives_on).is_not(None), col(Stay.visa).in_([Visa.NOT_NEEDED, Visa.GRANTED]),
    )  # fmt: skip
    return and_(Placement.status == PlacementStatus.AGREED, ~prepared)


def _asks(viewer: Viewer) -> sa.ColumnElement[bool]:
    """The other side asks this viewer for a later last day."""
    waits = col(Extension.placement_id) == Placement.id, col(Extension.answered_at).is_(None)
    of_intern = and_(exists().where(*waits, col(Extension.side) == Side.INTERN),
                     col(Opening.government_id).in_(viewer.governments))  # fmt: skip
    return or_(of_intern, and_(exists().where(*waits, col(Extension.side) == Side.HOST), _speaks_for_intern(viewer)))


def _count(session: Session, query: SelectOfScalar[Placement]) -> int:
    return session.exec(select(sa.func.count()).select_from(query.subquery())).one()
