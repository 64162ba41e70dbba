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
from portal.accounts.models import Role
from portal.clock import now
from portal.consents import actions as consents
from portal.consents.models import Method, Purpose
from portal.diplomas import actions, jobs, queries
from portal.diplomas.models import Diploma, DiplomaKind
from portal.documents import certificates
from portal.essays.models import Essay
from portal.history.queries import deeds
from portal.jobs.registry import JOBS, Services
from portal.juries.models import Outcome
from portal.mail.models import Message
from portal.settings import Settings
from tests import counting, make
from tests.conftest import browser
from tests.database import JoinedDatabase
from tests.people import Cast
from tests.results.stage import Stage

As = Callable[..., TestClient]
SIGNED = {"signatory": "Lim Byung-jin", "office": "secretary_general"}
REASON = {"reason": "The name was spelled wrongly."}
CROSS = {"sec-fetch-site": "cross-site"}
NAME = "Болд Батбаяр"


def _list(stage: Stage) -> str:
    return f"/contests/{stage.edition.slug}/certificates"


def _own(essay: Essay) -> str:
    return f"/essays/{essay.id}/certificate"


def _issue(stage: Stage, *essays: Essay) -> list[Diploma]:
    ids = [essay.id for essay in essays]
    signed = certificates.Signatory("Lim Byung-jin", "secretary_general")
    made = actions.issue_many(stage.session, stage.edition, ids, signed, by=stage.by, origin="https://portal.example")
    stage.session.commit()
    return made


def _withdraw(stage: Stage, essay: Essay, purpose: Purpose) -> None:
    author = stage.author(essay)
    case = make.case(stage.session, author, stage.edition)
    told = {"wording": "2026-1", "language": "en", "digest": "0" * 64}
    consents.decide(stage.session, case, {purpose: False}, method=Method.ACCOUNT, by=author.id, **told)
    stage.session.commit()


def test_from_the_results_to_a_page_that_answers(stage: Stage, as_: As, client: TestClient) -> None:
    session = stage.session
    gold, other = stage.essay(agreed={}), stage.essay(Outcome.COMMENDED)
    session.commit()
    secretary, author = as_(stage.secretary), as_(stage.author(gold))
    assert "Contest certificates to issue" in secretary.get("/").text
    assert "Contest certificates to issue" not in author.get("/").text
    assert "There is no certificate at the moment." in author.get(_own(gold)).text
    listed = secretary.get(_list(stage)).text
    assert listed.count('name="essay_ids"') == 2
    assert "Grand prize" in listed
    chosen = {**SIGNED, "essay_ids": [str(gold.id), str(other.id)], "key": str(uuid.uuid4())}
    for _time in range(2):  # a double click
        assert secretary.post(_list(stage), data=chosen).headers["location"] == _list(stage)
    session.expire_all()
    made = {each.essay_id: each for each in session.exec(select(Diploma))}
    assert {key: each.kind for key, each in made.items()} == {
        gold.id: DiplomaKind.AWARD, other.id: DiplomaKind.PARTICIPATION,
    }  # fmt: skip
    diploma = made[gold.id]
    assert diploma.digest == certificates.digest(diploma.content)
    assert diploma.content["award"] == {"en": "Grand prize"}
    told = {mail.person_id: mail for mail in session.exec(select(Message))}
    assert {mail.template for mail in told.values()} == {"diplomas/issued"}
    assert f"{_own(gold)}\n" in told[stage.author(gold).id].text
    assert diploma.number in told[stage.author(gold).id].text
    assert "Contest certificates to issue" not in secretary.get("/").text
    assert NAME in author.get(_own(gold)).text
    paper = author.get(f"{_own(gold)}.pdf")
    assert paper.headers["content-type"] == "application/pdf"
    assert f"{diploma.number}.pdf" in paper.headers["content-disposition"]
    with pikepdf.open(io.BytesIO(paper.content)) as pdf:
        assert len(pdf.pages) == 1
    public = client.get(f"/diplomas/{diploma.number}")
    assert "This certificate is valid" in public.text
    assert "Grand prize" in public.text
    assert NAME not in public.text


def test_no_secretarys_page_names_an_author_unless_they_screen(stage: Stage, as_: As) -> None:
    session, essay, waiting = stage.session, stage.essay(), stage.essay()
    (diploma,) = _issue(stage, essay)
    _ = waiting
    secretary = as_(stage.secretary)
    for path in (_list(stage), f"{_list(stage)}/{diploma.id}/revoke"):
        page = secretary.get(path).text
        assert essay.code in page
        assert NAME not in page
        assert stage.author(essay).name not in page
    history = str([entry.details for entry in deeds(session, "essay", essay.id)])
    assert NAME not in history
    screener = make.screener(session, stage.edition)
    session.commit()
    assert NAME in as_(screener).get(_list(stage)).text


@pytest.mark.parametrize("status", ["withdrawn", "disqualified", "submitted"])
def test_who_does_not_take_part_to_the_end_gets_none(stage: Stage, as_: As, status: str) -> None:
    essay = make.essay(stage.session, status, edition=stage.edition)
    stage.session.commit()
    secretary = as_(stage.secretary)
    assert "No essay waits for a certificate." in secretary.get(_list(stage)).text
    assert secretary.post(_list(stage), data={**SIGNED, "essay_ids": [str(essay.id)]}).status_code == 409
    assert "did not take part to the end" in as_(stage.author(essay)).get(_own(essay)).text


def test_before_the_results_there_are_none(session: Session, as_: As) -> None:
    stage = Stage(session)
    essay = stage.essay()
    session.commit()
    secretary, author = as_(stage.secretary), as_(stage.author(essay))
    for answer in (
        secretary.get(_list(stage)), author.get(_own(essay)), author.get(f"{_own(essay)}.pdf"),
        secretary.post(_list(stage), data={**SIGNED, "essay_ids": [str(essay.id)]}),
        secretary.post(_list(stage), data={**SIGNED, "all": "true"}), author.get(f"{_own(essay)}/shown"),
    ):  # fmt: skip
        assert answer.status_code == 409
    assert session.exec(select(Diploma)).all() == []


def test_who_may_not(stage: Stage, cast: Cast, as_: As, client: TestClient) -> None:
    essay = stage.essay()
    (diploma,) = _issue(stage, essay)
    judge = make.judge(stage.session, stage.edition).person
    both = make.judge(stage.session, stage.edition, person=make.secretary(stage.session)).person
    stage.session.commit()
    issuing = [(_list(stage), SIGNED), (f"{_list(stage)}/{diploma.id}/revoke", REASON)]
    for path, data in issuing:
        assert client.post(path, data=data).status_code == 401
        assert as_(stage.secretary).post(path, data=data, headers=CROSS).status_code == 403
        for person in (cast.stranger, judge, both, stage.author(essay)):
            assert as_(person).post(path, data=data).status_code == 404
        assert as_(cast.auditor).post(path, data=data).status_code == 403
    shown = f"{_own(essay)}/shown"
    assert client.post(shown, data={}).status_code == 401
    assert as_(stage.author(essay)).post(shown, data={}, headers=CROSS).status_code == 403
    for person in (cast.stranger, judge, stage.secretary, cast.auditor):
        for path in (_own(essay), f"{_own(essay)}.pdf", shown):
            assert as_(person).get(path).status_code == 404
        assert as_(person).post(shown, data={}).status_code == 404
    assert as_(cast.auditor).get(_list(stage)).status_code == 200
    assert 'name="essay_ids"' not in as_(cast.auditor).get(_list(stage)).text
    for person in (judge, both, cast.stranger):
        assert as_(person).get(_list(stage)).status_code == 404


def test_nothing_chosen_and_nobody_signing_is_told(stage: Stage, as_: As) -> None:
    stage.essay()
    stage.session.commit()
    answer = as_(stage.secretary).post(_list(stage), data=SIGNED)
    assert answer.status_code == 422
    assert answer.text.count("Choose at least one essay.") == 2
    typed = as_(stage.secretary).post(_list(stage), data={"signatory": "<", "office": "king", "all": "true"})
    assert typed.status_code == 422
    assert 'value="&lt;"' in typed.text


def test_many_all_or_none_and_none_for_oneself(stage: Stage, as_: As) -> None:
    session, first, second = stage.session, stage.essay(), stage.essay(author=stage.secretary)
    session.commit()
    both = {**SIGNED, "essay_ids": [str(first.id), str(second.id)]}
    assert as_(stage.secretary).post(_list(stage), data=both).status_code == 409
    assert session.exec(select(Diploma)).all() == []
    assert as_(stage.colleague).post(_list(stage), data=both).status_code == 303
    assert as_(stage.colleague).post(_list(stage), data=both).status_code == 409, "they have theirs"


def test_a_job_issues_all_in_parts_and_none_twice(
    stage: Stage, as_: As, settings: Settings, database: JoinedDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "AT_ONCE", 2)
    session = stage.session
    essays = [stage.essay(), *(make.essay(session, "admitted", edition=stage.edition) for _each in range(4))]
    own = stage.essay(author=stage.secretary)
    (revoked,) = _issue(stage, essays[0])
    actions.revoke(session, stage.edition, revoked, by=stage.by, reason="Spelled wrongly.", origin="")
    session.commit()
    answer = as_(stage.secretary).post(_list(stage), data={**SIGNED, "all": "true"})
    assert answer.headers["location"] == f"{_list(stage)}?watching=true"
    watching = as_(stage.secretary).get(answer.headers["location"]).text
    assert 'http-equiv="refresh"' in watching
    assert "0 of 6 essays" in watching
    assert JOBS[actions.ISSUE] is jobs.issue_all
    given = str(stage.edition.id), str(stage.secretary.id), SIGNED["signatory"], SIGNED["office"]
    for _time in range(2):
        jobs.issue_all(Services(settings, database), *given)
    session.expire_all()
    made = session.exec(select(Diploma)).all()
    assert {each.essay_id for each in made} == {essay.id for essay in essays}
    assert len(made) == 5, "what was revoked is issued anew by hand only, and nobody issues their own"
    assert {each.issued_by for each in made} == {stage.secretary.id}
    assert own.id not in {each.essay_id for each in made}


def test_revoked_it_says_so_for_ever_and_a_new_one_has_a_new_number(stage: Stage, as_: As, client: TestClient) -> None:
    session, essay = stage.session, stage.essay(agreed={})
    (diploma,) = _issue(stage, essay)
    diploma.shows_name = True
    session.commit()
    secretary, revoke = as_(stage.secretary), f"{_list(stage)}/{diploma.id}/revoke"
    assert NAME in client.get(f"/diplomas/{diploma.number}").text
    assert secretary.get(revoke).status_code == 200
    short = secretary.post(revoke, data={"reason": "<i>"})
    assert (short.status_code, "&lt;i&gt;" in short.text) == (422, True)
    assert secretary.post(revoke, data=REASON).headers["location"] == _list(stage)
    assert secretary.post(revoke, data=REASON).status_code == secretary.get(revoke).status_code == 409
    public = client.get(f"/diplomas/{diploma.number}").text
    assert "This certificate is not valid" in public
    assert NAME not in public
    assert REASON["reason"] not in public
    assert REASON["reason"] in as_(stage.author(essay)).get(_own(essay)).text
    assert as_(stage.author(essay)).get(f"{_own(essay)}.pdf").status_code == 409
    assert session.exec(select(Message).where(Message.template == "diplomas/revoked")).one()
    assert secretary.post(_list(stage), data={**SIGNED, "essay_ids": [str(essay.id)]}).status_code == 303
    session.expire_all()
    (new,) = session.exec(select(Diploma).where(Diploma.id != diploma.id))
    assert new.number != diploma.number
    assert not new.shows_name, "who is seen is asked anew"
    assert "This certificate is not valid" in client.get(f"/diplomas/{diploma.number}").text
    done = [entry.deed for entry in deeds(session, "essay", essay.id)]
    assert done == ["certificate issued", "certificate revoked", "certificate issued"]


def test_what_the_author_ticks_is_seen_until_the_consent_is_withdrawn(
    stage: Stage, as_: As, client: TestClient
) -> None:
    essay = stage.essay(agreed={})
    (diploma,) = _issue(stage, essay)
    author, number, title = as_(stage.author(essay)), f"/diplomas/{diploma.number}", essay.title
    assert author.post(f"{_own(essay)}/shown", data={"shows_name": "true"}).headers["location"] == number
    assert (NAME in client.get(number).text, title in client.get(number).text) == (True, False)
    assert 'name="shows_name" type="checkbox" value="true" checked' in author.get(f"{_own(essay)}/shown").text
    author.post(f"{_own(essay)}/shown", data={"shows_name": "true", "shows_title": "true"})
    assert (NAME in client.get(number).text, title in client.get(number).text) == (True, True)
    changed = deeds(stage.session, "authorship", make.authorship(stage.session, essay).id)
    assert [entry.deed for entry in changed] == ["certificate shown otherwise"] * 2
    assert NAME not in str([entry.details for entry in changed])
    _withdraw(stage, essay, Purpose.NAME)
    assert (NAME in client.get(number).text, title in client.get(number).text) == (False, True)
    again = author.post(f"{_own(essay)}/shown", data={"shows_name": "true"})
    assert again.status_code == 409
    assert "Your name can be shown only if its publication is agreed to." in again.text
    _withdraw(stage, essay, Purpose.TEXT)
    assert title not in client.get(number).text


def test_who_takes_back_taking_part_is_not_seen(stage: Stage, client: TestClient) -> None:
    essay = stage.essay(agreed={})
    (diploma,) = _issue(stage, essay)
    diploma.shows_name = diploma.shows_title = True
    _withdraw(stage, essay, Purpose.TAKE_PART)
    page = client.get(f"/diplomas/{diploma.number}").text
    assert not any(each in page for each in (NAME, essay.title))


def test_nobody_was_asked_so_nothing_can_be_shown(stage: Stage, as_: As) -> None:
    essay = stage.essay()
    _issue(stage, essay)
    author = as_(stage.author(essay))
    for chosen in ("shows_name", "shows_title"):
        assert author.post(f"{_own(essay)}/shown", data={chosen: "true"}).status_code == 409


def test_of_paper_the_office_is_told_and_downloads_but_cannot_choose(stage: Stage, cast: Cast, as_: As) -> None:
    session, office = stage.session, cast.home_coordinator
    own = make.paper_essay(session, office, "in_judging", edition=stage.edition, government=cast.home)
    session.commit()
    _issue(stage, session.get_one(Essay, own.essay_id))
    told = session.exec(select(Message)).one()
    assert told.address == office.email
    path = f"/essays/{own.essay_id}/certificate"
    assert as_(office).get(f"{path}.pdf").status_code == 200
    assert "for the author alone to choose" in as_(office).get(path).text
    assert as_(office).post(f"{path}/shown", data={"shows_name": "true"}).status_code == 403
    make.grant(session, office, Role.JUDGE, edition_id=stage.edition.id)
    session.commit()
    assert as_(office).get(path).status_code == 404, "who judges learns nothing of authors"


def test_two_downloads_are_equal_whatever_changes_meanwhile(stage: Stage, as_: As) -> None:
    essay = stage.essay()
    _issue(stage, essay)
    before = as_(stage.author(essay)).get(f"{_own(essay)}.pdf").content
    make.authorship(stage.session, essay).native_name, stage.gold.names = "Другой", {"en": "Other"}
    stage.session.commit()
    assert as_(stage.author(essay)).get(f"{_own(essay)}.pdf").content == before


# One page for both streets


def test_a_number_of_either_street_may_be_typed_in_many_ways(stage: Stage, client: TestClient) -> None:
    (diploma,) = _issue(stage, stage.essay())
    intern = make.certificate(stage.session)
    stage.session.commit()
    for number, path in ((diploma.number, "/diplomas/"), (intern.number, "/certificates/")):
        bare = number.split("-", 1)[1].replace("-", " ").lower()
        for typed in (number, number.lower(), bare):
            answer = client.get("/certificates/check", params={"number": typed})
            assert answer.headers["location"] == f"{path}{number}"
            assert answer.headers["x-robots-tag"] == "noindex, nofollow"
        assert client.get(f"{path}{bare}").status_code == 200
    page = client.get(f"/diplomas/{diploma.number}")
    assert page.headers["x-robots-tag"] == "noindex, nofollow"
    assert '<meta name="robots" content="noindex' in page.text
    assert client.get(f"/certificates/{diploma.number}").status_code == 404


def test_guessing_is_stopped_wherever_it_is_tried(app: Any, stage: Stage, client: TestClient) -> None:
    (diploma,) = _issue(stage, stage.essay())
    tries = throttle.limit(checks.CHECKS, "").item.amount
    places = ["/diplomas/ESSAY-22222-22222-22222", "/certificates/check?number=22222-22222-22222"]
    answers = [client.get(places[number % 2]) for number in range(tries + 1)]
    assert [answer.status_code for answer in answers] == [404] * tries + [429]
    assert "There is no certificate with this number." in answers[0].text
    assert browser(app).get(f"/diplomas/{diploma.number}").status_code == 200


def test_the_public_page_is_the_same_whoever_looks(stage: Stage, cast: Cast, as_: As, client: TestClient) -> None:
    essay = stage.essay()
    (diploma,) = _issue(stage, essay)

    def main(visitor: TestClient) -> str:
        found = re.search(r"<main.*</main>", visitor.get(f"/diplomas/{diploma.number}").text, re.DOTALL)
        assert found
        return found[0]

    people = stage.secretary, stage.author(essay), cast.stranger
    assert {main(client)} == {main(as_(person)) for person in people}


# Lists


def test_the_list_asks_as_often_for_one_as_for_three(stage: Stage, as_: As, database: JoinedDatabase) -> None:
    def more() -> None:
        stage.essay()
        _issue(stage, stage.essay())

    more()
    secretary = as_(stage.secretary)
    one = counting.queries_of(database, lambda: secretary.get(_list(stage)))
    more()
    more()
    assert counting.queries_of(database, lambda: secretary.get(_list(stage))) == one


def test_the_lists_turn_pages(stage: Stage, cast: Cast, as_: As, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "PAGE", 2)
    waiting = {str(stage.essay().id) for _each in range(3)}
    made = {each.number for _each in range(3) for each in _issue(stage, stage.essay())}
    secretary, here = as_(stage.secretary), re.escape(_list(stage))
    first = secretary.get(_list(stage)).text
    later = re.search(here + r"\?after=\w+", first), re.search(here + r"\?issued=[-0-9a-f]+", first)
    pages = [first] + [secretary.get(found[0]).text for found in later if found]
    assert len(pages) == 3
    assert {each for each in waiting if each in "".join(pages)} == waiting
    assert {each for each in made if each in "".join(pages)} == made


def test_the_database_itself_keeps_one_valid_certificate_an_essay(stage: Stage) -> None:
    essay = stage.essay()
    make.diploma(stage.session, essay, revoked_at=now())
    make.diploma(stage.session, essay)
    with pytest.raises(Exception, match=r"(?i)unique"):
        make.diploma(stage.session, essay)
    stage.session.rollback()
