"""Tables of calendars that were taken over."""

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ontmoet.db import Base, short_text, table_args


class TakenOverEvent(Base):
    """Which date of which event of another calendar a booking came from, so that nothing comes in twice.
    `mark` says it without telling it: names of events can hold names and addresses of people. `event_mark` is
    the same for all dates of an event; what came in before this column has none, and nobody is told when the
    calendar has such a date no more.
    """

    __tablename__ = "taken_over_event"
    __table_args__ = table_args(
        UniqueConstraint("booking_id"),
        UniqueConstraint("mark"),
        short_text("mark", 64),
        short_text("event_mark", 64),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"))
    mark: Mapped[str]
    event_mark: Mapped[str | None]
