import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from portal.alumni import queries
from portal.alumni.models import Alumnus
from portal.certificates.models import Certificate
from portal.clock import now
from portal.history.queries import deeds
from portal.mail.models import Message
from portal.placements.models import Placement
from tests import counting, make
from tests.database import JoinedDatabase
from tests.people import Cast

As = Callable[..., TestClient]
ENTRY = {"name": "Тууяа Ө.", "sentence": "I learned how a region welcomes guests.", "consent": "true"}
REASON = {"reason": "It tells how to reach somebody else."}
CROSS = {"sec-fetch-site": "cross-site"}


def _certified(session: Session, cast: Cast) -> Certificate:
    stay = make.completed_stay(session, applicant=cast.applicant, home=cast.home, host=cast.host)
    made = make.certificate(session, stay)
    _ = cast.home_coordinator, cast.host_coordinator
    session.commit()
    return made


def _path(certificate: Certificate) -> str:
    return f"/placements/{certificate.placement_id}/alumni"


def _listed(session: Session, cast: Cast) -> Alumnus:
    made = make.alumnus(session, _certified(session, cast), name="Tuul")
    session.commit()
    return made


def test_joining_changing_leaving_and_coming_back(session: Session, cast: Cast, as_: As, client: TestClient) -> None:
    made = _certified(session, cast)
    intern = as_(cast.applicant)
    assert "Nobody is on the list yet." in client.get("/alumni").text
    assert made.content["native_name"] in intern.get(_path(made)).text, "the name is suggested"
    assert intern.post(_path(made), data=ENTRY).headers["location"] == "/alumni"
    seen = client.get("/alumni").text
    assert ENTRY["name"] in seen
    assert ENTRY["sentence"] in seen
    assert cast.home.name("en") in seen
    assert made.content["native_name"] not in seen
    assert intern.post(_path(made), data={**ENTRY, "name": "Tuya"}).status_code == 303
    assert "Tuya" in client.get("/alumni").text
    assert intern.post(f"{_path(made)}/leave").status_code == 303
    assert "Tuya" not in client.get("/alumni").text
    session.expire_all()
    kept = session.exec(select(Alumnus)).one()
    assert (kept.name, kept.sentence) == ("", ""), "nothing they said is kept"
    assert intern.post(f"{_path(made)}/leave").status_code == 409
    assert intern.post(_path(made), data=ENTRY).status_code == 303
    assert ENTRY["name"] in client.get("/alumni").text
    done = [entry.deed for entry in deeds(session, "placement", made.placement_id)]
    assert done == ["alumni list joined", "alumni list left", "alumni entry changed", "alumni list joined"]
    assert ENTRY["name"] not in str([entry.details for entry in deeds(session, "placement", made.placement_id)])


def test_only_whose_it_is_joins_and_leaves(session: Session, cast: Cast, as_: As, client: TestClient) -> None:
    made = _certified(session, cast)
    for path in (_path(made), f"{_path(made)}/leave"):
        assert client.post(path, data=ENTRY).status_code == 401
        assert as_(cast.stranger).post(path, data=ENTRY).status_code == 404
        for person in (cast.secretary, cast.home_coordinator, cast.host_coordinator, cast.auditor):
            assert as_(person).post(path, data=ENTRY).status_code == 403
        assert as_(cast.applicant).post(path, data=ENTRY, headers=CROSS).status_code == 403


def test_only_the_certified_join(session: Session, cast: Cast, as_: As) -> None:
    stay = make.completed_stay(session, applicant=cast.applicant)
    session.commit()
    for answer in (
        as_(cast.applicant).get(f"/placements/{stay.id}/alumni"),
        as_(cast.applicant).post(f"/placements/{stay.id}/alumni", data=ENTRY),
    ):
        assert answer.status_code == 409


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [({"consent": ""}, "Tick the box if you agree."), ({"name": ""}, "Fill this in."),
     ({"sentence": "x" * 301}, "Use at most 300 characters.")],
)  # fmt: skip
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    session: Session, cast: Cast, as_: As, wrong: dict[str, str], sentence: str
) -> None:
    made = _certified(session, cast)
    typed = {**ENTRY, "name": "<b>Tuul", **wrong}
    answer = as_(cast.applicant).post(_path(made), data=typed)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "<b>Tuul" not in answer.text
    assert ("&lt;b&gt;Tuul" in answer.text) == bool(typed["name"])
    assert session.exec(select(Alumnus)).all() == []


def test_a_secretary_hides_an_entry_and_shows_it_again(
    session: Session, cast: Cast, as_: As, client: TestClient
) -> None:
    made = _listed(session, cast)
    secretary, path = as_(cast.secretary), f"/alumni/{made.id}"
    assert secretary.get(f"{path}/hide").status_code == 200
    assert secretary.post(f"{path}/hide", data={"reason": "no"}).status_code == 422
    assert secretary.post(f"{path}/hide", data=REASON).status_code == 303
    assert secretary.post(f"{path}/hide", data=REASON).status_code == 409
    assert "Tuul" not in client.get("/alumni").text
    assert REASON["reason"] not in client.get("/alumni").text
    assert REASON["reason"] in secretary.get("/alumni").text
    told = session.exec(select(Message)).one()
    assert (told.template, told.address) == ("alumni/hidden", cast.applicant.email)
    intern = as_(cast.applicant)
    certificate = session.get_one(Certificate, made.certificate_id)
    assert REASON["reason"] in intern.get(_path(certificate)).text
    assert intern.post(f"{_path(certificate)}/leave").status_code == 303
    assert intern.post(_path(certificate), data=ENTRY).status_code == 303
    assert ENTRY["name"] not in client.get("/alumni").text, "leaving and coming back does not undo it"
    assert secretary.post(f"{path}/show").status_code == 303
    assert secretary.post(f"{path}/show").status_code == 409
    assert ENTRY["name"] in client.get("/alumni").text


@pytest.mark.parametrize("step", ["hide", "show"])
def test_only_a_secretary_hides(session: Session, cast: Cast, as_: As, client: TestClient, step: str) -> None:
    path = f"/alumni/{_listed(session, cast).id}/{step}"
    assert client.post(path, data=REASON).status_code == 401
    for person in (cast.stranger, cast.applicant, cast.home_coordinator, cast.auditor):
        assert as_(person).post(path, data=REASON).status_code == 403
    assert as_(cast.secretary).post(path, data=REASON, headers=CROSS).status_code == 403
    assert as_(cast.secretary).post(f"/alumni/{uuid.uuid4()}/{step}", data=REASON).status_code == 404


def test_who_is_no_longer_certified_disappears_at_once(session: Session, cast: Cast, client: TestClient) -> None:
    made = _listed(session, cast)
    assert "Tuul" in client.get("/alumni").text
    certificate = session.get_one(Certificate, made.certificate_id)
    certificate.revoked_at, certificate.revoked_by, certificate.revoked_reason = now(), cast.secretary.id, "Wrong."
    session.commit()
    assert "Tuul" not in client.get("/alumni").text


def test_a_new_certificate_does_not_show_a_hidden_entry_again(
    session: Session, cast: Cast, as_: As, client: TestClient
) -> None:
    made = _listed(session, cast)
    old = session.get_one(Certificate, made.certificate_id)
    assert as_(cast.secretary).post(f"/alumni/{made.id}/hide", data=REASON).status_code == 303
    old.revoked_at, old.revoked_by, old.revoked_reason = now(), cast.secretary.id, "A wrong date."
    make.certificate(session, session.get_one(Placement, old.placement_id))
    session.commit()
    assert as_(cast.applicant).post(_path(old), data=ENTRY).status_code == 303
    assert ENTRY["name"] not in client.get("/alumni").text


def test_narrowed_to_a_country_and_in_pages(
    session: Session, cast: Cast, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "PAGE", 2)
    for number in range(3):
        _from(session, "MN-1", f"Mongolian {number}")
    _from(session, "JP-32", "Japanese")
    session.commit()
    assert "Mongolian" not in client.get("/alumni?country=JP").text
    first = client.get("/alumni?country=MN").text
    following = re.search(r"/alumni\?country=MN&amp;after=[-0-9a-f]+", first)
    assert following
    second = client.get(following[0].replace("&amp;", "&")).text
    assert "Japanese" not in first + second
    assert all(f"Mongolian {number}" in first + second for number in range(3))
    assert client.get("/alumni?country=XX").status_code == 200
    assert "Nobody from this country is on the list yet." in client.get("/alumni?country=CN").text


def _from(session: Session, code: str, name: str) -> Any:
    stay = make.completed_stay(session, home=make.government(session, code))
    return make.alumnus(session, make.certificate(session, stay), name=name)


def test_the_list_asks_as_often_for_one_as_for_three(
    session: Session, client: TestClient, database: JoinedDatabase
) -> None:
    counts = []
    for more in (1, 2):
        for _each in range(more):
            make.alumnus(session)
        session.commit()
        session.expunge_all()
        with counting.queries(database) as seen:
            assert client.get("/alumni").status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1]
