"""how people hear from us, who tells them by hand, and ways back in"""

import sqlalchemy as sa
from alembic import op

from ontmoet.db import types

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
STATUSES = "'waiting', 'sent', 'by_hand', 'told', 'not_needed', 'failed'"


def upgrade() -> None:
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.add_column(sa.Column("room_id", NUMBER, nullable=True))
        batch_op.add_column(sa.Column("useful_until", types.Instant(), nullable=True))
        batch_op.drop_constraint(batch_op.f("ck_message_status_known"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_message_status_known"), f"status in ({STATUSES})")
        batch_op.create_index(batch_op.f("ix_message_room_id_status"), ["room_id", "status"])
    op.create_table(
        "telling",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("message_id", NUMBER, nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("by_id", NUMBER, nullable=False),
        sa.Column("at", types.Instant(), nullable=False),
        sa.CheckConstraint("outcome in ('told', 'not_reached')", name=op.f("ck_telling_outcome_known")),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_telling_message_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_telling")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_telling_message_id"), "telling", ["message_id"])
    op.create_index(op.f("ix_telling_at"), "telling", ["at"])
    op.create_table(
        "hearing",
        sa.Column("person_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("quiet_from", NUMBER, nullable=False),
        sa.Column("quiet_until", NUMBER, nullable=False),
        sa.Column("refused_digest", sa.Text(), nullable=True),
        sa.Column("refused_at", types.Instant(), nullable=True),
        sa.CheckConstraint(
            "quiet_from >= 0 and quiet_from < 1440", name=op.f("ck_hearing_quiet_from_in_a_day")
        ),
        sa.CheckConstraint(
            "quiet_until >= 0 and quiet_until < 1440", name=op.f("ck_hearing_quiet_until_in_a_day")
        ),
        sa.CheckConstraint(
            "(refused_digest is null) = (refused_at is null)", name=op.f("ck_hearing_refused_at_some_time")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_hearing_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_hearing")),
        sqlite_strict=True,
    )
    op.create_table(
        "opt_in",
        sa.Column("person_id", NUMBER, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_opt_in_person_id")),
        sa.PrimaryKeyConstraint("person_id", "kind", name=op.f("pk_opt_in")),
        sqlite_strict=True,
    )
    op.create_table(
        "sign_in_link",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("person_id", NUMBER, nullable=True),
        sa.Column("device_hash", sa.Text(), nullable=False),
        sa.Column("asked_at", types.Instant(), nullable=False),
        sa.Column("expires_at", types.Instant(), nullable=False),
        sa.Column("tries", NUMBER, nullable=False),
        sa.Column("used_at", types.Instant(), nullable=True),
        sa.CheckConstraint("tries >= 0", name=op.f("ck_sign_in_link_tries_not_negative")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sign_in_link_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_link")),
        sa.UniqueConstraint("public_id", name=op.f("uq_sign_in_link_public_id")),
        sqlite_strict=True,
    )
    for column in ("device_hash", "person_id", "expires_at"):
        op.create_index(op.f(f"ix_sign_in_link_{column}"), "sign_in_link", [column])
    op.create_table(
        "slip",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("person_id", NUMBER, nullable=False),
        sa.Column("room_id", NUMBER, nullable=False),
        sa.Column("made_by_id", NUMBER, nullable=False),
        sa.Column("code_digest", sa.Text(), nullable=False),
        sa.Column("made_at", types.Instant(), nullable=False),
        sa.Column("expires_at", types.Instant(), nullable=False),
        sa.Column("used_at", types.Instant(), nullable=True),
        sa.CheckConstraint("person_id <> made_by_id", name=op.f("ck_slip_made_by_another")),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_slip_made_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_slip_person_id")),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name=op.f("fk_slip_room_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slip")),
        sa.UniqueConstraint("code_digest", name=op.f("uq_slip_code_digest")),
        sqlite_strict=True,
    )
    for column in ("person_id", "expires_at"):
        op.create_index(op.f(f"ix_slip_{column}"), "slip", [column])
