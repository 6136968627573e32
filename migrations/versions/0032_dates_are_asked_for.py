"""since when a series wants each of its dates"""

import sqlalchemy as sa
from alembic import op

from ontmoet.db import types

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("series_date", schema=None) as batch_op:
        batch_op.add_column(sa.Column("asked_at", types.Instant(), nullable=True))
    series = sa.table("series", sa.column("id"), sa.column("made_at", types.Instant()))
    date = sa.table("series_date", sa.column("series_id"), sa.column("asked_at", types.Instant()))
    # Until now a date counted as asked for when its series was made.
    made = sa.select(series.c.made_at).where(series.c.id == date.c.series_id).scalar_subquery()
    op.execute(sa.update(date).values(asked_at=made))
    with op.batch_alter_table("series_date", schema=None) as batch_op:
        batch_op.alter_column("asked_at", existing_type=types.Instant(), nullable=False)


def downgrade() -> None:
    op.drop_column("series_date", "asked_at")
