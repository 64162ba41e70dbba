"""What became of a message's e-mail, as its reader is told."""

from portal.i18n import N_
from portal.mail.models import Delivery

BY_MAIL = {
    Delivery.QUEUED: N_("It also goes to your e-mail address and is on its way."),
    Delivery.SENT: N_("It was also sent to your e-mail address."),
    Delivery.FAILED: N_(
        "It could not be delivered to your e-mail address. If mail of the portal does not reach you, read it here, and"
        " write to the secretariat if your address has changed."
    ),
    Delivery.INBOX: N_("It was not sent by e-mail, because you wanted no reminders by e-mail."),
}
