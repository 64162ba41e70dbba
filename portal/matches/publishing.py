"""Making a run count: placements, results, outcomes and messages, in the transaction of whoever calls.

Only `actions` calls it, with every row locked.
"""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from sqlmodel import Session

from portal.accounts.models import Person
from portal.accounts.queries import recipient
from portal.applications import actions as applications
from portal.applications.models import Application, Outcome, Status
from portal.calls.models import Call
from portal.history.actions import record
from portal.mail.actions import send
from portal.matches import rules, scenes, words
from portal.matches.inputs import Input
from portal.matches.models import Result, Run, Vacancy, Vacant, Waiter
from portal.matches.scenes import Scene
from portal.matches.working import Work
from portal.openings.models import Opening
from portal.placements import actions as placements
from portal.placements import rules as placement_rules
from portal.placements.models import Origin, Placement
from portal.placements.rules import Step


class Rows(NamedTuple):
    """The locked rows of a call, by id."""

    openings: Mapping[uuid.UUID, Opening]
    applications: Mapping[uuid.UUID, Application]
    placements: Mapping[uuid.UUID, Placement]


class Begun(NamedTuple):
    scene: Scene
    given: Input
    rows: Rows


class Before(NamedTuple):
    """What counted until now."""

    results: Mapping[uuid.UUID, Result]
    vacancies: Mapping[uuid.UUID, tuple[int, Vacant]]


NOTHING = Before({}, {})


class Published(NamedTuple):
    """All that is needed to make a run count. `by` gives the places: who confirmed the match."""

    call: Call
    run: Run
    scene: Scene
    given: Input
    done: Work
    rows: Rows
    by: uuid.UUID
    reserve_ends_at: dt.datetime
    before: Before = NOTHING

    @property
    def is_first(self) -> bool:
        return self.before is NOTHING

    def application(self, number: str) -> Application:
        return self.rows.applications[self.scene.applications[number]]

    def opening(self, slug: str) -> Opening:
        return self.rows.openings[self.scene.openings[slug]]

    def place_of(self, number: str) -> str | None:
        """Where this applicant has a place with this run, by the match or otherwise."""
        facts = self.given.facts
        return facts.fixed.get(number) or self.done.matching.get(number)

    def outcome(self, number: str) -> Outcome:
        return rules.outcome(self.done.outcomes.verdicts[number], self.place_of(number))

    def earlier(self, number: str) -> Result | None:
        return self.before.results.get(self.scene.applications[number])


def changes_anything(new: Published) -> bool:
    """Whether anybody has another place or prospect than before, or another place stays empty."""
    changed = any(_is_changed(new, number) for number in new.given.facts.applicants)
    return changed or _vacancies(new) != new.before.vacancies


def _is_changed(new: Published, number: str) -> bool:
    earlier, slug = new.earlier(number), new.place_of(number)
    opening_id = new.scene.openings[slug] if slug else None
    return (
        earlier is None
        or earlier.opening_id != opening_id
        or new.application(number).outcome is not new.outcome(number)
    )


def _vacancies(new: Published) -> dict[uuid.UUID, tuple[int, Vacant]]:
    return {new.scene.openings[slug]: vacancy for slug, vacancy in new.done.outcomes.vacancies.items()}


def publish(session: Session, new: Published, origin: str) -> None:
    changed = [number for number in new.given.facts.applicants if _is_changed(new, number)]
    given = _give_places(session, new)
    _write_results(session, new, given)
    for number in new.given.facts.applicants:
        applications.mark_outcome(new.application(number), new.outcome(number))
    _tell_applicants(session, new, changed, origin)
    _tell_governments(session, new, changed, origin)


def _give_places(session: Session, new: Published) -> dict[str, uuid.UUID]:
    """First all that is given back, then all that is given: whoever moves holds never two."""
    moves = {n: slug for n, slug in new.done.matching.items() if slug and new.given.facts.kept.get(n) != slug}
    released = {new.scene.held[number] for number in moves if number in new.given.facts.kept}
    for placement_id in released:
        placements.take_step(session, new.rows.placements[placement_id], Step.RELEASE, by=None, moved=True)
    session.flush()
    seats = _seats(placement for placement in new.rows.placements.values() if placement.id not in released)
    return {number: _give(session, new, number, slug, seats) for number, slug in sorted(moves.items())}


def _seats(held: Iterator[Placement]) -> dict[uuid.UUID, set[int]]:
    seats: dict[uuid.UUID, set[int]] = {}
    for placement in held:
        seats.setdefault(placement.opening_id, set()).add(placement.seat)
    return seats


def _give(
    session: Session, new: Published, number: str, slug: str, seats: dict[uuid.UUID, set[int]]
) -> uuid.UUID:  # fmt: skip
    opening = new.opening(slug)
    taken = seats.setdefault(opening.id, set())
    seat = placement_rules.free_seat(taken, opening.capacity)
    assert seat is not None, "the match keeps to the capacities"
    taken.add(seat)
    given = placements.give(session, opening, new.application(number), by=new.by, origin=Origin.MATCH, seat=seat)
    return given.id


def _write_results(session: Session, new: Published, given: Mapping[str, uuid.UUID]) -> None:
    session.add_all(_result(new, number, given) for number in new.given.facts.applicants)
    for slug, numbers in new.done.outcomes.waiting.items():
        session.add_all(_waiter(new, slug, place, number) for place, number in enumerate(numbers, 1))
    session.add_all(
        Vacancy(run_id=new.run.id, opening_id=opening_id, places_left=left, reason=reason)
        for opening_id, (left, reason) in _vacancies(new).items()
    )
    session.flush()


def _result(new: Published, number: str, given: Mapping[str, uuid.UUID]) -> Result:
    """Who has a place already keeps the sentences of the run that gave it."""
    slug, earlier = new.place_of(number), new.earlier(number)
    wishes = new.given.facts.applicants[number].wishes
    is_settled = number in new.given.facts.fixed and earlier is not None and earlier.opening_id is not None
    lottery = new.done.lottery.get(number)
    return Result(
        run_id=new.run.id, application_id=new.scene.applications[number],
        opening_id=new.scene.openings[slug] if slug else None,
        rank=wishes.index(slug) + 1 if slug in wishes else None,
        lottery=(earlier.lottery if earlier else "") if lottery is None else rules.lottery_digits(lottery),
        verdicts=earlier.verdicts if is_settled and earlier else _verdicts(new, number),
        placement_id=given.get(number) or (new.scene.held.get(number) if slug else None),
    )  # fmt: skip


def _verdicts(new: Published, number: str) -> list[dict[str, Any]]:
    return [
        {"opening_id": str(new.scene.openings[slug]), "code": code.value, "number": count}
        for slug, code, count in new.done.outcomes.verdicts[number]
        if slug in new.scene.openings
    ]


def _waiter(new: Published, slug: str, place: int, number: str) -> Waiter:
    return Waiter(
        run_id=new.run.id, opening_id=new.scene.openings[slug], place=place,
        application_id=new.scene.applications[number],
    )  # fmt: skip


# Messages


def _tell_applicants(session: Session, new: Published, changed: list[str], origin: str) -> None:
    """At first everybody; later only those for whom something changed, and not those who left by themselves."""
    for number in new.given.facts.applicants if new.is_first else changed:
        template = _template(new, number)
        if template is not None:
            application, slug = new.application(number), new.place_of(number)
            wishes = new.given.facts.applicants[number].wishes
            rank = wishes.index(slug) + 1 if slug in wishes else 0
            applications.tell(
                session, application, f"matches/{template}", link=f"{origin}/applications/{application.id}/result",
                opening=new.opening(slug) if slug else None, ends_at=new.reserve_ends_at,
                got=(words.GOT if new.is_first else words.MOVED).get(rank, ""),
            )  # fmt: skip


def _template(new: Published, number: str) -> str | None:
    facts = new.given.facts
    if number in facts.fixed:
        return "outside" if new.is_first else None
    if number in facts.left:
        return None
    if new.place_of(number) is not None:
        return "moved" if number in facts.kept else "matched"
    return "reserve" if new.outcome(number) is Outcome.RESERVE else "no_place"


def _tell_governments(session: Session, new: Published, changed: list[str], origin: str) -> None:
    """One message for each government as home and one as host, to each of its coordinators."""
    named = new.given.facts.applicants if new.is_first else changed
    homes = {home_id for number in named if (home_id := new.application(number).home_id)}
    hosts = {opening.government_id for opening in _concerned(new, changed)}
    offices = scenes.coordinators(session, {*homes, *hosts})
    kind = "" if new.is_first else "_again"
    for government_id in homes & offices.keys():
        told = {"call": new.call, "link": f"{origin}/nominations", **_counts(new, government_id)}
        _tell_office(session, offices[government_id], f"matches/home{kind}", told)
    for government_id in hosts & offices.keys():
        told = {"call": new.call, "link": f"{origin}/placements"}
        _tell_office(session, offices[government_id], f"matches/host{kind}", told)


def _tell_office(session: Session, office: list[Person], template: str, told: Mapping[str, Any]) -> None:
    for person in office:
        send(session, template, to=recipient(person), **told)


def _concerned(new: Published, changed: list[str]) -> Iterator[Opening]:
    """The openings whose candidates this run gives, or takes back."""
    if new.is_first:
        yield from (new.opening(slug) for slug in new.given.capacities)
        return
    for number in changed:
        for slug in (new.done.matching.get(number), new.given.facts.kept.get(number)):
            if slug is not None:
                yield new.opening(slug)


def _counts(new: Published, government_id: uuid.UUID) -> dict[str, int]:
    numbers = [n for n in new.given.facts.applicants if new.application(n).home_id == government_id]
    counted = Counter(new.outcome(number) for number in numbers)
    return {outcome.value: counted[outcome] for outcome in Outcome}


def end_reserve(session: Session, call: Call, origin: str) -> int:
    """Tidies up after the instant at which the reserve list ended; whom it tells once it does not tell again."""
    waiting = scenes.lock_reserve(session, call)
    for application in waiting:
        applications.mark_outcome(application, Outcome.UNMATCHED)
        if application.status is not Status.NOMINATED:
            continue  # who withdrew waits for nothing
        link = f"{origin}/applications/{application.id}/result"
        applications.tell(session, application, "matches/reserve_ended", link=link)
    if waiting:
        record(session, "reserve list ended", "call", call.id, by=None, number=len(waiting))
    return len(waiting)
