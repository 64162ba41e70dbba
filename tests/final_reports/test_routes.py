"""Writing, sending, deciding on and publishing a report, and who may not."""

import datetime as dt
import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from portal.clock import now, today
from portal.files.models import StoredFile
from portal.final_reports import queries, rules
from portal.final_reports.models import FinalReport, NameShown, ReportStatus
from portal.history import queries as history
from portal.home import queries as home
from portal.jobs.registry import Services
from portal.mail.models import Message
from portal.placements.models import Placement
from tests import counting, make
from tests.database import JoinedDatabase
from tests.files import samples
from tests.people import Cast
from tests.reminding.running import reminded

As = Callable[..., TestClient]
PART = make.SENTENCE * 30
TYPED = {"title": "Two rivers", "language": "en", "did": PART, "learned": PART, "proposals": PART, "publication": "no"}
OTHERS = ("host_coordinator", "home_coordinator", "secretary", "auditor")


@pytest.fixture
def placement(session: Session, cast: Cast) -> Placement:
    """Completed ten days ago."""
    return stay(session, cast, "completed", today() - dt.timedelta(days=10))


def stay(session: Session, cast: Cast, state: str, ends_on: dt.date) -> Placement:
    opening = make.opening(session, make.call(session), cast.host)
    application = make.application(session, "nominated", applicant=cast.applicant, home=cast.home, choices=[opening])
    made: Placement = make.placement(
        session, state, application=application, starts_on=ends_on - dt.timedelta(days=60), ends_on=ends_on
    )
    _ = cast.host_coordinator, cast.home_coordinator, cast.stranger, cast.secretary, cast.auditor
    session.commit()
    return made


def write(client: TestClient, placement: Placement, then: str = "save", **typed: Any) -> Any:
    """As the page's form does: with the version that the page was made of."""
    path = f"/placements/{placement.id}/report"
    version = re.search(r'name="version" value="(\w*)"', client.get(path).text)
    sent = {"version": version.group(1) if version else "", "key": str(uuid.uuid4()), **TYPED, **typed, "then": then}
    file = sent.pop("file", None)
    return client.post(path, data=sent, files={"file": file} if file else None)


def the_report(session: Session) -> FinalReport:
    session.expire_all()
    return session.exec(select(FinalReport)).one()


def mails(session: Session) -> list[tuple[str, uuid.UUID | None]]:
    return sorted((each.template, each.person_id) for each in session.exec(select(Message)))  # type: ignore[type-var]


def deeds(session: Session, placement: Placement) -> list[str]:
    return [entry.deed for entry in reversed(history.deeds(session, "placement", placement.id))]


def post(client: TestClient, placement: Placement, step: str, **data: str) -> Any:
    return client.post(f"/placements/{placement.id}/report/{step}", data=data)


# Writing


def test_a_draft_of_any_length_is_kept(session: Session, cast: Cast, as_: As, placement: Placement) -> None:
    client = as_(cast.applicant)
    answer = write(client, placement, title="", did="I <b>began</b>.", learned="", proposals="")
    assert answer.headers["location"] == f"/placements/{placement.id}/report"
    page = client.get(answer.headers["location"])
    assert "I &lt;b&gt;began&lt;/b&gt;." in page.text and "Saved length: 2 words. It must be 1000 to 2000." in page.text
    assert the_report(session).status is ReportStatus.DRAFT
    assert deeds(session, placement) == [] and mails(session) == []


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"did": "Too short."}, "Your report has 902 words. It needs 1000 to 2000."),
        ({"did": PART * 3}, "Your report has 2250 words."),
        ({"language": "zh-Hans", "did": "很短。"}, "characters without spaces. It needs 1560 to 3120."),
        ({"title": ""}, rules.NO_TITLE),
        ({"learned": " "}, rules.NO_TEXT),
    ],
)
def test_what_cannot_be_sent_is_explained_and_kept(
    session: Session, cast: Cast, as_: As, placement: Placement, typed: dict[str, str], said: str
) -> None:
    answer = write(as_(cast.applicant), placement, "submit", **typed)
    assert answer.status_code == 422 and said in answer.text
    kept = the_report(session)
    assert kept.status is ReportStatus.DRAFT and kept.proposals == PART.strip()
    assert mails(session) == []


def test_a_title_that_is_too_long_leaves_everything_typed_on_the_page(
    session: Session, cast: Cast, as_: As, placement: Placement
) -> None:
    answer = write(as_(cast.applicant), placement, title="x" * 201, did="Typed <em>and kept.")
    assert answer.status_code == 422
    assert "Use at most 200 characters." in answer.text and "Typed &lt;em&gt;and kept." in answer.text


def test_what_was_changed_elsewhere_is_not_overwritten(
    session: Session, cast: Cast, as_: As, placement: Placement
) -> None:
    client, path = as_(cast.applicant), f"/placements/{placement.id}/report"
    write(client, placement, did="From the other window.")
    answer = client.post(path, data={**TYPED, "version": "stale", "did": "From this window."})
    assert answer.status_code == 409
    assert "From this window." in answer.text and "From the other window." in answer.text
    assert the_report(session).did == "From the other window."
    version = re.search(r'name="version" value="(\w*)"', answer.text)
    assert version is not None
    assert client.post(path, data={**TYPED, "version": version.group(1), "did": "Mine."}).status_code == 303
    assert the_report(session).did == "Mine."


def test_sending_it_tells_the_intern_and_waits_for_the_secretariat(
    session: Session, cast: Cast, as_: As, placement: Placement
) -> None:
    waiting = {str(w.text): w.href for w in home.waiting_for(session, make.viewer(session, cast.applicant))}
    assert waiting["Final report to write"] == f"/placements/{placement.id}/report"
    client, key = as_(cast.applicant), str(uuid.uuid4())
    assert write(client, placement, "submit", key=key).status_code == 303
    assert write(client, placement, "submit", key=key).status_code == 303, "a double click is one report"
    assert write(client, placement, "submit").status_code == 409
    kept = the_report(session)
    assert kept.status is ReportStatus.SUBMITTED and kept.submitted_at is not None
    assert mails(session) == [("final_reports/submitted", cast.applicant.id)]
    assert deeds(session, placement) == ["final report submitted"]
    assert "Final report to write" not in {
        str(w.text) for w in home.waiting_for(session, make.viewer(session, cast.applicant))
    }
    waiting = {str(w.text): w.href for w in home.waiting_for(session, make.viewer(session, cast.secretary))}
    assert as_(cast.secretary).get(waiting["Final reports to read"]).text.count("Two rivers") == 1


def test_it_is_written_from_the_first_day_and_sent_in_the_last_week(session: Session, cast: Cast, as_: As) -> None:
    active = stay(session, cast, "active", today() + dt.timedelta(days=20))
    client = as_(cast.applicant)
    assert "Send the report" not in client.get(f"/placements/{active.id}/report").text
    answer = write(client, active, "submit")
    assert answer.status_code == 409 and rules.TOO_EARLY in answer.text
    assert the_report(session).title == "Two rivers", "kept until then"
    viewer = make.viewer(session, cast.applicant)
    assert "Final report to write" not in {str(w.text) for w in home.waiting_for(session, viewer)}
    active.ends_on = today() + dt.timedelta(days=5)
    session.commit()
    assert "Final report to write" in {str(w.text) for w in home.waiting_for(session, viewer)}
    assert write(client, active, "submit").status_code == 303


@pytest.mark.parametrize("state", ["offered", "accepted", "agreed"])
def test_before_the_stay_there_is_nothing_to_report(session: Session, cast: Cast, as_: As, state: str) -> None:
    coming = stay(session, cast, state, today() + dt.timedelta(days=90))
    client = as_(cast.applicant)
    assert client.get(f"/placements/{coming.id}/report").status_code == 409
    assert write(client, coming).status_code == 409


def test_who_ended_early_may_write_and_late_is_shown(session: Session, cast: Cast, as_: As) -> None:
    ended = stay(session, cast, "ended_early", today() - dt.timedelta(days=45))
    client = as_(cast.applicant)
    assert "Late" in client.get(f"/placements/{ended.id}/report").text
    assert write(client, ended, "submit").status_code == 303
    for page in (f"/placements/{ended.id}/report", "/final-reports"):
        assert ">Late<" in re.sub(r"\s+", "", as_(cast.secretary).get(page).text)


def test_a_file_is_given_replaced_read_and_removed(session: Session, cast: Cast, as_: As, placement: Placement) -> None:
    client, path = as_(cast.applicant), f"/placements/{placement.id}/report/file"
    assert write(client, placement, file=("first.pdf", samples.pdf(), "application/pdf")).status_code == 303
    assert as_(cast.host_coordinator).get(path).status_code == 404, "a draft is nobody else's"
    assert write(client, placement, file=("second.pdf", samples.pdf(), "application/pdf")).status_code == 303
    assert [each.name for each in session.exec(select(StoredFile)) if each.name != "cv.pdf"] == ["second.pdf"]
    wrong = write(client, placement, did="Kept all the same.", file=("notes.exe", b"MZ", "application/pdf"))
    assert wrong.status_code == 422 and "PDF, DOCX, HWPX" in wrong.text
    assert the_report(session).did == "Kept all the same."
    write(client, placement, "submit")
    for name in OTHERS:
        assert as_(getattr(cast, name)).get(path).content.startswith(b"%PDF")
    assert as_(cast.stranger).get(path).status_code == 404
    assert post(client, placement, "file/remove").status_code == 409, "it was sent"
    post(as_(cast.secretary), placement, "return", reason="Another picture, please.")
    assert post(client, placement, "file/remove").status_code == 303
    assert client.get(path).status_code == 404


def test_the_office_writes_for_an_intern_from_paper(session: Session, cast: Cast, as_: As) -> None:
    opening = make.opening(session, make.call(session), cast.host)
    paper = make.paper_application(
        session, cast.home_coordinator, "nominated", home=cast.home, call=opening.call, choices=[opening]
    )
    done = make.placement(session, "completed", application=paper)
    session.commit()
    assert write(as_(cast.home_coordinator), done, "submit").status_code == 303
    assert mails(session) == [("final_reports/submitted", cast.home_coordinator.id)]
    assert history.deeds(session, "placement", done.id)[0].details["on_behalf"] is True


# Who may


def test_nobody_else_writes(session: Session, cast: Cast, as_: As, client: TestClient, placement: Placement) -> None:
    path = f"/placements/{placement.id}/report"
    for step in ("", "/consent", "/file/remove"):
        assert client.post(path + step, data=TYPED).status_code == 401
        assert as_(cast.stranger).post(path + step, data=TYPED).status_code == 404
        for name in OTHERS:
            assert as_(getattr(cast, name)).post(path + step, data=TYPED).status_code == 403
        cross = as_(cast.applicant).post(path + step, data=TYPED, headers={"sec-fetch-site": "cross-site"})
        assert cross.status_code == 403
    assert as_(cast.stranger).get(path).status_code == 404
    assert session.exec(select(FinalReport)).all() == []


@pytest.mark.parametrize("step", ["accept", "return", "publish", "take-down"])
def test_nobody_but_the_secretariat_decides(
    session: Session, cast: Cast, as_: As, client: TestClient, placement: Placement, step: str
) -> None:
    make.report(session, "submitted", placement=placement)
    session.commit()
    assert post(client, placement, step, reason="A good reason.").status_code == 401
    assert post(as_(cast.stranger), placement, step, reason="A good reason.").status_code == 404
    for name in ("applicant", "host_coordinator", "home_coordinator", "auditor"):
        assert post(as_(getattr(cast, name)), placement, step, reason="A good reason.").status_code == 403
    path = f"/placements/{placement.id}/report/{step}"
    assert as_(cast.secretary).post(path, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert the_report(session).status is ReportStatus.SUBMITTED


@pytest.mark.parametrize(
    ("state", "step"),
    [
        ("draft", "accept"), ("returned", "accept"), ("accepted", "accept"), ("draft", "return"),
        ("accepted", "return"), ("submitted", "publish"), ("accepted", "publish"), ("accepted", "take-down"),
    ],
)  # fmt: skip
def test_at_the_wrong_moment_it_is_refused(
    session: Session, cast: Cast, as_: As, placement: Placement, state: str, step: str
) -> None:
    make.report(session, state, placement=placement)
    session.commit()
    assert post(as_(cast.secretary), placement, step, reason="A good reason.").status_code == 409


def test_others_read_it_once_it_is_submitted(session: Session, cast: Cast, as_: As, placement: Placement) -> None:
    report = make.report(session, placement=placement, did="What only I know.")
    session.commit()
    path = f"/placements/{placement.id}/report"
    for name in OTHERS:
        page = as_(getattr(cast, name)).get(path)
        assert page.status_code == 200 and "What only I know." not in page.text
    report.status, report.submitted_at = ReportStatus.SUBMITTED, now()
    session.commit()
    for name in OTHERS:
        assert "What only I know." in as_(getattr(cast, name)).get(path).text


# Deciding


def test_it_is_returned_as_often_as_needed_and_then_accepted(
    session: Session, cast: Cast, as_: As, placement: Placement
) -> None:
    intern, secretary = as_(cast.applicant), as_(cast.secretary)
    write(intern, placement, "submit")
    first = the_report(session).submitted_at
    for _ in range(2):
        assert post(secretary, placement, "return", reason="<b>Short").status_code == 422
        assert post(secretary, placement, "return", reason="Leave <out> the names.").status_code == 303
        assert "Leave &lt;out&gt; the names." in intern.get(f"/placements/{placement.id}/report").text
        assert queries.accepted(session, placement) is None
        assert write(intern, placement, "submit").status_code == 303
    assert post(secretary, placement, "accept").status_code == 303
    kept = queries.accepted(session, placement)
    assert kept is not None and kept.accepted_by == cast.secretary.id and kept.submitted_at == first
    assert {template for template, _person in mails(session)} == {
        "final_reports/submitted", "final_reports/returned", "final_reports/accepted"
    }  # fmt: skip
    assert deeds(session, placement)[-1] == "final report accepted"


# Publication


def test_it_is_public_with_consent_and_a_secretarys_word_and_gone_with_either(
    session: Session, cast: Cast, as_: As, client: TestClient, placement: Placement
) -> None:
    report = make.report(session, "accepted", placement=placement, did="Read <this>!")
    session.commit()
    intern, secretary, path = as_(cast.applicant), as_(cast.secretary), f"/experiences/{report.id}"
    assert post(secretary, placement, "publish").status_code == 409
    assert post(intern, placement, "consent", publication="full").status_code == 303
    assert client.get(path).status_code == 404, "a secretary reads it first"
    assert "duty of the secretariat" in secretary.get(f"/placements/{placement.id}/report").text
    assert post(secretary, placement, "publish").status_code == 303
    assert "Read &lt;this&gt;!" in client.get(path).text and "Read <this>" not in client.get(path).text
    assert report.title in client.get("/experiences").text
    assert post(intern, placement, "consent", publication="no").status_code == 303
    assert client.get(path).status_code == 404 and report.title not in client.get("/experiences").text
    post(intern, placement, "consent", publication="given")
    assert client.get(path).status_code == 404, "it is published anew, or not"
    post(secretary, placement, "publish")
    assert client.get(path).status_code == 200
    assert post(secretary, placement, "take-down").status_code == 303
    assert client.get(path).status_code == 404
    assert "consent to publication changed" in deeds(session, placement)


@pytest.mark.parametrize(
    ("shown", "there", "missing"),
    [
        (NameShown.FULL, ["Batbayar"], []),
        (NameShown.GIVEN, ["Tuul"], ["Batbayar"]),
        (NameShown.UNNAMED, [], ["Tuul", "Batbayar"]),
    ],
)
def test_the_public_page_says_no_more_than_the_author_allows(
    session: Session, cast: Cast, client: TestClient, placement: Placement, shown: NameShown, there: list[str],
    missing: list[str],
) -> None:  # fmt: skip
    report = make.published_report(session, placement=placement, name_shown=shown)
    session.commit()
    application = session.get_one(make.Application, placement.application_id)
    secrets = [str(placement.id), str(application.id), application.number, cast.applicant.email, application.phone]
    for path in ("/experiences", f"/experiences/{report.id}"):
        text = client.get(path).text
        assert cast.host.name("en") in text and placement.starts_on.strftime("%B %Y") in text
        assert all(word in text for word in there)
        assert not any(word in text for word in [*missing, *secrets, str(placement.starts_on)])


@pytest.mark.parametrize("state", ["draft", "submitted", "returned", "accepted"])
def test_nothing_else_is_public(session: Session, client: TestClient, placement: Placement, state: str) -> None:
    report = make.report(session, state, placement=placement, may_publish=True)
    session.commit()
    assert client.get(f"/experiences/{report.id}").status_code == 404
    assert report.title not in client.get("/experiences").text


def test_the_list_is_narrowed_by_country_and_language(session: Session, client: TestClient) -> None:
    korean = make.published_report(session, title="In Korea")
    there = make.opening(session, make.call(session), make.government(session, "JP-32"))
    stay = make.placement(session, "completed", opening=there)
    make.published_report(session, title="In Japan", placement=stay, language="ja")
    session.commit()
    assert korean.language == "en"
    for query, title, other in (
        ("country=JP", "In Japan", "In Korea"), ("language=en", "In Korea", "In Japan"),
        ("country=KR&language=en", "In Korea", "In Japan"),
    ):  # fmt: skip
        text = client.get(f"/experiences?{query}").text
        assert title in text and other not in text
    assert "No report fits." in client.get("/experiences?country=KR&language=ja").text
    assert client.get("/experiences?country=XX").status_code == 404


def test_the_public_list_has_pages(session: Session, client: TestClient) -> None:
    at = now()
    made = [
        make.published_report(session, title=f"Report number {n:02}", published_at=at - dt.timedelta(minutes=n))
        for n in range(51)
    ]
    session.commit()
    first = client.get("/experiences").text
    assert "Report number 49" in first and "Report number 50" not in first
    second = client.get(f"/experiences?after={made[49].id}").text
    assert "Report number 50" in second and "Report number 49" not in second


def test_the_lists_need_the_same_number_of_queries_for_any_number_of_reports(
    session: Session, cast: Cast, as_: As, client: TestClient, database: JoinedDatabase
) -> None:
    secretary = as_(cast.secretary)
    counts = []
    for more in (1, 2):
        for _ in range(more):
            make.published_report(session)
        session.commit()
        for who, path in ((client, "/experiences"), (secretary, "/final-reports")):
            with counting.queries(database) as seen:
                assert who.get(path).text.count("A summer between two rivers") == (1 if more == 1 else 3)
            counts.append(len(seen))
    assert counts[:2] == counts[2:]


def test_the_list_of_reports_is_the_secretariats(cast: Cast, as_: As, client: TestClient) -> None:
    assert as_(cast.auditor).get("/final-reports").status_code == 200
    assert as_(cast.stranger).get("/final-reports").status_code == 403
    assert as_(cast.host_coordinator).get("/final-reports").status_code == 403
    assert client.get("/final-reports").status_code == 303


# Reminders


def _days_after(placement: Placement, days: int) -> dt.datetime:
    """Noon in Seoul, so many days after the report was due."""
    return dt.datetime.combine(placement.ends_on + dt.timedelta(days=30 + days), dt.time(3), dt.UTC)


def test_interns_are_reminded_three_times_and_never_twice(
    session: Session, cast: Cast, services: Services, placement: Placement
) -> None:
    days = (-8, -7, -6, 0, 1, 2, 14, 15, 40)
    sent = [reminded(session, services, _days_after(placement, each)).total() for each in days]
    assert sent == [0, 1, 0, 0, 1, 0, 1, 0, 0]
    assert mails(session) == sorted(
        (f"final_reports/{kind}", cast.applicant.id) for kind in ("week_before", "day_after", "two_weeks_after")
    )


@pytest.mark.parametrize(("days", "sent"), [(20, 1), (43, 1), (44, 0)])
def test_a_job_that_stood_still_sends_only_the_last(
    session: Session, services: Services, placement: Placement, days: int, sent: int
) -> None:
    told = reminded(session, services, _days_after(placement, days))
    assert [template for template, _to in told] == ["final_reports/two_weeks_after"] * sent


@pytest.mark.parametrize(("state", "told"), [("draft", 1), ("returned", 1), ("submitted", 0), ("accepted", 0)])
def test_who_has_sent_it_is_not_reminded(
    session: Session, services: Services, placement: Placement, state: str, told: int
) -> None:
    make.report(session, state, placement=placement)
    assert reminded(session, services, _days_after(placement, -5)).total() == told


def test_a_later_last_day_moves_the_reminder(session: Session, services: Services, placement: Placement) -> None:
    due = _days_after(placement, 0)
    assert reminded(session, services, due).total() == 1
    placement.ends_on += dt.timedelta(days=20)
    session.flush()
    assert reminded(session, services, due).total() == 0
    assert reminded(session, services, due + dt.timedelta(days=20)).total() == 1
