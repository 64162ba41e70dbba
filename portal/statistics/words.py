"""What is counted, and what it is called."""

import enum

from portal.i18n import N_, Lazy, number


class Measure(enum.StrEnum):
    """A number of each region, in the order of the table. Interns count where they come from, stays also where they
    were, essays where their authors come from."""

    APPLICANTS = "applicants"
    NOMINATED = "nominated"
    PLACED = "placed"
    COMPLETED = "completed"
    OPENINGS = "openings"
    HOSTED = "hosted"
    ESSAYS = "essays"
    AWARDED = "awarded"


OF_CALLS = (
    Measure.APPLICANTS, Measure.NOMINATED, Measure.PLACED, Measure.COMPLETED, Measure.OPENINGS, Measure.HOSTED,
)  # fmt: skip
OF_EDITIONS = (Measure.ESSAYS, Measure.AWARDED)
# What everybody sees: published openings, completed stays, entries and awards of published editions.
PUBLIC = frozenset(Measure) - {Measure.APPLICANTS, Measure.NOMINATED, Measure.PLACED}
# Not of people: everybody can count them in a public list.
OPEN = frozenset({Measure.OPENINGS})
NAMES: dict[Measure, Lazy] = {
    Measure.APPLICANTS: N_("Applicants"),
    Measure.NOMINATED: N_("Nominated"),
    Measure.PLACED: N_("Placements"),
    Measure.COMPLETED: N_("Stays completed"),
    Measure.OPENINGS: N_("Openings"),
    Measure.HOSTED: N_("Interns hosted"),
    Measure.ESSAYS: N_("Essays"),
    Measure.AWARDED: N_("Awards"),
}
MEANINGS: dict[Measure, Lazy] = {
    Measure.APPLICANTS: N_("People of this region who sent an application, also those who withdrew it later"),
    Measure.NOMINATED: N_("Applications that the government of this region nominated"),
    Measure.PLACED: N_("Interns of this region who accepted a place, wherever it was"),
    Measure.COMPLETED: N_("Interns of this region who completed a stay, wherever it was"),
    Measure.OPENINGS: N_("Openings that the government of this region published"),
    Measure.HOSTED: N_("Interns from elsewhere or from here who completed a stay in this region"),
    Measure.ESSAYS: N_("Essays of authors of this region that were sent and neither withdrawn nor disqualified"),
    Measure.AWARDED: N_("Awards for essays of authors of this region, once the results are public"),
}
ALL = N_("Internships and essay contests")
ALL_CALLS = N_("All internships")
ALL_EDITIONS = N_("All essay contests")


def figure(least: int, most: int) -> str:
    """A number, or the two that it lies between: "1,234", "1–2"."""
    shown = number(least)
    return shown if least == most else f"{shown}–{number(most)}"
