"""Tables of joining."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from ontmoet.db import Base, table_args

from .rules import MOST_USES

_CURRENT = text("revoked_at is null")


class Invitation(Base):
    """A letter to a home, for a while and for a few people. Only the digest of its code is kept, so a
    letter cannot be printed again: a new one takes its place.
    """

    __tablename__ = "invitation"
    __table_args__ = table_args(
        UniqueConstraint("code_hash"),
        Index(
            "ux_invitation_current",
            "home_id",
            unique=True,
            sqlite_where=_CURRENT,
            postgresql_where=_CURRENT,
        ),
        Index(None, "home_id"),
        Index(None, "expires_at"),
        CheckConstraint(f"uses_left between 0 and {MOST_USES}", name="uses_left_sane"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    home_id: Mapped[int] = mapped_column(ForeignKey("home.id"))
    code_hash: Mapped[str]
    made_at: Mapped[datetime]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    expires_at: Mapped[datetime]
    uses_left: Mapped[int]
    revoked_at: Mapped[datetime | None]


class InvitationUse(Base):
    """Somebody joined with a letter, on a device. `form_hash` is the digest of the form's key: a second
    tap of the same person is known by it.
    """

    __tablename__ = "invitation_use"
    __table_args__ = table_args(UniqueConstraint("invitation_id", "device_hash"), Index(None, "person_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    invitation_id: Mapped[int] = mapped_column(ForeignKey("invitation.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    device_hash: Mapped[str]
    form_hash: Mapped[str]
    at: Mapped[datetime]
