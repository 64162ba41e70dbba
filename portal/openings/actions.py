"""Writing openings and hosts."""

import uuid
from collections.abc import Collection, Iterable, Mapping
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from portal.accounts.viewer import Viewer
from portal.calls.models import Call
from portal.calls.rules import accepts_openings
from portal.clock import now
from portal.errors import Conflict, NotAllowed
from portal.history import actions as history
from portal.history.rules import changes
from portal.i18n import N_
from portal.openings import queries, rules
from portal.openings.models import Benefit, Host, HostKind, Opening, OpeningField, OpeningLanguage, OpeningStatus
from portal.openings.rules import STEPS, Step
from portal.registry.models import Government

WORDS = frozenset({"title", "tasks", "place", "benefits_note"})
HOST_WORDS = frozenset({"name", "address", "website", "contact_name", "contact_email", "contact_phone"})
DONE = {
    Step.PUBLISH: "published",
    Step.CLOSE: "closed",
    Step.WITHDRAW: "closed by the secretariat",
    Step.GIVE_UP: "withdrawn by the host",
}
NOT_TAKEN = N_("This call takes no openings at the moment. Look at its dates, or ask the secretariat.")


def draft_opening(
    session: Session, call: Call, host: Host, *, by: Viewer, capacity: int, copied_from: uuid.UUID | None = None,
    **facts: Any,
) -> Opening:  # fmt: skip
    """A new opening at a host of a government that `by` coordinates; `facts` as in `rules.stands`."""
    if not by.coordinates(host.government_id):
        raise NotAllowed
    ensure_accepting(call)
    owned = {"call_id": call.id, "government_id": host.government_id, "host_id": host.id, "copied_from": copied_from}
    plain = {name: facts[name] for name in facts.keys() & set(rules.PLAIN)}
    opening = Opening(**{**plain, **owned}, capacity=capacity, slug="", created_by=by.id)
    opening.call, opening.host = call, host
    opening.government = session.get_one(Government, host.government_id)
    _keep(opening, facts)
    session.add(opening)
    history.record(session, "created", "opening", opening.id, by=by.id, capacity=capacity)
    return opening


def edit_opening(session: Session, opening: Opening, *, by: Viewer, host: Host | None = None, **facts: Any) -> None:
    """Everything but the capacity, which `change_capacity` keeps. A host is one of the same government."""
    ensure_editable(opening, by=by)
    if host is not None:
        facts["host_id"] = host.id
    changed = changes(SimpleNamespace(**rules.stands(opening)), facts, words=WORDS)
    if not changed:
        return
    opening.host = host or opening.host
    _keep(opening, facts)
    session.add(opening)
    history.record(session, "edited", "opening", opening.id, by=by.id, **changed)


def _keep(opening: Opening, facts: Mapping[str, Any]) -> None:
    opening.sqlmodel_update({name: value for name, value in facts.items() if name in rules.PLAIN})
    if "languages" in facts:
        opening.languages = [
            OpeningLanguage(opening_id=opening.id, language=language, level=level)
            for language, level in facts["languages"].items()
        ]
    if "fields" in facts:
        opening.fields = [OpeningField(opening_id=opening.id, field=field) for field in facts["fields"]]
    _name(opening)


def _name(opening: Opening) -> None:
    """What follows from the names in it: how it is found, and its address until it is published."""
    opening.search_text = rules.search_text(opening)
    if opening.status is OpeningStatus.DRAFT:
        opening.slug = rules.slug(opening)


def keep_benefits(session: Session, opening: Opening, rows: Iterable[Mapping[str, Any]], *, by: Viewer) -> None:
    """These and no others, in this order."""
    ensure_editable(opening, by=by)
    wanted, stand = [dict(row) for row in rows], [rules.offered(each) for each in opening.benefits]
    if wanted == stand:
        return
    opening.benefits = [Benefit(position=position, **row) for position, row in enumerate(wanted, 1)]
    session.add(opening)
    history.record(session, "benefits changed", "opening", opening.id, by=by.id, before=len(stand), after=len(wanted))


def change_capacity(session: Session, opening: Opening, capacity: int, *, by: Viewer) -> None:
    """The opening must be locked by who asks: somebody may be ranking it at this moment."""
    ensure_editable(opening, by=by)
    if capacity < rules.least_capacity(opening):
        raise Conflict(rules.COUNTED_ON)
    if capacity != opening.capacity:
        _set_capacity(session, opening, capacity, "capacity changed", by=by)


def take_places(session: Session, opening: Opening, capacity: int, *, reason: str, by: Viewer, **told: int) -> None:
    """The secretariat's deed; that no place already given is taken, those see to who know of placements."""
    ensure(Step.WITHDRAW, opening, by=by)
    opening.secretariat_reason = reason
    _set_capacity(session, opening, capacity, "places taken by the secretariat", by=by, **told)


def _set_capacity(session: Session, opening: Opening, capacity: int, deed: str, *, by: Viewer, **told: int) -> None:
    changed = changes(opening, {"capacity": capacity})
    opening.capacity = capacity
    session.add(opening)
    history.record(session, deed, "opening", opening.id, by=by.id, **changed, **told)


def mark_ranked(session: Session, ids: Collection[uuid.UUID]) -> None:
    """From now on somebody counts on these openings."""
    fresh = sa.update(Opening).where(col(Opening.id).in_(ids), col(Opening.first_ranked_at).is_(None))
    session.execute(fresh.values(first_ranked_at=now()))


def ensure(step: Step, opening: Opening, *, by: Viewer) -> None:
    if not rules.is_who(by, step, opening):
        raise NotAllowed
    reason = rules.why_not(step, opening)
    if reason is not None:
        raise Conflict(reason)


def take_step(session: Session, opening: Opening, step: Step, *, by: Viewer, **told: Any) -> None:
    """The only place that sets an opening's status; `told` are facts for its history."""
    ensure(step, opening, by=by)
    if step is Step.PUBLISH:
        ensure_accepting(opening.call)
    opening.status = STEPS[opening.status, step]
    session.add(opening)
    history.record(session, DONE[step], "opening", opening.id, by=by.id, capacity=opening.capacity, **told)


def withdraw(session: Session, opening: Opening, step: Step, *, reason: str, by: Viewer, **told: int) -> None:
    """The secretariat or the host closes what applicants count on, and says why."""
    take_step(session, opening, step, by=by, **told)
    opening.secretariat_reason = reason


def copy_opening(session: Session, opening: Opening, call: Call, *, by: Viewer) -> Opening:
    """A draft of the same place in another call, in the same weeks of the first year that can still be."""
    facts = rules.stands(opening)
    first, last = rules.next_dates(opening.starts_on, opening.ends_on, call.applications_due_at.date())
    facts |= {"starts_on": first, "ends_on": last}
    made = draft_opening(session, call, opening.host, by=by, capacity=opening.capacity, copied_from=opening.id, **facts)
    made.benefits = [Benefit(position=each.position, **rules.offered(each)) for each in opening.benefits]
    return made


def ensure_accepting(call: Call) -> None:
    if not accepts_openings(call, now()):
        raise Conflict(NOT_TAKEN)


def ensure_editable(opening: Opening, *, by: Viewer) -> None:
    if not rules.is_theirs(by, opening):
        raise NotAllowed
    if opening.status not in rules.EDITABLE:
        raise Conflict(rules.CLOSED)


def add_host(session: Session, government: Government, *, by: Viewer, **facts: Any) -> Host:
    host = Host(government=government, government_id=government.id, created_by=by.id, **facts)
    if not rules.may_edit_host(by, host):
        raise NotAllowed
    session.add(host)
    history.record(session, "created", "host", host.id, by=by.id, kind=host.kind)
    return host


def edit_host(session: Session, host: Host, *, by: Viewer, **facts: Any) -> None:
    ensure_keeps(host, by=by)
    if facts["kind"] is HostKind.SECRETARIAT and not by.is_secretary:
        raise NotAllowed
    changed = changes(host, facts, words=HOST_WORDS)
    if not changed:
        return
    host.sqlmodel_update(facts)
    session.add(host)
    for opening in queries.named_after(session, host):
        _name(opening)
    history.record(session, "edited", "host", host.id, by=by.id, **changed)


def ensure_keeps(host: Host, *, by: Viewer) -> None:
    if not rules.may_edit_host(by, host):
        raise NotAllowed
