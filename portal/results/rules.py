"""Who may publish and when, what is public at an instant, what a choice of members departs from. Pure."""

import datetime as dt
import hashlib
import json
import uuid
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from portal.accounts.viewer import Viewer
from portal.contests.models import Edition
from portal.contests.rules import age_on, oversees
from portal.essays import rules as essays
from portal.essays.models import EssayStatus
from portal.essays.rules import Step
from portal.i18n import Lazy
from portal.judging import rules as judging
from portal.juries.models import Outcome
from portal.results import words
from portal.results.models import Publication

ADMITTED = essays.JUDGED | {EssayStatus.ADMITTED}
STEPS = {Outcome.AWARDED: Step.AWARD, Outcome.COMMENDED: Step.COMMEND, Outcome.NOT_AWARDED: Step.NOT_AWARD}
MOST_MEMBERS = 10
FIRST_MEMBERS = 5
OF_AGE = 18  # below it no search engine keeps what is published of somebody


def may_publish(viewer: Viewer, edition: Edition) -> bool:
    return judging.may_appoint(viewer, edition)


def may_see(viewer: Viewer, edition: Edition) -> bool:
    """The page of the publication, before it and after."""
    return oversees(viewer, edition)


def is_public(publication: Publication | None, at: dt.datetime) -> bool:
    """The instant decides, whether or not the job that tells of it ran. `queries.public` asks the database the same."""
    return publication is not None and publication.confirmed_at is not None and publication.publish_at <= at


def is_at_once(publication: Publication) -> bool:
    """Ordered for no instant: public as soon as it is confirmed."""
    return publication.publish_at <= publication.ordered_at


def why_not_ordered(
    publication: Publication | None, publish_at: dt.datetime, at: dt.datetime, *, is_decided: bool
) -> Lazy | None:
    if not is_decided:
        return words.UNDECIDED
    if is_public(publication, at):
        return words.PUBLIC
    return words.IN_THE_PAST if publish_at < at else None


def why_not_confirmed(
    publication: Publication | None, at: dt.datetime, *, by: uuid.UUID, seen: str, digest: str
) -> Lazy | None:
    """`seen` is the publication's mark on the page that was confirmed; `digest` what is decided by now."""
    if publication is None:
        return words.NO_ORDER
    found = {
        words.CONFIRMED: publication.confirmed_at is not None,
        words.SAME_PERSON: publication.ordered_by == by,
        words.MOVED: seen != mark(publication),
        words.TOO_LATE: publication.publish_at <= at and not is_at_once(publication),
        words.CHANGED: publication.digest != digest,
    }
    return next((sentence for sentence, is_so in found.items() if is_so), None)


def why_not_taken_back(publication: Publication | None, at: dt.datetime) -> Lazy | None:
    if publication is None:
        return words.NO_ORDER
    return words.PUBLIC if is_public(publication, at) else None


def mark(publication: Publication) -> str:
    """What a page was shown with: another order, or another instant, has another."""
    return f"{publication.ordered_at.isoformat()} {publication.publish_at.isoformat()}"


def digest(decided: Iterable[Iterable[Any]]) -> str:
    """SHA-256 (hex) of everything that is published, in whatever order it was read."""
    rows = sorted([str(value) for value in row] for row in decided)
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()


def departs(chosen: Collection[uuid.UUID], entries: Mapping[uuid.UUID, int]) -> bool:
    """Whether somebody who was not chosen took part with more essays than somebody who was."""
    least = min((entries[each] for each in chosen), default=0)
    return bool(chosen) and any(number > least for each, number in entries.items() if each not in chosen)


def is_minor(born_on: dt.date | None, day: dt.date) -> bool:
    return born_on is None or age_on(born_on, day) < OF_AGE
