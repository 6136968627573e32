"""who waits for a time that is taken, to whom it is offered when it comes free, and how often it was taken"""

import sqlalchemy as sa
from alembic import op

from ontmoet.db import types

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

STATUSES = "status in ('waiting', 'offered', 'requested', 'confirmed', 'declined', 'cancelled', 'lapsed')"
LAPSES = "(status in ('waiting', 'offered', 'requested')) = (lapses_at is not null)"
REASONS = (
    "reason in ('plans_changed', 'clash', 'size', 'facility', 'access', 'hours', 'no_host', 'too_few', 'rules',"
    " 'money', 'defect', 'transport', 'closed', 'no_answer', 'not_taken', 'fair_use', 'alcohol', 'other')"
)
WITH_END = sa.text("lapses_at is not null")


def upgrade() -> None:
    op.drop_index("ix_booking_lapses", table_name="booking")
    with op.batch_alter_table("booking", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_booking_status_known"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_booking_status_known"), STATUSES)
        batch_op.drop_constraint(batch_op.f("ck_booking_reason_known"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_booking_reason_known"), REASONS)
        batch_op.drop_constraint(batch_op.f("ck_booking_request_lapses"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_booking_request_lapses"), LAPSES)
    op.create_index(
        "ix_booking_lapses",
        "booking",
        ["lapses_at"],
        sqlite_where=WITH_END,
        postgresql_where=WITH_END,
    )
    with op.batch_alter_table("missed_hour", schema=None) as batch_op:
        # Until now only what was shut was counted.
        batch_op.add_column(sa.Column("was_taken", types.Flag(), nullable=True))
    op.execute(
        sa.update(sa.table("missed_hour", sa.column("was_taken", types.Flag()))).values(was_taken=False)
    )
    with op.batch_alter_table("missed_hour", schema=None) as batch_op:
        batch_op.alter_column("was_taken", existing_type=types.Flag(), nullable=False)
        batch_op.drop_constraint(batch_op.f("uq_missed_hour_room_id_month_weekday_hour"), type_="unique")
        batch_op.create_unique_constraint(
            batch_op.f("uq_missed_hour_room_id_month_weekday_hour_was_taken"),
            ["room_id", "month", "weekday", "hour", "was_taken"],
        )
    # The guards on booking went with the table that was rebuilt; env.py puts them back.
