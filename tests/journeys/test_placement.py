"""From the nominations through the match, a decline, a lapse and a re-run to a certificate that anybody can check."""

import datetime as dt
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import Session

from portal import i18n
from portal.accounts.models import Person
from portal.calls.models import Call
from portal.clock import now
from portal.history import queries as history
from portal.jobs.registry import Services
from portal.openings.models import Opening
from portal.placements.jobs import lapse_offers
from portal.reminding.jobs import remind
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
    """From noon in Seoul on: reminders keep quiet at night."""
    with time_machine.travel(dt.datetime.combine(now().date(), dt.time(3), dt.UTC)) as clock:
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
    paths = five_are_nominated(world, cast, people, guide, lakes)

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

    ana_declines(world, cast, people)
    bat_is_next_and_lets_the_offer_lapse(world, cast, people, paths)
    placement = tsetseg_accepts(world, cast, people, paths)
    three_agree(world, cast, people, placement)

    the_stay_is_prepared_and_starts(world, cast, people, placement)
    they_check_in(world, cast, people, placement)
    only_the_secretariat_reads_the_line(world, cast, people, placement)
    it_is_evaluated_and_completed(world, cast, people, placement)
    report = a_report_is_returned_once_and_published(world, cast, people, placement)
    anybody_reads_it(app, report)
    number = a_certificate_is_issued(world, cast, people, placement)
    anybody_checks_it(world, app, people, placement, number)
    it_is_revoked(world, app, cast, placement, number)

    the_applicants_were_told(world.session, people)
    the_offices_were_told(world.session, cast, people)
    assert history.broken(world.session) is None


def the_applicants_were_told(session: Session, people: People) -> None:
    offered = ["matches/matched", "placements/offered"]
    stay = ["agreements/waits", "agreements/agreed", "stays/started", "checkins/both_in", "private_lines/answered"]
    reported = ["final_reports/submitted", "final_reports/returned", "final_reports/submitted"]
    end = ["stays/completed", *reported, "final_reports/accepted", "certificates/issued", "certificates/revoked"]
    reminded = ["placements/offer_half_way", "placements/offer_last_day"]
    expected = [
        (people.ana, ["interviews/picked", *offered]),
        (people.bat, ["matches/reserve", *offered, *reminded, "placements/lapsed"]),
        (people.tsetseg, ["matches/reserve", *offered, *stay, *end]),
        (people.dorj, ["matches/matched"]),
        (people.ivan, ["matches/no_place"]),
    ]
    found = {person.name: told(session, person) for person, _templates in expected}
    assert found == {person.name: ["nominations/nominated", *templates] for person, templates in expected}


def the_offices_were_told(session: Session, cast: Cast, people: People) -> None:
    again = ["placements/declined", "matches/host_again", "placements/lapsed_office", "matches/host_again"]
    stay = ["placements/accepted", "agreements/agreed", "checkins/both_in"]
    korea = ["interviews/picked_host", "rankings/changed_late", "matches/host", *again, *stay]
    assert told(session, cast.host_coordinator) == korea
    passed_on = ["placements/declined", "matches/home_again", "placements/lapsed_office", "matches/home_again"]
    stay = ["agreements/waits", "agreements/agreed", "stays/started", "stays/completed"]
    assert told(session, cast.home_coordinator) == ["matches/home", *passed_on, *stay]
    assert told(session, cast.other_coordinator) == ["matches/host", "placements/proposal_waits"]
    assert told(session, people.russian_coordinator) == ["matches/home"]
    assert told(session, cast.secretary) == ["private_lines/waits"]
    assert told(session, people.second) == ["matches/to_confirm", "private_lines/waits"]


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


def five_are_nominated(world: World, cast: Cast, people: People, guide: str, lakes: str) -> dict[str, str]:
    """How an application is written, tests/journeys/test_internship.py tells; the addresses of these."""
    first, second = (world.session.get_one(Opening, placing.id_of(path)) for path in (guide, lakes))
    wishes = {"ana": [first], "bat": [first, second], "tsetseg": [first], "dorj": [first, second]}
    paths = {name: apply(world, getattr(people, name), name, *chosen) for name, chosen in wishes.items()}
    primorsky = make.government(world.session, "RU-PRI")
    paths["ivan"] = apply(world, people.ivan, "ivan", second, first, home=primorsky, nationality="RU")
    home, primorsky_office = world.walk(cast.home_coordinator), world.walk(people.russian_coordinator)
    for name, path in paths.items():
        steps.nominate(primorsky_office if name == "ivan" else home, path)
    return paths


def apply(world: World, person: Person, roman: str, *wishes: Opening, **fields: Any) -> str:
    names = {"native_name": person.name, "roman_name": roman.capitalize(), "given_name": person.name, "patronymic": ""}
    names |= {"roman_family_name": "", "roman_given_name": roman.capitalize()}
    call = world.session.get_one(Call, wishes[0].call_id)
    born = {"born_on": steps.BORN_ON, "phone": steps.PHONE}
    told = {**names, **born, **fields}
    made = make.application(world.session, "submitted", applicant=person, call=call, choices=wishes, **told)
    return f"/applications/{made.id}"


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
    placing.rank(
        japan,
        lakes,
        **{
            f"place_{placing.hex_of(paths[name])}": place
            for name, place in (("dorj", "1"), ("bat", "2"), ("ivan", "3"))
        },
    )


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


def offered(world: World, cast: Cast, name: str) -> str:
    """The host finds the candidate on the first page and approves; the address of the placement."""
    host = world.walk(cast.host_coordinator).visit("/").follow("Proposals to approve").follow(name)
    host.press("/approve").sees("Offered", "The candidate can answer until:")
    return host.path


def ana_declines(world: World, cast: Cast, people: People) -> None:
    placement = offered(world, cast, "Ана")
    ana = world.walk(people.ana).visit("/").follow("Offers to answer").follow(GUIDE)
    assert ana.path == placement
    ana.follow("Decline").press("/decline", code="studies", reason="My examinations moved.")
    ana.sees("You declined the place.")
    world.walk(cast.host_coordinator).visit(placement).sees("Studies or examinations", "My examinations moved.")


def bat_is_next_and_lets_the_offer_lapse(world: World, cast: Cast, people: People, paths: dict[str, str]) -> None:
    """First on the reserve list, he is reminded half-way and on the last day, each once."""
    position = "Your place on its reserve list: "
    world.walk(people.bat).visit(f"{paths['bat']}/result").sees(f"{position}1")
    assert world.work() == ["continue_match"]
    world.walk(people.bat).visit(f"{paths['bat']}/result").sees("You got your first choice.")
    world.walk(people.tsetseg).visit(f"{paths['tsetseg']}/result").sees(f"{position}1")
    placement = offered(world, cast, "Бат")
    for days in (4, 2.25):
        world.later(days=days)
        for _twice in range(2):
            remind(world.services)
    assert told(world.session, people.bat)[-2:] == ["placements/offer_half_way", "placements/offer_last_day"]
    world.later(days=1)
    bat = world.walk(people.bat).visit(placement).sees("Lapsed")
    assert not bat.offers("/accept")
    for _twice in range(2):
        lapse_offers(world.services)


def tsetseg_accepts(world: World, cast: Cast, people: People, paths: dict[str, str]) -> str:
    assert world.work() == ["continue_match"]
    world.walk(people.tsetseg).visit(f"{paths['tsetseg']}/result").sees("You got your first choice.")
    placement = offered(world, cast, "Цэцэг")
    tsetseg = world.walk(people.tsetseg).visit("/").follow("Offers to answer").follow(GUIDE)
    tsetseg.press("/accept").sees("You accepted the place.")
    assert world.work() == []
    return placement


def three_agree(world: World, cast: Cast, people: People, placement: str) -> None:
    """Each with a name and a time; the PDF is the same for all of them."""
    parties = {"Kim Host": cast.host_coordinator, "Bold Home": cast.home_coordinator, "Tsetseg": people.tsetseg}
    for name, person in parties.items():
        party = world.walk(person).visit("/").follow("Agreements to confirm").follow(GUIDE)
        party.press("/agreement/confirm", name=name).sees(name)
    intern = world.walk(people.tsetseg).visit(f"{placement}/agreement").sees("Everybody has confirmed", *parties)
    assert intern.client.get(intern.address("Download the agreement")).content.startswith(placing.PDF)
    intern.visit(placement).sees("Agreed").follow("The stay")


def noon_in_seoul(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(12), steps.SEOUL)


def the_stay_is_prepared_and_starts(world: World, cast: Cast, people: People, placement: str) -> None:
    """The host confirms the start on the day and not before."""
    begins = steps.FIRST_DAY
    world.move_to(noon_in_seoul(begins - dt.timedelta(days=10)))
    intern = world.walk(people.tsetseg)
    placing.prepare(intern, placement, granted_on=f"{begins - dt.timedelta(days=20)}", arrives_on=f"{begins}")
    intern.visit(f"{placement}/stay").misses("To do")
    host = world.walk(cast.host_coordinator)
    host.visit(f"{placement}/stay").sees("Granted", "Cannot start yet")
    assert host.client.post(f"{placement}/stay/start", data={"started_on": f"{begins}"}).status_code == 409
    world.move_to(noon_in_seoul(begins))
    host = world.walk(cast.host_coordinator).visit(placement).follow("The stay").follow("Confirm the start")
    host.press("/start", started_on=f"{begins}").sees("Active")


def they_check_in(world: World, cast: Cast, people: People, placement: str) -> None:
    world.later(days=6)
    intern, host = world.walk(people.tsetseg), world.walk(cast.host_coordinator)
    intern.visit("/").follow("Check-in")
    own, theirs = "My room is cold.", "She learns quickly."
    placing.check_in(intern, placement, 0, text=own)
    host.visit(f"{placement}/stay/check-ins/0").misses(own)
    placing.check_in(host, placement, 0, text=theirs)
    for side in (intern, host):
        side.visit(f"{placement}/stay").follow("/check-ins/0").sees(own, theirs)
    assert world.walk(cast.home_coordinator).visit(f"{placement}/stay/check-ins/0").misses(own, theirs)


def only_the_secretariat_reads_the_line(world: World, cast: Cast, people: People, placement: str) -> None:
    trouble = "I work every Sunday and nobody tells me why."
    intern = world.walk(people.tsetseg).visit(f"{placement}/stay").follow("Write to the secretariat")
    intern.press("/private-line", text=trouble).sees(trouble)
    for person in (cast.host_coordinator, cast.home_coordinator):
        office = world.walk(person)
        office.visit(f"{placement}/stay").misses("private-line", trouble)
        assert office.visit(f"{placement}/private-line").status in {403, 404}
        office.misses(trouble)
    secretary = (
        world.walk(cast.secretary).visit("/").follow("Messages from interns").follow("Tsetseg").follow("/private-line")
    )
    secretary.sees(trouble).press("/private-line", text="We speak with the host tomorrow.")
    world.walk(people.tsetseg).visit(f"{placement}/private-line").sees("We speak with the host tomorrow.")


def it_is_evaluated_and_completed(world: World, cast: Cast, people: People, placement: str) -> None:
    world.move_to(noon_in_seoul(steps.LAST_DAY))
    host, intern = world.walk(cast.host_coordinator), world.walk(people.tsetseg)
    placing.evaluate(host, placement, text="She wrote half of the new guide.")
    intern.visit(f"{placement}/stay").misses("/evaluation")
    host.visit(f"{placement}/stay").follow("Completion").press("/complete").sees("Completed")
    intern.visit(f"{placement}/stay").follow("evaluation").sees("She wrote half of the new guide.")


def a_report_is_returned_once_and_published(world: World, cast: Cast, people: People, placement: str) -> str:
    """The address of the published report."""
    intern = world.walk(people.tsetseg).visit("/").follow("Final report to write")
    assert intern.path == f"{placement}/report"
    report = {"title": "A guide for the valley", "did": "I wrote. " * 200, "learned": "I listened. " * 200}
    too_short = {**report, "proposals": "Short.", "publication": "given", "then": "submit"}
    intern.press("/report", **too_short, expect=422).sees("It needs 1000 to 2000.", "I listened. I listened.")
    intern.press("/report", **{**too_short, "proposals": "Go on. " * 200}).sees("Submitted")
    world.later(days=1)
    secretary = world.walk(cast.secretary).visit("/").follow("Final reports to read").follow("Цэцэг")
    secretary.follow("Return it for correction").press("/return", reason="Please leave out the name of your landlord.")
    intern = world.walk(people.tsetseg).visit("/").follow("Final report to write").sees("leave out the name")
    intern.press("/report", then="submit").sees("Submitted")
    secretary = world.walk(cast.secretary).visit("/").follow("Final reports to read").follow("Цэцэг")
    secretary.press("/report/accept").press("/report/publish").follow("See the published report")
    return secretary.path


def anybody_reads_it(app: FastAPI, report: str) -> None:
    visitor = Walker(browser(app)).visit("/").follow("/experiences").follow("A guide for the valley")
    assert visitor.path == report
    visitor.sees("Цэцэг (Tsetseg)", "Gyeongsangbuk-do", "What I learned").misses("landlord")


def a_certificate_is_issued(world: World, cast: Cast, people: People, placement: str) -> str:
    secretary = world.walk(cast.secretary).visit("/").follow("Certificates to issue").follow("Цэцэг")
    secretary.press("/certificate", signatory="Kim Okchae", office="secretary_general").sees("Valid")
    intern = world.walk(people.tsetseg).visit(placement).sees("Certified").follow("Certificate")
    assert intern.client.get(intern.address("Download the certificate")).content.startswith(placing.PDF)
    return intern.address("see the public page").rpartition("/")[2]


def anybody_checks_it(world: World, app: FastAPI, people: People, placement: str, number: str) -> None:
    """Valid, and nothing more until its holder allows it; the number may be typed as it comes."""
    visitor = Walker(browser(app))
    visitor.visit(f"/certificates/check?number={number.lower().replace('-', ' ')}").sees("This certificate is valid")
    visitor.misses("Цэцэг", "Tourism division")
    intern = world.walk(people.tsetseg).visit(f"{placement}/certificate").follow("Choose what the public page shows")
    intern.press("/shown", shows_host="true")
    visitor.visit(f"/certificates/{number}").sees("is valid", "Tourism division").misses("Цэцэг")


def it_is_revoked(world: World, app: FastAPI, cast: Cast, placement: str, number: str) -> None:
    secretary = world.walk(cast.secretary).visit(f"{placement}/certificate").follow("Revoke this certificate")
    secretary.press("/revoke", reason="It was issued with the wrong dates.").sees("wrong dates")
    visitor = Walker(browser(app)).visit(f"/certificates/{number}").sees("This certificate is not valid")
    visitor.misses("Tourism division", "wrong dates")


def test_a_minor_comes_with_a_guardian(world: World, app: FastAPI, cast: Cast) -> None:
    """Eighteen and from the Republic of Korea, where one is of age at nineteen."""
    session, seoul = world.session, make.government(world.session, "KR-41")
    minor = make.member(session, "이수민")
    office = make.coordinator(session, seoul, "Coordinator of Gyeonggi")
    opening = make.opening(session, make.call(session), cast.elsewhere)
    young = {
        "nationality": "KR",
        "born_on": dt.date(now().year - 18, 1, 1),
        "native_name": "이수민",
        "roman_name": "Lee",
    }
    application = make.application(session, "nominated", applicant=minor, home=seoul, choices=[opening], **young)
    placement = f"/placements/{make.placement(session, 'accepted', application=application).id}"
    intern = world.walk(minor).visit("/").follow("Agreements to confirm").follow(opening.title)
    intern.sees("a parent or another guardian has to agree as well").follow("Name the guardian")
    intern.press("/guardian", name="Lee Hana", email="hana@example.org")
    for person, name in ((cast.other_coordinator, "Sato"), (office, "Park"), (minor, "Lee Sumin")):
        world.walk(person).visit(f"{placement}/agreement").press("/agreement/confirm", name=name).sees(name)
    intern.visit(placement).sees("Accepted").misses("Agreed")
    guardian = Walker(browser(app)).visit(letters.newest_link(session, "hana@example.org"))
    guardian.press("/confirm", name="이하나")
    intern.visit(placement).sees("Agreed").follow("The stay")
    assert history.broken(session) is None
