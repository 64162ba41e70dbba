import datetime as dt
import re
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from portal.clock import now
from portal.contests import rules, words
from portal.contests.forms import key
from portal.contests.models import Authorship, Edition, EditionStatus, Essay, EssayStatus
from portal.history.models import Entry
from tests import make
from tests.conftest import browser
from tests.people import Cast

As = Callable[..., TestClient]
DAY = dt.timedelta(days=1)
ELSEWHERE = {"sec-fetch-site": "cross-site"}


def edition_form(**changes: Any) -> dict[str, Any]:
    given = {
        "slug": "peace-2027", "zone": "Asia/Ulaanbaatar", "opens_at": "2027-01-10T09:00",
        "due_at": "2027-03-31T18:00", "judging_due_at": "2027-05-31T18:00", "reference_on": "2027-03-31",
        "ages": "12-14\n15-18", "title_en": "Rivers and roads", "text_en": "Write about your region.",
        "themes_en": "Rivers\nRoads", "themes_mn": "Гол\nЗам", "title_mn": "Гол ба зам", "limit_en": "800",
        "limit_mn": "700",
    }  # fmt: skip
    for n, (name, weight, anchors) in enumerate(words.RUBRIC, 1):
        given.update({f"criterion_{n}": name, f"weight_{n}": str(weight)})
        given.update({f"anchor_{n}_{at}": text for at, text in anchors.items()})
    return {**given, **changes}


def queries_of(database: Any, ask: Callable[[], Any]) -> int:
    """How many statements a request makes."""
    counted: list[str] = []

    def count(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            counted.append(statement)

    for engine in set(database.engines):
        sa.event.listen(engine, "before_cursor_execute", count)
    assert ask().status_code == 200
    for engine in set(database.engines):
        sa.event.remove(engine, "before_cursor_execute", count)
    return len(counted)


# Editions


def test_a_secretary_makes_an_edition_and_publishes_it(
    session: Session, cast: Cast, as_: As, client: TestClient
) -> None:
    secretary = as_(cast.secretary)
    page = secretary.get("/contests/new")
    assert page.status_code == 200
    assert all(text in page.text for text in ("Argument and originality", 'value="1900"', "12-14"))
    made = secretary.post("/contests/new", data=edition_form())
    assert (made.status_code, made.headers["location"]) == (303, "/contests/peace-2027")
    edition = session.exec(select(Edition).where(Edition.slug == "peace-2027")).one()
    assert edition.due_at == dt.datetime(2027, 3, 31, 10, tzinfo=dt.UTC)  # Ulaanbaatar is eight hours ahead
    assert client.get("/contests/peace-2027").status_code == 404
    assert "peace-2027" not in client.get("/contests").text
    assert secretary.post("/contests/peace-2027/publish").status_code == 303
    shown = client.get("/contests/peace-2027").text
    assert "Rivers and roads" in shown and "(UTC+8)" in shown and "Themes" in shown
    assert "peace-2027" in client.get("/contests").text
    assert secretary.post("/contests/peace-2027/publish").status_code == 409
    assert secretary.post("/contests/peace-2027/close").status_code == 303
    assert secretary.post("/contests/peace-2027/close").status_code == 409
    assert secretary.get("/contests/peace-2027/edit").status_code == 409
    deeds = session.exec(select(Entry.deed).where(Entry.subject == "edition").order_by(Entry.number)).all()
    assert deeds == ["drafted", "publish", "close"]


def test_what_the_form_shows_is_what_was_saved(session: Session, cast: Cast, as_: As) -> None:
    secretary = as_(cast.secretary)
    given = edition_form(criterion_names_ru="\n".join("абвгд"))
    secretary.post("/contests/new", data=given)
    page = secretary.get("/contests/peace-2027/edit").text
    for text in ("2027-03-31T18:00", "Гол\nЗам", "12-14\n15-18", "а\nб\nв\nг\nд", "Argument and originality"):
        assert text in page
    again = secretary.post("/contests/peace-2027/edit", data={**given, "ages": "14-16\n17-19", "themes_en": "Sea\nSky"})
    assert again.status_code == 303
    session.expire_all()
    edition = session.exec(select(Edition).options(sa.orm.selectinload(Edition.categories))).one()
    assert [(each.age_from, each.age_to) for each in edition.categories] == [(14, 16), (17, 19)]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"slug": "New Contest"}, "Write it in the form that the hint shows."),
        ({"slug": "new"}, "This address is a page of the portal."),
        ({"due_at": "2027-01-01T00:00"}, "This must be later than the date before it."),
        ({"judging_due_at": "2027-03-31T18:00"}, "This must be later than the date before it."),
        ({"zone": "Europe/Paris"}, "Choose one from the list."),
        ({"ages": "young"}, "Write one category a line as two ages with a dash"),
        ({"ages": "12-15\n15-18"}, "none overlaps another"),
        ({"weight_1": "26"}, "The weights of the rubric must add up to 100."),
        ({"themes_mn": "Гол"}, "write 2 lines for themes in the same order"),
        ({"limit_en": "", "limit_mn": ""}, "Admit at least one language"),
        ({"title_en": ""}, "Fill this in."),
    ],
)
def test_a_wrong_edition_is_shown_again_with_what_was_typed(
    cast: Cast, as_: As, session: Session, changes: dict[str, str], sentence: str
) -> None:
    answer = as_(cast.secretary).post("/contests/new", data=edition_form(text_en="<b>Typed</b>", **changes))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "&lt;b&gt;Typed&lt;/b&gt;" in answer.text
    assert session.exec(select(Edition)).all() == []


def test_an_address_is_taken_once(cast: Cast, as_: As) -> None:
    secretary = as_(cast.secretary)
    secretary.post("/contests/new", data=edition_form())
    answer = secretary.post("/contests/new", data=edition_form())
    assert answer.status_code == 422
    assert "Another edition has this address." in answer.text


def test_after_publication_words_change_and_the_frame_does_not(session: Session, cast: Cast, as_: As) -> None:
    secretary = as_(cast.secretary)
    secretary.post("/contests/new", data=edition_form())
    secretary.post("/contests/peace-2027/publish")
    reworded = edition_form(themes_en="Great rivers\nRoads", due_at="2027-04-30T18:00", limit_en="900")
    assert secretary.post("/contests/peace-2027/edit", data=reworded).status_code == 303
    assert "Great rivers" in secretary.get("/contests/peace-2027").text
    for change in ({"ages": "10-18"}, {"themes_en": "One", "themes_mn": ""}, {"limit_mn": ""}):
        refused = secretary.post("/contests/peace-2027/edit", data={**reworded, **change})
        assert refused.status_code == 409
        assert "are fixed once an edition is published" in refused.text
    assert "900 words" in secretary.get("/contests/peace-2027").text


def test_lists_ask_as_often_for_three_as_for_one(
    session: Session, cast: Cast, as_: As, database: Any, client: TestClient
) -> None:
    edition = make.edition(session)
    make.essay(session, edition=edition, author=cast.stranger)
    secretary, author = as_(cast.secretary), as_(cast.stranger)
    lists = [(client, "/contests"), (secretary, f"/contests/{edition.slug}/essays"), (author, "/essays")]
    session.commit()
    one = [queries_of(database, lambda c=c, p=p: c.get(p)) for c, p in lists]
    for _ in range(2):
        make.essay(session, edition=make.edition(session), author=cast.stranger)
        make.essay(session, edition=edition)
    session.commit()
    assert [queries_of(database, lambda c=c, p=p: c.get(p)) for c, p in lists] == one


def test_lists_go_on_after_fifty(session: Session, cast: Cast, as_: As, client: TestClient) -> None:
    edition = make.edition(session)
    for _ in range(51):
        make.essay(session, edition=edition)
        make.edition(session)
    session.commit()
    for visitor, path, pattern in (
        (client, "/contests", r'href="/contests/(edition-[0-9]+)"'),
        (as_(cast.secretary), f"/contests/{edition.slug}/essays", rf'href="/contests/{edition.slug}/essays/(\w+)"'),
    ):
        first = visitor.get(path).text
        following = re.search(r'href="(\?[^"]*after=[^"]+)"', first)
        assert following is not None
        rest = visitor.get(path + following.group(1).replace("&amp;", "&")).text
        shown = re.findall(pattern, first) + re.findall(pattern, rest)
        assert len(set(shown)) == len(shown) == 51 + (path == "/contests")
        assert "after=" not in rest.replace("lang=", "")[rest.index("<main") :] or path != "/contests"


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


def test_without_the_task_a_secretary_sees_a_code_and_with_it_the_author(session: Session, cast: Cast, as_: As) -> None:
    edition = make.edition(session)
    author = make.person(session, "Canary of the steppe", email="canary@example.org")
    essay = make.essay(session, edition=edition, author=author)
    number = make.authorship(session, essay).number
    telling = ["Batbayar", "Болд", "School No. 7 of the Steppe", "canary", "Canary", number, "MN-1", str(essay.id)]
    listed, page = f"/contests/{edition.slug}/essays", f"/contests/{edition.slug}/essays/{essay.code}"
    for staff in (cast.secretary, cast.auditor):
        for path in (listed, page, listed + "?status=submitted"):
            answer = as_(staff).get(path)
            assert answer.status_code == 200
            assert [word for word in telling if word in answer.text] == []
        assert as_(staff).post(f"{page}/admit").status_code == 403
    taken = as_(cast.secretary).post(f"/contests/{edition.slug}/screening")
    assert taken.status_code == 303
    shown = as_(cast.secretary).get(page).text
    assert "Batbayar" in shown and "canary@example.org" in shown and number in shown
    assert as_(cast.secretary).post(f"{page}/admit").status_code == 303
    assert as_(cast.secretary).post(f"{page}/admit").status_code == 409
    session.expire_all()
    assert session.get_one(Essay, essay.id).status is EssayStatus.ADMITTED


def test_a_reason_is_asked_for(session: Session, cast: Cast, as_: As) -> None:
    edition = make.edition(session)
    essay = make.essay(session, edition=edition)
    screener, page = as_(make.screener(session, edition)), f"/contests/{edition.slug}/essays/{essay.code}"
    for step in ("return", "disqualify"):
        assert "Fill this in." in screener.post(f"{page}/{step}").text
        short = screener.post(f"{page}/{step}", data={"reason": "<b>"})
        assert (short.status_code, "&lt;b&gt;" in short.text) == (422, True)
    assert screener.post(f"{page}/return", data={"reason": "Take your name out."}).status_code == 303
    assert screener.post(f"{page}/return", data={"reason": "Take your name out."}).status_code == 409


def test_the_returned_author_reads_why_and_sends_again(session: Session, cast: Cast, as_: As) -> None:
    edition = make.edition(session)
    made = make.essay(session, "returned", edition=edition, author=cast.stranger, reason="Take <your> name out.")
    author, essay = as_(cast.stranger), f"/essays/{made.id}"
    assert "Take &lt;your&gt; name out." in author.get(essay).text
    assert author.post(f"{essay}/text", data=text(1, edition, title="Better")).status_code == 303
    assert author.post(f"{essay}/submit", data={"version": 2}).status_code == 303


def test_field_names_are_one_for_each_language() -> None:
    assert [key(code) for code in words.LIMITS] == ["en", "zh_hans", "ja", "ko", "mn", "ru"]
    assert set(rules.COUNTED_IN_CHARACTERS) < set(words.LIMITS)
