"""Who asks for a letter, until when it can arrive, how often it is asked for, and who reads it. Pure."""

import datetime as dt

from portal.accounts.viewer import Viewer
from portal.applications import rules as applications
from portal.applications.models import Application, Letter, Status
from portal.calls import rules as calls
from portal.calls.models import RequestedDocument
from portal.i18n import N_, Lazy
from portal.references.words import LetterState

GOOD_FOR = dt.timedelta(days=30)
PAUSE = dt.timedelta(hours=1)
MOST_SENT = 3  # mails to one referee
A_DAY = 6  # mails for one application, whoever the referees are: it is no way to write to strangers
AN_ADDRESS_A_DAY = 3  # mails to one referee, whoever applies
GUESSES = "30 per hour"  # links that do not exist, from one network

WITHDRAWN = N_("The applicant withdrew the application, so no letter is needed any more. Thank you all the same.")
OVER = N_("Letters for this application are not taken any more. Thank you all the same.")
EXPIRED = N_("This link has expired. Ask the applicant to send you a new one.")
ARRIVED = N_("Your letter has arrived. Thank you: nothing more is needed from you.")
DECLINED = N_("You told us that you do not write this letter. Ask the applicant for a new link if you want to.")
TOO_LATE = N_("Letters for this application are not taken any more. Look at the dates on the page of the call.")
HAS_ARRIVED = N_("This letter has arrived already, so nobody needs to be asked again.")
NOT_ASKED = N_("Nobody was asked for this letter yet. Name a referee first.")
HAS_DECLINED = N_("This referee does not write the letter. Name another one.")
TOO_SOON = N_("The mail was sent less than an hour ago. Wait a while before you send it again.")
TOO_OFTEN = N_("The mail was sent three times already. Call your referee, or name another one.")


def takes_letters(application: Application, at: dt.datetime) -> bool:
    """A draft's letters while it can be submitted, and a submitted one's until nominations are due."""
    if application.status is Status.DRAFT:
        return calls.accepts_applications(application.call, at)
    return application.status not in {Status.WITHDRAWN, Status.NOT_NOMINATED} and calls.accepts_nominations(
        application.call, at
    )


def expires_at(application: Application, at: dt.datetime) -> dt.datetime:
    return min(at + GOOD_FOR, application.call.nominations_due_at)


def state(letter: Letter, at: dt.datetime) -> LetterState:
    if letter.received_at is not None:
        return LetterState.ARRIVED
    if letter.declined_at is not None:
        return LetterState.DECLINED
    return LetterState.ASKED if at < letter.expires_at else LetterState.EXPIRED


CLOSED: dict[LetterState, Lazy] = {
    LetterState.ARRIVED: ARRIVED,
    LetterState.DECLINED: DECLINED,
    LetterState.EXPIRED: EXPIRED,
}


def why_closed(letter: Letter, application: Application, at: dt.datetime) -> Lazy | None:
    """Why the referee's link takes nothing; None while it does."""
    found = state(letter, at)
    if found in {LetterState.ARRIVED, LetterState.DECLINED}:
        return CLOSED[found]
    if application.status is Status.WITHDRAWN:
        return WITHDRAWN
    return CLOSED.get(found) if takes_letters(application, at) else OVER


def why_no_referee(letter: Letter | None, application: Application, at: dt.datetime) -> Lazy | None:
    """Why no referee, or no other one, can be named; None if one can."""
    if letter is not None and letter.received_at is not None:
        return HAS_ARRIVED
    return None if takes_letters(application, at) else TOO_LATE


def why_not_again(letter: Letter | None, application: Application, at: dt.datetime) -> Lazy | None:
    """Why the mail to the referee cannot be sent again; None if it can."""
    reason = why_no_referee(letter, application, at)
    if reason is not None:
        return reason
    if letter is None:
        return NOT_ASKED
    if letter.declined_at is not None:
        return HAS_DECLINED
    if letter.times_sent >= MOST_SENT:
        return TOO_OFTEN
    return TOO_SOON if at < letter.sent_at + PAUSE else None


def may_read(viewer: Viewer, application: Application, requested: RequestedDocument, *, seen_whole: bool) -> bool:
    """Those who decide, and the secretariat; hosts where the call says so. Never the applicant, nor who acts for them
    while the application is theirs to fill in.
    """
    if viewer.person_id == application.applicant_id:
        return False
    if applications.acts_for(viewer, application) and application.submitted_at is None:
        return False
    return seen_whole or requested.shown_to_hosts
