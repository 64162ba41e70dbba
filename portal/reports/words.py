"""What the secretariat's overview calls things."""

import enum

from portal.i18n import N_, Lazy


class Deed(enum.StrEnum):
    """What the secretariat does for many at once."""

    REMIND_COORDINATORS = "remind-coordinators"
    REMIND_APPLICANTS = "remind-applicants"
    REFUSE = "refuse-remaining"


class Concern(enum.StrEnum):
    """What needs care, the most urgent first."""

    NOBODY = "nobody"
    UNDECIDED = "undecided"
    UNCORRECTED = "uncorrected"
    OPENINGS = "openings"


class Sort(enum.StrEnum):
    PLACE = "place"
    WAITING = "waiting"
    STARTED = "started"
    NOMINATED = "nominated"


DEEDS: dict[Deed, Lazy] = {
    Deed.REMIND_COORDINATORS: N_("Remind coordinators"),
    Deed.REMIND_APPLICANTS: N_("Remind applicants with drafts"),
    Deed.REFUSE: N_("Refuse what is left undecided"),
}
EXPLAINED: dict[Deed, Lazy] = {
    Deed.REMIND_COORDINATORS: N_(
        "Each coordinator of these governments gets one mail that says how many applications wait, and until when."
    ),
    Deed.REMIND_APPLICANTS: N_(
        "Everybody of these governments who has begun an application and not submitted it gets one mail."
    ),
    Deed.REFUSE: N_(
        "You decide in the place of these governments. Each applicant is told the reason that you give here."
    ),
}
CONFIRM: dict[Deed, Lazy] = {
    Deed.REMIND_COORDINATORS: N_("Send the reminders"),
    Deed.REMIND_APPLICANTS: N_("Send the reminders"),
    Deed.REFUSE: N_("Refuse these applications"),
}
DONE: dict[Deed, Lazy] = {
    Deed.REMIND_COORDINATORS: N_("Coordinators were reminded"),
    Deed.REMIND_APPLICANTS: N_("Applicants were reminded"),
    Deed.REFUSE: N_("Applications were refused"),
}
CONCERNS: dict[Concern, Lazy] = {
    Concern.NOBODY: N_("Nobody is in office, and applications wait: %(count)s"),
    Concern.UNDECIDED: N_("Still undecided, and nominations are due soon or were due: %(count)s"),
    Concern.UNCORRECTED: N_("Returned, and not corrected in time: %(count)s"),
    Concern.OPENINGS: N_("Openings that are still drafts although they were due: %(count)s"),
}
SORTS: dict[Sort, Lazy] = {
    Sort.PLACE: N_("As in the register"),
    Sort.WAITING: N_("Most waiting first"),
    Sort.STARTED: N_("Most applications first"),
    Sort.NOMINATED: N_("Most nominations first"),
}
NO_HOME = N_("No government chosen yet")
