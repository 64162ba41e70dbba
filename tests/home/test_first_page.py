"""The first page: what waits for whom and until when, what is open, and what to do where nothing is."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from portal.accounts.models import Role
from portal.calls.models import Call
from portal.home import queries
from portal.i18n import N_, instant
from portal.waiting import Waiting, in_order
from tests import counting, make
from tests.database import JoinedDatabase
from tests.people import Cast

As = Callable[..., TestClient]
AT = dt.datetime(2027, 3, 1, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


def test_what_is_due_first_comes_first() -> None:
    found = [Waiting(n, N_("Essays"), "/", due_at) for n, due_at in enumerate((None, AT + 2 * DAY, AT + DAY, AT - DAY))]
    ordered = in_order(found, AT)
    assert [each.count for each in ordered] == [2, 1, 0, 3]
    assert ordered[-1].due_at is None


def h1(text: str) -> str:
    [found] = re.findall(r"<h1[^>]*>([^<]*)</h1>", text)
    return str(found)


def test_a_visitor_is_greeted_and_sees_the_map_and_then_what_is_open(session: Session, client: TestClient) -> None:
    call = make.call(session, titles={"en": "Spring in the regions"})
    edition = make.edition(session, titles={"en": "One river"})
    session.commit()
    text = client.get("/").text
    assert h1(text) == "Work, write and meet across Northeast Asia"
    assert text.index("<figure") < text.index("Open now") < text.index(call.slug)
    assert edition.slug in text
    assert "What waits for you" not in text


def test_who_is_signed_in_begins_with_what_waits_and_until_when(session: Session, cast: Cast, as_: As) -> None:
    applicant = make.person(session, zone="Asia/Ulaanbaatar")
    draft = make.application(session, "draft", applicant=applicant)
    offer = make.placement(session, "offered", application=make.application(session, "nominated", applicant=applicant))
    assert offer.expires_at
    due_at = session.get_one(Call, draft.call_id).applications_due_at
    text = as_(applicant).get("/").text
    assert h1(text) == "What waits for you"
    assert f"Until {instant(offer.expires_at, 'Asia/Ulaanbaatar')}" in text
    assert f"Until {instant(due_at, 'Asia/Ulaanbaatar')}" in text
    assert text.index("What waits for you</h1>") < text.index("Open now") < text.index("<figure")


def until(session: Session, person: object) -> dict[str, dt.datetime | None]:
    viewer = make.viewer(session, person)  # type: ignore[arg-type]
    return {str(each.text): each.due_at for each in queries.waiting_for(session, viewer)}


def test_each_role_is_told_until_when(session: Session, cast: Cast) -> None:
    call = make.call(session)
    make.application(session, "submitted", home=cast.home, call=call)
    assert until(session, cast.home_coordinator) == {"Applications to decide on": call.nominations_due_at}
    edition = make.edition(session)
    author = make.person(session)
    make.essay(session, "draft", edition=edition, author=author)
    assert until(session, author) == {"Essays to finish and send": edition.due_at}
    judge = make.judge(session, edition, cast.elsewhere, ["en"])
    make.appointment(session, make.essay(session, "in_judging", edition=edition), judge)
    assert until(session, judge.person) == {"Essays to mark": edition.judging_due_at}


def test_a_deadline_that_has_passed_is_none(session: Session, cast: Cast) -> None:
    past = dict.fromkeys(("opens_at", "openings_due_at"), AT - 1000 * DAY)
    past |= dict.fromkeys(("applications_due_at", "corrections_due_at", "nominations_due_at"), AT - 900 * DAY)
    call = make.call(session, **past, rankings_due_at=AT - 900 * DAY)
    make.application(session, "submitted", home=cast.home, call=call)
    assert until(session, cast.home_coordinator) == {"Applications to decide on": None}


@pytest.mark.parametrize(
    ("who", "links"),
    [
        ("stranger", {"/openings", "/contests"}),
        ("home_coordinator", {"/nominations", "/openings/mine"}),
        ("secretary", {"/calls", "/contests"}),
        ("auditor", {"/calls", "/contests"}),
    ],
)
def test_where_nothing_waits_it_says_what_one_can_do(
    session: Session, cast: Cast, as_: As, who: str, links: set[str]
) -> None:
    browser = as_(getattr(cast, who))
    text = browser.get("/").text
    assert "Nothing waits for you at the moment. You can:" in text
    shown = set(
        re.findall(r'<li><a class="govuk-link" href="([^"]*)">', text[text.index("You can:") :].partition("</ul>")[0])
    )
    assert shown == links
    assert all(browser.get(link).status_code == 200 for link in shown)


def test_a_judge_can_go_to_the_desk(session: Session, as_: As) -> None:
    judge = make.person(session)
    make.grant(session, judge, Role.JUDGE, edition_id=make.edition(session).id)
    assert 'href="/judging">Read the essays again' in as_(judge).get("/").text


def test_a_visitor_reads_deadlines_in_the_zone_that_the_browser_told(session: Session, client: TestClient) -> None:
    make.call(session)
    session.commit()
    assert "Seoul" in client.get("/").text
    for told, city in {"Asia%2FUlaanbaatar": "Ulaanbaatar", "Asia/Vladivostok": "Vladivostok"}.items():
        assert f" in {city}<" in client.get("/", headers={"cookie": f"zone={told}"}).text
    plain = client.get("/").text
    for told in ("Etc%2FGMT-9", "UTC", "x", "..%2F..%2Fetc%2Fpasswd", "%00", "<b>"):
        assert client.get("/", headers={"cookie": f"zone={told}"}).text == plain


def test_more_that_waits_takes_no_more_questions(
    session: Session, cast: Cast, as_: As, database: JoinedDatabase
) -> None:
    browser = as_(cast.home_coordinator)

    def one_more() -> int:
        make.application(session, "submitted", home=cast.home)
        session.commit()
        return counting.queries_of(database, lambda: browser.get("/"))

    assert len({one_more() for _ in range(3)}) == 1
