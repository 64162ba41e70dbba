"""Filling in a check-in, once."""

import datetime as dt

from sqlmodel import Session

from portal.accounts import queries as accounts
from portal.accounts.viewer import Viewer
from portal.applications import actions as applications
from portal.checkins import queries, rules
from portal.checkins.forms import Answers
from portal.checkins.models import CheckIn, Side
from portal.checkins.queries import Standing
from portal.errors import Conflict, NotAllowed
from portal.history.actions import record
from portal.mail.actions import send
from portal.placements.models import Placement


def ensure(placement: Placement, standing: Standing, at: dt.datetime, *, by: Viewer) -> Side:
    """This person may fill it in now, and for this side."""
    side = rules.side(by, placement)
    if side is None:
        raise NotAllowed
    objection = rules.why_not(placement, standing.due, standing.given, side, rules.today_there(placement, at))
    if objection is not None:
        raise Conflict(objection)
    return side


def give(
    session: Session, placement: Placement, standing: Standing, answers: Answers, at: dt.datetime, *, by: Viewer
) -> CheckIn:
    """With the second of the two both become readable, and both sides are told so."""
    side, number = ensure(placement, standing, at, by=by), standing.due.number
    on_behalf = side is Side.INTERN and by.person_id != placement.application.applicant_id
    made = CheckIn(
        placement_id=placement.id, number=number, side=side, marks=answers.marks, text=answers.text,
        given_at=at, given_by=by.id, on_behalf=on_behalf,
    )  # fmt: skip
    session.add(made)
    details = {"number": number, "side": side.value, **({"on_behalf": True} if on_behalf else {})}
    record(session, "check-in given", "placement", placement.id, by=by.id, **details)
    if standing.given:
        _tell_both(session, placement, number)
    return made


def _tell_both(session: Session, placement: Placement, number: int) -> None:
    """That they can be read; never what they say."""
    hosts = [accounts.recipient(person) for person in queries.hosts_of(session, placement)]
    for to in (applications.addressee(session, placement.application), *hosts):
        send(session, "checkins/both_in", to=to, opening=placement.opening, number=number)
