"""A referee who has no account, and an applicant who has no network."""

from collections.abc import Callable

from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from portal.accounts.models import Person
from portal.calls.models import Call
from tests import make
from tests.accounts import letters
from tests.conftest import browser
from tests.files import samples
from tests.journeys import internships as steps
from tests.journeys.walker import Walker
from tests.people import Cast

As = Callable[[Person], TestClient]
REFEREE = "oyun@university.example.org"
LETTER = "She learns faster than I can teach."


def test_a_referee_writes_by_a_link(app: FastAPI, session: Session, cast: Cast, as_: As) -> None:
    made = make.application(session, "submitted", applicant=cast.applicant, home=cast.home)
    make.requested_letter(session, session.exec(select(Call)).one())
    tuul, home = Walker(as_(cast.applicant)), Walker(as_(cast.home_coordinator))
    path = f"/applications/{made.id}"
    tuul.visit(f"{path}/letters").sees("Nobody was asked").follow("Name a referee")
    tuul.press("/referee", name="Oyun", email=cast.applicant.address, language="en", expect=422).sees("somebody else")
    tuul.press("/referee", name="Oyun", email=REFEREE, language="en").sees("Asked", "Oyun")

    referee = Walker(browser(app)).visit(letters.newest_link(session, REFEREE))
    referee.sees("Батбаярын Туул", "asks you, Oyun")
    tab, action = referee.another_tab(), referee.path.partition("?")[0]
    referee.press(action, expect=422).sees("Choose a file, or type your letter.")
    referee.press(action, text=LETTER).sees("Your letter has arrived.")
    tab.press(f"{action}/decline", expect=409).sees("Your letter has arrived.")

    tuul.visit(f"{path}/letters").sees("Arrived").misses(LETTER)
    home.visit(path).follow("Letter of Oyun").sees(LETTER)
    assert not any(LETTER in page for page in tuul.seen)


def test_an_application_from_paper(session: Session, cast: Cast, as_: As) -> None:
    home, host = Walker(as_(cast.home_coordinator)), Walker(as_(cast.host_coordinator))
    call = make.call(session)
    make.requested_document(session, call)
    opening = make.opening(session, call, cast.host, title="Guide for visitors")
    session.commit()
    home.visit(f"/calls/{call.slug}").follow("Enter an application from paper")
    home.press("/paper", name="Дулмаа", language="en").sees("Upload the two scans", "Дулмаа")
    files = {name: (f"{name}.pdf", samples.pdf(), "application/pdf") for name in ("form", "consent")}
    home.press("/scans", files=files).sees("The scans are saved.", "Entered from paper by a coordinator")
    path = home.path
    typed = steps.parts(native_name="Дулмаа", roman_name="Dulmaa")
    steps.fill(home, path, typed)
    steps.choose(home, path, "Guide for visitors")
    steps.add_cv(home, path)
    steps.submit(home, path)
    home.sees("The applicant has no e-mail address.", "Entered from paper by a coordinator")
    assert "pass it on" in letters.to(session, cast.home_coordinator.address)[-1].text
    home.visit(f"/nominations/list?call={call.slug}").sees("Entered from paper by a coordinator").follow("Дулмаа")
    home.sees("You entered this application yourself.", "Scan of the signed consent")
    steps.nominate(home, path)

    host.visit(path).sees("Entered from paper by a coordinator")
    placement = steps.place(Walker(as_(cast.secretary)), host, f"/openings/{opening.id}", path)
    home.visit(placement).sees("It is made to Дулмаа").press("/accept").sees("Accepted")
