"""A crowd of invented applicants, written in bulk: for trying the portal at the size it has in earnest.

The same seed makes the same crowd. Nobody of it can sign in. Every deed is in the history, like real ones.
"""

import datetime as dt
import enum
import hashlib
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from random import Random
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col, func, select

from portal.accounts.models import Grant, Person, Role
from portal.accounts.queries import in_force
from portal.applications import names, rules, versions
from portal.applications.models import (
    Answer,
    Application,
    Choice,
    Document,
    Enrolment,
    Letter,
    RefusalCode,
    SpokenLanguage,
    Status,
    Version,
)  # fmt: skip
from portal.applications.words import REQUIRED_CONSENTS
from portal.calls.models import Call, Purpose, Question, QuestionKind, RequestedDocument
from portal.clock import now, today
from portal.demonstration import crowd_names
from portal.demonstration.crowd_names import Name
from portal.demonstration.people import DOMAIN, LANGUAGE
from portal.demonstration.texts import read
from portal.files.models import StoredFile
from portal.history.actions import record
from portal.openings import actions as openings
from portal.openings.models import Opening, OpeningStatus
from portal.registry.models import Government, Membership

T = TypeVar("T")
R = TypeVar("R", bound=SQLModel)
NO_PASSWORD = "!"  # noqa: S105 - fits no password
DoneBy = tuple[str, uuid.UUID | None, dict[str, Any]]
ABOUT_A_PERSON = {"opened account", "entered from paper"}
BATCH = 1000
WITHOUT_COORDINATOR = 12  # every so manieth government has nobody


class Fate(enum.StrEnum):
    """How far an applicant got; several ways lead to one status."""

    EMPTY = "empty"
    DRAFT = "draft"
    INELIGIBLE = "ineligible"
    SUBMITTED = "submitted"
    PAPER = "paper"
    RETURNED = "returned"
    CORRECTED = "corrected"
    NOMINATED = "nominated"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


# Of a hundred applicants.
SHARES = {
    Fate.EMPTY: 4, Fate.DRAFT: 10, Fate.INELIGIBLE: 4, Fate.SUBMITTED: 22, Fate.PAPER: 3, Fate.RETURNED: 5,
    Fate.CORRECTED: 6, Fate.NOMINATED: 30, Fate.REFUSED: 10, Fate.WITHDRAWN: 6,
}  # fmt: skip
STATUSES = {
    Fate.EMPTY: Status.DRAFT, Fate.DRAFT: Status.DRAFT, Fate.INELIGIBLE: Status.DRAFT,
    Fate.SUBMITTED: Status.SUBMITTED, Fate.PAPER: Status.SUBMITTED, Fate.CORRECTED: Status.SUBMITTED,
    Fate.RETURNED: Status.RETURNED, Fate.NOMINATED: Status.NOMINATED, Fate.REFUSED: Status.NOT_NOMINATED,
    Fate.WITHDRAWN: Status.WITHDRAWN,
}  # fmt: skip
UNSENT = {Fate.EMPTY, Fate.DRAFT, Fate.INELIGIBLE}
BY_COORDINATOR = {Fate.PAPER, Fate.RETURNED, Fate.CORRECTED, Fate.NOMINATED, Fate.REFUSED}
DECIDED = {Fate.NOMINATED: "application nominated", Fate.REFUSED: "application not nominated"}


@dataclass
class Scene:
    """What the crowd finds there, and what it has used up."""

    call: Call
    homes: Sequence[Government]
    coordinators: dict[uuid.UUID, uuid.UUID]
    openings: Sequence[Opening]
    documents: Sequence[RequestedDocument]
    questions: Sequence[Question]
    numbers: set[str | None]
    merits: Counter[uuid.UUID]
    by_country: Counter[str]
    file: StoredFile | None
    begins: dt.datetime
    ends: dt.datetime
    shares: Mapping[Fate, int]


@dataclass
class Applicant:
    """One of the crowd, with all rows that belong to them and all that was done."""

    person: Person
    application: Application
    fate: Fate
    rows: list[SQLModel] = field(default_factory=list)
    deeds: list[DoneBy] = field(default_factory=list)


def fill(
    session: Session, call: Call, count: int, *, seed: int = 1, file: StoredFile | None = None,
    homes: Sequence[Government] = (), shares: Mapping[Fate, int] = SHARES,
) -> None:  # fmt: skip
    """`count` applicants for this call, of all governments it admits or of `homes`.

    `file` is what all their documents show; without it nobody has documents or came on paper.
    """
    rng = Random(f"{seed} {call.slug}")  # noqa: S311 - the same for everybody
    scene = _scene(session, call, rng, homes, file, shares)
    made = (_applicant(rng, scene, seed, place) for place in range(count))
    while batch := list(islice(made, BATCH)):
        _keep(session, batch)
    ranked = session.exec(select(Choice.opening_id).join(Opening).where(Opening.call_id == call.id).distinct())
    openings.mark_ranked(session, list(ranked))
    session.execute(sa.update(Question).where(col(Question.call_id) == call.id).values(answered_at=now()))


# What there is


def _scene(
    session: Session, call: Call, rng: Random, homes: Sequence[Government], file: StoredFile | None,
    shares: Mapping[Fate, int],
) -> Scene:  # fmt: skip
    homes = homes or _admitted(session, call)
    return Scene(
        call=call,
        homes=homes,
        coordinators=_coordinators(session, homes, rng, by=call.created_by),
        openings=session.exec(
            select(Opening).where(Opening.call_id == call.id, Opening.status == OpeningStatus.PUBLISHED)
            .order_by(col(Opening.id))
        ).all(),
        documents=_of_call(session, RequestedDocument, call) if file else [],
        questions=_of_call(session, Question, call),
        numbers=set(session.exec(select(Application.number))),
        merits=_merits(session, call),
        by_country=_nominated_by_country(session, call),
        file=file,
        begins=call.opens_at,
        ends=min(now(), call.applications_due_at),
        shares=shares,
    )  # fmt: skip


def _of_call(session: Session, kind: type[T], call: Call) -> Sequence[T]:
    table: Any = kind
    return session.exec(select(table).where(table.call_id == call.id).order_by(table.position)).all()


def _admitted(session: Session, call: Call) -> Sequence[Government]:
    query = select(Government).where(Government.status != Membership.FORMER).order_by(col(Government.position))
    if call.countries:
        query = query.where(col(Government.country).in_(call.countries))
    if call.governments:
        query = query.where(col(Government.code).in_(call.governments))
    return session.exec(query).all()


def _merits(session: Session, call: Call) -> Counter[uuid.UUID]:
    given = select(Application.home_id, func.max(Application.merit)).where(Application.call_id == call.id)
    found = session.exec(given.group_by(col(Application.home_id)))
    return Counter({home_id: merit or 0 for home_id, merit in found if home_id})


def _nominated_by_country(session: Session, call: Call) -> Counter[str]:
    nominated = select(Government.country, func.count()).join(
        Application, sa.and_(col(Application.home_id) == Government.id, col(Application.status) == Status.NOMINATED)
    )
    found = session.exec(nominated.where(Application.call_id == call.id).group_by(col(Government.country)))
    return Counter({str(country): number for country, number in found})


def _coordinators(
    session: Session, homes: Sequence[Government], rng: Random, *, by: uuid.UUID
) -> dict[uuid.UUID, uuid.UUID]:
    """One for most governments that have nobody; a few stay without, as in earnest."""
    held = select(Grant.government_id, Grant.person_id).where(Grant.role == Role.COORDINATOR, in_force(today()))
    found = {home_id: person_id for home_id, person_id in session.exec(held) if home_id}
    wanting = [home for home in homes if home.id not in found]
    chosen = [home for place, home in enumerate(wanting, 1) if place % WITHOUT_COORDINATOR]
    people = [_official(rng, home) for home in chosen]
    grants = [
        Grant(
            id=_id(rng), person_id=person.id, role=Role.COORDINATOR, government_id=home.id, begins_on=today(),
            granted_by=by,
        )
        for home, person in zip(chosen, people, strict=True)
    ]  # fmt: skip
    _insert(session, [*people, *grants])
    for person, grant in zip(people, grants, strict=True):
        record(session, "opened account", "person", person.id, by=person.id)
        told = {"role": grant.role.value, "government_id": str(grant.government_id), "begins_on": str(grant.begins_on)}
        record(session, "granted role", "person", person.id, by=by, **told)
        assert grant.government_id
        found[grant.government_id] = person.id
    return found


def _official(rng: Random, home: Government) -> Person:
    name = crowd_names.draw(rng, home.country)
    return _person(rng, home, name, f"official.{home.code.lower()}@{DOMAIN}", now())


def _person(rng: Random, home: Government, name: Name, email: str | None, at: dt.datetime) -> Person:
    return Person(
        id=_id(rng), email=email, name=name.native, password_hash=NO_PASSWORD, language=LANGUAGE[home.country],
        zone=home.zone, created_at=at, verified_at=at if email else None,
    )  # fmt: skip


# One applicant


def _applicant(rng: Random, scene: Scene, seed: int, place: int) -> Applicant:
    home = scene.homes[place % len(scene.homes)] if place < len(scene.homes) else rng.choice(scene.homes)
    fate = _fate(rng, scene, home)
    name = crowd_names.draw(rng, home.country)
    began_at = scene.begins + (scene.ends - scene.begins) * rng.uniform(0, 0.6)
    handle = name.roman.lower().replace(" ", ".").replace("-", "")
    email = None if fate is Fate.PAPER else f"{handle}.{seed}.{place}@{DOMAIN}"
    person = _person(rng, home, name, email, began_at)
    application = Application(
        id=_id(rng),
        call_id=scene.call.id,
        call=scene.call,
        applicant_id=person.id,
        status=STATUSES[fate],
        created_at=began_at,
    )
    made = Applicant(person, application, fate)
    entered_by = scene.coordinators.get(home.id) if fate is Fate.PAPER else None
    made.deeds += _beginning(made, scene.call, entered_by)
    if fate is not Fate.EMPTY:
        _write(rng, scene, made, home, name)
    if fate not in UNSENT:
        _send(rng, scene, made, entered_by)
    return made


def _beginning(made: Applicant, call: Call, entered_by: uuid.UUID | None) -> list[DoneBy]:
    if entered_by is None:
        own = made.person.id
        return [("opened account", own, {}), ("application started", own, {"call": call.slug})]
    return [("entered from paper", entered_by, {}), ("application entered from paper", entered_by, {"call": call.slug})]


def _fate(rng: Random, scene: Scene, home: Government) -> Fate:
    """What the quotas leave room for, and what needs a coordinator only where there is one."""
    fate = rng.choices(list(scene.shares), list(scene.shares.values()))[0]
    if fate in BY_COORDINATOR and home.id not in scene.coordinators:
        return Fate.SUBMITTED
    if fate is Fate.PAPER and scene.file is None:
        return Fate.SUBMITTED
    if fate is Fate.NOMINATED and not _has_room(scene, home):
        return rng.choice((Fate.SUBMITTED, Fate.REFUSED))
    return fate


def _has_room(scene: Scene, home: Government) -> bool:
    cap = scene.call.country_caps.get(home.country)
    in_country = cap is None or scene.by_country[home.country] < cap
    return in_country and scene.merits[home.id] < scene.call.nomination_quota


def _write(rng: Random, scene: Scene, made: Applicant, home: Government, name: Name) -> None:
    """Everything that the parts of an application ask for, put there as `_row` does it."""
    application, texts = made.application, read("crowd")[LANGUAGE[home.country]]
    written = {
        **_about(rng, scene.call, made.fate, name),
        "home_id": home.id,
        "home": home,
        "education": rng.choice(texts["education"]),
        "motivation": rng.choice(texts["motivation"]),
        "is_resident": True,
        "enrolment": Enrolment.ENROLLED,
        "graduates_on": dt.date(scene.call.reference_on.year + rng.randint(0, 2), 6, 30),
        "took_part_before": False,
        "has_kin_at_host": False,
    }
    vars(application).update(written)
    application.native_name, application.roman_name = names.composed(application)
    application.search_text = names.search_text(application)
    papers = list(_papers(rng, scene, application))
    vars(application).update(
        languages=list(_languages(rng, application, home)),
        choices=list(_choices(rng, scene, application, home)),
        documents=[paper for paper in papers if isinstance(paper, Document)],
        answers=[_answer(rng, scene, application, question) for question in scene.questions],
    )
    made.deeds += [deed for paper in papers if isinstance(paper, Letter) for deed in _letter_deeds(made, paper)]
    made.rows += [*application.languages, *application.choices, *papers, *application.answers]


def _about(rng: Random, call: Call, fate: Fate, name: Name) -> dict[str, Any]:
    oldest = call.age_to + rng.randint(2, 5) if fate is Fate.INELIGIBLE else rng.randint(call.age_from, call.age_to - 1)
    birthday = call.reference_on.replace(year=call.reference_on.year - oldest, day=1)
    return {
        "family_name": name.family,
        "given_name": name.given,
        "patronymic": name.patronymic,
        "roman_family_name": name.roman_family,
        "roman_given_name": name.roman_given,
        "name_order": name.order,
        "nationality": name.nationality,
        "born_on": birthday - dt.timedelta(days=rng.randint(0, 300)),
        "phone": f"+00 0000 {rng.randint(0, 9999):04}",
    }


def _languages(rng: Random, application: Application, home: Government) -> Iterator[SpokenLanguage]:
    own = LANGUAGE[home.country]
    spoken = {own: "native", "en": rng.choice(("B2", "C1", "C2"))}
    other = rng.choice(("zh-Hans", "ja", "ko", "mn", "ru"))
    spoken.setdefault(other, rng.choice(("A1", "A2", "B1", "B2")))
    for language, level in spoken.items():
        yield _row(SpokenLanguage, application_id=application.id, language=language, level=level)


def _choices(rng: Random, scene: Scene, application: Application, home: Government) -> Iterator[Choice]:
    foreign = [each for each in scene.openings if scene.call.own_government_is_host or each.government_id != home.id]
    number = min(rng.randint(1, scene.call.ranked_openings), len(foreign))
    for rank, opening in enumerate(rng.sample(foreign, number), 1):
        yield _row(Choice, application_id=application.id, rank=rank, opening_id=opening.id, opening=opening)


def _papers(rng: Random, scene: Scene, application: Application) -> Iterator[SQLModel]:
    if scene.file is None:
        return
    for requested in scene.documents:
        if not requested.is_required and rng.random() < 0.4:
            continue
        if requested.purpose is Purpose.LETTER:
            yield _letter(rng, application, requested)
        else:
            yield _document(rng, scene.file, application, requested)


def _document(rng: Random, file: StoredFile, application: Application, requested: RequestedDocument) -> Document:
    return _row(
        Document, id=_id(rng), application_id=application.id, requested_id=requested.id, requested=requested,
        file_id=file.id, file=file, uploaded_at=application.created_at,
    )  # fmt: skip


def _letter(rng: Random, application: Application, requested: RequestedDocument) -> Letter:
    asked_at = application.created_at
    arrived = {"received_at": asked_at + dt.timedelta(hours=5), "text": rng.choice(read("crowd")["en"]["reference"])}
    return Letter(
        id=_id(rng), application_id=application.id, requested_id=requested.id, referee_name="A referee",
        referee_email=f"referee@{DOMAIN}", token_digest=hashlib.sha256(_id(rng).bytes).hexdigest(), asked_at=asked_at,
        sent_at=asked_at, expires_at=asked_at + dt.timedelta(days=30),
        **(arrived if application.status is not Status.DRAFT else {}),
    )  # fmt: skip


def _letter_deeds(made: Applicant, letter: Letter) -> Iterator[DoneBy]:
    about = {"requested": str(letter.requested_id)}
    yield "letter asked", made.deeds[0][1], about
    if letter.received_at:
        yield "letter arrived", None, about


def _answer(rng: Random, scene: Scene, application: Application, question: Question) -> Answer:
    codes = [option["code"] for option in question.options]
    text = rng.choice(read("crowd")["en"]["answer"])
    values: dict[QuestionKind, Any] = {
        QuestionKind.SHORT: text,
        QuestionKind.LONG: text,
        QuestionKind.NUMBER: rng.randint(1, 5),
        QuestionKind.DATE: str(scene.call.reference_on),
        QuestionKind.ONE: rng.choice(codes or [""]),
        QuestionKind.SEVERAL: codes[: rng.randint(1, 2)],
        QuestionKind.FILE: None,
        QuestionKind.YES_NO: rng.random() < 0.5,
    }
    file = scene.file if question.kind is QuestionKind.FILE else None
    return _row(
        Answer, application_id=application.id, question_id=question.id, value=values[question.kind], question=question,
        file=file, file_id=file.id if file else None,
    )  # fmt: skip


# What became of it


def _send(rng: Random, scene: Scene, made: Applicant, entered_by: uuid.UUID | None) -> None:
    application, fate = made.application, made.fate
    sent_at = application.created_at + (scene.ends - application.created_at) * rng.uniform(0.05, 0.4)
    sender = entered_by or made.person.id
    if entered_by and scene.file:
        application.entered_by = entered_by
        application.form_scan_id = application.consent_scan_id = scene.file.id
    application.consents = sorted(REQUIRED_CONSENTS)
    application.consented_at, application.submitted_at = application.created_at, sent_at
    application.number = _number(rng, scene)
    application.search_text = names.search_text(application)
    made.deeds.append(("application submitted", sender, {}))
    _version(rng, made, 1, sent_at)
    if fate in BY_COORDINATOR - {Fate.PAPER}:
        _decide(rng, scene, made, sent_at)
    if fate is Fate.WITHDRAWN:
        made.deeds.append(("application withdrawn", made.person.id, {}))


def _decide(rng: Random, scene: Scene, made: Applicant, sent_at: dt.datetime) -> None:
    application, home_id = made.application, made.application.home_id
    assert home_id
    at, by = sent_at + (scene.ends - sent_at) * rng.uniform(0.1, 0.6), scene.coordinators[home_id]
    if made.fate in {Fate.RETURNED, Fate.CORRECTED}:
        _return(rng, scene, made, at, by)
        return
    application.decided_at, application.decided_by = at, by
    if made.fate is Fate.REFUSED:
        application.reason, application.reason_code = read("crowd")["en"]["refused"][0], rng.choice(list(RefusalCode))
        made.deeds.append((DECIDED[made.fate], by, {"code": application.reason_code.value}))
        return
    scene.merits[home_id] += 1
    scene.by_country[next(home.country for home in scene.homes if home.id == home_id)] += 1
    application.merit = scene.merits[home_id]
    made.deeds.append((DECIDED[made.fate], by, {"merit": application.merit}))


def _return(rng: Random, scene: Scene, made: Applicant, at: dt.datetime, by: uuid.UUID) -> None:
    application = made.application
    application.returned_at, application.reason = at, read("crowd")["en"]["returned"][0]
    application.correction_due_at = at + dt.timedelta(days=7)
    made.deeds.append(("application returned", by, {}))
    if made.fate is Fate.CORRECTED:
        application.education += " +"
        application.submitted_at = at + (scene.ends - at) * 0.5
        made.deeds.append(("application submitted", made.person.id, {}))
        _version(rng, made, 2, application.submitted_at)


def _version(rng: Random, made: Applicant, number: int, at: dt.datetime) -> None:
    application = made.application
    content = versions.content(application)
    digest = rules.sha256(content)
    application.submitted_digest = digest
    made.rows.append(
        _row(
            Version,
            id=_id(rng),
            application_id=application.id,
            number=number,
            submitted_at=at,
            digest=digest,
            content=content,
        )
    )


def _number(rng: Random, scene: Scene) -> str:
    while (number := _drawn(rng, scene.call.reference_on.year)) in scene.numbers:
        pass
    scene.numbers.add(number)
    return number


def _drawn(rng: Random, year: int) -> str:
    """As `rules.new_number` makes them, but the same for the same seed."""
    return f"P{year % 100:02}-" + "".join(rng.choices(rules.ALPHABET, k=5))


def _id(rng: Random) -> uuid.UUID:
    return uuid.UUID(int=rng.getrandbits(128), version=4)


# Writing it down


def _row(kind: type[R], **values: Any) -> R:
    """With every column given. SQLModel's own way checks and announces each value, which is most of the time."""
    made: R = sa.inspect(kind).class_manager.new_instance()
    made.__dict__.update(values)
    return made


def _keep(session: Session, batch: Iterable[Applicant]) -> None:
    batch = list(batch)
    _insert(session, [made.person for made in batch])
    _insert(session, [made.application for made in batch])
    _insert(session, [row for made in batch for row in made.rows])
    for made in batch:
        for deed, by, details in made.deeds:
            subject = ("person", made.person.id) if deed in ABOUT_A_PERSON else ("application", made.application.id)
            record(session, deed, *subject, by=by, **details)


def _insert(session: Session, rows: Iterable[SQLModel]) -> None:
    """One statement a table: these rows are never looked at as objects again."""
    by_kind: dict[type[SQLModel], list[dict[str, Any]]] = {}
    for row in rows:
        columns = sa.inspect(type(row)).columns.keys()
        by_kind.setdefault(type(row), []).append({name: getattr(row, name) for name in columns})
    for kind, values in by_kind.items():
        session.execute(sa.insert(sa.inspect(kind).local_table), values)
