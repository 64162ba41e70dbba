"""What a case is about: somebody's essay in an edition, or their application to a call."""

import uuid
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy.orm import joinedload
from sqlmodel import Session, col, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from portal.accounts import queries as accounts
from portal.accounts.models import Grant, Person, Role
from portal.accounts.rules import DOTLESS, mailbox
from portal.accounts.viewer import Viewer
from portal.applications import rules as applications
from portal.applications.models import Application, Status
from portal.clock import now
from portal.consents import queries as consents
from portal.consents import rules as consent_rules
from portal.consents.models import Case, Consent, ConsentGuardian, Programme
from portal.consents.rules import Link, Standing, Ward
from portal.consents.wording import About
from portal.contests.models import Edition
from portal.errors import NotFound
from portal.essays import rules as essays
from portal.essays.models import Authorship, Essay, EssayStatus
from portal.placements import queries as placements
from portal.placements.models import Placement

PAGE = 50
Part = tuple[uuid.UUID, uuid.UUID]  # a person, and the edition or call


class Entry(NamedTuple):
    """Somebody's part in an edition or a call. `page` is where they follow it, `about_page` where they say who they
    are; once it `is_over` nobody is asked anything more."""

    person_id: uuid.UUID
    round_id: uuid.UUID
    about: About
    ward: Ward
    page: str
    about_page: str
    is_over: bool
    thing: Authorship | Application

    @property
    def programme(self) -> Programme:
        return self.about.programme

    @property
    def path(self) -> str:
        return path(self.programme, self.round_id)


def path(programme: Programme, round_id: uuid.UUID) -> str:
    return f"/consents/{programme.value}/{round_id}"


# The two streets


def _essays(session: Session, people: Collection[uuid.UUID], rounds: Collection[uuid.UUID]) -> list[Entry]:
    whole = (
        joinedload(Authorship.essay).joinedload(Essay.edition), joinedload(Authorship.person),
        joinedload(Authorship.government),
    )  # fmt: skip
    found = select(Authorship).where(col(Authorship.person_id).in_(people), col(Authorship.edition_id).in_(rounds))
    rows = session.exec(found.options(*whole).execution_options(populate_existing=True))
    return [_of_essay(own) for own in rows]


def _of_essay(own: Authorship) -> Entry:
    edition, page = own.essay.edition, f"/essays/{own.essay_id}"
    name = _called(own.native_name, own.roman_name) or own.person.name
    is_over = own.essay.status in {EssayStatus.WITHDRAWN, EssayStatus.DISQUALIFIED}
    about = About(Programme.CONTEST, name, edition.titles, edition.zone, edition.id)
    return Entry(own.person_id, edition.id, about, essays.ward_of(own), page, f"{page}/about", is_over, own)


def _applications(session: Session, people: Collection[uuid.UUID], rounds: Collection[uuid.UUID]) -> list[Entry]:
    whole = joinedload(Application.call), joinedload(Application.applicant), joinedload(Application.home)
    found = select(Application).where(col(Application.applicant_id).in_(people), col(Application.call_id).in_(rounds))
    rows = session.exec(found.options(*whole).execution_options(populate_existing=True))
    return [_of_application(application) for application in rows]


def _of_application(application: Application) -> Entry:
    call, page = application.call, f"/applications/{application.id}"
    name = _called(application.native_name, application.roman_name) or application.applicant.name
    is_over = application.status in {Status.WITHDRAWN, Status.NOT_NOMINATED}
    about = About(Programme.INTERNSHIP, name, call.titles, call.zone)
    ward = applications.ward_of(application)
    about_page = f"{page}/{'about' if application.born_on is None else 'home'}"
    return Entry(application.applicant_id, call.id, about, ward, page, about_page, is_over, application)


def _called(native: str, roman: str) -> str:
    return f"{native} ({roman})" if native and roman and native != roman else native or roman


Find = Callable[[Session, Collection[uuid.UUID], Collection[uuid.UUID]], list[Entry]]
STREETS: Mapping[Programme, Find] = {Programme.CONTEST: _essays, Programme.INTERNSHIP: _applications}


# Finding


def get_own(session: Session, viewer: Viewer, programme: Programme, round_id: uuid.UUID) -> Entry:
    """Raises NotFound for an edition or a call in which the viewer has begun nothing."""
    return _get(session, viewer.id, programme, round_id)


def _get(session: Session, person_id: uuid.UUID, programme: Programme, round_id: uuid.UUID) -> Entry:
    found = STREETS[programme](session, [person_id], [round_id])
    if not found:
        raise NotFound
    return found[0]


def standing(session: Session, entry: Entry) -> Standing:
    return consents.standing(session, entry.ward, entry.person_id, entry.programme, entry.round_id)


def entries(session: Session, cases: Iterable[Case]) -> Mapping[uuid.UUID, Entry]:
    """What each case is about, in one query a street."""
    by_part = {(case.programme, case.person_id, case.round_id): case.id for case in cases}
    found: dict[uuid.UUID, Entry] = {}
    for programme, find in STREETS.items():
        parts = [(person, round_) for each, person, round_ in by_part if each is programme]
        people, rounds = {person for person, _round in parts}, {round_ for _person, round_ in parts}
        for entry in find(session, people, rounds) if parts else ():
            case_id = by_part.get((programme, entry.person_id, entry.round_id))
            if case_id is not None:
                found[case_id] = entry
    return found


class Opened(NamedTuple):
    """What a guardian's link leads to."""

    guardian: ConsentGuardian
    entry: Entry
    standing: Standing

    @property
    def case(self) -> Case:
        assert self.standing.case is not None, "a guardian was named in it"
        return self.standing.case

    @property
    def state(self) -> Link:
        return consent_rules.link_state(self.guardian, self.standing, is_over=self.entry.is_over)


def by_token(session: Session, token: str, *, lock: bool = False) -> Opened:
    """Raises NotFound for a link that is none of ours."""
    guardian = consents.lock_by_token(session, token) if lock else consents.by_token(session, token)
    case = guardian.case
    entry = _get(session, case.person_id, case.programme, case.round_id)
    return Opened(guardian, entry, standing(session, entry))


# Whose address it cannot be


def is_anothers(session: Session, entry: Entry, address: str) -> bool:
    """Whether this is the mailbox of the person, or of another minor who takes part: no child decides for a child."""
    wanted = mailbox(address)
    people = [each for each in session.exec(_with_address_like(wanted)) if mailbox(each.address) == wanted]
    if any(each.id == entry.person_id for each in people):
        return True
    others = STREETS[entry.programme](session, [each.id for each in people], [entry.round_id])
    return any(consent_rules.is_minor(other.ward, now()) for other in others)


def _with_address_like(wanted: str) -> SelectOfScalar[Person]:
    """Those whose mailbox it may be; which of them it is, `mailbox` says. A dot is never an address's first sign."""
    local, _at, domain = wanted.rpartition("@")
    domains = [domain, *(other for other, same in DOTLESS.items() if same == domain)]
    begins = col(Person.email).startswith(local[:1], autoescape=True)
    ends = [col(Person.email).endswith(f"@{each}", autoescape=True) for each in domains]
    return select(Person).where(begins, or_(*ends))


# Who is told, and what hangs on it


def screeners(session: Session, edition_id: uuid.UUID) -> Sequence[Person]:
    """Those who may know who wrote what; the secretariat as long as nobody screens the edition."""
    held = select(Person).join(Grant, col(Grant.person_id) == col(Person.id))
    held = held.where(Grant.role == Role.SCREENER, Grant.edition_id == edition_id, accounts.in_force(now().date()))
    return session.exec(held.distinct()).all() or accounts.secretaries(session)


def stays(session: Session, application: Application) -> Sequence[Placement]:
    """Every place that it ever led to."""
    found = select(Placement).where(Placement.application_id == application.id).options(*placements.WHOLE)
    return session.exec(found.execution_options(populate_existing=True)).all()


# My data


class Agreed(NamedTuple):
    """A case as its person sees it; without an entry what it was about is gone. `names` are guardians', by id."""

    case: Case
    entry: Entry | None
    standing: Standing | None
    names: Mapping[uuid.UUID, str]


def agreed(session: Session, viewer: Viewer, *, after: uuid.UUID | None) -> tuple[list[Agreed], uuid.UUID | None]:
    """A page of one's own cases, in a fixed number of queries."""
    cases, next_after = consents.cases(session, viewer, after=after)
    about, guardians = entries(session, cases), consents.guardians(session, cases)
    currents = consents.currents(session, cases)
    names = consents.guardian_names(session, [each for rows in currents.values() for each in rows])
    found = [_agreed(case, about.get(case.id), guardians.get(case.id), currents[case.id], names) for case in cases]
    return found, next_after


def _agreed(
    case: Case, entry: Entry | None, guardian: ConsentGuardian | None, current: Sequence[Consent],
    names: Mapping[uuid.UUID, str],
) -> Agreed:  # fmt: skip
    where = consent_rules.standing(entry.ward, now(), case, guardian, current) if entry else None
    return Agreed(case, entry, where, names)


def applications_of(session: Session, viewer: Viewer) -> Sequence[Application]:
    """What they agreed to in their applications, the latest first; one a call, so this list needs no pages."""
    found = select(Application).where(Application.applicant_id == viewer.person_id)
    found = found.where(col(Application.consented_at).is_not(None)).options(joinedload(Application.call))
    return session.exec(found.order_by(col(Application.created_at).desc()).limit(PAGE)).all()


def title_of(session: Session, case: Case, language: str) -> str:
    """What a case was about, as long as anything is left of it."""
    entry = entries(session, [case]).get(case.id)
    if entry is not None:
        return entry.about.title(language)
    edition = session.get(Edition, case.round_id) if case.programme is Programme.CONTEST else None
    return edition.title(language) if edition else ""
