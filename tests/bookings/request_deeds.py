"""Requests for Het Plein as the tests make and decide them, each in a unit of work of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ontmoet.bookings import deciding
from ontmoet.bookings.states import CancelReason
from ontmoet.db import unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.actor import Function
from tests import builders as make
from tests.bookings.deeds import seen

if TYPE_CHECKING:
    from tests.cast import Neighbourhood


def let_ask(hood: Neighbourhood) -> None:
    """Het Plein goes on approval. Iris and Omar live there; Kim keeps its agenda, and lives nowhere near."""
    with hood.app.app_context():
        make.make_use_rule(room_id=hood.plein, needs_approval=True)
        for name in ("iris", "omar", "kim"):
            person_id = make.make_person(
                name=f"{name.title()} de Proef", email=f"{name}@proef.example", password=make.PASSWORD
            )
            hood.people[name] = person_id
        complex_id = 2
        for name in ("iris", "omar"):
            home_id = make.make_home(complex_id=complex_id, address_name=f"plein-{name}")
            make.make_residency(person_id=hood.people[name], home_id=home_id)
        make.make_role(person_id=hood.people["kim"], function=Function.AGENDA_KEEPER, room_id=hood.plein)


def ask(
    hood: Neighbourhood,
    name: str = "iris",
    starts: str = "2026-11-28 14:00",
    ends: str = "2026-11-28 17:00",
    **wish: object,
) -> str:
    """Ask for Het Plein; the public id of the request."""
    return hood.book(name, starts, ends, room="plein", zone="", **wish)  # type: ignore[arg-type]


def approve(hood: Neighbourhood, name: str, public_id: str, *, version: int | None = None) -> None:
    found, actor = seen(hood, public_id), hood.actor(name)
    with hood.app.app_context(), unit_of_work():
        deciding.approve(
            found, seen_version=found.version if version is None else version, actor=actor, now=clock.now()
        )


def decline(
    hood: Neighbourhood,
    name: str,
    public_id: str,
    because: CancelReason = CancelReason.RULES,
    explanation: str = "",
) -> None:
    found, actor = seen(hood, public_id), hood.actor(name)
    with hood.app.app_context(), unit_of_work():
        deciding.decline(found, because=because, explanation=explanation, actor=actor, now=clock.now())


def ask_back(hood: Neighbourhood, name: str, public_id: str, question: str = "Hoeveel mensen?") -> None:
    found, actor = seen(hood, public_id), hood.actor(name)
    with hood.app.app_context(), unit_of_work():
        deciding.ask_back(found, question, actor=actor, now=clock.now())


def answer(hood: Neighbourhood, name: str, public_id: str, words: str = "Vijftien.") -> None:
    found, actor = seen(hood, public_id), hood.actor(name)
    with hood.app.app_context(), unit_of_work():
        deciding.answer(found, words, actor=actor, now=clock.now())
