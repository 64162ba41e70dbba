"""The host's list of times, the candidate's choice, and who may not."""

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
import time_machine
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from portal.accounts.models import Person
from portal.applications.models import Application, Status
from portal.clock import now
from portal.history import queries as history
from portal.home import queries as home
from portal.interviews import actions, rules
from portal.interviews.models import Slot
from portal.jobs.registry import Services
from portal.mail.models import Message
from portal.openings.models import Opening
from tests import counting, make
from tests.database import JoinedDatabase
from tests.people import Cast
from tests.reminding.running import reminded

As = Callable[..., TestClient]
SEOUL = ZoneInfo("Asia/Seoul")


@pytest.fixture
def opening(session: Session, cast: Cast) -> Opening:
    """Rankings are due in 20 days."""
    due = now().replace(microsecond=0) + dt.timedelta(days=6)
    made: Opening = make.opening(
        session, make.call(session, applications_due_at=now(), nominations_due_at=due), cast.host
    )
    _ = cast.host_coordinator, cast.stranger, cast.secretary, cast.auditor, cast.other_coordinator
    session.commit()
    return made


@pytest.fixture
def application(session: Session, cast: Cast, opening: Opening) -> Application:
    made: Application = make.application(
        session, "nominated", applicant=cast.applicant, home=cast.home, choices=[opening]
    )
    session.commit()
    return made


@pytest.fixture
def slot(session: Session, cast: Cast, opening: Opening) -> Slot:
    made: Slot = make.slot(session, opening, made_by=cast.host_coordinator.id)
    session.commit()
    return made


@pytest.fixture
def taken(session: Session, cast: Cast, opening: Opening, application: Application) -> Slot:
    made: Slot = make.slot(session, opening, taken_by=application, made_by=cast.host_coordinator.id)
    session.commit()
    return made


def in_days(days: float) -> str:
    """Ten in the morning of a day to come, as a clock in Seoul shows it."""
    day = (now() + dt.timedelta(days=days)).astimezone(SEOUL).date()
    return f"{day}T10:00"


def offer(client: TestClient, opening: Opening, **typed: Any) -> Any:
    given = {"first": in_days(3), "minutes": "30", "count": "3", "pause": "15", "place": "Room 7", "note": "In Korean."}
    return client.post(f"/openings/{opening.id}/interviews", data={**given, **typed})


def slots(session: Session) -> list[Slot]:
    session.expire_all()
    return list(session.exec(select(Slot).order_by(Slot.starts_at)))  # type: ignore[arg-type]


def mails(session: Session) -> set[tuple[str, uuid.UUID | None]]:
    return {(each.template, each.person_id) for each in session.exec(select(Message))}


def choose(client: TestClient, application: Application, slot: Slot, deed: str = "pick") -> Any:
    return client.post(f"/applications/{application.id}/interviews/{slot.id}/{deed}")


# Offering


def test_a_host_offers_several_times_in_a_row_in_the_zone_of_its_government(
    session: Session, cast: Cast, as_: As, opening: Opening
) -> None:
    client = as_(cast.host_coordinator)
    page = client.get(f"/openings/{opening.id}/interviews")
    assert "in Seoul" in page.text and "The opening does not mention interviews" in page.text
    assert offer(client, opening).headers["location"] == f"/openings/{opening.id}/interviews"
    found = slots(session)
    assert found[0].starts_at.astimezone(SEOUL).strftime("%Y-%m-%dT%H:%M") == in_days(3)
    assert [each.starts_at - found[0].starts_at for each in found] == [dt.timedelta(minutes=m) for m in (0, 45, 90)]
    assert all(
        each.place == "Room 7" and each.minutes == 30 and each.made_by == cast.host_coordinator.id for each in found
    )
    page = client.get(f"/openings/{opening.id}/interviews")
    assert page.text.count("Room 7") == 3
    deeds = [entry.deed for entry in history.deeds(session, "opening", opening.id)]
    assert deeds == ["interview times offered"]


def test_a_double_click_offers_them_once(session: Session, cast: Cast, as_: As, opening: Opening) -> None:
    client, key = as_(cast.host_coordinator), str(uuid.uuid4())
    assert offer(client, opening, key=key).status_code == 303
    assert offer(client, opening, key=key).status_code == 303
    assert len(slots(session)) == 3


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"first": ""}, "Fill this in."),
        ({"first": in_days(-2)}, rules.PAST),
        ({"first": in_days(21)}, rules.TOO_LATE),
        ({"minutes": "3"}, "at least 5"),
        ({"count": "21"}, "at most 20"),
        ({"place": ""}, "Fill this in."),
        ({"place": "x" * 301}, "at most 300"),
    ],
)
def test_what_cannot_be_offered_is_explained_and_kept(
    session: Session, cast: Cast, as_: As, opening: Opening, typed: dict[str, str], said: str
) -> None:
    answer = offer(as_(cast.host_coordinator), opening, **{"note": "<b>Bring</b> it", **typed})
    assert answer.status_code == 422
    assert said in answer.text
    assert "&lt;b&gt;Bring&lt;/b&gt; it" in answer.text and "<b>Bring" not in answer.text
    assert slots(session) == []


def test_times_that_overlap_are_refused(session: Session, cast: Cast, as_: As, opening: Opening) -> None:
    client = as_(cast.host_coordinator)
    offer(client, opening)
    answer = offer(client, opening, count="1")
    assert answer.status_code == 422 and rules.OVERLAPS in answer.text
    assert len(slots(session)) == 3


def test_after_the_rankings_are_due_nothing_is_offered(session: Session, cast: Cast, as_: As, opening: Opening) -> None:
    opening.call.rankings_due_at = opening.call.nominations_due_at = now() - dt.timedelta(minutes=1)
    opening.call.applications_due_at = opening.call.corrections_due_at = now() - dt.timedelta(hours=1)
    opening.call.openings_due_at = opening.call.applications_due_at
    session.commit()
    client = as_(cast.host_coordinator)
    assert offer(client, opening).status_code == 409
    page = client.get(f"/openings/{opening.id}/interviews")
    assert rules.NOT_NOW in page.text and "Offer these times" not in page.text


def test_only_the_host_offers(session: Session, cast: Cast, as_: As, client: TestClient, opening: Opening) -> None:
    assert offer(client, opening).status_code == 401
    assert offer(as_(cast.stranger), opening).status_code in {403, 404}
    assert offer(as_(cast.other_coordinator), opening).status_code == 404
    assert offer(as_(cast.secretary), opening).status_code == 403
    assert offer(as_(cast.auditor), opening).status_code == 403
    own = as_(cast.host_coordinator)
    path = f"/openings/{opening.id}/interviews"
    assert own.post(path, data={}, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert slots(session) == []


def test_secretary_and_auditor_read(
    cast: Cast, as_: As, opening: Opening, application: Application, taken: Slot
) -> None:
    for person in (cast.secretary, cast.auditor):
        client = as_(person)
        page = client.get(f"/openings/{opening.id}/interviews")
        assert application.native_name in page.text and "Offer these times" not in page.text
        assert "Room 7" in client.get(f"/applications/{application.id}/interviews").text
    assert as_(cast.stranger).get(f"/openings/{opening.id}/interviews").status_code in {403, 404}


# Removing and cancelling


def test_a_free_time_is_removed_and_a_taken_one_is_not(
    session: Session, cast: Cast, as_: As, client: TestClient, opening: Opening, slot: Slot, taken: Slot
) -> None:
    path = f"/openings/{opening.id}/interviews/{{}}/remove"
    assert client.post(path.format(slot.id)).status_code == 401
    assert as_(cast.stranger).post(path.format(slot.id)).status_code in {403, 404}
    assert as_(cast.secretary).post(path.format(slot.id)).status_code == 403
    own = as_(cast.host_coordinator)
    assert own.post(path.format(slot.id), headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert own.post(path.format(taken.id)).status_code == 409
    assert own.post(path.format(slot.id)).status_code == 303
    assert own.post(path.format(slot.id)).status_code == 404
    assert [each.id for each in slots(session)] == [taken.id]


def test_a_taken_time_is_cancelled_with_a_reason_that_the_candidate_reads(
    session: Session, cast: Cast, as_: As, client: TestClient, opening: Opening, application: Application, taken: Slot
) -> None:
    path = f"/openings/{opening.id}/interviews/{taken.id}/cancel"
    reason = "Our <interpreter> is ill that day."
    assert client.post(path, data={"reason": reason}).status_code == 401
    assert as_(cast.stranger).post(path, data={"reason": reason}).status_code in {403, 404}
    own = as_(cast.host_coordinator)
    assert application.native_name in own.get(path).text
    short = own.post(path, data={"reason": "<i>Ill"})
    assert short.status_code == 422 and "&lt;i&gt;Ill" in short.text
    assert own.post(path, data={"reason": reason}, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert own.post(path, data={"reason": reason}).status_code == 303
    assert mails(session) == {
        ("interviews/cancelled", cast.applicant.id), ("interviews/cancelled_by_host", cast.host_coordinator.id)
    }  # fmt: skip
    page = as_(cast.applicant).get(f"/applications/{application.id}/interviews")
    assert "Our &lt;interpreter&gt; is ill that day." in page.text
    assert own.post(path, data={"reason": reason}).status_code == 409
    assert offer(own, opening).status_code == 303
    another = next(each for each in slots(session) if each.id != taken.id)
    assert choose(as_(cast.applicant), application, another).status_code == 303, "another time, after all"


def test_a_free_time_is_not_cancelled(cast: Cast, as_: As, opening: Opening, slot: Slot) -> None:
    path = f"/openings/{opening.id}/interviews/{slot.id}/cancel"
    assert as_(cast.host_coordinator).post(path, data={"reason": "Nobody came at all."}).status_code == 409


def test_kin_of_the_candidate_see_a_taken_time_and_nothing_else(
    session: Session, cast: Cast, as_: As, opening: Opening, application: Application, taken: Slot
) -> None:
    make.kinship(session, application, cast.host_coordinator)
    session.commit()
    client = as_(cast.host_coordinator)
    page = client.get(f"/openings/{opening.id}/interviews")
    assert "Taken" in page.text and application.native_name not in page.text
    path = f"/openings/{opening.id}/interviews/{taken.id}"
    assert client.get(f"{path}/cancel").status_code == 403
    assert client.post(f"{path}/cancel", data={"reason": "A good reason."}).status_code == 403
    assert client.get(f"{path}/calendar.ics").status_code == 403
    other = make.coordinator(session, cast.host)
    session.commit()
    as_(cast.applicant).post(f"/applications/{application.id}/interviews/{taken.id}/give-back")
    told = {person for template, person in mails(session) if template == "interviews/given_back_host"}
    assert cast.host_coordinator.id not in told and other.id in told


# Choosing


def test_a_candidate_picks_changes_and_gives_back(
    session: Session, cast: Cast, as_: As, application: Application, opening: Opening, slot: Slot
) -> None:
    cast.applicant.zone = "Asia/Ulaanbaatar"
    later = make.slot(session, opening, made_by=cast.host_coordinator.id)
    session.commit()
    client = as_(cast.applicant)
    page = client.get(f"/applications/{application.id}/interviews")
    assert (
        page.text.count("Choose this time") == 2 and "in Seoul (UTC+9)" in page.text and "in Ulaanbaatar" in page.text
    )
    assert choose(client, application, slot).headers["location"] == f"/applications/{application.id}/interviews"
    assert mails(session) == {
        ("interviews/picked", cast.applicant.id), ("interviews/picked_host", cast.host_coordinator.id)
    }  # fmt: skip
    both = session.exec(select(Message.text)).all()
    assert all("in Seoul (UTC+9)" in text and "in Ulaanbaatar" in text for text in both)
    host_page = as_(cast.host_coordinator).get(f"/openings/{opening.id}/interviews")
    assert application.native_name in host_page.text and "in Ulaanbaatar" in host_page.text
    assert choose(client, application, later).status_code == 303
    assert [each.application_id for each in slots(session)] == [None, application.id]
    assert choose(client, application, later, "give-back").status_code == 303
    assert [each.application_id for each in slots(session)] == [None, None]
    deeds = [entry.deed for entry in history.deeds(session, "application", application.id)]
    assert sorted(deeds) == ["interview given back", "interview picked", "interview picked"]
    assert choose(client, application, later, "give-back").status_code == 409


def test_who_comes_too_late_reads_so_and_sees_what_is_free(
    session: Session, cast: Cast, as_: As, application: Application, opening: Opening, slot: Slot
) -> None:
    another = make.application(session, "nominated", choices=[opening], native_name="Secret Rival")
    taken = make.slot(session, opening, taken_by=another, place="Their room")
    session.commit()
    answer = choose(as_(cast.applicant), application, taken)
    assert answer.status_code == 409
    assert rules.TAKEN in answer.text and "Room 7" in answer.text
    assert "Secret Rival" not in answer.text and "Their room" not in answer.text
    assert {each.application_id for each in slots(session)} == {None, another.id}


def test_within_24_hours_nothing_is_changed(
    session: Session, cast: Cast, as_: As, application: Application, opening: Opening, taken: Slot
) -> None:
    taken.starts_at = now() + dt.timedelta(hours=23)
    other = make.slot(session, opening)
    session.commit()
    client = as_(cast.applicant)
    page = client.get(f"/applications/{application.id}/interviews")
    assert rules.FIXED in page.text and "Choose this time" not in page.text
    assert choose(client, application, taken, "give-back").status_code == 409
    assert choose(client, application, other).status_code == 409
    assert slots(session)[0].application_id == application.id


def test_only_times_of_openings_that_the_candidate_ranked(
    session: Session, cast: Cast, as_: As, application: Application, opening: Opening
) -> None:
    foreign = make.slot(session, make.opening(session, opening.call, cast.host))
    session.commit()
    assert choose(as_(cast.applicant), application, foreign).status_code == 404


def test_nobody_else_chooses(
    session: Session, cast: Cast, as_: As, client: TestClient, application: Application, slot: Slot
) -> None:
    for deed in ("pick", "give-back"):
        assert choose(client, application, slot, deed).status_code == 401
        for person in (cast.stranger, cast.host_coordinator, cast.home_coordinator, cast.secretary, cast.auditor):
            assert choose(as_(person), application, slot, deed).status_code in {403, 404}
        path = f"/applications/{application.id}/interviews/{slot.id}/{deed}"
        assert as_(cast.applicant).post(path, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    for person in (cast.stranger, cast.host_coordinator, cast.home_coordinator):
        assert as_(person).get(f"/applications/{application.id}/interviews").status_code in {403, 404}
    assert slots(session)[0].application_id is None


@pytest.mark.parametrize("status", [Status.SUBMITTED, Status.NOT_NOMINATED])
def test_who_is_not_nominated_chooses_nothing(
    session: Session, cast: Cast, as_: As, opening: Opening, slot: Slot, status: Status
) -> None:
    made = make.application(session, status, applicant=cast.applicant, choices=[opening])
    session.commit()
    client = as_(cast.applicant)
    assert choose(client, made, slot).status_code == 409
    page = client.get(f"/applications/{made.id}/interviews")
    assert rules.NOT_NOMINATED in page.text and "Choose this time" not in page.text


def test_the_office_chooses_for_an_application_from_paper(
    session: Session, cast: Cast, as_: As, opening: Opening, slot: Slot
) -> None:
    paper = make.paper_application(
        session, cast.home_coordinator, "nominated", home=cast.home, call=opening.call, choices=[opening]
    )
    session.commit()
    viewer = make.viewer(session, cast.home_coordinator)
    waiting = {str(each.text): each.href for each in home.waiting_for(session, viewer)}
    assert waiting["Interview times to choose from"] == f"/applications/{paper.id}/interviews"
    assert choose(as_(cast.home_coordinator), paper, slot).status_code == 303
    assert ("interviews/picked", cast.home_coordinator.id) in mails(session)
    assert "Interview times to choose from" not in {str(each.text) for each in home.waiting_for(session, viewer)}


def test_what_others_took_does_not_hide_what_is_free(
    session: Session, cast: Cast, opening: Opening, taken: Slot, slot: Slot
) -> None:
    other = make.application(session, "nominated", home=cast.home, choices=[opening])
    session.commit()
    viewer = make.viewer(session, session.get_one(Person, other.applicant_id))
    waiting = {str(each.text): each.href for each in home.waiting_for(session, viewer)}
    assert waiting["Interview times to choose from"] == f"/applications/{other.id}/interviews"


def test_the_calendar_files_of_both_sides(
    session: Session, cast: Cast, as_: As, client: TestClient, opening: Opening, application: Application, taken: Slot
) -> None:
    candidate = f"/applications/{application.id}/interviews/{taken.id}/calendar.ics"
    host = f"/openings/{opening.id}/interviews/{taken.id}/calendar.ics"
    titles = []
    for person, path in ((cast.applicant, candidate), (cast.host_coordinator, host)):
        event = icalendar.Calendar.from_ical(as_(person).get(path).content).walk("VEVENT")[0]
        assert event.decoded("dtstart") == taken.starts_at and event.decoded("dtend") == taken.ends_at
        assert event["transp"] == "OPAQUE" and event["description"] == "Room 7"
        titles.append(str(event["summary"]))
        assert as_(cast.stranger).get(path).status_code in {403, 404}
        assert client.get(path).status_code == 303
    assert titles == [f"Interview: {opening.title}", f"Interview with {application.native_name}: {opening.title}"]
    free = make.slot(session, opening)
    session.commit()
    assert as_(cast.host_coordinator).get(host.replace(str(taken.id), str(free.id))).status_code == 404
    assert as_(cast.applicant).get(candidate.replace(str(taken.id), str(free.id))).status_code == 404


# Reminders


def test_both_are_reminded_the_day_before_and_never_twice(
    session: Session, cast: Cast, services: Services, noon: dt.datetime, application: Application, taken: Slot
) -> None:
    before = taken.starts_at - dt.timedelta(hours=25)
    told = [reminded(session, services, before + dt.timedelta(hours=hours)) for hours in (0, 2, 3)]
    host = cast.host_coordinator.email
    both = {("interviews/reminder", cast.applicant.email): 1, ("interviews/reminder_host", host): 1}
    assert told == [{}, both, {}]


def test_who_picked_within_the_last_day_is_told_once(
    session: Session, cast: Cast, services: Services, as_: As, noon: dt.datetime, application: Application, slot: Slot
) -> None:
    client = as_(cast.applicant)
    at = slot.starts_at - dt.timedelta(hours=2)
    with time_machine.travel(at, tick=False):
        client.cookies.update(make.sign_in(session, client.app.state.settings, cast.applicant))  # type: ignore[attr-defined]
        session.commit()
        assert choose(client, application, slot).status_code == 303
    assert not reminded(session, services, at)


def test_a_candidate_who_withdraws_frees_the_time(
    session: Session, cast: Cast, as_: As, application: Application, opening: Opening, taken: Slot
) -> None:
    application.status, application.merit = Status.WITHDRAWN, None
    session.commit()
    page = as_(cast.host_coordinator).get(f"/openings/{opening.id}/interviews")
    assert application.native_name not in page.text, "hosts know of the nominated only"
    assert actions.free_left(session, now()) == 1
    assert mails(session) == {("interviews/left", cast.host_coordinator.id)}
    ended, again = sorted(slots(session), key=lambda each: each.made_at)
    assert (ended.application_id, ended.ended_at is None) == (application.id, False)
    assert (again.application_id, again.ended_at, again.starts_at) == (None, None, taken.starts_at)
    assert actions.free_left(session, now()) == 0
    assert len(slots(session)) == 2


# Speed


def test_the_pages_need_the_same_number_of_queries_for_any_number_of_times(
    session: Session,
    cast: Cast,
    as_: As,
    database: JoinedDatabase,
    opening: Opening,
    application: Application,
    slot: Slot,
) -> None:
    pages = (
        (as_(cast.host_coordinator), f"/openings/{opening.id}/interviews"),
        (as_(cast.applicant), f"/applications/{application.id}/interviews"),
    )
    counts = []
    for _ in range(2):
        numbers = []
        for client, path in pages:
            with counting.queries(database) as seen:
                assert client.get(path).status_code == 200
            numbers.append(len(seen))
        counts.append(numbers)
        for _ in range(2):
            make.slot(session, opening)
            make.slot(session, opening, taken_by=make.application(session, "nominated", choices=[opening]))
        session.commit()
    one, many = counts
    assert many[1] == one[1]
    assert many[0] <= one[0] + 1, "with a taken time it asks once who is kin"


def test_long_lists_have_pages(session: Session, cast: Cast, as_: As, opening: Opening) -> None:
    made = [
        make.slot(session, opening, place=f"Room number {n:02}", made_by=cast.host_coordinator.id) for n in range(51)
    ]
    session.commit()
    client = as_(cast.host_coordinator)
    first = client.get(f"/openings/{opening.id}/interviews").text
    assert "Room number 49" in first and "Room number 50" not in first
    second = client.get(f"/openings/{opening.id}/interviews?after={made[49].id}").text
    assert "Room number 50" in second and "Room number 49" not in second
