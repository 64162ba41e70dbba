"""Who decides for whom, what a decision is worth, and what a link still does. Pure."""

import datetime as dt
import enum
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from portal.consents import ages
from portal.consents.models import Case, Consent, ConsentGuardian, Purpose
from portal.i18n import N_, Lazy

DAY = dt.timedelta(days=1)
GOOD_FOR = 14 * DAY
PAUSE = dt.timedelta(hours=1)
A_DAY = 4  # mails to guardians in one case, whatever the address
AN_ADDRESS_A_DAY = 3  # mails to one guardian, whoever asks
GUESSES = "30 per hour"  # links that do not exist, from one network
REMINDED_AFTER = (3, 7, 13)  # days; on the fourteenth the young person is told that nobody has answered

OF_AGE = N_("You are old enough to decide alone, so no guardian is asked. Answer the questions on this page yourself.")
NOT_ASKED = N_("No guardian is named yet. Enter the name and the address first.")
ANSWERED = N_("Your guardian has answered already, so the mail is not sent again. The page shows what was decided.")
TOO_SOON = N_("The mail was sent less than an hour ago. Wait a while before you send it again.")
FOR_GUARDIANS = N_("At your age a guardian decides this. Ask your guardian by mail; you find the form on this page.")
NOT_GIVEN = N_("There is no consent to withdraw here. Reload the page to see what is decided.")
GIVEN = N_("You have agreed to this already. Reload the page to see what is decided.")


@dataclass(frozen=True)
class Ward:
    """What decides whether a guardian is asked. `residence` and `nationality` are country codes; `zone` is where the
    person lives, whose clocks tell their birthday; `ages` are those of the edition or call."""

    born_on: dt.date | None
    residence: str
    nationality: str
    zone: str
    ages: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_known(self) -> bool:
        """Whether all is there that decides it."""
        return bool(self.born_on and self.residence and self.nationality)

    @property
    def age_of_consent(self) -> int:
        """The strictest of residence and nationality; one that is not known counts as any other country."""
        return max(ages.of(self.ages, country or ages.OTHER) for country in (self.residence, self.nationality))


def is_minor(ward: Ward, at: dt.datetime) -> bool:
    """Whether a guardian decides at this moment. Without a birth date nobody can tell, so one is asked."""
    if ward.born_on is None:
        return True
    day = at.astimezone(ZoneInfo(ward.zone)).date()
    return age_on(ward.born_on, day) < ward.age_of_consent


def age_on(born_on: dt.date, day: dt.date) -> int:
    """Full years; somebody born on 29 February is a year older on 1 March."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def counts(consent: Consent, ward: Ward) -> bool:
    """A guardian's word, or that of somebody who was old enough when they gave it. A refusal always counts."""
    if not consent.is_given or consent.guardian_id is not None:
        return True
    return not is_minor(ward, consent.decided_at)


@dataclass(frozen=True)
class Standing:
    """Where the consents of one person for one edition or call stand, at the moment `at`."""

    ward: Ward
    at: dt.datetime
    case: Case | None = None
    guardian: ConsentGuardian | None = None
    current: Mapping[Purpose, Consent] = field(default_factory=dict)

    @property
    def needs_guardian(self) -> bool:
        return is_minor(self.ward, self.at)

    def is_decided(self, purpose: Purpose) -> bool:
        return purpose in self.current and counts(self.current[purpose], self.ward)

    def allows(self, purpose: Purpose) -> bool:
        return self.is_decided(purpose) and self.current[purpose].is_given

    @property
    def may_take_part(self) -> bool:
        """Nothing of somebody's is judged, matched or published before this."""
        return self.allows(Purpose.TAKE_PART)

    @property
    def scan_id(self) -> uuid.UUID | None:
        """The signed paper that the answers were entered from."""
        return next((each.scan_id for each in self.current.values() if each.scan_id is not None), None)


def standing(
    ward: Ward, at: dt.datetime, case: Case | None, guardian: ConsentGuardian | None, consents: Sequence[Consent]
) -> Standing:
    """From the current rows of a case; none of them if nobody was asked yet."""
    return Standing(ward, at, case, guardian, {each.purpose: each for each in consents})


# The link of a guardian


class Link(enum.StrEnum):
    """What a guardian's link does now."""

    OPEN = "open"
    ANSWERED = "answered"
    EXPIRED = "expired"
    OF_AGE = "of_age"
    OVER = "over"  # the young person takes part no longer


def link_state(guardian: ConsentGuardian, standing: Standing, *, is_over: bool) -> Link:
    """What was decided by it stays to be seen and withdrawn, whatever else has happened."""
    if guardian.answered_at is not None:
        return Link.ANSWERED
    if is_over:
        return Link.OVER
    if not standing.needs_guardian:
        return Link.OF_AGE
    return Link.OPEN if standing.at < guardian.expires_at else Link.EXPIRED


def why_not_asked(standing: Standing) -> Lazy | None:
    """Why no guardian is named, or another one; None if one can be."""
    return None if standing.needs_guardian else OF_AGE


def why_not_again(standing: Standing) -> Lazy | None:
    """Why the mail to the guardian is not sent again; None if it is."""
    guardian = standing.guardian
    if guardian is None:
        return why_not_asked(standing) or NOT_ASKED
    if guardian.answered_at is not None:
        return ANSWERED
    return why_not_asked(standing) or (TOO_SOON if standing.at < guardian.sent_at + PAUSE else None)


def why_not_own(standing: Standing, answers: Mapping[Purpose, bool]) -> Lazy | None:
    """Why the person cannot decide so alone; None if they can. A no is everybody's own."""
    return FOR_GUARDIANS if standing.needs_guardian and any(answers.values()) else None


def completed(answers: Mapping[Purpose, bool | None]) -> dict[Purpose, bool] | None:
    """All answers; None while one is missing. Who does not take part is asked nothing else: all the rest is no."""
    if answers.get(Purpose.TAKE_PART) is False:
        return dict.fromkeys(answers, False)
    given = {purpose: answer for purpose, answer in answers.items() if answer is not None}
    return given if len(given) == len(answers) else None
