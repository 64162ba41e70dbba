"""Which marks count."""

import datetime as dt

import pytest
from sqlmodel import Session

from portal.accounts.viewer import viewer_of
from portal.clock import now
from portal.contests.models import Edition
from portal.essays.models import Essay, EssayStatus
from portal.essays.rules import JUDGED
from portal.judging.models import Appointment, End, Judge, Round
from portal.standings import keeping, queries
from tests import make
from tests.standings import marked

POINTS = (5, 6, 7, 8, 9)


def counted(session: Session, edition: Edition, round_: Round = Round.FIRST) -> dict[str, int]:
    return {placed.code: placed.marks for group in queries.groups(session, edition, round_) for placed in group.order}


def scene(session: Session, **fields: object) -> tuple[Edition, list[Essay], list[Judge], list[Appointment]]:
    """Two essays that two judges marked; the appointments are those of the first."""
    edition = marked.edition(session, **fields)
    essays = [make.essay(session, "in_judging", edition=edition) for _ in range(2)]
    judges = marked.judges(session, edition, 2)
    made = [make.appointment(session, essay, judge) for essay in essays for judge in judges]
    for appointment in made:
        make.marks(session, appointment, *POINTS)
    return edition, essays, judges, made[:2]


def test_submitted_marks_count(session: Session) -> None:
    edition, essays, _judges, _made = scene(session)
    assert counted(session, edition) == {essay.code: 2 for essay in essays}
    (group,) = queries.groups(session, edition, Round.FIRST)
    assert group.order[0].raw_mean == pytest.approx(float(group.pool.marks[0].total))
    assert group.pool.marks[0].points == POINTS and group.line == 2


def test_what_was_not_submitted_or_ended_does_not_count(session: Session) -> None:
    edition, essays, _judges, made = scene(session)
    made[0].locked_at = None
    made[1].ended_at, made[1].end_reason = now(), End.CONFLICT
    session.flush()
    assert counted(session, edition) == {essays[1].code: 2}
    (group,) = queries.groups(session, edition, Round.FIRST)
    assert group.pool.unmarked == [essays[0].code]


def test_a_judge_who_left_counts_and_one_whose_marks_are_out_does_not(session: Session) -> None:
    edition, essays, judges, _made = scene(session)
    judges[0].status, judges[0].left_at = "left", now()  # type: ignore[assignment]
    session.flush()
    assert counted(session, edition) == {essay.code: 2 for essay in essays}
    judges[0].excluded_at, judges[0].excluded_by = now(), judges[1].person_id
    session.flush()
    assert counted(session, edition) == {essay.code: 1 for essay in essays}
    assert not queries.has_marks_of(session, edition, Round.FIRST, judges[0])
    assert queries.has_marks_of(session, edition, Round.FIRST, judges[1])
    assert [judge.code for judge in queries.excluded(session, edition)] == [judges[0].code]


@pytest.mark.parametrize("status", [each for each in EssayStatus if each not in (EssayStatus.DRAFT,)])
def test_only_essays_that_are_judged_stand_in_the_order(session: Session, status: EssayStatus) -> None:
    edition, essays, _judges, _made = scene(session)
    essays[0].status = status
    session.flush()
    assert (essays[0].code in counted(session, edition)) is (status in JUDGED)
    assert essays[1].code in counted(session, edition)


def test_each_round_has_its_own_marks(session: Session) -> None:
    later = now() + dt.timedelta(days=60)
    edition, essays, judges, _made = scene(session, finalists=1, final_due_at=later)
    assert counted(session, edition, Round.FINAL) == {}
    essays[0].status = EssayStatus.SHORTLISTED
    made = make.appointment(session, essays[0], judges[0], round=Round.FINAL)
    make.marks(session, made, *POINTS)
    assert counted(session, edition) == {essay.code: 2 for essay in essays}
    assert counted(session, edition, Round.FINAL) == {essays[0].code: 1}
    assert queries.groups(session, edition, Round.FIRST)[0].line == 1
    assert queries.groups(session, edition, Round.FINAL)[0].line == 2


def test_another_editions_marks_stay_there(session: Session) -> None:
    edition, *_rest = scene(session)
    other, essays, *_rest = scene(session)
    assert set(counted(session, other)) == {essay.code for essay in essays}
    assert not set(counted(session, edition)) & set(counted(session, other))


def test_own_is_the_country_of_the_government_and_its_language(session: Session) -> None:
    edition = marked.edition(session)
    japan, korea = make.government(session, "JP-32"), make.government(session, "KR-47")
    ours = make.essay(session, "in_judging", edition=edition, government=japan, language="en")
    theirs = make.essay(session, "in_judging", edition=edition, government=korea, language="ja")
    judge = make.judge(session, edition, japan)
    for essay in (ours, theirs):
        make.marks(session, make.appointment(session, essay, judge), *POINTS)
    found = queries.own(session, edition, Round.FIRST)
    assert found.country == {(ours.code, judge.code)}
    assert found.language == {(theirs.code, judge.code)}
    judge.government_id = judge.country = None
    session.flush()
    session.expire(judge)
    assert queries.own(session, edition, Round.FIRST) == (frozenset(), frozenset())


def test_kept_orders_go_on_after_fifty(session: Session) -> None:
    from portal.standings import actions
    from portal.standings.models import Occasion

    edition, *_rest = scene(session)
    by = viewer_of(session, make.secretary(session))
    made = [actions.keep(session, edition, Round.FIRST, Occasion.JURY, by=by) for _ in range(53)]
    assert len({standing.digest for standing in made}) == 1  # the same marks, the same order
    first, after = keeping.kept(session, edition)
    rest, end = keeping.kept(session, edition, made[3].id)
    assert after == str(made[3].id) and end == ""
    assert [row.id for row in (*first, *rest)] == [standing.id for standing in reversed(made)]
    assert keeping.kept_before(session, made[1]) == made[0]
    assert keeping.kept_before(session, made[0]) is None
