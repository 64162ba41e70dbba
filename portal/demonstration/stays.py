"""Stays that the earlier round led to: before departure, under way, over, ended early, and certified."""

import datetime as dt
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlmodel import Session

from portal import clock
from portal.accounts.viewer import Viewer
from portal.agreements import actions as agreements
from portal.agreements import queries as agreement_queries
from portal.agreements.models import Party
from portal.alumni import actions as alumni
from portal.alumni.forms import Entry
from portal.applications.models import Application
from portal.certificates import actions as certificates
from portal.checkins import actions as checkins
from portal.checkins import queries as checkin_queries
from portal.checkins.forms import FORMS
from portal.checkins.models import Side
from portal.checkins.rules import schedule
from portal.demonstration import placing
from portal.demonstration.documents import Shelf
from portal.demonstration.people import People
from portal.demonstration.texts import read
from portal.documents.certificates import Signatory
from portal.final_reports import actions as final_reports
from portal.final_reports.forms import Report
from portal.placements.models import Placement
from portal.private_lines import actions as private_lines
from portal.stays import actions as stays
from portal.stays import queries as stay_queries
from portal.stays.forms import Arrival, Ending, Judgement, VisaState
from portal.stays.models import EndedBy, EndReason, Visa
from portal.stays.rules import Facts

APPROVED, ACCEPTED, AGREED = 152, 150, 145  # days ago
SIGNATORY = Signatory("Kang Byeong-ho", "secretary_general")
SAID = read("interns")["said"]
ARRIVAL = "By train from the airport"


@dataclass(frozen=True)
class Intern:
    """One of the stories, and everybody who has a part in it."""

    session: Session
    people: People
    shelf: Shelf
    origin: str
    row: dict[str, Any]
    application: Application

    @property
    def viewer(self) -> Viewer:
        return self.people.writer(self.row)

    @property
    def host(self) -> Viewer:
        return placing.host_of(self.people, self.placement)

    @property
    def home(self) -> Viewer:
        return self.people.coordinator(self.row["government"])

    @cached_property
    def placement(self) -> Placement:
        return placing.held(self.session, self.people.secretary, self.application)

    @property
    def is_over(self) -> bool:
        return self.row["fate"] in {"completed", "certified"}

    @contextmanager
    def on(self, day: dt.date) -> Iterator[None]:
        """At noon of this day in Northeast Asia."""
        noon = dt.datetime.combine(day, dt.time(4), dt.UTC)
        with clock.set_back(seconds=(dt.datetime.now(dt.UTC) - noon).total_seconds()):
            yield
            self.session.flush()


def live(
    session: Session, people: People, shelf: Shelf, told: Iterable[tuple[dict[str, Any], Application]], *, origin: str
) -> None:
    interns = [Intern(session, people, shelf, origin, row, application) for row, application in told]
    for days, do in ((APPROVED, _approve), (ACCEPTED, _accept), (AGREED, _agree)):
        with clock.set_back(days=days):
            for intern in interns:
                do(intern)
                session.flush()
    for intern in sorted(interns, key=lambda each: each.placement.starts_on):
        STORIES[intern.row["fate"]](intern)
        session.flush()


def _approve(intern: Intern) -> None:
    placing.approve(intern.session, intern.people, intern.row, intern.application)


def _accept(intern: Intern) -> None:
    placing.accept(intern.session, intern.people, intern.row, intern.application)


def _agree(intern: Intern) -> None:
    """All three confirm with their names."""
    parties = ((Party.HOST, intern.host), (Party.HOME, intern.home), (Party.INTERN, intern.viewer))
    for party, viewer in parties:
        intern.session.flush()
        standing = agreement_queries.lock_visible(intern.session, viewer, intern.placement.id)
        agreements.confirm(
            intern.session, standing, party, by=viewer, name=viewer.name, digest=standing.digest, origin=intern.origin
        )


# The stay


def _facts(intern: Intern) -> Facts:
    intern.session.flush()
    return stay_queries.facts(intern.session, intern.placement)


def _depart(intern: Intern) -> None:
    starts_on = intern.placement.starts_on
    with intern.on(starts_on - dt.timedelta(days=20)):
        visa = VisaState(visa=Visa.GRANTED, visa_on=clock.today() - dt.timedelta(days=2))
        stays.state_visa(intern.session, intern.placement, _facts(intern), visa, by=intern.viewer)
        proof = intern.shelf.take("insurance.pdf")
        stays.give_insurance(intern.session, intern.placement, _facts(intern), proof, by=intern.viewer)
        arrival = Arrival(arrives_on=starts_on - dt.timedelta(days=2), arrives_at="16:40", arrival=ARRIVAL)
        stays.announce_arrival(intern.session, intern.placement, _facts(intern), arrival, by=intern.viewer)
    with intern.on(starts_on):
        stays.start(intern.session, intern.placement, _facts(intern), by=intern.host, started_on=starts_on)


def _check_in(intern: Intern, number: int, *sides: Side) -> None:
    """On the day from which it can be filled in, or the next."""
    opens_on = schedule(intern.placement.starts_on, intern.placement.ends_on)[number].opens_on
    with intern.on(opens_on + dt.timedelta(days=1)):
        for side in sides:
            by = intern.host if side is Side.HOST else intern.viewer
            standing = checkin_queries.get_standing(intern.session, by, intern.placement, number, clock.now())
            marks = {f"mark_{mark}": 5 - (mark + number) % 2 for mark in range(1, 6)}
            answers = FORMS[side].model_validate({**marks, "text": SAID[side.value]})
            checkins.give(intern.session, intern.placement, standing, answers, clock.now(), by=by)
            intern.session.flush()


def _prepare(intern: Intern) -> None:
    """Half of the checklist is done."""
    with clock.set_back(days=1):
        visa = VisaState(visa=Visa.APPLIED, visa_on=clock.today() - dt.timedelta(days=5))
        stays.state_visa(intern.session, intern.placement, _facts(intern), visa, by=intern.viewer)


def _work(intern: Intern) -> None:
    """Both have said how the first week was; of the second check-in only the intern's word is in."""
    _depart(intern)
    starts_on = intern.placement.starts_on
    _check_in(intern, 0, Side.INTERN, Side.HOST)
    with intern.on(starts_on + dt.timedelta(days=9)):
        private_lines.write(intern.session, intern.placement, SAID["trouble"], by=intern.viewer)
    with intern.on(starts_on + dt.timedelta(days=10)):
        private_lines.write(intern.session, intern.placement, SAID["help"], by=intern.people.secretary)
    _check_in(intern, 1, Side.INTERN)


def _stop(intern: Intern) -> None:
    _depart(intern)
    last_on = intern.placement.starts_on + dt.timedelta(days=18)
    _check_in(intern, 0, Side.INTERN, Side.HOST)
    with intern.on(last_on):
        typed = Ending(
            last_on=last_on,
            ended_by=EndedBy.INTERN,
            end_code=EndReason.HEALTH,
            reason=SAID["ending"],
        )
        stays.end_early(intern.session, intern.placement, _facts(intern), typed, by=intern.viewer)


def _complete(intern: Intern) -> None:
    _depart(intern)
    _check_in(intern, 0, Side.INTERN, Side.HOST)
    _check_in(intern, 1, Side.INTERN, Side.HOST)
    ends_on = intern.placement.ends_on
    with intern.on(ends_on):
        marks = {f"item_{item}": 5 - item % 2 for item in range(1, 6)}
        typed = Judgement.model_validate({**marks, "supervisor": "Fukuma", "text": SAID["evaluation"]})
        stays.evaluate(intern.session, intern.placement, _facts(intern), typed, by=intern.host)
    with intern.on(ends_on + dt.timedelta(days=1)):
        stays.complete(intern.session, intern.placement, _facts(intern), by=intern.host)


def _certify(intern: Intern) -> None:
    """With a report for everybody to read, and a name among the alumni."""
    _complete(intern)
    ends_on, secretary = intern.placement.ends_on, intern.people.secretary
    with intern.on(ends_on + dt.timedelta(days=6)):
        typed = Report.model_validate({**read("reports")[intern.row["roman_name"]], "publication": "full"})
        report = final_reports.save(intern.session, intern.placement, None, typed, by=intern.viewer)
        intern.session.flush()
        final_reports.submit(intern.session, intern.placement, report, by=intern.viewer)
    with intern.on(ends_on + dt.timedelta(days=9)):
        final_reports.accept(intern.session, intern.placement, report, by=secretary)
        final_reports.publish(intern.session, intern.placement, report, by=secretary)
        intern.session.flush()
        issued = certificates.issue(intern.session, intern.placement, SIGNATORY, by=secretary, origin=intern.origin)
    with intern.on(ends_on + dt.timedelta(days=10)):
        shown = {"shows_name": True, "shows_host": True, "shows_dates": True}
        certificates.choose(intern.session, intern.placement, issued, by=intern.viewer, **shown)
        entry = Entry(name=intern.row["native_name"], sentence=SAID["alumna"], consent=True)
        alumni.join(intern.session, intern.placement, issued, entry, by=intern.viewer)


STORIES = {"agreed": _prepare, "active": _work, "ended_early": _stop, "completed": _complete, "certified": _certify}
