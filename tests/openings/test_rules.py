import datetime as dt
import itertools
import uuid
from typing import get_args

import pytest
from starlette.datastructures import FormData

from portal.accounts.models import Role
from portal.accounts.viewer import VISITOR, Held, Viewer
from portal.i18n import LANGUAGES
from portal.openings import forms, rules, words
from portal.openings.forms import OpeningForm
from portal.openings.models import HostKind, Opening, OpeningStatus
from portal.openings.rules import STEPS, Step
from portal.web.forms import Sent, check

HOST, ELSEWHERE = uuid.uuid4(), uuid.uuid4()
THEIRS = Viewer(uuid.uuid4(), held=frozenset({Held(Role.COORDINATOR, HOST)}))
OTHERS = [
    VISITOR,
    Viewer(uuid.uuid4()),
    Viewer(uuid.uuid4(), held=frozenset({Held(Role.COORDINATOR, ELSEWHERE)})),
    Viewer(uuid.uuid4(), held=frozenset({Held(Role.SECRETARY)})),
]
RIGHT = {
    "organisation": "Tourism division", "host_kind": "office", "title": "Guide", "tasks": "Show visitors round.",
    "place": "Andong", "working_language": "ko", "level": "B2", "starts_on": "2027-07-01", "ends_on": "2027-09-30",
    "capacity": "2",
}  # fmt: skip


def sent(**changes: str) -> Sent[OpeningForm]:
    return check(OpeningForm, FormData({**RIGHT, **changes}))


def an_opening(status: OpeningStatus, capacity: int = 3) -> Opening:
    return Opening(government_id=HOST, status=status, capacity=capacity)


@pytest.mark.parametrize(("status", "step"), list(itertools.product(OpeningStatus, Step)))
def test_only_its_coordinators_take_the_steps_that_exist(status: OpeningStatus, step: Step) -> None:
    assert rules.may(THEIRS, step, an_opening(status)) == ((status, step) in STEPS)
    assert not any(rules.may(viewer, step, an_opening(status)) for viewer in OTHERS)


def test_a_closed_opening_cannot_be_edited() -> None:
    found = [status for status in OpeningStatus if rules.may_edit(THEIRS, an_opening(status))]
    assert found == ["draft", "published"]
    assert not any(rules.may_edit(viewer, an_opening(OpeningStatus.DRAFT)) for viewer in OTHERS)


def test_published_places_can_only_be_raised() -> None:
    assert rules.least_capacity(an_opening(OpeningStatus.DRAFT)) == 1
    assert rules.least_capacity(an_opening(OpeningStatus.PUBLISHED)) == 3


def test_everything_has_a_name() -> None:
    assert set(words.STATUSES) == set(words.COLOURS) == set(OpeningStatus)
    assert set(words.HOST_KINDS) == set(HostKind)
    assert get_args(forms.Level) == tuple(words.LEVELS)
    assert get_args(forms.Language) == tuple(LANGUAGES)


def test_what_an_opening_holds_stands_in_its_form_again() -> None:
    data = sent(benefits="500,000 KRW a month", has_interview="true").data
    assert data is not None
    shown = forms.values(Opening(capacity=data.capacity, **data.facts()))
    again = check(OpeningForm, FormData({name: str(value) for name, value in shown.items()})).data
    assert again == data
    assert (data.ends_on, data.has_interview) == (dt.date(2027, 9, 30), True)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("organisation", "", "Fill this in"),
        ("title", "x" * 161, "at most 160"),
        ("host_kind", "circus", "from the list"),
        ("working_language", "xx", "from the list"),
        ("level", "D1", "from the list"),
        ("starts_on", "0001-01-01", "between 1900 and 2100"),
        ("ends_on", "2027-07-01", "after the first day"),
        ("capacity", "0", "at least 1"),
        ("capacity", "51", "at most 50"),
        ("capacity", "two", "whole number"),
        ("government", "KR-47", "from the list"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(field: str, value: str, sentence: str) -> None:
    form = sent(**{field: value})
    assert form.data is None
    assert list(form.errors) == [field]
    assert sentence in form.errors[field]
