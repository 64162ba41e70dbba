"""Up, down and up again on filled databases; a migration killed in the middle leaves the old or the new, never half."""

import datetime as dt
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from sqlmodel import AutoString, SQLModel

from portal.db import Database, UtcDateTime
from portal.migrations import run
from tests import database as databases

pytestmark = pytest.mark.slow

VERSIONS = run.FOLDER / "versions"
UPGRADE = (
    "import sys; from portal.db import Database; from portal.migrations import run;"
    "database = Database(sys.argv[1]); print('begins', flush=True); run.upgrade(database)"
)


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Database]:
    url = databases.empty_url(tmp_path, f"empty_{uuid.uuid4().hex[:12]}")
    made = Database(url)
    yield made
    made.dispose()
    databases.drop(url)


def tables(database: Database) -> set[str]:
    with database.engines.read.connect() as connection:
        return set(sa.inspect(connection).get_table_names()) - {"alembic_version"}


def test_the_models_and_the_migrations_agree(empty: Database) -> None:
    run.upgrade(empty)
    with run.alone(empty) as connection:
        command.check(run.config(connection))


def test_it_knows_whether_it_is_newest(empty: Database) -> None:
    assert not run.is_newest(empty)
    run.upgrade(empty, "0001")
    assert not run.is_newest(empty)
    run.upgrade(empty)
    assert run.is_newest(empty)


def test_down_and_up_again_with_a_row_in_every_table(empty: Database) -> None:
    run.upgrade(empty)
    with empty.session(writes=True) as session:
        fill(session.connection())
    run.downgrade(empty, "base")
    assert tables(empty) & set(SQLModel.metadata.tables) == set()
    run.upgrade(empty)
    assert tables(empty) >= set(SQLModel.metadata.tables)


SENT = dt.datetime(2027, 1, 9, tzinfo=dt.UTC)
# What earlier releases kept of reminders, by table, and what of it the ledger of all rules has now.
BEFORE: dict[str, tuple[dict[str, Any], list[tuple[str, str]]]] = {
    "silence_warning": (
        {"call_id": "call", "government_id": "government", "days": 14, "warned_at": SENT},
        [("silence", "-14 days"), ("nominations", "-14 days")],
    ),
    "ranking_reminder": ({"opening_id": "opening", "days": 7, "reminded_at": SENT}, [("rankings", "-7 days")]),
    "proposal_reminder": ({"placement_id": "placement", "days": 3, "reminded_at": SENT}, [("proposals", "+3 days")]),
    "agreement_reminder": (
        {"placement_id": "placement", "party": "guardian", "days": 3, "sent_at": SENT},
        [("agreements", "guardian +3 days")],
    ),
    "final_report_reminder": (
        {"placement_id": "placement", "due_on": dt.date(2027, 3, 1), "kind": "day_after", "sent_at": SENT},
        [("reports", "+1 days")],
    ),
    "consent_reminder": (
        {"id": uuid.UUID(int=3), "guardian_id": "consent_guardian", "days": 13, "sent_at": SENT},
        [("guardians", "+13 days")],
    ),
}


def test_what_was_reminded_of_before_is_not_reminded_of_again(empty: Database) -> None:
    run.upgrade(empty)
    with empty.session(writes=True) as session:
        fill(session.connection())
        session.connection().execute(sa.text("DELETE FROM reminded"))
    run.downgrade(empty, "0008")
    with empty.session(writes=True) as session:
        connection = session.connection()
        for table, (row, _kept) in BEFORE.items():
            _insert(connection, table, row)
        connection.execute(sa.update(_table(connection, "placement")).values(reminded_last_day_at=SENT))
    run.upgrade(empty)
    expected = {kept for _row, each in BEFORE.values() for kept in each} | {("last_day", "-1 days")}
    with empty.session(writes=False) as session:
        found = session.connection().execute(sa.text("SELECT rule, step, address FROM reminded")).all()
    assert {(rule, step) for rule, step, _to in found} >= expected
    assert ("stays", "departure intern 1 +1 days") in {(rule, step) for rule, step, _to in found}
    assert {to for _rule, _step, to in found} == {""}


def _table(connection: sa.Connection, name: str) -> sa.Table:
    return sa.Table(name, sa.MetaData(), autoload_with=connection)


def _insert(connection: sa.Connection, name: str, row: dict[str, Any]) -> None:
    """A name of a table stands for the id of its only row, or of its first."""
    given = {
        column: connection.scalar(sa.text(f'SELECT id FROM "{value}" LIMIT 1')) if column.endswith("_id") else value
        for column, value in row.items()
    }
    table = _table(connection, name)
    columns = {key: value.hex if isinstance(value, uuid.UUID) and connection.dialect.name == "sqlite" else value
               for key, value in given.items()}  # fmt: skip
    connection.execute(sa.insert(table).values(columns))


def fill(connection: sa.Connection) -> None:
    """One row in each table, that its references and checks accept."""
    made: dict[str, dict[str, Any]] = {}
    for table in SQLModel.metadata.sorted_tables:
        if table.name in {"history_head", "mail_server"}:  # a migration wrote their only row
            continue
        made[table.name] = {column.name: _value(column, made) for column in table.columns if _needed(column)}
        made[table.name].update(FITTING.get(table.name, {}))
        connection.execute(sa.insert(table).values(made[table.name]))


# What checks ask for beyond a column's type.
SECRETARY = {"role": "secretary", "government_id": None, "edition_id": None}
FITTING: dict[str, dict[str, Any]] = {
    "agreement": {"refusal": ""},
    "agreement_signature": {"party": "intern"},
    "authorship": {"entered_by": None},
    "call": {"answer_days": 7},
    "consent": {"method": "link", "entered_by": None},
    "disqualification": {"settled_by": None},
    "redaction": {"ends": 2},
    "match_run": {"confirmed_by": None},
    "placement": {"starts_on": dt.date(2027, 1, 1), "ends_on": dt.date(2027, 2, 1)},
    "role_grant": SECRETARY,
    "judge": {"excluded_by": None},
    "verdict": {"outcome": "awarded", "confirmed_by": None},
    "withheld": {"confirmed_by": None},
    "jury_meeting": {"closed_by": None, "confirmed_by": None},
    "publication": {"confirmed_by": None},
    "declared_conflict": {"essay_id": None},
    "appeal": {"decided_by": None},
    "diploma": {"revoked_by": None, "revoked_reason": ""},
    "invitation": {**SECRETARY, "accepted_by": None},
    "certificate": {"revoked_by": None, "revoked_reason": ""},
    "alumnus": {"sentence": "", "hidden_by": None, "hidden_reason": ""},
    "interview_slot": {"minutes": 30, "taken_at": dt.datetime(2027, 1, 1, tzinfo=dt.UTC)},
    "stay": {"waived_at": dt.datetime(2027, 1, 1, tzinfo=dt.UTC)},
    "stay_extension": {"answered_at": dt.datetime(2027, 1, 9, tzinfo=dt.UTC), "is_agreed": True},
    "letter": {"received_at": dt.datetime(2027, 1, 1, tzinfo=dt.UTC)},
}


def _needed(column: sa.Column[Any]) -> bool:
    return not column.nullable or bool(column.foreign_keys)


def _value(column: sa.Column[Any], made: dict[str, dict[str, Any]]) -> Any:
    for reference in column.foreign_keys:
        table, name = reference.target_fullname.split(".")
        if table in made:
            return made[table][name]
        return None
    if isinstance(column.type, sa.Enum):
        return column.type.enum_class and next(iter(column.type.enum_class))
    if isinstance(column.type, (sa.String, AutoString)):
        return "x" * min(column.type.length or 9, 9)
    # A later column is a later day: checks ask that ends follow beginnings.
    position = dt.timedelta(days=list(column.table.columns).index(column))
    value = next(value for kind, value in SIMPLE if isinstance(column.type, kind))
    return value + position if isinstance(value, dt.date) else value


SIMPLE: tuple[tuple[type, Any], ...] = (
    (sa.JSON, {}), (sa.Boolean, False), (sa.Integer, 1), (sa.Float, 1.0), (sa.Uuid, uuid.UUID(int=7)),
    (sa.LargeBinary, b"x"),
    (UtcDateTime, dt.datetime(2027, 1, 1, tzinfo=dt.UTC)), (sa.Date, dt.date(2027, 1, 1)),
)  # fmt: skip


def test_a_failing_migration_changes_nothing(empty: Database, tmp_path: Path) -> None:
    run.upgrade(empty)
    before = tables(empty)
    folder = with_another(tmp_path, "op.create_table('half', sa.Column('id', sa.Integer()))\n    raise RuntimeError")
    with pytest.raises(RuntimeError):
        run.upgrade(empty, folder=folder)
    assert tables(empty) == before
    assert run.is_newest(empty)


def test_a_migration_that_leaves_dangling_references_is_refused(empty: Database, tmp_path: Path) -> None:
    if not empty.is_sqlite:
        pytest.skip("PostgreSQL checks references itself")
    run.upgrade(empty)
    orphan = (
        "INSERT INTO sign_in (id, person_id, token_digest, began_at, browser) VALUES ('a', 'b', 'c', '2027-01-01', '')"
    )
    with pytest.raises(RuntimeError, match="sign_in"):
        run.upgrade(empty, folder=with_another(tmp_path, f'op.execute("{orphan}")'))
    with empty.engines.write.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        assert connection.exec_driver_sql("SELECT count(*) FROM sign_in").scalar() == 0


def with_another(folder: Path, body: str) -> Path:
    """A copy of the migrations with one more."""
    copied = folder / "migrations"
    shutil.copytree(run.FOLDER, copied, ignore=shutil.ignore_patterns("__pycache__"))
    head = max(path.name[:4] for path in VERSIONS.glob("0*.py"))
    (copied / "versions" / "9999_one_more.py").write_text(
        "import os\nimport time\nfrom pathlib import Path\n\nimport sqlalchemy as sa\nfrom alembic import op\n\n"
        f"revision = '9999'\ndown_revision = '{head}'\n\n\ndef upgrade():\n    {body}\n\n\ndef downgrade():\n    pass\n"
    )
    return copied


STEPS = """
    for number in range(6):
        op.create_table(f'step_{number}', sa.Column('id', sa.Integer(), primary_key=True))
        op.execute(f'INSERT INTO step_{number} (id) VALUES (1)')
        op.add_column('person', sa.Column(f'step_{number}', sa.Integer()))
        Path(MARK).write_text(str(number))
        time.sleep(0.4)
"""


@pytest.mark.parametrize("step", [0, 2, 5])
def test_a_killed_migration_leaves_the_old_state_and_the_next_succeeds(
    empty: Database, tmp_path: Path, step: int
) -> None:
    run.upgrade(empty)
    before = tables(empty)
    empty.dispose()
    mark = tmp_path / "mark"
    folder = with_another(tmp_path, STEPS.replace("MARK", repr(str(mark))))
    kill_at(empty, folder, mark, str(step))
    assert tables(empty) == before
    assert run.is_newest(empty), "the version still names the old state"
    run.upgrade(empty, folder=folder)
    assert tables(empty) == before | {f"step_{number}" for number in range(6)}


def kill_at(database: Database, folder: Path, mark: Path, step: str) -> None:
    program = (
        "import sys; from pathlib import Path; from portal.db import Database; from portal.migrations import run;"
        "run.upgrade(Database(sys.argv[1]), folder=Path(sys.argv[2]))"
    )
    url = database.url.render_as_string(hide_password=False)
    process = subprocess.Popen([sys.executable, "-c", program, url, str(folder)], cwd=databases.ROOT)
    until = time.monotonic() + 60
    while not mark.exists() or mark.read_text() != step:
        assert process.poll() is None, "the migration ended before it could be killed"
        assert time.monotonic() < until
        time.sleep(0.005)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()


def test_the_first_migration_killed_anywhere_leaves_nothing_or_all(empty: Database, tmp_path: Path) -> None:
    """From an empty database, at moments spread over the whole run."""
    url = empty.url.render_as_string(hide_password=False)
    for pause in (0.02, 0.1, 0.2, 0.3, 0.5, 0.8):
        process = subprocess.Popen(
            [sys.executable, "-c", UPGRADE, url], cwd=databases.ROOT, stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(pause)
        process.kill()
        process.wait()
        process.stdout.close()
        found = tables(empty)
        assert (found, run.is_newest(empty)) in ((set(), False), (set(SQLModel.metadata.tables), True))
    run.upgrade(empty)
    assert run.is_newest(empty)


def test_two_migrations_at_once_do_not_collide(empty: Database) -> None:
    url = empty.url.render_as_string(hide_password=False)
    failures: list[BaseException] = []

    def migrate() -> None:
        try:
            subprocess.run([sys.executable, "-c", UPGRADE, url], cwd=databases.ROOT, check=True, timeout=60)
        except BaseException as error:
            failures.append(error)

    both = [threading.Thread(target=migrate) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert failures == []
    assert run.is_newest(empty)


def test_one_connection_of_a_sqlite_database_can_write(empty: Database) -> None:
    """SQLite before 3.51.3 may corrupt its log when two connections write: there is only ever one."""
    if not empty.is_sqlite:
        pytest.skip("PostgreSQL takes many writers")
    run.upgrade(empty)
    writers = 0
    for engine in set(empty.engines):
        engine.pool._timeout = 0.1  # type: ignore[attr-defined]
        with ExitStack() as opened, pytest.raises(sa.exc.TimeoutError):
            while True:  # until the pool gives no more
                writers += can_write(opened.enter_context(engine.connect()))
    assert writers == 1


def can_write(connection: sa.Connection) -> bool:
    try:
        connection.exec_driver_sql("CREATE TABLE IF NOT EXISTS can_write (id INTEGER)")
        connection.exec_driver_sql("DROP TABLE can_write")
    except sa.exc.OperationalError as error:
        assert "readonly" in str(error)
        return False
    return True
