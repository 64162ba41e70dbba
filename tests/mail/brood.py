"""Workers to be killed one after the other: each line on standard input forks one, whose number is printed.

What takes seconds, importing the portal, is done once; each worker is a process of its own all the same.

python -m tests.mail.brood DATABASE_URL
"""

import os
import sys
import time

from sqlmodel import select

from portal import duties  # noqa: F401 - the portal's own jobs
from portal.db import Database
from portal.jobs import engine
from portal.mail.models import Delivery, Message
from portal.settings import Settings


def main() -> None:
    for _line in sys.stdin:
        number = os.fork()
        if not number:
            work()
            os._exit(0)
        print(number, flush=True)
        os.waitpid(number, 0)
        print("over", flush=True)


def work() -> None:
    """Until every message has gone, or somebody kills it."""
    settings = Settings(demonstration=True, database_url=sys.argv[1])
    database = Database(settings.database_url)
    engine.launch(settings, database)
    while is_waiting(database):
        time.sleep(0.1)
    engine.stop()
    database.dispose()


def is_waiting(database: Database) -> bool:
    with database.session(writes=False) as session:
        return session.exec(select(Message.id).where(Message.delivery == Delivery.QUEUED)).first() is not None


if __name__ == "__main__":
    main()
