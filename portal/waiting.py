"""What waits for somebody: one line of their first page."""

from dataclasses import dataclass

from portal.i18n import Lazy


@dataclass(frozen=True)
class Waiting:
    """`count` things that `text` names, to be found at `href`."""

    count: int
    text: Lazy
    href: str
