"""Who takes part. Everybody has the same password; each person, each government's coordinator exists once."""

from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, select

from portal.accounts import actions as accounts
from portal.accounts.models import Person, Role
from portal.accounts.viewer import Viewer, viewer_of
from portal.clock import today
from portal.demonstration.texts import read
from portal.registry.models import Country, Government

DOMAIN = "demo.near.example"
LANGUAGE = {
    Country.CN: "zh-Hans",
    Country.JP: "ja",
    Country.KP: "ko",
    Country.KR: "ko",
    Country.MN: "mn",
    Country.RU: "ru",
}


@dataclass(frozen=True)
class Account:
    """One line of what is printed: an account to try, and where to begin with it."""

    key: str
    role: str
    look: str

    @property
    def address(self) -> str:
        return f"{self.key.replace('_', '-')}@{DOMAIN}"


ACCOUNTS = (
    Account("applicant", "Applicant (Mongolia)", "/placements - an offer to accept or decline"),
    Account(
        "intern", "Intern (Korea, in Toyama)", "/placements - a stay under way, with a check-in and a private line"
    ),
    Account("alumna", "Former intern (China)", "/placements - a certificate, a published report"),
    Account("author", "Essay author (Korea)", "/essays - an essay that was returned for correction"),
    Account("home_coordinator", "Coordinator, Ulaanbaatar", "/nominations - an application to nominate or refuse"),
    Account("host_coordinator", "Coordinator, Gyeongsangbuk-do", "/placements - a proposed placement to approve"),
    Account("second_host_coordinator", "Coordinator, Shimane", "/openings/mine - candidates and places"),
    Account("judge_jp", "Judge (Japan)", "/judging - an essay to mark"),
    Account("judge_ru", "Judge (Russia)", "/judging - essays to mark"),
    Account("judge_mn", "Judge (Mongolia)", "/judging - an essay to mark"),
    Account("secretary", "Secretary and screener", "/contests/essays-2027/screening - essays to screen"),
    Account(
        "screener", "Second screener", "/contests/essays-2027/screening?show=second - a disqualification to settle"
    ),
    Account("second_secretary", "Secretary, not screener", "/contests/essays-2026/order - marks, jury, results"),
    Account("third_secretary", "Secretary, not screener", "/contests/essays-2026/publication - a second person"),
    Account("auditor", "Auditor", "/calls - sees everything, changes nothing"),
)


class People:
    """Makes whoever is asked for the first time."""

    def __init__(self, session: Session, password_hash: str) -> None:
        self.session = session
        self.password_hash = password_hash
        self.governments = {each.code: each for each in session.exec(select(Government))}
        self.made: dict[str, Person] = {}
        self.coordinators: dict[str, Person] = {}
        for account in ACCOUNTS:
            self._open(account.address, **read("people")[account.key])
        self._give_roles()

    def role(self, key: str) -> Person:
        """The person who plays this part in people.toml."""
        return self.made[read("people")[key]["roman_name"]]

    def viewer(self, person: Person) -> Viewer:
        return viewer_of(self.session, person)

    def deciding(self, key: str) -> Viewer:
        """A secretary who does not screen."""
        return self.viewer(self.role(key))

    @property
    def secretary(self) -> Viewer:
        return self.viewer(self.role("secretary"))

    def writer(self, row: dict[str, Any]) -> Viewer:
        """Who applies or writes: known by the Latin name, so that nobody appears twice."""
        name, government = row["roman_name"], self.governments[row["government"]]
        if name not in self.made:
            address = f"{name.lower().replace(' ', '.')}@{DOMAIN}"
            language = LANGUAGE[government.country]
            self._open(address, name=row["native_name"], roman_name=name, language=language, zone=government.zone)
        return self.viewer(self.made[name])

    def coordinator(self, code: str) -> Viewer:
        if code not in self.coordinators:
            government = self.governments[code]
            name = f"Coordinator of {government.name('en')}"
            language = LANGUAGE[government.country]
            address = f"coordinator.{code.lower()}@{DOMAIN}"
            made = self._open(address, name=name, roman_name=name, language=language, zone=government.zone)
            self._coordinate(code, made)
        return self.viewer(self.coordinators[code])

    def _open(
        self, address: str, *, name: str, roman_name: str, language: str, zone: str, government: str = ""
    ) -> Person:
        """`government` only matters to those who act for one, and is not part of an account."""
        person = accounts.open_account(
            self.session, email=address, name=name, password_hash=self.password_hash, language=language, zone=zone
        )
        self.made[roman_name] = person
        return person

    def _give_roles(self) -> None:
        # Nobody is there yet who could name the first secretary.
        first = self.role("secretary")
        accounts.give(self.session, first, Role.SECRETARY, None, begins_on=today(), ends_on=None)
        for key in ("screener", "second_secretary", "third_secretary"):
            accounts.grant_role(self.session, self.role(key), Role.SECRETARY, by=self.secretary)
        accounts.grant_role(self.session, self.role("auditor"), Role.AUDITOR, by=self.secretary)
        for key, row in read("people").items():
            if key.endswith("coordinator"):
                self._coordinate(row["government"], self.role(key))

    def _coordinate(self, code: str, person: Person) -> None:
        government = self.governments[code]
        accounts.grant_role(self.session, person, Role.COORDINATOR, by=self.secretary, government_id=government.id)
        self.coordinators[code] = person
