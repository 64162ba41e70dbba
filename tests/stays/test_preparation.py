import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from portal.applications.models import Application
from portal.clock import today
from portal.files.models import StoredFile
from portal.history.queries import deeds
from portal.mail.models import Message
from portal.placements.models import Placement, PlacementStatus, Reason
from portal.stays.models import Stay, Visa
from tests import make
from tests.files import samples
from tests.people import Cast
from tests.stays.world import agreed, placed, running

As = Callable[..., TestClient]
ARRIVAL = {"arrives_on": "2027-06-30", "arrives_at": "14:30", "arrival": "Flight <KE 868>, please meet me"}
REASON = {"reason": "Insured by the university; we have seen it."}
VISA = {"visa": "refused", "visa_on": "2026-01-10"}


def _stay(session: Session, placement: Placement) -> Stay:
    session.expire_all()
    return session.get_one(Stay, placement.id)


def _upload(client: TestClient, placement: Placement, content: bytes, name: str = "proof.pdf") -> Any:
    return client.post(f"/placements/{placement.id}/stay/insurance", files={"file": (name, content)})


def test_the_checklist_is_filled_in_and_read_by_all(session: Session, cast: Cast, as_: As) -> None:
    placement = agreed(session, cast)
    intern, base = as_(cast.applicant), f"/placements/{placement.id}/stay"
    assert intern.get(base).text.count("To do") == 3
    assert "Things to do before departure" in intern.get("/").text
    assert intern.post(f"{base}/visa", data={"visa": "granted", "visa_on": "2026-01-10"}).status_code == 303
    assert _upload(intern, placement, samples.pdf()).status_code == 303
    assert intern.post(f"{base}/arrival", data=ARRIVAL).status_code == 303
    assert "Things to do before departure" not in intern.get("/").text
    kept = _stay(session, placement)
    assert (kept.visa, kept.visa_on, kept.arrives_at) == (Visa.GRANTED, dt.date(2026, 1, 10), "14:30")
    for person in (cast.applicant, cast.host_coordinator, cast.home_coordinator, cast.secretary, cast.auditor):
        reader = as_(person)
        assert "Flight &lt;KE 868&gt;" in reader.get(f"{base}/arrival").text
        assert "proof.pdf" in reader.get(f"{base}/insurance").text
        assert reader.get(f"{base}/insurance/file").content.startswith(b"%PDF")
        assert "Granted" in reader.get(base).text
    assert as_(cast.stranger).get(f"{base}/insurance/file").status_code == 404


def test_a_new_proof_replaces_the_old(session: Session, cast: Cast, as_: As) -> None:
    placement = agreed(session, cast)
    intern = as_(cast.applicant)
    for name in ("first.pdf", "second.pdf"):
        assert _upload(intern, placement, samples.pdf(), name).status_code == 303
    names = session.exec(select(StoredFile.name).where(StoredFile.name.in_(["first.pdf", "second.pdf"]))).all()
    assert names == ["second.pdf"]


def test_what_is_no_document_is_refused(session: Session, cast: Cast, as_: As) -> None:
    placement = agreed(session, cast)
    for content, name in ((b"", "proof.pdf"), (b"MZ", "proof.exe"), (b"no pdf", "proof.pdf")):
        assert _upload(as_(cast.applicant), placement, content, name).status_code == 422
    nothing = as_(cast.applicant).post(f"/placements/{placement.id}/stay/insurance", data={"x": "y"})
    assert nothing.status_code == 422
    assert session.get(Stay, placement.id) is None


@pytest.mark.parametrize(
    ("page", "data"),
    [
        ("visa", {}),
        ("visa", {"visa": "granted"}),
        ("visa", {"visa": "granted", "visa_on": (today() + dt.timedelta(days=30)).isoformat()}),
        ("visa", {"visa": "maybe"}),
        ("arrival", ARRIVAL | {"arrives_at": "25:00"}),
        ("arrival", ARRIVAL | {"arrives_on": ""}),
        ("arrival", ARRIVAL | {"arrives_on": "soon"}),
    ],
)
def test_bad_input_is_shown_again(session: Session, cast: Cast, as_: As, page: str, data: dict[str, str]) -> None:
    placement = agreed(session, cast)
    answer = as_(cast.applicant).post(f"/placements/{placement.id}/stay/{page}", data=data)
    assert answer.status_code == 422
    assert "There is a problem" in answer.text
    assert ("&lt;KE 868&gt;" in answer.text) == (page == "arrival")


@pytest.mark.parametrize("page", ["visa", "insurance", "arrival"])
def test_only_the_intern_prepares(session: Session, cast: Cast, as_: As, client: TestClient, page: str) -> None:
    placement = agreed(session, cast)
    path, data = f"/placements/{placement.id}/stay/{page}", {"visa": "not_needed", **ARRIVAL}
    assert client.post(path, data=data).status_code == 401
    for person, status in (
        (cast.stranger, 404), (cast.other_coordinator, 404), (cast.host_coordinator, 403),
        (cast.home_coordinator, 403), (cast.secretary, 403), (cast.auditor, 403),
    ):  # fmt: skip
        assert as_(person).post(path, data=data).status_code == status
    cross = {"sec-fetch-site": "cross-site"}
    assert as_(cast.applicant).post(path, data=data, headers=cross).status_code == 403
    assert session.get(Stay, placement.id) is None
    started = running(session, cast)
    assert as_(cast.applicant).post(f"/placements/{started.id}/stay/{page}", data=data).status_code == 409


def test_there_is_no_page_before_the_agreement(session: Session, cast: Cast, as_: As) -> None:
    placement = placed(session, cast, "accepted")
    assert as_(cast.applicant).get(f"/placements/{placement.id}/stay").status_code == 409


def test_the_office_fills_it_in_for_whom_it_applied_on_paper(session: Session, cast: Cast, as_: As) -> None:
    placement = agreed(session, cast, entered_by=cast.home_coordinator)
    path = f"/placements/{placement.id}/stay/visa"
    assert "for them" in as_(cast.home_coordinator).get(path).text
    assert as_(cast.home_coordinator).post(path, data={"visa": "not_needed"}).status_code == 303
    assert [entry.details for entry in deeds(session, "placement", placement.id)] == [{"on_behalf": True}]


def test_a_refused_visa_is_told_and_the_place_goes_on_when_confirmed(session: Session, cast: Cast, as_: As) -> None:
    placement = agreed(session, cast)
    intern, base = as_(cast.applicant), f"/placements/{placement.id}/stay"
    for _twice in range(2):
        assert intern.post(f"{base}/visa", data=VISA).status_code == 303
    told = session.exec(select(Message.address).where(Message.template == "stays/visa_refused")).all()
    officials = {cast.host_coordinator.email, cast.home_coordinator.email, cast.secretary.email}
    assert officials <= set(told)
    assert cast.applicant.email not in told
    assert len(told) == len(set(told)), "told once"
    assert session.get_one(Placement, placement.id).status is PlacementStatus.AGREED
    assert "refused" in as_(cast.secretary).get("/stays?show=late").text
    office = as_(cast.home_coordinator)
    assert "release" in office.get(base).text
    assert "cannot be undone" in office.get(f"{base}/release").text
    assert office.post(f"{base}/release").headers["location"] == f"/placements/{placement.id}"
    session.expire_all()
    released = session.get_one(Placement, placement.id)
    assert (released.status, released.reason_code) == (PlacementStatus.CANCELLED, Reason.VISA)
    assert session.get_one(Application, placement.application_id).placed_at is None
    after = session.exec(select(Message.address).where(Message.template == "stays/released")).all()
    assert cast.applicant.email in after
    assert cast.home_coordinator.email not in after, "who did it knows it"
    assert office.post(f"{base}/release").status_code == 409


def test_who_may_give_the_place_back(session: Session, cast: Cast, as_: As, client: TestClient) -> None:
    placement = agreed(session, cast)
    path = f"/placements/{placement.id}/stay/release"
    assert as_(cast.applicant).post(path).status_code == 409, "no visa was refused"
    make.stay(session, placement, visa=Visa.REFUSED, visa_on=today())
    session.commit()
    assert client.post(path).status_code == 401
    for person, status in ((cast.stranger, 404), (cast.secretary, 403), (cast.auditor, 403)):
        assert as_(person).post(path).status_code == status
    assert as_(cast.applicant).post(path, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert as_(cast.host_coordinator).get(path).status_code == 200
    assert as_(cast.applicant).post(path).status_code == 303


def test_the_secretariat_waives_with_a_reason(session: Session, cast: Cast, as_: As, client: TestClient) -> None:
    placement = agreed(session, cast, in_days=0)
    path = f"/placements/{placement.id}/stay/waive"
    assert client.post(path, data=REASON).status_code == 401
    for person, status in ((cast.stranger, 404), (cast.applicant, 403), (cast.host_coordinator, 403)):
        assert as_(person).post(path, data=REASON).status_code == status
    secretary = as_(cast.secretary)
    assert secretary.post(path, data=REASON, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert secretary.post(path, data={"reason": "short"}).status_code == 422
    assert secretary.get(path).status_code == 200
    assert secretary.post(path, data=REASON).status_code == 303
    assert _stay(session, placement).waived_by == cast.secretary.id
    start = as_(cast.host_coordinator).post(
        f"/placements/{placement.id}/stay/start", data={"started_on": placement.starts_on.isoformat()}
    )
    assert start.status_code == 303
    assert secretary.post(path, data=REASON).status_code == 409
