"""Puts rows in the database by the thousand, and says afterwards what the database is now."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

import click
from sqlalchemy import func, insert, select

from ontmoet.bookings import models
from ontmoet.bookings.closure_rules import daily_pieces
from ontmoet.bookings.models import Booking, Occupancy, RequestQuestion
from ontmoet.db import Base, current_connection, db, execute
from ontmoet.kernel.tokens import ALPHABET, PUBLIC_ID_LENGTH
from ontmoet.rooms.models import Closure
from ontmoet.rooms.queries import corporation_name
from ontmoet.trail.actions import record
from ontmoet.trail.models import Installation, InstallationKind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from random import Random

    from ontmoet.kernel.timeslot import TimeSlot

    from .drafts import Draft
    from .programme import Visit, Works
    from .settle import SettledRoom

BATCH = 5_000


class CannotFill(click.ClickException):
    """The command stops with status 1 and this one sentence."""

    def show(self, file: Any = None) -> None:
        click.echo(self.message, file=file, err=True)


class Rows:
    """Rows on their way to an empty database. They get their ids here, so that one can name another."""

    def __init__(self) -> None:
        self._waiting: defaultdict[str, list[dict[str, object]]] = defaultdict(list)
        self._count: Counter[str] = Counter()

    def add(self, model: type[Base], **values: object) -> int:
        """Set a row ready, with every column but `id`; its id."""
        name = model.__tablename__
        self._count[name] += 1
        self._waiting[name].append({"id": self._count[name], **values})
        return self._count[name]

    def count(self, model: type[Base]) -> int:
        """How many rows of a table were added so far."""
        return self._count[model.__tablename__]

    def write(self) -> None:
        """Send what waits, parents before children. Inside a unit of work."""
        connection = current_connection()
        for table in Base.metadata.sorted_tables:
            waiting = self._waiting.pop(table.name, [])
            for first in range(0, len(waiting), BATCH):
                connection.execute(insert(table), waiting[first : first + BATCH])

    def close(self) -> None:
        """Let PostgreSQL number on after the ids that were given here; SQLite does by itself."""
        if db.engine.dialect.name == "postgresql":
            for name, last in self._count.items():
                execute(select(func.setval(func.pg_get_serial_sequence(name, "id"), last)))


def public_ids(dice: Random) -> Iterator[str]:
    """Ids for URLs without end, all different, the same again for the same dice."""
    given = set()
    while True:
        new = "".join(dice.choices(ALPHABET, k=PUBLIC_ID_LENGTH))
        if new not in given:
            given.add(new)
            yield new


def refuse_if_filled() -> None:
    """Raises `CannotFill` when this database belongs to a corporation already."""
    name = corporation_name()
    if name is not None:
        raise CannotFill(f"Deze database is al van {name}. Vullen kan alleen als hij leeg is.")


def add_booking(
    rows: Rows, room: SettledRoom, draft: Draft, public_id: str, *, series_number: int | None = None
) -> int:
    """Set a booking ready and, when it holds the room, its time in each zone; its id."""
    booking_id = rows.add(
        Booking,
        public_id=public_id,
        room_id=room.room_id,
        zone_id=room.zone_ids[draft.zone] if draft.zone else None,
        home_id=draft.party.home_id,
        organisation_id=draft.party.organisation_id,
        for_corporation=draft.party.is_corporation,
        person_id=draft.person_id,
        entered_by_id=draft.entered_by_id,
        organiser_pseudonym=None,
        use_kind=draft.party.use_kind,
        visibility=draft.visibility,
        starts_at=draft.slot.starts,
        ends_at=draft.slot.ends,
        people=draft.people,
        purpose=draft.purpose,
        status=draft.fate.status,
        reason=draft.fate.reason,
        made_at=draft.made_at,
        lapses_at=draft.fate.lapses_at,
        ended_at=draft.fate.ended_at,
        rules_version_id=room.agreed.version_for(draft.person_id, draft.made_at),
        fair_use_exception=None,
        responsible=draft.responsible,
        decided_by_id=draft.fate.decided_by_id,
        decided_at=draft.fate.decided_at,
        explanation=draft.fate.explanation,
        series_number=series_number,
        version=1,
    )
    for said in draft.talk:
        rows.add(
            RequestQuestion,
            booking_id=booking_id,
            question=said.question,
            asked_by_id=said.asked_by_id,
            asked_at=said.asked_at,
            answer=said.answer,
            answered_by_id=draft.person_id if said.answer else None,
            answered_at=said.answered_at,
        )
    if draft.holds_the_room:
        held = draft.slot.with_tail(room.plan.buffer)
        expires_at = draft.fate.lapses_at
        _hold(rows, room, draft.zone, held, booking_id=booking_id, expires_at=expires_at)
    return booking_id


def add_closure(rows: Rows, room: SettledRoom, works: Works, slot: TimeSlot, public_id: str) -> None:
    """Set a closure ready, and the time it holds, cut at each midnight."""
    closure_id = rows.add(
        Closure,
        public_id=public_id,
        room_id=room.room_id,
        zone_id=room.zone_ids[works.zone] if works.zone else None,
        starts_at=slot.starts,
        ends_at=slot.ends,
        reason=works.reason,
    )
    for piece in daily_pieces(slot):
        _hold(rows, room, works.zone, piece, closure_id=closure_id)


def add_visit(rows: Rows, room: SettledRoom, visit: Visit, slot: TimeSlot, public_id: str) -> None:
    """Set an announcement of work ready."""
    rows.add(
        models.Works,
        public_id=public_id,
        room_id=room.room_id,
        starts_at=slot.starts,
        ends_at=slot.ends,
        what=visit.what,
        who=visit.who,
        version=1,
    )


def _hold(
    rows: Rows,
    room: SettledRoom,
    zone: str,
    held: TimeSlot,
    *,
    booking_id: int | None = None,
    closure_id: int | None = None,
    expires_at: datetime | None = None,
) -> None:
    for slug in room.plan.zone_slugs(zone):
        rows.add(
            Occupancy,
            zone_id=room.zone_ids[slug],
            held_from=held.starts,
            held_until=held.ends,
            booking_id=booking_id,
            closure_id=closure_id,
            expires_at=expires_at,
        )


def finish(rows: Rows, *, rooms: int, now: datetime) -> None:
    """Write what still waits, mark the database as a demo and record that it was filled."""
    rows.add(Installation, kind=InstallationKind.DEMO, made_at=now)
    rows.write()
    rows.close()
    record(
        "installation_filled",
        object_kind="installation",
        object_id=1,
        actor_id=None,
        now=now,
        changes={"rooms": rooms, "bookings": rows.count(Booking)},
    )


def thousands(number: int) -> str:
    """43.000, as Dutch readers write it."""
    return f"{number:,}".replace(",", ".")
