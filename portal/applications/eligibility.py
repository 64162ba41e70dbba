"""Who is eligible, by rules that say in a sentence what they found. Pure; never typed in, never stored."""

import datetime as dt
import enum
from typing import NamedTuple

from portal.applications.models import Application
from portal.i18n import N_, Lazy, day
from portal.i18n import gettext as _

ENOUGH = {"B2", "C1", "C2", "native"}


class Verdict(enum.StrEnum):
    PASSES = "passes"
    FAILS = "fails"
    NEEDS_PROOF = "needs_proof"


VERDICTS: dict[Verdict, Lazy] = {
    Verdict.PASSES: N_("Passes"),
    Verdict.FAILS: N_("Fails"),
    Verdict.NEEDS_PROOF: N_("Needs proof"),
}
COLOURS: dict[Verdict, str] = {Verdict.PASSES: "green", Verdict.FAILS: "red", Verdict.NEEDS_PROOF: "yellow"}


class Finding(NamedTuple):
    """What one rule found, in the reader's language."""

    rule: Lazy
    verdict: Verdict
    sentence: str


def findings(application: Application) -> list[Finding]:
    return [_age(application), _language(application), _residence()]


def is_eligible(found: list[Finding]) -> bool:
    """What needs proof is for the home government to look at; it does not stop a submission."""
    return all(finding.verdict is not Verdict.FAILS for finding in found)


def age_on(born_on: dt.date, on: dt.date) -> int:
    """Completed years of life; who was born on 29 February has a birthday on 1 March in other years."""
    return on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))


def _age(application: Application) -> Finding:
    call, rule = application.call, N_("Age")
    bounds = {"from": call.age_from, "to": call.age_to, "day": day(call.reference_on)}
    if application.born_on is None:
        told = _("Applicants must be between %(from)s and %(to)s years old on %(day)s. Enter your date of birth.")
        return Finding(rule, Verdict.NEEDS_PROOF, told % bounds)
    age = age_on(application.born_on, call.reference_on)
    if call.age_from <= age <= call.age_to:
        told = _("On %(day)s you will be %(age)s years old. The call is for people between %(from)s and %(to)s.")
        return Finding(rule, Verdict.PASSES, told % {**bounds, "age": age})
    told = _("On %(day)s you will be %(age)s years old, but the call is for people between %(from)s and %(to)s.")
    return Finding(rule, Verdict.FAILS, told % {**bounds, "age": age})


def _language(application: Application) -> Finding:
    rule = N_("Language")
    if not application.languages:
        told = _("One language at level B2 or better is needed. Enter the languages you speak.")
        return Finding(rule, Verdict.NEEDS_PROOF, told)
    if any(spoken.level in ENOUGH for spoken in application.languages):
        return Finding(rule, Verdict.PASSES, _("You speak at least one language at level B2 or better."))
    return Finding(rule, Verdict.FAILS, _("One language at level B2 or better is needed, and you named none."))


def _residence() -> Finding:
    told = _("You live in the region of your home government, or are at home there. Its coordinator checks this.")
    return Finding(N_("Residence"), Verdict.NEEDS_PROOF, told)
