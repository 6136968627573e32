"""tables of code boxes, who saw which code, and lockers"""

import sqlalchemy as sa
from alembic import op

from ontmoet.db import types

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    valid, seen_by, in_use = "valid_until is null", "person_id is not null", "until is null"
    op.create_table(
        "code_box",
        sa.Column("id", number, nullable=False),
        sa.Column("room_id", number, nullable=False),
        sa.Column("hangs", sa.Text(), nullable=False),
        sa.Column("made_at", types.Instant(), nullable=False),
        sa.CheckConstraint("length(hangs) <= 80", name=op.f("ck_code_box_hangs_short")),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name=op.f("fk_code_box_room_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_code_box")),
        sa.UniqueConstraint("room_id", name=op.f("uq_code_box_room_id")),
        sqlite_strict=True,
    )

    op.create_table(
        "box_code",
        sa.Column("id", number, nullable=False),
        sa.Column("box_id", number, nullable=False),
        sa.Column("sealed", sa.Text(), nullable=True),
        sa.Column("valid_from", types.Instant(), nullable=False),
        sa.Column("valid_until", types.Instant(), nullable=True),
        sa.Column("set_by_id", number, nullable=True),
        sa.CheckConstraint(
            "(valid_until is null) = (sealed is not null)", name=op.f("ck_box_code_sealed_while_valid")
        ),
        sa.CheckConstraint(
            "valid_until is null or valid_until >= valid_from", name=op.f("ck_box_code_until_after_from")
        ),
        sa.ForeignKeyConstraint(["box_id"], ["code_box.id"], name=op.f("fk_box_code_box_id")),
        sa.ForeignKeyConstraint(["set_by_id"], ["person.id"], name=op.f("fk_box_code_set_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_box_code")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_box_code_box_id"), "box_code", ["box_id"])
    op.create_index(
        "ux_box_code_valid",
        "box_code",
        ["box_id"],
        unique=True,
        sqlite_where=sa.text(valid),
        postgresql_where=sa.text(valid),
    )

    op.create_table(
        "box_view",
        sa.Column("id", number, nullable=False),
        sa.Column("code_id", number, nullable=False),
        sa.Column("person_id", number, nullable=True),
        sa.Column("booking_id", number, nullable=True),
        sa.Column("at", types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_box_view_booking_id")),
        sa.ForeignKeyConstraint(["code_id"], ["box_code.id"], name=op.f("fk_box_view_code_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_box_view_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_box_view")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_box_view_booking_id"), "box_view", ["booking_id"])
    op.create_index(op.f("ix_box_view_code_id_person_id"), "box_view", ["code_id", "person_id"])
    op.create_index(
        "ix_box_view_named",
        "box_view",
        ["at"],
        sqlite_where=sa.text(seen_by),
        postgresql_where=sa.text(seen_by),
    )
    op.create_index(
        "ix_box_view_seen_by",
        "box_view",
        ["person_id"],
        sqlite_where=sa.text(seen_by),
        postgresql_where=sa.text(seen_by),
    )

    op.create_table(
        "locker",
        sa.Column("id", number, nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("room_id", number, nullable=False),
        sa.Column("number", number, nullable=False),
        sa.Column("group_name", sa.Text(), nullable=False),
        sa.Column("copy_id", number, nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("since", types.LocalDate(), nullable=False),
        sa.Column("until", types.LocalDate(), nullable=True),
        sa.CheckConstraint("length(group_name) <= 80", name=op.f("ck_locker_group_name_short")),
        sa.CheckConstraint("length(note) <= 200", name=op.f("ck_locker_note_short")),
        sa.CheckConstraint("number > 0", name=op.f("ck_locker_number_positive")),
        sa.CheckConstraint("until is null or until >= since", name=op.f("ck_locker_until_after_since")),
        sa.ForeignKeyConstraint(["copy_id"], ["key_copy.id"], name=op.f("fk_locker_copy_id")),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name=op.f("fk_locker_room_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_locker")),
        sa.UniqueConstraint("public_id", name=op.f("uq_locker_public_id")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_locker_copy_id"), "locker", ["copy_id"])
    op.create_index(
        "ux_locker_in_use",
        "locker",
        ["room_id", "number"],
        unique=True,
        sqlite_where=sa.text(in_use),
        postgresql_where=sa.text(in_use),
    )
