"""placements in full: what the match decides, the states of the stay, and what hosts score candidates by"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
# New columns of tables that hold rows, and what a row of before has in them (None: empty, or moved below).
ADDED: dict[str, dict[str, tuple[Any, Any]]] = {
    "application": {"outcome": (sa.String(32), None)},
    "call": {
        "blocked_pairs": (sa.JSON(), []),
        "answer_days": (sa.Integer(), 7),
        "reserve_days": (sa.Integer(), 28),
    },
    "placement": {
        "origin": (sa.String(32), "manual"),
        "origin_reason": (sa.Text(), "Proposed by the host, before there was a match."),
        "starts_on": (sa.Date(), None),
        "ends_on": (sa.Date(), None),
        "reason_code": (sa.String(32), None),
        "reminded_half_way_at": (TIME, None),
        "reminded_last_day_at": (TIME, None),
    },
}
MOVED = {"placement": ("starts_on", "ends_on")}
STAYING = "'accepted', 'agreed', 'active', 'completed', 'ended_early', 'certified'"
CHECKS = {
    "application": {"matched_once_nominated": "outcome IS NULL OR status IN ('nominated', 'withdrawn')"},
    "call": {
        "three_to_fourteen_days_to_answer": "answer_days BETWEEN 3 AND 14",
        "the_reserve_list_ends": "reserve_days BETWEEN 0 AND 180",
    },
    "placement": {
        "decided_by_the_host": f"status NOT IN ('offered', 'declined', 'lapsed', 'refused', {STAYING})"
        " OR approved_by IS NOT NULL",
        "accepted_at_an_instant": f"status NOT IN ({STAYING}) OR answered_at IS NOT NULL",
        "outside_a_match_with_a_reason": "origin != 'manual' OR origin_reason != ''",
        "ends_no_earlier_than_it_starts": "ends_on >= starts_on",
    },
}
CHECKS_BEFORE = {
    "placement": {
        "decided_by_the_host": "status NOT IN ('offered', 'accepted', 'declined', 'lapsed', 'refused')"
        " OR approved_by IS NOT NULL",
    }
}
HELD = "status IN ('proposed', 'offered', 'accepted', 'agreed', 'active', 'completed', 'ended_early', 'certified')"
HELD_BEFORE = "status IN ('proposed', 'offered', 'accepted')"
SEATS = {"uq_placement_seat": ["opening_id", "seat"], "uq_placement_held": ["application_id"]}


def upgrade() -> None:
    _create_criteria()
    for table, columns in ADDED.items():
        for name, (kind, _given) in columns.items():
            op.add_column(table, sa.Column(name, kind, nullable=True))
        _fill(table)
    _date_placements()
    _drop_seats()
    for table, columns in ADDED.items():
        with _altered(table, gone=CHECKS_BEFORE, made=CHECKS) as batch:
            for name, (kind, given) in columns.items():
                if given is not None or name in MOVED.get(table, ()):
                    batch.alter_column(name, existing_type=kind, nullable=False)
    _create_seats(HELD)


def downgrade() -> None:
    placement = sa.table("placement", sa.column("status", sa.String()))
    began = placement.c.status.in_(["agreed", "active", "completed", "ended_early", "certified"])
    op.execute(sa.update(placement).where(began).values(status="accepted"))
    _drop_seats()
    for table in reversed(ADDED):
        with _altered(table, gone=CHECKS, made=CHECKS_BEFORE) as batch:
            for name in ADDED[table]:
                batch.drop_column(name)
    _create_seats(HELD_BEFORE)
    op.drop_table("host_criterion")


def _create_criteria() -> None:
    op.create_table(
        "host_criterion",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("marked_at", TIME, nullable=True),
        sa.CheckConstraint("weight BETWEEN 1 AND 100", name=op.f("ck_host_criterion_weight_is_a_share")),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_host_criterion_call_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_host_criterion")),
    )
    op.create_index("ix_host_criterion_call_id", "host_criterion", ["call_id", "position"])


def _fill(table: str) -> None:
    given = {name: value for name, (_kind, value) in ADDED[table].items() if value is not None}
    if given:
        described = sa.table(table, *(sa.column(name, ADDED[table][name][0]) for name in given))
        op.execute(sa.update(described).values(given))


def _date_placements() -> None:
    """A placement has the days of its opening."""
    placement, opening = (
        sa.table(name, sa.column(key, sa.Uuid()), *(sa.column(day, sa.Date()) for day in MOVED["placement"]))
        for name, key in (("placement", "opening_id"), ("opening", "id"))
    )
    for name in MOVED["placement"]:
        of_opening = sa.select(opening.c[name]).where(opening.c.id == placement.c.opening_id)
        op.execute(sa.update(placement).values({name: of_opening.scalar_subquery()}))


def _drop_seats() -> None:
    for name in SEATS:
        op.drop_index(name, "placement")


def _create_seats(held: str) -> None:
    """A seat is given once, and nobody holds two, among the placements that hold a place."""
    for name, columns in SEATS.items():
        holds = sa.text(held)
        op.create_index(name, "placement", columns, unique=True, sqlite_where=holds, postgresql_where=holds)


@contextmanager
def _altered(table: str, *, gone: dict[str, Any], made: dict[str, Any]) -> Iterator[Any]:
    """SQLite makes the table anew, once for all that changes in it."""
    with op.batch_alter_table(table) as batch:
        for name in gone.get(table, {}):
            batch.drop_constraint(op.f(f"ck_{table}_{name}"), type_="check")
        yield batch
        for name, text in made.get(table, {}).items():
            batch.create_check_constraint(op.f(f"ck_{table}_{name}"), text)
