"""The time of a journey: a clock that is moved, browsers of its days, and the jobs that ran meanwhile."""

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from fastapi.testclient import TestClient
from sqlmodel import Session

from portal.accounts.models import Person
from portal.clock import now
from portal.jobs.registry import JOBS, Services
from tests.journeys.walker import Walker

# What is left to the worker. Mail is read here, never sent; what runs by the hour is run by name.
MATCH = ("run_match", "publish_match", "continue_match")
CONTEST = ("deals.compute", "deals.make", "publish_results", "diplomas.issue")
QUEUED = (*MATCH, *CONTEST)


@dataclass
class World:
    session: Session
    services: Services
    as_: Callable[[Person], TestClient]
    clock: Any
    done: set[str] = field(default_factory=set)

    def walk(self, person: Person) -> Walker:
        """Signed in now: a browser of an earlier day is signed out by then."""
        return Walker(self.as_(person))

    def move_to(self, at: dt.datetime) -> None:
        self.clock.move_to(at)

    def later(self, **delta: float) -> None:
        self.move_to(now() + dt.timedelta(**delta))

    def work(self) -> list[str]:
        """Runs what was queued since, and what that queued; the names of the jobs."""
        ran = []
        while waiting := [each for each in self._queued() if each[0] not in self.done]:
            for key, name, arguments in waiting:
                self.done.add(key)
                JOBS[name](self.services, *arguments)
                ran.append(name)
        self.session.expire_all()
        return ran

    def _queued(self) -> list[tuple[str, str, list[str]]]:
        schema = "" if self.session.connection().dialect.name == "sqlite" else "dbos."
        query = sa.text(f"SELECT workflow_uuid, inputs FROM {schema}workflow_input")
        found = [
            (key, *json.loads(inputs)["positionalArgs"]) for key, inputs in self.session.connection().execute(query)
        ]
        return [each for each in found if each[1] in QUEUED]
