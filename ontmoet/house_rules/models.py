"""Tables of the house rules."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ontmoet.db import Base, one_of, short_text, table_args

from .rules import How


class RulesVersion(Base):
    """House rules of a room as they were published: plain text, one rule on each line.

    Rows are inserted only, never updated or deleted (guarded): people agreed with these very words.
    """

    __tablename__ = "rules_version"
    __table_args__ = table_args(
        UniqueConstraint("room_id", "number"),
        CheckConstraint("number > 0", name="number_positive"),
        CheckConstraint("number > 1 or needs_acceptance", name="first_needs_acceptance"),
        CheckConstraint("(number = 1) = (change_note = '')", name="later_ones_say_what_changed"),
        short_text("body", 5000),
        short_text("change_note", 400),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id"))
    number: Mapped[int]
    published_at: Mapped[datetime]
    body: Mapped[str]
    change_note: Mapped[str]
    needs_acceptance: Mapped[bool]


class Acceptance(Base):
    """A person or an organisation goes along with a version: on screen, or on paper.

    `recorded_by_id` is who wrote it down: the helper who saw the paper, or who pressed the button for an
    organisation.
    """

    __tablename__ = "acceptance"
    __table_args__ = table_args(
        UniqueConstraint("person_id", "rules_version_id"),
        UniqueConstraint("organisation_id", "rules_version_id"),
        one_of("how", How),
        CheckConstraint("(person_id is null) <> (organisation_id is null)", name="one_party"),
        CheckConstraint(
            "(how = 'paper' or organisation_id is not null) = (recorded_by_id is not null)",
            name="for_another_is_recorded",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    rules_version_id: Mapped[int] = mapped_column(ForeignKey("rules_version.id"))
    how: Mapped[str]
    at: Mapped[datetime]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
