"""internships in full: what a call asks for, who hosts, and everything that was kept in one column before"""

import datetime as dt
import unicodedata
import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
# New columns of tables that hold rows, and what a row of before has in them (None: empty, or moved below).
ADDED: dict[str, dict[str, tuple[Any, Any]]] = {
    "application": {
        "family_name": (sa.String(120), ""),
        "given_name": (sa.String(120), ""),
        "patronymic": (sa.String(120), ""),
        "roman_family_name": (sa.String(120), ""),
        "roman_given_name": (sa.String(120), ""),
        "name_order": (sa.String(32), "given_first"),
        "search_text": (sa.Text(), ""),
        "nationality": (sa.String(2), ""),
        "is_resident": (sa.Boolean(), None),
        "enrolment": (sa.String(32), None),
        "graduates_on": (sa.Date(), None),
        "took_part_before": (sa.Boolean(), None),
        "has_kin_at_host": (sa.Boolean(), None),
        "consents": (sa.JSON(), []),
        "correction_due_at": (TIME, None),
        "reason_code": (sa.String(32), None),
        "decided_in_place": (sa.Boolean(), False),
        "placed_at": (TIME, None),
        "entered_by": (sa.Uuid(), None),
        "form_scan_id": (sa.Uuid(), None),
        "consent_scan_id": (sa.Uuid(), None),
    },
    "call": {
        "openings_due_at": (TIME, None),
        "corrections_due_at": (TIME, None),
        "rankings_due_at": (TIME, None),
        "belonging": (sa.String(32), "either"),
        "months_after_graduation": (sa.Integer(), None),
        "language_level": (sa.String(2), "B2"),
        "counted_languages": (sa.JSON(), []),
        "first_time_only": (sa.Boolean(), False),
        "no_kin_at_host": (sa.Boolean(), False),
        "countries": (sa.JSON(), []),
        "governments": (sa.JSON(), []),
        "country_caps": (sa.JSON(), {}),
        "copied_from": (sa.Uuid(), None),
    },
    "opening": {
        "host_id": (sa.Uuid(), None),
        "slug": (sa.String(80), None),
        "presence": (sa.String(32), "on_site"),
        "hours_a_week": (sa.Integer(), 40),
        "least_age": (sa.Integer(), None),
        "education": (sa.String(32), "any"),
        "benefits_note": (sa.Text(), ""),
        "secretariat_reason": (sa.Text(), ""),
        "search_text": (sa.Text(), ""),
        "first_ranked_at": (TIME, None),
        "copied_from": (sa.Uuid(), None),
    },
    "invitation": {"begins_on": (sa.Date(), None), "relieves_id": (sa.Uuid(), None)},
}
# What must stand in every row once the old ones are moved.
MOVED = {
    "call": ("openings_due_at", "corrections_due_at", "rankings_due_at"),
    "opening": ("host_id", "slug"),
}
CHECKS = {
    "application": {
        "entered_from_paper_with_scans": "entered_by IS NULL OR submitted_at IS NULL"
        " OR (form_scan_id IS NOT NULL AND consent_scan_id IS NOT NULL)",
    },
    "call": {
        "openings_before_applications": "openings_due_at <= applications_due_at",
        "corrections_after_applications": "corrections_due_at >= applications_due_at",
        "nominations_after_corrections": "nominations_due_at >= corrections_due_at",
        "rankings_after_nominations": "rankings_due_at >= nominations_due_at",
    },
}
CHECKS_BEFORE = {"call": {"nominations_after_applications": "nominations_due_at >= applications_due_at"}}
REFERENCES = {
    "application": (
        ("form_scan_id", "stored_file"),
        ("consent_scan_id", "stored_file"),
        ("entered_by", "person"),
    ),
    "call": (("copied_from", "call"),),
    "opening": (("copied_from", "opening"), ("host_id", "host")),
    "invitation": (("relieves_id", "role_grant"),),
}
INDEXES = {
    "application": {
        "ix_application_born_on": ["born_on"],
        "ix_application_call_by_merit": ["call_id", "merit", "id"],
        "ix_application_call_by_name": ["call_id", "roman_name", "id"],
        "ix_application_call_by_time": ["call_id", "submitted_at", "id"],
        "ix_application_consent_scan_id": ["consent_scan_id"],
        "ix_application_entered_by": ["entered_by"],
        "ix_application_form_scan_id": ["form_scan_id"],
        "ix_application_home_by_merit": ["home_id", "call_id", "merit", "id"],
        "ix_application_home_by_name": ["home_id", "call_id", "roman_name", "id"],
        "ix_application_home_by_time": ["home_id", "call_id", "submitted_at", "id"],
    },
    "call": {},
    "opening": {
        "ix_opening_copied_from": ["copied_from"],
        "ix_opening_created_at": ["created_at", "id"],
        "ix_opening_host_id": ["host_id"],
    },
    "invitation": {"ix_invitation_relieves_id": ["relieves_id"]},
}
# What the rows of before held in one column each.
REMOVED: dict[str, dict[str, tuple[Any, Any]]] = {
    "application": {"cv_id": (sa.Uuid(), None)},
    "opening": {
        "organisation": (sa.String(160), ""),
        "host_kind": (sa.String(32), "office"),
        "working_language": (sa.String(16), "en"),
        "level": (sa.String(2), "B2"),
        "benefits": (sa.Text(), ""),
    },
}


def upgrade() -> None:
    _create_tables()
    for table, columns in ADDED.items():
        for name, (kind, _given) in columns.items():
            op.add_column(table, sa.Column(name, kind, nullable=True))
    for table, columns in ADDED.items():
        _fill(table, columns)
    _move_calls()
    _move_applications()
    _move_openings()
    for table in ADDED:
        _settle(table)
    with _altered("person", {}, ()) as batch:
        batch.alter_column("email", existing_type=sa.String(254), nullable=True)


def _settle(table: str) -> None:
    """Everything that must be there is required from here on; the columns of before go."""
    with _altered(table, CHECKS.get(table, {}), CHECKS_BEFORE.get(table, {})) as batch:
        for name, (kind, given) in ADDED[table].items():
            if given is not None or name in MOVED.get(table, ()):
                batch.alter_column(name, existing_type=kind, nullable=False)
        for name, columns in INDEXES[table].items():
            batch.create_index(name, columns)
        for name, other in REFERENCES[table]:
            batch.create_foreign_key(op.f(f"fk_{table}_{name}"), other, [name], ["id"])
        if table == "application":
            batch.alter_column("native_name", existing_type=sa.String(120), type_=sa.String(400))
            batch.alter_column("roman_name", existing_type=sa.String(120), type_=sa.String(250))
            batch.drop_index(op.f("ix_application_cv_id"))
            batch.drop_constraint(op.f("fk_application_cv_id"), type_="foreignkey")
        if table == "opening":
            batch.drop_index(op.f("ix_opening_call_id"))
            batch.create_index("ix_opening_call_id", ["call_id", "status", "starts_on", "id"])
            batch.create_unique_constraint(op.f("uq_opening_slug"), ["slug"])
        for name in REMOVED.get(table, {}):
            batch.drop_column(name)


@contextmanager
def _altered(table: str, checks: Mapping[str, str], gone: Iterable[str]) -> Iterator[Any]:
    """SQLite makes the table anew, once for all that changes in it."""
    with op.batch_alter_table(table) as batch:
        for name in gone:
            batch.drop_constraint(op.f(f"ck_{table}_{name}"), type_="check")
        yield batch
        for name, text in checks.items():
            batch.create_check_constraint(op.f(f"ck_{table}_{name}"), text)


def _fill(table: str, columns: Mapping[str, tuple[Any, Any]]) -> None:
    given = {name: value for name, (_kind, value) in columns.items() if value is not None}
    if given:
        described = sa.table(table, *(sa.column(name, columns[name][0]) for name in given))
        op.execute(sa.update(described).values(given))


def _move_calls() -> None:
    """Before, hosts and corrections had as long as the step that followed. Each call asked for a CV."""
    call = sa.table("call", *_columns("id", sa.Uuid()), *_columns(*DUE, TIME))
    connection = op.get_bind()
    for row in connection.execute(sa.select(call)).mappings().all():
        nominations = row["nominations_due_at"]
        due = {
            "openings_due_at": row["applications_due_at"],
            "corrections_due_at": nominations,
            "rankings_due_at": nominations + dt.timedelta(days=14),
        }
        connection.execute(sa.update(call).where(call.c.id == row["id"]).values(due))
        connection.execute(sa.insert(REQUESTED).values(id=uuid.uuid4(), call_id=row["id"], **CV))


DUE = ("applications_due_at", "nominations_due_at", "openings_due_at", "corrections_due_at", "rankings_due_at")


def _columns(*described: Any) -> list[Any]:
    *names, kind = described
    return [sa.column(name, kind) for name in names]


REQUESTED = sa.table(
    "requested_document", *_columns("id", "call_id", sa.Uuid()), *_columns("position", sa.Integer()),
    *_columns("purpose", sa.String()), *_columns("titles", "hints", sa.JSON()),
    *_columns("is_required", "shown_to_hosts", sa.Boolean()),
)  # fmt: skip
CV = {"position": 1, "purpose": "cv", "titles": {}, "hints": {}, "is_required": True, "shown_to_hosts": True}
APPLICATION = sa.table(
    "application", *_columns("id", "call_id", "cv_id", sa.Uuid()),
    *_columns("native_name", "roman_name", "given_name", "roman_given_name", "number", "status", "reason_code", sa.String()),
    *_columns("search_text", sa.Text()), *_columns("consents", sa.JSON()), *_columns("consented_at", "placed_at", "returned_at", "correction_due_at", TIME),
)  # fmt: skip
DOCUMENT = sa.table(
    "document", *_columns("id", "application_id", "requested_id", "file_id", sa.Uuid()), *_columns("uploaded_at", TIME)
)
STORED_FILE = sa.table("stored_file", *_columns("id", sa.Uuid()), *_columns("uploaded_at", TIME))
PLACEMENT = sa.table(
    "placement", *_columns("application_id", sa.Uuid()), *_columns("status", sa.String()),
    *_columns("answered_at", TIME),
)  # fmt: skip


def _move_applications() -> None:
    """A whole name is a given name alone; who agreed agreed to the use for this call, and the rest is asked."""
    connection = op.get_bind()
    a = APPLICATION
    for row in connection.execute(sa.select(a.c["id", "native_name", "roman_name", "number", "consented_at"])).all():
        said = (row.native_name, row.roman_name, row.number or "")
        names = {"given_name": row.native_name[:120], "roman_given_name": row.roman_name[:120]}
        found = "\n".join(_folded(each) for each in said)
        consents = ["use"] if row.consented_at else []
        values = {**names, "search_text": found, "consents": consents}
        connection.execute(sa.update(a).where(a.c.id == row.id).values(values))
    unfinished = a.c.status.in_(["draft", "returned"])
    connection.execute(sa.update(a).where(unfinished).values(consented_at=None))
    connection.execute(sa.update(a).where(a.c.status == "not_nominated").values(reason_code="other"))
    _date_corrections(connection)
    placed = sa.select(PLACEMENT.c.application_id, PLACEMENT.c.answered_at).where(PLACEMENT.c.status == "accepted")
    for application_id, at in connection.execute(placed).all():
        connection.execute(sa.update(a).where(a.c.id == application_id).values(placed_at=at))
    given = (
        sa.select(a.c.id, REQUESTED.c.id, a.c.cv_id, STORED_FILE.c.uploaded_at)
        .join(REQUESTED, REQUESTED.c.call_id == a.c.call_id)
        .join(STORED_FILE, STORED_FILE.c.id == a.c.cv_id)
    )
    for application_id, requested_id, file_id, at in connection.execute(given).all():
        values = {"application_id": application_id, "requested_id": requested_id, "file_id": file_id}
        connection.execute(sa.insert(DOCUMENT).values(id=uuid.uuid4(), uploaded_at=at, **values))


def _date_corrections(connection: sa.Connection) -> None:
    """Seven days, or as long as the call took applications: what was said when it was returned."""
    a, call = APPLICATION, sa.table("call", *_columns("id", sa.Uuid()), *_columns("applications_due_at", TIME))
    found = sa.select(a.c.id, a.c.returned_at, call.c.applications_due_at).join(call, call.c.id == a.c.call_id)
    for application_id, returned_at, due in connection.execute(found.where(a.c.status == "returned")).all():
        at = max(due, returned_at + dt.timedelta(days=7))
        connection.execute(sa.update(a).where(a.c.id == application_id).values(correction_due_at=at))


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(c for c in plain if c.isalnum())


HOST = sa.table(
    "host", *_columns("id", "government_id", "created_by", sa.Uuid()), *_columns("kind", "name", sa.String()),
    *_columns("address", "website", "contact_name", "contact_email", "contact_phone", sa.String()),
    *_columns("created_at", TIME),
)  # fmt: skip
NO_CONTACT = dict.fromkeys(("address", "website", "contact_name", "contact_email", "contact_phone"), "")
OPENING = sa.table(
    "opening", *_columns("id", "government_id", "created_by", "host_id", sa.Uuid()),
    *_columns("organisation", "host_kind", "title", "place", "working_language", "level", "slug", sa.String()),
    *_columns("tasks", "benefits", "benefits_note", "search_text", sa.Text()),
    *_columns("created_at", "first_ranked_at", TIME),
)  # fmt: skip
LANGUAGE = sa.table("opening_language", *_columns("opening_id", sa.Uuid()), *_columns("language", "level", sa.String()))
CHOICE = sa.table("choice", *_columns("opening_id", sa.Uuid()))


def _move_openings() -> None:
    """Each organisation of a government becomes a host once; an opening that stands in a list counts as ranked."""
    connection = op.get_bind()
    ranked = set(connection.scalars(sa.select(CHOICE.c.opening_id).distinct()))
    hosts: dict[tuple[uuid.UUID, str], uuid.UUID] = {}
    for row in connection.execute(sa.select(OPENING)).all():
        key = (row.government_id, row.organisation)
        if key not in hosts:
            hosts[key] = _make_host(row)
        said = "\n".join(
            " ".join(filter(None, map(_folded, text.split())))
            for text in (row.title, row.organisation, row.place, row.tasks)
        )
        values = {
            "host_id": hosts[key], "slug": f"opening-{row.id.hex[:12]}", "benefits_note": row.benefits,
            "search_text": said, "first_ranked_at": dt.datetime.now(dt.UTC) if row.id in ranked else None,
        }  # fmt: skip
        connection.execute(sa.update(OPENING).where(OPENING.c.id == row.id).values(values))
        spoken = {"opening_id": row.id, "language": row.working_language, "level": row.level}
        connection.execute(sa.insert(LANGUAGE).values(spoken))


def _make_host(row: Any) -> uuid.UUID:
    made = uuid.uuid4()
    told = {"government_id": row.government_id, "kind": row.host_kind, "name": row.organisation}
    made_by = {"created_by": row.created_by, "created_at": row.created_at}
    op.execute(sa.insert(HOST).values(id=made, **told, **made_by, **NO_CONTACT))
    return made


def downgrade() -> None:
    for table, columns in REMOVED.items():
        for name, (kind, _given) in columns.items():
            op.add_column(table, sa.Column(name, kind, nullable=True))
        _fill(table, columns)
    _move_back()
    for table in ADDED:
        _unsettle(table)
    with _altered("person", {}, ()) as batch:
        batch.alter_column("email", existing_type=sa.String(254), nullable=False)
    _drop_tables()


def _move_back() -> None:
    """People without an address get one that reaches nobody; of several languages of an opening one is kept."""
    person = sa.table("person", *_columns("id", sa.Uuid()), *_columns("email", sa.String()))
    connection = op.get_bind()
    for (person_id,) in connection.execute(sa.select(person.c.id).where(person.c.email.is_(None))).all():
        address = f"{person_id.hex}@paper.invalid"
        connection.execute(sa.update(person).where(person.c.id == person_id).values(email=address))
    cv = sa.select(DOCUMENT.c.application_id, DOCUMENT.c.file_id).join(
        REQUESTED, sa.and_(REQUESTED.c.id == DOCUMENT.c.requested_id, REQUESTED.c.purpose == "cv")
    )
    for application_id, file_id in connection.execute(cv).all():
        op.execute(sa.update(APPLICATION).where(APPLICATION.c.id == application_id).values(cv_id=file_id))
    hosted = sa.select(OPENING.c.id, OPENING.c.benefits_note, HOST.c.name, HOST.c.kind).join(
        HOST, HOST.c.id == OPENING.c.host_id
    )
    for opening_id, note, name, kind in connection.execute(hosted).all():
        values = {"organisation": name, "host_kind": kind, "benefits": note}
        op.execute(sa.update(OPENING).where(OPENING.c.id == opening_id).values(values))
    for opening_id, language, level in connection.execute(sa.select(LANGUAGE)).all():
        values = {"working_language": language, "level": level}
        op.execute(sa.update(OPENING).where(OPENING.c.id == opening_id).values(values))
    shortened = {name: sa.func.substr(APPLICATION.c[name], 1, 120) for name in ("native_name", "roman_name")}
    op.execute(sa.update(APPLICATION).values(shortened))


def _unsettle(table: str) -> None:
    with _altered(table, CHECKS_BEFORE.get(table, {}), CHECKS.get(table, {})) as batch:
        for name, (kind, given) in REMOVED.get(table, {}).items():
            if given is not None:
                batch.alter_column(name, existing_type=kind, nullable=False)
        for name in INDEXES[table]:
            batch.drop_index(name)
        for name, _other in REFERENCES[table]:
            batch.drop_constraint(op.f(f"fk_{table}_{name}"), type_="foreignkey")
        if table == "application":
            batch.alter_column("native_name", existing_type=sa.String(400), type_=sa.String(120))
            batch.alter_column("roman_name", existing_type=sa.String(250), type_=sa.String(120))
            batch.create_index(op.f("ix_application_cv_id"), ["cv_id"])
            batch.create_foreign_key(op.f("fk_application_cv_id"), "stored_file", ["cv_id"], ["id"])
        if table == "opening":
            batch.drop_index("ix_opening_call_id")
            batch.create_index("ix_opening_call_id", ["call_id", "status", "government_id", "id"])
            batch.drop_constraint(op.f("uq_opening_slug"), type_="unique")
        for name in ADDED[table]:
            batch.drop_column(name)


def _create_tables() -> None:
    op.create_table(
        "host",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("government_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("website", sa.String(length=200), nullable=False),
        sa.Column("contact_name", sa.String(length=120), nullable=False),
        sa.Column("contact_email", sa.String(length=254), nullable=False),
        sa.Column("contact_phone", sa.String(length=40), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["government_id"], ["government.id"], name=op.f("fk_host_government_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_host")),
        sa.UniqueConstraint("government_id", "name", name=op.f("uq_host_government_id_name")),
    )
    with op.batch_alter_table("host", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_host_created_by"), ["created_by"], unique=False)
        batch_op.create_index("ix_host_name", ["name", "id"], unique=False)

    op.create_table(
        "question",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("hints", sa.JSON(), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("max_length", sa.Integer(), nullable=True),
        sa.Column("limit_unit", sa.String(length=32), nullable=True),
        sa.Column("is_required", sa.Boolean(), nullable=False),
        sa.Column("shown_to_hosts", sa.Boolean(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(max_length IS NULL) = (limit_unit IS NULL)", name=op.f("ck_question_a_limit_has_a_unit")),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_question_call_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
    )
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.create_index("ix_question_call_id", ["call_id", "position"], unique=False)

    op.create_table(
        "requested_document",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=32), nullable=False),
        sa.Column("titles", sa.JSON(), nullable=False),
        sa.Column("hints", sa.JSON(), nullable=False),
        sa.Column("is_required", sa.Boolean(), nullable=False),
        sa.Column("shown_to_hosts", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["call_id"], ["call.id"], name=op.f("fk_requested_document_call_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requested_document")),
    )
    with op.batch_alter_table("requested_document", schema=None) as batch_op:
        batch_op.create_index("ix_requested_document_call_id", ["call_id", "position"], unique=False)

    op.create_table(
        "silence_warning",
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("government_id", sa.Uuid(), nullable=False),
        sa.Column("days", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("warned_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_silence_warning_call_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["government_id"], ["government.id"], name=op.f("fk_silence_warning_government_id")),
        sa.PrimaryKeyConstraint("call_id", "government_id", "days", name=op.f("pk_silence_warning")),
    )
    op.create_table(
        "submission_digest",
        sa.Column("government_id", sa.Uuid(), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["government_id"], ["government.id"], name=op.f("fk_submission_digest_government_id")),
        sa.PrimaryKeyConstraint("government_id", "told_on", name=op.f("pk_submission_digest")),
    )
    op.create_table(
        "answer",
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_answer_application_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_answer_file_id")),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name=op.f("fk_answer_question_id")),
        sa.PrimaryKeyConstraint("application_id", "question_id", name=op.f("pk_answer")),
    )
    with op.batch_alter_table("answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_answer_file_id"), ["file_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_answer_question_id"), ["question_id"], unique=False)

    op.create_table(
        "application_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_application_version_application_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_version")),
        sa.UniqueConstraint("application_id", "number", name=op.f("uq_application_version_application_id_number")),
    )
    op.create_table(
        "checked_item",
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("item", sa.String(length=40), nullable=False),
        sa.Column("checked_by", sa.Uuid(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_checked_item_application_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["checked_by"], ["person.id"], name=op.f("fk_checked_item_checked_by")),
        sa.PrimaryKeyConstraint("application_id", "item", name=op.f("pk_checked_item")),
    )
    with op.batch_alter_table("checked_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_checked_item_checked_by"), ["checked_by"], unique=False)

    op.create_table(
        "document",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("requested_id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_document_application_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_document_file_id")),
        sa.ForeignKeyConstraint(["requested_id"], ["requested_document.id"], name=op.f("fk_document_requested_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
        sa.UniqueConstraint("application_id", "requested_id", name=op.f("uq_document_application_id_requested_id")),
    )
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_document_file_id"), ["file_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_document_requested_id"), ["requested_id"], unique=False)

    op.create_table(
        "kinship",
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_kinship_application_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_kinship_person_id")),
        sa.PrimaryKeyConstraint("application_id", "person_id", name=op.f("pk_kinship")),
    )
    with op.batch_alter_table("kinship", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_kinship_person_id"), ["person_id"], unique=False)

    op.create_table(
        "letter",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("requested_id", sa.Uuid(), nullable=False),
        sa.Column("referee_name", sa.String(length=120), nullable=False),
        sa.Column("referee_email", sa.String(length=254), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("times_sent", sa.Integer(), nullable=False),
        sa.Column("declined_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(received_at IS NULL) = (text = '' AND file_id IS NULL)", name=op.f("ck_letter_received_with_content")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_letter_application_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_letter_file_id")),
        sa.ForeignKeyConstraint(["requested_id"], ["requested_document.id"], name=op.f("fk_letter_requested_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter")),
        sa.UniqueConstraint("application_id", "requested_id", name=op.f("uq_letter_application_id_requested_id")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_letter_token_digest")),
    )
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_letter_file_id"), ["file_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_letter_requested_id"), ["requested_id"], unique=False)

    op.create_table(
        "namesake",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.Uuid(), nullable=True),
        sa.Column("is_same", sa.Boolean(), nullable=True),
        sa.CheckConstraint("(settled_at IS NULL) = (is_same IS NULL)", name=op.f("ck_namesake_settled_one_way")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_namesake_application_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["other_id"], ["application.id"], name=op.f("fk_namesake_other_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["settled_by"], ["person.id"], name=op.f("fk_namesake_settled_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_namesake")),
        sa.UniqueConstraint("application_id", "other_id", name=op.f("uq_namesake_application_id_other_id")),
    )
    with op.batch_alter_table("namesake", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_namesake_other_id"), ["other_id"], unique=False)
        batch_op.create_index("ix_namesake_settled_at", ["settled_at", "found_at", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_namesake_settled_by"), ["settled_by"], unique=False)

    op.create_table(
        "note",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_note_application_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_note_author_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note")),
    )
    with op.batch_alter_table("note", schema=None) as batch_op:
        batch_op.create_index("ix_note_application_id", ["application_id", "written_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_note_author_id"), ["author_id"], unique=False)

    op.create_table(
        "benefit",
        sa.Column("opening_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("what", sa.String(length=32), nullable=False),
        sa.Column("note", sa.String(length=160), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("per", sa.String(length=32), nullable=False),
        sa.Column("payer", sa.String(length=32), nullable=False),
        sa.CheckConstraint("amount IS NULL OR currency IS NOT NULL", name=op.f("ck_benefit_an_amount_has_a_currency")),
        sa.ForeignKeyConstraint(["opening_id"], ["opening.id"], name=op.f("fk_benefit_opening_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("opening_id", "position", name=op.f("pk_benefit")),
    )
    op.create_table(
        "opening_field",
        sa.Column("opening_id", sa.Uuid(), nullable=False),
        sa.Column("field", sa.String(length=2), nullable=False),
        sa.ForeignKeyConstraint(
            ["opening_id"], ["opening.id"], name=op.f("fk_opening_field_opening_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("opening_id", "field", name=op.f("pk_opening_field")),
    )
    with op.batch_alter_table("opening_field", schema=None) as batch_op:
        batch_op.create_index("ix_opening_field_field", ["field", "opening_id"], unique=False)

    op.create_table(
        "opening_language",
        sa.Column("opening_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("level", sa.String(length=2), nullable=False),
        sa.ForeignKeyConstraint(
            ["opening_id"], ["opening.id"], name=op.f("fk_opening_language_opening_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("opening_id", "language", name=op.f("pk_opening_language")),
    )
    with op.batch_alter_table("opening_language", schema=None) as batch_op:
        batch_op.create_index("ix_opening_language_language", ["language", "opening_id"], unique=False)


def _drop_tables() -> None:
    op.drop_table("opening_language")
    op.drop_table("opening_field")
    op.drop_table("benefit")
    op.drop_table("note")
    op.drop_table("namesake")
    op.drop_table("letter")
    op.drop_table("kinship")
    op.drop_table("document")
    op.drop_table("checked_item")
    op.drop_table("application_version")
    op.drop_table("answer")
    op.drop_table("submission_digest")
    op.drop_table("silence_warning")
    op.drop_table("requested_document")
    op.drop_table("question")
    op.drop_table("host")
