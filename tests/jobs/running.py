"""Running queued jobs in a test, with the real engine, here or in a process that may be killed."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from fastapi import FastAPI

from portal.jobs import engine
from tests.database import ROOT


def run_jobs(app: FastAPI, seconds: float = 20) -> None:
    """Does everything that the portal `real_app` has queued for now, then stops.

    In a thread, as in earnest: a browser that ran before in this process leaves an event loop in the main one.
    """
    with ThreadPoolExecutor(1) as pool:
        pool.submit(_run_jobs, app, seconds).result()


def _run_jobs(app: FastAPI, seconds: float) -> None:
    engine.launch(app.state.settings, app.state.database)
    try:
        assert engine.wait_until_idle(seconds), "jobs are still waiting"
    finally:
        engine.stop()


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
