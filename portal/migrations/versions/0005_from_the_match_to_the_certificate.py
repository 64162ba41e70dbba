"""from the match to the certificate"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table(
        "candidate_mark",
        sa.Column("opening_id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("criterion_id", sa.Uuid(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("given_by", sa.Uuid(), nullable=False),
        sa.CheckConstraint("value BETWEEN 1 AND 10", name=op.f("ck_candidate_mark_one_to_ten")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_candidate_mark_application_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["criterion_id"], ["host_criterion.id"], name=op.f("fk_candidate_mark_criterion_id")),
        sa.ForeignKeyConstraint(["given_by"], ["person.id"], name=op.f("fk_candidate_mark_given_by")),
        sa.ForeignKeyConstraint(
            ["opening_id"], ["opening.id"], name=op.f("fk_candidate_mark_opening_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("opening_id", "application_id", "criterion_id", name=op.f("pk_candidate_mark")),
    )
    with op.batch_alter_table("candidate_mark", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_candidate_mark_application_id"), ["application_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_candidate_mark_criterion_id"), ["criterion_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_candidate_mark_given_by"), ["given_by"], unique=False)

    op.create_table(
        "ranking_entry",
        sa.Column("opening_id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=True),
        sa.Column("is_unacceptable", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=False),
        sa.CheckConstraint("place IS NULL OR NOT is_unacceptable", name=op.f("ck_ranking_entry_placed_or_refused")),
        sa.CheckConstraint("place IS NULL OR place > 0", name=op.f("ck_ranking_entry_place_is_positive")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_ranking_entry_application_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["changed_by"], ["person.id"], name=op.f("fk_ranking_entry_changed_by")),
        sa.ForeignKeyConstraint(
            ["opening_id"], ["opening.id"], name=op.f("fk_ranking_entry_opening_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("opening_id", "application_id", name=op.f("pk_ranking_entry")),
    )
    with op.batch_alter_table("ranking_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ranking_entry_application_id"), ["application_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_ranking_entry_changed_by"), ["changed_by"], unique=False)

    op.create_table(
        "ranking_reminder",
        sa.Column("opening_id", sa.Uuid(), nullable=False),
        sa.Column("days", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["opening_id"], ["opening.id"], name=op.f("fk_ranking_reminder_opening_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("opening_id", "days", name=op.f("pk_ranking_reminder")),
    )


def downgrade() -> None:

    op.drop_table("ranking_reminder")
    with op.batch_alter_table("ranking_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ranking_entry_changed_by"))
        batch_op.drop_index(batch_op.f("ix_ranking_entry_application_id"))

    op.drop_table("ranking_entry")
    with op.batch_alter_table("candidate_mark", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_candidate_mark_given_by"))
        batch_op.drop_index(batch_op.f("ix_candidate_mark_criterion_id"))
        batch_op.drop_index(batch_op.f("ix_candidate_mark_application_id"))

    op.drop_table("candidate_mark")
