"""Computing a deal, and making it."""

import uuid
from collections.abc import Iterator, Sequence
from itertools import groupby

import structlog

from portal.deals import actions, computing, making, queries
from portal.deals.making import Pair
from portal.jobs.registry import Services, job

log = structlog.get_logger()
CHUNK = 300  # readings in one transaction, save that an essay's are never parted


@job(actions.COMPUTE)
def compute(services: Services, deal_id: str) -> None:
    """It reads, works outside any transaction, and writes what came out."""
    key, origin = uuid.UUID(deal_id), services.settings.public_origin
    with services.database.session(writes=True) as session:
        begun = actions.begin(session, key)
    if begun is None:
        return
    try:
        work = computing.work(begun.given, begun.seed)
        with services.database.session(writes=True) as session:
            actions.finish(session, key, begun.given, work, origin=origin)
    except Exception:
        with services.database.session(writes=True) as session:
            actions.fail(session, key)
        raise
    log.info("deal computed", deal=deal_id, readings=len(work.pairs))


@job(actions.MAKE)
def make(services: Services, deal_id: str) -> None:
    """A job that was cut off begins anew and finds what was given."""
    key = uuid.UUID(deal_id)
    with services.database.session(writes=False) as session:
        pairs = queries.pairs(session, key)
    done = 0
    for chunk in chunks(pairs):
        done += len(chunk)
        with services.database.session(writes=True) as session:
            if not making.give(session, key, chunk, percent=done * 100 // len(pairs)):
                return
    with services.database.session(writes=True) as session:
        is_new = making.conclude(session, key, origin=services.settings.public_origin)
    if is_new:
        log.info("deal made", deal=deal_id, readings=len(pairs))


def chunks(pairs: Sequence[Pair]) -> Iterator[list[Pair]]:
    chunk: list[Pair] = []
    for _essay, some in groupby(sorted(pairs), key=lambda pair: pair[0]):
        chunk += some
        if len(chunk) >= CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
