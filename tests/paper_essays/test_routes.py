"""An essay that a coordinator enters for an author who writes on paper."""

import datetime as dt
import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from portal.accounts.models import Grant, Person, Role
from portal.clock import now, today
from portal.consents.models import Consent, ConsentGuardian, Method, Purpose
from portal.contests.models import Edition, Theme
from portal.essays.models import Authorship, Essay, EssayStatus, Source
from portal.history import queries as history
from portal.mail.models import Message
from portal.paper_essays import queries
from portal.screening.models import FairCopy
from tests import counting, make
from tests.database import JoinedDatabase
from tests.files import samples
from tests.people import Cast

As = Callable[..., TestClient]
ABOUT = {
    "native_name": "Дулмаа", "roman_name": "Dulmaa", "born_on": "2010-05-31", "nationality": "MN",
    "school": "School No. 7", "is_original": "true",
}  # fmt: skip
YES = dict.fromkeys((each.value for each in Purpose), "yes")


@pytest.fixture
def edition(session: Session, cast: Cast) -> Edition:
    made = make.edition(session)
    _ = cast.home_coordinator, cast.other_coordinator, cast.stranger, cast.secretary, cast.auditor
    session.commit()
    return made  # type: ignore[no-any-return]


def enter(client: TestClient, edition: Edition, home: Any, **typed: str) -> Any:
    data = {"name": "Дулмаа", "language": "en", "home_id": str(home.id), "key": str(uuid.uuid4()), **typed}
    return client.post(f"/contests/{edition.slug}/paper", data=data)


def scan() -> dict[str, tuple[str, bytes, str]]:
    return {"scan": ("scan.pdf", samples.pdf(), "application/pdf")}


def the_one(session: Session) -> Authorship:
    session.expire_all()
    return session.exec(select(Authorship)).one()


def essay_of(session: Session) -> Essay:
    return session.get_one(Essay, the_one(session).essay_id)


def typed_text(session: Session, edition: Edition, **changes: Any) -> dict[str, Any]:
    theme = session.exec(select(Theme).where(Theme.edition_id == edition.id)).first()
    given = {"theme_id": str(theme.id), "language": "en", "title": "Rivers", "text": make.ENGLISH}
    return {"version": essay_of(session).version, **given, **changes}


def test_from_paper_to_the_screeners(session: Session, cast: Cast, as_: As, edition: Edition) -> None:
    client = as_(cast.home_coordinator)
    assert f"/contests/{edition.slug}/paper" in client.get(f"/contests/{edition.slug}").text
    assert client.get(f"/contests/{edition.slug}/paper").status_code == 200
    answer = enter(client, edition, cast.home)
    own = the_one(session)
    here = f"/essays/{own.essay_id}"
    assert answer.headers["location"] == f"{here}/paper"
    person = session.get_one(Person, own.person_id)
    assert (person.name, person.email, person.password_hash) == ("Дулмаа", None, "!")
    assert (own.entered_by, own.government_id) == (cast.home_coordinator.id, cast.home.id)
    assert "You are filling this in for Дулмаа" in client.get(here).text
    assert "Scan of the essay" in client.get("/contests/paper").text
    assert "/contests/paper" in client.get("/").text

    assert client.post(f"{here}/paper").status_code == 422
    assert client.post(f"{here}/paper", files=scan()).status_code == 303
    assert "Fill in the page about the author first" in client.get(f"{here}/signed").text
    assert client.post(f"{here}/signed", data=YES, files=scan()).status_code == 409
    about = {"version": "1", "government_id": str(cast.home.id), **ABOUT}
    assert client.post(f"{here}/about", data={**about, "government_id": str(cast.host.id)}).status_code == 409
    assert client.post(f"{here}/about", data=about).status_code == 303
    assert client.post(f"{here}/signed", data={"name": "yes"}).status_code == 422
    refused = client.post(f"{here}/signed", data=YES, files=scan())
    assert refused.status_code == 422
    assert "Enter who signed as parent or guardian" in refused.text
    signed = {**YES, "name": "no", "guardian_name": "Дорж"}
    assert client.post(f"{here}/signed", data=signed, files=scan()).status_code == 303

    assert "There is no text yet" in client.get(f"{here}/compare").text
    assert client.post(f"{here}/text", data=typed_text(session, edition)).status_code == 303
    stated = {"version": essay_of(session).version, "is_original": "true", "used_ai": "false"}
    assert client.post(f"{here}/statements", data=stated).status_code == 303
    assert f"{here}/compare" in client.get(here).text and "/consents/" not in client.get(here).text
    check = client.get(f"{here}/check").text
    assert f"{here}/compare" in check and f"{here}/consents" not in check
    assert 'name="key"' not in check.split("<main")[1]
    version = essay_of(session).version
    assert client.post(f"{here}/submit", data={"version": version}).status_code == 409
    assert client.post(f"{here}/compare", data={"version": version}).status_code == 422
    assert client.post(f"{here}/compare", data={"version": version - 1, "is_compared": "true"}).status_code == 409
    assert client.post(f"{here}/compare", data={"version": version, "is_compared": "true"}).status_code == 303
    assert "Nothing: check it and send it" in client.get("/contests/paper").text
    assert client.post(f"{here}/submit", data={"version": version}).status_code == 303
    essay = essay_of(session)
    assert (essay.status, essay.source) == (EssayStatus.SUBMITTED, Source.PAPER)
    (message,) = session.exec(select(Message)).all()
    assert message.address == cast.home_coordinator.email
    assert "This message is for Дулмаа" in message.text
    deeds = [each.deed for each in history.deeds(session, "authorship", own.id)]
    assert deeds[-1] == "entered from paper"
    assert deeds[0] == "submit"
    assert {"scan kept", "compared with the scan"} <= set(deeds)

    consents = {each.purpose: each for each in session.exec(select(Consent)).all()}
    assert {purpose: each.is_given for purpose, each in consents.items()} == {
        purpose: purpose is not Purpose.NAME for purpose in Purpose
    }
    assert {each.method for each in consents.values()} == {Method.PAPER}
    assert {each.entered_by for each in consents.values()} == {cast.home_coordinator.id}
    assert session.exec(select(ConsentGuardian)).one().name == "Дорж"

    screener = make.screener(session, edition)
    session.commit()
    page = as_(screener).get(f"/contests/{edition.slug}/screening/{essay.id}").text
    assert f"The office of {cast.home.names['en']} typed this essay from paper" in page
    for link in re.findall(r'href="(/contests/[^"]+/scan[^"]*)"', page):
        assert as_(screener).get(link).status_code == 200
    assert page.count("/scan") == 2
    assert {client.get(f"{here}/paper/{which}").status_code for which in ("scan", "consent")} == {200}


def test_a_form_that_arrives_twice_makes_one(session: Session, cast: Cast, as_: As, edition: Edition) -> None:
    client, key = as_(cast.home_coordinator), str(uuid.uuid4())
    places = {enter(client, edition, cast.home, key=key).headers["location"] for _ in range(2)}
    assert places == {f"/essays/{the_one(session).essay_id}/paper"}


def test_what_cannot_be_entered_is_shown_again(session: Session, cast: Cast, as_: As, edition: Edition) -> None:
    client = as_(cast.home_coordinator)
    answer = enter(client, edition, cast.home, email=cast.stranger.address, name="<b>Дулмаа</b>")
    assert answer.status_code == 422
    assert "belongs to an account" in answer.text
    assert "&lt;b&gt;Дулмаа" in answer.text
    assert enter(client, edition, cast.home, name="").status_code == 422
    assert enter(client, edition, cast.host).status_code == 422, "not theirs"
    with time_machine.travel(now() + dt.timedelta(days=11)):
        late = as_(cast.home_coordinator)
        assert late.get(f"/contests/{edition.slug}/paper").status_code == 409
        answer = enter(late, edition, cast.home)
        assert (answer.status_code, "Дулмаа" in answer.text) == (409, True)
    assert session.exec(select(Authorship)).all() == []
    assert enter(client, edition, cast.home, email="new@example.org").status_code == 303


def test_only_coordinators_enter(client: TestClient, cast: Cast, as_: As, edition: Edition) -> None:
    assert enter(client, edition, cast.home).status_code == 401
    for other in (cast.stranger, cast.secretary, cast.auditor):
        assert enter(as_(other), edition, cast.home).status_code == 403
    foreign = {"sec-fetch-site": "cross-site"}
    assert as_(cast.home_coordinator).post(f"/contests/{edition.slug}/paper", headers=foreign).status_code == 403


def test_a_text_that_changes_is_compared_anew(session: Session, cast: Cast, as_: As, edition: Edition) -> None:
    own = make.paper_essay(session, cast.home_coordinator, edition=edition)
    session.commit()
    client, here = as_(cast.home_coordinator), f"/essays/{own.essay_id}"
    assert "Nothing: check it and send it" in client.get("/contests/paper").text
    changed = typed_text(session, edition, text=make.ENGLISH + " And trains.")
    assert client.post(f"{here}/text", data=changed).status_code == 303
    assert client.post(f"{here}/submit", data={"version": essay_of(session).version}).status_code == 409
    box = {"version": essay_of(session).version, "is_compared": "true"}
    assert client.post(f"{here}/compare", data=box).status_code == 303
    assert client.post(f"{here}/paper", files=scan()).status_code == 303
    assert the_one(session).compared_at is None, "another scan"
    assert client.post(f"{here}/submit", data={"version": essay_of(session).version}).status_code == 409


def test_a_signed_no_keeps_it_from_being_sent(session: Session, cast: Cast, as_: As, edition: Edition) -> None:
    own = make.paper_essay(session, cast.home_coordinator, edition=edition)
    session.commit()
    client, here = as_(cast.home_coordinator), f"/essays/{own.essay_id}"
    no = {**YES, "take_part": "no", "guardian_name": "Дорж"}
    assert client.post(f"{here}/signed", data=no).status_code == 303, "the scan is there already"
    answer = client.post(f"{here}/submit", data={"version": essay_of(session).version})
    assert answer.status_code == 409
    assert "says no to taking part" in answer.text
    given = session.exec(select(Consent).where(Consent.purpose == Purpose.TAKE_PART)).all()
    assert sorted(each.ended_at is None for each in given) == [False, True], "the earlier one is kept"


def test_a_successor_goes_on_and_who_left_does_not(session: Session, cast: Cast, as_: As, edition: Edition) -> None:
    own = make.paper_essay(session, cast.home_coordinator, edition=edition)
    successor = make.coordinator(session, cast.home, "Successor")
    grant = session.exec(select(Grant).where(Grant.person_id == cast.home_coordinator.id)).one()
    grant.ends_on = today() - dt.timedelta(days=1)
    session.commit()
    here = f"/essays/{own.essay_id}"
    assert as_(cast.home_coordinator).get(here).status_code == 404
    client = as_(successor)
    assert client.get(here).status_code == 200
    assert client.post(f"{here}/submit", data={"version": essay_of(session).version}).status_code == 303
    assert session.exec(select(Message.address)).one() == successor.email
    assert client.post(f"{here}/withdraw").status_code == 303


def test_nobody_else_sees_it(client: TestClient, session: Session, cast: Cast, as_: As, edition: Edition) -> None:
    own = make.paper_essay(session, cast.home_coordinator, edition=edition)
    judge = make.judge(session, edition, cast.home)
    make.grant(session, judge.person, Role.COORDINATOR, government_id=cast.home.id)
    session.commit()
    paths = [f"/essays/{own.essay_id}{rest}" for rest in ("", "/paper", "/signed", "/compare", "/paper/scan")]
    for person in (cast.other_coordinator, judge.person, cast.secretary, cast.stranger):
        browser = as_(person)
        assert {browser.get(path).status_code for path in paths} <= {403, 404}
        assert browser.get(paths[0]).status_code == 404
        assert browser.post(f"{paths[0]}/withdraw").status_code == 404
    assert "Дулмаа" not in as_(judge.person).get("/contests/paper").text, "who judges learns of no author"
    assert {client.get(path).headers["location"].partition("?")[0] for path in paths} == {"/sign-in"}
    assert the_one(session).compared_at is not None


def test_a_screener_sees_no_draft_and_does_not_screen_what_they_entered(
    session: Session, cast: Cast, as_: As, edition: Edition
) -> None:
    own = make.paper_essay(session, cast.home_coordinator, edition=edition)
    screener = make.screener(session, edition)
    make.grant(session, cast.home_coordinator, Role.SCREENER, edition_id=edition.id)
    session.commit()
    assert as_(screener).get(f"/essays/{own.essay_id}/paper/scan").status_code == 404
    essay = essay_of(session)
    essay.status, essay.submitted_at = EssayStatus.SUBMITTED, now()
    session.commit()
    here = f"/contests/{edition.slug}/screening/{essay.id}"
    assert f"{here}/admit" not in as_(cast.home_coordinator).get(here).text
    assert as_(cast.home_coordinator).post(f"{here}/admit").status_code == 403
    assert f"{here}/admit" in as_(screener).get(here).text


def test_judges_see_nothing_of_it(session: Session, cast: Cast, as_: As, edition: Edition) -> None:
    """The page of an essay from paper is word for word that of one which was typed."""
    pages = []
    for from_paper in (True, False):
        if from_paper:
            essay = session.get_one(
                Essay, make.paper_essay(session, cast.home_coordinator, "in_judging", edition=edition).essay_id
            )
            essay.source = Source.PAPER
        else:
            essay = make.essay(session, "in_judging", edition=edition)
        assert session.exec(select(FairCopy).where(FairCopy.essay_id == essay.id)).one()
        judge = make.judge(session, edition)
        appointment = make.appointment(session, essay, judge)
        session.commit()
        client = as_(judge.person)
        page = client.get(f"/judging/{appointment.alias}")
        assert page.status_code == 200
        assert client.get(f"/essays/{essay.id}/paper/scan").status_code in {403, 404}
        pages.append(_bare(page.text, appointment.alias))
    assert pages[0] == pages[1]
    assert "scan" not in pages[0]


def _bare(page: str, alias: str) -> list[str]:
    """Without what differs from request to request."""
    lines = page.replace(alias, "ALIAS").split("<main")[1].splitlines()
    return [line for line in lines if 'name="key"' not in line]


def test_the_list_runs_as_many_queries_for_three_as_for_one(
    session: Session, cast: Cast, as_: As, edition: Edition, database: JoinedDatabase
) -> None:
    client, counts = as_(cast.home_coordinator), []
    for more in (1, 2):
        for _ in range(more):
            make.paper_essay(session, cast.home_coordinator, edition=edition)
        session.commit()
        with counting.queries(database) as found:
            assert client.get("/contests/paper").text.count("Дулмаа") + 1
        counts.append(len(found))
    assert counts[0] == counts[1]


def test_the_list_has_pages(
    session: Session, cast: Cast, as_: As, edition: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "PAGE", 2)
    for n in range(5):
        make.paper_essay(session, cast.home_coordinator, edition=edition, native_name=f"Author {n}")
    session.commit()
    client, path, seen = as_(cast.home_coordinator), "/contests/paper", []
    while path:
        page = client.get(path).text
        seen += [n for n in range(5) if f"Author {n}" in page]
        following = re.search(r'href="(/contests/paper\?after=[0-9a-f-]{36})"', page)
        path = following.group(1) if following else ""
    assert sorted(seen) == list(range(5))
