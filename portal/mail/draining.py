"""Emptying the queue of messages: one at a time, on one connection, each claimed before it is handed over."""

import time
from threading import Lock

from portal.jobs.registry import Services
from portal.mail import actions, delivery
from portal.mail.delivery import Line
from portal.mail.queries import Turn

SECONDS = 20.0
_alone = Lock()


def drain(services: Services) -> None:
    """Hands over what is due until nothing is, or for a while; then asks to be run again for the rest."""
    with _alone:  # a process has one message in flight
        turn = _drain(services)
    with services.database.session(writes=True) as session:
        if turn.not_before is not None:
            actions.wake_at(session, turn.not_before)
        elif turn.message is not None or services.stopping.is_set():
            actions.wake(session)


def is_running() -> bool:
    return _alone.locked()


def _drain(services: Services) -> Turn:
    """The turn at which it ended: nobody's, nobody's before an instant, or that of a message which is not the last."""
    turn, until = Turn(), time.monotonic() + SECONDS
    with delivery.line(services.settings) as line:
        while time.monotonic() < until and not services.stopping.is_set():
            turn = _take(services)
            if turn.message is None:
                break
            _deliver(services, line, turn)
    return turn


def _take(services: Services) -> Turn:
    settings = services.settings
    with services.database.session(writes=True) as session:
        return actions.take_turn(session, settings.executor_id, per_minute=settings.mail_per_minute)


def _deliver(services: Services, line: Line, turn: Turn) -> None:
    """No transaction is open while the mail server is spoken to. A crash before the second has the message sent
    again, as the same message."""
    assert turn.message is not None, "somebody's turn"
    outcome = line.deliver(turn.message)
    with services.database.session(writes=True) as session:
        actions.record_outcome(session, turn.message.id, outcome)
