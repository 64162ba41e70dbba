"""What follows from a decision: participation that ends, and what was published being taken down."""

import uuid
from collections.abc import Callable, Mapping

from sqlmodel import Session

from portal.accounts import queries as accounts
from portal.accounts.models import Person
from portal.accounts.viewer import Viewer
from portal.alumni import actions as alumni
from portal.applications.models import Application
from portal.certificates import actions as certificates
from portal.consenting import queries
from portal.consenting.queries import Entry, Opened
from portal.consents import actions as consents
from portal.consents import letters, rules
from portal.consents.forms import Named
from portal.consents.models import Programme, Purpose
from portal.consents.rules import Standing
from portal.consents.wording import Reading
from portal.errors import Conflict
from portal.essays import actions as essays
from portal.essays import queries as essay_queries
from portal.essays.models import Authorship
from portal.final_reports import actions as final_reports
from portal.final_reports import queries as report_queries
from portal.i18n import N_
from portal.mail.actions import send
from portal.placements import actions as placements

OVER = N_(
    "You take part in this no longer, so nothing is asked or agreed to any more. You can still withdraw a consent."
)
UNKNOWN = N_(
    "Say who you are first: your date of birth, your nationality and your home government decide who is asked."
)


def _ensure_asked(entry: Entry) -> None:
    """Something can still be asked or agreed to in this edition or call."""
    if entry.is_over:
        raise Conflict(OVER)
    if not entry.ward.is_known:
        raise Conflict(UNKNOWN, link=(entry.about_page, N_("Say who you are")))


# The person


def hold(session: Session, viewer: Viewer, programme: Programme, round_id: uuid.UUID) -> tuple[Entry, Standing]:
    """One's own entry with its case held: whoever else asks or decides in it waits."""
    queries.get_own(session, viewer, programme, round_id)
    consents.open_case(session, viewer.id, programme, round_id)
    entry = queries.get_own(session, viewer, programme, round_id)
    return entry, queries.standing(session, entry)


def ask(session: Session, entry: Entry, standing: Standing, typed: Named, *, by: Viewer, origin: str) -> None:
    _ensure_asked(entry)
    assert standing.case is not None, "it is held"
    consents.ask(session, standing.case, standing, typed, entry.about, by=by.id, origin=origin)


def ask_again(session: Session, entry: Entry, standing: Standing, *, by: Viewer, origin: str) -> None:
    _ensure_asked(entry)
    consents.ask_again(session, standing, entry.about, by=by.id, origin=origin)


def ensure_own(entry: Entry, standing: Standing) -> None:
    """Whoever is of age decides alone, as long as there is something to decide."""
    _ensure_asked(entry)
    if standing.needs_guardian:
        raise Conflict(rules.FOR_GUARDIANS)


def decide_own(
    session: Session, entry: Entry, standing: Standing, answers: Mapping[Purpose, bool], *, by: Viewer, read: Reading,
    origin: str,
) -> None:  # fmt: skip
    ensure_own(entry, standing)
    assert standing.case is not None, "it is held"
    consents.decide_own(session, standing.case, standing, answers, by=by.id, name=by.name, read=read)
    follow(session, entry, answers, origin=origin)


def give_own(
    session: Session, entry: Entry, standing: Standing, purpose: Purpose, *, by: Viewer, read: Reading, origin: str
) -> None:
    """One more yes, by somebody of age."""
    if standing.allows(purpose):
        raise Conflict(rules.GIVEN)
    decide_own(session, entry, standing, {purpose: True}, by=by, read=read, origin=origin)


def withdraw_own(
    session: Session, entry: Entry, standing: Standing, purpose: Purpose, *, by: Viewer, origin: str
) -> None:
    """Also a minor, and also what a guardian has given."""
    if standing.case is None:
        raise Conflict(rules.NOT_GIVEN)
    consents.withdraw_own(session, standing.case, standing, purpose, by=by.id, name=by.name)
    follow(session, entry, {purpose: False}, origin=origin)


# The guardian


def decide_by_link(
    session: Session, opened: Opened, answers: Mapping[Purpose, bool], *, name: str, read: Reading, token: str,
    origin: str,
) -> None:  # fmt: skip
    consents.decide_by_link(session, opened.case, opened.guardian, answers, name=name, read=read)
    _after_link(session, opened, answers, answers, "answered", token=token, origin=origin)


def withdraw_by_link(session: Session, opened: Opened, purpose: Purpose, *, token: str, origin: str) -> None:
    consents.withdraw_by_link(session, opened.case, opened.guardian, opened.standing, purpose)
    now_decided = {each: row.is_given for each, row in opened.standing.current.items()} | {purpose: False}
    _after_link(session, opened, {purpose: False}, now_decided, "withdrawn", token=token, origin=origin)


def _after_link(
    session: Session, opened: Opened, changed: Mapping[Purpose, bool], decided: Mapping[Purpose, bool], template: str,
    *, token: str, origin: str,
) -> None:  # fmt: skip
    """The guardian keeps the very link they came by; the young person reads on the page what was decided."""
    guardian, entry = opened.guardian, opened.entry
    link = letters.link_of(token, guardian.language, origin=origin)
    in_order = {purpose: decided[purpose] for purpose in Purpose if purpose in decided}
    letters.write(session, guardian, entry.about, "decided", link=link, decided=in_order)
    _tell_person(session, entry, template, origin)
    follow(session, entry, changed, origin=origin)


# What follows


def follow(session: Session, entry: Entry, answers: Mapping[Purpose, bool], *, origin: str) -> None:
    """In the same transaction: whoever looks a moment later sees nothing of it any more."""
    refused = {purpose for purpose, is_given in answers.items() if not is_given}
    if Purpose.TAKE_PART in refused:
        STOPS[entry.programme](session, entry, origin)
    if refused & {Purpose.NAME, Purpose.TEXT} and isinstance(entry.thing, Application):
        _take_down(session, entry.thing, refused)


def _stop_essay(session: Session, entry: Entry, origin: str) -> None:
    """The author learns it, and those who screen: by its code, not by a name."""
    own = entry.thing
    assert isinstance(own, Authorship), "an essay's"
    essay_queries.lock_essay(session, own.essay_id)
    session.refresh(own.essay, ["status"])
    if not essays.stop_essay(session, own):
        return
    edition = own.essay.edition
    _tell_person(session, entry, "stopped", origin)
    for screener in queries.screeners(session, edition.id):
        to = accounts.recipient(screener)
        send(session, "consents/essay_stopped", edition.id, to=to, edition=edition, essay=own.essay)


def _stop_application(session: Session, entry: Entry, origin: str) -> None:
    """What cannot be stopped here any more, because a stay has begun, the secretariat is told of."""
    application = entry.thing
    assert isinstance(application, Application), "an application's"
    if placements.stop(session, application):
        _tell_person(session, entry, "stopped", origin)
    elif not entry.is_over:
        for secretary in accounts.secretaries(session):
            send(
                session, "consents/stay_without_consent", to=accounts.recipient(secretary), call=application.call,
                number=application.number or "", page_link=origin + entry.page,
            )  # fmt: skip


STOPS: Mapping[Programme, Callable[[Session, Entry, str], None]] = {
    Programme.CONTEST: _stop_essay,
    Programme.INTERNSHIP: _stop_application,
}


def _tell_person(session: Session, entry: Entry, template: str, origin: str) -> None:
    person = session.get_one(Person, entry.person_id)
    letters.tell(session, person, template, entry.about, page_link=origin + entry.path)


def _take_down(session: Session, application: Application, refused: set[Purpose]) -> None:
    text, name = Purpose.TEXT in refused, Purpose.NAME in refused
    for placement in queries.stays(session, application):
        report = report_queries.of(session, placement)
        if report is not None:
            final_reports.heed_refusal(session, placement, report, text=text, name=name)
        if name:
            alumni.heed_refusal(session, placement)
    if name:
        certificates.hide_of(session, application.applicant_id, application.call_id)
