"""Reading rooms.

Two statements give a whole room: its row, and everything that hangs on it. Rooms change rarely and stand on
every page, so a process remembers them; one small statement says whether what it remembers still holds.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import Integer, Text, bindparam, cast, literal, null, or_, select, union_all

from ontmoet.db import AnyRow, Memory, execute, lock_row
from ontmoet.kernel.actor import Place

from .models import (
    Corporation,
    OldSlug,
    Opening,
    OpeningException,
    RightOfUse,
    Room,
    UseRule,
    Zone,
)
from .rules import (
    AccessPolicy,
    Facility,
    KeyPlan,
    OpeningHours,
    RoomView,
    Stretch,
    UseKind,
    UseRuleView,
    ZoneView,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_room = Room.__table__
_corporation = Corporation.__table__
_zone = Zone.__table__
_opening = Opening.__table__
_exception = OpeningException.__table__
_use_rule = UseRule.__table__
_right = RightOfUse.__table__
_old_slug = OldSlug.__table__

_ROOMS = select(
    _room,
    _corporation.c.name.label("corporation_name"),
    _corporation.c.phone.label("corporation_phone"),
).join_from(_room, _corporation, _corporation.c.id == 1)

_VERSION = select(_room.c.id, _room.c.version, _room.c.agenda_version)
_VERSION_BY_SLUG = _VERSION.where(_room.c.slug == bindparam("slug"))
_VERSION_BY_ID = _VERSION.where(_room.c.id == bindparam("room_id"))
_ROOM_BY_ID = _ROOMS.where(_room.c.id == bindparam("room_id"))

_NO_NUMBER = cast(null(), Integer)
_NO_TEXT = cast(null(), Text)
_ROOM_ID = bindparam("room_id", type_=Integer)

_memory: Memory[int, RoomView] = Memory(most=1000)

# One statement instead of five: each row says what kind it is, and uses the columns it needs.
_PARTS = union_all(
    select(
        literal("zone").label("kind"),
        _zone.c.id.label("a"),
        _zone.c.capacity.label("b"),
        _zone.c.position.label("c"),
        _zone.c.slug.label("t"),
        _zone.c.name.label("u"),
    ).where(_zone.c.room_id == _ROOM_ID, _zone.c.ended_at.is_(None)),
    select(
        literal("hours"),
        _opening.c.weekday,
        _opening.c.opens,
        _opening.c.closes,
        _NO_TEXT,
        _NO_TEXT,
    ).where(_opening.c.room_id == _ROOM_ID),
    select(
        literal("exception"),
        _NO_NUMBER,
        _exception.c.opens,
        _exception.c.closes,
        cast(_exception.c.day, Text),
        _exception.c.reason,
    ).where(_exception.c.room_id == _ROOM_ID),
    select(
        literal("use"),
        cast(_use_rule.c.needs_approval, Integer),
        _use_rule.c.quota,
        _use_rule.c.quota_from,
        _use_rule.c.kind,
        _NO_TEXT,
    ).where(_use_rule.c.room_id == _ROOM_ID),
    select(literal("right"), _right.c.complex_id, _right.c.home_id, _NO_NUMBER, _NO_TEXT, _NO_TEXT).where(
        _right.c.room_id == _ROOM_ID
    ),
)

_MOVED = (
    select(_room.c.slug)
    .join(_old_slug, _old_slug.c.room_id == _room.c.id)
    .where(_old_slug.c.slug == bindparam("slug"))
)
_EVERY_ROOM = select(_room.c.id, _room.c.slug, _room.c.name, _room.c.door).order_by(_room.c.name)
_KNOWN = select(_room.c.id).where(_room.c.slug == bindparam("slug"))
_LIVE_ROOMS = (
    select(
        _room.c.id,
        _room.c.slug,
        _room.c.name,
        _room.c.door,
        _room.c.address,
        _room.c.town,
        _room.c.welcome,
    )
    .where(_room.c.live_at <= bindparam("now", type_=_room.c.live_at.type))
    .where(
        or_(
            _room.c.closed_at.is_(None),
            _room.c.closed_at > bindparam("now", type_=_room.c.live_at.type),
        )
    )
    .order_by(_room.c.name)
)


def room_by_slug(slug: str) -> RoomView | None:
    """The room; None when there is none of that name."""
    row = execute(_VERSION_BY_SLUG, slug=slug).one_or_none()
    return None if row is None else _remembered(row)


def room_by_id(room_id: int) -> RoomView:
    """A room that is known to exist."""
    return _remembered(execute(_VERSION_BY_ID, room_id=room_id).one())


def room_under(room_id: int, version: int, agenda_version: int) -> RoomView:
    """The room whose versions a statement read along with what it was about."""
    return _remembered((room_id, version, agenda_version))


def is_known(slug: str) -> bool:
    """Whether a room has this name in URLs, live or not: codes are printed before a room opens."""
    return execute(_KNOWN, slug=slug).first() is not None


def moved_to(slug: str) -> str | None:
    """What a room that was called so before is called now."""
    found: str | None = execute(_MOVED, slug=slug).scalar()
    return found


def live_rooms(now: object) -> Sequence[AnyRow]:
    """All rooms people can use now, by name: id, slug, name, door, address, town, welcome."""
    return execute(_LIVE_ROOMS, now=now).all()


def all_rooms() -> list[Place]:
    """Every room there is, open or not, by name."""
    return [Place(*row) for row in execute(_EVERY_ROOM)]


def goes_on_in(room: RoomView) -> RoomView | None:
    """The room in which one that ended goes on, or in which that one does; None for any other room."""
    following = None
    while room.merged_into_id is not None:
        following = room = room_by_id(room.merged_into_id)
    return following


def corporation_name() -> str | None:
    """The name of the corporation; None before the installation has one."""
    return execute(select(_corporation.c.name)).scalar()


class Contact(NamedTuple):
    """Whom to call: the corporation."""

    name: str
    phone: str


def corporation_contact() -> Contact | None:
    """The corporation's name and phone; None before the installation has one."""
    found = execute(select(_corporation.c.name, _corporation.c.phone)).one_or_none()
    return None if found is None else Contact(found.name, found.phone)


def lock_room(room_id: int) -> None:
    """Everything that decides on a room's time waits here. Taken first: room, then home, then card."""
    lock_row(_room, room_id)


def lock_corporation() -> None:
    """What may be there once in all of the corporation waits here: a name, an e-mail address, the last
    administrator. Taken before any room.
    """
    lock_row(_corporation, 1)


def corporation_of(room: RoomView) -> Contact:
    """Whose room it is, and whom to call about it."""
    return Contact(room.corporation_name, room.corporation_phone)


def place_of(room: RoomView) -> Place:
    """The room as the navigation needs it."""
    return Place(room.room_id, room.slug, room.name, room.door)


def _remembered(found: Iterable[int]) -> RoomView:
    room_id, version, agenda_version = found
    room = _memory.recall(room_id, version, lambda: _view(execute(_ROOM_BY_ID, room_id=room_id).one()))
    # The agenda changes often, and a room then stays what it was.
    return room if room.agenda_version == agenda_version else replace(room, agenda_version=agenda_version)


def _view(row: AnyRow) -> RoomView:
    zones: list[tuple[int, ZoneView]] = []
    weekly: defaultdict[int, list[Stretch]] = defaultdict(list)
    exceptions: defaultdict[date, list[Stretch]] = defaultdict(list)
    reasons: dict[date, str] = {}
    use_rules: dict[UseKind, UseRuleView] = {}
    complexes, homes = {row.complex_id}, set()
    for kind, a, b, c, t, u in execute(_PARTS, room_id=row.id):
        if kind == "zone":
            zones.append((c, ZoneView(a, t, u, b)))
        elif kind == "hours":
            weekly[a].append(Stretch(b, c))
        elif kind == "exception":
            stretches = exceptions[date.fromisoformat(t)]
            reasons[date.fromisoformat(t)] = u
            if b is not None:
                stretches.append(Stretch(b, c))
        elif kind == "use":
            use_rules[UseKind(t)] = UseRuleView(bool(a), b, c)
        elif a is not None:
            complexes.add(a)
        else:
            homes.add(b)
    return RoomView(
        room_id=row.id,
        slug=row.slug,
        name=row.name,
        address=row.address,
        town=row.town,
        door=row.door,
        welcome=row.welcome,
        capacity=row.capacity,
        key_plan=KeyPlan(row.key_plan),
        key_note=row.key_note,
        buffer_minutes=row.buffer_minutes,
        horizon_days=row.horizon_days,
        shortest_minutes=row.shortest_minutes,
        longest_minutes=row.longest_minutes,
        usual_minutes=row.usual_minutes,
        live_at=row.live_at,
        closed_at=row.closed_at,
        zones=tuple(zone for _, zone in sorted(zones, key=lambda placed: placed[0])),
        hours=OpeningHours(
            {day: tuple(sorted(found, key=lambda s: s.opens)) for day, found in weekly.items()},
            {day: tuple(sorted(found, key=lambda s: s.opens)) for day, found in exceptions.items()},
            reasons,
        ),
        use_rules=use_rules,
        used_by_complexes=frozenset(complexes),
        used_by_homes=frozenset(homes),
        corporation_name=row.corporation_name,
        corporation_phone=row.corporation_phone,
        version=row.version,
        agenda_version=row.agenda_version,
        series_days=row.series_days,
        access_policy=AccessPolicy(row.access_policy),
        facilities=tuple(Facility(word) for word in row.facilities.split()),
        merged_into_id=row.merged_into_id,
    )
