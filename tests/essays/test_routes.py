import datetime as dt
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from portal.clock import now
from portal.contests.models import Edition, EditionStatus
from portal.essays.models import Authorship, Essay, EssayStatus
from portal.history.models import Entry
from tests import make
from tests.conftest import browser
from tests.people import Cast

As = Callable[..., TestClient]
DAY = dt.timedelta(days=1)
ELSEWHERE = {"sec-fetch-site": "cross-site"}


# Writing


def write(client: TestClient, slug: str) -> str:
    started = client.post(f"/contests/{slug}/write", data={"key": str(uuid.uuid4())})
    assert started.status_code == 303
    return started.headers["location"]


def about(version: int, government: Any, **changes: Any) -> dict[str, Any]:
    given = {
        "version": version, "native_name": "Болд Батбаяр", "roman_name": "Batbayar Bold", "born_on": "2010-05-31",
        "government_id": str(government.id), "school": "School No. 7", "consents": ["data", "original"],
    }  # fmt: skip
    return {**given, **changes}


def text(version: int, edition: Edition, **changes: Any) -> dict[str, Any]:
    given = {
        "version": version, "theme_id": str(edition.themes[0].id), "language": "en", "title": "Across the river",
        "text": make.ENGLISH,
    }  # fmt: skip
    return {**given, **changes}


def test_an_author_writes_checks_sends_and_gets_a_receipt(session: Session, cast: Cast, as_: As) -> None:
    edition, home = make.edition(session), cast.home
    author = as_(cast.stranger)
    assert author.get(f"/contests/{edition.slug}/write").status_code == 200
    essay = write(author, edition.slug)
    assert author.get(f"/contests/{edition.slug}/write").headers["location"] == essay
    assert "Still to do" in author.get(f"{essay}/check").text
    for page in ("", "/about", "/text"):
        assert author.get(essay + page).status_code == 200
    assert author.post(f"{essay}/about", data=about(1, home)).status_code == 303
    telling = "I am Batbayar Bold. " + make.ENGLISH
    assert author.post(f"{essay}/text", data=text(2, edition, text=telling)).status_code == 303
    check = author.get(f"{essay}/check").text
    assert "could tell a judge who you are" in check and "<li>Batbayar Bold</li>" in check
    assert "484 words" in check and "Ages 15–18" in check and "Send your essay" in check
    sent = author.post(f"{essay}/submit", data={"version": 3, "key": str(uuid.uuid4())})
    assert (sent.status_code, sent.headers["location"]) == (303, f"{essay}/receipt")
    kept = session.exec(select(Essay)).one()
    number = session.exec(select(Authorship)).one().number
    receipt = author.get(f"{essay}/receipt").text
    assert kept.submitted_digest and kept.submitted_digest in receipt
    assert number and number in receipt
    assert "In judging" not in author.get(essay).text and "Submitted" in author.get(essay).text
    assert "Across the river" in author.get("/essays").text


def test_a_sent_essay_is_closed_and_may_be_withdrawn_once(session: Session, cast: Cast, as_: As) -> None:
    edition = make.edition(session)
    made = make.essay(session, edition=edition, author=cast.stranger)
    author, essay = as_(cast.stranger), f"/essays/{made.id}"
    for page in ("/about", "/text", "/check"):
        assert author.get(essay + page).status_code == 409
    assert author.post(f"{essay}/submit", data={"version": 1}).status_code == 409
    assert author.post(f"{essay}/withdraw").status_code == 303
    assert author.post(f"{essay}/withdraw").status_code == 409
    assert author.post(f"/contests/{edition.slug}/write", data={"key": str(uuid.uuid4())}).headers["location"] == essay
    session.expire_all()
    assert session.get_one(Essay, made.id).status is EssayStatus.WITHDRAWN


@pytest.mark.parametrize("moment", ["late", "sent", "another window"])
def test_at_the_wrong_moment_nothing_typed_is_lost(session: Session, cast: Cast, as_: As, moment: str) -> None:
    dates = {"opens_at": now() - 9 * DAY, "due_at": now() - DAY} if moment == "late" else {}
    edition = make.edition(session, **dates)
    state = "submitted" if moment == "sent" else "draft"
    made = make.essay(session, state, edition=edition, author=cast.stranger, version=2)
    version = 1 if moment == "another window" else 2
    typed = text(version, edition, text="A sentence that took an evening <to> write.")
    answer = as_(cast.stranger).post(f"/essays/{made.id}/text", data=typed)
    assert answer.status_code == 409
    assert "A sentence that took an evening &lt;to&gt; write." in answer.text
    session.expire_all()
    assert session.get_one(Essay, made.id).text == make.ENGLISH
    answer = as_(cast.stranger).post(
        f"/essays/{made.id}/about", data=about(version, cast.home, school="A <new> school")
    )
    assert answer.status_code == 409
    assert "A &lt;new&gt; school" in answer.text


def test_a_draft_of_a_contest_that_is_over_can_still_be_read(session: Session, cast: Cast, as_: As) -> None:
    edition = make.edition(session, opens_at=now() - 9 * DAY, due_at=now() - DAY)
    made = make.essay(session, "draft", edition=edition, author=cast.stranger)
    assert "was not sent" in as_(cast.stranger).get(f"/essays/{made.id}").text
    late = as_(cast.stranger).post(f"/essays/{made.id}/submit", data={"version": 1})
    assert late.status_code == 409
    assert "The time for essays of this contest has passed." in late.text


@pytest.mark.parametrize(
    ("page", "changes", "sentence"),
    [
        ("about", {"born_on": "3020-01-01"}, "Enter the day on which you were born"),
        ("about", {"born_on": "yesterday"}, "Enter a date"),
        ("about", {"government_id": str(uuid.uuid4())}, "Choose one from the list."),
        ("about", {"consents": ["everything"]}, "Choose one from the list."),
        ("text", {"language": "fr"}, "Choose one from the list."),
        ("text", {"theme_id": str(uuid.uuid4())}, "Choose one from the list."),
        ("text", {"title": "x" * 161}, "Use at most 160 characters."),
    ],
)
def test_what_cannot_be_is_shown_again(
    session: Session, cast: Cast, as_: As, page: str, changes: dict[str, Any], sentence: str
) -> None:
    edition = make.edition(session)
    made = make.essay(session, "draft", edition=edition, author=cast.stranger)
    typed = about(1, cast.home, school="<i>Mine</i>") if page == "about" else text(1, edition, text="<i>Mine</i>")
    answer = as_(cast.stranger).post(f"/essays/{made.id}/{page}", data={**typed, **changes})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "&lt;i&gt;Mine&lt;/i&gt;" in answer.text


def test_one_form_sent_twice_begins_one_essay(session: Session, cast: Cast, as_: As) -> None:
    edition, sent = make.edition(session), {"key": str(uuid.uuid4())}
    author = as_(cast.stranger)
    answers = {author.post(f"/contests/{edition.slug}/write", data=sent).headers["location"] for _ in range(2)}
    assert len(answers) == 1


@pytest.mark.parametrize("keyed", [True, False])
def test_24_simultaneous_submissions_make_one(real_app: FastAPI, keyed: bool) -> None:
    with real_app.state.database.session(writes=True) as session:
        author = make.person(session, "Author")
        made = make.essay(session, "draft", author=author)
        essay_id, signed_in = made.id, make.sign_in(session, real_app.state.settings, author)
    sent = {"version": 1, **({"key": str(uuid.uuid4())} if keyed else {})}

    def submit(_n: int) -> int:
        client = browser(real_app)
        client.cookies.update(signed_in)
        return client.post(f"/essays/{essay_id}/submit", data=sent).status_code

    with ThreadPoolExecutor(24) as pool:
        answers = sorted(pool.map(submit, range(24)))
    assert answers == ([303] * 24 if keyed else [303] + [409] * 23)
    with real_app.state.database.session(writes=False) as session:
        assert session.get_one(Essay, essay_id).status is EssayStatus.SUBMITTED
        assert session.exec(select(Entry.deed).where(Entry.subject == "authorship")).all() == ["submit"]


# Who may


def changing_routes(edition: Edition, essay: Essay) -> list[tuple[str, dict[str, Any]]]:
    by_code, own = f"/contests/{edition.slug}/essays/{essay.code}", f"/essays/{essay.id}"
    return [
        ("/contests/new", edition_form()),
        (f"/contests/{edition.slug}/edit", edition_form()),
        (f"/contests/{edition.slug}/publish", {}),
        (f"/contests/{edition.slug}/close", {}),
        (f"/contests/{edition.slug}/screening", {}),
        (f"{by_code}/admit", {}),
        (f"{by_code}/return", {"reason": "because of something"}),
        (f"{by_code}/disqualify", {"reason": "because of something"}),
        (f"{own}/about", {"version": 1}),
        (f"{own}/text", {"version": 1}),
        (f"{own}/submit", {"version": 1}),
        (f"{own}/withdraw", {}),
    ]


def test_strangers_and_visitors_change_nothing(session: Session, cast: Cast, as_: As, client: TestClient) -> None:
    edition = make.edition(session)
    essay = make.essay(session, edition=edition)
    session.commit()
    stranger, coordinator = as_(cast.stranger), as_(cast.home_coordinator)
    for path, sent in changing_routes(edition, essay):
        assert client.post(path, data=sent).status_code == 401, path
        assert stranger.post(path, data=sent).status_code in {403, 404}, path
        assert coordinator.post(path, data=sent).status_code in {403, 404}, path
        assert as_(cast.secretary).post(path, data=sent, headers=ELSEWHERE).status_code == 403, path
    assert client.post(f"/contests/{edition.slug}/write").status_code == 401
    session.expire_all()
    assert session.get_one(Essay, essay.id).status is EssayStatus.SUBMITTED
    assert session.exec(select(Edition)).one().status is EditionStatus.PUBLISHED


@pytest.mark.parametrize("page", ["", "/about", "/text", "/check", "/receipt"])
def test_an_essay_is_its_authors_alone(session: Session, cast: Cast, as_: As, client: TestClient, page: str) -> None:
    edition = make.edition(session)
    essay = make.essay(session, "draft", edition=edition)
    screener = make.screener(session, edition)
    session.commit()
    for other in (cast.stranger, cast.secretary, cast.home_coordinator, screener):
        assert as_(other).get(f"/essays/{essay.id}{page}").status_code == 404
    assert client.get(f"/essays/{essay.id}{page}").status_code == 303
