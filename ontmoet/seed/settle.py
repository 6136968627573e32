"""Turns the plans of the world into rows: corporation, complexes, homes, rooms, people and roles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import cycle, islice
from random import Random
from typing import TYPE_CHECKING

from ontmoet.kernel.actor import Function
from ontmoet.kernel.tokens import ALPHABET, PUBLIC_ID_LENGTH
from ontmoet.kernel.walltime import day_of, start_of
from ontmoet.people.models import Organisation, Person, Residency, Role
from ontmoet.people.passwords import hash_password
from ontmoet.people.personas import PASSWORD, PERSONAS
from ontmoet.people.rules import Channel
from ontmoet.rooms.models import (
    Complex,
    Corporation,
    Home,
    Opening,
    OpeningException,
    Room,
    UseRule,
    Zone,
)
from ontmoet.rooms.rules import UseKind

from .house_rules import add_house_rules
from .joining import add_letters, add_pins
from .names import draw_names
from .neighbours import add_neighbours
from .world import CAST, CORPORATION, CORPORATION_PHONE, HOLIDAYS, NEIGHBOURS, ORGANISATIONS, PHONES, TOWN

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from .house_rules import Agreed
    from .world import CastMember, RoomPlan
    from .writing import Rows

BEGINNING = timedelta(days=3 * 365)
"""The rooms are open, and the cast does what it does, since this long."""

_EMAIL = {persona.name: persona.email for persona in PERSONAS}


@dataclass(frozen=True, slots=True)
class Booker:
    """Somebody for whom a booking can be made: their home, their organisation, or the corporation."""

    person_id: int
    home_id: int | None = None
    organisation_id: int | None = None
    name: str = ""
    """Of the cast only."""


@dataclass(frozen=True, slots=True)
class SettledRoom:
    """A room with its ids. `residents` are one for each home in which nobody of the cast lives."""

    plan: RoomPlan
    room_id: int
    zone_ids: dict[str, int]
    residents: tuple[Booker, ...]
    agreed: Agreed


@dataclass(frozen=True, slots=True)
class Settled:
    """Everybody and everything that history is going to happen to. The cast by given name."""

    rooms: tuple[SettledRoom, ...]
    cast: dict[str, Booker]
    people: int


def settle(rows: Rows, plans: Sequence[RoomPlan], *, people: int, now: datetime, dice: Random) -> Settled:
    """Add the world to `rows`: these rooms, the cast, and generated residents up to `people`.

    There are at least as many people as homes and cast together.
    """
    today = day_of(now)
    rows.add(Corporation, name=CORPORATION, phone=CORPORATION_PHONE)
    complexes = {
        plan.slug: rows.add(Complex, public_id=_public_id(f"complex {plan.slug}"), name=plan.name)
        for plan in plans
    }
    homes = {plan.slug: _add_homes(rows, plan, complexes[plan.slug]) for plan in plans}
    room_ids = {plan.slug: _add_room(rows, plan, complexes[plan.slug], now) for plan in plans}
    cast = _add_cast(rows, homes, room_ids, today - BEGINNING, today)
    add_pins(rows, cast)
    taken = {booker.home_id for booker in cast.values()}
    every_home = [home for in_complex in homes.values() for home in in_complex]
    free_homes = [home for home in every_home if home not in taken]
    dice.shuffle(free_homes)
    known = {member.name for member in CAST}
    names = draw_names(people - len(cast) - len(NEIGHBOURS), besides=known, dice=dice)
    residents = _add_residents(rows, names, free_homes, today, dice)
    add_letters(
        rows,
        homes["de-linde"],
        who_lives={home: booker.person_id for home, booker in _by_home(residents, cast).items()},
        made_by_id=cast["Sanne"].person_id,
        now=now,
    )
    add_neighbours(rows, room_ids, cast, today - timedelta(days=200))
    rooms = []
    for plan in plans:
        room_id = room_ids[plan.slug]
        neighbours = tuple(residents[home] for home in homes[plan.slug] if home in residents)
        named = [cast[member.given_name] for member in CAST if member.may_book_in(plan.slug)]
        agreed = add_house_rules(
            rows,
            plan.slug,
            room_id,
            [*neighbours, *named],
            on_paper={cast["Henk"].person_id: cast["Bram"].person_id},
            opened_at=start_of(today - BEGINNING),
            now=now,
        )
        rooms.append(SettledRoom(plan, room_id, _add_zones(rows, plan, room_id), neighbours, agreed))
    return Settled(tuple(rooms), cast, people)


def _by_home(residents: dict[int, Booker], cast: dict[str, Booker]) -> dict[int, Booker]:
    """Who came first in each home, the cast included."""
    named = {booker.home_id: booker for booker in cast.values() if booker.home_id is not None}
    return {**residents, **named}


def _add_homes(rows: Rows, plan: RoomPlan, complex_id: int) -> list[int]:
    return [
        rows.add(
            Home,
            complex_id=complex_id,
            address_name=f"{plan.address_prefix}-{number}",
            address=f"{plan.address}-{number}",
        )
        for number in range(1, plan.homes + 1)
    ]


def _add_room(rows: Rows, plan: RoomPlan, complex_id: int, now: datetime) -> int:
    room_id = rows.add(
        Room,
        complex_id=complex_id,
        slug=plan.slug,
        name=plan.name,
        address=plan.address,
        town=TOWN,
        typology=plan.typology,
        area_m2=plan.area_m2,
        capacity=plan.capacity,
        door=plan.door,
        welcome=plan.welcome,
        access_policy=plan.access_policy,
        key_plan=plan.key_plan,
        key_note=plan.key_note,
        buffer_minutes=plan.buffer_minutes,
        horizon_days=180,
        shortest_minutes=30,
        longest_minutes=plan.longest_minutes,
        usual_minutes=120,
        live_at=start_of(day_of(now) - BEGINNING),
        closed_at=None,
    )
    rows.add(
        UseRule,
        room_id=room_id,
        kind=UseKind.OWN,
        needs_approval=plan.needs_approval,
        quota=plan.quota,
        quota_from=plan.quota_from,
    )
    for weekday, stretch in enumerate(plan.hours):
        if stretch is not None:
            rows.add(
                Opening,
                room_id=room_id,
                weekday=weekday,
                opens=stretch.opens,
                closes=stretch.closes,
            )
    if plan.shut_on_holidays:
        _add_holidays(rows, room_id, day_of(now).year)
    return room_id


def _add_holidays(rows: Rows, room_id: int, year: int) -> None:
    for other_year in range(year - 2, year + 2):
        for (month, day), reason in HOLIDAYS.items():
            rows.add(
                OpeningException,
                room_id=room_id,
                day=date(other_year, month, day),
                opens=None,
                closes=None,
                reason=reason,
            )


def _add_zones(rows: Rows, plan: RoomPlan, room_id: int) -> dict[str, int]:
    return {
        zone.slug: rows.add(
            Zone,
            room_id=room_id,
            slug=zone.slug,
            name=zone.name,
            capacity=zone.capacity,
            position=position,
        )
        for position, zone in enumerate(plan.zones)
    }


def _add_cast(
    rows: Rows, homes: dict[str, list[int]], room_ids: dict[str, int], since: date, today: date
) -> dict[str, Booker]:
    organisations = {
        name: rows.add(Organisation, public_id=_public_id(f"organisation {name}"), name=name, kind=kind)
        for name, kind in ORGANISATIONS.items()
    }
    cast = {}
    for member in CAST:
        booker = Booker(
            _add_person(rows, member.name),
            homes[member.home[0]][member.home[1] - 1] if member.home else None,
            organisations.get(member.organisation),
            member.name,
        )
        if booker.home_id is not None:
            _add_residency(rows, booker.person_id, booker.home_id, since)
        _add_roles(rows, member, booker, room_ids, since, today)
        cast[member.given_name] = booker
    return cast


def _add_person(rows: Rows, name: str) -> int:
    email = _EMAIL.get(name)
    return rows.add(
        Person,
        public_id=_public_id(rows.count(Person)),
        name=name,
        email=email,
        phone=PHONES.get(name),
        password_hash=hash_password(PASSWORD) if email else None,
        language="nl",
        channel=Channel.MAIL if email else Channel.CALL,
        guardian_id=None,
        erased_at=None,
        merged_into_id=None,
    )


def _public_id(of: int | str) -> str:
    return "".join(Random(of).choices(ALPHABET, k=PUBLIC_ID_LENGTH))


def _add_residency(rows: Rows, person_id: int, home_id: int, since: date) -> None:
    rows.add(Residency, person_id=person_id, home_id=home_id, since=since, until=None)


def _add_roles(
    rows: Rows,
    member: CastMember,
    booker: Booker,
    room_ids: dict[str, int],
    since: date,
    today: date,
) -> None:
    for function, slug in member.functions:
        rows.add(
            Role,
            person_id=booker.person_id,
            room_id=room_ids[slug] if slug else None,
            organisation_id=booker.organisation_id,
            function=function,
            is_contact=function is Function.STAFF,
            since=since,
            until=today + member.stops_after if member.stops_after else None,
            granted_by_id=None,
        )


def _add_residents(
    rows: Rows, names: Sequence[str], homes: Iterable[int], today: date, dice: Random
) -> dict[int, Booker]:
    """Go round the homes until everybody lives somewhere; who came first in each home books for it."""
    residents: dict[int, Booker] = {}
    for name, home_id in zip(names, islice(cycle(homes), len(names)), strict=True):
        person_id = _add_person(rows, name)
        since = today - timedelta(days=dice.randint(900, 9000))
        _add_residency(rows, person_id, home_id, since)
        residents.setdefault(home_id, Booker(person_id, home_id))
    return residents
