"""What the checklist's items and the orders of the list are called."""

import enum

from portal.i18n import N_, Lazy


class Item(enum.StrEnum):
    """What a home government looks at before it decides. Nothing depends on a tick: it is a help to memory."""

    IDENTITY = "identity"
    RESIDENCE = "residence"
    ENROLMENT = "enrolment"
    LANGUAGE = "language"
    DOCUMENTS = "documents"
    LETTER = "letter"
    INTERVIEW = "interview"
    CONSENT = "consent"


ITEMS: dict[Item, Lazy] = {
    Item.IDENTITY: N_("The name and the date of birth agree with the passport"),
    Item.RESIDENCE: N_("The applicant lives in the region or is a national of the country"),
    Item.ENROLMENT: N_("Enrolment or graduation is proven"),
    Item.LANGUAGE: N_("The knowledge of languages is proven"),
    Item.DOCUMENTS: N_("Every document was opened and read"),
    Item.LETTER: N_("The referee's letter was read"),
    Item.INTERVIEW: N_("An interview was held"),
    Item.CONSENT: N_("The applicant, or a guardian, has agreed to the use of the data"),
}


class Sort(enum.StrEnum):
    SUBMITTED = "submitted"
    NAME = "name"
    STATE = "state"
    MERIT = "merit"


SORTS: dict[Sort, Lazy] = {
    Sort.SUBMITTED: N_("Newest first"),
    Sort.NAME: N_("Name in Latin letters"),
    Sort.STATE: N_("State"),
    Sort.MERIT: N_("Order of merit"),
}
