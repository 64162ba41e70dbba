import datetime as dt
import uuid
from collections.abc import Callable

import pytest
import time_machine
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from portal import i18n
from portal.clock import now, today
from portal.history.queries import deeds
from portal.mail.models import Message
from portal.placements.models import Placement, PlacementStatus
from portal.stays import queries
from portal.stays.models import Evaluation, Extension
from tests import make
from tests.people import Cast
from tests.stays.world import agreed, placed, running

As = Callable[..., TestClient]
JUDGEMENT = {f"item_{number}": "4" for number in range(1, 6)} | {
    "supervisor": "Kim Jisoo", "text": "Careful, <quick> to learn.",
}  # fmt: skip


def _again(session: Session, placement: Placement) -> Placement:
    session.expire_all()
    return session.get_one(Placement, placement.id)


def _wish(placement: Placement, days: int = 14) -> dict[str, str]:
    until = placement.ends_on + dt.timedelta(days=days)
    return {"ends_on": until.isoformat(), "reason": "The guide is <not> finished."}


def _ending(placement: Placement, **more: str) -> dict[str, str]:
    last = placement.starts_on + dt.timedelta(days=2)
    told = "My <father> is ill and I am needed."
    return {"last_on": last.isoformat(), "ended_by": "intern", "end_code": "family", "reason": told, **more}


def _addresses(session: Session, template: str) -> list[str]:
    return list(session.exec(select(Message.address).where(Message.template == template)))


def test_the_whole_stay(session: Session, cast: Cast, as_: As) -> None:
    placement = agreed(session, cast, in_days=0)
    make.prepared_stay(session, placement)
    session.commit()
    host, base = as_(cast.host_coordinator), f"/placements/{placement.id}/stay"
    assert "Stays to confirm" in host.get("/").text
    assert i18n.day(placement.starts_on) in host.get(f"{base}/start").text
    assert host.post(f"{base}/start", data={"started_on": placement.starts_on.isoformat()}).status_code == 303
    assert _again(session, placement).status is PlacementStatus.ACTIVE
    assert {cast.applicant.email, cast.home_coordinator.email} <= set(_addresses(session, "stays/started"))
    with time_machine.travel(now() + dt.timedelta(days=90), tick=False):
        host = as_(cast.host_coordinator)
        assert "Evaluations to enter" in host.get("/").text
        assert host.post(f"{base}/complete").status_code == 409
        assert host.post(f"{base}/evaluation", data=JUDGEMENT).status_code == 303
        assert "Stays to complete" in host.get("/").text
        assert as_(cast.applicant).get(f"{base}/evaluation").status_code == 409
        assert host.get(f"{base}/complete").status_code == 200
        assert host.post(f"{base}/complete").status_code == 303
        assert _again(session, placement).status is PlacementStatus.COMPLETED
        assert "&lt;quick&gt;" in as_(cast.applicant).get(f"{base}/evaluation").text
        assert host.post(f"{base}/evaluation", data=JUDGEMENT).status_code == 409
        assert host.post(f"{base}/complete").status_code == 409
    found = queries.evaluation(session, placement)
    assert found is not None
    assert found.marks == [4] * 5
    assert cast.applicant.email in _addresses(session, "stays/completed")
    done = {entry.deed for entry in deeds(session, "placement", placement.id)}
    assert {"placement started", "evaluation entered", "placement completed"} <= done


def test_a_later_first_day(session: Session, cast: Cast, as_: As) -> None:
    placement = agreed(session, cast, in_days=-5)
    make.prepared_stay(session, placement)
    session.commit()
    path, host = f"/placements/{placement.id}/stay/start", as_(cast.host_coordinator)
    for days in (-1, 7, 400):
        wrong = {"started_on": (placement.starts_on + dt.timedelta(days=days)).isoformat()}
        assert host.post(path, data=wrong).status_code == 422
    later = placement.starts_on + dt.timedelta(days=3)
    assert host.post(path, data={"started_on": later.isoformat()}).status_code == 303
    assert _again(session, placement).starts_on == later


def test_no_start_too_early_nor_unprepared(session: Session, cast: Cast, as_: As) -> None:
    early, unready = agreed(session, cast, in_days=3), agreed(session, cast, in_days=-1)
    make.prepared_stay(session, early)
    session.commit()
    for placement in (early, unready):
        data = {"started_on": placement.starts_on.isoformat()}
        assert as_(cast.host_coordinator).post(f"/placements/{placement.id}/stay/start", data=data).status_code == 409
        assert _again(session, placement).status is PlacementStatus.AGREED


def test_only_the_host_starts(session: Session, cast: Cast, as_: As, client: TestClient) -> None:
    placement = agreed(session, cast, in_days=0)
    make.prepared_stay(session, placement)
    session.commit()
    path, data = f"/placements/{placement.id}/stay/start", {"started_on": placement.starts_on.isoformat()}
    assert client.post(path, data=data).status_code == 401
    for person, status in (
        (cast.stranger, 404), (cast.applicant, 403), (cast.home_coordinator, 403), (cast.secretary, 403),
    ):  # fmt: skip
        assert as_(person).post(path, data=data).status_code == status
    cross = {"sec-fetch-site": "cross-site"}
    assert as_(cast.host_coordinator).post(path, data=data, headers=cross).status_code == 403
    assert _again(session, placement).status is PlacementStatus.AGREED


@pytest.mark.parametrize("asker", ["applicant", "host_coordinator"])
@pytest.mark.parametrize("agree", [True, False])
def test_one_side_asks_and_the_other_answers(session: Session, cast: Cast, as_: As, asker: str, agree: bool) -> None:
    placement = running(session, cast)
    before, wish = placement.ends_on, _wish(placement)
    asks = as_(getattr(cast, asker))
    answers = as_(cast.host_coordinator if asker == "applicant" else cast.applicant)
    path = f"/placements/{placement.id}/stay/extension"
    assert asks.get(path).status_code == 200
    assert asks.post(path, data=wish).status_code == 303
    assert asks.post(path, data=wish).status_code == 409, "one waits already"
    assert asks.post(f"{path}/answer", data={"agree": "true"}).status_code == 409, "not one's own"
    assert "&lt;not&gt;" in answers.get(path).text
    assert "Wishes for a later last day" in answers.get("/").text
    assert answers.post(f"{path}/answer", data={"agree": "maybe"}).status_code == 422
    assert answers.post(f"{path}/answer", data={"agree": str(agree).lower()}).status_code == 303
    assert _again(session, placement).ends_on == (before + dt.timedelta(days=14) if agree else before)
    assert session.exec(select(Extension)).one().is_agreed is agree
    told = _addresses(session, "stays/extended" if agree else "stays/not_extended")
    assert cast.secretary.email in told
    assert getattr(cast, asker).email in told
    assert answers.post(f"{path}/answer", data={"agree": "true"}).status_code == 409
    entry = next(each for each in deeds(session, "placement", placement.id) if each.deed == "extension answered")
    assert entry.details["from"] == before.isoformat()


def test_two_clicks_ask_once(session: Session, cast: Cast, as_: As) -> None:
    placement = running(session, cast)
    intern, twice = as_(cast.applicant), _wish(placement) | {"key": str(uuid.uuid4())}
    path = f"/placements/{placement.id}/stay/extension"
    assert [intern.post(path, data=twice).status_code for _click in range(2)] == [303, 303]
    assert len(session.exec(select(Extension)).all()) == 1


@pytest.mark.parametrize(("days", "text"), [(0, "after the present last day"), (200, "six months")])
def test_a_wish_must_be_possible(session: Session, cast: Cast, as_: As, days: int, text: str) -> None:
    placement = running(session, cast)
    answer = as_(cast.applicant).post(f"/placements/{placement.id}/stay/extension", data=_wish(placement, days))
    assert answer.status_code == 422
    assert text in answer.text
    assert "&lt;not&gt;" in answer.text


def test_who_may_extend(session: Session, cast: Cast, as_: As, client: TestClient) -> None:
    placement = running(session, cast)
    path, data = f"/placements/{placement.id}/stay/extension", _wish(placement)
    make.extension(session, placement)
    session.commit()
    for address, sent in ((path, data), (f"{path}/answer", {"agree": "true"})):
        assert client.post(address, data=sent).status_code == 401
        for person, status in ((cast.stranger, 404), (cast.home_coordinator, 403), (cast.secretary, 403)):
            assert as_(person).post(address, data=sent).status_code == status
        cross = {"sec-fetch-site": "cross-site"}
        assert as_(cast.host_coordinator).post(address, data=sent, headers=cross).status_code == 403
    over = placed(session, cast, "completed")
    assert as_(cast.applicant).post(f"/placements/{over.id}/stay/extension", data=data).status_code == 409


@pytest.mark.parametrize("who", ["applicant", "host_coordinator", "home_coordinator", "secretary"])
def test_an_early_end_is_told_to_the_others(session: Session, cast: Cast, as_: As, who: str) -> None:
    placement = running(session, cast)
    make.extension(session, placement)
    session.commit()
    person, path = getattr(cast, who), f"/placements/{placement.id}/stay/end-early"
    data = _ending(placement)
    assert as_(person).get(path).status_code == 200
    assert as_(person).post(path, data=data).status_code == 303
    ended = _again(session, placement)
    assert ended.status is PlacementStatus.ENDED_EARLY
    assert ended.ends_on.isoformat() == data["last_on"]
    everybody = {each.email for each in (cast.applicant, cast.host_coordinator, cast.home_coordinator, cast.secretary)}
    told = _addresses(session, "stays/ended_early")
    assert everybody & set(told) == everybody - {person.email}
    assert not any("father" in each for each in session.exec(select(Message.text)))
    assert "&lt;father&gt;" in as_(cast.applicant).get(f"/placements/{placement.id}/stay").text
    assert "father" not in str([entry.details for entry in deeds(session, "placement", placement.id)])
    assert as_(person).post(path, data=data).status_code == 409


@pytest.mark.parametrize("wrong", [{"last_on": "2020-01-01"}, {"ended_by": "fate"}, {"end_code": ""}, {"last_on": ""}])
def test_a_wrong_ending_is_shown_again(session: Session, cast: Cast, as_: As, wrong: dict[str, str]) -> None:
    placement = running(session, cast)
    path = f"/placements/{placement.id}/stay/end-early"
    answer = as_(cast.secretary).post(path, data=_ending(placement, **wrong))
    assert answer.status_code == 422
    assert "&lt;father&gt;" in answer.text
    assert _again(session, placement).status is PlacementStatus.ACTIVE


def test_who_may_end_early(session: Session, cast: Cast, as_: As, client: TestClient) -> None:
    placement = running(session, cast)
    path, data = f"/placements/{placement.id}/stay/end-early", _ending(placement)
    assert client.post(path, data=data).status_code == 401
    for person, status in ((cast.stranger, 404), (cast.other_coordinator, 404), (cast.auditor, 403)):
        assert as_(person).post(path, data=data).status_code == status
    assert as_(cast.applicant).post(path, data=data, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert _again(session, placement).status is PlacementStatus.ACTIVE


def test_who_may_evaluate_and_complete(session: Session, cast: Cast, as_: As, client: TestClient) -> None:
    placement = running(session, cast, day=90)
    base = f"/placements/{placement.id}/stay"
    for page, people in (
        ("evaluation", ((cast.applicant, 403), (cast.secretary, 403))),
        ("complete", ((cast.applicant, 403), (cast.home_coordinator, 403))),
    ):
        assert client.post(f"{base}/{page}", data=JUDGEMENT).status_code == 401
        for person, status in ((cast.stranger, 404), (cast.auditor, 403), *people):
            assert as_(person).post(f"{base}/{page}", data=JUDGEMENT).status_code == status
        cross = {"sec-fetch-site": "cross-site"}
        assert as_(cast.host_coordinator).post(f"{base}/{page}", data=JUDGEMENT, headers=cross).status_code == 403
    assert session.exec(select(Evaluation)).all() == []
    make.evaluation(session, placement)
    session.commit()
    assert as_(cast.secretary).post(f"{base}/complete").status_code == 303


@pytest.mark.parametrize("wrong", [{"item_1": "6"}, {"supervisor": ""}, {"text": "ok"}])
def test_a_wrong_evaluation_is_shown_again(session: Session, cast: Cast, as_: As, wrong: dict[str, str]) -> None:
    placement = running(session, cast, day=88)
    answer = as_(cast.host_coordinator).post(f"/placements/{placement.id}/stay/evaluation", data={**JUDGEMENT, **wrong})
    assert answer.status_code == 422
    assert ("&lt;quick&gt;" in answer.text) == ("text" not in wrong)


def test_not_evaluated_before_the_last_week(session: Session, cast: Cast, as_: As) -> None:
    placement = running(session, cast)
    path = f"/placements/{placement.id}/stay/evaluation"
    assert as_(cast.host_coordinator).post(path, data=JUDGEMENT).status_code == 409
    assert placement.ends_on > today()


def test_the_task_list_leads_on_and_has_no_empty_part(session: Session, cast: Cast, as_: As) -> None:
    before, after = agreed(session, cast), placed(session, cast, "completed")
    early, over = (as_(cast.host_coordinator).get(f"/placements/{each.id}/stay").text for each in (before, after))
    assert "Changes and the end" not in early and f"/placements/{before.id}/report" not in early
    assert f'href="/placements/{after.id}/report"' in over and f'href="/placements/{after.id}/certificate"' in over
