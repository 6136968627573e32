"""What people are told about their functions, in words."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from flask import current_app
from sqlalchemy import bindparam, select

from ontmoet.db import execute
from ontmoet.kernel.actor import Function
from ontmoet.kernel.walltime import day_of
from ontmoet.outbox.letters import Letter, one_line
from ontmoet.people.models import Person, Role
from ontmoet.people.wording import function_word
from ontmoet.rooms.models import Room
from ontmoet.rooms.queries import corporation_contact
from ontmoet.web import dates
from ontmoet.web.i18n import gettext as _

from .actions import ENDED, GIVEN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ontmoet.outbox.sending import Composer, Waiting

_role = Role.__table__
_person = Person.__table__
_room = Room.__table__

_ROLE = (
    select(_role.c.function, _role.c.since, _role.c.until, _room.c.name, _person.c.name, _person.c.email)
    .join_from(_role, _person, _person.c.id == _role.c.person_id)
    .outerjoin(_room, _room.c.id == _role.c.room_id)
    .where(_role.c.id == bindparam("role_id"))
)


def letter(kind: str, message: Waiting, *, now: datetime) -> Letter | None:
    """The news about a function as it is now; None for a reader without e-mail, or when it is not so."""
    found = execute(_ROLE, role_id=message.object_id).one_or_none()
    contact = corporation_contact()
    if found is None or contact is None:
        return None
    function, since, until, room_name, name, email = found
    is_over = until is not None and until <= day_of(now)
    if email is None or (is_over if kind == GIVEN else until is None):
        return None
    word, where = function_word(Function(function)), room_name or contact.name
    template = current_app.jinja_env.get_template(f"email/membership/{kind}.txt")
    return Letter(
        to=email,
        sender=contact.name,
        subject=_("Jouw functie in %(room)s", room=where),
        body=template.render(
            name=one_line(name).split(" ", 1)[0],
            word=word,
            where=where,
            since=dates.full_day(since),
            until=dates.full_day(until) if until else "",
            link=current_app.extensions["ontmoet_config"].base_url + "/mijn",
            contact=contact,
        ),
    )


LETTERS: Mapping[str, Composer] = {kind: partial(letter, kind) for kind in (GIVEN, ENDED)}
