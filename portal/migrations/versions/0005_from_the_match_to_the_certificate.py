"""from the match to the certificate"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table(
        "proposal_reminder",
        sa.Column("placement_id", sa.Uuid(), nullable=False),
        sa.Column("days", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placement.id"], name=op.f("fk_proposal_reminder_placement_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("placement_id", "days", name=op.f("pk_proposal_reminder")),
    )
    with op.batch_alter_table("placement", schema=None) as batch_op:
        batch_op.create_index("ix_placement_proposed_at", ["proposed_at", "id"], unique=False)


def downgrade() -> None:

    with op.batch_alter_table("placement", schema=None) as batch_op:
        batch_op.drop_index("ix_placement_proposed_at")

    op.drop_table("proposal_reminder")
