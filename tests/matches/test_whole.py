"""Thirty applicants through a match; the exported file on the command line; jobs that really commit."""

import json
import random
import subprocess
import sys
import uuid
from collections import Counter
from pathlib import Path

from fastapi import FastAPI
from sqlmodel import Session, col, select

from portal.applications.models import Application, Outcome
from portal.calls.models import Call
from portal.jobs.registry import Services
from portal.matches import actions, jobs, queries, scenes
from portal.matches.models import Result, Run, Vacancy
from portal.openings.models import Opening
from portal.placements import actions as placement_actions
from portal.placements import instances
from portal.placements import queries as placements
from portal.placements.matching import Side
from portal.placements.models import HOLDING, Placement
from portal.placements.rules import Step
from tests import make
from tests.jobs.running import run_jobs
from tests.matches.stage import Stage, a_call, nominated, ranks
from tests.people import Cast
from tests.racing import at_once

HOMES = ("MN-1", "JP-32", "KR-47")


def a_crowd(session: Session, people: int, places: int, seed: int = 3) -> tuple[Call, list[Opening], list[Application]]:
    """Applicants of three governments with three choices each; hosts rank most of who chose them, with ties."""
    chance, call = random.Random(seed), a_call(session)
    hosts = [make.government(session, code) for code in ("KR-47", "JP-32")]
    openings = [make.opening(session, call, hosts[n % 2], capacity=1 + n % 3) for n in range(places)]
    homes = [make.government(session, code) for code in HOMES]
    crowd = [nominated(session, *chance.sample(openings, 3), home=homes[n % 3], call=call) for n in range(people)]
    chosen = {opening.id: [] for opening in openings}  # type: ignore[var-annotated]
    wishes = scenes.read(session, call, is_continued=False).facts.applicants
    by_slug = {opening.slug: opening.id for opening in openings}
    for application in crowd:
        for slug in wishes[application.number or ""].wishes:
            chosen[by_slug[slug]].append(application)
    for opening in openings:
        listed = chance.sample(chosen[opening.id], k=len(chosen[opening.id]) * 4 // 5)
        ranks(session, opening, *(listed[n : n + 2] for n in range(0, len(listed), 2)))
    session.commit()
    return call, openings, crowd


def check_whole(session: Session, call: Call, openings: list[Opening], crowd: list[Application]) -> Run:
    """What the newest published run says is what the tables hold, everywhere."""
    session.expire_all()
    run = queries.newest_published(session, call.id)
    assert run is not None
    session.refresh(run, ["document"])
    document = json.loads(run.document or "")
    assert instances.objection(document) is None
    held = {p.application_id: p for p in session.exec(select(Placement).where(col(Placement.status).in_(HOLDING)))}
    taken = Counter(placement.opening_id for placement in held.values())
    assert all(taken[opening.id] <= opening.capacity for opening in openings)
    results = {each.application_id: each for each in session.exec(select(Result).where(Result.run_id == run.id))}
    for application in session.exec(select(Application).where(col(Application.id).in_([a.id for a in crowd]))):
        result, placement = results[application.id], held.get(application.id)
        assert result.opening_id == (placement.opening_id if placement else None)
        assert result.placement_id == (placement.id if placement else None)
        assert (application.outcome is Outcome.MATCHED) == (placement is not None)
        assert len(result.verdicts) == 3
    left = {v.opening_id: v.places_left for v in session.exec(select(Vacancy).where(Vacancy.run_id == run.id))}
    assert left == {o.id: o.capacity - taken[o.id] for o in openings if o.capacity > taken[o.id]}
    return run


def test_thirty_applicants_from_lists_to_the_last_place(session: Session, stage: Stage) -> None:
    call, openings, crowd = a_crowd(session, 30, 8)
    stage.published(call, seed=42)
    check_whole(session, call, openings, crowd)
    told = Counter(template for template, _address in stage.told())
    outcomes = Counter(str(application.outcome) for application in crowd)
    assert told["matched"] == outcomes["matched"] and told["reserve"] == outcomes["reserve"]
    assert told["no_place"] == outcomes["unmatched"]
    chance = random.Random(9)
    for _ in range(12):
        proposed = [each for each in crowd if each.id in stage.places()]
        someone = chance.choice(proposed)
        if stage.placement(someone).status != "proposed":
            continue
        if chance.random() < 0.4:
            stage.step(someone, Step.REFUSE)
        else:
            stage.step(someone, Step.APPROVE)
            if chance.random() < 0.6:
                stage.step(someone, Step.DECLINE)
        stage.go_on(call)
        if queries.newest_published(session, call.id).number > 1:  # type: ignore[union-attr]
            check_whole(session, call, openings, crowd)
        before = len(stage.runs(call))
        stage.go_on(call)
        assert len(stage.runs(call)) == before
    assert len(stage.runs(call)) > 3


def verified(path: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "portal", "verify-match", str(path)], capture_output=True, text=True, timeout=60,
        check=False,
    )  # fmt: skip


def test_the_exported_file_on_the_command_line(session: Session, stage: Stage, tmp_path: Path) -> None:
    call, _openings, _crowd = a_crowd(session, 12, 5)
    document = stage.dry_run(call, seed=8).document or ""
    path = tmp_path / "run.json"
    path.write_text(document, encoding="utf-8")
    assert verified(path).returncode == 0
    tampered = json.loads(document)
    lucky = next(name for name, slug in tampered["matching"].items() if slug)
    tampered["matching"][lucky] = None
    path.write_text(json.dumps(tampered), encoding="utf-8")
    refused = verified(path)
    assert refused.returncode == 1 and lucky in refused.stdout + refused.stderr


def test_the_order_of_the_rows_changes_nothing(session: Session, cast: Cast, stage: Stage) -> None:
    """The same lists, entered in another order, give the same input."""
    call = a_call(session)
    one, other = (make.opening(session, call, cast.host, capacity=1) for _ in range(2))
    a, b = nominated(session, one, other), nominated(session, other, one)
    ranks(session, one, [a, b])
    ranks(session, other, [a, b])
    first = stage.dry_run(call)
    ranks(session, other, [b, a])
    ranks(session, one, [b, a])
    second = stage.dry_run(call)
    assert first.input_sha256 == second.input_sha256
    assert json.loads(first.document or "")["matching"] == json.loads(second.document or "")["matching"]


def test_jobs_that_really_commit(real_app: FastAPI) -> None:
    """The real queue: a run, its publication, a refusal, and what follows by itself."""
    database = real_app.state.database
    with database.session(writes=True) as session:
        call = a_call(session)
        opening = make.opening(session, call, make.government(session), capacity=1)
        one, two = (nominated(session, opening) for _ in range(2))
        ranks(session, opening, one, two)
        first, second = (make.viewer(session, make.secretary(session)) for _ in range(2))
        run = actions.ask_for_run(session, call, optimal_for=Side.APPLICANTS, seed=1, by=first)
        ids = call.id, run.id, one.id, two.id
    run_jobs(real_app)
    with database.session(writes=True) as session:
        call, run = session.get_one(Call, ids[0]), session.get_one(Run, ids[1])
        actions.ask_to_publish(session, call, run, by=first, origin="http://here")
        actions.confirm(session, call, run, by=second)
    assert holders(real_app) == []
    run_jobs(real_app)
    assert holders(real_app) == [ids[2]]
    with database.session(writes=True) as session:
        placement = session.exec(select(Placement).options(*placements.WHOLE)).one()
        placement.approved_by = placement.proposed_by
        placement_actions.take_step(session, placement, Step.REFUSE, by=placement.proposed_by)
    run_jobs(real_app)
    assert holders(real_app) == [ids[3]]


def test_many_workers_pass_a_place_on_once(real_app: FastAPI) -> None:
    services = Services(real_app.state.settings, real_app.state.database)
    with services.database.session(writes=True) as session:
        call = a_call(session)
        opening = make.opening(session, call, make.government(session), capacity=1)
        one, two = (nominated(session, opening) for _ in range(2))
        ranks(session, opening, one, two)
        make.match_run(session, call, one, two)
        placement = make.placement(session, "declined", application=one, opening=opening)
        assert placement.status == "declined"
        call_id, next_id = str(call.id), two.id
    at_once([lambda: jobs.continue_match(services, call_id)] * 6)
    assert holders(real_app) == [next_id]
    with services.database.session(writes=False) as session:
        assert [run.number for run in session.exec(select(Run).order_by(col(Run.number)))] == [1, 2]


def holders(app: FastAPI) -> list[uuid.UUID]:
    with app.state.database.session(writes=False) as session:
        return list(session.exec(select(Placement.application_id).where(col(Placement.status).in_(HOLDING))))
