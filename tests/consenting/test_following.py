"""What follows from a no: participation ends at once, and what was published is gone."""

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from fastapi.testclient import TestClient
from sqlmodel import Session, col, select

from portal.accounts.models import Person
from portal.alumni.models import Alumnus
from portal.applications.models import Application, Status
from portal.calls.models import Call
from portal.consents import actions as consents
from portal.consents import queries
from portal.consents.models import Consent, ConsentGuardian, Method, Programme, Purpose
from portal.contests.models import Edition
from portal.essays.models import Authorship, Essay, EssayStatus
from portal.final_reports.models import FinalReport, NameShown
from portal.history import queries as history
from portal.jobs.registry import Services
from portal.mail.models import Message
from portal.placements.models import Placement, PlacementStatus
from tests import make
from tests.accounts import letters
from tests.consenting.conftest import CHILD, written
from tests.people import Cast
from tests.reminding.running import reminded

As = Callable[..., TestClient]
ENDING = ("draft", "submitted", "returned", "admitted", "in_judging")


def withdraw(client: TestClient, purpose: str = "take_part", token: str = "token") -> Any:
    return client.post(f"/consents/{token}/{purpose}/withdraw")


@pytest.mark.parametrize("state", ENDING)
def test_an_essay_is_withdrawn_in_whatever_state(
    client: TestClient, session: Session, cast: Cast, as_: As, state: str
) -> None:
    essay = written(session, cast.stranger, CHILD, state)
    edition = session.get_one(Edition, essay.edition_id)
    screener = make.screener(session, edition)
    make.consented(session, cast.stranger, edition)
    session.commit()
    assert withdraw(client).status_code == 303
    session.expire_all()
    assert session.get_one(Essay, essay.id).status is EssayStatus.WITHDRAWN
    (deed,) = history.deeds(session, "essay", essay.id)
    assert (deed.deed, deed.actor_id, deed.details) == ("stop", None, {"status": "withdrawn"}), "nobody is named"
    told = letters.to(session, screener.address)[-1]
    assert told.template == "consents/essay_stopped"
    assert "Batbayar" not in told.text
    assert "Болд" not in told.text
    assert (str(essay.code) in told.text) is (essay.code is not None)
    assert letters.to(session, cast.stranger.address)[-1].template == "consents/stopped"
    assert set(session.exec(select(Message.edition_id))) == {edition.id}
    assert "take part in this no longer" in as_(cast.stranger).get(f"/consents/contest/{edition.id}").text
    assert client.get("/consents/token").status_code == 200, "what was decided stays to be seen and withdrawn"


def test_a_judge_no_longer_reads_a_stopped_essay(client: TestClient, session: Session, cast: Cast, as_: As) -> None:
    essay = make.essay(session, "in_judging", author=cast.stranger, edition=make.edition(session))
    appointment = make.appointment(session, essay)
    judge = session.get_one(Person, appointment.judge.person_id)
    make.consented(session, cast.stranger, session.get_one(Edition, essay.edition_id))
    session.commit()
    assert as_(judge).get(f"/judging/{appointment.alias}").status_code == 200
    withdraw(client)
    assert as_(judge).get(f"/judging/{appointment.alias}").status_code == 404


@pytest.mark.parametrize("state", ["disqualified", "withdrawn"])
def test_what_is_over_is_not_stopped_again(client: TestClient, session: Session, cast: Cast, state: str) -> None:
    essay = written(session, cast.stranger, CHILD, state)
    make.consented(session, cast.stranger, session.get_one(Edition, essay.edition_id))
    session.commit()
    assert withdraw(client).status_code == 303
    session.expire_all()
    assert session.get_one(Essay, essay.id).status is EssayStatus(state)
    assert letters.to(session, cast.stranger.address)[-1].template == "consents/withdrawn"


def applied(session: Session, cast: Cast, state: str = "submitted") -> Application:
    made = make.application(
        session, state, applicant=cast.applicant, home=cast.home, call=make.call(session), born_on=CHILD
    )
    _ = cast.secretary, cast.host_coordinator
    make.consented(session, cast.applicant, session.get_one(Call, made.call_id))
    session.commit()
    return made


@pytest.mark.parametrize("state", ["draft", "submitted", "returned", "nominated"])
def test_an_application_ends(client: TestClient, session: Session, cast: Cast, state: str) -> None:
    made = applied(session, cast, state)
    assert withdraw(client).status_code == 303
    session.expire_all()
    found = session.get_one(Application, made.id)
    assert (found.status, found.merit) == (Status.WITHDRAWN, None)
    (deed,) = history.deeds(session, "application", made.id)
    assert (deed.deed, deed.actor_id) == ("application stopped without consent", None)
    assert letters.to(session, cast.applicant.address)[-1].template == "consents/stopped"


def placed(session: Session, cast: Cast, state: str) -> Placement:
    opening = make.opening(session, make.call(session), cast.host)
    made = make.application(
        session, "nominated", applicant=cast.applicant, home=cast.home, choices=[opening], born_on=CHILD
    )
    _ = cast.secretary, cast.host_coordinator
    make.consented(session, cast.applicant, opening.call)
    found: Placement = make.placement(session, state, application=made, opening=opening)
    session.commit()
    return found


@pytest.mark.parametrize("state", ["proposed", "offered", "accepted", "agreed"])
def test_a_place_is_given_back(client: TestClient, session: Session, cast: Cast, state: str) -> None:
    found = placed(session, cast, state)
    assert withdraw(client).status_code == 303
    session.expire_all()
    assert session.get_one(Placement, found.id).status is PlacementStatus.CANCELLED
    assert session.get_one(Application, found.application_id).status is Status.WITHDRAWN
    assert letters.to(session, cast.host_coordinator.address)[-1].template == "placements/released"


def test_of_a_stay_that_has_begun_the_secretariat_is_told(client: TestClient, session: Session, cast: Cast) -> None:
    found = placed(session, cast, "active")
    assert withdraw(client).status_code == 303
    session.expire_all()
    assert session.get_one(Placement, found.id).status is PlacementStatus.ACTIVE
    told = letters.to(session, cast.secretary.address)[-1]
    assert told.template == "consents/stay_without_consent"
    assert f"/applications/{found.application_id}" in told.text


def published(session: Session, cast: Cast) -> tuple[FinalReport, Alumnus]:
    """Of the cast's applicant, with everything that they, or their guardian, agreed to."""
    report = make.published_report(session, name_shown=NameShown.FULL)
    placement = session.get_one(Placement, report.placement_id)
    application = session.get_one(Application, placement.application_id)
    application.applicant_id, application.born_on = cast.applicant.id, CHILD
    alumnus = make.alumnus(session, make.certificate(session, placement))
    make.consented(session, cast.applicant, session.get_one(Call, application.call_id))
    session.commit()
    return report, alumnus


def test_what_was_published_is_gone_on_the_next_request(client: TestClient, session: Session, cast: Cast) -> None:
    report, alumnus = published(session, cast)
    assert client.get(f"/experiences/{report.id}").status_code == 200
    assert alumnus.name in client.get("/alumni").text
    name = alumnus.name
    assert withdraw(client, "name").status_code == 303
    assert name not in client.get("/alumni").text
    session.expire_all()
    assert session.get_one(FinalReport, report.id).name_shown is NameShown.UNNAMED
    assert client.get(f"/experiences/{report.id}").status_code == 200, "the text was another consent"
    assert withdraw(client, "text").status_code == 303
    assert client.get(f"/experiences/{report.id}").status_code == 404


@pytest.mark.parametrize(("purpose", "page"), [(Purpose.TEXT, "/experiences"), (Purpose.NAME, "/alumni")])
def test_the_lists_themselves_look_at_the_consent(
    client: TestClient, session: Session, cast: Cast, purpose: Purpose, page: str
) -> None:
    """Whatever else may have been forgotten: here nothing but the consent has changed."""
    report, alumnus = published(session, cast)
    shown = {Purpose.TEXT: f"/experiences/{report.id}", Purpose.NAME: alumnus.name}[purpose]
    assert shown in client.get(page).text
    case = queries.case_of(session, cast.applicant.id, Programme.INTERNSHIP, _round(session, report))
    assert case is not None
    evidence = {"wording": "2026-1", "language": "en", "digest": "0" * 64}
    consents.decide(session, case, {purpose: False}, method=Method.ACCOUNT, by=cast.applicant.id, **evidence)
    session.commit()
    assert shown not in client.get(page).text


def test_what_was_refused_is_not_published_again_by_the_intern(
    client: TestClient, session: Session, cast: Cast, as_: As
) -> None:
    report, _alumnus = published(session, cast)
    for purpose in ("name", "text"):
        withdraw(client, purpose)
        answer = as_(cast.applicant).post(
            f"/placements/{report.placement_id}/report/consent", data={"publication": "full"}
        )
        assert answer.status_code == 303
        session.expire_all()
        found = session.get_one(FinalReport, report.id)
        assert (found.name_shown, found.may_publish) == (NameShown.UNNAMED, purpose == "name")


def _round(session: Session, report: FinalReport) -> uuid.UUID:
    placement = session.get_one(Placement, report.placement_id)
    return session.get_one(Application, placement.application_id).call_id


def test_allowing_is_what_published_lists_join(session: Session, cast: Cast) -> None:
    edition = make.edition(session)
    people = [make.person(session) for _ in range(3)]
    for person, name in zip(people, (True, False, True), strict=True):
        make.essay(session, author=person, edition=edition)
        make.consented(session, person, edition, token=uuid.uuid4().hex, name=name)
    moved = make.person(session)
    make.essay(session, author=moved, edition=edition)
    make.consented(session, moved, edition, guardian=False)
    session.execute(sa.update(Consent).where(col(Consent.method) == Method.ACCOUNT).values(digest=""))
    whose = sa.tuple_(col(Authorship.person_id), col(Authorship.edition_id))

    def listed(purpose: Purpose, programme: Programme = Programme.CONTEST) -> set[uuid.UUID]:
        allowed = queries.allowing(purpose, programme)
        return set(session.exec(select(Authorship.person_id).where(whose.in_(allowed))))

    assert listed(Purpose.NAME) == {people[0].id, people[2].id}
    assert listed(Purpose.TEXT) == {person.id for person in people}
    assert listed(Purpose.TEXT, Programme.INTERNSHIP) == set()
    case = make.case(session, people[0], edition)
    evidence = {"wording": "2026-1", "language": "en", "digest": "0" * 64}
    consents.decide(session, case, {Purpose.NAME: False}, method=Method.ACCOUNT, by=people[0].id, **evidence)
    assert listed(Purpose.NAME) == {people[2].id}


# On paper


@pytest.mark.parametrize("guardian_name", ["Ээж", ""])
def test_what_was_signed_on_paper_is_entered(session: Session, cast: Cast, guardian_name: str) -> None:
    edition, scan = make.edition(session), make.stored_file(session, cast.stranger)
    earlier = make.named_guardian(session, make.case(session, cast.stranger, edition))
    case = make.case(session, cast.stranger, edition)
    answers = {**dict.fromkeys(Purpose, True), Purpose.PHOTO: False}
    consents.enter_from_paper(
        session, case, answers, guardian_name=guardian_name, language="mn", scan_id=scan.id, by=cast.home_coordinator.id
    )
    rows = session.exec(select(Consent)).all()
    assert {row.purpose: row.is_given for row in rows} == answers
    assert {(row.method, row.entered_by, row.scan_id) for row in rows} == {
        (Method.PAPER, cast.home_coordinator.id, scan.id)
    }
    signed = {row.guardian_id for row in rows}
    if guardian_name:
        (guardian,) = session.exec(select(ConsentGuardian).where(col(ConsentGuardian.replaced_at).is_(None)))
        assert signed == {guardian.id}
        assert (guardian.email, guardian.token_digest, guardian.name) == ("", None, "Ээж")
        assert guardian.answered_at is not None
        assert earlier.replaced_at is not None
    else:
        assert signed == {None}


# Reminders


GUARDIAN = "consents/guardian"


def test_guardians_are_reminded_and_the_young_person_told_in_the_end(
    client: TestClient, session: Session, cast: Cast, services: Services, noon: dt.datetime, essay: Essay
) -> None:
    edition = session.get_one(Edition, essay.edition_id)
    make.named_guardian(session, make.case(session, cast.stranger, edition), email="mother@example.org")
    said = []
    for days in (2, 3, 3.1, 7, 13, 13.1, 14.9, 44.9):
        told = reminded(session, services, noon + dt.timedelta(days=days))
        said.append((told[GUARDIAN, "mother@example.org"], told["consents/expired", cast.stranger.address]))
    assert said == [(0, 0), (1, 0), (0, 0), (1, 0), (1, 0), (0, 0), (0, 1), (0, 0)]
    mails = letters.to(session, "mother@example.org")
    assert "Батбаяр" in mails[0].subject
    assert {each.edition_id for each in [*mails, *letters.to(session, cast.stranger.address)]} == {edition.id}
    assert client.get("/consents/token").status_code == 404, "the link of the earlier mail is dead"


def test_after_a_standstill_one_reminder_is_enough_and_its_link_works(
    client: TestClient, session: Session, cast: Cast, services: Services, noon: dt.datetime, essay: Essay
) -> None:
    case = make.case(session, cast.stranger, session.get_one(Edition, essay.edition_id))
    make.named_guardian(session, case, email="mother@example.org")
    assert reminded(session, services, noon + dt.timedelta(days=8))[GUARDIAN, "mother@example.org"] == 1
    assert client.get(letters.newest_link(session, "mother@example.org")).status_code == 200


@pytest.mark.parametrize("change", ["answered", "replaced", "over", "grown"])
def test_nobody_else_is_reminded(
    session: Session, cast: Cast, services: Services, noon: dt.datetime, essay: Essay, change: str
) -> None:
    case = make.case(session, cast.stranger, session.get_one(Edition, essay.edition_id))
    guardian = make.named_guardian(session, case)
    if change == "over":
        essay.status = EssayStatus.WITHDRAWN
    elif change == "grown":
        make.authorship(session, essay).born_on = dt.date(1990, 1, 1)
    else:
        setattr(guardian, f"{change}_at", guardian.sent_at)
    told = reminded(session, services, noon + dt.timedelta(days=4))
    assert GUARDIAN not in {template for template, _to in told}


def test_who_asks_again_is_told_again_when_that_link_ends(
    session: Session, cast: Cast, services: Services, noon: dt.datetime, as_: As, essay: Essay
) -> None:
    case = make.case(session, cast.stranger, session.get_one(Edition, essay.edition_id))
    make.named_guardian(session, case)
    expired = "consents/expired", cast.stranger.address
    assert reminded(session, services, noon + dt.timedelta(days=15))[expired] == 1
    with time_machine.travel(noon + dt.timedelta(days=16), tick=False):
        client = as_(cast.stranger)
        assert client.post(f"/consents/contest/{essay.edition_id}/again").status_code == 303
    session.expire_all()
    assert reminded(session, services, noon + dt.timedelta(days=29))[expired] == 0
    assert reminded(session, services, noon + dt.timedelta(days=31))[expired] == 1
