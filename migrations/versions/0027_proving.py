"""tables of what people prove with who they are, and what is seen of a device"""

import sqlalchemy as sa
from alembic import op

from ontmoet.db import types

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.add_column("session", sa.Column("device_name", sa.Text(), nullable=True))
    op.add_column("session", sa.Column("used_at", types.Instant(), nullable=True))
    op.add_column("session", sa.Column("proven_at", types.Instant(), nullable=True))
    op.create_table(
        "passkey",
        sa.Column("id", number, nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("person_id", number, nullable=False),
        sa.Column("credential_id", sa.Text(), nullable=False),
        sa.Column("public_key", sa.Text(), nullable=False),
        sa.Column("sign_count", number, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("added_at", types.Instant(), nullable=False),
        sa.Column("used_at", types.Instant(), nullable=True),
        sa.CheckConstraint("length(name) <= 60", name=op.f("ck_passkey_name_short")),
        sa.CheckConstraint("sign_count >= 0", name=op.f("ck_passkey_sign_count_not_negative")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_passkey_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkey_credential_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_passkey_public_id")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_passkey_person_id"), "passkey", ["person_id"])
    op.create_table(
        "code_app",
        sa.Column("person_id", number, autoincrement=False, nullable=False),
        sa.Column("seal_id", sa.Text(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("last_step", number, nullable=False),
        sa.Column("added_at", types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_code_app_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_code_app")),
        sa.UniqueConstraint("seal_id", name=op.f("uq_code_app_seal_id")),
        sqlite_strict=True,
    )
    op.create_table(
        "spare_code",
        sa.Column("id", number, nullable=False),
        sa.Column("person_id", number, nullable=False),
        sa.Column("code_digest", sa.Text(), nullable=False),
        sa.Column("made_at", types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_spare_code_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spare_code")),
        sa.UniqueConstraint("code_digest", name=op.f("uq_spare_code_code_digest")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_spare_code_person_id"), "spare_code", ["person_id"])
    op.create_table(
        "work_account",
        sa.Column("person_id", number, autoincrement=False, nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("added_at", types.Instant(), nullable=False),
        sa.Column("used_at", types.Instant(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_work_account_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_work_account")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_work_account_issuer_subject")),
        sqlite_strict=True,
    )
    op.create_table(
        "spent_proof",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("valid_until", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_spent_proof")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_spent_proof_valid_until"), "spent_proof", ["valid_until"])


def downgrade() -> None:
    for table in ("spent_proof", "work_account", "spare_code", "code_app", "passkey"):
        op.drop_table(table)
    for column in ("proven_at", "used_at", "device_name"):
        op.drop_column("session", column)
