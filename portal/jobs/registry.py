"""The jobs by name: what a queued row means in this version of the portal."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from portal.db import Database
from portal.settings import Settings

J = TypeVar("J", bound=Callable[..., None])


@dataclass(frozen=True)
class Services:
    """What a job works with. It opens its own sessions, and as short ones as it can."""

    settings: Settings
    database: Database


JOBS: dict[str, Callable[..., None]] = {}
SCHEDULES: dict[str, str] = {}


def job(name: str, *, cron: str = "") -> Callable[[J], J]:
    """Declares the job `name`: a function of the services and of the text that it was queued with.

    It may run twice (after a crash), so its second run must find that there is nothing left to do.
    `cron` (UTC, five fields) has it run by itself as well, without arguments.
    """

    def declare(function: J) -> J:
        assert name not in JOBS, f"two jobs are called {name}"
        JOBS[name] = function
        if cron:
            SCHEDULES[name] = cron
        return function

    return declare
