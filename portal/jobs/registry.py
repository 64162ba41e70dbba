"""The jobs by name: what a queued row means in this version of the portal."""

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event
from typing import TypeVar

from portal.db import Database
from portal.settings import Settings

J = TypeVar("J", bound=Callable[..., None])


@dataclass(frozen=True)
class Services:
    """What a job works with. It opens its own sessions, and as short ones as it can.

    A job that goes on for long looks whether the process is `stopping`, and queues itself again for the rest.
    """

    settings: Settings
    database: Database
    stopping: Event = field(default_factory=Event)


USUAL = "portal"
JOBS: dict[str, Callable[..., None]] = {}
SCHEDULES: dict[str, str] = {}
QUEUES: dict[str, str] = {}
AT_START: list[str] = []


def job(name: str, *, cron: str = "", queue: str = USUAL, at_start: bool = False) -> Callable[[J], J]:
    """Declares the job `name`: a function of the services and of the text that it was queued with.

    It may run twice (after a crash), so its second run must find that there is nothing left to do.
    `cron` (UTC, five fields) has it run by itself as well, without arguments, and `at_start` whenever a
    worker begins. Jobs of another `queue` than the usual one take none of the usual one's places.
    """

    def declare(function: J) -> J:
        assert name not in JOBS, f"two jobs are called {name}"
        JOBS[name], QUEUES[name] = function, queue
        AT_START.extend([name] if at_start else [])
        if cron:
            SCHEDULES[name] = cron
        return function

    return declare
