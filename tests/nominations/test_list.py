"""What waits, the list of applicants, and the spreadsheet of it."""

import datetime as dt
import html
import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient
from python_calamine import CalamineWorkbook
from sqlmodel import Session

from portal.applications.models import Application, Status
from portal.calls.models import Call
from portal.clock import now
from portal.nominations import listing
from portal.nominations.words import Sort
from portal.registry.rules import folded
from tests import counting, make
from tests.database import JoinedDatabase
from tests.people import Cast

As = Callable[..., TestClient]
LINK = re.compile(r'href="(/nominations/list\?[^"]*after=[^"]*)"')


def _made(session: Session, cast: Cast, call: Call, state: Status | str = "submitted", **fields: Any) -> Application:
    given = {"home": cast.home, "call": call, "choices": [], **fields}
    name = given.get("roman_name", "Batbayar Tuul")
    made = make.application(session, state, search_text=folded(name), **given)
    session.commit()
    return made


def _names(page: str) -> list[str]:
    return re.findall(r"<br>(Row \d+)<br>", page)


def _all_pages(client: TestClient, path: str) -> list[str]:
    page = client.get(path).text
    found = _names(page)
    while link := LINK.search(page.partition("govuk-pagination")[2]):
        page = client.get(html.unescape(link[1])).text
        found += _names(page)
    return found


def test_the_list_holds_the_own_governments_applications_only(session: Session, cast: Cast, as_: As) -> None:
    call = make.call(session)
    _made(session, cast, call, native_name="Shown")
    _made(session, cast, call, native_name="Foreign", home=cast.elsewhere)
    _made(session, cast, call, "draft", native_name="Unsent")
    _made(session, cast, call, "withdrawn", native_name="Gone", number="P27-AAAAA")
    _made(session, cast, call, native_name="Myself", applicant=cast.home_coordinator)
    barred = _made(session, cast, call, native_name="Nephew")
    make.kinship(session, barred, cast.home_coordinator)
    session.commit()
    client = as_(cast.home_coordinator)
    page = client.get("/nominations/list").text
    names = ("Shown", "Gone", "Foreign", "Unsent", "Myself", "Nephew")
    assert [name in page for name in names] == [True, True, False, False, False, False]
    narrowed = client.get(f"/nominations/list?call={call.slug}&status=submitted").text
    assert ("Shown" in narrowed, "Gone" in narrowed) == (True, False)
    staff = as_(cast.secretary).get("/nominations/list").text
    assert [name in staff for name in names] == [True, True, True, False, True, True]
    assert "Foreign" not in as_(cast.secretary).get("/nominations/list?home=MN-1").text
    assert as_(cast.stranger).get("/nominations/list").status_code == 403
    assert as_(cast.stranger).get("/nominations").status_code == 403


@pytest.mark.parametrize(
    "query", ["call=%3Cx&status=none&sort=?", "q=%00%25_", "home=XX&paper=1", "q=" + "x" * 5000, "call=%00"]
)
def test_filters_that_name_nothing_do_no_harm(session: Session, cast: Cast, as_: As, query: str) -> None:
    _made(session, cast, make.call(session))
    assert as_(cast.home_coordinator).get(f"/nominations/list?{query}").status_code == 200


def test_the_list_is_searched_by_name_and_narrowed_to_paper(session: Session, cast: Cast, as_: As) -> None:
    call = make.call(session)
    _made(session, cast, call, roman_name="Row 1", native_name="Бат")
    paper = {"entered_by": cast.home_coordinator.id, "form_scan_id": make.stored_file(session, cast.applicant).id}
    paper |= {"consent_scan_id": make.stored_file(session, cast.applicant).id}
    _made(session, cast, call, roman_name="Row 2", **paper)
    client = as_(cast.home_coordinator)
    assert _names(client.get("/nominations/list?q=ROW+1").text) == ["Row 1"]
    assert _names(client.get("/nominations/list?q=%25").text) == []
    from_paper = client.get("/nominations/list?paper=yes").text
    assert (_names(from_paper), "Entered from paper" in from_paper) == (["Row 2"], True)


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        (Sort.SUBMITTED, [5, 4, 3, 2, 1]), (Sort.NAME, [1, 2, 3, 4, 5]), (Sort.STATE, [2, 4, 5, 1, 3]),
        (Sort.MERIT, [4, 2, None, None, None]),
    ],
)  # fmt: skip
def test_every_order_survives_paging(
    session: Session, cast: Cast, as_: As, monkeypatch: pytest.MonkeyPatch, sort: Sort, order: list[int | None]
) -> None:
    monkeypatch.setattr(listing, "PAGE", 2)
    call, states = make.call(session), ["submitted", "nominated", "submitted", "nominated", "not_nominated"]
    for number, state in enumerate(states, 1):
        at = now() + dt.timedelta(minutes=number)
        merit = {"merit": 9 - number} if state == "nominated" else {}
        _made(session, cast, call, state, roman_name=f"Row {number}", submitted_at=at, **merit)
    found = _all_pages(as_(cast.home_coordinator), f"/nominations/list?call={call.slug}&q=row&sort={sort}")
    assert sorted(found) == [f"Row {number}" for number in range(1, 6)]
    assert [name for name, number in zip(found, order, strict=True) if number] == [f"Row {n}" for n in order if n]
    # Leafing from one to the next goes the same way, and back.
    wanted = listing.Wanted(call.id, sort=sort, term="row")
    viewer = make.viewer(session, cast.home_coordinator)
    rows = list(listing.all_rows(session, viewer, wanted))
    assert [row.roman_name for row in rows] == found
    beside = [listing.neighbours(session, viewer, wanted, row) for row in rows]
    ids = [row.id for row in rows]
    assert [each.next for each in beside] == [*ids[1:], None]
    assert [each.previous for each in beside] == [None, *ids[:-1]]


def test_list_and_dashboard_run_as_many_queries_for_three_as_for_one(
    session: Session, cast: Cast, as_: As, database: JoinedDatabase
) -> None:
    client, call = as_(cast.home_coordinator), make.call(session)
    for path, seen in (("/nominations/list", "Row "), ("/nominations", None)):
        counts = []
        for more in (1, 2):
            for _ in range(more):
                _made(session, cast, call, roman_name="Row 7")
            with counting.queries(database) as found:
                page = client.get(path)
            assert page.status_code == 200
            counts.append(len(found))
            assert seen is None or seen in page.text
        assert counts[0] == counts[1], path


# What waits


def test_the_dashboard_says_what_waits_and_by_when(session: Session, cast: Cast, as_: As) -> None:
    call = make.call(session, nomination_quota=3)
    for _ in range(2):
        _made(session, cast, call)
    _made(session, cast, call, returned_at=now())
    _made(session, cast, call, "returned")
    _made(session, cast, call, "nominated")
    _made(session, cast, call, home=cast.elsewhere)
    page = as_(cast.home_coordinator).get("/nominations").text
    shown = dict(re.findall(r"<dt>([^<]*)</dt><dd>([^<]*)</dd>", page))
    assert shown == {
        "New": "2", "Corrected, came back": "1", "Returned, with the applicant": "1", "Nominated": "1",
        "Places left": "2",
    }  # fmt: skip
    assert "3 applications wait for your decision." in page
    assert "in Seoul (UTC+9)" in page
    assert call.titles["en"] in as_(cast.secretary).get("/nominations").text


def test_the_dashboard_counts_the_places_that_the_country_shares(session: Session, cast: Cast, as_: As) -> None:
    call = make.call(session, country_caps={"MN": 2})
    _made(session, cast, call, "nominated", home=make.government(session, "MN-035"))
    _made(session, cast, call)
    page = as_(cast.home_coordinator).get("/nominations").text
    assert dict(re.findall(r"<dt>([^<]*)</dt><dd>([^<]*)</dd>", page))["Places left"] == "1"


def test_empty_dashboards_say_what_to_do(session: Session, cast: Cast, as_: As) -> None:
    client = as_(cast.home_coordinator)
    assert "No call takes nominations at the moment." in client.get("/nominations").text
    make.call(session)
    session.commit()
    assert "Tell young people in your region" in client.get("/nominations").text
    assert "Nobody has submitted an application yet" in client.get("/nominations/list").text


# The spreadsheet


def _sheet(content: bytes) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def test_the_spreadsheet_holds_what_the_list_shows_as_text(session: Session, cast: Cast, as_: As) -> None:
    call = make.call(session)
    evil = _made(session, cast, call, native_name="=HYPERLINK(1)", roman_name="@Row 1", phone="+97699112233")
    _made(session, cast, call, "nominated", roman_name="Row 2")
    _made(session, cast, call, native_name="Foreign", home=cast.elsewhere)
    nephew = _made(session, cast, call, native_name="Nephew")
    make.kinship(session, nephew, cast.home_coordinator)
    make.note(session, evil, cast.home_coordinator, text="A private remark")
    session.commit()
    client = as_(cast.home_coordinator)
    answer = client.get(f"/nominations/list.xlsx?call={call.slug}&sort=name")
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["cache-control"] == "no-store"
    rows = _sheet(answer.content)
    assert [row[2] for row in rows[1:]] == ["@Row 1", "Row 2"]
    assert rows[1][1] == "=HYPERLINK(1)"
    assert "+97699112233" in rows[1]
    assert "A private remark" not in str(rows)
    narrowed = client.get(f"/nominations/list.xlsx?call={call.slug}&status=nominated")
    assert [row[2] for row in _sheet(narrowed.content)[1:]] == ["Row 2"]


def test_the_spreadsheet_is_for_coordinators_only(session: Session, cast: Cast, as_: As, client: TestClient) -> None:
    _made(session, cast, make.call(session))
    path = "/nominations/list.xlsx"
    assert client.get(path).status_code == 303 or client.get(path).status_code == 401
    for person in (cast.stranger, cast.applicant, cast.secretary, cast.auditor):
        assert as_(person).get(path).status_code == 403
    assert as_(cast.other_coordinator).get(path).status_code == 404
