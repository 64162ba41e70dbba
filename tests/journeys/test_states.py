"""Random people take random steps at random moments: no illegal state, nothing seen by who may not, all in the history.

What is expected is written down here a second time, on purpose: it does not ask the portal's own rules.
"""

import datetime as dt
import re
import uuid
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlmodel import Session

from portal.applications.models import Application
from portal.applications.models import Status as S  # noqa: N817 - it is written thirty times below
from portal.calls.models import Call
from portal.clock import now
from portal.history import queries as history
from portal.openings.models import Opening
from portal.placements.actions import lapse_expired
from portal.placements.models import HOLDING, Placement
from portal.placements.models import PlacementStatus as P
from tests import make
from tests.conftest import browser, signed_in
from tests.people import Cast

pytestmark = pytest.mark.slow
DAY = dt.timedelta(days=1)
REASON = "The name differs from the one in the passport."
PEOPLE = (
    "applicant", "other_applicant", "home_coordinator", "colleague", "other_coordinator", "host_coordinator",
    "secretary", "auditor", "stranger", "visitor",
)  # fmt: skip
HOME = {"home_coordinator", "colleague"}
STAFF = {"secretary", "auditor"}
LEADS: dict[str, dict[S, S]] = {
    "save": {S.DRAFT: S.DRAFT, S.RETURNED: S.RETURNED},
    "submit": {S.DRAFT: S.SUBMITTED, S.RETURNED: S.SUBMITTED},
    "withdraw": dict.fromkeys((S.DRAFT, S.SUBMITTED, S.RETURNED, S.NOMINATED), S.WITHDRAWN),
    "return": {S.SUBMITTED: S.RETURNED},
    "nominate": {S.SUBMITTED: S.NOMINATED},
    "refuse": {S.SUBMITTED: S.NOT_NOMINATED},
    "take-back": {S.NOMINATED: S.SUBMITTED, S.NOT_NOMINATED: S.SUBMITTED},
}
OWN = {"save", "submit", "withdraw"}
PLACES = {"save": "motivation"}
DATES = (
    "opens_at", "openings_due_at", "applications_due_at", "corrections_due_at", "nominations_due_at", "rankings_due_at",
)  # fmt: skip
# When: while people apply, while corrections come in, while governments nominate, and afterwards.
MOMENTS = (0, 0, 0, 32, 37, 60)
VERSION = re.compile(r'name="version" value="(\w*)"')


class States(RuleBasedStateMachine):
    """One application in a call of its own, and everybody who might want something of it."""

    app: FastAPI
    session: Session
    cast: Cast
    clients: dict[str, TestClient]
    reached: set[tuple[str, S]]

    def __init__(self) -> None:
        super().__init__()
        self.days = 0
        due = {"applications_due_at": 30, "corrections_due_at": 35, "nominations_due_at": 40}
        self.call = make.call(self.session, **{name: now() + days * DAY for name, days in due.items()})
        opening = make.opening(self.session, self.call, self.cast.host)
        applicant = make.person(self.session)
        made = make.application(
            self.session, applicant=applicant, home=self.cast.home, call=self.call, choices=[opening]
        )
        self.made_id, self.zone = made.id, self.call.zone
        self.session.commit()
        self.clients["applicant"] = signed_in(self.app, self.session, applicant)
        self.state, self.deeds = S.DRAFT, 0
        self.was_sent = self.was_returned = self.was_never_corrected = False

    @property
    def path(self) -> str:
        return f"/applications/{self.made_id}"

    @rule(moment=st.sampled_from(MOMENTS))
    def wait(self, moment: int) -> None:
        """Time only goes on: every date comes nearer by as much."""
        self.session.expire_all()
        passed, self.days = max(0, moment - self.days), max(self.days, moment)
        call, application = self.session.get_one(Call, self.call.id), self._application()
        for column in DATES:
            setattr(call, column, getattr(call, column) - passed * DAY)
        if application.correction_due_at is not None:
            application.correction_due_at -= passed * DAY
        self.session.commit()

    @rule(who=st.sampled_from(PEOPLE), step=st.sampled_from(sorted(LEADS)))
    def try_a_step(self, who: str, step: str) -> None:
        expected = self._expected(who, step)
        answer = self._send(self.clients[who], step)
        if expected is None:
            refused = answer.status_code in {401, 403, 404, 409} or self._is_door(answer)
            assert refused, (who, step, self.state, self.days, answer.status_code, answer.headers.get("location"))
            return
        assert answer.status_code == 303, (who, step, self.state, self.days, answer.status_code)
        self.was_never_corrected |= step == "refuse" and self.state is S.RETURNED
        self.state = expected
        self.reached.add((step, expected))
        self.deeds += step != "save"
        self.was_sent |= expected is S.SUBMITTED
        self.was_returned |= step == "return"

    @rule(step=st.sampled_from(sorted(LEADS)))
    def whose_it_is_takes_a_step(self, step: str) -> None:
        """So that walks get somewhere: among ten people hardly anybody may take one."""
        self.try_a_step("applicant" if step in OWN else "home_coordinator", step)

    @rule()
    def the_applicant_submits(self) -> None:
        self.try_a_step("applicant", "submit")

    @rule(step=st.sampled_from(["return", "nominate", "refuse", "take-back"]))
    def the_government_decides(self, step: str) -> None:
        self.try_a_step("home_coordinator", step)

    @rule(who=st.sampled_from(PEOPLE))
    def look(self, who: str) -> None:
        answer = self.clients[who].get(self.path, follow_redirects=who != "visitor")
        assert (answer.status_code == 200) is self._sees(who), (who, self.state, answer.status_code)
        hidden = self.clients[who].get(f"/nominations/{self.made_id}")
        assert (hidden.status_code == 200) is (who in HOME | STAFF and self.was_sent), (who, hidden.status_code)

    @invariant()
    def it_is_where_it_should_be(self) -> None:
        found = self._application()
        assert found.status is self.state
        assert (found.merit is not None) is (self.state is S.NOMINATED)
        assert len(history.deeds(self.session, "application", self.made_id)) == self.deeds

    def _application(self) -> Application:
        self.session.expire_all()
        return self.session.get_one(Application, self.made_id)

    def _expected(self, who: str, step: str) -> S | None:
        """Where the step leads; None if it must be refused. There are coordinators who can act, so nobody else does."""
        if who not in ({"applicant"} if step in OWN else HOME) or (step not in OWN and not self.was_sent):
            return None
        late = self._is_too_late_to_correct()
        if step == "submit" and (late if self.state is S.RETURNED else self.days >= 30):
            return None
        if step not in OWN and self.days >= 40:
            return None
        if step == "return" and (self.was_returned or self.days >= 35):
            return None
        if step == "refuse" and self.state is S.RETURNED:
            return S.NOT_NOMINATED if late else None
        if step == "take-back" and self.was_never_corrected:
            return None
        return LEADS[step].get(self.state)

    def _is_too_late_to_correct(self) -> bool:
        due = self._application().correction_due_at
        return self.state is S.RETURNED and due is not None and now() > due

    def _sees(self, who: str) -> bool:
        if who == "host_coordinator":
            return self.state is S.NOMINATED
        return who == "applicant" or (who in HOME | STAFF and self.was_sent)

    def _send(self, client: TestClient, step: str) -> Any:
        return client.post(f"{self.path}/{PLACES.get(step, step)}", data=self._typed(client, step))

    def _typed(self, client: TestClient, step: str) -> dict[str, str]:
        if step == "save":
            found = VERSION.search(client.get(f"{self.path}/motivation").text)
            return {"motivation": f"Because {uuid.uuid4()}", "version": found.group(1) if found else ""}
        due = f"{(now() + 2 * DAY).astimezone(ZoneInfo(self.zone)):%Y-%m-%dT%H:%M}"
        return {"reason": REASON, "code": "other", "due_at": due, "key": str(uuid.uuid4())}

    @staticmethod
    def _is_door(answer: Any) -> bool:
        return answer.status_code == 303 and str(answer.headers["location"]).startswith("/sign-in")


# By step: from which state it leads where, who takes it, and what they send.
PLACED: dict[str, tuple[dict[P, P], str, dict[str, str]]] = {
    "approve": ({P.PROPOSED: P.OFFERED}, "host_coordinator", {}),
    "refuse": ({P.PROPOSED: P.REFUSED}, "host_coordinator", {"code": "language"}),
    "cancel": ({P.PROPOSED: P.CANCELLED}, "secretary", {}),
    "accept": ({P.OFFERED: P.ACCEPTED}, "applicant", {}),
    "decline": ({P.OFFERED: P.DECLINED}, "applicant", {"code": "other", "reason": "I found work at home."}),
    "release": ({P.ACCEPTED: P.CANCELLED}, "applicant", {"code": "visa"}),
}
PLACES_HERE = 2
HOLDS = {P.PROPOSED, P.OFFERED, P.ACCEPTED}


class Places(RuleBasedStateMachine):
    """Three candidates and an opening with two places, which its host may withdraw."""

    app: FastAPI
    session: Session
    cast: Cast
    clients: dict[str, TestClient]
    reached: set[tuple[str, P]]

    def __init__(self) -> None:
        super().__init__()
        past = {name: now() - days * DAY for name, days in (("opens_at", 90), ("applications_due_at", 60))}
        past |= {"nominations_due_at": now() - 50 * DAY, "rankings_due_at": now() - 40 * DAY}
        call = make.call(self.session, **past)
        opening = make.opening(self.session, call, self.cast.host, capacity=PLACES_HERE)
        self.opening_id, self.slug = opening.id, opening.slug
        self.people, self.candidates = [], []
        for _ in range(3):
            person = make.person(self.session)
            given = {"applicant": person, "home": self.cast.home, "choices": [opening]}
            self.candidates.append(make.application(self.session, "nominated", **given).id)
            self.people.append(signed_in(self.app, self.session, person))
        self.session.commit()
        self.states: dict[uuid.UUID, P] = {}  # of each placement that was ever made
        self.whose: dict[uuid.UUID, int] = {}
        self.gone: set[int] = set()  # who withdrew
        self.is_open = True

    @rule(number=st.integers(0, 2))
    def propose(self, number: int) -> None:
        holds = any(self.whose[each] == number for each in self._held())
        fits = self.is_open and number not in self.gone and not holds and len(self._held()) < PLACES_HERE
        data = {"application_id": str(self.candidates[number]), "reason": REASON, "key": str(uuid.uuid4())}
        answer = self.clients["secretary"].post(f"/openings/{self.opening_id}/propose", data=data)
        assert (answer.status_code == 303) is fits, answer.status_code
        if fits:
            made = uuid.UUID(str(answer.headers["location"]).rpartition("/")[2])
            self.whose[made] = number
            self._is_now("propose", made, P.PROPOSED)

    @rule(data=st.data(), step=st.sampled_from(sorted(PLACED)), who=st.sampled_from([None, *PEOPLE]))
    def take_a_step(self, data: st.DataObject, step: str, who: str | None) -> None:
        """By whom it belongs to, or by somebody of the cast."""
        if not self.states:
            return
        made = data.draw(st.sampled_from(sorted(self.states)))
        leads, belongs_to, sent = PLACED[step]
        who = who or belongs_to
        expected = leads.get(self.states[made]) if self._may(who, step) else None
        if made in self._unseen(who):
            expected = None
        client = self.people[self.whose[made]] if who == "applicant" else self.clients[who]
        answer = client.post(f"/placements/{made}/{step}", data=sent)
        is_door = answer.status_code == 303 and str(answer.headers["location"]).startswith("/sign-in")
        done = answer.status_code == 303 and not is_door
        assert done is (expected is not None), (who, step, self.states[made], answer.status_code)
        if expected is not None:
            self._is_now(step, made, expected)

    @rule(number=st.integers(0, 10**6))
    def somebody_goes_on(self, number: int) -> None:
        """Any step that is possible, by whose it is: else walks would seldom get to an accepted place and back."""
        ready = [
            (made, step) for made in sorted(self.states) for step in PLACED if self.states[made] in PLACED[step][0]
        ]
        if not ready:
            return
        made, step = ready[number % len(ready)]
        leads, belongs_to, sent = PLACED[step]
        client = self.people[self.whose[made]] if belongs_to == "applicant" else self.clients[belongs_to]
        assert client.post(f"/placements/{made}/{step}", data=sent).status_code == 303
        self._is_now(step, made, leads[self.states[made]])

    @rule()
    def offers_run_out(self) -> None:
        """Every open offer reaches its end; the place is free before anybody has noted it."""
        self.session.expire_all()
        for made, state in self.states.items():
            if state is P.OFFERED:
                self.session.get_one(Placement, made).expires_at = now()
                self._is_now("lapse", made, P.LAPSED)
        self.session.commit()
        lapse_expired(self.session)
        self.session.commit()

    @rule(number=st.integers(0, 2), chance=st.integers(0, 3))
    def withdraw(self, number: int, chance: int) -> None:
        if chance:
            return
        answer = self.people[number].post(f"/applications/{self.candidates[number]}/withdraw")
        assert (answer.status_code == 303) is (number not in self.gone), answer.status_code
        self.gone.add(number)
        for made in [each for each in self._held() if self.whose[each] == number]:
            self._is_now("withdraw", made, P.CANCELLED)

    @rule(chance=st.integers(0, 9), who=st.sampled_from(["host_coordinator", "secretary", "other_coordinator"]))
    def the_opening_is_withdrawn(self, chance: int, who: str) -> None:
        """Seldom: nothing follows it."""
        if chance:
            return
        may = self.is_open and who != "other_coordinator"
        data = {"what": "release", "reason": REASON}
        answer = self.clients[who].post(f"/openings/{self.opening_id}/cutback", data=data)
        assert (answer.status_code == 303) is may, (who, answer.status_code)
        if may:
            self.is_open = False
            for made in self._held():
                self._is_now("cutback", made, P.CANCELLED)

    @invariant()
    def no_place_is_lost_or_given_twice(self) -> None:
        self.session.expire_all()
        found = {made: self.session.get_one(Placement, made) for made in self.states}
        assert {made: each.status for made, each in found.items()} == self.states
        seats = [each.seat for each in found.values() if each.status in HOLDING]
        assert len(seats) == len(set(seats)) and set(seats) <= set(range(1, PLACES_HERE + 1))
        for number, application_id in enumerate(self.candidates):
            own = [self.states[made] for made, whose in self.whose.items() if whose == number]
            placed = self.session.get_one(Application, application_id).placed_at
            assert (placed is not None) is (P.ACCEPTED in own)
        assert (self.session.get_one(Opening, self.opening_id).status == "published") is self.is_open

    def _may(self, who: str, step: str) -> bool:
        return who == PLACED[step][1] or (step == "release" and who == "secretary")

    def _unseen(self, who: str) -> set[uuid.UUID]:
        """Candidates see nothing of what was only proposed to a host, or refused."""
        hidden = {P.PROPOSED, P.REFUSED}
        return {made for made, state in self.states.items() if who == "applicant" and state in hidden}

    def _held(self) -> list[uuid.UUID]:
        return [made for made, state in self.states.items() if state in HOLDS]

    def _is_now(self, step: str, made: uuid.UUID, state: P) -> None:
        self.states[made] = state
        self.reached.add((step, state))


STRAIGHT = (("save", "submit", "return", "save", "submit", "nominate", "take-back", "refuse"), ("submit", "withdraw"))


def test_no_walk_leads_to_an_illegal_state(app: FastAPI, session: Session, cast: Cast) -> None:
    machine = _machine(States, app, session, cast)
    for straight in STRAIGHT:  # random walks alone reach every state only if they are lucky
        one = machine()
        for step in straight:
            one.whose_it_is_takes_a_step(step)
            one.it_is_where_it_should_be()
    _walk(machine, examples=25)
    assert {state for _step, state in machine.reached} == set(S), "every state was walked through"


def test_no_walk_loses_a_place_or_gives_one_twice(app: FastAPI, session: Session, cast: Cast) -> None:
    machine = _machine(Places, app, session, cast)
    _walk(machine, examples=12)
    assert len({state for _step, state in machine.reached}) >= 4, "walks get somewhere"


def _machine(kind: type[RuleBasedStateMachine], app: FastAPI, session: Session, cast: Cast) -> Any:
    """With a browser for everybody, and a set of what is reached that all its walks share."""
    people = {name: getattr(cast, name) for name in PEOPLE if hasattr(Cast, name) and name != "applicant"}
    people["colleague"] = make.coordinator(session, cast.home)
    clients = {name: signed_in(app, session, person) for name, person in people.items()}
    clients["visitor"] = browser(app)
    return type(
        "Machine", (kind,), {"app": app, "session": session, "cast": cast, "clients": clients, "reached": set()}
    )


def _walk(machine: type[RuleBasedStateMachine], *, examples: int) -> None:
    checks = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples, stateful_step_count=25, deadline=None, derandomize=True, suppress_health_check=checks
        ),
    )
