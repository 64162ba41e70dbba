import datetime as dt
import html
import re
from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from portal.accounts.models import Grant
from portal.clock import now, today
from portal.essays.models import Essay, EssayStatus
from portal.judging.models import Appointment, Mark
from tests import make
from tests.counting import queries_of
from tests.people import Cast

As = Callable[..., TestClient]
DAY = dt.timedelta(days=1)
ELSEWHERE = {"sec-fetch-site": "cross-site"}
ALL = {f"points_{n}": str(n + 1) for n in range(1, 6)}


def test_a_judge_reads_marks_and_submits(session: Session, as_: As) -> None:
    made = make.appointment(session, make.essay(session, "in_judging", text="One <p>.\n\nTwo.", title="Title & more"))
    judge, path = as_(made.judge.person), f"/judging/{made.alias}"
    desk = judge.get("/judging").text
    assert all(text in desk for text in (made.alias, "To read", "English", "Rivers", "Ages 15–18"))
    page = judge.get(path).text
    assert "One &lt;p&gt;.</p>" in page and "Two.</p>" in page and "Title &amp; more" in page
    assert "Argument (weight 30)" in page and "2 points: weak" in page
    assert judge.post(path, data={"points_1": "3", "comment": "So far."}).status_code == 303
    page = judge.get(path).text
    assert re.search(r'name="points_1"[^>]* value="3" checked', page) and "So far." in page
    assert "Begun" in judge.get("/judging").text
    lacking = judge.post(f"{path}/lock", data={"points_2": "4"})
    assert lacking.status_code == 422
    assert lacking.text.count("Choose 1 to 10 points.") == 6  # three fields, each beside it and in the summary
    done = judge.post(f"{path}/lock", data={**ALL, "comment": ""})
    assert done.status_code == 303
    assert re.fullmatch(r"/judging\?edition=[\w-]+&part=first", done.headers["location"])
    session.expire_all()
    assert sorted(session.exec(select(Mark.points)).all()) == [2, 3, 4, 5, 6]
    kept = session.exec(select(Appointment)).one()
    assert (kept.comment, kept.locked_at is None) == ("", False)
    assert "Submitted" in judge.get("/judging").text
    assert "Save your marks" not in judge.get(path).text
    for address in (path, f"{path}/lock"):
        late = judge.post(address, data={"points_1": "10"})
        assert (late.status_code, "can no longer be changed" in late.text) == (409, True)


def test_what_was_saved_before_counts_when_only_the_button_is_pressed(session: Session, as_: As) -> None:
    made = make.appointment(session)
    judge, path = as_(made.judge.person), f"/judging/{made.alias}"
    judge.post(path, data={**ALL, "comment": "Stays."})
    assert judge.post(f"{path}/lock").status_code == 303
    session.expire_all()
    assert session.exec(select(Appointment)).one().comment == "Stays."


@pytest.mark.parametrize("points", ["0", "11", "5.5", "many"])
def test_points_are_whole_numbers_from_1_to_10(session: Session, as_: As, points: str) -> None:
    made = make.appointment(session)
    answer = as_(made.judge.person).post(f"/judging/{made.alias}", data={"points_1": points, "comment": "<b>Typed</b>"})
    assert answer.status_code == 422
    assert "Enter a" in answer.text and "&lt;b&gt;Typed&lt;/b&gt;" in answer.text
    assert session.exec(select(Mark)).all() == []


def test_after_the_last_day_for_marks_they_are_read_only(session: Session, as_: As) -> None:
    edition = make.edition(session, opens_at=now() - 60 * DAY, due_at=now() - 30 * DAY, judging_due_at=now() - DAY)
    made = make.appointment(session, make.essay(session, "in_judging", edition=edition))
    judge, path = as_(made.judge.person), f"/judging/{made.alias}"
    assert "The time for marks has passed." in judge.get(path).text
    for address in (path, f"{path}/lock"):
        assert judge.post(address, data=ALL).status_code == 409


def test_with_the_role_the_reading_ends(session: Session, as_: As) -> None:
    made = make.appointment(session)
    judge, path = as_(made.judge.person), f"/judging/{made.alias}"
    grant = session.exec(select(Grant).where(Grant.person_id == made.judge.person_id)).one()
    for ends_on, answers in ((today(), (200, 200, 303)), (today() - DAY, (403, 404, 404))):
        grant.ends_on = ends_on
        session.add(grant)
        session.commit()
        asked = (judge.get("/judging"), judge.get(path), judge.post(path, data={"points_1": "5"}))
        assert tuple(answer.status_code for answer in asked) == answers


def test_an_essay_is_its_judges_alone(session: Session, cast: Cast, as_: As, client: TestClient) -> None:
    made = make.appointment(session)
    edition_of = made.essay
    edition = session.exec(select(Essay).where(Essay.id == edition_of.id)).one().edition_id
    other = make.judge(session, session.get_one(type(make.edition(session)), edition))
    session.commit()
    path = f"/judging/{made.alias}"
    for person in (other.person, cast.stranger, cast.secretary, cast.auditor):
        assert as_(person).get(path).status_code == 404
        for address in (path, f"{path}/lock"):
            assert as_(person).post(address, data=ALL).status_code in {403, 404}
    assert client.get(path).status_code == 303
    for address in (path, f"{path}/lock"):
        assert client.post(address, data=ALL).status_code == 401
        assert as_(made.judge.person).post(address, data=ALL, headers=ELSEWHERE).status_code == 403
    assert session.exec(select(Mark)).all() == []


# The panel


def test_a_secretary_appoints_two(session: Session, cast: Cast, as_: As) -> None:
    edition = make.edition(session)
    essay = make.essay(session, "admitted", edition=edition, government=cast.home)
    rows = [make.judge(session, edition, name=f"Judge {n}") for n in range(2)]
    first = rows[0].person
    make.judge_offer(session, edition, name="Has not answered")
    secretary, page = as_(cast.secretary), f"/contests/{edition.slug}/essays/{essay.code}/judges"
    before = secretary.get(page).text
    assert "Nobody is appointed yet." in before and "Judge 0" in before and "Has not answered" not in before
    for row in rows:
        assert secretary.post(page, data={"judge_id": str(row.id)}).status_code == 303
        refused = secretary.post(page, data={"judge_id": str(row.id)})
        assert (refused.status_code, "already appointed" in refused.text) == (422, True)
    session.expire_all()
    assert session.get_one(Essay, essay.id).status is EssayStatus.IN_JUDGING
    assert as_(first).get("/judging").text.count('scope="row"') == 1
    assert as_(first).get(page).status_code == 404


def test_more_than_was_agreed_to_is_done_with_a_warning(session: Session, cast: Cast, as_: As) -> None:
    edition = make.edition(session)
    judge = make.judge(session, edition)
    judge.most = 1
    secretary = as_(cast.secretary)
    for told in ("The judge is appointed to this essay.", "They have 2 essays now and agreed to 1."):
        essay = make.essay(session, "admitted", edition=edition)
        session.commit()
        page = f"/contests/{edition.slug}/essays/{essay.code}/judges"
        assert secretary.post(page, data={"judge_id": str(judge.id)}).status_code == 303
        assert told in secretary.get(page).text


def test_conflicts_are_refused_with_one_sentence_that_tells_nothing(session: Session, cast: Cast, as_: As) -> None:
    edition = make.edition(session)
    author = make.person(session, "Canary")
    essay = make.essay(session, "admitted", edition=edition, author=author, government=cast.home)
    own_government = make.judge(session, edition, cast.home, name="Compatriot")
    herself = make.judge(session, edition, cast.elsewhere, person=author)
    page, secretary = f"/contests/{edition.slug}/essays/{essay.code}/judges", as_(cast.secretary)
    errors = set()
    for judge in (own_government, herself):
        answer = secretary.post(page, data={"judge_id": str(judge.id)})
        assert answer.status_code == 422
        errors |= set(re.findall(r"<a href=\"#judge_id\">(.*?)</a>", answer.text))
        assert not [word for word in ("MN-1", "Ulaanbaatar", "Batbayar") if word in answer.text]
    assert errors == {"Judge: A conflict of interest bars this judge from this essay. Choose another."}
    assert session.exec(select(Appointment)).all() == []


def test_the_panel_is_the_staffs(session: Session, cast: Cast, as_: As, client: TestClient) -> None:
    edition = make.edition(session)
    essay = make.essay(session, "admitted", edition=edition)
    judge = make.judge(session, edition)
    session.commit()
    base, sent = f"/contests/{edition.slug}", {"judge_id": str(judge.id)}
    pages = [f"{base}/essays/{essay.code}/judges"]
    for path in pages:
        for staff in (cast.secretary, cast.auditor, make.screener(session, edition)):
            assert as_(staff).get(path).status_code == 200
        for person in (cast.stranger, judge.person, cast.home_coordinator):
            assert as_(person).get(path).status_code == 404
        assert client.get(path).status_code == 303
    assert client.post(pages[0], data=sent).status_code == 401
    for person in (cast.stranger, judge.person, cast.auditor):
        assert as_(person).post(pages[0], data=sent).status_code in {403, 404}
    assert as_(cast.secretary).post(pages[0], data=sent, headers=ELSEWHERE).status_code == 403
    assert session.exec(select(Appointment)).all() == []


def test_lists_ask_as_often_for_three_as_for_one(session: Session, cast: Cast, as_: As, database: Any) -> None:
    edition = make.edition(session)
    judge = make.judge(session, edition)

    def add() -> Essay:
        essay = make.essay(session, "in_judging", edition=edition)
        make.marks(session, make.appointment(session, essay, judge), 5, 5, 5, 5, 5)
        make.appointment(session, essay, make.judge(session, edition))
        session.commit()
        return essay

    base, first = f"/contests/{edition.slug}", add()
    pages = [f"{base}/essays/{first.code}/judges"]
    asked = [(as_(judge.person), "/judging"), *((as_(cast.secretary), path) for path in pages)]
    one = [queries_of(database, lambda c=c, p=p: c.get(p)) for c, p in asked]
    add(), add()
    assert [queries_of(database, lambda c=c, p=p: c.get(p)) for c, p in asked] == one


def test_the_desk_goes_on_after_fifty(session: Session, as_: As) -> None:
    edition = make.edition(session)
    judge = make.judge(session, edition)
    for _ in range(51):
        make.appointment(session, make.essay(session, "in_judging", edition=edition), judge)
    client = as_(judge.person)
    first = client.get("/judging").text
    following = re.search(r'href="(\?[^"]+after=[^"]+)"', first)
    assert following is not None
    rest = client.get(f"/judging{html.unescape(following.group(1))}").text
    found = re.findall(r'<th scope="row"[^>]*><a class="govuk-link" href="/judging/(\w+)"', first + rest)
    assert len(found) == len(set(found)) == 51
