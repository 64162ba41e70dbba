from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from portal.checkins.models import CheckIn, Side
from portal.history.queries import deeds
from portal.mail.models import Message
from tests import make
from tests.people import Cast
from tests.stays.world import running

As = Callable[..., TestClient]
GOOD = {f"mark_{number}": "4" for number in range(1, 6)} | {"text": "The office is friendly."}
SECRET = "Nobody talks to me <at> lunch"


def test_what_one_side_wrote_the_other_reads_once_both_are_in(session: Session, cast: Cast, as_: As) -> None:
    placement = running(session, cast)
    people = cast.applicant, cast.host_coordinator, cast.home_coordinator, cast.secretary, cast.auditor
    intern, host, home, secretary, auditor = (as_(person) for person in people)
    path, stay = f"/placements/{placement.id}/stay/check-ins/0", f"/placements/{placement.id}/stay"
    assert intern.post(path, data=GOOD | {"text": SECRET}).headers["location"] == stay
    shown = SECRET.replace("<", "&lt;").replace(">", "&gt;")
    assert shown in intern.get(path).text
    assert "other side" in intern.get(path).text
    for other in (host, home):
        for address in (path, stay, "/placements", "/", f"/placements/{placement.id}"):
            assert "Nobody talks" not in other.get(address).text
    assert shown in secretary.get(path).text
    assert shown in auditor.get(path).text
    assert host.post(path, data=GOOD).status_code == 303
    for reader in (intern, host):
        assert shown in reader.get(path).text
        assert "The office is friendly." in reader.get(path).text
    assert "Nobody talks" not in home.get(path).text
    told = session.exec(select(Message).where(Message.template == "checkins/both_in")).all()
    assert {cast.applicant.email, cast.host_coordinator.email} <= {each.address for each in told}
    assert not any("Nobody talks" in each.text for each in session.exec(select(Message)))
    done = [entry.details for entry in deeds(session, "placement", placement.id) if entry.deed == "check-in given"]
    assert {each["side"] for each in done} == {"intern", "host"}
    assert not any("Nobody talks" in str(each) for each in done)


def test_only_once(session: Session, cast: Cast, as_: As) -> None:
    placement = running(session, cast)
    make.check_in(session, placement)
    path = f"/placements/{placement.id}/stay/check-ins/0"
    answer = as_(cast.applicant).post(path, data=GOOD)
    assert answer.status_code == 409
    assert "filled in already" in answer.text


def test_not_before_its_time_and_not_what_does_not_exist(session: Session, cast: Cast, as_: As) -> None:
    placement = running(session, cast, day=3)
    intern = as_(cast.applicant)
    assert intern.post(f"/placements/{placement.id}/stay/check-ins/1", data=GOOD).status_code == 409
    assert intern.get(f"/placements/{placement.id}/stay/check-ins/40").status_code == 404
    assert session.exec(select(CheckIn)).all() == []


def test_who_may(session: Session, cast: Cast, as_: As, client: TestClient) -> None:
    placement = running(session, cast)
    path = f"/placements/{placement.id}/stay/check-ins/0"
    assert client.post(path, data=GOOD).status_code == 401
    for person, status in (
        (cast.stranger, 404), (cast.other_coordinator, 404), (cast.home_coordinator, 403),
        (cast.secretary, 403), (cast.auditor, 403),
    ):  # fmt: skip
        assert as_(person).post(path, data=GOOD).status_code == status
    cross = {"sec-fetch-site": "cross-site"}
    assert as_(cast.applicant).post(path, data=GOOD, headers=cross).status_code == 403
    assert session.exec(select(CheckIn)).all() == []


@pytest.mark.parametrize("wrong", [{"mark_3": "6"}, {"mark_3": "0"}, {"mark_3": ""}, {"mark_3": "x"}])
def test_bad_answers_are_shown_again(session: Session, cast: Cast, as_: As, wrong: dict[str, str]) -> None:
    placement = running(session, cast)
    answer = as_(cast.host_coordinator).post(
        f"/placements/{placement.id}/stay/check-ins/0", data={**GOOD, "text": SECRET, **wrong}
    )
    assert answer.status_code == 422
    assert "There is a problem" in answer.text
    assert "&lt;at&gt;" in answer.text


def test_the_office_fills_it_in_for_whom_it_applied_on_paper(session: Session, cast: Cast, as_: As) -> None:
    placement = running(session, cast, entered_by=cast.home_coordinator)
    path = f"/placements/{placement.id}/stay/check-ins/0"
    office = as_(cast.home_coordinator)
    assert "for them" in office.get(path).text
    assert office.post(path, data=GOOD).status_code == 303
    kept = session.exec(select(CheckIn)).one()
    assert (kept.side, kept.on_behalf) == (Side.INTERN, True)
    assert "Filled in by the office" in as_(cast.secretary).get(path).text


def test_the_first_page_counts_them(session: Session, cast: Cast, as_: As) -> None:
    placement = running(session, cast)
    page = as_(cast.applicant).get("/").text
    assert "Check-ins to fill in" in page
    assert f"/placements/{placement.id}/stay" in page
    make.check_in(session, placement)
    session.commit()
    assert "Check-ins to fill in" not in as_(cast.applicant).get("/").text
    assert "Check-ins to fill in" in as_(cast.host_coordinator).get("/").text
