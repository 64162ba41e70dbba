import datetime as dt

from sqlmodel import Session, select

from portal.accounts.viewer import viewer_of
from portal.applications.models import Application, Namesake
from portal.clock import now
from portal.history import queries as history
from portal.jobs.registry import JOBS, Services
from portal.namesakes import actions
from portal.namesakes.jobs import find_namesakes
from portal.settings import Settings
from tests import make
from tests.database import JoinedDatabase
from tests.people import Cast

BORN = dt.date(2004, 2, 29)


def application(session: Session, roman: str, **fields: object) -> Application:
    given = {"native_name": roman, "roman_name": roman, "born_on": BORN, **fields}
    return make.application(session, "submitted", **given)  # type: ignore[arg-type, no-any-return]


def pairs(session: Session) -> list[set[object]]:
    return [{each.application_id, each.other_id} for each in session.exec(select(Namesake))]


def test_a_pair_is_written_once_whoever_comes_first(
    session: Session, settings: Settings, database: JoinedDatabase
) -> None:
    one, other = application(session, "Kim Min-su"), application(session, "Minsoo Kim")
    application(session, "Kim Min-su", born_on=dt.date(2003, 2, 28))
    application(session, "Park Jimin")
    session.commit()
    for each in (one, other, one):
        find_namesakes(Services(settings, database), str(each.id))
    assert pairs(session) == [{one.id, other.id}]
    assert JOBS["find_namesakes"] is find_namesakes


def test_old_and_unsent_applications_and_ones_own_are_left_out(session: Session) -> None:
    person = make.person(session)
    new = application(session, "Kim Minsu", applicant=person)
    application(session, "Kim Minsu", applicant=person)
    application(session, "Kim Minsu", submitted_at=now() - dt.timedelta(days=7 * 365))
    make.application(session, native_name="Kim Minsu", roman_name="Kim Minsu", born_on=BORN)
    assert actions.find(session, new.id) == 0


def test_two_people_are_not_compared_again_but_the_same_person_is(session: Session, cast: Cast) -> None:
    one, other = application(session, "Kim Minsu"), application(session, "Kim Minsu")
    actions.find(session, one.id)
    pair = session.exec(select(Namesake)).one()
    actions.settle(session, pair, is_same=False, by=viewer_of(session, cast.secretary))
    later = application(session, "Kim Minsu", applicant=session.get_one(type(cast.stranger), one.applicant_id))
    assert actions.find(session, later.id) == 0
    pair.is_same = True
    session.flush()
    assert actions.find(session, later.id) == 1
    assert actions.find(session, later.id) == 0
    assert {later.id, other.id} in pairs(session)


def test_settling_is_in_the_history_of_both(session: Session, cast: Cast) -> None:
    one, other = application(session, "Kim Minsu"), application(session, "Kim Minsu")
    pair = make.namesake(session, one, other)
    actions.settle(session, pair, is_same=True, by=viewer_of(session, cast.secretary))
    session.commit()
    for each, against in ((one, other), (other, one)):
        entry = history.deeds(session, "application", each.id)[0]
        assert (entry.deed, entry.details) == ("namesakes are one person", {"other": str(against.id)})
