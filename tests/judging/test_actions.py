import datetime as dt

import pytest
from sqlmodel import Session, select

from portal.accounts.models import Grant, Role
from portal.accounts.viewer import Viewer, viewer_of
from portal.clock import now, today
from portal.contests import actions as contests
from portal.contests.models import ConflictRule, EditionStatus
from portal.contests.rules import JUDGES_READ_ON
from portal.errors import Conflict, NotAllowed, NotFound
from portal.essays.models import EssayStatus
from portal.essays.rules import BEFORE_JUDGES
from portal.history.models import Entry
from portal.judging import actions, queries, reading
from portal.judging.forms import MarksForm
from portal.judging.models import Appointment, DeclaredConflict, End, JudgeStatus, Round
from portal.judging.words import Bar
from portal.mail.models import Message
from tests import make
from tests.people import Cast

DAY = dt.timedelta(days=1)


@pytest.fixture
def secretary(session: Session, cast: Cast) -> Viewer:
    return viewer_of(session, cast.secretary)


def test_judging_begins_with_the_second_judge(session: Session, secretary: Viewer) -> None:
    edition = make.edition(session)
    essay = make.essay(session, "admitted", edition=edition)
    for state in (EssayStatus.ADMITTED, EssayStatus.IN_JUDGING, EssayStatus.IN_JUDGING):
        assert actions.appoint(session, edition, essay, make.judge(session, edition), by=secretary) is None
        assert essay.status is state
    aliases = session.exec(select(Appointment.alias)).all()
    assert len(set(aliases)) == 3
    assert all(len(alias) == 12 and essay.code.lower() not in alias for alias in aliases)


@pytest.mark.parametrize("state", ["submitted", "returned", "disqualified", "withdrawn", "draft"])
def test_only_admitted_essays_get_judges(session: Session, secretary: Viewer, state: str) -> None:
    edition = make.edition(session)
    essay, judge = make.essay(session, state, edition=edition), make.judge(session, edition)
    with pytest.raises(Conflict):
        actions.appoint(session, edition, essay, judge, by=secretary)


def test_what_bars_a_judge_is_computed_from_the_author(session: Session, cast: Cast, secretary: Viewer) -> None:
    edition = make.edition(session)
    author = make.person(session)
    essay = make.essay(session, "admitted", edition=edition, author=author, government=cast.home)
    screened = make.judge(session, edition)
    make.grant(session, screened.person, Role.SCREENER, edition_id=edition.id, ends_on=dt.date(2020, 2, 1))
    judges = {
        Bar.CONFLICT: [make.judge(session, edition, cast.home), make.judge(session, edition, person=author), screened],
        Bar.LANGUAGE: [make.judge(session, edition, languages=("ja",))],
        None: [make.judge(session, edition, cast.elsewhere)],
    }
    for bar, barred in judges.items():
        for judge in barred:
            assert actions.appoint(session, edition, essay, judge, by=secretary) is bar
    assert actions.appoint(session, edition, essay, judges[None][0], by=secretary) is Bar.APPOINTED
    session.commit()
    tries = session.exec(select(Entry.details).where(Entry.deed == "barred")).all()
    assert [each["bar"] for each in tries] == ["conflict"] * 3 + ["language", "appointed"]


def test_declared_conflicts_bar_whatever_they_are_with(session: Session, cast: Cast, secretary: Viewer) -> None:
    edition = make.edition(session)
    essay = make.essay(session, "admitted", edition=edition, government=cast.home)
    by_government, by_essay = (make.judge(session, edition, cast.elsewhere) for _ in range(2))
    for judge, tie in ((by_government, {"government_id": cast.home.id}), (by_essay, {"essay_id": essay.id})):
        make.saved(session, DeclaredConflict(judge_id=judge.id, reason="I know.", **tie))
        assert actions.appoint(session, edition, essay, judge, by=secretary) is Bar.CONFLICT


def test_a_country_bars_without_a_government(session: Session, cast: Cast, secretary: Viewer) -> None:
    edition = make.edition(session, conflict_rule=ConflictRule.COUNTRY)
    essay = make.essay(session, "admitted", edition=edition, government=cast.home)
    judge = make.judge(session, edition)
    judge.government_id, judge.country = None, cast.home.country
    assert actions.appoint(session, edition, essay, judge, by=secretary) is Bar.CONFLICT


def test_who_is_not_here_or_reads_another_round_or_had_it_is_barred(
    session: Session, cast: Cast, secretary: Viewer
) -> None:
    edition = make.edition(session)
    essay = make.essay(session, "in_judging", edition=edition, government=cast.home)
    left, final, had_it = (make.judge(session, edition) for _ in range(3))
    left.status, left.left_at = JudgeStatus.LEFT, now()
    final.in_first, final.in_final = False, True
    make.appointment(session, essay, had_it, ended_at=now(), end_reason=End.TAKEN_BACK)
    asked = make.judge_offer(session, edition)
    expected = {left.id: Bar.NOT_HERE, final.id: Bar.ROUND, had_it.id: Bar.PAST, asked.id: Bar.NOT_HERE}
    judges = (left, final, had_it, asked)
    assert {judge.id: actions.appoint(session, edition, essay, judge, by=secretary) for judge in judges} == expected
    assert queries.readers(session, essay, edition) == []


def test_in_the_final_round_a_judge_reads_again(session: Session, secretary: Viewer) -> None:
    edition = make.edition(session)
    essay = make.essay(session, "in_judging", edition=edition)
    judge = make.judge(session, edition)
    judge.in_final = True
    make.appointment(session, essay, judge)
    essay.status = EssayStatus.SHORTLISTED
    assert actions.appoint(session, edition, essay, judge, by=secretary) is None
    rounds = session.exec(select(Appointment.round).where(Appointment.judge_id == judge.id)).all()
    assert sorted(rounds) == [Round.FINAL, Round.FIRST]


def test_readings_that_ended_do_not_begin_judging(session: Session, secretary: Viewer) -> None:
    edition = make.edition(session)
    essay = make.essay(session, "admitted", edition=edition)
    make.appointment(session, essay, make.judge(session, edition), ended_at=now(), end_reason=End.LEFT)
    actions.appoint(session, edition, essay, make.judge(session, edition), by=secretary)
    assert essay.status is EssayStatus.ADMITTED


def test_a_new_judge_gets_a_role_that_ends_by_itself(session: Session, cast: Cast, secretary: Viewer) -> None:
    edition = make.edition(session)
    judge = actions.add_judge(
        session, edition, cast.stranger, languages=["en"], government_id=cast.host.id, by=secretary
    )
    grant = session.exec(select(Grant).where(Grant.person_id == cast.stranger.id)).one()
    assert (grant.role, grant.ends_on) == (Role.JUDGE, (edition.judging_due_at + JUDGES_READ_ON).date())
    assert judge.languages == ["en"]
    assert session.exec(select(Message.template)).all() == ["judging/appointed"]
    assert (judge.government_id, judge.country) == (cast.host.id, cast.host.country)
    with pytest.raises(Conflict, match="already"):
        actions.add_judge(session, edition, cast.stranger, languages=["en"], government_id=None, by=secretary)


def test_who_knows_the_authors_or_comes_too_late_judges_nothing(
    session: Session, cast: Cast, secretary: Viewer
) -> None:
    edition = make.edition(session)
    add = {"languages": ["en"], "government_id": None}
    with pytest.raises(Conflict, match="knows who wrote what"):
        actions.add_judge(session, edition, make.screener(session, edition), **add, by=secretary)
    closed = make.edition(session, status=EditionStatus.CLOSED)
    with pytest.raises(Conflict, match="published"):
        actions.add_judge(session, closed, cast.stranger, **add, by=secretary)
    with pytest.raises(NotAllowed):
        actions.add_judge(session, edition, cast.stranger, **add, by=viewer_of(session, cast.home_coordinator))


def test_a_secretary_who_judges_appoints_nobody(session: Session) -> None:
    edition = make.edition(session)
    essay, judge = make.essay(session, "admitted", edition=edition), make.judge(session, edition)
    make.grant(session, judge.person, Role.SECRETARY)
    with pytest.raises(NotAllowed):
        actions.appoint(session, edition, essay, judge, by=viewer_of(session, judge.person))


def test_a_longer_time_for_marks_is_a_longer_role(session: Session, secretary: Viewer) -> None:
    edition = make.edition(session)
    judge = make.judge(session, edition)
    edition.judging_due_at = now() + 90 * DAY
    contests._let_judges_read_until(session, edition)
    session.flush()
    grant = session.exec(select(Grant).where(Grant.person_id == judge.person_id)).one()
    assert grant.ends_on == today() + 104 * DAY


def test_marks_are_kept_changed_and_locked(session: Session) -> None:
    made = make.appointment(session)
    session.commit()
    viewer = viewer_of(session, made.judge.person)

    def save(comment: str | None = None, **points: int) -> None:
        found = reading.lock_reading(session, viewer, made.alias)
        rubric = reading.rubric(session, found)
        actions.save_marks(session, found, rubric, MarksForm(**points), comment=comment)

    def points() -> list[int | None]:
        return [line.points for line in reading.rubric(session, reading.get_reading(session, viewer, made.alias))]

    save(points_1=3, points_4=10, comment="At first.")
    save(points_1=4)
    assert points() == [4, None, None, 10, None]
    assert reading.get_reading(session, viewer, made.alias).comment == "At first."
    with pytest.raises(Conflict, match="every criterion"):
        actions.lock_marks(session, reading.lock_reading(session, viewer, made.alias), by=viewer)
    save(points_2=1, points_3=1, points_5=1)
    actions.lock_marks(session, reading.lock_reading(session, viewer, made.alias), by=viewer)
    with pytest.raises(Conflict, match="no longer be changed"):
        save(points_1=10)
    assert points() == [4, 1, 1, 10, 1]


@pytest.mark.parametrize(("days", "reads", "marks"), [(1, True, True), (-1, True, False), (-15, False, False)])
def test_marks_end_on_their_date_and_reading_two_weeks_later(
    session: Session, days: int, reads: bool, marks: bool
) -> None:
    edition = make.edition(
        session, opens_at=now() - 60 * DAY, due_at=now() - 30 * DAY, judging_due_at=now() + days * DAY
    )
    made = make.appointment(session, make.essay(session, "in_judging", edition=edition))
    viewer = viewer_of(session, made.judge.person)
    if not reads:
        with pytest.raises(NotFound):
            reading.get_reading(session, viewer, made.alias)
    else:
        assert reading.get_reading(session, viewer, made.alias).may_mark is marks


@pytest.mark.parametrize("state", [each.value for each in EssayStatus if each not in BEFORE_JUDGES])
def test_only_essays_in_judging_lie_on_the_desk(session: Session, state: str) -> None:
    made = make.appointment(session, make.essay(session, state))
    assert reading.desk(session, viewer_of(session, made.judge.person)) == ([], "")


def test_the_order_of_the_desk_is_another_one_for_every_judge(session: Session, secretary: Viewer) -> None:
    edition = make.edition(session)
    judges = [make.judge(session, edition) for _ in range(2)]
    essays = [make.essay(session, "admitted", edition=edition, title=f"{n:02}") for n in range(20)]
    for essay in essays:
        for judge in judges:
            actions.appoint(session, edition, essay, judge, by=secretary)
    desks = [reading.desk(session, viewer_of(session, judge.person))[0] for judge in judges]
    orders = [[each.title for each in desk] for desk in desks]
    assert sorted(orders[0]) == sorted(orders[1]) == [f"{n:02}" for n in range(20)]
    assert orders[0] != orders[1]
    assert all(order != sorted(order) for order in orders)
    assert not {each.alias for each in desks[0]} & {each.alias for each in desks[1]}


def test_what_waits(session: Session, secretary: Viewer) -> None:
    made = make.appointment(session)
    judge = viewer_of(session, made.judge.person)
    assert [(each.count, each.href) for each in queries.waiting_for(session, judge)] == [(1, "/judging")]
    edition = make.edition(session)
    make.essay(session, "admitted", edition=edition)
    assert [(each.count, each.href) for each in queries.waiting_for(session, secretary)] == [
        (1, f"/contests/{edition.slug}/essays?status=admitted")
    ]
    make.marks(session, made, 5, 5, 5, 5, 5)
    assert queries.waiting_for(session, judge) == []
