"""Making runs, publishing one with four eyes, and passing on places that become free.

`take_step` alone sets the state of a run. Locks are taken in one order: call, run, openings, applications, placements.
"""

import uuid
from typing import NamedTuple

from sqlmodel import Session, col

from portal.accounts import queries as accounts
from portal.accounts.viewer import Viewer
from portal.calls.models import Call
from portal.clock import now
from portal.errors import Conflict, NotAllowed
from portal.history.actions import record
from portal.i18n import Lazy
from portal.jobs.queue import enqueue
from portal.mail.actions import send
from portal.matches import inputs, publishing, queries, rules, scenes, working
from portal.matches.inputs import Input
from portal.matches.models import Kind, Run, State
from portal.matches.rules import Step
from portal.matches.working import Work
from portal.placements import actions as placements
from portal.placements.matching import Side
from portal.placements.models import Placement

WORK, PUBLISH = "run_match", "publish_match"


def refuse(reason: Lazy | None) -> None:
    if reason is not None:
        raise Conflict(reason)


def ensure(viewer: Viewer) -> None:
    if not rules.may(viewer):
        raise NotAllowed


def take_step(session: Session, run: Run, step: Step, *, progress: int) -> None:
    run.state, run.progress = rules.after(run.state, step), progress
    session.add(run)


# Runs


def ask_for_run(session: Session, call: Call, *, optimal_for: Side, seed: int | None, by: Viewer) -> Run:
    """A dry run, which a job does. The call is locked: numbers are given one after another."""
    ensure(by)
    refuse(rules.why_no_run(call, is_published=queries.published_first(session, call.id) is not None))
    drawn = rules.new_seed() if seed is None else seed
    number = queries.next_number(session, call)
    run = Run(call_id=call.id, number=number, optimal_for=optimal_for, seed=drawn, asked_by=by.id)
    session.add(run)
    session.flush()
    details = {"call": call.slug, "number": run.number, "seed": drawn, "optimal_for": optimal_for.value}
    record(session, "match run asked for", "match_run", run.id, by=by.id, **details)
    enqueue(session, WORK, str(run.id), key=str(run.id))
    return run


class Begun(NamedTuple):
    """What a run works on, outside any transaction."""

    given: Input
    seed: int
    optimal_for: Side
    about: dict[str, object]


def begin(session: Session, run_id: uuid.UUID) -> Begun | None:
    """Reads the input of a run; None if it was done already."""
    run = queries.locked(session, run_id)
    if run.state is State.DONE:
        return None
    take_step(session, run, Step.START, progress=10)
    call = session.get_one(Call, run.call_id)
    given = inputs.build(scenes.read(session, call, is_continued=False).facts)
    return Begun(given, run.seed, run.optimal_for, _about(run))


def _about(run: Run) -> dict[str, object]:
    return {"run": run.number, "made_at": now().isoformat(timespec="seconds")}


def show_progress(session: Session, run_id: uuid.UUID, percent: int) -> None:
    queries.locked(session, run_id).progress = percent


def finish(session: Session, run_id: uuid.UUID, done: Work) -> None:
    run = queries.locked(session, run_id)
    if run.state is State.DONE:
        return
    _keep(run, done)
    take_step(session, run, Step.FINISH, progress=100)
    record(session, "match run done", "match_run", run.id, by=None, sha256=done.sha256)


def _keep(run: Run, done: Work) -> None:
    run.document, run.input_sha256, run.statistics = done.document, done.sha256, done.statistics
    run.finished_at, run.failure = now(), ""


def fail(session: Session, run_id: uuid.UUID, failure: str) -> None:
    run = queries.locked(session, run_id)
    if run.state is State.RUNNING:
        run.failure, run.finished_at = failure, now()
        take_step(session, run, Step.FAIL, progress=run.progress)


# Publication: asked by one, confirmed by another, done by a job


def ask_to_publish(session: Session, call: Call, run: Run, *, by: Viewer, origin: str) -> None:
    ensure(by)
    _refuse_own(session, call, by)
    first, asked = queries.published_first(session, call.id), queries.waits_for_publication(session, call)
    refuse(rules.why_no_publication(run, call, now(), first=first, asked=asked))
    _refuse_changed(session, call, run)
    run.publication_asked_by, run.publication_asked_at, run.failure = by.id, now(), ""
    record(session, "publication of a match asked for", "match_run", run.id, by=by.id, sha256=run.input_sha256)
    for secretary in accounts.secretaries(session):
        if secretary.id != by.id:
            link = f"{origin}/calls/{call.slug}/match/{run.number}"
            send(session, "matches/to_confirm", to=accounts.recipient(secretary), call=call, run=run, link=link)


def _refuse_own(session: Session, call: Call, by: Viewer) -> None:
    if queries.applied(session, by, call):
        raise Conflict(rules.OWN_CALL)


def _refuse_changed(session: Session, call: Call, run: Run) -> None:
    refuse(_why_changed(inputs.build(scenes.read(session, call, is_continued=False).facts), run))


def _why_changed(given: Input, run: Run) -> Lazy | None:
    return rules.CHANGED if working.sha256(given) != run.input_sha256 else None


def take_back(session: Session, run: Run, *, by: Viewer) -> None:
    """The one who asked, or a colleague who does not agree."""
    ensure(by)
    refuse(rules.why_not_taken_back(run))
    _forget_publication(run)
    record(session, "publication of a match taken back", "match_run", run.id, by=by.id)


def _forget_publication(run: Run) -> None:
    run.kind = Kind.DRY
    run.publication_asked_by = run.publication_asked_at = run.confirmed_by = run.confirmed_at = None


def confirm(session: Session, call: Call, run: Run, *, by: Viewer) -> None:
    """The second pair of eyes; a job publishes."""
    ensure(by)
    _refuse_own(session, call, by)
    refuse(rules.why_not_confirmed(run, call, now()))
    if not rules.may_confirm(by, run):
        raise Conflict(rules.SAME_PERSON)
    _refuse_changed(session, call, run)
    run.kind, run.confirmed_by, run.confirmed_at = Kind.FIRST, by.id, now()
    record(session, "publication of a match confirmed", "match_run", run.id, by=by.id, sha256=run.input_sha256)
    enqueue(session, PUBLISH, str(run.id), key=f"{run.id}:{run.confirmed_at.isoformat()}")


def publish(session: Session, run_id: uuid.UUID, *, origin: str) -> bool:
    """All of it in this transaction, so that everybody learns it at one instant. Whether this made it so."""
    call = queries.locked_call(session, session.get_one(Run, run_id).call_id)
    run = queries.locked(session, run_id)
    if run.confirmed_by is None or run.published_at is not None:
        return False
    rows = _lock_rows(session, call)
    scene = scenes.read(session, call, is_continued=False)
    given = inputs.build(scene.facts)
    objection = rules.why_not_published(call, now()) or _why_changed(given, run)
    if objection is not None:
        _forget_publication(run)
        run.failure = str(objection)
        record(session, "publication of a match given up", "match_run", run.id, by=None)
        return False
    done = working.work(given, seed=run.seed, optimal_for=run.optimal_for, about=_about(run))
    run.published_at = now()
    ends_at = rules.reserve_ends_at(call, run.published_at)
    published = publishing.Published(call, run, scene, given, done, rows, run.confirmed_by, ends_at)
    publishing.publish(session, published, origin)
    record(session, "match published", "match_run", run.id, by=run.confirmed_by, call=call.slug, sha256=done.sha256)
    return True


def _lock_rows(session: Session, call: Call) -> publishing.Rows:
    """In the order of locks; offers whose time is over are noted with it."""
    places = scenes.lock_openings(session, call)
    applications = scenes.lock_applications(session, call)
    of_call = col(Placement.opening_id).in_([*places])
    while placements.lapse_expired(session, of_call):
        pass
    return publishing.Rows(places, applications, scenes.lock_placements(session, call))


# When a place becomes free


def go_on(session: Session, call_id: uuid.UUID, *, origin: str) -> Run | None:
    """Passes on the free places of a call by the same rule; None if there is nothing to pass on or nobody to have it.

    Done twice or late, it changes nothing: what was passed on is no longer free.
    """
    call = queries.locked_call(session, call_id)
    first = queries.published_first(session, call_id)
    if first is None or first.published_at is None or first.confirmed_by is None:
        return None
    if not rules.reserve_lives(call, first.published_at, now()):
        publishing.end_reserve(session, call, origin)
        return None
    rows = _lock_rows(session, call)
    scene = scenes.read(session, call, is_continued=True)
    given = inputs.build(scene.facts)
    last = queries.newest_published(session, call_id)
    if last is None or not _has_free_place(given) or working.sha256(given) == last.input_sha256:
        return None
    return _continued(session, call, first, last, publishing.Begun(scene, given, rows), origin)


def _has_free_place(given: Input) -> bool:
    kept = list(given.facts.kept.values())
    return any(capacity > kept.count(slug) for slug, capacity in given.capacities.items())


def _continued(session: Session, call: Call, first: Run, last: Run, begun: publishing.Begun, origin: str) -> Run | None:
    assert first.confirmed_by is not None and first.published_at is not None, "it was published"
    run = Run(
        call_id=call.id, number=queries.next_number(session, call), kind=Kind.CONTINUED, seed=first.seed,
        optimal_for=first.optimal_for, published_at=now(), state=State.RUNNING,
    )  # fmt: skip
    done = working.work(begun.given, seed=run.seed, optimal_for=run.optimal_for, about=_about(run))
    before = publishing.Before(queries.results(session, last), queries.vacancies(session, last))
    ends_at = rules.reserve_ends_at(call, first.published_at)
    published = publishing.Published(
        call, run, begun.scene, begun.given, done, begun.rows, first.confirmed_by, ends_at, before
    )
    if not publishing.changes_anything(published):
        return None
    _keep(run, done)
    take_step(session, run, Step.FINISH, progress=100)
    session.flush()
    publishing.publish(session, published, origin)
    record(session, "match continued", "match_run", run.id, by=None, call=call.slug, sha256=done.sha256)
    return run
