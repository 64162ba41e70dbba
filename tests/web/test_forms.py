import datetime as dt
import enum
from typing import Annotated, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field
from starlette.datastructures import FormData

from portal.forms import Form, Line, Text
from portal.i18n import N_, speaking
from portal.web.forms import blank, check


class Colour(enum.StrEnum):
    RED = "red"


class Example(Form):
    labels: ClassVar = {"name": N_("Name")}
    name: Annotated[Line, Field(min_length=2, max_length=10)]
    story: Annotated[Text, Field(max_length=100)] = ""
    colour: Colour = Colour.RED
    count: Annotated[int, Field(ge=1, le=5)] = 1
    on: dt.date | None = None
    wishes: list[str] = Field(default_factory=list)


def _errors(**sent: str) -> dict[str, str]:
    return dict(check(Example, FormData({"name": "Anna", **sent})).errors)


def test_what_is_right_becomes_data() -> None:
    sent = check(Example, FormData([("name", " Anna  B "), ("wishes", "a"), ("wishes", "b"), ("extra", "x")]))
    assert sent.data is not None
    assert sent.data.name == "Anna B"
    assert sent.data.wishes == ["a", "b"]


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "", "Fill this in."),
        ("name", "x", "Use at least 2 characters."),
        ("name", "x" * 11, "Use at most 10 characters."),
        ("name", "a\x00b", "cannot be stored"),
        ("count", "many", "Enter a whole number."),
        ("count", "9", "Enter a number of at most 5."),
        ("colour", "blue", "Choose one from the list."),
        ("on", "31.12.2026", "Enter a date"),
    ],
)
def test_an_error_says_what_to_do_and_keeps_what_was_typed(field: str, value: str, sentence: str) -> None:
    sent = check(Example, FormData({"name": "Anna", field: value}))
    assert sent.data is None
    assert sentence in sent.errors[field]
    assert sent.values[field] == value


def test_errors_are_in_the_readers_language() -> None:
    with speaking("zh-Hans"):
        assert _errors(name="")["name"] != "Fill this in."


@given(st.text(max_size=60))
def test_any_text_is_stored_or_refused_but_never_an_error(text: str) -> None:
    sent = check(Example, FormData({"name": "Anna", "story": text}))
    assert (sent.data is None) == bool(sent.errors)


def test_a_blank_form_shows_what_is_there() -> None:
    shown = blank(Example, name=None, on=dt.date(2027, 1, 2), wishes=["a"], colour=Colour.RED)
    assert shown.values == {"name": "", "on": "2027-01-02", "wishes": ["a"], "colour": "red"}
    assert shown.label("name") == "Name"
