from collections import Counter

import pytest
from sqlmodel import Session, col, func, select

from portal.accounts.models import Person
from portal.applications import rules
from portal.applications.models import Application, Document, Status, Version
from portal.calls.models import Call
from portal.demonstration import crowd
from portal.demonstration.crowd import NO_PASSWORD
from portal.history import queries as history
from portal.registry.models import Country, Government
from tests import make
from tests.people import Cast


def a_crowd(session: Session, cast: Cast, number: int = 600) -> Call:
    call = make.call(session, created_by=cast.secretary.id, country_caps={"MN": 20})
    for code in ("KR-47", "JP-32"):
        make.opening(session, call, make.government(session, code))
    make.requested_document(session, call)
    make.requested_document(session, call, purpose="letter")
    for kind in ("short", "several", "yes_no", "file"):
        make.question(session, call, kind)
    crowd.fill(session, call, number, file=make.stored_file(session, cast.secretary))
    session.commit()
    return call


def test_every_state_of_every_government(session: Session, cast: Cast) -> None:
    a_crowd(session, cast)
    states = Counter(session.exec(select(Application.status)))
    assert set(states) == set(Status)
    assert states.total() == 600
    assert session.exec(select(func.count(col(Application.home_id).distinct()))).one() == 76
    assert history.broken(session) is None
    twice = select(Version.application_id).where(Version.number == 2)
    assert session.exec(twice).all(), "somebody corrected"
    assert session.exec(select(Application).where(col(Application.entered_by).is_not(None))).all(), "and from paper"


def test_nominations_keep_to_quotas_caps_and_order(session: Session, cast: Cast) -> None:
    call = a_crowd(session, cast)
    merits: dict[object, list[int]] = {}
    for home_id, merit in session.exec(select(Application.home_id, Application.merit).where(
        Application.status == Status.NOMINATED
    )):  # fmt: skip
        merits.setdefault(home_id, []).append(merit or 0)
    assert all(sorted(given) == list(range(1, len(given) + 1)) for given in merits.values())
    assert max(map(len, merits.values())) <= call.nomination_quota
    of_country = select(func.count()).select_from(Application).join(Government)
    nominated = of_country.where(Government.country == Country.MN, Application.status == Status.NOMINATED)
    assert session.exec(nominated).one() <= 20


def test_what_was_submitted_is_complete_and_kept(session: Session, cast: Cast) -> None:
    a_crowd(session, cast, 100)
    contents = {(version.application_id, version.digest): version.content for version in session.exec(select(Version))}
    sent = session.exec(select(Application).where(col(Application.submitted_at).is_not(None))).all()
    for application in sent:
        content = contents[application.id, application.submitted_digest or ""]
        assert rules.sha256(content) == application.submitted_digest
        assert content["about"]["given_name"] == application.given_name
    assert session.exec(select(func.count()).select_from(Document)).one() >= len(sent)


def test_nobody_of_the_crowd_can_sign_in(session: Session, cast: Cast) -> None:
    a_crowd(session, cast, 50)
    made = session.exec(select(Person).where(Person.password_hash == NO_PASSWORD)).all()
    assert len(made) >= 50


@pytest.mark.parametrize("seed", [1, 2])
def test_the_same_seed_makes_the_same_crowd(session: Session, cast: Cast, seed: int) -> None:
    found = []
    for _again in range(2):
        with session.begin_nested() as savepoint:
            call = make.call(session, slug="the-same")
            crowd.fill(session, call, 20, seed=seed)
            names = session.exec(select(Application.id, Application.roman_name).order_by(col(Application.id))).all()
            found.append(names)
            savepoint.rollback()
    assert found[0] == found[1]
