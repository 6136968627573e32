"""Tables of the ways back in."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ontmoet.db import Base, table_args


class SignInLink(Base):
    """Somebody asked for a link and a code. Without a person nobody has the address: what was asked looks
    the same, and nothing is sent.

    The link and the code are not stored: they are made from `public_id` with the key of the installation.
    """

    __tablename__ = "sign_in_link"
    __table_args__ = table_args(
        UniqueConstraint("public_id"),
        Index(None, "device_hash"),
        Index(None, "person_id"),
        Index(None, "expires_at"),
        CheckConstraint("tries >= 0", name="tries_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    device_hash: Mapped[str]
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    tries: Mapped[int]
    used_at: Mapped[datetime | None]


class Slip(Base):
    """A paper with which somebody gets in once. The code is not stored, only its keyed digest."""

    __tablename__ = "slip"
    __table_args__ = table_args(
        UniqueConstraint("code_digest"),
        Index(None, "person_id"),
        Index(None, "expires_at"),
        CheckConstraint("person_id <> made_by_id", name="made_by_another"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id"))
    made_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    code_digest: Mapped[str]
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
