"""Who may do what in a stay, when, and of what people are reminded. Pure."""

import datetime as dt
import enum
from collections.abc import Collection, Iterator
from typing import NamedTuple

from portal.accounts.viewer import Viewer
from portal.checkins import rules as checkins
from portal.checkins.models import Side
from portal.i18n import N_, Lazy
from portal.placements.models import Placement, PlacementStatus
from portal.stays.models import Duty, Evaluation, Extension, Stay, Visa

LONGEST_MONTHS = 6
EVALUATED = dt.timedelta(days=7)


class Deed(enum.StrEnum):
    PREPARE = "prepare"  # the checklist before departure
    RELEASE = "release"  # after a refused visa
    WAIVE = "waive"
    START = "start"
    EXTEND = "extend"
    ANSWER = "answer"  # an extension that the other side asked for
    END_EARLY = "end-early"
    EVALUATE = "evaluate"
    COMPLETE = "complete"


STAYS = {
    PlacementStatus.AGREED, PlacementStatus.ACTIVE, PlacementStatus.COMPLETED, PlacementStatus.ENDED_EARLY,
    PlacementStatus.CERTIFIED,
}  # fmt: skip
OVER = {PlacementStatus.COMPLETED, PlacementStatus.ENDED_EARLY, PlacementStatus.CERTIFIED}
EVALUATING = {PlacementStatus.ACTIVE, PlacementStatus.ENDED_EARLY}
STATES: dict[Deed, set[PlacementStatus]] = {
    Deed.PREPARE: {PlacementStatus.AGREED},
    Deed.RELEASE: {PlacementStatus.AGREED},
    Deed.WAIVE: {PlacementStatus.AGREED},
    Deed.START: {PlacementStatus.AGREED},
    Deed.EXTEND: {PlacementStatus.ACTIVE},
    Deed.ANSWER: {PlacementStatus.ACTIVE},
    Deed.END_EARLY: {PlacementStatus.ACTIVE},
    Deed.EVALUATE: EVALUATING,
    Deed.COMPLETE: {PlacementStatus.ACTIVE},
}
NO_STAY = N_("A stay has its page once host, home government and intern have agreed on the placement.")
WRONG_STATE: dict[Deed, Lazy] = {
    Deed.PREPARE: N_("This can be changed between the agreement and the start only. Look at the stay's page."),
    Deed.RELEASE: N_("Only a place whose stay has not started can be given back. Look at the stay's page."),
    Deed.WAIVE: N_("Only before the start can this be waived. Look at the stay's page."),
    Deed.START: N_("Only an agreed stay can start, and only once. Look at the stay's page."),
    Deed.EXTEND: N_("Only a stay that runs can be extended. Look at the stay's page."),
    Deed.ANSWER: N_("Only a stay that runs can be extended. Look at the stay's page."),
    Deed.END_EARLY: N_("Only a stay that runs can end early. Look at the stay's page."),
    Deed.EVALUATE: N_("An evaluation is entered before the stay is completed. Look at the stay's page."),
    Deed.COMPLETE: N_("Only a stay that runs can be completed. Look at the stay's page."),
}
NOT_REFUSED = N_("The place can be given back here only after the visa was refused.")
BEFORE_THE_DAY = N_("The stay has not begun yet. Confirm the start on its first day or later.")
NO_INSURANCE = N_("There is no proof of insurance yet, so the stay cannot start. Ask the intern to upload it.")
NO_VISA = N_("The visa is not granted yet, so the stay cannot start. Ask the intern how it stands.")
IS_OVER = N_("The last day has passed, so the stay cannot be extended any more.")
ASKED = N_("A later last day was asked for already. It waits for its answer.")
NOT_ASKED = N_("Nobody asks for a later last day at the moment.")
OWN_QUESTION = N_("You asked for this yourself; the other side answers.")
LATE_ANSWER = N_("The stay already lasts until that day or longer, so this cannot be agreed to any more.")
TOO_EARLY_TO_EVALUATE = N_("The evaluation can be entered in the last week of the stay or later.")
EVALUATED_ALREADY = N_("The evaluation is entered, and the stay is over, so it cannot be changed.")
NOT_THE_LAST_DAY = N_("A stay can be completed on its last day or later.")
NO_EVALUATION = N_("Enter the supervisor's evaluation first, then complete the stay.")
NOT_TO_READ_YET = N_("The evaluation can be read once the stay is over.")

FIRST_DAY = N_("Enter a day from the agreed first day of the stay until today, and before its last day.")
LATER_DAY = N_("Enter a day after the present last day.")
TOO_LONG = N_("A stay lasts at most six months in all. Enter an earlier day.")
EARLIER_DAY = N_("Enter a day from the first day of the stay until today, and before its planned last day.")


def is_host(viewer: Viewer, placement: Placement) -> bool:
    return checkins.side(viewer, placement) is Side.HOST


def is_home(viewer: Viewer, placement: Placement) -> bool:
    """An official of the home government; nobody is official in their own case."""
    home_id, own = placement.application.home_id, viewer.person_id == placement.application.applicant_id
    return not own and home_id is not None and viewer.coordinates(home_id)


def is_secretary(viewer: Viewer, placement: Placement) -> bool:
    return viewer.is_secretary and viewer.person_id != placement.application.applicant_id


def may(viewer: Viewer, deed: Deed, placement: Placement) -> bool:
    """Interns prepare, or who entered their application from paper; hosts confirm; the secretariat waives and helps."""
    side, host = checkins.side(viewer, placement), is_host(viewer, placement)
    secretary, home = is_secretary(viewer, placement), is_home(viewer, placement)
    return {
        Deed.PREPARE: side is Side.INTERN,
        Deed.RELEASE: side is not None or home,
        Deed.WAIVE: secretary,
        Deed.START: host,
        Deed.EXTEND: side is not None,
        Deed.ANSWER: side is not None,
        Deed.END_EARLY: side is not None or home or secretary,
        Deed.EVALUATE: host,
        Deed.COMPLETE: host or secretary,
    }[deed]


class Facts(NamedTuple):
    """What is known of a stay, beside its placement."""

    stay: Stay
    extension: Extension | None  # the one that waits for its answer
    evaluation: Evaluation | None


def why_not(viewer: Viewer, deed: Deed, placement: Placement, facts: Facts, today: dt.date) -> Lazy | None:
    """Why this cannot be done at this moment (`today` is the day at the host); None if it can."""
    if placement.status not in STATES[deed]:
        return WRONG_STATE[deed]
    if deed is Deed.RELEASE:
        return None if facts.stay.visa is Visa.REFUSED else NOT_REFUSED
    if deed is Deed.START:
        return why_no_start(placement, facts.stay, today)
    if deed in {Deed.EXTEND, Deed.ANSWER}:
        return _why_no_extension(checkins.side(viewer, placement), deed, placement, facts.extension, today)
    if deed is Deed.EVALUATE:
        return _why_no_evaluation(placement, facts.evaluation, today)
    return _why_no_completion(placement, facts.evaluation, today) if deed is Deed.COMPLETE else None


def can(viewer: Viewer, deed: Deed, placement: Placement, facts: Facts, today: dt.date) -> bool:
    return may(viewer, deed, placement) and why_not(viewer, deed, placement, facts, today) is None


def possible(viewer: Viewer, placement: Placement, facts: Facts, today: dt.date) -> set[Deed]:
    return {deed for deed in Deed if can(viewer, deed, placement, facts, today)}


def has_visa(stay: Stay) -> bool:
    return stay.visa in {Visa.NOT_NEEDED, Visa.GRANTED}


def is_prepared(stay: Stay) -> bool:
    return has_visa(stay) and stay.insurance_id is not None and stay.arrives_on is not None


def why_no_start(placement: Placement, stay: Stay, today: dt.date) -> Lazy | None:
    if today < placement.starts_on:
        return BEFORE_THE_DAY
    if stay.waived_at is not None:
        return None
    if stay.insurance_id is None:
        return NO_INSURANCE
    return None if has_visa(stay) else NO_VISA


def _why_no_extension(
    side: Side | None, deed: Deed, placement: Placement, open_one: Extension | None, today: dt.date
) -> Lazy | None:
    if today > placement.ends_on:
        return IS_OVER
    if deed is Deed.EXTEND:
        return ASKED if open_one else None
    if open_one is None:
        return NOT_ASKED
    return OWN_QUESTION if open_one.side is side else None


def _why_no_evaluation(placement: Placement, evaluation: Evaluation | None, today: dt.date) -> Lazy | None:
    if placement.status in OVER and evaluation is not None:
        return EVALUATED_ALREADY
    too_early = placement.status not in OVER and today < placement.ends_on - EVALUATED
    return TOO_EARLY_TO_EVALUATE if too_early else None


def _why_no_completion(placement: Placement, evaluation: Evaluation | None, today: dt.date) -> Lazy | None:
    if today < placement.ends_on:
        return NOT_THE_LAST_DAY
    return None if evaluation else NO_EVALUATION


def wrong_first_day(placement: Placement, day: dt.date, today: dt.date) -> Lazy | None:
    """Later than agreed it may be, never earlier and never ahead of the calendar."""
    if day < placement.starts_on or day > today:
        return FIRST_DAY
    return FIRST_DAY if day >= placement.ends_on else None


def wrong_extension(placement: Placement, day: dt.date) -> Lazy | None:
    if day <= placement.ends_on:
        return LATER_DAY
    return TOO_LONG if day > latest_end(placement) else None


def wrong_early_end(placement: Placement, day: dt.date, today: dt.date) -> Lazy | None:
    """It is entered when it has come, and takes effect at once."""
    return None if placement.starts_on <= day < placement.ends_on and day <= today else EARLIER_DAY


def latest_end(placement: Placement) -> dt.date:
    """The last day that an extension may reach."""
    return checkins.months_later(placement.starts_on, LONGEST_MONTHS)


def may_read_evaluation(viewer: Viewer, placement: Placement) -> bool:
    """Hosts wrote it, the secretariat and auditors read everything, others once the stay is over."""
    staff = is_host(viewer, placement) or is_secretary(viewer, placement) or viewer.is_auditor
    return staff or placement.status in OVER


class Due(NamedTuple):
    """One reminder: of what, for whom, and how many days after (or before) the day it is about."""

    duty: Duty
    side: Side
    number: int
    about_on: dt.date
    days: int
    to_secretariat: bool = False


# Days after the day it is about, and whether it is the secretariat that is told.
STAGES: dict[Duty, tuple[tuple[int, bool], ...]] = {
    Duty.DEPARTURE: ((-28, False), (-14, False), (-3, False)),
    Duty.START: ((0, False), (1, False), (3, True)),
    Duty.CHECK_IN: ((-3, False), (1, False), (7, False), (8, True)),
    Duty.EXTENSION: ((3, False), (7, False)),
    Duty.EVALUATION: ((-7, False), (0, False)),
    Duty.COMPLETION: ((1, False), (4, False), (7, True)),
}


def reminders(placement: Placement, facts: Facts, given: Collection[tuple[int, Side]], today: dt.date) -> list[Due]:
    """Of every duty that is still undone the newest stage that is reached."""
    found = (_newest(*duty, today) for duty in undone(placement, facts, given))
    return [each for each in found if each is not None]


def _newest(duty: Duty, side: Side, number: int, about_on: dt.date, today: dt.date) -> Due | None:
    passed = [stage for stage in STAGES[duty] if about_on + dt.timedelta(days=stage[0]) <= today]
    return Due(duty, side, number, about_on, *passed[-1]) if passed else None


def undone(
    placement: Placement, facts: Facts, given: Collection[tuple[int, Side]]
) -> Iterator[tuple[Duty, Side, int, dt.date]]:
    """Every duty that is not done, whose it is, its number, and the day it is about."""
    if placement.status is PlacementStatus.AGREED:
        if not is_prepared(facts.stay):
            yield Duty.DEPARTURE, Side.INTERN, 0, placement.starts_on
        yield Duty.START, Side.HOST, 0, placement.starts_on
    if placement.status is not PlacementStatus.ACTIVE:
        return
    for due in checkins.schedule(placement.starts_on, placement.ends_on):
        for side in Side:
            if (due.number, side) not in given:
                yield Duty.CHECK_IN, side, due.number, due.due_on
    if facts.extension is not None:
        other = Side.HOST if facts.extension.side is Side.INTERN else Side.INTERN
        yield Duty.EXTENSION, other, 0, facts.extension.asked_at.date()
    if facts.evaluation is None:
        yield Duty.EVALUATION, Side.HOST, 0, placement.ends_on
    yield Duty.COMPLETION, Side.HOST, 0, placement.ends_on
