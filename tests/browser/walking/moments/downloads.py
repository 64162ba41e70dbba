"""Files: nothing is looked at, but somebody can fetch them."""

from collections.abc import Iterator

from sqlmodel import col, select

from portal.accounts.viewer import token_digest
from portal.agreements.models import Party
from portal.applications.models import Status
from portal.calls.models import Purpose, QuestionKind
from portal.clock import now
from portal.essays.models import Authorship, Essay
from portal.feeds.models import Feed
from tests import make
from tests.browser.walking.crawl import Moment
from tests.browser.walking.moments.cast import (
    APPLICANT,
    AUTHOR,
    DAY,
    HOME,
    HOME_COORDINATOR,
    HOST_COORDINATOR,
    SECRETARY,
    Cast,
    ago,
)  # fmt: skip


def calendar(cast: Cast) -> Iterator[Moment]:
    """Somebody's calendar asks for what is due."""
    make.saved(cast.session, Feed(person_id=cast.person(APPLICANT).id, token_digest=token_digest("calendar")))
    yield Moment("/calendar/calendar.ics")


def appointment_for_an_interview(cast: Cast) -> Iterator[Moment]:
    opening = cast.opening(cast.call("spring-2027"))
    found = make.application(cast.session, Status.NOMINATED, home=cast.government(HOME), choices=[opening])
    slot = make.slot(cast.session, opening, taken_by=found, starts_at=now() + 300 * DAY)
    yield Moment(f"/openings/{opening.id}/interviews/{slot.id}/calendar.ics", HOST_COORDINATOR)
    yield Moment(f"/applications/{found.id}/interviews/{slot.id}/calendar.ics", cast.account(found.applicant_id))


def papers_of_an_application(cast: Cast) -> Iterator[Moment]:
    """A letter that came as a file, and an answer that is one; in a call of their own, of long ago."""
    like = cast.call("autumn-2026")
    days = {"opens_at": ago(900), "applications_due_at": ago(870), "nominations_due_at": ago(860)}
    call = make.call(cast.session, titles=like.titles, texts=like.texts, **days)
    question = make.question(cast.session, call, QuestionKind.FILE)
    requested = make.requested_document(cast.session, call, purpose=Purpose.LETTER)
    found = make.application(cast.session, "submitted", home=cast.government(HOME), call=call)
    make.answer(cast.session, found, question)
    file = make.stored_file(cast.session, cast.person(SECRETARY), name="letter.pdf")
    make.letter(cast.session, found, requested=requested, received_at=now(), file_id=file.id)
    yield Moment(f"/applications/{found.id}/questions/{question.id}/file", HOME_COORDINATOR)
    yield Moment(f"/applications/{found.id}/letters/{requested.id}/file", HOME_COORDINATOR)


def manuscript(cast: Cast) -> Iterator[Moment]:
    """An essay that was uploaded."""
    written = select(Essay).join(Authorship, col(Authorship.essay_id) == Essay.id)
    essay = cast.session.exec(written.where(Authorship.person_id == cast.person(AUTHOR).id)).first()
    assert essay is not None, "the author has written"
    make.manuscript(cast.session, essay)
    yield Moment(f"/essays/{essay.id}/file/original", AUTHOR)


def signed_paper(cast: Cast) -> Iterator[Moment]:
    placement, by = cast.placement("accepted"), cast.person(HOME_COORDINATOR)
    scan = make.stored_file(cast.session, by, name="signed.pdf")
    signed = make.agreement(cast.session, placement, Party.INTERN).signatures[0]
    signed.scan_id, signed.scanned_by = scan.id, by.id
    yield Moment(f"/placements/{placement.id}/agreement/scans/{Party.INTERN}", HOME_COORDINATOR)


def report(cast: Cast) -> Iterator[Moment]:
    placement = cast.placement("completed")
    file = make.stored_file(cast.session, cast.person(SECRETARY), name="report.pdf")
    make.report(cast.session, "submitted", placement=placement, file_id=file.id)
    yield Moment(f"/placements/{placement.id}/report/file", SECRETARY)


def agreement_for_a_guardian(cast: Cast) -> Iterator[Moment]:
    make.guardian(cast.session, cast.minor_placement(), "guardian-of-a-file", name="Сарангэрэл")
    yield Moment("/guardians/guardian-of-a-file/agreement.pdf")


SCENES = (
    calendar, appointment_for_an_interview, papers_of_an_application, manuscript, signed_paper, report,
    agreement_for_a_guardian,
)  # fmt: skip
