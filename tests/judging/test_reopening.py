"""What a secretary does with marks that were submitted: they are reopened for a reason, comments are hidden."""

import datetime as dt
from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from portal.accounts.models import Person
from portal.clock import now
from portal.contests.models import Edition
from portal.essays.models import EssayStatus
from portal.history.models import Entry
from portal.i18n import N_
from portal.judging import hindrances
from portal.judging.models import Appointment, End, JudgeStatus, Round
from portal.mail.models import Message
from tests import make
from tests.people import Cast

As = Callable[..., TestClient]
DAY = dt.timedelta(days=1)
ELSEWHERE = {"sec-fetch-site": "cross-site"}
REASON = "Two criteria were taken for each other."
ALL = {f"points_{n}": str(n + 1) for n in range(1, 6)}
DEEDS = ("reopen", "hide-comment", "show-comment")


@pytest.fixture
def sent(session: Session, cast: Cast) -> Appointment:
    author = make.person(session, "Canaryauthor")
    edition = make.edition(session, finalists=3, final_due_at=now() + 60 * DAY)
    essay = make.essay(session, "in_judging", edition=edition, author=author, government=cast.home)
    made = make.appointment(session, essay, comment="A comment.", private_note="A note.")
    make.marks(session, made, 5, 6, 7, 8, 9)
    session.commit()
    return made


def page_of(session: Session, made: Appointment) -> str:
    edition = session.get_one(Edition, made.essay.edition_id)
    return f"/contests/{edition.slug}/essays/{made.essay.code}/judges"


def act(session: Session, made: Appointment, deed: str) -> str:
    return f"{page_of(session, made)}/{made.judge.code}/{deed}"


def test_reopened_marks_are_changed_and_sent_again(session: Session, cast: Cast, as_: As, sent: Appointment) -> None:
    judge, secretary = as_(session.get_one(Person, sent.judge.person_id)), as_(cast.secretary)
    here, path, points = page_of(session, sent), act(session, sent, "reopen"), {"points_1": "10"}
    code = str(sent.essay.code)
    assert judge.post(f"/judging/{sent.alias}", data=points).status_code == 409
    assert "Reopen: Judge" in secretary.get(here).text
    assert secretary.post(path, data={"reason": REASON, "round": "first"}).status_code == 303
    session.expire_all()
    assert sent.locked_at is None
    details = session.exec(select(Entry.details).where(Entry.deed == "reopened marks")).one()
    assert details["reason"] == REASON
    told = session.exec(select(Message).where(Message.template == "judging/reopened")).one()
    assert f"/judging/{sent.alias}" in told.text and REASON not in told.text
    assert not [word for word in ("Canaryauthor", code) if word in told.text + told.subject]
    page = judge.get(f"/judging/{sent.alias}").text
    assert "A comment." in page and "Submit your marks for good" in page
    assert judge.post(f"/judging/{sent.alias}/lock", data=points).status_code == 303
    assert secretary.post(path, data={"reason": REASON}).status_code == 303


def test_reopening_needs_a_reason_and_keeps_what_was_typed(
    session: Session, cast: Cast, as_: As, sent: Appointment
) -> None:
    for reason in ("", " ", "x" * 2001):
        answer = as_(cast.secretary).post(act(session, sent, "reopen"), data={"reason": reason})
        assert (answer.status_code, "Reason: " in answer.text, reason.strip() in answer.text) == (422, True, True)
    assert sent.locked_at is not None


def _status(made: Appointment) -> None:
    made.essay.status = EssayStatus.AWARDED


def _not_sent(made: Appointment) -> None:
    made.locked_at = None


def _ended(made: Appointment) -> None:
    made.ended_at, made.end_reason = now(), End.CONFLICT


def _left(made: Appointment) -> None:
    made.judge.status, made.judge.left_at = JudgeStatus.LEFT, now()


WRONG_MOMENTS = {
    "decided": (_status, "no longer lies"), "not sent": (_not_sent, "has not submitted"),
    "ended": (_ended, "no longer reads"), "left": (_left, "no longer reads"),
}  # fmt: skip


@pytest.mark.parametrize("moment", WRONG_MOMENTS)
def test_there_is_a_time_to_reopen(session: Session, cast: Cast, as_: As, sent: Appointment, moment: str) -> None:
    change, sentence = WRONG_MOMENTS[moment]
    change(sent)
    session.commit()
    answer = as_(cast.secretary).post(act(session, sent, "reopen"), data={"reason": REASON})
    assert (answer.status_code, sentence in answer.text, REASON in answer.text) == (409, True, True)
    assert session.exec(select(Message).where(Message.template == "judging/reopened")).all() == []


def test_after_its_rounds_deadline_nothing_is_reopened(
    session: Session, cast: Cast, as_: As, sent: Appointment
) -> None:
    edition = session.get_one(Edition, sent.essay.edition_id)
    final = make.appointment(session, sent.essay, sent.judge, round=Round.FINAL)
    make.marks(session, final, 1, 1, 1, 1, 1)
    edition.opens_at, edition.due_at, edition.judging_due_at = now() - 90 * DAY, now() - 60 * DAY, now() - DAY
    session.commit()
    path, secretary = act(session, sent, "reopen"), as_(cast.secretary)
    assert secretary.post(path, data={"reason": REASON}).status_code == 409
    assert secretary.post(path, data={"reason": REASON, "round": "final"}).status_code == 303
    session.expire_all()
    assert (final.locked_at, sent.locked_at is None) == (None, False)


def test_what_lies_higher_up_may_forbid_it(
    session: Session, cast: Cast, as_: As, sent: Appointment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hindrances, "_known", [lambda _session, _edition: N_("The jury meets already.")])
    answer = as_(cast.secretary).post(act(session, sent, "reopen"), data={"reason": REASON})
    assert (answer.status_code, "The jury meets already." in answer.text) == (409, True)


def test_a_comment_is_hidden_from_its_author_and_shown_again(
    session: Session, cast: Cast, as_: As, sent: Appointment
) -> None:
    secretary = as_(cast.secretary)
    hide, show = act(session, sent, "hide-comment"), act(session, sent, "show-comment")
    for path, hidden_by in ((hide, cast.secretary.id), (hide, cast.secretary.id), (show, None)):
        assert secretary.post(path, data={"round": "first"}).status_code == 303
        session.expire_all()
        assert sent.comment_hidden_by == hidden_by
    deeds = session.exec(select(Entry.deed).where(Entry.subject_id == sent.id)).all()
    assert sorted(deeds) == ["hid comment", "showed comment"]
    sent.locked_at = None
    session.commit()
    assert secretary.post(hide, data={}).status_code == 409


def test_comments_and_notes_are_read_by_the_secretariat_once_submitted(
    session: Session, cast: Cast, as_: As, sent: Appointment
) -> None:
    path = page_of(session, sent)
    screener = make.screener(session, session.get_one(Edition, sent.essay.edition_id))
    for person, reads in ((cast.secretary, True), (cast.auditor, True), (screener, False)):
        page = as_(person).get(path).text
        assert ("A comment." in page, "A note." in page) == (reads, reads)
    assert "Reopen: " not in as_(cast.auditor).get(path).text
    sent.locked_at = None
    session.commit()
    assert "A note." not in as_(cast.secretary).get(path).text


@pytest.mark.parametrize("deed", DEEDS)
def test_only_secretaries_who_do_not_judge_do_it(
    session: Session, cast: Cast, as_: As, client: TestClient, sent: Appointment, deed: str
) -> None:
    path, data = act(session, sent, deed), {"reason": REASON, "round": "first"}
    judge = session.get_one(Person, sent.judge.person_id)
    screener = make.screener(session, session.get_one(Edition, sent.essay.edition_id))
    assert client.post(path, data=data).status_code == 401
    for person in (cast.stranger, judge, cast.auditor, cast.home_coordinator):
        assert as_(person).post(path, data=data).status_code in {403, 404}
    assert as_(screener).post(path, data=data).status_code == 409, "who knows the author keeps off"
    assert as_(cast.secretary).post(path, data=data, headers=ELSEWHERE).status_code == 403
    for wrong in (path.replace(sent.judge.code, "NOONE"), path.replace(str(sent.essay.code), "NOTHING1")):
        assert as_(cast.secretary).post(wrong, data=data).status_code == 404
    session.expire_all()
    assert (sent.locked_at is None, sent.comment_hidden_by) == (False, None)
