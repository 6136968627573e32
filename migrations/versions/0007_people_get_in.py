"""people have an id for pages, a phone, a channel and a guardian; a PIN for who has no e-mail"""

import secrets

import sqlalchemy as sa
from alembic import op

from ontmoet.db import types

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("public_id", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("phone", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("language", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("channel", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("guardian_id", number, nullable=True))
        batch_op.add_column(sa.Column("erased_at", types.Instant(), nullable=True))
        batch_op.add_column(sa.Column("merged_into_id", number, nullable=True))
    person = sa.table("person", sa.column("id"), sa.column("public_id"))
    connection = op.get_bind()
    for (person_id,) in connection.execute(sa.select(person.c.id)).all():
        public_id = "".join(secrets.choice(ALPHABET) for _ in range(10))
        connection.execute(sa.update(person).where(person.c.id == person_id).values(public_id=public_id))
    op.execute(
        "update person set language = 'nl', channel = case when email is null then 'call' else 'mail' end"
    )
    with op.batch_alter_table("person", schema=None) as batch_op:
        for name in ("public_id", "language", "channel"):
            batch_op.alter_column(name, existing_type=sa.Text(), nullable=False)
        batch_op.create_unique_constraint(batch_op.f("uq_person_public_id"), ["public_id"])
        batch_op.create_check_constraint(
            batch_op.f("ck_person_channel_known"), "channel in ('mail', 'call', 'print')"
        )
        batch_op.create_check_constraint(batch_op.f("ck_person_phone_short"), "length(phone) <= 30")
        batch_op.create_check_constraint(batch_op.f("ck_person_guardian_is_another"), "guardian_id <> id")
        batch_op.create_check_constraint(batch_op.f("ck_person_merged_into_another"), "merged_into_id <> id")
        batch_op.create_foreign_key(batch_op.f("fk_person_guardian_id"), "person", ["guardian_id"], ["id"])
        batch_op.create_foreign_key(
            batch_op.f("fk_person_merged_into_id"), "person", ["merged_into_id"], ["id"]
        )
    op.create_table(
        "credential",
        sa.Column("id", number, nullable=False),
        sa.Column("person_id", number, nullable=False),
        sa.Column("home_id", number, nullable=False),
        sa.Column("nickname", sa.Text(), nullable=False),
        sa.Column("pin_hash", sa.Text(), nullable=False),
        sa.CheckConstraint("length(nickname) <= 40", name=op.f("ck_credential_nickname_short")),
        sa.ForeignKeyConstraint(["home_id"], ["home.id"], name=op.f("fk_credential_home_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_credential_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credential")),
        sa.UniqueConstraint("home_id", "nickname", name=op.f("uq_credential_home_id_nickname")),
        sa.UniqueConstraint("person_id", name=op.f("uq_credential_person_id")),
        sqlite_strict=True,
    )
