"""what shows that a booking was used, and how the room was left"""

import sqlalchemy as sa
from alembic import op

from ontmoet.db import types

revision = "0017"
down_revision = "0014"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KINDS = "'check_in', 'headcount', 'key', 'closing', 'strip', 'answer'"


def upgrade() -> None:
    op.create_table(
        "use_trace",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("booking_id", NUMBER, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", types.Instant(), nullable=False),
        sa.Column("recorded_by_id", NUMBER, nullable=True),
        sa.Column("was_there", types.Flag(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint(f"kind in ({KINDS})", name=op.f("ck_use_trace_kind_known")),
        sa.CheckConstraint(
            "(kind = 'answer') = (was_there is not null)", name=op.f("ck_use_trace_answer_says_so")
        ),
        sa.CheckConstraint(
            "kind = 'closing' or note = ''", name=op.f("ck_use_trace_only_closing_has_a_note")
        ),
        sa.CheckConstraint("length(note) <= 200", name=op.f("ck_use_trace_note_short")),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_use_trace_booking_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["person.id"], name=op.f("fk_use_trace_recorded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_use_trace")),
        sa.UniqueConstraint("booking_id", "kind", name=op.f("uq_use_trace_booking_id_kind")),
        sqlite_strict=True,
    )
    op.create_index(
        op.f("ix_use_trace_recorded_by_id"),
        "use_trace",
        ["recorded_by_id"],
        sqlite_where=sa.text("recorded_by_id is not null"),
        postgresql_where=sa.text("recorded_by_id is not null"),
    )
    op.create_table(
        "closing_list",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("use_trace_id", NUMBER, nullable=False),
        sa.Column("tidied", types.Flag(), nullable=False),
        sa.Column("dishes", types.Flag(), nullable=False),
        sa.Column("lights", types.Flag(), nullable=False),
        sa.Column("windows", types.Flag(), nullable=False),
        sa.Column("key", types.Flag(), nullable=False),
        sa.Column("photo", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["use_trace_id"], ["use_trace.id"], name=op.f("fk_closing_list_use_trace_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closing_list")),
        sa.UniqueConstraint("use_trace_id", name=op.f("uq_closing_list_use_trace_id")),
        sqlite_strict=True,
    )
    op.create_index(
        "ux_closing_list_photo",
        "closing_list",
        ["photo"],
        unique=True,
        sqlite_where=sa.text("photo is not null"),
        postgresql_where=sa.text("photo is not null"),
    )
