"""judging in full: judges who are asked, deals, training, orders that are kept, the jury, results, certificates"""

import datetime as dt
import secrets
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
# New columns of tables that hold rows, and what a row of before has in them (None: empty, or filled below).
ADDED: dict[str, dict[str, tuple[Any, Any]]] = {
    "edition": {
        "order_rule": (sa.String(32), "model"),
        "final_rule": (sa.String(32), "model"),
        "award_scope": (sa.String(32), "language"),
        "extra_readings": (sa.Integer(), 0),
        "most_readings": (sa.Integer(), 5),
        "shows_marks": (sa.Boolean(), False),
        "appeal_days": (sa.Integer(), 14),
        "seed": (sa.Integer(), 0),
    },
    "judge": {
        "code": (sa.String(8), None),
        "email": (sa.String(254), ""),
        "name": (sa.String(120), ""),
        "language": (sa.String(16), "en"),
        "country": (sa.String(32), None),
        "least": (sa.Integer(), 0),
        "most": (sa.Integer(), 1000),
        "in_first": (sa.Boolean(), True),
        "in_final": (sa.Boolean(), False),
        "status": (sa.String(32), "accepted"),
        "token_digest": (sa.String(64), None),
        "invited_by": (sa.Uuid(), None),
        "invited_at": (TIME, None),
        "expires_at": (TIME, None),
        "answered_at": (TIME, None),
        "decline_reason": (sa.Text(), ""),
        "left_at": (TIME, None),
        "left_reason": (sa.Text(), ""),
        "replaces_id": (sa.Uuid(), None),
        "excluded_at": (TIME, None),
        "excluded_by": (sa.Uuid(), None),
        "excluded_reason": (sa.Text(), ""),
    },
    "appointment": {
        "round": (sa.String(32), "first"),
        "deal_id": (sa.Uuid(), None),
        "opened_at": (TIME, None),
        "private_note": (sa.Text(), ""),
        "comment_hidden_by": (sa.Uuid(), None),
        "ended_at": (TIME, None),
        "end_reason": (sa.String(32), None),
    },
}
FILLED = {"judge": ("code", "invited_at")}
CHECKS = {
    "edition": {
        "first_judges_do_not_rank": "order_rule NOT IN ('kemeny', 'borda')",
        "no_less_than_no_extra_reading": "extra_readings >= 0",
        "one_to_nine_readings": "most_readings BETWEEN 1 AND 9",
        "appeals_within_90_days": "appeal_days BETWEEN 0 AND 90",
    },
    "judge": {
        "workload_in_order": "least >= 0 AND most >= least",
        "somebody_accepted": "status IN ('invited', 'declined') OR person_id IS NOT NULL",
        "left_at_an_instant": "(status = 'left') = (left_at IS NOT NULL)",
        "excluded_by_somebody": "(excluded_at IS NULL) = (excluded_by IS NULL)",
    },
    "appointment": {"ended_for_a_reason": "(ended_at IS NULL) = (end_reason IS NULL)"},
}
POINTS_TO = {
    "judge": {"invited_by": "person", "excluded_by": "person", "replaces_id": "judge"},
    "appointment": {"comment_hidden_by": "person"},
}
UNIQUE = {
    "judge": {"uq_judge_edition_id_code": ["edition_id", "code"], "uq_judge_token_digest": ["token_digest"]},
    "appointment": {"uq_appointment_essay_id_judge_id_round": ["essay_id", "judge_id", "round"]},
}
INDEXES = {
    "ix_judge_email": ("judge", ["email"]),
    "ix_judge_excluded_by": ("judge", ["excluded_by"]),
    "ix_judge_invited_by": ("judge", ["invited_by"]),
    "ix_judge_replaces_id": ("judge", ["replaces_id"]),
    "ix_appointment_comment_hidden_by": ("appointment", ["comment_hidden_by"]),
    "ix_appointment_deal_id": ("appointment", ["deal_id"]),
}
# What a judge's connection reads, changes and adds from now on, and may no longer delete.
READABLE = {
    "edition": ("final_due_at", "shows_marks"),
    "judge": ("status", "excluded_at"),
    "appointment": ("round", "opened_at", "private_note", "ended_at"),
    "anchor": ("id", "edition_id", "position", "language", "title", "text", "notes", "reference", "explanation"),
    "training": ("id", "anchor_id", "judge_id", "locked_at"),
    "training_mark": ("id", "training_id", "criterion_id", "points"),
}
CHANGEABLE = {
    "appointment": ("opened_at", "private_note"), "training": ("locked_at",), "training_mark": ("points",),
}  # fmt: skip
ADDABLE = ("training", "training_mark")
TABLES = (
    "verdict",
    "translation",
    "training_mark",
    "diploma",
    "declared_conflict",
    "appeal",
    "withheld",
    "training",
    "standing",
    "publication",
    "member_award",
    "jury_meeting",
    "deal",
    "anchor",
)
SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
JUDGE = sa.table(
    "judge", sa.column("id", sa.Uuid()), sa.column("code", sa.String()), sa.column("invited_at", TIME)
)  # fmt: skip
EDITION = sa.table("edition", sa.column("id", sa.Uuid()), sa.column("seed", sa.Integer()))


def upgrade() -> None:
    _create_tables()
    for table in ADDED:
        _add_columns(table)
    _fill()
    for table in ADDED:
        _finish(table)
    for name, (table, columns) in INDEXES.items():
        op.create_index(name, table, columns)
    _grant()


def downgrade() -> None:
    """Judges who were asked and did not accept, and readings that ended, were not known before."""
    _revoke()
    _forget()
    for name, (table, _columns) in INDEXES.items():
        op.drop_index(name, table)
    for table in reversed(ADDED):
        _undo(table)
    for table in TABLES:
        op.drop_table(table)


def _add_columns(table: str) -> None:
    columns = ADDED[table]
    for name, (kind, _given) in columns.items():
        op.add_column(table, sa.Column(name, kind, nullable=True))
    given = {name: value for name, (_kind, value) in columns.items() if value is not None}
    op.execute(sa.update(sa.table(table, *(sa.column(name, columns[name][0]) for name in given))).values(given))


def _fill() -> None:
    """A code for every judge, a seed for every edition."""
    connection, at = op.get_bind(), dt.datetime.now(dt.UTC)
    for judge_id in connection.execute(sa.select(JUDGE.c.id)).scalars().all():
        code = "".join(secrets.choice(SIGNS) for _sign in range(5))
        connection.execute(sa.update(JUDGE).where(JUDGE.c.id == judge_id).values(code=code, invited_at=at))
    for edition_id in connection.execute(sa.select(EDITION.c.id)).scalars().all():
        drawn = sa.update(EDITION).where(EDITION.c.id == edition_id).values(seed=secrets.randbelow(1_000_000))
        connection.execute(drawn)


def _finish(table: str) -> None:
    """SQLite makes the table anew, once for all that changes in it."""
    with op.batch_alter_table(table) as batch:
        for name, (kind, given) in ADDED[table].items():
            if given is not None or name in FILLED.get(table, ()):
                batch.alter_column(name, existing_type=kind, nullable=False)
        if table == "judge":
            batch.alter_column("person_id", existing_type=sa.Uuid(), nullable=True)
        if table == "appointment":
            batch.drop_constraint(op.f("uq_appointment_essay_id_judge_id"), type_="unique")
        for name, text in CHECKS[table].items():
            batch.create_check_constraint(op.f(f"ck_{table}_{name}"), text)
        for name, columns in UNIQUE.get(table, {}).items():
            batch.create_unique_constraint(op.f(name), columns)
        for name, target in POINTS_TO.get(table, {}).items():
            batch.create_foreign_key(op.f(f"fk_{table}_{name}"), target, [name], ["id"])


def _forget() -> None:
    op.execute("DELETE FROM mark WHERE appointment_id IN (SELECT id FROM appointment WHERE ended_at IS NOT NULL)")
    op.execute("DELETE FROM appointment WHERE ended_at IS NOT NULL")
    op.execute("DELETE FROM mark WHERE appointment_id IN (SELECT id FROM appointment WHERE round = 'final')")
    op.execute("DELETE FROM appointment WHERE round = 'final'")
    op.execute("DELETE FROM declared_conflict WHERE judge_id IN (SELECT id FROM judge WHERE person_id IS NULL)")
    op.execute("DELETE FROM judge WHERE person_id IS NULL")
    later = "('shortlisted', 'awarded', 'commended', 'not_awarded')"
    op.execute(f"UPDATE essay SET status = 'in_judging' WHERE status IN {later}")


def _undo(table: str) -> None:
    with op.batch_alter_table(table) as batch:
        for name in POINTS_TO.get(table, {}):
            batch.drop_constraint(op.f(f"fk_{table}_{name}"), type_="foreignkey")
        for name in UNIQUE.get(table, {}):
            batch.drop_constraint(op.f(name), type_="unique")
        for name in CHECKS[table]:
            batch.drop_constraint(op.f(f"ck_{table}_{name}"), type_="check")
        if table == "judge":
            batch.alter_column("person_id", existing_type=sa.Uuid(), nullable=False)
        for name in ADDED[table]:
            batch.drop_column(name)
        if table == "appointment":
            batch.create_unique_constraint(op.f("uq_appointment_essay_id_judge_id"), ["essay_id", "judge_id"])


def _grant() -> None:
    if op.get_bind().dialect.name == "sqlite":
        return
    for table, columns in READABLE.items():
        op.execute(f"GRANT SELECT ({', '.join(columns)}) ON {table} TO portal_judge")
    for table, columns in CHANGEABLE.items():
        op.execute(f"GRANT UPDATE ({', '.join(columns)}) ON {table} TO portal_judge")
    for table in ADDABLE:
        op.execute(f"GRANT INSERT ON {table} TO portal_judge")


def _revoke() -> None:
    if op.get_bind().dialect.name == "sqlite":
        return
    for table, columns in CHANGEABLE.items():
        op.execute(f"REVOKE UPDATE ({', '.join(columns)}) ON {table} FROM portal_judge")
    for table, columns in READABLE.items():
        op.execute(f"REVOKE SELECT ({', '.join(columns)}) ON {table} FROM portal_judge")


def _create_tables() -> None:
    op.create_table(
        "anchor",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("reference", sa.JSON(), nullable=False),
        sa.Column("explanation", sa.JSON(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name=op.f("fk_anchor_created_by")),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_anchor_edition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_anchor")),
        sa.UniqueConstraint("edition_id", "position", name=op.f("uq_anchor_edition_id_position")),
    )
    op.create_index(op.f("ix_anchor_created_by"), "anchor", ["created_by"], unique=False)

    op.create_table(
        "deal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("readings", sa.Integer(), nullable=False),
        sa.Column("progress", sa.Integer(), nullable=False),
        sa.Column("pairs", sa.JSON(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("problem", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("ordered_by", sa.Uuid(), nullable=True),
        sa.Column("ordered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dealt_by", sa.Uuid(), nullable=True),
        sa.Column("dealt_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(status = 'dealt') = (dealt_at IS NOT NULL)", name=op.f("ck_deal_dealt_at_an_instant")),
        sa.CheckConstraint("progress BETWEEN 0 AND 100", name=op.f("ck_deal_per_cent")),
        sa.ForeignKeyConstraint(["dealt_by"], ["person.id"], name=op.f("fk_deal_dealt_by")),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_deal_edition_id")),
        sa.ForeignKeyConstraint(["ordered_by"], ["person.id"], name=op.f("fk_deal_ordered_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deal")),
    )
    op.create_index(op.f("ix_deal_dealt_by"), "deal", ["dealt_by"], unique=False)
    op.create_index("ix_deal_edition_id", "deal", ["edition_id", "ordered_at", "id"], unique=False)
    op.create_index(op.f("ix_deal_ordered_by"), "deal", ["ordered_by"], unique=False)
    op.create_index(
        "uq_deal_open",
        "deal",
        ["edition_id"],
        unique=True,
        sqlite_where=sa.text("status IN ('waiting', 'ready', 'dealing')"),
        postgresql_where=sa.text("status IN ('waiting', 'ready', 'dealing')"),
    )

    op.create_table(
        "jury_meeting",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("minutes", sa.Text(), nullable=False),
        sa.Column("opened_by", sa.Uuid(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by", sa.Uuid(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (closed_by IS NULL)", name=op.f("ck_jury_meeting_closed_by_somebody")
        ),
        sa.CheckConstraint(
            "(confirmed_at IS NULL) = (confirmed_by IS NULL)", name=op.f("ck_jury_meeting_confirmed_by_somebody")
        ),
        sa.CheckConstraint(
            "confirmed_at IS NULL OR closed_at IS NOT NULL", name=op.f("ck_jury_meeting_closed_before_it_is_confirmed")
        ),
        sa.CheckConstraint("confirmed_by IS NULL OR confirmed_by != closed_by", name=op.f("ck_jury_meeting_four_eyes")),
        sa.ForeignKeyConstraint(["closed_by"], ["person.id"], name=op.f("fk_jury_meeting_closed_by")),
        sa.ForeignKeyConstraint(["confirmed_by"], ["person.id"], name=op.f("fk_jury_meeting_confirmed_by")),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_jury_meeting_edition_id")),
        sa.ForeignKeyConstraint(["opened_by"], ["person.id"], name=op.f("fk_jury_meeting_opened_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jury_meeting")),
        sa.UniqueConstraint("edition_id", name=op.f("uq_jury_meeting_edition_id")),
    )
    op.create_index(op.f("ix_jury_meeting_closed_by"), "jury_meeting", ["closed_by"], unique=False)
    op.create_index(op.f("ix_jury_meeting_confirmed_by"), "jury_meeting", ["confirmed_by"], unique=False)
    op.create_index(op.f("ix_jury_meeting_opened_by"), "jury_meeting", ["opened_by"], unique=False)

    op.create_table(
        "member_award",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("government_id", sa.Uuid(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("given_by", sa.Uuid(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("entries > 0", name=op.f("ck_member_award_who_took_part")),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_member_award_edition_id")),
        sa.ForeignKeyConstraint(["given_by"], ["person.id"], name=op.f("fk_member_award_given_by")),
        sa.ForeignKeyConstraint(["government_id"], ["government.id"], name=op.f("fk_member_award_government_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_award")),
        sa.UniqueConstraint("edition_id", "government_id", name=op.f("uq_member_award_edition_id_government_id")),
    )
    op.create_index(op.f("ix_member_award_given_by"), "member_award", ["given_by"], unique=False)
    op.create_index(op.f("ix_member_award_government_id"), "member_award", ["government_id"], unique=False)

    op.create_table(
        "publication",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("publish_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ordered_by", sa.Uuid(), nullable=False),
        sa.Column("ordered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.Uuid(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "(confirmed_at IS NULL) = (confirmed_by IS NULL)", name=op.f("ck_publication_confirmed_by_somebody")
        ),
        sa.CheckConstraint("confirmed_by IS NULL OR confirmed_by != ordered_by", name=op.f("ck_publication_four_eyes")),
        sa.CheckConstraint(
            "done_at IS NULL OR confirmed_at IS NOT NULL", name=op.f("ck_publication_done_once_confirmed")
        ),
        sa.ForeignKeyConstraint(["confirmed_by"], ["person.id"], name=op.f("fk_publication_confirmed_by")),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_publication_edition_id")),
        sa.ForeignKeyConstraint(["ordered_by"], ["person.id"], name=op.f("fk_publication_ordered_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication")),
        sa.UniqueConstraint("edition_id", name=op.f("uq_publication_edition_id")),
    )
    op.create_index(op.f("ix_publication_confirmed_by"), "publication", ["confirmed_by"], unique=False)
    op.create_index(op.f("ix_publication_ordered_by"), "publication", ["ordered_by"], unique=False)
    op.create_index(op.f("ix_publication_publish_at"), "publication", ["publish_at"], unique=False)

    op.create_table(
        "standing",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.String(length=32), nullable=False),
        sa.Column("occasion", sa.String(length=32), nullable=False),
        sa.Column("judge_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("taken_by", sa.Uuid(), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_standing_edition_id")),
        sa.ForeignKeyConstraint(["judge_id"], ["judge.id"], name=op.f("fk_standing_judge_id")),
        sa.ForeignKeyConstraint(["taken_by"], ["person.id"], name=op.f("fk_standing_taken_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standing")),
    )
    op.create_index("ix_standing_edition_id", "standing", ["edition_id", "taken_at", "id"], unique=False)
    op.create_index(op.f("ix_standing_judge_id"), "standing", ["judge_id"], unique=False)
    op.create_index(op.f("ix_standing_taken_by"), "standing", ["taken_by"], unique=False)

    op.create_table(
        "training",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("anchor_id", sa.Uuid(), nullable=False),
        sa.Column("judge_id", sa.Uuid(), nullable=False),
        sa.Column("locked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["anchor_id"], ["anchor.id"], name=op.f("fk_training_anchor_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["judge_id"], ["judge.id"], name=op.f("fk_training_judge_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training")),
        sa.UniqueConstraint("anchor_id", "judge_id", name=op.f("uq_training_anchor_id_judge_id")),
    )
    op.create_index(op.f("ix_training_judge_id"), "training", ["judge_id"], unique=False)

    op.create_table(
        "withheld",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("award_id", sa.Uuid(), nullable=False),
        sa.Column("category_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.Uuid(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("reason != ''", name=op.f("ck_withheld_for_a_reason")),
        sa.CheckConstraint(
            "(confirmed_at IS NULL) = (confirmed_by IS NULL)", name=op.f("ck_withheld_confirmed_by_somebody")
        ),
        sa.CheckConstraint("confirmed_by IS NULL OR confirmed_by != decided_by", name=op.f("ck_withheld_four_eyes")),
        sa.CheckConstraint("number > 0", name=op.f("ck_withheld_some")),
        sa.ForeignKeyConstraint(["award_id"], ["award.id"], name=op.f("fk_withheld_award_id")),
        sa.ForeignKeyConstraint(["category_id"], ["category.id"], name=op.f("fk_withheld_category_id")),
        sa.ForeignKeyConstraint(["confirmed_by"], ["person.id"], name=op.f("fk_withheld_confirmed_by")),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_withheld_decided_by")),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_withheld_edition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_withheld")),
        sa.UniqueConstraint(
            "award_id", "category_id", "language", name=op.f("uq_withheld_award_id_category_id_language")
        ),
    )
    op.create_index(op.f("ix_withheld_category_id"), "withheld", ["category_id"], unique=False)
    op.create_index(op.f("ix_withheld_confirmed_by"), "withheld", ["confirmed_by"], unique=False)
    op.create_index(op.f("ix_withheld_decided_by"), "withheld", ["decided_by"], unique=False)
    op.create_index(op.f("ix_withheld_edition_id"), "withheld", ["edition_id"], unique=False)

    op.create_table(
        "appeal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("essay_id", sa.Uuid(), nullable=False),
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sent_by", sa.Uuid(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ruling", sa.String(length=32), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("decided_at IS NULL OR answer != ''", name=op.f("ck_appeal_decided_with_an_answer")),
        sa.CheckConstraint("(decided_at IS NULL) = (decided_by IS NULL)", name=op.f("ck_appeal_decided_by_somebody")),
        sa.CheckConstraint("(decided_at IS NULL) = (ruling IS NULL)", name=op.f("ck_appeal_decided_one_way")),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_appeal_decided_by")),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_appeal_edition_id")),
        sa.ForeignKeyConstraint(["essay_id"], ["essay.id"], name=op.f("fk_appeal_essay_id")),
        sa.ForeignKeyConstraint(["sent_by"], ["person.id"], name=op.f("fk_appeal_sent_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeal")),
        sa.UniqueConstraint("essay_id", name=op.f("uq_appeal_essay_id")),
    )
    op.create_index(op.f("ix_appeal_decided_by"), "appeal", ["decided_by"], unique=False)
    op.create_index("ix_appeal_edition_id", "appeal", ["edition_id", "sent_at", "id"], unique=False)
    op.create_index(op.f("ix_appeal_sent_by"), "appeal", ["sent_by"], unique=False)

    op.create_table(
        "declared_conflict",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("judge_id", sa.Uuid(), nullable=False),
        sa.Column("government_id", sa.Uuid(), nullable=True),
        sa.Column("essay_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(government_id IS NULL) != (essay_id IS NULL)", name=op.f("ck_declared_conflict_with_one_thing")
        ),
        sa.ForeignKeyConstraint(["essay_id"], ["essay.id"], name=op.f("fk_declared_conflict_essay_id")),
        sa.ForeignKeyConstraint(["government_id"], ["government.id"], name=op.f("fk_declared_conflict_government_id")),
        sa.ForeignKeyConstraint(["judge_id"], ["judge.id"], name=op.f("fk_declared_conflict_judge_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_declared_conflict")),
        sa.UniqueConstraint("judge_id", "essay_id", name=op.f("uq_declared_conflict_judge_id_essay_id")),
        sa.UniqueConstraint("judge_id", "government_id", name=op.f("uq_declared_conflict_judge_id_government_id")),
    )
    op.create_index(op.f("ix_declared_conflict_essay_id"), "declared_conflict", ["essay_id"], unique=False)
    op.create_index(op.f("ix_declared_conflict_government_id"), "declared_conflict", ["government_id"], unique=False)

    op.create_table(
        "diploma",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("essay_id", sa.Uuid(), nullable=False),
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("number", sa.String(length=30), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_by", sa.Uuid(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("shows_name", sa.Boolean(), nullable=False),
        sa.Column("shows_title", sa.Boolean(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.Uuid(), nullable=True),
        sa.Column("revoked_reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(revoked_at IS NULL) = (revoked_by IS NULL) AND (revoked_at IS NULL) = (revoked_reason = '')",
            name=op.f("ck_diploma_revoked_with_a_reason"),
        ),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_diploma_edition_id")),
        sa.ForeignKeyConstraint(["essay_id"], ["essay.id"], name=op.f("fk_diploma_essay_id")),
        sa.ForeignKeyConstraint(["issued_by"], ["person.id"], name=op.f("fk_diploma_issued_by")),
        sa.ForeignKeyConstraint(["revoked_by"], ["person.id"], name=op.f("fk_diploma_revoked_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_diploma")),
        sa.UniqueConstraint("number", name=op.f("uq_diploma_number")),
    )
    op.create_index("ix_diploma_edition_id", "diploma", ["edition_id", "issued_at", "id"], unique=False)
    op.create_index("ix_diploma_essay_id", "diploma", ["essay_id", "issued_at"], unique=False)
    op.create_index(op.f("ix_diploma_issued_by"), "diploma", ["issued_by"], unique=False)
    op.create_index(op.f("ix_diploma_revoked_by"), "diploma", ["revoked_by"], unique=False)
    op.create_index(
        "uq_diploma_valid",
        "diploma",
        ["essay_id"],
        unique=True,
        sqlite_where=sa.text("revoked_at IS NULL"),
        postgresql_where=sa.text("revoked_at IS NULL"),
    )

    op.create_table(
        "training_mark",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("training_id", sa.Uuid(), nullable=False),
        sa.Column("criterion_id", sa.Uuid(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.CheckConstraint("points BETWEEN 1 AND 10", name=op.f("ck_training_mark_one_to_ten")),
        sa.ForeignKeyConstraint(["criterion_id"], ["criterion.id"], name=op.f("fk_training_mark_criterion_id")),
        sa.ForeignKeyConstraint(
            ["training_id"], ["training.id"], name=op.f("fk_training_mark_training_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_mark")),
        sa.UniqueConstraint("training_id", "criterion_id", name=op.f("uq_training_mark_training_id_criterion_id")),
    )
    op.create_index(op.f("ix_training_mark_criterion_id"), "training_mark", ["criterion_id"], unique=False)

    op.create_table(
        "translation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("essay_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("translator", sa.String(length=120), nullable=False),
        sa.Column("entered_by", sa.Uuid(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["entered_by"], ["person.id"], name=op.f("fk_translation_entered_by")),
        sa.ForeignKeyConstraint(["essay_id"], ["essay.id"], name=op.f("fk_translation_essay_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_translation")),
        sa.UniqueConstraint("essay_id", "language", name=op.f("uq_translation_essay_id_language")),
    )
    op.create_index(op.f("ix_translation_entered_by"), "translation", ["entered_by"], unique=False)

    op.create_table(
        "verdict",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("essay_id", sa.Uuid(), nullable=False),
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=False),
        sa.Column("award_id", sa.Uuid(), nullable=True),
        sa.Column("place", sa.Integer(), nullable=True),
        sa.Column("expected_id", sa.Uuid(), nullable=True),
        sa.Column("departs", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.Uuid(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(outcome = 'awarded') = (award_id IS NOT NULL)", name=op.f("ck_verdict_awarded_an_award")),
        sa.CheckConstraint("NOT departs OR reason != ''", name=op.f("ck_verdict_departs_with_a_reason")),
        sa.CheckConstraint(
            "(confirmed_at IS NULL) = (confirmed_by IS NULL)", name=op.f("ck_verdict_confirmed_by_somebody")
        ),
        sa.CheckConstraint("confirmed_by IS NULL OR confirmed_by != decided_by", name=op.f("ck_verdict_four_eyes")),
        sa.ForeignKeyConstraint(["award_id"], ["award.id"], name=op.f("fk_verdict_award_id")),
        sa.ForeignKeyConstraint(["confirmed_by"], ["person.id"], name=op.f("fk_verdict_confirmed_by")),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_verdict_decided_by")),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_verdict_edition_id")),
        sa.ForeignKeyConstraint(["essay_id"], ["essay.id"], name=op.f("fk_verdict_essay_id")),
        sa.ForeignKeyConstraint(["expected_id"], ["award.id"], name=op.f("fk_verdict_expected_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verdict")),
        sa.UniqueConstraint("essay_id", name=op.f("uq_verdict_essay_id")),
    )
    op.create_index(op.f("ix_verdict_award_id"), "verdict", ["award_id"], unique=False)
    op.create_index(op.f("ix_verdict_confirmed_by"), "verdict", ["confirmed_by"], unique=False)
    op.create_index(op.f("ix_verdict_decided_by"), "verdict", ["decided_by"], unique=False)
    op.create_index("ix_verdict_edition_id", "verdict", ["edition_id", "outcome", "award_id"], unique=False)
    op.create_index(op.f("ix_verdict_expected_id"), "verdict", ["expected_id"], unique=False)
