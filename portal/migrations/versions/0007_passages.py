"""passages that essays share: their fingerprints, and the pairs that were found"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "fingerprint",
        sa.Column("hash", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("hash", "number", name=op.f("pk_fingerprint")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "fingerprinted",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("essay_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("hashes", sa.LargeBinary(), nullable=False),
        sa.Column("compared_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["essay_id"], ["essay.id"], name=op.f("fk_fingerprinted_essay_id")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_fingerprinted")),
        sa.UniqueConstraint("essay_id", name=op.f("uq_fingerprinted_essay_id")),
    )
    op.create_table(
        "shared_passages",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("essay_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        sa.Column("share", sa.Float(), nullable=False),
        sa.Column("other_share", sa.Float(), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("longest", sa.Integer(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("essay_id <= other_id", name=op.f("ck_shared_passages_the_smaller_first")),
        sa.CheckConstraint(
            "share BETWEEN 0 AND 1 AND other_share BETWEEN 0 AND 1", name=op.f("ck_shared_passages_shares_of_one")
        ),
        sa.ForeignKeyConstraint(["essay_id"], ["essay.id"], name=op.f("fk_shared_passages_essay_id")),
        sa.ForeignKeyConstraint(["other_id"], ["essay.id"], name=op.f("fk_shared_passages_other_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shared_passages")),
        sa.UniqueConstraint("essay_id", "other_id", name=op.f("uq_shared_passages_essay_id_other_id")),
    )
    with op.batch_alter_table("shared_passages", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_shared_passages_other_id"), ["other_id"], unique=False)


def downgrade() -> None:
    op.drop_table("shared_passages")
    op.drop_table("fingerprinted")
    op.drop_table("fingerprint")
