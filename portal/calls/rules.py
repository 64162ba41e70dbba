"""What is open when, which steps there are, and who may take them. Pure."""

import datetime as dt
import enum
import re
import unicodedata

from portal.accounts.viewer import Viewer
from portal.calls.models import Call, CallStatus
from portal.calls.words import Phase
from portal.i18n import N_, Lazy

EDITABLE = frozenset({CallStatus.DRAFT, CallStatus.PUBLISHED})
RESERVED = frozenset({"new"})  # /calls/new is a page
SLUG_LENGTH = 60


class Step(enum.StrEnum):
    PUBLISH = "publish"
    CLOSE = "close"
    ARCHIVE = "archive"


STEPS: dict[tuple[CallStatus, Step], CallStatus] = {
    (CallStatus.DRAFT, Step.PUBLISH): CallStatus.PUBLISHED,
    (CallStatus.PUBLISHED, Step.CLOSE): CallStatus.CLOSED,
    (CallStatus.CLOSED, Step.ARCHIVE): CallStatus.ARCHIVED,
}


def may(viewer: Viewer, step: Step, call: Call) -> bool:
    return viewer.is_secretary and (call.status, step) in STEPS


def may_edit(viewer: Viewer, call: Call) -> bool:
    return viewer.is_secretary and call.status in EDITABLE


def phase(call: Call, at: dt.datetime) -> Phase:
    """Where the call stands; a deadline's own instant still belongs to what it ends."""
    if call.status is not CallStatus.PUBLISHED:
        return Phase(call.status.value)
    if at < call.opens_at:
        return Phase.UPCOMING
    if at <= call.applications_due_at:
        return Phase.APPLICATIONS
    return Phase.NOMINATIONS if at <= call.nominations_due_at else Phase.OVER


def is_open(call: Call, at: dt.datetime) -> bool:
    """What a reader calls open: one can apply. `queries.open_calls` asks the database the same."""
    return phase(call, at) is Phase.APPLICATIONS


def accepts_applications(call: Call, at: dt.datetime) -> bool:
    return is_open(call, at)


def accepts_nominations(call: Call, at: dt.datetime) -> bool:
    """From the opening on: a coordinator need not wait for the last application."""
    return phase(call, at) in {Phase.APPLICATIONS, Phase.NOMINATIONS}


def accepts_openings(call: Call, at: dt.datetime) -> bool:
    """Places may be offered as soon as the call is published, and as long as somebody can choose them."""
    return phase(call, at) in {Phase.UPCOMING, Phase.APPLICATIONS}


def unready(call: Call, at: dt.datetime) -> list[Lazy]:
    """What keeps a draft from being published, each a sentence that says what to do."""
    wanting = {
        N_("Write the title in English first."): not call.titles.get("en"),
        N_("Write the text in English first."): not call.texts.get("en"),
        N_("Applications are due after the call opens. Change the dates."): call.applications_due_at <= call.opens_at,
        N_("Nominations are due after applications. Change the dates."): (
            call.nominations_due_at < call.applications_due_at
        ),
        N_("Applications would already be closed. Choose a later date."): call.applications_due_at <= at,
    }
    return [sentence for sentence, is_wanting in wanting.items() if is_wanting]


def slug_from(title: str) -> str:
    """The readable part of an address: "PioNEAR 2027: spring" becomes "pionear-2027-spring"."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:SLUG_LENGTH].strip("-")
