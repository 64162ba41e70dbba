"""Who confirms an agreement, who confirms for whom, who is a minor, and when somebody is reminded. Pure."""

import datetime as dt
import enum
import json
import uuid
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from portal.accounts import rules as accounts
from portal.accounts.viewer import Viewer
from portal.agreements import wording
from portal.agreements.models import Agreement, Guardian, Party, Signature
from portal.agreements.words import LANGUAGES
from portal.applications import rules as applications
from portal.applications.eligibility import age_on
from portal.applications.models import Application
from portal.i18n import N_, Lazy
from portal.openings.models import Benefit
from portal.placements.models import Placement, PlacementStatus
from portal.registry.models import Government

# Ages of majority by ISO 3166 country, each with the law that sets it; "*" is everywhere else.
MAJORITY: Mapping[str, Mapping[str, Any]] = json.loads((Path(__file__).parent / "majority.json").read_text())
GOOD_FOR = dt.timedelta(days=30)
PAUSE = dt.timedelta(hours=1)
MOST_SENT = 3  # mails to one guardian that the intern asks for
A_DAY = 6  # mails to guardians for one placement, whatever the address
AN_ADDRESS_A_DAY = 3
GUESSES = "30 per hour"  # links that do not exist, from one network

NOT_ACCEPTED = N_("There is nothing to agree on: only an accepted place has an agreement.")
CONFIRMED = N_("Everybody has confirmed this agreement, so it can no longer be changed.")
OVER = N_("This placement has come to an end, so its agreement is closed.")
REFUSED = N_("A party has refused this agreement. Wait for the secretariat, which decides how it goes on.")
ALREADY = N_("This party has confirmed already. Nothing was confirmed a second time.")
NO_GUARDIAN = N_("The intern is of age, so no guardian is asked.")
SAME_PERSON = N_(
    "You confirmed for another party, or are named as the guardian. Nobody confirms for two: ask a colleague to do it."
)
CHANGED = N_("The text has changed since you opened the page. Read it again, then confirm.")
NOT_PAPER = N_("Only for applications on paper a scan is kept. Everybody else confirms with their own account.")
MADE = N_("The text is prepared already. Reload the page to see it.")
NOT_MADE = N_("The text was not prepared yet, so there is nothing to make anew.")
NOT_ASKED = N_("No guardian is named yet. Enter the name and the address first.")
TOO_SOON = N_("The mail was sent less than an hour ago. Wait a while before you send it again.")
TOO_OFTEN = N_("The mail was sent three times already. Check the address, or speak with your guardian.")
EXPIRED = N_("This link has expired. Ask the intern to have a new one sent to you.")
ANSWERED = N_("Your answer has arrived. Thank you: nothing more is needed from you.")


class Step(enum.StrEnum):
    CONFIRM = "confirm"
    REFUSE = "refuse"
    SCAN = "scan"  # keep the signed paper of somebody who applied on paper, or of their guardian
    NAME_GUARDIAN = "name-guardian"
    PREPARE = "prepare"
    REMAKE = "remake"


BY_SECRETARY = {Step.PREPARE, Step.REMAKE}


class Standing(NamedTuple):
    """Where an agreement stands: everything that its rules look at. Without an agreement the text is a draft."""

    placement: Placement
    agreement: Agreement | None
    guardian: Guardian | None
    draft: Mapping[str, Any]

    @property
    def content(self) -> Mapping[str, Any]:
        return self.agreement.content if self.agreement else self.draft

    @property
    def digest(self) -> str:
        return self.agreement.digest if self.agreement else wording.digest(self.draft)

    @property
    def signatures(self) -> Sequence[Signature]:
        return self.agreement.signatures if self.agreement else ()

    @property
    def needs_guardian(self) -> bool:
        return bool(self.content["needs_guardian"])

    @property
    def signed(self) -> dict[Party, Signature]:
        return {signature.party: signature for signature in self.signatures}

    @property
    def parties(self) -> list[Party]:
        return [party for party in Party if party is not Party.GUARDIAN or self.needs_guardian]

    @property
    def awaited(self) -> list[Party]:
        return [party for party in self.parties if party not in self.signed]

    @property
    def is_refused(self) -> bool:
        return self.agreement is not None and self.agreement.refused_at is not None

    @property
    def is_outdated(self) -> bool:
        """What the text tells of has changed since it was made."""
        return self.agreement is not None and wording.is_outdated(self.agreement.content, self.draft)


def majority(countries: Collection[str]) -> int:
    """The age from which nobody's guardian is asked: the highest among these countries."""
    return max(int(MAJORITY.get(country, MAJORITY["*"])["age"]) for country in countries)


def is_minor(born_on: dt.date | None, countries: Collection[str], day: dt.date) -> bool:
    """On this day. Without a birth date nobody can tell, so a guardian is asked."""
    return born_on is None or age_on(born_on, day) < majority(countries)


def needs_guardian(application: Application, home: Government, at: dt.datetime) -> bool:
    """The day is the one that the home government's clocks show."""
    countries = [application.nationality or "*", home.country]
    return is_minor(application.born_on, countries, at.astimezone(ZoneInfo(home.zone)).date())


def facts(placement: Placement, benefits: Sequence[Benefit], languages: Sequence[str]) -> dict[str, Any]:
    """What the text tells of. Of the intern nothing but the name."""
    opening, application, home = placement.opening, placement.application, home_of(placement)
    return {
        "call": {language: opening.call.title(language) for language in languages},
        "intern": _intern(application),
        "home": {language: home.name(language) for language in languages},
        "host": opening.host.name,
        "host_government": {language: opening.government.name(language) for language in languages},
        "opening": opening.title,
        "tasks": opening.tasks,
        "place": opening.place,
        "presence": opening.presence.value,
        "starts_on": placement.starts_on.isoformat(),
        "ends_on": placement.ends_on.isoformat(),
        "hours": opening.hours_a_week,
        "benefits": [_benefit(each) for each in benefits],
        "benefits_note": opening.benefits_note,
    }


def _intern(application: Application) -> str:
    native, roman = application.native_name, application.roman_name
    return f"{native} ({roman})" if native and roman and native != roman else native or roman


def _benefit(benefit: Benefit) -> dict[str, Any]:
    return {
        "what": benefit.what.value,
        "note": benefit.note,
        "amount": benefit.amount,
        "currency": benefit.currency,
        "per": benefit.per.value,
        "payer": benefit.payer.value,
    }


def home_of(placement: Placement) -> Government:
    assert placement.application.home is not None, "who was nominated has a home government"
    return placement.application.home


def languages(placement: Placement) -> list[str]:
    """English, and those of the intern, of the host and of the home government."""
    host, home = placement.opening.government, home_of(placement)
    person = placement.application.applicant
    return wording.languages(person.language, LANGUAGES[host.country], LANGUAGES[home.country])


def represents(viewer: Viewer, placement: Placement) -> set[Party]:
    """The parties that this viewer may confirm for; of two of them only one. Guardians have no account."""
    application = placement.application
    if viewer.person_id == application.applicant_id:
        return {Party.INTERN}
    offices = {Party.HOST: placement.opening.government_id, Party.HOME: application.home_id}
    return {party for party, government_id in offices.items() if government_id and viewer.coordinates(government_id)}


def may(viewer: Viewer, step: Step, placement: Placement) -> bool:
    """A signature is one's own word: nobody confirms or refuses for who applied on paper."""
    if step in BY_SECRETARY:
        return viewer.is_secretary and viewer.person_id != placement.application.applicant_id
    if step is Step.NAME_GUARDIAN:
        return applications.acts_for(viewer, placement.application)
    if step is Step.SCAN:
        return Party.HOME in represents(viewer, placement)
    return bool(represents(viewer, placement))


def exists(status: PlacementStatus) -> bool:
    """Whether a place in this state has, or had, something to agree on."""
    return status in {
        PlacementStatus.ACCEPTED, PlacementStatus.AGREED, PlacementStatus.ACTIVE, PlacementStatus.COMPLETED,
        PlacementStatus.ENDED_EARLY, PlacementStatus.CERTIFIED,
    }  # fmt: skip


def why_closed(standing: Standing) -> Lazy | None:
    """Why nothing more is confirmed, refused or changed; None while it is."""
    status = standing.placement.status
    if status is PlacementStatus.ACCEPTED:
        return None
    return CONFIRMED if exists(status) else OVER if standing.agreement else NOT_ACCEPTED


def why_not(step: Step, standing: Standing) -> Lazy | None:
    """Why this step cannot be taken at this moment, whoever takes it; None if it can."""
    closed = why_closed(standing)
    if closed is not None:
        return closed
    if step is Step.PREPARE:
        return MADE if standing.agreement else None
    if step is Step.REMAKE:
        return None if standing.agreement else NOT_MADE
    if standing.is_refused:
        return REFUSED
    if step is Step.SCAN and not applications.is_from_paper(standing.placement.application):
        return NOT_PAPER
    return _why_no_guardian(standing) if step is Step.NAME_GUARDIAN else None


def _why_no_guardian(standing: Standing) -> Lazy | None:
    if not standing.needs_guardian:
        return NO_GUARDIAN
    return ALREADY if Party.GUARDIAN in standing.signed else None


def why_not_for(party: Party, standing: Standing, *, person_id: uuid.UUID | None, mailbox: str = "") -> Lazy | None:
    """Why this person cannot confirm for this party; None if they can."""
    if party not in standing.parties:
        return NO_GUARDIAN
    if party in standing.signed:
        return ALREADY
    is_signer = person_id is not None and any(each.person_id == person_id for each in standing.signatures)
    is_guardian = (
        bool(mailbox) and standing.guardian is not None and mailbox == accounts.mailbox(standing.guardian.email)
    )
    return SAME_PERSON if is_signer or is_guardian else None


def on_paper(standing: Standing) -> list[Party]:
    """The parties whose signed paper can be kept."""
    return [party for party in standing.awaited if party in {Party.INTERN, Party.GUARDIAN}]


def possible(viewer: Viewer, standing: Standing) -> set[Step]:
    found = {step for step in Step if may(viewer, step, standing.placement) and why_not(step, standing) is None}
    if not confirmable(viewer, standing):
        found -= {Step.CONFIRM, Step.REFUSE}
    return found if on_paper(standing) else found - {Step.SCAN}


def confirmable(viewer: Viewer, standing: Standing) -> list[Party]:
    """The parties that this viewer represents and that are still awaited."""
    represented = represents(viewer, standing.placement)
    open_ones = [party for party in standing.awaited if party in represented]
    return [party for party in open_ones if why_not_for(party, standing, person_id=viewer.person_id) is None]


def why_not_again(standing: Standing, at: dt.datetime) -> Lazy | None:
    """Why the mail to the guardian is not sent once more; None if it can be."""
    reason = why_not(Step.NAME_GUARDIAN, standing)
    if reason is not None:
        return reason
    if standing.guardian is None:
        return NOT_ASKED
    if standing.guardian.times_sent >= MOST_SENT:
        return TOO_OFTEN
    return TOO_SOON if at < standing.guardian.sent_at + PAUSE else None


def why_link_closed(standing: Standing, at: dt.datetime) -> Lazy | None:
    """Why the guardian's link takes no answer; None while it does."""
    assert standing.guardian is not None, "found by its token"
    if standing.guardian.answered_at is not None or Party.GUARDIAN in standing.signed:  # there, or on paper
        return ANSWERED
    closed = why_closed(standing) or (REFUSED if standing.is_refused else None)
    if closed is not None:
        return closed
    if not standing.needs_guardian:
        return NO_GUARDIAN
    return None if at < standing.guardian.expires_at else EXPIRED


def open_since(standing: Standing) -> dt.datetime:
    """Since when the parties can confirm: the acceptance, or the day on which the text was made anew."""
    accepted = standing.placement.answered_at
    assert accepted is not None, "accepted at an instant"
    return standing.agreement.made_at if standing.agreement and standing.agreement.remade_reason else accepted
