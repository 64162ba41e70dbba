"""Who and what of the demonstration the scenes are set up with."""

import datetime as dt
import uuid
from dataclasses import dataclass
from itertools import cycle
from typing import Any

from sqlmodel import Session, col, select

from portal.accounts.models import Person
from portal.accounts.viewer import Viewer
from portal.applications.models import Status
from portal.calls.models import Call
from portal.clock import now, today
from portal.contests import queries as contests
from portal.contests.models import Edition
from portal.demonstration import documents
from portal.demonstration.people import DOMAIN
from portal.files.models import StoredFile
from portal.files.storage import make_storage
from portal.openings.models import Opening
from portal.placements.models import Placement
from portal.registry.models import Government
from portal.settings import Settings
from tests import make

HOME, HOST = "MN-1", "KR-47"
# The accounts that coordinate these two governments, and others of the demonstration.
HOME_COORDINATOR, HOST_COORDINATOR = f"home-coordinator@{DOMAIN}", f"host-coordinator@{DOMAIN}"
SECRETARY, SECOND_SECRETARY = f"secretary@{DOMAIN}", f"second-secretary@{DOMAIN}"
SCREENER, AUDITOR, APPLICANT = f"screener@{DOMAIN}", f"auditor@{DOMAIN}", f"applicant@{DOMAIN}"
AUTHOR = f"author@{DOMAIN}"
JUDGE = f"judge-jp@{DOMAIN}"
NAMES = ("Пүрэвийн Анар", "박서윤", "森 陽翔", "Соколова Вера", "林晓雯", "Цэрэнгийн Хулан", "최도윤", "Жуков Илья")
DAY = dt.timedelta(days=1)
DISTANT = 3650 * DAY  # so that a stage that was kept shows the same next month


@dataclass
class Cast:
    session: Session
    settings: Settings

    def person(self, address: str) -> Person:
        return self.session.exec(select(Person).where(Person.email == address)).one()

    def viewer(self, address: str) -> Viewer:
        return make.viewer(self.session, self.person(address))

    def call(self, slug: str) -> Call:
        return self.session.exec(select(Call).where(Call.slug == slug)).one()

    def edition(self, slug: str) -> Edition:
        """With its rubric."""
        return contests.get_visible(self.session, self.viewer(SECRETARY), slug)

    def government(self, code: str) -> Government:
        return make.government(self.session, code)

    def opening(self, call: Call, **fields: Any) -> Opening:
        given = {"title": "Quiet paths around the old village", "tasks": "Walk them, and draw the map.", "capacity": 20}
        return make.opening(self.session, call, self.government(HOST), **{**given, **fields})

    def placement(self, state: str, *, applicant: Person | None = None, **fields: Any) -> Placement:
        """At an opening of its own of the call whose stays run; `born_on` is the applicant's."""
        at = self.opening(self.call("autumn-2026"))
        about = {"born_on": fields.pop("born_on")} if "born_on" in fields else {}
        nominated = make.application(
            self.session, Status.NOMINATED, applicant=applicant, home=self.government(HOME), choices=[at], **about
        )
        return make.placement(self.session, state, application=nominated, opening=at, **fields)

    def minor_placement(self) -> Placement:
        """Accepted by somebody of seventeen."""
        return self.placement("accepted", born_on=today() - 17 * 365 * DAY)

    def applicant_of(self, placement: Placement) -> str:
        """Whose account it is."""
        return self.account(make.application_of(self.session, placement).applicant_id)

    def account(self, person_id: uuid.UUID) -> str:
        return self.session.get_one(Person, person_id).address

    def keep_files(self) -> None:
        """Builders make the row of a file; whoever follows a link to it is to find the file."""
        storage, page = make_storage(self.settings), documents.one_page("A page for whoever walks here.")
        kept = {held.key for held in storage.held()}
        for file in self.session.exec(select(StoredFile).where(col(StoredFile.key).not_in(kept))):
            with storage.scratch() as folder:
                source = folder / "page"
                source.write_bytes(page)
                storage.put(source, file.key)

    def give_names(self) -> None:
        """Builders name people after their part, and a word such as Judge must stay one that can be forgotten."""
        unnamed = select(Person).where(col(Person.email).like("person%@example.org")).order_by(col(Person.id))
        for person, name in zip(self.session.exec(unnamed), cycle(NAMES), strict=False):
            person.name = name


def ago(days: int) -> dt.datetime:
    return now() - days * DAY
