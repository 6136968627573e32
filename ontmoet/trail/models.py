"""Tables of the trail."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, PrimaryKeyConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from ontmoet.db import Base, one_of, short_text, table_args

LONGEST_NOTE, LONGEST_CHANGES = 200, 2000
WITH_IDS = "actor_id is not null or on_behalf_of_id is not null or object_id is not null"


class InstallationKind(StrEnum):
    """A demo may be refilled and have its clock set; a real installation never."""

    DEMO = "demo"
    REAL = "real"


class Installation(Base):
    """The one row that says what this database is."""

    __tablename__ = "installation"
    __table_args__ = table_args(one_of("kind", InstallationKind), CheckConstraint("id = 1", name="single"))

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    made_at: Mapped[datetime]


class Audit(Base):
    """One row for each change, written in its transaction, never changed or deleted (guarded).

    Only who did it and what it was about may be blanked, once it is old: that something happened stays.
    `changes` is JSON without personal data: times, zones, numbers, ids.
    """

    __tablename__ = "audit"
    __table_args__ = table_args(
        Index(None, "object_kind", "object_id"),
        Index(None, "at"),
        # Only what still has to be forgotten is in it: the job looks each minute.
        Index(
            "ix_audit_with_ids",
            "at",
            sqlite_where=text(WITH_IDS),
            postgresql_where=text(WITH_IDS),
        ),
        short_text("changes", LONGEST_CHANGES),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor_id: Mapped[int | None]
    on_behalf_of_id: Mapped[int | None]
    request_id: Mapped[str | None]
    action: Mapped[str]
    object_kind: Mapped[str]
    object_id: Mapped[int | None]
    room_id: Mapped[int | None]
    changes: Mapped[str]


class Idempotency(Base):
    """A form that was carried out: the same form again gets the same answer."""

    __tablename__ = "idempotency"
    __table_args__ = table_args(
        PrimaryKeyConstraint("actor_id", "route", "key"),
        short_text("key", 64),
        Index(None, "at"),
    )

    actor_id: Mapped[int]
    route: Mapped[str]
    key: Mapped[str]
    fields_digest: Mapped[str]
    location: Mapped[str]
    at: Mapped[datetime]


class JobRun(Base):
    """One run of a job, so that people see when work last happened and whether it went well.

    `note` says what it did or what went wrong, without personal data.
    """

    __tablename__ = "job_run"
    __table_args__ = table_args(Index(None, "name", "id"), short_text("note", LONGEST_NOTE))

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    ok: Mapped[bool]
    note: Mapped[str]


class Throttle(Base):
    """How often something was tried within a window of time."""

    __tablename__ = "throttle"
    __table_args__ = table_args(PrimaryKeyConstraint("bucket", "window_start"))

    bucket: Mapped[str]
    window_start: Mapped[datetime]
    tries: Mapped[int]
