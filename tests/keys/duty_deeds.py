"""What tests do with the key duty, as people of the cast."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ontmoet.db import unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.actor import Function
from ontmoet.keys import duty
from ontmoet.keys.duty import HandOver
from ontmoet.keys.duty_queries import Duty, duties_in, duty_now
from tests import builders as make

if TYPE_CHECKING:
    from tests.cast import Neighbourhood


def hire(hood: Neighbourhood, name: str = "ali") -> None:
    """Somebody of De Linde looks after its keys too."""
    with hood.app.app_context():
        make.make_role(person_id=hood.people[name], function=Function.KEY_KEEPER, room_id=hood.linde)


def current(hood: Neighbourhood, room_id: int | None = None) -> Duty | None:
    with hood.app.app_context():
        return duty_now(room_id or hood.linde)


def all_duties(hood: Neighbourhood) -> list[Duty]:
    with hood.app.app_context():
        return duties_in(hood.linde)


def pass_duty(
    hood: Neighbourhood,
    to: str | None,
    *,
    by: str = "bram",
    counted: dict[int, int] | None = None,
    note: str = "",
    seen: int | None = -1,
    room_id: int | None = None,
) -> str:
    """Hand the duty over; the public id of that. `seen` is what their page showed, the last unless told."""
    where = room_id or hood.linde
    if seen == -1:
        last = current(hood, where)
        seen = last.duty_id if last else None
    to_id = hood.people[to] if to else None
    wanted = HandOver(where, seen, to_id, counted or {}, note, hood.people[by], clock.now())
    with hood.app.app_context(), unit_of_work():
        return duty.hand_over(wanted)


def answer_duty(hood: Neighbourhood, is_so: bool, *, by: str) -> None:
    found = current(hood)
    assert found is not None
    deed = duty.confirm if is_so else duty.object_to
    with hood.app.app_context(), unit_of_work():
        deed(found, actor_id=hood.people[by], now=clock.now())
