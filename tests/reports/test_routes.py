import datetime as dt
import io
import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient
from python_calamine import CalamineWorkbook
from sqlmodel import Session, col, select

from portal.applications.models import Application, Status
from portal.calls.models import Call
from portal.clock import now
from portal.demonstration import crowd
from portal.history.models import Entry
from portal.history.queries import deeds
from portal.mail.models import Message
from tests import counting, make
from tests.database import JoinedDatabase
from tests.people import Cast

As = Callable[..., TestClient]
DAY = dt.timedelta(days=1)
REASON = {"code": "not_reached", "reason": "Your home government did not decide in time."}


def late_call(session: Session) -> Call:
    """Nominations were due yesterday, rankings are not."""
    days = {"opens_at": -40, "openings_due_at": -39, "applications_due_at": -20, "corrections_due_at": -10}
    at = now()
    dates = {name: at + number * DAY for name, number in days.items()}
    return make.call(session, nominations_due_at=at - DAY, rankings_due_at=at + 10 * DAY, **dates)


def submitted(session: Session, cast: Cast, call: Call, state: str = "submitted", **fields: Any) -> Application:
    made: Application = make.application(session, state, **{"home": cast.home, "call": call, **fields})
    session.commit()
    return made


def test_the_overview_counts_and_leads_on(session: Session, cast: Cast, as_: As) -> None:
    call = make.call(session)
    submitted(session, cast, call)
    text = as_(cast.secretary).get(f"/calls/{call.slug}/overview").text
    assert f"/nominations/list?call={call.slug}&home=MN-1&status=submitted" in text.replace("&amp;", "&")
    assert f"/people/invite?government={cast.home.id}" in text
    assert "Nobody is in office, and applications wait: 1" in text
    assert "<svg" in text


def test_the_invitation_is_made_out_to_the_government(session: Session, cast: Cast, as_: As) -> None:
    answer = as_(cast.secretary).get(f"/people/invite?government={cast.home.id}")
    assert f'value="{cast.home.id}" selected' in answer.text


def test_auditors_look_and_do_nothing(session: Session, cast: Cast, as_: As) -> None:
    call = make.call(session)
    submitted(session, cast, call)
    text = as_(cast.auditor).get(f"/calls/{call.slug}/overview").text
    assert "remind-coordinators" not in text
    assert "/people/invite" not in text


@pytest.mark.parametrize("path", ["overview", "overview/remind-coordinators?government=MN-1"])
def test_nobody_else_sees_it(session: Session, cast: Cast, as_: As, client: TestClient, path: str) -> None:
    call = make.call(session)
    session.commit()
    assert client.get(f"/calls/{call.slug}/{path}").status_code == 303
    for person in (cast.stranger, cast.home_coordinator, cast.applicant):
        assert as_(person).get(f"/calls/{call.slug}/{path}").status_code == 403


@pytest.mark.parametrize("path", ["overview/remind-coordinators", "export.xlsx", "export.json"])
def test_nobody_else_does_it(session: Session, cast: Cast, as_: As, client: TestClient, path: str) -> None:
    call = make.call(session)
    session.commit()
    sent, url = {"government": "MN-1"}, f"/calls/{call.slug}/{path}"
    assert client.post(url, data=sent).status_code == 401
    for person in (cast.stranger, cast.home_coordinator, cast.applicant):
        assert as_(person).post(url, data=sent).status_code == 403
    crossing = as_(cast.secretary).post(url, data=sent, headers={"sec-fetch-site": "cross-site"})
    assert crossing.status_code == 403
    assert session.exec(select(Message)).all() == []


def test_coordinators_are_reminded_once(session: Session, cast: Cast, as_: As) -> None:
    call = make.call(session)
    coordinator = cast.home_coordinator
    submitted(session, cast, call)
    client, url = as_(cast.secretary), f"/calls/{call.slug}/overview/remind-coordinators"
    shown = client.get(f"{url}?government=MN-1&government=KR-47").text
    assert coordinator.name in shown
    assert "No application waits there." in shown
    sent = {"government": ["MN-1", "KR-47"], "key": str(uuid.uuid4())}
    first, second = client.post(url, data=sent), client.post(url, data=sent)
    assert first.status_code == second.status_code == 303
    assert first.headers["location"] == second.headers["location"]
    message = session.exec(select(Message)).one()
    assert (message.address, "Applications that wait: 1" in message.text) == (coordinator.email, True)
    result = client.get(first.headers["location"]).text
    assert "In all: 1" in result
    assert "No application waits there." in result
    assert "reminded less than a day ago" in client.get(f"{url}?government=MN-1").text


def test_applicants_with_drafts_are_reminded(session: Session, cast: Cast, as_: As) -> None:
    call = make.call(session)
    submitted(session, cast, call, "draft", applicant=cast.applicant)
    submitted(session, cast, call, "submitted")
    answer = as_(cast.secretary).post(f"/calls/{call.slug}/overview/remind-applicants", data={"government": "MN-1"})
    assert answer.status_code == 303
    assert [message.address for message in session.exec(select(Message))] == [cast.applicant.email]


def test_what_is_left_is_refused_in_place(session: Session, cast: Cast, as_: As) -> None:
    call = late_call(session)
    made = submitted(session, cast, call, applicant=cast.applicant)
    other = submitted(session, cast, call, home=cast.elsewhere)
    client, url = as_(cast.secretary), f"/calls/{call.slug}/overview/refuse-remaining"
    assert (made.number or "") in client.get(f"{url}?government=MN-1").text
    answer = client.post(url, data={"government": "MN-1", "key": str(uuid.uuid4()), **REASON})
    assert answer.status_code == 303
    session.expire_all()
    refused = session.get_one(Application, made.id)
    assert (refused.status, refused.decided_in_place) == (Status.NOT_NOMINATED, True)
    assert session.get_one(Application, other.id).status is Status.SUBMITTED
    assert deeds(session, "application", made.id)[0].details["in_place"] is True
    assert session.exec(select(Message.address)).all() == [cast.applicant.email]
    result = client.get(answer.headers["location"]).text
    assert (made.number or "") in result


def test_nothing_is_refused_without_a_reason(session: Session, cast: Cast, as_: As) -> None:
    call = late_call(session)
    made = submitted(session, cast, call)
    sent = {"government": "MN-1", "code": "other", "reason": "<b>short"}
    answer = as_(cast.secretary).post(f"/calls/{call.slug}/overview/refuse-remaining", data=sent)
    assert answer.status_code == 422
    assert "&lt;b&gt;short" in answer.text
    assert "Use at least 10 characters." in answer.text
    session.expire_all()
    assert session.get_one(Application, made.id).status is Status.SUBMITTED


def test_nothing_is_refused_while_governments_can_decide(session: Session, cast: Cast, as_: As) -> None:
    call = make.call(session)
    submitted(session, cast, call)
    client, url = as_(cast.secretary), f"/calls/{call.slug}/overview/refuse-remaining"
    assert client.get(f"{url}?government=MN-1").status_code == 409
    assert client.post(url, data={"government": "MN-1", **REASON}).status_code == 409


def test_somebody_must_be_chosen(session: Session, cast: Cast, as_: As) -> None:
    call = make.call(session)
    session.commit()
    client, url = as_(cast.secretary), f"/calls/{call.slug}/overview/remind-coordinators"
    assert client.get(url).headers["location"] == f"/calls/{call.slug}/overview"
    assert client.post(url, data={}).status_code == 422


def test_a_result_belongs_to_its_call(session: Session, cast: Cast, as_: As) -> None:
    call = make.call(session)
    session.commit()
    assert as_(cast.secretary).get(f"/calls/{call.slug}/overview/done/{uuid.uuid4()}").status_code == 404


# Exports


def test_the_workbook_holds_everything_and_no_formula(session: Session, cast: Cast, as_: As) -> None:
    call = make.call(session)
    made = submitted(session, cast, call, motivation="=1+1", education="@home", phone="+976 1")
    submitted(session, cast, call, "draft")
    answer = as_(cast.auditor).post(f"/calls/{call.slug}/export.xlsx")
    assert answer.status_code == 200
    found = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    assert found.sheet_names == [
        "applications", "languages", "choices", "answers", "documents", "letters", "versions", "decisions",
    ]  # fmt: skip
    heads, *rows = found.get_sheet_by_name("applications").to_python()
    assert len(rows) == 2
    row = next(dict(zip(heads, row, strict=True)) for row in rows if row[0] == str(made.id))
    assert (row["motivation"], row["education"], row["phone"]) == ("=1+1", "@home", "+976 1")
    assert len(found.get_sheet_by_name("choices").to_python()) == 3


def test_the_document_holds_everything(session: Session, cast: Cast, as_: As) -> None:
    call = make.call(session)
    question = make.question(session, call, "short")
    crowd.fill(session, call, 30, file=make.stored_file(session, cast.secretary))
    session.commit()
    answer = as_(cast.secretary).post(f"/calls/{call.slug}/export.json")
    found = json.loads(answer.text)
    assert found["call"]["questions"][0]["id"] == str(question.id)
    assert len(found["applications"]) == 30
    kept = {each["id"]: each for each in found["applications"]}
    for application in session.exec(select(Application).where(col(Application.submitted_at).is_not(None))):
        assert kept[str(application.id)]["versions"][-1]["digest"] == application.submitted_digest
        assert kept[str(application.id)]["languages"]


@pytest.mark.parametrize("kind", ["xlsx", "json"])
def test_an_export_is_in_the_history(session: Session, cast: Cast, as_: As, kind: str) -> None:
    call = make.call(session)
    submitted(session, cast, call)
    as_(cast.secretary).post(f"/calls/{call.slug}/export.{kind}")
    entry: Entry = deeds(session, "call", call.id)[0]
    assert (entry.deed, entry.actor_id) == ("exported", cast.secretary.id)
    assert entry.details == {"slug": call.slug, "kind": kind}


# Speed


@pytest.mark.parametrize("path", ["overview", "overview/remind-coordinators?government=MN-1&government=JP-32"])
def test_the_same_queries_whatever_the_size(
    session: Session, cast: Cast, as_: As, database: JoinedDatabase, path: str
) -> None:
    call = make.call(session)
    client, needed = as_(cast.secretary), []
    for seed, number in enumerate((1, 60)):
        crowd.fill(session, call, number, seed=seed)
        session.commit()
        client.get(f"/calls/{call.slug}/{path}")
        with counting.queries(database) as seen:
            assert client.get(f"/calls/{call.slug}/{path}").status_code == 200
        needed.append(len(seen))
    assert needed[0] == needed[1]


def test_the_first_and_the_last_page_of_the_list_need_the_same_queries(
    session: Session, cast: Cast, as_: As, database: JoinedDatabase
) -> None:
    call = make.call(session)
    client, needed = as_(cast.home_coordinator), []
    for seed, number in enumerate((10, 120)):
        crowd.fill(session, call, number, seed=seed, homes=[cast.home])
        session.commit()
        seen = _page(client, database, f"/nominations/list?call={call.slug}&sort=submitted")
        needed.append(seen)
    ids = select(Application.id).where(Application.call_id == call.id, col(Application.submitted_at).is_not(None))
    last = session.exec(ids.order_by(col(Application.submitted_at), col(Application.id)).offset(1).limit(1)).one()
    needed.append(_page(client, database, f"/nominations/list?call={call.slug}&sort=submitted&after={last}") - 1)
    assert len(set(needed)) == 1, "the last page asks once more, for where it begins"


def _page(client: TestClient, database: JoinedDatabase, path: str) -> int:
    with counting.queries(database) as seen:
        assert client.get(path).status_code == 200
    return len(seen)
