"""The pages of deals, of conflicts and of judges who leave: who may, when, and what is shown."""

import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from portal.accounts.models import Person
from portal.deals.models import Deal, DealKind, DealStatus
from portal.history.models import Entry
from portal.judging.models import DeclaredConflict, End, JudgeStatus, Round
from tests import make
from tests.counting import queries_of
from tests.deals.stage import Stage
from tests.people import Cast

As = Callable[[Person | None], TestClient]
Build = Callable[..., Stage]
ELSEWHERE = {"sec-fetch-site": "cross-site"}


def here(stage: Stage, rest: str = "") -> str:
    return f"/contests/{stage.edition.slug}/deal{rest}"


def test_a_secretary_computes_looks_and_deals(stage: Stage, as_: As) -> None:
    client, page = as_(stage.secretary), here(stage)
    assert "Nothing has been dealt" in client.get(page).text
    key = str(uuid.uuid4())
    for _ in range(2):
        sent = client.post(page, data={"round": "first", "seed": "7", "key": key})
        assert (sent.status_code, sent.headers["location"]) == (303, page)
    deal = stage.deals()[0]
    assert (deal.seed, deal.ordered_by, len(stage.deals())) == (7, stage.secretary.id, 1)
    waiting = client.get(page).text
    assert "Being computed" in waiting and 'http-equiv="refresh"' in waiting
    stage.compute(deal)
    shown = client.get(page).text
    assert all(text in shown for text in ("To look at", "Deal these essays", "Judge 0", "Worst error", "<meter"))
    assert all(judge.code in shown for judge in stage.judges) and 'http-equiv="refresh"' not in shown
    assert "Deals to look at" in client.get("/").text
    assert client.post(f"{page}/{deal.id}/make").status_code == 303
    assert "Being dealt" in client.get(page).text
    stage.make(deal)
    assert "Confirmed by" in client.get(f"{page}/{deal.id}").text
    assert "Deals to look at" not in client.get("/").text


def test_two_orders_and_wrong_moments_answer_409(stage: Stage, as_: As) -> None:
    client, page = as_(stage.secretary), here(stage)
    stage.ordered()
    again = client.post(page, data={"round": "first", "seed": "12"})
    assert (again.status_code, "a deal of this edition already" in again.text) == (409, True)
    deal = stage.deals()[0]
    assert client.post(f"{page}/{deal.id}/make").status_code == 409
    stage.compute(deal)
    late = stage.essay(3)
    stage.session.commit()
    changed = client.post(f"{page}/{deal.id}/make")
    assert (changed.status_code, "have changed since" in changed.text) == (409, True)
    assert stage.readings() == [] and late.id
    assert client.post(f"{page}/{deal.id}/anew").status_code == 303
    anew = stage.deals()[-1]
    assert (stage.deals()[0].status, anew.status) == (DealStatus.DISCARDED, DealStatus.WAITING)
    assert client.post(f"{page}/{anew.id}/discard").status_code == 303
    assert client.post(f"{page}/{anew.id}/discard").status_code == 409


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [({}, "Fill this in."), ({"round": "second"}, "Choose one"), ({"round": "first", "seed": "x"}, "whole number")],
)
def test_a_wrong_order_is_shown_again(stage: Stage, as_: As, sent: dict[str, str], sentence: str) -> None:
    answer = as_(stage.secretary).post(here(stage), data=sent)
    assert (answer.status_code, sentence in answer.text) == (422, True)
    assert stage.deals() == []


def test_deals_are_the_secretariats(stage: Stage, cast: Cast, as_: As, client: TestClient) -> None:
    deal = stage.computed()
    judging_secretary = make.secretary(stage.session, "Also a judge")
    make.judge(stage.session, stage.edition, person=judging_secretary)
    stage.session.commit()
    pages, deeds = [here(stage), here(stage, f"/{deal.id}")], [here(stage)]
    deeds += [here(stage, f"/{deal.id}/{deed}") for deed in ("make", "anew", "discard")]
    judge = stage.people()[0]
    for page in pages:
        assert as_(cast.auditor).get(page).status_code == 200
        assert client.get(page).status_code == 303
        for person in (cast.stranger, judge, judging_secretary, cast.home_coordinator):
            assert as_(person).get(page).status_code == 404
    for deed in deeds:
        assert client.post(deed, data={"round": "first"}).status_code == 401
        assert as_(stage.secretary).post(deed, data={"round": "first"}, headers=ELSEWHERE).status_code == 403
        for person in (cast.stranger, judge, judging_secretary):
            assert as_(person).post(deed, data={"round": "first"}).status_code == 404
        assert as_(cast.auditor).post(deed, data={"round": "first"}).status_code == 403
    assert [each.status for each in stage.deals()] == [DealStatus.READY]
    other = make.edition(stage.session)
    stage.session.commit()
    assert as_(stage.secretary).get(f"/contests/{other.slug}/deal/{deal.id}").status_code == 404


def test_an_impossible_deal_is_told_in_sentences(build: Build, as_: As) -> None:
    stage = build(essays=2, judges=1)
    stage.computed()
    shown = as_(stage.secretary).get(here(stage)).text
    assert "needs 2 judges, and the whole panel of this round has only 1 who read" in shown
    assert all(essay.code in shown for essay in stage.essays)
    assert "Compute anew" in shown


def test_essays_without_enough_judges_wait(stage: Stage, as_: As) -> None:
    home = as_(stage.secretary)
    essay = stage.essay(0, "in_judging")
    make.appointment(stage.session, essay, stage.judges[0])
    stage.session.commit()
    assert re.search(r"Essays without enough judges", home.get("/").text)
    make.appointment(stage.session, essay, stage.judges[1])
    stage.session.commit()
    assert "Essays without enough judges" not in home.get("/").text


def test_lists_go_on_after_fifty_and_ask_as_often(stage: Stage, as_: As, database: Any) -> None:
    def add(count: int) -> None:
        for n in range(count):
            given = {"status": DealStatus.DISCARDED, "seed": n, "readings": 3, "kind": DealKind.ROUND}
            make.saved(stage.session, Deal(edition_id=stage.edition.id, round=Round.FIRST, **given))
        stage.session.commit()

    add(3)
    client = as_(stage.secretary)
    few = queries_of(database, lambda: client.get(here(stage)))
    add(50)
    assert queries_of(database, lambda: client.get(here(stage))) == few
    first = client.get(here(stage)).text
    following = re.search(r'href="[^"]*\?after=([0-9a-f-]{36})"', first)
    assert following is not None
    rest = client.get(here(stage, f"?after={following[1]}")).text
    pattern = rf'href="{here(stage)}/([0-9a-f-]{{36}})"'
    assert len(set(re.findall(pattern, first + rest))) == 53


# A judge's own


def desk_of(stage: Stage, as_: As) -> tuple[TestClient, str, Any]:
    stage.dealt()
    person = stage.people()[0]
    reading = next(each for each in stage.readings() if each.judge_id == stage.judges[0].id)
    return as_(person), f"/judging/{reading.alias}", reading


def test_a_judge_declares_a_conflict_from_the_text(stage: Stage, as_: As) -> None:
    client, path, reading = desk_of(stage, as_)
    assert f'href="{path}/conflict"' in client.get(path).text
    asked = client.get(f"{path}/conflict").text
    assert "leaves your desk at once" in asked and "up to 3 essays" in asked
    assert client.post(f"{path}/conflict", data={}).status_code == 422
    sent = {"reason": "A pupil of mine.", "key": str(uuid.uuid4())}
    for _ in range(2):
        done = client.post(f"{path}/conflict", data=sent)
        assert (done.status_code, done.headers["location"]) == (303, "/judging")
    desk = client.get("/judging").text
    assert "Thank you for telling us" in desk and reading.alias not in desk
    for gone in (path, f"{path}/conflict"):
        assert client.get(gone).status_code == 404
    stage.session.expire_all()
    assert reading.end_reason is End.CONFLICT
    kept = stage.session.exec(select(DeclaredConflict)).one()
    assert (kept.reason, kept.essay_id) == ("A pupil of mine.", reading.essay_id)
    assert stage.again().status is DealStatus.DEALT
    entry = stage.session.exec(select(Entry).where(Entry.deed == "declared a conflict")).one()
    assert entry.actor_id == stage.people()[0].id and "pupil" not in repr(entry.details)


def test_not_after_the_marks_are_submitted(stage: Stage, as_: As) -> None:
    client, path, reading = desk_of(stage, as_)
    make.marks(stage.session, reading, 5, 5, 5, 5, 5)
    stage.session.commit()
    assert "The marks for this essay are submitted" in client.get(f"{path}/conflict").text
    refused = client.post(f"{path}/conflict", data={"reason": "Late."})
    assert (refused.status_code, "The marks for this essay are submitted" in refused.text) == (409, True)


def test_a_conflict_is_the_judges_own_to_declare(stage: Stage, cast: Cast, as_: As, client: TestClient) -> None:
    judge, path, reading = desk_of(stage, as_)
    other = next(each for each in stage.people() if each.id != stage.people()[0].id)
    for person in (cast.stranger, stage.secretary, cast.auditor, other):
        assert as_(person).get(f"{path}/conflict").status_code == 404
        assert as_(person).post(f"{path}/conflict", data={"reason": "Mine."}).status_code in {403, 404}
    assert client.get(f"{path}/conflict").status_code == 303
    assert client.post(f"{path}/conflict", data={"reason": "Mine."}).status_code == 401
    assert judge.post(f"{path}/conflict", data={"reason": "Mine."}, headers=ELSEWHERE).status_code == 403
    stage.session.expire_all()
    assert reading.ended_at is None and stage.session.exec(select(DeclaredConflict)).all() == []


def test_a_judge_leaves(stage: Stage, cast: Cast, as_: As, client: TestClient) -> None:
    judge, path, _reading = desk_of(stage, as_)
    asked = judge.get("/judging/leave").text
    assert str(stage.edition.id) in asked and "This cannot be undone" in asked
    sent = {"edition_id": str(stage.edition.id), "reason": "A new office."}
    assert client.post("/judging/leave", data=sent).status_code == 401
    assert as_(cast.stranger).post("/judging/leave", data=sent).status_code == 403
    assert judge.post("/judging/leave", data=sent, headers=ELSEWHERE).status_code == 403
    assert judge.post("/judging/leave", data={**sent, "edition_id": str(uuid.uuid4())}).status_code == 422
    assert judge.post("/judging/leave", data={**sent, "reason": ""}).status_code == 422
    assert judge.post("/judging/leave", data=sent).status_code == 303
    stage.session.expire_all()
    assert stage.judges[0].status is JudgeStatus.LEFT and stage.judges[0].left_reason == "A new office."
    assert judge.get(path).status_code == 303  # signed out
    assert as_(stage.people()[0]).get(path).status_code == 404


# The secretariat's part


def test_a_secretary_notes_that_a_judge_is_lost(stage: Stage, cast: Cast, as_: As, client: TestClient) -> None:
    stage.dealt()
    judge, secretary = stage.judges[0], as_(stage.secretary)
    page = f"/contests/{stage.edition.slug}/judges/{judge.code}/leave"
    assert "Judge 0" in secretary.get(page).text
    for person in (cast.stranger, stage.people()[0], stage.people()[1]):
        assert as_(person).get(page).status_code == 404
        assert as_(person).post(page, data={"reason": "Out."}).status_code == 404
    assert as_(cast.auditor).post(page, data={"reason": "Out."}).status_code == 403
    assert client.post(page, data={"reason": "Out."}).status_code == 401
    assert secretary.post(page, data={"reason": "Out."}, headers=ELSEWHERE).status_code == 403
    assert secretary.post(page, data={"reason": " "}).status_code == 422
    assert secretary.get(page.replace(judge.code, "ZZZZZ")).status_code == 404
    assert secretary.post(page, data={"reason": "Illness."}).status_code == 303
    assert secretary.post(page, data={"reason": "Illness."}).status_code == 409
    shown = secretary.get(page).text
    assert f"/judges/new?replaces={judge.code}" in shown and "Illness." in shown


def test_a_secretary_takes_a_reading_back(stage: Stage, cast: Cast, as_: As, client: TestClient) -> None:
    stage.dealt()
    reading = stage.readings()[0]
    essay = next(each for each in stage.essays if each.id == reading.essay_id)
    page = f"/contests/{stage.edition.slug}/essays/{essay.code}/judges"
    deed, secretary = f"{page}/{reading.id}/take-back", as_(stage.secretary)
    assert deed in secretary.get(page).text
    for person in (cast.stranger, *stage.people()):
        assert as_(person).post(deed).status_code == 404
    assert as_(cast.auditor).post(deed).status_code == 403
    assert client.post(deed).status_code == 401
    assert secretary.post(deed, headers=ELSEWHERE).status_code == 403
    assert secretary.post(deed.replace(str(reading.id), str(uuid.uuid4()))).status_code == 404
    assert secretary.post(deed).status_code == 303
    assert deed not in secretary.get(page).text
    assert secretary.post(deed).status_code == 409


def test_a_closed_edition_deals_nothing(build: Build, as_: As) -> None:
    stage = build(status="closed")
    answer = as_(stage.secretary).post(here(stage), data={"round": "first"})
    assert (answer.status_code, "only while the edition is published" in answer.text) == (409, True)
    assert stage.deals() == []


def test_the_session_sees_nothing_after_the_curtain(session: Session) -> None:
    import sqlalchemy as sa
    from sqlalchemy.exc import DatabaseError

    from portal.essays.models import Authorship
    from portal.judging.blindness import behind_the_curtain
    from tests.judging.test_blindness import blinded

    made = make.appointment(session)
    essay_id = made.essay_id
    session.commit()
    blind = blinded(session)
    with pytest.raises(DatabaseError), blind as seen:
        with behind_the_curtain(seen):
            assert seen.exec(select(Authorship).where(Authorship.essay_id == essay_id)).one()
        assert list(seen) == []
        seen.execute(sa.text("SELECT person_id FROM authorship"))
