"""The part with the call's own questions: forms, limits, files, and who reads the answers."""

import datetime as dt
import re
import unicodedata
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select
from starlette.datastructures import FormData

from portal.applications import forms, rules
from portal.applications.models import Answer, Application, Status
from portal.applications.words import Part
from portal.calls.models import LimitUnit, Question, QuestionKind
from portal.files.models import StoredFile
from portal.web.forms import check
from tests import counting, make
from tests.database import JoinedDatabase
from tests.files.samples import pdf
from tests.people import Cast

As = Callable[..., TestClient]
Kinds = QuestionKind


def _question(kind: QuestionKind, **fields: Any) -> Question:
    options = [{"code": code, "texts": {"en": code}} for code in "abc"]
    given = {"call_id": uuid.uuid4(), "position": 1, "texts": {"en": "Why?", "zh-Hans": "为什么？"}, "options": options}
    return Question(kind=kind, **{**given, **fields})


def _errors(question: Question, *typed: str) -> list[str]:
    form = forms.questions_form([question], "en")
    body = FormData([(rules.question_field(question), value) for value in typed])
    return list(check(form, body).errors.values())


def _kept(question: Question, *typed: str) -> Any:
    form = forms.questions_form([question], "en")
    data = check(form, FormData([(rules.question_field(question), value) for value in typed])).data
    assert data is not None
    return forms.answers([question], data)[question.id]


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        (Kinds.SHORT, ["  two   words "], "two words"),
        (Kinds.LONG, ["one\r\ntwo"], "one\ntwo"),
        (Kinds.NUMBER, ["0"], 0),
        (Kinds.NUMBER, ["-12"], -12),
        (Kinds.NUMBER, ["3,50"], 3.5),
        (Kinds.NUMBER, ["１２．５"], 12.5),
        (Kinds.NUMBER, ["999999999999.999"], 999999999999.999),
        (Kinds.DATE, ["2028-02-29"], "2028-02-29"),
        (Kinds.ONE, ["b"], "b"),
        (Kinds.SEVERAL, ["c", "a", "c"], ["a", "c"]),
        (Kinds.YES_NO, ["no"], False),
        (Kinds.YES_NO, ["yes"], True),
    ],
)
def test_each_kind_is_kept_as_plain_data(kind: QuestionKind, typed: list[str], kept: Any) -> None:
    assert _kept(_question(kind), *typed) == kept


@pytest.mark.parametrize("kind", [kind for kind in Kinds if kind is not Kinds.FILE])
@pytest.mark.parametrize("typed", [[], [""], ["   "]])
def test_nothing_typed_is_no_answer(kind: QuestionKind, typed: list[str]) -> None:
    if typed == ["   "] and kind not in {Kinds.SHORT, Kinds.LONG, Kinds.NUMBER}:
        assert _errors(_question(kind), *typed) or _kept(_question(kind), *typed) is None
    else:
        assert _kept(_question(kind), *typed) is None


@pytest.mark.parametrize(
    ("kind", "typed", "sentence"),
    [
        (Kinds.SHORT, ["x" * 301], "at most 300"),
        (Kinds.SHORT, ["\x00"], "cannot be stored"),
        (Kinds.NUMBER, ["1" + "0" * 400], "in digits"),
        (Kinds.NUMBER, ["1e400"], "in digits"),
        (Kinds.NUMBER, ["NaN"], "in digits"),
        (Kinds.NUMBER, ["Infinity"], "in digits"),
        (Kinds.NUMBER, ["1234567890123"], "in digits"),
        (Kinds.NUMBER, ["0.1234"], "in digits"),
        (Kinds.NUMBER, ["1,000,000"], "in digits"),
        (Kinds.NUMBER, ["0x10"], "in digits"),
        (Kinds.NUMBER, ["9" * 200_000], "at most"),
        (Kinds.DATE, ["2027-02-31"], "Enter a date"),
        (Kinds.DATE, ["soon"], "Enter a date"),
        (Kinds.DATE, ["0001-01-01"], "between 1900 and 2100"),
        (Kinds.ONE, ["d"], "from the list"),
        (Kinds.ONE, ["__class__"], "from the list"),
        (Kinds.SEVERAL, ["a", "d"], "from the list"),
        (Kinds.YES_NO, ["maybe"], "from the list"),
        (Kinds.YES_NO, ["True"], "from the list"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(kind: QuestionKind, typed: list[str], sentence: str) -> None:
    assert [sentence in each for each in _errors(_question(kind), *typed)] == [True]


COMPOSED = unicodedata.normalize("NFC", "e\u0301")


@pytest.mark.parametrize(
    ("unit", "letter"),
    [
        (LimitUnit.CHARACTERS, "x"),
        (LimitUnit.CHARACTERS, "漢"),
        (LimitUnit.CHARACTERS, "😀"),
        (LimitUnit.CHARACTERS, "e\u0301"),
        (LimitUnit.WORDS, "word "),
        (LimitUnit.WORDS, "слово — "),
        (LimitUnit.WORDS, "漢字\u3000"),
        (LimitUnit.WORDS, "😀 7 "),
    ],
)
@pytest.mark.parametrize("kind", [Kinds.SHORT, Kinds.LONG])
def test_a_limit_is_reached_exactly_and_not_passed_by_one(kind: QuestionKind, unit: LimitUnit, letter: str) -> None:
    question = _question(kind, max_length=10, limit_unit=unit)
    kept = _kept(question, letter * 10)
    assert unicodedata.is_normalized("NFC", kept)
    (error,) = _errors(question, letter * 11)
    assert error == f"Use at most 10 {unit}. Your text has 11."


def test_line_ends_count_once_however_the_browser_sends_them() -> None:
    question = _question(Kinds.LONG, max_length=3, limit_unit=LimitUnit.CHARACTERS)
    assert _kept(question, "a\r\nb") == "a\nb"


def test_labels_are_in_the_readers_language_or_in_english() -> None:
    question = _question(Kinds.SHORT)
    assert forms.questions_form([question], "zh-Hans").labels[rules.question_field(question)] == "为什么？"
    assert forms.questions_form([question], "ru").labels[rules.question_field(question)] == "Why?"


@pytest.mark.parametrize(
    ("kind", "value", "typed"),
    [
        (Kinds.NUMBER, 0, "0"),
        (Kinds.NUMBER, 3.5, "3.5"),
        (Kinds.NUMBER, 0.001, "0.001"),
        (Kinds.NUMBER, 100000000000, "100000000000"),
        (Kinds.YES_NO, False, "no"),
        (Kinds.SEVERAL, ["a", "b"], ["a", "b"]),
        (Kinds.DATE, "2027-01-31", "2027-01-31"),
    ],
)
def test_a_form_that_says_what_is_saved_is_not_stale(kind: QuestionKind, value: Any, typed: Any) -> None:
    question = _question(kind)
    application = Application(
        questions=[question], answers=[Answer(application_id=uuid.uuid4(), question_id=question.id, value=value)]
    )
    assert rules.values(application, Part.QUESTIONS) == {rules.question_field(question): typed}
    assert rules.is_begun(application, Part.QUESTIONS)
    sent = typed if isinstance(typed, list) else [typed]
    body = FormData([(rules.question_field(question), each) for each in sent])
    data = check(forms.questions_form([question], "en"), body).data
    assert not rules.answers_are_stale(application, data)
    other = Application(questions=[question], answers=[])
    assert rules.answers_are_stale(other, data)


def test_a_call_without_questions_has_no_such_part_and_required_ones_complete_it() -> None:
    assert Part.QUESTIONS not in rules.parts_of(Application(questions=[]))
    required, optional = _question(Kinds.YES_NO), _question(Kinds.SHORT, is_required=False)
    open_one = Application(questions=[required, optional], answers=[])
    assert Part.QUESTIONS in rules.parts_of(open_one)
    assert Part.QUESTIONS in rules.unfinished(open_one)
    answer = Answer(application_id=uuid.uuid4(), question_id=required.id, value=False)
    assert rules.COMPLETE[Part.QUESTIONS](Application(questions=[required, optional], answers=[answer]))


# Pages


def _mine(session: Session, cast: Cast, state: Status = Status.DRAFT, **fields: object) -> Application:
    made = make.application(session, state, applicant=cast.applicant, home=cast.home, **fields)
    session.commit()
    return made


def _asking(session: Session, cast: Cast, *kinds: QuestionKind, **fields: Any) -> tuple[Application, list[Question]]:
    call = make.call(session)
    questions = [make.question(session, call, kind, **fields) for kind in kinds]
    return _mine(session, cast, call=call), questions


def _version(client: TestClient, path: str) -> str:
    found = re.search(r'name="version" value="(\w+)"', client.get(path).text)
    assert found
    return found[1]


TYPED: dict[QuestionKind, Any] = {
    Kinds.SHORT: "short", Kinds.LONG: "long\ntext", Kinds.NUMBER: "7", Kinds.DATE: "2027-03-31", Kinds.ONE: "a",
    Kinds.SEVERAL: ["a", "b"], Kinds.YES_NO: "no",
}  # fmt: skip
WRITTEN = list(TYPED)


def _typed(questions: list[Question], **version: str) -> dict[str, Any]:
    return {**{rules.question_field(each): TYPED[each.kind] for each in questions}, **version}


def test_a_call_that_asks_nothing_has_no_page_for_it(session: Session, cast: Cast, as_: As) -> None:
    made = _mine(session, cast)
    client, path = as_(cast.applicant), f"/applications/{made.id}"
    assert client.get(f"{path}/questions").status_code == client.post(f"{path}/questions").status_code == 404
    assert "Questions of the call" not in client.get(path).text
    assert "Questions of the call" not in client.get(f"{path}/check").text


def test_every_kind_is_answered_shown_and_changed(session: Session, cast: Cast, as_: As) -> None:
    made, questions = _asking(session, cast, *WRITTEN)
    client, path = as_(cast.applicant), f"/applications/{made.id}/questions"
    assert "Questions of the call" in client.get(f"/applications/{made.id}").text
    answer = client.post(path, data=_typed(questions, version=_version(client, path)))
    assert answer.headers["location"] == f"/applications/{made.id}"
    shown = client.get(f"/applications/{made.id}/check").text
    for text in ("short", "long\ntext", "31 March 2027", "Option a", "Option b", ">7<", ">No<"):
        assert text in shown, text
    page = client.get(path).text
    assert 'value="no" checked' in page
    assert 'value="7"' in page
    session.expire_all()
    assert all(session.get_one(Question, each.id).answered_at for each in questions)
    assert client.post(path, data={"version": _version(client, path)}).status_code == 303
    assert session.exec(select(Answer)).all() == []
    session.expire_all()
    assert all(session.get_one(Question, each.id).answered_at for each in questions), "once answered, the kind stays"


def test_wrong_answers_are_shown_again_with_everything_typed(session: Session, cast: Cast, as_: As) -> None:
    made, (short, number, one) = _asking(session, cast, Kinds.SHORT, Kinds.NUMBER, Kinds.ONE)
    path = f"/applications/{made.id}/questions"
    typed = {
        rules.question_field(short): "<script>alert(1)</script>", rules.question_field(number): '"><b>many',
        rules.question_field(one): "zzz",
    }  # fmt: skip
    answer = as_(cast.applicant).post(path, data=typed)
    assert answer.status_code == 422
    assert f'href="#{rules.question_field(number)}"' in answer.text
    assert "&lt;script&gt;alert(1)" in answer.text
    assert "<script>alert" not in answer.text
    assert "&#34;&gt;&lt;b&gt;many" in answer.text
    assert session.exec(select(Answer)).all() == []


def test_a_stale_page_overwrites_nothing_and_shows_both(session: Session, cast: Cast, as_: As) -> None:
    made, (short,) = _asking(session, cast, Kinds.SHORT)
    client, path, name = as_(cast.applicant), f"/applications/{made.id}/questions", rules.question_field(short)
    opened = _version(client, path)
    assert client.post(path, data={name: "First tab", "version": opened}).status_code == 303
    stale = client.post(path, data={name: "Second tab", "version": opened})
    assert stale.status_code == 409
    assert "First tab" in stale.text
    assert "Second tab" in stale.text
    assert client.post(path, data={name: "First tab", "version": opened}).status_code == 303, "it says what is saved"


def test_questions_and_answers_are_escaped(session: Session, cast: Cast, as_: As) -> None:
    evil = {"en": "<i>Why?</i>"}
    made, (question,) = _asking(session, cast, Kinds.LONG, texts=evil, hints=evil)
    make.answer(session, made, question, "<b>Because</b>")
    session.commit()
    client = as_(cast.applicant)
    for page in ("check", "questions"):
        text = client.get(f"/applications/{made.id}/{page}").text
        assert "<i>Why" not in text
        assert "<b>Because" not in text
        assert "&lt;b&gt;Because" in text


def test_the_count_tells_its_rule(session: Session, cast: Cast, as_: As) -> None:
    limit = {"max_length": 200, "limit_unit": LimitUnit.WORDS}
    made, _questions = _asking(session, cast, Kinds.LONG, **limit)
    page = as_(cast.applicant).get(f"/applications/{made.id}/questions").text
    assert "At most 200 words. A word is anything between spaces" in page
    assert 'data-count="words"' in page


def _send(client: TestClient, made: Application, question: Question, name: str, content: bytes) -> Any:
    path = f"/applications/{made.id}/questions/{question.id}/file"
    return client.post(path, files={"file": (name, content)})


def test_a_file_is_given_replaced_and_removed(session: Session, cast: Cast, as_: As) -> None:
    made, (question,) = _asking(session, cast, Kinds.FILE)
    client, page = as_(cast.applicant), f"/applications/{made.id}/questions"
    for name in ("first.pdf", "second.pdf"):
        assert _send(client, made, question, name, pdf()).headers["location"] == page
    assert "second.pdf" in client.get(page).text
    assert "second.pdf" in client.get(f"/applications/{made.id}/check").text
    session.expire_all()
    assert [each.name for each in session.exec(select(StoredFile).where(StoredFile.name != "cv.pdf"))] == ["second.pdf"]
    assert session.get_one(Question, question.id).answered_at is not None
    got = client.get(f"{page}/{question.id}/file")
    assert got.content.startswith(b"%PDF")
    assert got.headers["content-disposition"].startswith("attachment")
    assert client.post(f"{page}/{question.id}/remove").status_code == 303
    assert client.post(f"{page}/{question.id}/remove").status_code == 303, "pressed twice"
    assert client.get(f"{page}/{question.id}/file").status_code == 404


def test_a_file_that_was_submitted_is_not_forgotten_when_it_is_replaced(session: Session, cast: Cast, as_: As) -> None:
    call = make.call(session)
    question = make.question(session, call, Kinds.FILE)
    made = _mine(session, cast, Status.RETURNED, call=call)
    make.answer(session, made, question, name="sent.pdf")
    session.commit()
    assert _send(as_(cast.applicant), made, question, "new.pdf", pdf()).status_code == 303
    assert len(session.exec(select(StoredFile).where(StoredFile.name == "sent.pdf")).all()) == 1


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [("", b"", "Choose a file first"), ("a.exe", b"MZ", "not accepted"), ("a.pdf", b"no pdf", "not accepted")],
)
def test_a_wrong_file_is_refused_beside_its_question(
    session: Session, cast: Cast, as_: As, name: str, content: bytes, sentence: str
) -> None:
    made, (question, _other) = _asking(session, cast, Kinds.FILE, Kinds.FILE)
    answer = _send(as_(cast.applicant), made, question, name, content)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert f'href="#{rules.question_field(question)}"' in answer.text
    assert session.exec(select(Answer)).all() == []


def test_only_a_file_question_takes_a_file(session: Session, cast: Cast, as_: As) -> None:
    made, (short, _file) = _asking(session, cast, Kinds.SHORT, Kinds.FILE)
    foreign = make.question(session, make.call(session), Kinds.FILE)
    session.commit()
    client = as_(cast.applicant)
    for question in (short, foreign):
        assert _send(client, made, question, "a.pdf", pdf()).status_code == 404
        assert client.post(f"/applications/{made.id}/questions/{question.id}/remove").status_code == 404
        assert client.get(f"/applications/{made.id}/questions/{question.id}/file").status_code == 404


def test_hosts_read_only_what_the_call_shows_them(session: Session, cast: Cast, as_: As) -> None:
    call = make.call(session)
    opening = make.opening(session, call, cast.host)
    shown = make.question(session, call, Kinds.SHORT, shown_to_hosts=True)
    hidden = make.question(session, call, Kinds.SHORT)
    files = [make.question(session, call, Kinds.FILE, shown_to_hosts=each) for each in (True, False)]
    made = _mine(session, cast, Status.NOMINATED, call=call, choices=[opening])
    make.answer(session, made, shown, "For everybody")
    make.answer(session, made, hidden, "For home only")
    for question in files:
        make.answer(session, made, question, name=f"{question.shown_to_hosts}.pdf")
    session.commit()
    for path in (f"/applications/{made.id}", f"/openings/{opening.id}/candidates"):
        page = as_(cast.host_coordinator).get(path).text
        assert "For everybody" in page
        assert "True.pdf" in page
        assert "For home only" not in page
        assert "False.pdf" not in page
    review = as_(cast.home_coordinator).get(f"/nominations/{made.id}").text
    for text in ("For everybody", "For home only", "True.pdf", "False.pdf"):
        assert text in review, text
    hidden_file = f"/applications/{made.id}/questions/{files[1].id}/file"
    assert as_(cast.host_coordinator).get(hidden_file).status_code == 404
    assert as_(cast.other_coordinator).get(hidden_file).status_code == 404
    assert as_(cast.stranger).get(hidden_file).status_code == 404


def test_answers_are_part_of_what_is_submitted(session: Session, cast: Cast, as_: As) -> None:
    made, questions = _asking(session, cast, Kinds.SHORT, Kinds.SHORT)
    client, key = as_(cast.applicant), str(uuid.uuid4())
    make.answer(session, made, questions[0], "One")
    session.commit()
    assert client.post(f"/applications/{made.id}/submit", data={"key": key}).status_code == 409
    assert "Questions of the call" in client.get(f"/applications/{made.id}/check").text
    make.answer(session, made, questions[1], "Two")
    session.commit()
    assert client.post(f"/applications/{made.id}/submit", data={"key": str(uuid.uuid4())}).status_code == 303


CHANGING = ["questions", "questions/{}/file", "questions/{}/remove"]


@pytest.mark.parametrize("route", CHANGING)
def test_nobody_but_the_applicant_answers(
    session: Session, cast: Cast, as_: As, client: TestClient, route: str
) -> None:
    call = make.call(session)
    question = make.question(session, call, Kinds.FILE)
    made = _mine(session, cast, Status.NOMINATED, call=call)
    path = f"/applications/{made.id}/{route.format(question.id)}"
    assert client.post(path).status_code == 401
    assert as_(cast.stranger).post(path).status_code == 404
    assert as_(cast.home_coordinator).post(path).status_code == 403
    assert as_(cast.applicant).post(path).status_code == 409
    assert as_(cast.applicant).post(path, headers={"sec-fetch-site": "cross-site"}).status_code == 403


def test_one_question_needs_as_many_queries_as_thirty(
    session: Session, cast: Cast, as_: As, database: JoinedDatabase
) -> None:
    counts = []
    for number in (1, 30):
        made, questions = _asking(session, cast, *([Kinds.SHORT] * number))
        for question in questions:
            make.answer(session, made, question, "x")
        client = as_(cast.applicant)
        with counting.queries(database) as found:
            assert client.get(f"/applications/{made.id}/questions").text.count('value="x"') == number
        counts.append(len(found))
    assert counts[0] == counts[1]


def test_a_day_is_kept_as_iso_text(session: Session, cast: Cast) -> None:
    made, (question,) = _asking(session, cast, Kinds.DATE)
    kept = make.answer(session, made, question, dt.date(2027, 3, 31).isoformat())
    assert rules.Asked(question, kept).day == dt.date(2027, 3, 31)
