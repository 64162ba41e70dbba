"""From a secretary's call to an accepted place; and the ways on which it does not come to that."""

import datetime as dt
import re
import uuid
from collections.abc import Callable

import time_machine
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import Session

from portal import i18n
from portal.accounts.models import Person
from portal.clock import now
from portal.history import queries as history
from tests import make
from tests.accounts import letters
from tests.journeys import internships as steps
from tests.journeys.walker import Walker
from tests.people import Cast

As = Callable[[Person], TestClient]
TUUL = "tuul@example.org"
REASON = "Your name in Latin letters differs from your passport."


def told(session: Session, address: str) -> list[str]:
    return [message.template for message in letters.to(session, address)]


def deeds(session: Session, subject: str, path: str) -> list[str]:
    return [entry.deed for entry in reversed(history.deeds(session, subject, uuid.UUID(path.rpartition("/")[2])))]


def test_from_the_call_to_an_accepted_place(app: FastAPI, session: Session, cast: Cast, as_: As) -> None:
    secretary, host = Walker(as_(cast.secretary)), Walker(as_(cast.host_coordinator))
    home, elsewhere = Walker(as_(cast.home_coordinator)), Walker(as_(cast.other_coordinator))
    call = steps.open_call(secretary, "Spring in the regions", due=steps.in_seoul(days=30))
    opening = steps.offer_opening(host, call, "Guide for visitors", capacity=1)
    steps.offer_opening(elsewhere, call, "Lakes and gardens", capacity=2)

    steps.register(app, session, "Батбаярын Туул", TUUL)
    tuul = steps.sign_in_to_apply(app, call, TUUL)
    path = a_draft_grows(tuul, call)
    nobody_else_sees(path, home, host, elsewhere)
    number = it_is_sent_once(tuul, path)
    home_reads_it_and_nobody_else(path, number, home, host, elsewhere)
    it_is_returned_and_corrected(path, number, home, tuul)
    steps.nominate(home, path)

    other = another_nominee(session, call, home, as_)
    host_reads_the_candidate(host, path, opening)
    secretary.visit(f"{opening}/candidates").follow(f"/propose?application_id={other.rpartition('/')[2]}")
    late_tab = secretary.another_tab()
    placement = steps.place(secretary, host, opening, path)
    tuul_accepts(tuul, placement)
    host.visit(f"{opening}/candidates").sees("Places taken: 1 of 1", "All places are taken.")
    secretary.visit(f"{opening}/candidates").misses("Propose outside the match")
    late_tab.press("/propose", reason="They asked for it.", expect=409).sees("All places of this opening")

    receipts = ["accounts/verify", "applications/submitted", "nominations/returned", "applications/submitted"]
    assert told(session, TUUL) == [*receipts, "nominations/nominated", "placements/offered"]
    assert told(session, cast.host_coordinator.email) == ["placements/proposed", "placements/accepted"]
    assert told(session, cast.home_coordinator.email) == told(session, cast.other_coordinator.email) == []
    submitted, returned = "application submitted", "application returned"
    begun = ["application started", submitted, returned, submitted]
    assert deeds(session, "application", path) == [*begun, "application nominated"]
    placed = ["placement proposed", "placement approved", "placement offered", "placement accepted"]
    assert deeds(session, "placement", placement) == placed
    assert history.broken(session) is None


def a_draft_grows(tuul: Walker, call: str) -> str:
    """Saved part by part; until all is there the check page says what is missing and offers no submission."""
    tuul.press("/apply").sees("Not yet started")
    path = tuul.path
    typed = steps.parts(native_name="Батбаярын Туул", roman_name="Batbayar Tull")
    last = {"consent": typed.pop("consent")}
    steps.fill(tuul, path, typed)
    steps.choose(tuul, path, "Guide for visitors", "Lakes and gardens")
    tuul.visit(f"{path}/check").sees("These parts are not complete yet:", "Documents", "Declarations and consent")
    assert not tuul.offers("/submit")
    steps.add_cv(tuul, path)
    steps.fill(tuul, path, last)
    tuul.visit(f"{path}/check").sees("Батбаярын Туул", "Batbayar Tull", "Ulaanbaatar", "履歴書.pdf", steps.MOTIVATION)
    tuul.sees("Choice 1 Guide for visitors, Gyeongsangbuk-do", "Choice 2 Lakes and gardens, Shimane")
    return path


def nobody_else_sees(path: str, *others: Walker) -> None:
    for other in others:
        assert other.visit(path).status == 404
        other.visit("/nominations/list").misses("Батбаярын Туул")


def it_is_sent_once(tuul: Walker, path: str) -> str:
    """A second tab that still shows the button gets a page that leads to the receipt."""
    tab = tuul.visit(f"{path}/check").another_tab()
    number = steps.submit(tuul, path)
    assert steps.FINGERPRINT.search(tuul.text())
    tab.press("/submit", expect=409).sees("This application was already submitted.").follow("See the receipt").sees(
        number
    )
    assert tuul.visit(f"{path}/motivation").status == 409
    return number


def home_reads_it_and_nobody_else(path: str, number: str, home: Walker, *others: Walker) -> None:
    home.visit("/nominations").sees("1 application waits for your decision.").follow("Read the applications")
    home.follow("Батбаярын Туул")
    home.sees(number, TUUL, steps.PHONE, i18n.day(steps.BORN_ON), steps.MOTIVATION, "Your decision")
    cv = home.address("履歴書.pdf")
    assert home.client.get(cv).content.startswith(b"%PDF")
    nobody_else_sees(path, *others)
    assert {other.visit(address).status for other in others for address in (cv, f"{path}/nominate")} == {404}


def it_is_returned_and_corrected(path: str, number: str, home: Walker, tuul: Walker) -> None:
    """Once: the second time the coordinator can only decide."""
    home.visit(path).follow("Return for correction").press("/return", reason="short", expect=422)
    home.press("/return", reason=REASON).sees("Returned for correction")
    tuul.visit(path).sees("Returned for correction", REASON).follow("/about")
    tuul.press("/about", roman_given_name="Tuul").sees("Saved.")
    assert steps.submit(tuul, path) == number
    home.visit(path).sees("What the correction changed", "Changed", "Tull", "Batbayar Tuul")
    home.misses("Return for correction")
    assert home.visit(f"{path}/return").status == 409


def another_nominee(session: Session, call: str, home: Walker, as_: As) -> str:
    """Complete and nominated second, for the same one place; taken back once, and nominated again."""
    walker = Walker(as_(make.member(session, "Ганбатын Бат")))
    path = steps.complete(walker, call, "Guide for visitors", native_name="Ганбатын Бат", roman_name="Ganbat Bat")
    steps.submit(walker, path)
    steps.nominate(home, path)
    home.follow("Take the decision back").press("/take-back").sees("The decision is taken back", "Submitted")
    steps.nominate(home, path)
    return path


def host_reads_the_candidate(host: Walker, path: str, opening: str) -> None:
    """All that is needed to choose, and no age, no way to reach them, no other host's opening, no rank."""
    host.visit("/placements").follow("Openings and their candidates").follow("Guide for visitors").sees(
        "Батбаярын Туул", "Ганбатын Бат", "Places taken: 0 of 1"
    )
    assert host.path == f"{opening}/candidates"
    host.visit(path).sees("Batbayar Tuul", "Ulaanbaatar", steps.MOTIVATION, "English")
    for page in host.seen[-2:]:
        hidden = i18n.day(steps.BORN_ON), f"{steps.BORN_ON}", steps.PHONE, TUUL, "Lakes and gardens", "Choice 1"
        assert [each for each in hidden if each in page] == []


def tuul_accepts(tuul: Walker, placement: str) -> None:
    tuul.visit("/placements").sees("Offers to you", "Offered").follow("Guide for visitors")
    assert tuul.path == placement
    tuul.sees("This is an offer, and it waits for your answer", "in Seoul (UTC+9)", "Ulaanbaatar")
    tab = tuul.another_tab()
    tuul.press("/accept").sees("You accepted the place.", "Accepted")
    tab.press("/accept", expect=409).sees("This is no open offer")


def test_declined_withdrawn_refused_and_late(app: FastAPI, session: Session, cast: Cast, as_: As) -> None:
    host, home = Walker(as_(cast.host_coordinator)), Walker(as_(cast.home_coordinator))
    secretary = Walker(as_(cast.secretary))
    call = steps.open_call(secretary, "A short call", due=steps.in_seoul(minutes=20))
    opening = steps.offer_opening(host, call, "Guide for visitors", capacity=1)
    people = [make.member(session, name) for name in ("Ана", "Бат", "Цэцэг", "Дорж")]
    ana, bat, tsetseg, dorj = walkers = [Walker(as_(person)) for person in people]
    names = zip(walkers, people, ("Ana", "Bat", "Tsetseg", "Dorj"), strict=True)
    paths = [
        steps.complete(walker, call, "Guide for visitors", native_name=person.name, roman_name=roman)
        for walker, person, roman in names
    ]
    for walker, path in zip(walkers[:3], paths[:3], strict=True):
        steps.submit(walker, path)
    steps.nominate(home, paths[0])
    steps.nominate(home, paths[1])

    it_is_refused_with_a_reason(home, tsetseg, paths[2])
    ana_declines_and_the_place_is_free(secretary, host, ana, opening, paths[0])
    bat_withdraws_and_the_place_is_free(secretary, host, bat, opening, paths[1])
    dorj_is_late(dorj, call, paths[3])

    by_person = [told(session, person.email) for person in people]
    asked = ["applications/submitted", "nominations/nominated", "placements/offered"]
    refused = ["applications/submitted", "nominations/refused"]
    assert by_person == [asked, [*asked, "applications/withdrawn"], refused, []]
    host_read = ["placements/proposed", "placements/declined", "placements/proposed", "placements/released"]
    assert told(session, cast.host_coordinator.email) == host_read
    submitted = ["application started", "application submitted"]
    assert deeds(session, "application", paths[1]) == [*submitted, "application nominated", "application withdrawn"]
    assert deeds(session, "application", paths[2]) == [*submitted, "application not nominated"]
    assert deeds(session, "application", paths[3]) == ["application started"]
    assert history.broken(session) is None


def it_is_refused_with_a_reason(home: Walker, tsetseg: Walker, path: str) -> None:
    reason = "You studied with us last year already."
    home.visit(path).follow("/refuse").press("/refuse", reason=reason, code="other").sees("Not nominated", reason)
    tsetseg.visit(path).sees("Your home government did not nominate you.", reason)
    assert home.visit(f"{path}/nominate").status == 409
    assert tsetseg.visit(f"{path}/withdraw").status == 409


def ana_declines_and_the_place_is_free(secretary: Walker, host: Walker, ana: Walker, opening: str, path: str) -> None:
    placement = steps.place(secretary, host, opening, path)
    host.visit(f"{opening}/candidates").sees("Places taken: 1 of 1")
    ana.visit(placement).follow("Decline").press("/decline", code="other_offer", reason="I found work at home.").sees(
        "You declined the place."
    )
    host.visit(placement).sees("Declined", "Another offer or work", "I found work at home.")
    host.visit(f"{opening}/candidates").sees("Places taken: 0 of 1")
    assert ana.visit(f"{placement}/decline").status == 409


def bat_withdraws_and_the_place_is_free(secretary: Walker, host: Walker, bat: Walker, opening: str, path: str) -> None:
    placement = steps.place(secretary, host, opening, path)
    tab = bat.visit(placement).another_tab()
    bat.visit(path).follow("Withdraw your application").press("/withdraw").sees("You withdrew this application.")
    tab.press("/accept", expect=409).sees("This is no open offer")
    host.visit(f"{opening}/candidates").sees("Places taken: 0 of 1").misses("Бат")


def dorj_is_late(dorj: Walker, call: str, path: str) -> None:
    """The page with the button was opened in time; the clock of the server decides when it is pressed."""
    dorj.visit(f"{path}/check")
    with time_machine.travel(now() + dt.timedelta(minutes=25)):
        dorj.press("/submit", expect=409).sees("The deadline for applications has passed", "Your draft is kept.")
        dorj.visit(f"{path}/check").sees("Дорж", "The deadline for applications has passed")
        assert not dorj.offers("/submit")
        dorj.visit(call).sees("This call no longer takes applications.").misses(f"{call}/apply")
    assert not re.search(steps.NUMBER, dorj.page)
