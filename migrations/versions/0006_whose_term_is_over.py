"""bookings that still have to lose their person, or their pseudonym, are found by an index"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name, which in (
        ("ix_booking_named", "person_id is not null"),
        ("ix_booking_pseudonymous", "person_id is null and organiser_pseudonym is not null"),
    ):
        op.create_index(
            name, "booking", ["ends_at"], sqlite_where=sa.text(which), postgresql_where=sa.text(which)
        )
