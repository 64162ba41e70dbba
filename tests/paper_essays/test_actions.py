"""Who knows an author never judges, and the other way round."""

import datetime as dt
from typing import Any

import pytest
from fastapi import FastAPI
from sqlmodel import Session, select

from portal.accounts.models import Role
from portal.accounts.viewer import viewer_of
from portal.clock import today
from portal.contests import queries as contests
from portal.contests.models import Edition
from portal.errors import Conflict
from portal.essays import actions as essays
from portal.essays.models import Authorship
from portal.judging import actions as judging
from portal.judging import queries as judges
from portal.judging.models import Judge
from portal.paper_essays import actions, rules
from portal.paper_essays.forms import Newcomer
from portal.screening import queries as screening
from tests import make, racing
from tests.conftest import browser
from tests.people import Cast


@pytest.fixture
def edition(session: Session) -> Edition:
    return make.edition(session)  # type: ignore[no-any-return]


def appoint(session: Session, cast: Cast, edition: Edition, person: Any) -> None:
    by = viewer_of(session, cast.secretary)
    judging.add_judge(session, edition, person, languages=["en"], government_id=None, by=by)


def test_who_entered_an_essay_or_sits_in_that_office_never_judges(
    session: Session, cast: Cast, edition: Edition
) -> None:
    colleague = make.coordinator(session, cast.home, "Colleague")
    long_gone = make.person(session, "Long gone")
    before = edition.opens_at.date() - dt.timedelta(days=1)
    make.grant(session, long_gone, Role.COORDINATOR, government_id=cast.home.id, ends_on=before)
    own = make.paper_essay(session, cast.home_coordinator, edition=edition)
    author = make.person(session, "Author")
    make.essay(session, "draft", edition=edition, author=author)
    for person in (cast.home_coordinator, colleague, author):
        with pytest.raises(Conflict) as refused:
            appoint(session, cast, edition, person)
        assert refused.value.reason is screening.KNOWS
    own.entered_by = cast.stranger.id
    session.flush()
    with pytest.raises(Conflict):
        appoint(session, cast, edition, cast.stranger)
    for person in (cast.other_coordinator, long_gone):
        appoint(session, cast, edition, person)
    other = make.edition(session)
    appoint(session, cast, other, colleague)


def test_a_judge_enters_and_writes_nothing(session: Session, cast: Cast, edition: Edition) -> None:
    """Nor does who once was one."""
    person = make.coordinator(session, cast.home, "Judge and coordinator")
    make.grant(session, person, Role.JUDGE, edition_id=edition.id, ends_on=today() - dt.timedelta(days=1))
    viewer = viewer_of(session, person)
    typed = Newcomer(name="Дулмаа", home_id=cast.home.id, language="en")
    with pytest.raises(Conflict) as refused:
        actions.enter(session, edition, cast.home, typed, by=viewer)
    assert refused.value.reason is rules.JUDGES_HERE
    with pytest.raises(Conflict):
        essays.start_essay(session, edition, by=viewer)
    own = make.paper_essay(session, cast.home_coordinator, edition=edition)
    assert essays.addressee(session, own).person_id == cast.home_coordinator.id
    own.entered_by = cast.stranger.id
    assert essays.addressee(session, own).person_id == cast.home_coordinator.id, "not the colleague who judged"


RACES = 8


def _at_once(app: FastAPI) -> bool:
    """Coordinators accept to judge while they enter an essay: never both, whoever comes first."""
    presses, editions = [], []
    with app.state.database.session(writes=True) as session:
        home = make.government(session, "MN-1")
        for number in range(RACES):
            made, person = make.edition(session), make.coordinator(session, home)
            editions.append((made.id, person.id))
            typed = {"name": "Дулмаа", "home_id": str(home.id), "language": "en"}
            cookies = make.sign_in(session, app.state.settings, person)
            presses.append(_press(app, cookies, f"/contests/{made.slug}/paper", typed))
            token = f"{number}" * 43
            make.judge_offer(session, made, token, email=person.email)
            agreed = {"languages": "en", "most": "40", "is_confidential": "true"}
            presses.append(_press(app, cookies, f"/judge-offers/{token}/accept", agreed))
    answers = racing.at_once(presses)
    # 401: who accepted is signed in anew, and what they typed elsewhere meets the sign-in page.
    assert {answer.status_code for answer in answers} <= {303, 401, 409, 422}
    with app.state.database.session(writes=False) as session:
        return not any(
            session.exec(select(Authorship).where(Authorship.edition_id == edition_id)).first()
            and session.exec(select(Judge).where(Judge.edition_id == edition_id, Judge.person_id == person_id)).first()
            for edition_id, person_id in editions
        )


def _press(app: FastAPI, cookies: dict[str, str], path: str, data: dict[str, str]) -> Any:
    client = browser(app)
    client.cookies.update(cookies)
    return lambda: client.post(path, data=data)


@pytest.fixture(autouse=True)
def slow_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the look at what a person knows and making them a judge."""
    monkeypatch.setattr(judges, "judge_of", racing.slowly(judges.judge_of))


@pytest.mark.slow
def test_nobody_becomes_both_at_the_same_moment(real_app: FastAPI) -> None:
    assert _at_once(real_app)


@pytest.mark.slow
def test_without_the_lock_somebody_does(real_app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the test above would prove nothing."""
    if real_app.state.database.is_sqlite:
        pytest.skip("on SQLite one writes at a time, and a look that is out of date writes nothing")
    monkeypatch.setattr(contests, "hold", lambda *_arguments: None)
    assert not _at_once(real_app)
