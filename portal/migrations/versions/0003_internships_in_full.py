"""internships in full"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table(
        "host",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("government_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("website", sa.String(length=200), nullable=False),
        sa.Column("contact_name", sa.String(length=120), nullable=False),
        sa.Column("contact_email", sa.String(length=254), nullable=False),
        sa.Column("contact_phone", sa.String(length=40), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["government_id"], ["government.id"], name=op.f("fk_host_government_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_host")),
        sa.UniqueConstraint("government_id", "name", name=op.f("uq_host_government_id_name")),
    )
    with op.batch_alter_table("host", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_host_created_by"), ["created_by"], unique=False)

    op.create_table(
        "question",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("hints", sa.JSON(), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("max_length", sa.Integer(), nullable=True),
        sa.Column("limit_unit", sa.String(length=32), nullable=True),
        sa.Column("is_required", sa.Boolean(), nullable=False),
        sa.Column("shown_to_hosts", sa.Boolean(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(max_length IS NULL) = (limit_unit IS NULL)", name=op.f("ck_question_a_limit_has_a_unit")),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_question_call_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
    )
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.create_index("ix_question_call_id", ["call_id", "position"], unique=False)

    op.create_table(
        "requested_document",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=32), nullable=False),
        sa.Column("titles", sa.JSON(), nullable=False),
        sa.Column("hints", sa.JSON(), nullable=False),
        sa.Column("is_required", sa.Boolean(), nullable=False),
        sa.Column("shown_to_hosts", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["call_id"], ["call.id"], name=op.f("fk_requested_document_call_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requested_document")),
    )
    with op.batch_alter_table("requested_document", schema=None) as batch_op:
        batch_op.create_index("ix_requested_document_call_id", ["call_id", "position"], unique=False)

    op.create_table(
        "silence_warning",
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("government_id", sa.Uuid(), nullable=False),
        sa.Column("days", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("warned_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_silence_warning_call_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["government_id"], ["government.id"], name=op.f("fk_silence_warning_government_id")),
        sa.PrimaryKeyConstraint("call_id", "government_id", "days", name=op.f("pk_silence_warning")),
    )
    op.create_table(
        "submission_digest",
        sa.Column("government_id", sa.Uuid(), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["government_id"], ["government.id"], name=op.f("fk_submission_digest_government_id")),
        sa.PrimaryKeyConstraint("government_id", "told_on", name=op.f("pk_submission_digest")),
    )
    op.create_table(
        "answer",
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_answer_application_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_answer_file_id")),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name=op.f("fk_answer_question_id")),
        sa.PrimaryKeyConstraint("application_id", "question_id", name=op.f("pk_answer")),
    )
    with op.batch_alter_table("answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_answer_file_id"), ["file_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_answer_question_id"), ["question_id"], unique=False)

    op.create_table(
        "application_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_application_version_application_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_version")),
        sa.UniqueConstraint("application_id", "number", name=op.f("uq_application_version_application_id_number")),
    )
    op.create_table(
        "checked_item",
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("item", sa.String(length=40), nullable=False),
        sa.Column("checked_by", sa.Uuid(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_checked_item_application_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["checked_by"], ["person.id"], name=op.f("fk_checked_item_checked_by")),
        sa.PrimaryKeyConstraint("application_id", "item", name=op.f("pk_checked_item")),
    )
    with op.batch_alter_table("checked_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_checked_item_checked_by"), ["checked_by"], unique=False)

    op.create_table(
        "document",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("requested_id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_document_application_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_document_file_id")),
        sa.ForeignKeyConstraint(["requested_id"], ["requested_document.id"], name=op.f("fk_document_requested_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
        sa.UniqueConstraint("application_id", "requested_id", name=op.f("uq_document_application_id_requested_id")),
    )
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_document_file_id"), ["file_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_document_requested_id"), ["requested_id"], unique=False)

    op.create_table(
        "kinship",
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_kinship_application_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_kinship_person_id")),
        sa.PrimaryKeyConstraint("application_id", "person_id", name=op.f("pk_kinship")),
    )
    with op.batch_alter_table("kinship", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_kinship_person_id"), ["person_id"], unique=False)

    op.create_table(
        "letter",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("requested_id", sa.Uuid(), nullable=False),
        sa.Column("referee_name", sa.String(length=120), nullable=False),
        sa.Column("referee_email", sa.String(length=254), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("times_sent", sa.Integer(), nullable=False),
        sa.Column("declined_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(received_at IS NULL) = (text = '' AND file_id IS NULL)", name=op.f("ck_letter_received_with_content")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_letter_application_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_letter_file_id")),
        sa.ForeignKeyConstraint(["requested_id"], ["requested_document.id"], name=op.f("fk_letter_requested_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter")),
        sa.UniqueConstraint("application_id", "requested_id", name=op.f("uq_letter_application_id_requested_id")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_letter_token_digest")),
    )
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_letter_file_id"), ["file_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_letter_requested_id"), ["requested_id"], unique=False)

    op.create_table(
        "namesake",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.Uuid(), nullable=True),
        sa.Column("is_same", sa.Boolean(), nullable=True),
        sa.CheckConstraint("(settled_at IS NULL) = (is_same IS NULL)", name=op.f("ck_namesake_settled_one_way")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_namesake_application_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["other_id"], ["application.id"], name=op.f("fk_namesake_other_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["settled_by"], ["person.id"], name=op.f("fk_namesake_settled_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_namesake")),
        sa.UniqueConstraint("application_id", "other_id", name=op.f("uq_namesake_application_id_other_id")),
    )
    with op.batch_alter_table("namesake", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_namesake_other_id"), ["other_id"], unique=False)
        batch_op.create_index("ix_namesake_settled_at", ["settled_at", "found_at", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_namesake_settled_by"), ["settled_by"], unique=False)

    op.create_table(
        "note",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_note_application_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_note_author_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note")),
    )
    with op.batch_alter_table("note", schema=None) as batch_op:
        batch_op.create_index("ix_note_application_id", ["application_id", "written_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_note_author_id"), ["author_id"], unique=False)

    op.create_table(
        "benefit",
        sa.Column("opening_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("what", sa.String(length=32), nullable=False),
        sa.Column("note", sa.String(length=160), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("per", sa.String(length=32), nullable=False),
        sa.Column("payer", sa.String(length=32), nullable=False),
        sa.CheckConstraint("amount IS NULL OR currency IS NOT NULL", name=op.f("ck_benefit_an_amount_has_a_currency")),
        sa.ForeignKeyConstraint(["opening_id"], ["opening.id"], name=op.f("fk_benefit_opening_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("opening_id", "position", name=op.f("pk_benefit")),
    )
    op.create_table(
        "opening_field",
        sa.Column("opening_id", sa.Uuid(), nullable=False),
        sa.Column("field", sa.String(length=2), nullable=False),
        sa.ForeignKeyConstraint(
            ["opening_id"], ["opening.id"], name=op.f("fk_opening_field_opening_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("opening_id", "field", name=op.f("pk_opening_field")),
    )
    with op.batch_alter_table("opening_field", schema=None) as batch_op:
        batch_op.create_index("ix_opening_field_field", ["field", "opening_id"], unique=False)

    op.create_table(
        "opening_language",
        sa.Column("opening_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("level", sa.String(length=2), nullable=False),
        sa.ForeignKeyConstraint(
            ["opening_id"], ["opening.id"], name=op.f("fk_opening_language_opening_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("opening_id", "language", name=op.f("pk_opening_language")),
    )
    with op.batch_alter_table("opening_language", schema=None) as batch_op:
        batch_op.create_index("ix_opening_language_language", ["language", "opening_id"], unique=False)

    with op.batch_alter_table("application", schema=None, recreate="always") as batch_op:
        batch_op.add_column(sa.Column("family_name", sa.String(length=120), nullable=False))
        batch_op.add_column(sa.Column("given_name", sa.String(length=120), nullable=False))
        batch_op.add_column(sa.Column("patronymic", sa.String(length=120), nullable=False))
        batch_op.add_column(sa.Column("roman_family_name", sa.String(length=120), nullable=False))
        batch_op.add_column(sa.Column("roman_given_name", sa.String(length=120), nullable=False))
        batch_op.add_column(sa.Column("name_order", sa.String(length=32), nullable=False))
        batch_op.add_column(sa.Column("search_text", sa.String(length=700), nullable=False))
        batch_op.add_column(sa.Column("nationality", sa.String(length=2), nullable=False))
        batch_op.add_column(sa.Column("is_resident", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("enrolment", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("graduates_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("took_part_before", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("has_kin_at_host", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("consents", sa.JSON(), nullable=False))
        batch_op.add_column(sa.Column("correction_due_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("reason_code", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("decided_in_place", sa.Boolean(), nullable=False))
        batch_op.add_column(sa.Column("placed_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("entered_by", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("form_scan_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("consent_scan_id", sa.Uuid(), nullable=True))
        batch_op.alter_column(
            "native_name", existing_type=sa.VARCHAR(length=120), type_=sa.String(length=250), existing_nullable=False
        )
        batch_op.alter_column(
            "roman_name", existing_type=sa.VARCHAR(length=120), type_=sa.String(length=250), existing_nullable=False
        )
        batch_op.create_index("ix_application_born_on", ["born_on"], unique=False)
        batch_op.create_index("ix_application_call_by_merit", ["call_id", "merit", "id"], unique=False)
        batch_op.create_index("ix_application_call_by_name", ["call_id", "roman_name", "id"], unique=False)
        batch_op.create_index("ix_application_call_by_time", ["call_id", "submitted_at", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_application_consent_scan_id"), ["consent_scan_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_application_entered_by"), ["entered_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_application_form_scan_id"), ["form_scan_id"], unique=False)
        batch_op.create_index("ix_application_home_by_merit", ["home_id", "call_id", "merit", "id"], unique=False)
        batch_op.create_index("ix_application_home_by_name", ["home_id", "call_id", "roman_name", "id"], unique=False)
        batch_op.create_index("ix_application_home_by_time", ["home_id", "call_id", "submitted_at", "id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_application_consent_scan_id"), "stored_file", ["consent_scan_id"], ["id"]
        )
        batch_op.create_foreign_key(batch_op.f("fk_application_form_scan_id"), "stored_file", ["form_scan_id"], ["id"])
        batch_op.create_foreign_key(batch_op.f("fk_application_entered_by"), "person", ["entered_by"], ["id"])

    with op.batch_alter_table("call", schema=None, recreate="always") as batch_op:
        batch_op.add_column(sa.Column("openings_due_at", sa.DateTime(timezone=True), nullable=False))
        batch_op.add_column(sa.Column("corrections_due_at", sa.DateTime(timezone=True), nullable=False))
        batch_op.add_column(sa.Column("rankings_due_at", sa.DateTime(timezone=True), nullable=False))
        batch_op.add_column(sa.Column("belonging", sa.String(length=32), nullable=False))
        batch_op.add_column(sa.Column("months_after_graduation", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("language_level", sa.String(length=2), nullable=False))
        batch_op.add_column(sa.Column("counted_languages", sa.JSON(), nullable=False))
        batch_op.add_column(sa.Column("first_time_only", sa.Boolean(), nullable=False))
        batch_op.add_column(sa.Column("no_kin_at_host", sa.Boolean(), nullable=False))
        batch_op.add_column(sa.Column("countries", sa.JSON(), nullable=False))
        batch_op.add_column(sa.Column("governments", sa.JSON(), nullable=False))
        batch_op.add_column(sa.Column("country_caps", sa.JSON(), nullable=False))
        batch_op.add_column(sa.Column("copied_from", sa.Uuid(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_call_copied_from"), "call", ["copied_from"], ["id"])

    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("begins_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("relieves_id", sa.Uuid(), nullable=True))
        batch_op.create_index(batch_op.f("ix_invitation_relieves_id"), ["relieves_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_invitation_relieves_id"), "role_grant", ["relieves_id"], ["id"])

    with op.batch_alter_table("opening", schema=None, recreate="always") as batch_op:
        batch_op.add_column(sa.Column("host_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("slug", sa.String(length=80), nullable=True))
        batch_op.add_column(sa.Column("presence", sa.String(length=32), nullable=False))
        batch_op.add_column(sa.Column("hours_a_week", sa.Integer(), nullable=False))
        batch_op.add_column(sa.Column("least_age", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("education", sa.String(length=32), nullable=False))
        batch_op.add_column(sa.Column("benefits_note", sa.Text(), nullable=False))
        batch_op.add_column(sa.Column("search_text", sa.Text(), nullable=False))
        batch_op.add_column(sa.Column("first_ranked_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("copied_from", sa.Uuid(), nullable=True))
        batch_op.create_index(batch_op.f("ix_opening_host_id"), ["host_id"], unique=False)
        batch_op.create_unique_constraint(batch_op.f("uq_opening_slug"), ["slug"])
        batch_op.create_foreign_key(batch_op.f("fk_opening_copied_from"), "opening", ["copied_from"], ["id"])
        batch_op.create_foreign_key(batch_op.f("fk_opening_host_id"), "host", ["host_id"], ["id"])

    with op.batch_alter_table("person", schema=None, recreate="always") as batch_op:
        batch_op.alter_column("email", existing_type=sa.VARCHAR(length=254), nullable=True)


def downgrade() -> None:

    with op.batch_alter_table("person", schema=None, recreate="always") as batch_op:
        batch_op.alter_column("email", existing_type=sa.VARCHAR(length=254), nullable=False)

    with op.batch_alter_table("opening", schema=None, recreate="always") as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_opening_host_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_opening_copied_from"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("uq_opening_slug"), type_="unique")
        batch_op.drop_index(batch_op.f("ix_opening_host_id"))
        batch_op.drop_column("copied_from")
        batch_op.drop_column("first_ranked_at")
        batch_op.drop_column("search_text")
        batch_op.drop_column("benefits_note")
        batch_op.drop_column("education")
        batch_op.drop_column("least_age")
        batch_op.drop_column("hours_a_week")
        batch_op.drop_column("presence")
        batch_op.drop_column("slug")
        batch_op.drop_column("host_id")

    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_invitation_relieves_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_invitation_relieves_id"))
        batch_op.drop_column("relieves_id")
        batch_op.drop_column("begins_on")

    with op.batch_alter_table("call", schema=None, recreate="always") as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_call_copied_from"), type_="foreignkey")
        batch_op.drop_column("copied_from")
        batch_op.drop_column("country_caps")
        batch_op.drop_column("governments")
        batch_op.drop_column("countries")
        batch_op.drop_column("no_kin_at_host")
        batch_op.drop_column("first_time_only")
        batch_op.drop_column("counted_languages")
        batch_op.drop_column("language_level")
        batch_op.drop_column("months_after_graduation")
        batch_op.drop_column("belonging")
        batch_op.drop_column("rankings_due_at")
        batch_op.drop_column("corrections_due_at")
        batch_op.drop_column("openings_due_at")

    with op.batch_alter_table("application", schema=None, recreate="always") as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_application_entered_by"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_application_form_scan_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_application_consent_scan_id"), type_="foreignkey")
        batch_op.drop_index("ix_application_home_by_time")
        batch_op.drop_index("ix_application_home_by_name")
        batch_op.drop_index("ix_application_home_by_merit")
        batch_op.drop_index(batch_op.f("ix_application_form_scan_id"))
        batch_op.drop_index(batch_op.f("ix_application_entered_by"))
        batch_op.drop_index(batch_op.f("ix_application_consent_scan_id"))
        batch_op.drop_index("ix_application_call_by_time")
        batch_op.drop_index("ix_application_call_by_name")
        batch_op.drop_index("ix_application_call_by_merit")
        batch_op.drop_index("ix_application_born_on")
        batch_op.alter_column(
            "roman_name", existing_type=sa.String(length=250), type_=sa.VARCHAR(length=120), existing_nullable=False
        )
        batch_op.alter_column(
            "native_name", existing_type=sa.String(length=250), type_=sa.VARCHAR(length=120), existing_nullable=False
        )
        batch_op.drop_column("consent_scan_id")
        batch_op.drop_column("form_scan_id")
        batch_op.drop_column("entered_by")
        batch_op.drop_column("placed_at")
        batch_op.drop_column("decided_in_place")
        batch_op.drop_column("reason_code")
        batch_op.drop_column("correction_due_at")
        batch_op.drop_column("consents")
        batch_op.drop_column("has_kin_at_host")
        batch_op.drop_column("took_part_before")
        batch_op.drop_column("graduates_on")
        batch_op.drop_column("enrolment")
        batch_op.drop_column("is_resident")
        batch_op.drop_column("nationality")
        batch_op.drop_column("search_text")
        batch_op.drop_column("name_order")
        batch_op.drop_column("roman_given_name")
        batch_op.drop_column("roman_family_name")
        batch_op.drop_column("patronymic")
        batch_op.drop_column("given_name")
        batch_op.drop_column("family_name")

    with op.batch_alter_table("opening_language", schema=None) as batch_op:
        batch_op.drop_index("ix_opening_language_language")

    op.drop_table("opening_language")
    with op.batch_alter_table("opening_field", schema=None) as batch_op:
        batch_op.drop_index("ix_opening_field_field")

    op.drop_table("opening_field")
    op.drop_table("benefit")
    with op.batch_alter_table("note", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_note_author_id"))
        batch_op.drop_index("ix_note_application_id")

    op.drop_table("note")
    with op.batch_alter_table("namesake", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_namesake_settled_by"))
        batch_op.drop_index("ix_namesake_settled_at")
        batch_op.drop_index(batch_op.f("ix_namesake_other_id"))

    op.drop_table("namesake")
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_letter_requested_id"))
        batch_op.drop_index(batch_op.f("ix_letter_file_id"))

    op.drop_table("letter")
    with op.batch_alter_table("kinship", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_kinship_person_id"))

    op.drop_table("kinship")
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_document_requested_id"))
        batch_op.drop_index(batch_op.f("ix_document_file_id"))

    op.drop_table("document")
    with op.batch_alter_table("checked_item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_checked_item_checked_by"))

    op.drop_table("checked_item")
    op.drop_table("application_version")
    with op.batch_alter_table("answer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_answer_question_id"))
        batch_op.drop_index(batch_op.f("ix_answer_file_id"))

    op.drop_table("answer")
    op.drop_table("submission_digest")
    op.drop_table("silence_warning")
    with op.batch_alter_table("requested_document", schema=None) as batch_op:
        batch_op.drop_index("ix_requested_document_call_id")

    op.drop_table("requested_document")
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.drop_index("ix_question_call_id")

    op.drop_table("question")
    with op.batch_alter_table("host", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_host_created_by"))

    op.drop_table("host")
