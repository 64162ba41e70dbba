"""What the parts of an application, its states and the levels of languages are called."""

import enum

from portal.applications.models import RefusalCode, Status
from portal.i18n import N_, Lazy
from portal.registry.words import LANGUAGE_NAMES


class Part(enum.StrEnum):
    """The pages of an application, each filled in and saved on its own, in the order of the task list."""

    ABOUT = "about"
    HOME = "home"
    EDUCATION = "education"
    LANGUAGES = "languages"
    MOTIVATION = "motivation"
    DOCUMENTS = "documents"
    OPENINGS = "openings"
    QUESTIONS = "questions"
    CONSENT = "consent"


PARTS: dict[Part, Lazy] = {
    Part.ABOUT: N_("About you"),
    Part.HOME: N_("Your home government"),
    Part.EDUCATION: N_("Education"),
    Part.LANGUAGES: N_("Languages"),
    Part.MOTIVATION: N_("Motivation"),
    Part.DOCUMENTS: N_("Documents"),
    Part.OPENINGS: N_("Openings in the order of your wish"),
    Part.QUESTIONS: N_("Questions of the call"),
    Part.CONSENT: N_("Consent"),
}

STATUSES: dict[Status, Lazy] = {
    Status.DRAFT: N_("Draft"),
    Status.SUBMITTED: N_("Submitted"),
    Status.RETURNED: N_("Returned for correction"),
    Status.NOMINATED: N_("Nominated"),
    Status.NOT_NOMINATED: N_("Not nominated"),
    Status.WITHDRAWN: N_("Withdrawn"),
}
COLOURS: dict[Status, str] = {
    Status.DRAFT: "grey",
    Status.SUBMITTED: "blue",
    Status.RETURNED: "yellow",
    Status.NOMINATED: "green",
    Status.NOT_NOMINATED: "red",
    Status.WITHDRAWN: "grey",
}

REFUSALS: dict[RefusalCode, Lazy] = {
    RefusalCode.INELIGIBLE: N_("A condition of the call is not met"),
    RefusalCode.INCOMPLETE: N_("Something was missing or was not corrected in time"),
    RefusalCode.OTHERS_RANKED_HIGHER: N_("Others were ranked higher, and the places are limited"),
    RefusalCode.INTERVIEW: N_("The interview"),
    RefusalCode.LANGUAGE: N_("The knowledge of languages"),
    RefusalCode.NOT_REACHED: N_("The applicant could not be reached"),
    RefusalCode.OTHER: N_("Another reason"),
}

# The levels of the Common European Framework, from the lowest to the highest.
LEVELS: dict[str, Lazy] = {
    "A1": N_("A1: a beginner"),
    "A2": N_("A2: everyday phrases"),
    "B1": N_("B1: familiar matters"),
    "B2": N_("B2: most conversations and texts"),
    "C1": N_("C1: nearly everything, at work too"),
    "C2": N_("C2: everything, with ease"),
    "native": N_("Native speaker"),
}
SPOKEN: dict[str, Lazy] = {
    **LANGUAGE_NAMES,
    "bua": N_("Buryat"),
    "de": N_("German"),
    "es": N_("Spanish"),
    "fr": N_("French"),
    "kk": N_("Kazakh"),
    "sah": N_("Sakha (Yakut)"),
    "tyv": N_("Tuvan"),
    "ug": N_("Uyghur"),
    "vi": N_("Vietnamese"),
}
