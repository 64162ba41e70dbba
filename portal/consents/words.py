"""What the purposes and the ways of deciding are called in the interface."""

from portal.consents.models import Method, Programme, Purpose
from portal.i18n import N_, Lazy

PROGRAMMES: dict[Programme, Lazy] = {
    Programme.CONTEST: N_("Essay contest"),
    Programme.INTERNSHIP: N_("Internship"),
}
PURPOSES: dict[Programme, dict[Purpose, Lazy]] = {
    Programme.CONTEST: {
        Purpose.TAKE_PART: N_("Taking part in the contest"),
        Purpose.NAME: N_("Publishing the name"),
        Purpose.TEXT: N_("Publishing the essay"),
        Purpose.TRANSLATION: N_("Publishing a translation"),
        Purpose.PHOTO: N_("Publishing a photo"),
    },
    Programme.INTERNSHIP: {
        Purpose.TAKE_PART: N_("Taking part in the internship"),
        Purpose.NAME: N_("Publishing the name"),
        Purpose.TEXT: N_("Publishing the report"),
        Purpose.TRANSLATION: N_("Publishing a translation"),
        Purpose.PHOTO: N_("Publishing a photo"),
    },
}
METHODS: dict[Method, Lazy] = {
    Method.ACCOUNT: N_("with your account"),
    Method.LINK: N_("by the link"),
    Method.PAPER: N_("on paper"),
}
