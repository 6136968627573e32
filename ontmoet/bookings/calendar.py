"""Bookings as calendars tell them (RFC 5545): a file of one or some, and the same event in a feed of many.

UID and SEQUENCE make a changed booking replace the old entry, wherever that came from; STATUS says when it is
off.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard

from ontmoet.kernel.walltime import AMSTERDAM, wall
from ontmoet.web.i18n import gettext as _

from .states import Status
from .uids import uid_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ontmoet.rooms.rules import RoomView

    from .queries import BookingView

ASK_AGAIN = timedelta(hours=1)
"""How soon a calendar program may come back."""

_WINTER, _SUMMER = timedelta(hours=1), timedelta(hours=2)
_END = b"END:VCALENDAR\r\n"


class Certainty(StrEnum):
    """What calendars call a booking that is asked for, one that goes on, and one that does not."""

    ASKED = "TENTATIVE"
    SURE = "CONFIRMED"
    OFF = "CANCELLED"


@dataclass(frozen=True, slots=True)
class Entry:
    """One event and everything that is told of it: equal ones are drawn once."""

    uid: str
    sequence: int
    stamp: datetime
    starts: datetime
    ends: datetime
    summary: str
    location: str
    url: str
    certainty: Certainty


def certainty_of(status: Status) -> Certainty:
    """How a booking stands."""
    if status in (Status.REQUESTED, Status.OFFERED):
        return Certainty.ASKED
    return Certainty.SURE if status is Status.CONFIRMED else Certainty.OFF


def title_of(what: str, certainty: Certainty) -> str:
    """The line that is read: many programs show nothing else of an event."""
    if certainty is Certainty.ASKED:
        return _("Aangevraagd: %(what)s", what=what)
    return _("Gaat niet door: %(what)s", what=what) if certainty is Certainty.OFF else what


def calendar_file(booking: BookingView, room: RoomView, *, url: str, now: datetime) -> bytes:
    """The file of one booking."""
    certainty = certainty_of(booking.status)
    entry = Entry(
        uid=uid_of(booking.public_id),
        sequence=booking.version - 1,
        stamp=now,
        starts=booking.slot.starts,
        ends=booking.slot.ends,
        summary=title_of(booking.purpose or room.name, certainty),
        location=where(room.name, room.address, room.town),
        url=url,
        certainty=certainty,
    )
    return calendar_file_of([entry])


def calendar_file_of(entries: Iterable[Entry]) -> bytes:
    """A file to take over once, with an event for each of these."""
    calendar = _empty()
    calendar.add("method", "PUBLISH")
    calendar.add_component(_zone())
    for entry in entries:
        calendar.add_component(_event(entry))
    return calendar.to_ical()


def feed(name: str, entries: Iterable[Entry]) -> bytes:
    """A calendar to follow. Only what was not told before costs time."""
    return b"".join((_head(name), *map(drawn, entries), _END))


@lru_cache(maxsize=8192)
def drawn(entry: Entry) -> bytes:
    """One event. Folding and escaping are icalendar's, which needs a fifth of a millisecond for each."""
    return _event(entry).to_ical()


def where(name: str, address: str, town: str) -> str:
    """The place, as maps find it."""
    return f"{name}, {address}, {town}"


@lru_cache(maxsize=512)
def _head(name: str) -> bytes:
    """A feed until its first event. Some programs know only one of the two ways to say how often."""
    calendar = _empty()
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", ASK_AGAIN, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    calendar.add_component(_zone())
    return calendar.to_ical().removesuffix(_END)


def _empty() -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//Ontmoet//NL")
    calendar.add("version", "2.0")
    return calendar


@cache
def _zone() -> Timezone:
    """Summer time as a rule. icalendar's own (`Timezone.from_tzid`) lists days instead, on which it begins
    an hour late; another reader took summer for winter.
    """
    zone = Timezone()
    zone.add("tzid", AMSTERDAM.key)
    for part, name, begins, month, before, after in (
        (TimezoneDaylight(), "CEST", datetime(1996, 3, 31, 2), 3, _WINTER, _SUMMER),  # noqa: DTZ001 - its own clock
        (TimezoneStandard(), "CET", datetime(1996, 10, 27, 3), 10, _SUMMER, _WINTER),  # noqa: DTZ001 - the same
    ):
        part.add("dtstart", begins)
        part.add("tzname", name)
        part.add("tzoffsetfrom", before)
        part.add("tzoffsetto", after)
        part.add("rrule", {"freq": "yearly", "bymonth": month, "byday": "-1su"})
        zone.add_component(part)
    return zone


def _event(entry: Entry) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.stamp)
    event.add("dtstart", _told(entry.starts))
    event.add("dtend", _told(entry.ends))
    event.add("summary", entry.summary)
    event.add("location", entry.location)
    if entry.url:
        event.add("url", entry.url)
    event.add("status", entry.certainty)
    return event


def _told(moment: datetime) -> datetime:
    """On the wall clock of the room, so that phones show it so. In the hour that comes twice in October the
    wall clock says which only for the first; the second is told in UTC.
    """
    local = wall(moment)
    return moment if local.fold else local
