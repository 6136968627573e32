"""table of works that are announced

Closures and what they hold were there before.
"""

import sqlalchemy as sa
from alembic import op

from ontmoet.db import types

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "works",
        sa.Column("id", number, nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("room_id", number, nullable=False),
        sa.Column("starts_at", types.Instant(), nullable=False),
        sa.Column("ends_at", types.Instant(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("version", number, nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_works_ends_after_starts")),
        sa.CheckConstraint("length(what) <= 80", name=op.f("ck_works_what_short")),
        sa.CheckConstraint("length(who) <= 80", name=op.f("ck_works_who_short")),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name=op.f("fk_works_room_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_works")),
        sa.UniqueConstraint("public_id", name=op.f("uq_works_public_id")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_works_ends_at"), "works", ["ends_at"])
    op.create_index(op.f("ix_works_room_id_starts_at"), "works", ["room_id", "starts_at"])


def downgrade() -> None:
    op.drop_table("works")
