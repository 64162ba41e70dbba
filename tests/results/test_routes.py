"""Pages of results: who reads what from which instant on, and what is refused."""

import datetime as dt
import io
from collections.abc import Callable

import pytest
import time_machine
from fastapi.testclient import TestClient
from python_calamine import CalamineWorkbook
from sqlmodel import Session

from portal.accounts.models import Person, Role
from portal.clock import now
from portal.essays.models import Essay
from portal.juries.models import Outcome
from portal.results import queries, rules
from portal.results.models import MemberAward, Translation
from tests import make
from tests.people import Cast
from tests.results.stage import Stage

As = Callable[[Person], TestClient]
HOUR = dt.timedelta(hours=1)
MS = dt.timedelta(milliseconds=1)
ELSEWHERE = {"sec-fetch-site": "cross-site"}
FORM = {"title": "강 건너", "text": "우리의 강은", "translator": "Park Minji"}


def _here(stage: Stage, page: str = "publication") -> str:
    return f"/contests/{stage.edition.slug}/{page}"


def _changes(stage: Stage, essay: Essay) -> list[str]:
    into = f"essays/{essay.code}/translations/ko"
    pages = ("publication", "publication/confirm", "publication/take-back", "members", into, f"{into}/remove")
    return [_here(stage, page) for page in pages]


# Who may


def test_nobody_else_changes_anything(stage: Stage, cast: Cast, client: TestClient, as_: As) -> None:
    essay = stage.essay(agreed={})
    author = stage.author(essay)
    stage.session.commit()
    for path in _changes(stage, essay):
        assert client.post(path).status_code == 401
        for person in (cast.stranger, author, cast.home_coordinator):
            assert as_(person).post(path).status_code == 404
        assert as_(cast.auditor).post(path).status_code in {403, 404}
        assert as_(stage.secretary).post(path, headers=ELSEWHERE).status_code == 403


def test_a_secretary_who_judges_sees_none_of_it(stage: Stage, as_: As) -> None:
    essay = stage.essay(agreed={})
    judge = make.secretary(stage.session, "Judge")
    make.grant(stage.session, judge, Role.JUDGE, edition_id=stage.edition.id)
    browser = as_(judge)
    for path in _changes(stage, essay):
        assert browser.post(path).status_code == 404
    pages = ("publication", "members", "publication/results.xlsx", f"essays/{essay.code}/translations")
    for page in (*pages, f"essays/{essay.code}/translations/ko"):
        assert browser.get(_here(stage, page)).status_code == 404


def test_a_secretary_who_judged_and_left_sees_as_little(stage: Stage, cast: Cast, as_: As) -> None:
    essay = stage.essay(agreed={})
    judge = make.secretary(stage.session, "Left today")
    yesterday = now().date() - dt.timedelta(days=1)
    over = {"begins_on": now().date(), "ends_on": yesterday}  # as leaving on the first day ends it
    make.grant(stage.session, judge, Role.JUDGE, edition_id=stage.edition.id, **over)
    never = make.secretary(stage.session, "Never began")
    before = {"begins_on": yesterday, "ends_on": yesterday - dt.timedelta(days=2)}
    make.grant(stage.session, never, Role.JUDGE, edition_id=stage.edition.id, **before)
    left, other = as_(judge), as_(never)
    for page in ("judges", "deal", "order", "order/bias", "order/bundle.zip", "jury", "publication", "appeals"):
        assert left.get(_here(stage, page)).status_code == 404, page
        assert other.get(_here(stage, page)).status_code == 200, page
    assert left.get(_here(stage, f"essays/{essay.code}/judges")).status_code == 404
    assert left.get(f"/contests/{stage.edition.slug}").status_code == 200
    assert "to confirm" not in left.get("/").text


def test_strangers_find_no_pages_of_the_secretariat(stage: Stage, cast: Cast, client: TestClient, as_: As) -> None:
    essay = stage.essay()
    stage.session.commit()
    for page in ("publication", "members", "publication/results.xlsx", f"essays/{essay.code}/translations"):
        assert client.get(_here(stage, page)).headers["location"].startswith("/sign-in")
        assert as_(cast.stranger).get(_here(stage, page)).status_code == 404


# Publication


def test_the_publication_tells_of_every_essay(stage: Stage, as_: As) -> None:
    stage.essay(Outcome.AWARDED)
    stage.essay(Outcome.NOT_AWARDED)
    make.essay(stage.session, "in_judging", edition=stage.edition)  # did not reach the final round
    page = as_(stage.secretary)
    told = page.get(_here(stage)).text
    assert "never given to a judge" not in told
    assert queries.figures(stage.session, stage.edition) == {Outcome.AWARDED: 1, Outcome.NOT_AWARDED: 2}
    for state in ("admitted", "submitted", "returned", "disqualified", "withdrawn", "draft"):
        make.essay(stage.session, state, edition=stage.edition)
    stage.session.commit()
    assert "3 essays were sent and never given to a judge" in page.get(_here(stage)).text
    assert queries.figures(stage.session, stage.edition)[Outcome.NOT_AWARDED] == 2


def test_ordered_confirmed_and_out(stage: Stage, client: TestClient, as_: As) -> None:
    essay = stage.essay(agreed={})
    first, second = as_(stage.secretary), as_(stage.colleague)
    with time_machine.travel(now().replace(microsecond=0), tick=False) as clock:
        assert "Order the publication" in first.get(_here(stage)).text
        local = (now() + 2 * HOUR + 9 * HOUR).strftime("%Y-%m-%dT%H:%M")  # in Seoul
        assert first.post(_here(stage), data={"when": "later", "publish_at": local}).status_code == 303
        found = queries.publication(stage.session, stage.edition)
        assert found is not None
        assert found.publish_at == (now() + 2 * HOUR).replace(second=0)
        assert "so a colleague confirms it" in first.get(_here(stage)).text
        assert "Publications to confirm" in second.get("/").text
        seen = {"seen": rules.mark(found)}
        assert first.post(_here(stage, "publication/confirm"), data=seen).status_code == 409
        assert second.post(_here(stage, "publication/confirm")).status_code == 409
        assert second.post(_here(stage, "publication/confirm"), data=seen).status_code == 303
        assert second.post(_here(stage, "publication/confirm"), data=seen).status_code == 409
        clock.move_to(found.publish_at - MS)
        assert "not out yet" in client.get(_here(stage, "results")).text
        clock.move_to(found.publish_at)
        assert essay.title in client.get(_here(stage, "results")).text
        first = as_(stage.secretary)  # who was away for two hours
        assert first.post(_here(stage, "publication/take-back")).status_code == 409
        assert first.post(_here(stage), data={"when": "at_once"}).status_code == 409


@pytest.mark.parametrize(("data", "sentence"), [
    ({}, "When the results come out"), ({"when": "never"}, "Choose one from the list"),
    ({"when": "later"}, "Enter the time of the publication"),
    ({"when": "later", "publish_at": "soon"}, "Enter a date and a time"),
])  # fmt: skip
def test_a_wrong_order_is_shown_again(stage: Stage, as_: As, data: dict[str, str], sentence: str) -> None:
    answer = as_(stage.secretary).post(_here(stage), data=data)
    assert answer.status_code == 422
    assert sentence in answer.text


def test_a_time_in_the_past_is_refused(stage: Stage, as_: As) -> None:
    answer = as_(stage.secretary).post(_here(stage), data={"when": "later", "publish_at": "2020-01-01T10:00"})
    assert answer.status_code == 409
    assert "2020-01-01T10:00" in answer.text


def test_before_the_jury_nothing_is_ordered(session: Session, as_: As) -> None:
    stage = Stage(session, is_decided=False)
    browser = as_(stage.secretary)
    assert "not confirmed yet" in browser.get(_here(stage)).text
    assert "not confirmed yet" in browser.post(_here(stage), data={"when": "at_once"}).text
    assert browser.post(_here(stage), data={"when": "at_once"}).status_code == 409
    assert browser.post(_here(stage, "publication/take-back")).status_code == 409
    assert browser.post(_here(stage, "members")).status_code == 409
    assert browser.get(_here(stage, "publication/results.xlsx")).status_code == 409


# The instant


@pytest.mark.parametrize(("shift", "is_out"), [(-MS, False), (dt.timedelta(), True), (MS, True)])
def test_at_one_instant_for_everybody(
    stage: Stage, cast: Cast, client: TestClient, as_: As, shift: dt.timedelta, is_out: bool
) -> None:
    essay = stage.essay(agreed={}, title="Unmistakable title")
    author = stage.author(essay)
    # Later than what `as_` keeps of a browser, sooner than it forgets it.
    at = now() + dt.timedelta(minutes=5)
    stage.publish(at)
    readers = [client, as_(cast.stranger), as_(author), as_(cast.home_coordinator)]
    with time_machine.travel(at + shift, tick=False):
        for reader in readers:
            assert ("Unmistakable title" in reader.get(_here(stage, "results")).text) is is_out
            assert reader.get(_here(stage, f"results/{essay.code}")).status_code == (200 if is_out else 404)
            assert ("/results" in reader.get(f"/contests/{stage.edition.slug}").text) is is_out
            assert ("Results are out" in reader.get("/").text) is is_out
        page = as_(author).get(f"/essays/{essay.id}")
        assert (f"/essays/{essay.id}/result" in page.text) is is_out
        assert "In judging" in page.text
        own = as_(author).get(f"/essays/{essay.id}/result")
        assert own.status_code == (200 if is_out else 409)
        assert ("Grand prize" in own.text) is is_out


# What everybody reads


def test_the_gallery(stage: Stage, client: TestClient) -> None:
    named = stage.essay(agreed={})
    stage.essay(award=stage.silver)
    stage.essay(Outcome.COMMENDED, agreed={"name": False})
    stage.withhold(stage.silver)
    given = {"entries": 3, "given_by": stage.secretary.id, "government_id": make.government(stage.session, "KR-47").id}
    make.saved(stage.session, MemberAward(edition_id=stage.edition.id, **given))
    stage.publish()
    stage.session.commit()
    answer = client.get(_here(stage, "results"))
    assert answer.status_code == 200
    assert answer.text.count("Batbayar Bold") == 1
    assert answer.text.count("An author from") == 2
    assert "Silver (1 place)" in answer.text
    assert "Secretreason" not in answer.text
    assert "Awards to member governments" in answer.text
    assert _here(stage, f"results/{named.code}") in answer.text
    assert answer.headers["x-robots-tag"] == "noindex, nofollow"
    shown = answer.text.split("<main")[1].split("</main")[0]
    for essay in stage.essays:  # codes may have any digits
        shown = shown.replace(str(essay.code), "")
    for never in ("School No. 7", "2010", "16", str(named.id), "@"):
        assert never not in shown


def test_no_award_at_all(stage: Stage, client: TestClient) -> None:
    stage.publish()
    stage.session.commit()
    answer = client.get(_here(stage, "results"))
    assert "No award was given" in answer.text
    assert "x-robots-tag" not in answer.headers


def test_an_essay_in_its_language_and_another(stage: Stage, client: TestClient) -> None:
    essay = stage.essay(agreed={}, text="I am ▇▇▇, and the river is wide.")
    given = {"title": "강 건너", "text": "강은 넓다", "translator": "Park Minji", "entered_by": stage.secretary.id}
    make.saved(stage.session, Translation(essay_id=essay.id, language="ko", **given))
    stage.publish()
    stage.session.commit()
    path = _here(stage, f"results/{essay.code}")
    answer = client.get(path)
    assert '<article class="portal-essay" lang="en">' in answer.text
    assert "▇▇▇" in answer.text
    assert "강은 넓다" not in answer.text
    assert answer.headers["x-robots-tag"] == "noindex, nofollow"
    translated = client.get(f"{path}?text=ko")
    assert '<article class="portal-essay" lang="ko">' in translated.text
    assert "Translated from English by Park Minji" in translated.text
    assert client.get(f"{path}?text=ru").status_code == 404
    assert client.get(_here(stage, "results/NOTTHERE")).status_code == 404


def test_grown_authors_may_be_found(stage: Stage, client: TestClient) -> None:
    essay = stage.essay(agreed={})
    make.authorship(stage.session, essay).born_on = dt.date(1990, 1, 1)
    stage.publish()
    stage.session.commit()
    for page in ("results", f"results/{essay.code}"):
        assert "x-robots-tag" not in client.get(_here(stage, page)).headers


# One's own


def test_an_own_result_is_nobody_elses(stage: Stage, cast: Cast, client: TestClient, as_: As) -> None:
    essay, other = stage.essay(place=1), stage.essay(Outcome.NOT_AWARDED, place=7)
    for each in (essay, other):
        stage.judged(each, [(7, 8, 9, 10, 6), (5, 5, 5, 5, 5)], comment="A strong ending.", private_note="Privatenote")
    stage.publish()
    page = as_(stage.author(essay)).get(f"/essays/{essay.id}/result")
    assert page.status_code == 200
    assert "Grand prize" in page.text
    assert page.text.count("A strong ending.") == 2
    assert "Place in the order of the marks" in page.text
    theirs = as_(stage.author(other)).get(f"/essays/{other.id}/result")
    assert "Place in the order of the marks" not in theirs.text
    for text in (page.text, theirs.text):
        assert "Privatenote" not in text
    path = f"/essays/{essay.id}/result"
    assert client.get(path).headers["location"].startswith("/sign-in")
    for person in (stage.author(other), cast.stranger, stage.secretary, cast.auditor):
        assert as_(person).get(path).status_code == 404


def test_who_was_not_judged_is_told_so(stage: Stage, as_: As) -> None:
    essay = make.essay(stage.session, "disqualified", edition=stage.edition)
    stage.publish()
    browser = as_(stage.author(essay))
    assert browser.get(f"/essays/{essay.id}/result").status_code == 409
    assert f"/essays/{essay.id}/result" not in browser.get(f"/essays/{essay.id}").text


# Translations


def test_a_translation_is_entered_changed_and_removed(stage: Stage, as_: As) -> None:
    essay = stage.essay(agreed={})
    browser, here = as_(stage.secretary), _here(stage, f"essays/{essay.code}/translations")
    assert browser.get(here).status_code == 200
    assert browser.get(f"{here}/ko").status_code == 200
    wrong = browser.post(f"{here}/ko", data={**FORM, "title": ""})
    assert wrong.status_code == 422
    assert FORM["text"] in wrong.text
    assert browser.post(f"{here}/ko", data=FORM).headers["location"] == here
    assert FORM["title"] in browser.get(here).text
    assert FORM["translator"] in browser.get(f"{here}/ko").text
    assert browser.post(f"{here}/ko/remove").status_code == 303
    assert browser.post(f"{here}/ko/remove").status_code == 409
    for language in ("en", "fr", ""):
        assert browser.get(f"{here}/{language}").status_code in {404, 307}
        assert browser.post(f"{here}/{language or 'xx'}", data=FORM).status_code == 404


def test_no_translation_without_consent(stage: Stage, as_: As) -> None:
    essay = stage.essay(agreed={"translation": False})
    browser, here = as_(stage.secretary), _here(stage, f"essays/{essay.code}/translations")
    assert "has not agreed" in browser.get(here).text
    assert browser.get(f"{here}/ko").status_code == 409
    answer = browser.post(f"{here}/ko", data=FORM)
    assert answer.status_code == 409
    assert FORM["text"] in answer.text


# Members


def test_members_are_chosen(stage: Stage, as_: As) -> None:
    few, many = (make.government(stage.session, code) for code in ("MN-1", "KR-47"))
    for government in (few, many, many):
        make.essay(stage.session, "admitted", edition=stage.edition, government=government)
    browser, here = as_(stage.secretary), _here(stage, "members")
    assert "2 essays, 66.7 % of all" in browser.get(here).text
    refused = browser.post(here, data={"government_ids": [str(few.id)]})
    assert refused.status_code == 422
    assert "Say why" in refused.text
    assert browser.post(here, data={"government_ids": [str(few.id)], "reason": "New."}).status_code == 303
    assert browser.post(here, data={"government_ids": [str(many.id)]}).status_code == 303
    assert many.name("en") in browser.get(_here(stage)).text
    nobody = make.government(stage.session, "JP-32")
    assert browser.post(here, data={"government_ids": [str(nobody.id)]}).status_code == 422


# The list for staff


def _cells(answer: object) -> list[str]:
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()  # type: ignore[attr-defined]
    return [str(cell) for row in rows[1:] for cell in row]


def test_the_list_names_who_agreed_and_all_for_screeners(stage: Stage, cast: Cast, as_: As) -> None:
    agreed = stage.essay(agreed={}, place=1)
    stage.essay(Outcome.NOT_AWARDED)
    screener = make.screener(stage.session, stage.edition)
    path = _here(stage, "publication/results.xlsx")
    assert as_(screener).get(path).status_code == 409  # whoever knows authors decides nothing, and learns it later
    assert "Not awarded" not in as_(screener).get(_here(stage)).text
    before = _cells(as_(stage.secretary).get(path))
    assert agreed.code in before
    assert "Batbayar Bold" not in before
    assert "MN-1" not in before
    stage.publish()
    assert _cells(as_(stage.secretary).get(path)).count("Batbayar Bold") == 1
    assert _cells(as_(cast.auditor).get(path)).count("Batbayar Bold") == 1
    assert _cells(as_(screener).get(path)).count("Batbayar Bold") == 2
