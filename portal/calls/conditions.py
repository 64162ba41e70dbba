"""What a call asks of its applicants, each rule as a sentence that they understand. Pure."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from portal.calls.models import Belonging, Call, HostCriterion
from portal.consents import ages
from portal.i18n import N_, Lazy, day, language, ngettext
from portal.i18n import gettext as _
from portal.registry.models import Country, Government
from portal.registry.words import LANGUAGE_NAMES, country


class Condition(NamedTuple):
    """One rule in the reader's language."""

    name: Lazy
    sentence: str


BELONGING: dict[Belonging, Lazy] = {
    Belonging.RESIDENT: N_("You live in the region of the government that you apply through."),
    Belonging.NATIONAL: N_("You are a national of the country of the government that you apply through."),
    Belonging.EITHER: N_(
        "You live in the region of the government that you apply through, or you are a national of its country."
    ),
}


def conditions(call: Call, admitted: Sequence[Government] = ()) -> list[Condition]:
    """`admitted` are the governments that the call names, if it names any."""
    about_you = [Condition(N_("Age"), _age(call)), Condition(N_("Where you belong"), str(BELONGING[call.belonging]))]
    learned = [*_learning(call), Condition(N_("Guardian's consent"), _consent(call))]
    return [*_admission(call, admitted), *about_you, *learned, *_choice(call), *_numbers(call), *_offers(call)]


def _admission(call: Call, admitted: Sequence[Government]) -> Iterator[Condition]:
    if call.countries:
        names = _listed([country(Country(code)) for code in call.countries])
        told = _("You apply through a regional government in one of these countries: %(names)s.")
        yield Condition(N_("Countries"), told % {"names": names})
    if call.governments:
        names = _listed([government.name(language()) for government in admitted])
        told = _("You apply through one of these governments: %(names)s.")
        yield Condition(N_("Governments"), told % {"names": names})


def _age(call: Call) -> str:
    if call.age_from == call.age_to:
        told = _("You are %(from)s years old on %(day)s.")
    else:
        told = _("You are between %(from)s and %(to)s years old on %(day)s.")
    return told % {"from": call.age_from, "to": call.age_to, "day": day(call.reference_on)}


def _consent(call: Call) -> str:
    admitted = [each for each in Country if not call.countries or each in call.countries]
    each_age = _("%(country)s %(age)s")
    told = [each_age % {"country": country(each), "age": ages.of(call.consent_ages, each)} for each in admitted]
    elsewhere = ages.of(call.consent_ages, ages.OTHER)
    sentence = _(
        "While you are younger than this, a parent or guardian must agree before you can be nominated: "
        "%(ages)s; any other country %(age)s. Of where you live and your nationality the higher age counts."
    )
    return sentence % {"ages": _listed(told), "age": elsewhere}


def _learning(call: Call) -> Iterator[Condition]:
    if call.months_after_graduation is not None:
        yield Condition(N_("Studies"), _studies(call, call.months_after_graduation))
    if call.language_level:
        yield Condition(N_("Language"), _level(call))


def _studies(call: Call, months: int) -> str:
    on = day(call.reference_on)
    if months == 0:
        return _("You are enrolled at a school or university on %(day)s.") % {"day": on}
    told = ngettext(
        "You are enrolled at a school or university on %(day)s, or you graduated at most %(count)s month before it.",
        "You are enrolled at a school or university on %(day)s, or you graduated at most %(count)s months before it.",
        months,
    )
    return told % {"day": on, "count": months}


def _level(call: Call) -> str:
    if not call.counted_languages:
        return _("You speak at least one language at level %(level)s or better.") % {"level": call.language_level}
    names = _listed([str(LANGUAGE_NAMES[code]) for code in call.counted_languages])
    told = _("You speak at least one of these languages at level %(level)s or better: %(names)s.")
    return told % {"level": call.language_level, "names": names}


def _choice(call: Call) -> Iterator[Condition]:
    if call.first_time_only:
        yield Condition(N_("First time"), _("You have not had a place in this programme before."))
    if call.no_kin_at_host:
        told = _("You are not a child, brother or sister of somebody who works at a host that you choose.")
        yield Condition(N_("Family"), told)
    own = _("You can choose openings of your own government.")
    others = _("You cannot choose openings of your own government.")
    yield Condition(N_("Openings of your own government"), own if call.own_government_is_host else others)


def _numbers(call: Call) -> Iterator[Condition]:
    ranked = ngettext(
        "You can choose %(count)s opening.", "You can choose up to %(count)s openings.", call.ranked_openings
    )
    yield Condition(N_("Openings you can rank"), ranked % {"count": call.ranked_openings})
    quota = ngettext(
        "Each home government can nominate %(count)s applicant.",
        "Each home government can nominate up to %(count)s applicants.",
        call.nomination_quota,
    )
    yield Condition(N_("Nominations"), quota % {"count": call.nomination_quota})
    for code, most in call.country_caps.items():
        capped = ngettext(
            "%(country)s: all governments together can nominate %(count)s applicant.",
            "%(country)s: all governments together can nominate up to %(count)s applicants.",
            most,
        )
        yield Condition(N_("Nominations in one country"), capped % {"country": country(Country(code)), "count": most})


def _offers(call: Call) -> Iterator[Condition]:
    answer = ngettext(
        "You have %(count)s day to answer an offer. After that the place goes to somebody else.",
        "You have %(count)s days to answer an offer. After that the place goes to somebody else.",
        call.answer_days,
    )
    yield Condition(N_("Answering an offer"), answer % {"count": call.answer_days})
    if call.reserve_days == 0:
        yield Condition(N_("Reserve list"), _("There is none: who gets no place with the results gets none later."))
        return
    reserve = ngettext(
        "If you get no place, you may stand on the reserve list. It lives for %(count)s day after the results.",
        "If you get no place, you may stand on the reserve list. It lives for %(count)s days after the results.",
        call.reserve_days,
    )
    yield Condition(N_("Reserve list"), reserve % {"count": call.reserve_days})


def for_officials(call: Call, criteria: Sequence[HostCriterion]) -> list[Condition]:
    """What coordinators and the secretariat read beside it: weights, and the pairs of countries that are kept apart."""
    weighed = _("%(name)s: %(weight)s of 100")
    weights = _listed([weighed % {"name": each.name(language()), "weight": each.weight} for each in criteria])
    pair = _("%(one)s and %(other)s")
    named = [{"one": country(Country(one)), "other": country(Country(other))} for one, other in call.blocked_pairs]
    none = _("Hosts put candidates in an order without marks.")
    apart = _("Nobody is placed between these countries, in either direction: %(pairs)s.")
    return [
        Condition(N_("Weights"), weights or none),
        *(
            [Condition(N_("Pairs kept apart"), apart % {"pairs": _listed([pair % each for each in named])})]
            if named
            else []
        ),
    ]


def _listed(names: Sequence[str]) -> str:
    return _(", ").join(names)
