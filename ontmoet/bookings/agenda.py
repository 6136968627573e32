"""The agenda in words: the lines of a list or a day, and the gaps between them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from markupsafe import Markup

from ontmoet.kernel.timeslot import TimeSlot, gaps
from ontmoet.kernel.walltime import day_of, minutes_of
from ontmoet.web import dates
from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import ngettext

from .alternatives import last_day_searched, next_quarter
from .bars import shut_zones
from .form_links import path_to_free
from .wording import closed_until_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ontmoet.rooms.rules import RoomView, ZoneView

    from .agenda_queries import AgendaLine
    from .rules import Taken


@dataclass(slots=True)
class Entry:
    """One line of the agenda, ready to show. What only lists show is made when it is asked for. `where` is
    the part that is free, when another one is closed; `parts_free` those beside a booking, each with the
    way to it.
    """

    kind: str
    word: str
    title: str
    facts: list[str]
    slot: TimeSlot
    starts_at: int
    ends_at: int
    href: str | None
    data: Markup
    is_free: bool = False
    is_all_day: bool = False
    where: str = ""
    parts_free: tuple[tuple[str, str], ...] = ()

    @property
    def starts(self) -> str:
        return _("hele dag") if self.is_all_day else dates.clock_of(self.starts_at)

    @property
    def until(self) -> str:
        return "" if self.is_all_day else _("tot %(time)s", time=dates.clock_of(self.ends_at))

    @property
    def moment(self) -> str:
        """Its day and times, to tell it from the others."""
        return f"{dates.long_day(day_of(self.slot.starts))}, {self.starts} {self.until}".rstrip()

    @property
    def note(self) -> str:
        return ". ".join(dates.capitalised(fact) for fact in self.facts)


def entry_of(line: AgendaLine, room: RoomView) -> Entry:
    """A booking or closure in words, as far as its reader may know."""
    kind, word = _kind_and_word(line)
    if line.is_works:
        facts = [_("er komt binnen: %(who)s", who=line.name)]
    else:
        who_where = [line.name, zone_words(line.zone_ids, room), _people(line.people)]
        facts = [_still_to_say(line), *who_where, _closed_longer(line)]
    if line.is_open and not line.is_mine:
        facts.append(_("iedereen welkom"))
    return Entry(
        kind=kind,
        word=word,
        title=line.title or _own_title(line),
        facts=[fact for fact in facts if fact],
        slot=line.slot,
        starts_at=line.starts_at,
        ends_at=line.ends_at,
        href=f"/reserveringen/{line.public_id}" if line.may_see else None,
        data=_data(line),
        is_all_day=line.is_all_day,
    )


def day_entries(
    day: date, lines: Sequence[AgendaLine], taken: Sequence[Taken], room: RoomView, now: datetime
) -> list[Entry]:
    """A day from opening to closing: what is booked, and the gaps in which the whole room is free and can be
    booked, but for the parts that are closed all day, or all that is left of it.
    """
    can_be_booked = room.is_open_to_bookings(now) and day <= last_day_searched(room, now)
    buffer = timedelta(minutes=room.buffer_minutes)
    entries = []
    for line in lines:
        if line.day != day:
            continue
        entry = entry_of(line, room)
        free = _zones_free_during(line, taken, room)
        if free and line.slot.ends > now and not line.is_closure and not line.is_works:
            names = _(" en ").join(zone.name.lower() for zone in free)
            entry.facts.append(_("Nog vrij: %(zones)s", zones=names))
            usable = _usable(line.slot, now, timedelta())
            if can_be_booked and usable and usable.length >= timedelta(minutes=room.shortest_minutes):
                offered = _usual(usable, room)
                held = {t.zone_id for t in taken if t.slot.overlaps(offered.with_tail(buffer))}
                entry.parts_free = tuple(
                    (zone.name, path_to_free(room, offered, zone))
                    for zone in free
                    if zone.zone_id not in held
                )
        entries.append(entry)
    open_ids = room.zone_ids - shut_zones(room, day, taken, now=now)
    for open_ in room.hours.slots_on(day) if can_be_booked else ():
        for gap in gaps(open_, [t.slot for t in taken if t.zone_id in open_ids]):
            usable = _usable(gap, now, buffer if gap.ends != open_.ends else timedelta())
            if usable is None or usable.length < timedelta(minutes=room.shortest_minutes):
                continue
            entries.append(_free_entry(usable, open_ids, room))
    return sorted(entries, key=lambda entry: (entry.slot, entry.is_free))


def day_remark(day: date, room: RoomView, now: datetime, *, is_empty: bool) -> str:
    """What there is to say of a day besides its lines: why there are none, and why nothing is offered."""
    if not room.hours.on(day):
        return _("Deze dag is de ruimte dicht.") if is_empty else ""
    today, last_day = day_of(now), last_day_searched(room, now)
    if day < today:
        return _("Deze dag stond er niets in de agenda.") if is_empty else ""
    nothing = [_("Er staat niets in de agenda.")] if is_empty else []
    if not room.is_open_to_bookings(now):
        nothing.append(_("Je kunt hier nu niet reserveren."))
    elif day > last_day:
        until = dates.near_day(last_day, today)
        nothing.append(_("Je kunt nu reserveren tot en met %(day)s.", day=until))
    elif is_empty:
        nothing.append(_("Er is geen tijd meer vrij."))
    return " ".join(nothing)


def list_remark(first: date, after: date, room: RoomView, now: datetime) -> tuple[str, str]:
    """(title, sentence) about weeks of which nothing stands in the agenda, from the day `first` on."""
    today, last_day = day_of(now), last_day_searched(room, now)
    if after <= today:
        return _("Niets gepland"), _("Deze weken stond er niets in de agenda.")
    if not room.is_open_to_bookings(now):
        return _("Niets gepland"), _("Je kunt hier nu niet reserveren.")
    if after - timedelta(days=1) > last_day:
        until = dates.near_day(last_day, today)
        return _("Nog niets gepland"), _("Je kunt nu reserveren tot en met %(day)s.", day=until)
    if not any(room.hours.on(first + timedelta(days=ahead)) for ahead in range((after - first).days)):
        return _("Niets gepland"), _("Deze weken is de ruimte dicht.")
    return _("Nog niets gepland"), _("Deze weken is alles nog vrij.")


def zone_words(zone_ids: frozenset[int], room: RoomView) -> str:
    """Which parts of a divisible room; empty when the room has one part."""
    if not room.is_divisible:
        return ""
    if zone_ids >= room.zone_ids:
        return _("hele ruimte")
    return _(" en ").join(z.name.lower() for z in room.zones if z.zone_id in zone_ids)


def _kind_and_word(line: AgendaLine) -> tuple[str, str]:
    if line.is_closure:
        return "closed", _("gesloten")
    if line.is_works:
        return "works", _("werk")
    if line.is_request:
        return "asked", _("aangevraagd")
    if line.is_offered:
        return "asked", _("voor jou vrijgehouden") if line.is_mine else _("vrijgehouden")
    if line.is_mine:
        return "mine", _("van jou")
    if line.is_open:
        return "open", ""
    return "busy", _("bezet")


def _own_title(line: AgendaLine) -> str:
    """What the reader's own is called when they gave it no name."""
    if not line.is_mine:
        return ""
    if line.is_offered:
        return _("Vrijgekomen tijd")
    return _("Jouw aanvraag") if line.is_request else _("Jouw reservering")


def _still_to_say(line: AgendaLine) -> str:
    """Who must say yes before an offered time is a booking."""
    if not line.is_offered:
        return ""
    return _("zeg nog of je hem wilt") if line.is_mine else _("wacht nog op een ja")


def _closed_longer(line: AgendaLine) -> str:
    """Until when, of a closure that goes on after this day."""
    is_longer = line.closed_until is not None and line.closed_until != line.slot.ends
    return closed_until_words(line.closed_until, line.day) if line.closed_until and is_longer else ""


def _people(number: int | None) -> str:
    if number is None:
        return ""
    return ngettext("%(num)s persoon", "%(num)s mensen", number)


def _data(line: AgendaLine) -> Markup:
    """What programs read from a line (contract): its id, and its times in UTC."""
    kind = "works" if line.is_works else "closure" if line.is_closure else "booking"
    starts, ends = dates.iso(line.slot.starts), dates.iso(line.slot.ends)
    return Markup(  # noqa: S704 - our own id and times
        f' data-{kind}="{line.public_id}" data-starts="{starts}" data-ends="{ends}"'
    )


def _zones_free_during(line: AgendaLine, taken: Sequence[Taken], room: RoomView) -> list[ZoneView]:
    busy = {t.zone_id for t in taken if t.slot.overlaps(line.slot)}
    return [zone for zone in room.zones if zone.zone_id not in busy]


def _usual(free: TimeSlot, room: RoomView) -> TimeSlot:
    """As much of it as people usually book."""
    return TimeSlot(free.starts, min(free.ends, free.starts + timedelta(minutes=room.usual_minutes)))


def _usable(gap: TimeSlot, now: datetime, buffer: timedelta) -> TimeSlot | None:
    """The part of a gap that can still be booked: not what is past, and on a quarter of an hour."""
    starts = gap.starts if gap.starts >= now else next_quarter(now)
    ends = gap.ends - buffer
    return TimeSlot(starts, ends) if starts < ends else None


def _free_entry(gap: TimeSlot, zone_ids: frozenset[int], room: RoomView) -> Entry:
    offered = _usual(gap, room)
    zone = next(zone for zone in room.zones if zone.zone_id in zone_ids)
    where = zone_words(zone_ids, room) if zone_ids != room.zone_ids else ""
    return Entry(
        kind="free",
        word=_("vrij"),
        title="",
        facts=[fact for fact in (_("van %(times)s", times=dates.times_in_words(gap)), where) if fact],
        slot=gap,
        starts_at=minutes_of(gap.starts),
        ends_at=dates.end_minutes(gap),
        href=path_to_free(room, offered, zone),
        data=Markup(),
        is_free=True,
        where=dates.capitalised(where),
    )
