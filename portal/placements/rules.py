"""What may happen to a placement, who may do it, until when, and which seat is free. Pure."""

import datetime as dt
import enum
from collections.abc import Collection

from portal.accounts.viewer import Viewer
from portal.applications import rules as applications
from portal.applications.models import Application, Status
from portal.i18n import N_, Lazy
from portal.openings.models import Opening, OpeningStatus
from portal.placements import words
from portal.placements.models import Origin, Placement, PlacementStatus, Reason


class Step(enum.StrEnum):
    APPROVE = "approve"
    REFUSE = "refuse"
    CANCEL = "cancel"
    ACCEPT = "accept"
    DECLINE = "decline"
    LAPSE = "lapse"
    RELEASE = "release"  # before the stay: withdrawn, no visa, the host withdrew, or a better place in a re-run
    AGREE = "agree"
    START = "start"
    COMPLETE = "complete"
    END_EARLY = "end-early"
    CERTIFY = "certify"
    REVOKE = "revoke"  # the certificate


STEPS: dict[tuple[PlacementStatus, Step], PlacementStatus] = {
    (PlacementStatus.PROPOSED, Step.APPROVE): PlacementStatus.OFFERED,
    (PlacementStatus.PROPOSED, Step.REFUSE): PlacementStatus.REFUSED,
    (PlacementStatus.PROPOSED, Step.CANCEL): PlacementStatus.CANCELLED,
    (PlacementStatus.PROPOSED, Step.RELEASE): PlacementStatus.CANCELLED,
    (PlacementStatus.OFFERED, Step.ACCEPT): PlacementStatus.ACCEPTED,
    (PlacementStatus.OFFERED, Step.DECLINE): PlacementStatus.DECLINED,
    (PlacementStatus.OFFERED, Step.LAPSE): PlacementStatus.LAPSED,
    (PlacementStatus.OFFERED, Step.RELEASE): PlacementStatus.CANCELLED,
    (PlacementStatus.ACCEPTED, Step.RELEASE): PlacementStatus.CANCELLED,
    (PlacementStatus.ACCEPTED, Step.AGREE): PlacementStatus.AGREED,
    (PlacementStatus.AGREED, Step.RELEASE): PlacementStatus.CANCELLED,
    (PlacementStatus.AGREED, Step.START): PlacementStatus.ACTIVE,
    (PlacementStatus.ACTIVE, Step.COMPLETE): PlacementStatus.COMPLETED,
    (PlacementStatus.ACTIVE, Step.END_EARLY): PlacementStatus.ENDED_EARLY,
    (PlacementStatus.COMPLETED, Step.CERTIFY): PlacementStatus.CERTIFIED,
    (PlacementStatus.CERTIFIED, Step.REVOKE): PlacementStatus.COMPLETED,
}
FREEING = {Step.REFUSE, Step.CANCEL, Step.DECLINE, Step.LAPSE, Step.RELEASE}
BY_HOST = {Step.APPROVE, Step.REFUSE}
BY_APPLICANT = {Step.ACCEPT, Step.DECLINE}
# What holds a place and can still be given back: a stay that has begun can only end.
BEFORE_THE_STAY = frozenset(status for status, step in STEPS if step is Step.RELEASE)
GIVEN_BACK_BY_HAND = frozenset({PlacementStatus.ACCEPTED, PlacementStatus.AGREED})
DAY = dt.timedelta(days=1)


# The steps not named here are nobody's button here: the features of the stay say who takes them and when.
WRONG_STATE: dict[Step, Lazy] = {
    Step.APPROVE: N_("Only a proposed placement can be approved. Reload the page to see where it stands."),
    Step.REFUSE: N_("Only a proposed placement can be refused. Reload the page to see where it stands."),
    Step.CANCEL: N_("Only a proposal can be taken back. Reload the page to see where this placement stands."),
    Step.ACCEPT: N_("This is no open offer, so it cannot be accepted. Reload the page to see where it stands."),
    Step.DECLINE: N_("This is no open offer, so it cannot be declined. Reload the page to see where it stands."),
    Step.LAPSE: N_("This is no open offer, so it cannot lapse."),
    Step.RELEASE: N_("This placement holds no place that could be given back. Reload the page to see where it stands."),
    Step.AGREE: N_("Only an accepted placement can be agreed on. Reload the page to see where it stands."),
    Step.START: N_("Only an agreed placement can start. Reload the page to see where it stands."),
    Step.COMPLETE: N_("Only a stay that has started can be completed. Reload the page to see where it stands."),
    Step.END_EARLY: N_("Only a stay that has started can end early. Reload the page to see where it stands."),
    Step.CERTIFY: N_("Only a completed stay can be certified. Reload the page to see where it stands."),
    Step.REVOKE: N_("This placement has no certificate that could be revoked."),
}
EXPIRED = N_("The time to answer this offer has passed, so it has lapsed. Ask the secretariat if you have questions.")
NOT_YET = N_("The time to answer this offer has not passed yet.")
NOT_NOMINATED = N_("This application is not nominated any more, so no place can be proposed for it.")
NOT_PUBLISHED = N_("This opening is not published at the moment, so its places cannot be given.")
NOT_YET_ACCEPTED = N_("Only a place that was accepted is given back. A proposal is refused, an offer declined.")
BY_THE_MATCH = N_("The match proposed this placement, so only its host can refuse it.")
STARTED = N_(
    "The stay has begun, so the application can no longer be withdrawn. "
    "End the stay early on the page of the stay instead."
)
BLOCKED = N_("This call places nobody between these two countries. Propose somebody else.")
OWN_HOST = N_("In this call nobody is placed with their own home government. Propose somebody else.")
NOT_RANKED = N_("This candidate did not choose this opening. Propose somebody from its list of candidates.")


def may(viewer: Viewer, step: Step, placement: Placement) -> bool:
    """Hosts decide on others; candidates answer, or who entered their application from paper. The secretariat takes
    its own proposals back, and gives a place back as the candidate can. Lapsing is nobody's button."""
    own = applications.acts_for(viewer, placement.application)
    if step in BY_APPLICANT:
        return own
    if step is Step.RELEASE:
        return own or viewer.is_secretary
    if step is Step.CANCEL:
        return not own and viewer.is_secretary
    return step in BY_HOST and not own and viewer.coordinates(placement.opening.government_id)


def may_propose(viewer: Viewer, application: Application) -> bool:
    """Outside a match."""
    return viewer.is_secretary and not applications.acts_for(viewer, application)


def status_at(placement: Placement, at: dt.datetime) -> PlacementStatus:
    """The instant decides: an offer has lapsed when its time is over, whether or not a job has noted it yet."""
    is_over = placement.expires_at is not None and at >= placement.expires_at
    return PlacementStatus.LAPSED if placement.status is PlacementStatus.OFFERED and is_over else placement.status


def why_not(step: Step, placement: Placement, at: dt.datetime) -> Lazy | None:
    """Why this step cannot be taken at this moment; None if it can."""
    if (placement.status, step) not in STEPS:
        return WRONG_STATE[step]
    if step is Step.CANCEL and placement.origin is not Origin.MANUAL:
        return BY_THE_MATCH
    if step is Step.RELEASE and placement.status not in GIVEN_BACK_BY_HAND:
        return NOT_YET_ACCEPTED
    has_lapsed = status_at(placement, at) is PlacementStatus.LAPSED
    if step in BY_APPLICANT and has_lapsed:
        return EXPIRED
    return NOT_YET if step is Step.LAPSE and not has_lapsed else None


def possible(viewer: Viewer, placement: Placement, at: dt.datetime) -> set[Step]:
    return {step for step in Step if may(viewer, step, placement) and why_not(step, placement, at) is None}


def after(status: PlacementStatus, step: Step) -> PlacementStatus:
    return STEPS[status, step]


def why_no_proposal(opening: Opening, application: Application) -> Lazy | None:
    """Why this candidate cannot be proposed for this opening, seats aside."""
    if opening.status is not OpeningStatus.PUBLISHED:
        return NOT_PUBLISHED
    if application.status is not Status.NOMINATED:
        return NOT_NOMINATED
    if application.home_id == opening.government_id and not opening.call.own_government_is_host:
        return OWN_HOST
    if is_blocked(opening, application):
        return BLOCKED
    return None if any(choice.opening_id == opening.id for choice in application.choices) else NOT_RANKED


def is_blocked(opening: Opening, application: Application) -> bool:
    """Whether the call places nobody between the two countries, in whichever direction."""
    assert application.home is not None, "it was nominated"
    pair = {application.home.country.value, opening.government.country.value}
    return any(set(blocked) == pair for blocked in opening.call.blocked_pairs)


def reasons(viewer: Viewer, placement: Placement) -> tuple[Reason, ...]:
    """Why this person can give the place back."""
    own = applications.acts_for(viewer, placement.application)
    return words.OF_APPLICANTS if own else words.OF_THE_SECRETARIAT


def half_way(offer: Placement) -> dt.datetime:
    """Between the offer and its end."""
    assert offer.approved_at is not None and offer.expires_at is not None, "it was offered"
    return offer.approved_at + (offer.expires_at - offer.approved_at) / 2


def free_seat(taken: Collection[int], capacity: int) -> int | None:
    """The lowest seat that nobody holds; None if the opening is full.

    Where places were taken away, those that are held may have higher numbers than there are places.
    """
    if len(taken) >= capacity:
        return None
    return next((seat for seat in range(1, capacity + 1) if seat not in taken), None)
