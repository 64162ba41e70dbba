import datetime as dt
import uuid
from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from icalendar import Calendar
from sqlmodel import Session, col, select

from portal.applications.models import Document
from portal.calls import queries, rules, words
from portal.calls.models import Call, CallStatus, Purpose, QuestionKind
from portal.clock import now
from portal.db import Database
from portal.forms import to_local
from portal.history import queries as history
from tests import counting, make
from tests.calls.test_forms import ASKED, QUOTAS, RIGHT, RULES
from tests.calls.test_hosting import CRITERIA, OFFERS
from tests.people import Cast

As = Callable[..., TestClient]
STEPS = ("publish", "close", "archive")
AHEAD = {"openings_due_at": 20, "opens_at": -1, "applications_due_at": 30, "corrections_due_at": 35,
         "nominations_due_at": 40, "rankings_due_at": 50}  # fmt: skip
FORMS = {
    "texts": {"title_en": "Renamed", "text_en": "Come."},
    "dates": {},
    "eligibility": RULES,
    "quotas": QUOTAS,
    "criteria": CRITERIA,
    "offers": OFFERS,
    "documents/new": {"purpose": "language"},
    "documents/{document}": {"is_required": "true"},
    "documents/{document}/up": {},
    "documents/{document}/remove": {},
    "questions/new": ASKED,
    "questions/{question}": ASKED,
    "questions/{question}/down": {},
    "questions/{question}/remove": {},
}


def soon(**changes: str) -> dict[str, str]:
    """A form of a call that is open from yesterday on."""
    local = {name: to_local(now() + dt.timedelta(days=days), "Asia/Seoul") for name, days in AHEAD.items()}
    return {**RIGHT, **local, **changes}


def the_call(session: Session, slug: str) -> Call:
    session.expire_all()
    return session.exec(select(Call).where(Call.slug == slug)).one()


def test_a_secretary_opens_a_call(session: Session, cast: Cast, as_: As, client: TestClient) -> None:
    secretary = as_(cast.secretary)
    assert 'name="key"' in secretary.get("/calls/new").text
    made = secretary.post("/calls/new", data=soon(title_en="Spring walk"))
    assert (made.status_code, made.headers["location"]) == (303, "/calls/spring-walk/edit")
    assert client.get("/calls/spring-walk").status_code == 404
    assert client.get("/calls/spring-walk/calendar.ics").status_code == 404
    tasks = secretary.get("/calls/spring-walk/edit").text
    assert "Write the text in English first." in tasks and "Publish the call" not in tasks

    written = {"title_en": "Spring walk", "title_zh": "春", "text_en": "Come.", "slug": "spring-walk"}
    assert secretary.post("/calls/spring-walk/edit/texts", data=written).status_code == 303
    assert "Publish the call" in secretary.get("/calls/spring-walk/edit").text
    assert "Publish the call" in secretary.get("/calls/spring-walk").text
    assert secretary.post("/calls/spring-walk/publish").status_code == 303
    assert the_call(session, "spring-walk").status is CallStatus.PUBLISHED
    shown = client.get("/calls/spring-walk").text
    assert "You can apply until:" in shown and "in Seoul (UTC+9)" in shown
    assert "/sign-in?next=/calls/spring-walk/apply" in shown
    assert 'href="/calls/spring-walk/apply"' in as_(cast.applicant).get("/calls/spring-walk").text
    assert "Spring walk" in client.get("/calls").text

    assert secretary.post("/calls/spring-walk/close").status_code == 303
    assert "/apply" not in client.get("/calls/spring-walk").text
    assert secretary.post("/calls/spring-walk/archive").status_code == 303
    deeds = [deed.deed for deed in history.deeds(session, "call", the_call(session, "spring-walk").id)]
    assert deeds == ["archived", "closed", "published", "edited", "document added", "created"]


@pytest.mark.parametrize("path", ["/calls/new", "/calls/{}/copy"])
def test_a_form_sent_twice_makes_one_call(session: Session, cast: Cast, as_: As, path: str) -> None:
    earlier = make.call(session)
    secretary, form = as_(cast.secretary), soon(key=str(uuid.uuid4()), slug="once")
    answers = [secretary.post(path.format(earlier.slug), data=form) for _ in range(2)]
    assert [(each.status_code, each.headers["location"]) for each in answers] == [(303, "/calls/once/edit")] * 2
    assert len(session.exec(select(Call).where(col(Call.slug).startswith("once"))).all()) == 1


def test_a_call_is_copied_from_the_page_of_an_earlier_one(session: Session, cast: Cast, as_: As) -> None:
    earlier = make.call(session, status=CallStatus.CLOSED, age_to=25)
    make.question(session, earlier, "one")
    secretary = as_(cast.secretary)
    assert f'href="/calls/{earlier.slug}/copy"' in secretary.get(f"/calls/{earlier.slug}").text
    begun = secretary.get(f"/calls/{earlier.slug}/copy").text
    assert earlier.title("en") in begun and "moved on by whole years" in begun
    assert f'value="{earlier.opens_at.year + 1}-' in begun
    made = secretary.post(f"/calls/{earlier.slug}/copy", data=soon(title_en=earlier.title("en"), slug="second"))
    assert made.headers["location"] == "/calls/second/edit"
    copy = the_call(session, "second")
    assert (copy.copied_from, copy.age_to, copy.titles) == (earlier.id, 25, earlier.titles)
    assert "1 question" in secretary.get("/calls/second/edit").text
    assert "/copy" not in as_(cast.host_coordinator).get(f"/calls/{earlier.slug}").text


def test_what_was_typed_is_shown_again_and_escaped(cast: Cast, as_: As) -> None:
    key = str(uuid.uuid4())
    form = soon(title_en="<b>Call</b>", rankings_due_at="2027-01-01T00:00", key=key)
    answer = as_(cast.secretary).post("/calls/new", data=form)
    assert answer.status_code == 422
    assert "Enter a time that is not before nominations are due." in answer.text
    assert "&lt;b&gt;Call&lt;/b&gt;" in answer.text and "<b>Call" not in answer.text
    assert key in answer.text


@pytest.mark.parametrize(
    ("page", "form", "sentence", "typed"),
    [
        ("texts", {"title_en": "", "text_ko": "<script>"}, "Title in English: Fill this in.", "&lt;script&gt;"),
        ("dates", {**RIGHT, "openings_due_at": "2027-12-24T18:00"}, "not before openings are due", "2027-12-24T18:00"),
        ("eligibility", {**RULES, "age_to": "17"}, "not below the youngest", 'value="17"'),
        ("eligibility", {**RULES, "governments": "KR-99"}, "Choose one from the list.", 'value="2027-01-01"'),
        ("quotas", {**QUOTAS, "cap_MN": "none"}, "Most nominations from Mongolia: Enter a whole", 'value="none"'),
        ("documents/new", {"purpose": "other", "hint_en": "<b>"}, "Write a title in English", "&lt;b&gt;"),
        ("questions/new", {**ASKED, "option_2_en": "", "text_en": "<i>"}, "at least two options", "&lt;i&gt;"),
        ("questions/new", {**ASKED, "kind": "essay"}, "Choose one from the list.", "Autumn"),
    ],
)
def test_each_page_refuses_with_a_sentence(
    session: Session, cast: Cast, as_: As, page: str, form: dict[str, str], sentence: str, typed: str
) -> None:
    draft = make.call(session, status=CallStatus.DRAFT)
    answer = as_(cast.secretary).post(f"/calls/{draft.slug}/edit/{page}", data=form)
    assert answer.status_code == 422
    assert sentence in answer.text and typed in answer.text
    session.commit()
    assert history.deeds(session, "call", draft.id) == []


def test_an_address_is_given_once(session: Session, cast: Cast, as_: As) -> None:
    taken, own = make.call(session), make.call(session, status=CallStatus.DRAFT)
    secretary = as_(cast.secretary)
    for path in ("/calls/new", f"/calls/{own.slug}/copy", f"/calls/{own.slug}/edit/texts"):
        answer = secretary.post(path, data=soon(slug=taken.slug))
        assert answer.status_code == 422
        assert "Another call has this address." in answer.text


def test_a_draft_moves_to_its_new_address(session: Session, cast: Cast, as_: As) -> None:
    draft = make.call(session, status=CallStatus.DRAFT)
    secretary = as_(cast.secretary)
    assert draft.title("zh-Hans") in secretary.get(f"/calls/{draft.slug}/edit/texts").text
    answer = secretary.post(f"/calls/{draft.slug}/edit/texts", data={"title_en": "Moved", "slug": "moved"})
    assert answer.headers["location"] == "/calls/moved/edit"
    assert the_call(session, "moved").id == draft.id


def test_a_published_address_stays(session: Session, cast: Cast, as_: As) -> None:
    call = make.call(session)
    answer = as_(cast.secretary).post(f"/calls/{call.slug}/edit/texts", data={"title_en": "New", "slug": "moved"})
    assert answer.headers["location"] == f"/calls/{call.slug}/edit"
    assert the_call(session, call.slug).title("en") == "New"


def test_a_published_deadline_changes_and_that_is_explained(session: Session, cast: Cast, as_: As) -> None:
    call = make.call(session)
    secretary = as_(cast.secretary)
    shown = secretary.get(f"/calls/{call.slug}/edit/dates").text
    assert "people count on its dates" in shown and to_local(call.opens_at, call.zone) in shown
    answer = secretary.post(f"/calls/{call.slug}/edit/dates", data=soon(rankings_due_at="2060-01-01T18:00"))
    assert answer.headers["location"] == f"/calls/{call.slug}/edit"
    assert the_call(session, call.slug).rankings_due_at == dt.datetime(2060, 1, 1, 9, tzinfo=dt.UTC)
    [deed] = history.deeds(session, "call", call.id)
    assert deed.details["after"]["rankings_due_at"].startswith("2060-01-01")


def test_rules_and_quotas_are_kept_and_told_in_sentences(
    session: Session, cast: Cast, as_: As, client: TestClient
) -> None:
    call = make.call(session)
    secretary, here = as_(cast.secretary), f"/calls/{call.slug}/edit"
    rules = {**RULES, "countries": ["MN", "KR"], "governments": ["MN-1"], "language_level": "C1", "age_to": "24"}
    assert secretary.post(f"{here}/eligibility", data=rules).status_code == 303
    assert secretary.post(f"{here}/quotas", data={**QUOTAS, "cap_MN": "8"}).status_code == 303
    told = " ".join(client.get(f"/calls/{call.slug}").text.split())
    for sentence in (
        "You apply through a regional government in one of these countries: Republic of Korea, Mongolia.",
        "You are between 18 and 24 years old on 1 January 2027.",
        "You speak at least one language at level C1 or better.",
        "Mongolia: all governments together can nominate up to 8 applicants.",
    ):
        assert sentence in told
    assert "You are enrolled" not in told and "You have not had a place" not in told
    shown = secretary.get(f"{here}/eligibility").text
    assert 'value="MN-1" checked' in shown and 'value="KR-47">' in shown
    assert 'value="8"' in secretary.get(f"{here}/quotas").text


def test_documents_are_asked_for_in_an_order(session: Session, cast: Cast, as_: As, client: TestClient) -> None:
    call = make.call(session)
    make.requested_document(session, call)
    secretary, here = as_(cast.secretary), f"/calls/{call.slug}/edit/documents"
    key = str(uuid.uuid4())
    form = {"purpose": "other", "title_en": "Portfolio", "title_zh": "作品集", "hint_en": "Ten pages", "key": key}
    assert [secretary.post(f"{here}/new", data=form).headers["location"] for _ in range(2)] == [here] * 2
    session.expire_all()
    [cv, portfolio] = queries.documents(session, call.id)
    assert (portfolio.purpose, portfolio.is_required, portfolio.shown_to_hosts) == (Purpose.OTHER, False, False)
    listed = secretary.get(here).text
    assert listed.index("CV") < listed.index("Portfolio")
    assert secretary.post(f"{here}/{portfolio.id}/up").status_code == 303
    listed = client.get(f"/calls/{call.slug}").text
    assert listed.index("Portfolio (optional)") < listed.index("CV") and "Ten pages" in listed
    assert "作品集" in client.get(f"/calls/{call.slug}", headers={"accept-language": "zh-Hans"}).text
    assert "What a document is for cannot be changed" in secretary.get(f"{here}/{cv.id}").text
    assert secretary.post(f"{here}/{cv.id}", data={"hint_ru": "Две страницы"}).status_code == 303
    assert secretary.post(f"{here}/{portfolio.id}", data={"title_ja": "作品"}).status_code == 422
    assert secretary.post(f"{here}/{portfolio.id}/remove").status_code == 303
    session.expire_all()
    [cv] = queries.documents(session, call.id)
    assert (cv.hints, cv.is_required) == ({"ru": "Две страницы"}, False)


def test_a_document_with_files_is_not_removed_and_the_page_says_why(session: Session, cast: Cast, as_: As) -> None:
    application = make.application(session, applicant=cast.applicant)
    call = session.get_one(Call, application.call_id)
    cv, file = make.requested_document(session, call), make.stored_file(session, cast.applicant)
    make.saved(session, Document(application_id=application.id, requested_id=cv.id, file_id=file.id))
    session.commit()
    answer = as_(cast.secretary).post(f"/calls/{call.slug}/edit/documents/{cv.id}/remove")
    assert answer.status_code == 409
    assert "Make it optional instead." in answer.text
    session.expire_all()
    assert cv.id in {each.id for each in queries.documents(session, call.id)}


@pytest.mark.parametrize("kind", QuestionKind)
def test_each_kind_of_question_is_asked_shown_and_previewed(
    session: Session, cast: Cast, as_: As, client: TestClient, kind: QuestionKind
) -> None:
    call = make.call(session)
    secretary, here = as_(cast.secretary), f"/calls/{call.slug}/edit/questions"
    form = {**ASKED, "kind": kind.value, "text_zh": "何时？", "hint_en": "Roughly.", "is_required": "true"}
    assert secretary.post(f"{here}/new", data={**form, "max_length": "200", "limit_unit": "words"}).status_code == 303
    session.expire_all()
    [question] = queries.questions(session, call.id)
    assert (question.kind, question.texts, question.is_required) == (kind, {"en": "When?", "zh-Hans": "何时？"}, True)
    listed = secretary.get(here).text
    assert str(words.KINDS[kind]) in listed and "Roughly." in listed
    assert ("Autumn" in listed) == (kind in {QuestionKind.ONE, QuestionKind.SEVERAL})
    assert ("up to 200 words" in listed) == (kind is QuestionKind.LONG)
    assert "何时？" in client.get(f"/calls/{call.slug}", headers={"accept-language": "zh-Hans"}).text
    assert secretary.get(f"{here}/{question.id}").status_code == 200


def test_questions_are_moved_mended_and_removed(session: Session, cast: Cast, as_: As) -> None:
    call = make.call(session)
    first, second = make.question(session, call), make.question(session, call, "several")
    secretary, here = as_(cast.secretary), f"/calls/{call.slug}/edit/questions"
    assert secretary.post(f"{here}/{second.id}/up").status_code == 303
    session.expire_all()
    assert queries.questions(session, call.id) == [second, first]
    mended = {**ASKED, "option_1_code": "b", "option_1_ja": "春"}
    assert secretary.post(f"{here}/{second.id}", data=mended).status_code == 303
    session.expire_all()
    assert queries.questions(session, call.id)[0].options == [
        {"code": "b", "texts": {"en": "Spring", "ja": "春"}},
        {"code": "a", "texts": {"en": "Autumn"}},
    ]
    assert secretary.post(f"{here}/{first.id}/remove").status_code == 303
    session.expire_all()
    assert len(queries.questions(session, call.id)) == 1


def test_an_answered_question_keeps_its_kind_and_the_page_says_so(session: Session, cast: Cast, as_: As) -> None:
    call = make.call(session)
    question = make.question(session, call, "one", answered_at=now())
    secretary, here = as_(cast.secretary), f"/calls/{call.slug}/edit/questions/{question.id}"
    shown = secretary.get(here).text
    assert "its kind stays and it cannot be removed" in shown and 'type="radio" value="date"' not in shown
    assert f"{here}/remove" not in secretary.get(f"/calls/{call.slug}/edit/questions").text
    kept = {**ASKED, "option_1_code": "a", "option_2_code": "b"}
    emptied = secretary.post(here, data={**kept, "option_2_en": "", "option_3_en": "New"})
    assert (emptied.status_code, "Somebody may have chosen" in emptied.text) == (422, True)
    assert secretary.post(here, data={**kept, "kind": "number"}).status_code == 409
    assert secretary.post(f"{here}/remove").status_code == 409
    assert secretary.post(here, data={**kept, "option_3_en": "Both"}).status_code == 303
    session.expire_all()
    [question] = queries.questions(session, call.id)
    assert [each["code"] for each in question.options] == ["a", "b", "c"]


def test_an_incomplete_draft_says_what_it_wants(session: Session, cast: Cast, as_: As) -> None:
    draft = make.call(session, status=CallStatus.DRAFT, texts={"en": ""})
    secretary = as_(cast.secretary)
    shown = secretary.get(f"/calls/{draft.slug}").text
    assert "Write the text in English first." in shown and "Publish the call" not in shown
    answer = secretary.post(f"/calls/{draft.slug}/publish")
    assert (answer.status_code, "Write the text in English first." in answer.text) == (409, True)


def test_the_task_list_shows_which_languages_are_missing(session: Session, cast: Cast, as_: As) -> None:
    draft = make.call(session, status=CallStatus.DRAFT)
    shown = as_(cast.secretary).get(f"/calls/{draft.slug}/edit").text
    title, text = shown.split('<th scope="row"')[1:3]
    assert (title.count("Missing"), text.count("Missing")) == (4, 5)


def test_a_missing_language_falls_back_to_english(session: Session, client: TestClient) -> None:
    call = make.call(session, titles={"en": "Walks"}, texts={"en": "Come and walk.", "zh-Hans": ""})
    make.question(session, call)
    session.commit()
    shown = client.get(f"/calls/{call.slug}", headers={"accept-language": "zh-Hans"}).text
    assert "Walks" in shown and "Come and walk." in shown and "Question 1?" in shown


def test_the_dates_as_a_calendar_file(session: Session, cast: Cast, client: TestClient) -> None:
    call = make.call(session, slug="walks")
    session.commit()
    assert 'href="/calls/walks/calendar.ics"' in client.get("/calls/walks").text
    answer = client.get("/calls/walks/calendar.ics")
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="walks.ics"'
    events = Calendar.from_ical(answer.content).walk("VEVENT")
    assert [event.start for event in events] == [deadline.at for deadline in rules.deadlines(call)]
    assert f"Applications due: {call.title('en')}" in [str(event["summary"]) for event in events]
    assert len({str(event["uid"]) for event in events}) == 6
    chinese = client.get("/calls/walks/calendar.ics", headers={"accept-language": "zh-Hans"}).content
    assert call.title("zh-Hans") in str(Calendar.from_ical(chinese).walk("VEVENT")[0]["summary"])
    again = Calendar.from_ical(chinese).walk("VEVENT")
    assert [str(event["uid"]) for event in again] == [str(event["uid"]) for event in events]


def paths(session: Session, call: Call) -> list[tuple[str, dict[str, str]]]:
    """Every address of a call's editor that changes something, with a form that is right."""
    asked = {"document": make.requested_document(session, call).id, "question": make.question(session, call).id}
    pages = [(f"/calls/{call.slug}/edit/{path.format(**asked)}", form or soon()) for path, form in FORMS.items()]
    steps = [(f"/calls/{call.slug}/{step}", {}) for step in STEPS]
    return [(f"/calls/{call.slug}/copy", soon()), *pages, *steps]


def test_who_may_not_change_a_call(session: Session, cast: Cast, as_: As, client: TestClient) -> None:
    call, draft = make.call(session), make.call(session, status=CallStatus.DRAFT)
    public, hidden = paths(session, call), paths(session, draft)
    session.commit()
    secretary, outsiders = as_(cast.secretary), [as_(cast.stranger), as_(cast.host_coordinator), as_(cast.auditor)]
    for path, form in [("/calls/new", soon()), *public]:
        assert client.post(path, data=form).status_code == 401, path
        assert [each.post(path, data=form).status_code for each in outsiders] == [403] * 3, path
        elsewhere = {"sec-fetch-site": "cross-site"}
        assert secretary.post(path, data=form, headers=elsewhere).status_code == 403, path
    assert {outsiders[0].post(path, data=form).status_code for path, form in hidden} == {404}
    assert the_call(session, call.slug).status is CallStatus.PUBLISHED
    assert len(session.exec(select(Call)).all()) == 2
    assert history.deeds(session, "call", call.id) == []


def test_a_closed_call_is_not_edited_but_copied(session: Session, cast: Cast, as_: As) -> None:
    call = make.call(session, status=CallStatus.CLOSED)
    given = [(path, form) for path, form in paths(session, call) if "/edit" in path]
    secretary = as_(cast.secretary)
    for path, form in given:
        assert secretary.post(path, data=form).status_code == 409, path
        if "up" not in path and "down" not in path and "remove" not in path:
            assert secretary.get(path).status_code == 409, path
            assert as_(cast.stranger).get(path).status_code == 403, path
    assert secretary.get(f"/calls/{call.slug}/edit").status_code == 409
    assert secretary.get(f"/calls/{call.slug}/copy").status_code == 200


def test_every_page_of_the_editor_is_shown(session: Session, cast: Cast, as_: As) -> None:
    secretary = as_(cast.secretary)
    for call in (make.call(session), make.call(session, status=CallStatus.DRAFT)):
        asked = {"document": make.requested_document(session, call).id, "question": make.question(session, call).id}
        session.commit()
        for path in ("", "/documents", "/questions", *(f"/{path.format(**asked)}" for path in FORMS)):
            if path.endswith(("up", "down", "remove")):
                continue
            shown = secretary.get(f"/calls/{call.slug}/edit{path}")
            assert (shown.status_code, call.title("en") in shown.text) == (200, True), path


@pytest.mark.parametrize("step", STEPS)
def test_steps_at_the_wrong_moment(session: Session, cast: Cast, as_: As, step: str) -> None:
    call = make.call(session, status=CallStatus.ARCHIVED)
    assert as_(cast.secretary).post(f"/calls/{call.slug}/{step}").status_code == 409
    assert the_call(session, call.slug).status is CallStatus.ARCHIVED


def test_an_unknown_step_or_call_is_not_found(session: Session, cast: Cast, as_: As) -> None:
    call = make.call(session)
    secretary = as_(cast.secretary)
    assert secretary.post(f"/calls/{call.slug}/burn").status_code == 404
    for asked in ("documents", "questions"):
        assert secretary.get(f"/calls/{call.slug}/edit/{asked}/{uuid.uuid4()}").status_code == 404
        assert secretary.post(f"/calls/{call.slug}/edit/{asked}/{uuid.uuid4()}/remove").status_code == 404
        assert secretary.post(f"/calls/{call.slug}/edit/{asked}/{uuid.uuid4()}/sideways").status_code == 404
    assert secretary.post("/calls/nowhere/close").status_code == 404
    assert secretary.get("/calls/nowhere").status_code == 404


def test_the_list_shows_drafts_to_the_secretariat_only(session: Session, cast: Cast, as_: As) -> None:
    draft = make.call(session, status=CallStatus.DRAFT)
    assert draft.title("en") in as_(cast.secretary).get("/calls").text
    assert draft.title("en") in as_(cast.auditor).get("/calls").text
    strangers = as_(cast.stranger).get("/calls").text
    assert draft.title("en") not in strangers and "No call is open" in strangers


def test_the_readers_own_clock_is_shown_beside_the_calls(session: Session, as_: As) -> None:
    call = make.call(session, applications_due_at=dt.datetime(2060, 3, 31, 9, tzinfo=dt.UTC),
                     nominations_due_at=dt.datetime(2060, 4, 30, 9, tzinfo=dt.UTC))  # fmt: skip
    reader = as_(make.person(session, zone="Asia/Ulaanbaatar"))
    for path in ("/calls", f"/calls/{call.slug}"):
        assert "18:00 in Seoul (UTC+9) — 17:00 in Ulaanbaatar" in reader.get(path).text


def test_the_list_asks_as_often_for_three_as_for_one(session: Session, database: Database, cast: Cast, as_: As) -> None:
    secretary, asked = as_(cast.secretary), []
    for more in (1, 2):
        for _ in range(more):
            make.call(session)
            make.call(session, status=CallStatus.DRAFT)
        session.commit()
        with counting.queries(database) as seen:
            assert secretary.get("/calls").status_code == 200
        asked.append(len(seen))
    assert asked[0] == asked[1] > 0


@pytest.mark.parametrize(
    "path", ["/calls/{}", "/calls/{}/edit", "/calls/{}/edit/documents", "/calls/{}/edit/questions"]
)
def test_pages_ask_as_often_for_three_as_for_one(
    session: Session, database: Database, cast: Cast, as_: As, path: str
) -> None:
    call = make.call(session)
    secretary, asked = as_(cast.secretary), []
    for more in (1, 2):
        for _ in range(more):
            make.requested_document(session, call)
            make.question(session, call, "one")
        session.commit()
        with counting.queries(database) as seen:
            assert secretary.get(path.format(call.slug)).status_code == 200
        asked.append(len(seen))
    assert asked[0] == asked[1] > 0
