"""The colour that a kind of message has on pages."""

from portal.mail.models import Kind

COLOURS = {
    Kind.ACCESS: "grey",
    Kind.DECISION: "purple",
    Kind.RECEIPT: "green",
    Kind.TASK: "orange",
    Kind.NOTICE: "grey",
    Kind.REMINDER: "yellow",
    Kind.CIRCULAR: "teal",
}
