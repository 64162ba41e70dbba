"""Who decides for whom, and what a decision is worth. Pure."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from portal.consents import ages
from portal.consents.models import Case, Consent, ConsentGuardian, Method, Purpose


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


def standing(
    ward: Ward, at: dt.datetime, case: Case | None, guardian: ConsentGuardian | None, consents: Sequence[Consent]
) -> Standing:
    """From the current rows of a case; none of them if nobody was asked yet."""
    return Standing(ward, at, case, guardian, {each.purpose: each for each in consents})


BY_GUARDIAN = frozenset({Method.LINK, Method.PAPER})
