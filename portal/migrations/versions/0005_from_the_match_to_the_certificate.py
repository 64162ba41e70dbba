"""from the match to the certificate"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table(
        "certificate",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("placement_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=30), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_by", sa.Uuid(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("shows_name", sa.Boolean(), nullable=False),
        sa.Column("shows_host", sa.Boolean(), nullable=False),
        sa.Column("shows_dates", sa.Boolean(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.Uuid(), nullable=True),
        sa.Column("revoked_reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(revoked_at IS NULL) = (revoked_by IS NULL) AND (revoked_at IS NULL) = (revoked_reason = '')",
            name=op.f("ck_certificate_revoked_with_a_reason"),
        ),
        sa.ForeignKeyConstraint(["issued_by"], ["person.id"], name=op.f("fk_certificate_issued_by")),
        sa.ForeignKeyConstraint(["placement_id"], ["placement.id"], name=op.f("fk_certificate_placement_id")),
        sa.ForeignKeyConstraint(["revoked_by"], ["person.id"], name=op.f("fk_certificate_revoked_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
        sa.UniqueConstraint("number", name=op.f("uq_certificate_number")),
    )
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.create_index("ix_certificate_issued_at", ["issued_at", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_certificate_issued_by"), ["issued_by"], unique=False)
        batch_op.create_index("ix_certificate_placement_id", ["placement_id", "issued_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_certificate_revoked_by"), ["revoked_by"], unique=False)
        batch_op.create_index(
            "uq_certificate_valid",
            ["placement_id"],
            unique=True,
            sqlite_where=sa.text("revoked_at IS NULL"),
            postgresql_where=sa.text("revoked_at IS NULL"),
        )

    op.create_table(
        "alumnus",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("certificate_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("sentence", sa.String(length=300), nullable=False),
        sa.Column("home_id", sa.Uuid(), nullable=False),
        sa.Column("host_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hidden_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hidden_by", sa.Uuid(), nullable=True),
        sa.Column("hidden_reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(hidden_at IS NULL) = (hidden_by IS NULL) AND (hidden_at IS NULL) = (hidden_reason = '')",
            name=op.f("ck_alumnus_hidden_with_a_reason"),
        ),
        sa.CheckConstraint("(left_at IS NULL) = (name != '')", name=op.f("ck_alumnus_who_left_has_no_name_here")),
        sa.CheckConstraint("left_at IS NULL OR sentence = ''", name=op.f("ck_alumnus_who_left_says_nothing")),
        sa.ForeignKeyConstraint(["certificate_id"], ["certificate.id"], name=op.f("fk_alumnus_certificate_id")),
        sa.ForeignKeyConstraint(["hidden_by"], ["person.id"], name=op.f("fk_alumnus_hidden_by")),
        sa.ForeignKeyConstraint(["home_id"], ["government.id"], name=op.f("fk_alumnus_home_id")),
        sa.ForeignKeyConstraint(["host_id"], ["government.id"], name=op.f("fk_alumnus_host_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alumnus")),
        sa.UniqueConstraint("certificate_id", name=op.f("uq_alumnus_certificate_id")),
    )
    with op.batch_alter_table("alumnus", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_alumnus_hidden_by"), ["hidden_by"], unique=False)
        batch_op.create_index("ix_alumnus_home_id", ["home_id", "joined_at", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_alumnus_host_id"), ["host_id"], unique=False)
        batch_op.create_index("ix_alumnus_joined_at", ["joined_at", "id"], unique=False)


def downgrade() -> None:

    with op.batch_alter_table("alumnus", schema=None) as batch_op:
        batch_op.drop_index("ix_alumnus_joined_at")
        batch_op.drop_index(batch_op.f("ix_alumnus_host_id"))
        batch_op.drop_index("ix_alumnus_home_id")
        batch_op.drop_index(batch_op.f("ix_alumnus_hidden_by"))

    op.drop_table("alumnus")
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_certificate_valid",
            sqlite_where=sa.text("revoked_at IS NULL"),
            postgresql_where=sa.text("revoked_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_certificate_revoked_by"))
        batch_op.drop_index("ix_certificate_placement_id")
        batch_op.drop_index(batch_op.f("ix_certificate_issued_by"))
        batch_op.drop_index("ix_certificate_issued_at")

    op.drop_table("certificate")
