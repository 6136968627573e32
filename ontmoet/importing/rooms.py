"""Rooms with their parts, hours and rules. The same name in the same complex is the same room.

A room that is there already stays as it is, unless nobody did anything with it yet: what `flask init` and
the page for a new room make has a name only, and is filled in.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, select, update

from ontmoet.arranging.hours_rules import week_in
from ontmoet.arranging.queries import sheet_of
from ontmoet.arranging.rules import Facts, free_slug, missing_from, slug_of
from ontmoet.arranging.use_rules import settings_of
from ontmoet.bookings.models import Booking
from ontmoet.db import execute
from ontmoet.kernel.objections import Objection, Refused
from ontmoet.kernel.walltime import day_of
from ontmoet.rooms.models import Complex, Home, OldSlug, Opening, RightOfUse, Room, UseRule, Zone
from ontmoet.rooms.queries import room_by_id
from ontmoet.rooms.rules import Facility, UseKind

from .columns import Kind
from .homes import complexes_named, insert_in_lots
from .room_cells import RoomSheet, read_room
from .rules import NEW_COMPLEXES, Judged, Reason, State, fault_of_cells, folded, wrong, wrong_by

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from .rules import Row

_room, _zone, _home, _complex = Room.__table__, Zone.__table__, Home.__table__, Complex.__table__
_opening, _right, _rule = Opening.__table__, RightOfUse.__table__, UseRule.__table__
_COMPLEXES = select(_complex.c.id, _complex.c.name)
_HOMES = (
    select(_home.c.complex_id, func.count())
    .where(_home.c.ended_at.is_(None), _home.c.complex_id.is_not(None))
    .group_by(_home.c.complex_id)
)
_ROOMS = select(_room.c.id).order_by(_room.c.id)
_SLUGS = select(_room.c.slug).union(select(OldSlug.__table__.c.slug))
_BOOKED = select(Booking.__table__.c.room_id).distinct()


@dataclass(frozen=True, slots=True)
class _There:
    """A room that the database has."""

    room_id: int
    sheet: RoomSheet
    is_bare: bool


class _Known:
    """What is there: rooms by complex and name, names in addresses, and how many homes a complex has."""

    def __init__(self, now: datetime) -> None:
        booked = set(execute(_BOOKED).scalars())
        self.rooms = {
            (folded(sheet.complex_name), folded(sheet.name)): _There(
                room_id, sheet, room_id not in booked and sheet == _bare(sheet)
            )
            for room_id, sheet in sheets_of_rooms(now, with_closed=True).items()
        }
        self.slugs = set(execute(_SLUGS).scalars())
        self.given = set(self.slugs)
        names = {complex_id: folded(name) for complex_id, name in execute(_COMPLEXES)}
        self.complexes = set(names.values())
        self.shared_names = {name for name, number in Counter(names.values()).items() if number > 1}
        self.homes: Counter[str] = Counter()
        for complex_id, number in execute(_HOMES):
            self.homes[names[complex_id]] += number


def sheets_of_rooms(now: datetime, *, with_closed: bool = False) -> dict[int, RoomSheet]:
    """Every room as a list has it, by id; those that are closed for good only when asked for."""
    every = [sheet_of(room_id, today=day_of(now)) for room_id in execute(_ROOMS).scalars().all()]
    sheets = [sheet for sheet in every if with_closed or sheet.closed_at is None]
    complexes = {complex_id: name for complex_id, name in execute(_COMPLEXES)}
    found = {}
    for sheet in sheets:
        room = room_by_id(sheet.room_id)
        others = sorted(complexes[one] for one in room.used_by_complexes if one != sheet.complex_id)
        found[sheet.room_id] = RoomSheet(
            complex_name=sheet.complex_name,
            name=sheet.name,
            slug=sheet.slug,
            capacity=room.capacity,
            address=sheet.values["address"],
            town=sheet.values["town"],
            typology=sheet.values["typology"],
            area_m2=int(sheet.values["area_m2"]) if sheet.values["area_m2"] else None,
            parts=tuple((zone.name, zone.capacity) for zone in room.zones),
            week=week_in(room.hours),
            access_policy=sheet.values["access_policy"],
            also_for=tuple(others),
            key_plan=sheet.values["key_plan"],
            key_note=sheet.values["key_note"],
            facilities=tuple(one.value for one in Facility if one in room.facilities),
            welcome=sheet.values["welcome"],
            door=sheet.door,
            settings=settings_of(room),
            is_live=sheet.live_at is not None and sheet.closed_at is None,
        )
    return found


def judge_rooms(rows: Sequence[Row], *, now: datetime) -> list[Judged]:
    """What would happen with each row; nothing is stored."""
    known = _Known(now)
    known.given |= {slug_of(row.cells.get("korte naam", "")) for row in rows}
    seen: dict[tuple[str, str], int] = {}
    return [_judged(row, known, seen) for row in rows]


def store_rooms(judged: Sequence[Judged], *, now: datetime) -> None:
    """Store what is new. Runs inside a unit of work, right after `judge_rooms` in it."""
    new = [one.values for one in judged if one.state is State.NEW]
    sheets = [sheet for values in new if isinstance(sheet := values["sheet"], RoomSheet)]
    complexes = complexes_named(name for sheet in sheets for name in (sheet.complex_name, *sheet.also_for))
    for values, sheet in zip(new, sheets, strict=True):
        complex_id = complexes[folded(sheet.complex_name)]
        also = {complexes[folded(name)] for name in sheet.also_for} - {complex_id}
        columns = _columns(sheet, complex_id, live_at=now if values["goes_live"] else None)
        room_id = values["room_id"]
        _store(room_id if isinstance(room_id, int) else None, sheet, columns, also)


def _bare(sheet: RoomSheet) -> RoomSheet:
    """The same room as it is when it was just made."""
    cells = {
        "complex": sheet.complex_name,
        "ruimte": sheet.name,
        "korte naam": sheet.slug,
        "mensen": str(sheet.capacity),
    }
    return read_room(cells)


def _judged(row: Row, known: _Known, seen: dict[tuple[str, str], int]) -> Judged:
    fault = fault_of_cells(Kind.ROOMS, row)
    if fault is not None:
        return fault
    key = (folded(row.cells["complex"]), folded(row.cells["ruimte"]))
    if key in seen:
        return wrong(row.number, Reason.TWICE, "ruimte", other=seen[key])
    seen[key] = row.number
    if key[0] in known.shared_names:
        return wrong(row.number, Reason.COMPLEX_NAME_TWICE, "complex")
    try:
        sheet = read_room(row.cells)
    except Refused as refusal:
        return wrong_by(row.number, refusal)
    there = known.rooms.get(key)
    if there is not None and sheet.slug and sheet.slug != there.sheet.slug and not there.is_bare:
        return wrong(row.number, Reason.HAS_OTHER_SHORT_NAME, "korte naam", name=there.sheet.slug)
    if there is not None and not there.is_bare:
        return Judged(row.number, State.ALREADY)
    slug = _slug(sheet, there, known)
    if isinstance(slug, Reason):
        return wrong(row.number, slug, "korte naam" if sheet.slug else "ruimte", name=sheet.slug)
    known.slugs.add(slug)
    known.given.add(slug)
    return _new(row.number, replace(sheet, slug=slug), there, known)


def _slug(sheet: RoomSheet, there: _There | None, known: _Known) -> str | Reason:
    own = there.sheet.slug if there else ""
    if sheet.slug:
        is_taken = sheet.slug in known.slugs and sheet.slug != own
        return Reason.SHORT_NAME_TAKEN if is_taken else sheet.slug
    if own:
        return own
    proposed = slug_of(sheet.name)
    return free_slug(proposed, known.given) if proposed else Reason.NO_SHORT_NAME


def _new(number: int, sheet: RoomSheet, there: _There | None, known: _Known) -> Judged:
    complexes = {folded(name) for name in (sheet.complex_name, *sheet.also_for)}
    facts = Facts(
        sheet.address,
        sheet.town,
        sheet.typology,
        sheet.area_m2,
        zones=len(sheet.parts),
        homes=sum(known.homes[name] for name in complexes),
        days_open=sum(bool(day) for day in sheet.week),
    )
    missing = missing_from(facts)
    stays_shut = Objection(Reason.STAYS_SHUT, "open", {"missing": missing})
    values = {
        "sheet": sheet,
        "goes_live": sheet.is_live and not missing,
        "room_id": there.room_id if there else None,
        NEW_COMPLEXES: tuple(
            name for name in (sheet.complex_name, *sheet.also_for) if folded(name) not in known.complexes
        ),
    }
    return Judged(number, State.NEW, stays_shut if sheet.is_live and missing else None, values)


def _store(room_id: int | None, sheet: RoomSheet, columns: Mapping[str, object], also: set[int]) -> None:
    parts = [
        {"slug": slug, "name": name, "capacity": most, "position": position, "ended_at": None}
        for position, (slug, (name, most)) in enumerate(_with_slugs(sheet.parts))
    ]
    if room_id is None:
        room_id = execute(insert(_room).returning(_room.c.id), **columns).scalar_one()
    else:
        execute(update(_room).where(_room.c.id == room_id).values(**columns))
        execute(update(_zone).where(_zone.c.room_id == room_id).values(**parts.pop(0)))
        execute(delete(_rule).where(_rule.c.room_id == room_id))
    insert_in_lots(_zone, [{**part, "room_id": room_id} for part in parts])
    hours = [
        {"room_id": room_id, "weekday": weekday, "opens": one.opens, "closes": one.closes}
        for weekday, day in enumerate(sheet.week)
        for one in day
    ]
    insert_in_lots(_opening, hours)
    insert_in_lots(_right, [{"room_id": room_id, "complex_id": one, "home_id": None} for one in sorted(also)])
    own = {"kind": UseKind.OWN, "needs_approval": sheet.settings.own_asks}
    turns = {"quota": sheet.settings.quota, "quota_from": sheet.settings.quota_from}
    for_all = {"kind": UseKind.OPEN_ACTIVITY, "needs_approval": sheet.settings.open_asks}
    rules = [{**own, **turns}, {**for_all, "quota": None, "quota_from": 0}]
    insert_in_lots(_rule, [{**rule, "room_id": room_id} for rule in rules])


def _with_slugs(parts: Sequence[tuple[str, int]]) -> list[tuple[str, tuple[str, int]]]:
    found: dict[str, tuple[str, int]] = {}
    for part in parts:
        found[free_slug(slug_of(part[0]), found)] = part
    return list(found.items())


def _columns(sheet: RoomSheet, complex_id: int, *, live_at: datetime | None) -> dict[str, object]:
    return {
        "complex_id": complex_id,
        "slug": sheet.slug,
        "name": sheet.name,
        "address": sheet.address,
        "town": sheet.town,
        "typology": sheet.typology or None,
        "area_m2": sheet.area_m2,
        "capacity": sheet.capacity,
        "door": sheet.door,
        "welcome": sheet.welcome,
        "access_policy": sheet.access_policy,
        "key_plan": sheet.key_plan,
        "key_note": sheet.key_note,
        "facilities": " ".join(sheet.facilities),
        "buffer_minutes": sheet.settings.buffer,
        "horizon_days": sheet.settings.horizon_days,
        "shortest_minutes": sheet.settings.shortest,
        "longest_minutes": sheet.settings.longest,
        "usual_minutes": sheet.settings.usual,
        "series_days": sheet.settings.series_days,
        "live_at": live_at,
        "closed_at": None,
    }
