"""from the match to the certificate"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table(
        "match_run",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("progress", sa.Integer(), nullable=False),
        sa.Column("optimal_for", sa.String(length=32), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("document", sa.Text(), nullable=True),
        sa.Column("input_sha256", sa.String(length=64), nullable=True),
        sa.Column("statistics", sa.JSON(), nullable=False),
        sa.Column("failure", sa.Text(), nullable=False),
        sa.Column("publication_asked_by", sa.Uuid(), nullable=True),
        sa.Column("publication_asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by", sa.Uuid(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(kind = 'continued') = (asked_by IS NULL)", name=op.f("ck_match_run_asked_by_somebody")),
        sa.CheckConstraint("kind != 'first' OR confirmed_by IS NOT NULL", name=op.f("ck_match_run_published_by_two")),
        sa.CheckConstraint("published_at IS NULL OR state = 'done'", name=op.f("ck_match_run_published_when_done")),
        sa.CheckConstraint("state != 'done' OR document IS NOT NULL", name=op.f("ck_match_run_done_with_its_document")),
        sa.CheckConstraint(
            "confirmed_by IS NULL OR confirmed_by != publication_asked_by",
            name=op.f("ck_match_run_confirmed_by_another"),
        ),
        sa.CheckConstraint("progress BETWEEN 0 AND 100", name=op.f("ck_match_run_progress_in_percent")),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_match_run_asked_by")),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_match_run_call_id")),
        sa.ForeignKeyConstraint(["confirmed_by"], ["person.id"], name=op.f("fk_match_run_confirmed_by")),
        sa.ForeignKeyConstraint(
            ["publication_asked_by"], ["person.id"], name=op.f("fk_match_run_publication_asked_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_run")),
        sa.UniqueConstraint("call_id", "number", name=op.f("uq_match_run_call_id_number")),
    )
    with op.batch_alter_table("match_run", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_match_run_asked_by"), ["asked_by"], unique=False)
        batch_op.create_index("ix_match_run_asked_for", ["confirmed_by", "publication_asked_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_match_run_confirmed_by"), ["confirmed_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_match_run_publication_asked_by"), ["publication_asked_by"], unique=False)
        batch_op.create_index("ix_match_run_published_at", ["call_id", "published_at", "number"], unique=False)
        batch_op.create_index(
            "uq_match_run_published",
            ["call_id"],
            unique=True,
            sqlite_where=sa.text("kind = 'first' AND published_at IS NOT NULL"),
            postgresql_where=sa.text("kind = 'first' AND published_at IS NOT NULL"),
        )

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
        "match_vacancy",
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("opening_id", sa.Uuid(), nullable=False),
        sa.Column("places_left", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.CheckConstraint("places_left > 0", name=op.f("ck_match_vacancy_places_are_left")),
        sa.ForeignKeyConstraint(["opening_id"], ["opening.id"], name=op.f("fk_match_vacancy_opening_id")),
        sa.ForeignKeyConstraint(["run_id"], ["match_run.id"], name=op.f("fk_match_vacancy_run_id")),
        sa.PrimaryKeyConstraint("run_id", "opening_id", name=op.f("pk_match_vacancy")),
    )
    with op.batch_alter_table("match_vacancy", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_match_vacancy_opening_id"), ["opening_id"], unique=False)

    op.create_table(
        "match_waiter",
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("opening_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_match_waiter_application_id")),
        sa.ForeignKeyConstraint(["opening_id"], ["opening.id"], name=op.f("fk_match_waiter_opening_id")),
        sa.ForeignKeyConstraint(["run_id"], ["match_run.id"], name=op.f("fk_match_waiter_run_id")),
        sa.PrimaryKeyConstraint("run_id", "opening_id", "place", name=op.f("pk_match_waiter")),
    )
    with op.batch_alter_table("match_waiter", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_match_waiter_application_id"), ["application_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_match_waiter_opening_id"), ["opening_id"], unique=False)

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
        batch_op.create_index(
            "ix_agreement_refused",
            ["placement_id"],
            unique=False,
            sqlite_where=sa.text("refused_at IS NOT NULL"),
            postgresql_where=sa.text("refused_at IS NOT NULL"),
        )

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
        batch_op.create_index("ix_final_report_submitted_at", ["submitted_at", "id"], unique=False)

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
        "match_result",
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("opening_id", sa.Uuid(), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("lottery", sa.String(length=16), nullable=False),
        sa.Column("verdicts", sa.JSON(), nullable=False),
        sa.Column("placement_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_match_result_application_id")),
        sa.ForeignKeyConstraint(["opening_id"], ["opening.id"], name=op.f("fk_match_result_opening_id")),
        sa.ForeignKeyConstraint(["placement_id"], ["placement.id"], name=op.f("fk_match_result_placement_id")),
        sa.ForeignKeyConstraint(["run_id"], ["match_run.id"], name=op.f("fk_match_result_run_id")),
        sa.PrimaryKeyConstraint("run_id", "application_id", name=op.f("pk_match_result")),
    )
    with op.batch_alter_table("match_result", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_match_result_application_id"), ["application_id"], unique=False)
        batch_op.create_index("ix_match_result_opening_id", ["opening_id", "run_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_match_result_placement_id"), ["placement_id"], unique=False)

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
        "proposal_reminder",
        sa.Column("placement_id", sa.Uuid(), nullable=False),
        sa.Column("days", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placement.id"], name=op.f("fk_proposal_reminder_placement_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("placement_id", "days", name=op.f("pk_proposal_reminder")),
    )
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
        batch_op.create_index("ix_placement_by_answer", ["status", "answered_at", "id"], unique=False)
        batch_op.create_index("ix_placement_by_end", ["status", "ends_on", "id"], unique=False)
        batch_op.create_index("ix_placement_by_start", ["status", "starts_on", "id"], unique=False)
        batch_op.create_index("ix_placement_proposed_at", ["proposed_at", "id"], unique=False)
        batch_op.create_index("ix_placement_starts_on", ["starts_on", "id"], unique=False)


def downgrade() -> None:

    with op.batch_alter_table("placement", schema=None) as batch_op:
        batch_op.drop_index("ix_placement_starts_on")
        batch_op.drop_index("ix_placement_proposed_at")
        batch_op.drop_index("ix_placement_by_start")
        batch_op.drop_index("ix_placement_by_end")
        batch_op.drop_index("ix_placement_by_answer")

    with op.batch_alter_table("alumnus", schema=None) as batch_op:
        batch_op.drop_index("ix_alumnus_joined_at")
        batch_op.drop_index(batch_op.f("ix_alumnus_host_id"))
        batch_op.drop_index("ix_alumnus_home_id")
        batch_op.drop_index(batch_op.f("ix_alumnus_hidden_by"))

    op.drop_table("alumnus")
    with op.batch_alter_table("agreement_signature", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_agreement_signature_scanned_by"))
        batch_op.drop_index(batch_op.f("ix_agreement_signature_scan_id"))
        batch_op.drop_index(batch_op.f("ix_agreement_signature_person_id"))

    op.drop_table("agreement_signature")
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
    op.drop_table("proposal_reminder")
    with op.batch_alter_table("private_message", schema=None) as batch_op:
        batch_op.drop_index("ix_private_message_line")
        batch_op.drop_index(batch_op.f("ix_private_message_author_id"))

    op.drop_table("private_message")
    with op.batch_alter_table("match_result", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_match_result_placement_id"))
        batch_op.drop_index("ix_match_result_opening_id")
        batch_op.drop_index(batch_op.f("ix_match_result_application_id"))

    op.drop_table("match_result")
    op.drop_table("final_report_reminder")
    with op.batch_alter_table("final_report", schema=None) as batch_op:
        batch_op.drop_index("ix_final_report_submitted_at")
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
    op.drop_table("agreement_reminder")
    op.drop_table("agreement_guardian")
    with op.batch_alter_table("agreement", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_agreement_refused",
            sqlite_where=sa.text("refused_at IS NOT NULL"),
            postgresql_where=sa.text("refused_at IS NOT NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_agreement_made_by"))

    op.drop_table("agreement")
    op.drop_table("ranking_reminder")
    with op.batch_alter_table("ranking_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ranking_entry_changed_by"))
        batch_op.drop_index(batch_op.f("ix_ranking_entry_application_id"))

    op.drop_table("ranking_entry")
    with op.batch_alter_table("match_waiter", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_match_waiter_opening_id"))
        batch_op.drop_index(batch_op.f("ix_match_waiter_application_id"))

    op.drop_table("match_waiter")
    with op.batch_alter_table("match_vacancy", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_match_vacancy_opening_id"))

    op.drop_table("match_vacancy")
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
    with op.batch_alter_table("candidate_mark", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_candidate_mark_given_by"))
        batch_op.drop_index(batch_op.f("ix_candidate_mark_criterion_id"))
        batch_op.drop_index(batch_op.f("ix_candidate_mark_application_id"))

    op.drop_table("candidate_mark")
    with op.batch_alter_table("match_run", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_match_run_published",
            sqlite_where=sa.text("kind = 'first' AND published_at IS NOT NULL"),
            postgresql_where=sa.text("kind = 'first' AND published_at IS NOT NULL"),
        )
        batch_op.drop_index("ix_match_run_published_at")
        batch_op.drop_index(batch_op.f("ix_match_run_publication_asked_by"))
        batch_op.drop_index(batch_op.f("ix_match_run_confirmed_by"))
        batch_op.drop_index("ix_match_run_asked_for")
        batch_op.drop_index(batch_op.f("ix_match_run_asked_by"))

    op.drop_table("match_run")
