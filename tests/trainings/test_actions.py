import pytest
from sqlmodel import Session, select

from portal.accounts.viewer import Viewer, viewer_of
from portal.contests.models import Edition, EditionStatus
from portal.contests.rules import Move
from portal.errors import Conflict, NotAllowed, NotFound
from portal.history.models import Entry
from portal.judging.forms import MarksForm
from portal.judging.models import Judge, JudgeStatus, Round
from portal.standings import queries as standings
from portal.trainings import actions, queries, rules
from portal.trainings.models import Anchor, Training, TrainingMark
from tests import make
from tests.people import Cast

ALL = MarksForm(**{f"points_{n}": n + 1 for n in range(1, 6)})
FACTS = {
    "language": "en", "title": "A river", "text": "One.", "notes": "", "reference": {"1": 5},
    "explanation": {"en": "Middling."},
}  # fmt: skip


@pytest.fixture
def edition(session: Session) -> Edition:
    return make.edition(session)


@pytest.fixture
def secretary(session: Session, cast: Cast) -> Viewer:
    return viewer_of(session, cast.secretary)


def viewer(session: Session, judge: Judge) -> Viewer:
    return viewer_of(session, judge.person)


def test_anchors_are_written_ordered_and_removed(session: Session, edition: Edition, secretary: Viewer) -> None:
    one, two, three = (actions.add_anchor(session, edition, by=secretary, **FACTS) for _ in range(3))
    actions.move_anchor(session, edition, three, Move.UP, by=secretary)
    actions.edit_anchor(session, edition, two, by=secretary, **{**FACTS, "title": "A train"})
    actions.remove_anchor(session, edition, one, by=secretary)
    session.commit()
    left = [(each.position, each.id) for each in queries.anchors(session, secretary, edition)]
    assert left == [(1, three.id), (2, two.id)]
    deeds = session.exec(select(Entry.deed).where(Entry.subject_id == edition.id)).all()
    assert deeds[-3:] == ["moved a training essay up", "changed a training essay", "removed a training essay"]


def test_what_a_judge_has_begun_stays(session: Session, edition: Edition, secretary: Viewer) -> None:
    anchor, judge = make.anchor(session, edition), make.judge(session, edition)
    make.training(session, anchor, judge, locked=False)
    with pytest.raises(Conflict, match="begun"):
        actions.edit_anchor(session, edition, anchor, by=secretary, **FACTS)
    with pytest.raises(Conflict, match="begun"):
        actions.remove_anchor(session, edition, anchor, by=secretary)
    actions.move_anchor(session, edition, anchor, Move.UP, by=secretary)


def test_anchors_need_a_published_edition_and_are_few(
    session: Session, edition: Edition, secretary: Viewer, monkeypatch
) -> None:
    monkeypatch.setattr(rules, "ANCHORS", 1)
    actions.add_anchor(session, edition, by=secretary, **FACTS)
    with pytest.raises(Conflict, match="at most twenty"):
        actions.add_anchor(session, edition, by=secretary, **FACTS)
    edition.status = EditionStatus.DRAFT
    with pytest.raises(Conflict, match="Publish"):
        actions.add_anchor(session, edition, by=secretary, **FACTS)


def test_only_a_secretary_who_does_not_judge_writes_them(session: Session, cast: Cast, edition: Edition) -> None:
    judge = make.judge(session, edition)
    make.grant(session, judge.person, "secretary")
    for person in (cast.stranger, cast.auditor, judge.person):
        with pytest.raises(NotAllowed):
            actions.add_anchor(session, edition, by=viewer_of(session, person), **FACTS)


def test_points_are_kept_changed_and_locked(session: Session, edition: Edition) -> None:
    anchor, judge = make.anchor(session, edition), make.judge(session, edition)
    session.commit()
    by = viewer(session, judge)
    reading = queries.get_reading(session, by, anchor.id)
    rubric = queries.rubric(session, reading)
    for given in (MarksForm(points_1=9), MarksForm(points_1=3)):
        actions.save_marks(session, reading, rubric, given)
    with pytest.raises(Conflict, match="every criterion"):
        actions.lock_marks(session, reading, rubric, MarksForm(points_2=4), by=by)
    assert queries.open_anchors(session, by) == 1
    actions.lock_marks(session, reading, rubric, ALL, by=by)
    assert queries.open_anchors(session, by) == 0
    assert sorted(session.exec(select(TrainingMark.points)).all()) == [2, 3, 4, 5, 6]
    with pytest.raises(Conflict, match="submitted"):
        actions.save_marks(session, reading, rubric, ALL)
    session.commit()
    assert session.exec(select(Entry).where(Entry.deed == "locked training marks")).one().actor_id == by.id
    assert len(session.exec(select(Training)).all()) == 1


def test_the_comparison_waits_for_ones_own_points(session: Session, edition: Edition) -> None:
    anchor, judge = make.anchor(session, edition), make.judge(session, edition)
    for points in ((2, 2, 2, 2, 2), (9, 9, 9, 9, 9), (4, 4, 4, 4, 4)):
        make.training(session, anchor, make.judge(session, edition), *points)
    make.training(session, anchor, make.judge(session, edition), 1, 1, 1, 1, 1, locked=False)
    own = make.training(session, anchor, judge, 4, 5, 5, 5, 8, locked=False)
    session.commit()
    by = viewer(session, judge)
    reading = queries.get_reading(session, by, anchor.id)
    assert queries.comparison(session, reading, queries.rubric(session, reading)) is None
    own.locked_at = anchor.created_at
    session.flush()
    reading = queries.get_reading(session, by, anchor.id)
    compared = queries.comparison(session, reading, queries.rubric(session, reading))
    assert compared is not None
    first = compared.lines[0]
    assert (first.own, first.reference, first.others) == (4, 5, rules.Spread(2, 4, 9, 3))
    assert (float(compared.deviation), float(compared.severity)) == (0.8, -0.4)
    assert compared.explanation == {"en": "It is middling."}


def test_a_judge_trains_in_their_languages_and_editions(session: Session, edition: Edition) -> None:
    judge = make.judge(session, edition, languages=("en", "ja"))
    wanted = {make.anchor(session, edition).id, make.anchor(session, edition, 2, language="ja").id}
    hidden = [make.anchor(session, edition, 3, language="ru"), make.anchor(session, make.edition(session))]
    by = viewer(session, judge)
    assert {reading.anchor_id for reading in queries.desk(session, by)} == wanted
    for anchor in hidden:
        with pytest.raises(NotFound):
            queries.get_reading(session, by, anchor.id)
    judge.status, judge.left_at = JudgeStatus.LEFT, judge.invited_at
    session.flush()
    assert queries.desk(session, by) == []


def test_training_never_enters_an_order(session: Session, edition: Edition) -> None:
    essay, judge = make.essay(session, "in_judging", edition=edition), make.judge(session, edition)
    make.marks(session, make.appointment(session, essay, judge), 5, 5, 5, 5, 5)
    before = _order(session, edition)
    assert [code for code, _score in before] == [essay.code]
    make.training(session, make.anchor(session, edition), judge, 1, 1, 1, 1, 1)
    assert _order(session, edition) == before


def _order(session: Session, edition: Edition) -> list[tuple[str, float | None]]:
    groups = standings.groups(session, edition, Round.FIRST)
    return [(placed.code, placed.score) for group in groups for placed in group.order]


def test_results_tell_by_code_who_is_done_and_how_they_mark(
    session: Session, edition: Edition, secretary: Viewer
) -> None:
    anchors = [make.anchor(session, edition, n) for n in (1, 2)]
    done, begun, none = (make.judge(session, edition) for _ in range(3))
    for anchor in anchors:
        make.training(session, anchor, done, 3, 3, 3, 3, 3)
    make.training(session, anchors[0], begun, 6, 6, 6, 6, 6, locked=False)
    make.judge_offer(session, edition)
    session.commit()
    found, following = queries.results(session, secretary, edition)
    told = {each.judge.id: (each.locked, each.anchors, each.deviation, each.severity, each.is_done) for each in found}
    assert told == {
        done.id: (2, 2, 2, 2, True), begun.id: (0, 2, None, None, False), none.id: (0, 2, None, None, False),
    }  # fmt: skip
    assert following == ""
    assert session.exec(select(Anchor)).first() is not None
