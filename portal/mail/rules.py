"""To whom a message goes, and when it is tried again."""

import datetime as dt
import enum
import uuid
from dataclasses import dataclass

from portal.mail.models import Kind

LONGEST_FAILURE = 500
# Some two days in all, as mail servers themselves do it (RFC 5321, 4.5.4.1). None is shorter than a minute: a
# message is then tried once in any minute, and its last attempt is all that the limit per minute has to count.
PAUSES = tuple(
    dt.timedelta(seconds=seconds)
    for seconds in (60, 300, 1_800, 3_600, 4 * 3_600, 8 * 3_600, 12 * 3_600, 12 * 3_600, 12 * 3_600)
)
MINUTE = dt.timedelta(minutes=1)
# Between two questions to a mail server that takes nothing.
SHORTEST_PAUSE, LONGEST_PAUSE = dt.timedelta(seconds=10), dt.timedelta(minutes=10)
# Longer than handing one message over can take (`delivery`): nobody else takes it meanwhile.
CLAIM = dt.timedelta(minutes=20)


# What somebody waits for at the screen goes first, what went to many goes last.
PRIORITIES = {
    Kind.ACCESS: 0, Kind.DECISION: 1, Kind.RECEIPT: 1, Kind.TASK: 2, Kind.NOTICE: 2, Kind.REMINDER: 3, Kind.CIRCULAR: 4,
}  # fmt: skip


@dataclass(frozen=True)
class Recipient:
    """A person as mail needs to know them; `zone` is the one their instants are printed in.

    `passes_on_to` names somebody without an address whom the message is for.
    """

    address: str
    language: str
    name: str = ""
    person_id: uuid.UUID | None = None
    zone: str = "UTC"
    passes_on_to: str = ""


class Fate(enum.Enum):
    SENT = enum.auto()
    LATER = enum.auto()
    NEVER = enum.auto()
    UNTRIED = enum.auto()  # the mail server takes nothing at all, which is no fault of the message


@dataclass(frozen=True)
class Outcome:
    """What became of one attempt to deliver, in the mail server's own words."""

    fate: Fate
    reason: str = ""


SENT = Outcome(Fate.SENT)


def pause_before(attempt: int) -> dt.timedelta | None:
    """How long to wait after so many failed attempts; None once it has been tried long enough."""
    return PAUSES[attempt - 1] if attempt <= len(PAUSES) else None


def pause_of_server(failures: int) -> dt.timedelta:
    """How long a mail server is left alone that failed so many times in a row."""
    return min(LONGEST_PAUSE, SHORTEST_PAUSE * (1 << min(failures - 1, 10)))


def is_permanent(code: int) -> bool:
    """Whether a mail server's answer says that trying again is of no use."""
    return code >= 500
