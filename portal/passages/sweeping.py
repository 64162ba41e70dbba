"""Comparing every essay with every other at once: after a change of how that is done, or for whole editions.

Texts are read, fingerprinted and compared outside of writing transactions, which are short: the portal goes on
meanwhile. What changes on the way is left to the job of that submission.
"""

import uuid
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple, TypeVar

import numpy as np
from sqlmodel import Session

from portal.clock import now
from portal.db import Database
from portal.passages import actions, pairing, queries, rules
from portal.passages.folding import Flags, Numbers, are_in

T = TypeVar("T")
ESSAYS = 1000  # whose fingerprints are kept in one transaction
PAIRS = 250


class Swept(NamedTuple):
    """How many essays were looked at, how many of these fingerprinted, and how many pairs compared and found."""

    essays: int
    fingerprinted: int
    compared: int
    found: int


def compare_all(database: Database, edition_id: uuid.UUID | None = None) -> Swept:
    """Compares the essays of an edition (all there are) with all others; their earlier pairs are replaced."""
    began = now()
    with database.session(writes=False) as session:
        ids = queries.sent_ids(session, edition_id)
    fingerprinted = sum(_fingerprint(database, some) for some in _batches(ids, ESSAYS))
    with database.session(writes=False) as session:
        pairs, common = _pairs(session, set(ids)), queries.common(session)
    found = sum(_compare(database, some, common) for some in _batches(pairs, PAIRS))
    for some in _batches(ids, ESSAYS):
        with database.session(writes=True) as session:
            actions.one_at_a_time(session)
            actions.finish(session, some, began)
    return Swept(len(ids), fingerprinted, len(pairs), found)


def _batches(things: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    return (things[begin : begin + size] for begin in range(0, len(things), size))


def _fingerprint(database: Database, ids: Collection[uuid.UUID]) -> int:
    """Those whose text is not the one that was fingerprinted; how many."""
    with database.session(writes=False) as session:
        texts, known = queries.sent_texts(session, ids), queries.fingerprinted(session, ids)
    digests = {essay_id: each.digest for essay_id, each in known.items()}
    changed = [each for each in texts.values() if digests.get(each.essay_id) != rules.digest(each.text)]
    printed = [actions.fingerprint(each)._replace(before=digests.get(each.essay_id)) for each in changed]
    if printed:
        with database.session(writes=True) as session:
            actions.one_at_a_time(session)
            actions.keep(session, printed)
    return len(printed)


def _pairs(session: Session, wanted: Collection[uuid.UUID]) -> list[tuple[uuid.UUID, uuid.UUID]]:
    """The pairs worth comparing of which one at least is wanted."""
    known = queries.sizes(session)
    numbers = np.array(sorted(known), np.int64)
    ids, sizes = [known[n][0] for n in numbers.tolist()], np.array([known[n][1] for n in numbers.tolist()], np.int64)
    rows = queries.in_common(session)
    rows = rows._replace(essays=np.searchsorted(numbers, rows.essays))
    is_wanted = np.array([essay_id in wanted for essay_id in ids], np.bool_)
    matches = [_only(found, is_wanted) for found in pairing.matches(rows)]
    alike = [(ids[one], ids[other]) for one, other in pairing.worth_comparing(matches, sizes)]
    return list(dict.fromkeys(_sorted(pair) for pair in [*alike, *_crowded(session, wanted)]))


def _only(found: pairing.Matches, is_wanted: Flags) -> pairing.Matches:
    kept = is_wanted[found.ours] | is_wanted[found.theirs]
    return pairing.Matches(*(column[kept] for column in found))


def _crowded(session: Session, wanted: Collection[uuid.UUID]) -> Iterator[tuple[uuid.UUID, uuid.UUID]]:
    """Pairs of those who have a text that very many have; there are none, or a scandal."""
    common = queries.common(session)
    if not len(common):
        return
    for some in _batches(sorted(wanted), ESSAYS):
        for known in queries.fingerprinted(session, some).values():
            hashes = queries.hashes_of(known)
            if pairing.is_crowded(len(hashes), int(are_in(hashes, common).sum())):
                numbers = queries.fullest(session, hashes, but=known.number or 0, most=actions.CROWD)
                yield from ((known.essay_id, other.essay_id) for other in queries.by_number(session, numbers))


def _sorted(pair: tuple[uuid.UUID, uuid.UUID]) -> tuple[uuid.UUID, uuid.UUID]:
    return min(pair), max(pair)


def _compare(database: Database, pairs: Collection[tuple[uuid.UUID, uuid.UUID]], common: Numbers) -> int:
    ids = {essay_id for pair in pairs for essay_id in pair}
    with database.session(writes=False) as session:
        texts, known = queries.sent_texts(session, ids), queries.fingerprinted(session, ids)
        given = queries.given(session, {text.edition_id for text in texts.values()})
    current = {essay_id for essay_id, text in texts.items() if known[essay_id].digest == rules.digest(text.text)}
    listed = [(texts[one], texts[other]) for one, other in pairs if {one, other} <= current]
    found = actions.align(listed, known, common, given)
    with database.session(writes=True) as session:
        actions.one_at_a_time(session)
        now_known = queries.fingerprinted(session, ids)
        changed = {essay_id for essay_id in ids if now_known[essay_id].digest != known[essay_id].digest}
        kept = {pair: shared for pair, shared in found.items() if not changed & set(pair)}
        actions.write(session, kept)
    return len(kept)
