"""What the states and parts of a final report are called."""

from portal.final_reports.models import NameShown, ReportStatus
from portal.i18n import N_, Lazy

STATUSES: dict[ReportStatus, Lazy] = {
    ReportStatus.DRAFT: N_("Draft"),
    ReportStatus.SUBMITTED: N_("Submitted"),
    ReportStatus.RETURNED: N_("Returned for correction"),
    ReportStatus.ACCEPTED: N_("Accepted by the secretariat"),
}
COLOURS: dict[ReportStatus, str] = {
    ReportStatus.DRAFT: "yellow",
    ReportStatus.SUBMITTED: "blue",
    ReportStatus.RETURNED: "orange",
    ReportStatus.ACCEPTED: "green",
}
PARTS: dict[str, Lazy] = {
    "did": N_("What you did"),
    "learned": N_("What you learned"),
    "proposals": N_("What you propose"),
}
HEADINGS: dict[str, Lazy] = {
    "did": N_("What I did"),
    "learned": N_("What I learned"),
    "proposals": N_("What I propose"),
}
HINTS: dict[str, Lazy] = {
    "did": N_("Your tasks, the people you worked with as a team, and what came of it."),
    "learned": N_("About the work, the region, and yourself."),
    "proposals": N_("For the host, for your own region, and for those who come after you."),
}
PUBLICATION: dict[str, Lazy] = {
    "no": N_("No, it is not to be published"),
    NameShown.FULL.value: N_("Yes, with my full name"),
    NameShown.GIVEN.value: N_("Yes, with my given name only"),
    NameShown.UNNAMED.value: N_("Yes, without my name"),
}
