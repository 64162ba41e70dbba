"""Fingerprinting essays and writing down which share passages. Nothing is ever refused because of it."""

import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

import numpy as np
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, delete, or_, update

from portal.accounts.viewer import Viewer
from portal.clock import now
from portal.contests.models import Edition
from portal.essays.models import Essay
from portal.history.actions import record
from portal.jobs.queue import enqueue
from portal.passages import aligning, pairing, queries, rules, winnowing
from portal.passages.aligning import Shared
from portal.passages.folding import Numbers, fold
from portal.passages.models import Fingerprinted, SharedPassages
from portal.passages.queries import Sent

LOCK = 0x70A55A6E5
OTHERS = 50  # of one essay whose texts are compared, those with most fingerprints in common
CROWD = 20  # of those who have a text that very many have


# One essay


def compare(session: Session, essay_id: uuid.UUID) -> int:
    """Fingerprints what was sent last and compares it with every other essay; with how many it shares passages.

    A second run, and one for a draft, finds nothing to do. Of two essays that are sent at the same moment the one
    that comes second here sees the first.
    """
    one_at_a_time(session)
    sent = queries.sent_texts(session, [essay_id]).get(essay_id)
    known = queries.fingerprinted(session, [essay_id]).get(essay_id)
    if sent is None or (known and known.compared_at and known.digest == rules.digest(sent.text)):
        return 0
    printed = fingerprint(sent)
    kept = keep(session, [printed._replace(before=_digest_of(known))])[essay_id]
    found = _shared(session, sent, kept, printed.grams)
    session.execute(delete(SharedPassages).where(_touches([essay_id])))
    write(session, found)
    kept.compared_at = now()
    session.add(kept)
    return len(found)


def one_at_a_time(session: Session) -> None:
    """Fingerprints are kept and looked up by one transaction after the other, so that no two overlook each other.

    SQLite has one writer anyway.
    """
    if session.connection().dialect.name != "sqlite":
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))


def _shared(session: Session, sent: Sent, kept: Fingerprinted, prints: winnowing.Grams) -> "Found":
    common = queries.common(session, prints.hashes)
    numbers = _alike(session, kept, prints, common)
    others = queries.by_number(session, numbers[:OTHERS])
    texts = queries.sent_texts(session, [other.essay_id for other in others])
    given = queries.given(session, {sent.edition_id, *(text.edition_id for text in texts.values())})
    known = {each.essay_id: each for each in (kept, *others)}
    pairs = [in_order(sent, texts[other.essay_id]) for other in others if other.essay_id in texts]
    return align(pairs, known, _common_to(session, known.values()), given)


def _alike(session: Session, kept: Fingerprinted, prints: winnowing.Grams, common: Numbers) -> list[int]:
    """The numbers of the essays that are worth comparing with this one, the most alike first."""
    assert kept.number is not None, "it was flushed"
    rows = queries.holders(session, np.setdiff1d(prints.hashes, common), but=kept.number)
    numbers, theirs = np.unique(rows.essays, return_inverse=True)
    places = prints.positions[np.searchsorted(prints.hashes, rows.hashes)]
    found = [pairing.Matches(np.zeros_like(theirs), theirs + 1, rows.positions - places)] if len(numbers) else []
    others = queries.by_number(session, numbers.tolist())
    sizes = np.array([len(prints.hashes), *(len(other.hashes) // 8 for other in others)])
    alike = [int(numbers[other - 1]) for _own, other in pairing.worth_comparing(found, sizes)]
    if pairing.is_crowded(len(prints.hashes), len(common)):
        alike += queries.fullest(session, prints.hashes, but=kept.number, most=CROWD)
    return list(dict.fromkeys(alike))


def _common_to(session: Session, known: Iterable[Fingerprinted]) -> Numbers:
    return queries.common(session, np.unique(np.concatenate([queries.hashes_of(each) for each in known])))


# Fingerprints


class Printed(NamedTuple):
    """The fingerprints of a text, and the digest that was known of its essay when it was read."""

    essay_id: uuid.UUID
    digest: str
    grams: winnowing.Grams
    before: str | None = None


def fingerprint(sent: Sent) -> Printed:
    return Printed(sent.essay_id, rules.digest(sent.text), winnowing.fingerprints(fold(sent.text)))


def keep(session: Session, printed: Collection[Printed]) -> dict[uuid.UUID, Fingerprinted]:
    """Keeps the fingerprints of these essays instead of their earlier ones; nothing of one that changed meanwhile."""
    known = queries.fingerprinted(session, [each.essay_id for each in printed])
    current = [each for each in printed if _digest_of(known.get(each.essay_id)) == each.before]
    _drop(session, [known[each.essay_id] for each in current if each.essay_id in known])
    for each in current:
        row = known.setdefault(each.essay_id, Fingerprinted(essay_id=each.essay_id, digest=""))
        row.digest, row.hashes, row.compared_at = each.digest, each.grams.hashes.astype("<i8").tobytes(), None
    session.add_all(known.values())
    session.flush()
    _insert(session, [(known[each.essay_id].number or 0, each.grams) for each in current])
    return known


def _digest_of(known: Fingerprinted | None) -> str | None:
    return known.digest if known else None


def _drop(session: Session, known: Collection[Fingerprinted]) -> None:
    hashes, numbers = _columns([(each.number or 0, queries.hashes_of(each)) for each in known])
    if session.connection().dialect.name == "sqlite":
        statement = "DELETE FROM fingerprint WHERE hash = ? AND number = ?"
        _many(session, statement, list(zip(hashes.tolist(), numbers.tolist(), strict=True)))
    else:
        gone = "SELECT * FROM unnest(CAST(:hashes AS bigint[]), CAST(:numbers AS integer[]))"
        statement = f"DELETE FROM fingerprint WHERE (hash, number) IN ({gone})"  # noqa: S608 - two constants
        session.execute(sa.text(statement), {"hashes": hashes.tolist(), "numbers": numbers.tolist()})


def _insert(session: Session, printed: Collection[tuple[int, winnowing.Grams]]) -> None:
    """In the order of the table, which then is written once from its first page to its last."""
    hashes, numbers = _columns([(number, grams.hashes) for number, grams in printed])
    positions = np.concatenate([grams.positions for _number, grams in printed] or [queries.NOBODYS])
    order = np.lexsort((numbers, hashes))
    columns = [column[order].tolist() for column in (hashes, numbers, positions)]
    if session.connection().dialect.name == "sqlite":
        statement = "INSERT INTO fingerprint (hash, number, position) VALUES (?, ?, ?)"
        _many(session, statement, list(zip(*columns, strict=True)))
    else:
        rows = "unnest(CAST(:hashes AS bigint[]), CAST(:numbers AS integer[]), CAST(:positions AS integer[]))"
        statement = f"INSERT INTO fingerprint (hash, number, position) SELECT * FROM {rows}"  # noqa: S608 - constants
        session.execute(sa.text(statement), dict(zip(("hashes", "numbers", "positions"), columns, strict=True)))


def _columns(hashes: Collection[tuple[int, Numbers]]) -> tuple[Numbers, Numbers]:
    every = np.concatenate([found for _number, found in hashes] or [queries.NOBODYS])
    numbers = np.repeat([number for number, _found in hashes], [len(found) for _number, found in hashes])
    return every, numbers.astype(np.int64)


def _many(session: Session, statement: str, rows: list[tuple[int, ...]]) -> None:
    """Of a million rows a dictionary each would cost more than the database does."""
    if rows:
        session.connection().exec_driver_sql(statement, rows)


# Pairs

Pair = tuple[Sent, Sent]
Found = dict[tuple[uuid.UUID, uuid.UUID], Shared]


def in_order(one: Sent, other: Sent) -> Pair:
    return (one, other) if one.essay_id < other.essay_id else (other, one)


def align(
    pairs: Iterable[Pair], known: Mapping[uuid.UUID, Fingerprinted], common: Numbers,
    given: Mapping[uuid.UUID, Numbers],
) -> Found:  # fmt: skip
    """What these texts share exactly, of those that share enough to be shown."""
    listed = list(pairs)
    folded = {sent.essay_id: fold(sent.text) for pair in listed for sent in pair}
    found: Found = {}
    for pair in listed:
        one, other = (sent.essay_id for sent in pair)
        barred = queries.barred(known[one], known[other], common, [given[sent.edition_id] for sent in pair])
        shared = aligning.compare(folded[one], folded[other], barred)
        if shared.is_worth_showing:
            found[one, other] = shared
    return found


def write(session: Session, found: Found) -> None:
    insert = sqlite.insert if session.connection().dialect.name == "sqlite" else postgresql.insert
    measures = ("share", "other_share", "units", "longest")
    rows = [
        {"id": uuid.uuid4(), "essay_id": one, "other_id": other, "found_at": now()}
        | {name: getattr(shared, name) for name in measures}
        for (one, other), shared in found.items()
    ]
    if not rows:
        return
    written = insert(SharedPassages).values(rows)
    anew = {name: written.excluded[name] for name in (*measures, "found_at")}
    session.execute(written.on_conflict_do_update(index_elements=["essay_id", "other_id"], set_=anew))


def _touches(ids: Collection[uuid.UUID]) -> sa.ColumnElement[bool]:
    return or_(col(SharedPassages.essay_id).in_(ids), col(SharedPassages.other_id).in_(ids))


def finish(session: Session, ids: Collection[uuid.UUID], began: dt.datetime) -> None:
    """All pairs of these essays were compared: what was found before is not found any more."""
    session.execute(delete(SharedPassages).where(_touches(ids), col(SharedPassages.found_at) < began))
    waiting = col(Fingerprinted.essay_id).in_(ids), col(Fingerprinted.compared_at).is_(None)
    session.execute(update(Fingerprinted).where(*waiting).values(compared_at=now()))


# What people ask for


def ask_to_compare_all(session: Session, edition: Edition, *, by: Viewer) -> None:
    """Once a minute is enough, whoever presses."""
    record(session, "had essays compared", "edition", edition.id, by=by.id, slug=edition.slug)
    enqueue(session, "compare_edition", str(edition.id), key=f"{edition.id}:{now():%Y-%m-%dT%H:%M}")


def note_reading(session: Session, essay: Essay, other: Essay, *, by: Viewer) -> None:
    record(session, "compared", "essay", essay.id, by=by.id, other=str(other.id))
