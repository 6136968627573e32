"""table of how many people came"""

import sqlalchemy as sa
from alembic import op

from ontmoet.db import types

revision = "0024"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "attendance",
        sa.Column("id", number, nullable=False),
        sa.Column("room_id", number, nullable=False),
        sa.Column("day", types.LocalDate(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("booking_id", number, nullable=True),
        sa.Column("people", number, nullable=False),
        sa.Column("entered_by_id", number, nullable=True),
        sa.Column("entered_at", types.Instant(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'booking') = (booking_id is not null)", name=op.f("ck_attendance_booking_of_its_kind")
        ),
        sa.CheckConstraint("kind in ('booking', 'walk_in')", name=op.f("ck_attendance_kind_known")),
        sa.CheckConstraint("people between 0 and 2000", name=op.f("ck_attendance_people_believable")),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_attendance_booking_id")),
        sa.ForeignKeyConstraint(["entered_by_id"], ["person.id"], name=op.f("fk_attendance_entered_by_id")),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name=op.f("fk_attendance_room_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance")),
        sa.UniqueConstraint("booking_id", name=op.f("uq_attendance_booking_id")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_attendance_room_id_day"), "attendance", ["room_id", "day"])
    op.create_index(
        "ux_attendance_walk_in",
        "attendance",
        ["room_id", "day"],
        unique=True,
        sqlite_where=sa.text("booking_id is null"),
        postgresql_where=sa.text("booking_id is null"),
    )
    op.create_index(
        "ix_attendance_entered",
        "attendance",
        ["entered_at"],
        sqlite_where=sa.text("entered_by_id is not null"),
        postgresql_where=sa.text("entered_by_id is not null"),
    )


def downgrade() -> None:
    op.drop_table("attendance")
