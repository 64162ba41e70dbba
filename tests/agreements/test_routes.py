"""The agreement's page, who may confirm and refuse there, scans of paper, and the secretariat's part."""

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from portal.accounts.models import Role
from portal.agreements import queries
from portal.agreements.models import Agreement, Party, Signature
from portal.applications.models import Application
from portal.clock import now
from portal.history import queries as history
from portal.openings.models import Opening
from portal.placements.models import Placement, PlacementStatus
from tests import counting, make
from tests.agreements.conftest import MINOR, accepted
from tests.database import JoinedDatabase
from tests.files import samples
from tests.people import Cast

As = Callable[..., TestClient]
REASON = {"reason": "The hours are too long for me."}
FOREIGN = {"sec-fetch-site": "cross-site"}


def path(placement: Placement, rest: str = "") -> str:
    return f"/placements/{placement.id}/agreement{rest}"


def digest(session: Session, placement: Placement) -> str:
    session.expire_all()
    secretary = make.viewer(session, make.secretary(session))
    return queries.get_visible(session, secretary, placement.id).digest


def confirm(browser: TestClient, session: Session, placement: Placement, party: str, **typed: str) -> Any:
    given = {"party": party, "name": "Туул", "digest": digest(session, placement), **typed}
    return browser.post(path(placement, "/confirm"), data=given)


def signed(session: Session) -> list[str]:
    session.expire_all()
    return sorted(each.party for each in session.exec(select(Signature)))


def status(session: Session, placement: Placement) -> PlacementStatus:
    session.expire_all()
    return session.get_one(Placement, placement.id).status


def test_three_confirm_and_the_placement_is_agreed(session: Session, cast: Cast, as_: As, placement: Placement) -> None:
    intern, host, home = as_(cast.applicant), as_(cast.host_coordinator), as_(cast.home_coordinator)
    shown = intern.get(path(placement)).text
    assert "This is a draft" in shown
    assert "Confirm as the intern" in shown
    assert digest(session, placement) in shown
    assert "인턴십 협약서" in shown
    assert "Дадлагын гэрээ" in shown
    assert confirm(home, session, placement, "home").status_code == 303
    for browser in (intern, host, home):
        page = browser.get(path(placement)).text
        assert page.count("Awaited") == 2
        assert page.count(">Has confirmed<") == 1
    assert confirm(intern, session, placement, "intern").status_code == 303
    assert status(session, placement) is PlacementStatus.ACCEPTED
    assert confirm(host, session, placement, "host").status_code == 303
    assert status(session, placement) is PlacementStatus.AGREED
    assert signed(session) == ["home", "host", "intern"]
    assert "Everybody has confirmed" in intern.get(path(placement)).text
    deeds = [entry.deed for entry in history.deeds(session, "placement", placement.id)]
    assert deeds[:3] == ["placement agreed", "agreement confirmed", "agreement confirmed"]
    assert "Туул" not in str([entry.details for entry in history.deeds(session, "placement", placement.id)])


def test_every_signature_holds_the_digest_of_the_text(
    session: Session, cast: Cast, as_: As, placement: Placement
) -> None:
    confirm(as_(cast.applicant), session, placement, "intern")
    kept, agreement = session.exec(select(Signature)).one(), session.exec(select(Agreement)).one()
    assert kept.digest == agreement.digest
    assert (kept.name, kept.person_id) == ("Туул", cast.applicant.id)


def test_who_read_another_text_confirms_nothing(session: Session, cast: Cast, as_: As, placement: Placement) -> None:
    before = digest(session, placement)
    session.get_one(Opening, placement.opening_id).hours_a_week = 20
    session.commit()
    answer = confirm(as_(cast.applicant), session, placement, "intern", digest=before)
    assert answer.status_code == 409
    assert "The text has changed" in answer.text
    assert signed(session) == []
    assert session.exec(select(Agreement)).all() == []


def test_a_second_press_confirms_once(session: Session, cast: Cast, as_: As, placement: Placement) -> None:
    key, browser = str(uuid.uuid4()), as_(cast.applicant)
    answers = [confirm(browser, session, placement, "intern", key=key).status_code for _ in range(2)]
    assert answers == [303, 303]
    assert signed(session) == ["intern"]
    assert confirm(browser, session, placement, "intern").status_code == 409


def test_a_name_is_asked_for_and_kept_as_typed(session: Session, cast: Cast, as_: As, placement: Placement) -> None:
    browser = as_(cast.applicant)
    answer = confirm(browser, session, placement, "intern", name="")
    assert answer.status_code == 422
    assert "Fill this in." in answer.text
    answer = confirm(browser, session, placement, "intern", name="<b>" * 50)
    assert answer.status_code == 422
    assert "&lt;b&gt;" in answer.text
    assert confirm(browser, session, placement, "nobody").status_code == 422
    assert signed(session) == []


@pytest.mark.parametrize("party", ["host", "home", "guardian"])
def test_nobody_confirms_for_a_party_that_is_not_theirs(
    session: Session, cast: Cast, as_: As, placement: Placement, party: str
) -> None:
    assert confirm(as_(cast.applicant), session, placement, party).status_code == 403
    other = cast.home_coordinator if party == "host" else cast.host_coordinator
    assert confirm(as_(other), session, placement, party).status_code == 403
    assert confirm(as_(cast.secretary), session, placement, party).status_code == 403
    assert signed(session) == []


def test_who_coordinates_both_governments_chooses_and_confirms_once(
    session: Session, cast: Cast, as_: As, placement: Placement
) -> None:
    make.grant(session, cast.host_coordinator, Role.COORDINATOR, government_id=cast.home.id)
    browser = as_(cast.host_coordinator)
    assert "Nobody confirms for two parties." in browser.get(path(placement)).text
    assert confirm(browser, session, placement, "host").status_code == 303
    answer = confirm(browser, session, placement, "home")
    assert answer.status_code == 409
    assert "ask a colleague" in answer.text
    assert "/agreement/confirm" not in browser.get(path(placement)).text


# Refusing


def test_a_refusal_tells_everybody_and_the_placement_stays(
    session: Session, cast: Cast, as_: As, placement: Placement
) -> None:
    confirm(as_(cast.host_coordinator), session, placement, "host")
    browser = as_(cast.applicant)
    assert browser.get(path(placement, "/refuse")).status_code == 200
    assert browser.post(path(placement, "/refuse"), data={"party": "intern", "reason": "no"}).status_code == 422
    assert browser.post(path(placement, "/refuse"), data={"party": "intern", **REASON}).status_code == 303
    assert status(session, placement) is PlacementStatus.ACCEPTED
    shown = as_(cast.home_coordinator).get(path(placement)).text
    assert REASON["reason"] in shown
    answer = confirm(as_(cast.home_coordinator), session, placement, "home")
    assert answer.status_code == 409
    assert "Wait for the secretariat" in answer.text
    assert "Agreements that a party refused" in as_(cast.secretary).get("/").text
    assert str(placement.id) in as_(cast.secretary).get("/agreements").text
    assert "/agreements" not in as_(cast.home_coordinator).get("/").text


def test_who_has_confirmed_does_not_refuse(session: Session, cast: Cast, as_: As, placement: Placement) -> None:
    browser = as_(cast.applicant)
    confirm(browser, session, placement, "intern")
    assert browser.post(path(placement, "/refuse"), data={"party": "intern", **REASON}).status_code == 409


# The secretariat


def test_the_secretariat_prepares_and_makes_anew_with_a_reason(
    session: Session, cast: Cast, as_: As, placement: Placement
) -> None:
    browser = as_(cast.secretary)
    assert browser.post(path(placement, "/remake"), data=REASON).status_code == 409
    assert browser.post(path(placement, "/prepare")).status_code == 303
    assert browser.post(path(placement, "/prepare")).status_code == 409
    confirm(as_(cast.host_coordinator), session, placement, "host")
    session.get_one(Placement, placement.id).ends_on += dt.timedelta(days=7)
    session.commit()
    assert "has changed since this text was made" in browser.get(path(placement)).text
    assert browser.post(path(placement, "/remake"), data={"reason": "short"}).status_code == 422
    key = str(uuid.uuid4())
    answers = [browser.post(path(placement, "/remake"), data={**REASON, "key": key}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert signed(session) == []
    shown = as_(cast.host_coordinator).get(path(placement)).text
    assert REASON["reason"] in shown
    assert "Confirm for the host" in shown
    deeds = [entry.deed for entry in history.deeds(session, "placement", placement.id)]
    assert deeds.count("agreement made anew") == 1


def test_what_is_agreed_is_not_made_anew(session: Session, cast: Cast, as_: As) -> None:
    agreed = accepted(session, cast, "agreed")
    make.agreement(session, agreed, "intern", "host", "home")
    browser = as_(cast.secretary)
    assert browser.get(path(agreed, "/remake")).status_code == 409
    assert browser.post(path(agreed, "/remake"), data=REASON).status_code == 409
    assert len(signed(session)) == 3


# Paper


@pytest.fixture
def paper(session: Session, cast: Cast) -> Placement:
    nominated = make.paper_application(session, cast.home_coordinator, "nominated", home=cast.home, **MINOR)
    _ = cast.secretary, cast.host_coordinator, cast.stranger, cast.auditor
    made = make.placement(session, "accepted", application=nominated)
    session.commit()
    return made  # type: ignore[no-any-return]


def scan(browser: TestClient, session: Session, placement: Placement, party: str, content: bytes = b"") -> Any:
    file = {"scan": ("signed.pdf", content or samples.pdf(), "application/pdf")}
    given = {"party": party, "name": "Дулмаа", "digest": digest(session, placement)}
    return browser.post(path(placement, "/scan"), data=given, files=file)


def test_the_office_keeps_scans_of_paper_and_signs_for_nobody_but_itself(
    session: Session, cast: Cast, as_: As, paper: Placement
) -> None:
    office = as_(cast.home_coordinator)
    assert "print the agreement" in office.get(path(paper)).text
    assert confirm(office, session, paper, "intern").status_code == 403
    answer = scan(office, session, paper, "intern", b"no pdf")
    assert answer.status_code == 422
    assert "Дулмаа" in answer.text
    assert office.post(path(paper, "/scan"), data={"party": "intern", "name": "x", "digest": "y"}).status_code == 422
    for party in ("intern", "guardian"):
        assert scan(office, session, paper, party).status_code == 303
    assert scan(office, session, paper, "intern").status_code == 409
    assert scan(office, session, paper, "home").status_code == 409
    assert confirm(office, session, paper, "home").status_code == 303
    assert confirm(as_(cast.host_coordinator), session, paper, "host").status_code == 303
    assert status(session, paper) is PlacementStatus.AGREED
    for reader in (cast.home_coordinator, cast.secretary, cast.auditor):
        assert as_(reader).get(path(paper, "/scans/intern")).content.startswith(b"%PDF")
    assert as_(cast.host_coordinator).get(path(paper, "/scans/intern")).status_code == 403
    assert as_(cast.stranger).get(path(paper, "/scans/intern")).status_code == 404
    assert office.get(path(paper, "/scans/home")).status_code == 404
    assert "Signed on paper" in as_(cast.host_coordinator).get(path(paper)).text


def test_scans_are_only_for_paper(
    session: Session, cast: Cast, as_: As, placement: Placement, paper: Placement
) -> None:
    assert as_(cast.home_coordinator).get(path(placement, "/scan")).status_code == 409
    assert "Only for applications on paper" in scan(as_(cast.home_coordinator), session, placement, "intern").text
    assert scan(as_(cast.applicant), session, placement, "intern").status_code == 403
    assert scan(as_(cast.host_coordinator), session, paper, "intern").status_code == 403
    assert scan(as_(cast.secretary), session, paper, "intern").status_code == 403
    assert signed(session) == []


# Who may not


GETS = ("", ".pdf", "/refuse", "/guardian", "/scan", "/remake", "/scans/intern")
POSTS = ("/confirm", "/refuse", "/guardian", "/guardian/again", "/scan", "/prepare", "/remake")


def test_strangers_and_visitors_find_nothing(
    client: TestClient, session: Session, cast: Cast, as_: As, placement: Placement
) -> None:
    for browser in (as_(cast.stranger), as_(cast.other_coordinator)):
        assert {browser.get(path(placement, rest)).status_code for rest in GETS} == {404}
        assert {browser.post(path(placement, rest)).status_code for rest in POSTS} == {404}
    assert {client.get(path(placement, rest)).status_code for rest in GETS} == {303}
    assert {client.post(path(placement, rest)).status_code for rest in POSTS} == {401}
    assert client.get("/agreements").status_code == 303
    assert signed(session) == []


def test_another_site_changes_nothing(session: Session, cast: Cast, as_: As, placement: Placement) -> None:
    for person in (cast.applicant, cast.secretary, cast.home_coordinator):
        browser = as_(person)
        assert {browser.post(path(placement, rest), headers=FOREIGN).status_code for rest in POSTS} == {403}


def test_steps_of_others_are_forbidden(session: Session, cast: Cast, as_: As, placement: Placement) -> None:
    for person in (cast.applicant, cast.host_coordinator, cast.home_coordinator, cast.auditor):
        browser = as_(person)
        assert browser.get(path(placement)).status_code == 200
        assert browser.post(path(placement, "/prepare")).status_code == 403
        assert browser.post(path(placement, "/remake"), data=REASON).status_code == 403
    for person in (cast.secretary, cast.auditor):
        browser = as_(person)
        assert confirm(browser, session, placement, "host").status_code == 403
        assert browser.post(path(placement, "/refuse"), data={"party": "host", **REASON}).status_code == 403
    assert session.exec(select(Agreement)).all() == []


@pytest.mark.parametrize("state", ["offered", "declined", "lapsed"])
def test_what_is_not_accepted_has_no_agreement(session: Session, cast: Cast, as_: As, state: str) -> None:
    found = accepted(session, cast, state)
    browser = as_(cast.applicant)
    answer = browser.get(path(found))
    assert answer.status_code == 409
    assert "only an accepted place" in answer.text
    assert browser.get(path(found, ".pdf")).status_code == 409
    given = {"party": "intern", "name": "x", "digest": "y"}
    assert browser.post(path(found, "/confirm"), data=given).status_code == 409
    assert as_(cast.secretary).post(path(found, "/confirm"), data=given).status_code == 403, "whatever the moment"
    assert browser.post(path(found, "/refuse"), data={"party": "intern", **REASON}).status_code == 409


def test_what_has_come_to_an_end_is_read_and_not_confirmed(session: Session, cast: Cast, as_: As) -> None:
    found = accepted(session, cast)
    make.agreement(session, found, "host")
    session.get_one(Placement, found.id).status = PlacementStatus.CANCELLED
    session.commit()
    browser = as_(cast.applicant)
    assert "has come to an end" in browser.get(path(found)).text
    assert confirm(browser, session, found, "intern").status_code == 409


# Reading


def test_the_pdf_is_for_the_parties_the_secretariat_and_the_auditors(
    session: Session, cast: Cast, as_: As, placement: Placement
) -> None:
    made = make.agreement(session, placement, "host")
    readers = (cast.applicant, cast.host_coordinator, cast.home_coordinator, cast.secretary, cast.auditor)
    answers = [as_(reader).get(path(placement, ".pdf")) for reader in readers]
    assert {answer.content for answer in answers} == {answers[0].content}
    assert answers[0].content.startswith(b"%PDF")
    assert answers[0].headers["content-type"] == "application/pdf"
    assert made.number in answers[0].headers["content-disposition"]


def test_hosts_read_no_birth_date(session: Session, cast: Cast, as_: As, minors: Placement) -> None:
    born_on = session.get_one(Application, minors.application_id).born_on
    assert born_on is not None
    shown = as_(cast.host_coordinator).get(path(minors)).text
    assert str(born_on.year) not in shown.replace(str(now().year), "")
    assert born_on.isoformat() not in shown


def test_agreements_that_wait_are_counted_and_listed(
    session: Session, cast: Cast, as_: As, placement: Placement
) -> None:
    for person in (cast.applicant, cast.host_coordinator, cast.home_coordinator):
        browser = as_(person)
        assert "Agreements to confirm" in browser.get("/").text
        assert str(placement.id) in browser.get("/agreements").text
    make.agreement(session, placement, "host")
    session.commit()
    browser = as_(cast.host_coordinator)
    assert "Agreements to confirm" not in browser.get("/").text
    assert "No agreement waits for you." in browser.get("/agreements").text
    assert "Agreements to confirm" in as_(cast.applicant).get("/").text
    assert "No agreement waits for you." in as_(cast.stranger).get("/agreements").text


def test_a_minors_agreement_waits_for_the_guardian_to_be_named(
    session: Session, cast: Cast, as_: As, minors: Placement
) -> None:
    make.agreement(session, minors)
    signature = Signature(
        agreement_id=session.exec(select(Agreement.id)).one(), party=Party.INTERN, name="x",
        person_id=cast.applicant.id, digest="x",
    )  # fmt: skip
    make.saved(session, signature)
    session.commit()
    assert "Agreements to confirm" in as_(cast.applicant).get("/").text
    make.guardian(session, minors)
    session.commit()
    assert "Agreements to confirm" not in as_(cast.applicant).get("/").text


def test_three_agreements_need_as_many_queries_as_one(
    session: Session, database: JoinedDatabase, cast: Cast, as_: As, placement: Placement
) -> None:
    browser, seen = as_(cast.host_coordinator), []
    for more in (0, 2):
        for _n in range(more):
            accepted(session, cast, applicant=make.person(session))
        session.expire_all()
        with counting.queries(database) as found:
            assert browser.get("/agreements").text.count('/agreement"') == 1 + more
        seen.append(len(found))
    assert seen[0] == seen[1]


def test_the_list_goes_on_on_the_next_page(
    session: Session, cast: Cast, as_: As, placement: Placement, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "PAGE", 1)
    other = accepted(session, cast, applicant=cast.other_applicant)
    browser = as_(cast.host_coordinator)
    first = browser.get("/agreements").text
    assert str(placement.id) in first
    assert str(other.id) not in first
    assert f"/agreements?after={placement.id}" in first
    second = browser.get(f"/agreements?after={placement.id}").text
    assert str(other.id) in second
    assert f"/placements/{placement.id}" not in second
