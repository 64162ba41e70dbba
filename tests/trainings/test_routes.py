import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from portal.accounts.models import Role
from portal.contests.models import Edition
from portal.judging.blindness import get_blind_session
from portal.judging.models import Judge
from portal.trainings.models import Anchor, Training, TrainingMark
from portal.trainings.routes import desk
from tests import make
from tests.counting import queries_of
from tests.people import Cast

As = Callable[..., TestClient]
ELSEWHERE = {"sec-fetch-site": "cross-site"}
ALL = {f"points_{n}": str(n + 1) for n in range(1, 6)}


def written(**changes: Any) -> dict[str, Any]:
    given = {
        "language": "en", "title": "A <river>", "text": "One.\n\nTwo.", "explanation_en": "Middling.",
        "explanation_ja": "普通。", **{f"points_{n}": "5" for n in range(1, 6)},
    }  # fmt: skip
    return {**given, **changes}


@pytest.fixture
def edition(session: Session) -> Edition:
    return make.edition(session)


@pytest.fixture
def judge(session: Session, edition: Edition) -> Judge:
    return make.judge(session, edition, name="Canary Ownjudge")


def test_a_judge_marks_submits_and_compares(
    session: Session, cast: Cast, as_: As, edition: Edition, judge: Judge
) -> None:
    other = make.judge(session, edition, name="Canary Otherjudge")
    anchor = make.anchor(session, edition, title="On <rivers>")
    make.training(session, anchor, other, 9, 9, 9, 9, 9)
    client, path = as_(judge.person), f"/judging/training/{anchor.id}"
    assert "Training essays to mark" in client.get("/").text
    desk = client.get("/judging/training").text
    assert path in desk and "On &lt;rivers&gt;" in desk and "To read" in desk
    page = client.get(path).text
    assert "Argument (weight 30)" in page and "Two.</p>" in page
    assert "It is middling." not in page and "Reference" not in page
    assert client.post(path, data={"points_1": "3"}).status_code == 303
    assert re.search(r'name="points_1"[^>]* value="3" checked', client.get(path).text)
    lacking = client.post(f"{path}/lock", data={"points_2": "4"})
    assert (lacking.status_code, lacking.text.count("Choose 1 to 10 points.")) == (422, 6)
    done = client.post(f"{path}/lock", data=ALL)
    assert (done.status_code, done.headers["location"]) == (303, path)
    compared = client.get(path).text
    assert (
        "It is middling." in compared
        and "9–9–9" in compared
        and "of 1 other judge." in compared
        and "Save your marks" not in compared
    )
    for word in ("Otherjudge", other.code, str(other.id)):
        assert word not in desk + page + compared
    for address in (path, f"{path}/lock"):
        late = client.post(address, data=ALL)
        assert (late.status_code, "can no longer be changed" in late.text) == (409, True)
    assert "Training essays to mark" not in client.get("/").text


@pytest.mark.parametrize("points", ["0", "11", "5.5", "many"])
def test_points_are_whole_numbers_from_1_to_10(
    session: Session, as_: As, edition: Edition, judge: Judge, points: str
) -> None:
    anchor = make.anchor(session, edition)
    answer = as_(judge.person).post(f"/judging/training/{anchor.id}", data={"points_1": points})
    assert (answer.status_code, "Enter a" in answer.text) == (422, True)
    assert session.exec(select(TrainingMark)).all() == []


def test_training_is_the_judges_of_the_edition(
    session: Session, cast: Cast, as_: As, client: TestClient, edition: Edition, judge: Judge
) -> None:
    anchor, another = make.anchor(session, edition), make.judge(session, make.edition(session))
    session.commit()
    path = f"/judging/training/{anchor.id}"
    assert as_(cast.secretary).get("/judging/training").status_code == 403
    assert client.get("/judging/training").status_code == 303
    for person in (another.person, cast.stranger, cast.secretary, cast.auditor):
        assert as_(person).get(path).status_code == 404
        for address in (path, f"{path}/lock"):
            assert as_(person).post(address, data=ALL).status_code in {403, 404}
    for address in (path, f"{path}/lock"):
        assert client.post(address, data=ALL).status_code == 401
        assert as_(judge.person).post(address, data=ALL, headers=ELSEWHERE).status_code == 403
        assert as_(judge.person).post(f"/judging/training/{uuid.uuid4()}", data=ALL).status_code == 404
    assert session.exec(select(Training)).all() == []


def test_what_others_gave_changes_nothing_before_ones_own_is_submitted(
    session: Session, as_: As, edition: Edition, judge: Judge
) -> None:
    anchor, other = make.anchor(session, edition), make.judge(session, edition)
    session.commit()
    client, paths = as_(judge.person), ("/judging/training", f"/judging/training/{anchor.id}")

    def said() -> list[str]:
        return [re.sub(r'value="[0-9a-f-]{36}"', "", client.get(path).text) for path in paths]

    before = said()
    make.training(session, anchor, other, 1, 2, 3, 4, 5)
    session.commit()
    assert said() == before


def test_every_route_of_a_judges_training_is_blind() -> None:
    routes = [route for route in desk.router.routes if isinstance(route, APIRoute)]
    assert len(routes) == 4
    for route in routes:
        assert get_blind_session in {dependency.call for dependency in route.dependant.dependencies}, route.path


# The secretariat


def test_a_secretary_writes_anchors(session: Session, cast: Cast, as_: As, edition: Edition, judge: Judge) -> None:
    secretary, path = as_(cast.secretary), f"/contests/{edition.slug}/training"
    judge.person.name = name = "Somebody Unmistakable"
    assert "There is no training essay yet." in secretary.get(path).text
    for title in ("A <river>", "A train"):
        assert secretary.post(f"{path}/new", data=written(title=title)).status_code == 303
    first, second = session.exec(select(Anchor).order_by(Anchor.position)).all()
    assert (first.reference, first.explanation) == (
        {str(n): 5 for n in range(1, 6)},
        {"en": "Middling.", "ja": "普通。"},
    )
    page = secretary.get(path).text
    assert "A &lt;river&gt;" in page and page.index("A train") > page.index("A &lt;river")
    assert secretary.post(f"{path}/{second.id}/up").status_code == 303
    one = f"{path}/{first.id}"
    assert "Middling." in secretary.get(one).text
    assert secretary.post(one, data=written(text="")).status_code == 422
    assert secretary.post(one, data=written(points_3="7")).status_code == 303
    make.training(session, first, judge, 5, 5, 5, 5, 5)
    session.commit()
    assert "stays as it is" in secretary.get(one).text
    assert secretary.post(one, data=written()).status_code == 409
    assert secretary.post(f"{one}/remove").status_code == 409
    assert secretary.post(f"{path}/{second.id}/remove").status_code == 303
    session.expire_all()
    assert [(each.position, each.reference["3"]) for each in session.exec(select(Anchor))] == [(1, 7)]
    shown = secretary.get(f"{path}/results").text
    assert judge.code in shown and "Done</strong>" in shown and "0.40" in shown and name not in shown


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"language": "fr"}, "Choose one from the list."),
        ({"title": ""}, "Fill this in."),
        ({"text": ""}, "Fill this in."),
        ({"points_2": ""}, "Choose 1 to 10 points."),
        ({"points_2": "11"}, "at most 10"),
        ({"explanation_en": ""}, "Fill this in."),
    ],
)
def test_a_wrong_anchor_is_shown_again(
    session: Session, cast: Cast, as_: As, edition: Edition, changes: dict[str, Any], sentence: str
) -> None:
    answer = as_(cast.secretary).post(f"/contests/{edition.slug}/training/new", data=written(**changes))
    assert (answer.status_code, sentence in answer.text) == (422, True)
    assert session.exec(select(Anchor)).all() == []


def test_in_a_draft_nothing_is_written(session: Session, cast: Cast, as_: As) -> None:
    edition = make.edition(session, status="draft")
    secretary, path = as_(cast.secretary), f"/contests/{edition.slug}/training"
    assert "while the edition is published" in secretary.get(path).text
    assert secretary.post(f"{path}/new", data=written()).status_code == 409


def test_the_anchors_are_the_staffs(
    session: Session, cast: Cast, as_: As, client: TestClient, edition: Edition, judge: Judge
) -> None:
    make.grant(session, judge.person, Role.SECRETARY)  # who judges sees no reference
    anchor = make.anchor(session, edition)
    session.commit()
    base = f"/contests/{edition.slug}/training"
    for path in (base, f"{base}/results", f"{base}/{anchor.id}"):
        for staff in (cast.secretary, cast.auditor, make.screener(session, edition)):
            assert as_(staff).get(path).status_code == 200
        for person in (cast.stranger, judge.person, cast.home_coordinator):
            assert as_(person).get(path).status_code == 404
        assert client.get(path).status_code == 303
    one = f"{base}/{anchor.id}"
    for path, data in ((f"{base}/new", written()), (one, written()), (f"{one}/up", {}), (f"{one}/remove", {})):
        assert client.post(path, data=data).status_code == 401
        for person in (cast.stranger, judge.person, cast.auditor):
            assert as_(person).post(path, data=data).status_code in {403, 404}
        assert as_(cast.secretary).post(path, data=data, headers=ELSEWHERE).status_code == 403
    assert len(session.exec(select(Anchor)).all()) == 1


def test_lists_ask_as_often_for_three_as_for_one(
    session: Session, cast: Cast, as_: As, edition: Edition, judge: Judge, database: Any
) -> None:
    base = f"/contests/{edition.slug}/training"

    def add(n: int) -> None:
        anchor = make.anchor(session, edition, n)
        for each in (judge, make.judge(session, edition)):
            make.training(session, anchor, each, 5, 5, 5, 5, 5)
        session.commit()

    add(1)
    secretary, own = as_(cast.secretary), as_(judge.person)
    asked = [(secretary, base), (secretary, f"{base}/results"), (own, "/judging/training")]
    one = [queries_of(database, lambda c=c, p=p: c.get(p)) for c, p in asked]
    add(2), add(3)
    assert [queries_of(database, lambda c=c, p=p: c.get(p)) for c, p in asked] == one
