import datetime as dt
import html
import re
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from portal.clock import now
from portal.consents.actions import open_case
from portal.consents.models import Programme
from portal.contests.models import AiRule, Edition, EditionStatus
from portal.essays import rules
from portal.essays.models import Authorship, Essay, EssayStatus, SetAside
from portal.history.models import Entry
from portal.web.templating import iso
from tests import counting, make
from tests.conftest import browser
from tests.essays import samples
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
        "government_id": str(government.id), "school": "School No. 7", "nationality": "MN",
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
    for page in ("", "/about", "/text", "/statements", "/submissions", "/set-aside"):
        assert author.get(essay + page).status_code == 200
    assert author.get(f"{essay}/consents").headers["location"] == f"/consents/contest/{edition.id}"
    assert author.post(f"{essay}/about", data=about(1, home)).status_code == 303
    telling = "I am Batbayar Bold. " + make.ENGLISH
    assert author.post(f"{essay}/text", data=text(2, edition, text=telling)).status_code == 303
    stated = {"version": 3, "is_original": "true", "used_ai": "true", "ai_use": "A translator."}
    assert author.post(f"{essay}/statements", data=stated).status_code == 303
    assert "Name a parent or guardian" in author.get(f"{essay}/check").text
    make.consent(session, cast.stranger, edition)
    check = author.get(f"{essay}/check").text
    assert "could tell a judge who you are" in check and "Batbayar Bold</a>" in check
    assert "484 words" in check and "Ages 15–18" in check and "Send your essay" in check
    sent = author.post(f"{essay}/submit", data={"version": 4, "key": str(uuid.uuid4())})
    assert (sent.status_code, sent.headers["location"]) == (303, f"{essay}/receipt")
    kept = session.exec(select(Essay)).one()
    number = session.exec(select(Authorship)).one().number
    receipt = author.get(f"{essay}/receipt").text
    assert kept.submitted_digest and kept.submitted_digest in receipt
    assert number and number in receipt
    assert "In judging" not in author.get(essay).text and "Submitted" in author.get(essay).text
    assert "Across the river" in author.get("/essays").text
    assert "Your parent or guardian has agreed" in author.get(essay).text
    assert kept.submitted_digest in author.get(f"{essay}/submissions").text


def test_a_sent_essay_is_closed_and_may_be_withdrawn_once(session: Session, cast: Cast, as_: As) -> None:
    edition = make.edition(session)
    made = make.essay(session, edition=edition, author=cast.stranger)
    author, essay = as_(cast.stranger), f"/essays/{made.id}"
    for page in ("/about", "/text", "/statements", "/check"):
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


def draft(client: TestClient, essay: Essay, **given: Any) -> Any:
    return client.post(f"/essays/{essay.id}/draft", data={"sitting": str(uuid.uuid4()), **given})


def test_the_editor_saves_while_somebody_types(session: Session, cast: Cast, as_: As) -> None:
    edition = make.edition(session)
    made = make.essay(session, "draft", edition=edition, author=cast.stranger)
    author = as_(cast.stranger)
    answer = draft(author, made, **text(1, edition, text="A sentence\r\n\r\n\r\nhalf wri\u200b"))
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    session.refresh(made)
    assert made.text == "A sentence\n\nhalf wri"
    assert answer.json() == {"version": 2, "began": rules.mark_of(made), "at": iso(made.saved_at)}
    over = draft(author, made, **text(2, edition, text="word " * 2000))
    assert over.json()["version"] == 3  # a draft may have any length
    refused = draft(author, made, **text(3, edition, title="x" * 161))
    assert (refused.status_code, refused.json()["why"]) == (422, "Title: Use at most 160 characters.")
    assert draft(as_(cast.secretary), made, **text(3, edition)).status_code == 404


def test_an_autosave_asks_little(session: Session, cast: Cast, as_: As, database: Any) -> None:
    edition = make.edition(session)
    made = make.essay(session, "draft", edition=edition, author=cast.stranger)
    author, sitting = as_(cast.stranger), str(uuid.uuid4())
    draft(author, made, **text(1, edition, text="one"), sitting=sitting)
    with counting.queries(database) as asked:
        draft(author, made, **text(2, edition, text="one two"), sitting=sitting)
    assert len(asked) <= 8
    assert not any("FROM head" in each or "FROM consent_case" in each for each in asked)


def test_pages_of_ones_own_essay_ask_little(session: Session, cast: Cast, as_: As, database: Any) -> None:
    author = as_(cast.stranger)
    for _n in range(3):
        made = make.essay(session, author=cast.stranger)
    for path, most in ((f"/essays/{made.id}", 14), ("/essays", 5)):
        with counting.queries(database) as asked:
            assert author.get(path).status_code == 200
        assert len(asked) <= most, path


def test_two_windows_end_in_a_choice(session: Session, cast: Cast, as_: As) -> None:
    edition = make.edition(session)
    made = make.essay(session, "draft", edition=edition, author=cast.stranger, text="The river is wide.", version=2)
    author, essay = as_(cast.stranger), f"/essays/{made.id}"
    mine = text(1, edition, text="The river is <narrow>.\n\nA line of mine.")
    refused = draft(author, made, **mine)
    assert (refused.status_code, refused.json()["is_overtaken"]) == (409, True)
    page = author.post(f"{essay}/text", data=mine)
    assert page.status_code == 409
    assert "<mark><ins>wide</ins></mark>" in page.text
    assert "&lt;narrow&gt;" in page.text
    fields = {**mine, **hidden(page.text)}
    assert (fields["version"], fields["text"]) == ("2", mine["text"])
    kept = author.post(f"{essay}/choice", data={**fields, "keep": "other"})
    assert (kept.status_code, kept.headers["location"]) == (303, f"{essay}/text?chosen")
    aside = author.get(f"{essay}/set-aside").text
    assert "A line of mine." in aside
    assert "Texts that you set aside" in author.get(essay).text
    kept = author.post(f"{essay}/choice", data={**fields, "keep": "mine"})
    assert kept.status_code == 303
    session.expire_all()
    assert session.get_one(Essay, made.id).text == mine["text"]
    assert "The river is wide." in author.get(f"{essay}/set-aside").text


def hidden(page: str) -> dict[str, str]:
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page)
    return {name: html.unescape(value) for name, value in found}


def test_what_was_set_aside_goes_on_after_ten(session: Session, cast: Cast, as_: As) -> None:
    made = make.essay(session, "draft", author=cast.stranger)
    for number in range(12):
        make.saved(session, SetAside(essay_id=made.id, text=f"Text {number}.", set_aside_at=now() + number * DAY))
    author, path = as_(cast.stranger), f"/essays/{made.id}/set-aside"
    first = author.get(path).text
    assert "Text 11." in first and "Text 1." not in first
    (following,) = re.findall(r'href="(\?after=[^"]+)"', first)
    second = author.get(path + following).text
    assert "Text 1." in second and "Text 0." in second and "Text 2." not in second


def test_a_choice_that_comes_too_late_keeps_what_was_typed(session: Session, cast: Cast, as_: As) -> None:
    edition = make.edition(session, opens_at=now() - 9 * DAY, due_at=now() - DAY)
    made = make.essay(session, "draft", edition=edition, author=cast.stranger)
    typed = text(1, edition, text="Too late, but here.")
    for answer in (
        as_(cast.stranger).post(f"/essays/{made.id}/choice", data={**typed, "keep": "mine"}),
        draft(as_(cast.stranger), made, **typed),
    ):
        assert answer.status_code == 409
        assert "The time for essays of this contest has passed." in answer.text
    chosen = as_(cast.stranger).post(f"/essays/{made.id}/choice", data=typed)
    assert (chosen.status_code, "Too late, but here." in chosen.text) == (422, True)


@pytest.mark.parametrize("language", samples.WRITTEN)
def test_what_is_saved_by_hand_becomes_paragraphs(session: Session, cast: Cast, as_: As, language: str) -> None:
    edition = make.edition(session)
    made = make.essay(session, "draft", edition=edition, author=cast.stranger)
    given = text(1, edition, language=language, text=samples.wrapped(language).replace("\n", "\r\n"))
    assert as_(cast.stranger).post(f"/essays/{made.id}/text", data=given).status_code == 303
    session.expire_all()
    assert session.get_one(Essay, made.id).text == samples.WRITTEN[language]


@pytest.mark.parametrize(
    ("rule", "shown", "hidden"),
    [
        (AiRule.ALLOWED, [], ["used_ai", "used_none"]),
        (AiRule.DISCLOSED, ['name="used_ai"', 'name="ai_use"'], ["used_none"]),
        (AiRule.BARRED, ['name="used_none"'], ['name="used_ai"']),
    ],
)
def test_the_statements_page_asks_by_the_editions_rule(
    session: Session, cast: Cast, as_: As, rule: AiRule, shown: list[str], hidden: list[str]
) -> None:
    made = make.essay(session, "draft", edition=make.edition(session, ai_rule=rule), author=cast.stranger)
    page = as_(cast.stranger).get(f"/essays/{made.id}/statements").text
    assert all(each in page for each in ['name="is_original"', *shown])
    assert not any(each in page for each in hidden)


def test_how_a_programme_was_used_is_said(session: Session, cast: Cast, as_: As) -> None:
    made = make.essay(session, "draft", author=cast.stranger)
    page = f"/essays/{made.id}/statements"
    answer = as_(cast.stranger).post(page, data={"version": 1, "used_ai": "true", "ai_use": " "})
    assert (answer.status_code, "Say which programme you used, and what for." in answer.text) == (422, True)
    stale = as_(cast.stranger).post(page, data={"version": 0, "used_ai": "true", "ai_use": "A <translator>."})
    assert (stale.status_code, "A &lt;translator&gt;." in stale.text) == (409, True)


def test_an_age_outside_the_categories_is_said_at_once(session: Session, cast: Cast, as_: As) -> None:
    made = make.essay(session, "draft", author=cast.stranger)
    author, page = as_(cast.stranger), f"/essays/{made.id}/about"
    assert "Ages 15–18" in author.get(page).text
    assert author.post(page, data=about(1, cast.home, born_on="1980-01-01")).status_code == 303
    assert "outside the age categories" in author.get(page).text


def test_the_returned_author_reads_why_and_sends_again(session: Session, cast: Cast, as_: As) -> None:
    edition = make.edition(session, opens_at=now() - 9 * DAY, due_at=now() - DAY)
    made = make.essay(
        session, "returned", edition=edition, author=cast.stranger, reason="Take <your> name out.",
        reason_code="identity",
    )  # fmt: skip
    make.consent(session, cast.stranger, edition)
    author, essay = as_(cast.stranger), f"/essays/{made.id}"
    page = author.get(essay).text
    assert "Take &lt;your&gt; name out." in page and "The text tells who wrote it." in page
    assert author.post(f"{essay}/text", data=text(1, edition, title="Better")).status_code == 303
    assert author.post(f"{essay}/submit", data={"version": 2}).status_code == 303
    assert author.post(f"{essay}/text", data=text(3, edition)).status_code == 409


def test_an_author_sees_whether_the_guardians_answer_came(session: Session, cast: Cast, as_: As) -> None:
    made = make.essay(session, "draft", author=cast.stranger)
    author, case = as_(cast.stranger), open_case(session, cast.stranger.id, Programme.CONTEST, made.edition_id)
    asked = make.named_guardian(session, case)
    assert "We asked your parent or guardian" in author.get(f"/essays/{made.id}").text
    assert author.post(f"/essays/{made.id}/submit", data={"version": 1}).status_code == 303
    assert "once your parent or guardian has answered" in author.get(f"/essays/{made.id}/receipt").text
    asked.expires_at = now() - DAY
    session.commit()
    assert "did not answer in time" in author.get(f"/essays/{made.id}").text


@pytest.mark.parametrize("path", ["draft", "text"])
def test_of_two_windows_that_save_at_once_one_is_asked(real_app: FastAPI, path: str) -> None:
    with real_app.state.database.session(writes=True) as session:
        author = make.person(session, "Author")
        made = make.essay(session, "draft", author=author)
        essay_id, signed_in = made.id, make.sign_in(session, real_app.state.settings, author)

    def save(number: int) -> int:
        client = browser(real_app)
        client.cookies.update(signed_in)
        sent = {"version": 1, "text": f"Window {number}", "sitting": str(uuid.uuid4())}
        return client.post(f"/essays/{essay_id}/{path}", data=sent).status_code

    with ThreadPoolExecutor(8) as pool:
        answers = sorted(pool.map(save, range(8)))
    assert answers == [200 if path == "draft" else 303] + [409] * 7


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
        ("about", {"nationality": "XX"}, "Choose one from the list."),
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
        make.consent(session, author, session.get_one(Edition, made.edition_id))
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


def changing_routes(essay: Essay) -> list[tuple[str, dict[str, Any]]]:
    own = f"/essays/{essay.id}"
    return [
        (f"{own}/about", {"version": 1}),
        (f"{own}/text", {"version": 1}),
        (f"{own}/draft", {"version": 1}),
        (f"{own}/choice", {"version": 1, "keep": "mine"}),
        (f"{own}/statements", {"version": 1}),
        (f"{own}/submit", {"version": 1}),
        (f"{own}/withdraw", {}),
    ]


def test_strangers_and_visitors_change_nothing(session: Session, cast: Cast, as_: As, client: TestClient) -> None:
    edition = make.edition(session)
    essay = make.essay(session, edition=edition)
    session.commit()
    stranger, coordinator = as_(cast.stranger), as_(cast.home_coordinator)
    for path, sent in changing_routes(essay):
        assert client.post(path, data=sent).status_code == 401, path
        assert stranger.post(path, data=sent).status_code in {403, 404}, path
        assert coordinator.post(path, data=sent).status_code in {403, 404}, path
        assert as_(cast.secretary).post(path, data=sent, headers=ELSEWHERE).status_code == 403, path
    assert client.post(f"/contests/{edition.slug}/write").status_code == 401
    session.expire_all()
    assert session.get_one(Essay, essay.id).status is EssayStatus.SUBMITTED
    assert session.exec(select(Edition)).one().status is EditionStatus.PUBLISHED


@pytest.mark.parametrize(
    "page",
    ["", "/about", "/text", "/statements", "/consents", "/check", "/receipt", "/submissions", "/set-aside"],
)
def test_an_essay_is_its_authors_alone(session: Session, cast: Cast, as_: As, client: TestClient, page: str) -> None:
    edition = make.edition(session)
    essay = make.essay(session, "draft", edition=edition)
    screener = make.screener(session, edition)
    session.commit()
    for other in (cast.stranger, cast.secretary, cast.home_coordinator, screener):
        assert as_(other).get(f"/essays/{essay.id}{page}").status_code == 404
    assert client.get(f"/essays/{essay.id}{page}").status_code == 303
