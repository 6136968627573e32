"""tables of keys, their copies, and who holds them"""

import sqlalchemy as sa
from alembic import op

from ontmoet.db import types

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    named = "person_id is not null or recorded_by_id is not null or holder_name <> '' or note <> ''"
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "key",
        sa.Column("id", number, nullable=False),
        sa.Column("room_id", number, nullable=False),
        sa.Column("opens", sa.Text(), nullable=False),
        sa.Column("made_at", types.Instant(), nullable=False),
        sa.CheckConstraint("length(opens) <= 80", name=op.f("ck_key_opens_short")),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name=op.f("fk_key_room_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_key")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_key_room_id"), "key", ["room_id"])

    op.create_table(
        "key_copy",
        sa.Column("id", number, nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("key_id", number, nullable=False),
        sa.Column("room_id", number, nullable=False),
        sa.Column("number", number, nullable=False),
        sa.Column("tag_edition", number, nullable=False),
        sa.Column("made_at", types.Instant(), nullable=False),
        sa.Column("retired_at", types.Instant(), nullable=True),
        sa.CheckConstraint("number > 0", name=op.f("ck_key_copy_number_positive")),
        sa.CheckConstraint("tag_edition > 0", name=op.f("ck_key_copy_tag_edition_positive")),
        sa.ForeignKeyConstraint(["key_id"], ["key.id"], name=op.f("fk_key_copy_key_id")),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name=op.f("fk_key_copy_room_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_key_copy")),
        sa.UniqueConstraint("public_id", name=op.f("uq_key_copy_public_id")),
        sa.UniqueConstraint("room_id", "number", name=op.f("uq_key_copy_room_id_number")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_key_copy_key_id"), "key_copy", ["key_id"])

    op.create_table(
        "custody",
        sa.Column("id", number, nullable=False),
        sa.Column("copy_id", number, nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("person_id", number, nullable=True),
        sa.Column("organisation_id", number, nullable=True),
        sa.Column("holder_name", sa.Text(), nullable=False),
        sa.Column("booking_id", number, nullable=True),
        sa.Column("since", types.Instant(), nullable=False),
        sa.Column("until", types.Instant(), nullable=True),
        sa.Column("due_at", types.Instant(), nullable=True),
        sa.Column("recorded_by_id", number, nullable=True),
        sa.Column("is_one_sided", types.Flag(), nullable=False),
        sa.Column("objected_at", types.Instant(), nullable=True),
        sa.Column("condition", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(person_id is null or holder = 'person')"
            " and (organisation_id is not null) = (holder = 'organisation')"
            " and (holder_name = '' or holder = 'other')"
            " and (until is not null or holder <> 'person' or person_id is not null)"
            " and (until is not null or holder <> 'other' or holder_name <> '')",
            name=op.f("ck_custody_one_holder"),
        ),
        sa.CheckConstraint(
            "condition in ('good', 'note', 'unseen')", name=op.f("ck_custody_condition_known")
        ),
        sa.CheckConstraint(
            "holder in ('cabinet', 'person', 'organisation', 'other', 'lost')",
            name=op.f("ck_custody_holder_known"),
        ),
        sa.CheckConstraint(
            "holder not in ('cabinet', 'lost') or (due_at is null and booking_id is null)",
            name=op.f("ck_custody_due_when_out"),
        ),
        sa.CheckConstraint("length(holder_name) <= 80", name=op.f("ck_custody_holder_name_short")),
        sa.CheckConstraint("length(note) <= 200", name=op.f("ck_custody_note_short")),
        sa.CheckConstraint(
            "until is not null or condition is null", name=op.f("ck_custody_condition_at_the_end")
        ),
        sa.CheckConstraint("until is null or until >= since", name=op.f("ck_custody_until_after_since")),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_custody_booking_id")),
        sa.ForeignKeyConstraint(["copy_id"], ["key_copy.id"], name=op.f("fk_custody_copy_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_custody_organisation_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_custody_person_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["person.id"], name=op.f("fk_custody_recorded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_custody")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_custody_booking_id"), "custody", ["booking_id"])
    op.create_index(op.f("ix_custody_copy_id_since"), "custody", ["copy_id", "since"])
    op.create_index(
        "ix_custody_due",
        "custody",
        ["due_at"],
        sqlite_where=sa.text("until is null and due_at is not null"),
        postgresql_where=sa.text("until is null and due_at is not null"),
    )
    op.create_index(
        "ix_custody_held",
        "custody",
        ["person_id"],
        sqlite_where=sa.text("until is null"),
        postgresql_where=sa.text("until is null"),
    )
    op.create_index(
        "ix_custody_named", "custody", ["until"], sqlite_where=sa.text(named), postgresql_where=sa.text(named)
    )
    op.create_index(
        "ux_custody_now",
        "custody",
        ["copy_id"],
        unique=True,
        sqlite_where=sa.text("until is null"),
        postgresql_where=sa.text("until is null"),
    )
