"""tables of the series, and how far ahead one may go in a room"""

import sqlalchemy as sa
from alembic import op

from ontmoet.db import types

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    with op.batch_alter_table("room") as batch_op:
        batch_op.add_column(sa.Column("series_days", number, nullable=True))
    op.execute("update room set series_days = 366")
    with op.batch_alter_table("room") as batch_op:
        batch_op.alter_column("series_days", existing_type=number, nullable=False)
        batch_op.create_check_constraint(batch_op.f("ck_room_series_sane"), "series_days between 7 and 800")

    with op.batch_alter_table("booking") as batch_op:
        batch_op.add_column(sa.Column("series_number", number, nullable=True))

    op.create_table(
        "series",
        sa.Column("id", number, nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("room_id", number, nullable=False),
        sa.Column("zone_id", number, nullable=True),
        sa.Column("home_id", number, nullable=True),
        sa.Column("organisation_id", number, nullable=True),
        sa.Column("for_corporation", types.Flag(), nullable=False),
        sa.Column("person_id", number, nullable=True),
        sa.Column("entered_by_id", number, nullable=True),
        sa.Column("use_kind", sa.Text(), nullable=False),
        sa.Column("visibility", sa.Text(), nullable=False),
        sa.Column("is_drop_in", types.Flag(), nullable=False),
        sa.Column("frequency", sa.Text(), nullable=False),
        sa.Column("every", number, nullable=False),
        sa.Column("weekdays", sa.Text(), nullable=False),
        sa.Column("month_day", number, nullable=True),
        sa.Column("nth", number, nullable=True),
        sa.Column("first_day", types.LocalDate(), nullable=False),
        sa.Column("last_day", types.LocalDate(), nullable=False),
        sa.Column("starts", number, nullable=False),
        sa.Column("ends", number, nullable=False),
        sa.Column("people", number, nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("responsible", sa.Text(), nullable=True),
        sa.Column("continues_id", number, nullable=True),
        sa.Column("believed_until", types.LocalDate(), nullable=False),
        sa.Column("made_at", types.Instant(), nullable=False),
        sa.Column("ended_at", types.Instant(), nullable=True),
        sa.Column("version", number, nullable=False),
        sa.CheckConstraint(
            "frequency in ('daily', 'weekly', 'monthly')", name=op.f("ck_series_frequency_known")
        ),
        sa.CheckConstraint(
            "use_kind in ('own', 'open_activity', 'organisation', 'letting')",
            name=op.f("ck_series_use_kind_known"),
        ),
        sa.CheckConstraint("visibility in ('closed', 'open')", name=op.f("ck_series_visibility_known")),
        sa.CheckConstraint("every between 1 and 12", name=op.f("ck_series_every_sane")),
        sa.CheckConstraint("last_day >= first_day", name=op.f("ck_series_last_after_first")),
        sa.CheckConstraint("starts between 0 and 1439", name=op.f("ck_series_starts_in_day")),
        sa.CheckConstraint("ends > starts and ends <= 1440", name=op.f("ck_series_ends_after_starts")),
        sa.CheckConstraint(
            "(frequency = 'weekly') <= (weekdays <> '')", name=op.f("ck_series_weekly_has_weekdays")
        ),
        sa.CheckConstraint(
            "frequency <> 'monthly' or (month_day is null) <> (nth is null)",
            name=op.f("ck_series_monthly_one_way"),
        ),
        sa.CheckConstraint(
            "nth is null or (nth in (-1, 1, 2, 3, 4) and length(weekdays) = 1)",
            name=op.f("ck_series_nth_sane"),
        ),
        sa.CheckConstraint("month_day between 1 and 31", name=op.f("ck_series_month_day_sane")),
        sa.CheckConstraint("people > 0", name=op.f("ck_series_people_positive")),
        sa.CheckConstraint("length(weekdays) <= 7", name=op.f("ck_series_weekdays_short")),
        sa.CheckConstraint("length(purpose) <= 80", name=op.f("ck_series_purpose_short")),
        sa.CheckConstraint("length(responsible) <= 80", name=op.f("ck_series_responsible_short")),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name=op.f("fk_series_room_id")),
        sa.ForeignKeyConstraint(["zone_id"], ["zone.id"], name=op.f("fk_series_zone_id")),
        sa.ForeignKeyConstraint(["home_id"], ["home.id"], name=op.f("fk_series_home_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_series_organisation_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_series_person_id")),
        sa.ForeignKeyConstraint(["entered_by_id"], ["person.id"], name=op.f("fk_series_entered_by_id")),
        sa.ForeignKeyConstraint(["continues_id"], ["series.id"], name=op.f("fk_series_continues_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_series")),
        sa.UniqueConstraint("public_id", name=op.f("uq_series_public_id")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_series_room_id_last_day"), "series", ["room_id", "last_day"])
    op.create_index(op.f("ix_series_person_id"), "series", ["person_id"])
    op.create_index(op.f("ix_series_last_day"), "series", ["last_day"])

    op.create_table(
        "series_date",
        sa.Column("id", number, nullable=False),
        sa.Column("series_id", number, nullable=False),
        sa.Column("day", types.LocalDate(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("booking_id", number, nullable=True),
        sa.Column("offered_at", types.Instant(), nullable=True),
        sa.CheckConstraint(
            "state in ('booked', 'struck', 'refused', 'dropped')", name=op.f("ck_series_date_state_known")
        ),
        sa.CheckConstraint(
            "why in ('taken', 'closed', 'shut', 'no_such_time', 'fair_use', 'past')",
            name=op.f("ck_series_date_why_known"),
        ),
        sa.CheckConstraint(
            "state <> 'booked' or booking_id is not null", name=op.f("ck_series_date_booked_has_booking")
        ),
        sa.ForeignKeyConstraint(["series_id"], ["series.id"], name=op.f("fk_series_date_series_id")),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_series_date_booking_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_series_date")),
        sa.UniqueConstraint("series_id", "day", name=op.f("uq_series_date_series_id_day")),
        sa.UniqueConstraint("booking_id", name=op.f("uq_series_date_booking_id")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_series_date_state_day"), "series_date", ["state", "day"])

    op.create_table(
        "series_host",
        sa.Column("id", number, nullable=False),
        sa.Column("series_id", number, nullable=False),
        sa.Column("since", types.LocalDate(), nullable=False),
        sa.Column("opens_id", number, nullable=True),
        sa.Column("closes_id", number, nullable=True),
        sa.ForeignKeyConstraint(["series_id"], ["series.id"], name=op.f("fk_series_host_series_id")),
        sa.ForeignKeyConstraint(["opens_id"], ["person.id"], name=op.f("fk_series_host_opens_id")),
        sa.ForeignKeyConstraint(["closes_id"], ["person.id"], name=op.f("fk_series_host_closes_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_series_host")),
        sa.UniqueConstraint("series_id", "since", name=op.f("uq_series_host_series_id_since")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_series_host_opens_id"), "series_host", ["opens_id"])
    op.create_index(op.f("ix_series_host_closes_id"), "series_host", ["closes_id"])


def downgrade() -> None:
    op.drop_table("series_host")
    op.drop_table("series_date")
    op.drop_table("series")
