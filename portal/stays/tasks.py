"""The task list of a stay: what there is to do or to read, for whoever looks. Pure."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from portal.accounts.viewer import Viewer
from portal.checkins import words as checkin_words
from portal.checkins.queries import Standing
from portal.i18n import N_, Lazy, day
from portal.placements.models import Placement, PlacementStatus
from portal.private_lines import rules as private_lines
from portal.stays import rules
from portal.stays.models import Stay
from portal.stays.rules import Deed, Facts
from portal.stays.words import VISA_COLOURS, VISAS


class Task(NamedTuple):
    """One line: without `href` there is nothing to open yet, without `colour` the status is plain text."""

    text: str | Lazy
    href: str | None
    status: str | Lazy = ""
    colour: str = ""
    hint: str | Lazy = ""


class Section(NamedTuple):
    title: Lazy
    tasks: list[Task]


TO_DO, DONE, MISSING, NOT_YET = N_("To do"), N_("Done"), N_("Missing"), N_("Cannot start yet")
WAITING, LATE = N_("Waiting for an answer"), N_("Late")
CERTIFIABLE = {PlacementStatus.COMPLETED, PlacementStatus.CERTIFIED}
DUE = N_("Due on %(day)s")
FROM = N_("From %(day)s")


def sections(
    viewer: Viewer, placement: Placement, facts: Facts, standings: Sequence[Standing], today: dt.date
) -> list[Section]:
    """Nothing in it depends on what is written on the private line: only whether this viewer has one."""
    possible = rules.possible(viewer, placement, facts, today)
    base = f"/placements/{placement.id}"
    found = [
        Section(N_("Before departure"), list(_before(viewer, placement, facts.stay, possible, f"{base}/stay", today))),
        Section(N_("Check-ins"), [_check_in(each, f"{base}/stay/check-ins") for each in standings]),
        Section(N_("Changes and the end"), list(_after(viewer, placement, facts, possible, f"{base}/stay", today))),
    ]
    if private_lines.reads(viewer, placement):
        found.append(Section(N_("In confidence"), [_line(viewer, placement, base)]))
    return [section for section in found if section.tasks]


def _before(
    viewer: Viewer, placement: Placement, stay: Stay, possible: set[Deed], base: str, today: dt.date
) -> Iterator[Task]:
    own = Deed.PREPARE in possible
    missing = TO_DO if own else MISSING
    visa = VISAS[stay.visa] if stay.visa else missing
    yield Task(N_("Visa"), f"{base}/visa", visa, VISA_COLOURS[stay.visa])
    yield _checked(N_("Proof of insurance"), f"{base}/insurance", stay.insurance_id is not None, missing)
    yield _checked(N_("Arrival"), f"{base}/arrival", stay.arrives_on is not None, missing)
    if Deed.RELEASE in possible:
        yield Task(N_("Give the place back because the visa was refused"), f"{base}/release", TO_DO, "red")
    if stay.waived_at is not None:
        href = f"{base}/waive" if Deed.WAIVE in possible else None
        yield Task(N_("Start without visa or insurance"), href, N_("Allowed"), "orange")
    elif Deed.WAIVE in possible:
        yield Task(N_("Allow a start without visa or insurance"), f"{base}/waive")
    yield _start(viewer, placement, possible, base, today)


def _checked(text: Lazy, href: str, is_done: bool, missing: Lazy) -> Task:
    return Task(text, href, DONE if is_done else missing, "green" if is_done else "blue")


def _start(viewer: Viewer, placement: Placement, possible: set[Deed], base: str, today: dt.date) -> Task:
    text = N_("Confirm the start") if rules.is_host(viewer, placement) else N_("Start, confirmed by the host")
    hint = FROM % {"day": day(placement.starts_on)}
    if placement.status is not PlacementStatus.AGREED:
        return Task(text, None, DONE, "green")
    if rules.is_host(viewer, placement):
        is_due = today >= placement.starts_on
        return Task(text, f"{base}/start" if is_due else None, TO_DO if is_due else NOT_YET,
                    "blue" if is_due else "grey", hint)  # fmt: skip
    is_late = today > placement.starts_on
    return Task(text, None, LATE if is_late else NOT_YET, "red" if is_late else "grey", hint)


def _check_in(standing: Standing, base: str) -> Task:
    due, state = standing.due, standing.state
    is_far = state is checkin_words.State.NOT_YET
    return Task(
        checkin_words.title(due.number), None if is_far else f"{base}/{due.number}",
        checkin_words.STATES[state], checkin_words.COLOURS[state], DUE % {"day": day(due.due_on)},
    )  # fmt: skip


def _after(
    viewer: Viewer, placement: Placement, facts: Facts, possible: set[Deed], base: str, today: dt.date
) -> Iterator[Task]:
    if placement.status is PlacementStatus.ACTIVE:
        yield Task(N_("A later last day"), f"{base}/extension", *_extension(facts, possible))
    if Deed.END_EARLY in possible:
        yield Task(N_("End the stay early"), f"{base}/end-early")
    if placement.status is not PlacementStatus.AGREED:
        yield _evaluation(viewer, placement, facts, possible, base)
        yield _completion(placement, possible, base, today)
        yield Task(N_("Final report"), f"/placements/{placement.id}/report")
    if placement.status in CERTIFIABLE:
        yield Task(N_("Certificate"), f"/placements/{placement.id}/certificate")


def _extension(facts: Facts, possible: set[Deed]) -> tuple[Lazy | str, str]:
    if facts.extension is None:
        return "", ""
    return (TO_DO, "blue") if Deed.ANSWER in possible else (WAITING, "yellow")


def _evaluation(viewer: Viewer, placement: Placement, facts: Facts, possible: set[Deed], base: str) -> Task:
    """Before the end only those who may read it see whether it is there."""
    text, href = N_("Supervisor's evaluation"), f"{base}/evaluation"
    if not rules.may_read_evaluation(viewer, placement):
        return Task(text, None, NOT_YET, "grey")
    if facts.evaluation is not None:
        return Task(text, href, DONE, "green")
    if Deed.EVALUATE in possible:
        return Task(text, href, TO_DO, "blue")
    return Task(text, None, MISSING if placement.status in rules.OVER else NOT_YET, "grey")


def _completion(placement: Placement, possible: set[Deed], base: str, today: dt.date) -> Task:
    text = N_("Completion")
    if placement.status is PlacementStatus.ENDED_EARLY:
        return Task(text, None, N_("Ended early"), "orange", day(placement.ends_on))
    if placement.status in rules.OVER:
        return Task(text, None, DONE, "green", day(placement.ends_on))
    if Deed.COMPLETE in possible:
        return Task(text, f"{base}/complete", TO_DO, "blue")
    is_late = today > placement.ends_on
    hint = FROM % {"day": day(placement.ends_on)}
    return Task(text, None, LATE if is_late else NOT_YET, "red" if is_late else "grey", hint)


def _line(viewer: Viewer, placement: Placement, base: str) -> Task:
    if private_lines.is_intern(viewer, placement):
        hint = N_("Nobody but the secretariat reads it.")
        return Task(N_("Write to the secretariat"), f"{base}/private-line", hint=hint)
    return Task(N_("Messages between the intern and the secretariat"), f"{base}/private-line")
