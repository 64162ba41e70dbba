"""The pages of a ranking: who sees and saves them, and when."""

import uuid
from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from portal.applications.models import Application, Choice, Outcome
from portal.calls.models import Call
from portal.db import Database
from portal.history import queries as history
from portal.openings.models import Opening
from portal.rankings import forms
from tests import make
from tests.applications.counting import statements
from tests.people import Cast
from tests.rankings import desks
from tests.rankings.desks import form, standing

As = Callable[..., TestClient]
WHY = "The host mistook two people for each other."


def test_a_host_reads_ranks_and_sees_the_list_again(session: Session, cast: Cast, as_: As) -> None:
    desk = desks.setting(session, cast)
    host = as_(desk.host)
    assert desk.path in host.get("/rankings").text
    shown = host.get(desk.path).text
    assert "3 candidates are not decided yet." in shown and "cannot be matched" in shown
    assert "Anu of the steppe" in shown and "I want to learn" in shown
    assert "Choice 1" not in shown and str(desk.candidates[0].born_on.year) not in shown
    assert "+976 9911 2233" not in shown
    sent = form(session, desk, anu=5, bold=5, cai="no")
    assert host.post(desk.path, data=sent).headers["location"] == desk.path
    assert standing(session, desk) == {"Anu": 1, "Bold": 1, "Cai": "no"}
    again = host.get(desk.path).text
    assert "The list is saved." in again and "not decided yet" not in again
    assert again.count('value="1"') >= 2


def test_marks_order_the_candidates(session: Session, cast: Cast, as_: As) -> None:
    desk = desks.setting(session, cast, 4, weights=(70, 30))
    host = as_(desk.host)
    sent = form(session, desk, anu=[5, 5], bold=[9, 8], cai=[5, 5], dorj=1)
    answer = host.post(desk.path, data={**sent, "press": "marks"})
    assert answer.status_code == 303
    assert standing(session, desk) == {"Anu": 2, "Bold": 1, "Cai": 2, "Dorj": None}
    shown = host.get(desk.path).text
    assert "8.7" in shown and shown.index("Bold") < shown.index("Anu") < shown.index("Cai") < shown.index("Dorj")


def test_buttons_move_a_candidate_and_keep_what_was_typed(session: Session, cast: Cast, as_: As) -> None:
    desk = desks.setting(session, cast)
    host = as_(desk.host)
    sent = form(session, desk, anu=1, bold=2, cai=3)
    answer = host.post(desk.path, data={**sent, "press": f"up-{desk.candidates[2].id.hex}"})
    assert answer.status_code == 303
    assert standing(session, desk) == {"Anu": 1, "Bold": 3, "Cai": 2}


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [("place", "<b>first</b>", "Enter a whole number."), ("place", "0", "at least 1"), ("mark", "11", "at most 10")],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    session: Session, cast: Cast, as_: As, field: str, typed: str, sentence: str
) -> None:
    desk = desks.setting(session, cast, 2, weights=(100,))
    anu, bold = desk.candidates
    sent = form(session, desk, bold="no")
    name = f"place_{anu.id.hex}" if field == "place" else forms.mark_field(anu.id, desk.criteria[0])
    answer = as_(desk.host).post(desk.path, data={**sent, name: typed})
    assert answer.status_code == 422
    assert sentence in answer.text and "<b>first" not in answer.text
    assert typed.replace("<", "&lt;").replace(">", "&gt;") in answer.text
    assert f'name="refused_{bold.id.hex}" value="true" checked' in answer.text
    assert standing(session, desk) == {"Anu": None, "Bold": None}


def test_a_place_and_a_refusal_exclude_each_other(session: Session, cast: Cast, as_: As) -> None:
    desk = desks.setting(session, cast, 1)
    key = desk.candidates[0].id.hex
    answer = as_(desk.host).post(desk.path, data={**form(session, desk, anu=1), f"refused_{key}": "true"})
    assert (answer.status_code, "but not both" in answer.text) == (422, True)


def test_a_list_that_somebody_else_changed_is_not_overwritten(session: Session, cast: Cast, as_: As) -> None:
    desk = desks.setting(session, cast, 2)
    colleague = make.coordinator(session, cast.host)
    first = form(session, desk, anu=1, bold=2)
    second = form(session, desk, anu="no", bold=1)
    assert as_(desk.host).post(desk.path, data=first).status_code == 303
    refused = as_(colleague).post(desk.path, data=second)
    assert refused.status_code == 409
    assert "Somebody changed this list after you opened it" in refused.text
    assert f'name="refused_{desk.candidates[0].id.hex}" value="true" checked' in refused.text
    assert "Place 1" in refused.text  # what is saved now, beside it
    assert standing(session, desk) == {"Anu": 1, "Bold": 2}
    assert as_(desk.host).post(desk.path, data=first).status_code == 303  # a press that arrives twice
    fresh = refused.text.split('name="version" value="')[1].split('"')[0]
    assert as_(colleague).post(desk.path, data={**second, "version": fresh}).status_code == 303
    assert standing(session, desk) == {"Anu": "no", "Bold": 1}


def test_who_may_see_and_save_a_list(session: Session, cast: Cast, as_: As, client: TestClient) -> None:
    desk = desks.setting(session, cast, 1)
    sent = form(session, desk, anu=1)
    assert client.post(desk.path, data=sent).status_code == 401
    assert client.get(desk.path).headers["location"].startswith("/sign-in")
    for outsider in (cast.stranger, cast.other_coordinator, cast.applicant):
        assert as_(outsider).get(desk.path).status_code == 404
        assert as_(outsider).post(desk.path, data=sent).status_code == 404
    assert as_(cast.auditor).get(desk.path).status_code == 200
    assert as_(cast.auditor).post(desk.path, data=sent).status_code == 403
    assert as_(cast.secretary).post(desk.path, data=sent).status_code == 409
    assert 'name="place_' not in as_(cast.secretary).get(desk.path).text
    host = as_(desk.host)
    assert host.post(desk.path, data=sent, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert host.post(f"/openings/{uuid.uuid4()}/ranking", data=sent).status_code == 404
    assert standing(session, desk) == {"Anu": None}


def test_kin_neither_see_nor_rank_the_candidate(session: Session, cast: Cast, as_: As) -> None:
    desk = desks.setting(session, cast, 2)
    make.kinship(session, desk.candidates[0], desk.host)
    sent = {**form(session, desk, bold=1), f"place_{desk.candidates[0].id.hex}": "1"}
    host = as_(desk.host)
    assert "Anu" not in host.get(desk.path).text
    assert host.post(desk.path, data=sent).status_code == 303
    assert standing(session, desk) == {"Anu": None, "Bold": 1}


def test_the_deadline_locks_the_list_for_the_host(session: Session, cast: Cast, as_: As) -> None:
    desk = desks.setting(session, cast, 1)
    sent = form(session, desk, anu=1)
    make.over(session, desk.call)
    session.commit()
    host = as_(desk.host)
    answer = host.post(desk.path, data=sent)
    assert (answer.status_code, "so this list is locked" in answer.text) == (409, True)
    shown = host.get(desk.path).text
    assert "so this list is locked" in shown and "Save the list" not in shown and "Anu of the steppe" in shown


def test_the_secretariat_changes_late_with_a_reason(session: Session, cast: Cast, as_: As) -> None:
    desk = desks.setting(session, cast, 2)
    make.over(session, desk.call)
    sent = form(session, desk, cast.secretary, anu=2, bold=1)
    secretary = as_(cast.secretary)
    assert "a late change" in secretary.get(desk.path).text
    refused = secretary.post(desk.path, data={**sent, "reason": "<i>so</i>"})
    assert refused.status_code == 422
    assert "at least 10 characters" in refused.text and "&lt;i&gt;so" in refused.text
    assert secretary.post(desk.path, data={**sent, "reason": WHY}).status_code == 303
    assert standing(session, desk) == {"Anu": 2, "Bold": 1}
    [deed] = history.deeds(session, "opening", desk.opening.id)
    assert (deed.deed, deed.details["reason"]) == ("ranking changed late", WHY)
    desk.candidates[0].outcome = Outcome.UNMATCHED
    session.commit()
    answer = secretary.post(desk.path, data={**sent, "reason": WHY})
    assert (answer.status_code, "The results are published" in answer.text) == (409, True)


def test_before_nominations_are_due_nobody_ranks(session: Session, cast: Cast, as_: As) -> None:
    call = make.call(session)
    opening = make.opening(session, call, cast.host)
    desks.candidate(session, call, opening, "Anu")
    answer = as_(cast.host_coordinator).post(f"/openings/{opening.id}/ranking", data={})
    assert (answer.status_code, "Nominations are still under way" in answer.text) == (409, True)


def test_the_overview_of_a_call(session: Session, cast: Cast, as_: As, client: TestClient) -> None:
    desk = desks.setting(session, cast, 2)
    make.entry(session, desk.opening, desk.candidates[0], 1)
    here = f"/calls/{desk.call.slug}/rankings"
    session.commit()
    shown = as_(cast.secretary).get(here).text
    assert desk.opening.title in shown and desk.path in shown and "Hosts can change their lists until:" in shown
    assert here in as_(cast.auditor).get(f"/calls/{desk.call.slug}").text
    assert client.get(here).headers["location"].startswith("/sign-in")
    assert as_(desk.host).get(here).status_code == 403
    assert as_(cast.secretary).get("/calls/nowhere/rankings").status_code == 404


@pytest.mark.parametrize("path", ["/rankings", "/calls/{}/rankings"])
def test_the_lists_ask_as_often_for_three_as_for_one(
    session: Session, database: Database, cast: Cast, as_: As, path: str
) -> None:
    desk = desks.setting(session, cast, 1)
    browser = as_(cast.host_coordinator if path == "/rankings" else cast.secretary)
    browser.get(path.format(desk.call.slug))
    asked = []
    for more in (0, 2):
        for _ in range(more):
            desks.candidate(session, desk.call, make.opening(session, desk.call, cast.host), "More")
        session.commit()
        session.expire_all()
        with statements(database) as found:
            assert browser.get(path.format(desk.call.slug)).status_code == 200
        asked.append(len(found))
    assert asked[0] == asked[1]


def test_the_desk_asks_as_often_for_three_as_for_one(session: Session, database: Database, cast: Cast, as_: As) -> None:
    desk = desks.setting(session, cast, 1, weights=(100,))
    host = as_(desk.host)
    host.get(desk.path)
    asked = []
    for names in ((), ("Bold", "Cai")):
        for name in names:
            desks.candidate(session, desk.call, desk.opening, name)
        session.commit()
        session.expire_all()
        with statements(database) as found:
            assert host.get(desk.path).status_code == 200
        asked.append(len(found))
    assert asked[0] == asked[1]


def test_a_long_overview_goes_on(session: Session, cast: Cast, as_: As, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.rankings.queries.PAGE", 2)
    call = make.ranked_call(session)
    titles = {make.opening(session, call, cast.host).title for _ in range(3)}
    session.commit()
    secretary = as_(cast.secretary)
    first = secretary.get(f"/calls/{call.slug}/rankings").text
    following = first.split("?after=")[1].split('"')[0]
    second = secretary.get(f"/calls/{call.slug}/rankings?after={following}").text
    assert {title for title in titles if title in first + second} == titles
    assert sum(title in second for title in titles) == 1


# The applicant's own order


def chosen(session: Session, cast: Cast, **fields: object) -> tuple[Application, list[Opening]]:
    call = make.ranked_call(session)
    openings = [make.opening(session, call, cast.host) for _ in range(3)]
    made = make.application(session, "nominated", applicant=cast.applicant, choices=openings, **fields)
    session.commit()
    return made, openings


def order_of(session: Session, application: Application) -> list[uuid.UUID]:
    session.expire_all()
    found = select(Choice).where(Choice.application_id == application.id)
    return [each.opening_id for each in sorted(session.exec(found), key=lambda each: each.rank)]


def order(openings: list[Opening], **press: uuid.UUID | str) -> dict[str, object]:
    ids = [str(each.id) for each in openings]
    return {"seen": ids, "order": ids, **{name: str(value) for name, value in press.items()}}


def test_a_nominated_applicant_changes_the_order_until_the_deadline(session: Session, cast: Cast, as_: As) -> None:
    application, openings = chosen(session, cast)
    here, applicant = f"/applications/{application.id}/ranking", as_(cast.applicant)
    assert here in applicant.get(f"/applications/{application.id}").text
    shown = applicant.get(here).text
    assert "never punishes an honest order" in shown and "Remove" not in shown
    sent = order(openings, up=openings[2].id)
    assert applicant.post(here, data=sent).headers["location"] == here
    assert applicant.post(here, data=sent).status_code == 303  # a press that arrives twice
    assert order_of(session, application) == [openings[0].id, openings[2].id, openings[1].id]
    stale = applicant.post(here, data=order(openings, down=openings[0].id))
    assert (stale.status_code, "changed somewhere else" in stale.text) == (409, True)
    current = [openings[0], openings[2], openings[1]]
    assert applicant.post(here, data=order(current, remove=openings[0].id)).status_code == 422
    assert applicant.post(here, data={"seen": "x"}).status_code == 422
    make.over(session, session.get_one(Call, application.call_id))
    session.commit()
    locked = applicant.post(here, data=order(current, up=openings[1].id))
    assert (locked.status_code, "so your order is locked" in locked.text) == (409, True)
    assert "Move up" not in applicant.get(here).text
    assert len(order_of(session, application)) == 3


def test_who_may_not_see_or_change_an_order(session: Session, cast: Cast, as_: As, client: TestClient) -> None:
    application, openings = chosen(session, cast)
    here, sent = f"/applications/{application.id}/ranking", order(openings, up=openings[2].id)
    assert client.post(here, data=sent).status_code == 401
    assert as_(cast.stranger).post(here, data=sent).status_code == 404
    for other in (cast.host_coordinator, cast.home_coordinator):
        assert as_(other).get(here).status_code == 403
        assert as_(other).post(here, data=sent).status_code == 403
    assert as_(cast.auditor).get(here).status_code == 200
    assert as_(cast.auditor).post(here, data=sent).status_code == 403
    assert as_(cast.secretary).post(here, data=sent).status_code == 409
    elsewhere = {"sec-fetch-site": "cross-site"}
    assert as_(cast.applicant).post(here, data=sent, headers=elsewhere).status_code == 403
    assert order_of(session, application) == [each.id for each in openings]


def test_only_the_nominated_have_an_order_to_change(session: Session, cast: Cast, as_: As) -> None:
    call = make.ranked_call(session)
    opening = make.opening(session, call, cast.host)
    submitted = make.application(session, "submitted", applicant=cast.applicant, choices=[opening])
    draft = make.application(session, applicant=cast.other_applicant, choices=[opening])
    session.commit()
    here = f"/applications/{submitted.id}/ranking"
    assert as_(cast.applicant).post(here, data=order([opening])).status_code == 409
    assert "is not nominated" in as_(cast.applicant).get(here).text
    assert as_(cast.other_applicant).get(f"/applications/{draft.id}/ranking").status_code == 404


def test_the_office_that_entered_it_from_paper_changes_the_order(session: Session, cast: Cast, as_: As) -> None:
    scan = make.stored_file(session, cast.home_coordinator)
    paper = {"entered_by": cast.home_coordinator.id, "form_scan_id": scan.id, "consent_scan_id": scan.id}
    application, openings = chosen(session, cast, **paper)
    here = f"/applications/{application.id}/ranking"
    answer = as_(cast.home_coordinator).post(here, data=order(openings, up=openings[1].id))
    assert answer.status_code == 303
    [deed] = history.deeds(session, "application", application.id)
    assert deed.details["on_behalf"] is True


def test_the_secretariat_changes_an_order_late_with_a_reason(session: Session, cast: Cast, as_: As) -> None:
    application, openings = chosen(session, cast)
    make.over(session, session.get_one(Call, application.call_id))
    session.commit()
    here, secretary = f"/applications/{application.id}/ranking", as_(cast.secretary)
    assert 'name="reason"' in secretary.get(here).text
    refused = secretary.post(here, data=order(openings, up=openings[1].id, reason="<u>"))
    assert refused.status_code == 422
    assert "at least 10 characters" in refused.text and "&lt;u&gt;" in refused.text
    assert secretary.post(here, data=order(openings, up=openings[1].id, reason=WHY)).status_code == 303
    assert order_of(session, application)[0] == openings[1].id
    [deed] = history.deeds(session, "application", application.id)
    assert (deed.deed, deed.details["reason"]) == ("order of openings changed late", WHY)
