"""The pages of the match: who may see and do what, and when."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import Session, col, select

from portal.calls.models import Call
from portal.db import Database
from portal.matches import jobs
from portal.matches.models import Run
from portal.placements import instances
from portal.placements.matching import lottery
from portal.placements.rules import Step
from tests import make
from tests.counting import queries as counted
from tests.matches.stage import Stage, a_call, nominated, ranks
from tests.people import Cast

Browser = Callable[..., TestClient]


class Scene:
    """Two openings of the cast's host; the applicant gets the second choice, another one waits."""

    def __init__(self, session: Session, cast: Cast, **fields: Any) -> None:
        self.call = a_call(session, **fields)
        self.wanted = make.opening(session, self.call, cast.host, title="Wanted", capacity=1)
        self.plain = make.opening(session, self.call, cast.host, title="Plain", capacity=2)
        both = (self.wanted, self.plain)
        self.lucky = nominated(session, self.wanted)
        self.own = nominated(session, *both, applicant=cast.applicant, home=cast.home)
        self.waiting = nominated(session, self.wanted, applicant=cast.other_applicant)
        ranks(session, self.wanted, self.lucky, [self.own, self.waiting])
        ranks(session, self.plain, self.own)
        session.commit()

    @property
    def path(self) -> str:
        return f"/calls/{self.call.slug}/match"


@pytest.fixture
def scene(session: Session, cast: Cast) -> Scene:
    return Scene(session, cast)


def newest(session: Session, call: Call) -> Run:
    session.expire_all()
    return session.exec(select(Run).where(Run.call_id == call.id).order_by(col(Run.number).desc())).first()  # type: ignore[return-value]


def test_a_run_is_asked_for_and_shown(session: Session, cast: Cast, stage: Stage, scene: Scene, as_: Browser) -> None:
    secretary = as_(cast.secretary)
    page = secretary.get(scene.path)
    assert page.status_code == 200
    assert "There is no run of this call yet." in page.text
    answer = secretary.post(scene.path, data={"optimal_for": "applicants", "seed": "5", "key": KEY})
    again = secretary.post(scene.path, data={"optimal_for": "applicants", "seed": "5", "key": KEY})
    assert answer.status_code == again.status_code == 303
    assert answer.headers["location"] == again.headers["location"] == f"{scene.path}/1"
    shown = secretary.get(f"{scene.path}/1")
    assert '<meta http-equiv="refresh"' in shown.text and "Waiting to start" in shown.text
    jobs.run_match(stage.services, str(newest(session, scene.call).id))
    done = secretary.get(f"{scene.path}/1")
    assert "refresh" not in done.text.replace("refreshOnHistoryMiss", "")
    assert "Download the run" in done.text and "Ask for publication" in done.text
    assert scene.own.number in done.text and "66.7" in done.text
    assert scene.own.native_name not in done.text
    assert "portal-flow__band" in done.text and "From country to country" in done.text
    secretary.post(scene.path, data={"optimal_for": "hosts"})
    drawn = newest(session, scene.call)
    assert (drawn.number, drawn.optimal_for) == (2, "hosts")
    jobs.run_match(stage.services, str(drawn.id))
    compared = secretary.get(f"{scene.path}?other=1")
    assert "Compared with" in compared.text and "otherwise than run 1" in compared.text


KEY = "8f0e1f0e-0000-4000-8000-000000000001"


def test_wrong_input_is_explained(cast: Cast, scene: Scene, as_: Browser) -> None:
    answer = as_(cast.secretary).post(scene.path, data={"optimal_for": "applicants", "seed": "<b>x"})
    assert answer.status_code == 422
    assert 'value="&lt;b&gt;x"' in answer.text
    assert as_(cast.secretary).post(scene.path, data={"seed": "3"}).status_code == 422
    assert as_(cast.secretary).post(scene.path, data={"optimal_for": "hosts", "seed": "-1"}).status_code == 422


def test_the_file_proves_itself(cast: Cast, stage: Stage, scene: Scene, as_: Browser) -> None:
    stage.dry_run(scene.call)
    answer = as_(cast.auditor).get(f"{scene.path}/1/file")
    assert answer.status_code == 200
    assert answer.headers["content-disposition"] == f'attachment; filename="{scene.call.slug}-match-1.json"'
    assert instances.objection(json.loads(answer.content)) is None
    assert scene.own.native_name not in answer.text and scene.own.roman_name not in answer.text


@pytest.mark.parametrize("step", ["ask", "confirm", "take-back", ""])
def test_only_the_secretariat_does_it(
    cast: Cast, stage: Stage, scene: Scene, as_: Browser, client: TestClient, step: str
) -> None:
    stage.dry_run(scene.call)
    path = f"{scene.path}/1/{step}" if step else scene.path
    data = {} if step else {"optimal_for": "applicants"}
    assert client.post(path, data=data).status_code == 401
    for person in (cast.stranger, cast.applicant, cast.host_coordinator, cast.auditor):
        assert as_(person).post(path, data=data).status_code == 403
    sent = as_(cast.secretary).post(path, data=data, headers={"sec-fetch-site": "cross-site"})
    assert sent.status_code == 403


@pytest.mark.parametrize("tail", ["", "/1", "/1/file"])
def test_only_the_secretariat_and_auditors_read_it(
    cast: Cast, stage: Stage, scene: Scene, as_: Browser, client: TestClient, tail: str
) -> None:
    stage.dry_run(scene.call)
    assert client.get(scene.path + tail).status_code == 303
    for person in (cast.stranger, cast.applicant, cast.host_coordinator):
        assert as_(person).get(scene.path + tail).status_code == 403
    for person in (cast.secretary, cast.auditor):
        assert as_(person).get(scene.path + tail).status_code == 200
    assert as_(cast.secretary).get(f"{scene.path}/99").status_code == 404


def test_two_secretaries_publish(session: Session, cast: Cast, stage: Stage, scene: Scene, as_: Browser) -> None:
    run = stage.dry_run(scene.call)
    first, second = as_(cast.secretary), as_(make.secretary(session, "Third secretary"))
    assert first.post(f"{scene.path}/1/confirm").status_code == 409
    assert first.post(f"{scene.path}/1/take-back").status_code == 409
    assert first.post(f"{scene.path}/1/ask").status_code == 303
    assert second.post(f"{scene.path}/1/ask").status_code == 409
    assert "Matches to confirm" in second.get("/").text
    assert "Matches to confirm" not in first.get("/").text
    refused = first.post(f"{scene.path}/1/confirm")
    assert refused.status_code == 409 and "second member" in refused.text
    assert "Confirm and publish" not in first.get(f"{scene.path}/1").text
    assert "Confirm and publish" in second.get(f"{scene.path}/1").text
    assert first.post(f"{scene.path}/1/take-back").status_code == 303
    assert first.post(f"{scene.path}/1/ask").status_code == 303
    assert second.post(f"{scene.path}/1/confirm").status_code == 303
    assert second.post(f"{scene.path}/1/take-back").status_code == 409
    applicant = as_(cast.applicant)
    assert applicant.get(f"/applications/{scene.own.id}/result").status_code == 404
    assert "are not published yet" in as_(cast.host_coordinator).get(f"/openings/{scene.plain.id}/result").text
    assert "See the result" not in applicant.get(f"/applications/{scene.own.id}").text
    jobs.publish_match(stage.services, str(run.id))
    assert "See the result" in applicant.get(f"/applications/{scene.own.id}").text
    assert "You got your second choice." in applicant.get(f"/applications/{scene.own.id}/result").text


def test_everybody_reads_why(session: Session, cast: Cast, stage: Stage, scene: Scene, as_: Browser) -> None:
    stage.published(scene.call)
    own = as_(cast.applicant).get(f"/applications/{scene.own.id}/result").text
    assert "Its places, 1 in all, went to candidates whom the host ranked above you." in own
    assert "not an offer yet" in own and "See what became of it" not in own
    for other in (scene.lucky, scene.waiting):
        assert str(other.id) not in own and other.number not in own
    waits = as_(cast.other_applicant).get(f"/applications/{scene.waiting.id}/result").text
    assert "you are on the reserve list" in waits and "The reserve list lives until:" in waits
    assert "Your place on its reserve list: 2" in waits or "Your place on its reserve list: 1" in waits
    host = as_(cast.host_coordinator).get(f"/openings/{scene.plain.id}/result").text
    assert "Places that stayed empty: 1" in host and "You listed fewer candidates than there were places." in host
    assert str(stage.placement(scene.own).id) in host
    for person in (cast.secretary, cast.auditor, cast.home_coordinator):
        assert as_(person).get(f"/applications/{scene.own.id}/result").status_code == 200


def test_after_the_offer_the_result_leads_to_it(cast: Cast, stage: Stage, scene: Scene, as_: Browser) -> None:
    stage.published(scene.call)
    placement = stage.placement(scene.own)
    for step in (Step.APPROVE, Step.DECLINE):
        stage.step(scene.own, step)
        own = as_(cast.applicant).get(f"/applications/{scene.own.id}/result").text
        assert "not an offer yet" not in own and f'href="/placements/{placement.id}"' in own


def test_others_read_nothing(cast: Cast, stage: Stage, scene: Scene, as_: Browser, client: TestClient) -> None:
    stage.published(scene.call)
    result, hosted = f"/applications/{scene.own.id}/result", f"/openings/{scene.plain.id}/result"
    assert [client.get(path).headers["location"][:8] for path in (result, hosted)] == ["/sign-in"] * 2
    assert as_(cast.stranger).get(result).status_code == 404
    assert as_(cast.other_applicant).get(result).status_code == 404
    assert as_(cast.host_coordinator).get(result).status_code == 403
    assert as_(cast.other_coordinator).get(hosted).status_code == 404


def test_the_end_of_the_reserve_list_is_said(session: Session, cast: Cast, stage: Stage, as_: Browser) -> None:
    scene = Scene(session, cast, reserve_days=0)
    stage.published(scene.call)
    page = as_(cast.other_applicant).get(f"/applications/{scene.waiting.id}/result").text
    assert "the reserve list has ended" in page and "Your place on its reserve list" not in page


def test_a_moved_applicant_reads_the_new_result(cast: Cast, stage: Stage, scene: Scene, as_: Browser) -> None:
    stage.published(scene.call, seed=favouring(scene))
    stage.step(scene.lucky, Step.REFUSE)
    stage.go_on(scene.call)
    assert "You got your first choice." in as_(cast.applicant).get(f"/applications/{scene.own.id}/result").text
    runs = as_(cast.secretary).get(scene.path).text
    assert "Re-run after a place became free" in runs
    assert as_(cast.secretary).get(f"{scene.path}/2").status_code == 200
    waits = as_(cast.other_applicant).get(f"/applications/{scene.waiting.id}/result").text
    assert "the lottery decided" in waits


def favouring(scene: Scene) -> int:
    """A seed whose lottery puts the applicant before the one who waits."""
    names = [scene.own.number, scene.waiting.number]
    return next(s for s in range(99) if lottery(s, names)[names[0]] < lottery(s, names)[names[1]])  # type: ignore[index, arg-type]


def test_lists_cost_the_same_for_one_and_three(
    session: Session, cast: Cast, stage: Stage, scene: Scene, app: FastAPI, database: Database, as_: Browser
) -> None:
    secretary = as_(cast.secretary)

    def cost() -> int:
        secretary.get(scene.path)
        with counted(database) as seen:
            assert secretary.get(scene.path).status_code == 200
            assert secretary.get(f"{scene.path}/1").status_code == 200
        return len(seen)

    stage.dry_run(scene.call)
    one = cost()
    stage.dry_run(scene.call)
    stage.dry_run(scene.call)
    assert cost() == one
