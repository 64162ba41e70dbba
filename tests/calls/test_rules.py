import datetime as dt
import itertools
import uuid

import pytest

from portal import i18n
from portal.accounts.models import Role
from portal.accounts.viewer import VISITOR, Held, Viewer
from portal.calls import rules, words
from portal.calls.models import (
    Belonging,
    Call,
    CallStatus,
    LimitUnit,
    Purpose,
    Question,
    QuestionKind,
    RequestedDocument,
)
from portal.calls.rules import STEPS, Move, Step
from portal.calls.words import Phase, Subject
from portal.clock import moved_on
from portal.i18n import LANGUAGES
from portal.registry.models import Government

OFFERED = dt.datetime(2027, 2, 20, 9, tzinfo=dt.UTC)
OPENS = dt.datetime(2027, 3, 1, 9, tzinfo=dt.UTC)
DUE = dt.datetime(2027, 3, 31, 9, tzinfo=dt.UTC)
CORRECTED = dt.datetime(2027, 4, 7, 9, tzinfo=dt.UTC)
NOMINATED = dt.datetime(2027, 4, 14, 9, tzinfo=dt.UTC)
RANKED = dt.datetime(2027, 4, 28, 9, tzinfo=dt.UTC)
TICK = dt.timedelta(milliseconds=1)
EDGES = [
    edge + shift for edge in (OFFERED, OPENS, DUE, CORRECTED, NOMINATED, RANKED) for shift in (-TICK, TICK * 0, TICK)
]
SECRETARY = Viewer(uuid.uuid4(), held=frozenset({Held(Role.SECRETARY)}))


@pytest.fixture(autouse=True)
def in_english() -> None:
    i18n.use("en")


def a_call(status: CallStatus = CallStatus.PUBLISHED, **fields: object) -> Call:
    given = {
        "slug": "spring", "titles": {"en": "Spring"}, "texts": {"en": "Come."}, "opens_at": OPENS,
        "openings_due_at": OFFERED, "applications_due_at": DUE, "corrections_due_at": CORRECTED,
        "nominations_due_at": NOMINATED, "rankings_due_at": RANKED, "reference_on": DUE.date(),
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
        (NOMINATED + TICK, Phase.RANKINGS),
        (RANKED, Phase.RANKINGS),
        (RANKED + TICK, Phase.OVER),
    ],
)
def test_where_a_call_stands_follows_from_the_dates(at: dt.datetime, expected: Phase) -> None:
    assert rules.phase(a_call(), at) is expected
    assert rules.is_open(a_call(), at) == (expected is Phase.APPLICATIONS)


@pytest.mark.parametrize("at", EDGES)
def test_what_is_accepted_follows_from_the_dates(at: dt.datetime) -> None:
    call = a_call()
    assert rules.accepts_openings(call, at) == (at <= OFFERED)
    assert rules.accepts_applications(call, at) == (OPENS <= at <= DUE)
    assert rules.accepts_corrections(call, at) == (OPENS <= at <= CORRECTED)
    assert rules.accepts_nominations(call, at) == (OPENS <= at <= NOMINATED)
    assert rules.accepts_rankings(call, at) == (NOMINATED < at <= RANKED)


def test_the_deadlines_are_named_and_come_in_their_order() -> None:
    columns = ["openings_due_at", "opens_at", "applications_due_at", "corrections_due_at", "nominations_due_at",
               "rankings_due_at"]  # fmt: skip
    assert [(each.column, each.at) for each in rules.deadlines(a_call())] == [
        (column, getattr(a_call(), column)) for column in columns
    ]
    together = a_call(openings_due_at=DUE, corrections_due_at=DUE, nominations_due_at=DUE, rankings_due_at=DUE)
    assert [str(each.name) for each in rules.deadlines(together)][:3] == ["Opens", "Openings due", "Applications due"]


@pytest.mark.parametrize("status", [CallStatus.DRAFT, CallStatus.CLOSED, CallStatus.ARCHIVED])
def test_only_a_published_call_is_ever_open(status: CallStatus) -> None:
    call = a_call(status)
    accepts = (rules.accepts_openings, rules.accepts_applications, rules.accepts_corrections,
               rules.accepts_nominations, rules.accepts_rankings, rules.is_open)  # fmt: skip
    assert not any(accepted(call, at) for accepted in accepts for at in EDGES)


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
    ("fields", "at", "subject", "sentence"),
    [
        ({"titles": {"en": ""}}, OFFERED - TICK, Subject.TEXTS, "title in English"),
        ({"texts": {"en": "", "ja": "本文"}}, OFFERED - TICK, Subject.TEXTS, "text in English"),
        ({}, OFFERED, Subject.DATES, "enter openings"),
        ({"openings_due_at": DUE + TICK}, DUE, Subject.DATES, "already be closed"),
    ],
)
def test_what_keeps_a_draft_from_being_published(
    fields: dict[str, object], at: dt.datetime, subject: Subject, sentence: str
) -> None:
    [(page, told)] = rules.lacking(a_call(CallStatus.DRAFT, **fields), at)
    assert page is subject and sentence in str(told)
    assert rules.unready(a_call(CallStatus.DRAFT, **fields), at) == [told]


def test_a_complete_draft_lacks_nothing() -> None:
    assert rules.lacking(a_call(CallStatus.DRAFT), OFFERED - TICK) == []


def test_whom_a_call_admits() -> None:
    andong, ulaanbaatar = Government(code="KR-47", country="KR"), Government(code="MN-1", country="MN")
    tov = Government(code="MN-047", country="MN")
    everybody, of_country = a_call(), a_call(countries=["MN"])
    named, both = a_call(governments=["MN-1", "KR-47"]), a_call(countries=["MN"], governments=["MN-1"])
    admitted = [[rules.admits(call, each) for each in (andong, ulaanbaatar, tov)] for call in
                (everybody, of_country, named, both)]  # fmt: skip
    assert admitted == [[True, True, True], [False, True, True], [True, True, False], [False, True, False]]


def test_the_languages_in_which_something_is_missing() -> None:
    every = dict.fromkeys(LANGUAGES, "x")
    call = a_call(titles=every, texts={"en": "Come.", "ru": "Приезжайте."})
    documents = [RequestedDocument(titles={"en": "Portfolio", "ja": "作品集"}, hints={})]
    questions = [
        Question(texts=every, hints={}, options=[{"code": "a", "texts": every}, {"code": "b", "texts": {"en": "b"}}])
    ]
    found = {str(what): missing for what, missing in rules.untranslated(call, documents, questions)}
    assert found == {
        "Title": set(),
        "Text": set(LANGUAGES) - {"en", "ru"},
        "Titles and hints of documents": set(LANGUAGES) - {"en", "ja"},
        "Questions": set(),
        "Options of questions": set(LANGUAGES) - {"en"},
    }


def test_moving_one_place_up_or_down() -> None:
    a, b, c = ids = [uuid.uuid4() for _ in range(3)]
    assert rules.moved(ids, b, Move.UP) == [b, a, c]
    assert rules.moved(ids, b, Move.DOWN) == [a, c, b]
    assert rules.moved(ids, a, Move.UP) == rules.moved(ids, c, Move.DOWN) == ids


@pytest.mark.parametrize(
    ("at", "years"),
    [(OPENS - dt.timedelta(days=300), 1), (OPENS, 1), (OFFERED.replace(year=2028), 2), (OPENS.replace(year=2030), 4)],
)
def test_a_copys_dates_lie_ahead(at: dt.datetime, years: int) -> None:
    assert rules.years_on(a_call(), at) == years


def test_a_leap_day_becomes_the_day_before() -> None:
    assert moved_on(dt.date(2028, 2, 29), 1) == dt.date(2029, 2, 28)
    assert moved_on(dt.date(2028, 2, 29), 4) == dt.date(2032, 2, 29)


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


def test_everything_that_is_chosen_has_a_name() -> None:
    named = (words.SUBJECTS, words.BELONGINGS, words.PURPOSES, words.KINDS, words.UNITS)
    for names, choices in zip(named, (Subject, Belonging, Purpose, QuestionKind, LimitUnit), strict=True):
        assert set(names) == set(choices)


def test_a_document_is_called_by_its_title_or_by_what_it_is_for() -> None:
    assert words.document(RequestedDocument(purpose=Purpose.CV)) == "CV"
    i18n.use("zh-Hans")
    portfolio = RequestedDocument(purpose=Purpose.OTHER, titles={"en": "Portfolio"})
    assert words.document(portfolio) == "Portfolio"
    portfolio.titles = {"en": "Portfolio", "zh-Hans": "作品集"}
    assert words.document(portfolio) == "作品集"


def test_texts_fall_back_to_english() -> None:
    call = a_call(titles={"en": "Spring", "ja": "春"})
    assert (call.title("ja"), call.title("mn"), call.text("ru")) == ("春", "Spring", "Come.")
    asked = Question(
        texts={"en": "When?"}, hints={"ja": "季節"}, options=[{"code": "a", "texts": {"en": "A", "ja": "あ"}}]
    )
    assert (asked.text("ja"), asked.hint("ja"), asked.hint("ru")) == ("When?", "季節", "")
    assert (asked.choices("ja"), asked.choices("mn")) == ([("a", "あ")], [("a", "A")])
