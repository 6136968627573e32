"""a room counts the changes of its agenda"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    with op.batch_alter_table("room", schema=None) as batch_op:
        batch_op.add_column(sa.Column("agenda_version", number, server_default="1", nullable=False))
    # The default was for the rooms that were there.
    with op.batch_alter_table("room", schema=None) as batch_op:
        batch_op.alter_column("agenda_version", server_default=None)
