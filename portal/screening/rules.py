"""Screening: what is hidden from judges, what keeps an essay from admission, what is formally right. Pure."""

import difflib
import enum
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from portal.accounts.viewer import Viewer
from portal.consents.models import Purpose
from portal.consents.rules import Standing
from portal.contests.models import AiRule, Edition
from portal.contests.rules import Length, category_for
from portal.essays import rules as essays
from portal.essays.models import Authorship, Essay, EssayStatus
from portal.essays.rules import BEFORE_JUDGES, Step
from portal.i18n import N_, Lazy
from portal.screening.models import Disqualification, Item, Part, Redaction
from portal.screening.words import WITHOUT_CONSENT, ConsentState, Formality

HIDDEN = "▇▇▇"  # whatever was there: how long it was would tell something
Range = tuple[int, int]


# What judges do not see


def merged(ranges: Iterable[Range]) -> list[Range]:
    """The same characters in ranges that neither overlap nor touch, in order."""
    found: list[Range] = []
    for begins, ends in sorted(ranges):
        if found and begins <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], ends))
        else:
            found.append((begins, ends))
    return found


class Piece(NamedTuple):
    """A stretch of a text. `is_hidden`: judges read ▇▇▇ in its place."""

    text: str
    is_hidden: bool


def pieces(text: str, ranges: Iterable[Range]) -> Iterator[Piece]:
    """The whole text, cut at the ranges."""
    at = 0
    for begins, ends in merged(ranges):
        if text[at:begins]:
            yield Piece(text[at:begins], False)
        yield Piece(text[begins:ends], True)
        at = ends
    if text[at:]:
        yield Piece(text[at:], False)


def hidden(text: str, ranges: Iterable[Range]) -> str:
    """The text with ▇▇▇ in place of each range, and otherwise as it is."""
    return "".join(HIDDEN if piece.is_hidden else piece.text for piece in pieces(text, ranges))


def places(text: str, words: str) -> list[Range]:
    """Where these words stand, in whatever case; any white space between them fits any other."""
    pattern = r"\s+".join(re.escape(word) for word in words.split())
    return [found.span() for found in re.finditer(pattern, text, re.IGNORECASE)] if pattern else []


def outside(found: Iterable[Range], ranges: Sequence[Range]) -> list[Range]:
    """Those of `found` no character of which is hidden already."""
    return [(begins, ends) for begins, ends in found if not any(b < ends and begins < e for b, e in ranges)]


def fits(text: str, given: Range) -> bool:
    return 0 <= given[0] < given[1] <= len(text)


def surroundings(text: str, given: Range, width: int = 40) -> tuple[str, str, str]:
    """The passage, with a little of what stands before and after it."""
    begins, ends = given
    return text[max(0, begins - width) : begins], text[begins:ends], text[ends : ends + width]


def words_of(essay: Essay) -> dict[Part, str]:
    return {Part.TITLE: essay.title, Part.TEXT: essay.text, Part.NOTES: essay.notes}


HIDEABLE = frozenset({EssayStatus.SUBMITTED, EssayStatus.ADMITTED, *BEFORE_JUDGES})
SHOWABLE = frozenset({EssayStatus.SUBMITTED, EssayStatus.ADMITTED})


def ranges_of(redactions: Iterable[Redaction]) -> dict[Part, list[Range]]:
    """What judges do not see of each part."""
    found: dict[Part, list[Range]] = {part: [] for part in Part}
    for each in redactions:
        found[each.part].append((each.begins, each.ends))
    return found


def fair(essay: Essay, redactions: Iterable[Redaction]) -> dict[Part, str]:
    """Each part as judges read it, or will."""
    ranges = ranges_of(redactions)
    return {part: hidden(text, ranges[part]) for part, text in words_of(essay).items()}


def needs_reason(essay: Essay) -> bool:
    """Whether judges have read already what is hidden now."""
    return essay.status in BEFORE_JUDGES


# Who may


def screens(viewer: Viewer, essay: Essay, *, is_author: bool) -> bool:
    """Whether this person screens this essay at all."""
    return essays.is_theirs(viewer, Step.ADMIT, essay, is_author=is_author)


def may_hide(viewer: Viewer, essay: Essay, *, is_author: bool) -> bool:
    """Screeners; and by its code, once it is admitted, any secretary who does not judge the edition."""
    by_code = essay.code is not None and viewer.is_secretary and not viewer.judges(essay.edition_id)
    return screens(viewer, essay, is_author=is_author) or (by_code and not is_author)


DISQUALIFIABLE = frozenset(status for status, step in essays.STEPS if step is Step.DISQUALIFY)


class Answer(enum.StrEnum):
    CONFIRM = "confirm"
    DISMISS = "dismiss"


def may_settle(viewer: Viewer, proposal: Disqualification, essay: Essay, *, is_author: bool) -> bool:
    """A second screener: not who proposed it, not the author."""
    return screens(viewer, essay, is_author=is_author) and viewer.id != proposal.proposed_by


# What keeps an essay from being admitted


UNSETTLED = N_(
    "A disqualification is proposed. A second screener settles it first; until then nothing else can be decided."
)
UNTICKED = N_("Tick all five checks first.")


def consent_state(standing: Standing) -> ConsentState:
    if standing.may_take_part:
        return ConsentState.GIVEN
    if standing.is_decided(Purpose.TAKE_PART):
        return ConsentState.REFUSED
    if not standing.needs_guardian:
        return ConsentState.OWN
    return ConsentState.WAITING if standing.guardian else ConsentState.NOBODY


def why_not_admitted(ticked: Collection[Item], standing: Standing, proposal: Disqualification | None) -> Lazy | None:
    if proposal is not None:
        return UNSETTLED
    state = consent_state(standing)
    if state is not ConsentState.GIVEN:
        return WITHOUT_CONSENT[state]
    return None if set(ticked) == set(Item) else UNTICKED


def formal(own: Authorship, edition: Edition, measured: Length | None, standing: Standing) -> Mapping[Formality, bool]:
    """What the portal itself finds right or wrong."""
    category = category_for(edition.categories, own.born_on, edition.reference_on) if own.born_on else None
    return {
        Formality.AGE: category is not None and category.id == own.essay.category_id,
        Formality.HOME: own.government_id is not None,
        Formality.LENGTH: measured is not None and measured.problem is None,
        Formality.ORIGINAL: own.is_original,
        Formality.AI: _states_ai(own, edition.ai_rule),
        Formality.CONSENT: standing.may_take_part,
    }


def _states_ai(own: Authorship, rule: AiRule) -> bool:
    if rule is AiRule.ALLOWED:
        return True
    if rule is AiRule.BARRED:
        return own.used_ai is False
    return own.used_ai is False or bool(own.used_ai and own.ai_use)


# What changed since it was returned


class Change(NamedTuple):
    """A stretch of words: "same", "added" or "removed"."""

    kind: str
    text: str


# A Chinese or Japanese character is a word of its own; another word has the white space after it.
_EAST = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_EAST}]|[^\W{_EAST}]+\s*|\s+|[^\w\s]\s*")
_LONG = 3000  # words; beyond, frequent ones are not compared, which would take a square of their number


def changes(before: str, after: str) -> list[Change]:
    """What was taken out of a text and put into it, word by word."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    matched = difflib.SequenceMatcher(None, old, new, autojunk=max(len(old), len(new)) > _LONG)
    found = []
    for kind, a, b, c, d in matched.get_opcodes():
        if kind == "equal":
            found.append(Change("same", "".join(old[a:b])))
            continue
        found += [Change("removed", "".join(old[a:b]))] if b > a else []
        found += [Change("added", "".join(new[c:d]))] if d > c else []
    return found
