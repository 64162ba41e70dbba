"""What kinds of messages are called, and the colour of their tags."""

from portal.i18n import N_
from portal.mail.models import Kind

KINDS = {
    Kind.ACCESS: N_("Link"),
    Kind.DECISION: N_("Decision"),
    Kind.RECEIPT: N_("Receipt"),
    Kind.TASK: N_("To do"),
    Kind.NOTICE: N_("Notice"),
    Kind.REMINDER: N_("Reminder"),
    Kind.CIRCULAR: N_("Circular"),
}
COLOURS = {
    Kind.ACCESS: "grey",
    Kind.DECISION: "purple",
    Kind.RECEIPT: "green",
    Kind.TASK: "orange",
    Kind.NOTICE: "grey",
    Kind.REMINDER: "yellow",
    Kind.CIRCULAR: "teal",
}
