"""What waits for somebody: one line of their first page."""

from typing import NamedTuple

from portal.i18n import Lazy


class Waiting(NamedTuple):
    """`count` things that `text` names, to be found at `href`."""

    count: int
    text: Lazy
    href: str
