"""when a child asked for the agreement it waits for"""

import sqlalchemy as sa
from alembic import op

from ontmoet.db import types

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("person", sa.Column("guardian_asked_at", types.Instant(), nullable=True))
