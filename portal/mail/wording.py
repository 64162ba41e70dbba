"""A secretary's own words for passages of a template: what they are to whoever composes a message."""

from typing import NamedTuple

from portal import i18n


class Words(NamedTuple):
    """In the catalogue's notation, with %(name)s for a value. Several forms where the passage counts something.

    They count as their language does, also where the message around them is in English for want of a catalogue.
    """

    forms: tuple[str, ...]
    language: str = i18n.SOURCE

    def form(self, number: int) -> str:
        return self.forms[min(i18n.plural_index(self.language, number), len(self.forms) - 1)]


# The words by the passage, in English, that they stand for.
Wordings = dict[str, Words]
