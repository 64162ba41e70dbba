"""messages as a queue of their own: kinds, parts, claims; wordings, circulars, reminders, feeds, signs of life"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
# New columns of messages, and what those of before have in them (None: may stay empty).
ADDED = {
    "kind": (sa.String(32), "'notice'"),
    "parts": (sa.JSON(), "'{}'"),
    "circular_id": (sa.Uuid(), None),
    "read_at": (TIME, None),
    "priority": (sa.Integer(), "2"),
    "due_at": (TIME, "created_at"),
    "attempted_at": (TIME, None),
    "claimed_by": (sa.String(64), "''"),
    "claimed_until": (TIME, None),
}
# What opens something is not shown in the portal, also where it was written before this.
ACCESS = (
    "accounts/reset", "accounts/verify", "agreements/guardian", "consents/guardian", "invitations/invitation",
    "panels/offer", "references/asked",
)  # fmt: skip
INDEXES = {
    "ix_message_edition_id": ["edition_id"],
    "ix_message_attempted_at": ["attempted_at"],
    "ix_message_circular_id": ["circular_id", "delivery", "id"],
    "ix_message_created_at": ["created_at", "id"],
    "ix_message_delivery": ["delivery", "created_at", "id"],
    "ix_message_due": ["delivery", "priority", "due_at", "id"],
    "ix_message_inbox": ["person_id", "created_at", "id"],
    "ix_message_template": ["template", "language", "created_at"],
}
UNREAD = sa.text("read_at IS NULL")
BEFORE = {
    "ix_message_created_at": ["created_at"],
    "ix_message_delivery": ["delivery"],
    "ix_message_person_id": ["person_id"],
}
TABLES = (
    "circular_recipient",
    "feed",
    "circular",
    "mail_server",
    "worker_sign",
    "wording",
    "unsubscription",
    "reminded",
)
# Where it was kept that a reminder was sent: a table (and whose rows), the rule, its subject, the step and the instant.
BEFORE_DAYS, AFTER_DAYS = "'-' || days || ' days'", "'+' || days || ' days'"
KIND = "CASE kind WHEN 'week_before' THEN '-7 days' WHEN 'day_after' THEN '+1 days' ELSE '+14 days' END"
SIGNED = "CASE WHEN days < 0 THEN '' ELSE '+' END || days || ' days'"
RANKED = "ranking_reminder JOIN opening ON opening.id = opening_id"
SENT = (
    ("silence_warning", "silence", "call_id", BEFORE_DAYS, "warned_at"),
    ("silence_warning", "nominations", "call_id", BEFORE_DAYS, "warned_at"),
    (RANKED, "rankings", "opening.call_id", BEFORE_DAYS, "reminded_at"),
    ("placement WHERE reminded_half_way_at IS NOT NULL", "half_way", "id", "'+0 days'", "reminded_half_way_at"),
    ("placement WHERE reminded_last_day_at IS NOT NULL", "last_day", "id", "'-1 days'", "reminded_last_day_at"),
    ("proposal_reminder", "proposals", "placement_id", AFTER_DAYS, "reminded_at"),
    ("agreement_reminder", "agreements", "placement_id", f"party || ' ' || {AFTER_DAYS}", "sent_at"),
    ("final_report_reminder", "reports", "placement_id", KIND, "sent_at"),
    ("interview_slot WHERE reminded_at IS NOT NULL", "interviews", "id", "'-1 days'", "reminded_at"),
    ("consent_reminder WHERE days < 14", "guardians", "guardian_id", AFTER_DAYS, "sent_at"),
    ("consent_reminder WHERE days >= 14", "expired_consents", "guardian_id", "'+0 days'", "sent_at"),
    ("stay_reminder", "stays", "placement_id", f"duty || ' ' || side || ' ' || number || ' ' || {SIGNED}", "sent_at"),
)
REMINDED = {"placement": ("reminded_half_way_at", "reminded_last_day_at"), "interview_slot": ("reminded_at",)}
# Their keys, and what they refer to, with what happens to a row when that goes.
REMINDERS = {
    "agreement_reminder": (["placement_id", "party", "days"], {"placement_id": ("placement", None)}),
    "consent_reminder": (["id"], {"guardian_id": ("consent_guardian", None)}),
    "final_report_reminder": (["placement_id", "due_on", "kind"], {"placement_id": ("placement", None)}),
    "proposal_reminder": (["placement_id", "days"], {"placement_id": ("placement", "CASCADE")}),
    "ranking_reminder": (["opening_id", "days"], {"opening_id": ("opening", "CASCADE")}),
    "silence_warning": (
        ["call_id", "government_id", "days"],
        {"call_id": ("call", "CASCADE"), "government_id": ("government", None)},
    ),
}
KEYS = {
    "days": sa.Integer(), "due_on": sa.Date(), "kind": sa.String(32), "party": sa.String(32),
}  # fmt: skip


def upgrade() -> None:
    _create_tables()
    _drop_indexes(BEFORE)
    for name, (kind, _given) in ADDED.items():
        op.add_column("message", sa.Column(name, kind, nullable=True))
    given = ", ".join(f"{name} = {value}" for name, (_kind, value) in ADDED.items() if value is not None)
    op.execute(f"UPDATE message SET {given}")  # noqa: S608 - our own words
    message = sa.table("message", sa.column("template", sa.String), sa.column("kind", sa.String))
    op.execute(sa.update(message).where(message.c.template.in_(ACCESS)).values(kind="access"))
    op.execute("UPDATE message SET read_at = created_at")  # there was no inbox for them to wait in
    with op.batch_alter_table("message") as batch:
        for name, (kind, value) in ADDED.items():
            if value is not None:
                batch.alter_column(name, existing_type=kind, nullable=False)
        batch.add_column(sa.Column("edition_id", sa.Uuid(), nullable=True))
        batch.create_foreign_key(op.f("fk_message_edition_id"), "edition", ["edition_id"], ["id"])
    _create_indexes(INDEXES)
    op.create_index("ix_message_unread", "message", ["person_id"], sqlite_where=UNREAD, postgresql_where=UNREAD)
    _keep_what_was_sent()
    for table in REMINDERS:
        op.drop_table(table)
    for table, columns in REMINDED.items():
        for column in columns:
            op.drop_column(table, column)


def downgrade() -> None:
    """What was edited, sent to many, reminded of and subscribed to is not known any more."""
    op.drop_index("ix_message_unread", "message")
    for table, columns in REMINDED.items():
        for column in columns:
            op.add_column(table, sa.Column(column, TIME, nullable=True))
    for table in REMINDERS:
        _create_reminders(table)
    _drop_indexes(INDEXES)
    with op.batch_alter_table("message") as batch:
        batch.drop_constraint(op.f("fk_message_edition_id"), type_="foreignkey")
        batch.drop_column("edition_id")
        for name in reversed(ADDED):
            batch.drop_column(name)
    _create_indexes(BEFORE)
    for table in TABLES:
        op.drop_table(table)


def _keep_what_was_sent() -> None:
    """For everybody (the empty address): to whom each was sent was not kept."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    new_id = "lower(hex(randomblob(16)))" if is_sqlite else "gen_random_uuid()"
    for source, rule, subject, step, at in SENT:
        found = f"SELECT {subject} AS subject_id, {step} AS step, max({at}) AS at FROM {source} GROUP BY 1, 2"  # noqa: S608 - our own words
        op.execute(
            "INSERT INTO reminded (id, rule, subject_id, step, address, at)"
            f" SELECT {new_id}, '{rule}', subject_id, step, '', at FROM ({found}) AS sent"  # noqa: S608
        )


def _create_reminders(table: str) -> None:
    key, references = REMINDERS[table]
    own = [name for name in key if name not in references]
    days = ["days"] if table == "consent_reminder" else []
    sent = {"silence_warning": "warned_at", "proposal_reminder": "reminded_at", "ranking_reminder": "reminded_at"}
    op.create_table(
        table,
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in references),
        *(sa.Column(name, KEYS.get(name, sa.Uuid()), nullable=False, autoincrement=False) for name in [*own, *days]),
        sa.Column(sent.get(table, "sent_at"), TIME, nullable=False),
        *(
            sa.ForeignKeyConstraint([name], [f"{other}.id"], name=op.f(f"fk_{table}_{name}"), ondelete=ondelete)
            for name, (other, ondelete) in references.items()
        ),
        sa.PrimaryKeyConstraint(*key, name=op.f(f"pk_{table}")),
    )
    if table == "consent_reminder":
        op.create_index("uq_consent_reminder_guardian_id_days", table, ["guardian_id", "days"], unique=True)


def _drop_indexes(indexes: dict[str, list[str]]) -> None:
    for name in indexes:
        op.drop_index(name, "message")


def _create_indexes(indexes: dict[str, list[str]]) -> None:
    for name, columns in indexes.items():
        op.create_index(name, "message", columns)


def _create_tables() -> None:
    op.create_table(
        "reminded",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("rule", sa.String(length=64), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("step", sa.String(length=64), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminded")),
        sa.UniqueConstraint(
            "rule", "subject_id", "step", "address", name=op.f("uq_reminded_rule_subject_id_step_address")
        ),
    )
    op.create_table(
        "unsubscription",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unsubscription")),
        sa.UniqueConstraint("address", name=op.f("uq_unsubscription_address")),
    )
    op.create_table(
        "wording",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("template", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("passage", sa.Text(), nullable=False),
        sa.Column("forms", sa.JSON(), nullable=False),
        sa.Column("edited_by", sa.Uuid(), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wording")),
        sa.UniqueConstraint("template", "language", "passage", name=op.f("uq_wording_template_language_passage")),
    )
    op.create_table(
        "worker_sign",
        sa.Column("executor_id", sa.String(length=64), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("executor_id", name=op.f("pk_worker_sign")),
    )
    server = op.create_table(
        "mail_server",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("down_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ask_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.String(length=500), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_server")),
    )
    op.bulk_insert(server, [{"id": 1, "failures": 0, "failure": ""}])
    op.create_table(
        "circular",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("audience", sa.String(length=64), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("subjects", sa.JSON(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tested_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_by", sa.Uuid(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name=op.f("fk_circular_created_by")),
        sa.ForeignKeyConstraint(["sent_by"], ["person.id"], name=op.f("fk_circular_sent_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_circular")),
    )
    op.create_index("ix_circular_created_at", "circular", ["created_at", "id"])
    op.create_index("ix_circular_state", "circular", ["state"])

    op.create_table(
        "feed",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_feed_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_feed_token_digest")),
    )
    op.create_index("ix_feed_person_id", "feed", ["person_id", "revoked_at"])

    op.create_table(
        "circular_recipient",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("circular_id", sa.Uuid(), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["circular_id"], ["circular.id"], name=op.f("fk_circular_recipient_circular_id")),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_circular_recipient_message_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_circular_recipient_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_circular_recipient")),
        sa.UniqueConstraint("circular_id", "address", name=op.f("uq_circular_recipient_circular_id_address")),
    )
    op.create_index("ix_circular_recipient_message_id", "circular_recipient", ["message_id"])
