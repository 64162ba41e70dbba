"""Who may issue and revoke, what a certificate says and in which languages, and how many hours a stay had. Pure."""

import datetime as dt
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from portal.accounts.viewer import Viewer
from portal.applications import rules as applications
from portal.applications.models import Application
from portal.certificates.models import Certificate
from portal.documents import certificates
from portal.documents.certificates import Signatory
from portal.i18n import N_
from portal.placements.models import Placement, PlacementStatus
from portal.registry.models import Government
from portal.registry.words import SCRIPTS

PREFIX = "NEAR"
WORDING = 2  # the newest of certificates/wordings
WORKDAYS = 5
NOT_COMPLETED = N_("The stay is not completed yet.")
NOT_EVALUATED = N_("The supervisor's evaluation has not arrived yet.")
NOT_REPORTED = N_("The final report is not accepted yet.")
NONE_YET = N_("There is no certificate for this stay at the moment. The page of the stay says what is still missing.")


class Shown(NamedTuple):
    """What anybody with the number sees. The rest is None unless the holder lets it be seen; of a void one, always."""

    number: str
    issued_on: dt.date
    revoked_on: dt.date | None = None
    native_name: str | None = None
    roman_name: str | None = None
    host: str | None = None
    government: dict[str, str] | None = None
    starts_on: dt.date | None = None
    ends_on: dt.date | None = None

    @property
    def tells_more(self) -> bool:
        return any((self.native_name, self.host, self.starts_on))


def may_issue(viewer: Viewer, application: Application) -> bool:
    """The secretariat, and nobody for themselves."""
    return viewer.is_secretary and not applications.acts_for(viewer, application)


def is_holder(viewer: Viewer, application: Application) -> bool:
    """What strangers may see is for the holder alone to say: whoever entered an application from paper may not."""
    return viewer.is_signed_in and viewer.person_id == application.applicant_id


def is_completed(placement: Placement) -> bool:
    return placement.status in {PlacementStatus.COMPLETED, PlacementStatus.CERTIFIED}


def hours(first: dt.date, last: dt.date, a_week: int) -> int:
    """Of work in all: whole weeks, and of the days that are left five at most."""
    weeks, days = divmod((last - first).days + 1, 7)
    return round(a_week * (weeks + min(days, WORKDAYS) / WORKDAYS))


def languages(spoken: str, home: Government, host: Government) -> list[str]:
    """English, the intern's and the host's. Who uses the portal in English has their country's language beside it."""
    return certificates.languages(spoken, SCRIPTS[home.country], SCRIPTS[host.country])


def content(placement: Placement, number: str, signatory: Signatory, *, on: dt.date) -> dict[str, Any]:
    """What it says, so that it can be set again whatever becomes of the placement, the host or the wording."""
    application, opening = placement.application, placement.opening
    assert application.home is not None, "a nominated application has a home government"
    return {
        "wording": WORDING,
        "number": number,
        "issued_on": on.isoformat(),
        "native_name": application.native_name,
        "roman_name": application.roman_name,
        "name_language": SCRIPTS[application.home.country],
        "home": application.home.names,
        "opening": opening.title,
        "host": opening.host.name,
        "government": opening.government.names,
        "starts_on": placement.starts_on.isoformat(),
        "ends_on": placement.ends_on.isoformat(),
        "hours": hours(placement.starts_on, placement.ends_on, opening.hours_a_week),
        "languages": languages(application.applicant.language, application.home, opening.government),
        "signatory": signatory.name,
        "office": signatory.office,
    }


def shown(certificate: Certificate, zone: str) -> Shown:
    """Days are those of the call's zone, in which it was issued: none is revoked on the day before it was issued."""
    said = certificate.content
    public = Shown(certificate.number, dt.date.fromisoformat(said["issued_on"]))
    if certificate.revoked_at is not None:
        return public._replace(revoked_on=certificate.revoked_at.astimezone(ZoneInfo(zone)).date())
    if certificate.shows_name:
        public = public._replace(native_name=said["native_name"], roman_name=said["roman_name"])
    if certificate.shows_host:
        public = public._replace(host=said["host"], government=said["government"])
    if certificate.shows_dates:
        first, last = (dt.date.fromisoformat(said[name]) for name in ("starts_on", "ends_on"))
        public = public._replace(starts_on=first, ends_on=last)
    return public
