"""The list on the page "Check before you send": everything that is looked at, where it stands, and who mends it. Pure.

What is to be mended keeps an essay from being sent (`rules.missing`). What is to be looked at does not: an author knows
better than a programme whether a quotation is one.
"""

import enum
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from portal.contests.models import AiRule, Edition
from portal.contests.rules import Length, age_on, category_for, limit_of, measured
from portal.essays import scripts
from portal.essays.models import Authorship, Essay
from portal.essays.rules import OUTSIDE, Check
from portal.essays.telling import Passage
from portal.i18n import N_, Lazy, gettext, language


class State(enum.StrEnum):
    RIGHT = "right"
    MEND = "mend"
    LOOK = "look"


CHECKED: dict[State, tuple[Lazy, str]] = {
    State.RIGHT: (N_("In order"), ""),
    State.MEND: (N_("Still to do"), "red"),
    State.LOOK: (N_("Look at it"), "yellow"),
}


@dataclass(frozen=True)
class Line:
    """One check with its sentence; `task` is the page that mends it."""

    state: State
    name: Lazy
    sentence: str
    task: str


UNKNOWN_AGE = N_("Enter your date of birth, so that your age category is known.")
TELLING = N_(
    "Some words could tell a judge who you are. They are marked below. Take them out, or send the essay as it is: "
    "the secretariat may then hide them or return it to you."
)
NOTHING_TELLS = N_("We found no name, school, e-mail address, phone number or address of yours in the text.")
NO_TEXT = N_("There is no text yet.")
IN_LANGUAGE = N_("The text looks as if it were written in the language that you chose.")
MAY_SEND = N_("You may send it all the same.")
COMPLETE = N_("Nothing is missing here.")
# What can be missing on a page, beside what has a line of its own.
TASKS: dict[str, Lazy] = {
    "about": N_("About you"),
    "text": N_("Your text"),
    "statements": N_("Your statements"),
    "consents": N_("Your consents"),
    "paper": N_("Scan of the essay"),
    "signed": N_("Signed consent"),
    "compare": N_("Comparison with the scan"),
}
STATEMENTS = "statements"


def lines(
    own: Authorship, essay: Essay, edition: Edition, missing: Sequence[Check], passages: Sequence[Passage]
) -> list[Line]:
    """What is missing comes first where it belongs, everything else in the order in which an author works."""
    limit = limit_of(edition, essay.language)
    length = measured(essay.text, limit) if limit and essay.text.strip() else None
    shown = {str(OUTSIDE), str(length.problem) if length else ""}
    return [
        *_page("about", missing, shown),
        _age(own, edition),
        *_page("text", missing, shown),
        *([_length(length)] if length else []),
        _language(essay),
        _identity(essay, passages),
        *_page(STATEMENTS, missing, shown),
        *_stated(own, edition),
        *(line for task in _last(own) for line in _page(task, missing, shown)),
    ]


def _last(own: Authorship) -> tuple[str, ...]:
    """From paper, the signed consent says what an author would say on a page."""
    return ("consents",) if own.entered_by is None else ("paper", "signed", "compare")


def _page(task: str, missing: Sequence[Check], shown: set[str]) -> Iterator[Line]:
    """One line for each thing that is missing on a page, or one that says that nothing is."""
    problems = [check.problem for check in missing if check.task == task and str(check.problem) not in shown]
    for problem in problems:
        yield Line(State.MEND, TASKS[task], str(problem), task)
    if not problems and task != STATEMENTS:
        yield Line(State.RIGHT, TASKS[task], str(COMPLETE), task)


def _age(own: Authorship, edition: Edition) -> Line:
    name = N_("Age category")
    if own.born_on is None:
        return Line(State.MEND, name, str(UNKNOWN_AGE), "about")
    found = category_for(edition.categories, own.born_on, edition.reference_on)
    if found is None:
        return Line(State.MEND, name, str(OUTSIDE), "about")
    sentence = gettext("You are %(age)s years old on the reference date: %(category)s.")
    age = age_on(own.born_on, edition.reference_on)
    return Line(State.RIGHT, name, sentence % {"age": age, "category": found.name(language())}, "about")


def _length(length: Length) -> Line:
    counted = (
        gettext("%(count)s characters without spaces. It must be %(least)s to %(most)s.")
        if length.in_characters
        else gettext("%(count)s words. It must be %(least)s to %(most)s.")
    )
    sentence = counted % {"count": length.count, "least": length.least, "most": length.most}
    if length.problem:
        return Line(State.MEND, N_("Length"), f"{sentence} {length.problem}", "text")
    return Line(State.RIGHT, N_("Length"), sentence, "text")


def _language(essay: Essay) -> Line:
    name = N_("Language")
    if not essay.text.strip() or not essay.language:
        return Line(State.LOOK, name, str(NO_TEXT), "text")
    problem = scripts.warning(essay.text, essay.language)
    if problem:
        return Line(State.LOOK, name, f"{problem} {MAY_SEND}", "text")
    return Line(State.RIGHT, name, str(IN_LANGUAGE), "text")


def _identity(essay: Essay, passages: Sequence[Passage]) -> Line:
    name = N_("Words that could tell who you are")
    if passages:
        return Line(State.LOOK, name, str(TELLING), "text")
    if not (essay.title + essay.text + essay.notes).strip():
        return Line(State.LOOK, name, str(NO_TEXT), "text")
    return Line(State.RIGHT, name, str(NOTHING_TELLS), "text")


def _stated(own: Authorship, edition: Edition) -> Iterator[Line]:
    """What the author stated; what they still have to state is missing and has its line."""
    if own.is_original:
        yield Line(State.RIGHT, N_("Your own work"), gettext("You confirmed that the essay is your own."), STATEMENTS)
    if edition.ai_rule is AiRule.ALLOWED:
        yield Line(State.RIGHT, N_("Programmes that write"), gettext("This contest asks for no statement."), STATEMENTS)
    elif own.used_ai is False:
        said = gettext("You stated that you used no programme that writes.")
        yield Line(State.RIGHT, N_("Programmes that write"), said, STATEMENTS)
    elif own.used_ai and own.ai_use:
        said = gettext("You stated which programme you used, and what for.")
        yield Line(State.RIGHT, N_("Programmes that write"), said, STATEMENTS)
