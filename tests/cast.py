"""The people of the tests and the two rooms they know. Each test can say whom it is about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from sqlalchemy import select

from ontmoet.bookings import actions
from ontmoet.bookings.actions import WishedFor
from ontmoet.db import execute, unit_of_work
from ontmoet.jobs import FORGETTING, JOBS, run_due
from ontmoet.kernel import clock
from ontmoet.kernel.actor import Actor, Function
from ontmoet.kernel.timeslot import TimeSlot
from ontmoet.kernel.walltime import day_of
from ontmoet.people.actor_queries import actor_of
from ontmoet.people.models import Person
from ontmoet.rooms.models import Room
from ontmoet.trail.actions import FormPost
from tests import builders as make

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask import Flask
    from flask.testing import FlaskClient

    from ontmoet.jobs import Job


@dataclass
class Neighbourhood:
    """Two complexes with a room each. De Linde has two zones; Het Plein has one.

    Ids of persons by first name: noor and ali live at De Linde (Ali next door to Noor), bram is host
    there, fatma chairs Het Plein and lives there, sanne is staff of De Linde, mo administrator, riet
    partner at De Linde.
    """

    app: Flask
    linde: int
    plein: int
    people: dict[str, int]

    def actor(self, name: str) -> Actor:
        """The person as they are now."""
        with self.app.app_context():
            return actor_of(self.people[name], today=day_of(clock.now()))

    def public_id(self, name: str) -> str:
        """The id of the person in addresses."""
        with self.app.app_context():
            person = Person.__table__
            found: str = execute(
                select(person.c.public_id).where(person.c.id == self.people[name])
            ).scalar_one()
        return found

    def book(
        self,
        name: str,
        starts: str,
        ends: str,
        *,
        room: str = "linde",
        zone: str = "grote-zaal",
        people: int = 4,
        purpose: str = "",
        key: str | None = None,
        helper: str | None = None,
        exception: str = "",
        responsible: str = "",
        or_wait: bool = False,
    ) -> str:
        """Book as this person, or let the helper do it for them; the public id. Raises `Refused`.

        Times as "2026-11-25 14:00".
        """
        slot = TimeSlot(make.at(starts), make.at(ends))
        fields = {"slot": slot, "zone": zone, "people": people}
        person = self.actor(name)
        actor = self.actor(helper) if helper else person
        post = FormPost(actor.person_id, f"/r/{room}", key or make.new_key(), fields)
        wished = WishedFor(slot, zone, people, purpose, exception, responsible)
        room_id = self.linde if room == "linde" else self.plein
        with self.app.app_context(), unit_of_work():
            where = actions.book(
                room_id, wished, actor=actor, person=person, post=post, now=clock.now(), or_wait=or_wait
            )
        return where.rsplit("/", 1)[1]

    def work(self) -> None:
        """What is done once a minute is done, and all of it goes well. Only what was kept too long is left to
        `forget`, for here that is seldom there.
        """
        self._do([job for job in JOBS if not job.nightly and job not in FORGETTING])

    def forget(self) -> None:
        """What was kept long enough is forgotten, and that goes well too."""
        self._do(FORGETTING)

    def _do(self, jobs: Sequence[Job]) -> None:
        with self.app.app_context():
            reports = run_due(clock.now(), jobs)
        assert [report.line for report in reports if not report.ok] == []


def move_in() -> None:
    """Put the neighbourhood in an empty database."""
    make.make_corporation()
    lindehof, pleinhof = make.make_complex(name="Lindehof"), make.make_complex(name="Pleinhof")
    linde = make.make_room(
        complex_id=lindehof,
        slug="de-linde",
        zones=(("grote-zaal", "Grote zaal", 40), ("keuken", "Keuken", 8)),
        capacity=45,
    )
    plein = make.make_room(complex_id=pleinhof, slug="het-plein", door="plein")
    homes = {
        "noor": make.make_home(complex_id=lindehof, address_name="linde-14b"),
        "ali": make.make_home(complex_id=lindehof, address_name="linde-16"),
        "bram": make.make_home(complex_id=lindehof, address_name="linde-2"),
        "fatma": make.make_home(complex_id=pleinhof, address_name="plein-1"),
    }
    people = {
        name: make.make_person(
            name=f"{name.title()} de Proef", email=f"{name}@proef.example", password=make.PASSWORD
        )
        for name in ("noor", "ali", "bram", "fatma", "sanne", "mo", "riet")
    }
    for name, home_id in homes.items():
        make.make_residency(person_id=people[name], home_id=home_id)
    make.make_role(person_id=people["bram"], function=Function.HOST, room_id=linde)
    make.make_role(person_id=people["fatma"], function=Function.CHAIR, room_id=plein)
    make.make_role(person_id=people["sanne"], function=Function.STAFF, room_id=linde, is_contact=True)
    make.make_role(person_id=people["mo"], function=Function.ADMINISTRATOR, room_id=None)
    make.make_role(
        person_id=people["riet"],
        function=Function.PARTNER,
        room_id=linde,
        organisation_id=make.make_organisation(),
    )


def neighbourhood_of(app: Flask) -> Neighbourhood:
    """The neighbourhood in this application's database, where it moved in before."""
    rooms, people = _ids(app)
    return Neighbourhood(app, rooms["de-linde"], rooms["het-plein"], {**people})


@lru_cache(maxsize=4)
def _ids(app: Flask) -> tuple[dict[str, int], dict[str, int]]:
    """Of rooms by slug and of people by name: the same in each copy of where they moved in."""
    person, room = Person.__table__, Room.__table__
    with app.app_context():
        rooms = {row.slug: row.id for row in execute(select(room.c.slug, room.c.id))}
        rows = execute(select(person.c.email, person.c.id)).all()
    return rooms, {row.email.partition("@")[0]: row.id for row in rows}


def token_in(page: str) -> str:
    """The CSRF token of the first form on a page."""
    return page.split('name="csrf_token" value="', 1)[1].split('"', 1)[0]


def sign_in(client: FlaskClient, name: str) -> None:
    """Sign in through the form, as a person does."""
    if client.get_cookie("ontmoet") is None:
        cookie, token = _form_of_nobody(client.application)
        client.set_cookie("ontmoet", cookie)
    else:
        token = token_in(client.get("/inloggen").get_data(as_text=True))
    answer = client.post(
        "/inloggen",
        data={
            "csrf_token": token,
            "email": f"{name}@proef.example",
            "password": make.PASSWORD,
        },
    )
    assert answer.status_code == 303, answer.get_data(as_text=True)


@lru_cache(maxsize=4)
def _form_of_nobody(app: Flask) -> tuple[str, str]:
    """A cookie and the token of its forms: a form that is drawn once serves all who sign in."""
    client = app.test_client()
    token = token_in(client.get("/inloggen").get_data(as_text=True))
    cookie = client.get_cookie("ontmoet")
    assert cookie is not None
    return cookie.value, token


def booking_form(client: FlaskClient, slug: str = "de-linde", **fields: str) -> dict[str, str]:
    """The fields of a booking form as the page gives them, with others filled in."""
    page = client.get(f"/r/{slug}/reserveren").get_data(as_text=True)
    key = page.split('name="idempotency_key"', 1)[1].split('value="', 1)[1].split('"', 1)[0]
    return {
        "csrf_token": token_in(page),
        "idempotency_key": key,
        "day": "2026-11-25",
        "starts": "14:00",
        "ends": "16:00",
        "zone": "grote-zaal",
        "people": "4",
        "purpose": "",
        **fields,
    }


def moment_of(text: str) -> datetime:
    """An instant by its wall clock."""
    return make.at(text)
