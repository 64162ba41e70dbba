"""Plain builders. Each returns what it made, added to the session and flushed."""

import datetime as dt
import hashlib
import hmac
import secrets
import uuid
from typing import Any

from sqlmodel import Session, select

from portal.accounts.models import Grant, Person, Role, SignIn
from portal.accounts.viewer import cookie_name, token_digest
from portal.calls.models import Call, CallStatus
from portal.clock import now
from portal.db import Database
from portal.files.models import Kind, StoredFile
from portal.files.storage import new_key
from portal.mail.models import Message
from portal.openings.models import HostKind, Opening, OpeningStatus
from portal.registry.models import Country, Government, Membership
from portal.registry.seed import seed
from portal.settings import Settings

PASSWORD = "correct horse battery staple"
_counter = iter(range(1, 10**9))


def registry(database: Database) -> None:
    """What every database of the portal holds from the start."""
    with database.session(writes=True) as session:
        seed(session)


def saved(session: Session, thing: Any) -> Any:
    session.add(thing)
    session.flush()
    return thing


def person(session: Session, name: str = "", **fields: Any) -> Person:
    number = next(_counter)
    given = {
        "name": name or f"Person {number}",
        "email": f"person{number}@example.org",
        "password_hash": "!",
        "verified_at": now(),
    }
    return saved(session, Person(**{**given, **fields}))


def grant(session: Session, person: Person, role: Role, **fields: Any) -> Grant:
    begins = {"begins_on": dt.date(2020, 1, 1)}
    return saved(session, Grant(person_id=person.id, role=role, **{**begins, **fields}))


def government(session: Session, code: str = "KR-47") -> Government:
    found = session.exec(select(Government).where(Government.code == code)).one_or_none()
    return found or saved(session, _government(code))


def _government(code: str) -> Government:
    return Government(
        code=code, country=Country(code[:2]), position=1, kind="province", status=Membership.MEMBER,
        names={"en": f"Government {code}"}, native_name=code, seat="Seat", latitude=36.0, longitude=129.0,
        zone="Asia/Seoul", search_text=code.lower(),
    )  # fmt: skip


def coordinator(session: Session, government: Government, name: str = "") -> Person:
    made = person(session, name or f"Coordinator {government.code}")
    grant(session, made, Role.COORDINATOR, government_id=government.id)
    return made


def secretary(session: Session, name: str = "Secretary") -> Person:
    made = person(session, name)
    grant(session, made, Role.SECRETARY)
    return made


def sign_in(session: Session, settings: Settings, person: Person) -> dict[str, str]:
    """A signed-in browser's cookie for this person."""
    token = secrets.token_urlsafe(32)
    saved(session, SignIn(person_id=person.id, token_digest=token_digest(token), began_at=now()))
    stamp = f"{token}.{int(now().timestamp())}"
    signature = hmac.new(settings.key, b"session:" + stamp.encode(), hashlib.sha256).hexdigest()
    return {cookie_name(settings): f"{stamp}.{signature}"}


def call(session: Session, **fields: Any) -> Call:
    """Published and open since yesterday; applications due in 30 days, nominations in 40."""
    number, today = next(_counter), now().replace(microsecond=0)
    given = {
        "slug": f"call-{number}",
        "titles": {"en": f"Call {number}", "zh-Hans": f"征集 {number}"},
        "texts": {"en": f"Text of call {number}"},
        "status": CallStatus.PUBLISHED,
        "opens_at": today - dt.timedelta(days=1),
        "applications_due_at": today + dt.timedelta(days=30),
        "nominations_due_at": today + dt.timedelta(days=40),
        "reference_on": today.date(),
        "created_by": uuid.uuid4(),
    }
    return saved(session, Call(**{**given, **fields}))


def opening(session: Session, call: Call, government: Government, **fields: Any) -> Opening:
    """Published, with two places."""
    given = {
        "organisation": "Tourism division",
        "host_kind": HostKind.OFFICE,
        "title": f"Opening {next(_counter)}",
        "tasks": "Help with the guide for visitors.",
        "place": "Andong",
        "working_language": "en",
        "level": "B2",
        "starts_on": dt.date(2027, 7, 1),
        "ends_on": dt.date(2027, 9, 30),
        "capacity": 2,
        "status": OpeningStatus.PUBLISHED,
        "created_by": uuid.uuid4(),
    }
    return saved(session, Opening(call=call, government=government, **{**given, **fields}))


# files


def stored_file(session: Session, owner: Person, **fields: Any) -> StoredFile:
    """A row only; `tests.files.samples` has bytes to upload."""
    given = {"key": new_key(), "name": "cv.pdf", "kind": Kind.PDF, "size": 1000, "sha256": "0" * 64}
    return saved(session, StoredFile(owner_id=owner.id, **{**given, **fields}))


# mail


def message(session: Session, **fields: Any) -> Message:
    number = next(_counter)
    given = {
        "address": f"reader{number}@example.org", "language": "en", "template": "test/test",
        "subject": f"Subject {number}", "text": f"Text {number}",
    }  # fmt: skip
    return saved(session, Message(**{**given, **fields}))
