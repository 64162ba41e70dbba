"""Each condition of a call, on both sides of its boundary."""

import datetime as dt
from typing import Any

import pytest

from portal.applications import eligibility
from portal.applications.eligibility import Facts, Finding, Verdict
from portal.applications.models import Application, Choice, Enrolment, SpokenLanguage
from portal.applications.words import Part
from portal.calls.models import Belonging, Call, Purpose
from portal.openings.models import Opening
from portal.registry.models import Country, Government

PASSES, FAILS, PROOF = Verdict.PASSES, Verdict.FAILS, Verdict.NEEDS_PROOF
REFERENCE = dt.date(2027, 3, 1)


def _call(**fields: Any) -> Call:
    """With the model's own defaults, which are given where the database is not there to give them."""
    return Call(**{"reference_on": REFERENCE, **fields})


def _home(code: str = "MN-1") -> Government:
    return Government(code=code, country=Country(code[:2]), names={"en": "Ulaanbaatar"})


def _application(call: Call | None = None, **fields: Any) -> Application:
    given: dict[str, Any] = {
        "call": call or _call(), "home": _home(), "nationality": "MN", "is_resident": True,
        "born_on": dt.date(2005, 3, 2), "enrolment": Enrolment.ENROLLED, "graduates_on": dt.date(2028, 6, 30),
        "took_part_before": False, "has_kin_at_host": False,
        "languages": [SpokenLanguage(language="en", level="B2")], "choices": [],
    }  # fmt: skip
    return Application(**{**given, **fields})


def _found(application: Application, rule: object, facts: Facts = Facts()) -> list[Finding]:
    return [finding for finding in eligibility.findings(application, facts) if finding.rule == rule]


def _verdict(application: Application, rule: object, facts: Facts = Facts()) -> Verdict | None:
    found = _found(application, rule, facts)
    assert len(found) < 2
    return found[0].verdict if found else None


def test_somebody_who_meets_everything_only_has_to_prove_where_they_belong() -> None:
    found = eligibility.findings(_application(), Facts())
    assert {str(finding.rule): finding.verdict for finding in found if finding.verdict is not PASSES} == {
        "Belonging to the home government": PROOF
    }
    assert eligibility.is_eligible(found)


def test_rules_that_the_call_does_not_use_do_not_appear() -> None:
    call = _call(months_after_graduation=None, language_level="", first_time_only=False, no_kin_at_host=False)
    found = eligibility.findings(_application(call), Facts(was_placed_before=True))
    assert [finding.rule for finding in found] == [eligibility.AGE, eligibility.BELONGING]


def test_nothing_answered_fails_nothing_and_every_sentence_says_what_to_do() -> None:
    empty = Application(call=_call(countries=["MN"]))
    found = eligibility.findings(empty, Facts())
    assert {finding.verdict for finding in found} == {PROOF}
    assert {finding.part for finding in found} == {
        Part.ABOUT, Part.HOME, Part.EDUCATION, Part.LANGUAGES, Part.CONSENT,
    }  # fmt: skip
    assert all(finding.sentence.endswith(".") and "%" not in finding.sentence for finding in found)


@pytest.mark.parametrize(
    ("born_on", "verdict"),
    [
        (dt.date(2009, 3, 1), PASSES),  # 18 on the very day
        (dt.date(2009, 3, 2), FAILS),
        (dt.date(1997, 3, 2), PASSES),  # 29 until tomorrow
        (dt.date(1997, 3, 1), FAILS),
        (None, PROOF),
    ],
)
def test_age_counts_at_the_reference_date(born_on: dt.date | None, verdict: Verdict) -> None:
    found = _found(_application(born_on=born_on), eligibility.AGE)
    assert [finding.verdict for finding in found] == [verdict]
    assert "1 March 2027" in found[0].sentence


@pytest.mark.parametrize(
    ("born_on", "on", "age"),
    [
        (dt.date(2004, 2, 29), dt.date(2026, 2, 28), 21),
        (dt.date(2004, 2, 29), dt.date(2026, 3, 1), 22),
        (dt.date(2004, 2, 29), dt.date(2028, 2, 29), 24),
    ],
)
def test_birthdays_on_a_leap_day(born_on: dt.date, on: dt.date, age: int) -> None:
    assert eligibility.age_on(born_on, on) == age


@pytest.mark.parametrize(
    ("countries", "governments", "home", "verdict"),
    [
        ([], [], "MN-1", None),
        (["MN"], [], "MN-1", PASSES),
        (["KR", "JP"], [], "MN-1", FAILS),
        ([], ["MN-1"], "MN-1", PASSES),
        ([], ["MN-039"], "MN-1", FAILS),
        (["MN"], ["MN-039"], "MN-1", FAILS),
        (["MN"], [], None, PROOF),
    ],
)
def test_the_call_admits_governments_and_countries(
    countries: list[str], governments: list[str], home: str | None, verdict: Verdict | None
) -> None:
    application = _application(_call(countries=countries, governments=governments), home=_home(home) if home else None)
    assert _verdict(application, eligibility.HOME) is verdict


@pytest.mark.parametrize(
    ("belonging", "is_resident", "nationality", "verdict"),
    [
        (Belonging.RESIDENT, True, "KR", PROOF),
        (Belonging.RESIDENT, False, "MN", FAILS),
        (Belonging.RESIDENT, None, "MN", PROOF),
        (Belonging.NATIONAL, False, "MN", PROOF),
        (Belonging.NATIONAL, True, "KR", FAILS),
        (Belonging.NATIONAL, True, "", PROOF),
        (Belonging.EITHER, True, "KR", PROOF),
        (Belonging.EITHER, False, "MN", PROOF),
        (Belonging.EITHER, False, "KR", FAILS),
        (Belonging.EITHER, False, "", PROOF),
        (Belonging.EITHER, None, "KR", PROOF),
    ],
)
def test_belonging_is_proved_when_claimed_and_fails_when_denied(
    belonging: Belonging, is_resident: bool | None, nationality: str, verdict: Verdict
) -> None:
    application = _application(_call(belonging=belonging), is_resident=is_resident, nationality=nationality)
    assert _verdict(application, eligibility.BELONGING) is verdict


@pytest.mark.parametrize(
    ("date", "months", "later"),
    [
        (dt.date(2026, 8, 31), 6, dt.date(2027, 2, 28)),
        (dt.date(2027, 8, 31), 6, dt.date(2028, 2, 29)),
        (dt.date(2028, 2, 29), 12, dt.date(2029, 2, 28)),
        (dt.date(2026, 12, 31), 0, dt.date(2026, 12, 31)),
        (dt.date(2026, 11, 30), 1, dt.date(2026, 12, 30)),
        (dt.date(2026, 12, 15), 13, dt.date(2028, 1, 15)),
    ],
)
def test_months_later_is_the_same_day_or_the_last_of_the_month(date: dt.date, months: int, later: dt.date) -> None:
    assert eligibility.months_after(date, months) == later


@pytest.mark.parametrize(
    ("enrolment", "graduates_on", "verdict"),
    [
        (Enrolment.ENROLLED, dt.date(2028, 6, 30), PASSES),
        (Enrolment.ENROLLED, None, PROOF),
        (Enrolment.GRADUATED, None, PROOF),
        (Enrolment.GRADUATED, dt.date(2026, 9, 1), PASSES),  # six months to the day
        (Enrolment.GRADUATED, dt.date(2026, 8, 31), FAILS),  # until 28 February
        (Enrolment.ENROLLED, dt.date(2026, 8, 31), FAILS),
        (Enrolment.NEITHER, None, FAILS),
        (None, None, PROOF),
    ],
)
def test_studies_count_until_so_many_months_after_graduation(
    enrolment: Enrolment | None, graduates_on: dt.date | None, verdict: Verdict
) -> None:
    application = _application(_call(months_after_graduation=6), enrolment=enrolment, graduates_on=graduates_on)
    assert _verdict(application, eligibility.STUDIES) is verdict


def test_a_requested_proof_of_enrolment_is_asked_for() -> None:
    assert _verdict(_application(), eligibility.STUDIES, Facts(purposes={Purpose.ENROLMENT})) is PROOF


@pytest.mark.parametrize(
    ("spoken", "counted", "verdict"),
    [
        ({"en": "B1"}, [], FAILS),
        ({"en": "B2"}, [], PASSES),
        ({"mn": "native", "en": "A1"}, [], PASSES),
        ({"mn": "native", "en": "B1"}, ["en", "ko"], FAILS),
        ({"mn": "native", "ko": "C1"}, ["en", "ko"], PASSES),
        ({}, ["en"], PROOF),
    ],
)
def test_a_language_that_counts_reaches_the_level(spoken: dict[str, str], counted: list[str], verdict: Verdict) -> None:
    languages = [SpokenLanguage(language=language, level=level) for language, level in spoken.items()]
    application = _application(_call(counted_languages=counted), languages=languages)
    assert _verdict(application, eligibility.LANGUAGE) is verdict


@pytest.mark.parametrize(("level", "verdict"), [("C1", PROOF), ("native", PASSES), ("B1", FAILS)])
def test_a_requested_language_certificate_is_no_matter_for_natives(level: str, verdict: Verdict) -> None:
    application = _application(languages=[SpokenLanguage(language="en", level=level)])
    assert _verdict(application, eligibility.LANGUAGE, Facts(purposes={Purpose.LANGUAGE})) is verdict


@pytest.mark.parametrize(
    ("was_placed", "declared", "verdict"),
    [(False, False, PASSES), (False, None, PROOF), (False, True, FAILS), (True, False, FAILS), (True, None, FAILS)],
)
def test_nobody_takes_part_twice(was_placed: bool, declared: bool | None, verdict: Verdict) -> None:
    application = _application(took_part_before=declared)
    assert _verdict(application, eligibility.FIRST_TIME, Facts(was_placed)) is verdict


@pytest.mark.parametrize(("has_kin", "verdict"), [(False, PASSES), (None, PROOF), (True, FAILS)])
def test_nobody_goes_where_close_family_works(has_kin: bool | None, verdict: Verdict) -> None:
    assert _verdict(_application(has_kin_at_host=has_kin), eligibility.KIN) is verdict


@pytest.mark.parametrize(
    ("least_age", "born_on", "verdicts"),
    [
        (None, dt.date(2009, 1, 1), []),
        (20, dt.date(2007, 9, 1), [PASSES]),  # twenty on the first day
        (20, dt.date(2007, 9, 2), [FAILS]),
        (20, None, [PROOF]),
    ],
)
def test_each_chosen_opening_has_its_own_least_age(
    least_age: int | None, born_on: dt.date | None, verdicts: list[Verdict]
) -> None:
    openings = [
        Opening(title="Guide", starts_on=dt.date(2027, 9, 1), least_age=least_age),
        Opening(title="Lakes", starts_on=dt.date(2027, 9, 1)),
    ]
    choices = [Choice(rank=rank, opening=opening) for rank, opening in enumerate(openings, 1)]
    found = _found(_application(born_on=born_on, choices=choices), eligibility.LEAST_AGE)
    assert [finding.verdict for finding in found] == verdicts
    assert all("Guide" in finding.sentence and finding.part is Part.OPENINGS for finding in found)


def test_one_failure_is_enough_to_be_ineligible() -> None:
    found = eligibility.findings(_application(took_part_before=True), Facts())
    assert not eligibility.is_eligible(found)
    assert [finding.rule for finding in eligibility.failures(found)] == [eligibility.FIRST_TIME]
