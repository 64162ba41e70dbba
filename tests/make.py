"""Plain builders. Each returns what it made, added to the session and flushed."""

import datetime as dt
import hashlib
import hmac
import secrets
import uuid
from collections.abc import Sequence
from typing import Any

from sqlmodel import Session, col, select

from portal.accounts.models import Grant, Person, Role, SignIn
from portal.accounts.viewer import cookie_name, token_digest
from portal.clock import now, today
from portal.contests import rules as contest_rules
from portal.contests.models import (
    Authorship,
    Category,
    Criterion,
    Edition,
    EditionStatus,
    Essay,
    EssayStatus,
    LengthLimit,
    Theme,
)
from portal.contests.words import LIMITS
from portal.db import Database
from portal.judging.models import Appointment, Judge, Mark
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


# The essay contest

ENGLISH = "Our rivers do not stop at borders and neither should our plans. " * 40  # 480 words of at most 800
RUBRIC = (("Theme", 25), ("Argument", 30), ("Structure", 20), ("Language", 15), ("Voice", 10))


def edition(session: Session, **fields: Any) -> Edition:
    """Published and open, in all six languages, with two themes, two age categories and the rubric of five."""
    number = next(_counter)
    given = {
        "slug": f"edition-{number}", "titles": {"en": f"Contest {number}"}, "texts": {"en": "Write."},
        "status": EditionStatus.PUBLISHED, "opens_at": now() - dt.timedelta(days=10),
        "due_at": now() + dt.timedelta(days=10), "judging_due_at": now() + dt.timedelta(days=40),
        "reference_on": dt.date(2027, 1, 1), "created_by": uuid.uuid4(),
    }  # fmt: skip
    made = Edition(**{**given, **fields})
    made.themes = [Theme(position=n, names={"en": name}) for n, name in enumerate(("Rivers", "Trains"), 1)]
    made.categories = [Category(age_from=a, age_to=b, names={"en": f"Ages {a}–{b}"}) for a, b in ((12, 14), (15, 18))]
    made.limits = [LengthLimit(language=code, most=most) for code, most in LIMITS.items()]
    made.criteria = [
        Criterion(position=n, names={"en": name}, weight=weight, anchors={"2": "weak", "10": "superb"})
        for n, (name, weight) in enumerate(RUBRIC, 1)
    ]
    return saved(session, made)


def essay(
    session: Session,
    state: str = "submitted",
    *,
    edition: Edition | None = None,
    author: Person | None = None,
    government: Government | None = None,
    **fields: Any,
) -> Essay:
    """Complete, in the given state; `authorship(session, essay)` is who wrote it."""
    edition, state = edition or globals()["edition"](session), EssayStatus(state)
    was_sent = state not in {EssayStatus.DRAFT, EssayStatus.WITHDRAWN}
    given = {
        "edition_id": edition.id, "code": secrets.token_hex(4).upper(), "category_id": edition.categories[1].id,
        "theme_id": edition.themes[0].id, "language": "en", "title": "Across the river", "text": ENGLISH,
        "status": state, "submitted_at": now() if was_sent else None,
        "returned_at": now() if state is EssayStatus.RETURNED else None,
    }  # fmt: skip
    made = saved(session, Essay(**{**given, **fields}))
    made.submitted_digest = contest_rules.digest(made.title, made.text) if was_sent else None
    _authorship(session, made, author or person(session), government)
    return made


def _authorship(session: Session, essay: Essay, author: Person, home: Government | None) -> None:
    saved(
        session,
        Authorship(
            essay_id=essay.id, edition_id=essay.edition_id, person_id=author.id,
            government_id=(home or government(session, "MN-1")).id, native_name="Болд Батбаяр",
            roman_name="Batbayar Bold", born_on=dt.date(2010, 5, 31), school="School No. 7 of the Steppe",
            number=f"E-{secrets.token_hex(4)}", consents=["data", "original"], consented_at=now(),
        ),
    )  # fmt: skip


def authorship(session: Session, essay: Essay) -> Authorship:
    return session.exec(select(Authorship).where(Authorship.essay_id == essay.id)).one()


def screener(session: Session, edition: Edition, name: str = "Screener") -> Person:
    """A secretary who holds the screening task."""
    made = secretary(session, name)
    grant(session, made, Role.SCREENER, edition_id=edition.id)
    return made


def judge(
    session: Session,
    edition: Edition,
    government: Government | None = None,
    languages: Sequence[str] = ("en",),
    name: str = "",
    person: Person | None = None,
) -> Judge:
    """A person with the role and the row; `.person` is loaded."""
    home = government or globals()["government"](session, "KR-47")
    somebody = person or globals()["person"](session, name or "Judge")
    grant(session, somebody, Role.JUDGE, edition_id=edition.id, ends_on=today() + dt.timedelta(days=60))
    made = Judge(
        edition_id=edition.id, person_id=somebody.id, government_id=home.id, languages=list(languages), person=somebody
    )
    return saved(session, made)


def appointment(session: Session, essay: Essay | None = None, judge: Judge | None = None, **fields: Any) -> Appointment:
    """Of a judge to an essay in judging; both are made if they are not given."""
    made_for = essay or globals()["essay"](session, EssayStatus.IN_JUDGING)
    edition = session.get_one(Edition, made_for.edition_id)
    somebody = judge or globals()["judge"](session, edition)
    given = {
        "essay_id": made_for.id, "judge_id": somebody.id, "alias": secrets.token_hex(6),
        "appointed_by": somebody.person_id, "essay": made_for, "judge": somebody,
    }  # fmt: skip
    return saved(session, Appointment(**{**given, **fields}))


def marks(session: Session, appointment: Appointment, *points: int, locked: bool = True) -> None:
    """The points of one judge in the order of the rubric, locked unless said otherwise."""
    essay = session.get_one(Essay, appointment.essay_id)
    criteria = session.exec(
        select(Criterion).where(Criterion.edition_id == essay.edition_id).order_by(col(Criterion.position))
    ).all()
    for criterion, given in zip(criteria, points, strict=True):
        session.add(Mark(appointment_id=appointment.id, criterion_id=criterion.id, points=given))
    appointment.locked_at = now() if locked else None
    session.flush()
