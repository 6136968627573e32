"""Tables of the rooms. Times of day are minutes after local midnight, 0 to 1440."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ontmoet.db import Base, one_of, short_text, table_args
from ontmoet.kernel.tokens import new_public_id

from .rules import USUAL_SERIES_DAYS, AccessPolicy, Door, KeyPlan, Typology, UseKind


def _span(first: str, second: str) -> CheckConstraint:
    return CheckConstraint(f"{second} > {first}", name=f"{second}_after_{first}")


def _of_day(column: str) -> CheckConstraint:
    return CheckConstraint(f"{column} between 0 and 1440", name=f"{column}_in_day")


class Corporation(Base):
    """The housing corporation this installation belongs to; always one row."""

    __tablename__ = "corporation"
    __table_args__ = table_args(CheckConstraint("id = 1", name="single"))

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    phone: Mapped[str]


class Complex(Base):
    """A block of homes that belong together."""

    __tablename__ = "complex"
    __table_args__ = table_args(UniqueConstraint("public_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(default=new_public_id)
    name: Mapped[str]


class Home(Base):
    """An address. Without a complex: an address outside, of a neighbour who was let in.

    One in which somebody lived is never removed: it ends, with words why, and counts no more.
    """

    __tablename__ = "home"
    __table_args__ = table_args(
        UniqueConstraint("address_name"),
        Index(None, "complex_id"),
        CheckConstraint("(ended_at is null) = (end_reason is null)", name="end_has_reason"),
        short_text("end_reason", 80),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    complex_id: Mapped[int | None] = mapped_column(ForeignKey("complex.id"))
    address_name: Mapped[str]
    address: Mapped[str]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None]


class Room(Base):
    """A meeting room and how it may be used. Until it is live, some of it may still be missing (GE-01).

    `facilities` are words of `Facility` with a space between. `series_days` is how far ahead a series may go:
    its horizon is its own.

    `merged_into_id` is the room in which one that ended goes on: whatever was printed for it leads there.

    `version` rises by itself (guarded) whenever this row or anything that hangs on it changes, and
    `agenda_version` whenever something in its agenda does.
    """

    __tablename__ = "room"
    __table_args__ = table_args(
        UniqueConstraint("slug"),
        Index(None, "complex_id"),
        one_of("typology", Typology),
        one_of("access_policy", AccessPolicy),
        one_of("key_plan", KeyPlan),
        one_of("door", Door),
        CheckConstraint("capacity > 0", name="capacity_positive"),
        CheckConstraint("buffer_minutes between 0 and 240", name="buffer_sane"),
        CheckConstraint("horizon_days between 1 and 400", name="horizon_sane"),
        CheckConstraint("series_days between 7 and 800", name="series_sane"),
        CheckConstraint("shortest_minutes > 0", name="shortest_positive"),
        CheckConstraint("longest_minutes between shortest_minutes and 1440", name="longest_sane"),
        CheckConstraint("usual_minutes between shortest_minutes and longest_minutes", name="usual_sane"),
        CheckConstraint(
            "live_at is null or"
            " (typology is not null and area_m2 is not null and address <> '' and town <> '')",
            name="live_is_complete",
        ),
        CheckConstraint("closed_at is null or live_at is not null", name="closed_was_live"),
        CheckConstraint(
            "merged_into_id is null or (closed_at is not null and merged_into_id <> id)",
            name="merged_is_closed",
        ),
        CheckConstraint("area_m2 > 0", name="area_positive"),
        short_text("welcome", 200),
        short_text("key_note", 400),
        short_text("facilities", 200),
        short_text("emergency_door", 400),
        short_text("emergency_water", 400),
        short_text("emergency_power", 400),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    complex_id: Mapped[int] = mapped_column(ForeignKey("complex.id"))
    slug: Mapped[str]
    name: Mapped[str]
    address: Mapped[str]
    town: Mapped[str]
    typology: Mapped[str | None]
    area_m2: Mapped[int | None]
    capacity: Mapped[int]
    door: Mapped[str]
    welcome: Mapped[str]
    access_policy: Mapped[str]
    key_plan: Mapped[str]
    key_note: Mapped[str]
    facilities: Mapped[str] = mapped_column(default="")
    emergency_door: Mapped[str] = mapped_column(default="")
    emergency_water: Mapped[str] = mapped_column(default="")
    emergency_power: Mapped[str] = mapped_column(default="")
    buffer_minutes: Mapped[int]
    horizon_days: Mapped[int]
    shortest_minutes: Mapped[int]
    longest_minutes: Mapped[int]
    usual_minutes: Mapped[int]
    series_days: Mapped[int] = mapped_column(default=USUAL_SERIES_DAYS)
    live_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("room.id"))
    version: Mapped[int] = mapped_column(default=1)
    agenda_version: Mapped[int] = mapped_column(default=1)


class OldSlug(Base):
    """What a room was called in addresses before: printed codes go on working."""

    __tablename__ = "old_slug"

    slug: Mapped[str] = mapped_column(primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id"))


class Zone(Base):
    """A part of a room that can be booked apart. A room has at least one.

    One that was booked stays for the sake of those bookings: from `ended_at` on it is no part of the room.
    """

    __tablename__ = "zone"
    __table_args__ = table_args(
        UniqueConstraint("room_id", "slug"),
        CheckConstraint("capacity > 0", name="capacity_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id"))
    slug: Mapped[str]
    name: Mapped[str]
    capacity: Mapped[int]
    position: Mapped[int]
    ended_at: Mapped[datetime | None]


class RightOfUse(Base):
    """A complex or a single home that may use a room, beside the room's own complex (WWS-8)."""

    __tablename__ = "right_of_use"
    __table_args__ = table_args(
        CheckConstraint("(complex_id is null) <> (home_id is null)", name="one_holder"),
        UniqueConstraint("room_id", "complex_id"),
        UniqueConstraint("room_id", "home_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id"))
    complex_id: Mapped[int | None] = mapped_column(ForeignKey("complex.id"))
    home_id: Mapped[int | None] = mapped_column(ForeignKey("home.id"))


class Opening(Base):
    """Hours of a weekday (0 is Monday). Several rows make several stretches."""

    __tablename__ = "opening"
    __table_args__ = table_args(
        UniqueConstraint("room_id", "weekday", "opens"),
        CheckConstraint("weekday between 0 and 6", name="weekday_known"),
        _of_day("opens"),
        _of_day("closes"),
        _span("opens", "closes"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id"))
    weekday: Mapped[int]
    opens: Mapped[int]
    closes: Mapped[int]


class OpeningException(Base):
    """Other hours on one day; without hours the room stays shut that day."""

    __tablename__ = "opening_exception"
    __table_args__ = table_args(
        UniqueConstraint("room_id", "day", "opens"),
        CheckConstraint("(opens is null) = (closes is null)", name="both_or_none"),
        _of_day("opens"),
        _of_day("closes"),
        _span("opens", "closes"),
        short_text("reason", 80),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id"))
    day: Mapped[date]
    opens: Mapped[int | None]
    closes: Mapped[int | None]
    reason: Mapped[str]


class UseRule(Base):
    """How one kind of use goes in one room: on approval or at once, and how often per home.

    `quota` counts bookings per calendar month that start at or after `quota_from`.
    """

    __tablename__ = "use_rule"
    __table_args__ = table_args(
        UniqueConstraint("room_id", "kind"),
        one_of("kind", UseKind),
        CheckConstraint("quota is null or quota > 0", name="quota_positive"),
        _of_day("quota_from"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id"))
    kind: Mapped[str]
    needs_approval: Mapped[bool]
    quota: Mapped[int | None]
    quota_from: Mapped[int]


class Closure(Base):
    """The room, or one zone of it, cannot be used for a while."""

    __tablename__ = "closure"
    __table_args__ = table_args(
        UniqueConstraint("public_id"),
        Index(None, "room_id", "starts_at"),
        _span("starts_at", "ends_at"),
        short_text("reason", 80),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str]
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id"))
    zone_id: Mapped[int | None] = mapped_column(ForeignKey("zone.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    reason: Mapped[str]
