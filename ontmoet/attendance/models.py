"""The table of how many people came."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from ontmoet.db import Base, one_of, table_args

from .rules import Kind


class Attendance(Base):
    """How many people came to a booking, or walked in on a day: a number, and nothing about anybody.

    `entered_by_id` wrote the number down as it now stands, at `entered_at`; what it was before is in the
    audit. No row is not counted; 0 is that nobody came.
    """

    __tablename__ = "attendance"
    __table_args__ = table_args(
        UniqueConstraint("booking_id"),
        Index(None, "room_id", "day"),
        Index(
            "ux_attendance_walk_in",
            "room_id",
            "day",
            unique=True,
            sqlite_where=text("booking_id is null"),
            postgresql_where=text("booking_id is null"),
        ),
        # Only what still has to be forgotten is in it: the job looks each minute.
        Index(
            "ix_attendance_entered",
            "entered_at",
            sqlite_where=text("entered_by_id is not null"),
            postgresql_where=text("entered_by_id is not null"),
        ),
        one_of("kind", Kind),
        CheckConstraint("(kind = 'booking') = (booking_id is not null)", name="booking_of_its_kind"),
        CheckConstraint("people between 0 and 2000", name="people_believable"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id"))
    day: Mapped[date]
    kind: Mapped[str]
    booking_id: Mapped[int | None] = mapped_column(ForeignKey("booking.id"))
    people: Mapped[int]
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    entered_at: Mapped[datetime]
