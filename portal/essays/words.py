"""What an essay's states are called."""

from portal.essays.models import EssayStatus
from portal.i18n import N_, Lazy

ESSAY_STATUS: dict[EssayStatus, tuple[Lazy, str]] = {
    EssayStatus.DRAFT: (N_("Draft"), "grey"),
    EssayStatus.SUBMITTED: (N_("Submitted"), "blue"),
    EssayStatus.RETURNED: (N_("Returned for correction"), "orange"),
    EssayStatus.ADMITTED: (N_("Admitted"), "green"),
    EssayStatus.DISQUALIFIED: (N_("Disqualified"), "red"),
    EssayStatus.IN_JUDGING: (N_("In judging"), "purple"),
    EssayStatus.WITHDRAWN: (N_("Withdrawn"), "grey"),
}
