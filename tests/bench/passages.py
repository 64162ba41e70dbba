"""Screening ten thousand essays of 5 KB for shared passages at once: hash, store, look up, pair, compare, write.

    python -m tests.bench.passages
    python -m tests.bench.passages 500
    TEST_DATABASE_URL=postgresql://postgres@/postgres?host=/tmp/pg python -m tests.bench.passages

Prints the seconds in all and of each step, how many copies of each kind were found, how many pairs were found that
share nothing but everybody's phrases, and what all of it takes on the disk. Ends with 1 if it takes longer than the
limit, if a whole or a half copy was not found, or at a false alarm.
"""

import datetime as dt
import random
import resource
import sys
import tempfile
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, select

from portal.clock import now
from portal.contests.models import Edition
from portal.db import Database
from portal.essays.models import Essay, EssayStatus, Submission
from portal.passages import actions, queries, sweeping
from portal.passages.models import SharedPassages
from portal.web import logs
from tests import database as databases
from tests import make
from tests.bench import writing
from tests.bench.writing import Copying, Written

ESSAYS = 10_000
COPIES = 0.01  # of all essays, of each kind
QUOTING = 0.5
SECONDS = 60.0
Pair = frozenset[uuid.UUID]


@dataclass
class Planted:
    """Who copied from whom, and how."""

    essays: dict[uuid.UUID, Written] = field(default_factory=dict)
    copies: dict[Pair, Copying] = field(default_factory=dict)


def planted(count: int, seed: int = 1) -> Planted:
    """So many essays in six languages; of each kind of copying one in a hundred is copied from one of the others."""
    dice, made = random.Random(seed), Planted()
    each = max(int(count * COPIES), len(writing.LANGUAGES))
    codes = list(writing.LANGUAGES)
    for number in range(count - each * len(Copying)):
        written = writing.essay(codes[number % len(codes)], dice, quotes=dice.random() < QUOTING)
        made.essays[_id(dice)] = written
    originals = list(made.essays.items())
    for number, kind in enumerate(kind for kind in Copying for _copy in range(each)):
        original_id, original = originals[number]
        copy_id = _id(dice)
        made.essays[copy_id] = writing.copy(original, kind, dice)
        made.copies[frozenset((original_id, copy_id))] = kind
    return made


def _id(dice: random.Random) -> uuid.UUID:
    return uuid.UUID(int=dice.getrandbits(128))


def write(session: Session, edition: Edition, essays: dict[uuid.UUID, Written]) -> None:
    """As they lie in the portal after they were sent."""
    rows: list[dict[str, Any]] = [
        {"id": essay_id, "language": each.language, "title": "Across the river", "text": each.text, "at": now()}
        for essay_id, each in essays.items()
    ]
    session.execute(sa.insert(Essay), [_essay(row, edition) for row in rows])
    session.execute(sa.insert(Submission), [_submission(row) for row in rows])


def _essay(row: dict[str, Any], edition: Edition) -> dict[str, Any]:
    given = {name: row[name] for name in ("id", "language", "title", "text")}
    theme = {"edition_id": edition.id, "theme_id": edition.themes[0].id}
    return {**given, **theme, "status": EssayStatus.SUBMITTED, "submitted_at": row["at"]}


def _submission(row: dict[str, Any]) -> dict[str, Any]:
    sent = {"essay_id": row["id"], "number": 1, "submitted_at": row["at"], "digest": "0" * 64}
    return {"id": uuid.uuid4(), **sent, "title": row["title"], "text": row["text"], "notes": ""}


@contextmanager
def portal(folder: Path) -> Iterator[Database]:
    made = Database(databases.empty_url(folder, f"bench_{uuid.uuid4().hex[:12]}"))
    databases.build(made)
    make.registry(made)
    yield made
    made.dispose()
    databases.drop(made.url.render_as_string(hide_password=False))


def found(session: Session) -> set[Pair]:
    return {frozenset(pair) for pair in session.exec(select(SharedPassages.essay_id, SharedPassages.other_id)).all()}


# Steps

STEPS = {
    "reading the texts": (queries, "sent_texts"),
    "folding and hashing": (actions, "fingerprint"),
    "storing fingerprints": (actions, "keep"),
    "looking up and pairing": (sweeping, "_pairs"),
    "comparing texts": (actions, "align"),
    "writing what was found": (actions, "write"),
}


@dataclass
class Spent:
    """By the clock, and of this process's processor time: on a busy machine the second says more."""

    seconds: float = 0.0
    processor: float = 0.0


@contextmanager
def timed() -> Iterator[dict[str, Spent]]:
    """Seconds of each step while inside."""
    spent = {name: Spent() for name in STEPS}
    before = {name: getattr(*place) for name, place in STEPS.items()}
    for name, (module, function) in STEPS.items():
        setattr(module, function, _timed(before[name], spent[name]))
    yield spent
    for name, (module, function) in STEPS.items():
        setattr(module, function, before[name])


def _timed(function: Callable[..., Any], spent: Spent) -> Callable[..., Any]:
    def measured(*arguments: Any, **named: Any) -> Any:
        began, processor = time.perf_counter(), time.process_time()
        try:
            return function(*arguments, **named)
        finally:
            spent.seconds += time.perf_counter() - began
            spent.processor += time.process_time() - processor

    return measured


def one_by_one(database: Database, essay_ids: list[uuid.UUID]) -> float:
    """Milliseconds of the job after a submission, on average, beside all the others."""
    with database.session(writes=True) as session:
        forget = sa.text("UPDATE fingerprinted SET compared_at = NULL WHERE essay_id = :id")
        for essay_id in essay_ids:
            session.execute(forget.bindparams(sa.bindparam("id", type_=sa.Uuid())), {"id": essay_id})
    began = time.perf_counter()
    for essay_id in essay_ids:
        with database.session(writes=True) as session:
            actions.compare(session, essay_id)
    return (time.perf_counter() - began) / len(essay_ids) * 1000


# What is printed


def _recall(copies: dict[Pair, Copying], pairs: set[Pair]) -> dict[Copying, tuple[int, int]]:
    kinds = Counter(copies.values())
    hits = Counter(kind for pair, kind in copies.items() if pair in pairs)
    return {kind: (hits[kind], kinds[kind]) for kind in Copying}


def _size(database: Database) -> str:
    with database.session(writes=False) as session:
        rows = session.execute(sa.text("SELECT count(*) FROM fingerprint")).scalar_one()
        if database.is_sqlite:
            return f"{rows:,} fingerprints; the file is {Path(str(database.url.database)).stat().st_size / 1e6:.0f} MB"
        size = session.execute(sa.text("SELECT pg_total_relation_size('fingerprint')")).scalar_one()
        return f"{rows:,} fingerprints; their table and its index are {size / 1e6:.0f} MB"


def main() -> int:
    logs.set_up("ERROR")
    count = int(sys.argv[1]) if len(sys.argv) > 1 else ESSAYS
    with tempfile.TemporaryDirectory() as folder, portal(Path(folder)) as database:
        made = planted(count)
        with database.session(writes=True) as session:
            write(session, make.edition(session, opens_at=now() - dt.timedelta(days=99)), made.essays)
        before = _size(database)
        began, processor = time.perf_counter(), time.process_time()
        with timed() as spent:
            swept = sweeping.compare_all(database)
        seconds, processor = time.perf_counter() - began, time.process_time() - processor
        with database.session(writes=False) as session:
            pairs = found(session)
        print(f"{count:,} essays: {seconds:.1f} s ({processor:.1f} s of processor time)")
        for name, took in spent.items():
            print(f"  {name:28} {took.seconds:6.1f} s ({took.processor:.1f} s)")
        print(f"{swept.compared:,} pairs compared, {swept.found:,} found")
        recall = _recall(made.copies, pairs)
        for kind, (hits, of) in recall.items():
            print(f"  {kind:28} {hits} of {of}")
        false = len(pairs - set(made.copies))
        print(f"{false} false alarms among {count * (count - 1) // 2 - len(made.copies):,} independent pairs")
        print(f"before: {before}\nafter:  {_size(database)}")
        print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
        print(f"one submission beside them: {one_by_one(database, list(made.essays)[:100]):.0f} ms")
    missed = any(recall[kind][0] < recall[kind][1] for kind in (Copying.WHOLE, Copying.HALF))
    return int(seconds > SECONDS or missed or false > 0)


if __name__ == "__main__":
    sys.exit(main())
