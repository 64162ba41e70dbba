"""What messages are called by what they are to their reader."""

from portal.i18n import N_
from portal.mail.models import Kind

KINDS = {
    Kind.ACCESS: N_("Your link"),
    Kind.DECISION: N_("Decision"),
    Kind.RECEIPT: N_("Receipt"),
    Kind.TASK: N_("To do"),
    Kind.NOTICE: N_("Notice"),
    Kind.REMINDER: N_("Reminder"),
    Kind.CIRCULAR: N_("Letter of the secretariat"),
}
# Those that a reader must not take for something else say so in plain text too.
MARKED = frozenset({Kind.DECISION, Kind.RECEIPT, Kind.TASK, Kind.REMINDER})
NO_MORE_REMINDERS = N_("If you want no more reminders by e-mail, say so here. Decisions and receipts still reach you.")
