"""A whole call as a workbook or as one JSON document, a batch of applications in memory at a time."""

import datetime as dt
import json
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import IO, Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from portal.applications.models import Answer, Application, Choice, Document, Letter, SpokenLanguage, Version
from portal.calls.models import Call, Question, RequestedDocument
from portal.files.models import StoredFile
from portal.openings.models import Opening
from portal.registry.models import Government
from portal.spreadsheets import Cell, Column, book

BATCH = 500
FORMAT = 1  # of the JSON document; docs/exports.md describes it
Row = dict[str, Any]

OWN: tuple[str, ...] = (
    "id", "number", "status", "created_at", "submitted_at", "submitted_digest", "family_name", "given_name",
    "patronymic", "native_name", "roman_family_name", "roman_given_name", "roman_name", "name_order", "born_on",
    "phone", "nationality", "is_resident", "education", "enrolment", "graduates_on", "took_part_before",
    "has_kin_at_host", "motivation", "consents", "consented_at", "placed_at", "entered_by",
)  # fmt: skip
DECISION: tuple[str, ...] = (
    "returned_at", "correction_due_at", "decided_at", "decided_by", "decided_in_place", "merit", "reason_code",
    "reason",
)  # fmt: skip


def _columns(table: type[Any], *names: str) -> list[Any]:
    return [getattr(table, name) for name in names]


# What belongs to an application: by the sheet's name, the columns read and where they come from.
PARTS: dict[str, Callable[[], sa.Select[Any]]] = {
    "languages": lambda: sa.select(*_columns(SpokenLanguage, "application_id", "language", "level")).order_by(
        *_columns(SpokenLanguage, "application_id", "language")
    ),
    "choices": lambda: (
        sa.select(*_columns(Choice, "application_id", "rank", "opening_id"), col(Opening.title),
                  col(Government.code).label("government"))
        .join(Opening, col(Opening.id) == col(Choice.opening_id))
        .join(Government, col(Government.id) == col(Opening.government_id))
        .order_by(*_columns(Choice, "application_id", "rank"))
    ),
    "answers": lambda: (
        sa.select(*_columns(Answer, "application_id", "question_id", "value"), col(StoredFile.name).label("file"))
        .join(Question, col(Question.id) == col(Answer.question_id))
        .outerjoin(StoredFile, col(StoredFile.id) == col(Answer.file_id))
        .order_by(col(Answer.application_id), col(Question.position))
    ),
    "documents": lambda: (
        sa.select(col(Document.application_id), col(RequestedDocument.purpose), col(StoredFile.name),
                  *_columns(StoredFile, "kind", "size", "sha256"), col(Document.uploaded_at))
        .join(RequestedDocument, col(RequestedDocument.id) == col(Document.requested_id))
        .join(StoredFile, col(StoredFile.id) == col(Document.file_id))
        .order_by(col(Document.application_id), col(RequestedDocument.position))
    ),
    "letters": lambda: sa.select(
        *_columns(Letter, "application_id", "asked_at", "expires_at", "times_sent", "declined_at", "received_at")
    ).order_by(*_columns(Letter, "application_id", "asked_at")),
    "versions": lambda: sa.select(*_columns(Version, "application_id", "number", "submitted_at", "digest")).order_by(
        *_columns(Version, "application_id", "number")
    ),
}  # fmt: skip
SHEETS = {name: [column.key or "" for column in query().selected_columns] for name, query in PARTS.items()}


# Reading


def batches(session: Session, call: Call, names: Sequence[str]) -> Iterator[list[Row]]:
    """These columns of every application of the call, by keyset: no page costs more than the first."""
    last: uuid.UUID | None = None
    query = (
        sa.select(*_columns(Application, *names), col(Government.code).label("home"))
        .outerjoin(Government, col(Government.id) == col(Application.home_id))
        .where(col(Application.call_id) == call.id)
        .order_by(col(Application.id))
        .limit(BATCH)
    )
    while found := session.execute(query if last is None else query.where(col(Application.id) > last)).mappings().all():
        last = found[-1]["id"]
        yield [dict(row) for row in found]


def of_batch(session: Session, part: str, ids: Sequence[uuid.UUID]) -> Iterator[Row]:
    query = PARTS[part]()
    inside = query.selected_columns["application_id"].in_(ids)
    for row in session.execute(query.where(inside)).mappings():
        yield dict(row)


# As a workbook


def write_workbook(session: Session, call: Call, out: IO[bytes]) -> None:
    """A sheet for the applications and one for each thing that an application has several of."""
    with book(out, call.zone) as made:
        made.sheet("applications", _heads([*OWN, "home"]), _own(session, call, OWN))
        for part, names in SHEETS.items():
            heads = ["application", *names[1:]]
            made.sheet(part, _heads(heads), _rows(session, call, part))
        made.sheet("decisions", _heads(["id", "number", "status", *DECISION, "home"]), _decisions(session, call))


def _heads(names: Iterable[str]) -> list[Column]:
    return [Column(name) for name in names]


def _own(session: Session, call: Call, names: Sequence[str]) -> Iterator[list[Cell]]:
    for batch in batches(session, call, names):
        for row in batch:
            yield [_cell(value) for value in row.values()]


def _decisions(session: Session, call: Call) -> Iterator[list[Cell]]:
    return _own(session, call, ("id", "number", "status", *DECISION))


def _rows(session: Session, call: Call, part: str) -> Iterator[list[Cell]]:
    """The receipt's number, or the id of what was never submitted, stands for the application."""
    for batch in batches(session, call, ("id", "number")):
        names = {row["id"]: row["number"] or str(row["id"]) for row in batch}
        for row in of_batch(session, part, list(names)):
            yield [names[row["application_id"]], *(_cell(value) for value in list(row.values())[1:])]


def _cell(value: Any) -> Cell:
    if value is None or (isinstance(value, (int, float, dt.date)) and not isinstance(value, bool)):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


# As JSON


def json_document(session: Session, call: Call) -> Iterator[str]:
    """One document, in pieces: the call with what it asks for, then each application with all that belongs to it."""
    yield f'{{"format": {FORMAT}, "call": {_json(_call(session, call))}, "applications": ['
    first = True
    for batch in batches(session, call, (*OWN, *DECISION)):
        whole = _with_parts(session, batch)
        yield ("" if first else ",") + ",".join(f"\n{_json(row)}" for row in whole)
        first = False
    yield "\n]}\n"


def _call(session: Session, call: Call) -> Row:
    questions = select(Question).where(Question.call_id == call.id).order_by(col(Question.position))
    asked = select(RequestedDocument).where(RequestedDocument.call_id == call.id)
    return {
        "slug": call.slug,
        "titles": call.titles,
        "questions": [question.model_dump(include={"id", "kind", "texts", "options"}) for question in
                      session.exec(questions)],
        "documents": [each.model_dump(include={"id", "purpose", "titles", "is_required"}) for each in
                      session.exec(asked.order_by(col(RequestedDocument.position)))],
    }  # fmt: skip


def _with_parts(session: Session, batch: list[Row]) -> Iterator[Row]:
    ids = [row["id"] for row in batch]
    parts = {part: _grouped(of_batch(session, part, ids)) for part in PARTS}
    for row in batch:
        yield {**row, **{part: rows.get(row["id"], []) for part, rows in parts.items()}}


def _grouped(rows: Iterable[Row]) -> dict[uuid.UUID, list[Row]]:
    found: dict[uuid.UUID, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.pop("application_id")].append(row)
    return found


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=_plain)


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, dt.date) else str(value)
