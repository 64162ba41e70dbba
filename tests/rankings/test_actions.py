import datetime as dt

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from portal.applications import queries as applications
from portal.applications.models import Outcome
from portal.calls import queries as calls
from portal.clock import now
from portal.db import Database
from portal.errors import Conflict, NotAllowed
from portal.history import queries as history
from portal.jobs.registry import Services
from portal.mail.models import Message
from portal.rankings import actions, queries
from portal.rankings.models import CandidateMark, RankingEntry
from portal.rankings.rules import Line
from tests import make
from tests.applications.counting import statements
from tests.people import Cast
from tests.rankings import desks
from tests.rankings.desks import Setting, standing
from tests.reminding.running import reminded


def save(session: Session, desk: Setting, *given: Line, by: object = None, reason: str = "") -> None:
    viewer = make.viewer(session, by or desk.host)
    opening = queries.lock_visible(session, viewer, desk.opening.id)
    found = queries.desk(session, viewer, opening)
    wanted = dict(zip([each.application_id for each in found.candidates], given, strict=True))
    actions.save(session, opening, found, wanted, by=viewer, reason=reason)
    session.flush()


def test_a_list_is_kept_and_told_in_the_history_without_names(session: Session, cast: Cast) -> None:
    desk = desks.setting(session, cast)
    save(session, desk, Line(2), Line(1), Line(is_unacceptable=True))
    assert standing(session, desk) == {"Anu": 2, "Bold": 1, "Cai": "no"}
    save(session, desk, Line(2), Line(1), Line(is_unacceptable=True))
    session.commit()
    [deed] = history.deeds(session, "opening", desk.opening.id)
    assert (deed.deed, deed.details) == ("ranking saved", {"placed": 2, "unacceptable": 1, "undecided": 0})


def test_marks_are_kept_changed_taken_back_and_fix_the_weights(session: Session, cast: Cast) -> None:
    desk = desks.setting(session, cast, 2, weights=(60, 40))
    one, other = (criterion.id for criterion in desk.criteria)
    save(session, desk, Line(1), Line(2))
    assert not any(each.marked_at for each in calls.criteria(session, desk.call.id))
    save(session, desk, Line(1, marks={one: 9, other: 8}), Line(2, marks={one: 3}))
    assert all(each.marked_at for each in calls.criteria(session, desk.call.id))
    save(session, desk, Line(1, marks={one: 10}), Line(2, marks={one: 3}))
    marks = {(each.application_id, each.criterion_id): each.value for each in session.exec(select(CandidateMark))}
    anu, bold = (each.id for each in desk.candidates)
    assert marks == {(anu, one): 10, (bold, one): 3}


def test_kin_stay_where_they_are_when_a_coordinator_who_is_barred_saves(session: Session, cast: Cast) -> None:
    desk = desks.setting(session, cast)
    save(session, desk, Line(1), Line(2), Line(3))
    colleague = make.coordinator(session, cast.host)
    make.kinship(session, desk.candidates[1], colleague)
    found = queries.desk(session, make.viewer(session, colleague), desk.opening)
    assert [each.roman_name for each in found.candidates] == ["Anu", "Cai"]
    assert [line.place for line in found.shown.values()] == [1, 2]  # no gap tells of Bold
    save(session, desk, Line(2), Line(1), by=colleague)
    assert standing(session, desk) == {"Anu": 3, "Bold": 2, "Cai": 1}


def test_a_coordinator_does_not_rank_themselves(session: Session, cast: Cast) -> None:
    desk = desks.setting(session, cast, 1)
    make.application(session, "nominated", applicant=desk.host, call=desk.call, choices=[desk.opening])
    assert len(queries.desk(session, make.viewer(session, desk.host), desk.opening).candidates) == 1


def test_who_may_not_save(session: Session, cast: Cast) -> None:
    desk = desks.setting(session, cast, 1)
    with pytest.raises(NotAllowed):
        actions.ensure(session, desk.opening, by=make.viewer(session, cast.auditor))
    with pytest.raises(Conflict, match="The hosts put their candidates"):
        actions.ensure(session, desk.opening, by=make.viewer(session, cast.secretary))


def test_a_late_change_is_recorded_with_what_and_why_and_told_to_the_host(session: Session, cast: Cast) -> None:
    desk = desks.setting(session, cast, 2)
    save(session, desk, Line(1), Line(2))
    make.over(session, desk.call)
    with pytest.raises(Conflict, match="this list is locked"):
        save(session, desk, Line(2), Line(1))
    why = "The host wrote that it had mistaken two people."
    save(session, desk, Line(1), Line(is_unacceptable=True), by=cast.secretary, reason=why)
    session.commit()
    late = next(deed for deed in history.deeds(session, "opening", desk.opening.id) if "late" in deed.deed)
    bold = desk.candidates[1].id
    assert (late.actor_id, late.details) == (
        cast.secretary.id, {"reason": why, "changed": {str(bold): [2, "unacceptable"]}},
    )  # fmt: skip
    [mail] = session.exec(select(Message).where(Message.template == "rankings/changed_late")).all()
    assert mail.person_id == desk.host.id and "Bold" not in mail.text


def test_nothing_changes_once_results_are_published(session: Session, cast: Cast) -> None:
    desk = desks.setting(session, cast, 1)
    make.over(session, desk.call)
    desk.candidates[0].outcome = Outcome.UNMATCHED
    with pytest.raises(Conflict, match="The results are published"):
        save(session, desk, Line(1), by=cast.secretary, reason="Too late for that.")


def test_nobody_is_both_placed_and_refused(session: Session, cast: Cast) -> None:
    desk = desks.setting(session, cast, 1)
    with pytest.raises(IntegrityError), session.begin_nested():
        make.entry(session, desk.opening, desk.candidates[0], 1, is_unacceptable=True)


def test_what_the_match_takes(session: Session, cast: Cast, database: Database) -> None:
    desk = desks.setting(session, cast, 4)
    anu, bold, cai, dorj = desk.candidates
    other = make.opening(session, desk.call, cast.elsewhere)
    for application, place in ((anu, 3), (bold, 1), (cai, 3)):
        make.entry(session, desk.opening, application, place)
    make.entry(session, other, anu, 1)  # who did not choose it
    desks.candidate(session, desk.call, other, "Enkh")
    with statements(database) as asked:
        found = queries.lists(session, desk.call)
        unsettled = queries.unsettled(session, desk.call)
    assert len(asked) == 2
    assert found == {desk.opening.id: [[bold.id], sorted([anu.id, cai.id])]}
    assert unsettled == {desk.opening.id: 1, other.id: 1}
    make.entry(session, desk.opening, dorj, is_unacceptable=True)
    bold.status, bold.merit = "withdrawn", None
    session.flush()
    assert queries.lists(session, desk.call) == {desk.opening.id: [sorted([anu.id, cai.id])]}
    assert queries.unsettled(session, desk.call) == {other.id: 1}


def test_an_applicants_order_is_changed_and_told_in_the_history(session: Session, cast: Cast) -> None:
    call = make.ranked_call(session)
    openings = [make.opening(session, call, cast.host) for _ in range(3)]
    application = make.application(session, "nominated", applicant=cast.applicant, choices=openings)
    viewer = make.viewer(session, cast.applicant)
    wanted = [openings[2].id, openings[0].id, openings[1].id]
    found = applications.lock_visible(session, viewer, application.id)
    actions.put_in_order(session, found, wanted, by=viewer)
    actions.put_in_order(session, applications.lock_visible(session, viewer, application.id), wanted, by=viewer)
    found = applications.get_visible(session, viewer, application.id)
    assert [choice.opening_id for choice in found.choices] == wanted
    session.commit()
    [deed] = history.deeds(session, "application", application.id)
    assert (deed.deed, deed.details) == ("order of openings changed", {"openings": [str(each) for each in wanted]})


def test_the_home_page_counts_the_undecided_of_the_hosts_own_openings(session: Session, cast: Cast) -> None:
    desk = desks.setting(session, cast)
    make.entry(session, desk.opening, desk.candidates[0], 1)
    viewer = make.viewer(session, desk.host)
    [waiting] = queries.waiting_for(session, viewer)
    assert (waiting.count, waiting.href) == (2, "/rankings")
    make.kinship(session, desk.candidates[1], desk.host)
    assert queries.waiting_for(session, viewer)[0].count == 1
    assert queries.waiting_for(session, make.viewer(session, cast.other_coordinator)) == []
    make.over(session, desk.call)
    assert queries.waiting_for(session, viewer) == []


def test_hosts_are_reminded_once_for_each_of_the_two_times(
    session: Session, cast: Cast, services: Services, noon: dt.datetime
) -> None:
    desk = desks.setting(session, cast)
    second = make.opening(session, desk.call, cast.host)
    desks.candidate(session, desk.call, second, "Enkh")
    done = make.opening(session, desk.call, cast.elsewhere)
    make.entry(session, done, desks.candidate(session, desk.call, done, "Fu"), 1)
    assert cast.host_coordinator and cast.other_coordinator
    due, host = desk.call.rankings_due_at, desk.host.address
    moments = [due - dt.timedelta(days=days) for days in (9, 7, 6, 2, 1)]
    sent = [reminded(session, services, at)["rankings/reminder", host] for at in moments]
    assert sent == [0, 1, 0, 1, 0]
    mails = session.exec(select(Message).where(Message.template == "rankings/reminder")).all()
    assert cast.other_coordinator.id not in {mail.person_id for mail in mails}
    told = [mail.text for mail in mails if mail.address == host]
    assert len(told) == 2 and all("4 candidates" in text and "Anu" not in text for text in told)


def test_who_is_kin_of_all_the_undecided_is_not_reminded(
    session: Session, cast: Cast, services: Services, noon: dt.datetime
) -> None:
    desk = desks.setting(session, cast, 1)
    make.kinship(session, desk.candidates[0], desk.host)
    assert not reminded(session, services, desk.call.rankings_due_at - dt.timedelta(days=1))


def test_entries_keep_who_changed_them_and_when(session: Session, cast: Cast) -> None:
    desk = desks.setting(session, cast, 2)
    before = now()
    save(session, desk, Line(1), Line())
    [entry] = session.exec(select(RankingEntry)).all()
    assert entry.changed_by == desk.host.id and entry.changed_at >= before
