"""of which event of another calendar a booking is a date"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("taken_over_event", schema=None) as batch_op:
        batch_op.add_column(sa.Column("event_mark", sa.Text(), nullable=True))
        batch_op.create_check_constraint(
            batch_op.f("ck_taken_over_event_event_mark_short"), "length(event_mark) <= 64"
        )


def downgrade() -> None:
    with op.batch_alter_table("taken_over_event", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_taken_over_event_event_mark_short"), type_="check")
        batch_op.drop_column("event_mark")
