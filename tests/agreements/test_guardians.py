"""Naming a guardian, and the guardian's page by a link."""

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from portal.accounts.viewer import token_digest
from portal.agreements.models import Agreement, Guardian, Signature
from portal.clock import now
from portal.history import queries as history
from portal.placements.models import Placement, PlacementStatus
from tests import make
from tests.accounts import letters
from tests.agreements.conftest import MINOR
from tests.agreements.test_routes import confirm, digest, path, signed, status
from tests.people import Cast

As = Callable[..., TestClient]
MOTHER = "mother@example.org"
TYPED = {"name": "Ээж", "email": MOTHER, "language": "en"}
REASON = {"reason": "It is too far away from home."}
FOREIGN = {"sec-fetch-site": "cross-site"}


def name(browser: TestClient, placement: Placement, **typed: str) -> Any:
    return browser.post(path(placement, "/guardian"), data={**TYPED, **typed})


@pytest.fixture
def link(session: Session, cast: Cast, as_: As, minors: Placement) -> str:
    """The path in the guardian's mail."""
    assert name(as_(cast.applicant), minors).status_code == 303
    return newest(session)


def newest(session: Session) -> str:
    return letters.newest_link(session, MOTHER).partition("?")[0]


def guardian(session: Session) -> Guardian:
    session.expire_all()
    return session.exec(select(Guardian)).one()


def word(client: TestClient, session: Session, minors: Placement, link: str, **typed: str) -> Any:
    return client.post(f"{link}/confirm", data={"name": "Ээж", "digest": digest(session, minors), **typed})


def test_the_guardian_reads_and_confirms_without_an_account(
    client: TestClient, session: Session, cast: Cast, as_: As, minors: Placement, link: str
) -> None:
    token = link.removeprefix("/guardians/")
    assert guardian(session).token_digest == token_digest(token)
    page = client.get(link)
    assert "Батбаярын Туул" in page.text
    assert "Confirm as the guardian" in page.text
    assert digest(session, minors) in page.text
    assert page.headers["referrer-policy"] == "no-referrer"
    client.head(link)
    assert signed(session) == [], "looking changes nothing"
    assert client.get(f"{link}/agreement.pdf").content.startswith(b"%PDF")
    assert word(client, session, minors, link).status_code == 303
    assert signed(session) == ["guardian"]
    assert "Your answer has arrived" in client.get(link).text
    assert client.get(f"{link}/agreement.pdf").content.startswith(b"%PDF")
    again = word(client, session, minors, link)
    assert again.status_code == 409
    assert client.post(f"{link}/refuse", data=REASON).status_code == 409
    entries = history.deeds(session, "placement", minors.id)
    assert [entry.deed for entry in entries[:3]] == ["agreement confirmed", "agreement made", "guardian asked"]
    assert MOTHER not in str([entry.details for entry in entries])
    assert token not in str([entry.details for entry in entries])
    shown = as_(cast.host_coordinator).get(path(minors)).text
    assert "Ээж" in shown
    assert MOTHER not in shown


def test_a_minors_placement_is_not_agreed_without_the_guardian(
    client: TestClient, session: Session, cast: Cast, as_: As, minors: Placement, link: str
) -> None:
    parties = {"intern": cast.applicant, "host": cast.host_coordinator, "home": cast.home_coordinator}
    for party, person in parties.items():
        assert confirm(as_(person), session, minors, party).status_code == 303
    assert status(session, minors) is PlacementStatus.ACCEPTED
    assert word(client, session, minors, link).status_code == 303
    assert status(session, minors) is PlacementStatus.AGREED
    assert client.get(link).status_code == 200, "the last to confirm still looks at the page of the link"
    mails = [mail.template for mail in letters.to(session, MOTHER)]
    assert mails == ["agreements/guardian", "agreements/agreed"]


def test_a_guardian_who_confirmed_first_is_told_by_a_new_link(
    client: TestClient, session: Session, cast: Cast, as_: As, minors: Placement, link: str
) -> None:
    word(client, session, minors, link)
    parties = {"intern": cast.applicant, "host": cast.host_coordinator, "home": cast.home_coordinator}
    for party, person in parties.items():
        confirm(as_(person), session, minors, party)
    assert newest(session) != link
    assert client.get(link).status_code == 404
    assert client.get(f"{newest(session)}/agreement.pdf").content.startswith(b"%PDF")


def test_a_guardian_refuses_with_a_reason(
    client: TestClient, session: Session, cast: Cast, as_: As, minors: Placement, link: str
) -> None:
    assert client.get(f"{link}/refuse").status_code == 200
    answer = client.post(f"{link}/refuse", data={"reason": "<i>no</i>"})
    assert answer.status_code == 422
    assert "&lt;i&gt;no" in answer.text
    assert client.post(f"{link}/refuse", data=REASON).status_code == 303
    assert REASON["reason"] in as_(cast.applicant).get(path(minors)).text
    assert letters.to(session, cast.secretary.email)[-1].template == "agreements/refused"
    assert letters.to(session, cast.applicant.email)[-1].template == "agreements/refused"
    assert word(client, session, minors, link).status_code == 409
    assert status(session, minors) is PlacementStatus.ACCEPTED
    as_(cast.secretary).post(path(minors, "/remake"), data={"reason": "Nearer to home now."})
    assert newest(session) != link
    assert word(client, session, minors, newest(session)).status_code == 303


def test_what_is_wrong_is_said(client: TestClient, session: Session, minors: Placement, link: str) -> None:
    answer = word(client, session, minors, link, name="")
    assert answer.status_code == 422
    assert "Fill this in." in answer.text
    answer = word(client, session, minors, link, digest="0" * 64)
    assert answer.status_code == 409
    assert "The text has changed" in answer.text
    assert signed(session) == []
    assert guardian(session).answered_at is None


@pytest.mark.parametrize("email", ["", "nobody", "own", "own+tag", "host"])
def test_a_guardian_has_an_address_of_their_own(
    session: Session, cast: Cast, as_: As, minors: Placement, email: str
) -> None:
    confirm(as_(cast.host_coordinator), session, minors, "host")
    local, domain = cast.applicant.address.split("@")
    known = {"own": cast.applicant.address, "own+tag": f"{local}+mum@{domain}", "host": cast.host_coordinator.address}
    answer = name(as_(cast.applicant), minors, email=known.get(email, email), name="<i>Ээж")
    assert answer.status_code == 422
    assert "&lt;i&gt;Ээж" in answer.text
    assert session.exec(select(Guardian)).all() == []


def test_a_corrected_address_kills_the_earlier_link(
    client: TestClient, session: Session, cast: Cast, as_: As, minors: Placement, link: str
) -> None:
    assert (
        "The link in the earlier mail will no longer work." in as_(cast.applicant).get(path(minors, "/guardian")).text
    )
    assert name(as_(cast.applicant), minors, email="father@example.org").status_code == 303
    assert client.get(link).status_code == 404
    assert client.get(letters.newest_link(session, "father@example.org")).status_code == 200
    assert guardian(session).times_sent == 1


def test_sent_again_there_is_a_new_link_and_not_too_often(
    client: TestClient, session: Session, cast: Cast, as_: As, minors: Placement, link: str
) -> None:
    assert as_(cast.applicant).post(path(minors, "/guardian/again")).status_code == 409
    for _ in range(2):
        guardian(session).sent_at = now() - dt.timedelta(hours=2)
        session.commit()
        assert as_(cast.applicant).post(path(minors, "/guardian/again")).status_code == 303
    assert client.get(link).status_code == 404
    assert client.get(newest(session)).status_code == 200
    guardian(session).sent_at = now() - dt.timedelta(hours=2)
    session.commit()
    answer = as_(cast.applicant).post(path(minors, "/guardian/again"))
    assert answer.status_code == 409
    assert "three times" in answer.text


def test_a_form_that_arrives_twice_sends_one_mail(session: Session, cast: Cast, as_: As, minors: Placement) -> None:
    browser, key = as_(cast.applicant), str(uuid.uuid4())
    assert [name(browser, minors, key=key).status_code for _ in range(2)] == [303, 303]
    assert len(letters.to(session, MOTHER)) == 1


def test_nobody_mails_strangers_all_day(session: Session, cast: Cast, as_: As, minors: Placement) -> None:
    browser = as_(cast.applicant)
    answers = [name(browser, minors, email=f"g{n}@example.org").status_code for n in range(7)]
    assert answers == [303] * 6 + [429]


def test_only_the_intern_names_a_guardian_and_only_a_minor_has_one(
    client: TestClient, session: Session, cast: Cast, as_: As, minors: Placement
) -> None:
    forbidden = [(each, 403) for each in (cast.host_coordinator, cast.home_coordinator, cast.secretary)]
    for person, answer in [*forbidden, (cast.stranger, 404)]:
        assert name(as_(person), minors).status_code == answer
        assert as_(person).get(path(minors, "/guardian")).status_code == answer
    assert name(client, minors).status_code == 401
    assert session.exec(select(Guardian)).all() == []


def test_a_grown_intern_has_no_guardian(session: Session, cast: Cast, as_: As, placement: Placement) -> None:
    answer = name(as_(cast.applicant), placement)
    assert answer.status_code == 409
    assert "of age" in answer.text
    assert "Name the guardian" not in as_(cast.applicant).get(path(placement)).text


def test_for_paper_the_office_names_the_guardian(session: Session, cast: Cast, as_: As) -> None:
    paper = make.paper_application(session, cast.home_coordinator, "nominated", home=cast.home, **MINOR)
    found = make.placement(session, "accepted", application=paper)
    session.commit()
    office = as_(cast.home_coordinator)
    assert name(office, found, email=cast.home_coordinator.address).status_code == 422
    assert name(office, found).status_code == 303


def _expired(session: Session) -> None:
    asked = guardian(session)
    asked.sent_at, asked.expires_at = now() - dt.timedelta(days=31), now() - dt.timedelta(seconds=1)


def _cancelled(session: Session) -> None:
    session.exec(select(Placement)).one().status = PlacementStatus.CANCELLED


@pytest.mark.parametrize(("change", "sentence"), [(_expired, "expired"), (_cancelled, "accepted place")])
def test_a_dead_link_explains_itself(
    client: TestClient, session: Session, minors: Placement, link: str,
    change: Callable[[Session], None], sentence: str,
) -> None:  # fmt: skip
    text = digest(session, minors)
    change(session)
    session.commit()
    given = {"name": "Ээж", "digest": text}
    answers = [client.get(link), client.post(f"{link}/confirm", data=given), client.get(f"{link}/refuse"),
               client.post(f"{link}/refuse", data=REASON)]  # fmt: skip
    for answer in answers:
        assert answer.status_code == 409
        assert sentence in answer.text
    assert session.exec(select(Agreement)).all() == []
    assert session.exec(select(Signature)).all() == []


def test_an_expired_link_opens_no_pdf(client: TestClient, session: Session, minors: Placement, link: str) -> None:
    _expired(session)
    session.commit()
    assert client.get(f"{link}/agreement.pdf").status_code == 409


def test_guessing_at_links_ends(client: TestClient, session: Session, link: str) -> None:
    answers = [client.get(f"/guardians/{uuid.uuid4().hex}").status_code for _ in range(31)]
    assert answers == [404] * 30 + [429]
    assert client.post("/guardians/guess/confirm", data={"name": "x"}).status_code == 429
    assert client.get("/guardians/guess/agreement.pdf").status_code == 429
    assert client.get(link).status_code == 200, "who holds the link is not kept out"


def test_another_site_sends_nothing(client: TestClient, session: Session, minors: Placement, link: str) -> None:
    assert client.post(f"{link}/confirm", data={"name": "x"}, headers=FOREIGN).status_code == 403
    assert client.post(f"{link}/refuse", data=REASON, headers=FOREIGN).status_code == 403
    assert signed(session) == []


def test_once_the_signed_paper_is_kept_the_link_asks_for_nothing(
    client: TestClient, session: Session, minors: Placement, link: str
) -> None:
    """The office kept the guardian's paper while the mail was still lying there."""
    given = digest(session, minors)
    make.agreement(session, minors, "guardian")
    session.commit()
    assert "nothing more is needed" in client.get(link).text
    for step, typed in (("confirm", {"name": "Ээж", "digest": given}), ("refuse", REASON)):
        assert client.post(f"{link}/{step}", data=typed).status_code == 409
    assert len(session.exec(select(Signature)).all()) == 1
