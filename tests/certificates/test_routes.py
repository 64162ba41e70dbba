import io
import re
import uuid
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from portal.accounts import checks, throttle
from portal.accounts.models import Person
from portal.applications.models import Application
from portal.certificates import queries, rules
from portal.certificates.models import Certificate
from portal.clock import now
from portal.documents import certificates
from portal.history.queries import deeds
from portal.mail.models import Message
from portal.placements.models import Placement, PlacementStatus
from tests import counting, make
from tests.conftest import browser
from tests.database import JoinedDatabase
from tests.people import Cast

As = Callable[..., TestClient]
SIGNED = {"signatory": "Lim Byung-jin", "office": "secretary_general"}
REASON = {"reason": "The hours were counted wrongly."}
CROSS = {"sec-fetch-site": "cross-site"}


def _stay(session: Session, cast: Cast, **fields: Any) -> Placement:
    made = make.completed_stay(session, applicant=cast.applicant, home=cast.home, host=cast.host, **fields)
    _ = cast.home_coordinator, cast.host_coordinator
    session.commit()
    return made


def _certified(session: Session, cast: Cast, **fields: Any) -> Certificate:
    made = make.certificate(session, _stay(session, cast), **fields)
    session.commit()
    return made


def _path(thing: Placement | Certificate) -> str:
    return f"/placements/{thing.placement_id if isinstance(thing, Certificate) else thing.id}/certificate"


def test_from_the_completed_stay_to_a_page_that_answers(
    session: Session, cast: Cast, as_: As, client: TestClient
) -> None:
    stay = _stay(session, cast)
    secretary, intern = as_(cast.secretary), as_(cast.applicant)
    assert "Certificates to issue" in secretary.get("/").text
    assert "Certificates to issue" not in intern.get("/").text
    assert "The secretariat issues the certificate next" in intern.get(_path(stay)).text
    assert secretary.post(_path(stay), data=SIGNED).headers["location"] == _path(stay)
    session.expire_all()
    made = session.exec(select(Certificate)).one()
    assert session.get_one(Placement, stay.id).status is PlacementStatus.CERTIFIED
    assert made.digest == certificates.digest(made.content)
    assert [entry.deed for entry in deeds(session, "placement", stay.id)] == ["placement certified"]
    told = session.exec(select(Message)).one()
    assert (told.template, told.address) == ("certificates/issued", cast.applicant.email)
    assert f"{_path(stay)}\n" in told.text
    assert "Certificates to issue" not in secretary.get("/").text
    for person in (cast.applicant, cast.home_coordinator, cast.host_coordinator, cast.secretary, cast.auditor):
        page = as_(person).get(_path(stay))
        assert made.number in page.text
        assert ("Choose what the public page shows" in page.text) == (person is cast.applicant)
        paper = as_(person).get(f"{_path(stay)}.pdf")
        assert paper.headers["content-type"] == "application/pdf"
        assert f"{made.number}.pdf" in paper.headers["content-disposition"]
        with pikepdf.open(io.BytesIO(paper.content)) as pdf:
            assert len(pdf.pages) == 1
    public = client.get(f"/certificates/{made.number}")
    assert public.status_code == 200
    assert "This certificate is valid" in public.text


def test_two_downloads_are_equal_and_a_renamed_host_changes_nothing(session: Session, cast: Cast, as_: As) -> None:
    made = _certified(session, cast)
    before = as_(cast.applicant).get(f"{_path(made)}.pdf").content
    session.get_one(Application, session.get_one(Placement, made.placement_id).application_id).native_name = "Другой"
    session.commit()
    assert as_(cast.secretary).get(f"{_path(made)}.pdf").content == before


@pytest.mark.parametrize("lacking", ["is_evaluated", "is_reported"])
def test_what_is_missing_is_said_and_stands_in_the_way(session: Session, cast: Cast, as_: As, lacking: str) -> None:
    stay = _stay(session, cast, **{lacking: False})
    secretary = as_(cast.secretary)
    sentence = str({"is_evaluated": rules.NOT_EVALUATED, "is_reported": rules.NOT_REPORTED}[lacking])
    said = sentence.replace("'", "&#39;")
    assert said in secretary.get(_path(stay)).text
    assert said in secretary.get("/certificates").text
    assert "Certificates to issue" not in secretary.get("/").text
    answer = secretary.post(_path(stay), data=SIGNED)
    assert answer.status_code == 409
    assert said in answer.text
    many = {**SIGNED, "placement_ids": [str(stay.id)]}
    assert secretary.post("/certificates", data=many).status_code == 409
    assert session.exec(select(Certificate)).all() == []


@pytest.mark.parametrize("state", ["offered", "accepted", "active", "ended_early", "certified"])
def test_only_a_completed_stay_is_certified(session: Session, cast: Cast, as_: As, state: str) -> None:
    stay = _stay(session, cast)
    stay.status = PlacementStatus(state)
    session.commit()
    assert as_(cast.secretary).post(_path(stay), data=SIGNED).status_code == 409
    assert as_(cast.secretary).get(_path(stay)).status_code == 200


def _changing(thing: Placement | Certificate) -> list[tuple[str, dict[str, str]]]:
    return [(_path(thing), SIGNED), (f"{_path(thing)}/revoke", REASON), (f"{_path(thing)}/shown", {})]


def test_who_may_not_issue_revoke_or_choose(session: Session, cast: Cast, as_: As, client: TestClient) -> None:
    made = _certified(session, cast)
    for path, data in _changing(made):
        assert client.post(path, data=data).status_code == 401
        assert as_(cast.stranger).post(path, data=data).status_code == 404
        assert as_(cast.other_coordinator).post(path, data=data).status_code == 404
        assert as_(cast.secretary).post(path, data=data, headers=CROSS).status_code == 403
        for person in (cast.home_coordinator, cast.host_coordinator, cast.auditor):
            assert as_(person).post(path, data=data).status_code == 403
    assert as_(cast.applicant).post(_path(made), data=SIGNED).status_code == 403
    assert as_(cast.applicant).post(f"{_path(made)}/revoke", data=REASON).status_code == 403
    assert as_(cast.secretary).post(f"{_path(made)}/shown", data={}).status_code == 403
    assert client.post("/certificates", data=SIGNED).status_code == 401
    assert as_(cast.stranger).post("/certificates", data=SIGNED).status_code == 403
    assert as_(cast.auditor).post("/certificates", data=SIGNED).status_code == 403
    assert as_(cast.secretary).post("/certificates", data=SIGNED, headers=CROSS).status_code == 403
    for path in (_path(made), f"{_path(made)}.pdf"):
        assert client.get(path).status_code in (401, 303)
        assert as_(cast.stranger).get(path).status_code == 404


def test_without_a_certificate_there_is_nothing_to_read_revoke_or_show(session: Session, cast: Cast, as_: As) -> None:
    stay = _stay(session, cast)
    assert as_(cast.applicant).get(f"{_path(stay)}.pdf").status_code == 409
    assert as_(cast.secretary).get(f"{_path(stay)}/revoke").status_code == 409
    assert as_(cast.secretary).post(f"{_path(stay)}/revoke", data=REASON).status_code == 409
    assert as_(cast.applicant).get(f"{_path(stay)}/shown").status_code == 409
    assert as_(cast.applicant).post(f"{_path(stay)}/shown", data={}).status_code == 409


def test_revoked_it_says_so_for_ever_and_a_new_one_has_a_new_number(
    session: Session, cast: Cast, as_: As, client: TestClient
) -> None:
    made = _certified(session, cast, shows_name=True)
    name, secretary = made.content["native_name"], as_(cast.secretary)
    assert name in client.get(f"/certificates/{made.number}").text
    assert secretary.get(f"{_path(made)}/revoke").status_code == 200
    assert secretary.post(f"{_path(made)}/revoke", data=REASON).status_code == 303
    public = client.get(f"/certificates/{made.number}")
    assert "This certificate is not valid" in public.text
    assert name not in public.text
    assert REASON["reason"] not in public.text
    told = session.exec(select(Message)).one()
    assert (told.template, told.address) == ("certificates/revoked", cast.applicant.email)
    assert REASON["reason"] in as_(cast.applicant).get(_path(made)).text
    assert secretary.post(_path(made), data=SIGNED).status_code == 303
    session.expire_all()
    new = session.exec(select(Certificate).where(Certificate.id != made.id)).one()
    assert new.number != made.number
    assert (new.shows_name, new.revoked_at) == (False, None), "who is seen is asked anew"
    assert "This certificate is not valid" in client.get(f"/certificates/{made.number}").text
    assert "This certificate is valid" in client.get(f"/certificates/{new.number}").text
    done = [entry.deed for entry in deeds(session, "placement", made.placement_id)]
    assert done == ["placement certified", "certificate revoked"]


def test_what_the_holder_ticks_is_seen_and_nothing_else(
    session: Session, cast: Cast, as_: As, client: TestClient
) -> None:
    made = _certified(session, cast)
    said, number = made.content, f"/certificates/{made.number}"
    facts = {"shows_name": said["native_name"], "shows_host": said["host"], "shows_dates": "Dates"}
    before = client.get(number).text
    assert not any(fact in before for fact in facts.values())
    intern = as_(cast.applicant)
    for chosen in facts:
        assert intern.post(f"{_path(made)}/shown", data={chosen: "true"}).headers["location"] == number
        page = client.get(number).text
        assert {name for name, fact in facts.items() if fact in page} == {chosen}
        assert f'name="{chosen}" type="checkbox" value="true" checked' in intern.get(f"{_path(made)}/shown").text
    assert intern.post(f"{_path(made)}/shown", data={}).status_code == 303
    assert client.get(number).text == before
    assert len(deeds(session, "placement", made.placement_id)) == 4
    assert said["native_name"] not in str(deeds(session, "placement", made.placement_id)[0].details)


def test_the_public_page_is_the_same_whoever_looks(session: Session, cast: Cast, as_: As, client: TestClient) -> None:
    made = _certified(session, cast)

    def main(visitor: TestClient) -> str:
        found = re.search(r"<main.*</main>", visitor.get(f"/certificates/{made.number}").text, re.DOTALL)
        assert found
        return found[0]

    assert main(client) == main(as_(cast.secretary)) == main(as_(cast.applicant)) == main(as_(cast.stranger))


def test_a_number_may_be_typed_in_many_ways(session: Session, cast: Cast, client: TestClient) -> None:
    made = _certified(session, cast)
    typed = made.number.removeprefix("NEAR-").replace("-", " ").lower()
    answer = client.get("/certificates/check", params={"number": typed})
    assert answer.headers["location"] == f"/certificates/{made.number}"
    assert client.get(f"/certificates/{made.number.lower()}").status_code == 200
    for path in ("/certificates/check", f"/certificates/{made.number}"):
        assert client.get(path).headers["x-robots-tag"] == "noindex, nofollow"
        assert '<meta name="robots" content="noindex' in client.get(path).text


def test_a_number_that_cannot_be_one_is_told_and_kept(client: TestClient) -> None:
    answer = client.get("/certificates/check", params={"number": '<b>"NEAR-1'})
    assert answer.status_code == 422
    assert "This is not a certificate number." in answer.text
    assert "&lt;b&gt;&#34;NEAR-1" in answer.text


@pytest.mark.parametrize("number", ["NEAR-1", "nothing", "check%00", "NEAR-22222-22222-22222"])
def test_an_unknown_number_is_answered_with_a_sentence(client: TestClient, number: str) -> None:
    answer = client.get(f"/certificates/{number}")
    assert answer.status_code == 404
    assert "There is no certificate with this number." in answer.text
    assert "/certificates/check" in answer.text


def test_guessing_is_stopped_and_who_has_a_number_is_not(
    app: Any, session: Session, cast: Cast, client: TestClient
) -> None:
    made = _certified(session, cast)
    tries = throttle.limit(checks.CHECKS, "").item.amount
    answers = [client.get("/certificates/NEAR-22222-22222-22222").status_code for _try in range(tries + 1)]
    assert answers == [404] * tries + [429]
    assert browser(app).get(f"/certificates/{made.number}").status_code == 200


def test_many_at_once_all_or_none(session: Session, cast: Cast, as_: As) -> None:
    ready = [make.completed_stay(session) for _each in range(3)]
    late = make.completed_stay(session, is_reported=False)
    session.commit()
    secretary = as_(cast.secretary)
    page = secretary.get("/certificates").text
    assert page.count('name="placement_ids"') == 3
    both = {**SIGNED, "placement_ids": [str(ready[0].id), str(late.id)]}
    assert secretary.post("/certificates", data=both).status_code == 409
    assert session.exec(select(Certificate)).all() == []
    all_three = {**SIGNED, "placement_ids": [str(each.id) for each in ready], "key": str(uuid.uuid4())}
    assert secretary.post("/certificates", data=all_three).status_code == 303
    assert secretary.post("/certificates", data=all_three).status_code == 303, "a double click"
    session.expire_all()
    assert len(session.exec(select(Certificate)).all()) == 3
    assert len(session.exec(select(Message)).all()) == 3
    assert secretary.get("/certificates").text.count("NEAR-") == 3


def test_nothing_chosen_and_nobody_signing_is_told(session: Session, cast: Cast, as_: As) -> None:
    stay = _stay(session, cast)
    typed = {"signatory": "<", "office": "king"}
    answer = as_(cast.secretary).post("/certificates", data=typed)
    assert answer.status_code == 422
    assert answer.text.count("Choose at least 1.") == 2, "in the summary and above the list"
    single = as_(cast.secretary).post(_path(stay), data=typed)
    assert single.status_code == 422
    assert 'value="&lt;"' in single.text
    assert "Use at least 2 characters." in single.text
    short = as_(cast.secretary).post(f"{_path(make.certificate(session, stay))}/revoke", data={"reason": "<i>"})
    assert short.status_code == 422
    assert "&lt;i&gt;" in short.text


def test_who_is_kin_sees_no_certificate(session: Session, cast: Cast, as_: As) -> None:
    made = _certified(session, cast)
    application = session.get_one(Application, session.get_one(Placement, made.placement_id).application_id)
    make.kinship(session, application, cast.home_coordinator)
    session.commit()
    assert as_(cast.home_coordinator).get(_path(made)).status_code == 404
    assert as_(cast.home_coordinator).get(f"{_path(made)}.pdf").status_code == 404


def test_of_paper_the_office_is_told_but_cannot_choose(session: Session, cast: Cast, as_: As) -> None:
    application = make.paper_application(session, cast.home_coordinator, "nominated", home=cast.home)
    stay = make.placement(session, "completed", application=application)
    make.evaluation(session, stay)
    make.report(session, "accepted", placement=stay)
    session.commit()
    assert as_(cast.secretary).post(_path(stay), data=SIGNED).status_code == 303
    told = session.exec(select(Message)).one()
    assert told.address == cast.home_coordinator.email
    assert "Дулмаа" in told.text
    assert as_(cast.home_coordinator).get(f"{_path(stay)}.pdf").status_code == 200
    assert as_(cast.home_coordinator).post(f"{_path(stay)}/shown", data={"shows_name": "true"}).status_code == 403


def _statements(database: JoinedDatabase, client: TestClient, path: str) -> int:
    with counting.queries(database) as seen:
        assert client.get(path).status_code == 200
    return len(seen)


def test_the_list_asks_as_often_for_one_as_for_three(
    session: Session, cast: Cast, as_: As, database: JoinedDatabase
) -> None:
    make.completed_stay(session)
    make.certificate(session)
    session.commit()
    secretary = as_(cast.secretary)
    one = _statements(database, secretary, "/certificates")
    for _each in range(2):
        make.completed_stay(session)
        make.certificate(session)
    session.commit()
    assert _statements(database, secretary, "/certificates") == one


def test_the_lists_turn_pages(session: Session, cast: Cast, as_: As, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "PAGE", 2)
    stays = {make.completed_stay(session).id for _each in range(3)}
    made = {make.certificate(session).number for _each in range(3)}
    session.commit()
    auditor = as_(cast.auditor)
    first = auditor.get("/certificates").text
    later = re.search(r"/certificates\?after=[-0-9a-f]+", first), re.search(r"/certificates\?issued=[-0-9a-f]+", first)
    pages = [first] + [auditor.get(found[0]).text for found in later if found]
    assert len(pages) == 3
    assert {each for each in stays if str(each) in "".join(pages)} == stays
    assert {each for each in made if each in "".join(pages)} == made
    assert 'name="placement_ids"' not in first, "an auditor reads"


def test_the_database_itself_keeps_one_valid_certificate_a_stay(session: Session, cast: Cast) -> None:
    made = _certified(session, cast)
    stay = session.get_one(Placement, made.placement_id)
    make.certificate(session, stay, revoked_at=now())
    with pytest.raises(Exception, match=r"(?i)unique"):
        make.certificate(session, stay)
    session.rollback()


def test_somebodys_own_certificate_is_not_theirs_to_issue(session: Session, cast: Cast, as_: As) -> None:
    secretary: Person = cast.secretary
    stay = make.completed_stay(session, applicant=secretary)
    session.commit()
    assert as_(secretary).post(_path(stay), data=SIGNED).status_code == 403
