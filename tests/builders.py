"""Plain functions that put one thing in the database and give its id. Keyword-only, few defaults."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import insert, update

from ontmoet.db import execute, unit_of_work
from ontmoet.house_rules.models import Acceptance, RulesVersion
from ontmoet.kernel import clock
from ontmoet.kernel.actor import Function
from ontmoet.kernel.tokens import new_public_id
from ontmoet.kernel.walltime import day_of, instant
from ontmoet.people.models import Credential, Organisation, Person, Residency, Role, Session
from ontmoet.people.passwords import hash_password
from ontmoet.rooms.models import (
    Complex,
    Corporation,
    Home,
    Opening,
    OpeningException,
    RightOfUse,
    Room,
    UseRule,
    Zone,
)
from ontmoet.rooms.rules import UseKind

PASSWORD = "een goed wachtwoord"
PIN = "483917"


def _put(model: Any, **values: Any) -> int:
    with unit_of_work():
        new_id: int = execute(insert(model.__table__).returning(model.__table__.c.id), **values).scalar_one()
    return new_id


def at(text: str) -> datetime:
    """The instant of a wall-clock time such as "2026-11-24 14:00"."""
    day, time = text.split(" ")
    hours, minutes = time.split(":")
    return instant(date.fromisoformat(day), int(hours) * 60 + int(minutes))


def make_corporation(*, name: str = "Woonstichting De Proef") -> int:
    return _put(Corporation, id=1, name=name, phone="0800 555 00 00")


def make_complex(*, name: str = "Lindehof") -> int:
    return _put(Complex, name=name)


def make_home(*, complex_id: int | None, address_name: str) -> int:
    return _put(Home, complex_id=complex_id, address_name=address_name, address=address_name)


def make_room(
    *,
    complex_id: int,
    slug: str = "de-proef",
    zones: tuple[tuple[str, str, int], ...] = (("zaal", "Zaal", 40),),
    opens: int = 8 * 60,
    closes: int = 22 * 60,
    **settings: Any,
) -> int:
    """A live room, open every day; zones are (slug, name, capacity)."""
    values: dict[str, Any] = {
        "complex_id": complex_id,
        "slug": slug,
        "name": slug.replace("-", " ").title(),
        "address": "Proefstraat 1",
        "town": "Proefwijk",
        "typology": "mfo",
        "area_m2": 80,
        "capacity": sum(capacity for _, _, capacity in zones),
        "door": "linde",
        "welcome": "Voor alle bewoners.",
        "access_policy": "tenants",
        "key_plan": "handed_out",
        "key_note": "De sleutelbeheerder geeft je de sleutel.",
        "buffer_minutes": 0,
        "horizon_days": 180,
        "shortest_minutes": 30,
        "longest_minutes": 480,
        "usual_minutes": 120,
        "live_at": clock.now() - timedelta(days=365),
    }
    room_id = _put(Room, **{**values, **settings})
    for position, (zone_slug, name, capacity) in enumerate(zones):
        _put(Zone, room_id=room_id, slug=zone_slug, name=name, capacity=capacity, position=position)
    for weekday in range(7):
        _put(Opening, room_id=room_id, weekday=weekday, opens=opens, closes=closes)
    return room_id


def make_opening_exception(
    *, room_id: int, day: date, opens: int | None = None, closes: int | None = None
) -> int:
    return _put(OpeningException, room_id=room_id, day=day, opens=opens, closes=closes, reason="Feestdag")


def make_use_rule(
    *,
    room_id: int,
    kind: UseKind = UseKind.OWN,
    needs_approval: bool = False,
    quota: int | None = None,
    quota_from: int = 0,
) -> int:
    return _put(
        UseRule,
        room_id=room_id,
        kind=kind,
        needs_approval=needs_approval,
        quota=quota,
        quota_from=quota_from,
    )


def make_right_of_use(*, room_id: int, complex_id: int | None = None, home_id: int | None = None) -> int:
    return _put(RightOfUse, room_id=room_id, complex_id=complex_id, home_id=home_id)


def make_person(*, name: str, email: str | None = None, password: str | None = None) -> int:
    return _put(
        Person,
        name=name,
        email=email,
        password_hash=None if password is None else _hashed(password),
    )


def change_person(person_id: int, **values: Any) -> None:
    """Inside a unit of work."""
    execute(update(Person.__table__).where(Person.__table__.c.id == person_id).values(**values))


@cache
def _hashed(password: str) -> str:
    """Once per run: seven of these for each test took longer than most tests."""
    return hash_password(password)


def make_pin(*, person_id: int, home_id: int, nickname: str, pin: str = PIN) -> int:
    return _put(Credential, person_id=person_id, home_id=home_id, nickname=nickname, pin_hash=_hashed(pin))


def make_residency(
    *, person_id: int, home_id: int, since: date | None = None, until: date | None = None
) -> int:
    since = since or day_of(clock.now()) - timedelta(days=100)
    return _put(Residency, person_id=person_id, home_id=home_id, since=since, until=until)


def make_role(
    *,
    person_id: int,
    function: Function,
    room_id: int | None,
    organisation_id: int | None = None,
    is_contact: bool = False,
    since: date | None = None,
    until: date | None = None,
) -> int:
    return _put(
        Role,
        person_id=person_id,
        room_id=room_id,
        organisation_id=organisation_id,
        function=function,
        is_contact=is_contact,
        since=since or day_of(clock.now()) - timedelta(days=100),
        until=until,
    )


def make_session(*, person_id: int, days: int) -> int:
    """A session on somebody's own phone that lasts so many days."""
    return _put(
        Session,
        id_hash=new_key(),
        person_id=person_id,
        device_hash="a phone",
        own_phone=True,
        started_at=clock.now(),
        expires_at=clock.now() + timedelta(days=days),
    )


def make_rules(
    *,
    room_id: int,
    number: int = 1,
    body: str = "Muziek:\nNa 22:00 uur is het stil.\nWeggaan:\nLampen uit.",
    change_note: str = "Het is nu later stil. Dat wilden de buren.",
    needs_acceptance: bool = True,
    published_at: datetime | None = None,
) -> int:
    """A version of the house rules, published just now."""
    return _put(
        RulesVersion,
        room_id=room_id,
        number=number,
        published_at=published_at or clock.now(),
        body=body,
        change_note="" if number == 1 else change_note,
        needs_acceptance=needs_acceptance,
    )


def make_acceptance(*, person_id: int, rules_version_id: int) -> int:
    return _put(
        Acceptance, person_id=person_id, rules_version_id=rules_version_id, how="screen", at=clock.now()
    )


def make_organisation(*, name: str = "Welzijn Proefwijk") -> int:
    return _put(Organisation, name=name, kind="p5")


def new_key() -> str:
    """An idempotency key as a client may make it."""
    return new_public_id() + new_public_id()
