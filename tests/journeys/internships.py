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
PHONE = "+976 9911 2233"
MOTIVATION = "I want to learn how a region brings visitors to its villages."
Fill = Callable[[Walker], dict[str, Any]]


def in_seoul(**ahead: int) -> str:
    """A moment from now, as somebody in Seoul types it."""
    return f"{now().astimezone(SEOUL) + dt.timedelta(**ahead):%Y-%m-%dT%H:%M}"


def open_call(secretary: Walker, title: str, *, due: str) -> str:
    """A new call, published; its address."""
    secretary.visit("/calls").follow("New call")
    dates = {"opens_at": in_seoul(days=-1), "applications_due_at": due, "nominations_due_at": in_seoul(days=40)}
    dates |= {"zone": "Asia/Seoul", "reference_on": f"{now():%Y-%m-%d}"}
    secretary.press("/calls/new", title_en=title, text_en="Come and work with us.", **dates).sees("Draft")
    secretary.press("/publish").sees("The call is published.", "You can apply until:")
    return secretary.path


def offer_opening(coordinator: Walker, call: str, title: str, *, capacity: int) -> str:
    """A new opening of the coordinator's government, published; its address."""
    coordinator.visit(call).follow("Offer an opening")
    what = {"title": title, "organisation": "Tourism division", "host_kind": "office", "place": "Andong"}
    when = {"starts_on": f"{now().year + 1}-09-06", "ends_on": f"{now().year + 1}-11-26"}
    needs = {"working_language": "en", "level": "B2", "capacity": str(capacity)}
    coordinator.press("/openings/new", tasks="Help with the guide for visitors.", **what, **when, **needs)
    coordinator.sees("Draft").press("/publish").sees("Published", "Tourism division")
    return coordinator.path


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
    about = {"native_name": native_name, "roman_name": roman_name, "born_on": f"{BORN_ON}", "phone": PHONE}
    spoken = {"language_1": "mn", "level_1": "native", "language_2": "en", "level_2": "B2"}
    return {
        "about": lambda page: about,
        "home": lambda page: {"home_id": page.option("home_id", "Ulaanbaatar")},
        "education": lambda page: {"education": "National University of Mongolia, economics, third year"},
        "languages": lambda page: spoken,
        "motivation": lambda page: {"motivation": MOTIVATION},
        "consent": lambda page: {"consent": "true"},
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
    cv = {"cv": ("履歴書.pdf", samples.pdf(), "application/pdf")}
    applicant.visit(path).follow("/documents").press("/documents", files=cv).sees("Saved.", "履歴書.pdf")


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


def place(host: Walker, opening: str, application: str) -> str:
    """Proposed and approved by the host; the address of the placement."""
    host.visit(f"{opening}/candidates").press("/propose", application_id=application.rpartition("/")[2])
    host.sees("Proposed").press("/approve").sees("Offered", "The candidate can answer until:")
    return host.path
