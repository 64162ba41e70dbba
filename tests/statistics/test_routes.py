import csv
import io
import re
from collections.abc import Callable

import html5lib
import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from portal.accounts.models import Role
from portal.accounts.viewer import VISITOR
from portal.calls.models import Call
from portal.contests.models import EditionStatus
from portal.registry.models import Government
from portal.statistics import queries, rules
from portal.statistics.words import Measure
from tests import counting, make
from tests.database import JoinedDatabase
from tests.people import Cast
from tests.results.stage import Stage

As = Callable[..., TestClient]


def stays(
    session: Session, call: Call, home: Government, host: Government, number: int, state: str = "completed"
) -> None:
    opening = make.opening(session, call, host, capacity=number)
    for _ in range(number):
        application = make.application(session, "nominated", home=home, call=call, choices=[opening])
        make.placement(session, state, application=application, opening=opening)


def published(session: Session, number: int, home: Government) -> Stage:
    stage = Stage(session)
    for _ in range(number):
        stage.essay(government=home)
    stage.publish()
    return stage


def row(text: str, code: str) -> list[str]:
    """A region's numbers in the table."""
    found = text[text.index('id="regions"') :]
    line = re.search(rf'<tr[^>]*><th[^>]*><a [^>]*href="/governments/{code}">.*?</tr>', found, re.DOTALL)
    assert line
    return re.findall(r"--numeric\">([^<]*)</td>", line[0])


def test_a_visitor_sees_what_is_public_and_nobody_apart(session: Session, cast: Cast, client: TestClient) -> None:
    call = make.call(session)
    stays(session, call, cast.home, cast.host, 3)
    stays(session, call, cast.home, cast.elsewhere, 1)
    stays(session, call, cast.home, cast.elsewhere, 5, "active")
    make.opening(session, call, cast.host, status="draft")
    published(session, 2, cast.home)
    session.commit()
    text = client.get("/statistics").text
    assert [row(text, code) for code in ("MN-1", "KR-47", "JP-32")] == [
        ["4", "0", "0", "1–2", "1–2"], ["0", "1", "3", "0", "0"], ["0", "2", "1–2", "0", "0"],
    ]  # fmt: skip
    assert 'aria-label="Ulaanbaatar City: 4"' in text
    assert "Applicants" not in text
    assert "/statistics.csv" not in text


@pytest.mark.parametrize("who", ["secretary", "auditor"])
def test_staff_see_all(session: Session, cast: Cast, as_: As, who: str) -> None:
    call = make.call(session)
    stays(session, call, cast.home, cast.host, 1)
    make.application(session, "submitted", home=cast.home, call=call)
    make.application(session, "draft", home=cast.home, call=call)
    make.essay(session, "in_judging", government=cast.home)
    text = as_(getattr(cast, who)).get("/statistics").text
    assert row(text, "MN-1") == ["2", "1", "1", "1", "0", "0", "1", "0"]


def test_one_call_or_edition_is_counted_alone(session: Session, cast: Cast, client: TestClient) -> None:
    call, other = make.call(session), make.call(session)
    stays(session, call, cast.home, cast.host, 3)
    stays(session, other, cast.home, cast.host, 4)
    edition = published(session, 3, cast.elsewhere).edition
    session.commit()
    assert row(client.get(f"/statistics?of=calls.{call.slug}").text, "MN-1") == ["3", "0", "0"]
    assert row(client.get("/statistics?of=calls").text, "MN-1") == ["7", "0", "0"]
    assert row(client.get(f"/statistics?of=editions.{edition.slug}").text, "JP-32") == ["3", "3"]


def test_a_call_or_edition_that_one_may_not_see_is_not_found(
    session: Session, cast: Cast, client: TestClient, as_: As
) -> None:
    running, draft = make.edition(session), make.edition(session, status=EditionStatus.DRAFT)
    call = make.call(session, status="draft")
    session.commit()
    hidden = (f"editions.{running.slug}", f"editions.{draft.slug}", f"calls.{call.slug}", "calls.x", "%00", "neither")
    for of in hidden:
        assert client.get(f"/statistics?of={of}").status_code == 404
    for of in hidden[:3]:
        assert as_(cast.secretary).get(f"/statistics?of={of}").status_code == 200


def test_who_judges_an_edition_learns_nothing_of_it(session: Session, cast: Cast, as_: As) -> None:
    """What they see is the same before and after essays of the edition come, also for a secretary who judges it."""
    edition = make.edition(session)
    judge = make.judge(session, edition, cast.elsewhere, ["en"]).person
    make.grant(session, cast.secretary, Role.JUDGE, edition_id=edition.id)
    browsers = [as_(judge), as_(cast.secretary)]
    before = [browser.get("/statistics").text for browser in browsers]
    for _ in range(4):
        make.essay(session, "in_judging", edition=edition, government=cast.home)
    session.commit()
    assert [browser.get("/statistics").text for browser in browsers] == before
    assert [b.get(f"/statistics?of=editions.{edition.slug}").status_code for b in browsers] == [404, 404]
    assert row(as_(make.secretary(session, "Other")).get("/statistics?of=editions").text, "MN-1") == ["4", "0"]


def test_after_the_publication_who_judged_sees_what_everybody_sees(session: Session, cast: Cast, as_: As) -> None:
    stage = published(session, 2, cast.home)
    make.grant(session, cast.secretary, Role.JUDGE, edition_id=stage.edition.id)
    text = as_(cast.secretary).get(f"/statistics?of=editions.{stage.edition.slug}").text
    assert row(text, "MN-1") == ["1–2", "1–2"]


def test_a_withdrawn_essay_and_awards_to_come_are_not_counted(session: Session, cast: Cast) -> None:
    stage = Stage(session)
    stage.essay(government=cast.home)
    make.essay(session, "withdrawn", edition=stage.edition, government=cast.home)
    make.essay(session, "disqualified", edition=stage.edition, government=cast.home)
    viewer = make.viewer(session, cast.auditor)
    found = queries.lines(session, viewer, queries.scope(session, viewer))
    [line] = [line for line in found if line.home and line.home.id == cast.home.id]
    assert (line.figure(Measure.ESSAYS).most, line.figure(Measure.AWARDED).most) == (1, 0)


def test_the_map_is_shaded_by_the_chosen_number(session: Session, cast: Cast, client: TestClient) -> None:
    call = make.call(session)
    stays(session, call, cast.home, cast.host, 3)
    stays(session, call, cast.elsewhere, cast.host, 9)
    session.commit()
    text = client.get("/statistics?shade=completed").text
    assert 'href="#m1-MN-1" class="portal-map__region portal-shade-2"' in text
    assert 'href="#m2-JP-32" class="portal-map__region portal-shade-5"' in text
    assert 'href="#m1-RU-AMU" class="portal-map__region portal-shade-0"' in text
    legend = text[text.index('class="portal-legend"') :].partition("</ul>")[0]
    assert re.findall(r"</svg>([^<]*)</li>", legend) == ["0", "3", "9"]


def test_the_table_is_sorted_by_a_link(session: Session, cast: Cast, client: TestClient) -> None:
    call = make.call(session)
    stays(session, call, cast.elsewhere, cast.host, 3)
    session.commit()
    text = client.get("/statistics?sort=completed&of=calls&shade=hosted").text
    assert re.findall(r'<th scope="row"[^>]*><a class="govuk-link" href="/governments/([^"]*)"', text)[0] == "JP-32"
    assert 'aria-sort="descending"' in text
    assert "/statistics?of=calls&amp;shade=hosted&amp;sort=openings#regions" in text
    assert client.get("/statistics?sort=luck&shade=luck").status_code == 200


def test_with_nothing_to_count_it_says_what_to_do(client: TestClient) -> None:
    text = client.get("/statistics").text
    assert "There is nothing to count here yet." in text
    html5lib.HTMLParser(strict=True).parse(text)


def test_the_page_is_well_formed_in_whatever_language(session: Session, cast: Cast, client: TestClient) -> None:
    stays(session, make.call(session), cast.home, cast.host, 3)
    session.commit()
    for language in ("en", "zh-Hans", "ja", "ko", "mn", "ru"):
        text = client.get(f"/statistics?lang={language}").text
        html5lib.HTMLParser(strict=True).parse(text)
        ids = re.findall(r'\sid="([^"]+)"', text)
        assert sorted(ids) == sorted(set(ids))
        assert "style=" not in text


def test_a_page_of_much_asks_no_more_than_one_of_little(
    session: Session, cast: Cast, as_: As, database: JoinedDatabase
) -> None:
    secretary = as_(cast.secretary)

    def one_more() -> int:
        stays(session, make.call(session), cast.home, cast.host, 1)
        published(session, 1, cast.home)
        session.commit()
        return counting.queries_of(database, lambda: secretary.get("/statistics"))

    assert len({one_more() for _ in range(3)}) == 1


# The file


def test_staff_take_the_numbers_away(session: Session, cast: Cast, as_: As) -> None:
    call = make.call(session)
    stays(session, call, cast.home, cast.host, 2)
    answer = as_(cast.auditor).get(f"/statistics.csv?of=calls.{call.slug}")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0][:4] == ["ISO 3166-2 code", "Region", "Country", "Applicants"]
    assert ["MN-1", "Ulaanbaatar City", "Mongolia", "2", "2", "2", "2", "0", "0"] in rows
    assert len(rows) == 1 + 76


def test_nobody_else_takes_them_away(session: Session, cast: Cast, as_: As, client: TestClient) -> None:
    assert client.get("/statistics.csv").status_code == 303
    for person in (cast.stranger, cast.home_coordinator, make.judge(session, make.edition(session)).person):
        assert as_(person).get("/statistics.csv").status_code == 403


def test_what_a_visitor_may_not_see_is_not_even_counted(session: Session, cast: Cast) -> None:
    make.application(session, "submitted", home=cast.home)
    found = queries.lines(session, VISITOR, queries.scope(session, VISITOR))
    assert rules.total(found).figure(Measure.APPLICANTS).most == 0
