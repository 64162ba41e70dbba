"""What is open when, which steps there are, and who may take them. Pure."""

import datetime as dt
import enum
import re
import unicodedata
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple, TypeVar

from portal.accounts.viewer import Viewer
from portal.calls import words
from portal.calls.models import Call, CallStatus, HostCriterion, Question, RequestedDocument
from portal.calls.words import Phase, Subject
from portal.clock import moved_on
from portal.i18n import LANGUAGES, N_, SOURCE, Lazy
from portal.registry.models import Country, Government

T = TypeVar("T")
EDITABLE = frozenset({CallStatus.DRAFT, CallStatus.PUBLISHED})
RESERVED = frozenset({"new"})  # /calls/new is a page
SLUG_LENGTH = 60
WHOLE = 100  # what the weights of a call's criteria add up to
PAIRS: tuple[tuple[Country, Country], ...] = tuple(combinations(Country, 2))


class Step(enum.StrEnum):
    PUBLISH = "publish"
    CLOSE = "close"
    ARCHIVE = "archive"


class Move(enum.StrEnum):
    UP = "up"
    DOWN = "down"


class Weighted(NamedTuple):
    """A criterion as it is wanted; without an id it is a new one."""

    id: uuid.UUID | None
    names: dict[str, str]
    weight: int


class Deadline(NamedTuple):
    """`column` is its name among the columns of a call: stable, while the name it is read by may change."""

    column: str
    name: Lazy
    at: dt.datetime
    meaning: Lazy


STEPS: dict[tuple[CallStatus, Step], CallStatus] = {
    (CallStatus.DRAFT, Step.PUBLISH): CallStatus.PUBLISHED,
    (CallStatus.PUBLISHED, Step.CLOSE): CallStatus.CLOSED,
    (CallStatus.CLOSED, Step.ARCHIVE): CallStatus.ARCHIVED,
}


def may(viewer: Viewer, step: Step, call: Call) -> bool:
    return viewer.is_secretary and (call.status, step) in STEPS


def may_edit(viewer: Viewer, call: Call) -> bool:
    return viewer.is_secretary and call.status in EDITABLE


def deadlines(call: Call) -> list[Deadline]:
    """The named moments of the call, the earliest first; of equal ones the one that comes first in a call's life."""
    found = [
        Deadline(column, name, getattr(call, column), meaning) for column, (name, meaning) in words.DEADLINES.items()
    ]
    return sorted(found, key=lambda deadline: deadline.at)


def phase(call: Call, at: dt.datetime) -> Phase:
    """Where the call stands; a deadline's own instant still belongs to what it ends."""
    if call.status is not CallStatus.PUBLISHED:
        return Phase(call.status.value)
    if at < call.opens_at:
        return Phase.UPCOMING
    if at <= call.applications_due_at:
        return Phase.APPLICATIONS
    if at <= call.nominations_due_at:
        return Phase.NOMINATIONS
    return Phase.RANKINGS if at <= call.rankings_due_at else Phase.OVER


def is_open(call: Call, at: dt.datetime) -> bool:
    """What a reader calls open: one can apply. `queries.open_calls` asks the database the same."""
    return phase(call, at) is Phase.APPLICATIONS


def accepts_applications(call: Call, at: dt.datetime) -> bool:
    return is_open(call, at)


def accepts_openings(call: Call, at: dt.datetime) -> bool:
    """As soon as the call is published, which may be long before it opens to applicants."""
    return call.status is CallStatus.PUBLISHED and at <= call.openings_due_at


def accepts_corrections(call: Call, at: dt.datetime) -> bool:
    return phase(call, at) in {Phase.APPLICATIONS, Phase.NOMINATIONS} and at <= call.corrections_due_at


def accepts_nominations(call: Call, at: dt.datetime) -> bool:
    """From the opening on: a coordinator need not wait for the last application."""
    return phase(call, at) in {Phase.APPLICATIONS, Phase.NOMINATIONS}


def accepts_rankings(call: Call, at: dt.datetime) -> bool:
    """Once it is settled who is nominated."""
    return phase(call, at) is Phase.RANKINGS


def admits(call: Call, government: Government) -> bool:
    """Whether people of this home government may apply: both its country and itself, where the call names any."""
    is_of_country = not call.countries or government.country in call.countries
    return is_of_country and (not call.governments or government.code in call.governments)


def lacking(call: Call, at: dt.datetime) -> list[tuple[Subject, Lazy]]:
    """What keeps a draft from being published, each a sentence that says what to do, by the page it is done on."""
    wanting = {
        (Subject.TEXTS, N_("Write the title in English first.")): not call.titles.get(SOURCE),
        (Subject.TEXTS, N_("Write the text in English first.")): not call.texts.get(SOURCE),
        (Subject.DATES, N_("Hosts could no longer enter openings. Choose a later date for them.")): (
            call.openings_due_at <= at
        ),
        (Subject.DATES, N_("Applications would already be closed. Choose a later date.")): (
            call.applications_due_at <= at
        ),
    }
    return [found for found, is_wanting in wanting.items() if is_wanting]


def unready(call: Call, at: dt.datetime) -> list[Lazy]:
    return [sentence for _subject, sentence in lacking(call, at)]


def untranslated(
    call: Call,
    documents: Sequence[RequestedDocument],
    questions: Sequence[Question],
    criteria: Sequence[HostCriterion] = (),
) -> list[tuple[Lazy, frozenset[str]]]:
    """By what is written in words of the call's own, the languages in which some of it is missing."""
    options = [option["texts"] for each in questions for option in each.options]
    written = {
        N_("Title"): [call.titles],
        N_("Text"): [call.texts],
        N_("Titles and hints of documents"): [*(d.titles for d in documents), *(d.hints for d in documents)],
        N_("Questions"): [each.texts for each in questions],
        N_("Hints of questions"): [each.hints for each in questions],
        N_("Options of questions"): options,
        N_("What hosts score candidates by"): [each.names for each in criteria],
    }
    # What nobody wrote in any language is not missing in one.
    kept = {what: [texts for texts in all_ if any(texts.values())] for what, all_ in written.items()}
    return [(what, _missing(all_)) for what, all_ in kept.items() if all_]


def _missing(written: Sequence[Mapping[str, str]]) -> frozenset[str]:
    return frozenset(code for code in LANGUAGES if any(not texts.get(code) for texts in written))


def moved(ids: Sequence[T], one: T, move: Move) -> list[T]:
    """The same row of things with this one a place further up or down; at the end it stays."""
    order, place = list(ids), ids.index(one)
    other = place + (-1 if move is Move.UP else 1)
    if 0 <= other < len(order):
        order[place], order[other] = order[other], order[place]
    return order


def lost_options(question: Question, codes: Collection[str]) -> list[str]:
    """The options that somebody may have chosen and that would be gone."""
    kept = [option["code"] for option in question.options] if question.answered_at else []
    return [code for code in kept if code not in codes]


def in_order(codes: Iterable[str]) -> list[str]:
    """Countries as they are always named: the order of the registry."""
    return [each.value for each in Country if each in codes]


def are_marked(criteria: Sequence[HostCriterion]) -> bool:
    """A host has given a mark by them."""
    return any(each.marked_at for each in criteria)


def may_weigh(criteria: Sequence[HostCriterion], wanted: Sequence[Weighted]) -> bool:
    """Once a mark is given, none comes, goes or weighs otherwise; names and order may still be mended."""
    before = {each.id: each.weight for each in criteria}
    return not are_marked(criteria) or ({row.id: row.weight for row in wanted} == before and len(wanted) == len(before))


def years_on(call: Call, at: dt.datetime) -> int:
    """By how many whole years the dates of a call are moved for a copy of it: the next ones that lie ahead."""
    first = deadlines(call)[0].at
    years = max(1, at.year - first.year)
    return years if moved_on(first, years) > at else years + 1


def slug_from(title: str) -> str:
    """The readable part of an address: "PioNEAR 2027: spring" becomes "pionear-2027-spring"."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:SLUG_LENGTH].strip("-")
