"""messages by status"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_message_due", "message")
    op.create_index("ix_message_status_due_at", "message", ["status", "due_at"])
