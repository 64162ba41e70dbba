import pytest
from starlette.datastructures import FormData

from portal.circulars import rules, words
from portal.circulars.forms import TextsForm
from portal.circulars.models import Circular, CircularState
from portal.circulars.rules import Step
from portal.clock import now
from portal.i18n import SOURCE
from portal.mail import composing
from portal.mail.models import Kind
from portal.web.forms import check

WRITTEN = {"subject_en": "News", "text_en": "Dear {name},\n\nhello."}
BODY = "Dear {name},\n\n{{ payload }} {% if %} ${x} %(y)s {payload}"


def _circular(state: CircularState = CircularState.DRAFT, **fields: object) -> Circular:
    given = {"audience": "coordinators", "state": state, "texts": {"en": "Hello", "ko": "안녕"}, "tested_at": now()}
    return Circular(**{**given, **fields})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("step", "circular", "reason"),
    [
        (Step.SEND, _circular(), None),
        (Step.SEND, _circular(tested_at=None), words.NOT_TESTED),
        (Step.SEND, _circular(texts={}), words.NO_TEXT),
        (Step.TEST, _circular(texts={}), words.NO_TEXT),
        (Step.EDIT, _circular(CircularState.SENT), words.NO_DRAFT),
        (Step.DELETE, _circular(CircularState.PAUSED), words.NO_DRAFT),
        (Step.PAUSE, _circular(CircularState.SENDING), None),
        (Step.PAUSE, _circular(CircularState.PAUSED), words.NOT_RUNNING),
        (Step.CONTINUE, _circular(CircularState.PAUSED), None),
        (Step.CONTINUE, _circular(CircularState.SENT), words.NOT_PAUSED),
        (Step.CANCEL, _circular(CircularState.SENT), None),
        (Step.CANCEL, _circular(CircularState.CANCELLED), words.NOT_RUNNING),
    ],
)
def test_what_can_be_done_when(step: Step, circular: Circular, reason: object) -> None:
    assert rules.why_not(step, circular, waiting=1) == reason


@pytest.mark.parametrize("step", [Step.PAUSE, Step.CANCEL])
def test_what_has_gone_out_is_not_kept_back(step: Step) -> None:
    assert rules.why_not(step, _circular(CircularState.SENT), waiting=0) == words.NOTHING_LEFT


def test_who_reads_another_language_gets_english() -> None:
    circular = _circular()
    assert [rules.language_for(circular, each) for each in ("ko", "ja", "en")] == ["ko", "en", "en"]
    assert rules.missing(circular, ["ko", "ja", "mn", "en"]) == ["ja", "mn"]


def test_another_text_group_or_number_is_another_mark() -> None:
    seen = rules.mark(_circular(), 3)
    assert seen == rules.mark(_circular(), 3)
    others = (rules.mark(_circular(), 4), rules.mark(_circular(texts={"en": "Other"}), 3),
              rules.mark(_circular(choices={"country": "MN"}), 3))  # fmt: skip
    assert seen not in others


@pytest.mark.parametrize("text", ["{payload}", "{ name }", "{name", "name}", "{{name}}", "{name!r}", "{% if %}"])
def test_every_other_placeholder_is_refused(text: str) -> None:
    for field in ("subject_en", "text_en"):
        refused = check(TextsForm, FormData({**WRITTEN, field: text}))
        assert refused.data is None
        assert "{name}" in refused.errors[""]
        assert refused.values[field] == text, "nothing typed is lost"


def test_a_subject_and_its_text_belong_together() -> None:
    assert check(TextsForm, FormData(WRITTEN)).data is not None
    assert check(TextsForm, FormData({"subject_en": "News"})).data is None
    alone = check(TextsForm, FormData({**WRITTEN, "subject_ko": "소식"}))
    assert "Text in Korean" in alone.errors[""]


def test_nothing_in_a_letter_is_evaluated_and_a_name_stays_a_name() -> None:
    framed = composing.frame(Kind.CIRCULAR, SOURCE, "To {name}", BODY)
    letter = composing.named(framed, "Mallory\r\nBcc: all@example.org {name} https://evil.example")
    assert "{{ payload }} {% if %} ${x} %(y)s {payload}" in letter.text
    assert "\n" not in letter.subject and "\r" not in letter.subject
    assert "https://evil" not in letter.text and "all@example.org" not in letter.text
    assert "Association of Northeast Asia Regional Governments" in letter.text
    assert letter.kind is Kind.CIRCULAR
