"""What happens to a room as a whole. Runs inside a unit of work and commits nothing itself."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, insert, select, update

from ontmoet.bookings.ending import call_off_waiting, lapse_overdue
from ontmoet.db import Instant, execute
from ontmoet.kernel.objections import Objection, Refused
from ontmoet.kernel.text import folded_name
from ontmoet.kernel.walltime import day_of
from ontmoet.people.models import Role
from ontmoet.rooms.models import Complex, OldSlug, Room, Zone
from ontmoet.rooms.queries import lock_corporation, lock_room, room_by_id
from ontmoet.rooms.rules import AccessPolicy, Door, KeyPlan
from ontmoet.series.rooms_end import series_end
from ontmoet.trail.actions import FormPost, earlier_or_refused, record, remember_answer

from .coming import coming_in
from .queries import ARRANGED, DESCRIBED, Sheet, contact_among, sheet_of, staff_of
from .rules import Reason, Seen, free_slug, slug_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ontmoet.kernel.actor import Actor

CONTACT = "contact"
NUMBERS = frozenset({"area_m2", "capacity"})
NEEDED_WHEN_LIVE = ("address", "town", "typology", "area_m2")
LONGEST_USUAL, USUAL = 480, 120

_room = Room.__table__
_zone = Zone.__table__
_complex = Complex.__table__
_old = OldSlug.__table__
_role = Role.__table__

_THIS_ROOM = _room.c.id == bindparam("this")
_GO_LIVE = update(_room).where(_THIS_ROOM).values(live_at=bindparam("at", type_=Instant()))
_END = update(_room).where(_THIS_ROOM).values(closed_at=bindparam("at", type_=Instant()))
_RENAME = update(_room).where(_THIS_ROOM).values(name=bindparam("new_name"), slug=bindparam("new_slug"))
_RESIZE = update(_zone).where(_zone.c.id == bindparam("zone")).values(capacity=bindparam("capacity"))
_SLUGS = select(_room.c.slug).union(select(_old.c.slug))
_OWN_OLD = select(_old.c.slug).where(_old.c.room_id == bindparam("this"))
_FORGET_OLD = _old.delete().where(_old.c.slug == bindparam("new_slug"))
_NO_CONTACT = (
    update(_role).where(_role.c.room_id == bindparam("this"), _role.c.is_contact).values(is_contact=False)
)
_CONTACT = update(_role).where(_role.c.id == bindparam("role")).values(is_contact=True)
# Compared here: SQLite knows the capitals of A to Z only.
_COMPLEX_NAMES = select(_complex.c.name)
_ROOM_NAMES = select(_room.c.id, _room.c.name).where(_room.c.complex_id == bindparam("complex_id"))


def once(post: FormPost, add: Callable[[], str], *, now: datetime) -> str:
    """Where a form leads that adds something to the corporation; the same form again adds nothing, and leads
    there too. Raises `Refused`.
    """
    lock_corporation()
    earlier = earlier_or_refused(post, Reason.FORM_REUSED)
    if earlier is not None:
        return earlier
    location = add()
    remember_answer(post, location, now=now)
    return location


def add_complex(name: str, *, actor: Actor, now: datetime) -> str:
    """A new complex without homes; its public id. Raises `Refused` when the name is there already, with or
    without capitals: lists would not know which is meant.
    """
    lock_corporation()
    if folded_name(name) in map(folded_name, execute(_COMPLEX_NAMES).scalars()):
        raise Refused(Objection(Reason.NAME_TAKEN, "name"))
    added = execute(insert(_complex).returning(_complex.c.id, _complex.c.public_id), name=name).one()
    record("complex_added", object_kind="complex", object_id=added.id, actor_id=actor.person_id, now=now)
    public_id: str = added.public_id
    return public_id


def add_room(complex_id: int, name: str, capacity: int, *, actor: Actor, now: datetime) -> str:
    """A new room that nobody can book yet, with one zone; its slug. Everything else is filled in later.
    Raises `Refused` when its complex has a room of that name.
    """
    # Who names a room waits here for whoever names another.
    lock_corporation()
    _refuse_name_of_another(complex_id, name, besides=None)
    slug = free_slug(_slug_or_refuse(name), {slug for (slug,) in execute(_SLUGS)})
    room_id: int = execute(
        insert(_room).returning(_room.c.id),
        complex_id=complex_id,
        slug=slug,
        name=name,
        address="",
        town="",
        typology=None,
        area_m2=None,
        capacity=capacity,
        door=Door.LINDE.value,
        welcome="",
        access_policy=AccessPolicy.TENANTS.value,
        key_plan=KeyPlan.HANDED_OUT.value,
        key_note="",
        buffer_minutes=0,
        horizon_days=180,
        shortest_minutes=30,
        longest_minutes=LONGEST_USUAL,
        usual_minutes=USUAL,
        live_at=None,
        closed_at=None,
    ).scalar_one()
    execute(insert(_zone), room_id=room_id, slug="zaal", name="Zaal", capacity=capacity, position=0)
    _record("room_added", room_id, actor, now)
    return slug


def change_room(
    room_id: int, wanted: Mapping[str, str], *, seen: Seen, seen_version: int, actor: Actor, now: datetime
) -> None:
    """Give columns of a room, or the contact, other values (as text; empty is nothing).

    Raises `Refused` with an objection per field that another changed since the writer saw it, when a room
    that is live would miss something, and when fewer people may come in than into one of its parts.
    """
    lock_room(room_id)
    today = day_of(now)
    sheet = sheet_of(room_id, today=today)
    current = {**sheet.values, CONTACT: contact_in(room_id, now=now)}
    if sheet.version != seen_version:
        clashes = [
            Objection(reason, field, {"now": current[field]})
            for field, reason in seen.clashes(current, wanted)
        ]
        if clashes:
            raise Refused(*clashes)
    changed = {field: value for field, value in wanted.items() if value != current[field]}
    if sheet.live_at is not None:
        empty = [field for field in NEEDED_WHEN_LIVE if changed.get(field) == ""]
        if empty:
            raise Refused(*(Objection(Reason.NEEDED_WHEN_LIVE, field) for field in empty))
    if "capacity" in changed:
        _fit_parts(room_id, int(changed["capacity"]))
    columns = {
        field: _stored(field, value) for field, value in changed.items() if field in (*ARRANGED, *DESCRIBED)
    }
    if columns:
        execute(update(_room).where(_room.c.id == room_id).values(**columns))
    if CONTACT in changed:
        _name_contact(room_id, changed[CONTACT], now=now)
    if changed:
        _record("room_changed", room_id, actor, now, fields=sorted(changed))


def _fit_parts(room_id: int, capacity: int) -> None:
    """No part is larger than its room. The only part of a room is the room, and follows it."""
    room = room_by_id(room_id)
    larger = [zone for zone in room.zones if zone.capacity > capacity]
    if larger and room.is_divisible:
        facts = {"part": larger[0].name, "most": larger[0].capacity}
        raise Refused(Objection(Reason.SMALLER_THAN_PART, "capacity", facts))
    for zone in larger:
        execute(_RESIZE, zone=zone.zone_id, capacity=capacity)


def go_live(room_id: int, *, actor: Actor, now: datetime) -> None:
    """From now on people can book the room. Raises `Refused` as long as something is missing (GE-01)."""
    lock_room(room_id)
    sheet = sheet_of(room_id, today=day_of(now))
    if sheet.live_at is not None:
        raise Refused(Objection(Reason.ALREADY_SO))
    if sheet.missing:
        raise Refused(Objection(Reason.STILL_MISSING))
    execute(_GO_LIVE, this=room_id, at=now)
    _record("room_went_live", room_id, actor, now)


def rename(room_id: int, name: str, *, actor: Actor, now: datetime) -> str:
    """Another name, and with it another address; the new slug. Codes with the old one go on working. The name
    it has already changes nothing. Raises `Refused` when its complex has another room of that name.
    """
    lock_corporation()
    lock_room(room_id)
    sheet = sheet_of(room_id, today=day_of(now))
    if name == sheet.name:
        return sheet.slug
    _refuse_name_of_another(sheet.complex_id, name, besides=room_id)
    own = {sheet.slug, *execute(_OWN_OLD, this=room_id).scalars()}
    slug = free_slug(_slug_or_refuse(name), {slug for (slug,) in execute(_SLUGS)} - own)
    if slug != sheet.slug:
        # A name that comes back is no old one any more.
        execute(_FORGET_OLD, new_slug=slug)
        execute(insert(_old), slug=sheet.slug, room_id=room_id)
    execute(_RENAME, this=room_id, new_name=name, new_slug=slug)
    _record("room_renamed", room_id, actor, now, was=sheet.slug, now_is=slug)
    return slug


def end_room(room_id: int, *, actor: Actor, now: datetime) -> None:
    """Closed for good. Raises `Refused` as long as something is booked."""
    lock_room(room_id)
    sheet = sheet_of(room_id, today=day_of(now))
    if sheet.live_at is None or sheet.closed_at is not None:
        raise Refused(Objection(Reason.ALREADY_SO))
    lapse_overdue(room_id, now=now)
    if coming_in(room_id, now=now):
        raise Refused(Objection(Reason.HAS_BOOKINGS))
    call_off_waiting(room_id, now=now)
    series_end(room_id, now=now)
    execute(_END, this=room_id, at=now)
    _record("room_ended", room_id, actor, now)


def contact_in(room_id: int, *, now: datetime) -> str:
    """The public id of the contact at the corporation now, empty when nobody is (GE-05)."""
    return contact_among(staff_of(room_id, today=day_of(now)))


def values_of(sheet: Sheet, contact: str) -> dict[str, str]:
    """All that can be changed, as text."""
    return {**sheet.values, CONTACT: contact}


def _name_contact(room_id: int, public_id: str, *, now: datetime) -> None:
    role_id = next(
        (one.role_id for one in staff_of(room_id, today=day_of(now)) if one.public_id == public_id), None
    )
    execute(_NO_CONTACT, this=room_id)
    if role_id is not None:
        execute(_CONTACT, role=role_id)


def _stored(field: str, value: str) -> str | int | None:
    if field in NUMBERS:
        return int(value) if value else None
    return value or None if field == "typology" else value


def _refuse_name_of_another(complex_id: int, name: str, *, besides: int | None) -> None:
    others = [other for room_id, other in execute(_ROOM_NAMES, complex_id=complex_id) if room_id != besides]
    if folded_name(name) in map(folded_name, others):
        raise Refused(Objection(Reason.NAME_TAKEN, "name"))


def _slug_or_refuse(name: str) -> str:
    slug = slug_of(name)
    if not slug:
        raise Refused(Objection(Reason.NO_NAME_IN_ADDRESS, "name"))
    return slug


def _record(action: str, room_id: int, actor: Actor, now: datetime, **changes: object) -> None:
    record(
        action,
        object_kind="room",
        object_id=room_id,
        room_id=room_id,
        actor_id=actor.person_id,
        now=now,
        changes=changes,
    )
