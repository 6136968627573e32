"""Tables of the bookings."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from ontmoet.db import Base, one_of, short_text, table_args
from ontmoet.rooms.rules import UseKind

from .request_rules import LONGEST_RESPONSIBLE, LONGEST_SENTENCE
from .states import CancelReason, Status, Visibility
from .use_rules import Trace

WORDS_OF_NOBODY = text(
    "person_id is null and (entered_by_id is not null or (visibility = 'closed' and purpose <> ''))"
)
"""A booking without a person that still says what for, or who brought it in. What everybody is welcome at is
called so by the room, so that is no secret.
"""


class Booking(Base):
    """Somebody has (part of) a room for a while. Zone null is the whole room.

    Its party is exactly one of a home, an organisation or the corporation itself; a booking whose person is
    forgotten may lose its home too. `rules_version_id` is the newest version of the house rules that the
    booker had accepted. `version` counts changes, so that two tabs cannot overwrite each other.
    `entered_by_id` is who put it here as it now stands: the person of the booking, or who did it for them.
    `fair_use_exception` is why the board let it go beyond fair use. `responsible` is who answers for the room
    when an organisation has it; the person of any other booking does so. `decided_by_id` said yes or no to
    the request at `decided_at`, with `explanation` beside the reason of a no; nobody did so to one that is
    declined since its time was shut. `came_from_id` is the room in which it was made, when that one was
    merged into this one. One that waits holds nothing, and what is offered holds its time until `lapses_at`.
    At `moved_late_at` its person moved it when it was too late to give the time back without spending a turn;
    at `asked_again_at` it was sure, and moved to what needs a yes; at `taken_back_at` it was a request still.
    `series_number` is the id of its series: no foreign key, since series stand above bookings.
    """

    __tablename__ = "booking"
    __table_args__ = table_args(
        UniqueConstraint("public_id"),
        Index(None, "room_id", "starts_at"),
        Index(None, "home_id", "room_id", "starts_at"),
        Index(None, "person_id", "starts_at"),
        Index(
            "ix_booking_lapses",
            "lapses_at",
            sqlite_where=text("lapses_at is not null"),
            postgresql_where=text("lapses_at is not null"),
        ),
        # Only what still has to be forgotten is in these: the job looks each minute. In the last three nobody
        # is `person_id`; without it, SQLite would rather read the whole history in the index of persons.
        Index(
            "ix_booking_named",
            "ends_at",
            sqlite_where=text("person_id is not null"),
            postgresql_where=text("person_id is not null"),
        ),
        Index(
            "ix_booking_pseudonymous",
            "person_id",
            "ends_at",
            sqlite_where=text("person_id is null and organiser_pseudonym is not null"),
            postgresql_where=text("person_id is null and organiser_pseudonym is not null"),
        ),
        Index(
            "ix_booking_with_home",
            "person_id",
            "ends_at",
            sqlite_where=text("person_id is null and home_id is not null"),
            postgresql_where=text("person_id is null and home_id is not null"),
        ),
        Index(
            "ix_booking_of_nobody",
            "person_id",
            "ends_at",
            sqlite_where=WORDS_OF_NOBODY,
            postgresql_where=WORDS_OF_NOBODY,
        ),
        one_of("status", Status),
        one_of("use_kind", UseKind),
        one_of("visibility", Visibility),
        one_of("reason", CancelReason),
        CheckConstraint("ends_at > starts_at", name="ends_after_starts"),
        CheckConstraint("people > 0", name="people_positive"),
        CheckConstraint(
            "(home_id is not null and organisation_id is null and not for_corporation)"
            " or (home_id is null and organisation_id is not null and not for_corporation)"
            " or (home_id is null and organisation_id is null and for_corporation)"
            " or (home_id is null and organisation_id is null and person_id is null)",
            name="one_party",
        ),
        CheckConstraint(
            "(status in ('waiting', 'offered', 'requested')) = (lapses_at is not null)", name="request_lapses"
        ),
        short_text("purpose", 80),
        short_text("fair_use_exception", 120),
        short_text("responsible", LONGEST_RESPONSIBLE),
        short_text("explanation", LONGEST_SENTENCE),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str]
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id"))
    zone_id: Mapped[int | None] = mapped_column(ForeignKey("zone.id"))
    home_id: Mapped[int | None] = mapped_column(ForeignKey("home.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    for_corporation: Mapped[bool]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    organiser_pseudonym: Mapped[str | None]
    use_kind: Mapped[str]
    visibility: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    people: Mapped[int]
    purpose: Mapped[str]
    status: Mapped[str]
    reason: Mapped[str | None]
    made_at: Mapped[datetime]
    lapses_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    rules_version_id: Mapped[int | None] = mapped_column(ForeignKey("rules_version.id"))
    fair_use_exception: Mapped[str | None]
    responsible: Mapped[str | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    explanation: Mapped[str | None]
    series_number: Mapped[int | None]
    came_from_id: Mapped[int | None] = mapped_column(ForeignKey("room.id"))
    moved_late_at: Mapped[datetime | None]
    asked_again_at: Mapped[datetime | None]
    taken_back_at: Mapped[datetime | None]
    version: Mapped[int]


class RequestQuestion(Base):
    """What somebody who decides asked before deciding, and the answer of who asked for the room, or of who
    helped them. At most one question of a request is open.
    """

    __tablename__ = "request_question"
    __table_args__ = table_args(
        Index(None, "booking_id"),
        Index(
            "ux_request_question_open",
            "booking_id",
            unique=True,
            sqlite_where=text("answered_at is null"),
            postgresql_where=text("answered_at is null"),
        ),
        CheckConstraint("(answer is null) = (answered_at is null)", name="answer_has_moment"),
        short_text("question", LONGEST_SENTENCE),
        short_text("answer", LONGEST_SENTENCE),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"))
    question: Mapped[str]
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    answer: Mapped[str | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None]


class Occupancy(Base):
    """A zone is taken, by a booking or a closure, buffer included. The database lets no two overlap.

    Rows are inserted and deleted, never updated, and none lasts longer than two days (guarded).
    `expires_at` belongs to a request: from then on its row counts no more; the next writer there removes it.
    """

    __tablename__ = "occupancy"
    __table_args__ = table_args(
        Index(None, "zone_id", "held_from"),
        Index(None, "booking_id"),
        Index(None, "closure_id"),
        CheckConstraint("held_until > held_from", name="held_until_after_held_from"),
        CheckConstraint("(booking_id is null) <> (closure_id is null)", name="one_cause"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    zone_id: Mapped[int] = mapped_column(ForeignKey("zone.id"))
    held_from: Mapped[datetime]
    held_until: Mapped[datetime]
    booking_id: Mapped[int | None] = mapped_column(ForeignKey("booking.id"))
    closure_id: Mapped[int | None] = mapped_column(ForeignKey("closure.id"))
    expires_at: Mapped[datetime | None]


class MissedHour(Base):
    """How often, in a month, a wish was refused because the room was not open in that hour of the week (0 is
    Monday), or because others had it (`was_taken`). Nothing of it is about anybody.
    """

    __tablename__ = "missed_hour"
    __table_args__ = table_args(
        UniqueConstraint("room_id", "month", "weekday", "hour", "was_taken"),
        CheckConstraint("weekday between 0 and 6", name="weekday_known"),
        CheckConstraint("hour between 0 and 23", name="hour_in_day"),
        CheckConstraint("times > 0", name="times_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id"))
    month: Mapped[date]
    weekday: Mapped[int]
    hour: Mapped[int]
    was_taken: Mapped[bool]
    times: Mapped[int]


class Works(Base):
    """Work in a room, or access for who does it, as it is announced. It holds no time.

    `who` is what somebody does who comes in, not what they are called. `version` counts changes.
    """

    __tablename__ = "works"
    __table_args__ = table_args(
        UniqueConstraint("public_id"),
        Index(None, "room_id", "starts_at"),
        Index(None, "ends_at"),
        CheckConstraint("ends_at > starts_at", name="ends_after_starts"),
        short_text("what", 80),
        short_text("who", 80),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str]
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    what: Mapped[str]
    who: Mapped[str]
    version: Mapped[int]


class UseTrace(Base):
    """A booking was used, as far as this shows: one row for each kind of sign. None is no verdict.

    `was_there` is what an answer says; every other kind says yes by being there. `note` is what somebody
    wrote beside the closing list. `recorded_by_id` is who said it: the person of the booking, who helped
    them, or nobody when a machine did.
    """

    __tablename__ = "use_trace"
    __table_args__ = table_args(
        UniqueConstraint("booking_id", "kind"),
        Index(
            None,
            "recorded_by_id",
            sqlite_where=text("recorded_by_id is not null"),
            postgresql_where=text("recorded_by_id is not null"),
        ),
        one_of("kind", Trace),
        CheckConstraint("(kind = 'answer') = (was_there is not null)", name="answer_says_so"),
        CheckConstraint("kind = 'closing' or note = ''", name="only_closing_has_a_note"),
        short_text("note", 200),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"))
    kind: Mapped[str]
    at: Mapped[datetime]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    was_there: Mapped[bool | None]
    note: Mapped[str]


class ClosingList(Base):
    """How a room was left after a booking: what belongs to its trace of kind closing.

    `photo` is the name of a file beside the database, until its term is over.
    """

    __tablename__ = "closing_list"
    __table_args__ = table_args(
        UniqueConstraint("use_trace_id"),
        # The job that forgets photos looks each minute, and few lists have one.
        Index(
            "ux_closing_list_photo",
            "photo",
            unique=True,
            sqlite_where=text("photo is not null"),
            postgresql_where=text("photo is not null"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    use_trace_id: Mapped[int] = mapped_column(ForeignKey("use_trace.id"))
    tidied: Mapped[bool]
    dishes: Mapped[bool]
    lights: Mapped[bool]
    windows: Mapped[bool]
    key: Mapped[bool]
    photo: Mapped[str | None]
