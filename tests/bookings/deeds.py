"""Deeds on bookings as the tests do them, each in a unit of work of its own."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from ontmoet.bookings import calling_off, changing, closing
from ontmoet.bookings.actions import WishedFor
from ontmoet.bookings.queries import BookingView, booking_by_public_id
from ontmoet.bookings.rules import Reason
from ontmoet.bookings.states import CancelReason
from ontmoet.bookings.taken_queries import taken_between
from ontmoet.db import unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.objections import Refused
from ontmoet.kernel.walltime import wall
from ontmoet.trail.actions import FormPost
from tests import builders as make
from tests.samples import span
from tests.watching import rows

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from ontmoet.kernel.timeslot import TimeSlot
    from tests.cast import Neighbourhood

TRACES = ("booking", "occupancy", "audit", "idempotency", "closure")


def seen(hood: Neighbourhood, public_id: str) -> BookingView:
    """The booking as it stands now."""
    with hood.app.app_context():
        found = booking_by_public_id(public_id, now=clock.now())
    assert found is not None
    return found


def change(
    hood: Neighbourhood,
    name: str,
    booking: BookingView,
    starts: str,
    ends: str,
    *,
    zone: str = "grote-zaal",
    people: int = 4,
    purpose: str = "",
    exception: str = "",
    version: int | None = None,
    key: str | None = None,
) -> str:
    """Change it as this person; raises `Refused`."""
    actor = hood.actor(name)
    wished = WishedFor(span(starts, ends), zone, people, purpose, exception)
    post = FormPost(actor.person_id, "/wijzigen", key or make.new_key(), {"slot": wished.slot, "zone": zone})
    with hood.app.app_context(), unit_of_work():
        return changing.change(
            booking,
            wished,
            seen_version=booking.version if version is None else version,
            actor=actor,
            post=post,
            now=clock.now(),
        )


def cancel(
    hood: Neighbourhood, name: str, public_id: str, because: CancelReason = CancelReason.PLANS_CHANGED
) -> None:
    booking, actor = seen(hood, public_id), hood.actor(name)
    with hood.app.app_context(), unit_of_work():
        calling_off.cancel(booking, because=because, actor=actor, now=clock.now())


def half_hours(
    hood: Neighbourhood, day: str, number: int, *, names: Sequence[str] = ("noor",), or_wait: bool = False
) -> list[str]:
    """So many bookings on a day, by these in turn, in order of time; their public ids. A zone fits 28."""
    first = make.at(f"{day} 08:00")
    starts = [first + timedelta(minutes=30 * (each // 2)) for each in range(number)]
    return [
        hood.book(
            names[each % len(names)],
            f"{wall(start):%Y-%m-%d %H:%M}",
            f"{wall(start + timedelta(minutes=30)):%Y-%m-%d %H:%M}",
            zone=("grote-zaal", "keuken")[each % 2],
            people=2,
            or_wait=or_wait,
        )
        for each, start in enumerate(starts)
    ]


def close(hood: Neighbourhood, slot: TimeSlot, *zones: str) -> str:
    """Close De Linde, or only this zone of it, where nobody is; the closure's public id."""
    return close_over(hood, slot, *zones)


def close_over(hood: Neighbourhood, slot: TimeSlot, *zones: str, seen: Collection[str] = ()) -> str:
    """The same, also over these bookings, by their marks. Raises `Displaces` for others."""
    before = {row.public_id for row in rows(hood.app, "select public_id from closure")}
    with hood.app.app_context(), unit_of_work():
        wanted = closing.Wanted(slot, zones[0] if zones else "", "Nieuwe vloer")
        closing.close(hood.linde, wanted, seen=seen, actor_id=hood.people["sanne"], now=clock.now())
    [made] = {row.public_id for row in rows(hood.app, "select public_id from closure")} - before
    return str(made)


def reasons_in(refused: Refused) -> list[Reason]:
    return [Reason(objection.reason) for objection in refused.objections]


def held(hood: Neighbourhood, day: str = "2026-11-25") -> list[TimeSlot]:
    """What holds De Linde on a day, one entry per zone."""
    with hood.app.app_context():
        found = taken_between(hood.linde, make.at(f"{day} 00:00"), make.at(f"{day} 24:00"), now=clock.now())
    return sorted(taken.slot for taken in found)


def audited(hood: Neighbourhood) -> list[str]:
    return [row.action for row in rows(hood.app, "select action from audit order by id")]
