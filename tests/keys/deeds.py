"""What tests do with keys, as people of the cast."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING

from ontmoet.db import unit_of_work
from ontmoet.kernel import clock
from ontmoet.keys import actions
from ontmoet.keys.custodies import Grip
from ontmoet.keys.queries import Copy, Held, copies_in, copy_and_room, history_of
from ontmoet.keys.register import add_copies
from ontmoet.keys.rules import Condition, Holder, person
from tests.watching import public_id_of, rows

if TYPE_CHECKING:
    from flask import Flask

    from tests.cast import Neighbourhood

HISTORY = "select since, until, holder from custody where copy_id = :copy_id order by id"


@dataclass
class Ring:
    """One key of De Linde, in the hands of a test."""

    hood: Neighbourhood
    public_id: str

    @property
    def app(self) -> Flask:
        return self.hood.app

    @property
    def copy(self) -> Copy:
        with self.app.app_context():
            found = copy_and_room(self.public_id)
        assert found is not None
        return found[0]

    @property
    def now(self) -> Held:
        return self.copy.now

    @property
    def history(self) -> list[Held]:
        """Where it was before, the latest first."""
        with self.app.app_context():
            return history_of(self.copy.copy_id)

    def grip(self, by: str, *, seen: int | None = None) -> Grip:
        copy = self.copy
        return Grip(
            copy.copy_id,
            copy.now.custody_id if seen is None else seen,
            copy.room_id,
            self.hood.people[by],
            clock.now(),
        )

    def give(
        self,
        to: str | Holder,
        *,
        by: str = "bram",
        due_at: datetime | None = None,
        booking_id: int | None = None,
        seen: int | None = None,
    ) -> None:
        holder = person(self.hood.people[to]) if isinstance(to, str) else to
        grip = self.grip(by, seen=seen)
        with self.app.app_context(), unit_of_work():
            actions.hand_out(grip, holder, due_at=due_at, booking_id=booking_id)

    def take_back(
        self,
        *,
        by: str = "bram",
        condition: Condition = Condition.GOOD,
        note: str = "",
        seen: int | None = None,
    ) -> None:
        grip = self.grip(by, seen=seen)
        with self.app.app_context(), unit_of_work():
            actions.take_back(grip, condition=condition, note=note)

    def lose(self, *, by: str = "bram") -> None:
        grip = self.grip(by)
        with self.app.app_context(), unit_of_work():
            actions.report_lost(grip)

    def find(self, *, by: str = "bram") -> None:
        grip = self.grip(by)
        with self.app.app_context(), unit_of_work():
            actions.report_found(grip)

    def confirm(self, *, by: str) -> None:
        grip = self.grip(by)
        with self.app.app_context(), unit_of_work():
            actions.confirm(grip)

    def object_to(self, *, by: str) -> None:
        grip = self.grip(by)
        with self.app.app_context(), unit_of_work():
            actions.object_to(grip)

    def breaks(self) -> list[str]:
        """What is wrong with its history: it begins with its making, has no gap and one end that is open."""
        found = rows(self.app, HISTORY, copy_id=self.copy.copy_id)
        wrong = [f"{one} then {next_one}" for one, next_one in pairwise(found) if one[1] != next_one[0]]
        if [row for row in found if row[1] is None] != found[-1:]:
            wrong.append("not one holder now")
        return wrong


def a_key(hood: Neighbourhood, *, room_id: int | None = None) -> Ring:
    """A new key in the cabinet, of De Linde unless another room is named."""
    with hood.app.app_context(), unit_of_work():
        [copy_id] = add_copies(
            room_id or hood.linde,
            "voordeur en keuken",
            1,
            actor_id=hood.people["sanne"],
            now=clock.now(),
        )
    return Ring(hood, public_id_of(hood.app, "key_copy", copy_id))


def numbers_of(hood: Neighbourhood) -> list[int]:
    """The numbers of the keys of De Linde."""
    with hood.app.app_context():
        return [copy.number for copy in copies_in(hood.linde)]


def told(hood: Neighbourhood) -> list[tuple[str, str]]:
    """Messages about keys: (kind, first name of who hears it)."""
    names = {person_id: name for name, person_id in hood.people.items()}
    found = rows(hood.app, "select kind, person_id from message where kind like 'key_%' order by id")
    return [(kind, names[person_id]) for kind, person_id in found]
