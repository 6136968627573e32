"""letters with a code, and who joined a home with them"""

import sqlalchemy as sa
from alembic import op

from ontmoet.db import types

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "invitation",
        sa.Column("id", number, nullable=False),
        sa.Column("home_id", number, nullable=False),
        sa.Column("code_hash", sa.Text(), nullable=False),
        sa.Column("made_at", types.Instant(), nullable=False),
        sa.Column("made_by_id", number, nullable=False),
        sa.Column("expires_at", types.Instant(), nullable=False),
        sa.Column("uses_left", number, nullable=False),
        sa.Column("revoked_at", types.Instant(), nullable=True),
        sa.CheckConstraint("uses_left between 0 and 6", name=op.f("ck_invitation_uses_left_sane")),
        sa.ForeignKeyConstraint(["home_id"], ["home.id"], name=op.f("fk_invitation_home_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_invitation_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_invitation_code_hash")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_invitation_home_id"), "invitation", ["home_id"])
    op.create_index(op.f("ix_invitation_expires_at"), "invitation", ["expires_at"])
    op.create_index(
        "ux_invitation_current",
        "invitation",
        ["home_id"],
        unique=True,
        sqlite_where=sa.text("revoked_at is null"),
        postgresql_where=sa.text("revoked_at is null"),
    )
    op.create_table(
        "invitation_use",
        sa.Column("id", number, nullable=False),
        sa.Column("invitation_id", number, nullable=False),
        sa.Column("person_id", number, nullable=False),
        sa.Column("device_hash", sa.Text(), nullable=False),
        sa.Column("form_hash", sa.Text(), nullable=False),
        sa.Column("at", types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["invitation_id"], ["invitation.id"], name=op.f("fk_invitation_use_invitation_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_invitation_use_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation_use")),
        sa.UniqueConstraint(
            "invitation_id", "device_hash", name=op.f("uq_invitation_use_invitation_id_device_hash")
        ),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_invitation_use_person_id"), "invitation_use", ["person_id"])
