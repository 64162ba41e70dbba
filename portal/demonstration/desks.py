"""On the desks of officials: a letter, a note, an application from paper, accounts that may be one person's."""

from sqlmodel import Session

from portal.applications import queries as application_queries
from portal.applications.models import Application, Status
from portal.calls.models import Call
from portal.demonstration.documents import Shelf
from portal.demonstration.people import People
from portal.namesakes import actions as namesakes
from portal.nominations import actions as nominations
from portal.nominations import queries as nomination_queries
from portal.nominations.words import Item
from portal.papers import actions as papers
from portal.papers.forms import Newcomer
from portal.papers.words import Scan
from portal.references import actions as references
from portal.references import queries as reference_queries
from portal.references.forms import Referee

PAPER_HOME = "MN-1"
NOTE = "Spoke with her university on the telephone: enrolled, and well thought of."
LETTER = "She asked better questions than anybody else in my seminar, and she finished what she began."
ITEMS = {Item.IDENTITY, Item.ENROLMENT, Item.DOCUMENTS}


def build(session: Session, people: People, call: Call, shelf: Shelf, made: list[Application], *, origin: str) -> None:
    session.flush()
    waiting = next(each for each in made if each.status is Status.SUBMITTED)
    _look_at(session, people, waiting)
    _recommend(session, people, waiting, origin=origin)
    _enter_from_paper(session, people, call, shelf)
    for application in made:
        namesakes.find(session, application.id)


def _look_at(session: Session, people: People, application: Application) -> None:
    home = next(code for code, each in people.governments.items() if each.id == application.home_id)
    coordinator = people.coordinator(home)
    seen = nomination_queries.lock_visible(session, coordinator, application.id)
    nominations.add_note(session, seen, NOTE, by=coordinator)
    nominations.tick(session, seen, ITEMS, by=coordinator)


def _recommend(session: Session, people: People, application: Application, *, origin: str) -> None:
    applicant = people.viewer(application.applicant)
    seen = application_queries.lock_visible(session, applicant, application.id)
    (wanted,) = reference_queries.wanted(session, seen)
    referee = Referee(name="Prof. D. Oyuntsetseg", email="referee@demo.near.example", language="en")
    letter = references.ask(session, seen, wanted, referee, by=applicant, origin=origin)
    references.receive(session, reference_queries.Asked(letter, seen), text=LETTER, checked=None)


def _enter_from_paper(session: Session, people: People, call: Call, shelf: Shelf) -> None:
    """A draft with its scans: the rest is on the form that lies before the coordinator."""
    coordinator, home = people.coordinator(PAPER_HOME), people.governments[PAPER_HOME]
    typed = Newcomer.model_validate({"name": "Цэрэндулам", "home_id": home.id, "language": "en"})
    entered = papers.enter(session, call, home, typed, by=coordinator)
    seen = application_queries.lock_visible(session, coordinator, entered.id)
    scans = {scan: shelf.take(f"{scan}.pdf") for scan in Scan}
    papers.keep_scans(session, seen, scans, by=coordinator)
