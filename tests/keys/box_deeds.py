"""What tests do with code boxes and lockers, as people of the cast."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ontmoet.db import unit_of_work
from ontmoet.kernel import clock
from ontmoet.keys.boxes import SetBy, set_code
from ontmoet.keys.lockers import Wanted, add_locker, lockers_in
from tests.cast import token_in
from tests.watching import rows

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from tests.cast import Neighbourhood

TOKEN_KEY = "another secret that only tests use, only here"
CODE = "4827"


def set_box(
    hood: Neighbourhood, code: str = CODE, *, hangs: str = "Links van de deur", by: str = "sanne"
) -> None:
    """The box of De Linde hangs here and has this code; an empty one leaves the code as it is."""
    with hood.app.app_context(), unit_of_work():
        set_code(hood.linde, hangs, code, SetBy(hood.people[by], clock.now(), TOKEN_KEY))


def a_locker(hood: Neighbourhood, room_id: int, wanted: Wanted | None = None) -> str:
    """A locker of a group; its public id. One with the next number unless it is said which."""
    with hood.app.app_context():
        number = 1 + max((locker.says.number for locker in lockers_in(room_id)), default=0)
        wanted = wanted or Wanted(number, f"Groep {number}")
        with unit_of_work():
            add_locker(room_id, wanted, actor_id=hood.people["sanne"], now=clock.now())
        return next(each.public_id for each in lockers_in(room_id) if each.says.number == wanted.number)


def press(client: FlaskClient, path: str, **fields: str) -> TestResponse:
    """A form that posts here, as a browser sends it."""
    token = token_in(client.get("/mijn").get_data(as_text=True))
    return client.post(path, data={"csrf_token": token, **fields})


def seen_by(hood: Neighbourhood) -> list[str]:
    """First names of who saw a code, in order."""
    names = {person_id: name for name, person_id in hood.people.items()}
    return [names[row[0]] for row in rows(hood.app, "select person_id from box_view order by id")]
