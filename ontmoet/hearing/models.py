"""Tables of how people want to hear from us."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, PrimaryKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ontmoet.db import Base, table_args


class Hearing(Base):
    """Quiet hours of a person, in minutes after midnight on the wall clock; equal means none. Without a row
    the usual ones hold.

    `refused_digest` is that of the address that a mail server did not know: another address is not it.
    """

    __tablename__ = "hearing"
    __table_args__ = table_args(
        CheckConstraint("quiet_from >= 0 and quiet_from < 1440", name="quiet_from_in_a_day"),
        CheckConstraint("quiet_until >= 0 and quiet_until < 1440", name="quiet_until_in_a_day"),
        CheckConstraint("(refused_digest is null) = (refused_at is null)", name="refused_at_some_time"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, autoincrement=False)
    quiet_from: Mapped[int]
    quiet_until: Mapped[int]
    refused_digest: Mapped[str | None]
    refused_at: Mapped[datetime | None]


class OptIn(Base):
    """A person asked for a kind of message that is not necessary."""

    __tablename__ = "opt_in"
    __table_args__ = table_args(PrimaryKeyConstraint("person_id", "kind"))

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str]
