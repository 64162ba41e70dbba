"""Running queued jobs in a test, with the real engine."""

from fastapi import FastAPI

from portal.jobs import engine


def run_jobs(app: FastAPI, seconds: float = 20) -> None:
    """Does everything that the portal `real_app` has queued for now, then stops."""
    engine.launch(app.state.settings, app.state.database)
    try:
        assert engine.wait_until_idle(seconds), "jobs are still waiting"
    finally:
        engine.stop()
