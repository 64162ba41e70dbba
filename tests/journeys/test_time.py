"""Whatever is timed is decided by its instant: pages say the same with the worker off, on, late, or run twice."""

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from portal.accounts.models import Invitation, Person, Registration, ResetLink, Role
from portal.accounts.viewer import token_digest
from portal.clock import now
from portal.jobs.registry import JOBS, SCHEDULES, Services
from portal.juries.models import Outcome
from portal.mail.models import Message
from portal.placements.models import Placement, PlacementStatus
from tests import make
from tests.people import Cast
from tests.results.stage import Stage

As = Callable[[Person], TestClient]
DAY, HOUR, MS = dt.timedelta(days=1), dt.timedelta(hours=1), dt.timedelta(milliseconds=1)
TOKEN = "t" * 43


def at(instant: dt.datetime) -> time_machine.travel:
    return time_machine.travel(instant, tick=False)


def work(services: Services) -> None:
    """All that runs by itself, each twice."""
    for name in sorted(SCHEDULES):
        for _twice in range(2):
            JOBS[name](services)


def told(session: Session) -> dict[tuple[str, str], int]:
    found = sa.select(Message.template, Message.address, sa.func.count()).group_by(Message.template, Message.address)
    return {(template, address): number for template, address, number in session.execute(found)}


# Links


def _verify(session: Session, _cast: Cast, until: dt.datetime) -> str:
    made = {"email": "new@example.org", "name": "New", "password_hash": "!", "language": "en", "zone": "UTC"}
    make.saved(session, Registration(**made, token_digest=token_digest(TOKEN), sent_at=now(), expires_at=until))
    return f"/verify?token={TOKEN}"


def _reset(session: Session, cast: Cast, until: dt.datetime) -> str:
    make.saved(session, ResetLink(person_id=cast.applicant.id, token_digest=token_digest(TOKEN), expires_at=until))
    return f"/reset/{TOKEN}"


def _invitation(session: Session, _cast: Cast, until: dt.datetime) -> str:
    given = {"email": "new@example.org", "role": Role.SECRETARY, "invited_at": now(), "expires_at": until}
    make.saved(session, Invitation(**given, token_digest=token_digest(TOKEN)))
    return f"/invitations/{TOKEN}"


def _consent(session: Session, cast: Cast, until: dt.datetime) -> str:
    essay = make.essay(session, "submitted", author=cast.applicant)
    case = make.case(session, cast.applicant, session.get_one(make.Edition, essay.edition_id))
    make.named_guardian(session, case, TOKEN, expires_at=until, language="en")
    return f"/consents/{TOKEN}?lang=en"


def _agreement(session: Session, cast: Cast, until: dt.datetime) -> str:
    minor = make.application(
        session, "nominated", applicant=cast.applicant, born_on=dt.date(now().year - 16, 1, 2), home=cast.home
    )
    make.guardian(session, make.placement(session, "accepted", application=minor), TOKEN, expires_at=until)
    return f"/guardians/{TOKEN}"


def _letter(session: Session, cast: Cast, until: dt.datetime) -> str:
    application = make.application(session, "submitted", applicant=cast.applicant)
    make.letter(session, application, token_digest=token_digest(TOKEN), expires_at=until)
    return f"/letters/{TOKEN}"


def _offer_to_judge(session: Session, _cast: Cast, until: dt.datetime) -> str:
    make.judge_offer(session, make.edition(session), TOKEN, expires_at=until)
    return f"/judge-offers/{TOKEN}"


LINKS = {
    _verify: "too old",
    _reset: "older than 30 minutes",
    _invitation: "older than seven days",
    _consent: "expired",
    _agreement: "expired",
    _letter: "expired",
    _offer_to_judge: "older than fourteen days",
}


@pytest.mark.parametrize("link", LINKS, ids=lambda link: link.__name__.strip("_"))
def test_a_link_ends_at_its_instant(
    session: Session, cast: Cast, services: Services, client: TestClient, noon: dt.datetime, link: Callable[..., str]
) -> None:
    """Just before it opens, from then on it does not; and the jobs change nothing, late or twice."""
    until = noon + 6 * HOUR
    path = link(session, cast, until)
    session.commit()
    with at(until - MS):
        assert LINKS[link] not in client.get(path).text and client.get(path).status_code == 200
    for later, is_at_work in ((dt.timedelta(), False), (HOUR, True), (DAY, False), (2 * DAY, True)):
        with at(until + later):
            if is_at_work:
                work(services)
            assert LINKS[link] in client.get(path).text


def test_a_signed_in_browser_is_signed_out_at_its_instant(
    session: Session, cast: Cast, as_: As, noon: dt.datetime
) -> None:
    client = as_(cast.applicant)
    with at(noon + HOUR - MS):
        assert client.get("/account").status_code == 200
    with at(noon + 2 * HOUR):
        assert client.get("/account").status_code == 303


# Calls, editions and what is decided in them


def _press(as_: As, person: Person, path: str, **data: Any) -> int:
    return as_(person).post(path, data={"key": str(uuid.uuid4()), **data}).status_code


def test_a_call_closes_at_its_instant(
    session: Session, cast: Cast, services: Services, as_: As, client: TestClient, noon: dt.datetime
) -> None:
    due = noon + DAY
    call = make.call(session, applications_due_at=due)
    one, other = (
        make.application(session, applicant=person, call=call) for person in (cast.applicant, cast.other_applicant)
    )
    session.commit()
    with at(due):
        assert "Open for applications" in client.get(f"/calls/{call.slug}").text
        assert _press(as_, cast.applicant, f"/applications/{one.id}/submit") == 303
    with at(due + MS):
        assert _press(as_, cast.other_applicant, f"/applications/{other.id}/submit") == 409
        assert "Open for applications" not in client.get(f"/calls/{call.slug}").text
    with at(due + DAY):
        work(services)
        assert _press(as_, cast.other_applicant, f"/applications/{other.id}/submit") == 409
    assert ("applications/draft_waits", cast.other_applicant.address) not in told(session), "nothing is said too late"


def test_an_edition_closes_at_its_instant(
    session: Session, cast: Cast, services: Services, as_: As, noon: dt.datetime
) -> None:
    due = noon + DAY
    edition = make.edition(session, due_at=due)
    essays = {}
    for person in (cast.applicant, cast.other_applicant):
        essays[person.id] = make.essay(session, "draft", edition=edition, author=person).id
        make.consent(session, person, edition)
    session.commit()
    with at(due):
        path = f"/essays/{essays[cast.applicant.id]}/submit"
        assert _press(as_, cast.applicant, path, version=1) == 303
    for later in (MS, DAY):
        with at(due + later):
            work(services)
            path = f"/essays/{essays[cast.other_applicant.id]}/submit"
            assert _press(as_, cast.other_applicant, path, version=1) == 409


def test_an_offer_lapses_at_its_instant_and_the_job_tells_of_it_once(
    session: Session, cast: Cast, services: Services, as_: As, noon: dt.datetime
) -> None:
    application = make.application(session, "nominated", applicant=cast.applicant, home=cast.home)
    placement = make.placement(session, "offered", application=application)
    until = placement.expires_at
    session.commit()
    page, accept = f"/placements/{placement.id}", f"/placements/{placement.id}/accept"
    with at(until - MS):
        assert "Lapsed" not in as_(cast.applicant).get(page).text
    with at(until):
        assert "Lapsed" in as_(cast.applicant).get(page).text
        assert _press(as_, cast.applicant, accept) == 409
    assert session.get_one(Placement, placement.id).status is PlacementStatus.OFFERED, "no job has run"
    for days in (1, 2):
        with at(until + days * DAY):
            work(services)
            assert "Lapsed" in as_(cast.applicant).get(page).text
            assert told(session)["placements/lapsed", cast.applicant.address] == 1
    session.expire_all()
    assert session.get_one(Placement, placement.id).status is PlacementStatus.LAPSED


def test_results_come_out_at_their_instant_and_authors_are_told_once(
    session: Session, services: Services, client: TestClient, noon: dt.datetime
) -> None:
    instant = noon + DAY
    stage = Stage(session, due_at=noon - 20 * DAY, opens_at=noon - 40 * DAY, judging_due_at=noon - 10 * DAY)
    essay = stage.essay(Outcome.AWARDED, place=1, agreed={})
    stage.publish(instant)
    address = stage.author(essay).address
    session.commit()
    path = f"/contests/{stage.edition.slug}/results"
    with at(instant - MS):
        work(services)
        assert "are not out yet" in client.get(path).text
        assert ("results/awarded", address) not in told(session)
    with at(instant):
        assert "Grand prize" in client.get(path).text
        assert ("results/awarded", address) not in told(session), "no job has run"
    with at(instant + DAY):
        work(services)
        assert told(session)["results/awarded", address] == 1


def test_a_role_begins_and_ends_with_its_days(session: Session, cast: Cast, as_: As, noon: dt.datetime) -> None:
    person = make.person(session)
    make.grant(session, person, Role.SECRETARY, begins_on=noon.date() + DAY, ends_on=noon.date() + 2 * DAY)
    seen = []
    for days in range(4):
        with at(noon + days * DAY):
            seen.append(as_(person).get("/people").status_code)
    assert [status == 200 for status in seen] == [False, True, True, False]


# A day forward


@pytest.mark.parametrize("hours_late", [0, 1, 12])
def test_a_day_forward_everything_that_is_due_happens_once(
    session: Session, cast: Cast, services: Services, noon: dt.datetime, hours_late: int
) -> None:
    """However late the worker starts within it, and however often it runs."""
    due = noon + 2 * DAY - HOUR
    call = make.call(session, applications_due_at=due, opens_at=noon - DAY)
    make.application(session, applicant=cast.applicant, call=call)
    edition = make.edition(session, due_at=due)
    make.essay(session, "draft", edition=edition, author=cast.applicant)
    lapsing = make.application(session, "nominated", applicant=cast.other_applicant, home=cast.home)
    make.placement(session, "offered", application=lapsing, expires_at=noon + DAY, approved_at=noon - 6 * DAY)
    session.commit()
    with at(noon):
        work(services)
    before = told(session)
    assert before.get(("applications/draft_waits", cast.applicant.address), 0) == 0, "begun after the last step"
    with at(noon + DAY + hours_late * HOUR):
        work(services)
        first = told(session)
        work(services)
    assert told(session) == first
    expected = {
        ("applications/draft_waits", cast.applicant.address), ("essays/draft_waits", cast.applicant.address),
        ("placements/lapsed", cast.other_applicant.address),
    }  # fmt: skip
    happened = {key for key, number in first.items() if number == 1 and key not in before}
    if hours_late == 12:  # at night in Seoul: what only reminds waits for the morning
        expected = {("placements/lapsed", cast.other_applicant.address)}
    assert expected <= happened
    with at(noon + DAY + 20 * HOUR):
        work(services)
    assert told(session)["applications/draft_waits", cast.applicant.address] == 1
    assert set(told(session).values()) == {1}


def test_with_the_worker_off_for_a_week_nothing_is_said_too_late(
    session: Session, cast: Cast, services: Services, noon: dt.datetime
) -> None:
    call = make.call(session, applications_due_at=noon + 2 * DAY)
    make.application(session, applicant=cast.applicant, call=call, created_at=noon - 20 * DAY)
    edition = make.edition(session, due_at=noon + 2 * DAY)
    make.essay(session, "draft", edition=edition, author=cast.applicant, created_at=noon - 20 * DAY)
    session.commit()
    with at(noon + 9 * DAY):
        work(services)
    assert not [each for each in session.exec(select(Message.template)) if each.endswith("draft_waits")]
