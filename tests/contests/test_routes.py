import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from portal.contests import words
from portal.contests.forms import key
from portal.contests.models import Edition
from portal.essays import rules
from portal.history.models import Entry
from tests import make
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


def test_field_names_are_one_for_each_language() -> None:
    assert [key(code) for code in words.LIMITS] == ["en", "zh_hans", "ja", "ko", "mn", "ru"]
    assert set(rules.COUNTED_IN_CHARACTERS) < set(words.LIMITS)
