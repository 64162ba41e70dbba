"""Who asks: a plain value, read once a request, that rules and queries are written against."""

import datetime as dt
import hashlib
import hmac
import uuid
from dataclasses import dataclass
from typing import Annotated

import sqlmodel
from fastapi import Depends, Request
from sqlalchemy.orm import joinedload
from sqlmodel import col, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from portal.accounts.models import Grant, Person, Role, SignIn
from portal.clock import now, today
from portal.mail import queries as mail
from portal.settings import Settings
from portal.web import cookies
from portal.web.transaction import Session

ABSOLUTE = dt.timedelta(hours=12)
IDLE = dt.timedelta(minutes=60)
IDLE_STAFF = dt.timedelta(minutes=20)
REFRESH = dt.timedelta(seconds=60)


@dataclass(frozen=True)
class Held:
    """One role that is in force today."""

    role: Role
    government_id: uuid.UUID | None = None
    edition_id: uuid.UUID | None = None


@dataclass(frozen=True)
class Viewer:
    """The person who asks, with today's roles. `person_id` is None for a visitor."""

    person_id: uuid.UUID | None = None
    name: str = ""
    language: str = "en"
    zone: str = "UTC"
    held: frozenset[Held] = frozenset()
    once_judged: frozenset[uuid.UUID] = frozenset()  # editions, also those of roles that are over
    sign_in_id: uuid.UUID | None = None
    unread: int = 0  # messages

    @property
    def is_signed_in(self) -> bool:
        return self.person_id is not None

    @property
    def id(self) -> uuid.UUID:
        """For deeds that only a signed-in person does."""
        assert self.person_id is not None, "a visitor has no id"
        return self.person_id

    def holds(self, role: Role) -> bool:
        return any(held.role is role for held in self.held)

    @property
    def is_secretary(self) -> bool:
        return self.holds(Role.SECRETARY)

    @property
    def is_auditor(self) -> bool:
        return self.holds(Role.AUDITOR)

    @property
    def is_staff(self) -> bool:
        return any(held.role in {Role.SECRETARY, Role.AUDITOR, Role.COORDINATOR, Role.SCREENER} for held in self.held)

    @property
    def governments(self) -> frozenset[uuid.UUID]:
        """The governments this person coordinates."""
        return frozenset(held.government_id for held in self.held if held.role is Role.COORDINATOR) - {None}  # type: ignore[return-value]

    def editions(self, role: Role) -> frozenset[uuid.UUID]:
        """The editions this person judges, or screens."""
        return frozenset(held.edition_id for held in self.held if held.role is role) - {None}  # type: ignore[return-value]

    def coordinates(self, government_id: uuid.UUID) -> bool:
        return government_id in self.governments

    def screens(self, edition_id: uuid.UUID) -> bool:
        return edition_id in self.editions(Role.SCREENER)

    def judges(self, edition_id: uuid.UUID) -> bool:
        return edition_id in self.judged

    @property
    def judged(self) -> frozenset[uuid.UUID]:
        """The editions this person judges or ever judged: who left does not come back as somebody who sees it all."""
        return self.editions(Role.JUDGE) | self.once_judged


VISITOR = Viewer()


def cookie_name(settings: Settings) -> str:
    """Browsers accept the __Host- prefix over https only; a machine that serves itself does without."""
    return "__Host-session" if settings.is_secure else "session"


def token_digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def put_cookie(request: Request, token: str) -> None:
    """The token with the moment it was last used, signed: idling ends a session without a write on every page."""
    settings: Settings = request.app.state.settings
    stamp = f"{token}.{int(now().timestamp())}"
    name = cookie_name(settings)
    cookies.keep(request, name, f"{stamp}.{_sign(settings, stamp)}", seconds=None, secure=settings.is_secure)


def drop_cookie(request: Request) -> None:
    settings: Settings = request.app.state.settings
    cookies.drop(request, cookie_name(settings), secure=settings.is_secure)


def get_viewer(request: Request, session: Session) -> Viewer:
    viewer = _signed_in(request, session) or VISITOR
    request.state.viewer = viewer
    return viewer


CurrentViewer = Annotated[Viewer, Depends(get_viewer, scope="function")]


def viewer_of(
    session: sqlmodel.Session, person: Person, sign_in_id: uuid.UUID | None = None, *, unread: int = 0
) -> Viewer:
    """The viewer this person is today."""
    grants, day = session.exec(_begun(person.id)).all(), today()
    held = frozenset(
        Held(grant.role, grant.government_id, grant.edition_id)
        for grant in grants
        if grant.ends_on is None or grant.ends_on >= day
    )
    judged = frozenset(
        grant.edition_id for grant in grants if grant.role is Role.JUDGE and grant.edition_id and not grant.never_began
    )
    return Viewer(person.id, person.name, person.language, person.zone, held, judged, sign_in_id, unread)


def _signed_in(request: Request, session: sqlmodel.Session) -> Viewer | None:
    token, used_at = _read_cookie(request)
    if token is None or used_at is None:
        return None
    row = session.exec(_open(token)).one_or_none()
    if row is None or now() - row[0].began_at > ABSOLUTE:
        return None
    sign_in, unread = row
    viewer = viewer_of(session, sign_in.person, sign_in.id, unread=unread)
    if now() - used_at > (IDLE_STAFF if viewer.is_staff else IDLE):
        return None
    if now() - used_at > REFRESH:
        put_cookie(request, token)
    return viewer


def _open(token: str) -> SelectOfScalar[tuple[SignIn, int]]:
    """Who signed in with this token, and how many of their messages are unread: one query for every page."""
    wanted = select(SignIn, mail.unread(SignIn.person_id)).options(joinedload(SignIn.person))
    return wanted.where(SignIn.token_digest == token_digest(token), col(SignIn.ended_at).is_(None))  # type: ignore[return-value]


def _read_cookie(request: Request) -> tuple[str | None, dt.datetime | None]:
    settings: Settings = request.app.state.settings
    stamp, _dot, signature = request.cookies.get(cookie_name(settings), "").rpartition(".")
    if not stamp or not hmac.compare_digest(signature.encode(), _sign(settings, stamp).encode()):
        return None, None
    token, _dot, seconds = stamp.rpartition(".")
    return token, dt.datetime.fromtimestamp(int(seconds), dt.UTC)


def _sign(settings: Settings, stamp: str) -> str:
    return hmac.new(settings.key, b"session:" + stamp.encode(), hashlib.sha256).hexdigest()


def _begun(person_id: uuid.UUID) -> SelectOfScalar[Grant]:
    """Those in force today, and a judge's that are over."""
    day = today()
    return select(Grant).where(
        Grant.person_id == person_id,
        col(Grant.begins_on) <= day,
        or_(col(Grant.ends_on).is_(None), col(Grant.ends_on) >= day, Grant.role == Role.JUDGE),
    )
