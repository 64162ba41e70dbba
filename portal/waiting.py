"""What waits for somebody: one line of their first page."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace

from portal.i18n import Lazy


@dataclass(frozen=True)
class Waiting:
    """`count` things that `text` names, to be found at `href`; the first of them is due at `due_at`."""

    count: int
    text: Lazy
    href: str
    due_at: dt.datetime | None = None


def in_order(found: Iterable[Waiting], at: dt.datetime) -> list[Waiting]:
    """What is due first comes first, and then what has no deadline, or one that has passed and so is none any more."""
    still = [each if each.due_at is None or each.due_at > at else replace(each, due_at=None) for each in found]
    latest = dt.datetime.max.replace(tzinfo=dt.UTC)
    return sorted(still, key=lambda each: each.due_at or latest)
