"""the essay contest from writing to screening: guardians, manuscripts, what judges read, a code at admission"""

import datetime as dt
import secrets
import uuid
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
# New columns of tables that hold rows, and what a row of before has in them (None: empty, or moved below).
ADDED: dict[str, dict[str, tuple[Any, Any]]] = {
    "application": {"guardian_name": (sa.String(120), "")},
    "call": {"consent_ages": (sa.JSON(), {})},
    "edition": {
        "first_readings": (sa.Integer(), 3),
        "finalists": (sa.Integer(), None),
        "final_readings": (sa.Integer(), 5),
        "final_due_at": (TIME, None),
        "jury_on": (sa.Date(), None),
        "results_at": (TIME, None),
        "ai_rule": (sa.String(32), "disclosed"),
        "conflict_rule": (sa.String(32), "government"),
        "consent_ages": (sa.JSON(), {}),
        "copied_from": (sa.Uuid(), None),
    },
    "essay": {
        "notes": (sa.Text(), ""),
        "source": (sa.String(32), "typed"),
        "saved_at": (TIME, None),
        "sitting": (sa.Uuid(), None),
        "sitting_version": (sa.Integer(), 0),
        "reason_code": (sa.String(32), None),
    },
    "authorship": {
        "nationality": (sa.String(2), ""),
        "is_original": (sa.Boolean(), False),
        "used_ai": (sa.Boolean(), None),
        "ai_use": (sa.Text(), ""),
        "entered_by": (sa.Uuid(), None),
        "entered_at": (TIME, None),
        "scan_id": (sa.Uuid(), None),
        "compared_at": (TIME, None),
    },
}
MOVED = {"essay": ("saved_at",)}
CHECKS = {
    "edition": {
        "one_to_seven_first_readings": "first_readings BETWEEN 1 AND 7",
        "a_final_round_has_its_date": "(finalists IS NULL) = (final_due_at IS NULL)",
        "finalists_are_some": "finalists IS NULL OR finalists > 0",
        "one_to_nine_final_readings": "final_readings BETWEEN 1 AND 9",
        "final_after_the_first_round": "final_due_at IS NULL OR final_due_at > judging_due_at",
        "results_after_judging": "results_at IS NULL OR results_at > judging_due_at",
    },
    "essay": {
        "admitted_with_a_code": "status IN ('draft', 'submitted', 'returned', 'disqualified', 'withdrawn')"
        " OR code IS NOT NULL",
    },
    "authorship": {
        "entered_for_a_government": "(entered_by IS NULL) OR (government_id IS NOT NULL)",
        "entered_at_an_instant": "(entered_by IS NULL) = (entered_at IS NULL)",
    },
}
POINTS_TO = {
    "edition": {"copied_from": "edition"},
    "authorship": {"entered_by": "person", "scan_id": "stored_file"},
}
INDEXES = {
    "ix_edition_copied_from": ("edition", ["copied_from"]),
    "ix_authorship_entered": ("authorship", ["government_id", "entered_at", "id"]),
    "ix_authorship_entered_by": ("authorship", ["entered_by"]),
    "ix_authorship_scan_id": ("authorship", ["scan_id"]),
    "ix_essay_code": ("essay", ["edition_id", "code"]),
    "ix_essay_queue": (
        "essay",
        ["edition_id", "status", "submitted_at", "id", "language", "category_id", "returned_at", "source"],
    ),
}
# What judges read from now on, and what they no longer do.
READABLE = {"fair_copy": ("id", "essay_id", "title", "text", "notes")}
HIDDEN = {"essay": ("title", "text")}
LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def _columns(*described: Any) -> list[Any]:
    *names, kind = described
    return [sa.column(name, kind) for name in names]


ESSAY = sa.table(
    "essay", *_columns("id", sa.Uuid()), *_columns("title", "text", "notes", "code", "status", "submitted_digest", sa.String()),
    *_columns("created_at", "saved_at", "submitted_at", TIME),
)  # fmt: skip
AUTHORSHIP = sa.table(
    "authorship", *_columns("id", "edition_id", "person_id", sa.Uuid()), *_columns("native_name", sa.String()),
    *_columns("consents", sa.JSON()), *_columns("consented_at", TIME), *_columns("is_original", sa.Boolean()),
)  # fmt: skip
CASE = sa.table(
    "consent_case", *_columns("id", "person_id", "round_id", sa.Uuid()), *_columns("programme", sa.String()),
    *_columns("opened_at", TIME),
)  # fmt: skip
CONSENT = sa.table(
    "consent", *_columns("id", "case_id", sa.Uuid()),
    *_columns("purpose", "method", "name", "wording", "language", "digest", sa.String()),
    *_columns("is_given", sa.Boolean()), *_columns("decided_at", "ended_at", TIME),
)  # fmt: skip
FAIR_COPY = sa.table(
    "fair_copy", *_columns("id", "essay_id", sa.Uuid()), *_columns("title", "text", "notes", sa.String())
)
SUBMISSION = sa.table(
    "submission", *_columns("id", "essay_id", sa.Uuid()), *_columns("number", sa.Integer()),
    *_columns("submitted_at", TIME), *_columns("digest", "title", "text", "notes", sa.String()),
)  # fmt: skip
CRITERION = sa.table("criterion", *_columns("id", sa.Uuid()), *_columns("anchors", sa.JSON()))
# What was agreed to before, and what it is called now.
PURPOSES = {"data": ("take_part",), "publication": ("name", "text")}


def upgrade() -> None:
    _create_tables()
    _add_columns()
    _move_essays()
    _move_consents()
    _word_anchors(lambda text: {"en": text})
    for table in ADDED:
        _finish(table)
    for name, (table, columns) in INDEXES.items():
        op.create_index(name, table, columns)
    _grant()


def downgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        for table, columns in HIDDEN.items():
            op.execute(f"GRANT SELECT ({', '.join(columns)}) ON {table} TO portal_judge")
    for name, (table, _) in INDEXES.items():
        op.drop_index(name, table)
    op.add_column("authorship", sa.Column("consents", sa.JSON(), nullable=True))
    op.add_column("authorship", sa.Column("consented_at", TIME, nullable=True))
    _word_anchors(lambda names: names.get("en", ""))
    _restore_consents()
    _give_every_essay_a_code()
    for table in reversed(ADDED):
        with op.batch_alter_table(table) as batch:
            for name in POINTS_TO.get(table, {}):
                batch.drop_constraint(op.f(f"fk_{table}_{name}"), type_="foreignkey")
            for name in CHECKS.get(table, {}):
                batch.drop_constraint(op.f(f"ck_{table}_{name}"), type_="check")
            for name in ADDED[table]:
                batch.drop_column(name)
            if table == "essay":
                batch.alter_column("code", existing_type=sa.String(12), nullable=False)
            if table == "authorship":
                batch.alter_column("consents", existing_type=sa.JSON(), nullable=False)
    _drop_tables()


def _add_columns() -> None:
    for table, columns in ADDED.items():
        for name, (kind, _given) in columns.items():
            op.add_column(table, sa.Column(name, kind, nullable=True))
        given = {name: value for name, (_kind, value) in columns.items() if value is not None}
        described = sa.table(table, *(sa.column(name, columns[name][0]) for name in given))
        op.execute(sa.update(described).values(given))


def _finish(table: str) -> None:
    """SQLite makes the table anew, once for all that changes in it."""
    with op.batch_alter_table(table) as batch:
        for name, (kind, given) in ADDED[table].items():
            if given is not None or name in MOVED.get(table, ()):
                batch.alter_column(name, existing_type=kind, nullable=False)
        if table == "essay":
            batch.alter_column("code", existing_type=sa.String(12), nullable=True)
        if table == "authorship":
            batch.drop_column("consented_at")
            batch.drop_column("consents")
        for name, text in CHECKS.get(table, {}).items():
            batch.create_check_constraint(op.f(f"ck_{table}_{name}"), text)
        for name, target in POINTS_TO.get(table, {}).items():
            batch.create_foreign_key(op.f(f"fk_{table}_{name}"), target, [name], ["id"])
    if table == "essay":
        before = ESSAY.c.status.in_(["draft", "submitted", "returned"])
        op.execute(sa.update(ESSAY).where(before).values(code=None))


def _move_essays() -> None:
    """What was sent becomes a submission; what was admitted gets the copy that judges read."""
    op.execute(sa.update(ESSAY).values(saved_at=ESSAY.c.created_at))
    connection = op.get_bind()
    for row in connection.execute(sa.select(ESSAY).where(ESSAY.c.submitted_at.is_not(None))).mappings().all():
        words = {"essay_id": row["id"], "title": row["title"], "text": row["text"], "notes": ""}
        sent = {"number": 1, "submitted_at": row["submitted_at"], "digest": row["submitted_digest"] or ""}
        connection.execute(sa.insert(SUBMISSION).values(id=uuid.uuid4(), **words, **sent))
        if row["status"] in {"admitted", "in_judging"}:
            connection.execute(sa.insert(FAIR_COPY).values(id=uuid.uuid4(), **words))


def _move_consents() -> None:
    connection = op.get_bind()
    wanted = ("id", "edition_id", "person_id", "native_name", "consents", "consented_at")
    for row in connection.execute(sa.select(*(AUTHORSHIP.c[name] for name in wanted))).mappings().all():
        is_own = AUTHORSHIP.c.id == row["id"]
        connection.execute(sa.update(AUTHORSHIP).where(is_own).values(is_original="original" in row["consents"]))
        if row["consented_at"] is not None:
            _open_case(connection, row)


def _open_case(connection: sa.Connection, row: Any) -> None:
    case, at = uuid.uuid4(), row["consented_at"]
    opened = {"person_id": row["person_id"], "round_id": row["edition_id"], "programme": "contest", "opened_at": at}
    connection.execute(sa.insert(CASE).values(id=case, **opened))
    given = [purpose for each in row["consents"] for purpose in PURPOSES.get(each, ())]
    read = {"wording": "2026-1", "language": "en", "digest": "", "name": row["native_name"], "method": "account"}
    for purpose in given:
        decided = {"purpose": purpose, "is_given": True, "decided_at": at}
        connection.execute(sa.insert(CONSENT).values(id=uuid.uuid4(), case_id=case, **decided, **read))


def _restore_consents() -> None:
    """As far as the person gave them; a guardian's are not theirs."""
    connection = op.get_bind()
    op.execute(sa.update(AUTHORSHIP).values(consents=[]))
    for row in connection.execute(sa.select(AUTHORSHIP)).mappings().all():
        given = (
            sa.select(CONSENT.c.purpose, CONSENT.c.decided_at)
            .join(CASE, CASE.c.id == CONSENT.c.case_id)
            .where(CASE.c.person_id == row["person_id"], CASE.c.round_id == row["edition_id"])
            .where(CONSENT.c.is_given, CONSENT.c.ended_at.is_(None), CONSENT.c.method == "account")
        )
        found: dict[str, dt.datetime] = dict(connection.execute(given).all())
        consents = [name for name, purposes in PURPOSES.items() if set(purposes) <= set(found)]
        consents += ["original"] if row["is_original"] else []
        values = {"consents": consents, "consented_at": max(found.values(), default=None)}
        connection.execute(sa.update(AUTHORSHIP).where(AUTHORSHIP.c.id == row["id"]).values(values))


def _word_anchors(word: Any) -> None:
    connection = op.get_bind()
    for row in connection.execute(sa.select(CRITERION)).mappings().all():
        anchors = {points: word(text) for points, text in row["anchors"].items()}
        connection.execute(sa.update(CRITERION).where(CRITERION.c.id == row["id"]).values(anchors=anchors))


def _give_every_essay_a_code() -> None:
    connection = op.get_bind()
    for essay_id in connection.execute(sa.select(ESSAY.c.id).where(ESSAY.c.code.is_(None))).scalars().all():
        code = "".join(secrets.choice(LETTERS) for _ in range(8))
        connection.execute(sa.update(ESSAY).where(ESSAY.c.id == essay_id).values(code=code))


def _grant() -> None:
    if op.get_bind().dialect.name == "sqlite":
        return
    for table, columns in HIDDEN.items():
        op.execute(f"REVOKE SELECT ({', '.join(columns)}) ON {table} FROM portal_judge")
    for table, columns in READABLE.items():
        op.execute(f"GRANT SELECT ({', '.join(columns)}) ON {table} TO portal_judge")


def _create_tables() -> None:
    op.create_table(
        "award",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("prizes", sa.JSON(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.CheckConstraint("places > 0", name=op.f("ck_award_at_least_one_place")),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_award_edition_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award")),
        sa.UniqueConstraint("edition_id", "position", name=op.f("uq_award_edition_id_position")),
    )
    op.create_table(
        "consent_case",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("programme", sa.String(length=32), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_consent_case_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_case")),
        sa.UniqueConstraint(
            "person_id", "programme", "round_id", name=op.f("uq_consent_case_person_id_programme_round_id")
        ),
    )
    with op.batch_alter_table("consent_case", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consent_case_round_id"), ["round_id"], unique=False)

    op.create_table(
        "consent_guardian",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("token_digest", sa.String(length=64), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("times_sent", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["consent_case.id"], name=op.f("fk_consent_guardian_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_guardian")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_consent_guardian_token_digest")),
    )
    with op.batch_alter_table("consent_guardian", schema=None) as batch_op:
        batch_op.create_index("ix_consent_guardian_case_id", ["case_id", "asked_at"], unique=False)
        batch_op.create_index("ix_consent_guardian_waiting", ["answered_at", "replaced_at", "expires_at"], unique=False)
        batch_op.create_index(
            "uq_consent_guardian_current",
            ["case_id"],
            unique=True,
            sqlite_where=sa.text("replaced_at IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL"),
        )

    op.create_table(
        "consent",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(length=32), nullable=False),
        sa.Column("is_given", sa.Boolean(), nullable=False),
        sa.Column("method", sa.String(length=32), nullable=False),
        sa.Column("guardian_id", sa.Uuid(), nullable=True),
        sa.Column("entered_by", sa.Uuid(), nullable=True),
        sa.Column("scan_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("wording", sa.String(length=16), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(method = 'paper') = (entered_by IS NOT NULL)", name=op.f("ck_consent_from_paper_by_somebody")
        ),
        sa.CheckConstraint(
            "method != 'account' OR guardian_id IS NULL", name=op.f("ck_consent_their_own_with_an_account")
        ),
        sa.CheckConstraint("method != 'link' OR guardian_id IS NOT NULL", name=op.f("ck_consent_a_guardians_by_link")),
        sa.ForeignKeyConstraint(["case_id"], ["consent_case.id"], name=op.f("fk_consent_case_id")),
        sa.ForeignKeyConstraint(["entered_by"], ["person.id"], name=op.f("fk_consent_entered_by")),
        sa.ForeignKeyConstraint(["guardian_id"], ["consent_guardian.id"], name=op.f("fk_consent_guardian_id")),
        sa.ForeignKeyConstraint(["scan_id"], ["stored_file.id"], name=op.f("fk_consent_scan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.create_index("ix_consent_case_id", ["case_id", "decided_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_consent_entered_by"), ["entered_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_consent_guardian_id"), ["guardian_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_consent_scan_id"), ["scan_id"], unique=False)
        batch_op.create_index(
            "uq_consent_current",
            ["case_id", "purpose"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "consent_reminder",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("guardian_id", sa.Uuid(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["guardian_id"], ["consent_guardian.id"], name=op.f("fk_consent_reminder_guardian_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_reminder")),
        sa.UniqueConstraint("guardian_id", "days", name=op.f("uq_consent_reminder_guardian_id_days")),
    )
    op.create_table(
        "disqualification",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("essay_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_by", sa.Uuid(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_confirmed", sa.Boolean(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(settled_at IS NULL) = (is_confirmed IS NULL)", name=op.f("ck_disqualification_settled_in_one_way")
        ),
        sa.CheckConstraint(
            "(settled_at IS NULL) = (settled_by IS NULL)", name=op.f("ck_disqualification_settled_by_somebody")
        ),
        sa.CheckConstraint(
            "settled_by IS NULL OR settled_by != proposed_by", name=op.f("ck_disqualification_settled_by_another")
        ),
        sa.ForeignKeyConstraint(["essay_id"], ["essay.id"], name=op.f("fk_disqualification_essay_id")),
        sa.ForeignKeyConstraint(["proposed_by"], ["person.id"], name=op.f("fk_disqualification_proposed_by")),
        sa.ForeignKeyConstraint(["settled_by"], ["person.id"], name=op.f("fk_disqualification_settled_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disqualification")),
    )
    with op.batch_alter_table("disqualification", schema=None) as batch_op:
        batch_op.create_index("ix_disqualification_essay_id", ["essay_id", "proposed_at"], unique=False)
        batch_op.create_index("ix_disqualification_settled_at", ["settled_at", "essay_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_disqualification_proposed_by"), ["proposed_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_disqualification_settled_by"), ["settled_by"], unique=False)
        batch_op.create_index(
            "uq_disqualification_open",
            ["essay_id"],
            unique=True,
            sqlite_where=sa.text("settled_at IS NULL"),
            postgresql_where=sa.text("settled_at IS NULL"),
        )

    op.create_table(
        "fair_copy",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("essay_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=480), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["essay_id"], ["essay.id"], name=op.f("fk_fair_copy_essay_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fair_copy")),
        sa.UniqueConstraint("essay_id", name=op.f("uq_fair_copy_essay_id")),
    )
    op.create_table(
        "manuscript",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("essay_id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "replaced_at IS NULL OR confirmed_at IS NOT NULL", name=op.f("ck_manuscript_replaced_once_confirmed")
        ),
        sa.ForeignKeyConstraint(["essay_id"], ["essay.id"], name=op.f("fk_manuscript_essay_id")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_manuscript_file_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_manuscript")),
    )
    with op.batch_alter_table("manuscript", schema=None) as batch_op:
        batch_op.create_index("ix_manuscript_essay_id", ["essay_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_manuscript_file_id"), ["file_id"], unique=False)
        batch_op.create_index(
            "uq_manuscript_current",
            ["essay_id"],
            unique=True,
            sqlite_where=sa.text("confirmed_at IS NOT NULL AND replaced_at IS NULL"),
            postgresql_where=sa.text("confirmed_at IS NOT NULL AND replaced_at IS NULL"),
        )
        batch_op.create_index(
            "uq_manuscript_pending",
            ["essay_id"],
            unique=True,
            sqlite_where=sa.text("confirmed_at IS NULL"),
            postgresql_where=sa.text("confirmed_at IS NULL"),
        )

    op.create_table(
        "redaction",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("essay_id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.String(length=32), nullable=False),
        sa.Column("begins", sa.Integer(), nullable=False),
        sa.Column("ends", sa.Integer(), nullable=False),
        sa.Column("marked_by", sa.Uuid(), nullable=False),
        sa.Column("marked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("begins >= 0 AND ends > begins", name=op.f("ck_redaction_a_passage")),
        sa.ForeignKeyConstraint(["essay_id"], ["essay.id"], name=op.f("fk_redaction_essay_id")),
        sa.ForeignKeyConstraint(["marked_by"], ["person.id"], name=op.f("fk_redaction_marked_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_redaction")),
        sa.UniqueConstraint("essay_id", "part", "begins", name=op.f("uq_redaction_essay_id_part_begins")),
    )
    with op.batch_alter_table("redaction", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_redaction_marked_by"), ["marked_by"], unique=False)

    op.create_table(
        "screening_tick",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("essay_id", sa.Uuid(), nullable=False),
        sa.Column("item", sa.String(length=32), nullable=False),
        sa.Column("ticked_by", sa.Uuid(), nullable=False),
        sa.Column("ticked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["essay_id"], ["essay.id"], name=op.f("fk_screening_tick_essay_id")),
        sa.ForeignKeyConstraint(["ticked_by"], ["person.id"], name=op.f("fk_screening_tick_ticked_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_screening_tick")),
        sa.UniqueConstraint("essay_id", "item", name=op.f("uq_screening_tick_essay_id_item")),
    )
    with op.batch_alter_table("screening_tick", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_screening_tick_ticked_by"), ["ticked_by"], unique=False)

    op.create_table(
        "set_aside",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("essay_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("set_aside_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["essay_id"], ["essay.id"], name=op.f("fk_set_aside_essay_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_set_aside")),
    )
    with op.batch_alter_table("set_aside", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_set_aside_essay_id"), ["essay_id"], unique=False)

    op.create_table(
        "submission",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("essay_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["essay_id"], ["essay.id"], name=op.f("fk_submission_essay_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission")),
        sa.UniqueConstraint("essay_id", "number", name=op.f("uq_submission_essay_id_number")),
    )


def _drop_tables() -> None:
    op.drop_table("submission")
    with op.batch_alter_table("set_aside", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_set_aside_essay_id"))

    op.drop_table("set_aside")
    with op.batch_alter_table("screening_tick", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_screening_tick_ticked_by"))

    op.drop_table("screening_tick")
    with op.batch_alter_table("redaction", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_redaction_marked_by"))

    op.drop_table("redaction")
    with op.batch_alter_table("manuscript", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_manuscript_pending",
            sqlite_where=sa.text("confirmed_at IS NULL"),
            postgresql_where=sa.text("confirmed_at IS NULL"),
        )
        batch_op.drop_index(
            "uq_manuscript_current",
            sqlite_where=sa.text("confirmed_at IS NOT NULL AND replaced_at IS NULL"),
            postgresql_where=sa.text("confirmed_at IS NOT NULL AND replaced_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_manuscript_file_id"))
        batch_op.drop_index("ix_manuscript_essay_id")

    op.drop_table("manuscript")
    op.drop_table("fair_copy")
    with op.batch_alter_table("disqualification", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_disqualification_open",
            sqlite_where=sa.text("settled_at IS NULL"),
            postgresql_where=sa.text("settled_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_disqualification_settled_by"))
        batch_op.drop_index(batch_op.f("ix_disqualification_proposed_by"))
        batch_op.drop_index("ix_disqualification_settled_at")
        batch_op.drop_index("ix_disqualification_essay_id")

    op.drop_table("disqualification")
    op.drop_table("consent_reminder")
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_consent_current", sqlite_where=sa.text("ended_at IS NULL"), postgresql_where=sa.text("ended_at IS NULL")
        )
        batch_op.drop_index(batch_op.f("ix_consent_scan_id"))
        batch_op.drop_index(batch_op.f("ix_consent_guardian_id"))
        batch_op.drop_index(batch_op.f("ix_consent_entered_by"))
        batch_op.drop_index("ix_consent_case_id")

    op.drop_table("consent")
    with op.batch_alter_table("consent_guardian", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_consent_guardian_current",
            sqlite_where=sa.text("replaced_at IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL"),
        )
        batch_op.drop_index("ix_consent_guardian_waiting")
        batch_op.drop_index("ix_consent_guardian_case_id")

    op.drop_table("consent_guardian")
    with op.batch_alter_table("consent_case", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_consent_case_round_id"))

    op.drop_table("consent_case")
    op.drop_table("award")
