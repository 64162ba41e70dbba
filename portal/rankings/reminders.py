"""Telling hosts, before rankings are due, that candidates of theirs are not decided yet."""

from collections.abc import Iterator, Sequence

import sqlalchemy as sa
from sqlmodel import Session, col, exists

from portal.accounts import queries as accounts
from portal.accounts.models import Grant, Person, Role
from portal.applications.models import Application, Kinship
from portal.calls.subjects import until
from portal.clock import today
from portal.i18n import N_
from portal.openings.models import Opening
from portal.rankings import queries
from portal.reminding.rules import Among, Reader, Rule, Step, register, within


def _hosts(session: Session, steps: Sequence[Step], among: Among) -> Iterator[Reader]:
    """With how many of their openings, and of the candidates there, they have to decide on."""
    by_call = {step.subject.id: step for step in steps}
    kin = exists().where(col(Kinship.application_id) == Application.id, col(Kinship.person_id) == Grant.person_id)
    undecided = queries.undecided(col(Opening.call_id).in_(by_call), within(Opening.call_id, among))
    theirs = (
        undecided.join(Grant, col(Grant.government_id) == col(Opening.government_id))
        .join(Person, col(Person.id) == col(Grant.person_id))
        .where(
            col(Grant.role) == Role.COORDINATOR, accounts.in_force(today()), ~kin,
            col(Application.applicant_id) != col(Person.id),
        )
    )  # fmt: skip
    opening, application = (sa.func.count(each.distinct()) for each in (col(Opening.id), col(Application.id)))
    counted = theirs.with_only_columns(Person, col(Opening.call_id), opening, application)
    rows = session.execute(counted.group_by(col(Person.id), col(Opening.call_id)).order_by(col(Person.id)))
    for person, call_id, openings, candidates in rows:
        step = by_call[call_id]
        values = {"call": step.subject.thing, "openings": openings, "candidates": candidates}
        yield Reader(step, accounts.recipient(person), values, "/rankings")


register(
    Rule(
        "rankings",
        N_("Candidates whom a host has neither placed nor refused"),
        (-7, -2),
        "rankings/reminder",
        until("rankings_due_at", since="nominations_due_at"),
        _hosts,
    )
)
