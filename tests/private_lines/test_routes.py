import datetime as dt
import re
import uuid
from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from portal.accounts.models import Role
from portal.clock import today
from portal.history.queries import deeds
from portal.mail.models import Message
from portal.private_lines.models import PrivateMessage
from tests import make
from tests.people import Cast
from tests.stays.world import agreed, placed, running

As = Callable[..., TestClient]
TROUBLE = "My supervisor <shouts> at me."


def _messages(session: Session) -> list[PrivateMessage]:
    session.expire_all()
    return list(session.exec(select(PrivateMessage)))


def test_the_intern_asks_and_the_secretariat_answers(session: Session, cast: Cast, as_: As) -> None:
    placement = running(session, cast)
    path = f"/placements/{placement.id}/private-line"
    intern, secretary = as_(cast.applicant), as_(cast.secretary)
    assert path in intern.get(f"/placements/{placement.id}/stay").text
    assert intern.post(path, data={"text": TROUBLE, "key": str(uuid.uuid4())}).status_code == 303
    assert "Messages from interns" in secretary.get("/").text
    assert placement.id.hex in secretary.get("/stays?show=messages").text.replace("-", "")
    assert "&lt;shouts&gt;" in secretary.get(path).text
    assert secretary.post(path, data={"text": "We call you today."}).status_code == 303
    assert "We call you today." in intern.get(path).text
    assert "Messages from interns" not in secretary.get("/").text
    mails = {each.template: each for each in session.exec(select(Message))}
    assert mails["private_lines/waits"].address == cast.secretary.email
    assert mails["private_lines/answered"].address == cast.applicant.email
    assert not any("shouts" in each.text or "call you" in each.text for each in mails.values())
    assert "Applicant" not in mails["private_lines/waits"].text
    assert deeds(session, "placement", placement.id) == []


def test_pages_of_others_are_the_same_with_and_without_messages(session: Session, cast: Cast, as_: As) -> None:
    """Byte for byte, but for what is random on every page."""
    placement = running(session, cast)
    pages = [
        "/", "/placements", "/stays", "/nominations", f"/placements/{placement.id}",
        f"/openings/{placement.opening_id}",
        f"/openings/{placement.opening_id}/candidates", f"/applications/{placement.application_id}",
        *(f"/placements/{placement.id}/{rest}" for rest in PAGES),
    ]  # fmt: skip
    others = [as_(each) for each in (cast.host_coordinator, cast.home_coordinator, cast.stranger, cast.auditor)]

    def seen() -> list[bytes]:
        return [_fixed(other.get(path).content) for other in others for path in pages]

    before = seen()
    make.private_message(session, placement, text=TROUBLE)
    make.private_message(session, placement, from_intern=False, text="We call you today.")
    make.private_message(session, placement)
    session.commit()
    assert seen() == before
    assert [other.get(f"/placements/{placement.id}/private-line").status_code for other in others] == [404] * 4


PAGES = (
    "private-line", "stay", "stay/visa", "stay/insurance", "stay/arrival", "stay/extension", "stay/evaluation",
    "stay/check-ins/0", "stay/start", "stay/end-early", "stay/complete",
)  # fmt: skip
RANDOM = re.compile(rb'name="key" value="[^"]*"|Reference: ?[^<]*|<code>[^<]*</code>')


def _fixed(content: bytes) -> bytes:
    return RANDOM.sub(b"", content)


def test_who_may(session: Session, cast: Cast, as_: As, client: TestClient) -> None:
    placement = running(session, cast)
    path, data = f"/placements/{placement.id}/private-line", {"text": TROUBLE}
    both = make.secretary(session, "Two hats")
    make.grant(session, both, Role.COORDINATOR, government_id=cast.host.id)
    assert client.post(path, data=data).status_code == 401
    for person in (cast.stranger, cast.host_coordinator, cast.home_coordinator, cast.auditor, both):
        assert as_(person).get(path).status_code == 404
        assert as_(person).post(path, data=data).status_code == 404
    cross = {"sec-fetch-site": "cross-site"}
    assert as_(cast.applicant).post(path, data=data, headers=cross).status_code == 403
    assert _messages(session) == []
    assert "Messages from interns" not in as_(both).get("/").text


def test_a_secretary_who_is_involved_is_not_told(session: Session, cast: Cast, as_: As) -> None:
    placement = running(session, cast)
    both, kin = make.secretary(session, "Two hats"), make.secretary(session, "Kin")
    make.grant(session, both, Role.COORDINATOR, government_id=cast.host.id)
    application = make.application_of(session, placement)
    make.kinship(session, application, kin)
    session.commit()
    as_(cast.applicant).post(f"/placements/{placement.id}/private-line", data={"text": TROUBLE})
    told = set(session.exec(select(Message.address)))
    assert cast.secretary.email in told
    assert not told & {both.email, kin.email}
    assert as_(kin).get(f"/placements/{placement.id}/private-line").status_code == 404


@pytest.mark.parametrize(("ended", "status"), [(29, 303), (32, 409)])
def test_until_thirty_days_after_the_end(session: Session, cast: Cast, as_: As, ended: int, status: int) -> None:
    placement = running(session, cast, state="completed", day=90 + ended)
    answer = as_(cast.applicant).post(f"/placements/{placement.id}/private-line", data={"text": TROUBLE})
    assert answer.status_code == status
    assert placement.ends_on == today() - dt.timedelta(days=ended)


def test_from_the_agreement_on(session: Session, cast: Cast, as_: As) -> None:
    accepted, data = placed(session, cast, "accepted"), {"text": TROUBLE}
    assert as_(cast.applicant).post(f"/placements/{accepted.id}/private-line", data=data).status_code == 409
    assert as_(cast.applicant).get(f"/placements/{accepted.id}/private-line").status_code == 409


def test_the_office_of_a_paper_application_does_not_get_the_line(session: Session, cast: Cast, as_: As) -> None:
    placement = agreed(session, cast, entered_by=cast.home_coordinator)
    office, path = as_(cast.home_coordinator), f"/placements/{placement.id}/private-line"
    assert path not in office.get(f"/placements/{placement.id}/stay").text
    assert office.get(path).status_code == 404
    assert office.post(path, data={"text": TROUBLE}).status_code == 404


def test_an_empty_message_is_refused_and_two_clicks_make_one(session: Session, cast: Cast, as_: As) -> None:
    placement = running(session, cast)
    intern, path = as_(cast.applicant), f"/placements/{placement.id}/private-line"
    assert intern.post(path, data={"text": " "}).status_code == 422
    twice = {"text": TROUBLE, "key": str(uuid.uuid4())}
    assert [intern.post(path, data=twice).status_code for _ in range(2)] == [303, 303]
    assert len(_messages(session)) == 1


def test_who_has_no_address_has_no_line(session: Session, cast: Cast, as_: As) -> None:
    """Nobody could tell them that there is an answer."""
    opening = make.opening(session, make.call(session), cast.host)
    made = make.paper_application(
        session, cast.home_coordinator, "nominated", home=cast.home, call=opening.call, choices=[opening]
    )
    placement = make.placement(session, "active", application=made, opening=opening)
    session.commit()
    secretary, path = as_(cast.secretary), f"/placements/{placement.id}/private-line"
    assert secretary.get(path).status_code == 404
    assert secretary.post(path, data={"text": "How are you?"}).status_code == 404
    assert path not in secretary.get(f"/placements/{placement.id}/stay").text
