"""A process to be killed: works on the queue of a database, with a job that notes its starts and then dawdles.

python -m tests.jobs.victim DATABASE_URL NOTES SECONDS
"""

import sys
import time
from pathlib import Path

from portal import duties  # noqa: F401 - the portal's own jobs too
from portal.db import Database
from portal.jobs import engine
from portal.jobs.registry import Services, job
from portal.settings import Settings

NOTES, SECONDS = Path(sys.argv[2]), float(sys.argv[3])


def note(word: str) -> None:
    with NOTES.open("a") as notes:
        notes.write(word + "\n")


@job("dawdle")
def dawdle(_services: Services, name: str) -> None:
    note(f"began {name}")
    time.sleep(SECONDS)
    note(f"ended {name}")


def main() -> None:
    settings = Settings(demonstration=True, database_url=sys.argv[1])
    database = Database(settings.database_url)
    engine.launch(settings, database)
    note("ready")
    engine.wait_until_idle(60)
    time.sleep(0.5)
    engine.stop()
    database.dispose()


if __name__ == "__main__":
    main()
