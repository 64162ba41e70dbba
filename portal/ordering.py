"""What an ordered list on a page sends (templates/_parts/ordering.html), and the order it asks for."""

import uuid
from collections.abc import Mapping
from typing import Annotated, ClassVar

from pydantic import Field, model_validator

from portal.forms import Form, refusal
from portal.i18n import N_, Lazy

MOST = 500
ELSEWHERE = N_("The list was changed somewhere else after you opened the page. Look at it now, then try again.")
GARBLED = N_("The list could not be read. Reload the page and try again.")
Ids = Annotated[list[uuid.UUID], Field(max_length=MOST)]


class Order(Form):
    """`seen` is the order when the page was made, `order` that of its rows now; a button moves or removes one row."""

    labels: ClassVar[Mapping[str, Lazy]] = {"seen": N_("The order"), "order": N_("The order")}
    seen: Ids = Field(default_factory=list)
    order: Ids = Field(default_factory=list)
    up: uuid.UUID | None = None
    down: uuid.UUID | None = None
    remove: uuid.UUID | None = None

    @model_validator(mode="after")
    def _of_the_same_rows(self) -> "Order":
        named = {self.up, self.down, self.remove} - {None}
        if sorted(self.seen) != sorted(self.order) or len({*self.order}) < len(self.order) or named - {*self.order}:
            raise refusal(GARBLED)
        return self

    @property
    def wanted(self) -> list[uuid.UUID]:
        """The order that is asked for."""
        found = [each for each in self.order if each != self.remove]
        if self.up:
            found = _swapped(found, found.index(self.up) - 1)
        return _swapped(found, found.index(self.down)) if self.down else found

    @property
    def moved(self) -> uuid.UUID | None:
        """The row that a button or a hand took to another place."""
        return self.up or self.down or _dragged(self.seen, self.order)

    def fits(self, current: list[uuid.UUID]) -> bool:
        """The list is as the page showed it, or already as it is asked for: a press may arrive twice."""
        return current in (self.seen, self.wanted)


def _swapped(ids: list[uuid.UUID], place: int) -> list[uuid.UUID]:
    """With the one at `place` and the one after it exchanged; as it is, beyond an end."""
    if not 0 <= place < len(ids) - 1:
        return ids
    return [*ids[:place], ids[place + 1], ids[place], *ids[place + 2 :]]


def _dragged(before: list[uuid.UUID], after: list[uuid.UUID]) -> uuid.UUID | None:
    """The row without which both orders are the same."""
    for each in after:
        if [other for other in before if other != each] == [other for other in after if other != each]:
            return each if before != after else None
    return None
