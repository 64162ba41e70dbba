"""The steps of a circular, who takes them, and what its text may hold. Pure."""

import enum
import hashlib
import json
from collections.abc import Iterable

from portal.accounts.viewer import Viewer
from portal.circulars import words
from portal.circulars.models import Circular, CircularState
from portal.i18n import LANGUAGES, SOURCE, Lazy
from portal.mail.composing import NAME

BATCH = 500  # messages written in one transaction


class Step(enum.StrEnum):
    EDIT = "edit"
    TEST = "test"
    DELETE = "delete"
    SEND = "send"
    PAUSE = "pause"
    CONTINUE = "continue"
    CANCEL = "cancel"
    FINISH = "finish"  # the job has written the last message


STEPS: dict[tuple[CircularState, Step], CircularState] = {
    (CircularState.DRAFT, Step.EDIT): CircularState.DRAFT,
    (CircularState.DRAFT, Step.TEST): CircularState.DRAFT,
    (CircularState.DRAFT, Step.DELETE): CircularState.DRAFT,
    (CircularState.DRAFT, Step.SEND): CircularState.SENDING,
    (CircularState.SENDING, Step.FINISH): CircularState.SENT,
    (CircularState.SENDING, Step.PAUSE): CircularState.PAUSED,
    (CircularState.SENT, Step.PAUSE): CircularState.PAUSED,
    (CircularState.PAUSED, Step.CONTINUE): CircularState.SENDING,
    (CircularState.SENDING, Step.CANCEL): CircularState.CANCELLED,
    (CircularState.PAUSED, Step.CANCEL): CircularState.CANCELLED,
    (CircularState.SENT, Step.CANCEL): CircularState.CANCELLED,
}
ON_ITS_WAY = (Step.PAUSE, Step.CONTINUE, Step.CANCEL)
WRONG_STATE: dict[Step, Lazy] = {
    Step.PAUSE: words.NOT_RUNNING,
    Step.CONTINUE: words.NOT_PAUSED,
    Step.CANCEL: words.NOT_RUNNING,
    Step.FINISH: words.NOT_RUNNING,
}


def may(viewer: Viewer) -> bool:
    """Secretaries do it all; auditors read."""
    return viewer.is_secretary


def why_not(step: Step, circular: Circular, *, waiting: int = 0) -> Lazy | None:
    """Why this cannot be done now. `waiting` is how many messages have not gone out yet."""
    if (circular.state, step) not in STEPS:
        return WRONG_STATE.get(step, words.NO_DRAFT)
    if step in {Step.TEST, Step.SEND} and not circular.texts.get(SOURCE):
        return words.NO_TEXT
    if step is Step.SEND and circular.tested_at is None:
        return words.NOT_TESTED
    return words.NOTHING_LEFT if step in {Step.PAUSE, Step.CANCEL} and not waiting else None


def written_in(circular: Circular) -> list[str]:
    return [code for code in LANGUAGES if circular.texts.get(code)]


def language_for(circular: Circular, reader: str) -> str:
    """In which language somebody gets it: in English where it is not written in theirs."""
    return reader if circular.texts.get(reader) else SOURCE


def missing(circular: Circular, readers: Iterable[str]) -> list[str]:
    """The languages of readers that it is not written in."""
    return sorted({code for code in readers if code != language_for(circular, code)})


def has_stray_brace(text: str) -> bool:
    """Whether it holds a brace that is no part of "{name}"."""
    rest = text.replace(NAME, "")
    return "{" in rest or "}" in rest


def mark(circular: Circular, total: int) -> str:
    """What somebody sees who decides to send it: another text, group or number has another one."""
    seen = [circular.audience, circular.choices, circular.subjects, circular.texts, total]
    return hashlib.sha256(json.dumps(seen, sort_keys=True).encode()).hexdigest()[:24]
