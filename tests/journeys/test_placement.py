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
