"""Two who order at the same moment; jobs that the real engine runs."""

import uuid
from typing import Any

import pytest
from fastapi import FastAPI
from sqlmodel import Session, select

from portal.accounts.models import Person
from portal.deals import queries
from portal.deals.models import Deal, DealStatus
from portal.deals.readings import get_reading
from portal.judging.models import Appointment
from tests import make, racing
from tests.conftest import browser
from tests.jobs.running import run_jobs


def _edition(session: Session, judges: int = 3) -> str:
    edition = make.edition(session, first_readings=2)
    for n in range(4):
        make.essay(session, "admitted", edition=edition, government=make.government(session, ("MN-1", "JP-32")[n % 2]))
    for _ in range(judges):
        make.judge(session, edition)
    return edition.slug


def _orders(app: FastAPI, slug: str) -> list[Any]:
    clients = []
    with app.state.database.session(writes=True) as session:
        for n in range(3):
            client = browser(app)
            client.cookies.update(make.sign_in(session, app.state.settings, make.secretary(session, f"Secretary {n}")))
            clients.append(client)
    return [lambda c=client: c.post(f"/contests/{slug}/deal", data={"round": "first"}) for client in clients]


def test_of_orders_at_once_one_counts(real_app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    with real_app.state.database.session(writes=True) as session:
        slug = _edition(session)
    monkeypatch.setattr(queries, "lock_open", racing.slowly(queries.lock_open))
    answers = racing.at_once(_orders(real_app, slug))
    assert sorted(answer.status_code for answer in answers) == [303, 409, 409]
    with real_app.state.database.session(writes=False) as session:
        assert len(session.exec(select(Deal.id)).all()) == 1


def test_without_the_look_at_open_deals_the_index_still_refuses(
    real_app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    with real_app.state.database.session(writes=True) as session:
        slug = _edition(session)
    monkeypatch.setattr(queries, "lock_open", lambda session, edition: None)
    answers = racing.at_once(_orders(real_app, slug))
    assert sorted(answer.status_code for answer in answers) == [303, 409, 409]


def test_the_engine_computes_and_makes_it(real_app: FastAPI) -> None:
    with real_app.state.database.session(writes=True) as session:
        slug = _edition(session)
    order = _orders(real_app, slug)[0]
    assert order().status_code == 303
    run_jobs(real_app)
    with real_app.state.database.session(writes=True) as session:
        deal = session.exec(select(Deal)).one()
        assert deal.status is DealStatus.READY
        secretary = browser(real_app)
        secretary.cookies.update(make.sign_in(session, real_app.state.settings, make.secretary(session)))
    assert secretary.post(f"/contests/{slug}/deal/{deal.id}/make").status_code == 303
    run_jobs(real_app)
    with real_app.state.database.session(writes=True) as session:
        assert session.get_one(Deal, deal.id).status is DealStatus.DEALT
        readings = session.exec(select(Appointment)).all()
        assert len(readings) == 8 and len({each.alias for each in readings}) == 8
        reading = readings[0]
        judge = browser(real_app)
        person_id = get_reading(session, reading.id).judge.person_id
        judge.cookies.update(make.sign_in(session, real_app.state.settings, session.get_one(Person, person_id)))
    sent = {"reason": "A pupil of mine.", "key": str(uuid.uuid4())}
    twice = racing.at_once([lambda: judge.post(f"/judging/{reading.alias}/conflict", data=sent)] * 2)
    assert [answer.status_code for answer in twice] == [303, 303]
    run_jobs(real_app)
    with real_app.state.database.session(writes=False) as session:
        of_essay = select(Appointment).where(Appointment.essay_id == reading.essay_id)
        assert sorted(each.ended_at is None for each in session.exec(of_essay)) == [False, True, True]
