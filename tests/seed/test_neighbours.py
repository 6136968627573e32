"""Who of outside the complexes may come in the demo, and whose function ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ontmoet.kernel.actor import Function
from ontmoet.kernel.permissions import Permission, allows
from ontmoet.kernel.walltime import day_of
from ontmoet.membership.admitting import admitted_in
from ontmoet.membership.queries import roles_in
from ontmoet.people.actor_queries import actor_of
from ontmoet.rooms.queries import room_by_slug
from tests.fixtures import TUESDAY
from tests.watching import rows

if TYPE_CHECKING:
    from flask import Flask

TODAY = day_of(TUESDAY)


def test_one_neighbour_may_book_where_neighbours_may_and_one_by_exception(demo_app: Flask) -> None:
    ids = dict(tuple(row) for row in rows(demo_app, "select name, id from person"))  # type: ignore[misc]
    with demo_app.app_context():
        plein, linde = room_by_slug("het-plein"), room_by_slug("de-linde")
        assert plein is not None
        assert linde is not None
        (dirk,), (anneke,) = (admitted_in(room.room_id, today=TODAY) for room in (plein, linde))
        assert (dirk.reason, dirk.admitted_by) == ("", "Fatma Demir")
        assert (anneke.reason, anneke.admitted_by) == ("Ze kookt elke maand mee.", "Sanne de Wit")
        actor = actor_of(ids["Dirk Aalbers"], today=TODAY)
        assert [allows(actor, Permission.BOOKING_MAKE, room) for room in (plein, linde)] == [True, False]
    assert [name for name in ids if name.startswith("Vera ")] == []


def test_function_of_marek_ends_and_every_partner_has_an_organisation(demo_app: Flask) -> None:
    with demo_app.app_context():
        brug = room_by_slug("de-brug")
        assert brug is not None
        roles = roles_in(brug.room_id, today=TODAY)
    assert [role.name for role in roles if role.until is not None] == ["Marek Lis"]
    assert all(role.organisation for role in roles if role.function is Function.PARTNER)
