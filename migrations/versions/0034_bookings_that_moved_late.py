"""when a booking was moved too late to be free"""

import sqlalchemy as sa
from alembic import op

from ontmoet.db import types

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("booking", schema=None) as batch_op:
        batch_op.add_column(sa.Column("moved_late_at", types.Instant(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("booking", schema=None) as batch_op:
        batch_op.drop_column("moved_late_at")
