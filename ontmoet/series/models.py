"""Tables of the series."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ontmoet.bookings.states import Visibility
from ontmoet.db import Base, one_of, short_text, table_args
from ontmoet.rooms.rules import UseKind

from .rules import DateState, Frequency, Why


class Series(Base):
    """The same group, again and again: a rule in local time, and for whom. Zone null is the whole room.

    `weekdays` are digits, 0 is Monday. The party is that of its bookings: a home, an organisation or the
    corporation; once its person is forgotten it may be none. `continues_id` is the series from which this one
    was split. `believed_until` is the day until which the group said to come. A drop-in is open to all.
    `version` counts changes. `looked_at` is when its refused dates were last looked at, in a house that has
    too many of those for one look.
    """

    __tablename__ = "series"
    __table_args__ = table_args(
        UniqueConstraint("public_id"),
        Index(None, "room_id", "last_day"),
        Index(None, "person_id"),
        Index(None, "last_day"),
        one_of("frequency", Frequency),
        one_of("use_kind", UseKind),
        one_of("visibility", Visibility),
        CheckConstraint("every between 1 and 12", name="every_sane"),
        CheckConstraint("last_day >= first_day", name="last_after_first"),
        CheckConstraint("starts between 0 and 1439", name="starts_in_day"),
        CheckConstraint("ends > starts and ends <= 1440", name="ends_after_starts"),
        CheckConstraint("(frequency = 'weekly') <= (weekdays <> '')", name="weekly_has_weekdays"),
        CheckConstraint(
            "frequency <> 'monthly' or (month_day is null) <> (nth is null)", name="monthly_one_way"
        ),
        CheckConstraint("nth is null or (nth in (-1, 1, 2, 3, 4) and length(weekdays) = 1)", name="nth_sane"),
        CheckConstraint("month_day between 1 and 31", name="month_day_sane"),
        CheckConstraint("people > 0", name="people_positive"),
        short_text("weekdays", 7),
        short_text("purpose", 80),
        short_text("responsible", 80),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str]
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id"))
    zone_id: Mapped[int | None] = mapped_column(ForeignKey("zone.id"))
    home_id: Mapped[int | None] = mapped_column(ForeignKey("home.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    for_corporation: Mapped[bool]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    use_kind: Mapped[str]
    visibility: Mapped[str]
    is_drop_in: Mapped[bool]
    frequency: Mapped[str]
    every: Mapped[int]
    weekdays: Mapped[str]
    month_day: Mapped[int | None]
    nth: Mapped[int | None]
    first_day: Mapped[date]
    last_day: Mapped[date]
    starts: Mapped[int]
    ends: Mapped[int]
    people: Mapped[int]
    purpose: Mapped[str]
    responsible: Mapped[str | None]
    continues_id: Mapped[int | None] = mapped_column(ForeignKey("series.id"))
    believed_until: Mapped[date]
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    version: Mapped[int]
    looked_at: Mapped[datetime | None]


class SeriesDate(Base):
    """One date of a series: the local day on which it falls by the rule, and what became of it.

    `booking_id` is its booking as it was last made, whatever became of that. `why` is why it was refused.
    `asked_at` is since when the group wants this day at this time, and so long it has waited for it; or wants
    it no more.
    """

    __tablename__ = "series_date"
    __table_args__ = table_args(
        UniqueConstraint("series_id", "day"),
        UniqueConstraint("booking_id"),
        Index(None, "state", "day"),
        one_of("state", DateState),
        one_of("why", Why),
        CheckConstraint("state <> 'booked' or booking_id is not null", name="booked_has_booking"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    series_id: Mapped[int] = mapped_column(ForeignKey("series.id"))
    day: Mapped[date]
    state: Mapped[str]
    why: Mapped[str | None]
    booking_id: Mapped[int | None] = mapped_column(ForeignKey("booking.id"))
    asked_at: Mapped[datetime]
    offered_at: Mapped[datetime | None]


class SeriesHost(Base):
    """Who opens and who closes a drop-in, from a day on."""

    __tablename__ = "series_host"
    __table_args__ = table_args(
        UniqueConstraint("series_id", "since"),
        Index(None, "opens_id"),
        Index(None, "closes_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    series_id: Mapped[int] = mapped_column(ForeignKey("series.id"))
    since: Mapped[date]
    opens_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    closes_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
