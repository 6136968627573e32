"""when a booking that was sure became a request again"""

import sqlalchemy as sa
from alembic import op

from ontmoet.db import types

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("booking", schema=None) as batch_op:
        batch_op.add_column(sa.Column("asked_again_at", types.Instant(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("booking", schema=None) as batch_op:
        batch_op.drop_column("asked_again_at")
