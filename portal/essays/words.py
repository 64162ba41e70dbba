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

# Why an essay is returned or disqualified, by `reason_code` (`screening.Reason`).
REASONS: dict[str, Lazy] = {
    "form": N_("A statement or another formality is missing"),
    "length": N_("Too long or too short"),
    "language": N_("Not in the language that was chosen"),
    "theme": N_("Not on the theme"),
    "identity": N_("The text tells who wrote it"),
    "copied": N_("Copied from another text"),
    "ai": N_("Written by a programme, against the rules"),
    "age": N_("Outside the age categories"),
    "other": N_("Another reason"),
}
