"""What each person does on the way to an internship, through pages and forms only."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import FastAPI
from sqlmodel import Session

from portal.clock import now
from tests.accounts import letters
from tests.conftest import browser
from tests.files import samples
from tests.journeys.walker import Walker

SEOUL = ZoneInfo("Asia/Seoul")
PASSWORD = "seven slow camels cross the bridge"
NUMBER = re.compile(r"P\d\d-[2-9A-Z]{5}")
FINGERPRINT = re.compile(r"\b[0-9a-f]{64}\b")
BORN_ON = dt.date(now().year - 22, 3, 9)
FIRST_DAY, LAST_DAY = dt.date(now().year + 1, 9, 6), dt.date(now().year + 1, 11, 26)  # of every stay
PHONE = "+976 9911 2233"
MOTIVATION = "I want to learn how a region brings visitors to its villages."
Fill = Callable[[Walker], dict[str, Any]]


def in_seoul(**ahead: int) -> str:
    """A moment from now, as somebody in Seoul types it."""
    return f"{now().astimezone(SEOUL) + dt.timedelta(**ahead):%Y-%m-%dT%H:%M}"


def open_call(secretary: Walker, title: str, *, due: str) -> str:
    """A new call, published; its address."""
    secretary.visit("/calls").follow("New call")
    dates = {"opens_at": in_seoul(days=-1), "openings_due_at": due, "applications_due_at": due}
    dates |= {"corrections_due_at": in_seoul(days=35), "nominations_due_at": in_seoul(days=40)}
    dates |= {"rankings_due_at": in_seoul(days=50), "zone": "Asia/Seoul"}
    secretary.press("/calls/new", title_en=title, **dates).sees("Edit the call", "Write the text in English first.")
    secretary.follow("Title and text").press("/edit/texts", text_en="Come and work with us.")
    secretary.follow("Who may apply").press("/edit/eligibility", reference_on=f"{now():%Y-%m-%d}")
    secretary.sees("Nothing is missing.").press("/publish").sees("The call is published.", "You can apply until:")
    return secretary.path


def offer_opening(coordinator: Walker, call: str, title: str, *, capacity: int, at: str = "Tourism division") -> str:
    """A new opening of the coordinator's government, published; its address."""
    coordinator.visit(call).follow("Offer an opening").follow("Add a host organisation")
    coordinator.press("/hosts/new", name=at, kind="office").sees("The host organisation is saved.")
    what = {"title": title, "place": "Andong"}  # the host just added is chosen already
    when = {"starts_on": f"{FIRST_DAY}", "ends_on": f"{LAST_DAY}"}
    needs = {"level_en": "B2", "capacity": str(capacity)}
    coordinator.press("/openings/new", tasks="Help with the guide for visitors.", **what, **when, **needs)
    coordinator.sees("Draft").press("/publish").sees("Published", at)
    return coordinator.follow("See the candidates").path.removesuffix("/candidates")


def register(app: FastAPI, session: Session, name: str, address: str) -> None:
    """A visitor opens an account, and confirms the address by the link in the mail."""
    visitor = Walker(browser(app)).visit("/").follow("Register")
    typed = {"name": name, "email": address, "password": PASSWORD}
    visitor.press("/register", **typed, language="en", zone="Asia/Ulaanbaatar")
    visitor.visit(letters.newest_link(session, address)).sees("Confirm your address")
    visitor.press("/verify", password=PASSWORD).sees("Your address is confirmed")
    visitor.client.cookies.clear()
    assert visitor.visit("/account").heading() == "Sign in"


def sign_in_to_apply(app: FastAPI, call: str, address: str) -> Walker:
    """The way from the public page of the call through the sign-in to the start of an application."""
    person = Walker(browser(app)).visit(call).follow("Sign in to apply")
    person.press("/sign-in", email=address, password="not the right password", expect=422)
    return person.press("/sign-in", email=address, password=PASSWORD).sees("Start your application")


def parts(*, native_name: str, roman_name: str) -> dict[str, Fill]:
    """What is typed into each part of an application. Governments and openings are chosen by what they are called."""
    *patronymic, given = native_name.split()
    *surname, roman_given = roman_name.split()
    about = {"given_name": given, "patronymic": " ".join(patronymic), "name_order": "patronymic_first"}
    about |= {"roman_family_name": " ".join(surname), "roman_given_name": roman_given}
    about |= {"born_on": f"{BORN_ON}", "phone": PHONE}
    studies = {"education": "National University of Mongolia, economics, third year", "enrolment": "enrolled"}
    declared = {"took_part_before": "false", "has_kin_at_host": "false", "consents": ["use", "hosts", "true"]}
    spoken = {"language_1": "mn", "level_1": "native", "language_2": "en", "level_2": "B2"}
    return {
        "about": lambda page: about,
        "home": lambda page: {
            "home_id": page.option("home_id", "Ulaanbaatar"),
            "is_resident": "true",
            "nationality": "MN",
        },
        "education": lambda page: {**studies, "graduates_on": f"{now().year + 2}-06-30"},
        "languages": lambda page: spoken,
        "motivation": lambda page: {"motivation": MOTIVATION},
        "consent": lambda page: declared,
    }


def fill(applicant: Walker, path: str, given: dict[str, Fill]) -> None:
    for part, typed in given.items():
        applicant.visit(path).follow(f"/{part}")
        applicant.press(f"/{part}", **typed(applicant)).sees("Saved.")


def choose(applicant: Walker, path: str, *wishes: str) -> None:
    """Puts openings on the list, the first wish first, each by what it is called."""
    for wish in wishes:
        applicant.visit(path).follow("/openings")
        wanted = applicant.beside(wish, "opening_id")
        applicant.press("/openings/add", opening_id=wanted).sees(f"“{wish}” is now number")


def add_cv(applicant: Walker, path: str) -> None:
    cv = {"file": ("履歴書.pdf", samples.pdf(), "application/pdf")}
    applicant.visit(path).follow("/documents").sees("Missing").press("/documents", files=cv)
    applicant.sees("The document is added.", "履歴書.pdf")


def complete(applicant: Walker, call: str, *wishes: str, native_name: str, roman_name: str) -> str:
    """Everything but the submission; the address of the application."""
    applicant.visit(call).follow("/apply").press("/apply")
    path = applicant.path
    fill(applicant, path, parts(native_name=native_name, roman_name=roman_name))
    choose(applicant, path, *wishes)
    add_cv(applicant, path)
    return path


def submit(applicant: Walker, path: str) -> str:
    """From the task list over the check of all answers to the receipt; its number."""
    applicant.visit(path).follow("Check your answers").press("/submit").sees("Your application is submitted")
    found = NUMBER.search(applicant.text())
    assert found
    return found.group()


def nominate(coordinator: Walker, path: str) -> None:
    """On the last place of the order of merit."""
    coordinator.visit(path).follow("/nominate").press("/nominate").sees("Nominated")


def propose(secretary: Walker, opening: str, application: str) -> str:
    """By the secretariat, outside the match; the address of the placement."""
    chosen = f"/propose?application_id={application.rpartition('/')[2]}"
    secretary.visit(f"{opening}/candidates").follow(chosen).sees("outside the match")
    secretary.press("/propose", reason="Too short", expect=422)
    secretary.press("/propose", reason="Both governments agreed on it.").sees("Proposed", "outside the match")
    return secretary.path


def place(secretary: Walker, host: Walker, opening: str, application: str) -> str:
    """Proposed by the secretariat and approved by the host; the address of the placement."""
    placement = propose(secretary, opening, application)
    host.visit("/placements").follow(placement)
    host.press("/approve").sees("Offered", "The candidate can answer until:")
    return placement
