"""kill -9 of the worker, again and again while messages go out: none is lost, and none doubled but the one in flight.

TEST_KILLS and TEST_MESSAGES say how many; 100 and 1000 take some minutes.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import groupby

import pytest
from fastapi import FastAPI
from sqlmodel import Session, select

from portal.mail import actions
from portal.mail.models import Delivery, Message
from tests.database import ROOT
from tests.mail.server import Mailbox

KILLS = int(os.environ.get("TEST_KILLS", "8"))
MESSAGES = int(os.environ.get("TEST_MESSAGES", "100"))
PATIENCE = 60.0
pytestmark = pytest.mark.slow


@pytest.fixture
def brood(posting: FastAPI) -> Iterator[subprocess.Popen[str]]:
    """Brings up workers for the portal's database."""
    url = posting.state.settings.database_url
    variables = {**os.environ, "PORTAL_SMTP_URL": posting.state.settings.smtp_url}
    command = [sys.executable, "-m", "tests.mail.brood", url]
    with subprocess.Popen(
        command, cwd=ROOT, env=variables, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        yield process
        process.kill()


def test_none_is_lost_and_none_doubled_but_the_one_in_flight(
    posting: FastAPI, mailbox: Mailbox, brood: subprocess.Popen[str]
) -> None:
    with posting.state.database.session(writes=True) as session:
        write(session)
    posting.state.database.dispose()
    dice = random.Random(KILLS)
    mailbox.dawdle = 0.002  # between what the server has and what the worker knows
    for kill in range(1, KILLS + 1):
        worker = born(brood)
        wait_for(mailbox, kill * MESSAGES // (KILLS + 1))
        time.sleep(dice.random() / 50)
        os.kill(worker, signal.SIGKILL)
        assert brood.stdout and brood.stdout.readline() == "over\n"
    born(brood)
    assert brood.stdout.readline() == "over\n"
    arrived = [str(mail["Message-ID"]) for mail in mailbox.mails]
    in_order = [one for one, _copies in groupby(arrived)]
    print(f"{KILLS} kills, {MESSAGES} messages, {len(arrived) - MESSAGES} second copies")
    assert len(in_order) == len(set(in_order)) == MESSAGES, "a second copy comes at once, or never"
    assert len(arrived) - MESSAGES <= KILLS
    with posting.state.database.session(writes=False) as session:
        assert set(session.exec(select(Message.delivery, Message.attempts))) == {(Delivery.SENT, 1)}


def write(session: Session) -> None:
    for number in range(MESSAGES):
        session.add(
            Message(address=f"r{number}@example.org", language="en", template="t", subject=f"S{number}", text="T")
        )
    actions.wake(session)


def born(brood: subprocess.Popen[str]) -> int:
    assert brood.stdin and brood.stdout
    brood.stdin.write("\n")
    brood.stdin.flush()
    return int(brood.stdout.readline())


def wait_for(mailbox: Mailbox, number: int) -> None:
    until = time.monotonic() + PATIENCE
    while len(mailbox.envelopes) < number:
        assert time.monotonic() < until, f"only {len(mailbox.envelopes)} arrived"
        time.sleep(0.002)
