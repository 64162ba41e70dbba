import datetime as dt
import itertools
import uuid

import pytest

from portal.accounts.models import Role
from portal.accounts.viewer import VISITOR, Held, Viewer
from portal.calls import rules, words
from portal.calls.models import Call, CallStatus
from portal.calls.rules import STEPS, Step
from portal.calls.words import Phase

OPENS = dt.datetime(2027, 3, 1, 9, tzinfo=dt.UTC)
DUE = dt.datetime(2027, 3, 31, 9, tzinfo=dt.UTC)
NOMINATED = dt.datetime(2027, 4, 14, 9, tzinfo=dt.UTC)
TICK = dt.timedelta(milliseconds=1)
SECRETARY = Viewer(uuid.uuid4(), held=frozenset({Held(Role.SECRETARY)}))


def a_call(status: CallStatus = CallStatus.PUBLISHED, **fields: object) -> Call:
    given = {
        "slug": "spring", "titles": {"en": "Spring"}, "texts": {"en": "Come."}, "opens_at": OPENS,
        "applications_due_at": DUE, "nominations_due_at": NOMINATED, "reference_on": DUE.date(),
        "created_by": SECRETARY.id,
    }  # fmt: skip
    return Call(status=status, **{**given, **fields})


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (OPENS - TICK, Phase.UPCOMING),
        (OPENS, Phase.APPLICATIONS),
        (OPENS + TICK, Phase.APPLICATIONS),
        (DUE - TICK, Phase.APPLICATIONS),
        (DUE, Phase.APPLICATIONS),
        (DUE + TICK, Phase.NOMINATIONS),
        (NOMINATED - TICK, Phase.NOMINATIONS),
        (NOMINATED, Phase.NOMINATIONS),
        (NOMINATED + TICK, Phase.OVER),
    ],
)
def test_what_is_open_follows_from_the_dates(at: dt.datetime, expected: Phase) -> None:
    call = a_call()
    assert rules.phase(call, at) is expected
    assert rules.is_open(call, at) == (expected is Phase.APPLICATIONS)
    assert rules.accepts_applications(call, at) == (expected is Phase.APPLICATIONS)
    assert rules.accepts_nominations(call, at) == (expected in {Phase.APPLICATIONS, Phase.NOMINATIONS})
    assert rules.accepts_openings(call, at) == (expected in {Phase.UPCOMING, Phase.APPLICATIONS})


@pytest.mark.parametrize("status", [CallStatus.DRAFT, CallStatus.CLOSED, CallStatus.ARCHIVED])
def test_only_a_published_call_is_ever_open(status: CallStatus) -> None:
    call = a_call(status)
    assert not rules.is_open(call, DUE - TICK)
    assert not rules.accepts_applications(call, DUE - TICK)
    assert not rules.accepts_nominations(call, DUE - TICK)
    assert not rules.accepts_openings(call, OPENS - TICK)


@pytest.mark.parametrize(("status", "step"), list(itertools.product(CallStatus, Step)))
def test_only_a_secretary_takes_steps_and_only_those_that_exist(status: CallStatus, step: Step) -> None:
    assert rules.may(SECRETARY, step, a_call(status)) == ((status, step) in STEPS)
    for held in (set(), {Held(Role.AUDITOR)}, {Held(Role.COORDINATOR, uuid.uuid4())}):
        assert not rules.may(Viewer(uuid.uuid4(), held=frozenset(held)), step, a_call(status))
    assert not rules.may(VISITOR, step, a_call(status))


def test_a_closed_call_cannot_be_edited() -> None:
    assert [status for status in CallStatus if rules.may_edit(SECRETARY, a_call(status))] == ["draft", "published"]
    assert not rules.may_edit(VISITOR, a_call(CallStatus.DRAFT))


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"titles": {"en": ""}}, "title in English"),
        ({"texts": {"en": "", "ja": "本文"}}, "text in English"),
        ({"applications_due_at": OPENS}, "after the call opens"),
        ({"nominations_due_at": DUE - TICK}, "after applications"),
    ],
)
def test_what_keeps_a_draft_from_being_published(fields: dict[str, object], sentence: str) -> None:
    found = rules.unready(a_call(CallStatus.DRAFT, **fields), OPENS - TICK)
    assert [sentence in str(each) for each in found] == [True]


def test_a_call_is_published_before_applications_are_due() -> None:
    assert rules.unready(a_call(CallStatus.DRAFT), DUE - TICK) == []
    assert "later date" in str(rules.unready(a_call(CallStatus.DRAFT), DUE)[0])


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("PioNEAR 2027: spring", "pionear-2027-spring"),
        ("  Été à l'étranger!  ", "ete-a-l-etranger"),
        ("征集", ""),
        ("a" * 59 + " b", "a" * 59),
    ],
)
def test_an_address_is_made_of_the_title(title: str, slug: str) -> None:
    assert rules.slug_from(title) == slug


def test_every_phase_has_a_name_and_a_colour() -> None:
    assert set(words.PHASES) == set(words.COLOURS) == set(Phase)


def test_texts_fall_back_to_english() -> None:
    call = a_call(titles={"en": "Spring", "ja": "春"})
    assert (call.title("ja"), call.title("mn"), call.text("ru")) == ("春", "Spring", "Come.")
