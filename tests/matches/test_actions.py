"""Runs, publication with four eyes, and places that are passed on."""

import datetime as dt
import json

import pytest
from sqlmodel import Session, select

from portal.applications.models import Application, Outcome
from portal.calls.models import Call, CallStatus
from portal.clock import now
from portal.errors import Conflict, NotAllowed
from portal.matches import actions, jobs, queries, rules
from portal.matches.models import Kind, Result, Run, State, Vacancy, Vacant
from portal.openings.models import Opening, OpeningStatus
from portal.placements import instances
from portal.placements.matching import Side
from portal.placements.models import Origin, Placement, PlacementStatus, Reason
from portal.placements.rules import Step
from tests import make
from tests.matches.stage import ORIGIN, Stage, a_call, nominated, ranks
from tests.people import Cast


def verdicts(session: Session, application: Application) -> list[str]:
    session.expire_all()
    return [each["code"] for each in queries.result_of(session, application).verdicts]


def outcome(session: Session, application: Application) -> Outcome | None:
    session.expire_all()
    return session.get_one(Application, application.id).outcome


def test_a_dry_run_changes_nothing_and_proves_itself(session: Session, cast: Cast, stage: Stage) -> None:
    call = a_call(session)
    opening = make.opening(session, call, cast.host, capacity=1)
    one, two = nominated(session, opening), nominated(session, opening)
    ranks(session, opening, two, one)
    run = stage.dry_run(call, seed=11)
    assert (run.state, run.progress, run.kind, run.published_at) == (State.DONE, 100, Kind.DRY, None)
    document = json.loads(run.document or "")
    assert instances.objection(document) is None
    assert document["matching"] == {one.number: None, two.number: opening.slug}
    assert document["seed"] == 11 and run.input_sha256 == document["sha256"]
    assert stage.places() == {} and stage.told() == []
    assert session.exec(select(Result)).all() == []
    assert outcome(session, one) is None


def test_it_is_published_by_two(session: Session, cast: Cast, stage: Stage) -> None:
    call = a_call(session)
    opening = make.opening(session, call, cast.host, capacity=1)
    empty = make.opening(session, call, cast.host, capacity=3)
    one, two, three = (nominated(session, opening) for _ in range(3))
    ranks(session, opening, two, one)
    run = stage.dry_run(call)
    stage.ask(call, run)
    with pytest.raises(Conflict, match="second member"):
        actions.confirm(session, call, run, by=stage.first)
    stage.confirm(call, run)
    assert outcome(session, one) is None
    jobs.publish_match(stage.services, str(run.id))
    jobs.publish_match(stage.services, str(run.id))
    assert stage.places() == {two.id: opening.id}
    assert [outcome(session, each) for each in (one, two, three)] == ["reserve", "matched", "unmatched"]
    placement = stage.placement(two)
    assert (placement.status, placement.origin, placement.seat) == (PlacementStatus.PROPOSED, Origin.MATCH, 1)
    assert verdicts(session, one) == ["better_ranked"]
    assert verdicts(session, two) == ["matched"]
    assert verdicts(session, three) == ["not_listed"]
    vacancy = session.exec(select(Vacancy)).one()
    assert (vacancy.opening_id, vacancy.places_left, vacancy.reason) == (empty.id, 3, Vacant.NOBODY_CHOSE)
    assert queries.positions(session, queries.result_of(session, one)) == {opening.id: 1}
    templates = [template for template, _address in stage.told()]
    assert {"matched", "reserve", "no_place", "to_confirm"} <= set(templates)
    assert [templates.count(name) for name in ("matched", "reserve", "no_place")] == [1, 1, 1]


def test_publication_is_refused(session: Session, cast: Cast, stage: Stage) -> None:
    early = a_call(session, rankings_due_at=now() + dt.timedelta(days=1))
    run = stage.dry_run(early)
    with pytest.raises(Conflict, match="still open"):
        stage.ask(early, run)
    call = a_call(session)
    opening = make.opening(session, call, cast.host)
    one = nominated(session, opening)
    run = stage.dry_run(call)
    ranks(session, opening, one)
    with pytest.raises(Conflict, match="have changed"):
        stage.ask(call, run)
    again = stage.dry_run(call)
    stage.ask(call, again)
    other = stage.dry_run(call)
    with pytest.raises(Conflict, match="asked for already"):
        stage.ask(call, other)
    actions.take_back(session, stage.fresh(again), by=stage.first)
    session.commit()
    with pytest.raises(Conflict, match="Nobody asked"):
        stage.confirm(call, again)
    with pytest.raises(NotAllowed):
        actions.ask_to_publish(session, call, other, by=make.viewer(session, cast.stranger), origin=ORIGIN)


def test_a_deadline_that_moved_after_the_confirmation_stops_it(session: Session, cast: Cast, stage: Stage) -> None:
    call = a_call(session)
    ranks(session, opening := make.opening(session, call, cast.host), nominated(session, opening))
    run = stage.dry_run(call)
    stage.ask(call, run)
    stage.confirm(call, run)
    call.rankings_due_at = now() + dt.timedelta(days=1)
    session.commit()
    jobs.publish_match(stage.services, str(run.id))
    run = stage.fresh(run)
    assert (run.published_at, run.confirmed_by, stage.places()) == (None, None, {})
    assert "still open" in run.failure


def test_an_archived_call_publishes_nothing(session: Session, stage: Stage) -> None:
    call = a_call(session)
    run = stage.dry_run(call)
    call.status = CallStatus.ARCHIVED
    session.commit()
    with pytest.raises(Conflict, match="published call"):
        stage.ask(call, run)


def test_who_applied_does_not_publish_the_results(session: Session, cast: Cast, stage: Stage) -> None:
    call = a_call(session)
    nominated(session, make.opening(session, call, cast.host), applicant=cast.secretary)
    run = stage.dry_run(call)
    with pytest.raises(Conflict, match="applied in this call yourself"):
        stage.ask(call, run)
    actions.ask_to_publish(session, call, run, by=stage.second, origin=ORIGIN)
    with pytest.raises(Conflict, match="applied in this call yourself"):
        actions.confirm(session, call, run, by=stage.first)


def test_lists_that_changed_after_the_confirmation_stop_it(session: Session, cast: Cast, stage: Stage) -> None:
    call = a_call(session)
    opening = make.opening(session, call, cast.host)
    one = nominated(session, opening)
    run = stage.dry_run(call)
    stage.ask(call, run)
    stage.confirm(call, run)
    ranks(session, opening, one)
    session.commit()
    jobs.publish_match(stage.services, str(run.id))
    run = stage.fresh(run)
    assert (run.published_at, run.kind, run.confirmed_by, stage.places()) == (None, Kind.DRY, None, {})
    assert "have changed" in run.failure
    assert stage.published(call).published_at is not None
    with pytest.raises(Conflict, match="published already"):
        stage.ask(call, stage.dry_run(call))


def a_chain(session: Session, cast: Cast) -> tuple[Call, Opening, Opening, list[Application]]:
    """Two openings with a place each; three applicants who prefer the first, ranked one, two, three by both."""
    call = a_call(session)
    good = make.opening(session, call, cast.host, capacity=1)
    plain = make.opening(session, call, cast.elsewhere, capacity=1)
    people = [nominated(session, good, plain) for _ in range(3)]
    ranks(session, good, *people)
    ranks(session, plain, *people)
    return call, good, plain, people


@pytest.mark.parametrize("how", ["decline", "lapse", "refuse", "withdraw"])
def test_a_freed_place_goes_on_in_a_chain(session: Session, cast: Cast, stage: Stage, how: str) -> None:
    call, good, plain, (one, two, three) = a_chain(session, cast)
    first = stage.published(call)
    assert stage.places() == {one.id: good.id, two.id: plain.id}
    assert queries.positions(session, queries.result_of(session, three)) == {good.id: 2, plain.id: 1}
    if how == "refuse":
        stage.step(one, Step.REFUSE)
    elif how == "withdraw":
        stage.step(one, Step.RELEASE)
        one.status, one.merit = "withdrawn", None
    elif how == "decline":
        stage.step(one, Step.APPROVE)
        stage.step(one, Step.DECLINE)
    else:
        stage.step(one, Step.APPROVE, expires_at=now() - dt.timedelta(seconds=1))
    before = stage.told()
    stage.go_on(call)
    # Whom the host refused takes part again, elsewhere; the others have left.
    following = one if how == "refuse" else three
    assert stage.places() == {two.id: good.id, following.id: plain.id}
    runs = stage.runs(call)
    assert [run.kind for run in runs] == [Kind.FIRST, Kind.CONTINUED]
    assert (runs[1].seed, runs[1].optimal_for, runs[1].asked_by) == (first.seed, first.optimal_for, None)
    assert instances.objection(json.loads(runs[1].document or "")) is None
    left = {"refuse": "matched", "withdraw": "matched"}.get(how, "unmatched")
    assert outcome(session, one) == left
    assert [outcome(session, each) for each in (two, three)] == ["matched", "reserve" if how == "refuse" else "matched"]
    news = [template for template, _address in stage.told() if template in {"matched", "moved", "reserve", "no_place"}]
    assert len(news) == len([each for each in before if each[0] in {"matched", "reserve"}]) + 2
    assert news.count("moved") == 1
    stage.go_on(call)
    assert len(stage.runs(call)) == 2


def test_approved_and_accepted_places_stay(session: Session, cast: Cast, stage: Stage) -> None:
    call, good, plain, (one, two, three) = a_chain(session, cast)
    stage.published(call)
    stage.step(two, Step.APPROVE)
    stage.step(one, Step.APPROVE)
    stage.step(one, Step.DECLINE)
    stage.go_on(call)
    assert stage.places() == {two.id: plain.id, three.id: good.id}
    assert verdicts(session, two) == ["better_ranked", "matched"]
    assert verdicts(session, one) == ["left", "left"]


def test_a_closed_opening_takes_no_one(session: Session, cast: Cast, stage: Stage) -> None:
    call, good, _plain, (one, _two, three) = a_chain(session, cast)
    stage.published(call)
    stage.step(one, Step.RELEASE, reason_code=Reason.HOST_WITHDREW)
    session.get_one(type(good), good.id).status = OpeningStatus.CLOSED
    stage.go_on(call)
    assert good.id not in stage.places().values()
    assert outcome(session, three) == "reserve"


def test_after_the_reserve_list_ended_nothing_goes_on(session: Session, cast: Cast, stage: Stage) -> None:
    call, _good, plain, (one, two, three) = a_chain(session, cast)
    run = stage.published(call)
    run.published_at = now() - dt.timedelta(days=call.reserve_days, seconds=1)
    stage.step(one, Step.REFUSE)
    stage.go_on(call)
    stage.go_on(call)
    assert stage.places() == {two.id: plain.id}
    assert outcome(session, three) == "unmatched"
    assert [template for template, _address in stage.told()].count("reserve_ended") == 1


def test_a_place_outside_the_match_is_respected(session: Session, cast: Cast, stage: Stage) -> None:
    call, good, plain, (one, _two, three) = a_chain(session, cast)
    make.placement(session, "proposed", application=three, opening=good, origin="manual", origin_reason="As agreed.")
    run = stage.published(call)
    assert stage.places() == {three.id: good.id, one.id: plain.id}
    document = json.loads(run.document or "")
    assert document["about"]["fixed"] == [{"applicant": three.number, "host": good.slug, "reason": "placed"}]
    assert document["input"]["hosts"][good.slug]["capacity"] == 0
    assert verdicts(session, one) == ["taken", "matched"]
    assert ("outside", session.get_one(type(cast.applicant), three.applicant_id).email) in stage.told()


def test_rules_of_the_call_remove_pairs(session: Session, cast: Cast, stage: Stage) -> None:
    call = a_call(session, blocked_pairs=[["KR", "MN"]])
    korean = make.opening(session, call, cast.host)
    own = make.opening(session, call, cast.home)
    one = nominated(session, korean, own, home=cast.home)
    ranks(session, korean, one)
    ranks(session, own, one)
    run = stage.published(call)
    about = json.loads(run.document or "")["about"]
    assert {(row["host"], row["reason"]) for row in about["removed"]} == {
        (korean.slug, "blocked_pair"),
        (own.slug, "own_government"),
    }
    assert verdicts(session, one) == ["blocked_pair", "own_government"]
    assert outcome(session, one) == "unmatched"


def test_who_waited_is_counted_no_more_once_withdrawn(session: Session, cast: Cast, stage: Stage) -> None:
    call, good, plain, (one, two, three) = a_chain(session, cast)
    four = nominated(session, good, plain)
    ranks(session, plain, one, two, three, four)
    stage.published(call)
    assert queries.positions(session, queries.result_of(session, four)) == {plain.id: 2}
    waiting = session.get_one(Application, three.id)
    waiting.status, waiting.merit = "withdrawn", None
    session.flush()
    assert queries.positions(session, queries.result_of(session, four)) == {plain.id: 1}


def test_the_side_that_is_favoured(session: Session, cast: Cast, stage: Stage) -> None:
    call = a_call(session)
    here, there = (make.opening(session, call, cast.host, capacity=1) for _ in range(2))
    one, two = nominated(session, here, there), nominated(session, there, here)
    ranks(session, here, two, one)
    ranks(session, there, one, two)
    for_people = json.loads(stage.dry_run(call).document or "")["matching"]
    for_hosts = json.loads(stage.dry_run(call, optimal_for=Side.HOSTS).document or "")["matching"]
    assert for_people == {one.number: here.slug, two.number: there.slug}
    assert for_hosts == {one.number: there.slug, two.number: here.slug}


def test_a_fault_is_shown_and_a_new_attempt_can_mend_it(session: Session, stage: Stage) -> None:
    call = a_call(session)
    run = actions.ask_for_run(session, call, optimal_for=Side.APPLICANTS, seed=None, by=stage.first)
    assert 0 <= run.seed < rules.DRAWN_UP_TO
    actions.begin(session, run.id)
    actions.fail(session, run.id, "Something broke.")
    session.commit()
    assert (stage.fresh(run).state, stage.fresh(run).failure) == (State.FAILED, "Something broke.")
    jobs.run_match(stage.services, str(run.id))
    assert (stage.fresh(run).state, stage.fresh(run).failure) == (State.DONE, "")
    assert isinstance(session.get(Run, run.id), Run) and session.exec(select(Placement)).all() == []
