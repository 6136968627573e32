"""Calendars as programs of others read them."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

import vobject
from icalendar import Calendar

if TYPE_CHECKING:
    from icalendar import Event


def events(body: bytes) -> list[Event]:
    """What two readers that know nothing of each other both find."""
    ours = Calendar.from_ical(body).walk("VEVENT")
    theirs = list(vobject.readOne(body.decode()).contents.get("vevent", []))
    assert [(e["UID"], e.start.astimezone(UTC), e["SUMMARY"]) for e in ours] == [
        (e.uid.value, e.dtstart.value.astimezone(UTC), e.summary.value) for e in theirs
    ]
    return list(ours)
