"""what is forgotten: the home of old bookings, who did what in the audit; a new e-mail address is proven"""

import sqlalchemy as sa
from alembic import op

from ontmoet.db import types

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

ONE_PARTY = (
    "(home_id is not null and organisation_id is null and not for_corporation)"
    " or (home_id is null and organisation_id is not null and not for_corporation)"
    " or (home_id is null and organisation_id is null and for_corporation)"
    " or (home_id is null and organisation_id is null and person_id is null)"
)
WITH_HOME = "person_id is null and home_id is not null"
WITH_IDS = "actor_id is not null or on_behalf_of_id is not null or object_id is not null"


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.add_column("person", sa.Column("traces_gone_at", types.Instant(), nullable=True))
    op.add_column("person", sa.Column("guardian_agreed_at", types.Instant(), nullable=True))
    with op.batch_alter_table("booking", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_booking_one_party"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_booking_one_party"), ONE_PARTY)
    op.create_index(
        "ix_booking_with_home",
        "booking",
        ["ends_at"],
        sqlite_where=sa.text(WITH_HOME),
        postgresql_where=sa.text(WITH_HOME),
    )
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.alter_column("object_id", existing_type=number, nullable=True)
    op.create_index(
        "ix_audit_with_ids",
        "audit",
        ["at"],
        sqlite_where=sa.text(WITH_IDS),
        postgresql_where=sa.text(WITH_IDS),
    )
    op.create_table(
        "email_change",
        sa.Column("person_id", number, nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("asked_at", types.Instant(), nullable=False),
        sa.CheckConstraint("length(address) <= 254", name=op.f("ck_email_change_address_short")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_email_change_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_email_change")),
        sqlite_strict=True,
    )
    # The guards on booking and audit went with the tables that were rebuilt; env.py puts them back.
