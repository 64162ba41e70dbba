"""Taking the finalists from the order of the first round."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

from fastapi.testclient import TestClient
from sqlmodel import Session, select

from portal.accounts.models import Role
from portal.clock import now
from portal.essays.models import Essay, EssayStatus
from portal.history.models import Entry
from portal.judging.models import Appointment
from portal.juries.models import Meeting
from portal.standings.models import Occasion, Standing
from tests import make
from tests.people import Cast

As = Callable[..., TestClient]
DAY = dt.timedelta(days=1)
TIED = ((9, 9, 9), (8, 7, 8), (7, 8, 8), (5, 5, 5), (2, 2, 2))
WHY = "The jury's chair read both anew."


def _made(session: Session, points: Any = make.CLEAR, finalists: int | None = 2, **fields: Any) -> make.Judged:
    final = {"finalists": finalists, "final_due_at": now() + 20 * DAY} if finalists else {}
    return make.judged_edition(session, points, **{**final, **fields})


def _take(browser: TestClient, made: make.Judged, chosen: tuple[int, ...] = (), **data: Any) -> Any:
    path = f"/contests/{made.edition.slug}/finalists"
    seen = re.search(r'name="seen" value="([^"]*)"', browser.get(path).text)
    codes = [made.codes[number] for number in chosen]
    return browser.post(path, data={"seen": seen[1] if seen else "", "chosen": codes, **data})


def _states(session: Session, made: make.Judged) -> str:
    session.expire_all()
    return "".join(session.get_one(Essay, essay.id).status.value[0] for essay in made.essays)


def test_the_best_go_on_and_the_order_is_kept(session: Session, cast: Cast, as_: As) -> None:
    made = _made(session)
    secretary = as_(cast.secretary)
    page = secretary.get(f"/contests/{made.edition.slug}/finalists").text
    assert "Take these finalists" in page and "The line: so far" in page
    key = "0190b1e6-0000-7000-8000-000000000001"
    assert _take(secretary, made, key=key).status_code == 303
    assert _states(session, made) == "ssiiii"
    kept = session.exec(select(Standing)).one()
    assert kept.occasion is Occasion.ROUND_END and kept.taken_by == cast.secretary.id
    assert _take(secretary, made, key=key).status_code == 303  # the same press again
    again = _take(secretary, made)
    assert again.status_code == 409 and "have been taken already" in again.text
    assert len(session.exec(select(Standing)).all()) == 1
    deeds = [entry.deed for entry in session.exec(select(Entry))]
    assert deeds.count("shortlist") == 2 and deeds.count("took finalists") == 1


def test_exactly_tied_essays_at_the_line_all_go_on_unless_somebody_chooses(
    session: Session, cast: Cast, as_: As
) -> None:
    made, secretary = _made(session, TIED), as_(cast.secretary)
    page = secretary.get(f"/contests/{made.edition.slug}/finalists").text
    assert page.count('name="chosen"') == 2 and page.count(" checked") == 2
    unreasoned = _take(secretary, made, (1,))
    assert unreasoned.status_code == 422 and "why you choose otherwise" in unreasoned.text
    assert _take(secretary, made, (), reason=WHY).status_code == 422  # one only
    assert _take(secretary, made, (1, 4), reason=WHY).status_code == 422  # not one to choose
    assert _states(session, made) == "iiiii"
    assert _take(secretary, made, (1, 2)).status_code == 303
    assert _states(session, made) == "sssii"


def test_somebody_chooses_within_the_tie_with_a_reason(session: Session, cast: Cast, as_: As) -> None:
    made = _made(session, TIED)
    assert _take(as_(cast.secretary), made, (2,), reason=WHY).status_code == 303
    assert _states(session, made) == "sisii"
    assert session.exec(select(Standing)).one().reason == WHY


def test_where_marks_make_no_one_order_somebody_chooses_all(session: Session, cast: Cast, as_: As) -> None:
    apart = ((9, 8, None, None), (7, 8, None, None), (None, None, 9, 9), (None, None, 4, 5))
    made, secretary = _made(session, apart), as_(cast.secretary)
    assert "no one order" in secretary.get(f"/contests/{made.edition.slug}/finalists").text
    assert _take(secretary, made).status_code == 422
    assert _take(secretary, made, (0, 2), reason=WHY).status_code == 303
    assert _states(session, made) == "sisi"


def test_it_is_refused_at_the_wrong_moment(session: Session, cast: Cast, as_: As) -> None:
    secretary = as_(cast.secretary)
    none = _made(session, finalists=None)
    for answer in (_take(secretary, none), secretary.get(f"/contests/{none.edition.slug}/finalists")):
        assert answer.status_code == 409 and "no final round" in answer.text
    running = _made(session, judging_due_at=now() + DAY)
    row = session.exec(select(Appointment).where(Appointment.essay_id == running.essays[0].id)).first()
    assert row is not None
    row.locked_at = None
    session.commit()
    early = _take(secretary, running)
    assert early.status_code == 409 and "The first round is not over" in early.text
    assert f"Essay {running.codes[0]}, judge" in early.text
    unread = make.essay(session, "admitted", edition=running.edition)
    row.locked_at = now()
    session.commit()
    assert _take(secretary, running).status_code == 409
    unread.status = EssayStatus.WITHDRAWN
    session.commit()
    assert _take(secretary, running).status_code == 303


def test_an_order_that_has_changed_is_looked_at_again(session: Session, cast: Cast, as_: As) -> None:
    made, secretary = _made(session), as_(cast.secretary)
    path = f"/contests/{made.edition.slug}/finalists"
    seen = re.search(r'name="seen" value="([^"]*)"', secretary.get(path).text)
    session.get_one(Essay, made.essays[0].id).status = EssayStatus.DISQUALIFIED
    session.commit()
    late = secretary.post(path, data={"seen": seen[1] if seen else ""})
    assert late.status_code == 409 and "The order has changed" in late.text
    assert session.exec(select(Standing)).all() == []


def test_the_next_in_the_order_is_taken_up_for_one_that_fell_out(session: Session, cast: Cast, as_: As) -> None:
    made, secretary = _made(session), as_(cast.secretary)
    path = f"/contests/{made.edition.slug}/finalists/next"
    assert secretary.post(path, data={"code": made.codes[2], "reason": WHY}).status_code == 409  # not taken yet
    _take(secretary, made)
    assert secretary.post(path, data={"code": made.codes[2], "reason": WHY}).status_code == 409  # nobody fell out
    session.get_one(Essay, made.essays[0].id).status = EssayStatus.DISQUALIFIED
    session.commit()
    assert "A finalist fell out" in secretary.get(path.removesuffix("/next")).text
    assert secretary.post(path, data={"code": made.codes[3], "reason": WHY}).status_code == 409  # not the next
    assert secretary.post(path, data={"code": made.codes[2], "reason": "short"}).status_code == 422
    assert secretary.post(path, data={"code": made.codes[2], "reason": WHY}).status_code == 303
    assert secretary.post(path, data={"code": made.codes[3], "reason": WHY}).status_code == 409
    assert _states(session, made) == "dssiii"
    session.get_one(Essay, made.essays[1].id).status = EssayStatus.WITHDRAWN
    make.saved(session, Meeting(edition_id=made.edition.id, opened_by=cast.secretary.id))
    session.commit()
    met = secretary.post(path, data={"code": made.codes[3], "reason": WHY})
    assert met.status_code == 409 and "meeting is open" in met.text


def test_who_may(session: Session, cast: Cast, as_: As, client: TestClient) -> None:
    made = _made(session)
    judging = make.secretary(session, "Judging secretary")
    make.grant(session, judging, Role.JUDGE, edition_id=made.edition.id)
    screener = make.screener(session, made.edition)
    session.commit()
    path = f"/contests/{made.edition.slug}/finalists"
    for person in (judging, screener, cast.stranger, cast.home_coordinator, made.judges[0].person):
        assert as_(person).get(path).status_code in {403, 404}
        for address in (path, f"{path}/next"):
            assert as_(person).post(address, data={"code": made.codes[0], "reason": WHY}).status_code in {403, 404}
    assert as_(cast.auditor).get(path).status_code == 200
    for address in (path, f"{path}/next"):
        assert client.post(address).status_code == 401
        assert as_(cast.auditor).post(address, data={"code": made.codes[0], "reason": WHY}).status_code == 403
        assert as_(cast.secretary).post(address, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert _states(session, made) == "iiiiii"


def test_an_author_does_not_see_who_goes_on(session: Session, cast: Cast, as_: As) -> None:
    made = _made(session)
    author = session.get_one(make.Person, make.authorship(session, made.essays[0]).person_id)
    _take(as_(cast.secretary), made)
    for path in ("/essays", f"/essays/{made.essays[0].id}"):
        page = as_(author).get(path).text
        assert "In judging" in page and "final round" not in page
