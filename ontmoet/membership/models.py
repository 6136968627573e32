"""The table of addresses outside the complex that were let in."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from ontmoet.db import Base, short_text, table_args

_ACTIVE = text("until is null")


class Admission(Base):
    """An address outside the complex may use a room. While it lasts, a right of use says so too.

    `reason` is filled when the room is for tenants only: it says why this address is an exception.
    """

    __tablename__ = "admission"
    __table_args__ = table_args(
        Index(
            "ux_admission_active",
            "room_id",
            "home_id",
            unique=True,
            sqlite_where=_ACTIVE,
            postgresql_where=_ACTIVE,
        ),
        short_text("reason", 200),
        CheckConstraint("until is null or until >= since", name="until_after_since"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id"))
    home_id: Mapped[int] = mapped_column(ForeignKey("home.id"))
    reason: Mapped[str]
    since: Mapped[date]
    until: Mapped[date | None]
    admitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
