"""What the states of a circular and of its messages are called, and what stands in the way of a step."""

from portal.circulars.models import CircularState
from portal.i18n import N_, Lazy
from portal.mail.models import Delivery

STATES: dict[CircularState, tuple[Lazy, str]] = {
    CircularState.DRAFT: (N_("Draft"), "grey"),
    CircularState.SENDING: (N_("Being sent"), "blue"),
    CircularState.PAUSED: (N_("Paused"), "yellow"),
    CircularState.SENT: (N_("Sent"), "green"),
    CircularState.CANCELLED: (N_("Cancelled"), "red"),
}
# What became of one message; None: it is not written yet.
RESULTS: dict[Delivery | None, tuple[Lazy, str]] = {
    Delivery.SENT: (N_("Sent"), "green"),
    Delivery.FAILED: (N_("Failed"), "red"),
    Delivery.QUEUED: (N_("Waiting"), "yellow"),
    Delivery.HELD: (N_("Kept back"), "grey"),
    Delivery.CANCELLED: (N_("Cancelled"), "grey"),
    None: (N_("Not written yet"), "grey"),
}
FIRST = 10

NO_DRAFT = N_("This circular has been sent, so it cannot be changed any more. Copy it to write a new one.")
NOT_RUNNING = N_("Nothing of this circular is being sent at the moment. Reload the page to see where it stands.")
NOT_PAUSED = N_("This circular is not paused. Reload the page to see where it stands.")
NOTHING_LEFT = N_("Every message of this circular has gone out already, so nothing is left to keep back.")
NO_TEXT = N_("This circular has no text yet. Write its subject and text in English first.")
NOT_TESTED = N_("Send a test to yourself first, and read it as it arrives.")
NOBODY = N_("Nobody is in this group at the moment. Choose another group.")
CHANGED = N_("The text or the group has changed since this page was made. Look at it again, then send it.")
TOO_MANY_TESTS = N_("You have sent many tests in this hour. Wait a while, then try again.")
TOO_MANY = N_("You have sent many circulars today. Wait until tomorrow, or ask a colleague.")
WRONG_PASSWORD = N_("This is not your password. Type it again.")
