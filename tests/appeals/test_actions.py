import datetime as dt

import pytest
from sqlmodel import Session, select

from portal.accounts.models import Person
from portal.accounts.viewer import Viewer, viewer_of
from portal.appeals import actions, queries, rules
from portal.appeals.models import Appeal, Ruling
from portal.clock import now
from portal.deals.models import Deal, DealKind
from portal.errors import Conflict, NotAllowed
from portal.essays import queries as essays
from portal.essays.models import Authorship, Essay
from portal.history.models import Entry
from portal.judging.models import Round
from portal.juries.models import Outcome
from portal.mail.models import Message
from portal.results import queries as results
from portal.standings.models import Occasion, Standing
from tests import make
from tests.people import Cast
from tests.results.stage import Stage

TEXT = "My essay was read by one judge only."
ANSWER = "Three judges read it; their marks stand on your page."


def _own(stage: Stage, essay: Essay) -> tuple[Viewer, Authorship]:
    viewer = viewer_of(stage.session, stage.author(essay))
    return viewer, essays.get_own(stage.session, viewer, essay.id)


def _appeal(stage: Stage, essay: Essay) -> Appeal:
    viewer, own = _own(stage, essay)
    at = results.published_at(stage.session, stage.edition)
    return actions.appeal(stage.session, own, stage.edition, at, TEXT, by=viewer)


def _seen(stage: Stage, appeal: Appeal, by: Viewer) -> Appeal:
    return queries.lock_visible(stage.session, by, stage.edition, appeal.id)


@pytest.fixture
def outsider(session: Session) -> Viewer:
    """A secretary who had no part in anything."""
    return viewer_of(session, make.secretary(session, "Third secretary"))


@pytest.fixture
def essay(stage: Stage) -> Essay:
    return stage.essay(Outcome.NOT_AWARDED)


def test_one_an_essay_and_the_history_of_the_essay_does_not_know_of_it(stage: Stage, essay: Essay) -> None:
    made = _appeal(stage, essay)
    with pytest.raises(Conflict, match="already"):
        _appeal(stage, essay)
    stage.session.commit()
    (entry,) = stage.session.exec(select(Entry).where(Entry.deed == "appealed"))
    own = make.authorship(stage.session, essay)
    assert (entry.subject, entry.subject_id) == ("authorship", own.id)
    assert entry.details == {"appeal": str(made.id)}
    assert TEXT not in str(entry.details)


@pytest.mark.parametrize(("days", "reason"), [(0, rules.NONE_HERE), (14, rules.TOO_LATE)])
def test_outside_the_window_there_is_none(stage: Stage, essay: Essay, days: int, reason: object) -> None:
    stage.edition.appeal_days = days
    viewer, own = _own(stage, essay)
    long_ago = now() - dt.timedelta(days=14, milliseconds=1)
    with pytest.raises(Conflict) as refused:
        actions.appeal(stage.session, own, stage.edition, long_ago, TEXT, by=viewer)
    assert refused.value.reason is reason


def test_not_for_somebody_else(stage: Stage, essay: Essay, outsider: Viewer) -> None:
    _viewer, own = _own(stage, essay)
    with pytest.raises(NotAllowed):
        actions.appeal(stage.session, own, stage.edition, now(), TEXT, by=outsider)


def test_the_office_appeals_for_an_author_on_paper(stage: Stage, cast: Cast) -> None:
    own = make.paper_essay(stage.session, cast.home_coordinator, "in_judging", edition=stage.edition)
    office = viewer_of(stage.session, cast.home_coordinator)
    read = essays.get_own(stage.session, office, own.essay_id)
    made = actions.appeal(stage.session, read, stage.edition, now(), TEXT, by=office)
    assert made.sent_by == office.id


def test_only_those_are_told_who_may_decide(stage: Stage, essay: Essay, outsider: Viewer) -> None:
    _appeal(stage, essay)
    told = stage.session.exec(select(Message).where(Message.template == "appeals/came_in")).all()
    assert [mail.person_id for mail in told] == [outsider.id]
    assert not any(name in told[0].text for name in ("Батбаяр", str(essay.code), TEXT))


def test_if_all_had_a_part_all_who_do_not_judge_are_told(stage: Stage, essay: Essay) -> None:
    judge = make.judge(stage.session, stage.edition, person=make.secretary(stage.session))
    _appeal(stage, essay)
    told = {mail.person_id for mail in stage.session.exec(select(Message))}
    assert told == {stage.secretary.id, stage.colleague.id}
    assert judge.person_id not in told


@pytest.mark.parametrize("ruling", Ruling)
def test_decided_once_and_the_author_is_told(stage: Stage, essay: Essay, outsider: Viewer, ruling: Ruling) -> None:
    appeal = _seen(stage, _appeal(stage, essay), outsider)
    status = essay.status
    actions.decide(stage.session, appeal, stage.edition, ruling, ANSWER, by=outsider)
    assert (appeal.ruling, appeal.answer, appeal.decided_by) == (ruling, ANSWER, outsider.id)
    assert appeal.decided_at is not None
    assert essay.status is status, "what follows, people do"
    told = stage.session.exec(select(Message).where(Message.template == "appeals/decided")).one()
    assert told.person_id == stage.author(essay).id
    stage.session.commit()
    (entry,) = stage.session.exec(select(Entry).where(Entry.deed == "decided appeal"))
    assert (entry.subject, entry.subject_id, entry.details) == ("appeal", appeal.id, {"ruling": ruling.value})
    with pytest.raises(Conflict, match="decided already"):
        actions.decide(stage.session, appeal, stage.edition, ruling, ANSWER, by=outsider)


def _third(session: Session) -> Person:
    return make.secretary(session, "Who had a part")


def _screened(stage: Stage, essay: Essay) -> Person:
    person = _third(stage.session)
    essay.screened_by = person.id
    return person


def _disqualified(stage: Stage, essay: Essay) -> Person:
    person = _third(stage.session)
    make.proposed(stage.session, essay, person)
    return person


def _screens(stage: Stage, _essay: Essay) -> Person:
    return make.screener(stage.session, stage.edition)


def _appointed(stage: Stage, essay: Essay) -> Person:
    person = _third(stage.session)
    judge = make.judge(stage.session, stage.edition)
    make.appointment(stage.session, essay, judge).appointed_by = person.id
    return person


def _dealt(stage: Stage, _essay: Essay) -> Person:
    person = _third(stage.session)
    deal = Deal(
        edition_id=stage.edition.id, round=Round.FIRST, kind=DealKind.ROUND, ordered_by=person.id, seed=1, readings=3
    )
    make.saved(stage.session, deal)
    return person


def _kept_a_standing(stage: Stage, _essay: Essay) -> Person:
    person = _third(stage.session)
    given = {"round": Round.FIRST, "occasion": Occasion.JURY, "content": {}, "digest": "0" * 64}
    make.saved(stage.session, Standing(edition_id=stage.edition.id, taken_by=person.id, **given))
    return person


def _opened_the_jury(stage: Stage, _essay: Essay) -> Person:
    return stage.secretary


def _confirmed_the_results(stage: Stage, _essay: Essay) -> Person:
    return stage.colleague


@pytest.mark.parametrize(
    "part",
    [
        _screened,
        _disqualified,
        _screens,
        _appointed,
        _dealt,
        _kept_a_standing,
        _opened_the_jury,
        _confirmed_the_results,
    ],
)
def test_who_had_a_part_does_not_decide(stage: Stage, essay: Essay, part: object) -> None:
    person = part(stage, essay)  # type: ignore[operator]
    stage.session.flush()
    by = viewer_of(stage.session, person)
    appeal = _seen(stage, _appeal(stage, essay), by)
    assert person.id in queries.involved(stage.session, stage.edition, essay)
    with pytest.raises(NotAllowed):
        actions.decide(stage.session, appeal, stage.edition, Ruling.REJECTED, ANSWER, by=by)
    assert appeal.ruling is None
