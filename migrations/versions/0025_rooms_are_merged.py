"""a room goes on in another one, and so do its bookings"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    with op.batch_alter_table("room") as batch_op:
        batch_op.add_column(sa.Column("merged_into_id", number, nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_room_merged_into_id"), "room", ["merged_into_id"], ["id"])
        batch_op.create_check_constraint(
            batch_op.f("ck_room_merged_is_closed"),
            "merged_into_id is null or (closed_at is not null and merged_into_id <> id)",
        )
    with op.batch_alter_table("booking") as batch_op:
        batch_op.add_column(sa.Column("came_from_id", number, nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_booking_came_from_id"), "room", ["came_from_id"], ["id"])
    # The guards went with the tables that were rebuilt; env.py puts them back.
