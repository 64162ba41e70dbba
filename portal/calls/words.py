"""What the states, moments, documents and questions of a call are called, and the zones its clock may follow."""

import enum

from portal.calls.models import Belonging, LimitUnit, Purpose, QuestionKind, RequestedDocument
from portal.i18n import N_, SOURCE, Lazy, language

# The zones of the 76 governments; the secretariat's own first.
ZONES = (
    "Asia/Seoul",
    "Asia/Tokyo",
    "Asia/Shanghai",
    "Asia/Pyongyang",
    "Asia/Ulaanbaatar",
    "Asia/Hovd",
    "Asia/Barnaul",
    "Asia/Novokuznetsk",
    "Asia/Tomsk",
    "Asia/Krasnoyarsk",
    "Asia/Irkutsk",
    "Asia/Chita",
    "Asia/Yakutsk",
    "Asia/Vladivostok",
    "Asia/Sakhalin",
    "Asia/Magadan",
    "Asia/Kamchatka",
)


class Phase(enum.StrEnum):
    """Where a call stands at a moment: its state, and within `published` its dates."""

    DRAFT = "draft"
    UPCOMING = "upcoming"
    APPLICATIONS = "applications"
    NOMINATIONS = "nominations"
    RANKINGS = "rankings"
    OVER = "over"
    CLOSED = "closed"
    ARCHIVED = "archived"


PHASES: dict[Phase, Lazy] = {
    Phase.DRAFT: N_("Draft"),
    Phase.UPCOMING: N_("Opens later"),
    Phase.APPLICATIONS: N_("Open for applications"),
    Phase.NOMINATIONS: N_("Nominations under way"),
    Phase.RANKINGS: N_("Rankings under way"),
    Phase.OVER: N_("Rankings finished"),
    Phase.CLOSED: N_("Closed"),
    Phase.ARCHIVED: N_("Archived"),
}
COLOURS = {
    Phase.DRAFT: "yellow",
    Phase.UPCOMING: "blue",
    Phase.APPLICATIONS: "green",
    Phase.NOMINATIONS: "teal",
    Phase.RANKINGS: "purple",
    Phase.OVER: "grey",
    Phase.CLOSED: "grey",
    Phase.ARCHIVED: "grey",
}
# The named deadlines, in the order of a call's life, and what each one means.
DEADLINES: dict[str, tuple[Lazy, Lazy]] = {
    "opens_at": (N_("Opens"), N_("From then on young people can apply.")),
    "openings_due_at": (N_("Openings due"), N_("Until then hosts enter and publish their openings.")),
    "applications_due_at": (N_("Applications due"), N_("What arrives later is refused.")),
    "corrections_due_at": (
        N_("Corrections due"),
        N_("Until then applicants send back what their home government returned to them."),
    ),
    "nominations_due_at": (N_("Nominations due"), N_("Until then home governments nominate their applicants.")),
    "rankings_due_at": (N_("Rankings due"), N_("Until then hosts put the nominated applicants in their order.")),
}


class Subject(enum.StrEnum):
    """What each page of a call's editor is about; the value is the end of its address."""

    TEXTS = "texts"
    DATES = "dates"
    ELIGIBILITY = "eligibility"
    QUOTAS = "quotas"
    DOCUMENTS = "documents"
    QUESTIONS = "questions"
    CRITERIA = "criteria"
    OFFERS = "offers"


SUBJECTS: dict[Subject, Lazy] = {
    Subject.TEXTS: N_("Title and text"),
    Subject.DATES: N_("Dates"),
    Subject.ELIGIBILITY: N_("Who may apply"),
    Subject.QUOTAS: N_("Quotas"),
    Subject.DOCUMENTS: N_("Documents"),
    Subject.QUESTIONS: N_("Questions"),
    Subject.CRITERIA: N_("What hosts score candidates by"),
    Subject.OFFERS: N_("Match and offers"),
}
BELONGINGS: dict[Belonging, Lazy] = {
    Belonging.EITHER: N_("They live there, or are nationals of its country"),
    Belonging.RESIDENT: N_("They live there"),
    Belonging.NATIONAL: N_("They are nationals of its country"),
}
# The Common European Framework of Reference for Languages.
LEVELS = ("A1", "A2", "B1", "B2", "C1", "C2")
PURPOSES: dict[Purpose, Lazy] = {
    Purpose.CV: N_("CV"),
    Purpose.TRANSCRIPT: N_("Transcript of grades"),
    Purpose.ENROLMENT: N_("Proof of studies"),
    Purpose.LANGUAGE: N_("Language certificate"),
    Purpose.RESIDENCE: N_("Proof of residence or nationality"),
    Purpose.LETTER: N_("Recommendation letter"),
    Purpose.OTHER: N_("Another document"),
}
KINDS: dict[QuestionKind, Lazy] = {
    QuestionKind.SHORT: N_("Short text"),
    QuestionKind.LONG: N_("Long text"),
    QuestionKind.NUMBER: N_("A number"),
    QuestionKind.DATE: N_("Date"),
    QuestionKind.ONE: N_("One of several options"),
    QuestionKind.SEVERAL: N_("Any number of several options"),
    QuestionKind.FILE: N_("File"),
    QuestionKind.YES_NO: N_("Yes or no"),
}
UNITS: dict[LimitUnit, Lazy] = {LimitUnit.CHARACTERS: N_("Characters"), LimitUnit.WORDS: N_("Words")}


def document(requested: RequestedDocument) -> str:
    """What the reader knows this document by: the title it was given, or what it is for."""
    given = requested.titles.get(language()) or requested.titles.get(SOURCE)
    return given or str(PURPOSES[requested.purpose])
