"""The editions of the contest: one that is open, from scratch, and a copy of it that waits as a draft."""

from typing import Any

from sqlmodel import Session

from portal.accounts.viewer import Viewer
from portal.contests import actions as contests
from portal.contests import queries as contest_queries
from portal.contests.forms.pages import DatesForm, NewEditionForm, TextsForm
from portal.contests.forms.parts import ThemeForm
from portal.contests.models import Edition
from portal.contests.words import Part
from portal.demonstration import calendar
from portal.forms import in_fields

SLUG = "essays-2027"
NEXT = "essays-2028"


def from_scratch(session: Session, secretary: Viewer, data: dict[str, Any]) -> Edition:
    """From scratch: the usual rubric, ages, languages and awards, and what this edition has of its own."""
    begun = NewEditionForm.model_validate({"title_en": data["titles"]["en"], "slug": SLUG, **_dates(-2, 3, 8)})
    contests.draft_edition(session, SLUG, by=secretary, **begun.fresh())
    edition = contest_queries.lock_visible(session, secretary, SLUG)
    _write(session, secretary, edition, data)
    stages = DatesForm.model_validate({**_dates(-2, 3, 8), **_stages()})
    assert not stages.amiss()
    contests.edit_edition(session, edition, by=secretary, reference_on=calendar.REFERENCE, **stages.facts())
    for theme in data["themes"]:
        form = ThemeForm.model_validate(in_fields("name", theme["names"]))
        contests.add_part(session, edition, Part.THEMES, by=secretary, **form.facts())
    for award, prizes in zip(edition.awards, data["prizes"], strict=True):
        contests.edit_part(session, edition, Part.AWARDS, award, by=secretary, prizes=prizes)
    return edition


def copied(session: Session, secretary: Viewer, earlier: Edition, data: dict[str, Any]) -> None:
    """A copy that waits as a draft."""
    begun = NewEditionForm.model_validate({"title_en": data["titles"]["en"], "slug": NEXT, **_dates(30, 42, 48)})
    contests.copy_edition(session, earlier, NEXT, by=secretary, **begun.copied(earlier))
    _write(session, secretary, contest_queries.lock_visible(session, secretary, NEXT), data)


def _write(session: Session, secretary: Viewer, edition: Edition, data: dict[str, Any]) -> None:
    words = {**in_fields("title", data["titles"]), **in_fields("text", data["texts"])}
    contests.edit_edition(session, edition, by=secretary, **TextsForm.model_validate(words).facts())


def _dates(opens: int, due: int, judging_due: int) -> dict[str, str]:
    weeks = {"due_at": due, "judging_due_at": judging_due}
    ends = {name: calendar.on(weeks=number, hour=18) for name, number in weeks.items()}
    return {"zone": calendar.ZONE, "opens_at": calendar.on(weeks=opens, hour=9), **ends}


def _stages() -> dict[str, Any]:
    return {
        "first_readings": 3,
        "finalists": 12,
        "final_readings": 5,
        "final_due_at": calendar.on(weeks=11, hour=18),
        "jury_on": calendar.on(weeks=12, hour=9)[:10],
        "results_at": calendar.on(weeks=13, hour=10),
    }
