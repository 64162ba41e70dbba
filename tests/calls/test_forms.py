import datetime as dt
from zoneinfo import available_timezones

import pytest
from starlette.datastructures import FormData

from portal.calls import forms
from portal.calls.forms import CallForm
from portal.calls.models import Call
from portal.calls.words import ZONES
from portal.forms import at_local, to_local
from portal.web.forms import Sent, check

RIGHT = {
    "title_en": "PioNEAR 2027", "text_en": "Come and work.", "zone": "Asia/Seoul", "opens_at": "2027-03-01T09:00",
    "applications_due_at": "2027-03-31T18:00", "nominations_due_at": "2027-04-14T18:00", "reference_on": "2027-01-01",
    "age_from": "18", "age_to": "29", "nomination_quota": "5", "ranked_openings": "3",
}  # fmt: skip


def sent(**changes: str) -> Sent[CallForm]:
    return check(CallForm, FormData({**RIGHT, **changes}))


def test_times_are_read_on_the_calls_clock() -> None:
    data = sent(zone="Asia/Ulaanbaatar").data
    assert data is not None
    assert data.applications_due_at == dt.datetime(2027, 3, 31, 10, tzinfo=dt.UTC)


def test_what_a_call_holds_stands_in_its_form_again() -> None:
    data = sent(title_zh="先锋 2027").data
    assert data is not None
    call = Call(slug="pionear-2027", **data.facts())
    again = check(CallForm, FormData({name: str(value) for name, value in forms.values(call).items()}))
    assert again.data is not None and again.data.facts() == data.facts()
    assert call.titles == {"en": "PioNEAR 2027", "zh-Hans": "先锋 2027"}


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("title_en", "", "Fill this in"),
        ("title_ru", "я" * 161, "at most 160"),
        ("zone", "Europe/Berlin", "from the list"),
        ("slug", "Two Words", "the form that the hint shows"),
        ("slug", "new", "belongs to another page"),
        ("opens_at", "tomorrow", "for example 2027-03-31T18:00"),
        ("opens_at", "2027-03-01T09:00Z", "without a zone"),
        ("opens_at", "0001-01-01T00:00", "between 1900 and 2100"),
        ("opens_at", "9999-12-31T23:59", "between 1900 and 2100"),
        ("applications_due_at", "2027-03-01T09:00", "after the call opens"),
        ("nominations_due_at", "2027-03-31T17:59", "not before applications are due"),
        ("reference_on", "31.3.2027", "Enter a date"),
        ("age_from", "13", "at least 14"),
        ("age_to", "17", "not below the youngest"),
        ("nomination_quota", "0", "at least 1"),
        ("ranked_openings", "6", "at most 5"),
        ("ranked_openings", "many", "whole number"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(field: str, value: str, sentence: str) -> None:
    form = sent(**{field: value})
    assert form.data is None
    assert list(form.errors) == [field]
    assert sentence in form.errors[field]


@pytest.mark.parametrize(
    ("title", "slug", "expected"),
    [("PioNEAR 2027", "", "pionear-2027"), ("PioNEAR", "spring-27", "spring-27"), ("征集", "", "call-2027"),
     ("New", "", "call-2027")],
)  # fmt: skip
def test_the_address_asked_for_or_made(title: str, slug: str, expected: str) -> None:
    data = sent(title_en=title, slug=slug).data
    assert data is not None and data.wanted_slug == expected


def test_every_zone_exists() -> None:
    assert set(ZONES) <= available_timezones()


def test_a_time_of_day_and_its_instant() -> None:
    at = at_local(dt.datetime.fromisoformat("2027-03-31T18:00"), "Asia/Seoul")
    assert at == dt.datetime(2027, 3, 31, 9, tzinfo=dt.UTC)
    assert to_local(at, "Asia/Seoul") == "2027-03-31T18:00"


@pytest.mark.parametrize(
    ("local", "sentence"),
    [("2027-03-28T02:30", "skip this time"), ("2027-10-31T02:30", "show this time twice")],
)
def test_a_time_that_clocks_skip_or_repeat_is_refused(local: str, sentence: str) -> None:
    time = dt.datetime.fromisoformat(local)
    with pytest.raises(ValueError) as refused:
        at_local(time, "Europe/Berlin")
    assert sentence in refused.value.context["sentence"]
    assert at_local(time + dt.timedelta(hours=1), "Europe/Berlin").minute == 30
