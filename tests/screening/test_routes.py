import datetime as dt
from collections.abc import Callable

from fastapi.testclient import TestClient
from sqlmodel import Session

from portal.essays.models import Essay, EssayStatus
from tests import make
from tests.people import Cast

As = Callable[..., TestClient]
DAY = dt.timedelta(days=1)
ELSEWHERE = {"sec-fetch-site": "cross-site"}


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
