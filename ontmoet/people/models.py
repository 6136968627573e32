"""Tables of the people."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from ontmoet.db import Base, one_of, short_text, table_args
from ontmoet.kernel.actor import Function
from ontmoet.kernel.tokens import new_public_id

from .rules import Channel


class OrganisationKind(StrEnum):
    """The handbook's six kinds of partner (Deel III): P1 to P6."""

    P1 = "p1"
    P2 = "p2"
    P3 = "p3"
    P4 = "p4"
    P5 = "p5"
    P6 = "p6"


_ACTIVE = text("until is null")


class Person(Base):
    """Somebody with a name here. `email` is kept folded, so that it is unique whatever its capitals.

    `guardian_id` is who answers for a child, from `guardian_agreed_at` on; without it the child waits since
    `guardian_asked_at`. Erased or merged into another,
    a person keeps a row and nothing else. `traces_gone_at`: since then no file holds what was erased.
    """

    __tablename__ = "person"
    __table_args__ = table_args(
        UniqueConstraint("public_id"),
        UniqueConstraint("email"),
        one_of("channel", Channel),
        short_text("name", 80),
        short_text("phone", 30),
        CheckConstraint("guardian_id <> id", name="guardian_is_another"),
        CheckConstraint("merged_into_id <> id", name="merged_into_another"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(default=new_public_id)
    name: Mapped[str]
    email: Mapped[str | None]
    phone: Mapped[str | None]
    password_hash: Mapped[str | None]
    language: Mapped[str] = mapped_column(default="nl")
    channel: Mapped[str] = mapped_column(default=Channel.MAIL)
    guardian_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    erased_at: Mapped[datetime | None]
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    traces_gone_at: Mapped[datetime | None]
    guardian_agreed_at: Mapped[datetime | None]
    guardian_asked_at: Mapped[datetime | None]


class Credential(Base):
    """How somebody without an e-mail address signs in: the home's address name, a nickname and a PIN.

    `nickname` is kept folded; two people of one home never share one.
    """

    __tablename__ = "credential"
    __table_args__ = table_args(
        UniqueConstraint("person_id"),
        UniqueConstraint("home_id", "nickname"),
        short_text("nickname", 40),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    home_id: Mapped[int] = mapped_column(ForeignKey("home.id"))
    nickname: Mapped[str]
    pin_hash: Mapped[str]


class EmailChange(Base):
    """A new e-mail address that somebody asked for. It counts once its owner gives the code sent there.

    The code is worked out from the row and is stored nowhere.
    """

    __tablename__ = "email_change"
    __table_args__ = table_args(short_text("address", 254))

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, autoincrement=False)
    address: Mapped[str]
    asked_at: Mapped[datetime]


class Organisation(Base):
    """A party that uses rooms: welfare, care, an association."""

    __tablename__ = "organisation"
    __table_args__ = table_args(
        UniqueConstraint("public_id"), one_of("kind", OrganisationKind), short_text("name", 80)
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(default=new_public_id)
    name: Mapped[str]
    kind: Mapped[str]


class Residency(Base):
    """A person lives in a home from one day until another."""

    __tablename__ = "residency"
    __table_args__ = table_args(
        Index(
            "ux_residency_active",
            "person_id",
            "home_id",
            unique=True,
            sqlite_where=_ACTIVE,
            postgresql_where=_ACTIVE,
        ),
        Index(None, "home_id"),
        Index(None, "person_id"),
        CheckConstraint("until is null or until >= since", name="until_after_since"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    home_id: Mapped[int] = mapped_column(ForeignKey("home.id"))
    since: Mapped[date]
    until: Mapped[date | None]


class Role(Base):
    """What a person does for a room, or for the corporation when no room is named.

    `is_contact` marks the one member of staff whose name the room's page shows (GE-05).
    """

    __tablename__ = "role"
    __table_args__ = table_args(
        one_of("function", Function),
        Index(None, "person_id"),
        Index(
            "ux_role_active_in_room",
            "person_id",
            "room_id",
            "function",
            unique=True,
            sqlite_where=text("until is null and room_id is not null"),
            postgresql_where=text("until is null and room_id is not null"),
        ),
        Index(
            "ux_role_active_everywhere",
            "person_id",
            "function",
            unique=True,
            sqlite_where=text("until is null and room_id is null"),
            postgresql_where=text("until is null and room_id is null"),
        ),
        Index(
            "ux_role_contact",
            "room_id",
            unique=True,
            sqlite_where=text("is_contact = 1 and until is null"),
            postgresql_where=text("is_contact and until is null"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    room_id: Mapped[int | None] = mapped_column(ForeignKey("room.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    function: Mapped[str]
    is_contact: Mapped[bool] = mapped_column(default=False)
    since: Mapped[date]
    until: Mapped[date | None]
    granted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class CalendarFeed(Base):
    """The address of somebody's own calendar: whoever has it reads that calendar without signing in.

    `token_hash` is what it is found by, `token_sealed` (see `kernel/sealing.py`) lets it be shown again. An
    address that no longer works has no row.
    """

    __tablename__ = "calendar_feed"
    __table_args__ = table_args(UniqueConstraint("person_id"), UniqueConstraint("token_hash"))

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    token_hash: Mapped[str]
    token_sealed: Mapped[str]
    made_at: Mapped[datetime]


class Session(Base):
    """A device on which somebody is signed in. The cookie holds the id, this row its digest.

    `used_at` is kept to the day: enough to know one's own devices by. `proven_at` is when a second proof was
    given besides the password; from whom one is asked, the session is worth nothing without it.
    """

    __tablename__ = "session"
    __table_args__ = table_args(UniqueConstraint("id_hash"), Index(None, "person_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    id_hash: Mapped[str]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    device_hash: Mapped[str]
    own_phone: Mapped[bool]
    started_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    device_name: Mapped[str | None]
    used_at: Mapped[datetime | None]
    proven_at: Mapped[datetime | None]
