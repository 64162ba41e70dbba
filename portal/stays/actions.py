"""What is done in a stay. The caller holds the placement's lock; the placements alone change its state."""

import datetime as dt

from sqlmodel import Session

from portal.accounts.viewer import Viewer
from portal.applications import actions as applications
from portal.checkins import rules as checkins
from portal.checkins.models import Side
from portal.clock import now
from portal.errors import Conflict, NotAllowed
from portal.files import actions as files
from portal.files.rules import Checked
from portal.history.actions import record
from portal.mail.actions import send
from portal.mail.rules import Recipient
from portal.placements.actions import take_step
from portal.placements.models import Placement, Reason
from portal.placements.rules import Step
from portal.stays import forms, queries, rules, words
from portal.stays.models import Evaluation, Extension, Visa
from portal.stays.rules import Deed, Facts


def ensure(deed: Deed, placement: Placement, facts: Facts, *, by: Viewer) -> dt.date:
    """This person may do this now; the day it is at the host."""
    if not rules.may(by, deed, placement):
        raise NotAllowed
    today = checkins.today_there(placement, now())
    objection = rules.why_not(by, deed, placement, facts, today)
    if objection is not None:
        raise Conflict(objection)
    return today


def _on_behalf(placement: Placement, by: Viewer) -> dict[str, bool]:
    """Marks what an office did for the intern whose application it entered from paper."""
    for_another = by.person_id != placement.application.applicant_id
    return {"on_behalf": True} if for_another and checkins.side(by, placement) is Side.INTERN else {}


def _tell(session: Session, placement: Placement, template: str, to: list[Recipient], **values: object) -> None:
    shown = {"opening": placement.opening, "application": placement.application, "placement": placement, **values}
    for each in to:
        send(session, f"stays/{template}", to=each, **shown)


# Before departure


def state_visa(session: Session, placement: Placement, facts: Facts, typed: forms.VisaState, *, by: Viewer) -> None:
    """A refused visa is told to host, home government and secretariat at once; the place is given back separately."""
    ensure(Deed.PREPARE, placement, facts, by=by)
    stay, is_news = facts.stay, typed.visa is Visa.REFUSED and facts.stay.visa is not Visa.REFUSED
    stay.visa, stay.visa_on = typed.visa, typed.visa_on
    session.add(stay)
    # How it stands with a visa is personal: the history says only that something was said.
    record(session, "visa stated", "placement", placement.id, by=by.id, **_on_behalf(placement, by))
    if is_news:
        officials = [*queries.hosts(session, placement), *queries.homes(session, placement)]
        told = queries.without([*officials, *queries.secretariat(session, placement)], by.id)
        _tell(session, placement, "visa_refused", told)


def give_insurance(session: Session, placement: Placement, facts: Facts, checked: Checked, *, by: Viewer) -> None:
    """A new proof replaces the old one."""
    ensure(Deed.PREPARE, placement, facts, by=by)
    stay, old = facts.stay, facts.stay.insurance
    stay.insurance = files.keep(session, checked, owner_id=placement.application.applicant_id)
    session.add(stay)
    session.flush()
    if old is not None:
        files.forget(session, old)
    record(session, "insurance proved", "placement", placement.id, by=by.id, **_on_behalf(placement, by))


def announce_arrival(session: Session, placement: Placement, facts: Facts, typed: forms.Arrival, *, by: Viewer) -> None:
    ensure(Deed.PREPARE, placement, facts, by=by)
    stay = facts.stay
    stay.arrives_on, stay.arrives_at, stay.arrival = typed.arrives_on, typed.arrives_at, typed.arrival
    session.add(stay)
    record(session, "arrival announced", "placement", placement.id, by=by.id, **_on_behalf(placement, by))


def waive(session: Session, placement: Placement, facts: Facts, *, by: Viewer, reason: str) -> None:
    """The stay may start without insurance or visa."""
    ensure(Deed.WAIVE, placement, facts, by=by)
    stay = facts.stay
    stay.waived_at, stay.waived_by, stay.waiver_reason = now(), by.id, reason
    session.add(stay)
    record(session, "preparations waived", "placement", placement.id, by=by.id)


def release(session: Session, placement: Placement, facts: Facts, *, by: Viewer) -> None:
    """No visa, no stay: the place goes on by itself."""
    ensure(Deed.RELEASE, placement, facts, by=by)
    placement.reason_code = Reason.VISA
    take_step(session, placement, Step.RELEASE, by=by.id, reason=Reason.VISA.value, **_on_behalf(placement, by))
    applications.mark_placed(placement.application, None)
    _tell(session, placement, "released", queries.concerned(session, placement, but=by.id))


# From the first day to the last


def start(session: Session, placement: Placement, facts: Facts, *, by: Viewer, started_on: dt.date) -> None:
    ensure(Deed.START, placement, facts, by=by)
    agreed_on, placement.starts_on = placement.starts_on, started_on
    days = {"agreed": agreed_on.isoformat(), "first": started_on.isoformat()}
    take_step(session, placement, Step.START, by=by.id, **days)
    told = [*queries.interns(session, placement), *queries.homes(session, placement)]
    _tell(session, placement, "started", queries.without(told, by.id))


def ask_extension(session: Session, placement: Placement, facts: Facts, typed: forms.Wish, *, by: Viewer) -> Extension:
    ensure(Deed.EXTEND, placement, facts, by=by)
    side = checkins.side(by, placement)
    assert side is not None, "only the two sides may ask"
    made = Extension(
        placement_id=placement.id, side=side, ended_on=placement.ends_on, ends_on=typed.ends_on,
        reason=typed.reason, asked_by=by.id,
    )  # fmt: skip
    session.add(made)
    details = {"side": side.value, "until": typed.ends_on.isoformat(), **_on_behalf(placement, by)}
    record(session, "extension asked for", "placement", placement.id, by=by.id, **details)
    others = queries.hosts if side is Side.INTERN else queries.interns
    told = queries.without(others(session, placement), by.id)
    _tell(session, placement, "extension_asked", told, until=typed.ends_on)
    return made


def answer_extension(session: Session, placement: Placement, facts: Facts, *, by: Viewer, agree: bool) -> None:
    ensure(Deed.ANSWER, placement, facts, by=by)
    asked = facts.extension
    assert asked is not None, "there is one to answer"
    if agree and rules.wrong_extension(placement, asked.ends_on):
        raise Conflict(rules.LATE_ANSWER)
    asked.answered_at, asked.answered_by, asked.is_agreed = now(), by.id, agree
    if agree:
        placement.ends_on = asked.ends_on
    details = {"agreed": agree, "from": asked.ended_on.isoformat(), "to": asked.ends_on.isoformat()}
    record(session, "extension answered", "placement", placement.id, by=by.id, **details, **_on_behalf(placement, by))
    told = queries.concerned(session, placement, but=by.id)
    _tell(session, placement, "extended" if agree else "not_extended", told, until=asked.ends_on)


def end_early(session: Session, placement: Placement, facts: Facts, typed: forms.Ending, *, by: Viewer) -> None:
    """The words stay in the portal; the message says only that it ended, and when."""
    ensure(Deed.END_EARLY, placement, facts, by=by)
    stay = facts.stay
    stay.ended_by, stay.end_code, stay.end_reason = typed.ended_by, typed.end_code, typed.reason
    session.add(stay)
    days = {"planned": placement.ends_on.isoformat(), "last": typed.last_on.isoformat()}
    placement.ends_on = typed.last_on
    details = {**days, "ended_by": typed.ended_by.value, **_on_behalf(placement, by)}
    take_step(session, placement, Step.END_EARLY, by=by.id, **details)
    told = queries.concerned(session, placement, but=by.id)
    _tell(session, placement, "ended_early", told, ended_by=words.ENDED_BY[typed.ended_by])


def evaluate(session: Session, placement: Placement, facts: Facts, typed: forms.Judgement, *, by: Viewer) -> None:
    """Entered, or changed as long as the stay is not over."""
    ensure(Deed.EVALUATE, placement, facts, by=by)
    found = facts.evaluation or Evaluation(placement_id=placement.id, supervisor="", marks=[], text="", given_by=by.id)
    found.supervisor, found.marks, found.text = typed.supervisor, typed.marks, typed.text
    found.given_at, found.given_by = now(), by.id
    session.add(found)
    record(session, "evaluation entered", "placement", placement.id, by=by.id)


def complete(session: Session, placement: Placement, facts: Facts, *, by: Viewer) -> None:
    ensure(Deed.COMPLETE, placement, facts, by=by)
    take_step(session, placement, Step.COMPLETE, by=by.id, last=placement.ends_on.isoformat())
    told = [*queries.interns(session, placement), *queries.homes(session, placement)]
    _tell(session, placement, "completed", queries.without(told, by.id))
