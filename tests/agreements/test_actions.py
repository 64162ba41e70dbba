"""What is kept with a confirmation, who is told, and who is reminded."""

import datetime as dt
from collections import Counter

import pytest
import time_machine
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from portal.accounts.models import Role
from portal.agreements import actions, queries, rules
from portal.agreements.models import Agreement, Party, Signature
from portal.applications.models import Application
from portal.clock import now
from portal.errors import Conflict
from portal.jobs.registry import Services
from portal.mail.models import Message
from portal.openings.models import Opening
from portal.placements.models import Placement, PlacementStatus
from tests import make
from tests.agreements.conftest import MINOR, accepted
from tests.people import Cast
from tests.reminding.running import Told, reminded

ORIGIN = "https://youth.example.org"
DAY = dt.timedelta(days=1)


def told(session: Session) -> Counter[tuple[str, str]]:
    session.flush()
    found = session.exec(select(Message)).all()
    return Counter((each.template.rpartition("/")[2], each.address) for each in found if "agreements/" in each.template)


def confirm(session: Session, placement: Placement, party: str, person: object) -> None:
    viewer = make.viewer(session, person)  # type: ignore[arg-type]
    standing = queries.lock_visible(session, viewer, placement.id)
    actions.confirm(session, standing, Party(party), by=viewer, name="As typed", digest=standing.digest, origin=ORIGIN)


def test_the_first_confirmation_fixes_the_text_and_the_last_agrees(
    session: Session, cast: Cast, placement: Placement
) -> None:
    confirm(session, placement, "host", cast.host_coordinator)
    made = session.exec(select(Agreement)).one()
    assert made.digest == session.exec(select(Signature)).one().digest
    assert made.number.startswith(f"AG-{now().year}-")
    assert told(session)["waits", cast.applicant.email] == 1
    assert told(session)["waits", cast.home_coordinator.email] == 1
    assert told(session)["waits", cast.host_coordinator.email] == 0
    confirm(session, placement, "intern", cast.applicant)
    assert placement.status is PlacementStatus.ACCEPTED
    confirm(session, placement, "home", cast.home_coordinator)
    assert placement.status is PlacementStatus.AGREED
    people = (cast.applicant, cast.home_coordinator, cast.host_coordinator)
    assert all(told(session)["agreed", each.email] == 1 for each in people)
    mail = session.exec(select(Message).where(Message.template == "agreements/agreed")).first()
    assert mail is not None
    assert f"{ORIGIN}/placements/{placement.id}/agreement" in mail.text


def test_kin_of_the_intern_hear_nothing(session: Session, cast: Cast, placement: Placement) -> None:
    make.kinship(session, session.get_one(Application, placement.application_id), cast.home_coordinator)
    colleague = make.coordinator(session, cast.home)
    confirm(session, placement, "host", cast.host_coordinator)
    assert told(session)["waits", cast.home_coordinator.email] == 0
    assert told(session)["waits", colleague.email] == 1


def test_a_changed_opening_changes_nothing_that_is_fixed(session: Session, cast: Cast, placement: Placement) -> None:
    confirm(session, placement, "host", cast.host_coordinator)
    before = session.exec(select(Agreement)).one()
    digest, number = before.digest, before.number
    session.get_one(Opening, placement.opening_id).place = "Pohang"
    session.flush()
    secretary = make.viewer(session, cast.secretary)
    standing = queries.lock_visible(session, secretary, placement.id)
    assert standing.is_outdated
    assert standing.digest == digest
    actions.remake(session, standing, by=secretary, reason="Another town.", origin=ORIGIN)
    anew = queries.get_visible(session, secretary, placement.id)
    assert anew.agreement is not None
    assert (anew.agreement.number, anew.signatures, anew.is_outdated) == (number, [], False)
    assert anew.digest != digest
    assert all(told(session)["remade", each.email] == 1 for each in (cast.applicant, cast.host_coordinator))


def test_the_database_keeps_two_parties_apart(session: Session, placement: Placement) -> None:
    made = make.agreement(session, placement, "host")
    signer = made.signatures[0].person_id
    twice = Signature(agreement_id=made.id, party=Party.HOME, name="x", person_id=signer, digest=made.digest)
    with pytest.raises(IntegrityError), session.begin_nested():
        session.add(twice)
        session.flush()


def test_a_guardian_whose_address_a_coordinator_has_is_refused(session: Session, cast: Cast, minors: Placement) -> None:
    make.guardian(session, minors, email=cast.home_coordinator.email)
    with pytest.raises(Conflict) as refused:
        confirm(session, minors, "home", cast.home_coordinator)
    assert refused.value.reason is rules.SAME_PERSON


def test_who_coordinates_both_governments_confirms_for_one(session: Session, cast: Cast, placement: Placement) -> None:
    make.grant(session, cast.host_coordinator, Role.COORDINATOR, government_id=cast.home.id)
    confirm(session, placement, "host", cast.host_coordinator)
    with pytest.raises(Conflict) as refused:
        confirm(session, placement, "home", cast.host_coordinator)
    assert refused.value.reason is rules.SAME_PERSON
    assert queries.waiting_for(session, make.viewer(session, cast.host_coordinator))[0].count == 0
    confirm(session, placement, "home", cast.home_coordinator)


# Reminders


def agreements(told: Told) -> dict[tuple[str, str], int]:
    return {key: count for key, count in told.items() if key[0].startswith("agreements/")}


def test_who_has_not_confirmed_is_reminded_three_times_and_never_twice(
    session: Session, cast: Cast, services: Services, noon: dt.datetime, placement: Placement
) -> None:
    make.agreement(session, placement, "host")
    people = (cast.applicant, cast.home_coordinator, cast.host_coordinator)
    keys = [("agreements/reminder", person.address) for person in people]
    told = [reminded(session, services, noon + days * DAY) for days in (0, 2, 3, 4, 7, 14, 60)]
    nobody, both = [0, 0, 0], [1, 1, 0]
    assert [[each[key] for key in keys] for each in told] == [nobody, nobody, both, nobody, both, both, nobody]


def test_a_worker_that_stood_still_reminds_once(
    session: Session, services: Services, noon: dt.datetime, placement: Placement
) -> None:
    told = agreements(reminded(session, services, noon + 20 * DAY))
    assert told and set(told.values()) == {1}


def test_nobody_is_reminded_of_what_is_refused_or_over(
    session: Session, cast: Cast, services: Services, noon: dt.datetime, placement: Placement
) -> None:
    refused = {"refused_at": now(), "refused_party": Party.HOME, "refusal": "Too few hours."}
    make.agreement(session, placement, **refused)
    accepted(session, cast, "agreed", applicant=cast.other_applicant)
    assert agreements(reminded(session, services, noon + 20 * DAY)) == {}


def test_the_guardian_is_reminded_by_a_new_link_or_the_intern_to_name_one(
    session: Session, cast: Cast, services: Services, noon: dt.datetime, minors: Placement
) -> None:
    make.agreement(session, minors, "host", "home", "intern")
    one = agreements(reminded(session, services, noon + 3 * DAY))
    assert one == {("agreements/name_guardian", cast.applicant.email): 1}
    asked = make.guardian(session, minors)
    before = asked.token_digest
    assert agreements(reminded(session, services, noon + 7 * DAY)) == {("agreements/reminder", asked.email): 1}
    assert asked.token_digest != before
    assert asked.times_sent == 1, "the intern can still ask three times"


def test_the_days_begin_anew_with_a_new_text(
    session: Session, cast: Cast, services: Services, noon: dt.datetime, placement: Placement
) -> None:
    made = make.agreement(session, placement)
    first = agreements(reminded(session, services, noon + 4 * DAY))
    assert ("agreements/reminder", cast.applicant.address) in first
    with time_machine.travel(noon + 4 * DAY, tick=False):
        secretary = make.viewer(session, cast.secretary)
        standing = queries.lock_visible(session, secretary, placement.id)
        actions.remake(session, standing, by=secretary, reason="Other hours.", origin=ORIGIN)
        session.commit()
    assert session.get_one(Agreement, made.id).remade_reason == "Other hours."
    assert agreements(reminded(session, services, noon + 4 * DAY)) == {}
    assert agreements(reminded(session, services, noon + 8 * DAY)) == first


def test_paper_that_was_scanned_goes_when_the_text_is_made_anew(session: Session, cast: Cast) -> None:
    paper = make.paper_application(session, cast.home_coordinator, "nominated", home=cast.home, **MINOR)
    found = make.placement(session, "accepted", application=paper)
    made = make.agreement(session, found)
    scan = make.stored_file(session, cast.home_coordinator)
    made.signatures.append(
        Signature(agreement_id=made.id, party=Party.GUARDIAN, name="x", digest=made.digest, scan_id=scan.id,
                  scanned_by=cast.home_coordinator.id)
    )  # fmt: skip
    session.commit()
    secretary = make.viewer(session, cast.secretary)
    standing = queries.lock_visible(session, secretary, found.id)
    actions.remake(session, standing, by=secretary, reason="Other hours.", origin=ORIGIN)
    assert session.exec(select(Signature)).all() == []
