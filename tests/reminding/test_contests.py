"""Who is reminded in an edition of the contest, and what nobody learns by it."""

import datetime as dt

import pytest
import time_machine
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from portal.contests.models import Edition
from portal.essays.models import EssayStatus
from portal.jobs.registry import Services
from portal.judging.models import JudgeStatus, Round
from portal.mail.models import Message
from portal.reminding import queries
from portal.reminding.rules import RULES
from tests import counting, make
from tests.accounts import letters
from tests.database import JoinedDatabase
from tests.people import Cast
from tests.reminding.running import reminded

DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)


@pytest.fixture
def edition(session: Session, noon: dt.datetime) -> Edition:
    return make.edition(
        session, due_at=noon + 10 * DAY, judging_due_at=noon + 40 * DAY, finalists=3, final_due_at=noon + 60 * DAY
    )


def test_authors_are_told_that_their_essay_is_not_sent(
    session: Session, services: Services, cast: Cast, edition: Edition
) -> None:
    essay = make.essay(session, "draft", edition=edition, author=cast.applicant)
    make.essay(session, "submitted", edition=edition)
    one = {("essays/draft_waits", cast.applicant.address): 1}
    told = [reminded(session, services, edition.due_at + days * DAY) for days in (-8, -7, -2, -1, 0)]
    assert [_only(each, "essays/") for each in told] == [{}, one, one, one, {}]
    text = letters.to(session, cast.applicant.address)[-1].text
    assert f"/essays/{essay.id}" in text and "12:00 in Seoul" in text


def _only(told: dict[tuple[str, str], int], folder: str) -> dict[tuple[str, str], int]:
    return {key: count for key, count in told.items() if key[0].startswith(folder)}


def test_an_essay_on_paper_is_the_offices_that_enters_it_but_never_a_judges(
    session: Session, services: Services, cast: Cast, edition: Edition
) -> None:
    make.paper_essay(session, cast.home_coordinator, edition=edition)
    assert _only(reminded(session, services, edition.due_at - 7 * DAY), "essays/") == {
        ("essays/draft_waits", cast.home_coordinator.address): 1
    }
    colleague = make.coordinator(session, cast.home)
    make.judge(session, edition, person=cast.home_coordinator)
    assert _only(reminded(session, services, edition.due_at - 2 * DAY), "essays/") == {
        ("essays/draft_waits", colleague.address): 1
    }


def test_what_was_returned_is_spoken_of_before_its_own_end(
    session: Session, services: Services, cast: Cast, edition: Edition, noon: dt.datetime
) -> None:
    make.essay(session, "returned", edition=edition, author=cast.applicant, returned_at=noon + 8 * DAY)
    one = {("essays/correction_waits", cast.applicant.address): 1}
    told = [reminded(session, services, noon + days * DAY) for days in (11, 12, 13, 14, 15)]
    assert [_only(each, "essays/") for each in told] == [{}, one, {}, one, {}]


def test_judges_are_told_how_many_essays_wait_and_nothing_else(
    session: Session, services: Services, edition: Edition, noon: dt.datetime
) -> None:
    judge, done = make.judge(session, edition), make.judge(session, edition)
    address = judge.person.address
    essays = [make.essay(session, EssayStatus.IN_JUDGING, edition=edition) for _each in range(3)]
    for essay in essays:
        make.appointment(session, essay, judge)
        make.appointment(session, essay, done, locked_at=noon)
    make.appointment(session, make.essay(session, EssayStatus.DISQUALIFIED, edition=edition), judge)
    make.appointment(session, essays[0], make.judge(session, edition), ended_at=noon, end_reason="conflict")
    one = {("judging/essays_wait", address): 1}
    told = [reminded(session, services, edition.judging_due_at + days * DAY) for days in (-8, -7, -3, -1, 0)]
    assert [_only(each, "judging/") for each in told] == [{}, one, one, one, {}]
    mail = letters.to(session, address)[-1]
    assert "3 essays of" in mail.text
    assert not any(str(secret) in mail.text for essay in essays for secret in (essay.id, essay.code, essay.title))


def test_the_final_round_has_reminders_of_its_own(
    session: Session, services: Services, edition: Edition, noon: dt.datetime
) -> None:
    judge = make.judge(session, edition)
    address = judge.person.address
    essay = make.essay(session, EssayStatus.SHORTLISTED, edition=edition)
    make.appointment(session, essay, judge, locked_at=noon)
    make.appointment(session, essay, judge, round=Round.FINAL)
    assert _only(reminded(session, services, edition.judging_due_at - DAY), "judging/") == {}
    at = (edition.final_due_at or noon) - DAY
    assert _only(reminded(session, services, at), "judging/") == {("judging/essays_wait", address): 1}


@pytest.mark.parametrize("change", ["left", "excluded", "ended"])
def test_who_no_longer_judges_is_left_alone(
    session: Session, services: Services, cast: Cast, edition: Edition, noon: dt.datetime, change: str
) -> None:
    judge = make.judge(session, edition)
    make.appointment(session, make.essay(session, EssayStatus.IN_JUDGING, edition=edition), judge)
    if change == "left":
        judge.status, judge.left_at = JudgeStatus.LEFT, noon
    elif change == "excluded":
        judge.excluded_at, judge.excluded_by = noon, cast.secretary.id
    else:
        [grant] = session.exec(select(make.Grant).where(make.Grant.person_id == judge.person_id))
        grant.ends_on = noon.date()
    assert _only(reminded(session, services, edition.judging_due_at - DAY), "judging/") == {}


def test_who_was_asked_to_judge_is_asked_again_after_a_week_by_a_new_link(
    session: Session, services: Services, client: TestClient, edition: Edition, noon: dt.datetime
) -> None:
    offer = make.judge_offer(session, edition)
    one = {("panels/offer_waits", offer.email): 1}
    assert [reminded(session, services, noon + days * DAY) for days in (6, 7, 8, 13)] == [{}, one, {}, {}]
    with time_machine.travel(noon + 8 * DAY, tick=False):
        assert client.get(letters.newest_link(session, offer.email)).status_code == 200
        assert client.get(f"/judge-offers/{'t' * 43}").status_code == 404, "the link of the earlier letter is dead"
    assert offer.expires_at == noon + 14 * DAY


@pytest.mark.parametrize("change", ["declined", "taken back", "closed"])
def test_who_need_not_answer_is_left_alone(
    session: Session, services: Services, edition: Edition, noon: dt.datetime, change: str
) -> None:
    offer = make.judge_offer(session, edition)
    if change == "declined":
        offer.status = JudgeStatus.DECLINED
    elif change == "taken back":
        offer.expires_at = None
    else:
        edition.status = "closed"  # type: ignore[assignment]
    assert reminded(session, services, noon + 7 * DAY) == {}


def test_a_young_author_is_told_that_the_guardian_has_not_agreed(
    session: Session, services: Services, cast: Cast, edition: Edition
) -> None:
    make.essay(session, "submitted", edition=edition, author=cast.applicant)
    make.agreed(session, make.essay(session, "submitted", edition=edition, author=cast.other_applicant))
    told = _only(reminded(session, services, edition.due_at - DAY), "consents/")
    assert told == {("consents/waits", cast.applicant.address): 1}


def test_every_reminder_says_which_edition_it_is_about(
    session: Session, services: Services, cast: Cast, edition: Edition, noon: dt.datetime
) -> None:
    _undone(session, cast, edition, 1)
    for at in (noon + 7 * DAY, edition.due_at - DAY, noon + 14 * DAY, edition.judging_due_at - DAY):
        reminded(session, services, at)
    written = set(session.exec(select(Message.template, Message.edition_id)))
    assert {edition_id for _template, edition_id in written} == {edition.id}
    assert {template for template, _edition_id in written} == {
        "essays/draft_waits", "essays/correction_waits", "judging/essays_wait", "panels/offer_waits", "consents/waits",
    }  # fmt: skip


def test_what_the_secretariat_sees_of_authors_is_a_number(
    session: Session, cast: Cast, edition: Edition, noon: dt.datetime
) -> None:
    make.essay(session, "draft", edition=edition, author=cast.applicant)
    session.commit()
    found = [each for each in queries.upcoming(session, noon + 4 * DAY) if each.rule.name == "essays"]
    assert [(each.step.subject.id, each.step.subject.title("en"), each.readers) for each in found] == [
        (edition.id, edition.title("en"), 1)
    ]
    assert session.exec(select(Message)).all() == []


def test_no_rule_asks_more_questions_of_more_rows(
    session: Session, database: JoinedDatabase, cast: Cast, edition: Edition, noon: dt.datetime
) -> None:
    counted = []
    for rows in (range(1), range(1, 3)):
        for number in rows:
            _undone(session, cast, edition, number)
        counted.append({name: _questions(session, database, name, edition) for name in RULES})
    assert counted[0] == counted[1]


def _undone(session: Session, cast: Cast, edition: Edition, number: int) -> None:
    """One more of all that somebody is reminded of."""
    make.essay(session, "draft", edition=edition)
    make.essay(session, "returned", edition=edition)
    make.essay(session, "submitted", edition=edition)
    make.paper_essay(session, cast.home_coordinator, edition=edition)
    make.appointment(session, make.essay(session, EssayStatus.IN_JUDGING, edition=edition))
    make.judge_offer(session, edition, token=f"{number}" * 43, email=f"asked{number}@example.org")
    session.commit()


def _questions(session: Session, database: JoinedDatabase, name: str, edition: Edition) -> int:
    at = (edition.judging_due_at if name == "judges" else edition.due_at) - DAY
    with time_machine.travel(at, tick=False), counting.queries(database) as seen:
        queries.due(session, RULES[name], at)
        queries.upcoming(session, at + 60 * DAY)
    return len(seen)
