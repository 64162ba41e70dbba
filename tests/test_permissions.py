"""Walks every cell of the table of who may what: route × relation, with a person in that relation."""

import datetime as dt
import uuid
from functools import cache, cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from portal.accounts.access import Permission, Relation, as_markdown, covers
from portal.accounts.models import Grant, Invitation, Person, Role
from portal.app import create_app
from portal.clock import now
from portal.consents.models import Consent
from portal.contests.models import Edition
from portal.deals.models import Deal
from portal.history.actions import record
from portal.judging.models import Round
from portal.mail.models import Delivery
from portal.settings import Settings
from portal.standings.models import Occasion, Standing
from tests import make
from tests.conftest import browser, signed_in
from tests.people import Cast
from tests.results.stage import Stage

DOCUMENT = Path(__file__).parent.parent / "docs" / "permissions.md"
REFUSED = {401, 403, 404}
# Routes by token: the token itself, not the person, is what the server knows them by.
BY_TOKEN = (
    "/verify", "/reset/", "/invitations/", "/letters/", "/guardians/", "/judge-offers/", "/consents/{token}",
    "/calendar/{token}", "/unsubscribe/",
)  # fmt: skip
ON_PAPER = ("/paper", "/paper/scan", "/paper/consent", "/scan/consent", "/compare", "/signed")
# Of an author's own pages those that the office opens too, of what it entered from paper.
ALSO_ON_PAPER = ("/essays/{essay_id}/certificate", "/certificate.pdf", "/appeal")


class World:
    """One thing of every kind, related to each person of the cast in one way."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.cast = Cast(session)

    @cached_property
    def call(self) -> Any:
        return make.call(self.session)

    @cached_property
    def requested_document(self) -> Any:
        return make.requested_document(self.session, self.call)

    @cached_property
    def opening(self) -> Any:
        return make.opening(self.session, self.call, self.cast.host)

    @cached_property
    def host(self) -> Any:
        return self.opening.host

    @cached_property
    def question(self) -> Any:
        """For a file that hosts may read."""
        return make.question(self.session, self.call, "file", shown_to_hosts=True)

    @cached_property
    def application(self) -> Any:
        made = make.application(
            self.session, "nominated", applicant=self.cast.applicant, home=self.cast.home, call=self.call,
            choices=[self.opening],
        )  # fmt: skip
        make.answer(self.session, made, self.question)
        return made

    @cached_property
    def match_run(self) -> Any:
        """Published, and the application is part of it."""
        return make.match_run(self.session, self.call, self.application)

    @cached_property
    def version(self) -> Any:
        return make.version(self.session, self.application)

    @cached_property
    def letter(self) -> Any:
        """Arrived, with its file, and shown to hosts."""
        made_for = self.application  # first: it gives a document for all that the call asks for
        requested = make.requested_letter(self.session, self.call, shown_to_hosts=True)
        file = make.stored_file(self.session, self.cast.secretary)
        return make.letter(
            self.session, made_for, requested=requested, received_at=now(), text="Good.", file_id=file.id
        )

    @cached_property
    def paper(self) -> Any:
        return make.paper_application(self.session, self.cast.home_coordinator, "submitted", home=self.cast.home)

    @cached_property
    def namesake(self) -> Any:
        return make.namesake(self.session, self.application, make.application(self.session, "submitted"))

    @cached_property
    def placement(self) -> Any:
        return make.placement(self.session, "offered", application=self.application, opening=self.opening)

    @cached_property
    def certificate(self) -> Any:
        return make.certificate(self.session)

    @cached_property
    def alumnus(self) -> Any:
        return make.alumnus(self.session, self.certificate)

    @cached_property
    def slot(self) -> Any:
        """Taken by the applicant."""
        return make.slot(self.session, self.opening, taken_by=self.application)

    @cached_property
    def reported(self) -> Any:
        """Another stay of the applicant, with a report that was submitted with a file."""
        opening = make.opening(self.session, make.call(self.session), self.cast.host)
        application = make.application(
            self.session, "nominated", applicant=self.cast.applicant, home=self.cast.home, choices=[opening]
        )
        made = make.placement(self.session, "completed", application=application)
        file = make.stored_file(self.session, self.cast.applicant)
        make.report(self.session, "submitted", placement=made, file_id=file.id)
        return made

    @cached_property
    def report(self) -> Any:
        """That everybody may read."""
        return make.published_report(self.session)

    @cached_property
    def edition(self) -> Any:
        return make.edition(self.session)

    @cached_property
    def published(self) -> Any:
        """An awarded essay of an edition whose results are public; its author agreed to everything."""
        stage = Stage(self.session)
        made = stage.essay(agreed={})
        stage.publish()
        return made

    @cached_property
    def author(self) -> Person:
        return make.person(self.session, "Author")

    @cached_property
    def essay(self) -> Any:
        """Sent with a file, and with the scan of a paper."""
        made = make.essay(
            self.session, state="in_judging", edition=self.edition, author=self.author, government=self.cast.home
        )
        make.manuscript(self.session, made)
        own = make.authorship(self.session, made)
        own.scan_id = make.stored_file(self.session, self.cast.home_coordinator).id
        return made

    @cached_property
    def other_essay(self) -> Any:
        """That shares passages with the essay."""
        made = make.essay(self.session, edition=self.edition)
        make.shared_passages(self.session, self.essay, made)
        return made

    @cached_property
    def paper_essays(self) -> dict[uuid.UUID, Any]:
        """Sent, entered by the office of each coordinator."""
        offices = ((self.cast.home_coordinator, self.cast.home), (self.cast.host_coordinator, self.cast.host))
        return {
            by.id: make.paper_essay(self.session, by, "submitted", edition=self.edition, government=of)
            for by, of in offices
        }

    def paper_essay_of(self, person: Person | None) -> Any:
        """Entered by this person's office, or by another."""
        of_theirs = self.paper_essays.get(person.id) if person else None
        return of_theirs or next(iter(self.paper_essays.values()))

    @cached_property
    def appointment(self) -> Any:
        judge = make.judge(self.session, self.edition, self.cast.elsewhere, ["en"])
        return make.appointment(self.session, self.essay, judge)

    @cached_property
    def anchor(self) -> Any:
        _ = self.appointment
        return make.anchor(self.session, self.edition)

    @cached_property
    def deal(self) -> Any:
        """To be looked at."""
        wanted = {"edition_id": self.edition.id, "kind": "round", "round": "first", "status": "ready"}
        return make.saved(self.session, Deal(**wanted, seed=1, readings=3))

    @cached_property
    def standing(self) -> Any:
        content = {"groups": [], "rule": "model"}
        made = Standing(
            edition_id=self.edition.id, round=Round.FIRST, occasion=Occasion.JURY, content=content, digest="0" * 64
        )
        return make.saved(self.session, made)

    @cached_property
    def diploma(self) -> Any:
        return make.diploma(self.session, self.essay)

    @cached_property
    def appeal(self) -> Any:
        return make.appeal(self.session, self.essay)

    @cached_property
    def judge(self) -> Person:
        return self.session.get_one(Person, self.appointment.judge.person_id)

    def consented(self, person: Person | None) -> Any:
        """What the applicant, or the author, has agreed to in their call or edition; and its round."""
        is_applicant = person is not None and person.id == self.cast.applicant.id
        whose = self.cast.applicant if is_applicant else self.author
        _ = self.application if is_applicant else self.essay
        case = make.case(self.session, whose, self.call if is_applicant else self.edition)
        given = select(Consent).where(Consent.case_id == case.id)
        if self.session.exec(given).first() is None:
            make.consented(self.session, whose, self.call if is_applicant else self.edition, token=uuid.uuid4().hex)
        return case, self.session.exec(given).first()

    @cached_property
    def coordinator_grant(self) -> Grant:
        return self.session.exec(select(Grant).where(Grant.person_id == self.cast.other_coordinator.id)).one()

    @cached_property
    def invitation(self) -> Invitation:
        made = Invitation(
            email="invited@example.org", role=Role.SECRETARY, token_digest="0" * 64, invited_at=now(),
            invited_by=self.cast.secretary.id, expires_at=now() + dt.timedelta(days=7),
        )  # fmt: skip
        return make.saved(self.session, made)  # type: ignore[no-any-return]

    def handover(self, person: Person) -> Invitation:
        """A successor whom this person has invited, if they coordinate a government."""
        wanted = select(Grant).where(Grant.person_id == person.id, Grant.role == Role.COORDINATOR)
        grant = self.session.exec(wanted).first()
        if grant is None:
            return self.invitation
        return make.saved(self.session, Invitation(  # type: ignore[no-any-return]
            email="successor@example.org", role=Role.COORDINATOR, government_id=grant.government_id,
            relieves_id=grant.id, token_digest=uuid.uuid4().hex, invited_at=now(), invited_by=person.id,
            expires_at=now() + dt.timedelta(days=7),
        ))  # fmt: skip

    def _essay_id(self, path: str, person: Person | None) -> uuid.UUID:
        is_home = person is not None and person.id == self.cast.home_coordinator.id
        on_paper = path.endswith(ON_PAPER) or (is_home and path.endswith(ALSO_ON_PAPER))
        return self.paper_essay_of(person).essay_id if on_paper else self.essay.id  # type: ignore[no-any-return]

    @cached_property
    def batch_id(self) -> uuid.UUID:
        """Something that the secretariat did for many."""
        made = uuid.uuid4()
        told = {"deed_of": "remind-coordinators", "call": self.call.slug, "done": {}, "skipped": {}}
        record(self.session, "acted for many", "bulk", made, by=self.cast.secretary.id, **told)
        return made

    @cached_property
    def circular(self) -> Any:
        return make.circular(self.session, self.cast.secretary)

    @cached_property
    def screener(self) -> Person:
        made = make.secretary(self.session, "Screener")
        make.grant(self.session, made, Role.SCREENER, edition_id=self.edition.id)
        return made

    def person(self, relation: Relation) -> Person | None:
        people = {
            Relation.PERSON: lambda: self.cast.stranger,
            Relation.APPLICANT: lambda: self.cast.applicant,
            Relation.AUTHOR: lambda: self.author,
            Relation.HOME: lambda: self.cast.home_coordinator,
            Relation.HOST: lambda: self.cast.host_coordinator,
            Relation.JUDGE: lambda: self.judge,
            Relation.SCREENER: lambda: self.screener,
            Relation.JURY: lambda: self.cast.secretary,
            Relation.SECRETARY: lambda: self.cast.secretary,
            Relation.AUDITOR: lambda: self.cast.auditor,
        }
        return people[relation]() if relation in people else None

    def _message(self, path: str, person: Person | None) -> dict[str, Any]:
        """One's own in the inbox; in the queue one that failed."""
        if path.startswith("/messages"):
            return {"delivery": Delivery.FAILED}
        return {"person_id": person.id if person else None}

    def address(self, path: str, person: Person | None) -> str:
        """The route's address with the identifiers of this world's things; what is one's own is this person's."""
        ids: dict[str, Any] = {
            "application_id": lambda: (self.paper if "/scans/" in path else self.application).id,
            "slot_id": lambda: self.slot.id,
            "report_id": lambda: self.report.id,
            "document_id": lambda: make.shown_document(self.session, self.application).id,
            "certificate_number": lambda: self.certificate.number,
            "diploma_number": lambda: self.diploma.number,
            "diploma_id": lambda: self.diploma.id,
            "appeal_id": lambda: self.appeal.id,
            "alumnus_id": lambda: self.alumnus.id,
            "placement_id": lambda: (self.reported if "/report" in path else self.placement).id,
            "question_id": lambda: self.question.id,
            "move": lambda: "up",
            "language": lambda: "ko",
            "template": lambda: "applications.submitted",
            "message_id": lambda: make.message(self.session, **self._message(path, person)).id,
            "part": lambda: "themes",
            "part_id": lambda: self.edition.themes[0].id,
            "opening_id": lambda: self.opening.id,
            "host_id": lambda: self.host.id,
            "essay_id": lambda: self._essay_id(path, person),
            "other_id": lambda: self.other_essay.id,
            "requested_id": lambda: self.letter.requested_id if "/letters/" in path else self.requested_document.id,
            "namesake_id": lambda: self.namesake.id,
            "scan": lambda: "form",
            "party": lambda: "intern",
            "alias": lambda: self.appointment.alias,
            "anchor_id": lambda: self.anchor.id,
            "appointment_id": lambda: self.appointment.id,
            "deal_id": lambda: self.deal.id,
            "person_id": lambda: self.coordinator_grant.person_id,
            "grant_id": lambda: self.coordinator_grant.id,
            "invitation_id": lambda: (
                (self.handover(person) if path.startswith("/account") and person else self.invitation).id
            ),
            "sign_in_id": lambda: make.sign_in_id(self.session, person) if person else uuid.uuid4(),
            "code": lambda: self._code(path),
            "slug": lambda: self._named(path).slug,
            "step": lambda: "close",
            "deed": lambda: "remind-coordinators",
            "circular_id": lambda: self.circular.id,
            "batch_id": lambda: self.batch_id,
            "programme": lambda: self.consented(person)[0].programme.value,
            "round_id": lambda: self.consented(person)[0].round_id,
            "consent_id": lambda: self.consented(person)[1].id,
            "purpose": lambda: "name",
            "judge_code": lambda: self.appointment.judge.code,
            "standing_id": lambda: self.standing.id,
            "number": lambda: self.match_run.number if "/match/" in path else self.version.number,
        }
        filled = path
        for name, value in ids.items():
            if f"{{{name}}}" in filled:
                filled = filled.replace(f"{{{name}}}", str(value()))
        return filled.replace("{", "").replace("}", "") if "{" not in filled else _unknown(filled)

    def _code(self, path: str) -> str:
        if "/judges/{code}" in path:
            return str(self.appointment.judge.code)
        if path.endswith("/results/{code}"):
            return str(self.published.code)
        if path.startswith("/contests"):
            return str(self.essay.code)
        return self.cast.home.code if path.startswith("/nominations") else "KR-47"

    def _named(self, path: str) -> Any:
        """What the readable part of this address names."""
        if path.endswith("/results/{code}"):
            return self.session.get_one(Edition, self.published.edition_id)
        if path.startswith("/contests"):
            return self.edition
        return self.opening if path.startswith("/openings") else self.call


def _unknown(path: str) -> str:
    """What is left has no thing of its own in this world."""
    return "".join(part if "}" not in part else f"{uuid.uuid4()}{part.split('}')[1]}" for part in path.split("{"))


@pytest.fixture
def world(session: Session) -> World:
    made = World(session)
    _ = made.letter, made.placement, made.appointment, made.screener, made.batch_id, made.match_run
    session.commit()
    return made


@cache
def permissions() -> list[Permission]:
    with TemporaryDirectory() as folder:
        settings = Settings(
            demonstration=True, database_url=f"sqlite:///{folder}/none.db", storage_url=f"file:{folder}"
        )
        return create_app(settings).state.permissions  # type: ignore[no-any-return]


def _cells() -> list[Permission]:
    return [each for each in permissions() if not each.path.startswith(BY_TOKEN)]


def _is_refused(status: int, location: str) -> bool:
    return status in REFUSED or (status == 303 and location.startswith("/sign-in"))


@pytest.mark.slow
@pytest.mark.parametrize("permission", _cells(), ids=lambda each: f"{each.method} {each.path}")
def test_every_cell(app: FastAPI, session: Session, world: World, permission: Permission) -> None:
    wrong = []
    for relation in Relation:
        person = world.person(relation)
        client: TestClient = browser(app) if person is None else signed_in(app, session, person)
        path = world.address(permission.path, person)
        session.commit()
        savepoint = session.connection().begin_nested()
        answer = client.request(permission.method, path)
        savepoint.rollback()
        refused = _is_refused(answer.status_code, answer.headers.get("location", ""))
        if refused == covers(permission, relation):
            wrong.append((str(relation), answer.status_code, answer.headers.get("location")))
    assert wrong == []


def test_the_document_is_what_the_code_declares() -> None:
    assert DOCUMENT.read_text().strip() == as_markdown(permissions()).strip(), "run `make permissions`"


def test_changing_routes_open_to_visitors_are_only_those_of_signing_in_and_of_links() -> None:
    open_ones = {each.path for each in permissions() if each.method != "GET" and Relation.VISITOR in each.relations}
    known = ("/sign-", "/register", "/reset", "/verify", "/invitations", "/letters/{token}", "/guardians/{token}",
             "/judge-offers/{token}", "/consents/{token}", "/unsubscribe/{message_id}/{signature}")  # fmt: skip
    assert all(path.startswith(known) for path in open_ones)


@pytest.mark.parametrize("permission", _cells(), ids=lambda each: f"{each.method} {each.path}")
def test_another_site_can_change_nothing(app: FastAPI, session: Session, permission: Permission) -> None:
    if permission.method == "GET":
        return
    client = browser(app)
    path = _unknown(permission.path)
    assert client.request(permission.method, path, headers={"sec-fetch-site": "cross-site"}).status_code == 403
