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
    with op.batch_alter_table("match_result", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_match_result_placement_id"))
        batch_op.drop_index("ix_match_result_opening_id")
        batch_op.drop_index(batch_op.f("ix_match_result_application_id"))

    op.drop_table("match_result")
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
