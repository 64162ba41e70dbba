"""Who is in which group."""

import datetime as dt
from typing import Any

import pytest
from sqlmodel import Session

from portal.accounts.models import Person, Role
from portal.circulars import queries
from portal.circulars.audiences import AUDIENCES
from portal.clock import now, today
from portal.essays.models import EssayStatus
from portal.openings.models import OpeningStatus
from tests import make
from tests.people import Cast


def _names(session: Session, audience: str, **choices: Any) -> set[str]:
    chosen = {name: str(value) for name, value in choices.items()}
    return {person.name for person in session.exec(queries.readers(AUDIENCES[audience], chosen))}


def test_coordinators_by_country_and_membership(session: Session, cast: Cast) -> None:
    people = cast.home_coordinator, cast.host_coordinator, cast.other_coordinator
    gone = make.person(session, "Gone")
    make.grant(session, gone, Role.COORDINATOR, government_id=cast.home.id, ends_on=today() - dt.timedelta(days=1))
    assert _names(session, "coordinators") == {each.name for each in people}
    assert _names(session, "coordinators", country="MN") == {"Home coordinator"}
    cast.home.status = "observer"
    session.flush()
    assert _names(session, "coordinators", membership="observer") == {"Home coordinator"}
    assert _names(session, "coordinators", membership="observer", country="KR") == set()


def test_coordinators_with_applications_to_decide_on(session: Session, cast: Cast) -> None:
    call = make.call(session)
    _ = cast.home_coordinator, cast.other_coordinator
    make.application(session, "submitted", call=call, home=cast.home)
    make.application(session, "nominated", call=call, home=cast.elsewhere)
    make.application(session, "submitted", home=cast.elsewhere)
    assert "Home coordinator" in _names(session, "nominating", call=call.id)
    assert "Other coordinator" not in _names(session, "nominating", call=call.id)
    assert _names(session, "nominating", call=call.id, country="JP") == set()


def test_hosts_with_and_without_openings_and_with_proposals(session: Session, cast: Cast) -> None:
    call = make.call(session)
    _ = cast.home_coordinator, cast.host_coordinator, cast.other_coordinator
    opening = make.opening(session, call, cast.host)
    make.opening(session, call, cast.elsewhere, status=OpeningStatus.DRAFT)
    assert _names(session, "hosts", call=call.id) == {"Host coordinator"}
    assert {"Home coordinator", "Other coordinator"} <= _names(session, "without-openings", call=call.id)
    assert "Host coordinator" not in _names(session, "without-openings", call=call.id)
    assert _names(session, "proposals", call=call.id) == set()
    application = make.application(session, "nominated", call=call, choices=[opening])
    make.placement(session, "proposed", application=application)
    assert "Host coordinator" in _names(session, "proposals", call=call.id)


def test_applicants_and_interns(session: Session, cast: Cast) -> None:
    call = make.call(session)
    opening = make.opening(session, call, cast.host, capacity=2)
    make.application(session, "draft", call=call, applicant=cast.applicant)
    placed = make.application(session, "nominated", call=call, applicant=cast.other_applicant, choices=[opening])
    make.placement(session, "agreed", application=placed)
    make.paper_application(session, cast.home_coordinator, call=call)
    everybody = {"Applicant", "Other applicant"}
    assert _names(session, "applicants", call=call.id) == everybody
    assert queries.numbers(session, AUDIENCES["applicants"], {"call": str(call.id)}).unreachable == 1
    assert _names(session, "applicants", call=call.id, status="draft") == {"Applicant"}
    assert _names(session, "applicants", call=call.id, country="MN") == everybody
    assert _names(session, "applicants", call=call.id, country="JP") == set()
    assert _names(session, "interns", call=call.id) == {"Other applicant"}
    assert _names(session, "interns", call=call.id, stay="active") == set()


def test_alumni_and_secretaries(session: Session, cast: Cast) -> None:
    stay = make.completed_stay(session, applicant=cast.applicant, home=cast.home, host=cast.host)
    alumnus = make.alumnus(session, make.certificate(session, stay))
    assert _names(session, "alumni") == {"Applicant"}
    alumnus.left_at, alumnus.name, alumnus.sentence = now(), "", ""
    session.flush()
    assert _names(session, "alumni") == set()
    assert _names(session, "secretaries") >= {cast.secretary.name}


def test_judges_by_the_work_that_is_left(session: Session, cast: Cast) -> None:
    edition = make.edition(session)
    busy, done, idle = (make.judge(session, edition, name=name) for name in ("Busy", "Done", "Idle"))
    for judge, locked_at in ((busy, None), (done, now())):
        essay = make.essay(session, "in_judging", edition=edition)
        make.appointment(session, essay, judge, locked_at=locked_at)
    assert _names(session, "judges", edition=edition.id) == {"Busy", "Done", "Idle"}
    assert _names(session, "judges", edition=edition.id, work="open") == {"Busy"}
    assert _names(session, "judges", edition=edition.id, work="done") == {"Done"}
    assert idle.person is not None


@pytest.mark.parametrize(
    ("stand", "expected"), [("", 4), ("draft", 1), ("returned", 1), ("sent", 2), ("awarded", 0), ("not_awarded", 0)]
)
def test_authors_are_a_number_and_a_decision_is_nobodys_before_it_is_public(
    session: Session, stand: str, expected: int
) -> None:
    edition = make.edition(session)
    states = (EssayStatus.DRAFT, EssayStatus.RETURNED, EssayStatus.AWARDED, EssayStatus.WITHDRAWN)
    for state in states:
        make.essay(session, state, edition=edition)
    chosen = {"edition": str(edition.id), **({"stand": stand} if stand else {})}
    numbers = queries.numbers(session, AUDIENCES["authors"], chosen)
    assert numbers.total == expected
    assert queries.first_readers(session, AUDIENCES["authors"], chosen) == []


def test_numbers_are_by_language_the_largest_first(session: Session, cast: Cast) -> None:
    for number, language in enumerate(("ko", "ko", "ja")):
        person = make.person(session, f"Secretary {number}", language=language)
        make.grant(session, person, Role.SECRETARY)
    numbers = queries.numbers(session, AUDIENCES["secretaries"], {})
    assert (numbers.by_language, numbers.total) == ({"ko": 2, "ja": 1}, 3)


def test_somebody_with_two_roles_is_one_reader(session: Session, cast: Cast) -> None:
    twice = cast.home_coordinator
    make.grant(session, twice, Role.COORDINATOR, government_id=cast.host.id)
    found: list[Person] = list(session.exec(queries.readers(AUDIENCES["coordinators"], {})))
    assert [each.name for each in found] == [twice.name]
