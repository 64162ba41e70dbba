"""Reminding interns of a final report that is nearly due, or overdue."""

import datetime as dt
from collections.abc import Iterator, Sequence

from sqlmodel import Session

from portal.applications.offices import offices
from portal.final_reports import queries, rules
from portal.i18n import N_
from portal.placements.models import Placement
from portal.reminding.rules import DAY, Among, Reader, Rule, Step, Subject, asked, begins, register

TEMPLATES = {
    -7: "final_reports/week_before",
    1: "final_reports/day_after",
    14: "final_reports/two_weeks_after",
}
GIVEN_UP = 44 * DAY  # after the day it was due


def _unsent(session: Session, at: dt.datetime, last: dt.datetime) -> Iterator[Subject]:
    # A day more on both sides: it is another day at the other end of the region.
    first, until = at.date() - rules.DUE_AFTER - GIVEN_UP - DAY, last.date() - rules.DUE_AFTER + DAY
    return (_subject(placement) for placement in queries.unsent(session, first, until))


def _subject(placement: Placement) -> Subject:
    opening = placement.opening
    due_at = begins(rules.due_on(placement), opening.government.zone)
    return Subject(
        placement.id, due_at, placement, opening.government.zone, lambda _language: opening.title, due_at + GIVEN_UP
    )


def _interns(session: Session, steps: Sequence[Step], among: Among) -> Iterator[Reader]:
    found = asked(steps, among)
    placements: list[Placement] = [step.subject.thing for step in found]
    known = offices(session, [each.application for each in placements])
    for step, placement in zip(found, placements, strict=True):
        values = {"opening": placement.opening, "due_on": rules.due_on(placement)}
        path = f"/placements/{placement.id}/report"
        yield Reader(step, known.addressee(placement.application), values, path, template=TEMPLATES[step.days])


register(
    Rule("reports", N_("Final reports that were not sent"), tuple(TEMPLATES), TEMPLATES[-7], _unsent, _interns)
)  # fmt: skip
