"""how often somebody wanted to come and the room was not open"""

import sqlalchemy as sa
from alembic import op

from ontmoet.db import types

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "missed_hour",
        sa.Column("id", number, nullable=False),
        sa.Column("room_id", number, nullable=False),
        sa.Column("month", types.LocalDate(), nullable=False),
        sa.Column("weekday", number, nullable=False),
        sa.Column("hour", number, nullable=False),
        sa.Column("times", number, nullable=False),
        sa.CheckConstraint("weekday between 0 and 6", name=op.f("ck_missed_hour_weekday_known")),
        sa.CheckConstraint("hour between 0 and 23", name=op.f("ck_missed_hour_hour_in_day")),
        sa.CheckConstraint("times > 0", name=op.f("ck_missed_hour_times_positive")),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name=op.f("fk_missed_hour_room_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_missed_hour")),
        sa.UniqueConstraint(
            "room_id", "month", "weekday", "hour", name=op.f("uq_missed_hour_room_id_month_weekday_hour")
        ),
        sqlite_strict=True,
    )
