"""What the match does in the background, and what without anybody asking."""

import uuid

import structlog

from portal.jobs.registry import Services, job
from portal.matches import actions, queries, working

log = structlog.get_logger()
FAILED = "The run stopped because of a fault in the portal: {kind}"


@job("run_match")
def run_match(services: Services, run_id: str) -> None:
    """A dry run. It reads, works outside any transaction, and writes what came out."""
    key = uuid.UUID(run_id)
    with services.database.session(writes=True) as session:
        begun = actions.begin(session, key)
    if begun is None:
        return
    try:
        done = working.work(begun.given, seed=begun.seed, optimal_for=begun.optimal_for, about=begun.about)
        with services.database.session(writes=True) as session:
            actions.show_progress(session, key, 80)
        with services.database.session(writes=True) as session:
            actions.finish(session, key, done)
    except Exception as error:
        with services.database.session(writes=True) as session:
            actions.fail(session, key, FAILED.format(kind=type(error).__name__))
        raise


@job("publish_match")
def publish_match(services: Services, run_id: str) -> None:
    """What two secretaries decided, at one instant. A second run finds it done."""
    with services.database.session(writes=True) as session:
        is_published = actions.publish(session, uuid.UUID(run_id), origin=services.settings.public_origin)
    log.info("match published" if is_published else "match not published", run=run_id)


@job("continue_match")
def continue_match(services: Services, call_id: str) -> None:
    """Passes on the places of this call that became free."""
    with services.database.session(writes=True) as session:
        run = actions.go_on(session, uuid.UUID(call_id), origin=services.settings.public_origin)
    if run is not None:
        log.info("match continued", call=call_id, run=run.number)


@job("continue_matches", cron="*/10 * * * *")
def continue_matches(services: Services) -> None:
    """A net under the above, and the end of reserve lists: each call in a transaction of its own."""
    with services.database.session(writes=False) as session:
        calls = queries.calls_to_continue(session)
    for call_id in calls:
        continue_match(services, str(call_id))
