"""What the parts of an application, its states and the levels of languages are called."""

import enum

from portal.applications.models import Enrolment, NameOrder, RefusalCode, Status
from portal.calls import words as calls
from portal.i18n import N_, Lazy
from portal.registry import words as registry
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
    Part.CONSENT: N_("Declarations and consent"),
}
# As those read them who decide on an application.
PARTS_OF_ANOTHER: dict[Part, Lazy] = PARTS | {
    Part.ABOUT: N_("Applicant"),
    Part.HOME: N_("Home government"),
    Part.OPENINGS: N_("Openings"),
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

document = calls.document


class DocumentState(enum.StrEnum):
    """Where a document that the call asks for stands."""

    GIVEN = "given"
    MISSING = "missing"
    OPTIONAL = "optional"


DOCUMENT_STATES: dict[DocumentState, Lazy] = {
    DocumentState.GIVEN: N_("Added"),
    DocumentState.MISSING: N_("Missing"),
    DocumentState.OPTIONAL: N_("Optional"),
}
DOCUMENT_COLOURS: dict[DocumentState, str] = {
    DocumentState.GIVEN: "green",
    DocumentState.MISSING: "yellow",
    DocumentState.OPTIONAL: "grey",
}


class Word(enum.StrEnum):
    """Where the consent of a minor's guardian stands."""

    NOT_ASKED = "not_asked"
    ASKED = "asked"
    GIVEN = "given"
    REFUSED = "refused"


GUARDIANS_WORDS: dict[Word, Lazy] = {
    Word.NOT_ASKED: N_("Guardian not asked yet"),
    Word.ASKED: N_("Guardian has not answered yet"),
    Word.GIVEN: N_("Guardian agreed"),
    Word.REFUSED: N_("Guardian did not agree"),
}
GUARDIANS_COLOURS: dict[Word, str] = {
    Word.NOT_ASKED: "blue",
    Word.ASKED: "yellow",
    Word.GIVEN: "green",
    Word.REFUSED: "red",
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

NAME_ORDERS: dict[NameOrder, Lazy] = {
    NameOrder.FAMILY_FIRST: N_("Family name, given name, patronymic"),
    NameOrder.GIVEN_FIRST: N_("Given name, patronymic, family name"),
    NameOrder.PATRONYMIC_FIRST: N_("Family or clan name, patronymic, given name"),
}
# In the order of NAME_ORDERS, so that nobody has to know what a patronymic is.
NAME_EXAMPLES: dict[NameOrder, str] = {
    NameOrder.FAMILY_FIRST: "李思远 · 佐藤蓮 · 김민서 · Иванов Пётр Сергеевич",
    NameOrder.GIVEN_FIRST: "Пётр Сергеевич Иванов",
    NameOrder.PATRONYMIC_FIRST: "Батбаярын Туул",
}
ENROLMENTS: dict[Enrolment, Lazy] = {
    Enrolment.ENROLLED: N_("I am enrolled at a school or university"),
    Enrolment.GRADUATED: N_("I have graduated"),
    Enrolment.NEITHER: N_("Neither"),
}

YES, NO = N_("Yes"), N_("No")
# What an applicant agrees to, each for itself; `Application.consents` keeps the codes.
CONSENTS: dict[str, Lazy] = {
    "use": N_("I agree that my data is used for this call."),
    "hosts": N_("I agree that, after a nomination, my application is passed on to the hosts I chose, also abroad."),
    "true": N_("Everything I state in this application is true."),
    "later": N_("I agree to be contacted about later calls."),
}
REQUIRED_CONSENTS = frozenset({"use", "hosts", "true"})

nationality, nationalities = registry.nationality, registry.nationalities
