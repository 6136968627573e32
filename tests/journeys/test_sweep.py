"""Every path × every person × the objects of both rooms, from the map of routes: none is forgotten.

What each may is asked of the permission table; what each gets is asked of the pages. And the page "Wie mag
wat" says the same.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import insert

from ontmoet.bookings.models import Works
from ontmoet.bookings.queries import booking_by_public_id
from ontmoet.cli import route_table
from ontmoet.db import execute, unit_of_work
from ontmoet.kernel import clock, matrix
from ontmoet.kernel.actor import Function
from ontmoet.kernel.permissions import WITHOUT_SUBJECT, Permission, allows
from ontmoet.kernel.tokens import new_public_id
from ontmoet.keys.queries import copies_in
from ontmoet.rooms.models import Closure
from ontmoet.rooms.queries import room_by_slug
from ontmoet.series.queries import series_by_public_id
from tests import builders as make
from tests.cast import sign_in, token_in
from tests.keys.box_deeds import a_locker
from tests.keys.deeds import a_key
from tests.keys.duty_deeds import current, pass_duty
from tests.series.deeds import asked, make_series
from tests.watching import public_id_of, row_counts, rows

if TYPE_CHECKING:
    from tests.cast import Neighbourhood

PEOPLE = (None, "noor", "ali", "bram", "fatma", "sanne", "mo", "riet")
ROOMS = {"de-linde": "ali", "het-plein": "fatma"}
"""Each room with somebody who books there."""

OF_LINDE = {
    "noor": matrix.Home.RESIDENT,
    "bram": Function.HOST,
    "sanne": Function.STAFF,
    "riet": Function.PARTNER,
    "mo": Function.ADMINISTRATOR,
}
"""Who belongs to De Linde, and as what."""


def guarded_routes(hood: Neighbourhood) -> list[tuple[str, str, Permission]]:
    """(path, method, permission) of all that is not public."""
    with hood.app.app_context():
        return [
            (route["path"], method, Permission(route["permission"]))
            for route in route_table()
            if route["permission"] != "public"
            for method in route["methods"]
        ]


class Asker:
    """Somebody's browser, that asks for pages and sends forms that are empty unless told."""

    def __init__(self, hood: Neighbourhood, who: str | None) -> None:
        self._client, self._who = hood.app.test_client(), who
        self._token = ""
        if who:
            sign_in(self._client, who)

    def ask(self, method: str, path: str, **fields: str) -> bool:
        """Whether the page lets this person through; anything but a clear answer is an error."""
        if method == "POST":
            kept = self._token
            answer = self._client.post(path, data={"csrf_token": kept or self._fetch_token(), **fields})
            if kept and answer.status_code == 400:
                # The form was malformed, or the token was not of this session any more.
                answer = self._client.post(path, data={"csrf_token": self._fetch_token(), **fields})
        else:
            answer = self._client.get(path)
        if answer.headers.get("Location", "").startswith("/inloggen?next="):
            return False
        # A form without its fields may be malformed: who is told so was let through.
        assert answer.status_code in (200, 303, 400, 403, 404, 409, 422), (path, answer.status_code)
        if path.startswith("/uitloggen") and self._who:
            sign_in(self._client, self._who)
            self._token = ""
        return answer.status_code not in (403, 404)

    def _fetch_token(self) -> str:
        form = self._client.get("/mijn/wachtwoord" if self._who else "/inloggen")
        self._token = token_in(form.get_data(as_text=True))
        return self._token


@pytest.mark.parametrize("who", PEOPLE)
def test_each_gets_what_the_permission_table_says_and_nothing_else(
    hood: Neighbourhood, who: str | None
) -> None:
    actor = hood.actor(who) if who else None
    browser = Asker(hood, who)
    wrong = []
    bookings: dict[str, str] = {}
    for path, method, permission in guarded_routes(hood):
        names_an_object = "<" in path
        rooms = [*ROOMS.items()] if names_an_object else [*ROOMS.items()][:1]
        for slug, booker in rooms:
            if slug not in bookings:
                bookings[slug] = book(hood, booker, slug)
            booked = bookings[slug]
            of_path = object_of(hood, path, booker=booker, booked=booked)
            filled = re.sub(r"<public_id:\w+>", of_path, path.replace("<slug:slug>", slug))
            assert "<" not in filled, f"{path}: tell the sweep which object belongs there"
            expected = permitted(hood, actor, permission, path, slug=slug, booked=booked)
            is_let_through = browser.ask(method, filled)
            if is_let_through != expected:
                wrong.append((method, filled, permission, f"expected {expected}"))
            if is_let_through and method == "POST":
                # What was sent may have called it off.
                del bookings[slug]
    assert wrong == []


def test_page_who_may_what_says_what_the_pages_do(hood: Neighbourhood) -> None:
    found = {}
    for who, kind in OF_LINDE.items():
        browser = Asker(hood, who)
        booked = book(hood, "ali", "de-linde")
        asked = {
            Permission.BOOKING_MAKE: ("GET", "/r/de-linde/reserveren"),
            Permission.BOOKING_SEE: ("GET", f"/reserveringen/{booked}"),
            Permission.BOOKING_CHANGE: ("GET", f"/reserveringen/{booked}/wijzigen"),
            Permission.BOOKING_CANCEL: ("POST", f"/reserveringen/{booked}/afzeggen"),
        }
        found[kind] = {p: browser.ask(method, path) for p, (method, path) in asked.items()}
    assert found == {
        kind: {permission: matrix.answer(kind, permission) is matrix.Answer.YES for permission in answers}
        for kind, answers in found.items()
    }


def book(hood: Neighbourhood, booker: str, slug: str) -> str:
    """A booking in an hour of its own: the sweep may cancel it, and books many."""
    room, zone = ("linde", "keuken") if slug == "de-linde" else ("plein", "")
    day, hour = divmod(row_counts(hood.app, "booking")["booking"], 13)
    when = f"2026-12-{1 + day:02d}"
    return hood.book(booker, f"{when} {8 + hour:02d}:00", f"{when} {9 + hour:02d}:00", room=room, zone=zone)


def object_of(hood: Neighbourhood, path: str, *, booker: str, booked: str) -> str:
    """The public id that belongs in a path: of a person, an organisation, a key or a booking."""
    if path.startswith("/sleutels/"):
        return key_of(hood, booker)
    if path.startswith("/corporatie/complexen/"):
        return public_id_of(hood.app, "complex", 1 if booker == ROOMS["de-linde"] else 2)
    if path.startswith("/corporatie/mensen/"):
        return public_id_of(hood.app, "person", hood.people["mo"])
    if "/mensen/" in path or path.startswith("/mijn/gegevens"):
        # Leaving for good is not for a sweep: it stops at the yes that is not given.
        return public_id_of(hood.app, "person", hood.people[booker])
    if "/dienst/" in path:
        keeper = "bram" if booker == ROOMS["de-linde"] else "fatma"
        room_id = hood.linde if keeper == "bram" else hood.plein
        found = current(hood, room_id)
        return found.public_id if found else pass_duty(hood, keeper, by=keeper, room_id=room_id)
    if "/kastjes/" in path:
        return a_locker(hood, hood.linde if booker == ROOMS["de-linde"] else hood.plein)
    if "/sluitingen/" in path or "/werk/" in path:
        return span_of(hood, "closure" if "/sluitingen/" in path else "works", booker)
    if path.startswith("/reeksen/"):
        return series_of_booker(hood, booker)
    if "/organisaties/" in path:
        return public_id_of(hood.app, "organisation", 1)
    return booked


def span_of(hood: Neighbourhood, table: str, booker: str) -> str:
    """A closure or announcement of the room, next summer; a new one when the sweep took the last away."""
    room_id = hood.linde if booker == ROOMS["de-linde"] else hood.plein
    there = rows(hood.app, f"select public_id from {table} where room_id = :room_id", room_id=room_id)  # noqa: S608
    if there:
        return str(there[0].public_id)
    values = {
        "public_id": new_public_id(),
        "room_id": room_id,
        "starts_at": make.at("2027-07-01 00:00"),
        "ends_at": make.at("2027-07-02 00:00"),
    }
    with hood.app.app_context(), unit_of_work():
        if table == "works":
            execute(insert(Works.__table__), **values, what="Keuring", who="Monteur", version=1)
        else:
            execute(insert(Closure.__table__), **values, zone_id=None, reason="Lekkage")
    return str(values["public_id"])


def series_of_booker(hood: Neighbourhood, booker: str) -> str:
    """A series of whoever books in the room, next spring; a new one when the last was called off."""
    person_id = hood.people[booker]
    there = rows(
        hood.app, "select public_id from series where person_id = :id and ended_at is null", id=person_id
    )
    if there:
        return str(there[0].public_id)
    is_linde = booker == ROOMS["de-linde"]
    wish = asked("2027-05-04", "2027-06-01", zone="grote-zaal" if is_linde else "")
    return make_series(hood, booker, wish, room_id=hood.linde if is_linde else hood.plein).public_id


def key_of(hood: Neighbourhood, holder: str) -> str:
    """The key of the room that this person has; a new one when there is none yet."""
    room_id = hood.linde if holder == ROOMS["de-linde"] else hood.plein
    with hood.app.app_context():
        for copy in copies_in(room_id):
            return copy.public_id
    ring = a_key(hood, room_id=room_id)
    ring.give(holder)
    return ring.public_id


def permitted(
    hood: Neighbourhood, actor: Any, permission: Permission, path: str, *, slug: str, booked: str
) -> bool:
    """What the table says about the object that the path names."""
    with hood.app.app_context():
        if permission in WITHOUT_SUBJECT:
            subject: object = None
        elif permission is Permission.PERSON_DATA:
            # Without an id in the path it is about oneself.
            whose = hood.people[ROOMS[slug]] if "public_id" in path else getattr(actor, "person_id", None)
            subject = matrix.Subject(whose)
        elif permission is Permission.COMPLEX_ARRANGE:
            room_id = hood.linde if slug == "de-linde" else hood.plein
            subject = matrix.Subject(None, room_ids=frozenset({room_id}))
        elif path.startswith("/sleutels/"):
            room_id = hood.linde if slug == "de-linde" else hood.plein
            subject = matrix.Subject(hood.people[ROOMS[slug]], room_id=room_id)
        elif "public_id" in path and "slug" not in path and not path.startswith("/corporatie"):
            # A series is of who made it, as a booking is: of the booker of the room.
            is_series = path.startswith("/reeksen/")
            of_series = series_of_booker(hood, ROOMS[slug]) if is_series else ""
            subject = (
                series_by_public_id(of_series) if is_series else booking_by_public_id(booked, now=clock.now())
            )
        else:
            subject = room_by_slug(slug)
        return allows(actor, permission, subject)
