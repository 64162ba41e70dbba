"""The edition in progress: essays in every state, typed, uploaded and entered from paper, and the judges' marks."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlmodel import Session

from portal.accounts.viewer import Viewer
from portal.contests import actions as contests
from portal.contests.models import Edition
from portal.contests.rules import EditionStep
from portal.demonstration import editions, guardians, paper, screening
from portal.demonstration.documents import Shelf
from portal.demonstration.people import People
from portal.demonstration.texts import read
from portal.essays import actions as essays
from portal.essays import queries as essay_queries
from portal.essays.forms import AboutForm, StatementsForm, TextForm
from portal.essays.models import Authorship, Essay
from portal.files.rules import Prose
from portal.judging import actions as judging
from portal.judging import queries as judging_queries
from portal.judging import reading as judges_reading
from portal.judging.forms import MarksForm
from portal.judging.models import Judge, Round
from portal.manuscripts import actions as manuscripts
from portal.passages import actions as passages
from portal.passages import queries as passage_queries
from portal.screening import actions as screeners

# Who reads essays in a language, in the order of the marks in essays.toml; who comes after those has yet to mark.
PANEL = {
    "en": ("judge_jp", "judge_mn", "judge_ru"),
    "zh-Hans": ("judge_ru", "judge_jp"),
    "ja": ("judge_mn", "judge_jp"),
    "ko": ("judge_mn", "judge_jp"),
    "mn": ("judge_mn", "judge_ru"),
    "ru": ("judge_ru", "judge_mn"),
}


def build(session: Session, people: People, shelf: Shelf, *, origin: str) -> Edition:
    edition = editions.from_scratch(session, people.secretary, read("edition"))
    contests.take_edition_step(session, edition, EditionStep.PUBLISH, by=people.secretary)
    editions.copied(session, people.secretary, edition, read("edition")["draft"])
    for screener in (screening.first(people), screening.second(people)):
        screeners.take_on_screening(session, edition, by=screener)
    judges = _judges(session, people, edition)
    for row in read("essays")["essays"]:
        own = write(session, people, shelf, edition, row, origin=origin)
        DECISIONS[row.get("decision", row["state"])](session, people, own, row)
        if row["state"] == "in_judging":
            _judge(session, people, own.essay, judges, row)
    paper.enter(session, people, shelf, edition)
    _compare(session, edition)
    return edition


def _compare(session: Session, edition: Edition) -> None:
    """What the job does after each submission."""
    session.flush()
    for essay_id in passage_queries.sent_ids(session, edition.id):
        passages.compare(session, essay_id)


def _judges(session: Session, people: People, edition: Edition) -> dict[str, Judge]:
    names = sorted(set().union(*PANEL.values()))
    return {name: one_judge(session, people, edition, name, PANEL, by=people.secretary) for name in names}


def one_judge(
    session: Session, people: People, edition: Edition, name: str, panel: Mapping[str, tuple[str, ...]], *, by: Viewer
) -> Judge:
    languages = [language for language, readers in panel.items() if name in readers]
    government = people.governments[read("people")[name]["government"]]
    return judging.add_judge(
        session, edition, people.role(name), languages=languages, government_id=government.id, by=by
    )


def write(
    session: Session, people: People, shelf: Shelf, edition: Edition, row: dict[str, Any], *, origin: str
) -> Authorship:
    """What the author did: an essay that was sent, or a draft as far as it got."""
    author = people.writer(row)
    essay_id = essays.start_essay(session, edition, by=author).essay_id
    own = essay_queries.lock_own(session, author, essay_id)
    essays.write_about(session, own, _about(people, row, own), by=author)
    _write_text(session, shelf, edition, own, row, by=author)
    if row["state"] != "draft":
        session.flush()
        guardians.decide(session, own, row, by=author, origin=origin)
        own = essay_queries.lock_own(session, author, essay_id)
        essays.write_statements(session, own, _statements(own, row), by=author)
        session.flush()
        essays.submit_essay(session, own, version=own.essay.version, by=author)
    return own


def _write_text(
    session: Session, shelf: Shelf, edition: Edition, own: Authorship, row: dict[str, Any], *, by: Viewer
) -> None:
    """In the editor; or from a file, whose text the author confirms."""
    from_file = row.get("file", "")
    opening = f"{row['before_opening']}\n\n" if "before_opening" in row else ""
    essays.write_text(session, own, _text(edition, row, own, "" if from_file else opening + row["text"]), by=by)
    if from_file:
        session.flush()
        made = manuscripts.receive(session, own, shelf.take(from_file), Prose(row["text"].strip(), ""), by=by)
        manuscripts.confirm(session, own, made.id, version=own.essay.version, by=by)


def _about(people: People, row: dict[str, Any], own: Authorship) -> AboutForm:
    return AboutForm(
        version=own.essay.version,
        native_name=row["native_name"],
        roman_name=row["roman_name"],
        born_on=row["born_on"],
        government_id=people.governments[row["government"]].id,
        school=row.get("school", ""),
        nationality=row["government"][:2],
    )


def _text(edition: Edition, row: dict[str, Any], own: Authorship, text: str) -> TextForm:
    theme = edition.themes[row["theme"]].id if "theme" in row else None
    words = {"language": row["language"], "title": row["title"], "notes": row.get("notes", "")}
    return TextForm(version=own.essay.version, theme_id=theme, text=text, **words)


def _statements(own: Authorship, row: dict[str, Any]) -> StatementsForm:
    used = row.get("ai_use", "")
    return StatementsForm(version=own.essay.version, is_original=True, used_ai=bool(used), ai_use=used)


Decision = Callable[[Session, People, Authorship, Mapping[str, Any]], None]
DECISIONS: dict[str, Decision] = {
    "draft": screening.leave,
    "submitted": screening.leave,
    "proposed": screening.propose,
    "returned": screening.give_back,
    "admitted": screening.admit,
    "in_judging": screening.admit,
    "disqualified": screening.disqualify,
    "withdrawn": screening.withdraw,
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
            mark(session, people.viewer(people.role(name)), essay, judges[name], points)


def mark(
    session: Session, viewer: Viewer, essay: Essay, judge: Judge, points: list[int], round_: Round = Round.FIRST
) -> None:
    found = judging_queries.appointments(session, essay)
    alias = next(each.alias for each in found if each.judge_id == judge.id and each.round is round_)
    reading = judges_reading.lock_reading(session, viewer, alias)
    given = MarksForm.model_validate({f"points_{number}": each for number, each in enumerate(points, 1)})
    judging.save_marks(session, reading, judges_reading.rubric(session, reading), given, comment=None)
    session.flush()
    judging.lock_marks(session, reading, by=viewer)
