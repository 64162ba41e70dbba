"""An edition with so many essays in all states, and what hangs on each; all of one government."""

import datetime as dt
import hashlib
import random
import secrets
import tempfile
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import Session

from portal.accounts.models import Person
from portal.app import create_app
from portal.clock import now
from portal.consents.models import Case, Consent, ConsentGuardian, Method, Programme, Purpose
from portal.consents.rules import GOOD_FOR
from portal.contests.models import Edition, EditionStatus
from portal.db import Database
from portal.essays.models import Authorship, Essay, EssayStatus, Manuscript, SetAside, Source, Submission
from portal.files.models import StoredFile
from portal.history.actions import record
from portal.judging.models import Appointment, Judge, Mark
from portal.passages.models import Fingerprint, Fingerprinted, SharedPassages
from portal.reminding.models import Reminded
from portal.screening.models import Disqualification, FairCopy, Item, Part, Reason, Redaction, Tick
from portal.settings import Settings
from tests import database as databases
from tests import make
from tests.bench import writing
from tests.bench.bulk import Values, insert, like
from tests.bench.scenes import analyse
from tests.conftest import ORIGIN, signed_in

# Of twenty essays so many are in each state.
SHARES = {
    EssayStatus.SUBMITTED: 9, EssayStatus.DRAFT: 1, EssayStatus.RETURNED: 1, EssayStatus.ADMITTED: 3,
    EssayStatus.IN_JUDGING: 4, EssayStatus.DISQUALIFIED: 1, EssayStatus.WITHDRAWN: 1,
}  # fmt: skip
STATES = [state for state, share in SHARES.items() for _each in range(share)]
PAPER, MANUSCRIPT, COPIED, PROPOSED, UNANSWERED, AGAIN = 4, 4, 5, 4, 3, 4  # every so many
FINGERPRINTS = 20
EACH_JUDGE = 100  # so many essays
DAY = dt.timedelta(days=1)


class Contest(NamedTuple):
    app: FastAPI
    edition: Edition
    essays: Sequence[Values]
    screener: Person
    secretary: Person
    coordinator: Person
    judge: Person
    author: Person  # of the draft that comes first

    @property
    def database(self) -> Database:
        found: Database = self.app.state.database
        return found

    def browser(self, person: Person) -> TestClient:
        with self.database.session(writes=True) as session:
            return signed_in(self.app, session, person)

    def of(self, *states: EssayStatus) -> list[Values]:
        return [row for row in self.essays if row["status"] in states]


@contextmanager
def contest(essays: int) -> Iterator[Contest]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        database = Database(databases.empty_url(folder, f"bench_{uuid.uuid4().hex[:12]}"))
        databases.build(database)
        make.registry(database)
        settings = Settings(demonstration=True, storage_url=f"file:{folder}/files", public_origin=ORIGIN)
        app = create_app(settings, database)
        with database.session(writes=True) as session:
            made = _filled(session, app, essays)
        analyse(database)
        yield made
        database.dispose()
        databases.drop(database.url.render_as_string(hide_password=False))


def _filled(session: Session, app: FastAPI, count: int) -> Contest:
    edition = make.edition(session, opens_at=now() - 60 * DAY)
    for number in range(count // 5):
        earlier = now() - (number + 2) * 365 * DAY / 10
        make.edition(
            session, opens_at=earlier - 60 * DAY, due_at=earlier - 30 * DAY, judging_due_at=earlier,
            status=EditionStatus.CLOSED,
        )  # fmt: skip
    screener, coordinator = make.screener(session, edition), make.coordinator(session, make.government(session, "MN-1"))
    secretary = make.secretary(session)
    judges = [make.judge(session, edition) for _each in range(max(count // EACH_JUDGE * 2 // 5, 2))]
    essays = list(_essays(edition, count))
    authors = _authors(session, essays, edition, coordinator)
    _consents(session, essays, authors, edition)
    _files(session, essays, make.stored_file(session, screener))
    _passages(session, essays)
    _screened(session, essays, screener, secretary)
    _judged(session, essays, edition, judges)
    place = next(place for place, row in enumerate(essays) if row["status"] is EssayStatus.DRAFT)
    author = session.get_one(Person, authors[place])
    return Contest(app, edition, essays, screener, secretary, coordinator, judges[0].person, author)


def _texts() -> list[tuple[str, str]]:
    """Of a few texts in each language all essays are made; no page compares them."""
    dice = random.Random(1)
    return [(code, writing.essay(code, dice).text) for _each in range(8) for code in writing.LANGUAGES]


def _essays(edition: Edition, count: int) -> Iterator[Values]:
    texts, themes, categories = _texts(), edition.themes, edition.categories
    for place in range(count):
        state, (language, text) = STATES[place % len(STATES)], texts[place % len(texts)]
        is_sent = state not in {EssayStatus.DRAFT, EssayStatus.WITHDRAWN}
        at = now() - 5 * DAY - dt.timedelta(minutes=place)
        given = {"title": f"Across river {place}", "text": text, "notes": "A book."}
        yield like(
            Essay(
                **given, edition_id=edition.id, language=language, theme_id=themes[place % 2].id,
                category_id=categories[place // 6 % 2].id, status=state, submitted_at=at if is_sent else None,
                submitted_digest=hashlib.sha256(text.encode()).hexdigest() if is_sent else None,
                code=secrets.token_hex(5).upper() if state in make.HAVE_A_CODE else None,
                returned_at=at if state is EssayStatus.RETURNED or place % AGAIN == 2 else None,
                source=Source.PAPER if place % PAPER == 0 else Source.TYPED, created_at=at - DAY, saved_at=at,
            )
        )  # fmt: skip


def _authors(session: Session, essays: list[Values], edition: Edition, coordinator: Person) -> list[uuid.UUID]:
    people = [
        like(Person(name=f"Author {n}", email=f"author{n}@example.org", password_hash="!", verified_at=now()))
        for n, _row in enumerate(essays)
    ]
    insert(session, Person, people)
    home = make.government(session, "MN-1").id
    insert(session, Essay, essays)
    owns = [_authorship(row, edition, people[n], n, home) for n, row in enumerate(essays)]
    for own, row in zip(owns, essays, strict=True):
        if row["source"] is Source.PAPER:
            own |= {"entered_by": coordinator.id, "entered_at": row["created_at"]}
        record(session, "submitted an essay", "authorship", own["id"], by=own["person_id"])
    insert(session, Authorship, owns)
    return [person["id"] for person in people]


def _authorship(row: Values, edition: Edition, person: Values, place: int, home: uuid.UUID) -> Values:
    of = {"essay_id": row["id"], "edition_id": edition.id, "person_id": person["id"], "government_id": home}
    named = {"native_name": "Болд Батбаяр", "roman_name": "Batbayar Bold", "school": "School No. 7 of the Steppe"}
    stated = {"nationality": "MN", "is_original": True, "used_ai": False, "number": f"E-{place:08}"}
    return like(Authorship(**of, **named, **stated, born_on=dt.date(2011, 5, 31)))


def _consents(session: Session, essays: list[Values], authors: list[uuid.UUID], edition: Edition) -> None:
    """Every third guardian has not answered; of those some have been asked lately and some long ago."""
    cases = [like(Case(person_id=each, programme=Programme.CONTEST, round_id=edition.id)) for each in authors]
    insert(session, Case, cases)
    guardians = [_guardian(case["id"], place) for place, case in enumerate(cases)]
    insert(session, ConsentGuardian, guardians)
    insert(session, Reminded, (_told(each) for each in guardians if each["expires_at"] < now()))
    answered = [each for each in guardians if each["answered_at"]]
    insert(session, Consent, (_consent(each, purpose) for each in answered for purpose in Purpose))


def _guardian(case_id: uuid.UUID, place: int) -> Values:
    is_late = place % UNANSWERED == 0
    at = now() - (place % 4 * 20 + 1) * DAY
    given = {"email": f"guardian{place}@example.org", "token_digest": f"{place:064}", "language": "mn"}
    when = {"asked_at": at, "sent_at": at, "expires_at": at + GOOD_FOR, "answered_at": None if is_late else at}
    return like(ConsentGuardian(case_id=case_id, name="Ээж", **given, **when))


def _told(guardian: Values) -> Values:
    return like(Reminded(rule="expired_consents", subject_id=guardian["id"], step="+0 days", address=""))


def _consent(guardian: Values, purpose: Purpose) -> Values:
    of = {"case_id": guardian["case_id"], "guardian_id": guardian["id"], "decided_at": guardian["answered_at"]}
    read = {"wording": "2026-1", "language": "mn", "digest": "0" * 64, "name": "Ээж"}
    return like(Consent(**of, **read, purpose=purpose, is_given=purpose is not Purpose.PHOTO, method=Method.LINK))


def _files(session: Session, essays: list[Values], file: StoredFile) -> None:
    sent = [row for row in essays if row["submitted_at"]]
    insert(session, Submission, (_submission(row, 1) for row in sent))
    insert(session, Submission, (_submission(row, 2) for row in sent if row["returned_at"]))
    came = [row for row in essays if row["status"] is not EssayStatus.WITHDRAWN][::MANUSCRIPT]
    insert(session, Manuscript, (_manuscript(row, file) for row in came))
    drafts = [row for row in essays if row["status"] is EssayStatus.DRAFT]
    insert(session, SetAside, (like(SetAside(essay_id=row["id"], text=row["text"])) for row in drafts))


def _manuscript(row: Values, file: StoredFile) -> Values:
    of = {"essay_id": row["id"], "file_id": file.id, "uploaded_at": now() - 4 * DAY}
    return like(Manuscript(**of, text=row["text"], confirmed_at=row["submitted_at"]))


def _submission(row: Values, number: int) -> Values:
    sent = {"essay_id": row["id"], "number": number, "submitted_at": row["submitted_at"]}
    words = {part: row[part] for part in ("title", "text", "notes")}
    return like(Submission(**sent, digest=row["submitted_digest"], **words))


def _passages(session: Session, essays: list[Values]) -> None:
    """Every fifth shares passages with the one before; and one with very many."""
    dice, sent = random.Random(1), [row["id"] for row in essays if row["submitted_at"]]
    known, numbered = {"digest": "0" * 64, "compared_at": now()}, list(enumerate(sent, 1))
    rows = (Fingerprinted(number=n, essay_id=each, hashes=dice.randbytes(1600), **known) for n, each in numbered)
    insert(session, Fingerprinted, map(like, rows))
    places = ((number, place) for number, _each in numbered for place in range(FINGERPRINTS))
    found = (like(Fingerprint(hash=dice.getrandbits(62), number=n, position=place)) for n, place in places)
    insert(session, Fingerprint, found)
    pairs = {frozenset(pair) for pair in zip(sent[::COPIED], sent[1::COPIED], strict=False)}
    pairs |= {frozenset((sent[0], other)) for other in sent[1 :: max(len(sent) // 200, 1)]}
    insert(session, SharedPassages, (_pair(*sorted(pair)) for pair in pairs))


def _pair(one: uuid.UUID, other: uuid.UUID) -> Values:
    shares = {"share": 0.5, "other_share": one.int % 97 / 97}
    return like(SharedPassages(essay_id=one, other_id=other, **shares, units=900, longest=300))


def _screened(session: Session, essays: list[Values], screener: Person, second: Person) -> None:
    sent = [row for row in essays if row["submitted_at"]]
    coded = [row for row in essays if row["code"]]
    words = ({"essay_id": row["id"], **{part: row[part] for part in ("title", "text", "notes")}} for row in coded)
    insert(session, FairCopy, (like(FairCopy(**each)) for each in words))
    hidden = ((row, begins) for row in sent[::3] for begins in (10, 40))
    marked = {"part": Part.TEXT, "marked_by": screener.id}
    insert(
        session, Redaction, (like(Redaction(essay_id=row["id"], begins=b, ends=b + 9, **marked)) for row, b in hidden)
    )
    looked = [row for row in sent if row["code"] or row["returned_at"]]
    ticks = (Tick(essay_id=row["id"], item=item, ticked_by=screener.id) for row in looked for item in Item)
    insert(session, Tick, map(like, ticks))
    out = [row for row in essays if row["status"] is EssayStatus.DISQUALIFIED]
    waiting = [row for row in essays if row["status"] is EssayStatus.SUBMITTED][::PROPOSED]
    settled = {"settled_by": screener.id, "settled_at": now(), "is_confirmed": True}
    insert(session, Disqualification, [*_proposals(out, second, **settled), *_proposals(waiting, second)])


def _proposals(rows: Iterable[Values], by: Person, **settled: object) -> list[Values]:
    given = {"code": Reason.COPIED, "reason": "Copied from a book.", "proposed_by": by.id}
    return [like(Disqualification(essay_id=row["id"], **given, **settled)) for row in rows]


def _judged(session: Session, essays: list[Values], edition: Edition, judges: Sequence[Judge]) -> None:
    """Each is read by two judges, and a judge reads a hundred. Half of them are marked."""
    read = [row for row in essays if row["status"] is EssayStatus.IN_JUDGING]
    pairs = [(row, judges[n % len(judges) - back]) for n, row in enumerate(read) for back in (0, 1)]
    appointed = [_appointment(row["id"], judge, is_marked=n % 4 < 2) for n, (row, judge) in enumerate(pairs)]
    insert(session, Appointment, appointed)
    locked = [row for row in appointed if row["locked_at"]]
    criteria = [criterion.id for criterion in edition.criteria]
    marks = (Mark(appointment_id=row["id"], criterion_id=each, points=7) for row in locked for each in criteria)
    insert(session, Mark, map(like, marks))


def _appointment(essay_id: uuid.UUID, judge: Judge, *, is_marked: bool) -> Values:
    given = {"alias": secrets.token_hex(6), "appointed_by": judge.person_id}
    return like(Appointment(essay_id=essay_id, judge_id=judge.id, **given, locked_at=now() if is_marked else None))
