import re
import uuid
from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from portal.accounts.models import Person
from portal.appeals import queries, rules
from portal.appeals.models import Appeal, Ruling
from portal.clock import now
from portal.essays.models import Essay
from portal.history.models import Entry
from portal.juries.models import Outcome
from tests import counting, make
from tests.database import JoinedDatabase
from tests.people import Cast
from tests.results.stage import Stage

As = Callable[..., TestClient]
TEXT = {"text": "My essay was read by one judge only."}
RULING = {"ruling": "rejected", "answer": "Three judges read it; their marks stand on your page."}
CROSS = {"sec-fetch-site": "cross-site"}


@pytest.fixture
def essay(stage: Stage) -> Essay:
    return stage.essay(Outcome.NOT_AWARDED)


@pytest.fixture
def outsider(session: Session) -> Person:
    """A secretary who had no part in anything."""
    return make.secretary(session, "Third secretary")


def _own(essay: Essay) -> str:
    return f"/essays/{essay.id}/appeal"


def _list(stage: Stage) -> str:
    return f"/contests/{stage.edition.slug}/appeals"


def _made(stage: Stage, essay: Essay, **fields: object) -> tuple[Appeal, str]:
    appeal = make.appeal(stage.session, essay, **fields)
    stage.session.commit()
    return appeal, f"{_list(stage)}/{appeal.id}"


def test_from_a_result_to_an_answer(stage: Stage, essay: Essay, outsider: Person, as_: As) -> None:
    session = stage.session
    session.commit()
    author, secretary = as_(stage.author(essay)), as_(outsider)
    assert _own(essay) in author.get(f"/essays/{essay.id}/result").text
    assert "Send it by" in author.get(_own(essay)).text
    sent = {**TEXT, "key": str(uuid.uuid4())}
    for _time in range(2):  # a double click
        assert author.post(_own(essay), data=sent).headers["location"] == _own(essay)
    assert "Somebody who had no part in the result decides about it." in author.get(_own(essay)).text
    assert author.post(_own(essay), data=TEXT).status_code == 409
    appeal = session.exec(select(Appeal)).one()
    assert "Appeals to decide" in secretary.get("/").text
    assert _list(stage) in secretary.get(f"/contests/{stage.edition.slug}").text
    assert str(appeal.id) in secretary.get(_list(stage)).text
    page = f"{_list(stage)}/{appeal.id}"
    shown = secretary.get(page).text
    assert TEXT["text"] in shown
    assert 'name="ruling"' in shown
    assert "Батбаяр" not in shown
    assert secretary.post(page, data=RULING).headers["location"] == page
    assert secretary.post(page, data=RULING).status_code == 409
    session.expire_all()
    assert session.exec(select(Appeal)).one().ruling is Ruling.REJECTED
    assert "Appeals to decide" not in secretary.get("/").text
    answered = author.get(_own(essay)).text
    assert RULING["answer"] in answered
    assert "Third secretary" not in answered


def test_the_history_of_an_appeal_names_no_author(stage: Stage, essay: Essay, outsider: Person, as_: As) -> None:
    author = stage.author(essay)
    as_(author).post(_own(essay), data=TEXT)
    appeal = stage.session.exec(select(Appeal)).one()
    as_(outsider).post(f"{_list(stage)}/{appeal.id}", data=RULING)
    about = stage.session.exec(select(Entry).where(Entry.subject != "authorship")).all()
    assert [entry.deed for entry in about] == ["decided appeal"]
    told = str([(entry.actor_id, entry.details) for entry in about])
    assert not any(each in told for each in (str(author.id), "Батбаяр", TEXT["text"]))


def test_before_the_results_there_is_none(session: Session, as_: As) -> None:
    stage = Stage(session)
    essay = stage.essay()
    session.commit()
    author = as_(stage.author(essay))
    for answer in (author.get(_own(essay)), author.post(_own(essay), data=TEXT)):
        assert answer.status_code == 409
        assert str(rules.TOO_EARLY) in answer.text


def test_where_the_rules_allow_none_nobody_appeals(stage: Stage, essay: Essay, as_: As) -> None:
    stage.edition.appeal_days = 0
    stage.session.commit()
    author = as_(stage.author(essay))
    assert str(rules.NONE_HERE) in author.get(_own(essay)).text
    assert author.post(_own(essay), data=TEXT).status_code == 409
    assert _own(essay) not in author.get(f"/essays/{essay.id}/result").text


def test_who_may_not_appeal(stage: Stage, essay: Essay, cast: Cast, as_: As, client: TestClient) -> None:
    stage.session.commit()
    judge = make.judge(stage.session, stage.edition).person
    assert client.post(_own(essay), data=TEXT).status_code == 401
    assert as_(stage.author(essay)).post(_own(essay), data=TEXT, headers=CROSS).status_code == 403
    other = stage.author(stage.essay())
    for person in (cast.stranger, other, judge, stage.secretary, cast.home_coordinator):
        assert as_(person).get(_own(essay)).status_code == 404
        assert as_(person).post(_own(essay), data=TEXT).status_code == 404
    assert stage.session.exec(select(Appeal)).all() == []


def test_who_may_not_read_or_decide(
    stage: Stage, essay: Essay, outsider: Person, cast: Cast, as_: As, client: TestClient
) -> None:
    _appeal, page = _made(stage, essay)
    judge = make.judge(stage.session, stage.edition).person
    both = make.judge(stage.session, stage.edition, person=make.secretary(stage.session)).person
    stage.session.commit()
    assert client.post(page, data=RULING).status_code == 401
    assert as_(outsider).post(page, data=RULING, headers=CROSS).status_code == 403
    for person in (cast.stranger, judge, both, stage.author(essay), cast.home_coordinator):
        assert as_(person).post(page, data=RULING).status_code == 404
        assert as_(person).get(page).status_code == 404
        assert as_(person).get(_list(stage)).status_code == 404
    assert "Appeals to decide" not in as_(both).get("/").text
    auditor = as_(cast.auditor)
    assert 'name="ruling"' not in auditor.get(page).text
    assert auditor.post(page, data=RULING).status_code == 403
    elsewhere = make.edition(stage.session)
    stage.session.commit()
    assert as_(outsider).get(page.replace(stage.edition.slug, elsewhere.slug)).status_code == 404


def test_who_had_a_part_is_told_so(stage: Stage, essay: Essay, as_: As) -> None:
    appeal, page = _made(stage, essay)
    for person in (stage.secretary, stage.colleague):
        shown = as_(person).get(page).text
        assert str(rules.HAD_A_PART) in shown
        assert 'name="ruling"' not in shown
        assert as_(person).post(page, data=RULING).status_code == 403
    stage.session.refresh(appeal)
    assert appeal.ruling is None


def test_a_wrong_form_keeps_what_was_typed(stage: Stage, essay: Essay, outsider: Person, as_: As) -> None:
    stage.session.commit()
    short = as_(stage.author(essay)).post(_own(essay), data={"text": "<b>"})
    assert (short.status_code, "&lt;b&gt;" in short.text) == (422, True)
    _appeal, page = _made(stage, essay)
    wrong = as_(outsider).post(page, data={"ruling": "maybe", "answer": "<i>"})
    assert (wrong.status_code, "&lt;i&gt;" in wrong.text) == (422, True)


def test_what_came_too_late_is_kept_on_the_page(stage: Stage, essay: Essay, as_: As) -> None:
    """A long text is not lost because a minute was."""
    stage.edition.appeal_days = 0
    stage.session.commit()
    answer = as_(stage.author(essay)).post(_own(essay), data=TEXT)
    assert answer.status_code == 409
    assert TEXT["text"] in answer.text


def test_the_list_asks_as_often_for_one_as_for_three(
    stage: Stage, outsider: Person, as_: As, database: JoinedDatabase
) -> None:
    _made(stage, stage.essay())
    secretary = as_(outsider)
    for path in (_list(stage), "/"):
        one = counting.queries_of(database, lambda path=path: secretary.get(path))  # type: ignore[misc]
        for _each in range(2):
            _made(stage, stage.essay())
        assert counting.queries_of(database, lambda path=path: secretary.get(path)) == one  # type: ignore[misc]


def test_the_list_turns_pages(stage: Stage, outsider: Person, as_: As, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "PAGE", 2)
    made = {str(_made(stage, stage.essay())[0].id) for _each in range(5)}
    secretary, path, pages = as_(outsider), _list(stage), []
    while path:
        pages.append(secretary.get(path).text)
        found = re.search(r'href="(\?after=[-0-9a-f]+)"', pages[-1])
        path = f"{_list(stage)}{found[1]}" if found else ""
    assert len(pages) == 3
    assert {each for each in made if each in "".join(pages)} == made


def test_the_database_keeps_one_an_essay_and_a_whole_decision(stage: Stage, essay: Essay) -> None:
    for fields in ({"decided_at": now()}, {"ruling": Ruling.UPHELD}, {"decided_by": stage.secretary.id}):
        with pytest.raises(Exception, match=r"(?i)check"), stage.session.begin_nested():
            make.appeal(stage.session, essay, **fields)
    make.appeal(stage.session, essay)
    with pytest.raises(Exception, match=r"(?i)unique"), stage.session.begin_nested():
        make.appeal(stage.session, essay)
