"""From the nominations through the match, a decline, a lapse and a re-run to a certificate that anybody can check."""

import datetime as dt
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import time_machine
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import Session

from portal import i18n
from portal.accounts.models import Person
from portal.clock import now
from portal.history import queries as history
from portal.jobs.registry import Services
from portal.placements.jobs import lapse_offers, remind_of_offers
from portal.settings import Settings
from tests import make
from tests.accounts import letters
from tests.conftest import browser
from tests.database import ROOT, JoinedDatabase
from tests.journeys import internships as steps
from tests.journeys import placements as placing
from tests.journeys.walker import Walker
from tests.journeys.world import World
from tests.people import Cast

As = Callable[[Person], TestClient]
GUIDE, LAKES, COAST = "Guide for visitors", "Lakes and gardens", "Coast in winter"


@pytest.fixture
def world(session: Session, as_: As, settings: Settings, database: JoinedDatabase) -> Iterator[World]:
    with time_machine.travel(now()) as clock:
        yield World(session, Services(settings, database), as_, clock)


class People:
    """Four young people of Ulaanbaatar and one of Primorsky, who are nominated; and a second secretary."""

    def __init__(self, session: Session, cast: Cast) -> None:
        self.ana, self.bat, self.tsetseg, self.dorj = (
            make.member(session, name) for name in ("Ана", "Бат", "Цэцэг", "Дорж")
        )
        self.ivan = make.member(session, "Иван")
        primorsky = make.government(session, "RU-PRI")
        self.russian_coordinator = make.coordinator(session, primorsky, "Coordinator of Primorsky")
        self.second = make.secretary(session, "Second secretary")


def told(session: Session, person: Person) -> list[str]:
    return [message.template for message in letters.to(session, person.email)]


def test_from_the_nominations_to_a_certificate(world: World, app: FastAPI, cast: Cast, tmp_path: Path) -> None:
    people = People(world.session, cast)
    call = a_call_with_criteria_and_a_blocked_pair(world.walk(cast.secretary))
    guide, lakes, coast = three_openings(world, cast, call)
    paths = five_apply_and_are_nominated(world, cast, people, call)

    world.later(days=41)  # nominations were due yesterday
    dorj_changes_his_mind(world.walk(people.dorj), paths["dorj"])
    an_interview_is_offered_and_picked(world, cast, people, guide, paths["ana"])
    hosts_rank(world, cast, guide, lakes, paths)
    world.later(days=10)  # and now rankings
    both_sides_are_locked(world, cast, people, guide, paths["ana"])
    a_late_change(world.walk(cast.secretary), guide, paths)

    run = two_dry_runs(world, world.walk(cast.secretary), call)
    nobody_sees_anything(world, cast, people, guide, paths)
    it_is_published_by_two(world, cast, people, run, guide, paths)
    everybody_reads_why(world, cast, people, paths, guide, coast)
    the_file_proves_itself(world.walk(cast.auditor), run, tmp_path)


def a_call_with_criteria_and_a_blocked_pair(secretary: Walker) -> str:
    call = steps.open_call(secretary, "Autumn in the regions", due=steps.in_seoul(days=30))
    placing.set_criteria(secretary, call, Languages=60, Motivation=40)
    secretary.sees("2 criteria")
    placing.block(secretary, call, "JP-RU")
    secretary.visit(call).sees("Languages", "60")
    return call


def three_openings(world: World, cast: Cast, call: str) -> tuple[str, str, str]:
    korea, japan = world.walk(cast.host_coordinator), world.walk(cast.other_coordinator)
    guide = steps.offer_opening(korea, call, GUIDE, capacity=1)
    lakes = steps.offer_opening(japan, call, LAKES, capacity=1)
    return guide, lakes, steps.offer_opening(japan, call, COAST, capacity=1, at="Harbour office")


def five_apply_and_are_nominated(world: World, cast: Cast, people: People, call: str) -> dict[str, str]:
    wishes = {"ana": [GUIDE], "bat": [GUIDE, LAKES], "tsetseg": [GUIDE], "dorj": [GUIDE, LAKES], "ivan": [LAKES, GUIDE]}
    russian = {"home": "Primorsky", "nationality": "RU", "mother_tongue": "ru"}
    homes = {name: world.walk(cast.home_coordinator) for name in wishes}
    homes["ivan"] = world.walk(people.russian_coordinator)
    paths = {}
    for name, chosen in wishes.items():
        person = getattr(people, name)
        walker, who = world.walk(person), {"native_name": person.name, "roman_name": name.capitalize()}
        paths[name] = steps.complete(walker, call, *chosen, **who, **(russian if name == "ivan" else {}))
        steps.submit(walker, paths[name])
        steps.nominate(homes[name], paths[name])
    return paths


def dorj_changes_his_mind(dorj: Walker, path: str) -> None:
    dorj.visit(path).follow("Look at the order of your openings").sees("You can change the order until:")
    dorj.press("/ranking", up=dorj.option("up", LAKES)).sees("The order is changed.")


def an_interview_is_offered_and_picked(world: World, cast: Cast, people: People, opening: str, path: str) -> None:
    host, ana = world.walk(cast.host_coordinator), world.walk(people.ana)
    host.visit(f"{opening}/candidates").follow("Interview times")
    when = {"first": steps.in_seoul(days=3), "minutes": "30", "count": "1", "pause": "0"}
    host.press("/interviews", place="https://video.example.org/guide", **when).sees("The times are offered.", "Free")
    ana.visit(path).follow("See your interviews").press("/pick").sees("The interview is yours.", "in Seoul (UTC+9)")
    calendar = ana.client.get(ana.address("Put it into your calendar"))
    assert calendar.text.startswith("BEGIN:VCALENDAR") and f"Interview: {GUIDE}" in calendar.text
    host.visit(f"{opening}/interviews").sees("Taken", "Ана")


def hosts_rank(world: World, cast: Cast, guide: str, lakes: str, paths: dict[str, str]) -> None:
    """By marks, with one tie and one whom the host would rather not take; nothing shows age, telephone or wishes."""
    korea, japan = world.walk(cast.host_coordinator), world.walk(cast.other_coordinator)
    korea.visit("/").follow("/rankings").follow(GUIDE)
    marks = {"ana": (9, 9), "tsetseg": (8, 7), "bat": (6, 6), "dorj": (6, 6), "ivan": (5, 5)}
    placing.give_marks(korea, guide, {paths[name]: given for name, given in marks.items()})
    places = [placing.place_of(korea, paths[name]) for name in marks]
    assert places == ["1", "2", "3", "3", "4"]
    placing.rank(korea, guide, refused=paths["ivan"])
    hidden = i18n.day(steps.BORN_ON), f"{steps.BORN_ON}", steps.PHONE, LAKES, "Choice 1"
    for page in (korea.page, korea.visit(paths["dorj"]).page):
        assert [each for each in hidden if each in page] == []
    placing.rank(japan, lakes, **{f"place_{placing.hex_of(paths[name])}": place for name, place in (("dorj", "1"), ("bat", "2"), ("ivan", "3"))})


def both_sides_are_locked(world: World, cast: Cast, people: People, opening: str, path: str) -> None:
    """A page of the day before still has the buttons; its press finds the list locked."""
    host, ana = world.walk(cast.host_coordinator), world.walk(people.ana)
    for walker, page in ((host, f"{opening}/ranking"), (ana, f"{path}/ranking")):
        assert "locked" in walker.visit(page).text()
        assert walker.client.post(page, data={}).status_code == 409


def a_late_change(secretary: Walker, opening: str, paths: dict[str, str]) -> None:
    """The host had written to the secretariat that Bat is to stand before Tsetseg."""
    secretary.visit(f"{opening}/ranking").sees("a late change")
    bat, tsetseg = (f"place_{placing.hex_of(paths[name])}" for name in ("bat", "tsetseg"))
    secretary.press("/ranking", **{bat: "2", tsetseg: "3"}, expect=422)
    reason = "The host sent the right order by letter in time."
    secretary.press("/ranking", **{bat: "2", tsetseg: "3"}, reason=reason).sees("The list is saved.")
    assert [placing.place_of(secretary, paths[name]) for name in ("ana", "bat", "tsetseg", "dorj")] == list("1233")


def two_dry_runs(world: World, secretary: Walker, call: str) -> str:
    first = placing.dry_run(secretary, call)
    placing.dry_run(secretary, call, optimal_for="hosts")
    assert world.work() == ["run_match", "run_match"]
    secretary.visit(f"{call}/match").follow("Compare").sees("Compared with", "2 of 3")
    secretary.visit(first).sees("Done", "No applicant and opening would rather have each other", "Places filled2 of 3")
    return first


def nobody_sees_anything(world: World, cast: Cast, people: People, opening: str, paths: dict[str, str]) -> None:
    ana, host, home = (world.walk(each) for each in (people.ana, cast.host_coordinator, cast.home_coordinator))
    for walker in (ana, home):
        walker.visit(paths["ana"]).misses("See the result of the match")
        assert walker.visit(f"{paths['ana']}/result").status == 404
    ana.visit("/placements").sees("No place has been offered to you yet.")
    host.visit(f"{opening}/result").sees("not published yet").misses("Ана")


def it_is_published_by_two(
    world: World, cast: Cast, people: People, run: str, opening: str, paths: dict[str, str]
) -> None:
    first, second = world.walk(cast.secretary), world.walk(people.second)
    first.visit(run).press("/ask").sees("You asked for publication.")
    assert not first.offers("/confirm")
    refused = first.client.post(f"{run}/confirm")
    assert refused.status_code == 409 and "A second member of the secretariat has to confirm it." in refused.text
    second.visit("/").follow("Matches to confirm").follow(run).press("/confirm").sees("Publication is confirmed.")
    nobody_sees_anything(world, cast, people, opening, paths)
    assert world.work() == ["publish_match"]
    second.visit(run).sees("Published", "Confirmed by Second secretary")


def everybody_reads_why(
    world: World, cast: Cast, people: People, paths: dict[str, str], guide: str, coast: str
) -> None:
    """Each their own, in sentences that tell nothing of anybody else."""
    said = {
        "ana": ["You got your first choice."],
        "bat": ["reserve list", "went to candidates whom the host ranked above you", "on its reserve list: 1"],
        "tsetseg": ["on its reserve list: 2"],
        "dorj": ["You got your first choice.", "It was not needed"],
        "ivan": ["no placement between your country and the host's country", "did not list you"],
    }
    for name, sentences in said.items():
        walker = world.walk(getattr(people, name)).visit(paths[name]).follow("See the result of the match")
        walker.sees(*sentences)
        walker.misses(*(getattr(people, other).name for other in said if other != name))
    japan = world.walk(cast.other_coordinator).visit("/placements/openings").follow(COAST).follow("result of the match")
    assert japan.path == f"{coast}/result"
    japan.sees("Nobody chose this opening.")
    world.walk(cast.host_coordinator).visit(f"{guide}/result").sees("Ана", "Proposed")
    assert world.walk(people.ana).visit(f"{guide}/result").status in {403, 404}


def the_file_proves_itself(auditor: Walker, run: str, folder: Path) -> None:
    """On any machine; a file that somebody changed does not hold."""
    auditor.visit(run)
    content = auditor.client.get(auditor.address("Download the run")).content
    (folder / "run.json").write_bytes(content)
    changed = json.loads(content)
    taken = next(name for name, opening in changed["matching"].items() if opening)
    (folder / "changed.json").write_text(json.dumps({**changed, "matching": {**changed["matching"], taken: None}}))
    verified = [_verify(folder / name) for name in ("run.json", "changed.json")]
    assert [each.returncode for each in verified] == [0, 1], verified
    assert "does not hold" in verified[1].stderr


def _verify(path: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "portal", "verify-match", str(path)]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
