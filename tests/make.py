"""Plain builders. Each returns what it made, added to the session and flushed."""

import datetime as dt
import functools
import hashlib
import hmac
import json
import secrets
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from portal.accounts import passwords
from portal.accounts import queries as accounts
from portal.accounts.models import Grant, Person, Role, SignIn
from portal.accounts.viewer import Viewer, cookie_name, token_digest, viewer_of
from portal.agreements import queries as agreement_queries
from portal.agreements import wording
from portal.agreements.models import Agreement, Guardian, Party, Signature
from portal.alumni.models import Alumnus
from portal.appeals.models import Appeal
from portal.applications import names, rules
from portal.applications import queries as application_queries
from portal.applications.models import (
    Answer,
    Application,
    Choice,
    Document,
    Enrolment,
    Kinship,
    Letter,
    NameOrder,
    Namesake,
    SpokenLanguage,
    Status,
    Version,
)
from portal.applications.words import REQUIRED_CONSENTS
from portal.calls.models import Call, CallStatus, HostCriterion, Purpose, Question, QuestionKind, RequestedDocument
from portal.certificates import rules as certificate_rules
from portal.certificates.models import Certificate
from portal.checkins.models import CheckIn, Side
from portal.circulars.models import Circular
from portal.clock import now, today
from portal.consents import actions as consent_actions
from portal.consents import queries as consents
from portal.consents.models import Case, ConsentGuardian, Method, Programme
from portal.consents.models import Purpose as Consented
from portal.consents.rules import GOOD_FOR
from portal.contests.models import Award, Category, Criterion, Edition, EditionStatus, LengthLimit, Theme
from portal.contests.words import LIMITS
from portal.db import Database
from portal.diplomas import rules as diploma_rules
from portal.diplomas.models import Diploma, DiplomaKind
from portal.documents import numbers
from portal.documents.certificates import Signatory
from portal.documents.certificates import digest as digest_of_certificate
from portal.documents.numbers import new as new_certificate_number
from portal.essays import rules as essay_rules
from portal.essays.models import Authorship, Essay, EssayStatus, Manuscript
from portal.files.models import Kind, StoredFile
from portal.files.storage import new_key
from portal.final_reports.models import FinalReport, ReportStatus
from portal.interviews.models import Slot
from portal.judging.models import Appointment, Judge, JudgeStatus, Mark, Round
from portal.mail.models import Message
from portal.matches.models import Result, Run
from portal.nominations.models import Note
from portal.openings import rules as opening_rules
from portal.openings.models import Benefit, Host, HostKind, Opening, OpeningField, OpeningLanguage, OpeningStatus
from portal.passages.models import SharedPassages
from portal.placements import instances as matching_files
from portal.placements import queries as placement_queries
from portal.placements.models import HOLDING, Placement, PlacementStatus
from portal.private_lines.models import PrivateMessage
from portal.rankings.models import RankingEntry
from portal.registry.models import Country, Government, Membership
from portal.registry.seed import seed
from portal.screening.models import Disqualification, FairCopy, Item, Tick
from portal.settings import Settings
from portal.stays.models import Evaluation, Extension, Stay, Visa
from portal.trainings.models import Anchor, Training, TrainingMark

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


# Accounts


def sign_in_id(session: Session, person: Person) -> uuid.UUID:
    """Of the newest browser this person is signed in with."""
    return accounts.signed_in_browsers(session, person.id)[0].id


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
        **fields,
    }
    given.setdefault("openings_due_at", given["applications_due_at"])
    given.setdefault("corrections_due_at", given["nominations_due_at"])
    given.setdefault("rankings_due_at", given["nominations_due_at"] + dt.timedelta(days=14))
    return saved(session, Call(**given))


def host(session: Session, government: Government, **fields: Any) -> Host:
    """An office of this government; with the name of one that exists already, that one."""
    given = {"name": "Tourism division", "kind": HostKind.OFFICE, "created_by": uuid.uuid4(), **fields}
    known = select(Host).where(Host.government_id == government.id, Host.name == given["name"])
    return session.exec(known).one_or_none() or saved(session, Host(government=government, **given))


def requested_document(session: Session, call: Call, **fields: Any) -> RequestedDocument:
    """A required CV that hosts see, after what the call asks for already."""
    return saved(
        session,
        RequestedDocument(
            **{
                "call_id": call.id,
                "position": _last_position(session, RequestedDocument, call) + 1,
                "purpose": Purpose.CV,
                "shown_to_hosts": True,
                **fields,
            }
        ),
    )


def question(session: Session, call: Call, kind: QuestionKind | str = QuestionKind.SHORT, **fields: Any) -> Question:
    """Required and not shown to hosts; of the kinds one and several with the options a and b."""
    position, kind = _last_position(session, Question, call) + 1, QuestionKind(kind)
    given = {"call_id": call.id, "position": position, "kind": kind, "texts": {"en": f"Question {position}?"}}
    if kind in {QuestionKind.ONE, QuestionKind.SEVERAL}:
        given["options"] = [{"code": code, "texts": {"en": f"Option {code}"}} for code in "ab"]
    return saved(session, Question(**{**given, **fields}))


def _last_position(session: Session, rows: type[Question | RequestedDocument], call: Call) -> int:
    found = session.exec(select(rows.position).where(rows.call_id == call.id))
    return max(found, default=0)


def opening(
    session: Session,
    call: Call,
    government: Government,
    host: Host | None = None,
    languages: Iterable[tuple[str, str]] = (("en", "B2"),),
    studies: Iterable[str] = (),
    benefits: Sequence[Benefit] = (),
    **fields: Any,
) -> Opening:
    """Published, with two places."""
    given = {
        "title": f"Opening {next(_counter)}",
        "tasks": "Help with the guide for visitors.",
        "place": "Andong",
        "starts_on": dt.date(2027, 7, 1),
        "ends_on": dt.date(2027, 9, 30),
        "capacity": 2,
        "status": OpeningStatus.PUBLISHED,
        "slug": f"opening-{secrets.token_hex(4)}",
        "created_by": uuid.uuid4(),
        **fields,
    }
    made = Opening(call=call, government=government, host=host or globals()["host"](session, government), **given)
    made.languages = [OpeningLanguage(language=language, level=level) for language, level in languages]
    made.fields = [OpeningField(field=field) for field in studies]
    made.benefits = list(benefits)
    made.search_text = opening_rules.search_text(made)
    return saved(session, made)


# files


def stored_file(session: Session, owner: Person, **fields: Any) -> StoredFile:
    """A row only; `tests.files.samples` has bytes to upload."""
    given = {"key": new_key(), "name": "cv.pdf", "kind": Kind.PDF, "size": 1000, "sha256": "0" * 64}
    return saved(session, StoredFile(owner_id=owner.id, **{**given, **fields}))


# applications and placements


RUBRIC = (("Theme", 25), ("Argument", 30), ("Structure", 20), ("Language", 15), ("Voice", 10))


ENGLISH = "Our rivers do not stop at borders and neither should our plans. " * 40  # 480 words of at most 800


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
        Criterion(position=n, names={"en": name}, weight=weight, anchors={"2": {"en": "weak"}, "10": {"en": "superb"}})
        for n, (name, weight) in enumerate(RUBRIC, 1)
    ]
    made.awards = []
    return saved(session, made)


# essays


HAVE_A_CODE = frozenset(EssayStatus) - {
    EssayStatus.DRAFT, EssayStatus.SUBMITTED, EssayStatus.RETURNED, EssayStatus.DISQUALIFIED, EssayStatus.WITHDRAWN,
}  # fmt: skip


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
        "edition_id": edition.id, "category_id": edition.categories[1].id,
        "code": secrets.token_hex(4).upper() if state in HAVE_A_CODE else None,
        "theme_id": edition.themes[0].id, "language": "en", "title": "Across the river", "text": ENGLISH,
        "status": state, "submitted_at": now() if was_sent else None,
        "returned_at": now() if state is EssayStatus.RETURNED else None,
    }  # fmt: skip
    made = saved(session, Essay(**{**given, **fields}))
    made.submitted_digest = essay_rules.digest(made.title, made.text) if was_sent else None
    if made.code:
        saved(session, FairCopy(essay_id=made.id, title=made.title, text=made.text, notes=made.notes))
    _authorship(session, made, author or person(session), government)
    return made


def _authorship(session: Session, essay: Essay, author: Person, home: Government | None) -> None:
    saved(
        session,
        Authorship(
            essay_id=essay.id, edition_id=essay.edition_id, person_id=author.id,
            government_id=(home or government(session, "MN-1")).id, native_name="Болд Батбаяр",
            roman_name="Batbayar Bold", born_on=dt.date(2010, 5, 31), school="School No. 7 of the Steppe",
            number=f"E-{secrets.token_hex(4)}", nationality="MN", is_original=True, used_ai=False,
        ),
    )  # fmt: skip


def authorship(session: Session, essay: Essay) -> Authorship:
    return session.exec(select(Authorship).where(Authorship.essay_id == essay.id)).one()


def person_of(session: Session, essay: Essay) -> Person:
    """Who wrote it."""
    return session.get_one(Person, authorship(session, essay).person_id)


def manuscript(session: Session, essay: Essay, *, file: StoredFile | None = None, **fields: Any) -> Manuscript:
    """Confirmed before the essay was sent, unless said otherwise."""
    stored = file or stored_file(session, session.get_one(Person, authorship(session, essay).person_id))
    confirmed_at = essay.submitted_at or now()
    given = {"essay_id": essay.id, "file_id": stored.id, "text": essay.text, "confirmed_at": confirmed_at}
    return saved(session, Manuscript(**{**given, **fields}))


def paper_essay(
    session: Session, coordinator: Person, state: str = "draft", *, edition: Edition | None = None,
    government: Government | None = None, **fields: Any,
) -> Authorship:  # fmt: skip
    """Entered by this coordinator (of MN-1) for an author of 16 without an address: scanned, signed and compared."""
    author = person(session, "Дулмаа", email=None, verified_at=None)
    home = government or globals()["government"](session, "MN-1")
    made = essay(session, state, edition=edition, author=author, government=home)
    own = authorship(session, made)
    own.entered_by, own.entered_at = coordinator.id, now()
    own.scan_id = stored_file(session, author, name="essay.pdf").id
    own.compared_at = now()
    for name, value in fields.items():
        setattr(own, name, value)
    case = consent_actions.open_case(session, author.id, Programme.CONTEST, made.edition_id)
    consent_actions.enter_from_paper(
        session, case, dict.fromkeys(Consented, True), guardian_name="Дорж", language="mn",
        scan_id=stored_file(session, author, name="consent.pdf").id, by=coordinator.id,
    )  # fmt: skip
    return saved(session, own)


# screening


def screener(session: Session, edition: Edition, name: str = "Screener") -> Person:
    """A secretary who holds the screening task."""
    made = secretary(session, name)
    grant(session, made, Role.SCREENER, edition_id=edition.id)
    return made


def agreed(session: Session, essay: Essay, *, by_guardian: bool = True, is_given: bool = True) -> Case:
    """The answer to whether the author of this essay takes part; the only one there is."""
    own = authorship(session, essay)
    author, edition = session.get_one(Person, own.person_id), session.get_one(Edition, essay.edition_id)
    known = consents.case_of(session, author.id, Programme.CONTEST, edition.id)
    if known is None:
        return consented(session, author, edition, guardian=by_guardian, token=secrets.token_hex(8), take_part=is_given)
    answer = {Consented.TAKE_PART: is_given}
    method: dict[str, Any] = {"method": Method.ACCOUNT, "by": author.id}
    if by_guardian:
        method = {"method": Method.LINK, "by": None, "guardian_id": consents.guardians(session, [known])[known.id].id}
    consent_actions.decide(session, known, answer, wording="2026-1", language="en", digest="0" * 64, **method)
    return known


def ticked(session: Session, essay: Essay, screener: Person) -> None:
    """All that a screener ticks before an essay is admitted."""
    session.add_all([Tick(essay_id=essay.id, item=item, ticked_by=screener.id) for item in Item])
    session.flush()


def ready(session: Session, essay: Essay, screener: Person) -> Essay:
    """With a guardian's consent and all five ticks: it can be admitted."""
    agreed(session, essay)
    ticked(session, essay, screener)
    return essay


def proposed(session: Session, essay: Essay, screener: Person, **fields: Any) -> Disqualification:
    given = {"code": "copied", "reason": "Copied from a book.", "proposed_by": screener.id, **fields}
    return saved(session, Disqualification(essay_id=essay.id, **given))


# passages


def shared_passages(session: Session, essay: Essay, other: Essay, **fields: Any) -> Any:
    """As if a job had compared the two."""
    one, two = sorted((essay.id, other.id))
    given = {"share": 0.5, "other_share": 0.25, "units": 900, "longest": 300}
    return saved(session, SharedPassages(essay_id=one, other_id=two, **{**given, **fields}))


# consents


def case(session: Session, person: Person, round_: Edition | Call) -> Case:
    programme = Programme.CONTEST if isinstance(round_, Edition) else Programme.INTERNSHIP
    return consent_actions.open_case(session, person.id, programme, round_.id)


def named_guardian(session: Session, case: Case, token: str = "token", **fields: Any) -> ConsentGuardian:
    """Asked just now, and not heard from yet."""
    given = {"name": "Ээж", "email": "mother@example.org", "language": "mn", "expires_at": now() + GOOD_FOR}
    made = ConsentGuardian(case_id=case.id, token_digest=token_digest(token), **{**given, **fields})
    return saved(session, made)


def consented(
    session: Session, person: Person, round_: Edition | Call, *, guardian: bool = True, token: str = "token",
    **answers: bool,
) -> Case:  # fmt: skip
    """Yes to everything but what `answers` say otherwise; by a guardian's link, or by the person."""
    made, given = case(session, person, round_), {purpose: answers.get(purpose.value, True) for purpose in Consented}
    evidence: dict[str, Any] = {"method": Method.ACCOUNT, "by": person.id}
    if guardian:
        named = named_guardian(session, made, token, answered_at=now())
        evidence = {"method": Method.LINK, "by": None, "guardian_id": named.id, "name": named.name}
    consent_actions.decide(session, made, given, wording="2026-1", language="en", digest="0" * 64, **evidence)
    return made


def consent(session: Session, person: Person, edition: Edition, **purposes: bool) -> Case:
    """A guardian's answer by link for every purpose: yes, or as `purposes` say; once a person and edition."""
    known = consents.case_of(session, person.id, Programme.CONTEST, edition.id)
    return known or consented(session, person, edition, token=secrets.token_hex(8), **purposes)


def guardians_word(session: Session, application: Application, *, agrees: bool | None = None) -> ConsentGuardian:
    """A minor's guardian, asked; and their answer, if `agrees` says one."""
    case = consent_actions.open_case(session, application.applicant_id, Programme.INTERNSHIP, application.call_id)
    guardian = consents.guardians(session, [case]).get(case.id) or saved(
        session, ConsentGuardian(case_id=case.id, name="Дорж", language="mn", expires_at=now() + dt.timedelta(days=30))
    )
    if agrees is not None:
        consent_actions.decide(
            session, case, {Consented.TAKE_PART: agrees}, method=Method.LINK, by=None, wording="1",
            language="mn", digest="0" * 64, guardian_id=guardian.id,
        )  # fmt: skip
    return guardian


# judging


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
        edition_id=edition.id, person_id=somebody.id, government_id=home.id, country=home.country,
        languages=list(languages), person=somebody,
    )  # fmt: skip
    return saved(session, made)


def judge_offer(session: Session, edition: Edition, token: str = "t" * 43, **fields: Any) -> Judge:
    """Somebody who was asked to judge and has not answered; `token` opens the letter's link."""
    given = {
        "edition_id": edition.id, "email": "asked@example.org", "name": "Asked Judge", "languages": ["en", "ru"],
        "status": JudgeStatus.INVITED, "token_digest": token_digest(token), "expires_at": now() + dt.timedelta(days=14),
    }  # fmt: skip
    return saved(session, Judge(**{**given, **fields}))


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


@dataclass(frozen=True)
class Judged:
    """An edition whose marks are in; essays and judges in the order in which their points were given."""

    edition: Edition
    essays: list[Essay]
    judges: list[Judge]

    @property
    def codes(self) -> list[str]:
        return [str(essay.code) for essay in self.essays]


CLEAR = ((9, 10, 9), (8, 8, 8), (7, 7, 6), (5, 6, 5), (4, 4, 4), (2, 3, 2))


def judged_edition(
    session: Session, points: Sequence[Sequence[int | None]] = CLEAR, *, awards: Sequence[tuple[str, int]] = (
        ("Gold", 1), ("Silver", 2),
    ), round_: Round = Round.FIRST, essay_fields: Sequence[dict[str, Any]] = (), **fields: Any,
) -> Judged:  # fmt: skip
    """The first round is over, and these marks were submitted: a row an essay, a column a judge, one number of points
    for all criteria; None: the judge does not read the essay. With `round_` final, marks of finalists in the final
    round, which is over too. `essay_fields` are what single essays have otherwise (category_id, language, status)."""
    days = dt.timedelta(days=1)
    dates = {"opens_at": now() - 90 * days, "due_at": now() - 60 * days, "judging_due_at": now() - 20 * days}
    if round_ is Round.FINAL:
        dates |= {"finalists": len(points), "final_due_at": now() - days}
    made = edition(session, **{**dates, **fields})
    made.awards = [Award(position=n, names={"en": name}, places=places) for n, (name, places) in enumerate(awards, 1)]
    session.flush()
    panel = [judge(session, made, name=f"Judge {n}") for n in range(1, len(points[0]) + 1)]
    state = EssayStatus.SHORTLISTED if round_ is Round.FINAL else EssayStatus.IN_JUDGING
    begun, essays = secrets.token_hex(2).upper(), []
    for number, row in enumerate(points):
        given = {"code": f"{begun}{number:02}", **(essay_fields[number] if number < len(essay_fields) else {})}
        essays.append(essay(session, given.pop("status", state), edition=made, **given))
        for each, point in zip(panel, row, strict=True):
            if point is not None:
                marks(session, appointment(session, essays[-1], each, round=round_), *[point] * len(made.criteria))
    return Judged(made, essays, panel)


# trainings


def anchor(session: Session, edition: Edition, position: int = 1, **fields: Any) -> Anchor:
    """With 5 points as the reference on every criterion."""
    given = {
        "edition_id": edition.id, "position": position, "language": "en", "title": f"Anchor {position}",
        "text": "One.\n\nTwo.", "reference": {str(each.position): 5 for each in edition.criteria},
        "explanation": {"en": "It is middling."}, "created_by": person(session, "Who wrote the anchor").id,
    }  # fmt: skip
    return saved(session, Anchor(**{**given, **fields}))


def training(session: Session, anchor: Anchor, judge: Judge, *points: int, locked: bool = True) -> Training:
    """A judge's points on an anchor essay in the order of the rubric."""
    made = saved(session, Training(anchor_id=anchor.id, judge_id=judge.id, locked_at=now() if locked else None))
    criteria = select(Criterion).where(Criterion.edition_id == anchor.edition_id).order_by(col(Criterion.position))
    for criterion, given in zip(session.exec(criteria).all(), points, strict=False):
        session.add(TrainingMark(training_id=made.id, criterion_id=criterion.id, points=given))
    session.flush()
    return made


# Accounts


@functools.cache
def _hash_of(password: str) -> str:
    return passwords.make_hash(password)


def member(session: Session, name: str = "", password: str = PASSWORD, **fields: Any) -> Person:
    """A person who can sign in with a password."""
    return person(session, name, **{"password_hash": _hash_of(password), **fields})


# mail


def message(session: Session, **fields: Any) -> Message:
    number = next(_counter)
    given = {
        "address": f"reader{number}@example.org", "language": "en", "template": "test/test",
        "subject": f"Subject {number}", "text": f"Text {number}",
    }  # fmt: skip
    return saved(session, Message(**{**given, **fields}))


# applications and placements


def application(
    session: Session,
    state: Status | str = Status.DRAFT,
    *,
    applicant: Person | None = None,
    home: Government | None = None,
    call: Call | None = None,
    choices: Sequence[Opening] | None = None,
    **fields: Any,
) -> Application:
    """In any state, complete and eligible (an empty draft is `Application(call_id=…, applicant_id=…)`).

    Its home is MN-1, its one choice an opening of KR-47, unless told otherwise.
    """
    status = Status(state)
    applicant = applicant or person(session)
    home = home or government(session, "MN-1")
    within = call or _call_of(session, choices)
    chosen = [opening(session, within, government(session))] if choices is None else choices
    given = {
        "native_name": "Батбаярын Туул",
        "roman_name": "Batbayar Tuul",
        "given_name": "Туул",
        "patronymic": "Батбаярын",
        "roman_family_name": "Batbayar",
        "roman_given_name": "Tuul",
        "name_order": NameOrder.PATRONYMIC_FIRST,
        "born_on": dt.date(now().year - 22, 1, 1),
        "phone": "+976 9911 2233",
        "nationality": "MN",
        "is_resident": True,
        "education": "National University of Mongolia, economics, third year",
        "enrolment": Enrolment.ENROLLED,
        "graduates_on": dt.date(now().year + 2, 6, 30),
        "took_part_before": False,
        "has_kin_at_host": False,
        "motivation": "I want to learn how a region brings visitors to its villages.",
        "consents": sorted(REQUIRED_CONSENTS),
        "consented_at": now(),
        **_so_far(session, status, within, home),
        **fields,
    }
    made = Application(call_id=within.id, applicant_id=applicant.id, home_id=home.id, status=status, **given)
    made.search_text = made.search_text or names.search_text(made)
    saved(session, made)
    saved(session, SpokenLanguage(application_id=made.id, language="en", level="B2"))
    for rank, each in enumerate(chosen, 1):
        saved(session, Choice(application_id=made.id, rank=rank, opening_id=each.id))
    for requested in _requested_of(session, within):
        document(session, made, requested)
    return made


def _requested_of(session: Session, call: Call) -> Sequence[RequestedDocument]:
    """What the call asks applicants for; a call that asks for nothing yet is made to ask for a CV."""
    query = select(RequestedDocument).where(RequestedDocument.call_id == call.id)
    found = session.exec(query.order_by(col(RequestedDocument.position))).all() or [requested_document(session, call)]
    return [each for each in found if each.purpose is not Purpose.LETTER]


def document(
    session: Session, application: Application, requested: RequestedDocument | None = None, **fields: Any
) -> Document:
    """Given for `requested`, or for one more CV that the call is made to ask for; `fields` are the file's."""
    asked = requested or requested_document(session, session.get_one(Call, application.call_id))
    stored = stored_file(session, session.get_one(Person, application.applicant_id), **fields)
    return saved(session, Document(application_id=application.id, requested_id=asked.id, file_id=stored.id))


def _call_of(session: Session, choices: Sequence[Opening] | None) -> Call:
    return session.get_one(Call, choices[0].call_id) if choices else call(session)


def shown_document(session: Session, application: Application) -> Document:
    """The first of its documents that the call shows to hosts."""
    shown = select(Document).join(RequestedDocument).where(RequestedDocument.shown_to_hosts)
    return session.exec(shown.where(Document.application_id == application.id)).first()


def _nominated(session: Session, opening: Opening | None) -> Application:
    return application(session, Status.NOMINATED, choices=[opening] if opening else None)


def _so_far(session: Session, status: Status, call: Call, home: Government) -> dict[str, Any]:
    """What an application in this state must have been through."""
    found: dict[str, Any] = {}
    if status is not Status.DRAFT:
        found |= {"number": rules.new_number(2027), "submitted_at": now(), "submitted_digest": "0" * 64}
    if status in {Status.RETURNED, Status.NOT_NOMINATED}:
        found |= {"reason": "The name differs from the passport."}
    if status is Status.RETURNED:
        found |= {"returned_at": now(), "correction_due_at": now() + dt.timedelta(days=7)}
    if status in {Status.NOMINATED, Status.NOT_NOMINATED}:
        found |= {"decided_at": now(), "decided_by": coordinator(session, home).id}
    if status is Status.NOMINATED:
        of_home = select(Application.merit).where(Application.call_id == call.id, Application.home_id == home.id)
        found |= {"merit": max([merit or 0 for merit in session.exec(of_home)], default=0) + 1}
    return found


def placement(
    session: Session,
    state: PlacementStatus | str = PlacementStatus.PROPOSED,
    *,
    application: Application | None = None,
    opening: Opening | None = None,
    **fields: Any,
) -> Placement:
    """In any state, for a nominated application's first choice, on the lowest free seat; offers end in 7 days."""
    status = PlacementStatus(state)
    nominated = application or _nominated(session, opening)
    first = select(Opening).join(Choice).where(Choice.application_id == nominated.id).order_by(col(Choice.rank))
    at = opening or session.exec(first).first()
    host = coordinator(session, session.get_one(Government, at.government_id))
    held = select(Placement.seat).where(Placement.opening_id == at.id, col(Placement.status).in_(HOLDING))
    given: dict[str, Any] = {"seat": max(session.exec(held), default=0) + 1, "proposed_by": host.id}
    given |= {"starts_on": at.starts_on, "ends_on": at.ends_on}
    if status not in {PlacementStatus.PROPOSED, PlacementStatus.CANCELLED}:
        given |= {"approved_at": now(), "approved_by": host.id, "expires_at": now() + dt.timedelta(days=7)}
    if status is PlacementStatus.DECLINED or status in HOLDING[2:]:
        given |= {"answered_at": now()}
    made = Placement(opening_id=at.id, application_id=nominated.id, status=status, **{**given, **fields})
    return saved(session, made)


def answer(session: Session, application: Application, question: Question, value: Any = None, **fields: Any) -> Answer:
    """As it is kept: codes of options, a day as text. A file question gets a file, which `fields` describe."""
    file_id = None
    if question.kind is QuestionKind.FILE:
        applicant = session.get_one(Person, application.applicant_id)
        file_id = stored_file(session, applicant, **{"name": "answer.pdf", **fields}).id
    question.answered_at = question.answered_at or now()
    kept = Answer(application_id=application.id, question_id=question.id, value=value, file_id=file_id)
    return saved(session, kept)


def first_criterion(session: Session, edition_id: uuid.UUID) -> uuid.UUID:
    """Readable by a judge's connection too."""
    found = select(Criterion.id).where(Criterion.edition_id == edition_id).order_by(col(Criterion.position))
    return session.exec(found).first()


# nominations


def note(session: Session, application: Application, author: Person | None = None, **fields: Any) -> Note:
    """A private note of the home government."""
    home = session.get_one(Government, application.home_id)
    by = author or coordinator(session, home)
    given = {"text": "Speaks well of the village.", **fields}
    return saved(session, Note(application_id=application.id, author_id=by.id, **given))


def kinship(session: Session, application: Application, person: Person) -> Kinship:
    """The person declared to be kin of the applicant."""
    return saved(session, Kinship(application_id=application.id, person_id=person.id))


# versions of an application


def version(session: Session, application: Application, **fields: Any) -> Version:
    """The next one, with a content of its own."""
    number = len(application_queries.versions(session, application)) + 1
    content = {"about": {"given_name": application.given_name, "phone": f"+976 {number}"}}
    given = {"number": number, "submitted_at": now(), "digest": rules.sha256(content), "content": content}
    return saved(session, Version(application_id=application.id, **{**given, **fields}))


def viewer(session: Session, person: Person) -> Viewer:
    """Who asks when this person does."""
    return viewer_of(session, person)


# letters, papers and namesakes


def requested_letter(session: Session, call: Call, **fields: Any) -> RequestedDocument:
    return saved(session, RequestedDocument(**{"call_id": call.id, "position": 1, "purpose": Purpose.LETTER, **fields}))


def letter(session: Session, application: Application, **fields: Any) -> Letter:
    """Asked and not answered yet, unless `received_at` comes with a `text`; for a letter that the call asks for."""
    asked_for = fields.pop("requested", None) or requested_letter(session, session.get_one(Call, application.call_id))
    given = {
        "application_id": application.id, "requested_id": asked_for.id, "referee_name": "Prof. Oyun",
        "referee_email": f"referee{next(_counter)}@example.org", "token_digest": secrets.token_hex(32),
        "expires_at": now() + dt.timedelta(days=20),
    }  # fmt: skip
    return saved(session, Letter(**{**given, **fields}))


def paper_application(
    session: Session, coordinator: Person, state: Status | str = Status.DRAFT, **fields: Any
) -> Application:
    """Entered by this coordinator of the home government for somebody without an address, with both scans."""
    applicant = fields.pop("applicant", None) or person(session, "Дулмаа", email=None, verified_at=None)
    scans = {name: stored_file(session, applicant).id for name in ("form_scan_id", "consent_scan_id")}
    return application(session, state, applicant=applicant, entered_by=coordinator.id, **{**scans, **fields})


def namesake(session: Session, one: Application, other: Application, **fields: Any) -> Namesake:
    return saved(session, Namesake(application_id=one.id, other_id=other.id, **fields))


# rankings


def criterion(session: Session, call: Call, weight: int = 100, **fields: Any) -> HostCriterion:
    """What hosts score by, after what the call has already."""
    found = select(HostCriterion.position).where(HostCriterion.call_id == call.id)
    position = max(session.exec(found), default=0) + 1
    given = {"names": {"en": f"Criterion {position}"}, **fields}
    return saved(session, HostCriterion(call_id=call.id, position=position, weight=weight, **given))


def ranked_call(session: Session, **fields: Any) -> Call:
    """Nominations were due an hour ago, rankings are in ten days."""
    due = now().replace(microsecond=0) - dt.timedelta(hours=1)
    given = {
        "opens_at": due - dt.timedelta(days=60), "applications_due_at": due - dt.timedelta(days=20),
        "nominations_due_at": due, "rankings_due_at": due + dt.timedelta(days=10), **fields,
    }  # fmt: skip
    return call(session, **given)


def over(session: Session, call: Call) -> None:
    """From now on its rankings are locked."""
    call.rankings_due_at = now() - dt.timedelta(minutes=1)
    call.nominations_due_at = min(call.nominations_due_at, call.rankings_due_at)
    saved(session, call)


def entry(
    session: Session, opening: Opening, application: Application, place: int | None = None, **fields: Any
) -> RankingEntry:
    """Where the host put this candidate."""
    by = fields.pop("by", None) or coordinator(session, session.get_one(Government, opening.government_id))
    given = {"place": place, "changed_by": by.id, **fields}
    return saved(session, RankingEntry(opening_id=opening.id, application_id=application.id, **given))


# stays, check-ins and private lines


def stay(session: Session, placement: Placement, **fields: Any) -> Stay:
    """Its checklist: nothing in it yet, unless `fields` say so."""
    return saved(session, Stay(placement_id=placement.id, **fields))


def prepared_stay(session: Session, placement: Placement, **fields: Any) -> Stay:
    """No visa needed, insured, and the arrival announced."""
    application = session.get_one(Application, placement.application_id)
    proof = stored_file(session, session.get_one(Person, application.applicant_id), name="insurance.pdf")
    given = {
        "visa": Visa.NOT_NEEDED,
        "insurance_id": proof.id,
        "arrives_on": placement.starts_on,
        "arrival": "By train",
    }
    return stay(session, placement, **{**given, **fields})


def running_placement(session: Session, *, day: int = 10, days: int = 90, **fields: Any) -> Placement:
    """An active stay of so many days whose first one was `day` days ago."""
    starts_on = today() - dt.timedelta(days=day)
    given = {"state": "active", "starts_on": starts_on, "ends_on": starts_on + dt.timedelta(days=days), **fields}
    return placement(session, **given)


def check_in(session: Session, placement: Placement, side: Side | str = Side.INTERN, **fields: Any) -> CheckIn:
    """In the first week, with the best marks."""
    given = {"number": 0, "marks": [5] * 5, "text": "All is well.", "given_by": placement.proposed_by, **fields}
    return saved(session, CheckIn(placement_id=placement.id, side=Side(side), **given))


def extension(session: Session, placement: Placement, side: Side | str = Side.INTERN, **fields: Any) -> Extension:
    """Asked for, and not answered: two weeks more."""
    until = placement.ends_on + dt.timedelta(days=14)
    given = {"ended_on": placement.ends_on, "ends_on": until, "reason": "The guide is not finished.", **fields}
    given.setdefault("asked_by", placement.proposed_by)
    return saved(session, Extension(placement_id=placement.id, side=Side(side), **given))


def evaluation(session: Session, placement: Placement, **fields: Any) -> Evaluation:
    given = {"supervisor": "Kim Jisoo", "marks": [4, 5, 4, 3, 5], "text": "Careful and quick to learn.", **fields}
    return saved(session, Evaluation(placement_id=placement.id, **{"given_by": placement.proposed_by, **given}))


def private_message(session: Session, placement: Placement, *, from_intern: bool = True, **fields: Any) -> Any:
    application = session.get_one(Application, placement.application_id)
    given = {"author_id": application.applicant_id, "text": "I need help with my supervisor.", **fields}
    return saved(session, PrivateMessage(placement_id=placement.id, from_intern=from_intern, **given))


def application_of(session: Session, placement: Placement) -> Application:
    return session.get_one(Application, placement.application_id)


# Agreements


def agreement(session: Session, placement: Placement, *signed: str, **fields: Any) -> Agreement:
    """Of an accepted placement, with the text of today; `signed` are the parties that have confirmed it."""
    whole = select(Placement).where(Placement.id == placement.id).options(*placement_queries.WHOLE)
    found = session.exec(whole.execution_options(populate_existing=True)).one()
    content = dict(agreement_queries.standing(session, found).draft)
    given = {
        "number": numbers.new("AG-2027"), "wording": wording.VERSION, "content": content, "signatures": [],
        "needs_guardian": content["needs_guardian"], "digest": wording.digest(content),
    }  # fmt: skip
    made = saved(session, Agreement(placement_id=placement.id, **{**given, **fields}))
    for party in signed:
        signer = None if party == Party.GUARDIAN else person(session).id
        made.signatures.append(
            Signature(agreement_id=made.id, party=Party(party), name=party, person_id=signer, digest=made.digest)
        )
    session.flush()
    return made  # type: ignore[no-any-return]


def guardian(session: Session, placement: Placement, token: str = "token", **fields: Any) -> Guardian:
    """Asked just now, by the link /guardians/`token`."""
    given = {"name": "Guardian", "email": "guardian@example.org", "token_digest": token_digest(token)}
    times = {"sent_at": now(), "expires_at": now() + dt.timedelta(days=30), "times_sent": 1}
    return saved(session, Guardian(placement_id=placement.id, **{**given, **times, **fields}))


# certificates and alumni


def completed_stay(
    session: Session, *, applicant: Person | None = None, home: Government | None = None,
    host: Government | None = None,
    is_evaluated: bool = True, is_reported: bool = True, **fields: Any,
) -> Placement:  # fmt: skip
    """Of eight weeks that ended last month, with the supervisor's evaluation and an accepted report."""
    first = today() - dt.timedelta(days=90)
    days = {"starts_on": first, "ends_on": first + dt.timedelta(days=53)}
    at = opening(session, call(session), host or government(session, "KR-47"))
    nominated = application(session, Status.NOMINATED, applicant=applicant, home=home, choices=[at])
    made = placement(session, PlacementStatus.COMPLETED, application=nominated, opening=at, **{**days, **fields})
    if is_evaluated:
        evaluation(session, made)
    if is_reported:
        report(session, ReportStatus.ACCEPTED, placement=made)
    return made


def certificate(session: Session, placement: Placement | None = None, **fields: Any) -> Certificate:
    """Issued for a completed stay, which is certified by it unless this one is revoked."""
    stay_of = placement or completed_stay(session)
    whole = session.exec(
        select(Placement).where(Placement.id == stay_of.id).options(*placement_queries.WHOLE)
        .execution_options(populate_existing=True)
    ).one()  # fmt: skip
    number = new_certificate_number("NEAR")
    signatory = Signatory("Lim Byung-jin", "secretary_general")
    content = certificate_rules.content(whole, number, signatory, on=today())
    given = {"issued_by": whole.approved_by, "content": content, "digest": digest_of_certificate(content), **fields}
    if given.get("revoked_at"):
        given = {"revoked_by": whole.approved_by, "revoked_reason": "The dates were wrong.", **given}
    else:
        whole.status = PlacementStatus.CERTIFIED
    return saved(session, Certificate(placement_id=whole.id, number=number, **given))


def diploma(session: Session, essay: Essay, **fields: Any) -> Diploma:
    """Of having taken part, in English."""
    number = new_certificate_number("ESSAY")
    edition, own = session.get_one(Edition, essay.edition_id), authorship(session, essay)
    entry = diploma_rules.Entry(essay, own, session.get_one(Person, own.person_id), None, None, None)
    content = diploma_rules.content(edition, entry, number, Signatory("Lim", "secretary_general"), on=today())
    given: dict[str, Any] = {"kind": DiplomaKind.PARTICIPATION, "content": content, "issued_by": own.person_id}
    given |= {"digest": digest_of_certificate(content), **fields}
    if given.get("revoked_at"):
        given = {"revoked_by": given["issued_by"], "revoked_reason": "The title was wrong.", **given}
    return saved(session, Diploma(essay_id=essay.id, edition_id=edition.id, number=number, **given))


def appeal(session: Session, essay: Essay, **fields: Any) -> Appeal:
    """By its author, and waiting."""
    given = {"text": "My essay was read by one judge only.", "sent_by": authorship(session, essay).person_id, **fields}
    return saved(session, Appeal(essay_id=essay.id, edition_id=essay.edition_id, **given))


def alumnus(session: Session, certificate: Certificate | None = None, **fields: Any) -> Alumnus:
    of = certificate or _certificate(session)
    whole = session.get_one(Placement, of.placement_id)
    nominated, at = session.get_one(Application, whole.application_id), session.get_one(Opening, whole.opening_id)
    given = {"name": "Tuul", "home_id": nominated.home_id, "host_id": at.government_id, "year": whole.ends_on.year}
    return saved(session, Alumnus(certificate_id=of.id, **{**given, **fields}))


_certificate = certificate  # for builders with a parameter of that name


# interviews


def slot(session: Session, opening: Opening, *, taken_by: Application | None = None, **fields: Any) -> Slot:
    """Half an hour in three days, free unless a candidate is given; the second of an opening begins an hour later."""
    of_opening = select(Slot.starts_at).where(Slot.opening_id == opening.id)
    before = max(session.exec(of_opening), default=now().replace(microsecond=0) + dt.timedelta(days=3))
    given = {
        "starts_at": before + dt.timedelta(hours=1), "minutes": 30, "place": "Room 7",
        "application_id": taken_by and taken_by.id, "taken_at": taken_by and now(),
    }  # fmt: skip
    made_by = fields.pop("made_by", None) or coordinator(session, session.get_one(Government, opening.government_id)).id
    return saved(session, Slot(opening_id=opening.id, made_by=made_by, **{**given, **fields}))


# final reports


SENTENCE = "We counted the visitors of the village and asked each of them what they missed. "  # 15 words


def report(
    session: Session,
    state: ReportStatus | str = ReportStatus.DRAFT,
    *,
    placement: Placement | None = None,
    **fields: Any,
) -> FinalReport:
    """Of 1,350 English words, on a completed stay; not to be published unless said so."""
    status = ReportStatus(state)
    stay = placement or globals()["placement"](session, "completed")
    given: dict[str, Any] = {
        "title": "A summer between two rivers", "did": (SENTENCE * 30).strip(), "learned": (SENTENCE * 30).strip(),
        "proposals": (SENTENCE * 30).strip(),
    }  # fmt: skip
    if status is not ReportStatus.DRAFT:
        given |= {"submitted_at": now()}
    if status is ReportStatus.RETURNED:
        given |= {"returned_at": now(), "reason": "Please leave out the names of your colleagues."}
    if status is ReportStatus.ACCEPTED:
        given |= {"accepted_at": now(), "accepted_by": secretary(session).id}
    return saved(session, FinalReport(placement_id=stay.id, status=status, **{**given, **fields}))


def published_report(session: Session, **fields: Any) -> FinalReport:
    """Accepted, with consent, and public."""
    return report(session, ReportStatus.ACCEPTED, **{"may_publish": True, "published_at": now(), **fields})


# matches


def match_run(session: Session, call: Call, *results: Application, **fields: Any) -> Run:
    """The published match of a call, of which these applicants are part without a place."""
    asked, confirmed = secretary(session), secretary(session)
    given = {
        "number": 1, "kind": "first", "state": "done", "seed": 1, "document": EMPTY_RUN, "progress": 100,
        "asked_by": asked.id, "publication_asked_by": asked.id, "publication_asked_at": now(),
        "confirmed_by": confirmed.id, "confirmed_at": now(), "published_at": now(), "statistics": NO_FIGURES, **fields,
    }  # fmt: skip
    made = saved(session, Run(call_id=call.id, **given))
    for application in results:
        saved(session, Result(run_id=made.id, application_id=application.id, verdicts=[]))
    return made


_EMPTY = matching_files.Instance({}, {})
_DOCUMENT = matching_files.document(_EMPTY, seed=1, about={"fixed": [], "removed": []})
EMPTY_RUN = json.dumps(_DOCUMENT)
NO_FIGURES = {
    "overall": _DOCUMENT["statistics"], "home_countries": {}, "home_governments": {}, "host_governments": {},
    "flows": [],
}  # fmt: skip


# circulars


def circular(session: Session, by: Person, **fields: Any) -> Circular:
    """A draft to all coordinators, in English and Korean, that was tested."""
    given = {
        "audience": "coordinators", "created_by": by.id, "tested_at": now(),
        "subjects": {"en": "The next call", "ko": "다음 모집"},
        "texts": {"en": "Dear {name},\n\nthe next call opens.", "ko": "{name} 님,\n\n다음 모집이 시작됩니다."},
    }  # fmt: skip
    return saved(session, Circular(**{**given, **fields}))
