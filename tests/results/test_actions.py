"""Ordering, confirming, moving and taking back; telling everybody once; awards to members; translations."""

import datetime as dt

import pytest
import time_machine
from sqlmodel import Session, col, select

from portal.accounts.models import Person, Role
from portal.accounts.viewer import viewer_of
from portal.clock import now
from portal.contests import publicity
from portal.db import Database
from portal.errors import Conflict, NotAllowed
from portal.essays.models import Essay, EssayStatus
from portal.history.models import Entry
from portal.jobs.registry import JOBS, SCHEDULES, Services
from portal.juries.models import Outcome
from portal.mail.models import Message
from portal.results import actions, gallery, jobs, own, queries, rules, words
from portal.results.forms import MembersForm, TranslationForm
from portal.results.models import Publication
from portal.settings import Settings
from tests import make
from tests.results.stage import Stage

ORIGIN = "https://portal.example"
HOUR = dt.timedelta(hours=1)
MS = dt.timedelta(milliseconds=1)


@pytest.fixture
def services(settings: Settings, database: Database) -> Services:
    return Services(settings, database)


def _order(stage: Stage, at: dt.datetime | None = None) -> Publication:
    return actions.order(stage.session, stage.edition, at, by=stage.by, origin=ORIGIN)


def _confirm(stage: Stage) -> Publication:
    found = queries.publication(stage.session, stage.edition)
    assert found is not None
    actions.confirm(stage.session, stage.edition, seen=rules.mark(found), by=stage.second)
    return found


def _deeds(session: Session) -> list[str]:
    session.commit()
    found = session.exec(select(Entry).order_by(col(Entry.number))).all()
    return [entry.deed for entry in found if "publication" in entry.deed or entry.deed == "results published"]


def _mails(session: Session, template: str = "") -> list[Message]:
    found = session.exec(select(Message).where(col(Message.template).startswith(f"results/{template}")))
    return sorted(found, key=lambda message: message.address)


# Publication


def test_one_orders_another_confirms(stage: Stage) -> None:
    stage.essay()
    at = now() + HOUR
    _order(stage, at)
    assert [mail.address for mail in _mails(stage.session)] == [stage.colleague.email]
    assert queries.waiting_for(stage.session, stage.second)[0].href == f"/contests/{stage.edition.slug}/publication"
    assert queries.waiting_for(stage.session, stage.by) == []
    found = _confirm(stage)
    assert (found.publish_at, found.ordered_by, found.confirmed_by) == (at, stage.secretary.id, stage.colleague.id)
    assert queries.waiting_for(stage.session, stage.second) == []
    assert not publicity.has_results(stage.session, stage.edition)
    assert _deeds(stage.session) == ["publication of results ordered", "publication of results confirmed"]


def test_nobody_confirms_what_they_ordered(stage: Stage) -> None:
    found = _order(stage, now() + HOUR)
    with pytest.raises(Conflict, match="colleague"):
        actions.confirm(stage.session, stage.edition, seen=rules.mark(found), by=stage.by)


def test_at_once_is_when_it_is_confirmed(stage: Stage) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        _order(stage)
        clock.shift(HOUR)
        found = _confirm(stage)
        assert found.publish_at == found.confirmed_at == now()
        assert queries.is_public(stage.session, stage.edition)


def test_an_order_whose_time_passed_is_not_confirmed(stage: Stage) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        _order(stage, now() + HOUR)
        clock.shift(HOUR)
        with pytest.raises(Conflict, match="passed"):
            _confirm(stage)


def test_moving_waits_for_a_second_person_anew(stage: Stage) -> None:
    _order(stage, now() + HOUR)
    _confirm(stage)
    moved = _order(stage, now() + 2 * HOUR)
    assert (moved.confirmed_by, moved.confirmed_at) == (None, None)
    assert len(stage.session.exec(select(Publication)).all()) == 1
    with pytest.raises(Conflict, match="changed"):
        actions.confirm(stage.session, stage.edition, seen="as it was before", by=stage.second)
    _confirm(stage)
    assert _deeds(stage.session)[2:] == ["publication of results moved", "publication of results confirmed"]


def test_taken_back_until_the_instant_and_not_after(stage: Stage) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        at = now() + HOUR
        _order(stage, at)
        _confirm(stage)
        clock.move_to(at - MS)
        actions.take_back(stage.session, stage.edition, by=stage.second)
        assert queries.publication(stage.session, stage.edition) is None
        _order(stage, at)
        _confirm(stage)
        clock.move_to(at)
        with pytest.raises(Conflict, match="public already"):
            actions.take_back(stage.session, stage.edition, by=stage.second)
        with pytest.raises(Conflict, match="public already"):
            _order(stage, at + HOUR)


def test_without_the_jurys_word_nothing_is_ordered(session: Session) -> None:
    stage = Stage(session, is_decided=False)
    with pytest.raises(Conflict, match="jury"):
        _order(stage, now() + HOUR)


def test_what_changed_since_is_not_confirmed(stage: Stage) -> None:
    _order(stage, now() + HOUR)
    stage.essay()
    with pytest.raises(Conflict, match="anew"):
        _confirm(stage)


def test_judges_and_others_publish_nothing(stage: Stage, session: Session) -> None:
    make.grant(session, stage.secretary, Role.JUDGE, edition_id=stage.edition.id)
    with pytest.raises(NotAllowed):
        _order(stage, now() + HOUR)
    make.grant(session, stage.colleague, Role.JUDGE, edition_id=stage.edition.id)
    third = make.secretary(session, "Third")
    actions.order(session, stage.edition, now() + HOUR, by=viewer_of(session, third), origin=ORIGIN)
    assert queries.waiting_for(session, stage.second) == []
    assert _mails(session) == []  # both others judge


@pytest.mark.parametrize(("shift", "expected"), [(-MS, False), (dt.timedelta(), True), (MS, True)])
def test_public_at_the_instant_whether_or_not_a_job_ran(stage: Stage, shift: dt.timedelta, expected: bool) -> None:
    stage.essay(agreed={})
    with time_machine.travel(now(), tick=False) as clock:
        at = now() + HOUR
        stage.publish(at)
        clock.move_to(at + shift)
        lines, _ = gallery.lines(stage.session, stage.edition)
        assert queries.is_public(stage.session, stage.edition) is expected
        assert bool(lines) is expected
        assert (queries.news(stage.session) == [stage.edition]) is expected
        assert bool(queries.due(stage.session)) is expected


# Telling


def test_everybody_is_told_their_own_result_once(
    stage: Stage, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "AT_ONCE", 2)  # in several transactions
    session = stage.session
    gold, commended = stage.essay(), stage.essay(Outcome.COMMENDED, state="shortlisted")
    others = [stage.essay(Outcome.NOT_AWARDED), make.essay(session, "in_judging", edition=stage.edition)]
    untouched = [
        make.essay(session, state, edition=stage.edition) for state in ("disqualified", "withdrawn", "admitted")
    ]
    before = [essay.status for essay in untouched]
    publication = stage.publish()
    session.commit()
    for _ in range(2):
        jobs.publish_results(services, str(publication.id))
        jobs.publish_due_results(services)
    session.expire_all()
    assert (gold.status, commended.status) == (EssayStatus.AWARDED, EssayStatus.COMMENDED)
    assert {essay.status for essay in others} == {EssayStatus.NOT_AWARDED}
    assert [essay.status for essay in untouched] == before
    told = {mail.person_id: mail for mail in _mails(session)}
    assert len(told) == len(_mails(session)) == 4
    assert told[stage.author(gold).id].template == "results/awarded"
    assert "Grand prize" in told[stage.author(gold).id].text
    assert f"/essays/{gold.id}/result" in told[stage.author(gold).id].text
    assert told[stage.author(commended).id].template == "results/commended"
    assert {told[stage.author(essay).id].template for essay in others} == {"results/not_awarded"}
    assert publication.done_at is not None
    assert queries.due(session) == []
    assert _deeds(session) == ["results published"]


def test_a_job_that_comes_early_finds_nothing(stage: Stage, services: Services) -> None:
    essay = stage.essay()
    publication = stage.publish(now() + HOUR)
    stage.session.commit()
    jobs.publish_results(services, str(publication.id))
    jobs.publish_due_results(services)
    stage.session.expire_all()
    assert essay.status is EssayStatus.IN_JUDGING
    assert _mails(stage.session) == []


def test_a_job_of_a_publication_that_was_taken_back_does_nothing(stage: Stage, services: Services) -> None:
    stage.essay()
    publication = stage.publish(now() + HOUR)
    actions.take_back(stage.session, stage.edition, by=stage.by)
    stage.session.commit()
    jobs.publish_results(services, str(publication.id))
    assert _mails(stage.session) == []


def test_late_by_days_it_tells_all_the_same(stage: Stage, services: Services) -> None:
    essay = stage.essay()
    stage.publish(now() - dt.timedelta(days=9))
    stage.session.commit()
    jobs.publish_due_results(services)
    stage.session.expire_all()
    assert essay.status is EssayStatus.AWARDED


def test_each_in_their_language_and_through_the_office_where_there_is_no_address(
    stage: Stage, services: Services
) -> None:
    session = stage.session
    chinese = stage.author(stage.essay())
    chinese.language = "zh-Hans"
    desk = make.coordinator(session, make.government(session, "MN-1"), "The desk")
    paper = make.paper_essay(session, desk, "in_judging", edition=stage.edition)
    stage.publish()
    session.commit()
    jobs.publish_due_results(services)
    mails = {mail.person_id: mail for mail in _mails(session)}
    assert mails[chinese.id].language == "zh-Hans"
    assert session.get_one(Person, paper.person_id).name in mails[desk.id].text


def test_the_jobs_are_known() -> None:
    assert {"publish_results", "publish_due_results"} <= JOBS.keys()
    assert "publish_due_results" in SCHEDULES


# One's own result


def test_an_own_result(stage: Stage) -> None:
    gold = stage.essay(place=1)
    stage.judged(gold, [(10, 10, 10, 10, 10), (1, 1, 1, 1, 1)], comment="Good.")
    found = own.result(stage.session, stage.edition, gold)
    assert found is not None
    assert (found.outcome, found.award, found.rank) == (Outcome.AWARDED, stage.gold, 1)
    assert found.marks[0].totals == ["100.00", "0.00"]
    assert found.marks[0].comments == ["Good.", "Good."]


def test_a_rank_is_told_for_awarded_essays_only(stage: Stage) -> None:
    for outcome in (Outcome.COMMENDED, Outcome.NOT_AWARDED):
        found = own.result(stage.session, stage.edition, stage.essay(outcome, place=3))
        assert found is not None
        assert (found.outcome, found.rank) == (outcome, None)


def test_only_marks_that_count_and_comments_that_nobody_hid(stage: Stage) -> None:
    essay = stage.essay()
    counted, hidden, ended, excluded, open_ = stage.judged(
        essay, [(9, 9, 9, 9, 9), (8, 8, 8, 8, 8), (1, 1, 1, 1, 1), (2, 2, 2, 2, 2), (3, 3, 3, 3, 3)], comment="Words"
    )
    counted.private_note = "Privatenote"
    hidden.comment, hidden.comment_hidden_by = "Hiddenwords", stage.secretary.id
    ended.ended_at, ended.end_reason = now(), "conflict"
    excluded.judge.excluded_at, excluded.judge.excluded_by = now(), stage.secretary.id
    open_.locked_at = None
    stage.session.flush()
    found = own.result(stage.session, stage.edition, essay)
    assert found is not None
    assert [row.points for row in found.marks[0].rows] == [[9, 8]] * 5
    assert found.marks[0].comments == ["Words"]


@pytest.mark.parametrize("state", ["draft", "submitted", "admitted", "disqualified", "withdrawn"])
def test_who_was_not_judged_has_no_result(stage: Stage, state: str) -> None:
    essay: Essay = make.essay(stage.session, state, edition=stage.edition)
    assert own.result(stage.session, stage.edition, essay) is None


# Translations


TEXT = TranslationForm(title="강 건너", text="우리의 강은", translator="Park Minji")


def test_a_translation_only_while_the_author_agrees(stage: Stage) -> None:
    refused, asked, agreed = (
        stage.essay(agreed=each) for each in ({"translation": False}, None, {"name": False, "text": True})
    )
    for essay in (refused, asked):
        with pytest.raises(Conflict, match="not agreed"):
            actions.translate(stage.session, essay, "ko", TEXT, by=stage.by)
    actions.translate(stage.session, agreed, "ko", TEXT, by=stage.by)
    again = TEXT.model_copy(update={"title": "강 저편"})
    actions.translate(stage.session, agreed, "ko", again, by=stage.second)
    found = queries.translations(stage.session, agreed)
    assert (found["ko"].title, found["ko"].entered_by) == ("강 저편", stage.colleague.id)
    actions.remove_translation(stage.session, agreed, "ko", by=stage.by)
    with pytest.raises(Conflict, match="no translation"):
        actions.remove_translation(stage.session, agreed, "ko", by=stage.by)
    stage.session.commit()
    deeds = stage.session.exec(select(Entry.deed).where(Entry.subject_id == agreed.id)).all()
    assert {"translated", "changed a translation", "removed a translation"} <= set(deeds)


# Members


def _members(stage: Stage) -> list[str]:
    return [each.government.code for each in queries.members(stage.session, stage.edition)]


def _took_part(stage: Stage, **numbers: int) -> dict[str, object]:
    found = {}
    for code, number in numbers.items():
        found[code] = make.government(stage.session, code.replace("_", "-"))
        for _ in range(number):
            make.essay(stage.session, "admitted", edition=stage.edition, government=found[code])
    return found


def test_governments_by_the_number_of_admitted_essays(stage: Stage) -> None:
    _took_part(stage, MN_1=1, KR_47=3)
    for state in ("submitted", "withdrawn", "disqualified"):
        make.essay(stage.session, state, edition=stage.edition)
    parts = queries.parts(stage.session, stage.edition)
    assert [(part.government.code, part.entries, part.share) for part in parts] == [
        ("KR-47", 3, 0.75),
        ("MN-1", 1, 0.25),
    ]


def test_a_departure_from_the_numbers_needs_a_reason(stage: Stage) -> None:
    found = _took_part(stage, MN_1=1, KR_47=3)
    few = MembersForm(government_ids=[found["MN_1"].id])  # type: ignore[attr-defined]
    assert actions.amiss(stage.session, stage.edition, few) == {"reason": words.WHY_DEPART}
    assert actions.amiss(stage.session, stage.edition, few.model_copy(update={"reason": "A first time."})) == {}
    nobody = MembersForm(government_ids=[make.government(stage.session, "JP-32").id])
    assert actions.amiss(stage.session, stage.edition, nobody) == {"government_ids": words.NOBODY_TOOK_PART}
    most = MembersForm(government_ids=[found["KR_47"].id])  # type: ignore[attr-defined]
    actions.give_members(stage.session, stage.edition, most, by=stage.by)
    actions.give_members(stage.session, stage.edition, most, by=stage.by)
    assert _members(stage) == ["KR-47"]
    actions.give_members(stage.session, stage.edition, MembersForm(), by=stage.by)
    assert _members(stage) == []


def test_members_stay_once_a_publication_is_confirmed(stage: Stage) -> None:
    _took_part(stage, KR_47=1)
    _order(stage, now() + HOUR)
    _confirm(stage)
    with pytest.raises(Conflict, match="Take it back"):
        actions.give_members(stage.session, stage.edition, MembersForm(), by=stage.by)


def test_members_wait_for_the_jury(session: Session) -> None:
    stage = Stage(session, is_decided=False)
    with pytest.raises(Conflict, match="jury"):
        actions.give_members(session, stage.edition, MembersForm(), by=stage.by)
