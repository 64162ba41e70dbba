"""Who is eligible, by rules that say in a sentence what they found. Pure; never typed in, never stored."""

import calendar
import datetime as dt
import enum
from collections.abc import Callable, Collection, Sequence
from typing import NamedTuple

from portal.applications.models import Application, Enrolment
from portal.applications.words import LEVELS, SPOKEN, Part
from portal.calls import rules as call_rules
from portal.calls.models import Belonging, Call, Purpose
from portal.i18n import N_, Lazy, day, language, listing
from portal.i18n import gettext as _
from portal.openings.models import Opening

RANKS = list(LEVELS)  # from the lowest to the highest


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


class Facts(NamedTuple):
    """What the application itself does not say: a place accepted in another call, and which papers the call wants."""

    was_placed_before: bool = False
    purposes: Collection[Purpose] = frozenset()


class Finding(NamedTuple):
    """What one rule found, in the reader's language, and the part whose answers it read."""

    rule: Lazy
    verdict: Verdict
    sentence: str
    part: Part


def findings(application: Application, facts: Facts) -> list[Finding]:
    """Of each rule that the call uses. A question that is not answered yet needs proof like one that is claimed."""
    found = [finding for rule in RULES for finding in rule(application, facts)]
    return sorted(found, key=lambda finding: list(Part).index(finding.part))


def is_eligible(found: Collection[Finding]) -> bool:
    """What needs proof is for the home government to look at; it does not stop a submission."""
    return not failures(found)


def failures(found: Collection[Finding]) -> list[Finding]:
    return [finding for finding in found if finding.verdict is Verdict.FAILS]


def of_part(found: Collection[Finding], part: Part) -> list[Finding]:
    return [finding for finding in found if finding.part is part]


def age_on(born_on: dt.date, on: dt.date) -> int:
    """Completed years of life; who was born on 29 February has a birthday on 1 March in other years."""
    return on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))


def months_after(date: dt.date, months: int) -> dt.date:
    """The same day so many months later, or the last of a month that has no such day."""
    year, month = divmod(date.year * 12 + date.month - 1 + months, 12)
    return dt.date(year, month + 1, min(date.day, calendar.monthrange(year, month + 1)[1]))


def _age(application: Application, _facts: Facts) -> list[Finding]:
    call = application.call
    bounds = {"from": call.age_from, "to": call.age_to, "day": day(call.reference_on)}
    if application.born_on is None:
        told = _("Applicants must be between %(from)s and %(to)s years old on %(day)s. Enter your date of birth.")
        return [Finding(AGE, Verdict.NEEDS_PROOF, told % bounds, Part.ABOUT)]
    age = age_on(application.born_on, call.reference_on)
    if call.age_from <= age <= call.age_to:
        told = _("On %(day)s you will be %(age)s years old. The call is for people between %(from)s and %(to)s.")
        return [Finding(AGE, Verdict.PASSES, told % {**bounds, "age": age}, Part.ABOUT)]
    told = _(
        "On %(day)s you will be %(age)s years old, but the call is for people between %(from)s and %(to)s. "
        "If your date of birth is wrong, correct it; else look for another call."
    )
    return [Finding(AGE, Verdict.FAILS, told % {**bounds, "age": age}, Part.ABOUT)]


def _home(application: Application, _facts: Facts) -> list[Finding]:
    call, home = application.call, application.home
    if not call.countries and not call.governments:
        return []
    if home is None:
        told = _("The call is for some governments only. Choose yours from the list.")
        return [Finding(HOME, Verdict.NEEDS_PROOF, told, Part.HOME)]
    named = {"government": home.name(language())}
    if call_rules.admits(call, home):
        told = _("The call is open to applicants of %(government)s.")
        return [Finding(HOME, Verdict.PASSES, told % named, Part.HOME)]
    told = _(
        "The call is not open to applicants of %(government)s. "
        "Choose another home government if you belong to one; else look for another call."
    )
    return [Finding(HOME, Verdict.FAILS, told % named, Part.HOME)]


# Whether they live there, whether they are nationals; None is not answered.
BELONGS: dict[Belonging, Callable[[bool | None, bool | None], bool | None]] = {
    Belonging.RESIDENT: lambda resident, national: resident,
    Belonging.NATIONAL: lambda resident, national: national,
    Belonging.EITHER: lambda resident, national: resident or national,
}
BELONGING_ASKED: dict[Belonging, Lazy] = {
    Belonging.RESIDENT: N_("You must live in the region of your home government. Say whether you do."),
    Belonging.NATIONAL: N_("You must be a national of your home government's country. Choose your nationality."),
    Belonging.EITHER: N_(
        "You must live in the region of your home government, or be a national of its country. Answer both questions."
    ),
}
BELONGING_CLAIMED: dict[Belonging, Lazy] = {
    Belonging.RESIDENT: N_("You live in the region of your home government. Its coordinator checks this."),
    Belonging.NATIONAL: N_("You are a national of your home government's country. Its coordinator checks this."),
    Belonging.EITHER: N_(
        "You live in the region of your home government, or are a national of its country. Its coordinator checks this."
    ),
}
BELONGING_DENIED: dict[Belonging, Lazy] = {
    Belonging.RESIDENT: N_(
        "You must live in the region of your home government, and you say that you do not. "
        "Choose the government of the region you live in."
    ),
    Belonging.NATIONAL: N_(
        "You must be a national of your home government's country. Choose a government of your own country."
    ),
    Belonging.EITHER: N_(
        "You must live in the region of your home government, or be a national of its country, and neither is so. "
        "Choose the government you belong to."
    ),
}


def _belonging(application: Application, _facts: Facts) -> list[Finding]:
    asked, home = application.call.belonging, application.home
    national = application.nationality == home.country if home and application.nationality else None
    belongs = BELONGS[asked](application.is_resident, national)
    if belongs is None or (belongs is False and None in _asked(asked, application.is_resident, national)):
        return [Finding(BELONGING, Verdict.NEEDS_PROOF, str(BELONGING_ASKED[asked]), Part.HOME)]
    if belongs:
        return [Finding(BELONGING, Verdict.NEEDS_PROOF, str(BELONGING_CLAIMED[asked]), Part.HOME)]
    return [Finding(BELONGING, Verdict.FAILS, str(BELONGING_DENIED[asked]), Part.HOME)]


def _asked(asked: Belonging, resident: bool | None, national: bool | None) -> tuple[bool | None, ...]:
    """One denied claim decides nothing while the other could still be made."""
    return (resident, national) if asked is Belonging.EITHER else ()


def _studies(application: Application, facts: Facts) -> list[Finding]:
    call, graduates_on = application.call, application.graduates_on
    months = call.months_after_graduation
    if months is None:
        return []
    bounds = {"months": months, "day": day(call.reference_on)}
    if application.enrolment is Enrolment.NEITHER:
        told = _(
            "On %(day)s you must be enrolled at a school or university, or have graduated at most %(months)s months "
            "before, and you say neither. If that is wrong, correct it; else look for another call."
        )
        return [Finding(STUDIES, Verdict.FAILS, told % bounds, Part.EDUCATION)]
    if application.enrolment is None or graduates_on is None:
        told = _(
            "On %(day)s you must be enrolled at a school or university, or have graduated at most %(months)s months "
            "before. Say which, and enter the date of your graduation."
        )
        return [Finding(STUDIES, Verdict.NEEDS_PROOF, told % bounds, Part.EDUCATION)]
    return [_studied(call, graduates_on, months, facts)]


def _studied(call: Call, graduates_on: dt.date, months: int, facts: Facts) -> Finding:
    bounds = {"months": months, "day": day(call.reference_on), "graduation": day(graduates_on)}
    if months_after(graduates_on, months) < call.reference_on:
        told = _(
            "You graduate on %(graduation)s, which is more than %(months)s months before %(day)s. "
            "If the date is wrong, correct it; else look for another call."
        )
        return Finding(STUDIES, Verdict.FAILS, told % bounds, Part.EDUCATION)
    if Purpose.ENROLMENT in facts.purposes:
        told = _(
            "With your graduation on %(graduation)s you meet this condition. Your proof of enrolment must show it."
        )
        return Finding(STUDIES, Verdict.NEEDS_PROOF, told % bounds, Part.EDUCATION)
    told = _("With your graduation on %(graduation)s you meet this condition.")
    return Finding(STUDIES, Verdict.PASSES, told % bounds, Part.EDUCATION)


def _language(application: Application, facts: Facts) -> list[Finding]:
    call = application.call
    if not call.language_level:
        return []
    wanted = {"level": call.language_level, "languages": _named(call.counted_languages)}
    counted = [
        spoken.level for spoken in application.languages
        if not call.counted_languages or spoken.language in call.counted_languages
    ]  # fmt: skip
    if not application.languages:
        return [Finding(LANGUAGE, Verdict.NEEDS_PROOF, _wanted_language(call) % wanted, Part.LANGUAGES)]
    best = max(counted, key=RANKS.index, default=None)
    if best is None or RANKS.index(best) < RANKS.index(call.language_level):
        return [Finding(LANGUAGE, Verdict.FAILS, _no_language(call) % wanted, Part.LANGUAGES)]
    if Purpose.LANGUAGE in facts.purposes and best != "native":
        told = _("You name a language at level %(level)s or better. Your proof of language skills must show it.")
        return [Finding(LANGUAGE, Verdict.NEEDS_PROOF, told % wanted, Part.LANGUAGES)]
    told = _("You speak a language that counts at level %(level)s or better.")
    return [Finding(LANGUAGE, Verdict.PASSES, told % wanted, Part.LANGUAGES)]


def _named(languages: Sequence[str]) -> str:
    return listing(SPOKEN.get(code, code) for code in languages)


def _wanted_language(call: Call) -> str:
    if not call.counted_languages:
        return _("One language at level %(level)s or better is needed. Enter the languages you speak.")
    return _("One of these languages at level %(level)s or better is needed: %(languages)s. Enter those you speak.")


def _no_language(call: Call) -> str:
    if not call.counted_languages:
        return _(
            "One language at level %(level)s or better is needed, and you named none. "
            "If you forgot one, add it; else look for another call."
        )
    return _(
        "One of these languages at level %(level)s or better is needed, and you named none: %(languages)s. "
        "If you forgot one, add it; else look for another call."
    )


def _first_time(application: Application, facts: Facts) -> list[Finding]:
    if not application.call.first_time_only:
        return []
    if facts.was_placed_before:
        told = _("You accepted a place in an earlier call, and this one is for those who never did.")
        return [Finding(FIRST_TIME, Verdict.FAILS, told, Part.CONSENT)]
    if application.took_part_before:
        told = _(
            "You say that you took part before, and this call is for those who never did. Correct it if it is wrong."
        )
        return [Finding(FIRST_TIME, Verdict.FAILS, told, Part.CONSENT)]
    if application.took_part_before is None:
        told = _("The call is for people who did not take part before. Say whether you did.")
        return [Finding(FIRST_TIME, Verdict.NEEDS_PROOF, told, Part.CONSENT)]
    return [Finding(FIRST_TIME, Verdict.PASSES, _("You did not take part before."), Part.CONSENT)]


def _kin(application: Application, _facts: Facts) -> list[Finding]:
    if not application.call.no_kin_at_host:
        return []
    if application.has_kin_at_host is None:
        told = _("Nobody goes to a host where close family works. Say whether that is so at a host you chose.")
        return [Finding(KIN, Verdict.NEEDS_PROOF, told, Part.CONSENT)]
    if application.has_kin_at_host:
        told = _(
            "Close family of yours works at a host you chose. "
            "Choose other openings instead, and then change your answer to this question."
        )
        return [Finding(KIN, Verdict.FAILS, told, Part.CONSENT)]
    return [Finding(KIN, Verdict.PASSES, _("No close family of yours works at a host you chose."), Part.CONSENT)]


def _least_age(application: Application, _facts: Facts) -> list[Finding]:
    """The law of the place where they would work, on the first day of the work."""
    asked = [choice.opening for choice in application.choices if choice.opening.least_age is not None]
    return [_old_enough(opening, application.born_on) for opening in asked]


def _old_enough(opening: Opening, born_on: dt.date | None) -> Finding:
    least = opening.least_age or 0
    facts = {"opening": opening.title, "least": least, "day": day(opening.starts_on)}
    if born_on is None:
        told = _("For the opening %(opening)s you must be %(least)s years old on %(day)s. Enter your date of birth.")
        return Finding(LEAST_AGE, Verdict.NEEDS_PROOF, told % facts, Part.OPENINGS)
    if age_on(born_on, opening.starts_on) >= least:
        told = _("You are old enough for the opening %(opening)s.")
        return Finding(LEAST_AGE, Verdict.PASSES, told % facts, Part.OPENINGS)
    told = _("For the opening %(opening)s you must be %(least)s years old on %(day)s. Choose another opening.")
    return Finding(LEAST_AGE, Verdict.FAILS, told % facts, Part.OPENINGS)


AGE = N_("Age")
HOME = N_("Home government")
BELONGING = N_("Belonging to the home government")
STUDIES = N_("Studies")
LANGUAGE = N_("Language")
FIRST_TIME = N_("Taking part for the first time")
KIN = N_("Family at a host")
LEAST_AGE = N_("Least age at the host")
RULES: tuple[Callable[[Application, Facts], list[Finding]], ...] = (
    _age, _home, _belonging, _studies, _language, _first_time, _kin, _least_age,
)  # fmt: skip
