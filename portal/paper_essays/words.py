"""What a signed consent is asked about, and what an essay from paper still needs."""

from portal.consents.models import Purpose
from portal.i18n import N_, Lazy

PURPOSES: dict[Purpose, Lazy] = {
    Purpose.TAKE_PART: N_("Taking part: judges read the essay, and the portal keeps the data for it"),
    Purpose.NAME: N_("Publishing the name with a result"),
    Purpose.TEXT: N_("Publishing the text"),
    Purpose.TRANSLATION: N_("Publishing a translation of the text"),
    Purpose.PHOTO: N_("Publishing a photo"),
}
# By the pages of the checks (`essays.rules.Check.task`).
TO_FINISH: dict[str, Lazy] = {
    "about": N_("About the author"),
    "text": N_("Text"),
    "statements": N_("Statements"),
    "paper": N_("Scan of the essay"),
    "signed": N_("Signed consent"),
    "compare": N_("Comparison with the scan"),
}
