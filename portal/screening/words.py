"""What screeners tick, where a consent stands, and by what the queue is filtered."""

import enum

from portal.i18n import N_, Lazy
from portal.screening.models import Item, Part, Reason

PARTS: dict[Part, Lazy] = {Part.TITLE: N_("Title"), Part.TEXT: N_("Text"), Part.NOTES: N_("Notes and references")}
ITEMS: dict[Item, tuple[Lazy, Lazy]] = {
    Item.FORMAL: (N_("Formal checks"), N_("Age, home government, length, statements and consent are in order.")),
    Item.THEME: (N_("Theme"), N_("The essay is about the theme that was chosen.")),
    Item.LANGUAGE: (N_("Language"), N_("It is written in the language that was chosen.")),
    Item.IDENTITY: (N_("Identity"), N_("Nothing that judges will read tells who wrote it.")),
    Item.PASSAGES: (N_("Shared passages"), N_("What it shares with other essays is no reason to refuse it.")),
}

# What screeners choose from; the author reads `essays.words.REASONS`.
REASONS: dict[str, Lazy] = {
    Reason.FORM: N_("A statement or another formality is missing"),
    Reason.LENGTH: N_("Too long or too short"),
    Reason.LANGUAGE: N_("Not in the language that was chosen"),
    Reason.THEME: N_("Not on the theme"),
    Reason.IDENTITY: N_("The text tells who wrote it"),
    Reason.COPIED: N_("Copied from another text"),
    Reason.AI: N_("Written by a programme, against the rules"),
    Reason.AGE: N_("Outside the age categories"),
    Reason.OTHER: N_("Another reason"),
}


class ConsentState(enum.StrEnum):
    """Where the consent to taking part stands."""

    GIVEN = "given"
    REFUSED = "refused"
    WAITING = "waiting"
    NOBODY = "nobody"
    OWN = "own"


CONSENTS: dict[ConsentState, tuple[Lazy, str]] = {
    ConsentState.GIVEN: (N_("Has agreed"), "green"),
    ConsentState.REFUSED: (N_("Has refused"), "red"),
    ConsentState.WAITING: (N_("The guardian has not answered"), "orange"),
    ConsentState.NOBODY: (N_("No guardian is named"), "orange"),
    ConsentState.OWN: (N_("The author has not agreed"), "orange"),
}
# Why an essay with such a consent cannot be admitted.
WITHOUT_CONSENT: dict[ConsentState, Lazy] = {
    ConsentState.REFUSED: N_("The consent to taking part was refused or withdrawn, so this essay cannot be admitted."),
    ConsentState.WAITING: N_(
        "The author is a minor and the guardian has not answered yet. The essay can be admitted once they agree."
    ),
    ConsentState.NOBODY: N_(
        "The author is a minor and has named no guardian yet. The essay can be admitted once a guardian agrees."
    ),
    ConsentState.OWN: N_("The author has not agreed to take part yet. The essay can be admitted once they do."),
}


class Show(enum.StrEnum):
    """What of the queue is shown."""

    ALL = "all"
    SECOND = "second"
    AGAIN = "again"
    CONSENT = "consent"
    PASSAGES = "passages"
    PAPER = "paper"


SHOWN: dict[Show, Lazy] = {
    Show.ALL: N_("Everything that waits"),
    Show.SECOND: N_("Waits for a second screener"),
    Show.AGAIN: N_("Returned and sent again"),
    Show.CONSENT: N_("Consent is missing"),
    Show.PASSAGES: N_("Shares passages"),
    Show.PAPER: N_("Entered on paper"),
}


class Formality(enum.StrEnum):
    """A formal check that the portal makes."""

    AGE = "age"
    HOME = "home"
    LENGTH = "length"
    ORIGINAL = "original"
    AI = "ai"
    CONSENT = "consent"


FORMALITIES: dict[Formality, Lazy] = {
    Formality.AGE: N_("Age category"),
    Formality.HOME: N_("Home government"),
    Formality.LENGTH: N_("Length"),
    Formality.ORIGINAL: N_("Statement that it is the author's own"),
    Formality.AI: N_("Statement about programmes that write"),
    Formality.CONSENT: N_("Consent to taking part"),
}
DEEDS: dict[str, Lazy] = {
    "admit": N_("Admitted"),
    "return": N_("Returned to the author"),
    "disqualify": N_("Disqualified; the proposal was confirmed"),
    "judge": N_("Judging began"),
    "stop": N_("Withdrawn, because the consent to taking part was refused or withdrawn"),
    "ticked": N_("Checks ticked"),
    "unticked": N_("Ticks taken back"),
    "hid passages": N_("Passages hidden"),
    "showed passages": N_("Hidden passages shown again"),
    "proposed disqualification": N_("Disqualification proposed"),
    "dismissed disqualification": N_("Proposed disqualification dismissed"),
    "took disqualification back": N_("Proposed disqualification taken back"),
}
