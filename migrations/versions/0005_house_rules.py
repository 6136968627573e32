"""house rules in versions, who agreed with them, and which version a booking was made under"""

import sqlalchemy as sa
from alembic import op

from ontmoet.db import types

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "rules_version",
        sa.Column("id", number, nullable=False),
        sa.Column("room_id", number, nullable=False),
        sa.Column("number", number, nullable=False),
        sa.Column("published_at", types.Instant(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("change_note", sa.Text(), nullable=False),
        sa.Column("needs_acceptance", types.Flag(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_rules_version_number_positive")),
        sa.CheckConstraint(
            "number > 1 or needs_acceptance", name=op.f("ck_rules_version_first_needs_acceptance")
        ),
        sa.CheckConstraint(
            "(number = 1) = (change_note = '')", name=op.f("ck_rules_version_later_ones_say_what_changed")
        ),
        sa.CheckConstraint("length(body) <= 5000", name=op.f("ck_rules_version_body_short")),
        sa.CheckConstraint("length(change_note) <= 400", name=op.f("ck_rules_version_change_note_short")),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name=op.f("fk_rules_version_room_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rules_version")),
        sa.UniqueConstraint("room_id", "number", name=op.f("uq_rules_version_room_id_number")),
        sqlite_strict=True,
    )
    op.create_table(
        "acceptance",
        sa.Column("id", number, nullable=False),
        sa.Column("person_id", number, nullable=False),
        sa.Column("rules_version_id", number, nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("at", types.Instant(), nullable=False),
        sa.Column("recorded_by_id", number, nullable=True),
        sa.CheckConstraint("how in ('screen', 'paper')", name=op.f("ck_acceptance_how_known")),
        sa.CheckConstraint(
            "(how = 'paper') = (recorded_by_id is not null)", name=op.f("ck_acceptance_paper_is_recorded")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_acceptance_person_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["person.id"], name=op.f("fk_acceptance_recorded_by_id")),
        sa.ForeignKeyConstraint(
            ["rules_version_id"], ["rules_version.id"], name=op.f("fk_acceptance_rules_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acceptance")),
        sa.UniqueConstraint(
            "person_id", "rules_version_id", name=op.f("uq_acceptance_person_id_rules_version_id")
        ),
        sqlite_strict=True,
    )
    with op.batch_alter_table("booking", schema=None) as batch_op:
        batch_op.add_column(sa.Column("rules_version_id", number, nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_booking_rules_version_id"), "rules_version", ["rules_version_id"], ["id"]
        )
