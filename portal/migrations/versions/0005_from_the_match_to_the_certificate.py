"""from the match to the certificate"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table(
        "interview_slot",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("opening_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=300), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ending", sa.String(length=32), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(application_id IS NULL) = (taken_at IS NULL)", name=op.f("ck_interview_slot_taken_by_somebody")
        ),
        sa.CheckConstraint("(ended_at IS NULL) = (ending IS NULL)", name=op.f("ck_interview_slot_ended_in_one_way")),
        sa.CheckConstraint(
            "ended_at IS NULL OR application_id IS NOT NULL",
            name=op.f("ck_interview_slot_only_what_was_taken_is_cancelled"),
        ),
        sa.CheckConstraint("minutes BETWEEN 5 AND 240", name=op.f("ck_interview_slot_minutes_are_sensible")),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_interview_slot_application_id")),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_interview_slot_made_by")),
        sa.ForeignKeyConstraint(["opening_id"], ["opening.id"], name=op.f("fk_interview_slot_opening_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interview_slot")),
    )
    with op.batch_alter_table("interview_slot", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_interview_slot_application_id"), ["application_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_interview_slot_made_by"), ["made_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_interview_slot_opening_id"), ["opening_id"], unique=False)
        batch_op.create_index("ix_interview_slot_starts_at", ["starts_at", "id"], unique=False)
        batch_op.create_index(
            "uq_interview_slot_taken",
            ["opening_id", "application_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.create_index(
            "uq_interview_slot_time",
            ["opening_id", "starts_at"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "final_report",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("placement_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("did", sa.Text(), nullable=False),
        sa.Column("learned", sa.Text(), nullable=False),
        sa.Column("proposals", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.Column("may_publish", sa.Boolean(), nullable=False),
        sa.Column("name_shown", sa.String(length=32), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_by", sa.Uuid(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_down_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(status = 'accepted') = (accepted_at IS NOT NULL AND accepted_by IS NOT NULL)",
            name=op.f("ck_final_report_accepted_by_somebody"),
        ),
        sa.CheckConstraint(
            "published_at IS NULL OR status = 'accepted'", name=op.f("ck_final_report_published_once_accepted")
        ),
        sa.CheckConstraint("status != 'returned' OR reason != ''", name=op.f("ck_final_report_returned_with_a_reason")),
        sa.CheckConstraint(
            "status = 'draft' OR submitted_at IS NOT NULL", name=op.f("ck_final_report_submitted_at_an_instant")
        ),
        sa.CheckConstraint(
            "published_at IS NULL OR taken_down_at IS NOT NULL OR may_publish",
            name=op.f("ck_final_report_public_with_consent_only"),
        ),
        sa.ForeignKeyConstraint(["accepted_by"], ["person.id"], name=op.f("fk_final_report_accepted_by")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_final_report_file_id")),
        sa.ForeignKeyConstraint(["placement_id"], ["placement.id"], name=op.f("fk_final_report_placement_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_final_report")),
        sa.UniqueConstraint("placement_id", name=op.f("uq_final_report_placement_id")),
    )
    with op.batch_alter_table("final_report", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_final_report_accepted_by"), ["accepted_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_final_report_file_id"), ["file_id"], unique=False)
        batch_op.create_index("ix_final_report_published_at", ["published_at", "id"], unique=False)
        batch_op.create_index("ix_final_report_status", ["status", "submitted_at", "id"], unique=False)

    op.create_table(
        "final_report_reminder",
        sa.Column("placement_id", sa.Uuid(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["placement_id"], ["placement.id"], name=op.f("fk_final_report_reminder_placement_id")),
        sa.PrimaryKeyConstraint("placement_id", "due_on", "kind", name=op.f("pk_final_report_reminder")),
    )


def downgrade() -> None:

    op.drop_table("final_report_reminder")
    with op.batch_alter_table("final_report", schema=None) as batch_op:
        batch_op.drop_index("ix_final_report_status")
        batch_op.drop_index("ix_final_report_published_at")
        batch_op.drop_index(batch_op.f("ix_final_report_file_id"))
        batch_op.drop_index(batch_op.f("ix_final_report_accepted_by"))

    op.drop_table("final_report")
    with op.batch_alter_table("interview_slot", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_interview_slot_time",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.drop_index(
            "uq_interview_slot_taken",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.drop_index("ix_interview_slot_starts_at")
        batch_op.drop_index(batch_op.f("ix_interview_slot_opening_id"))
        batch_op.drop_index(batch_op.f("ix_interview_slot_made_by"))
        batch_op.drop_index(batch_op.f("ix_interview_slot_application_id"))

    op.drop_table("interview_slot")
