"""bookings without a person that still say too much are found by an index; when a series was last looked after"""

import sqlalchemy as sa
from alembic import op

from ontmoet.db import types

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

PSEUDONYMOUS = "person_id is null and organiser_pseudonym is not null"
WITH_HOME = "person_id is null and home_id is not null"
OF_NOBODY = "person_id is null and (entered_by_id is not null or (visibility = 'closed' and purpose <> ''))"


def _index(name: str, columns: list[str], which: str) -> None:
    op.create_index(name, "booking", columns, sqlite_where=sa.text(which), postgresql_where=sa.text(which))


def upgrade() -> None:
    # By `ends_at` alone SQLite would rather read the index of all bookings of a person, of whom nobody is one.
    for name, which in (("ix_booking_pseudonymous", PSEUDONYMOUS), ("ix_booking_with_home", WITH_HOME)):
        op.drop_index(name, table_name="booking")
        _index(name, ["person_id", "ends_at"], which)
    _index("ix_booking_of_nobody", ["person_id", "ends_at"], OF_NOBODY)
    op.add_column("series", sa.Column("looked_at", types.Instant(), nullable=True))


def downgrade() -> None:
    op.drop_column("series", "looked_at")
    op.drop_index("ix_booking_of_nobody", table_name="booking")
    for name, which in (("ix_booking_pseudonymous", PSEUDONYMOUS), ("ix_booking_with_home", WITH_HOME)):
        op.drop_index(name, table_name="booking")
        _index(name, ["ends_at"], which)
