"""What an essay's states and the passages that tell its author are called."""

from portal.consents.models import Purpose
from portal.consents.rules import Standing
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
    EssayStatus.SHORTLISTED: (N_("In the final round"), "purple"),
    EssayStatus.AWARDED: (N_("Awarded"), "green"),
    EssayStatus.COMMENDED: (N_("Commended"), "turquoise"),
    EssayStatus.NOT_AWARDED: (N_("Not awarded"), "grey"),
    EssayStatus.WITHDRAWN: (N_("Withdrawn"), "grey"),
}
# What waits for the results looks alike to its author: who goes on to the final round is said with them. Results
# themselves are not set before they are public.
UNTOLD = frozenset({EssayStatus.SHORTLISTED})


def told_author(status: EssayStatus) -> tuple[Lazy, str]:
    """What an author, or the office that entered the essay for them, is told of where it stands."""
    return ESSAY_STATUS[EssayStatus.IN_JUDGING if status in UNTOLD else status]


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


def guardian_said(standing: Standing) -> Lazy | None:
    """What a minor's guardian has answered so far, or None where nobody else is asked."""
    if not standing.needs_guardian or standing.guardian is None:
        return None
    if standing.allows(Purpose.TAKE_PART):
        return N_("Your parent or guardian has agreed that you take part.")
    if standing.is_decided(Purpose.TAKE_PART):
        return N_("Your parent or guardian did not agree that you take part.")
    if standing.guardian.expires_at < standing.at:
        return N_("Your parent or guardian did not answer in time. Ask them again.")
    return N_("We asked your parent or guardian, and wait for the answer.")


TELLING: dict[Kind, Lazy] = {
    Kind.NAME: N_("your name"),
    Kind.SCHOOL: N_("your school"),
    Kind.EMAIL: N_("an e-mail address"),
    Kind.PHONE: N_("a phone number"),
    Kind.ADDRESS: N_("an address"),
    Kind.HANDLE: N_("an account or a page"),
}
