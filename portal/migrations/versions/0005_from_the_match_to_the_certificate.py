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

    with op.batch_alter_table("placement", schema=None) as batch_op:
        batch_op.create_index("ix_placement_by_start", ["status", "starts_on", "id"], unique=False)


def downgrade() -> None:

    with op.batch_alter_table("placement", schema=None) as batch_op:
        batch_op.drop_index("ix_placement_by_start")

    with op.batch_alter_table("alumnus", schema=None) as batch_op:
        batch_op.drop_index("ix_alumnus_joined_at")
        batch_op.drop_index(batch_op.f("ix_alumnus_host_id"))
        batch_op.drop_index("ix_alumnus_home_id")
        batch_op.drop_index(batch_op.f("ix_alumnus_hidden_by"))

    op.drop_table("alumnus")
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
    op.drop_table("final_report_reminder")
    with op.batch_alter_table("final_report", schema=None) as batch_op:
        batch_op.drop_index("ix_final_report_status")
        batch_op.drop_index("ix_final_report_published_at")
        batch_op.drop_index(batch_op.f("ix_final_report_file_id"))
        batch_op.drop_index(batch_op.f("ix_final_report_accepted_by"))

    op.drop_table("final_report")
    with op.batch_alter_table("check_in", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_check_in_given_by"))

    op.drop_table("check_in")
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
