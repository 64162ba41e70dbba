"""what the database itself refuses: changes to history, and identity to a judge"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

READABLE = {
    "edition": ("id", "slug", "titles", "texts", "zone", "status", "due_at", "judging_due_at"),
    "theme": ("id", "edition_id", "position", "names"),
    "category": ("id", "edition_id", "names", "age_from", "age_to"),
    "criterion": ("id", "edition_id", "position", "names", "anchors", "weight"),
    "essay": ("id", "edition_id", "category_id", "theme_id", "language", "title", "text", "status"),
    "judge": ("id", "edition_id", "person_id", "languages"),
    "appointment": ("id", "essay_id", "judge_id", "alias", "locked_at", "comment"),
    "mark": ("id", "appointment_id", "criterion_id", "points"),
}
MAKE_ROLE = """
DO $$ BEGIN
    CREATE ROLE portal_judge NOLOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$
"""


def upgrade() -> None:
    op.execute("INSERT INTO history_head (id, number, digest) VALUES (1, 0, '')")
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER history_no_{verb.lower()} BEFORE {verb} ON history "
                "BEGIN SELECT RAISE(ABORT, 'history is only ever added to'); END"
            )
    else:
        _guard_postgresql()


def _guard_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION history_is_added_to() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'history is only ever added to'; END $$"
    )
    op.execute(
        "CREATE TRIGGER history_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON history "
        "FOR EACH STATEMENT EXECUTE FUNCTION history_is_added_to()"
    )
    # Roles belong to the whole cluster: another database of it may have made this one already.
    op.execute(MAKE_ROLE)
    op.execute("GRANT portal_judge TO CURRENT_USER")
    for table, columns in READABLE.items():
        op.execute(f"GRANT SELECT ({', '.join(columns)}) ON {table} TO portal_judge")
    op.execute("GRANT UPDATE (locked_at, comment) ON appointment TO portal_judge")
    op.execute("GRANT INSERT, DELETE, UPDATE (points) ON mark TO portal_judge")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER history_no_update")
        op.execute("DROP TRIGGER history_no_delete")
    else:
        op.execute("DROP TRIGGER history_no_change ON history")
        op.execute("DROP FUNCTION history_is_added_to()")
        # The role stays: other databases of the cluster may use it. Its grants here go with the tables.
        op.execute("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM portal_judge")
    op.execute(sa.text("DELETE FROM history_head"))
