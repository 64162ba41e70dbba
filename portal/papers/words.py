"""What is uploaded with an application from paper."""

import enum

from portal.i18n import N_, Lazy


class Scan(enum.StrEnum):
    """The path of each, and what it shows."""

    FORM = "form"
    CONSENT = "consent"


SCANS: dict[Scan, Lazy] = {
    Scan.FORM: N_("Scan of the signed form"),
    Scan.CONSENT: N_("Scan of the signed consent"),
}
