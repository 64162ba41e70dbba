"""What an essay's states and the passages that tell its author are called."""

from portal.essays.models import EssayStatus
from portal.essays.telling import Kind
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

TELLING: dict[Kind, Lazy] = {
    Kind.NAME: N_("your name"),
    Kind.SCHOOL: N_("your school"),
    Kind.EMAIL: N_("an e-mail address"),
    Kind.PHONE: N_("a phone number"),
    Kind.ADDRESS: N_("an address"),
    Kind.HANDLE: N_("an account or a page"),
}
