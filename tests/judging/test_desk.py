"""The desk by rounds, what saves by itself, and what a judge sees of others."""

import datetime as dt
import html
import re
from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from portal.accounts.viewer import viewer_of
from portal.clock import now
from portal.contests.models import Edition
from portal.contests.rules import JUDGES_READ_ON
from portal.history.models import Entry
from portal.judging import queries, reading
from portal.judging.models import Appointment, End, Judge, Mark, Round
from tests import make
from tests.counting import queries_of
from tests.people import Cast

As = Callable[..., TestClient]
DAY = dt.timedelta(days=1)
JSON = {"accept": "application/json"}
ALL = {f"points_{n}": str(n + 1) for n in range(1, 6)}


@pytest.fixture
def edition(session: Session) -> Edition:
    """With a final round; marks of the first are due in 40 days."""
    return make.edition(session, finalists=3, final_due_at=now() + 60 * DAY)


@pytest.fixture
def judge(session: Session, edition: Edition) -> Judge:
    return make.judge(session, edition)


def appointed(session: Session, edition: Edition, judge: Judge, round_: Round = Round.FIRST, **fields: Any) -> Any:
    state = "shortlisted" if round_ is Round.FINAL else "in_judging"
    return make.appointment(session, make.essay(session, state, edition=edition), judge, round=round_, **fields)


def first_round_over(session: Session, edition: Edition, ago: dt.timedelta) -> None:
    edition.opens_at, edition.due_at, edition.judging_due_at = now() - 90 * DAY, now() - 60 * DAY, now() - ago
    make.saved(session, edition)


# The desk


def test_progress_and_the_next_essay_by_round(session: Session, edition: Edition, judge: Judge, as_: As) -> None:
    done, _next, _later = (appointed(session, edition, judge, alias=f"first{n}") for n in range(3))
    make.marks(session, done, 5, 5, 5, 5, 5)
    appointed(session, edition, judge, Round.FINAL, alias="final0")
    page = as_(judge.person).get("/judging").text
    assert "1 of 3 submitted" in page and "0 of 1 submitted" in page
    assert "Time left: 39 days." in page and "Time left: 59 days." in page
    assert 'href="/judging/first1"' in page and "Read the next essay" in page
    assert re.findall(r'<th scope="row".*?href="/judging/(\w+)"', page) == ["first0", "first1", "first2"]
    final = html.unescape(re.findall(r'href="(/judging\?[^"]+part=final)"', page)[0])
    assert re.findall(r'<th scope="row".*?href="/judging/(\w+)"', as_(judge.person).get(final).text) == ["final0"]


def test_who_has_submitted_everything_is_thanked(session: Session, edition: Edition, judge: Judge, as_: As) -> None:
    make.marks(session, appointed(session, edition, judge), 5, 5, 5, 5, 5)
    page = as_(judge.person).get("/judging").text
    assert "You have submitted all your marks. Thank you." in page and "Read the next essay" not in page


def test_an_empty_desk_says_so(judge: Judge, as_: As) -> None:
    assert "No essay waits for you now." in as_(judge.person).get("/judging").text


def test_each_round_ends_by_itself(session: Session, edition: Edition, judge: Judge, as_: As) -> None:
    first = appointed(session, edition, judge)
    final = appointed(session, edition, judge, Round.FINAL)
    client, viewer = as_(judge.person), viewer_of(session, judge.person)
    assert [each.count for each in queries.waiting_for(session, viewer)] == [2]
    first_round_over(session, edition, DAY)
    assert [each.count for each in queries.waiting_for(session, viewer)] == [1]
    assert "Time left: 59 days." in client.get("/judging").text
    assert client.post(f"/judging/{first.alias}", data=ALL).status_code == 409
    assert client.post(f"/judging/{final.alias}", data=ALL).status_code == 303
    first_round_over(session, edition, JUDGES_READ_ON + DAY)
    assert client.get(f"/judging/{first.alias}").status_code == 404
    assert client.get(f"/judging/{final.alias}").status_code == 200


def test_the_desk_asks_as_often_for_two_piles_and_many_essays(
    session: Session, edition: Edition, judge: Judge, as_: As, database: Any
) -> None:
    client = as_(judge.person)

    def add() -> None:
        for round_ in Round:
            appointed(session, edition, judge, round_)
        session.commit()

    add()
    one = queries_of(database, lambda: client.get("/judging"))
    add()
    assert queries_of(database, lambda: client.get("/judging")) == one


def test_previous_and_next_stay_in_the_round(session: Session, edition: Edition, judge: Judge) -> None:
    viewer = viewer_of(session, judge.person)
    for n in (1, 2, 3):
        appointed(session, edition, judge, alias=f"a{n}")
    appointed(session, edition, judge, Round.FINAL, alias="a4")
    beside = [reading.neighbours(session, viewer, reading.get_reading(session, viewer, f"a{n}")) for n in (1, 2, 3, 4)]
    assert beside == [("", "a2"), ("a1", "a3"), ("a2", ""), ("", "")]


# Saved at once


def test_a_change_is_saved_by_itself_and_the_rest_stays(
    session: Session, edition: Edition, judge: Judge, as_: As
) -> None:
    made = appointed(session, edition, judge)
    client, path = as_(judge.person), f"/judging/{made.alias}"
    assert client.get(path).status_code == 200
    session.expire_all()
    assert made.opened_at is None, "looking changes nothing"
    answers = [
        client.post(path, data=data, headers=JSON)
        for data in ({"points_1": "3"}, {"points_1": "4"}, {"comment": "Clear."}, {"private_note": "Best."}, {})
    ]
    assert [(each.status_code, each.json()["given"]) for each in answers] == [(200, 1)] * 5
    assert answers[0].json() == {"given": 1, "of": 5}
    session.expire_all()
    assert (made.comment, made.private_note, made.opened_at is None) == ("Clear.", "Best.", False)
    opened_at = made.opened_at
    assert client.post(path, data={"comment": ""}, headers=JSON).status_code == 200
    session.expire_all()
    assert (made.comment, made.private_note, made.opened_at) == ("", "Best.", opened_at)
    assert session.exec(select(Mark.points)).all() == [4]


def test_why_something_is_not_saved_is_told_in_words(
    session: Session, edition: Edition, judge: Judge, as_: As, client: TestClient, cast: Cast
) -> None:
    made = appointed(session, edition, judge)
    own, path = as_(judge.person), f"/judging/{made.alias}"
    wrong = own.post(path, data={"points_2": "11"}, headers=JSON)
    assert (wrong.status_code, wrong.json()["why"]) == (422, "Argument: Enter a number of at most 10.")
    long = own.post(path, data={"private_note": "x" * 2001}, headers=JSON)
    assert (long.status_code, long.json()["why"]) == (422, "Note to the jury: Use at most 2000 characters.")
    assert own.post(path, data=ALL, headers={**JSON, "sec-fetch-site": "cross-site"}).status_code == 403
    assert client.post(path, data=ALL, headers=JSON).status_code == 401
    for person in (cast.stranger, cast.secretary, make.judge(session, edition).person):
        assert as_(person).post(path, data=ALL, headers=JSON).status_code in {403, 404}
    assert own.post(f"{path}/lock", data=ALL).status_code == 303
    late = own.post(path, data={"points_1": "9"}, headers=JSON)
    assert (late.status_code, "can no longer be changed" in late.json()["why"]) == (409, True)
    assert sorted(session.exec(select(Mark.points)).all()) == [2, 3, 4, 5, 6]


def test_nothing_typed_is_lost_on_a_refusal(session: Session, edition: Edition, judge: Judge, as_: As) -> None:
    made = appointed(session, edition, judge)
    client, path = as_(judge.person), f"/judging/{made.alias}"
    client.post(path, data={"points_1": "7"})
    sent = {"points_2": "3", "comment": "c" * 2001, "private_note": "Note & more"}
    page = client.post(f"{path}/lock", data=sent)
    assert page.status_code == 422
    for said in ('name="points_1"[^>]* value="7" checked', 'name="points_2"[^>]* value="3" checked', "c" * 2001):
        assert re.search(said, page.text)
    assert "Note &amp; more" in page.text and "Comment to the author: Use at most 2000 characters." in page.text


def test_the_summary_names_the_criteria_that_are_missing(
    session: Session, edition: Edition, judge: Judge, as_: As
) -> None:
    made = appointed(session, edition, judge)
    page = as_(judge.person).post(f"/judging/{made.alias}/lock", data={**ALL, "points_2": ""}).text
    assert re.findall(r'<a href="#(\w+)">(.*?)</a>', page) == [("points_2", "Argument: Choose 1 to 10 points.")]


# Others' marks


def test_others_marks_are_shown_from_the_highest_and_name_nobody(
    session: Session, edition: Edition, judge: Judge, as_: As
) -> None:
    edition.shows_marks = True
    made = appointed(session, edition, judge)
    others = [make.judge(session, edition, name=f"Canary{n}") for n in range(5)]
    beside = [make.appointment(session, made.essay, other) for other in others]
    for appointment, points in zip(beside, (2, 8, 5, 9, 10), strict=True):
        make.marks(session, appointment, *[points] * 5)
    beside[2].locked_at = None  # not sent
    beside[3].ended_at, beside[3].end_reason = now(), End.CONFLICT
    others[4].excluded_at, others[4].excluded_by = now(), others[4].person_id
    session.commit()
    client, path = as_(judge.person), f"/judging/{made.alias}"
    assert "Other judges" not in client.get(path).text
    client.post(f"{path}/lock", data=ALL)
    page = client.get(path).text
    assert page.count(">8, 2</td>") == 5
    assert not [word for word in ("Canary", *(other.code for other in others)) if word in page]
    edition.shows_marks = False
    session.commit()
    assert "8, 2" not in client.get(path).text


def test_the_query_itself_holds_nothing_before_ones_own_are_in(
    session: Session, edition: Edition, judge: Judge
) -> None:
    edition.shows_marks = True
    made = appointed(session, edition, judge)
    make.marks(session, make.appointment(session, made.essay, make.judge(session, edition)), 1, 2, 3, 4, 5)
    other_round = make.judge(session, edition)
    make.marks(session, make.appointment(session, made.essay, other_round, round=Round.FINAL), 9, 9, 9, 9, 9)
    viewer = viewer_of(session, judge.person)

    def seen() -> list[list[int]]:
        return sorted(reading.others_points(session, reading.get_reading(session, viewer, made.alias)).values())

    assert seen() == []
    make.marks(session, made, 5, 5, 5, 5, 5)
    assert seen() == [[1], [2], [3], [4], [5]]
    made.locked_at = None
    session.commit()
    assert seen() == []


def test_locking_is_written_down(session: Session, edition: Edition, judge: Judge, as_: As) -> None:
    made = appointed(session, edition, judge)
    as_(judge.person).post(f"/judging/{made.alias}/lock", data=ALL)
    assert session.exec(select(Entry.subject_id).where(Entry.deed == "locked marks")).one() == made.id
    assert session.exec(select(Appointment.locked_at)).one() is not None
