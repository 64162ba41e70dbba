"""The edition of the year before, each deed at its own time: two rounds, the jury's meeting, results that came out a
few days ago, certificates."""

from collections.abc import Sequence
from typing import Any

from sqlmodel import Session

from portal import clock
from portal.accounts.viewer import Viewer
from portal.contests import actions as contests
from portal.contests import queries as contest_queries
from portal.contests.forms.pages import DatesForm, NewEditionForm, TextsForm
from portal.contests.models import Edition
from portal.contests.rules import EditionStep
from portal.contests.words import Part
from portal.demonstration import calendar, essays, screening
from portal.demonstration.documents import Shelf
from portal.demonstration.people import People
from portal.demonstration.texts import read
from portal.diplomas import actions as diplomas
from portal.documents.certificates import Signatory
from portal.essays.models import Authorship, Essay
from portal.forms import in_fields
from portal.judging import actions as judging
from portal.judging.models import Judge, Round
from portal.juries import actions as jury
from portal.juries import deciding, finals, groups, taking
from portal.juries import rules as jury_rules
from portal.juries.models import Outcome
from portal.results import actions as results
from portal.results import queries as result_queries
from portal.results import rules as result_rules
from portal.results.forms import MembersForm, TranslationForm
from portal.screening import actions as screeners

SLUG = "essays-2026"
# Days ago.
BEGAN, WRITTEN, SCREENED, MARKED, TAKEN, FINAL, MET, DECIDED, OUT, CERTIFIED = 300, 230, 190, 150, 118, 90, 40, 39, 6, 5
PANEL = {"en": ("judge_jp", "judge_mn", "judge_ru"), "mn": ("judge_mn", "judge_ru")}
PLACES = (1, 1, 1)
SIGNATORY = Signatory("Kim Taehyung", "secretary_general")
Row = dict[str, Any]


def build(session: Session, people: People, shelf: Shelf, *, origin: str) -> Edition:
    told = read("past_edition")
    with clock.set_back(days=BEGAN):
        edition = _begin(session, people, told)
    rows = _write(session, people, shelf, edition, told["essays"], origin=origin)
    edition = contest_queries.lock_visible(session, people.secretary, SLUG)
    judges = _judge(session, people, edition, rows)
    _finish(session, people, edition, rows, judges)
    with clock.set_back(days=MET):
        _meet(session, people, edition)
    _publish(session, people, edition, rows, told["translation"], origin=origin)
    return edition


def _begin(session: Session, people: People, told: dict[str, Any]) -> Edition:
    """From scratch, for short essays in two languages."""
    begun = NewEditionForm.model_validate({"title_en": told["titles"]["en"], "slug": SLUG, **_dates()})
    contests.draft_edition(session, SLUG, by=people.secretary, **begun.fresh())
    edition = contest_queries.lock_visible(session, people.secretary, SLUG)
    words = TextsForm.model_validate({**in_fields("title", told["titles"]), **in_fields("text", told["texts"])})
    stages = DatesForm.model_validate({**_dates(), **_stages()})
    facts = {**words.facts(), **stages.facts(), "shows_marks": True}
    contests.edit_edition(session, edition, by=people.secretary, **facts)
    contests.set_limits(session, edition, {"en": 140, "mn": 110}, by=people.secretary)
    contests.add_part(session, edition, Part.THEMES, by=people.secretary, names=told["theme"])
    for award in edition.awards[len(PLACES) :]:
        contests.remove_part(session, edition, Part.AWARDS, award, by=people.secretary)
    for award, places in zip(edition.awards, PLACES, strict=True):
        contests.edit_part(session, edition, Part.AWARDS, award, by=people.secretary, places=places)
    contests.take_edition_step(session, edition, EditionStep.PUBLISH, by=people.secretary)
    for screener in (screening.first(people), screening.second(people)):
        screeners.take_on_screening(session, edition, by=screener)
    return edition


def _dates() -> Row:
    """In weeks from the day on which the edition was begun."""
    ends = {name: calendar.on(weeks=weeks, hour=18) for name, weeks in (("due_at", 14), ("judging_due_at", 25))}
    return {"zone": calendar.ZONE, "opens_at": calendar.on(weeks=0, hour=0), **ends}


def _stages() -> Row:
    return {
        "first_readings": 3, "finalists": 3, "final_readings": 2, "final_due_at": calendar.on(weeks=32, hour=18),
        "jury_on": calendar.on(weeks=37, hour=9)[:10], "results_at": calendar.on(weeks=42, hour=10),
    }  # fmt: skip


# Writing and judging


def _write(
    session: Session, people: People, shelf: Shelf, edition: Edition, rows: Sequence[Row], *, origin: str
) -> list[tuple[Row, Authorship]]:
    with clock.set_back(days=WRITTEN):
        given = {"theme": 0, "state": "in_judging"}
        made = [(row, essays.write(session, people, shelf, edition, {**given, **row}, origin=origin)) for row in rows]
    with clock.set_back(days=SCREENED):
        for row, own in made:
            screening.admit(session, people, own, row)
    return made


def _judge(
    session: Session, people: People, edition: Edition, rows: Sequence[tuple[Row, Authorship]]
) -> dict[str, Judge]:
    with clock.set_back(days=MARKED):
        by = people.deciding("second_secretary")
        judges = {name: essays.one_judge(session, people, edition, name, PANEL, by=by) for name in PANEL["en"]}
        for judge in judges.values():
            judge.in_final = True
        for row, own in rows:
            _read(session, people, own.essay, judges, row["language"], row["marks"], Round.FIRST)
    return judges


def _read(
    session: Session, people: People, essay: Essay, judges: dict[str, Judge], language: str,
    marks: Sequence[list[int]], round_: Round,
) -> None:  # fmt: skip
    by = people.deciding("second_secretary")
    for name in PANEL[language]:
        barred = judging.appoint(session, essay.edition, essay, judges[name], by=by)
        assert barred is None, f"{name} is barred from {essay.title}: {barred}"
    for name, points in zip(PANEL[language], marks, strict=True):
        essays.mark(session, people.viewer(people.role(name)), essay, judges[name], points, round_)


# Final round and jury


def _finish(
    session: Session, people: People, edition: Edition, rows: Sequence[tuple[Row, Authorship]], judges: dict[str, Judge]
) -> None:
    by = people.deciding("second_secretary")
    with clock.set_back(days=TAKEN):
        found = finals.groups(session, edition)
        taking.take_finalists(session, edition, found, _open(found), seen=finals.mark(found), reason="", by=by)
        session.flush()
    with clock.set_back(days=FINAL):
        for row, own in rows:
            if "final" in row:
                _read(session, people, own.essay, judges, row["language"], row["final"], Round.FINAL)


def _open(found: Sequence[finals.Line]) -> list[str]:
    """Of those between whom one may choose, whom the order alone takes."""
    return [code for line in found for code in line.cut.taken & line.cut.open]


def _meet(session: Session, people: People, edition: Edition) -> None:
    """Awards go by the order; within a band the better place first; the last award of one group is withheld."""
    first, second = (people.deciding(key) for key in ("second_secretary", "third_secretary"))
    jury.open_meeting(session, edition, by=first)
    for group in groups.groups(session, edition, Round.FINAL):
        deciding.accept_order(session, edition, group, by=first)
    before = groups.groups(session, edition, Round.FINAL)
    decisions = {seat.code: _decision(group, seat.code) for group in before for seat in group.seats if not seat.verdict}
    seen = dict.fromkeys(decisions, "")
    deciding.decide(session, edition, before, decisions, seen=seen, reason="Both were read aloud.", by=first)
    jury.write_minutes(session, edition, MINUTES, seen=jury_rules.digest(""), by=first)
    jury.close(session, edition, groups.groups(session, edition, Round.FINAL), by=first)
    with clock.set_back(days=DECIDED):
        jury.confirm_meeting(session, edition, groups.groups(session, edition, Round.FINAL), by=second)


MINUTES = "Present: both secretaries and the three judges of the final round. All finalists were read aloud."


def _decision(group: groups.Group, code: str) -> tuple[Outcome, Any]:
    award_id = group.proposal.expected[code]
    return (Outcome.AWARDED if award_id else Outcome.COMMENDED), award_id


# Results


def _publish(
    session: Session, people: People, edition: Edition, rows: Sequence[tuple[Row, Authorship]], translated: Row, *,
    origin: str,
) -> None:  # fmt: skip
    first, second = (people.deciding(key) for key in ("second_secretary", "third_secretary"))
    with clock.set_back(days=OUT):
        chosen = [each.government.id for each in result_queries.parts(session, edition)[:3]]
        results.give_members(session, edition, MembersForm(government_ids=chosen), by=first)
        made = results.order(session, edition, None, by=first, origin=origin)
        results.confirm(session, edition, seen=result_rules.mark(made), by=second)
        while results.tell_some(session, made.id, origin=origin):
            session.flush()
    with clock.set_back(days=CERTIFIED):
        _translate(session, rows, translated, by=first)
        while diplomas.issue_some(session, edition.id, SIGNATORY, by=first.id, origin=origin):
            session.flush()


def _translate(session: Session, rows: Sequence[tuple[Row, Authorship]], told: Row, *, by: Viewer) -> None:
    own = next(own for row, own in rows if row["roman_name"] == told["of"])
    given = TranslationForm(title=told["title"], text=told["text"], translator=told["translator"])
    results.translate(session, own.essay, told["language"], given, by=by)
