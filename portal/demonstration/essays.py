"""The edition in progress: its rules, essays in every state, and the judges' marks."""

from collections.abc import Callable
from typing import Any

from sqlmodel import Session

from portal.accounts.viewer import Viewer
from portal.contests import actions as contests
from portal.contests import queries as contest_queries
from portal.contests.forms.pages import DatesForm, NewEditionForm, TextsForm
from portal.contests.forms.parts import ThemeForm
from portal.contests.models import Edition
from portal.contests.rules import EditionStep
from portal.contests.words import Part
from portal.demonstration import calendar
from portal.demonstration.people import People
from portal.demonstration.texts import read
from portal.essays import actions as essays
from portal.essays import queries as essay_queries
from portal.essays.forms import AboutForm, TextForm
from portal.essays.models import Authorship, Essay
from portal.essays.rules import Step
from portal.forms import in_fields
from portal.judging import actions as judging
from portal.judging import queries as judging_queries
from portal.judging.forms import MarksForm
from portal.judging.models import Judge
from portal.screening import actions as screening

SLUG = "essays-2027"
NEXT = "essays-2028"
# Who reads essays in a language, in the order of the marks in essays.toml; who comes after those has yet to mark.
PANEL = {
    "en": ("judge_jp", "judge_mn", "judge_ru"),
    "zh-Hans": ("judge_ru", "judge_jp"),
    "ja": ("judge_mn", "judge_jp"),
    "ko": ("judge_mn", "judge_jp"),
    "mn": ("judge_mn", "judge_ru"),
    "ru": ("judge_ru", "judge_mn"),
}


def build(session: Session, people: People) -> Edition:
    edition = _edition(session, people.secretary, read("edition"))
    contests.take_edition_step(session, edition, EditionStep.PUBLISH, by=people.secretary)
    _next_edition(session, people.secretary, edition, read("edition")["draft"])
    screening.take_on_screening(session, edition, by=people.secretary)
    judges = _judges(session, people, edition)
    for row in read("essays")["essays"]:
        own = _essay(session, people, edition, row)
        DECISIONS[row["state"]](session, people, own, row)
        if row["state"] == "in_judging":
            _judge(session, people, own.essay, judges, row)
    return edition


def _edition(session: Session, secretary: Viewer, data: dict[str, Any]) -> Edition:
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


def _next_edition(session: Session, secretary: Viewer, earlier: Edition, data: dict[str, Any]) -> None:
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


def _judges(session: Session, people: People, edition: Edition) -> dict[str, Judge]:
    return {name: _one_judge(session, people, edition, name) for name in sorted(set().union(*PANEL.values()))}


def _one_judge(session: Session, people: People, edition: Edition, name: str) -> Judge:
    languages = [language for language, panel in PANEL.items() if name in panel]
    government = people.governments[read("people")[name]["government"]]
    return judging.add_judge(
        session, edition, people.role(name), languages=languages, government_id=government.id, by=people.secretary
    )


def _essay(session: Session, people: People, edition: Edition, row: dict[str, Any]) -> Authorship:
    """What the author did: an essay that was sent, or a draft as far as it got."""
    author = people.writer(row)
    essay_id = essays.start_essay(session, edition, by=author).essay_id
    own = essay_queries.lock_own(session, author, essay_id)
    is_draft = row["state"] == "draft"
    essays.write_about(session, own, _about(people, row, own, agreed=not is_draft), by=author)
    essays.write_text(session, own, _text(edition, row, own), by=author)
    if not is_draft:
        session.flush()
        essays.submit_essay(session, own, version=own.essay.version, by=author)
    return own


def _about(people: People, row: dict[str, Any], own: Authorship, *, agreed: bool) -> AboutForm:
    return AboutForm(
        version=own.essay.version,
        native_name=row["native_name"],
        roman_name=row["roman_name"],
        born_on=row["born_on"],
        government_id=people.governments[row["government"]].id,
        school=row.get("school", ""),
        nationality=row["government"][:2],
        is_original=agreed,
    )


def _text(edition: Edition, row: dict[str, Any], own: Authorship) -> TextForm:
    theme = edition.themes[row["theme"]].id if "theme" in row else None
    words = {name: row[name] for name in ("language", "title", "text")}
    return TextForm(version=own.essay.version, theme_id=theme, **words)


# What became of it


def _leave(_session: Session, _people: People, _own: Authorship, _row: dict[str, Any]) -> None:
    """A draft, or an essay that waits for a screener."""


def _screened(step: Step) -> "Decision":
    def screen(session: Session, people: People, own: Authorship, row: dict[str, Any]) -> None:
        screening.screen_essay(session, own.essay, step, by=people.secretary, reason=row.get("reason"))
        session.flush()

    return screen


def _withdraw(session: Session, people: People, own: Authorship, row: dict[str, Any]) -> None:
    essays.withdraw_essay(session, own, by=people.writer(row))


Decision = Callable[[Session, People, Authorship, dict[str, Any]], None]
DECISIONS: dict[str, Decision] = {
    "draft": _leave,
    "submitted": _leave,
    "returned": _screened(Step.RETURN),
    "admitted": _screened(Step.ADMIT),
    "in_judging": _screened(Step.ADMIT),
    "disqualified": _screened(Step.DISQUALIFY),
    "withdrawn": _withdraw,
}


# The judges


def _judge(session: Session, people: People, essay: Essay, judges: dict[str, Judge], row: dict[str, Any]) -> None:
    """Appoints the panel of the essay's language, and lets those mark who have marks in the file."""
    panel = PANEL[row["language"]]
    for name in panel:
        barred = judging.appoint(session, essay.edition, essay, judges[name], by=people.secretary)
        assert barred is None, f"{name} is barred from {row['title']}: {barred}"
    for name, points in zip(panel, row["marks"], strict=False):
        if points:
            _mark(session, people.viewer(people.role(name)), essay, judges[name], points)


def _mark(session: Session, viewer: Viewer, essay: Essay, judge: Judge, points: list[int]) -> None:
    found = judging_queries.appointments(session, essay)
    alias = next(appointment.alias for appointment in found if appointment.judge_id == judge.id)
    reading = judging_queries.lock_reading(session, viewer, alias)
    given = MarksForm.model_validate({f"points_{number}": each for number, each in enumerate(points, 1)})
    judging.save_marks(session, reading, judging_queries.rubric(session, reading), given, comment=None)
    session.flush()
    judging.lock_marks(session, reading, by=viewer)
