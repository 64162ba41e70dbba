"""People and their roles, in the hands of the secretariat."""

import datetime as dt
import html
import re
import uuid
from collections.abc import Callable

import pytest
import time_machine
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlmodel import Session

from portal.accounts import actions, queries
from portal.accounts.models import Grant, Person, Role
from portal.accounts.viewer import Held, viewer_of
from portal.clock import today
from portal.errors import Conflict, NotAllowed
from portal.history import queries as history
from tests import counting, make
from tests.accounts import letters
from tests.conftest import signed_in
from tests.database import JoinedDatabase
from tests.people import Cast

As = Callable[..., TestClient]
DAY = dt.timedelta(days=1)


def _give(client: TestClient, person: Person, **fields: object) -> Response:
    data = {"role": "auditor", "begins_on": str(today()), "key": str(uuid.uuid4()), **fields}
    return client.post(f"/people/{person.id}/roles", data=data)


@pytest.fixture
def person(session: Session, cast: Cast) -> Person:
    made = make.person(session, "Тэмүүлэн")
    _ = cast.secretary, cast.auditor, cast.home
    session.commit()
    return made


def test_a_secretary_gives_a_role_and_ends_it(session: Session, cast: Cast, as_: As, person: Person) -> None:
    client = as_(cast.secretary)
    given = _give(client, person, role="coordinator", government=cast.home.id)
    assert given.headers["location"] == f"/people/{person.id}"
    assert letters.to(session, person.email)[-1].subject == "You have a new role"
    assert cast.home.name("en") in letters.to(session, person.email)[-1].text
    assert viewer_of(session, person).coordinates(cast.home.id)
    assert [each.id for each in queries.coordinators(session, cast.home.id)] == [person.id]
    grant = queries.roles(session, person.id)[0]
    page = client.get(f"/people/{person.id}").text
    assert f"/people/{person.id}/roles/{grant.id}/end" in page
    assert client.post(f"/people/{person.id}/roles/{grant.id}/end").status_code == 303
    session.expire_all()
    assert not viewer_of(session, person).coordinates(cast.home.id)
    assert queries.roles(session, person.id) == [grant], "ended, not deleted"
    assert letters.to(session, person.email)[-1].subject == "One of your roles has ended"
    assert [each.deed for each in history.deeds(session, "person", person.id)] == ["ended role", "granted role"]
    assert client.post(f"/people/{person.id}/roles/{grant.id}/end").status_code == 409


def test_pressed_twice_it_is_given_once(session: Session, cast: Cast, as_: As, person: Person) -> None:
    client, key = as_(cast.secretary), str(uuid.uuid4())
    answers = [_give(client, person, key=key) for _ in range(2)]
    assert {answer.status_code for answer in answers} == {303}
    assert len(queries.roles(session, person.id)) == 1


@pytest.mark.parametrize("change", ["give", "end"])
def test_a_change_of_roles_signs_out_at_once(
    app: FastAPI, session: Session, cast: Cast, as_: As, person: Person, change: str
) -> None:
    grant = make.grant(session, person, Role.SECRETARY)
    client = signed_in(app, session, person)
    assert client.get("/people").status_code == 200
    if change == "give":
        _give(as_(cast.secretary), person)
    else:
        as_(cast.secretary).post(f"/people/{person.id}/roles/{grant.id}/end")
    assert client.get("/people").headers["location"].startswith("/sign-in")


def test_roles_begin_and_end_on_their_days(app: FastAPI, session: Session, person: Person) -> None:
    noon = dt.datetime.combine(today(), dt.time(12), dt.UTC)
    make.grant(session, person, Role.AUDITOR, begins_on=today() + DAY, ends_on=today() + 2 * DAY)
    session.commit()
    seen = []
    for days in range(4):
        with time_machine.travel(noon + days * DAY, tick=False):
            seen.append(signed_in(app, session, person).get("/people").status_code)
    assert seen == [403, 200, 200, 403]


def test_the_end_of_a_day_ends_a_role_within_one_request(app: FastAPI, session: Session, person: Person) -> None:
    make.grant(session, person, Role.AUDITOR, ends_on=today())
    session.commit()
    with time_machine.travel(dt.datetime.combine(today(), dt.time(23, 59), dt.UTC), tick=False) as clock:
        client = signed_in(app, session, person)
        assert client.get("/people").status_code == 200
        clock.shift(dt.timedelta(minutes=2))
        assert client.get("/people").status_code == 403


@pytest.mark.parametrize("change", ["give", "end"])
def test_only_secretaries_change_roles(
    client: TestClient, session: Session, cast: Cast, as_: As, person: Person, change: str
) -> None:
    grant = make.grant(session, person, Role.SECRETARY)
    session.commit()
    path = f"/people/{person.id}/roles" + ("" if change == "give" else f"/{grant.id}/end")
    data = {"role": "auditor", "begins_on": str(today())}
    assert client.post(path, data=data).status_code == 401
    assert as_(cast.stranger).post(path, data=data).status_code == 404
    assert as_(cast.home_coordinator).post(path, data=data).status_code == 404
    assert as_(cast.auditor).post(path, data=data).status_code == 403
    assert client.post(path, data=data, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    session.expire_all()
    assert len(queries.roles(session, person.id)) == 1


def test_nobody_ends_their_own_role_as_secretary(session: Session, cast: Cast, as_: As, person: Person) -> None:
    own = queries.roles(session, cast.secretary.id)[0]
    client = as_(cast.secretary)
    assert "End this role now" not in client.get(f"/people/{cast.secretary.id}").text
    assert client.post(f"/people/{cast.secretary.id}/roles/{own.id}/end").status_code == 409


def test_a_grant_belongs_to_its_person(session: Session, cast: Cast, as_: As, person: Person) -> None:
    grant = make.grant(session, person, Role.AUDITOR)
    client = as_(cast.secretary)
    assert client.post(f"/people/{cast.stranger.id}/roles/{grant.id}/end").status_code == 404
    assert client.post(f"/people/{person.id}/roles/{uuid.uuid4()}/end").status_code == 404


@pytest.mark.parametrize(("fields", "sentence"), [
    ({"role": ""}, "Fill this in."),
    ({"role": "emperor"}, "Choose one from the list."),
    ({"role": "judge"}, "Give this role on the pages of the contest."),
    ({"role": "coordinator"}, "Choose the government"),
    ({"role": "coordinator", "government": str(uuid.uuid4())}, "Choose one from the list."),
    ({"begins_on": "soon"}, "Enter a date"),
    ({"ends_on": "2020-01-01"}, "The last day is before the first."),
])  # fmt: skip
def test_a_wrong_role_is_explained(cast: Cast, as_: As, person: Person, fields: dict[str, str], sentence: str) -> None:
    answer = _give(as_(cast.secretary), person, **fields)
    assert answer.status_code == 422
    assert sentence in answer.text


def test_the_same_role_is_not_given_twice_over(session: Session, cast: Cast, as_: As, person: Person) -> None:
    client = as_(cast.secretary)
    _give(client, person, ends_on=str(today() + 5 * DAY))
    assert _give(client, person, begins_on=str(today() + 5 * DAY)).status_code == 409
    assert _give(client, person, begins_on=str(today() + 6 * DAY)).status_code == 303, "a hand-over to oneself"


@pytest.mark.parametrize(("first", "second"), [(Role.JUDGE, Role.SCREENER), (Role.SCREENER, Role.JUDGE)])
@pytest.mark.parametrize("when", ["now", "over"])
def test_who_screens_an_edition_never_judges_it(
    session: Session, cast: Cast, person: Person, first: Role, second: Role, when: str
) -> None:
    by, edition = viewer_of(session, cast.secretary), uuid.uuid4()
    ends_on = None if when == "now" else dt.date(2020, 2, 1)
    make.grant(session, person, first, edition_id=edition, ends_on=ends_on)
    with pytest.raises(Conflict):
        actions.grant_role(session, person, second, by=by, edition_id=edition)
    actions.grant_role(session, person, second, by=by, edition_id=uuid.uuid4())


def test_a_role_that_ended_on_its_first_day_was_long_enough_to_read_who_wrote_what(
    session: Session, cast: Cast, person: Person
) -> None:
    by = viewer_of(session, cast.secretary)
    for begins_on, is_refused in ((today(), True), (today() + DAY, False)):
        edition = uuid.uuid4()
        given = actions.grant_role(session, person, Role.SCREENER, by=by, edition_id=edition, begins_on=begins_on)
        actions.end_role(session, given, by=by)
        if is_refused:
            with pytest.raises(Conflict):
                actions.grant_role(session, person, Role.JUDGE, by=by, edition_id=edition)
        else:
            actions.grant_role(session, person, Role.JUDGE, by=by, edition_id=edition)


def test_grants_are_for_secretaries_to_make(session: Session, cast: Cast, person: Person) -> None:
    for other in (cast.stranger, cast.auditor, cast.home_coordinator):
        with pytest.raises(NotAllowed):
            actions.grant_role(session, person, Role.AUDITOR, by=viewer_of(session, other))


@pytest.mark.parametrize(
    ("who", "status"), [("secretary", 200), ("auditor", 200), ("stranger", 403), ("home_coordinator", 403)]
)
def test_who_sees_the_list(cast: Cast, as_: As, person: Person, who: str, status: int) -> None:
    assert as_(getattr(cast, who)).get("/people").status_code == status


@pytest.mark.parametrize(
    ("who", "status"), [("secretary", 200), ("auditor", 200), ("stranger", 404), ("home_coordinator", 404)]
)
def test_who_sees_a_person(cast: Cast, as_: As, person: Person, who: str, status: int) -> None:
    assert as_(getattr(cast, who)).get(f"/people/{person.id}").status_code == status


def test_an_auditor_sees_no_buttons(session: Session, cast: Cast, as_: As, person: Person) -> None:
    make.grant(session, person, Role.AUDITOR)
    page = as_(cast.auditor).get(f"/people/{person.id}").text
    assert "End this role now" not in page
    assert "Give the role" not in page


@pytest.mark.parametrize("term", ["Тэмү", "тэмү", "ТЭМҮ", "темр", "Темр", "TEM.x@EX"])
def test_people_are_found_by_the_beginning_of_a_name_or_address(
    session: Session, cast: Cast, as_: As, person: Person, term: str
) -> None:
    person.name, person.email = "Тэмүүлэн Темрович", "tem.x@example.org"
    session.add(person)
    session.commit()
    page = as_(cast.secretary).get("/people", params={"q": term}).text
    assert f"/people/{person.id}" in page
    assert f"/people/{cast.auditor.id}" not in page


@pytest.mark.parametrize("term", ["%", "_", "' OR 1=1 --", "\\"])
def test_signs_that_mean_something_to_a_database_mean_nothing_here(
    cast: Cast, as_: As, person: Person, term: str
) -> None:
    page = as_(cast.secretary).get("/people", params={"q": term})
    assert page.status_code == 200
    assert "begins with this" in page.text


def test_pages_follow_one_another(session: Session, cast: Cast, as_: As, person: Person) -> None:
    for n in range(queries.PAGE + 5):
        make.person(session, f"Crowd {n // 3:03}")
    client, seen, path = as_(cast.secretary), [], "/people?q=Crowd"
    while path:
        text = html.unescape(client.get(path).text)
        seen += re.findall(r'href="/people/([0-9a-f-]{36})"', text)
        path = "".join(re.findall(r'href="(/people\?q=Crowd&after=[0-9a-f-]{36})"', text))
    assert len(seen) == len(set(seen)) == queries.PAGE + 5


def test_the_number_of_queries_does_not_grow(
    session: Session, database: JoinedDatabase, cast: Cast, as_: As, person: Person
) -> None:
    client, counts = as_(cast.secretary), []
    for number in (1, 3):
        for _ in range(number):
            make.coordinator(session, cast.home, "Queried")
        session.commit()
        with counting.queries(database) as statements:
            assert client.get("/people?q=Queried").text.count("Queried") >= number
        counts.append(len(statements))
    assert counts[0] == counts[1]


class Roles(RuleBasedStateMachine):
    """Whatever is given and ended in whatever order, what a person may do is what today's rows say."""

    session: Session
    cast: Cast

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = self.session.begin_nested()
        self.person = make.person(self.session)
        self.editions = [uuid.uuid4(), uuid.uuid4()]
        self.model: list[tuple[Grant, Held, dt.date, dt.date | None]] = []

    @rule(
        role=st.sampled_from(Role),
        place=st.integers(0, 1),
        begins=st.integers(-3, 3),
        days=st.none() | st.integers(0, 5),
    )
    def give(self, role: Role, place: int, begins: int, days: int | None) -> None:
        government = self.cast.home.id if role is Role.COORDINATOR else None
        edition = self.editions[place] if role in {Role.JUDGE, Role.SCREENER} else None
        begins_on = today() + begins * DAY
        ends_on = None if days is None else begins_on + days * DAY
        by = viewer_of(self.session, self.cast.secretary)
        wanted = Held(role, government, edition)
        given = {"government_id": government, "edition_id": edition, "begins_on": begins_on, "ends_on": ends_on}
        try:
            made = actions.grant_role(self.session, self.person, role, by=by, **given)
        except Conflict:
            assert self._clashes(wanted, begins_on, ends_on)
        else:
            assert not self._clashes(wanted, begins_on, ends_on)
            self.model.append((made, wanted, begins_on, ends_on))

    @rule(which=st.integers(0, 20))
    def end(self, which: int) -> None:
        if not self.model:
            return
        grant, held, begins_on, ends_on = self.model.pop(which % len(self.model))
        by = viewer_of(self.session, self.cast.secretary)
        if ends_on is not None and ends_on < today():
            with pytest.raises(Conflict):
                actions.end_role(self.session, grant, by=by)
            self.model.append((grant, held, begins_on, ends_on))
        else:
            actions.end_role(self.session, grant, by=by)
            self.model.append((grant, held, begins_on, today() - DAY))

    @invariant()
    def what_one_may_do_is_what_the_rows_say(self) -> None:
        day = today()
        expected = {held for _, held, begins, ends in self.model if begins <= day and (ends is None or day <= ends)}
        assert viewer_of(self.session, self.person).held == expected

    def _clashes(self, wanted: Held, begins_on: dt.date, ends_on: dt.date | None) -> bool:
        apart = {Role.JUDGE: Role.SCREENER, Role.SCREENER: Role.JUDGE}.get(wanted.role)
        for _, held, begins, ends in self.model:
            never_began = ends is not None and ends < begins - DAY
            if held.role is apart and held.edition_id == wanted.edition_id and not never_began:
                return True
            if ends is not None and ends < begins:
                continue
            if held == wanted and begins <= (ends_on or dt.date.max) and begins_on <= (ends or dt.date.max):
                return True
        return False

    def teardown(self) -> None:
        self.savepoint.rollback()


def test_any_order_of_giving_and_ending(session: Session, cast: Cast) -> None:
    _ = cast.secretary, cast.home
    session.commit()
    machine = type("Machine", (Roles,), {"session": session, "cast": cast})
    run_state_machine_as_test(machine, settings=settings(max_examples=25, stateful_step_count=15, deadline=None))
