import datetime as dt
import json
import uuid
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, SQLModel, col, func, select

from portal import demonstration, duties
from portal.accounts import passwords, throttle
from portal.accounts.models import Grant, Person, Role
from portal.agreements.models import Party, Signature
from portal.alumni.models import Alumnus
from portal.applications.models import Answer, Application, Letter, Outcome, Status
from portal.calls.models import Call, CallStatus, Question, QuestionKind
from portal.calls.rules import accepts_rankings, is_open
from portal.certificates.models import Certificate
from portal.circulars.models import Circular, CircularState
from portal.clock import now
from portal.consents.models import Consent, ConsentGuardian, Purpose
from portal.contests.models import Edition, EditionStatus
from portal.contests.rules import is_open as is_open_for_essays
from portal.db import Database
from portal.demonstration import calendar, documents, editions, emptiness, past_edition
from portal.demonstration.building import PASSWORD
from portal.demonstration.crowd import NO_PASSWORD
from portal.demonstration.people import ACCOUNTS, DOMAIN, Account
from portal.demonstration.texts import read
from portal.errors import ConfigurationError
from portal.essays.models import Authorship, Essay, EssayStatus, Source, Submission
from portal.files.models import StoredFile
from portal.files.storage import make_storage
from portal.final_reports.models import FinalReport
from portal.history import queries as history
from portal.i18n import LANGUAGES
from portal.interviews.models import Slot
from portal.jobs.registry import Services
from portal.judging.models import Appointment
from portal.mail.models import Delivery, Message, Wording
from portal.matches.models import Kind, Run
from portal.nominations.models import Note
from portal.openings.models import Opening
from portal.papers.words import Scan
from portal.passages.models import SharedPassages
from portal.placements.instances import objection
from portal.placements.models import Placement, PlacementStatus
from portal.private_lines.models import PrivateMessage
from portal.rankings.queries import unsettled
from portal.registry.actions import edit_government
from portal.registry.models import Government
from portal.screening.models import Disqualification, FairCopy, Redaction
from tests import make
from tests.demonstration.conftest import demo_settings

pytestmark = pytest.mark.slow


@pytest.fixture
def reading(built: Database) -> Iterator[Session]:
    with built.session(writes=False) as session:
        yield session


def counted(session: Session, column: Any, *where: Any) -> Counter[Any]:
    return Counter(session.exec(select(column).where(*where)).all())


def edition_id(session: Session, slug: str) -> uuid.UUID:
    return session.exec(select(Edition.id).where(Edition.slug == slug)).one()


def rows(database: Database) -> dict[str, int]:
    with database.session(writes=False) as session:
        tables = SQLModel.metadata.sorted_tables
        return {table.name: session.execute(select(func.count()).select_from(table)).scalar_one() for table in tables}


def test_every_application_is_in_its_state(reading: Session) -> None:
    rows = [row for row in read("applicants")["applicants"] if not row.get("placement")]
    wanted = Counter(Status(row["state"]) for row in rows)
    assert set(wanted) == set(Status)
    open_now = select(Application.status).join(Call).where(Call.slug == "autumn-2027")
    assert Counter(reading.exec(open_now).all()) == wanted + Counter([Status.DRAFT]), "and one from paper"


def test_officials_find_work_on_their_desks(reading: Session) -> None:
    paper = reading.exec(select(Application).where(col(Application.entered_by).is_not(None))).one()
    assert None not in {paper.form_scan_id, paper.consent_scan_id}
    assert reading.exec(select(Letter)).one().received_at is not None
    assert len(reading.exec(select(Note)).all()) == 1
    asked = {question.kind for question in reading.exec(select(Question))}
    assert asked == {QuestionKind.YES_NO, QuestionKind.SEVERAL, QuestionKind.LONG}
    assert reading.exec(select(func.count()).select_from(Answer)).one() > 0


def test_every_placement_is_in_its_state(reading: Session) -> None:
    told = {row["roman_name"]: row["placement"] for row in read("applicants")["applicants"] if row.get("placement")}
    told |= {row["roman_name"]: row["state"] for row in read("interns")["interns"]}
    assert set(PlacementStatus) - {PlacementStatus(each) for each in told.values()} == {PlacementStatus.CANCELLED}
    reached = select(Application.roman_name, Placement.status).join(Placement).order_by(col(Placement.proposed_at))
    assert {name: status for name, status in reading.exec(reached) if name in told} == told


def test_a_match_was_published_by_two_and_went_on(reading: Session) -> None:
    published = reading.exec(select(Run).where(col(Run.published_at).is_not(None))).all()
    assert Counter(run.kind for run in published) >= Counter({Kind.FIRST: 2, Kind.CONTINUED: 1})
    assert all(objection(json.loads(run.document or "")) is None for run in published)
    waiting = select(func.count()).select_from(Application).where(Application.outcome == Outcome.RESERVE)
    assert reading.exec(waiting).one() > 0


def test_hosts_of_one_round_are_ranking_now(reading: Session) -> None:
    call = reading.exec(select(Call).where(Call.slug == "spring-2027")).one()
    assert accepts_rankings(call, now())
    assert any(unsettled(reading, call).values())
    assert reading.exec(select(func.count()).select_from(Slot)).one() == 4


def test_one_stay_is_certified_and_its_report_published(reading: Session) -> None:
    certificate = reading.exec(select(Certificate)).one()
    assert reading.exec(select(Alumnus)).one().certificate_id == certificate.id
    report = reading.exec(select(FinalReport)).one()
    assert report.published_at is not None
    assert report.placement_id == certificate.placement_id
    assert reading.exec(select(func.count()).select_from(PrivateMessage)).one() == 2
    assert set(reading.exec(select(Signature.party))) == {Party.HOST, Party.HOME, Party.INTERN}


def test_the_lapsed_offer_is_past_its_time(reading: Session) -> None:
    lapsed = reading.exec(select(Placement).where(Placement.status == PlacementStatus.LAPSED)).one()
    assert lapsed.approved_at is not None
    assert lapsed.expires_at is not None
    assert lapsed.proposed_at < lapsed.approved_at < lapsed.expires_at < now()


def test_every_essay_is_in_its_state(reading: Session) -> None:
    wanted = Counter(EssayStatus(row["state"]) for row in read("essays")["essays"])
    now_ = counted(reading, Essay.status, Essay.edition_id == edition_id(reading, editions.SLUG))
    assert now_ == wanted + Counter([EssayStatus.SUBMITTED]), "and one from paper"
    before = counted(reading, Essay.status, Essay.edition_id == edition_id(reading, past_edition.SLUG))
    assert before == Counter({EssayStatus.AWARDED: 6, EssayStatus.NOT_AWARDED: 2})
    assert {*now_, *before} == set(EssayStatus) - {EssayStatus.SHORTLISTED, EssayStatus.COMMENDED}
    assert set(reading.exec(select(Essay.language))) == set(LANGUAGES)


def test_screeners_and_guardians_have_decided_some_and_some_wait(reading: Session) -> None:
    proposed = reading.exec(select(Disqualification)).all()
    assert Counter(each.is_confirmed for each in proposed) == Counter([True, None])
    hidden = {each.essay_id for each in reading.exec(select(Redaction))}
    assert ["▇▇▇" in copy.text for copy in reading.exec(select(FairCopy)) if copy.essay_id in hidden] == [True]
    assert max(reading.exec(select(Submission.number))) == 2
    (pair,) = reading.exec(select(SharedPassages)).all()
    assert min(pair.share, pair.other_share) > 0.3
    answered = Counter(each.answered_at is not None for each in reading.exec(select(ConsentGuardian)))
    assert answered[True] > 5 and answered[False] == 1
    assert {Purpose.NAME} == {each.purpose for each in reading.exec(select(Consent)) if not each.is_given} - {
        Purpose.PHOTO
    }
    assert {essay.source for essay in reading.exec(select(Essay))} == set(Source)


def test_marks_are_locked_by_two_judges_or_still_to_be_given(reading: Session) -> None:
    here = select(Appointment.essay_id, Appointment.locked_at).join(Essay)
    marked = reading.exec(here.where(Essay.edition_id == edition_id(reading, editions.SLUG)))
    locked = Counter(essay_id for essay_id, at in marked if at)
    wanted = [sum(map(bool, row["marks"])) for row in read("essays")["essays"] if row["state"] == "in_judging"]
    assert sorted(locked.values()) == sorted(wanted)
    unmarked = select(Appointment.judge_id).where(col(Appointment.locked_at).is_(None)).distinct()
    assert len(reading.exec(unmarked).all()) == 3, "every judge has something to mark"


def test_all_can_be_tried_and_drafts_wait(reading: Session) -> None:
    call = reading.exec(select(Call).where(Call.slug == "autumn-2027")).one()
    edition = reading.exec(select(Edition).where(Edition.slug == editions.SLUG)).one()
    for at in (now(), now() + dt.timedelta(days=20)):
        assert is_open(call, at)
        assert is_open_for_essays(edition, at)
    assert counted(reading, Call.status)[CallStatus.DRAFT] == 1
    assert counted(reading, Edition.status)[EditionStatus.DRAFT] == 1
    assert all(opening.starts_on.weekday() == 0 for opening in reading.exec(select(Opening)))


def test_nobody_appears_twice(reading: Session) -> None:
    names = reading.exec(select(Person.name).where(Person.password_hash != NO_PASSWORD)).all()
    assert len(names) == len(set(names))
    assert all(email.endswith(f"@{DOMAIN}") for email in reading.exec(select(Person.email)) if email)
    applicant = reading.exec(select(Person).where(Person.email == f"applicant@{DOMAIN}")).one()
    offered = select(Application.applicant_id).join(Placement).where(Placement.status == PlacementStatus.OFFERED)
    assert reading.exec(offered).one() == applicant.id
    author = reading.exec(select(Person).where(Person.email == f"author@{DOMAIN}")).one()
    returned = select(Authorship.person_id).join(Essay).where(Essay.status == EssayStatus.RETURNED)
    assert reading.exec(returned).one() == author.id


def test_the_printed_password_fits_and_would_be_accepted(reading: Session) -> None:
    able = col(Person.email).is_not(None), col(Person.password_hash) != NO_PASSWORD
    hashes = set(reading.exec(select(Person.password_hash).where(*able)))
    assert len(hashes) == 1, "hashed once"
    assert passwords.is_right(PASSWORD, hashes.pop())
    assert not passwords.is_common(PASSWORD)


ROLES: dict[str, set[Role]] = {
    "applicant": set(),
    "intern": set(),
    "alumna": set(),
    "author": set(),
    "home_coordinator": {Role.COORDINATOR},
    "host_coordinator": {Role.COORDINATOR},
    "second_host_coordinator": {Role.COORDINATOR},
    "judge_jp": {Role.JUDGE},
    "judge_ru": {Role.JUDGE},
    "judge_mn": {Role.JUDGE},
    "secretary": {Role.SECRETARY, Role.SCREENER},
    "screener": {Role.SECRETARY, Role.SCREENER},
    "second_secretary": {Role.SECRETARY},
    "third_secretary": {Role.SECRETARY},
    "auditor": {Role.AUDITOR},
}


@pytest.mark.parametrize("account", ACCOUNTS, ids=lambda account: account.key)
def test_each_account_has_its_role(reading: Session, account: Account) -> None:
    held = (
        select(Grant.role).join(Person, col(Grant.person_id) == col(Person.id)).where(Person.email == account.address)
    )
    assert set(reading.exec(held)) == ROLES[account.key]


def test_everything_is_in_the_history_and_the_chain_is_sound(reading: Session) -> None:
    assert history.broken(reading) is None
    assert history.length(reading) > 200
    assert demonstration.is_built(reading)


def test_messages_are_kept_as_sent_and_their_jobs_find_nothing_to_do(built: Database, tmp_path: Path) -> None:
    before = rows(built)
    with built.session(writes=False) as session:
        kept = Counter(session.exec(select(Message.delivery)))
        assert set(kept) == {Delivery.SENT, Delivery.FAILED} and kept[Delivery.FAILED] == 1
        message = session.exec(select(Message)).first()
    assert message is not None
    duties.mail.deliver_message(Services(demo_settings(tmp_path), built), str(message.id))
    with built.session(writes=False) as session:
        assert session.get_one(Message, message.id).attempts == message.attempts
    assert rows(built) == before


def test_the_mail_of_the_secretariat_has_something_to_do(reading: Session) -> None:
    circular = reading.exec(select(Circular)).one()
    assert circular.state is CircularState.DRAFT and "mn" not in circular.texts
    wording = reading.exec(select(Wording)).one()
    assert wording.template == "placements/offered" and "Write to us beforehand" in wording.forms[0]


def test_a_second_build_changes_nothing(built: Database, tmp_path: Path) -> None:
    before = rows(built)
    demonstration.build(demo_settings(tmp_path), built)
    assert rows(built) == before
    assert not list(tmp_path.iterdir()), "not even a file"


def test_each_file_lies_in_storage(empty: Database, tmp_path: Path) -> None:
    settings = demo_settings(tmp_path / "files")
    demonstration.build(settings, empty)
    with empty.session(writes=False) as session:
        promised = set(session.exec(select(StoredFile.key)))
    assert promised == {held.key for held in make_storage(settings).held()}
    applied = sum(row["state"] != "draft" for row in read("applicants")["applicants"])
    interns = [row["state"] for row in read("interns")["interns"]]
    insured = len(interns) - interns.count("agreed")
    essays = ["manuscript", "scan of an essay", "scan of its consent"]
    assert len(promised) == applied + len(interns) + insured + len(Scan) + len(essays)


def test_a_database_with_one_other_person_is_refused(empty: Database, tmp_path: Path) -> None:
    with empty.session(writes=True) as session:
        make.person(session)
    before = rows(empty)
    with pytest.raises(ConfigurationError, match="holds something else"):
        demonstration.build(demo_settings(tmp_path), empty)
    assert rows(empty) == before
    with empty.session(writes=False) as session:
        assert not demonstration.is_built(session)


def test_a_registry_that_somebody_edited_is_refused(empty: Database, tmp_path: Path) -> None:
    with empty.session(writes=True) as session:
        government = session.exec(select(Government).where(Government.code == "KR-47")).one()
        edit_government(session, government, {"website": "https://www.gb.go.kr/"}, by=government.id)
    with pytest.raises(ConfigurationError, match="holds something else"):
        demonstration.build(demo_settings(tmp_path), empty)


def test_bookkeeping_of_requests_is_not_in_the_way(empty: Database) -> None:
    with empty.session(writes=True) as session:
        assert throttle.take(session, throttle.mail("reset", "somebody@example.org"))
    with empty.session(writes=False) as session:
        emptiness.check(session)


def test_a_build_that_fails_leaves_no_file(tmp_path: Path) -> None:
    settings = demo_settings(tmp_path)
    with pytest.raises(RuntimeError), documents.shelf(settings) as shelf:
        shelf.take("Somebody.pdf")
        assert len(list(make_storage(settings).held())) == 1
        raise RuntimeError
    assert not list(make_storage(settings).held())


def test_the_table_names_each_account_in_a_line_of_its_own(tmp_path: Path) -> None:
    settings = demo_settings(tmp_path)
    lines = demonstration.accounts_table(settings).splitlines()
    assert settings.public_origin in lines[0]
    for account in ACCOUNTS:
        assert [line for line in lines if account.address in line and PASSWORD in line and account.look in line]


@pytest.mark.parametrize("weeks", [4, 12])
def test_an_internship_goes_from_a_monday_to_a_friday(weeks: int) -> None:
    first, last = calendar.working_weeks(weeks)
    assert (first.weekday(), last.weekday()) == (0, 4)
    assert (last - first).days == 7 * weeks - 3
