"""What kinds of certificates are called, and why one cannot be had now."""

from portal.diplomas.models import DiplomaKind
from portal.i18n import N_, Lazy

KINDS: dict[DiplomaKind, Lazy] = {
    DiplomaKind.AWARD: N_("Certificate of award"),
    DiplomaKind.PARTICIPATION: N_("Certificate of participation"),
}
NOT_OUT = N_("Certificates come after the results. The results of this contest are not out yet.")
NONE_YET = N_("There is no certificate of this essay at the moment.")
LIST_CHANGED = N_("One of these essays has a certificate by now, or takes part no longer. Look at the list again.")
REVOKED_ALREADY = N_("This certificate is revoked already.")
NO_NAME = N_(
    "Your name can be shown only if its publication is agreed to. Change your consents for this contest first."
)
NO_TITLE = N_(
    "The title can be shown only if the publication of your essay is agreed to. Change your consents for this contest "
    "first."
)
