"""Tables of keys and of who holds them."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from ontmoet.db import Base, one_of, short_text, table_args

from .duty_rules import Step
from .rules import (
    LONGEST_GROUP,
    LONGEST_HANGS,
    LONGEST_HOLDER_NAME,
    LONGEST_NOTE,
    LONGEST_OPENS,
    Condition,
    HolderKind,
)

_NOW_SO = text("until is null")
NAMED = "person_id is not null or recorded_by_id is not null or holder_name <> '' or note <> ''"
"""Rows in which something about a person stands, in SQL."""

DUTY_NAMED = "from_id is not null or to_id is not null or recorded_by_id is not null or note <> ''"
"""The same of the duty."""

_VALID = text("valid_until is null")
_SEEN_BY = text("person_id is not null")
_DUE = text("until is null and due_at is not null")


class Key(Base):
    """What a key opens. Its copies are the things that people carry."""

    __tablename__ = "key"
    __table_args__ = table_args(Index(None, "room_id"), short_text("opens", LONGEST_OPENS))

    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id"))
    opens: Mapped[str]
    made_at: Mapped[datetime]


class KeyCopy(Base):
    """One thing of metal with a number and a tag.

    The tag's code is not stored: it is made from `public_id` and `tag_edition` with the token key of the
    installation, so that it can be printed again. A new edition makes tags of before worth nothing.
    """

    __tablename__ = "key_copy"
    __table_args__ = table_args(
        UniqueConstraint("public_id"),
        UniqueConstraint("room_id", "number"),
        Index(None, "key_id"),
        CheckConstraint("number > 0", name="number_positive"),
        CheckConstraint("tag_edition > 0", name="tag_edition_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str]
    key_id: Mapped[int] = mapped_column(ForeignKey("key.id"))
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id"))
    number: Mapped[int]
    tag_edition: Mapped[int]
    made_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]


class Custody(Base):
    """Who held a copy from one moment until another. Exactly one of a copy's rows has no end, and they
    follow each other without a gap (guarded).

    `recorded_by_id` wrote it down; `is_one_sided` as long as the other side did not say that it is so.
    `condition` and `note` were given when it ended. A person goes from rows that ended, never from the
    one that runs.
    """

    __tablename__ = "custody"
    __table_args__ = table_args(
        Index("ux_custody_now", "copy_id", unique=True, sqlite_where=_NOW_SO, postgresql_where=_NOW_SO),
        Index(None, "copy_id", "since"),
        Index(None, "booking_id"),
        Index("ix_custody_held", "person_id", sqlite_where=_NOW_SO, postgresql_where=_NOW_SO),
        Index("ix_custody_due", "due_at", sqlite_where=_DUE, postgresql_where=_DUE),
        Index(
            "ix_custody_named",
            "until",
            sqlite_where=text(NAMED),
            postgresql_where=text(NAMED),
        ),
        one_of("holder", HolderKind),
        one_of("condition", Condition),
        CheckConstraint("until is null or until >= since", name="until_after_since"),
        CheckConstraint(
            "(person_id is null or holder = 'person')"
            " and (organisation_id is not null) = (holder = 'organisation')"
            " and (holder_name = '' or holder = 'other')"
            " and (until is not null or holder <> 'person' or person_id is not null)"
            " and (until is not null or holder <> 'other' or holder_name <> '')",
            name="one_holder",
        ),
        CheckConstraint(
            "holder not in ('cabinet', 'lost') or (due_at is null and booking_id is null)",
            name="due_when_out",
        ),
        CheckConstraint("until is not null or condition is null", name="condition_at_the_end"),
        short_text("holder_name", LONGEST_HOLDER_NAME),
        short_text("note", LONGEST_NOTE),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    copy_id: Mapped[int] = mapped_column(ForeignKey("key_copy.id"))
    holder: Mapped[str]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    holder_name: Mapped[str]
    booking_id: Mapped[int | None] = mapped_column(ForeignKey("booking.id"))
    since: Mapped[datetime]
    until: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    is_one_sided: Mapped[bool]
    objected_at: Mapped[datetime | None]
    condition: Mapped[str | None]
    note: Mapped[str]


class CodeBox(Base):
    """A box with a code, in which the keys of a room hang: at most one in a room."""

    __tablename__ = "code_box"
    __table_args__ = table_args(UniqueConstraint("room_id"), short_text("hangs", LONGEST_HANGS))

    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id"))
    hangs: Mapped[str]
    made_at: Mapped[datetime]


class BoxCode(Base):
    """A code of a box, sealed (see `sealing`). One is valid at a time; of one that ended the code is gone."""

    __tablename__ = "box_code"
    __table_args__ = table_args(
        Index("ux_box_code_valid", "box_id", unique=True, sqlite_where=_VALID, postgresql_where=_VALID),
        Index(None, "box_id"),
        CheckConstraint("(valid_until is null) = (sealed is not null)", name="sealed_while_valid"),
        CheckConstraint("valid_until is null or valid_until >= valid_from", name="until_after_from"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    box_id: Mapped[int] = mapped_column(ForeignKey("code_box.id"))
    sealed: Mapped[str | None]
    valid_from: Mapped[datetime]
    valid_until: Mapped[datetime | None]
    set_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class BoxView(Base):
    """Somebody saw a code; for their booking, or without one to help somebody else."""

    __tablename__ = "box_view"
    __table_args__ = table_args(
        Index(None, "code_id", "person_id"),
        Index(None, "booking_id"),
        Index("ix_box_view_named", "at", sqlite_where=_SEEN_BY, postgresql_where=_SEEN_BY),
        Index("ix_box_view_seen_by", "person_id", sqlite_where=_SEEN_BY, postgresql_where=_SEEN_BY),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code_id: Mapped[int] = mapped_column(ForeignKey("box_code.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    booking_id: Mapped[int | None] = mapped_column(ForeignKey("booking.id"))
    at: Mapped[datetime]


class Locker(Base):
    """A locker in a room and the group that has it, from one day until another."""

    __tablename__ = "locker"
    __table_args__ = table_args(
        UniqueConstraint("public_id"),
        Index(
            "ux_locker_in_use",
            "room_id",
            "number",
            unique=True,
            sqlite_where=_NOW_SO,
            postgresql_where=_NOW_SO,
        ),
        Index(None, "copy_id"),
        CheckConstraint("number > 0", name="number_positive"),
        CheckConstraint("until is null or until >= since", name="until_after_since"),
        short_text("group_name", LONGEST_GROUP),
        short_text("note", LONGEST_NOTE),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str]
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id"))
    number: Mapped[int]
    group_name: Mapped[str]
    copy_id: Mapped[int | None] = mapped_column(ForeignKey("key_copy.id"))
    note: Mapped[str]
    since: Mapped[date]
    until: Mapped[date | None]


class KeyDuty(Base):
    """The key duty of a room goes from one keeper to another, from `at` until the next row begins.

    Nobody had it before a start, nobody has it after a stop, or when who had it left. `recorded_by_id` wrote
    it down; `is_one_sided` as long as the other did not say that it is so.
    """

    __tablename__ = "key_duty"
    __table_args__ = table_args(
        UniqueConstraint("public_id"),
        Index("ux_key_duty_now", "room_id", unique=True, sqlite_where=_NOW_SO, postgresql_where=_NOW_SO),
        Index(None, "room_id", "at"),
        one_of("step", Step),
        CheckConstraint("until is null or until >= at", name="until_after_at"),
        CheckConstraint(
            "(step <> 'start' or from_id is null) and (step <> 'stop' or to_id is null)", name="whose"
        ),
        short_text("note", LONGEST_NOTE),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str]
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id"))
    step: Mapped[str]
    from_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    to_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    until: Mapped[datetime | None]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    is_one_sided: Mapped[bool]
    objected_at: Mapped[datetime | None]
    note: Mapped[str]


class DutyCount(Base):
    """How many copies of a key lay in the cabinet when the duty changed hands, and how many the register
    said there were.
    """

    __tablename__ = "duty_count"
    __table_args__ = table_args(
        UniqueConstraint("duty_id", "key_id"),
        CheckConstraint("expected >= 0 and counted >= 0", name="not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    duty_id: Mapped[int] = mapped_column(ForeignKey("key_duty.id"))
    key_id: Mapped[int] = mapped_column(ForeignKey("key.id"))
    expected: Mapped[int]
    counted: Mapped[int]
