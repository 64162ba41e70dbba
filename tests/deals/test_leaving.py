"""Conflicts from the text, judges who are lost, readings taken back: what is undone is dealt again."""

import datetime as dt
from collections.abc import Callable

import pytest
from sqlmodel import Session, select

from portal.accounts.models import Grant
from portal.accounts.viewer import viewer_of
from portal.clock import now, today
from portal.deals import actions, leaving, making, rules
from portal.deals.models import DealKind, DealStatus
from portal.errors import Conflict, NotAllowed
from portal.essays.models import EssayStatus
from portal.judging.models import Appointment, DeclaredConflict, End, Judge, JudgeStatus, Round
from portal.juries.models import Meeting
from portal.mail.models import Message
from tests import make
from tests.deals.stage import Stage

Build = Callable[..., Stage]
ORIGIN = "http://127.0.0.1:8000"


def templates(session: Session) -> list[str]:
    return sorted(session.exec(select(Message.template)).all())


def declare(stage: Stage, reading: Appointment, reason: str = "A pupil of mine.") -> None:
    judge = next(each for each in stage.judges if each.id == reading.judge_id)
    by = viewer_of(stage.session, next(each for each in stage.people() if each.id == judge.person_id))
    leaving.declare_conflict(stage.session, stage.edition.id, reading.id, reason, by=by)
    stage.session.commit()


def leave(stage: Stage, n: int = 0) -> None:
    judge = stage.judges[n]
    judge.person = stage.people()[n]
    leaving.leave(stage.session, stage.edition, judge, "Illness.", by=stage.by, origin=ORIGIN)
    stage.session.commit()


def test_a_conflict_is_kept_and_the_essay_goes_to_somebody_else_at_once(stage: Stage) -> None:
    stage.dealt()
    reading = stage.readings()[0]
    essay = next(each for each in stage.essays if each.id == reading.essay_id)
    others = {(each.essay_id, each.judge_id) for each in stage.readings() if each is not reading}
    declare(stage, reading)
    assert (reading.end_reason, len(stage.judges_of(essay))) == (End.CONFLICT, 1)
    deal = stage.again()
    assert (deal.status, deal.ordered_by, len(deal.pairs)) == (DealStatus.DEALT, None, 1)
    assert len(stage.judges_of(essay)) == 2 and reading.judge_id not in stage.judges_of(essay)
    assert others < {(each.essay_id, each.judge_id) for each in stage.readings()}
    new = next(each for each in stage.readings() if each.deal_id == deal.id)
    assert new.appointed_by == stage.secretary.id
    leave(stage, next(n for n, judge in enumerate(stage.judges) if judge.id == reading.judge_id))
    kept = stage.session.exec(select(DeclaredConflict)).one()
    assert (kept.essay_id, kept.judge_id, kept.reason) == (essay.id, reading.judge_id, "A pupil of mine.")


def test_the_fourth_conflict_of_a_round_is_refused(build: Build) -> None:
    stage = build(essays=6, judges=6)
    stage.dealt()
    mine = [stage.readings()[0]]
    for n in range(3):
        essay = stage.essay(n, "in_judging")
        judge = next(each for each in stage.judges if each.id == mine[0].judge_id)
        mine.append(make.appointment(stage.session, essay, judge))
    stage.session.commit()
    for reading in mine[:3]:
        declare(stage, reading)
    with pytest.raises(Conflict) as refused:
        declare(stage, mine[3])
    assert refused.value.reason == rules.ENOUGH_CONFLICTS
    assert mine[3].ended_at is None


@pytest.mark.parametrize("case", ["submitted", "over", "another's", "ended"])
def test_a_conflict_at_a_wrong_moment(stage: Stage, case: str) -> None:
    stage.dealt()
    reading = stage.readings()[0]
    if case == "submitted":
        make.marks(stage.session, reading, 5, 5, 5, 5, 5)
    elif case == "over":
        edition = stage.edition
        edition.opens_at, edition.due_at = now() - dt.timedelta(days=9), now() - dt.timedelta(days=8)
        edition.judging_due_at = now() - dt.timedelta(days=1)
    elif case == "ended":
        reading.ended_at, reading.end_reason = now(), End.TAKEN_BACK
    stage.session.commit()
    with pytest.raises(NotAllowed if case == "another's" else Conflict):
        if case == "another's":
            leaving.declare_conflict(stage.session, stage.edition.id, reading.id, "No.", by=stage.by)
        else:
            declare(stage, reading)
    assert stage.session.exec(select(DeclaredConflict)).all() == []
    assert stage.deals(DealKind.AGAIN) == []


def test_a_lost_judge_keeps_what_is_submitted_and_the_rest_is_dealt_again(build: Build) -> None:
    stage = build(essays=6, judges=5)
    stage.dealt()
    gone = stage.judges[0]
    mine = [each for each in stage.readings() if each.judge_id == gone.id]
    make.marks(stage.session, mine[0], 5, 6, 7, 8, 9)
    stage.session.commit()
    before = {(each.essay_id, each.judge_id) for each in stage.readings() if each.judge_id != gone.id}
    leave(stage)
    assert (gone.status, gone.left_reason) == (JudgeStatus.LEFT, "Illness.")
    grant = stage.session.exec(select(Grant).where(Grant.person_id == gone.person_id)).one()
    assert grant.ends_on is not None and grant.ends_on < today()
    assert [each.id for each in stage.readings() if each.judge_id == gone.id] == [mine[0].id]
    deals = stage.deals(DealKind.AGAIN)
    assert len(deals) == 1 and len(deals[0].figures["named"]) == len(mine) - 1
    assert stage.again().status is DealStatus.DEALT
    assert all(len(stage.judges_of(essay)) == 2 for essay in stage.essays)
    assert before < {(each.essay_id, each.judge_id) for each in stage.readings()}


def test_judge_and_secretariat_are_told(stage: Stage) -> None:
    colleague = make.secretary(stage.session, "Colleague")
    stage.dealt()
    leave(stage)
    told = stage.session.exec(select(Message).where(Message.template == "deals/judge_left")).all()
    assert [each.address for each in told] == [colleague.email]
    assert f"/judges/new?replaces={stage.judges[0].code}" in told[0].text and "Judge 0" in told[0].text
    assert "deals/left" in templates(stage.session)


def test_who_left_cannot_leave_again(stage: Stage) -> None:
    leave(stage)
    with pytest.raises(Conflict):
        leave(stage)


def test_once_the_jury_has_met_a_judge_can_still_leave_and_nothing_is_dealt(stage: Stage) -> None:
    """One whose marks are out holds the meeting up no longer, and may have essays still."""
    stage.dealt()
    make.saved(stage.session, Meeting(edition_id=stage.edition.id, opened_by=stage.secretary.id))
    leave(stage)
    assert stage.session.get_one(Judge, stage.judges[0].id).status is JudgeStatus.LEFT
    assert stage.deals(DealKind.AGAIN) == []


def test_what_was_to_follow_a_deal_is_dropped_once_the_jury_has_met(stage: Stage) -> None:
    made = stage.computed()
    wish = {"round": "first", "kind": "again", "essays": [str(stage.essays[0].id)]}
    made.figures = {**made.figures, actions.NEXT: [wish]}
    making.make(stage.session, stage.edition, stage.session.merge(made), by=stage.by)
    make.saved(stage.session, Meeting(edition_id=stage.edition.id, opened_by=stage.secretary.id))
    stage.session.commit()
    assert stage.make(made).status is DealStatus.DEALT
    assert stage.deals(DealKind.AGAIN) == []


def test_a_judge_who_leaves_by_themself(stage: Stage) -> None:
    stage.dealt()
    judge = stage.judges[0]
    judge.person = stage.people()[0]
    by = viewer_of(stage.session, judge.person)
    with pytest.raises(NotAllowed):
        other = stage.judges[1]
        other.person = stage.people()[1]
        leaving.leave(stage.session, stage.edition, other, "No.", by=by, origin=ORIGIN)
    leaving.leave(stage.session, stage.edition, judge, "A new office.", by=by, origin=ORIGIN)
    stage.session.commit()
    assert stage.again().ordered_by is None
    assert all(len(stage.judges_of(essay)) == 2 for essay in stage.essays)
    assert stage.secretary.email in {each.address for each in stage.session.exec(select(Message))}


def test_a_reading_is_taken_back_while_it_is_not_submitted(stage: Stage) -> None:
    stage.dealt()
    first, second = stage.readings()[:2]
    essay = next(each for each in stage.essays if each.id == first.essay_id)
    leaving.take_back(stage.session, stage.edition, essay, first.id, by=stage.by)
    stage.session.commit()
    assert first.end_reason is End.TAKEN_BACK
    assert stage.again().ordered_by == stage.secretary.id
    assert len(stage.judges_of(essay)) == 2 and first.judge_id not in stage.judges_of(essay)
    make.marks(stage.session, second, 5, 5, 5, 5, 5)
    of_second = next(each for each in stage.essays if each.id == second.essay_id)
    with pytest.raises(Conflict) as refused:
        leaving.take_back(stage.session, stage.edition, of_second, second.id, by=stage.by)
    assert refused.value.reason == rules.SUBMITTED


def test_where_nobody_is_left_the_secretariat_is_told(build: Build) -> None:
    stage = build(essays=2, judges=2)
    stage.dealt()
    leave(stage)
    deal = stage.compute(stage.deals(DealKind.AGAIN)[0])
    assert deal.status is DealStatus.IMPOSSIBLE
    assert sorted(deal.problem["short"][0]["essays"]) == sorted(essay.code or "" for essay in stage.essays)
    told = stage.session.exec(select(Message).where(Message.template == "deals/impossible")).one()
    assert told.address == stage.secretary.email and f"/deal/{deal.id}" in told.text
    stage.judges.append(stage.judge(5))
    anew = actions.anew(stage.session, stage.edition, deal, by=stage.by)
    stage.session.commit()
    assert (deal.status, anew.kind) == (DealStatus.DISCARDED, DealKind.AGAIN)
    assert stage.make(stage.compute(anew)).status is DealStatus.DEALT
    assert all(len(stage.judges_of(essay)) == 2 for essay in stage.essays)


def test_what_nobody_reads_any_more_is_not_dealt_again(stage: Stage) -> None:
    stage.dealt()
    for essay in stage.essays:
        essay.status = EssayStatus.DISQUALIFIED
    stage.session.commit()
    leave(stage)
    assert stage.deals(DealKind.AGAIN) == []
    assert all(
        each.end_reason is End.LEFT for each in stage.readings(ended=True) if each.judge_id == stage.judges[0].id
    )


def test_in_the_final_round_nobody_replaces_and_enough_is_enough(build: Build) -> None:
    from tests.deals.test_actions import final

    stage = final(build)
    stage.dealt(Round.FINAL)
    declare(stage, stage.readings()[0])
    deal = stage.compute(stage.deals(DealKind.AGAIN)[0])
    assert (deal.status, deal.problem) == (DealStatus.DISCARDED, {"sentence": "nothing"})
    essay = next(each for each in stage.essays if len(stage.judges_of(each)) == 2)
    declare(stage, next(each for each in stage.readings() if each.essay_id == essay.id))
    deal = stage.compute(stage.deals(DealKind.AGAIN)[1])
    assert deal.status is DealStatus.IMPOSSIBLE and deal.problem["short"][0]["essays"] == [essay.code]


def test_essays_dealt_by_hand_are_dealt_again_to_as_many(stage: Stage) -> None:
    essay = stage.essay(1, "in_judging")
    readings = [make.appointment(stage.session, essay, judge) for judge in stage.judges[:2]]
    stage.session.commit()
    declare(stage, readings[0])
    stage.again()
    assert len(stage.judges_of(essay)) == 2
