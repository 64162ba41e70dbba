"""Writing on the line. Neither the history of the placement nor any message repeats a word of it."""

from sqlmodel import Session

from portal.accounts import queries as accounts
from portal.accounts.viewer import Viewer, viewer_of
from portal.checkins import queries as checkins
from portal.checkins.rules import today_there
from portal.clock import now
from portal.errors import Conflict, NotAllowed
from portal.history.actions import record
from portal.mail.actions import send
from portal.placements.models import Placement
from portal.private_lines import rules
from portal.private_lines.models import PrivateMessage


def write(session: Session, placement: Placement, text: str, *, by: Viewer) -> PrivateMessage:
    if not rules.reads(by, placement):
        raise NotAllowed
    if not rules.is_open(placement, today_there(placement, now())):
        raise Conflict(rules.CLOSED)
    made = PrivateMessage(
        placement_id=placement.id, from_intern=rules.is_intern(by, placement), author_id=by.id, text=text
    )
    session.add(made)
    session.flush()
    # Its subject is the message alone: nobody finds it from the placement.
    record(session, "private message written", "private message", made.id, by=by.id)
    _tell(session, placement, made)
    return made


def _tell(session: Session, placement: Placement, message: PrivateMessage) -> None:
    """Only that something waits."""
    if not message.from_intern:
        to = accounts.recipient(placement.application.applicant)
        send(session, "private_lines/answered", to=to)
        return
    for person in checkins.secretaries_of(session, placement):
        if rules.answers(viewer_of(session, person), placement):
            send(session, "private_lines/waits", to=accounts.recipient(person))
