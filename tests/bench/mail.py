"""How fast messages are queued, and how fast they go: `python -m tests.bench.mail [MESSAGES]`.

To a real SMTP server in a thread of this process, with whatever database TEST_DATABASE_URL names, else SQLite.
"""

import sys
import tempfile
import time
from pathlib import Path

from portal import duties  # noqa: F401 - the job is known
from portal.db import Database
from portal.jobs.registry import Services
from portal.mail import actions, draining
from portal.mail.rules import Recipient
from portal.settings import Settings
from tests import database as databases
from tests.mail.server import Mailbox, listening

MESSAGES = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        url = databases.empty_url(Path(folder), "bench_mail")
        database = Database(url)
        databases.build(database)
        _timed(f"queueing {MESSAGES} messages in one transaction", lambda: queue(database))
        mailbox = Mailbox()
        with listening(mailbox) as port:
            settings = Settings(demonstration=True, database_url=url, smtp_url=f"smtp://127.0.0.1:{port}")
            _timed(f"handing over {MESSAGES}", lambda: deliver(Services(settings, database), mailbox))
        database.dispose()
        databases.drop(url)


def queue(database: Database) -> None:
    """Each composed by itself in one of six languages."""
    with database.session(writes=True) as session:
        for number in range(MESSAGES):
            language = ("en", "zh-Hans", "ja", "ko", "mn", "ru")[number % 6]
            to = Recipient(f"reader{number}@example.org", language, f"Reader {number}")
            actions.send(session, "accounts/verify", to=to, link="https://x.example/v?t=1", origin="https://x.example")


def deliver(services: Services, mailbox: Mailbox) -> None:
    while len(mailbox.envelopes) < MESSAGES:
        draining.drain(services)


def _timed(what: str, work: object) -> None:
    began = time.monotonic()
    work()  # type: ignore[operator]
    seconds = time.monotonic() - began
    print(f"{what}: {seconds:.1f} s, {MESSAGES / seconds:.0f} a second", flush=True)


if __name__ == "__main__":
    main()
