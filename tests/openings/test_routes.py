"""The list, the pages and the editor of openings."""

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from portal.accounts.models import Role
from portal.calls.models import Call, CallStatus
from portal.clock import now
from portal.db import Database
from portal.history import queries as history
from portal.openings import actions, forms, queries
from portal.openings.models import Benefit, Opening, OpeningStatus, Payer, What
from portal.registry.models import Government
from tests import counting, make
from tests.openings.test_rules import RIGHT
from tests.people import Cast

As = Callable[..., TestClient]
DEEDS = ["edit", "benefits", "copy", "publish", "close"]
CROSS_SITE = {"sec-fetch-site": "cross-site"}


def fresh(session: Session, opening_id: uuid.UUID) -> Opening:
    session.expire_all()
    return session.exec(select(Opening).where(Opening.id == opening_id).options(*queries.WHOLE)).one()


def right(session: Session, government: Government, **changes: Any) -> dict[str, Any]:
    return {**RIGHT, "host": str(make.host(session, government).id), **changes}


def path_of(call: Call) -> str:
    return f"/calls/{call.slug}/openings/new"


def test_a_host_offers_an_opening(session: Session, cast: Cast, as_: As, client: TestClient) -> None:
    call, host, sent = make.call(session), as_(cast.host_coordinator), right(session, cast.host)
    session.commit()
    assert path_of(call) in host.get(f"/calls/{call.slug}").text
    assert 'name="key"' in host.get(path_of(call)).text
    made = host.post(path_of(call), data=sent)
    here = made.headers["location"]
    assert (made.status_code, here.startswith("/openings/gyeongsangbuk-do-tourism-division-guide-")) == (303, True)
    opening = session.exec(select(Opening)).one()
    by_id = f"/openings/{opening.id}"

    assert client.get(here).status_code == client.get(by_id).status_code == 404
    assert "Guide" not in client.get("/openings").text
    assert "Guide" in host.get("/openings/mine").text
    assert "Publish the opening" in host.get(here).text
    published = host.post(f"{by_id}/publish")
    assert (published.status_code, published.headers["location"]) == (303, here)

    shown = client.get(here).text
    assert "Show visitors round." in shown and "Publish the opening" not in shown and "/edit" not in shown
    assert f"/calls/{call.slug}/calendar.ics" in shown
    assert here in client.get("/openings").text and here in client.get(f"/calls/{call.slug}").text
    answer = client.get(by_id)
    assert (answer.status_code, answer.headers["location"]) == (308, here)

    assert host.post(f"{by_id}/close").status_code == 303
    assert "Guide" not in client.get("/openings").text
    again = fresh(session, opening.id)
    assert (again.government_id, again.created_by) == (cast.host.id, cast.host_coordinator.id)
    assert [deed.deed for deed in history.deeds(session, "opening", opening.id)] == ["closed", "published", "created"]


def test_the_page_shows_everything_an_applicant_needs(session: Session, cast: Cast, client: TestClient) -> None:
    stipend = Benefit(position=1, what=What.STIPEND, amount=900_000, currency="KRW", per="month", payer=Payer.HOST)
    meals = Benefit(position=2, what=What.MEALS, note="Lunch <b>", payer=Payer.HOST_GOVERNMENT)
    facts = {"least_age": 19, "hours_a_week": 37, "benefits_note": "A bicycle.", "has_interview": True}
    website = make.host(session, cast.host, name="Museum", website="https://museum.example")
    opening = make.opening(
        session, make.call(session), cast.host, host=website, languages=[("ko", "B2"), ("en", "A2")],
        studies=["02"], benefits=[stipend, meals], **facts,
    )  # fmt: skip
    session.commit()
    shown = client.get(f"/openings/{opening.slug}").text.replace("\xa0", " ")
    for told in (
        "Museum", "https://museum.example", "19", "37", "KRW 900,000 a month", "In kind", "Lunch &lt;b&gt;",
        "A bicycle.", "Arts, humanities and languages", "B2, upper intermediate", "The host interviews candidates",
    ):  # fmt: skip
        assert told in shown


def test_the_contact_is_for_officials_only(session: Session, cast: Cast, as_: As, client: TestClient) -> None:
    known = {"contact_name": "Han Seo-yeon", "contact_email": "han@example.org", "contact_phone": "+82 54 1"}
    host = make.host(session, cast.host, name="Museum", **known)
    opening = make.opening(session, make.call(session), cast.host, host=host)
    application = make.application(session, "nominated", applicant=cast.applicant, choices=[opening])
    make.placement(session, "accepted", application=application, opening=opening)
    session.commit()
    for official in (cast.host_coordinator, cast.secretary, cast.auditor):
        shown = as_(official).get(f"/openings/{opening.slug}").text
        assert all(value in shown for value in known.values())
    others = (cast.stranger, cast.applicant, cast.other_coordinator)
    for browser in (client, *(as_(person) for person in others)):
        for path in (f"/openings/{opening.slug}", "/openings", f"/calls/{opening.call.slug}", "/placements"):
            assert not any(value in browser.get(path).text for value in known.values())


def test_a_form_sent_twice_makes_one_opening(session: Session, cast: Cast, as_: As) -> None:
    call, host = make.call(session), as_(cast.host_coordinator)
    form = right(session, cast.host, key=str(uuid.uuid4()))
    session.commit()
    answers = [host.post(path_of(call), data=form) for _ in range(2)]
    assert answers[0].headers["location"] == answers[1].headers["location"]
    assert len(session.exec(select(Opening)).all()) == 1


def test_the_government_is_that_of_the_host(session: Session, cast: Cast, as_: As) -> None:
    call = make.call(session)
    make.grant(session, cast.host_coordinator, Role.COORDINATOR, government_id=cast.elsewhere.id)
    host, sent = as_(cast.host_coordinator), right(session, cast.elsewhere)
    foreign = make.host(session, cast.home)
    session.commit()
    for wrong in (str(foreign.id), str(uuid.uuid4())):
        answer = host.post(path_of(call), data={**sent, "host": wrong})
        assert (answer.status_code, "Choose one of the host organisations" in answer.text) == (422, True)
    assert host.post(path_of(call), data=sent).status_code == 303
    assert session.exec(select(Opening)).one().government_id == cast.elsewhere.id


def test_what_was_typed_is_shown_again_and_escaped(session: Session, cast: Cast, as_: As) -> None:
    call, host = make.call(session), as_(cast.host_coordinator)
    typed = {"title": "<b>x</b>", "tasks": "<script>", "ends_on": "2027-06-30", "least_age": "17"}
    sent = right(session, cast.host, **typed)
    session.commit()
    answer = host.post(path_of(call), data=sent)
    assert answer.status_code == 422
    assert "Enter a day after the first day." in answer.text and 'value="17"' in answer.text
    assert "&lt;b&gt;x&lt;/b&gt;" in answer.text and "<b>x" not in answer.text and "<script>" not in answer.text
    assert '<option value="B2" selected>' in answer.text
    assert session.exec(select(Opening)).all() == []


@pytest.mark.parametrize("status", [CallStatus.CLOSED, CallStatus.ARCHIVED])
def test_a_call_that_is_over_takes_no_openings(session: Session, cast: Cast, as_: As, status: CallStatus) -> None:
    call, host, sent = make.call(session, status=status), as_(cast.host_coordinator), right(session, cast.host)
    session.commit()
    assert host.get(path_of(call)).status_code == 409
    assert host.post(path_of(call), data=sent).status_code == 409


def test_nor_does_one_whose_day_for_openings_has_passed(session: Session, cast: Cast, as_: As) -> None:
    over = now() - dt.timedelta(milliseconds=1)
    call = make.call(session, openings_due_at=over, applications_due_at=over)
    draft = make.opening(session, call, cast.host, status=OpeningStatus.DRAFT)
    host, sent = as_(cast.host_coordinator), right(session, cast.host)
    session.commit()
    assert host.post(path_of(call), data=sent).status_code == 409
    assert host.post(f"/openings/{draft.id}/publish").status_code == 409
    copied = host.post(f"/openings/{draft.id}/copy", data={"call": call.slug})
    assert (copied.status_code, "No call takes openings" in copied.text) == (422, True)
    assert fresh(session, draft.id).status is OpeningStatus.DRAFT


def test_a_draft_call_is_unknown_to_hosts(session: Session, cast: Cast, as_: As) -> None:
    call, sent = make.call(session, status=CallStatus.DRAFT), right(session, cast.host)
    session.commit()
    assert as_(cast.host_coordinator).post(path_of(call), data=sent).status_code == 404


def test_who_may_not_offer_an_opening(session: Session, cast: Cast, as_: As, client: TestClient) -> None:
    path, sent = path_of(make.call(session)), right(session, cast.host)
    session.commit()
    assert client.post(path, data=sent).status_code == 401
    for person in (cast.stranger, cast.secretary):
        assert as_(person).get(path).status_code == 403
        assert as_(person).post(path, data=sent).status_code == 403
    assert as_(cast.host_coordinator).post(path, data=sent, headers=CROSS_SITE).status_code == 403
    assert session.exec(select(Opening)).all() == []


@pytest.mark.parametrize("deed", DEEDS)
def test_who_may_not_change_an_opening(session: Session, cast: Cast, as_: As, client: TestClient, deed: str) -> None:
    call = make.call(session)
    seen = make.opening(session, call, cast.host)
    hidden = make.opening(session, call, cast.host, status=OpeningStatus.DRAFT)
    sent = right(session, cast.host, what_1="meals", payer_1="host", call=call.slug)
    session.commit()
    assert client.post(f"/openings/{seen.id}/{deed}", data=sent).status_code == 401
    for person in (cast.stranger, cast.other_coordinator):
        assert as_(person).post(f"/openings/{seen.id}/{deed}", data=sent).status_code == 403
        assert as_(person).post(f"/openings/{hidden.id}/{deed}", data=sent).status_code == 404
    assert as_(cast.secretary).post(f"/openings/{seen.id}/{deed}", data=sent).status_code == 403
    host = as_(cast.host_coordinator)
    assert host.post(f"/openings/{seen.id}/{deed}", data=sent, headers=CROSS_SITE).status_code == 403
    unchanged = fresh(session, seen.id)
    assert (unchanged.status, unchanged.title, unchanged.benefits) == ("published", seen.title, [])
    assert len(session.exec(select(Opening)).all()) == 2


@pytest.mark.parametrize("deed", ["edit", "benefits", "publish", "close"])
def test_a_closed_opening_stays_as_it_is(session: Session, cast: Cast, as_: As, deed: str) -> None:
    opening = make.opening(session, make.call(session), cast.host, status=OpeningStatus.CLOSED)
    host, sent = as_(cast.host_coordinator), right(session, cast.host, what_1="meals", payer_1="host")
    session.commit()
    assert host.post(f"/openings/{opening.id}/{deed}", data=sent).status_code == 409
    if deed in {"edit", "benefits"}:
        assert host.get(f"/openings/{opening.id}/{deed}").status_code == 409
    assert fresh(session, opening.id).title != RIGHT["title"]


def test_an_unknown_address_is_not_found(session: Session, cast: Cast, as_: As, client: TestClient) -> None:
    opening = make.opening(session, make.call(session), cast.host)
    session.commit()
    assert as_(cast.host_coordinator).post(f"/openings/{opening.id}/withdraw").status_code in {404, 405}
    for unknown in (str(uuid.uuid4()), "gyeongsangbuk-do", "%00", "x" * 300):
        assert client.get(f"/openings/{unknown}").status_code == 404


def test_places_fall_until_somebody_ranks_them(session: Session, cast: Cast, as_: As) -> None:
    call, host = make.call(session), as_(cast.host_coordinator)
    opening = make.opening(session, call, cast.host, capacity=5)
    sent = right(session, cast.host)
    session.commit()
    path = f"/openings/{opening.id}"
    assert "until the first applicant ranks this opening" in host.get(f"{path}/edit").text
    assert host.post(f"{path}/edit", data={**sent, "capacity": "3"}).status_code == 303
    actions.mark_ranked(session, {opening.id})
    session.commit()
    assert "the number can only be raised here" in host.get(f"{path}/edit").text
    answer = host.post(f"{path}/edit", data={**sent, "capacity": "2", "title": "Changed"})
    assert (answer.status_code, "Enter at least 3." in answer.text, "Changed" in answer.text) == (422, True, True)
    assert (fresh(session, opening.id).capacity, fresh(session, opening.id).title) == (3, "Guide")
    assert host.post(f"{path}/edit", data={**sent, "capacity": "4"}).status_code == 303
    assert fresh(session, opening.id).capacity == 4


def test_what_applicants_count_on_its_coordinators_cannot_close(session: Session, cast: Cast, as_: As) -> None:
    opening = make.opening(session, make.call(session), cast.host, first_ranked_at=now())
    session.commit()
    host = as_(cast.host_coordinator)
    shown = host.get(f"/openings/{opening.slug}").text
    assert "Write to the secretariat" in shown and f"{opening.id}/close" not in shown
    assert "/cutback" not in shown
    answer = host.post(f"/openings/{opening.id}/close")
    assert (answer.status_code, "Write to the secretariat" in answer.text) == (409, True)
    assert fresh(session, opening.id).status is OpeningStatus.PUBLISHED


def test_benefits_are_added_row_by_row(session: Session, cast: Cast, as_: As) -> None:
    opening, host = make.opening(session, make.call(session), cast.host), as_(cast.host_coordinator)
    session.commit()
    path = f"/openings/{opening.id}/benefits"
    assert 'name="what_1"' in host.get(path).text and 'name="what_2"' not in host.get(path).text
    first = {"what_1": "stipend", "amount_1": "900000", "currency_1": "KRW", "per_1": "month", "payer_1": "host"}
    assert host.post(path, data={**first, "more": "true"}).headers["location"] == path
    again = host.get(path).text
    assert 'value="900000"' in again and 'name="what_2"' in again
    wrong = host.post(path, data={**first, "note_2": "<i>Lunch"})
    assert wrong.status_code == 422 and "Choose what is given" in wrong.text and "&lt;i&gt;Lunch" in wrong.text
    done = host.post(path, data={**first, "what_2": "meals", "payer_2": "host_government"})
    assert done.headers["location"] == f"/openings/{opening.slug}"
    assert [each.what for each in fresh(session, opening.id).benefits] == ["stipend", "meals"]
    host.post(path, data={**first, "remove_1": "true", "what_2": "meals", "payer_2": "host_government"})
    assert [(each.position, each.what) for each in fresh(session, opening.id).benefits] == [(1, "meals")]


def test_there_are_as_many_rows_as_fit(session: Session, cast: Cast, as_: As) -> None:
    every = [Benefit(position=n, what=What.OTHER, payer=Payer.HOST) for n in range(1, forms.BENEFITS + 1)]
    opening = make.opening(session, make.call(session), cast.host, benefits=every)
    session.commit()
    shown = as_(cast.host_coordinator).get(f"/openings/{opening.id}/benefits").text
    assert f'name="what_{forms.BENEFITS}"' in shown and "Save and add another" not in shown


def test_last_years_opening_is_offered_again(session: Session, cast: Cast, as_: As) -> None:
    former = make.opening(session, make.call(session, status=CallStatus.ARCHIVED), cast.host, title="Guide")
    call, host = make.call(session), as_(cast.host_coordinator)
    session.commit()
    path = f"/openings/{former.id}/copy"
    assert path in host.get("/openings/mine").text and path in host.get(f"/openings/{former.slug}").text
    assert 'type="hidden" name="call"' in host.get(path).text.replace("\n", " ")
    sent = {"call": call.slug, "key": str(uuid.uuid4())}
    answers = [host.post(path, data=sent) for _ in range(2)]
    assert answers[0].headers["location"] == answers[1].headers["location"]
    assert "Draft" in host.get(answers[0].headers["location"]).text
    made = session.exec(select(Opening).where(Opening.copied_from == former.id)).one()
    assert (made.title, made.call_id) == ("Guide", call.id)


def test_of_several_calls_one_is_chosen(session: Session, cast: Cast, as_: As) -> None:
    calls = [make.call(session), make.call(session)]
    former = make.opening(session, calls[0], cast.host)
    host = as_(cast.host_coordinator)
    session.commit()
    shown = host.get(f"/openings/{former.id}/copy").text
    assert all(f'value="{call.slug}"' in shown for call in calls)
    for wrong in ({}, {"call": "elsewhere"}):
        assert host.post(f"/openings/{former.id}/copy", data=wrong).status_code == 422
    assert host.post(f"/openings/{former.id}/copy", data={"call": calls[1].slug}).status_code == 303
    assert session.exec(select(Opening).where(Opening.call_id == calls[1].id)).one().copied_from == former.id


def test_own_openings_are_for_coordinators(session: Session, cast: Cast, as_: As, client: TestClient) -> None:
    call = make.call(session)
    own = make.opening(session, call, cast.host, status=OpeningStatus.DRAFT)
    other = make.opening(session, call, cast.elsewhere)
    shown = as_(cast.host_coordinator).get("/openings/mine").text
    assert own.title in shown and other.title not in shown
    assert as_(cast.stranger).get("/openings/mine").status_code == 403
    assert client.get("/openings/mine").headers["location"] == "/sign-in?next=%2Fopenings%2Fmine"
    assert "has no openings yet" in as_(cast.home_coordinator).get("/openings/mine").text


def test_a_wrong_filter_is_a_wrong_address(client: TestClient) -> None:
    for wrong in ("country=XX", "after=here", "language=xx", "field=77", "presence=moon"):
        assert client.get(f"/openings?{wrong}").status_code == 404
    assert client.get("/openings?country=&call=&after=&q=&starts_from=").status_code == 200


def test_a_mistyped_filter_is_shown_again(session: Session, cast: Cast, client: TestClient) -> None:
    make.opening(session, make.call(session), cast.host)
    session.commit()
    answer = client.get("/openings?starts_from=soon&q=<b>lake&country=KR")
    assert (answer.status_code, "Enter a date" in answer.text) == (422, True)
    assert 'value="soon"' in answer.text and "&lt;b&gt;lake" in answer.text and "<b>lake" not in answer.text
    assert client.get("/openings?q=%00").status_code == 422


def test_the_filter_stays_from_page_to_page(
    session: Session, cast: Cast, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "PAGE", 1)
    call = make.call(session)
    made = [make.opening(session, call, cast.host, starts_on=dt.date(2027, 1, day)) for day in (1, 2)]
    session.commit()
    query = "q=tourism&country=KR&presence=on_site&starts_from=2027-01-01"
    first = client.get(f"/openings?{query}").text
    assert made[0].title in first and made[1].title not in first
    assert f"{query.replace('&', '&amp;')}&amp;after={made[0].id}" in first
    second = client.get(f"/openings?{query}&after={made[0].id}").text
    assert made[1].title in second and made[0].title not in second


@pytest.mark.parametrize("path", ["/openings", "/openings/mine", "/calls/the-call", "/hosts", "/openings?q=opening"])
def test_lists_ask_as_often_for_three_as_for_one(
    session: Session, database: Database, cast: Cast, as_: As, path: str
) -> None:
    call, host, asked = make.call(session, slug="the-call"), as_(cast.host_coordinator), []
    make.grant(session, cast.host_coordinator, Role.COORDINATOR, government_id=cast.elsewhere.id)
    for governments in ([cast.host], [cast.host, cast.elsewhere]):
        made = [
            make.opening(
                session, call, government, host=make.host(session, government, name=f"Museum {uuid.uuid4()}"),
                languages=[("en", "A1"), ("ru", "B1")],
            )
            for government in governments
        ]  # fmt: skip
        session.commit()
        with counting.queries(database) as seen:
            shown = host.get(path).text
        assert all((each.host.name if path == "/hosts" else each.title) in shown for each in made)
        asked.append(len(seen))
    assert asked[0] == asked[1] > 0
