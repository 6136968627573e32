"""rooms are arranged by their own people: what is in them, in an emergency, earlier names, what ended"""

import sqlalchemy as sa
from alembic import op

from ontmoet.db import types
from ontmoet.kernel.tokens import new_public_id

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

TEXTS = {"facilities": 200, "emergency_door": 400, "emergency_water": 400, "emergency_power": 400}


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    with op.batch_alter_table("complex") as batch_op:
        batch_op.add_column(sa.Column("public_id", sa.Text(), nullable=True))
    connection = op.get_bind()
    for (complex_id,) in connection.execute(sa.text("select id from complex")).all():
        connection.execute(
            sa.text("update complex set public_id = :public_id where id = :id"),
            {"public_id": new_public_id(), "id": complex_id},
        )
    with op.batch_alter_table("complex") as batch_op:
        batch_op.alter_column("public_id", existing_type=sa.Text(), nullable=False)
        batch_op.create_unique_constraint(batch_op.f("uq_complex_public_id"), ["public_id"])

    with op.batch_alter_table("home") as batch_op:
        batch_op.add_column(sa.Column("ended_at", types.Instant(), nullable=True))
        batch_op.add_column(sa.Column("end_reason", sa.Text(), nullable=True))
        batch_op.create_check_constraint(
            batch_op.f("ck_home_end_has_reason"), "(ended_at is null) = (end_reason is null)"
        )
        batch_op.create_check_constraint(batch_op.f("ck_home_end_reason_short"), "length(end_reason) <= 80")

    with op.batch_alter_table("zone") as batch_op:
        batch_op.add_column(sa.Column("ended_at", types.Instant(), nullable=True))

    with op.batch_alter_table("room") as batch_op:
        for column in TEXTS:
            batch_op.add_column(sa.Column(column, sa.Text(), nullable=True))
    op.execute(
        "update room set facilities = '', emergency_door = '', emergency_water = '', emergency_power = ''"
    )
    with op.batch_alter_table("room") as batch_op:
        for column, longest in TEXTS.items():
            batch_op.alter_column(column, existing_type=sa.Text(), nullable=False)
            batch_op.create_check_constraint(
                batch_op.f(f"ck_room_{column}_short"), f"length({column}) <= {longest}"
            )
        batch_op.alter_column("typology", existing_type=sa.Text(), nullable=True)
        batch_op.alter_column("area_m2", existing_type=number, nullable=True)
        batch_op.create_check_constraint(batch_op.f("ck_room_area_positive"), "area_m2 > 0")
        batch_op.create_check_constraint(
            batch_op.f("ck_room_live_is_complete"),
            "live_at is null or"
            " (typology is not null and area_m2 is not null and address <> '' and town <> '')",
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_room_closed_was_live"), "closed_at is null or live_at is not null"
        )

    op.create_table(
        "old_slug",
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("room_id", number, nullable=False),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name=op.f("fk_old_slug_room_id")),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_old_slug")),
        sqlite_strict=True,
    )
    # The guards went with the tables that were rebuilt; env.py puts them back.
