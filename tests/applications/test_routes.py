import datetime as dt
import re
import uuid
from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from portal.accounts.viewer import viewer_of
from portal.applications import queries, rules, words
from portal.applications.forms import FORMS
from portal.applications.models import Application, Choice, Kinship, SpokenLanguage, Status
from portal.applications.words import Part
from portal.calls.models import Call, CallStatus
from portal.clock import now
from portal.history.queries import deeds
from portal.mail.models import Message
from portal.registry.rules import search_words
from tests import counting, make
from tests.database import JoinedDatabase
from tests.files.samples import pdf
from tests.people import Cast

As = Callable[..., TestClient]
ABOUT = {
    "given_name": "Туул", "patronymic": "Батбаярын", "roman_family_name": "Batbayar", "roman_given_name": "Tuul",
    "name_order": "patronymic_first", "born_on": f"{now().year - 22}-03-02", "phone": "+976 99",
}  # fmt: skip
CONSENT = {"took_part_before": "false", "has_kin_at_host": "false", "consents": ["use", "hosts", "true"]}
PAST = {"applications_due_at": now() - dt.timedelta(hours=1), "nominations_due_at": now() + dt.timedelta(days=9)}


def _mine(session: Session, cast: Cast, state: Status = Status.DRAFT, **fields: object) -> Application:
    made = make.application(session, state, applicant=cast.applicant, home=cast.home, **fields)
    session.commit()
    return made


def _version(client: TestClient, path: str) -> str:
    found = re.search(r'name="version" value="(\w+)"', client.get(path).text)
    assert found
    return found[1]


def test_a_start_makes_a_draft_and_a_second_start_leads_to_it(session: Session, cast: Cast, as_: As) -> None:
    call = make.call(session)
    client = as_(cast.applicant)
    assert "Start your application" in client.get(f"/calls/{call.slug}/apply").text
    first = client.post(f"/calls/{call.slug}/apply")
    again = client.post(f"/calls/{call.slug}/apply")
    assert (first.status_code, first.headers["location"]) == (303, again.headers["location"])
    assert client.get(f"/calls/{call.slug}/apply").headers["location"] == first.headers["location"]
    made = session.exec(select(Application)).one()
    assert [entry.deed for entry in deeds(session, "application", made.id)] == ["application started"]
    assert "Not yet started" in client.get(first.headers["location"]).text


def test_a_visitor_is_asked_to_sign_in_first(session: Session, client: TestClient) -> None:
    call = make.call(session)
    session.commit()
    assert client.get(f"/calls/{call.slug}/apply").headers["location"].startswith("/sign-in?next=")
    assert client.post(f"/calls/{call.slug}/apply").status_code == 401


@pytest.mark.parametrize("fields", [PAST, {"opens_at": now() + dt.timedelta(days=1)}, {"status": CallStatus.CLOSED}])
def test_nobody_starts_while_the_call_is_not_open(
    session: Session, cast: Cast, as_: As, fields: dict[str, object]
) -> None:
    call = make.call(session, **fields)
    assert as_(cast.applicant).post(f"/calls/{call.slug}/apply").status_code == 409
    assert session.exec(select(Application)).all() == []


def test_nobody_starts_in_a_draft_call(session: Session, cast: Cast, as_: As) -> None:
    call = make.call(session, status=CallStatus.DRAFT)
    assert as_(cast.applicant).post(f"/calls/{call.slug}/apply").status_code == 404


def _walk(session: Session, cast: Cast, call: Call, client: TestClient) -> str:
    """Fills every part in and returns the application's address."""
    opening = make.opening(session, call, cast.host)
    home, requested = cast.home.id, make.requested_document(session, call).id
    session.commit()
    path = client.post(f"/calls/{call.slug}/apply").headers["location"]
    typed = {
        "about": ABOUT, "home": {"home_id": str(home), "is_resident": "true", "nationality": "MN"},
        "education": {"education": "NUM", "enrolment": "enrolled", "graduates_on": f"{now().year + 2}-06-30"},
        "languages": {"language_1": "en", "level_1": "C1", "language_2": "mn", "level_2": "native"},
        "motivation": {"motivation": "Because"}, "consent": CONSENT,
    }  # fmt: skip
    for part, data in typed.items():
        given = {**data, "version": _version(client, f"{path}/{part}")}
        assert client.post(f"{path}/{part}", data=given).status_code == 303, part
    assert client.post(f"{path}/openings/add", data={"opening_id": str(opening.id)}).status_code == 303
    wanted = {"requested_id": str(requested)}
    assert client.post(f"{path}/documents", data=wanted, files={"file": ("cv.pdf", pdf())}).status_code == 303
    return path


def test_the_whole_walk_to_the_receipt(session: Session, cast: Cast, as_: As) -> None:
    client, call = as_(cast.applicant), make.call(session)
    path = _walk(session, cast, call, client)
    check = client.get(f"{path}/check")
    assert "These parts are not complete" not in check.text
    assert "between 18 and 29" in check.text
    key = re.search(r'name="key" value="([\w-]+)"', check.text)
    assert key
    sent = client.post(f"{path}/submit", data={"key": key[1]})
    assert (sent.status_code, sent.headers["location"]) == (303, f"{path}/receipt")
    session.expire_all()
    made = session.exec(select(Application)).one()
    assert made.status is Status.SUBMITTED
    receipt = client.get(f"{path}/receipt").text
    assert made.number in receipt
    assert made.submitted_digest in receipt
    assert "Seoul" in receipt
    assert [message.template for message in session.exec(select(Message))] == ["applications/submitted"]
    assert client.get(path).status_code == client.get("/applications").status_code == 200


def test_a_second_press_gets_the_same_answer_and_another_form_is_told(session: Session, cast: Cast, as_: As) -> None:
    made = _mine(session, cast)
    client, key = as_(cast.applicant), str(uuid.uuid4())
    answers = [client.post(f"/applications/{made.id}/submit", data={"key": key}) for _ in range(2)]
    assert [(a.status_code, a.headers["location"]) for a in answers] == [(303, f"/applications/{made.id}/receipt")] * 2
    other = client.post(f"/applications/{made.id}/submit", data={"key": str(uuid.uuid4())})
    assert other.status_code == 409
    assert f"/applications/{made.id}/receipt" in other.text
    assert len(session.exec(select(Message)).all()) == 1


PLAIN = [part for part in FORMS if part is not Part.DOCUMENTS]


@pytest.mark.parametrize("part", PLAIN)
def test_every_part_is_saved_empty_and_shown_again(session: Session, cast: Cast, as_: As, part: Part) -> None:
    made = _mine(session, cast)
    client, path = as_(cast.applicant), f"/applications/{made.id}/{part}"
    version = _version(client, path)
    assert client.post(path, data={"version": version}).status_code == 303
    session.expire_all()
    assert client.get(path).status_code == 200
    assert "not complete" in client.get(f"/applications/{made.id}/check").text


def test_an_incomplete_draft_cannot_be_submitted(session: Session, cast: Cast, as_: As) -> None:
    made = _mine(session, cast, phone="")
    answer = as_(cast.applicant).post(f"/applications/{made.id}/submit", data={"key": str(uuid.uuid4())})
    assert answer.status_code == 409
    assert "still missing" in answer.text
    session.expire_all()
    assert session.get_one(Application, made.id).status is Status.DRAFT


def test_who_is_not_eligible_reads_why_and_cannot_submit(session: Session, cast: Cast, as_: As) -> None:
    made = _mine(session, cast, born_on=dt.date(1950, 1, 1))
    client = as_(cast.applicant)
    check = client.get(f"/applications/{made.id}/check").text
    assert "but the call is for people between 18 and 29" in check
    assert f"/applications/{made.id}/submit" not in check
    assert client.post(f"/applications/{made.id}/submit").status_code == 409
    tasks = client.get(f"/applications/{made.id}").text
    assert "You cannot take part in this call as things stand" in tasks
    assert f'href="/applications/{made.id}/about">Go to: About you' in tasks
    assert "but the call is for people between 18 and 29" in client.get(f"/applications/{made.id}/about").text


def test_late_drafts_can_be_saved_but_not_submitted(session: Session, cast: Cast, as_: As) -> None:
    made = _mine(session, cast, call=make.call(session, opens_at=now() - dt.timedelta(days=9), **PAST), choices=[])
    client, path = as_(cast.applicant), f"/applications/{made.id}/motivation"
    answer = client.post(f"/applications/{made.id}/submit")
    assert answer.status_code == 409
    assert "The deadline for applications has passed" in answer.text
    version = _version(client, path)
    assert client.post(path, data={"motivation": "Later thoughts", "version": version}).status_code == 303
    session.expire_all()
    assert session.get_one(Application, made.id).motivation == "Later thoughts"


def test_wrong_input_is_shown_again_escaped_with_a_sentence(session: Session, cast: Cast, as_: As) -> None:
    made = _mine(session, cast)
    answer = as_(cast.applicant).post(
        f"/applications/{made.id}/about", data={**ABOUT, "roman_given_name": "Туул <script>", "given_name": "<b>"}
    )
    assert answer.status_code == 422
    assert "Latin letters" in answer.text
    assert "Туул &lt;script&gt;" in answer.text
    assert "<script>" not in answer.text.replace('<script src="', "")
    session.expire_all()
    assert session.get_one(Application, made.id).native_name != "<b>"


def test_a_stale_form_overwrites_nothing_and_shows_both(session: Session, cast: Cast, as_: As) -> None:
    made = _mine(session, cast)
    client, path = as_(cast.applicant), f"/applications/{made.id}/motivation"
    opened = _version(client, path)
    assert client.post(path, data={"motivation": "First tab", "version": opened}).status_code == 303
    stale = client.post(path, data={"motivation": "Second tab", "version": opened})
    assert stale.status_code == 409
    assert "First tab" in stale.text
    assert "Second tab" in stale.text
    session.expire_all()
    assert session.get_one(Application, made.id).motivation == "First tab"
    found = re.search(r'name="version" value="(\w+)"', stale.text)
    assert found
    assert client.post(path, data={"motivation": "Second tab", "version": found[1]}).status_code == 303


def test_other_parts_changed_meanwhile_disturb_nobody(session: Session, cast: Cast, as_: As) -> None:
    made = _mine(session, cast)
    client = as_(cast.applicant)
    opened = _version(client, f"/applications/{made.id}/education")
    other = f"/applications/{made.id}/motivation"
    assert client.post(other, data={"motivation": "New", "version": _version(client, other)}).status_code == 303
    answer = client.post(f"/applications/{made.id}/education", data={"education": "Also new", "version": opened})
    assert answer.status_code == 303


def test_the_list_of_homes_is_grouped_by_country(session: Session, cast: Cast, as_: As) -> None:
    made = _mine(session, cast)
    page = as_(cast.applicant).get(f"/applications/{made.id}/home").text
    assert '<optgroup label="Mongolia">' in page
    assert f'<option value="{cast.home.id}" selected>' in page


@pytest.mark.parametrize("state", [Status.DRAFT, Status.RETURNED])
def test_an_unknown_home_is_refused(session: Session, cast: Cast, as_: As, state: Status) -> None:
    made = _mine(session, cast, state)
    client, path = as_(cast.applicant), f"/applications/{made.id}/home"
    answer = client.post(path, data={"home_id": str(uuid.uuid4()), "version": _version(client, path)})
    assert answer.status_code == 422


def test_the_home_is_settled_by_the_first_submission(session: Session, cast: Cast, as_: As) -> None:
    made = _mine(session, cast, Status.RETURNED)
    elsewhere = str(cast.elsewhere.id)
    client, path = as_(cast.applicant), f"/applications/{made.id}/home"
    answer = client.post(path, data={"home_id": elsewhere, "version": _version(client, path)})
    assert answer.status_code == 422
    assert "has your application already" in answer.text


def test_languages_are_replaced_row_by_row(session: Session, cast: Cast, as_: As) -> None:
    made = _mine(session, cast)
    client, path = as_(cast.applicant), f"/applications/{made.id}/languages"
    typed = {"language_1": "ko", "level_1": "B1", "language_3": "en", "level_3": "A2"}
    assert client.post(path, data={**typed, "version": _version(client, path)}).status_code == 303
    rows = session.exec(select(SpokenLanguage).where(SpokenLanguage.application_id == made.id))
    assert {row.language: row.level for row in rows} == {"ko": "B1", "en": "A2"}


def test_a_returned_application_is_corrected_and_submitted_again(session: Session, cast: Cast, as_: As) -> None:
    made = _mine(session, cast, Status.RETURNED)
    client, number = as_(cast.applicant), made.number
    assert "The name differs" in client.get(f"/applications/{made.id}").text
    path = f"/applications/{made.id}/about"
    assert client.post(path, data={**ABOUT, "version": _version(client, path)}).status_code == 303
    assert client.post(f"/applications/{made.id}/submit", data={"key": str(uuid.uuid4())}).status_code == 303
    session.expire_all()
    again = session.get_one(Application, made.id)
    assert (again.status, again.number) == (Status.SUBMITTED, number)
    assert again.submitted_digest != "0" * 64


@pytest.mark.parametrize("state", [Status.SUBMITTED, Status.NOMINATED, Status.NOT_NOMINATED, Status.WITHDRAWN])
def test_what_is_sent_cannot_be_changed(session: Session, cast: Cast, as_: As, state: Status) -> None:
    made = _mine(session, cast, state)
    client, path = as_(cast.applicant), f"/applications/{made.id}"
    assert client.get(path).status_code == 200
    for part in Part:
        assert client.get(f"{path}/{part}").status_code == 409
        assert client.post(f"{path}/{part}").status_code == 409
    assert client.get(f"{path}/check").status_code == 409
    assert client.post(f"{path}/submit").status_code == 409


CHANGING = [*(part.value for part in Part), "openings/add", "submit", "withdraw"]


@pytest.mark.parametrize("route", CHANGING)
def test_nobody_but_the_applicant_changes_an_application(
    session: Session, cast: Cast, as_: As, client: TestClient, route: str
) -> None:
    made = _mine(session, cast, Status.NOMINATED)
    path = f"/applications/{made.id}/{route}"
    assert client.post(path).status_code == 401
    assert as_(cast.stranger).post(path).status_code == 404
    assert as_(cast.other_coordinator).post(path).status_code == 404
    for person in (cast.home_coordinator, cast.host_coordinator, cast.secretary, cast.auditor):
        assert as_(person).post(path).status_code == 403, person.name
    session.expire_all()
    assert session.get_one(Application, made.id).status is Status.NOMINATED
    crossing = as_(cast.applicant).post(path, headers={"sec-fetch-site": "cross-site"})
    assert crossing.status_code == 403


@pytest.mark.parametrize("route", ["", "/receipt", "/check", "/about", "/documents"])
def test_pages_of_a_draft_are_the_applicants_and_the_staffs(
    session: Session, cast: Cast, as_: As, client: TestClient, route: str
) -> None:
    made = _mine(session, cast)
    path = f"/applications/{made.id}{route}"
    assert client.get(path).status_code == 303
    for person in (cast.stranger, cast.home_coordinator, cast.host_coordinator, cast.other_coordinator):
        assert as_(person).get(path).status_code == 404, person.name


def test_list_and_page_agree_on_who_sees_what(session: Session, cast: Cast) -> None:
    shown: dict[str, set[Status]] = {}
    people = [
        cast.applicant,
        cast.home_coordinator,
        cast.host_coordinator,
        cast.other_coordinator,
        cast.stranger,
        cast.auditor,
    ]
    for state in Status:
        _mine(session, cast, state)
    for person in people:
        viewer = viewer_of(session, person)
        found = session.exec(queries.visible_to(viewer)).all()
        shown[person.name] = {application.status for application in found}
        assert [queries.get_visible(session, viewer, each.id).id for each in found] == [each.id for each in found]
    assert shown["Applicant"] == shown["Auditor"] == set(Status)
    assert shown["Home coordinator"] == set(Status) - {Status.DRAFT}
    assert shown["Host coordinator"] == {Status.NOMINATED}
    assert shown["Other coordinator"] == shown["Stranger"] == set()


def test_a_host_sees_no_age_and_no_address(session: Session, cast: Cast, as_: As) -> None:
    secret = {"born_on": dt.date(2004, 5, 17), "phone": "+976 5550 1234"}
    made = _mine(session, cast, Status.NOMINATED, **secret)
    page = as_(cast.host_coordinator).get(f"/applications/{made.id}").text
    page = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "", page)  # an identifier may hold any digits
    assert made.native_name in page
    assert made.motivation in page
    for hidden in ("2004", "5550", cast.applicant.email, made.number or "?"):
        assert hidden not in page, hidden
    home = as_(cast.home_coordinator).get(f"/nominations/{made.id}").text
    assert "5550" in home
    assert cast.applicant.email in home


def test_the_own_list_runs_as_many_queries_for_three_as_for_one(
    session: Session, cast: Cast, as_: As, database: JoinedDatabase
) -> None:
    client, counts = as_(cast.applicant), []
    for more in (1, 2):
        for _ in range(more):
            _mine(session, cast)
        with counting.queries(database) as found:
            page = client.get("/applications")
        counts.append((page.text.count("govuk-table__row"), len(found)))
    assert counts[0][1] == counts[1][1]
    assert counts[1][0] == counts[0][0] + 2


def test_lists_are_paged_by_a_key(session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "PAGE", 2)
    made = {_mine(session, cast).id for _ in range(5)}
    viewer, after, seen, pages = viewer_of(session, cast.applicant), None, [], 0
    while True:
        found = queries.own(session, viewer, after=after)
        seen += [application.id for application in found.rows]
        after, pages = found.after, pages + 1
        if after is None:
            break
    assert (set(seen), len(seen), pages) == (made, 5, 3)


def test_what_waits_for_whom(session: Session, cast: Cast) -> None:
    for state in (Status.DRAFT, Status.RETURNED, Status.SUBMITTED, Status.SUBMITTED, Status.NOMINATED):
        _mine(session, cast, state)
    waiting = {
        person.name: {each.href: each.count for each in queries.waiting_for(session, viewer_of(session, person))}
        for person in (cast.applicant, cast.home_coordinator, cast.other_coordinator)
    }
    assert waiting["Applicant"] == {"/applications": 2}
    assert waiting["Home coordinator"] == {"/nominations": 2}
    assert waiting["Other coordinator"] == {}


def test_a_saved_name_is_put_together_and_found(session: Session, cast: Cast, as_: As) -> None:
    made = _mine(session, cast)
    client, path = as_(cast.applicant), f"/applications/{made.id}/about"
    typed = {**ABOUT, "family_name": "Боржигин", "given_name": "Өнөрцэцэг", "roman_given_name": "Unurtsetseg"}
    assert client.post(path, data={**typed, "version": _version(client, path)}).status_code == 303
    session.expire_all()
    again = session.get_one(Application, made.id)
    assert (again.native_name, again.roman_name) == ("Боржигин Батбаярын Өнөрцэцэг", "Batbayar Unurtsetseg")
    assert all(word in again.search_text for word in search_words("өнөрцэцэг UNURTSETSEG"))


@pytest.mark.parametrize("character", ["Ө", "𠮷", "W"])
def test_the_longest_names_are_kept_and_shown(session: Session, cast: Cast, as_: As, character: str) -> None:
    made = _mine(session, cast)
    client, path = as_(cast.applicant), f"/applications/{made.id}/about"
    long = dict.fromkeys(("family_name", "given_name", "patronymic"), character * 120)
    roman = dict.fromkeys(("roman_family_name", "roman_given_name"), "W" * 120)
    assert client.post(path, data={**ABOUT, **long, **roman, "version": _version(client, path)}).status_code == 303
    assert character * 120 in client.get(f"/applications/{made.id}/check").text
    assert client.post(f"/applications/{made.id}/submit").status_code == 303
    assert client.get(f"/applications/{made.id}/receipt").status_code == 200


@pytest.mark.parametrize(("language", "order"), [("mn", "patronymic_first"), ("ja", "family_first")])
def test_the_order_of_names_is_chosen_beforehand_as_is_usual_at_home(
    session: Session, cast: Cast, as_: As, language: str, order: str
) -> None:
    home = cast.home if language == "mn" else cast.elsewhere
    made = make.saved(
        session, Application(call_id=make.call(session).id, applicant_id=cast.applicant.id, home_id=home.id)
    )
    page = as_(cast.applicant).get(f"/applications/{made.id}/about").text
    assert re.search(rf'value="{order}" checked', page)


def test_the_task_list_says_what_is_missing(session: Session, cast: Cast, as_: As) -> None:
    made = _mine(session, cast, phone="", motivation="")
    page = as_(cast.applicant).get(f"/applications/{made.id}").text
    assert page.count("Not complete") == page.count("Not yet started") == 1
    assert "Enter your names in your own script" in page
    assert "Write why you want to take part." in page
    assert "Answer the questions about yourself" not in page


def test_an_untouched_draft_is_not_judged(session: Session, cast: Cast, as_: As) -> None:
    call = make.call(session)
    client = as_(cast.applicant)
    path = client.post(f"/calls/{call.slug}/apply").headers["location"]
    assert "Needs proof" not in client.get(path).text
    typed = {"version": _version(client, f"{path}/consent"), "took_part_before": "true"}
    assert client.post(f"{path}/consent", data=typed).status_code == 303
    assert "You say that you took part before" in client.get(path).text


def test_who_accepted_a_place_before_cannot_submit(session: Session, cast: Cast, as_: As) -> None:
    earlier = _mine(session, cast, Status.NOMINATED)
    made = _mine(session, cast)
    client = as_(cast.applicant)
    assert "You accepted a place" not in client.get(f"/applications/{made.id}").text
    earlier.placed_at = now()
    session.commit()
    assert "You accepted a place in an earlier call" in client.get(f"/applications/{made.id}").text
    assert client.post(f"/applications/{made.id}/submit").status_code == 409


def test_only_admitted_governments_are_offered_and_taken(session: Session, cast: Cast, as_: As) -> None:
    made = _mine(session, cast, call=make.call(session, countries=["MN"]), choices=[])
    elsewhere = str(cast.elsewhere.id)
    client, path = as_(cast.applicant), f"/applications/{made.id}/home"
    page = client.get(path).text
    assert '<optgroup label="Mongolia">' in page
    assert '<optgroup label="Japan">' not in page
    answer = client.post(path, data={"home_id": elsewhere, "version": _version(client, path)})
    assert answer.status_code == 422
    assert "not open to this government" in answer.text


def test_declarations_are_asked_as_the_call_wants(session: Session, cast: Cast, as_: As) -> None:
    call = make.call(session, first_time_only=False, no_kin_at_host=False)
    made = _mine(session, cast, call=call, choices=[])
    page = as_(cast.applicant).get(f"/applications/{made.id}/consent").text
    assert "took_part_before" not in page
    assert "has_kin_at_host" not in page
    assert page.count('name="consents"') == len(words.CONSENTS)


def test_a_missing_consent_is_asked_for_and_an_optional_one_not(session: Session, cast: Cast, as_: As) -> None:
    made = _mine(session, cast)
    client, path = as_(cast.applicant), f"/applications/{made.id}/consent"
    some = {**CONSENT, "consents": ["use", "true"]}
    assert client.post(path, data={**some, "version": _version(client, path)}).status_code == 303
    session.expire_all()
    assert session.get_one(Application, made.id).consented_at is None
    assert client.post(path, data={**CONSENT, "version": _version(client, path)}).status_code == 303
    session.expire_all()
    assert session.get_one(Application, made.id).consented_at is not None


def test_each_submission_is_kept_and_a_correction_shows_what_it_changed(session: Session, cast: Cast, as_: As) -> None:
    made = _mine(session, cast)
    client = as_(cast.applicant)
    path, about = f"/applications/{made.id}", f"/applications/{made.id}/about"
    assert client.post(f"{path}/submit").status_code == 303
    session.expire_all()
    sent = session.get_one(Application, made.id)
    sent.status, sent.returned_at, sent.reason = Status.RETURNED, now(), "The number is wrong."
    session.commit()
    corrected = {**ABOUT, "phone": "+976 7777", "version": _version(client, about)}
    assert client.post(about, data=corrected).status_code == 303
    assert client.post(f"{path}/submit").status_code == 303
    session.expire_all()
    kept = queries.versions(session, session.get_one(Application, made.id))
    assert [version.number for version in kept] == [1, 2]
    assert [rules.sha256(version.content) for version in kept] == [version.digest for version in kept]
    assert session.get_one(Application, made.id).submitted_digest == kept[1].digest
    assert kept[1].digest in client.get(f"{path}/receipt").text
    first = client.get(f"{path}/versions/1").text
    assert "+976 9911 2233" in first
    assert "+976 7777" not in first
    review = as_(cast.home_coordinator).get(f"/nominations/{made.id}").text
    for text in ("What the correction changed", "Telephone number", "Changed", "+976 9911 2233", "+976 7777"):
        assert text in review, text
    assert as_(cast.home_coordinator).get(f"{path}/versions/2").status_code == 200
    assert as_(cast.secretary).get(f"{path}/versions/1").status_code == 200
    assert as_(cast.auditor).get(f"{path}/versions/1").status_code == 200
    for number in (0, 3):
        assert client.get(f"{path}/versions/{number}").status_code == 404


def test_hosts_and_strangers_see_no_versions(session: Session, cast: Cast, as_: As) -> None:
    made = _mine(session, cast, Status.NOMINATED)
    make.version(session, made)
    session.commit()
    path = f"/applications/{made.id}/versions/1"
    for person in (cast.host_coordinator, cast.other_coordinator, cast.stranger):
        assert as_(person).get(path).status_code == 404, person.name
    assert as_(cast.home_coordinator).get(path).status_code == 200


def _slug(session: Session, application: Application) -> str:
    return session.get_one(Call, application.call_id).slug


@pytest.mark.parametrize("role", ["home_coordinator", "host_coordinator"])
def test_kin_of_the_applicant_see_nothing_of_it(session: Session, cast: Cast, as_: As, role: str) -> None:
    made = _mine(session, cast, Status.NOMINATED)
    person, name = getattr(cast, role), made.native_name
    opening = session.exec(select(Choice.opening_id).where(Choice.application_id == made.id)).one()
    lists = (
        [f"/nominations/list?call={_slug(session, made)}"]
        if role == "home_coordinator"
        else [f"/openings/{opening}/candidates"]
    )
    room = "nominations" if role == "home_coordinator" else "applications"
    client, path = as_(person), f"/{room}/{made.id}"
    assert client.get(path).status_code == 200
    assert all(name in client.get(each).text for each in lists)
    make.saved(session, Kinship(application_id=made.id, person_id=person.id))
    session.commit()
    document = make.shown_document(session, made)
    session.commit()
    for hidden in (path, f"/applications/{made.id}/documents/{document.id}", f"/applications/{made.id}/nominate"):
        assert client.get(hidden).status_code == 404, hidden
    assert not any(name in client.get(each).text for each in lists)
    assert as_(make.coordinator(session, cast.home)).get(f"/nominations/{made.id}").status_code == 200


def test_what_came_on_paper_is_marked_for_officials_and_kept_by_the_office_that_entered_it(
    session: Session, cast: Cast, as_: As
) -> None:
    clerk = cast.home_coordinator
    scan = make.stored_file(session, clerk).id
    scans = {"entered_by": clerk.id, "form_scan_id": scan, "consent_scan_id": scan}
    draft, nominated = _mine(session, cast, **scans), _mine(session, cast, Status.NOMINATED, **scans)
    viewer = viewer_of(session, clerk)
    assert queries.get_own(session, viewer, draft.id).id == draft.id
    colleague = as_(make.coordinator(session, cast.home))
    assert colleague.get(f"/applications/{draft.id}").status_code == 200
    assert as_(cast.other_coordinator).get(f"/applications/{draft.id}").status_code == 404
    for person in ("colleague", "host_coordinator", "secretary"):
        client = colleague if person == "colleague" else as_(getattr(cast, person))
        room = "applications" if person == "host_coordinator" else "nominations"
        assert "Entered from paper by a coordinator" in client.get(f"/{room}/{nominated.id}").text, person


def test_the_review_runs_as_many_queries_for_a_large_application(
    session: Session, cast: Cast, as_: As, database: JoinedDatabase
) -> None:
    call = make.call(session, ranked_openings=3)
    few, many = ([make.opening(session, call, cast.host) for _ in range(n)] for n in (1, 3))
    small = _mine(session, cast, Status.SUBMITTED, call=call, choices=few)
    large = make.application(session, Status.SUBMITTED, home=cast.home, call=call, choices=many)
    session.add(SpokenLanguage(application_id=large.id, language="ko", level="B1"))
    make.version(session, small)
    for _ in range(3):
        make.version(session, large)
    session.commit()
    client, counts = as_(cast.home_coordinator), []
    for each in (small.id, large.id):
        with counting.queries(database) as found:
            assert client.get(f"/nominations/{each}").status_code == 200
        counts.append(len(found))
    assert counts[0] == counts[1]
