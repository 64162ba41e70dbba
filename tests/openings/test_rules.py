import datetime as dt
import itertools
import uuid
from typing import Any, get_args

import pytest
from starlette.datastructures import FormData

from portal.accounts.models import Role
from portal.accounts.viewer import VISITOR, Held, Viewer
from portal.i18n import LANGUAGES, speaking
from portal.openings import forms, rules, words
from portal.openings.forms import BenefitRows, BenefitsForm, HostForm, OpeningForm
from portal.openings.models import (
    Benefit,
    Education,
    Host,
    HostKind,
    Opening,
    OpeningField,
    OpeningLanguage,
    OpeningStatus,
    Payer,
    Per,
    Presence,
    What,
)
from portal.openings.rules import STEPS, Step
from portal.registry.models import Government
from portal.web.forms import Sent, check

HOST, ELSEWHERE = uuid.uuid4(), uuid.uuid4()
THEIRS = Viewer(uuid.uuid4(), held=frozenset({Held(Role.COORDINATOR, HOST)}))
SECRETARY = Viewer(uuid.uuid4(), held=frozenset({Held(Role.SECRETARY)}))
AUDITOR = Viewer(uuid.uuid4(), held=frozenset({Held(Role.AUDITOR)}))
OUTSIDERS = [
    VISITOR,
    Viewer(uuid.uuid4()),
    Viewer(uuid.uuid4(), held=frozenset({Held(Role.COORDINATOR, ELSEWHERE)})),
]
RIGHT = {
    "host": "5f8a2a31-0000-4000-8000-000000000001", "title": "Guide", "tasks": "Show visitors round.",
    "place": "Andong", "presence": "on_site", "level_ko": "B2", "starts_on": "2027-07-01", "ends_on": "2027-09-30",
    "hours_a_week": "38", "capacity": "2", "education": "bachelor", "fields": "10",
}  # fmt: skip
RANKED = dt.datetime(2027, 1, 1, tzinfo=dt.UTC)


def sent(**changes: str) -> Sent[OpeningForm]:
    return check(OpeningForm, FormData({**RIGHT, **changes}))


def rows(**cells: str) -> Sent[BenefitRows]:
    return check(BenefitsForm, FormData(cells))


def an_opening(status: OpeningStatus, capacity: int = 3, ranked: bool = False) -> Opening:
    return Opening(government_id=HOST, status=status, capacity=capacity, first_ranked_at=RANKED if ranked else None)


def a_named_opening(**fields: Any) -> Opening:
    made = Opening(**{"title": "Guide", "place": "Andong", "tasks": "Show visitors round.", **fields})
    made.government = Government(names={"en": "Gyeongsangbuk-do"})
    made.host = Host(name=fields.get("host_name", "Tourism division"))
    return made


@pytest.mark.parametrize(("status", "step"), list(itertools.product(OpeningStatus, Step)))
def test_only_who_it_belongs_to_takes_the_steps_that_exist(status: OpeningStatus, step: Step) -> None:
    opening, exists = an_opening(status), (status, step) in STEPS
    assert rules.may(THEIRS, step, opening) == (exists and step is not Step.WITHDRAW)
    assert rules.may(SECRETARY, step, opening) == (exists and step is Step.WITHDRAW)
    assert not any(rules.may(viewer, step, opening) for viewer in [*OUTSIDERS, AUDITOR])


def test_what_applicants_count_on_only_the_secretariat_closes() -> None:
    opening = an_opening(OpeningStatus.PUBLISHED, ranked=True)
    assert not rules.may(THEIRS, Step.CLOSE, opening)
    assert rules.why_not(Step.CLOSE, opening) == rules.COUNTED_ON
    assert rules.may(SECRETARY, Step.WITHDRAW, opening)


def test_a_closed_opening_cannot_be_edited_but_copied() -> None:
    found = [status for status in OpeningStatus if rules.may_edit(THEIRS, an_opening(status))]
    assert found == ["draft", "published"]
    assert rules.may_copy(THEIRS, an_opening(OpeningStatus.CLOSED))
    for viewer in [*OUTSIDERS, SECRETARY, AUDITOR]:
        assert not rules.may_edit(viewer, an_opening(OpeningStatus.DRAFT))
        assert not rules.may_copy(viewer, an_opening(OpeningStatus.CLOSED))


def test_places_are_lowered_until_somebody_ranks_them() -> None:
    assert rules.least_capacity(an_opening(OpeningStatus.DRAFT)) == 1
    assert rules.least_capacity(an_opening(OpeningStatus.PUBLISHED)) == 1
    assert rules.least_capacity(an_opening(OpeningStatus.PUBLISHED, ranked=True)) == 3


def test_who_reads_a_contact_and_who_edits_a_host() -> None:
    office = Host(government_id=HOST, kind=HostKind.OFFICE)
    ours = Host(government_id=HOST, kind=HostKind.SECRETARIAT)
    everybody = [*OUTSIDERS, THEIRS, SECRETARY, AUDITOR]
    assert [each for each in everybody if rules.may_read_contact(each, office)] == [THEIRS, SECRETARY, AUDITOR]
    assert [each for each in everybody if rules.may_edit_host(each, office)] == [THEIRS, SECRETARY]
    assert [each for each in everybody if rules.may_edit_host(each, ours)] == [SECRETARY]


@pytest.mark.parametrize(
    ("fields", "slug"),
    [
        ({}, "gyeongsangbuk-do-tourism-division-guide-"),
        ({"title": "다국어 안내"}, "gyeongsangbuk-do-tourism-division-"),
        ({"title": "Café Zürich", "host_name": "東京"}, "gyeongsangbuk-do-cafe-zurich-"),
        (
            {"title": "A guide for those who walk slowly along the coast"},
            "gyeongsangbuk-do-tourism-division-a-guide-for",
        ),
    ],
)
def test_an_address_tells_what_is_written_in_latin(fields: dict[str, str], slug: str) -> None:
    opening = a_named_opening(**fields)
    made = rules.slug(opening)
    assert made.startswith(slug) and made.endswith(f"-{opening.id.hex[:6]}")
    assert len(made) <= 80


def test_the_longest_names_make_an_address_that_fits() -> None:
    opening = a_named_opening(title="x" * 160, host_name="y" * 160)
    opening.government = Government(names={"en": "z" * 100})
    assert len(rules.slug(opening)) <= 80


def test_what_an_opening_is_found_by_is_folded_word_by_word() -> None:
    found = rules.search_text(a_named_opening(title="ＧＵＩＤＥ for Zürich", place="滨海", tasks="Ёлки"))
    assert found.split("\n") == ["guide for zurich", "tourism division", "滨海", "елки"]


def test_the_next_dates_are_the_same_weeks_of_a_later_year() -> None:
    monday, friday = dt.date(2026, 9, 7), dt.date(2026, 11, 13)
    first, last = rules.next_dates(monday, friday, dt.date(2027, 6, 1))
    assert (first, last) == (dt.date(2027, 9, 6), dt.date(2027, 11, 12))
    assert first.weekday() == monday.weekday() and last - first == friday - monday
    assert rules.next_dates(monday, friday, dt.date(2026, 9, 6)) == (monday, friday)
    assert rules.next_dates(monday, friday, monday)[0] == dt.date(2027, 9, 6)


def test_everything_has_a_name() -> None:
    assert set(words.STATUSES) == set(words.COLOURS) == set(OpeningStatus)
    assert set(words.HOST_KINDS) == set(HostKind)
    assert set(words.PRESENCES) == set(Presence)
    assert set(words.EDUCATIONS) == set(Education)
    assert set(words.WHATS) == set(What)
    assert set(words.PERS) == set(words.AMOUNTS) == set(Per)
    assert set(words.PAYERS) == set(Payer)
    assert get_args(forms.Level) == tuple(words.LEVELS)
    assert get_args(forms.StudyField) == tuple(words.FIELDS)
    assert get_args(forms.Currency) == tuple(words.CURRENCIES)
    assert get_args(forms.Language) == tuple(LANGUAGES) == tuple(forms.LEVEL_OF)


def test_an_amount_is_told_with_its_currency() -> None:
    money = Benefit(what=What.STIPEND, amount=900_000, currency="KRW", per=Per.MONTH, payer=Payer.HOST)
    assert words.amount(money).replace("\xa0", " ") == "KRW 900,000 a month"
    assert words.amount(Benefit(what=What.HOUSING, per=Per.MONTH, payer=Payer.HOST)) == "In kind"
    with speaking("zh-Hans"):
        assert "900,000" in words.amount(money)


def test_what_an_opening_holds_stands_in_its_form_again() -> None:
    data = sent(has_interview="true", least_age="18", level_en="A2", benefits_note="More.").data
    assert data is not None
    facts = data.facts()
    plain = {name: value for name, value in facts.items() if name in rules.PLAIN}
    opening = Opening(**plain, host_id=data.host, capacity=data.capacity)
    opening.languages = [OpeningLanguage(language=code, level=level) for code, level in facts["languages"].items()]
    opening.fields = [OpeningField(field=field) for field in facts["fields"]]
    shown = {name: value for name, value in forms.values(opening).items() if name != "fields"}
    again = check(OpeningForm, FormData([*((k, str(v)) for k, v in shown.items()), ("fields", "10")])).data
    assert again == data
    assert (data.ends_on, data.has_interview, data.languages()) == (
        dt.date(2027, 9, 30),
        True,
        {"en": "A2", "ko": "B2"},
    )


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("host", "", "Fill this in"),
        ("host", "the office", "from the list"),
        ("title", "x" * 161, "at most 160"),
        ("presence", "moon", "from the list"),
        ("level_ja", "D1", "from the list"),
        ("fields", "99", "from the list"),
        ("education", "wise", "from the list"),
        ("starts_on", "0001-01-01", "between 1900 and 2100"),
        ("ends_on", "2027-07-01", "after the first day"),
        ("capacity", "0", "at least 1"),
        ("capacity", "51", "at most 50"),
        ("capacity", "two", "whole number"),
        ("hours_a_week", "61", "at most 60"),
        ("least_age", "13", "at least 14"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(field: str, value: str, sentence: str) -> None:
    form = sent(**{field: value})
    assert form.data is None
    assert list(form.errors) == [field]
    assert sentence in form.errors[field]


def test_some_language_is_needed() -> None:
    assert list(sent(level_ko="").errors) == ["level_en"]


def test_the_rows_of_benefits_that_stay_are_kept_in_their_order() -> None:
    money = {"what_1": "stipend", "amount_1": "900000", "currency_1": "KRW", "per_1": "month", "payer_1": "host"}
    gone = {"what_2": "visa", "payer_2": "secretariat", "remove_2": "true"}
    kind = {"what_4": "meals", "note_4": "Lunch", "payer_4": "host_government", "more": "true"}
    data = rows(**money, **gone, **kind, per_9="day").data
    assert data is not None and data.more
    stipend = {"what": "stipend", "note": "", "amount": 900_000, "currency": "KRW", "per": "month", "payer": "host"}
    meals = {
        "what": "meals", "note": "Lunch", "amount": None, "currency": None, "per": "once", "payer": "host_government"
    }  # fmt: skip
    assert data.rows() == [stipend, meals]


@pytest.mark.parametrize(
    ("cells", "field", "sentence"),
    [
        ({"what_1": "stipend", "amount_1": "9", "payer_1": "host"}, "currency_1", "Choose the currency"),
        ({"what_3": "meals"}, "payer_3", "Choose who pays"),
        ({"note_2": "Lunch"}, "what_2", "Choose what is given"),
        ({"amount_2": "many"}, "amount_2", "whole number"),
        ({"what_1": "gold", "payer_1": "host"}, "what_1", "from the list"),
        ({"what_1": "meals", "payer_1": "host", "note_1": "x" * 161}, "note_1", "at most 160"),
    ],
)
def test_a_row_that_lacks_something_says_what(cells: dict[str, str], field: str, sentence: str) -> None:
    form = rows(**cells)
    assert list(form.errors) == [field]
    assert sentence in form.errors[field]
    assert form.label(field) != field


@pytest.mark.parametrize(
    ("field", "value"),
    [("website", "javascript:alert(1)"), ("website", "example.org"), ("contact_email", "nobody"), ("kind", "circus")],
)
def test_what_is_wrong_with_a_host_is_said(field: str, value: str) -> None:
    form = check(HostForm, FormData({"name": "Office", "kind": "office", field: value}))
    assert list(form.errors) == [field]
