"""messages that are done"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_message_done",
        "message",
        ["due_at"],
        sqlite_where=sa.text("status <> 'waiting'"),
        postgresql_where=sa.text("status <> 'waiting'"),
    )
