import re
from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from portal.accounts.models import Grant, Person, Role
from portal.contests.models import Edition
from portal.judging.models import DeclaredConflict, Judge, JudgeStatus
from tests import make
from tests.accounts import letters
from tests.conftest import browser
from tests.counting import queries_of
from tests.people import Cast

As = Callable[..., TestClient]
ELSEWHERE = {"sec-fetch-site": "cross-site"}
TOKEN = "t" * 43
OFFER = f"/judge-offers/{TOKEN}"
ANSWER = {"languages": ["en"], "most": "20", "is_confidential": "true"}
NEWCOMER = {"name": "Asked Judge", "password": make.PASSWORD, "language": "en", "zone": "Asia/Tokyo"}
PASTS = ("asked", "accepted", "declined", "taken_back", "expired", "excluded", "left")


def ask_form(**changes: Any) -> dict[str, Any]:
    given = {
        "email": "Asked@Example.org", "name": "Asked Judge", "language": "ja", "languages": ["en", "ru"],
        "least": "5", "most": "30", "rounds": ["first"],
    }  # fmt: skip
    return {**given, **changes}


@pytest.fixture
def edition(session: Session) -> Edition:
    return make.edition(session)


def the_judge(session: Session) -> Judge:
    session.expire_all()
    return session.exec(select(Judge)).one()


# A whole life


def test_an_offer_from_the_letter_to_the_desk(
    app: FastAPI, session: Session, cast: Cast, as_: As, edition: Edition
) -> None:
    """By somebody without an account."""
    secretary, base = as_(cast.secretary), f"/contests/{edition.slug}/judges"
    assert "Nobody has been asked" in secretary.get(base).text
    asked = secretary.post(f"{base}/new", data=ask_form(government_id=str(cast.home.id)))
    assert (asked.status_code, asked.headers["location"]) == (303, base)
    link = letters.newest_link(session, "asked@example.org")
    assert all(text in secretary.get(base).text for text in ("Asked Judge", "Asked</strong>", "English, Русский"))

    judge = browser(app)
    page = judge.get(link).text
    assert all(
        text in page for text in ("Asked Judge, the secretariat", "5 to 30", "Open the account", "own government")
    )
    assert judge.post(f"{link}/accept", data=ANSWER).status_code == 401
    opened = judge.post(f"{link}/register", data=NEWCOMER)
    assert (opened.status_code, opened.headers["location"]) == (303, link)
    assert the_judge(session).status is JudgeStatus.INVITED
    assert "Accept and become a judge" in judge.get(link).text
    ties = {"conflict_1": str(cast.host.id), "why_1": "I taught there."}
    done = judge.post(f"{link}/accept", data={**ANSWER, **ties, "government_id": str(cast.home.id)})
    assert (done.status_code, done.headers["location"]) == (303, "/judging")
    assert judge.get("/judging").status_code == 200
    made = the_judge(session)
    assert (made.status, made.most, made.languages) == (JudgeStatus.ACCEPTED, 20, ["en"])
    gone = judge.get(link)
    assert (gone.status_code, "accepted this already" in gone.text) == (409, True)
    shown = secretary.get(f"{base}/{made.code}").text
    assert all(text in shown for text in ("I taught there.", "Has accepted</strong>", f"{base}/{made.code}/leave"))


def test_declining_needs_no_account_and_happens_once(
    client: TestClient, session: Session, cast: Cast, as_: As, edition: Edition
) -> None:
    made = make.judge_offer(session, edition)
    session.commit()
    lacking = client.post(f"{OFFER}/decline", data={"reason": ""})
    assert (lacking.status_code, "Fill this in." in lacking.text) == (422, True)
    assert client.post(f"{OFFER}/decline", data={"reason": "No <time>."}).status_code == 303
    assert client.post(f"{OFFER}/decline", data={"reason": "Again."}).status_code == 409
    page = as_(cast.secretary).get(f"/contests/{edition.slug}/judges/{made.code}").text
    assert "No &lt;time&gt;." in page and "Ask somebody in their place" in page
    again = as_(cast.secretary).get(f"/contests/{edition.slug}/judges/new?replaces={made.code}").text
    assert f'name="replaces" value="{made.code}"' in again and re.search(r'value="ru" checked', again)


def test_who_has_an_account_signs_in_first(
    client: TestClient, session: Session, cast: Cast, as_: As, edition: Edition
) -> None:
    make.judge_offer(session, edition, email=cast.stranger.email)
    session.commit()
    assert f"/sign-in?next={OFFER}" in client.get(OFFER).text
    assert client.post(f"{OFFER}/register", data=NEWCOMER).status_code == 409
    other = as_(cast.applicant)
    assert "signed in with another address" in other.get(OFFER).text
    refused = other.post(f"{OFFER}/accept", data=ANSWER)
    assert (refused.status_code, "another address" in refused.text) == (409, True)
    assert as_(cast.stranger).post(f"{OFFER}/accept", data=ANSWER).status_code == 303


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"languages": []}, "Fill this in."),
        ({"languages": ["ja"]}, "Choose one from the list."),
        ({"most": "41"}, "You were asked for fewer."),
        ({"most": "0"}, "Enter a number of at least 1."),
        ({"is_confidential": ""}, "Tick the box"),
        ({"government_id": "12345678-1234-4234-8234-123456789012"}, "Choose one from the list."),
        ({"conflict_2": "12345678-1234-4234-8234-123456789012", "why_2": "x"}, "Choose one from the list."),
        ({"why_1": "My family."}, "Choose the government that this is about."),
    ],
)
def test_a_wrong_acceptance_is_shown_again(
    session: Session, cast: Cast, as_: As, edition: Edition, changes: dict[str, Any], sentence: str
) -> None:
    make.judge_offer(session, edition, email=cast.stranger.email)
    answer = as_(cast.stranger).post(f"{OFFER}/accept", data={**ANSWER, **changes})
    assert (answer.status_code, sentence in answer.text) == (422, True)
    assert the_judge(session).status is JudgeStatus.INVITED


def test_a_tie_needs_its_reason(session: Session, cast: Cast, as_: As, edition: Edition) -> None:
    make.judge_offer(session, edition, email=cast.stranger.email)
    answer = as_(cast.stranger).post(f"{OFFER}/accept", data={**ANSWER, "conflict_1": str(cast.home.id)})
    assert (answer.status_code, "what ties you" in answer.text) == (422, True)


@pytest.mark.parametrize("changes", [{"name": ""}, {"password": "short"}, {"password": "Asked Judge 1234"}])
def test_a_wrong_account_is_shown_again(
    client: TestClient, session: Session, edition: Edition, changes: dict[str, str]
) -> None:
    make.judge_offer(session, edition)
    session.commit()
    answer = client.post(f"{OFFER}/register", data={**NEWCOMER, **changes})
    assert (answer.status_code, "There is a problem" in answer.text) == (422, True)
    assert session.exec(select(Person).where(Person.email == "asked@example.org")).all() == []


def test_a_link_that_is_none_of_ours(client: TestClient, as_: As, cast: Cast) -> None:
    for answer in (client.get(OFFER), client.post(f"{OFFER}/decline", data={"reason": "x"})):
        assert (answer.status_code, "incomplete" in answer.text) == (404, True)
    assert as_(cast.stranger).post(f"{OFFER}/accept", data=ANSWER).status_code == 404
    assert client.post(f"{OFFER}/register", data=NEWCOMER).status_code == 404


def test_from_another_site_nothing_is_answered(client: TestClient, session: Session, edition: Edition) -> None:
    make.judge_offer(session, edition)
    session.commit()
    for path, data in (("decline", {"reason": "x"}), ("register", NEWCOMER), ("accept", ANSWER)):
        assert client.post(f"{OFFER}/{path}", data=data, headers=ELSEWHERE).status_code == 403
    assert the_judge(session).status is JudgeStatus.INVITED


# The secretariat


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"email": "nobody"}, "Enter an e-mail address"),
        ({"name": ""}, "Fill this in."),
        ({"language": "fr"}, "Choose one from the list."),
        ({"languages": ["fr"]}, "Choose one from the list."),
        ({"rounds": []}, "Fill this in."),
        ({"rounds": ["first", "final"]}, "This edition has no final round."),
        ({"least": "31"}, "not below the least"),
        ({"country": "FR"}, "Choose one from the list."),
        ({"government_id": "12345678-1234-4234-8234-123456789012"}, "Choose one from the list."),
    ],
)
def test_a_wrong_question_is_shown_again(
    session: Session, cast: Cast, as_: As, edition: Edition, changes: dict[str, Any], sentence: str
) -> None:
    answer = as_(cast.secretary).post(f"/contests/{edition.slug}/judges/new", data=ask_form(**changes))
    assert (answer.status_code, sentence in answer.text) == (422, True)
    assert session.exec(select(Judge)).all() == []


def test_who_cannot_judge_is_refused_with_the_reason(session: Session, cast: Cast, as_: As, edition: Edition) -> None:
    screener = make.screener(session, edition)
    answer = as_(cast.secretary).post(f"/contests/{edition.slug}/judges/new", data=ask_form(email=screener.email))
    assert (answer.status_code, "knows who wrote what" in answer.text) == (409, True)


def test_pressed_twice_it_asks_once(session: Session, cast: Cast, as_: As, edition: Edition) -> None:
    data = ask_form(key="12345678-1234-4234-8234-123456789012")
    secretary = as_(cast.secretary)
    for _ in range(2):
        assert secretary.post(f"/contests/{edition.slug}/judges/new", data=data).status_code == 303
    assert len(letters.to(session, "asked@example.org")) == 1


def test_the_letter_is_sent_again_and_taken_back(session: Session, cast: Cast, as_: As, edition: Edition) -> None:
    made, secretary = make.judge_offer(session, edition), as_(cast.secretary)
    page = f"/contests/{edition.slug}/judges/{made.code}"
    assert secretary.post(f"{page}/send-again").status_code == 303
    assert secretary.get(OFFER).status_code == 404
    link = letters.newest_link(session, "asked@example.org")
    assert secretary.post(f"{page}/take-back").status_code == 303
    assert secretary.get(link).status_code == 409
    assert secretary.post(f"{page}/take-back").status_code == 409
    assert "Taken back" in secretary.get(page).text


def test_what_a_judge_reads_is_changed(session: Session, cast: Cast, as_: As, edition: Edition) -> None:
    made, secretary = make.judge(session, edition), as_(cast.secretary)
    page, data = (
        f"/contests/{edition.slug}/judges/{made.code}",
        {"languages": ["ja"], "least": "1", "rounds": ["first"]},
    )
    assert secretary.post(page, data={**data, "most": "0"}).status_code == 422
    assert secretary.post(page, data={**data, "most": "9"}).status_code == 303
    session.expire_all()
    assert (made.languages, made.most) == (["ja"], 9)
    made.status, made.left_at = JudgeStatus.LEFT, made.invited_at
    session.commit()
    assert secretary.post(page, data={**data, "most": "8"}).status_code == 409
    assert "Change what this judge reads" not in secretary.get(page).text


def test_a_conflict_with_an_essay_shows_only_its_reason(
    session: Session, cast: Cast, as_: As, edition: Edition
) -> None:
    made = make.judge(session, edition)
    essay = make.essay(session, "in_judging", edition=edition)
    make.saved(session, DeclaredConflict(judge_id=made.id, essay_id=essay.id, reason="I know this hand."))
    page = as_(cast.secretary).get(f"/contests/{edition.slug}/judges/{made.code}").text
    assert "One essay: I know this hand." in page and essay.code not in page


def test_the_judges_are_the_staffs(session: Session, cast: Cast, as_: As, client: TestClient, edition: Edition) -> None:
    judge, offered = make.judge(session, edition), make.judge_offer(session, edition)
    make.grant(session, judge.person, Role.SECRETARY)  # who judges sees no panel
    session.commit()
    base = f"/contests/{edition.slug}/judges"
    for path in (base, f"{base}/{offered.code}"):
        for staff in (cast.secretary, cast.auditor, make.screener(session, edition)):
            assert as_(staff).get(path).status_code == 200
        for person in (cast.stranger, judge.person, cast.home_coordinator):
            assert as_(person).get(path).status_code == 404
        assert client.get(path).status_code == 303
    assert as_(cast.auditor).get(f"{base}/new").status_code in {403, 404}
    page = f"{base}/{offered.code}"
    terms = {"languages": ["ja"], "least": "1", "most": "2", "rounds": ["first"]}
    changing = ((f"{base}/new", ask_form()), (page, terms), (f"{page}/send-again", {}), (f"{page}/take-back", {}))
    for path, form in changing:
        assert client.post(path, data=form).status_code == 401
        for person in (cast.stranger, judge.person, cast.auditor, cast.home_coordinator):
            assert as_(person).post(path, data=form).status_code in {403, 404}
        assert as_(cast.secretary).post(path, data=form, headers=ELSEWHERE).status_code == 403
    session.expire_all()
    assert offered.status is JudgeStatus.INVITED and offered.languages == ["en", "ru"]


def test_the_list_goes_on_after_fifty_and_asks_no_more(
    session: Session, cast: Cast, as_: As, edition: Edition, database: Any
) -> None:
    secretary, path = as_(cast.secretary), f"/contests/{edition.slug}/judges"
    make.appointment(session, make.essay(session, "in_judging", edition=edition))
    session.commit()
    one = queries_of(database, lambda: secretary.get(path))
    for n in range(51):
        make.judge_offer(session, edition, f"{n:043}", email=f"asked{n}@example.org")
    session.commit()
    assert queries_of(database, lambda: secretary.get(path)) == one
    first = secretary.get(path).text
    following = re.search(r'href="(\?after=[^"]+)"', first)
    assert following is not None
    rest = secretary.get(f"{path}{following.group(1)}").text
    found = re.findall(rf'href="{path}/(\w{{5}})"', first + rest)
    assert len(found) == len(set(found)) == 52


# A judge's own conflicts


def test_a_judge_declares_a_government_later(
    session: Session, cast: Cast, as_: As, client: TestClient, edition: Edition
) -> None:
    made, path = make.judge(session, edition), "/judging/conflicts"
    session.commit()
    judge = as_(made.person)
    assert "You have declared none." in judge.get(path).text
    data = {"edition_id": str(edition.id), "government_id": str(cast.home.id), "reason": "I <taught> there."}
    assert judge.post(path, data={**data, "reason": ""}).status_code == 422
    assert judge.post(path, data={**data, "edition_id": str(cast.home.id)}).status_code == 422
    assert judge.post(path, data={**data, "government_id": str(edition.id)}).status_code == 422
    assert judge.post(path, data=data, headers=ELSEWHERE).status_code == 403
    assert judge.post(path, data=data).status_code == 303
    assert judge.post(path, data=data).status_code == 409
    assert "I &lt;taught&gt; there." in judge.get(path).text
    assert client.post(path, data=data).status_code == 401
    for person in (cast.stranger, cast.secretary):
        assert as_(person).get(path).status_code == 403
        assert as_(person).post(path, data=data).status_code == 403
    assert len(session.exec(select(DeclaredConflict)).all()) == 1


def test_what_lies_on_the_desk_stays_when_a_conflict_is_declared(
    session: Session, cast: Cast, as_: As, edition: Edition
) -> None:
    """Otherwise a judge could find out, one government after the other, where an essay comes from."""
    made = make.judge(session, edition)
    essay = make.essay(session, "in_judging", edition=edition, government=cast.home)
    make.appointment(session, essay, made)
    session.commit()
    judge = as_(made.person)
    before = judge.get("/judging").text
    data = {"edition_id": str(edition.id), "government_id": str(cast.home.id), "reason": "I taught there."}
    assert judge.post("/judging/conflicts", data=data).status_code == 303
    judge.get("/judging/conflicts")  # takes the word of success
    assert re.sub(r"[0-9a-f-]{36}", "", judge.get("/judging").text) == re.sub(r"[0-9a-f-]{36}", "", before)
    assert session.exec(select(Grant).where(Grant.person_id == made.person_id)).one()
