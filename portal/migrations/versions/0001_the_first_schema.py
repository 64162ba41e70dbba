"""the first schema"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table(
        "attempts",
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("hits", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_attempts")),
    )
    with op.batch_alter_table("attempts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attempts_expires_at"), ["expires_at"], unique=False)

    op.create_table(
        "call",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("titles", sa.JSON(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("applications_due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("nominations_due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reference_on", sa.Date(), nullable=False),
        sa.Column("age_from", sa.Integer(), nullable=False),
        sa.Column("age_to", sa.Integer(), nullable=False),
        sa.Column("nomination_quota", sa.Integer(), nullable=False),
        sa.Column("ranked_openings", sa.Integer(), nullable=False),
        sa.Column("own_government_is_host", sa.Boolean(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("applications_due_at > opens_at", name=op.f("ck_call_due_after_opening")),
        sa.CheckConstraint("nomination_quota > 0", name=op.f("ck_call_quota_is_positive")),
        sa.CheckConstraint(
            "nominations_due_at >= applications_due_at", name=op.f("ck_call_nominations_after_applications")
        ),
        sa.CheckConstraint("ranked_openings BETWEEN 1 AND 5", name=op.f("ck_call_one_to_five_ranked")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call")),
        sa.UniqueConstraint("slug", name=op.f("uq_call_slug")),
    )
    with op.batch_alter_table("call", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_call_created_by"), ["created_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_call_opens_at"), ["opens_at"], unique=False)

    op.create_table(
        "edition",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("titles", sa.JSON(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("judging_due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reference_on", sa.Date(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("due_at > opens_at", name=op.f("ck_edition_due_after_opening")),
        sa.CheckConstraint("judging_due_at > due_at", name=op.f("ck_edition_judged_after_due")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition")),
        sa.UniqueConstraint("slug", name=op.f("uq_edition_slug")),
    )
    with op.batch_alter_table("edition", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_edition_created_by"), ["created_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_edition_opens_at"), ["opens_at"], unique=False)

    op.create_table(
        "government",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("country", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("status_since", sa.Date(), nullable=True),
        sa.Column("joined_in", sa.Integer(), nullable=True),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("native_name", sa.String(length=120), nullable=False),
        sa.Column("aliases", sa.JSON(), nullable=False),
        sa.Column("seat", sa.String(length=80), nullable=False),
        sa.Column("latitude", sa.Float(), nullable=False),
        sa.Column("longitude", sa.Float(), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("contact_name", sa.String(length=120), nullable=False),
        sa.Column("contact_email", sa.String(length=254), nullable=False),
        sa.Column("website", sa.String(length=300), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("edited", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_government")),
        sa.UniqueConstraint("code", name=op.f("uq_government_code")),
    )
    with op.batch_alter_table("government", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_government_country"), ["country"], unique=False)
        batch_op.create_index(batch_op.f("ix_government_kind"), ["kind"], unique=False)
        batch_op.create_index(batch_op.f("ix_government_position"), ["position"], unique=False)
        batch_op.create_index(batch_op.f("ix_government_status"), ["status"], unique=False)

    op.create_table(
        "history",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("deed", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=32), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_history")),
    )
    with op.batch_alter_table("history", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_history_actor_id"), ["actor_id"], unique=False)
        batch_op.create_index("ix_history_subject", ["subject", "subject_id", "number"], unique=False)

    op.create_table(
        "history_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_history_head")),
    )
    op.create_table(
        "message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("template", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("delivery", sa.String(length=32), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.String(length=500), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
    )
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_message_created_at"), ["created_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_message_delivery"), ["delivery"], unique=False)
        batch_op.create_index(batch_op.f("ix_message_person_id"), ["person_id"], unique=False)

    op.create_table(
        "partner",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("website", sa.String(length=300), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner")),
        sa.UniqueConstraint("key", name=op.f("uq_partner_key")),
    )
    with op.batch_alter_table("partner", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_partner_position"), ["position"], unique=False)

    op.create_table(
        "person",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("password_hash", sa.String(length=256), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("email", name=op.f("uq_person_email")),
    )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.create_index("ix_person_name", ["name", "id"], unique=False)

    op.create_table(
        "registration",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("password_hash", sa.String(length=256), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registration")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_registration_token_digest")),
    )
    with op.batch_alter_table("registration", schema=None) as batch_op:
        batch_op.create_index("ix_registration_email", ["email", "sent_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_registration_expires_at"), ["expires_at"], unique=False)

    op.create_table(
        "stored_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=150), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_file")),
        sa.UniqueConstraint("key", name=op.f("uq_stored_file_key")),
    )
    with op.batch_alter_table("stored_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stored_file_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_stored_file_uploaded_at"), ["uploaded_at"], unique=False)

    op.create_table(
        "submission_key",
        sa.Column("key", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("location", sa.String(), nullable=True),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", "person_id", name=op.f("pk_submission_key")),
    )
    with op.batch_alter_table("submission_key", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_submission_key_arrived_at"), ["arrived_at"], unique=False)

    op.create_table(
        "application",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("applicant_id", sa.Uuid(), nullable=False),
        sa.Column("home_id", sa.Uuid(), nullable=True),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("native_name", sa.String(length=120), nullable=False),
        sa.Column("roman_name", sa.String(length=120), nullable=False),
        sa.Column("born_on", sa.Date(), nullable=True),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("education", sa.String(length=400), nullable=False),
        sa.Column("motivation", sa.Text(), nullable=False),
        sa.Column("consented_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cv_id", sa.Uuid(), nullable=True),
        sa.Column("number", sa.String(length=20), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submitted_digest", sa.String(length=64), nullable=True),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("merit", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(status = 'nominated') = (merit IS NOT NULL)", name=op.f("ck_application_nominated_in_an_order")
        ),
        sa.CheckConstraint(
            "status != 'not_nominated' OR reason IS NOT NULL", name=op.f("ck_application_refused_with_a_reason")
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'withdrawn') OR submitted_at IS NOT NULL",
            name=op.f("ck_application_submitted_at_an_instant"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('nominated', 'not_nominated') OR (decided_at IS NOT NULL AND decided_by IS NOT NULL)",
            name=op.f("ck_application_decided_by_somebody"),
        ),
        sa.ForeignKeyConstraint(["applicant_id"], ["person.id"], name=op.f("fk_application_applicant_id")),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_application_call_id")),
        sa.ForeignKeyConstraint(["cv_id"], ["stored_file.id"], name=op.f("fk_application_cv_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_application_decided_by")),
        sa.ForeignKeyConstraint(["home_id"], ["government.id"], name=op.f("fk_application_home_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application")),
        sa.UniqueConstraint("call_id", "applicant_id", name=op.f("uq_application_call_id_applicant_id")),
        sa.UniqueConstraint("call_id", "home_id", "merit", name=op.f("uq_application_call_id_home_id_merit")),
        sa.UniqueConstraint("number", name=op.f("uq_application_number")),
    )
    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.create_index("ix_application_applicant_id", ["applicant_id", "created_at"], unique=False)
        batch_op.create_index("ix_application_call_id", ["call_id", "status", "submitted_at", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_application_cv_id"), ["cv_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_application_decided_by"), ["decided_by"], unique=False)
        batch_op.create_index("ix_application_home_id", ["home_id", "status", "submitted_at", "id"], unique=False)

    op.create_table(
        "category",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("age_from", sa.Integer(), nullable=False),
        sa.Column("age_to", sa.Integer(), nullable=False),
        sa.CheckConstraint("age_to >= age_from", name=op.f("ck_category_ages_in_order")),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_category_edition_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_category")),
        sa.UniqueConstraint("edition_id", "age_from", name=op.f("uq_category_edition_id_age_from")),
    )
    op.create_table(
        "committee",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("established", sa.String(length=120), nullable=False),
        sa.Column("abolished", sa.String(length=120), nullable=False),
        sa.Column("coordinator_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["coordinator_id"], ["government.id"], name=op.f("fk_committee_coordinator_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_committee")),
        sa.UniqueConstraint("key", name=op.f("uq_committee_key")),
    )
    with op.batch_alter_table("committee", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_committee_coordinator_id"), ["coordinator_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_committee_position"), ["position"], unique=False)

    op.create_table(
        "criterion",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("anchors", sa.JSON(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.CheckConstraint("weight BETWEEN 1 AND 100", name=op.f("ck_criterion_weight_is_sensible")),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_criterion_edition_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_criterion")),
        sa.UniqueConstraint("edition_id", "position", name=op.f("uq_criterion_edition_id_position")),
    )
    op.create_table(
        "invitation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("government_id", sa.Uuid(), nullable=True),
        sa.Column("edition_id", sa.Uuid(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("invited_by", sa.Uuid(), nullable=True),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_by", sa.Uuid(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(role = 'coordinator') = (government_id IS NOT NULL)",
            name=op.f("ck_invitation_coordinators_have_a_government"),
        ),
        sa.CheckConstraint(
            "(role IN ('judge', 'screener')) = (edition_id IS NOT NULL)",
            name=op.f("ck_invitation_judges_have_an_edition"),
        ),
        sa.CheckConstraint(
            "(accepted_at IS NULL) = (accepted_by IS NULL)", name=op.f("ck_invitation_accepted_by_somebody")
        ),
        sa.CheckConstraint("accepted_at IS NULL OR revoked_at IS NULL", name=op.f("ck_invitation_accepted_or_revoked")),
        sa.ForeignKeyConstraint(["accepted_by"], ["person.id"], name=op.f("fk_invitation_accepted_by")),
        sa.ForeignKeyConstraint(["government_id"], ["government.id"], name=op.f("fk_invitation_government_id")),
        sa.ForeignKeyConstraint(["invited_by"], ["person.id"], name=op.f("fk_invitation_invited_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_invitation_token_digest")),
    )
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invitation_edition_id"), ["edition_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_invitation_email"), ["email"], unique=False)
        batch_op.create_index(batch_op.f("ix_invitation_government_id"), ["government_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_invitation_invited_at"), ["invited_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_invitation_invited_by"), ["invited_by"], unique=False)

    op.create_table(
        "judge",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("government_id", sa.Uuid(), nullable=True),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_judge_edition_id")),
        sa.ForeignKeyConstraint(["government_id"], ["government.id"], name=op.f("fk_judge_government_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_judge_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_judge")),
        sa.UniqueConstraint("edition_id", "person_id", name=op.f("uq_judge_edition_id_person_id")),
    )
    with op.batch_alter_table("judge", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_judge_government_id"), ["government_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_judge_person_id"), ["person_id"], unique=False)

    op.create_table(
        "length_limit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.CheckConstraint("most > 0", name=op.f("ck_length_limit_positive")),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_length_limit_edition_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_length_limit")),
        sa.UniqueConstraint("edition_id", "language", name=op.f("uq_length_limit_edition_id_language")),
    )
    op.create_table(
        "opening",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("government_id", sa.Uuid(), nullable=False),
        sa.Column("organisation", sa.String(length=160), nullable=False),
        sa.Column("host_kind", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("tasks", sa.Text(), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("working_language", sa.String(length=16), nullable=False),
        sa.Column("level", sa.String(length=2), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("benefits", sa.Text(), nullable=False),
        sa.Column("has_interview", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("capacity BETWEEN 1 AND 50", name=op.f("ck_opening_capacity_is_sensible")),
        sa.CheckConstraint("ends_on > starts_on", name=op.f("ck_opening_ends_after_it_starts")),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_opening_call_id")),
        sa.ForeignKeyConstraint(["government_id"], ["government.id"], name=op.f("fk_opening_government_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opening")),
    )
    with op.batch_alter_table("opening", schema=None) as batch_op:
        batch_op.create_index("ix_opening_call_id", ["call_id", "status", "government_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_opening_created_by"), ["created_by"], unique=False)
        batch_op.create_index("ix_opening_government_id", ["government_id", "starts_on", "id"], unique=False)
        batch_op.create_index("ix_opening_status", ["status", "starts_on", "id"], unique=False)

    op.create_table(
        "reset_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_reset_link_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reset_link")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_reset_link_token_digest")),
    )
    with op.batch_alter_table("reset_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reset_link_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_reset_link_person_id"), ["person_id"], unique=False)

    op.create_table(
        "role_grant",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("government_id", sa.Uuid(), nullable=True),
        sa.Column("edition_id", sa.Uuid(), nullable=True),
        sa.Column("begins_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("granted_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(role = 'coordinator') = (government_id IS NOT NULL)",
            name=op.f("ck_role_grant_coordinators_have_a_government"),
        ),
        sa.CheckConstraint(
            "(role IN ('judge', 'screener')) = (edition_id IS NOT NULL)",
            name=op.f("ck_role_grant_judges_have_an_edition"),
        ),
        sa.ForeignKeyConstraint(["government_id"], ["government.id"], name=op.f("fk_role_grant_government_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_role_grant_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grant")),
    )
    with op.batch_alter_table("role_grant", schema=None) as batch_op:
        batch_op.create_index("ix_role_grant_edition_id", ["edition_id", "role"], unique=False)
        batch_op.create_index("ix_role_grant_government_id", ["government_id", "role"], unique=False)
        batch_op.create_index("ix_role_grant_person_id", ["person_id", "begins_on"], unique=False)

    op.create_table(
        "sign_in",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("browser", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sign_in_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_sign_in_token_digest")),
    )
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_person_id"), ["person_id"], unique=False)

    op.create_table(
        "theme",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_theme_edition_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_theme")),
        sa.UniqueConstraint("edition_id", "position", name=op.f("uq_theme_edition_id_position")),
    )
    op.create_table(
        "choice",
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("rank", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("opening_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("rank BETWEEN 1 AND 5", name=op.f("ck_choice_rank_is_sensible")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_choice_application_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["opening_id"], ["opening.id"], name=op.f("fk_choice_opening_id")),
        sa.PrimaryKeyConstraint("application_id", "rank", name=op.f("pk_choice")),
        sa.UniqueConstraint("application_id", "opening_id", name=op.f("uq_choice_application_id_opening_id")),
    )
    with op.batch_alter_table("choice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_choice_opening_id"), ["opening_id"], unique=False)

    op.create_table(
        "essay",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("category_id", sa.Uuid(), nullable=True),
        sa.Column("theme_id", sa.Uuid(), nullable=True),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submitted_digest", sa.String(length=64), nullable=True),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("screened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("screened_by", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "status IN ('draft', 'withdrawn') OR submitted_at IS NOT NULL",
            name=op.f("ck_essay_submitted_at_an_instant"),
        ),
        sa.ForeignKeyConstraint(["category_id"], ["category.id"], name=op.f("fk_essay_category_id")),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_essay_edition_id")),
        sa.ForeignKeyConstraint(["screened_by"], ["person.id"], name=op.f("fk_essay_screened_by")),
        sa.ForeignKeyConstraint(["theme_id"], ["theme.id"], name=op.f("fk_essay_theme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_essay")),
        sa.UniqueConstraint("code", name=op.f("uq_essay_code")),
    )
    with op.batch_alter_table("essay", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_essay_category_id"), ["category_id"], unique=False)
        batch_op.create_index("ix_essay_edition_id", ["edition_id", "status", "code"], unique=False)
        batch_op.create_index(batch_op.f("ix_essay_screened_by"), ["screened_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_essay_theme_id"), ["theme_id"], unique=False)

    op.create_table(
        "placement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("opening_id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("seat", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint("status != 'offered' OR expires_at IS NOT NULL", name=op.f("ck_placement_an_offer_expires")),
        sa.CheckConstraint(
            "status NOT IN ('offered', 'accepted', 'declined', 'lapsed', 'refused') OR approved_by IS NOT NULL",
            name=op.f("ck_placement_decided_by_the_host"),
        ),
        sa.CheckConstraint("seat > 0", name=op.f("ck_placement_seat_is_positive")),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_placement_application_id")),
        sa.ForeignKeyConstraint(["approved_by"], ["person.id"], name=op.f("fk_placement_approved_by")),
        sa.ForeignKeyConstraint(["opening_id"], ["opening.id"], name=op.f("fk_placement_opening_id")),
        sa.ForeignKeyConstraint(["proposed_by"], ["person.id"], name=op.f("fk_placement_proposed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placement")),
    )
    with op.batch_alter_table("placement", schema=None) as batch_op:
        batch_op.create_index("ix_placement_application_id", ["application_id", "proposed_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_placement_approved_by"), ["approved_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_placement_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index("ix_placement_opening_id", ["opening_id", "status", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_placement_proposed_by"), ["proposed_by"], unique=False)
        batch_op.create_index(
            "uq_placement_held",
            ["application_id"],
            unique=True,
            sqlite_where=sa.text("status IN ('proposed', 'offered', 'accepted')"),
            postgresql_where=sa.text("status IN ('proposed', 'offered', 'accepted')"),
        )
        batch_op.create_index(
            "uq_placement_seat",
            ["opening_id", "seat"],
            unique=True,
            sqlite_where=sa.text("status IN ('proposed', 'offered', 'accepted')"),
            postgresql_where=sa.text("status IN ('proposed', 'offered', 'accepted')"),
        )

    op.create_table(
        "spoken_language",
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("level", sa.String(length=6), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_spoken_language_application_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("application_id", "language", name=op.f("pk_spoken_language")),
    )
    op.create_table(
        "appointment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("essay_id", sa.Uuid(), nullable=False),
        sa.Column("judge_id", sa.Uuid(), nullable=False),
        sa.Column("alias", sa.String(length=24), nullable=False),
        sa.Column("appointed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("appointed_by", sa.Uuid(), nullable=False),
        sa.Column("locked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["appointed_by"], ["person.id"], name=op.f("fk_appointment_appointed_by")),
        sa.ForeignKeyConstraint(["essay_id"], ["essay.id"], name=op.f("fk_appointment_essay_id")),
        sa.ForeignKeyConstraint(["judge_id"], ["judge.id"], name=op.f("fk_appointment_judge_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment")),
        sa.UniqueConstraint("alias", name=op.f("uq_appointment_alias")),
        sa.UniqueConstraint("essay_id", "judge_id", name=op.f("uq_appointment_essay_id_judge_id")),
    )
    with op.batch_alter_table("appointment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_appointment_appointed_by"), ["appointed_by"], unique=False)
        batch_op.create_index("ix_appointment_judge_id", ["judge_id", "alias"], unique=False)

    op.create_table(
        "authorship",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("essay_id", sa.Uuid(), nullable=False),
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("government_id", sa.Uuid(), nullable=True),
        sa.Column("native_name", sa.String(length=120), nullable=False),
        sa.Column("roman_name", sa.String(length=120), nullable=False),
        sa.Column("born_on", sa.Date(), nullable=True),
        sa.Column("school", sa.String(length=160), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=True),
        sa.Column("consents", sa.JSON(), nullable=False),
        sa.Column("consented_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_authorship_edition_id")),
        sa.ForeignKeyConstraint(["essay_id"], ["essay.id"], name=op.f("fk_authorship_essay_id")),
        sa.ForeignKeyConstraint(["government_id"], ["government.id"], name=op.f("fk_authorship_government_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_authorship_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authorship")),
        sa.UniqueConstraint("edition_id", "person_id", name=op.f("uq_authorship_edition_id_person_id")),
        sa.UniqueConstraint("essay_id", name=op.f("uq_authorship_essay_id")),
        sa.UniqueConstraint("number", name=op.f("uq_authorship_number")),
    )
    with op.batch_alter_table("authorship", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_authorship_government_id"), ["government_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_authorship_person_id"), ["person_id"], unique=False)

    op.create_table(
        "mark",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("appointment_id", sa.Uuid(), nullable=False),
        sa.Column("criterion_id", sa.Uuid(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.CheckConstraint("points BETWEEN 1 AND 10", name=op.f("ck_mark_one_to_ten")),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointment.id"], name=op.f("fk_mark_appointment_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["criterion_id"], ["criterion.id"], name=op.f("fk_mark_criterion_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mark")),
        sa.UniqueConstraint("appointment_id", "criterion_id", name=op.f("uq_mark_appointment_id_criterion_id")),
    )
    with op.batch_alter_table("mark", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mark_criterion_id"), ["criterion_id"], unique=False)


def downgrade() -> None:

    with op.batch_alter_table("mark", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mark_criterion_id"))

    op.drop_table("mark")
    with op.batch_alter_table("authorship", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_authorship_person_id"))
        batch_op.drop_index(batch_op.f("ix_authorship_government_id"))

    op.drop_table("authorship")
    with op.batch_alter_table("appointment", schema=None) as batch_op:
        batch_op.drop_index("ix_appointment_judge_id")
        batch_op.drop_index(batch_op.f("ix_appointment_appointed_by"))

    op.drop_table("appointment")
    op.drop_table("spoken_language")
    with op.batch_alter_table("placement", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_placement_seat",
            sqlite_where=sa.text("status IN ('proposed', 'offered', 'accepted')"),
            postgresql_where=sa.text("status IN ('proposed', 'offered', 'accepted')"),
        )
        batch_op.drop_index(
            "uq_placement_held",
            sqlite_where=sa.text("status IN ('proposed', 'offered', 'accepted')"),
            postgresql_where=sa.text("status IN ('proposed', 'offered', 'accepted')"),
        )
        batch_op.drop_index(batch_op.f("ix_placement_proposed_by"))
        batch_op.drop_index("ix_placement_opening_id")
        batch_op.drop_index(batch_op.f("ix_placement_expires_at"))
        batch_op.drop_index(batch_op.f("ix_placement_approved_by"))
        batch_op.drop_index("ix_placement_application_id")

    op.drop_table("placement")
    with op.batch_alter_table("essay", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_essay_theme_id"))
        batch_op.drop_index(batch_op.f("ix_essay_screened_by"))
        batch_op.drop_index("ix_essay_edition_id")
        batch_op.drop_index(batch_op.f("ix_essay_category_id"))

    op.drop_table("essay")
    with op.batch_alter_table("choice", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_choice_opening_id"))

    op.drop_table("choice")
    op.drop_table("theme")
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_person_id"))

    op.drop_table("sign_in")
    with op.batch_alter_table("role_grant", schema=None) as batch_op:
        batch_op.drop_index("ix_role_grant_person_id")
        batch_op.drop_index("ix_role_grant_government_id")
        batch_op.drop_index("ix_role_grant_edition_id")

    op.drop_table("role_grant")
    with op.batch_alter_table("reset_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reset_link_person_id"))
        batch_op.drop_index(batch_op.f("ix_reset_link_expires_at"))

    op.drop_table("reset_link")
    with op.batch_alter_table("opening", schema=None) as batch_op:
        batch_op.drop_index("ix_opening_status")
        batch_op.drop_index("ix_opening_government_id")
        batch_op.drop_index(batch_op.f("ix_opening_created_by"))
        batch_op.drop_index("ix_opening_call_id")

    op.drop_table("opening")
    op.drop_table("length_limit")
    with op.batch_alter_table("judge", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_judge_person_id"))
        batch_op.drop_index(batch_op.f("ix_judge_government_id"))

    op.drop_table("judge")
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invitation_invited_by"))
        batch_op.drop_index(batch_op.f("ix_invitation_invited_at"))
        batch_op.drop_index(batch_op.f("ix_invitation_government_id"))
        batch_op.drop_index(batch_op.f("ix_invitation_email"))
        batch_op.drop_index(batch_op.f("ix_invitation_edition_id"))

    op.drop_table("invitation")
    op.drop_table("criterion")
    with op.batch_alter_table("committee", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_committee_position"))
        batch_op.drop_index(batch_op.f("ix_committee_coordinator_id"))

    op.drop_table("committee")
    op.drop_table("category")
    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.drop_index("ix_application_home_id")
        batch_op.drop_index(batch_op.f("ix_application_decided_by"))
        batch_op.drop_index(batch_op.f("ix_application_cv_id"))
        batch_op.drop_index("ix_application_call_id")
        batch_op.drop_index("ix_application_applicant_id")

    op.drop_table("application")
    with op.batch_alter_table("submission_key", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_submission_key_arrived_at"))

    op.drop_table("submission_key")
    with op.batch_alter_table("stored_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stored_file_uploaded_at"))
        batch_op.drop_index(batch_op.f("ix_stored_file_owner_id"))

    op.drop_table("stored_file")
    with op.batch_alter_table("registration", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_registration_expires_at"))
        batch_op.drop_index("ix_registration_email")

    op.drop_table("registration")
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_index("ix_person_name")

    op.drop_table("person")
    with op.batch_alter_table("partner", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_partner_position"))

    op.drop_table("partner")
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_message_person_id"))
        batch_op.drop_index(batch_op.f("ix_message_delivery"))
        batch_op.drop_index(batch_op.f("ix_message_created_at"))

    op.drop_table("message")
    op.drop_table("history_head")
    with op.batch_alter_table("history", schema=None) as batch_op:
        batch_op.drop_index("ix_history_subject")
        batch_op.drop_index(batch_op.f("ix_history_actor_id"))

    op.drop_table("history")
    with op.batch_alter_table("government", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_government_status"))
        batch_op.drop_index(batch_op.f("ix_government_position"))
        batch_op.drop_index(batch_op.f("ix_government_kind"))
        batch_op.drop_index(batch_op.f("ix_government_country"))

    op.drop_table("government")
    with op.batch_alter_table("edition", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_edition_opens_at"))
        batch_op.drop_index(batch_op.f("ix_edition_created_by"))

    op.drop_table("edition")
    with op.batch_alter_table("call", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_call_opens_at"))
        batch_op.drop_index(batch_op.f("ix_call_created_by"))

    op.drop_table("call")
    with op.batch_alter_table("attempts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attempts_expires_at"))

    op.drop_table("attempts")
