"""The contest's rules: who may what when, what an edition lacks, how long an essay may be, which age category. Pure."""

import datetime as dt
import enum
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from portal import lengths
from portal.accounts.viewer import Viewer
from portal.clock import moved_on
from portal.contests import words
from portal.contests.models import Award, Category, Criterion, Edition, EditionStatus, LengthLimit, Theme
from portal.contests.words import Part, Phase, Subject
from portal.i18n import LANGUAGES, N_, SOURCE, Lazy

JUDGES_READ_ON = dt.timedelta(days=14)
RESERVED = frozenset({"new"})  # /contests/new is a page
WHOLE = 100  # what the weights of a rubric add up to
ANCHORS = ("2", "5", "8", "10")
CRITERIA = 8  # the most that a rubric has
MOST: dict[Part, int] = {Part.THEMES: 5, Part.CATEGORIES: 6, Part.CRITERIA: CRITERIA, Part.AWARDS: 10}
ROWS: dict[Part, Any] = {
    Part.THEMES: Theme,
    Part.CATEGORIES: Category,
    Part.CRITERIA: Criterion,
    Part.AWARDS: Award,
}
LATER = ("judging_due_at", "final_due_at", "jury_on", "results_at")
EDITABLE = frozenset({EditionStatus.DRAFT, EditionStatus.PUBLISHED})
# What people count on when they write: it stays once an edition is published.
FRAME = frozenset({"reference_on", "ai_rule"})
# How awards are decided stays from the opening on: nobody may choose it by the essays or marks that came.
DECIDING = frozenset({"order_rule", "final_rule", "award_scope", "extra_readings", "most_readings", "finalists"})


class EditionStep(enum.StrEnum):
    PUBLISH = "publish"
    CLOSE = "close"


class Move(enum.StrEnum):
    UP = "up"
    DOWN = "down"


class Stage(NamedTuple):
    """`column` is its name among the columns of an edition: stable, while the name it is read by may change."""

    column: str
    name: Lazy
    at: dt.datetime | dt.date
    meaning: Lazy


EDITION_STEPS = {
    (EditionStatus.DRAFT, EditionStep.PUBLISH): EditionStatus.PUBLISHED,
    (EditionStatus.PUBLISHED, EditionStep.CLOSE): EditionStatus.CLOSED,
}


# Who may


def may_see_drafts(viewer: Viewer) -> bool:
    return viewer.is_secretary or viewer.is_auditor


def may_take(viewer: Viewer, step: EditionStep, edition: Edition) -> bool:
    return viewer.is_secretary and (edition.status, step) in EDITION_STEPS


def may_edit(viewer: Viewer, edition: Edition) -> bool:
    return viewer.is_secretary and edition.status in EDITABLE


def is_fixed(edition: Edition) -> bool:
    """Whether themes, ages, languages, rubric and awards stay as they are, save for their words."""
    return edition.status is not EditionStatus.DRAFT


def has_opened(edition: Edition, at: dt.datetime) -> bool:
    """Whether essays have been asked for, so that nothing may be changed by which they are decided on."""
    return is_fixed(edition) and edition.opens_at <= at


def oversees(viewer: Viewer, edition: Edition) -> bool:
    """What decides it: secretaries and auditors, but nobody who judges the edition."""
    return (viewer.is_secretary or viewer.is_auditor) and not viewer.judges(edition.id)


def may_see_essays(viewer: Viewer, edition: Edition) -> bool:
    """Essays by code. A judge of the edition sees only the desk, also when they hold another role."""
    return oversees(viewer, edition) or may_see_author(viewer, edition)


def may_see_author(viewer: Viewer, edition: Edition) -> bool:
    return viewer.screens(edition.id) and not viewer.judges(edition.id)


def may_screen(viewer: Viewer, edition: Edition) -> bool:
    """Whether they may take the screening task on: a secretary who does not judge the edition."""
    return viewer.is_secretary and not viewer.screens(edition.id) and not viewer.judges(edition.id)


# When


def phase(edition: Edition, at: dt.datetime) -> Phase:
    """Where the edition stands; a deadline's own instant still belongs to what it ends."""
    if edition.status is not EditionStatus.PUBLISHED:
        return Phase(edition.status.value)
    if at < edition.opens_at:
        return Phase.UPCOMING
    if at <= edition.due_at:
        return Phase.OPEN
    ends = edition.results_at or edition.final_due_at or edition.judging_due_at
    return Phase.JUDGING if at <= ends else Phase.OVER


def is_open(edition: Edition, at: dt.datetime) -> bool:
    """`queries.open_editions` asks the database the same."""
    return phase(edition, at) is Phase.OPEN


def stages(edition: Edition) -> list[Stage]:
    """The named dates that the edition has, in the order of its life."""
    given = ((column, getattr(edition, column), told) for column, told in words.DATES.items())
    return [Stage(column, name, at, meaning) for column, at, (name, meaning) in given if at is not None]


def out_of_order(zone: str, given: Mapping[str, Any]) -> dict[str, Lazy]:
    """What is wrong with the stages after the first round, by column; days are those of the edition's zone."""
    first, final, jury, results = (given.get(name) for name in LATER)
    last = final or first
    found: dict[str, Lazy] = {}
    if given.get("finalists") and not final:
        found["final_due_at"] = N_("Say until when the final round is marked, or leave out how many essays go on.")
    if final and not given.get("finalists"):
        found["finalists"] = N_("Say how many essays go on to the final round, or leave out its date.")
    if final and first and final <= first:
        found["final_due_at"] = N_("The final round ends after the first one. Enter a later time.")
    if jury and last and jury < _day(last, zone):
        found["jury_on"] = N_("The jury meets once all marks are in. Enter a later day.")
    if results and last and results <= last:
        found["results_at"] = N_("The results come after all marks. Enter a later time.")
    elif results and jury and _day(results, zone) < jury:
        found["results_at"] = N_("The results come after the jury's meeting. Enter a later time.")
    return found


def _day(at: dt.datetime, zone: str) -> dt.date:
    return at.astimezone(ZoneInfo(zone)).date()


def years_on(edition: Edition, at: dt.datetime) -> int:
    """By how many whole years the dates are moved for a copy: the next ones that lie ahead."""
    years = max(1, at.year - edition.opens_at.year)
    return years if moved_on(edition.opens_at, years) > at else years + 1


def later_stages(earlier: Edition, zone: str, judging_due_at: dt.datetime) -> dict[str, Any]:
    """The dates after the first round, as far from its end as they are in an earlier edition."""

    def moved(at: dt.datetime | None) -> dt.datetime | None:
        return judging_due_at + (at - earlier.judging_due_at) if at else None

    days = earlier.jury_on - _day(earlier.judging_due_at, earlier.zone) if earlier.jury_on else None
    jury = _day(judging_due_at, zone) + days if days is not None else None
    found = {"final_due_at": moved(earlier.final_due_at), "results_at": moved(earlier.results_at), "jury_on": jury}
    given = {**found, "judging_due_at": judging_due_at, "finalists": earlier.finalists}
    # Only a day can fall out of order: the new first round may end at another time of day.
    return {**found, "jury_on": None} if out_of_order(zone, given) else found


# What an edition consists of


def weight(criteria: Iterable[Criterion]) -> int:
    return sum(criterion.weight for criterion in criteria)


def overlapped(categories: Iterable[Category], first: int, last: int, but: uuid.UUID | None = None) -> Category | None:
    """The other category that has an age from `first` to `last` too."""
    others = (each for each in categories if each.id != but)
    return next((each for each in others if each.age_from <= last and first <= each.age_to), None)


def moved(rows: Sequence[Any], row: Any, move: Move) -> list[Any]:
    """The rows with this one a place further up or down; at the end it stays."""
    order, place = list(rows), rows.index(row)
    other = place + (-1 if move is Move.UP else 1)
    if 0 <= other < len(order):
        order[place], order[other] = order[other], order[place]
    return order


def lacking(edition: Edition, at: dt.datetime) -> list[tuple[Subject, Lazy]]:
    """What keeps a draft from being published, each a sentence that says what to do, by the page it is done on."""
    wanting = {
        (Subject.TEXTS, N_("Write the title in English first.")): not edition.titles.get(SOURCE),
        (Subject.TEXTS, N_("Write the invitation in English first.")): not edition.texts.get(SOURCE),
        (Subject.DATES, N_("Essays would already be due. Choose a later date.")): edition.due_at <= at,
        (Subject.THEMES, N_("Add at least one theme.")): not edition.themes,
        (Subject.CATEGORIES, N_("Add at least one age category.")): not edition.categories,
        (Subject.LANGUAGES, N_("Admit at least one language.")): not edition.limits,
        (Subject.CRITERIA, N_("Add at least one criterion.")): not edition.criteria,
        (Subject.CRITERIA, N_("Change the weights so that they add up to 100.")): bool(
            edition.criteria and weight(edition.criteria) != WHOLE
        ),
    }
    return [found for found, is_wanting in wanting.items() if is_wanting]


def unready(edition: Edition, at: dt.datetime) -> list[Lazy]:
    return [sentence for _subject, sentence in lacking(edition, at)]


def untranslated(edition: Edition) -> list[tuple[Lazy, frozenset[str]]]:
    """By what is written in words of the edition's own, the languages in which some of it is missing."""
    anchors = [texts for criterion in edition.criteria for texts in criterion.anchors.values()]
    written = {
        N_("Title"): [edition.titles],
        N_("Invitation"): [edition.texts],
        N_("Themes"): [each.names for each in edition.themes],
        N_("Age categories"): [each.names for each in edition.categories],
        N_("Criteria"): [each.names for each in edition.criteria],
        N_("What earns how many points"): anchors,
        N_("Awards"): [each.names for each in edition.awards],
        N_("What comes with an award"): [each.prizes for each in edition.awards],
    }
    # What nobody wrote in any language is not missing in one.
    kept = {what: [texts for texts in all_ if any(texts.values())] for what, all_ in written.items()}
    return [(what, _missing(all_)) for what, all_ in kept.items() if all_]


def _missing(written: Iterable[Mapping[str, str]]) -> frozenset[str]:
    return frozenset(code for code in LANGUAGES if any(not texts.get(code) for texts in written))


# Age


def age_on(born_on: dt.date, day: dt.date) -> int:
    """Full years; somebody born on 29 February is a year older on 1 March."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def category_for(categories: Iterable[Category], born_on: dt.date, reference_on: dt.date) -> Category | None:
    age = age_on(born_on, reference_on)
    return next((category for category in categories if category.age_from <= age <= category.age_to), None)


# Length

COUNTED_IN_CHARACTERS = lengths.IN_CHARACTERS


@dataclass(frozen=True)
class Length:
    """How long a text is, and how long it may be; in characters without spaces, or in words."""

    count: int
    least: int
    most: int
    in_characters: bool

    @property
    def problem(self) -> Lazy | None:
        if self.count > self.most:
            return N_("Your text is longer than the limit. Shorten it.")
        return N_("Your text is shorter than half the limit. Write more.") if self.count < self.least else None


def length(text: str, language: str) -> int:
    """Characters without spaces for Chinese, Japanese and Korean; words for the others.

    The title is not counted. A word is anything between spaces that holds a letter or a digit.
    """
    return lengths.of(text, language)


def measured(text: str, limit: LengthLimit) -> Length:
    characters = limit.language in COUNTED_IN_CHARACTERS
    return Length(length(text, limit.language), least_of(limit.most), limit.most, characters)


def least_of(most: int) -> int:
    return (most + 1) // 2


def offers_theme(edition: Edition, theme_id: uuid.UUID | None) -> bool:
    return theme_id is None or any(theme.id == theme_id for theme in edition.themes)


def offers_language(edition: Edition, language: str) -> bool:
    return not language or limit_of(edition, language) is not None


def limit_of(edition: Edition, language: str) -> LengthLimit | None:
    return next((limit for limit in edition.limits if limit.language == language), None)
