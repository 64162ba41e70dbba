"""from the match to the certificate"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table(
        "agreement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("placement_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("wording", sa.String(length=16), nullable=False),
        sa.Column("needs_guardian", sa.Boolean(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("remade_reason", sa.Text(), nullable=False),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refused_party", sa.String(length=32), nullable=True),
        sa.Column("refusal", sa.Text(), nullable=False),
        sa.CheckConstraint("(refused_at IS NULL) = (refusal = '')", name=op.f("ck_agreement_refused_with_a_reason")),
        sa.CheckConstraint(
            "(refused_at IS NULL) = (refused_party IS NULL)", name=op.f("ck_agreement_refused_by_a_party")
        ),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_agreement_made_by")),
        sa.ForeignKeyConstraint(["placement_id"], ["placement.id"], name=op.f("fk_agreement_placement_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement")),
        sa.UniqueConstraint("number", name=op.f("uq_agreement_number")),
        sa.UniqueConstraint("placement_id", name=op.f("uq_agreement_placement_id")),
    )
    with op.batch_alter_table("agreement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agreement_made_by"), ["made_by"], unique=False)

    op.create_table(
        "agreement_guardian",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("placement_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("times_sent", sa.Integer(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("expires_at > sent_at", name=op.f("ck_agreement_guardian_expires_after_it_was_sent")),
        sa.ForeignKeyConstraint(["placement_id"], ["placement.id"], name=op.f("fk_agreement_guardian_placement_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_guardian")),
        sa.UniqueConstraint("placement_id", name=op.f("uq_agreement_guardian_placement_id")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_agreement_guardian_token_digest")),
    )
    op.create_table(
        "agreement_reminder",
        sa.Column("placement_id", sa.Uuid(), nullable=False),
        sa.Column("party", sa.String(length=32), nullable=False),
        sa.Column("days", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["placement_id"], ["placement.id"], name=op.f("fk_agreement_reminder_placement_id")),
        sa.PrimaryKeyConstraint("placement_id", "party", "days", name=op.f("pk_agreement_reminder")),
    )
    op.create_table(
        "agreement_signature",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("party", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("scan_id", sa.Uuid(), nullable=True),
        sa.Column("scanned_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(party = 'guardian') = (person_id IS NULL)", name=op.f("ck_agreement_signature_guardians_have_no_account")
        ),
        sa.CheckConstraint(
            "scan_id IS NULL OR party IN ('intern', 'guardian')",
            name=op.f("ck_agreement_signature_offices_sign_themselves"),
        ),
        sa.CheckConstraint(
            "(scan_id IS NULL) = (scanned_by IS NULL)", name=op.f("ck_agreement_signature_scanned_by_somebody")
        ),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_agreement_signature_agreement_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_agreement_signature_person_id")),
        sa.ForeignKeyConstraint(["scan_id"], ["stored_file.id"], name=op.f("fk_agreement_signature_scan_id")),
        sa.ForeignKeyConstraint(["scanned_by"], ["person.id"], name=op.f("fk_agreement_signature_scanned_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_signature")),
        sa.UniqueConstraint("agreement_id", "party", name=op.f("uq_agreement_signature_agreement_id_party")),
        sa.UniqueConstraint("agreement_id", "person_id", name=op.f("uq_agreement_signature_agreement_id_person_id")),
    )
    with op.batch_alter_table("agreement_signature", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agreement_signature_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_agreement_signature_scan_id"), ["scan_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_agreement_signature_scanned_by"), ["scanned_by"], unique=False)


def downgrade() -> None:

    with op.batch_alter_table("agreement_signature", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_agreement_signature_scanned_by"))
        batch_op.drop_index(batch_op.f("ix_agreement_signature_scan_id"))
        batch_op.drop_index(batch_op.f("ix_agreement_signature_person_id"))

    op.drop_table("agreement_signature")
    op.drop_table("agreement_reminder")
    op.drop_table("agreement_guardian")
    with op.batch_alter_table("agreement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_agreement_made_by"))

    op.drop_table("agreement")
