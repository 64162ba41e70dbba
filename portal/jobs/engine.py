"""The engine behind the jobs, DBOS: a job is a row of the portal's own database, and runs until it is done.

This is the only file that knows DBOS. docs/decisions/background-work.md says why it is this one.
"""

import datetime as dt
import fcntl
import logging
import signal
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import structlog
from dbos import DBOS, DBOSClient, DBOSConfig, StepOptions
from dbos._error import DBOSInitializationError
from dbos._serialization import DBOSPortableJSONSerializer
from dbos._sys_db import SystemDatabase

from portal.db import Database
from portal.errors import ConfigurationError
from portal.jobs import signs
from portal.jobs.registry import AT_START, JOBS, QUEUES, SCHEDULES, USUAL, Services
from portal.settings import Settings

log = structlog.get_logger()
NAME = "portal"
# What an unfinished job was called must not depend on the release that queued it: jobs are found by
# their own names, and a new release finishes what the old one began.
VERSION = "1"
AT_ONCE = 4  # jobs of one queue in one process
POLL_SECONDS = 0.25
STARTS = 20  # a job that takes its process down with it is given up after so many starts
OVER = ("SUCCESS", "ERROR", "MAX_RECOVERY_ATTEMPTS_EXCEEDED")
RETRIES = 4
PAUSE_SECONDS = 2.0
DRAIN_SECONDS = 25.0
LOCK_SECONDS = 10.0

# Its own handler writes to the console; ours are set by whoever starts the process.
logging.getLogger("dbos").addHandler(logging.NullHandler())
logging.getLogger("dbos").setLevel(logging.WARNING)


class _Worker:
    """What runs in this process: DBOS allows one a process."""

    def __init__(self) -> None:
        self.services: Services | None = None
        self.held = ExitStack()
        self.running = 0
        self.changed = threading.Condition()

    @contextmanager
    def at_work(self) -> Iterator[Services]:
        assert self.services is not None, "no job runs before launch or after stop"
        services = self.services
        with self.changed:
            self.running += 1
        try:
            yield services
        finally:
            with self.changed:
                self.running -= 1
                self.changed.notify_all()

    def wait(self, seconds: float) -> None:
        with self.changed:
            self.changed.wait_for(lambda: not self.running, seconds)


_worker = _Worker()


def migrate(database: Database) -> None:
    """Creates or updates the engine's own tables. Each step is one transaction; done twice, it does nothing."""
    if database.is_sqlite:
        _system(database).run_migrations()
    else:
        DBOS.migrate(database.url.render_as_string(hide_password=False))


def _system(database: Database) -> SystemDatabase:
    return SystemDatabase.create(
        system_database_url=str(database.url),
        engine_kwargs={},
        engine=database.engines.write,
        schema=None,
        serializer=DBOSPortableJSONSerializer(),
        executor_id=None,
    )


def put(
    connection: sa.Connection, job: str, arguments: Sequence[str], *, key: str | None, after: dt.timedelta | None
) -> None:
    """Queues a job within the connection's transaction. Needs neither a worker nor any network."""
    assert job in JOBS, f"no job is called {job}"
    options: dict[str, Any] = {"workflow_name": NAME, "queue_name": QUEUES.get(job, USUAL)}
    if key is not None:
        options["workflow_id"] = f"{job}:{key}"
    if after is not None:
        options["delay_seconds"] = after.total_seconds()
    _client(connection.dialect.name).enqueue_in_transaction(connection, options, job, list(arguments))  # type: ignore[arg-type]


def forget_done(connection: sa.Connection, queue: str, *, before: dt.datetime) -> None:
    """Removes what ended before, of a queue whose jobs only wake something: nobody asks for their keys again."""
    schema = None if connection.dialect.name == "sqlite" else "dbos"
    columns: list[sa.ColumnClause[object]] = [sa.column(name) for name in ("queue_name", "status", "created_at")]
    jobs = sa.table("workflow_status", *columns, schema=schema)
    connection.execute(
        sa.delete(jobs).where(
            jobs.c.queue_name == queue, jobs.c.status.in_(OVER), jobs.c.created_at < before.timestamp() * 1000
        )
    )


@lru_cache
def _client(dialect: str) -> DBOSClient:
    """Knows the tables; the connection is always the caller's, and this engine is never connected."""
    url = "sqlite://" if dialect == "sqlite" else "postgresql+psycopg://"
    return DBOSClient(
        system_database_engine=sa.create_engine(url),
        serializer=DBOSPortableJSONSerializer(),
        application_name=NAME,
        lazy=True,
    )


@DBOS.workflow(name=NAME, max_recovery_attempts=STARTS)
def _run(job: str, arguments: list[str]) -> None:
    """One queued job. After a crash it begins anew."""
    options: StepOptions = {
        "name": job,
        "retries_allowed": True,
        "max_attempts": RETRIES,
        "interval_seconds": PAUSE_SECONDS,
        "backoff_rate": 3.0,
    }
    DBOS.run_step(options, _do, job, arguments)


@DBOS.workflow(name="scheduled", max_recovery_attempts=STARTS)
def _run_scheduled(_at: dt.datetime, job: str) -> None:
    DBOS.run_step({"name": job}, _do, job, [])


def _do(job: str, arguments: list[str]) -> None:
    with _worker.at_work() as services:
        try:
            JOBS[job](services, *arguments)
        except Exception:
            log.exception("job failed", job=job, arguments=arguments)
            raise


def launch(settings: Settings, database: Database) -> None:
    """Begins to work in this process: first on what a killed one left, then on the queue.

    Raises ConfigurationError if the tables are missing or another process works under the same name.
    """
    assert _worker.services is None, "the worker of this process is running already"
    with ExitStack() as held:
        held.enter_context(_alone(settings, database))
        held.enter_context(signs.of_life(settings, database))
        held.callback(_end)
        _worker.services = Services(settings, database)
        _begin(settings, database)
        _worker.held = held.pop_all()


def stop() -> None:
    """Takes no new job, lets the running ones finish for a while; what is cut off begins anew at the next start."""
    _worker.held.close()


def _begin(settings: Settings, database: Database) -> None:
    DBOS(config=_config(settings, database))
    try:
        DBOS.launch()
    except DBOSInitializationError as error:
        raise ConfigurationError("the tables of the job queue are missing: run python -m portal migrate") from error
    for queue in {USUAL, *QUEUES.values()}:
        # Over all processes only the usual queue is limited: a place counts as taken until its killed worker is back.
        limit = 4 * AT_ONCE if queue == USUAL else None
        DBOS.register_queue(
            queue, worker_concurrency=AT_ONCE, global_concurrency=limit, polling_interval_sec=POLL_SECONDS,
            on_conflict="always_update",
        )  # fmt: skip
    _schedule()
    _catch_up(database)


def _catch_up(database: Database) -> None:
    with database.session(writes=True) as session:
        for job in AT_START:
            put(session.connection(), job, (), key=None, after=None)


def _config(settings: Settings, database: Database) -> DBOSConfig:
    config: DBOSConfig = {
        "name": NAME,
        "executor_id": settings.executor_id,
        "application_version": VERSION,
        "serializer": DBOSPortableJSONSerializer(),
        "run_migrations": False,
        "enable_otlp": False,
        "log_level": "WARNING",
    }
    if database.is_sqlite:  # the portal's one writing connection
        return {**config, "system_database_engine": database.engines.write}
    return {**config, "system_database_url": database.url.render_as_string(hide_password=False), "sys_db_pool_size": 5}


def _schedule() -> None:
    for old in DBOS.list_schedules():
        if old["schedule_name"] not in SCHEDULES:
            DBOS.delete_schedule(old["schedule_name"])
    DBOS.apply_schedules(
        [
            {
                "schedule_name": job,
                "workflow_fn": _run_scheduled,
                "schedule": f"0 {cron}",
                "context": job,
                "queue_name": QUEUES.get(job, USUAL),
            }
            for job, cron in SCHEDULES.items()
        ]
    )


def _end() -> None:
    if _worker.services is not None:
        _worker.services.stopping.set()
    DBOS.destroy(workflow_completion_timeout_sec=int(DRAIN_SECONDS) if _worker.running else 0)
    _worker.wait(DRAIN_SECONDS)
    _worker.services = None


@contextmanager
def _alone(settings: Settings, database: Database) -> Iterator[None]:
    """Two processes with one name would each take the other's running jobs for abandoned ones, and run them twice."""
    locked = _lock_file(database) if database.is_sqlite else _lock_name(settings, database)
    with locked:
        yield


@contextmanager
def _lock_file(database: Database) -> Iterator[None]:
    path = Path(f"{database.url.database}-worker")
    with path.open("w") as file:
        _within(LOCK_SECONDS, lambda: _flock(file.fileno()), f"another process is at work on {database.url.database}")
        yield


def _flock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def _lock_name(settings: Settings, database: Database) -> Iterator[None]:
    engine = sa.create_engine(database.url, poolclass=sa.NullPool, isolation_level="AUTOCOMMIT")
    lock = sa.select(sa.func.pg_try_advisory_lock(sa.func.hashtext(f"portal worker {settings.executor_id}")))
    refusal = f"another worker is called {settings.executor_id}: give this one a PORTAL_EXECUTOR_ID of its own"
    with engine.connect() as connection:
        _within(LOCK_SECONDS, lambda: bool(connection.scalar(lock)), refusal)
        yield
    engine.dispose()


def _within(seconds: float, attempt: Any, refusal: str) -> None:
    """A process that was just killed may hold its lock for a moment longer."""
    until = time.monotonic() + seconds
    while not attempt():
        if time.monotonic() > until:
            raise ConfigurationError(refusal)
        time.sleep(0.1)


def run_forever(settings: Settings, database: Database) -> None:
    """A process of its own for background work, until it is told to stop. PostgreSQL only."""
    if database.is_sqlite:
        raise ConfigurationError("on SQLite the worker runs inside serve; start python -m portal serve instead")
    told = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: told.set())
    launch(settings, database)
    log.info("worker is running", executor=settings.executor_id)
    told.wait()
    stop()


def wait_until_idle(seconds: float) -> bool:
    """Whether everything that was queued for now is done within `seconds`; what is to wait longer does not count."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if not DBOS.list_workflows(status=["ENQUEUED", "PENDING"], limit=1, load_input=False, load_output=False):
            return True
        time.sleep(0.05)
    return False
