"""Naming a guardian, and the guardian's own page by a link."""

import datetime as dt
import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, col, select

from portal import i18n
from portal.accounts.models import Person
from portal.accounts.viewer import token_digest
from portal.clock import now
from portal.consents import wording
from portal.consents.models import Consent, ConsentGuardian, Programme, Purpose
from portal.consents.wording import Reader
from portal.essays.models import Essay, EssayStatus
from portal.history import queries as history
from portal.i18n import LANGUAGES
from tests import make
from tests.accounts import letters
from tests.consenting.conftest import CHILD, MOTHER, NAMED, YES, path, standing, written
from tests.people import Cast

As = Callable[..., TestClient]
NO = dict.fromkeys(YES, "no")


def name(browser: TestClient, essay: Essay, **typed: str) -> Any:
    return browser.post(path(essay, "/guardian"), data={**NAMED, **typed})


@pytest.fixture
def link(session: Session, cast: Cast, as_: As, essay: Essay) -> str:
    """The path in the guardian's mail."""
    assert name(as_(cast.stranger), essay).status_code == 303
    return newest(session)


def newest(session: Session, address: str = MOTHER) -> str:
    return letters.newest_link(session, address).partition("?")[0]


def guardian(session: Session) -> ConsentGuardian:
    session.expire_all()
    return session.exec(select(ConsentGuardian).where(col(ConsentGuardian.replaced_at).is_(None))).one()


def answer(client: TestClient, link: str, language: str = "mn", **typed: str) -> Any:
    digest = wording.digest(language, Programme.CONTEST, Reader.GUARDIAN)
    return client.post(
        f"{link}/decide", data={"signature": "Ээж", "language": language, "digest": digest, **YES, **typed}
    )


def rows(session: Session) -> list[Consent]:
    session.expire_all()
    return list(session.exec(select(Consent).order_by(col(Consent.decided_at))))


# The link


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_guardian_reads_and_answers_in_their_own_language(
    client: TestClient, session: Session, cast: Cast, as_: As, essay: Essay, language: str
) -> None:
    assert name(as_(cast.stranger), essay, language=language).status_code == 303
    mail, words = letters.to(session, MOTHER)[-1], wording.text(language)
    whom = "Болд Батбаяр (Batbayar Bold)"
    assert mail.subject == words["mail"]["asked"]["subject"].format(person=whom)
    assert words["mail"]["asked"]["before"] in mail.text
    assert words["mail"]["signature"] in mail.text
    assert "{" not in mail.text
    link = newest(session)
    page = client.get(link)
    assert page.status_code == 200
    assert f'lang="{language}"' in page.text
    for section in words["sections"]:
        assert section["heading"] in page.text
    assert page.text.count('type="radio"') == 2 * len(Purpose)
    assert not re.search('value="(yes|no)" checked', page.text), "nothing is chosen beforehand"
    assert page.headers["referrer-policy"] == "no-referrer"
    assert answer(client, link, language, answer_name="no").status_code == 303
    assert {(row.purpose, row.is_given) for row in rows(session)} == {
        (each, each is not Purpose.NAME) for each in Purpose
    }
    assert {(row.language, row.wording, row.name) for row in rows(session)} == {(language, wording.VERSION, "Ээж")}
    assert words["thanks"]["title"] in client.get(link).text
    told = letters.to(session, MOTHER)[-1]
    purpose, colon = wording.purposes(language, Programme.CONTEST)[Purpose.NAME], i18n.between(": ", code=language)
    assert purpose + colon + words["no"] in told.text
    assert letters.link(told).startswith(link), "the very link they came by stays theirs"
    assert letters.to(session, cast.stranger.address)[-1].template == "consents/answered"
    assert standing(session, cast.stranger, essay.edition_id).may_take_part


def test_looking_changes_nothing_and_no_trace_of_the_address_or_the_token_is_in_history(
    client: TestClient, session: Session, cast: Cast, essay: Essay, link: str
) -> None:
    token = link.removeprefix("/consents/")
    assert guardian(session).token_digest == token_digest(token)
    client.get(link)
    client.head(link)
    assert rows(session) == []
    answer(client, link)
    found = history.deeds(session, "consent", guardian(session).case_id)
    assert [entry.deed for entry in found].count("consented") == len(Purpose)
    assert {entry.actor_id for entry in found} == {None, cast.stranger.id}
    assert MOTHER not in str([entry.details for entry in found])
    assert token not in str([entry.details for entry in found])
    assert [entry.deed for entry in history.deeds(session, "essay", essay.id)] == []


def test_another_of_the_six_languages_can_be_chosen(client: TestClient, session: Session, link: str) -> None:
    assert wording.text("ja")["form"]["decide"] in client.get(f"{link}?read=ja").text
    assert answer(client, link, "ja").status_code == 303
    assert {row.language for row in rows(session)} == {"ja"}


def test_a_link_decides_once(client: TestClient, session: Session, link: str) -> None:
    assert answer(client, link).status_code == 303
    again = answer(client, link, answer_name="no")
    assert again.status_code == 409
    assert wording.text("mn")["closed"]["answered"] in again.text
    assert [row.is_given for row in rows(session)] == [True] * len(Purpose)


@pytest.mark.parametrize(
    ("typed", "error"),
    [({"answer_photo": ""}, "answer"), ({"answer_take_part": "perhaps"}, "answer"), ({"signature": " "}, "name"),
     ({"signature": "x" * 121}, "name"), ({"signature": "a\x00b"}, "name"), ({"digest": "0" * 64}, "changed")],
)  # fmt: skip
def test_what_is_wrong_is_said_in_the_guardians_language_and_nothing_is_lost(
    client: TestClient, session: Session, link: str, typed: dict[str, str], error: str
) -> None:
    refused = answer(client, link, **{"signature": "<i>Ээж", **typed})
    assert refused.status_code == 422
    assert wording.text("mn")["errors"][error] in refused.text
    assert "There is a problem" not in refused.text
    assert 'id="answer_name" name="answer_name" type="radio" value="yes" checked' in refused.text
    assert "&lt;i&gt;Ээж" in refused.text or "signature" in typed
    assert rows(session) == []
    assert guardian(session).answered_at is None


def test_who_does_not_take_part_needs_no_other_answer(client: TestClient, session: Session, link: str) -> None:
    sent = {**dict.fromkeys(YES, ""), "answer_take_part": "no"}
    assert answer(client, link, **sent).status_code == 303
    assert [row.is_given for row in rows(session)] == [False] * len(Purpose)


def test_each_yes_is_withdrawn_by_itself_at_any_time(
    client: TestClient, session: Session, cast: Cast, essay: Essay, link: str
) -> None:
    answer(client, link)
    guardian(session).expires_at = now() - dt.timedelta(days=500)
    session.commit()
    page = client.get(link).text
    assert page.count("/withdraw?read=mn") == len(Purpose)
    assert client.post(f"{link}/photo/withdraw").status_code == 303
    found = standing(session, cast.stranger, essay.edition_id)
    assert [purpose for purpose in Purpose if not found.allows(purpose)] == [Purpose.PHOTO]
    assert len(rows(session)) == len(Purpose) + 1, "what was decided before is kept"
    assert client.get(link).text.count("/withdraw?read=mn") == len(Purpose) - 1
    assert client.post(f"{link}/photo/withdraw").status_code == 409
    assert letters.to(session, MOTHER)[-1].template == "consents/guardian"
    assert letters.to(session, cast.stranger.address)[-1].template == "consents/withdrawn"


def test_nothing_is_withdrawn_before_it_was_given(client: TestClient, session: Session, link: str) -> None:
    assert client.post(f"{link}/name/withdraw").status_code == 409
    assert rows(session) == []


def _expired(session: Session, _essay: Essay) -> None:
    guardian(session).expires_at = now() - dt.timedelta(seconds=1)


def _grown(session: Session, essay: Essay) -> None:
    make.authorship(session, essay).born_on = dt.date(1990, 1, 1)


def _over(_session: Session, essay: Essay) -> None:
    essay.status = EssayStatus.WITHDRAWN


@pytest.mark.parametrize(("change", "said"), [(_expired, "expired"), (_grown, "of_age"), (_over, "over")])
def test_a_closed_link_explains_itself(
    client: TestClient, session: Session, essay: Essay, link: str, change: Callable[[Session, Essay], None], said: str
) -> None:
    change(session, essay)
    session.commit()
    sentence = wording.text("mn")["closed"][said].format(person="Болд Батбаяр (Batbayar Bold)")
    for found in (client.get(link), answer(client, link)):
        assert found.status_code == 409
        assert sentence in found.text
    assert rows(session) == []


def test_an_unknown_link_and_a_dead_one_are_the_same(
    client: TestClient, session: Session, cast: Cast, as_: As, essay: Essay, link: str
) -> None:
    assert name(as_(cast.stranger), essay, email="father@example.org").status_code == 303
    dead, unknown = (client.get(f"{each}?lang=mn") for each in (link, f"/consents/{'x' * len(link.split('/')[2])}"))
    assert (dead.status_code, unknown.status_code) == (404, 404)
    assert wording.text("mn")["closed"]["unknown"] in unknown.text
    assert _bare(dead.text, link) == _bare(unknown.text, "/consents/" + "x" * len(link.split("/")[2]))
    assert answer(client, link).status_code == 404
    assert client.post(f"{link}/name/withdraw").status_code == 404


def _bare(text: str, link: str) -> str:
    """Without what is another's on every page: the address itself, and the reference of the request."""
    return re.sub(r"[0-9a-f]{8,}", "", text.replace(link, ""))


def test_guessing_at_links_ends(client: TestClient, link: str) -> None:
    answers = [client.get(f"/consents/{uuid.uuid4().hex}").status_code for _ in range(31)]
    assert answers == [404] * 30 + [429]
    assert client.post("/consents/guess/decide").status_code == 429
    assert client.get(link).status_code == 200, "who holds the link is not kept out"


def test_another_site_sends_nothing(client: TestClient, session: Session, link: str) -> None:
    headers = {"sec-fetch-site": "cross-site"}
    assert client.post(f"{link}/decide", data=YES, headers=headers).status_code == 403
    assert client.post(f"{link}/name/withdraw", headers=headers).status_code == 403
    assert rows(session) == []


# Naming


def _variants(address: str) -> list[str]:
    local, domain = address.split("@")
    wide = "".join(chr(ord(sign) + 0xFEE0) if sign.isalnum() else sign for sign in local)
    return [address, address.upper(), f"{local}+mum@{domain}", f"{wide}@{domain}"]


def test_nobody_consents_for_themselves_under_their_own_address(
    session: Session, cast: Cast, as_: As, essay: Essay
) -> None:
    cast.stranger.email = "t.uul@gmail.com"
    session.commit()
    browser = as_(cast.stranger)
    for own in [*_variants("t.uul@gmail.com"), "tuul@gmail.com", "tu.ul+x@googlemail.com"]:
        refused = name(browser, essay, email=own, name="<i>Ээж")
        assert refused.status_code == 422, own
        assert "This address is yours" in refused.text
        assert "&lt;i&gt;Ээж" in refused.text
    assert session.exec(select(ConsentGuardian)).all() == []


def test_no_child_consents_for_another(session: Session, cast: Cast, as_: As) -> None:
    edition = make.edition(session)
    other, grown, elsewhere = (make.person(session) for _ in range(3))
    essay = make.essay(session, author=cast.stranger, edition=edition)
    make.authorship(session, essay).born_on = CHILD
    for person, born_on in ((other, CHILD), (grown, dt.date(1990, 1, 1))):
        made = make.essay(session, author=person, edition=edition)
        make.authorship(session, made).born_on = born_on
    written(session, elsewhere)
    browser = as_(cast.stranger)
    assert name(browser, essay, email=_variants(other.address)[2]).status_code == 422
    assert name(browser, essay, email=grown.address).status_code == 303
    assert name(browser, essay, email=elsewhere.address).status_code == 303


@pytest.mark.parametrize("typed", [{"email": "nobody"}, {"email": ""}, {"name": ""}, {"language": "fr"}])
def test_a_guardian_has_a_name_an_address_and_one_of_six_languages(
    session: Session, cast: Cast, as_: As, essay: Essay, typed: dict[str, str]
) -> None:
    assert name(as_(cast.stranger), essay, **typed).status_code == 422
    assert session.exec(select(ConsentGuardian)).all() == []


def test_the_minor_sees_where_it_stands_and_never_the_link(
    client: TestClient, session: Session, cast: Cast, as_: As, essay: Essay, link: str
) -> None:
    page = as_(cast.stranger).get(path(essay)).text
    assert "Not arrived yet" in page
    assert MOTHER in page
    assert link not in page
    answer(client, link, answer_text="no")
    page = as_(cast.stranger).get(path(essay)).text
    assert "Arrived on" in page
    assert "Your guardian Ээж" in page
    assert "Ask again, or another guardian" in page


def test_sent_again_there_is_a_new_link_and_not_too_often(
    client: TestClient, session: Session, cast: Cast, as_: As, essay: Essay, link: str
) -> None:
    browser = as_(cast.stranger)
    assert browser.post(path(essay, "/again")).status_code == 409
    for _ in range(2):
        guardian(session).sent_at = now() - dt.timedelta(hours=2)
        session.commit()
        assert browser.post(path(essay, "/again")).status_code == 303
    assert client.get(link).status_code == 404
    assert client.get(newest(session)).status_code == 200
    assert guardian(session).times_sent == 3
    guardian(session).sent_at = now() - dt.timedelta(hours=2)
    session.commit()
    assert browser.post(path(essay, "/again")).status_code == 429


def test_nobody_mails_strangers_all_day(session: Session, cast: Cast, as_: As, essay: Essay) -> None:
    browser = as_(cast.stranger)
    answers = [name(browser, essay, email=f"g{number}@example.org").status_code for number in range(5)]
    assert answers == [303] * 4 + [429]
    assert guardian(session).email == "g3@example.org"


def test_a_form_that_arrives_twice_sends_one_mail(session: Session, cast: Cast, as_: As, essay: Essay) -> None:
    browser, key = as_(cast.stranger), str(uuid.uuid4())
    assert [name(browser, essay, key=key).status_code for _ in range(2)] == [303, 303]
    assert len(letters.to(session, MOTHER)) == 1


def test_a_no_becomes_a_yes_by_a_new_question_and_the_earlier_guardian_can_still_withdraw(
    client: TestClient, session: Session, cast: Cast, as_: As, essay: Essay, link: str
) -> None:
    answer(client, link, answer_name="no")
    assert name(as_(cast.stranger), essay, email="father@example.org").status_code == 303
    assert standing(session, cast.stranger, essay.edition_id).may_take_part, "the first answer stands until the second"
    assert client.post(f"{link}/photo/withdraw").status_code == 303
    second = newest(session, "father@example.org")
    assert answer(client, second).status_code == 303
    found = standing(session, cast.stranger, essay.edition_id)
    assert all(found.allows(purpose) for purpose in Purpose)
    assert client.post(f"{link}/text/withdraw").status_code == 409, "it is no longer theirs"
    assert client.get(link).status_code == 200


# Who may not


def test_strangers_find_nothing(client: TestClient, session: Session, cast: Cast, as_: As, essay: Essay) -> None:
    others: list[Person] = [cast.applicant, cast.home_coordinator, cast.secretary, cast.auditor]
    for person in others:
        browser = as_(person)
        assert browser.get(path(essay)).status_code == 404
        assert name(browser, essay).status_code == 404
        for step in ("/again", "/decide", "/name/give", "/name/withdraw"):
            assert browser.post(path(essay, step)).status_code == 404
    assert name(client, essay).status_code == 401
    assert as_(cast.stranger).get(f"/consents/contest/{uuid.uuid4()}").status_code == 404
    assert as_(cast.stranger).get(f"/consents/nothing/{essay.edition_id}").status_code == 404
    assert session.exec(select(ConsentGuardian)).all() == []


def test_who_they_are_comes_first(session: Session, cast: Cast, as_: As, essay: Essay) -> None:
    make.authorship(session, essay).born_on = None
    session.commit()
    browser = as_(cast.stranger)
    page = browser.get(path(essay)).text
    assert f"/essays/{essay.id}/about" in page
    assert 'name="email"' not in page
    assert name(browser, essay).status_code == 409
    assert session.exec(select(ConsentGuardian)).all() == []
