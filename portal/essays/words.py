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
# Why an essay was returned or disqualified, by the code that a screener chose.
REASONS: dict[str, Lazy] = {
    "form": N_("It does not have the form that the contest asks for."),
    "length": N_("Its length is outside the limits."),
    "language": N_("It is not written in the language that you chose."),
    "theme": N_("It does not treat the theme that you chose."),
    "identity": N_("The text tells who wrote it."),
    "copied": N_("Passages stand in other texts too."),
    "ai": N_("It does not follow the rule on programmes that write."),
    "age": N_("Your age is outside the categories of the contest."),
    "other": N_("Another reason"),
}
