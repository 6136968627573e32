"""which bookings came from calendars of other programs"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "taken_over_event",
        sa.Column("id", number, nullable=False),
        sa.Column("booking_id", number, nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.CheckConstraint("length(mark) <= 64", name=op.f("ck_taken_over_event_mark_short")),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_taken_over_event_booking_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_taken_over_event")),
        sa.UniqueConstraint("booking_id", name=op.f("uq_taken_over_event_booking_id")),
        sa.UniqueConstraint("mark", name=op.f("uq_taken_over_event_mark")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    op.drop_table("taken_over_event")
