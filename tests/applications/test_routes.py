import datetime as dt
import re
import uuid
from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from portal.accounts.viewer import viewer_of
from portal.applications import queries
from portal.applications.forms import FORMS
from portal.applications.models import Application, SpokenLanguage, Status
from portal.applications.words import Part
from portal.calls.models import Call, CallStatus
from portal.clock import now
from portal.files.models import StoredFile
from portal.history.queries import deeds
from portal.mail.models import Message
from tests import counting, make
from tests.database import JoinedDatabase
from tests.files.samples import pdf
from tests.people import Cast

As = Callable[..., TestClient]
ABOUT = {"native_name": "Туул", "roman_name": "Tuul", "born_on": "2005-03-02", "phone": "+976 99"}
PAST = {"applications_due_at": now() - dt.timedelta(hours=1), "nominations_due_at": now() + dt.timedelta(days=9)}


def _mine(session: Session, cast: Cast, state: Status = Status.DRAFT, **fields: object) -> Application:
    made = make.application(session, state, applicant=cast.applicant, home=cast.home, **fields)
    session.commit()
    return made


def _version(client: TestClient, path: str) -> str:
    found = re.search(r'name="version" value="(\w+)"', client.get(path).text)
    assert found
    return found[1]


def test_a_start_makes_a_draft_and_a_second_start_leads_to_it(session: Session, cast: Cast, as_: As) -> None:
    call = make.call(session)
    client = as_(cast.applicant)
    assert "Start your application" in client.get(f"/calls/{call.slug}/apply").text
    first = client.post(f"/calls/{call.slug}/apply")
    again = client.post(f"/calls/{call.slug}/apply")
    assert (first.status_code, first.headers["location"]) == (303, again.headers["location"])
    assert client.get(f"/calls/{call.slug}/apply").headers["location"] == first.headers["location"]
    made = session.exec(select(Application)).one()
    assert [entry.deed for entry in deeds(session, "application", made.id)] == ["application started"]
    assert "Not yet started" in client.get(first.headers["location"]).text


def test_a_visitor_is_asked_to_sign_in_first(session: Session, client: TestClient) -> None:
    call = make.call(session)
    session.commit()
    assert client.get(f"/calls/{call.slug}/apply").headers["location"].startswith("/sign-in?next=")
    assert client.post(f"/calls/{call.slug}/apply").status_code == 401


@pytest.mark.parametrize("fields", [PAST, {"opens_at": now() + dt.timedelta(days=1)}, {"status": CallStatus.CLOSED}])
def test_nobody_starts_while_the_call_is_not_open(
    session: Session, cast: Cast, as_: As, fields: dict[str, object]
) -> None:
    call = make.call(session, **fields)
    assert as_(cast.applicant).post(f"/calls/{call.slug}/apply").status_code == 409
    assert session.exec(select(Application)).all() == []


def test_nobody_starts_in_a_draft_call(session: Session, cast: Cast, as_: As) -> None:
    call = make.call(session, status=CallStatus.DRAFT)
    assert as_(cast.applicant).post(f"/calls/{call.slug}/apply").status_code == 404


def _walk(session: Session, cast: Cast, call: Call, client: TestClient) -> str:
    """Fills every part in and returns the application's address."""
    opening = make.opening(session, call, cast.host)
    home = cast.home.id
    session.commit()
    path = client.post(f"/calls/{call.slug}/apply").headers["location"]
    typed = {
        "about": ABOUT, "home": {"home_id": str(home)}, "education": {"education": "NUM"},
        "languages": {"language_1": "en", "level_1": "C1", "language_2": "mn", "level_2": "native"},
        "motivation": {"motivation": "Because"}, "consent": {"consent": "true"},
    }  # fmt: skip
    for part, data in typed.items():
        given = {**data, "version": _version(client, f"{path}/{part}")}
        assert client.post(f"{path}/{part}", data=given).status_code == 303, part
    assert client.post(f"{path}/openings/add", data={"opening_id": str(opening.id)}).status_code == 303
    assert client.post(f"{path}/documents", files={"cv": ("cv.pdf", pdf())}).status_code == 303
    return path


def test_the_whole_walk_to_the_receipt(session: Session, cast: Cast, as_: As) -> None:
    client, call = as_(cast.applicant), make.call(session)
    path = _walk(session, cast, call, client)
    check = client.get(f"{path}/check")
    assert "These parts are not complete" not in check.text
    assert "between 18 and 29" in check.text
    key = re.search(r'name="key" value="([\w-]+)"', check.text)
    assert key
    sent = client.post(f"{path}/submit", data={"key": key[1]})
    assert (sent.status_code, sent.headers["location"]) == (303, f"{path}/receipt")
    session.expire_all()
    made = session.exec(select(Application)).one()
    assert made.status is Status.SUBMITTED
    receipt = client.get(f"{path}/receipt").text
    assert made.number in receipt
    assert made.submitted_digest in receipt
    assert "Seoul" in receipt
    assert [message.template for message in session.exec(select(Message))] == ["applications/submitted"]
    assert client.get(path).status_code == client.get("/applications").status_code == 200


def test_a_second_press_gets_the_same_answer_and_another_form_is_told(session: Session, cast: Cast, as_: As) -> None:
    made = _mine(session, cast)
    client, key = as_(cast.applicant), str(uuid.uuid4())
    answers = [client.post(f"/applications/{made.id}/submit", data={"key": key}) for _ in range(2)]
    assert [(a.status_code, a.headers["location"]) for a in answers] == [(303, f"/applications/{made.id}/receipt")] * 2
    other = client.post(f"/applications/{made.id}/submit", data={"key": str(uuid.uuid4())})
    assert other.status_code == 409
    assert f"/applications/{made.id}/receipt" in other.text
    assert len(session.exec(select(Message)).all()) == 1


PLAIN = [part for part in FORMS if part is not Part.DOCUMENTS]


@pytest.mark.parametrize("part", PLAIN)
def test_every_part_is_saved_empty_and_shown_again(session: Session, cast: Cast, as_: As, part: Part) -> None:
    made = _mine(session, cast)
    client, path = as_(cast.applicant), f"/applications/{made.id}/{part}"
    version = _version(client, path)
    assert client.post(path, data={"version": version}).status_code == 303
    session.expire_all()
    assert client.get(path).status_code == 200
    assert "not complete" in client.get(f"/applications/{made.id}/check").text


def test_an_incomplete_draft_cannot_be_submitted(session: Session, cast: Cast, as_: As) -> None:
    made = _mine(session, cast, phone="")
    answer = as_(cast.applicant).post(f"/applications/{made.id}/submit", data={"key": str(uuid.uuid4())})
    assert answer.status_code == 409
    assert "still missing" in answer.text
    session.expire_all()
    assert session.get_one(Application, made.id).status is Status.DRAFT


def test_who_is_not_eligible_reads_why_and_cannot_submit(session: Session, cast: Cast, as_: As) -> None:
    made = _mine(session, cast, born_on=dt.date(1950, 1, 1))
    client = as_(cast.applicant)
    check = client.get(f"/applications/{made.id}/check").text
    assert "but the call is for people between 18 and 29" in check
    assert f"/applications/{made.id}/submit" not in check
    assert client.post(f"/applications/{made.id}/submit").status_code == 409


def test_late_drafts_can_be_saved_but_not_submitted(session: Session, cast: Cast, as_: As) -> None:
    made = _mine(session, cast, call=make.call(session, opens_at=now() - dt.timedelta(days=9), **PAST), choices=[])
    client, path = as_(cast.applicant), f"/applications/{made.id}/motivation"
    answer = client.post(f"/applications/{made.id}/submit")
    assert answer.status_code == 409
    assert "The deadline for applications has passed" in answer.text
    version = _version(client, path)
    assert client.post(path, data={"motivation": "Later thoughts", "version": version}).status_code == 303
    session.expire_all()
    assert session.get_one(Application, made.id).motivation == "Later thoughts"


def test_wrong_input_is_shown_again_escaped_with_a_sentence(session: Session, cast: Cast, as_: As) -> None:
    made = _mine(session, cast)
    answer = as_(cast.applicant).post(
        f"/applications/{made.id}/about", data={**ABOUT, "roman_name": "Туул <script>", "native_name": "<b>"}
    )
    assert answer.status_code == 422
    assert "Latin letters" in answer.text
    assert "Туул &lt;script&gt;" in answer.text
    assert "<script>" not in answer.text.replace('<script src="', "")
    session.expire_all()
    assert session.get_one(Application, made.id).native_name != "<b>"


def test_a_stale_form_overwrites_nothing_and_shows_both(session: Session, cast: Cast, as_: As) -> None:
    made = _mine(session, cast)
    client, path = as_(cast.applicant), f"/applications/{made.id}/motivation"
    opened = _version(client, path)
    assert client.post(path, data={"motivation": "First tab", "version": opened}).status_code == 303
    stale = client.post(path, data={"motivation": "Second tab", "version": opened})
    assert stale.status_code == 409
    assert "First tab" in stale.text
    assert "Second tab" in stale.text
    session.expire_all()
    assert session.get_one(Application, made.id).motivation == "First tab"
    found = re.search(r'name="version" value="(\w+)"', stale.text)
    assert found
    assert client.post(path, data={"motivation": "Second tab", "version": found[1]}).status_code == 303


def test_other_parts_changed_meanwhile_disturb_nobody(session: Session, cast: Cast, as_: As) -> None:
    made = _mine(session, cast)
    client = as_(cast.applicant)
    opened = _version(client, f"/applications/{made.id}/education")
    other = f"/applications/{made.id}/motivation"
    assert client.post(other, data={"motivation": "New", "version": _version(client, other)}).status_code == 303
    answer = client.post(f"/applications/{made.id}/education", data={"education": "Also new", "version": opened})
    assert answer.status_code == 303


def test_the_list_of_homes_is_grouped_by_country(session: Session, cast: Cast, as_: As) -> None:
    made = _mine(session, cast)
    page = as_(cast.applicant).get(f"/applications/{made.id}/home").text
    assert '<optgroup label="Mongolia">' in page
    assert f'<option value="{cast.home.id}" selected>' in page


@pytest.mark.parametrize("state", [Status.DRAFT, Status.RETURNED])
def test_an_unknown_home_is_refused(session: Session, cast: Cast, as_: As, state: Status) -> None:
    made = _mine(session, cast, state)
    client, path = as_(cast.applicant), f"/applications/{made.id}/home"
    answer = client.post(path, data={"home_id": str(uuid.uuid4()), "version": _version(client, path)})
    assert answer.status_code == 422


def test_the_home_is_settled_by_the_first_submission(session: Session, cast: Cast, as_: As) -> None:
    made = _mine(session, cast, Status.RETURNED)
    elsewhere = str(cast.elsewhere.id)
    client, path = as_(cast.applicant), f"/applications/{made.id}/home"
    answer = client.post(path, data={"home_id": elsewhere, "version": _version(client, path)})
    assert answer.status_code == 422
    assert "has your application already" in answer.text


def test_languages_are_replaced_row_by_row(session: Session, cast: Cast, as_: As) -> None:
    made = _mine(session, cast)
    client, path = as_(cast.applicant), f"/applications/{made.id}/languages"
    typed = {"language_1": "ko", "level_1": "B1", "language_3": "en", "level_3": "A2"}
    assert client.post(path, data={**typed, "version": _version(client, path)}).status_code == 303
    rows = session.exec(select(SpokenLanguage).where(SpokenLanguage.application_id == made.id))
    assert {row.language: row.level for row in rows} == {"ko": "B1", "en": "A2"}


@pytest.mark.parametrize("files", [{}, {"cv": ("cv.pdf", b"no pdf")}, {"cv": ("cv.txt", b"text")}])
def test_a_wrong_cv_is_refused(session: Session, cast: Cast, as_: As, files: dict[str, tuple[str, bytes]]) -> None:
    made = _mine(session, cast, cv_id=None)
    answer = as_(cast.applicant).post(f"/applications/{made.id}/documents", files=files, data={"version": ""})
    assert answer.status_code == 422
    session.expire_all()
    assert session.get_one(Application, made.id).cv_id is None


def test_the_cv_is_replaced_and_given_to_whom_it_concerns(session: Session, cast: Cast, as_: As) -> None:
    made = _mine(session, cast)
    client = as_(cast.applicant)
    for name in ("first.pdf", "second.pdf"):
        assert client.post(f"/applications/{made.id}/documents", files={"cv": (name, pdf())}).status_code == 303
    session.expire_all()
    kept = session.get_one(StoredFile, session.get_one(Application, made.id).cv_id)
    assert kept.name == "second.pdf"
    url = f"/applications/{made.id}/cv"
    answer = client.get(url)
    assert answer.content.startswith(b"%PDF")
    assert answer.headers["content-disposition"].startswith("attachment")
    for person, status in ((cast.home_coordinator, 404), (cast.host_coordinator, 404), (cast.stranger, 404)):
        assert as_(person).get(url).status_code == status, "a draft is nobody else's"
    for state, home, host in ((Status.SUBMITTED, 200, 404), (Status.NOMINATED, 200, 200)):
        made = session.get_one(Application, made.id)
        made.status, made.submitted_at, made.merit = state, now(), 1 if state is Status.NOMINATED else None
        made.decided_at, made.decided_by = now(), cast.home_coordinator.id
        session.commit()
        assert as_(cast.home_coordinator).get(url).status_code == home
        assert as_(cast.host_coordinator).get(url).status_code == host
        assert as_(cast.other_coordinator).get(url).status_code == 404
        assert as_(cast.secretary).get(url).status_code == as_(cast.auditor).get(url).status_code == 200


def test_a_returned_application_is_corrected_and_submitted_again(session: Session, cast: Cast, as_: As) -> None:
    made = _mine(session, cast, Status.RETURNED)
    client, number = as_(cast.applicant), made.number
    assert "The name differs" in client.get(f"/applications/{made.id}").text
    path = f"/applications/{made.id}/about"
    assert client.post(path, data={**ABOUT, "version": _version(client, path)}).status_code == 303
    assert client.post(f"/applications/{made.id}/submit", data={"key": str(uuid.uuid4())}).status_code == 303
    session.expire_all()
    again = session.get_one(Application, made.id)
    assert (again.status, again.number) == (Status.SUBMITTED, number)
    assert again.submitted_digest != "0" * 64


@pytest.mark.parametrize("state", [Status.SUBMITTED, Status.NOMINATED, Status.NOT_NOMINATED, Status.WITHDRAWN])
def test_what_is_sent_cannot_be_changed(session: Session, cast: Cast, as_: As, state: Status) -> None:
    made = _mine(session, cast, state)
    client, path = as_(cast.applicant), f"/applications/{made.id}"
    assert client.get(path).status_code == 200
    for part in Part:
        assert client.get(f"{path}/{part}").status_code == 409
        assert client.post(f"{path}/{part}").status_code == 409
    assert client.get(f"{path}/check").status_code == 409
    assert client.post(f"{path}/submit").status_code == 409


CHANGING = [*(part.value for part in Part), "openings/add", "submit", "withdraw"]


@pytest.mark.parametrize("route", CHANGING)
def test_nobody_but_the_applicant_changes_an_application(
    session: Session, cast: Cast, as_: As, client: TestClient, route: str
) -> None:
    made = _mine(session, cast, Status.NOMINATED)
    path = f"/applications/{made.id}/{route}"
    assert client.post(path).status_code == 401
    assert as_(cast.stranger).post(path).status_code == 404
    assert as_(cast.other_coordinator).post(path).status_code == 404
    for person in (cast.home_coordinator, cast.host_coordinator, cast.secretary, cast.auditor):
        assert as_(person).post(path).status_code == 403, person.name
    session.expire_all()
    assert session.get_one(Application, made.id).status is Status.NOMINATED
    crossing = as_(cast.applicant).post(path, headers={"sec-fetch-site": "cross-site"})
    assert crossing.status_code == 403


@pytest.mark.parametrize("route", ["", "/receipt", "/check", "/about", "/cv"])
def test_pages_of_a_draft_are_the_applicants_and_the_staffs(
    session: Session, cast: Cast, as_: As, client: TestClient, route: str
) -> None:
    made = _mine(session, cast)
    path = f"/applications/{made.id}{route}"
    assert client.get(path).status_code == 303
    for person in (cast.stranger, cast.home_coordinator, cast.host_coordinator, cast.other_coordinator):
        assert as_(person).get(path).status_code == 404, person.name


def test_list_and_page_agree_on_who_sees_what(session: Session, cast: Cast) -> None:
    shown: dict[str, set[Status]] = {}
    people = [
        cast.applicant,
        cast.home_coordinator,
        cast.host_coordinator,
        cast.other_coordinator,
        cast.stranger,
        cast.auditor,
    ]
    for state in Status:
        _mine(session, cast, state)
    for person in people:
        viewer = viewer_of(session, person)
        found = session.exec(queries.visible_to(viewer)).all()
        shown[person.name] = {application.status for application in found}
        assert [queries.get_visible(session, viewer, each.id).id for each in found] == [each.id for each in found]
    assert shown["Applicant"] == shown["Auditor"] == set(Status)
    assert shown["Home coordinator"] == set(Status) - {Status.DRAFT}
    assert shown["Host coordinator"] == {Status.NOMINATED}
    assert shown["Other coordinator"] == shown["Stranger"] == set()


def test_a_host_sees_no_age_and_no_address(session: Session, cast: Cast, as_: As) -> None:
    secret = {"born_on": dt.date(2004, 5, 17), "phone": "+976 5550 1234"}
    made = _mine(session, cast, Status.NOMINATED, **secret)
    page = as_(cast.host_coordinator).get(f"/applications/{made.id}").text
    assert made.native_name in page
    assert made.motivation in page
    for hidden in ("2004", "5550", cast.applicant.email, made.number or "?"):
        assert hidden not in page, hidden
    home = as_(cast.home_coordinator).get(f"/nominations/{made.id}").text
    assert "5550" in home
    assert cast.applicant.email in home


def test_the_own_list_runs_as_many_queries_for_three_as_for_one(
    session: Session, cast: Cast, as_: As, database: JoinedDatabase
) -> None:
    client, counts = as_(cast.applicant), []
    for more in (1, 2):
        for _ in range(more):
            _mine(session, cast)
        with counting.queries(database) as found:
            page = client.get("/applications")
        counts.append((page.text.count("govuk-table__row"), len(found)))
    assert counts[0][1] == counts[1][1]
    assert counts[1][0] == counts[0][0] + 2


def test_lists_are_paged_by_a_key(session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "PAGE", 2)
    made = {_mine(session, cast).id for _ in range(5)}
    viewer, after, seen, pages = viewer_of(session, cast.applicant), None, [], 0
    while True:
        found = queries.own(session, viewer, after=after)
        seen += [application.id for application in found.rows]
        after, pages = found.after, pages + 1
        if after is None:
            break
    assert (set(seen), len(seen), pages) == (made, 5, 3)


def test_what_waits_for_whom(session: Session, cast: Cast) -> None:
    for state in (Status.DRAFT, Status.RETURNED, Status.SUBMITTED, Status.SUBMITTED, Status.NOMINATED):
        _mine(session, cast, state)
    waiting = {
        person.name: {each.href: each.count for each in queries.waiting_for(session, viewer_of(session, person))}
        for person in (cast.applicant, cast.home_coordinator, cast.other_coordinator)
    }
    assert waiting["Applicant"] == {"/applications": 2}
    assert waiting["Home coordinator"] == {"/nominations": 2}
    assert waiting["Other coordinator"] == {}
