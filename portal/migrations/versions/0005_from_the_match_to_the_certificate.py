"""from the match to the certificate"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table(
        "check_in",
        sa.Column("placement_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("side", sa.String(length=32), nullable=False),
        sa.Column("marks", sa.JSON(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("given_by", sa.Uuid(), nullable=False),
        sa.Column("on_behalf", sa.Boolean(), nullable=False),
        sa.CheckConstraint("number >= 0", name=op.f("ck_check_in_number_counts_months")),
        sa.ForeignKeyConstraint(["given_by"], ["person.id"], name=op.f("fk_check_in_given_by")),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placement.id"], name=op.f("fk_check_in_placement_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("placement_id", "number", "side", name=op.f("pk_check_in")),
    )
    with op.batch_alter_table("check_in", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_check_in_given_by"), ["given_by"], unique=False)

    op.create_table(
        "private_message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("placement_id", sa.Uuid(), nullable=False),
        sa.Column("from_intern", sa.Boolean(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_private_message_author_id")),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placement.id"], name=op.f("fk_private_message_placement_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_private_message")),
    )
    with op.batch_alter_table("private_message", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_private_message_author_id"), ["author_id"], unique=False)
        batch_op.create_index("ix_private_message_line", ["placement_id", "written_at", "id"], unique=False)

    op.create_table(
        "stay",
        sa.Column("placement_id", sa.Uuid(), nullable=False),
        sa.Column("visa", sa.String(length=32), nullable=True),
        sa.Column("visa_on", sa.Date(), nullable=True),
        sa.Column("insurance_id", sa.Uuid(), nullable=True),
        sa.Column("arrives_on", sa.Date(), nullable=True),
        sa.Column("arrives_at", sa.String(length=5), nullable=False),
        sa.Column("arrival", sa.Text(), nullable=False),
        sa.Column("waived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("waived_by", sa.Uuid(), nullable=True),
        sa.Column("waiver_reason", sa.Text(), nullable=False),
        sa.Column("ended_by", sa.String(length=32), nullable=True),
        sa.Column("end_code", sa.String(length=32), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "visa IS NULL OR visa NOT IN ('applied', 'granted', 'refused') OR visa_on IS NOT NULL",
            name=op.f("ck_stay_a_visa_has_its_day"),
        ),
        sa.CheckConstraint("waived_at IS NULL OR waiver_reason != ''", name=op.f("ck_stay_waived_with_a_reason")),
        sa.CheckConstraint("(ended_by IS NULL) = (end_code IS NULL)", name=op.f("ck_stay_ended_early_by_somebody")),
        sa.CheckConstraint("(waived_at IS NULL) = (waived_by IS NULL)", name=op.f("ck_stay_waived_by_somebody")),
        sa.ForeignKeyConstraint(["insurance_id"], ["stored_file.id"], name=op.f("fk_stay_insurance_id")),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placement.id"], name=op.f("fk_stay_placement_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["waived_by"], ["person.id"], name=op.f("fk_stay_waived_by")),
        sa.PrimaryKeyConstraint("placement_id", name=op.f("pk_stay")),
    )
    with op.batch_alter_table("stay", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stay_insurance_id"), ["insurance_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_stay_waived_by"), ["waived_by"], unique=False)

    op.create_table(
        "stay_evaluation",
        sa.Column("placement_id", sa.Uuid(), nullable=False),
        sa.Column("supervisor", sa.String(length=120), nullable=False),
        sa.Column("marks", sa.JSON(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("given_by", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["given_by"], ["person.id"], name=op.f("fk_stay_evaluation_given_by")),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placement.id"], name=op.f("fk_stay_evaluation_placement_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("placement_id", name=op.f("pk_stay_evaluation")),
    )
    with op.batch_alter_table("stay_evaluation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stay_evaluation_given_by"), ["given_by"], unique=False)

    op.create_table(
        "stay_extension",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("placement_id", sa.Uuid(), nullable=False),
        sa.Column("side", sa.String(length=32), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("is_agreed", sa.Boolean(), nullable=True),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (is_agreed IS NULL)", name=op.f("ck_stay_extension_answered_one_way")
        ),
        sa.CheckConstraint("ends_on > ended_on", name=op.f("ck_stay_extension_it_ends_later")),
        sa.ForeignKeyConstraint(["answered_by"], ["person.id"], name=op.f("fk_stay_extension_answered_by")),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_stay_extension_asked_by")),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placement.id"], name=op.f("fk_stay_extension_placement_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stay_extension")),
    )
    with op.batch_alter_table("stay_extension", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stay_extension_answered_by"), ["answered_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_stay_extension_asked_by"), ["asked_by"], unique=False)
        batch_op.create_index("ix_stay_extension_placement_id", ["placement_id", "asked_at"], unique=False)
        batch_op.create_index(
            "uq_stay_extension_open",
            ["placement_id"],
            unique=True,
            sqlite_where=sa.text("answered_at IS NULL"),
            postgresql_where=sa.text("answered_at IS NULL"),
        )

    op.create_table(
        "stay_reminder",
        sa.Column("placement_id", sa.Uuid(), nullable=False),
        sa.Column("duty", sa.String(length=32), nullable=False),
        sa.Column("side", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("about_on", sa.Date(), nullable=False),
        sa.Column("days", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("to_secretariat", sa.Boolean(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placement.id"], name=op.f("fk_stay_reminder_placement_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint(
            "placement_id", "duty", "side", "number", "about_on", "days", name=op.f("pk_stay_reminder")
        ),
    )
    with op.batch_alter_table("placement", schema=None) as batch_op:
        batch_op.create_index("ix_placement_by_start", ["status", "starts_on", "id"], unique=False)


def downgrade() -> None:

    with op.batch_alter_table("placement", schema=None) as batch_op:
        batch_op.drop_index("ix_placement_by_start")

    op.drop_table("stay_reminder")
    with op.batch_alter_table("stay_extension", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_stay_extension_open",
            sqlite_where=sa.text("answered_at IS NULL"),
            postgresql_where=sa.text("answered_at IS NULL"),
        )
        batch_op.drop_index("ix_stay_extension_placement_id")
        batch_op.drop_index(batch_op.f("ix_stay_extension_asked_by"))
        batch_op.drop_index(batch_op.f("ix_stay_extension_answered_by"))

    op.drop_table("stay_extension")
    with op.batch_alter_table("stay_evaluation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stay_evaluation_given_by"))

    op.drop_table("stay_evaluation")
    with op.batch_alter_table("stay", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stay_waived_by"))
        batch_op.drop_index(batch_op.f("ix_stay_insurance_id"))

    op.drop_table("stay")
    with op.batch_alter_table("private_message", schema=None) as batch_op:
        batch_op.drop_index("ix_private_message_line")
        batch_op.drop_index(batch_op.f("ix_private_message_author_id"))

    op.drop_table("private_message")
    with op.batch_alter_table("check_in", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_check_in_given_by"))

    op.drop_table("check_in")
