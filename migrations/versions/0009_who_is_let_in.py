"""organisations have an id for pages; a table for addresses outside the complex that were let in"""

import secrets

import sqlalchemy as sa
from alembic import op

from ontmoet.db import types

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("public_id", sa.Text(), nullable=True))
    organisation = sa.table("organisation", sa.column("id"), sa.column("public_id"))
    connection = op.get_bind()
    for (organisation_id,) in connection.execute(sa.select(organisation.c.id)).all():
        public_id = "".join(secrets.choice(ALPHABET) for _ in range(10))
        connection.execute(
            sa.update(organisation).where(organisation.c.id == organisation_id).values(public_id=public_id)
        )
    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.alter_column("public_id", existing_type=sa.Text(), nullable=False)
        batch_op.create_unique_constraint(batch_op.f("uq_organisation_public_id"), ["public_id"])
    op.create_table(
        "admission",
        sa.Column("id", number, nullable=False),
        sa.Column("room_id", number, nullable=False),
        sa.Column("home_id", number, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("since", types.LocalDate(), nullable=False),
        sa.Column("until", types.LocalDate(), nullable=True),
        sa.Column("admitted_by_id", number, nullable=True),
        sa.CheckConstraint("length(reason) <= 200", name=op.f("ck_admission_reason_short")),
        sa.CheckConstraint("until is null or until >= since", name=op.f("ck_admission_until_after_since")),
        sa.ForeignKeyConstraint(["admitted_by_id"], ["person.id"], name=op.f("fk_admission_admitted_by_id")),
        sa.ForeignKeyConstraint(["home_id"], ["home.id"], name=op.f("fk_admission_home_id")),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name=op.f("fk_admission_room_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_admission")),
        sqlite_strict=True,
    )
    op.create_index(
        "ux_admission_active",
        "admission",
        ["room_id", "home_id"],
        unique=True,
        sqlite_where=sa.text("until is null"),
        postgresql_where=sa.text("until is null"),
    )
