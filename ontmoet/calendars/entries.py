"""What calendars tell of a booking: to whom it belongs all of it, to the public what the agenda tells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ontmoet.bookings.calendar import Certainty, Entry, certainty_of, feed, title_of, where
from ontmoet.bookings.uids import uid_of
from ontmoet.db import Memory
from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import language

from .queries import bookings_of, in_room, status_of, versions_of

if TYPE_CHECKING:
    from datetime import datetime

    from ontmoet.db import AnyRow
    from ontmoet.rooms.rules import RoomView


_feeds: Memory[tuple[int, str], bytes] = Memory(most=100)
"""By person and language: programs ask each hour, and mostly nothing changed."""


def own_feed(person_id: int, *, base_url: str, now: datetime) -> bytes:
    """A person's own bookings, in the language spoken now. One statement when nothing changed, else two."""

    def drawn_anew() -> bytes:
        return feed("Ontmoet", [_own(row, base_url, now) for row in bookings_of(person_id, now=now)])

    return _feeds.recall((person_id, language()), versions_of(person_id, now=now), drawn_anew)


def entries_in(room: RoomView, *, base_url: str, now: datetime) -> list[Entry]:
    """What holds or closes a room, without anybody's name."""
    found, url = in_room(room, now=now), f"{base_url}/r/{room.slug}/agenda"
    place = where(room.name, room.address, room.town)
    booked = [
        Entry(
            uid=uid_of(row.public_id),
            sequence=row.version - 1,
            stamp=_changed_at(row),
            starts=row.starts_at,
            ends=row.ends_at,
            summary=_with_zone(row.purpose or _("Bezet"), row.zone),
            location=place,
            url=url,
            # To neighbours what still waits for a decision is taken, and no more.
            certainty=Certainty.SURE,
        )
        for row in found.bookings
    ]
    closed = [
        Entry(
            uid=uid_of(row.public_id),
            sequence=0,
            # When it was made is not kept; this is the same each time too.
            stamp=row.starts_at,
            starts=row.starts_at,
            ends=row.ends_at,
            summary=_with_zone(_("Gesloten: %(why)s", why=row.reason), row.zone),
            location=place,
            url=url,
            certainty=Certainty.SURE,
        )
        for row in found.closures
    ]
    return [*booked, *closed]


def _own(row: AnyRow, base_url: str, now: datetime) -> Entry:
    status = status_of(row, now)
    certainty = certainty_of(status)
    return Entry(
        uid=uid_of(row.public_id),
        # The next writer in the room notes that it lapsed, which raises its version: told already.
        sequence=row.version - 1 + (status != row.status),
        stamp=_changed_at(row),
        starts=row.starts_at,
        ends=row.ends_at,
        summary=title_of(row.purpose or row.name, certainty),
        location=where(row.name, row.address, row.town),
        url=f"{base_url}/reserveringen/{row.public_id}",
        certainty=certainty,
    )


def _changed_at(row: AnyRow) -> datetime:
    """The last moment that is known of; asked again it is the same."""
    moment: datetime = row.ended_at or row.decided_at or row.made_at
    return moment


def _with_zone(title: str, zone: str | None) -> str:
    return f"{title} ({zone})" if zone else title
