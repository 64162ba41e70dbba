"""The call in progress: its openings, and applications in every state."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from sqlmodel import Session, select

from portal.accounts.viewer import Viewer
from portal.applications import actions as applications
from portal.applications import queries as application_queries
from portal.applications.forms import FORMS
from portal.applications.models import Application, RefusalCode
from portal.applications.rules import NAMES
from portal.applications.words import Part
from portal.calls import actions as calls
from portal.calls.forms.pages import DatesForm, TextsForm
from portal.calls.models import Call
from portal.calls.rules import Step as CallStep
from portal.demonstration import asking, calendar, desks
from portal.demonstration.documents import Shelf
from portal.demonstration.people import People
from portal.demonstration.texts import read
from portal.files import actions as files
from portal.forms import in_fields
from portal.nominations import actions as nominations
from portal.nominations import queries as nomination_queries
from portal.openings import actions as openings
from portal.openings import queries as opening_queries
from portal.openings.forms import LEVEL_OF, BenefitsForm, HostForm, OpeningForm
from portal.openings.models import Host, Opening
from portal.openings.rules import Step as OpeningStep
from portal.placements import actions as placements
from portal.registry.models import Government

SLUG = "autumn-2027"
ABOUT = (*NAMES, "born_on", "phone")
CONSENT = {"took_part_before": False, "has_kin_at_host": False, "consents": ["use", "hosts", "true", "later"]}


def build(session: Session, people: People, shelf: Shelf, *, origin: str) -> Call:
    call = draft_call(session, people.secretary, SLUG, read("call"), weeks=(-2, 3, 5))
    session.flush()
    asking.ask(session, call, by=people.secretary)
    calls.take_step(session, call, CallStep.PUBLISH, by=people.secretary)
    draft_call(session, people.secretary, "spring-2028", read("call")["draft"], weeks=(20, 28, 32))
    offered = {number: offer(session, people, call, row) for number, row in enumerate(read("openings")["openings"])}
    rows = [row for row in read("applicants")["applicants"] if not row.get("placement")]
    made = [(row, apply(session, people, call, offered, shelf, row)) for row in rows]
    for row, application in made:
        DECISIONS[row["state"]](session, people, application, row)
    desks.build(session, people, call, shelf, [application for _row, application in made], origin=origin)
    return call


def draft_call(
    session: Session, secretary: Viewer, slug: str, data: dict[str, Any], *, weeks: tuple[int, int, int]
) -> Call:
    opens, applications_due, nominations_due = weeks
    texts = TextsForm.model_validate({**in_fields("title", data["titles"]), **in_fields("text", data["texts"])})
    dates = DatesForm.model_validate({
        "zone": calendar.ZONE,
        "opens_at": calendar.on(weeks=opens, hour=9),
        "openings_due_at": calendar.on(weeks=applications_due, hour=12),
        "applications_due_at": calendar.on(weeks=applications_due, hour=18),
        "corrections_due_at": calendar.on(weeks=nominations_due - 1, hour=18),
        "nominations_due_at": calendar.on(weeks=nominations_due, hour=18),
        "rankings_due_at": calendar.on(weeks=nominations_due + 2, hour=18),
    })  # fmt: skip
    facts = {**texts.facts(), **dates.facts(), "reference_on": calendar.REFERENCE}
    return calls.draft_call(session, slug, by=secretary, **facts)


def offer(
    session: Session, people: People, call: Call, row: dict[str, Any], *, start: dt.date | None = None
) -> Opening:
    """Published; in the autumn unless its first day is given."""
    host, government = people.coordinator(row["government"]), people.governments[row["government"]]
    starts_on, ends_on = calendar.working_weeks(row["weeks"], start=start)
    at = _host(session, government, row["host"], by=host)
    levels = {LEVEL_OF[code]: level for code, level in row["languages"].items()}
    form = OpeningForm.model_validate({**row, **levels, "host": at.id, "starts_on": starts_on, "ends_on": ends_on})
    drafted = openings.draft_opening(session, call, at, by=host, capacity=form.capacity, **form.facts())
    given = BenefitsForm.model_validate(
        {f"{name}_{number}": value for number, each in enumerate(row["benefits"], 1) for name, value in each.items()}
    )
    openings.keep_benefits(session, drafted, given.rows(), by=host)
    session.flush()
    opening = opening_queries.lock_visible(session, host, drafted.id)
    openings.take_step(session, opening, OpeningStep.PUBLISH, by=host)
    opening.created_at = calendar.ago(weeks=1)  # hosts were at work before the first applications came
    return opening


def _host(session: Session, government: Government, row: dict[str, Any], *, by: Viewer) -> Host:
    """Known from an earlier round, or new."""
    known = select(Host).where(Host.government_id == government.id, Host.name == row["name"])
    if (found := session.exec(known).one_or_none()) is not None:
        return found
    host = openings.add_host(session, government, by=by, **HostForm.model_validate(row).facts())
    session.flush()
    return host


def apply(
    session: Session, people: People, call: Call, offered: Mapping[int, Opening], shelf: Shelf, row: dict[str, Any]
) -> Application:
    """What the applicant did: everything was filled in and sent, or a draft was left as far as it got."""
    applicant = people.writer(row)
    started = applications.start(session, applicant, call)
    application = application_queries.lock_visible(session, applicant, started.id)
    for part, answers in _answers(people, row).items():
        applications.save(session, application, part, FORMS[part].model_validate(answers), by=applicant)
    applications.put_in_order(session, application, [offered[wish].id for wish in row["wishes"]], by=applicant)
    if row["state"] == "draft":
        return application
    asking.answer(session, application, by=applicant)
    stored = files.keep(session, shelf.take(f"{row['roman_name']}.pdf"), owner_id=applicant.id)
    applications.give_document(session, application, application.requested_documents[0].id, stored, by=applicant)
    session.flush()
    application = application_queries.lock_visible(session, applicant, started.id)
    applications.submit(session, application, by=applicant)
    return application


def _answers(people: People, row: dict[str, Any]) -> dict[Part, dict[str, Any]]:
    government = people.governments[row["government"]]
    answers = {
        Part.ABOUT: {name: row.get(name, "") for name in ABOUT},
        Part.HOME: {"home_id": government.id, "is_resident": True, "nationality": government.country},
        Part.EDUCATION: _studies(row),
        Part.LANGUAGES: _languages(row["languages"]),
        Part.MOTIVATION: {"motivation": row["motivation"]},
    }
    return answers if row["state"] == "draft" else {**answers, Part.CONSENT: CONSENT}


def _studies(row: dict[str, Any]) -> dict[str, Any]:
    expected = {"graduates_on": calendar.graduation()} if row.get("enrolment") == "enrolled" else {}
    return {**{name: row[name] for name in ("education", "enrolment", "graduates_on") if name in row}, **expected}


def _languages(spoken: list[dict[str, str]]) -> dict[str, str]:
    typed: dict[str, str] = {}
    for rank, each in enumerate(spoken, 1):
        typed[f"language_{rank}"] = each["language"]
        typed[f"level_{rank}"] = each["level"]
    return typed


# What the home governments decided


def _home(session: Session, people: People, application: Application, code: str) -> tuple[Application, Viewer]:
    coordinator = people.coordinator(code)
    session.flush()
    return nomination_queries.lock_visible(session, coordinator, application.id), coordinator


def _leave(_session: Session, _people: People, _application: Application, _row: dict[str, Any]) -> None:
    """A draft, or an application that waits for its home government."""


def _return(session: Session, people: People, application: Application, row: dict[str, Any]) -> None:
    seen, coordinator = _home(session, people, application, row["government"])
    nominations.return_once(session, seen, by=coordinator, reason=row["reason"])


def nominate(session: Session, people: People, application: Application, row: dict[str, Any]) -> None:
    seen, coordinator = _home(session, people, application, row["government"])
    nominations.nominate(session, seen, by=coordinator)


def _refuse(session: Session, people: People, application: Application, row: dict[str, Any]) -> None:
    seen, coordinator = _home(session, people, application, row["government"])
    nominations.refuse(session, seen, by=coordinator, reason=row["reason"], code=RefusalCode(row["code"]))


def _withdraw(session: Session, people: People, application: Application, row: dict[str, Any]) -> None:
    placements.withdraw(session, application, by=people.writer(row))


Decision = Callable[[Session, People, Application, dict[str, Any]], None]
DECISIONS: dict[str, Decision] = {
    "draft": _leave,
    "submitted": _leave,
    "returned": _return,
    "nominated": nominate,
    "not_nominated": _refuse,
    "withdrawn": _withdraw,
}
