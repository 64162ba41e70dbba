"""Running queued jobs in a test, with the real engine, here or in a process that may be killed."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from fastapi import FastAPI

from portal.jobs import engine
from tests.database import ROOT

Answer = TypeVar("Answer")


def run_jobs(app: FastAPI, seconds: float = 20) -> None:
    """Does everything that the portal `real_app` has queued for now, then stops."""
    with at_work(app):
        assert in_a_thread(engine.wait_until_idle, seconds), "jobs are still waiting"


@contextmanager
def at_work(app: FastAPI) -> Iterator[None]:
    """The worker of the portal `real_app`."""
    in_a_thread(engine.launch, app.state.settings, app.state.database)
    try:
        yield
    finally:
        in_a_thread(engine.stop)


def in_a_thread(ask: Callable[..., Answer], *arguments: object) -> Answer:
    """What the engine answers, asked from a thread, as in earnest.

    A browser that ran before in this process leaves an event loop in the main one, where the engine answers nothing.
    """
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(ask, *arguments).result()


class Victim:
    """A worker in a process of its own; `tests.jobs.victim` says what it does."""

    def __init__(self, app: FastAPI, folder: Path, *, seconds: float, **environment: str) -> None:
        self.notes = folder / "notes"
        arguments = [app.state.settings.database_url, str(self.notes), str(seconds)]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.jobs.victim", *arguments], cwd=ROOT, env={**os.environ, **environment}
        )

    def wait_for(self, word: str) -> None:
        self.wait_until(lambda: self.notes.exists() and word in self.notes.read_text())

    def wait_until(self, is_so: Callable[[], bool]) -> None:
        until = time.monotonic() + 60
        while not is_so():
            assert time.monotonic() < until, "it never happened"
            assert self.process.poll() is None, "the worker ended by itself"
            time.sleep(0.02)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
