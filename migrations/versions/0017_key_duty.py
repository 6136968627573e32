"""who has the key duty, and what was counted when it changed hands"""

import sqlalchemy as sa
from alembic import op

from ontmoet.db import types

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    now_so = "until is null"
    op.create_table(
        "key_duty",
        sa.Column("id", number, nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("room_id", number, nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("from_id", number, nullable=True),
        sa.Column("to_id", number, nullable=True),
        sa.Column("at", types.Instant(), nullable=False),
        sa.Column("until", types.Instant(), nullable=True),
        sa.Column("recorded_by_id", number, nullable=True),
        sa.Column("is_one_sided", types.Flag(), nullable=False),
        sa.Column("objected_at", types.Instant(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint("length(note) <= 200", name=op.f("ck_key_duty_note_short")),
        sa.CheckConstraint("step in ('start', 'hand_over', 'stop')", name=op.f("ck_key_duty_step_known")),
        sa.CheckConstraint("until is null or until >= at", name=op.f("ck_key_duty_until_after_at")),
        sa.CheckConstraint(
            "(step <> 'start' or from_id is null) and (step <> 'stop' or to_id is null)",
            name=op.f("ck_key_duty_whose"),
        ),
        sa.ForeignKeyConstraint(["from_id"], ["person.id"], name=op.f("fk_key_duty_from_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["person.id"], name=op.f("fk_key_duty_recorded_by_id")),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name=op.f("fk_key_duty_room_id")),
        sa.ForeignKeyConstraint(["to_id"], ["person.id"], name=op.f("fk_key_duty_to_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_key_duty")),
        sa.UniqueConstraint("public_id", name=op.f("uq_key_duty_public_id")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_key_duty_room_id_at"), "key_duty", ["room_id", "at"])
    op.create_index(
        "ux_key_duty_now",
        "key_duty",
        ["room_id"],
        unique=True,
        sqlite_where=sa.text(now_so),
        postgresql_where=sa.text(now_so),
    )

    op.create_table(
        "duty_count",
        sa.Column("id", number, nullable=False),
        sa.Column("duty_id", number, nullable=False),
        sa.Column("key_id", number, nullable=False),
        sa.Column("expected", number, nullable=False),
        sa.Column("counted", number, nullable=False),
        sa.CheckConstraint("expected >= 0 and counted >= 0", name=op.f("ck_duty_count_not_negative")),
        sa.ForeignKeyConstraint(["duty_id"], ["key_duty.id"], name=op.f("fk_duty_count_duty_id")),
        sa.ForeignKeyConstraint(["key_id"], ["key.id"], name=op.f("fk_duty_count_key_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_count")),
        sa.UniqueConstraint("duty_id", "key_id", name=op.f("uq_duty_count_duty_id_key_id")),
        sqlite_strict=True,
    )
