"""What people are told about their functions, in words."""

from __future__ import annotations

from datetime import date, datetime
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
from ontmoet.web.i18n import lazy_gettext as _l
from ontmoet.web.settings import current_config

from .actions import ENDED, GIVEN

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ontmoet.db import AnyRow
    from ontmoet.hearing.call_list import Says, Teller
    from ontmoet.outbox.sending import Composer
    from ontmoet.outbox.waiting import Waiting

_role = Role.__table__
_person = Person.__table__
_room = Room.__table__

_ROLE = (
    select(_role.c.function, _role.c.since, _role.c.until, _room.c.name, _person.c.name, _person.c.email)
    .join_from(_role, _person, _person.c.id == _role.c.person_id)
    .outerjoin(_room, _room.c.id == _role.c.room_id)
    .where(_role.c.id == bindparam("role_id"))
)
_TO_TELL = (
    select(_role.c.id, _role.c.function, _role.c.since, _role.c.until, _room.c.name)
    .join_from(_role, _room, _room.c.id == _role.c.room_id)
    .where(_role.c.id.in_(bindparam("role_ids", expanding=True)))
)


def letter(kind: str, message: Waiting, *, now: datetime) -> Letter | None:
    """The news about a function as it is now; None for a reader without e-mail, or when it is not so."""
    found = execute(_ROLE, role_id=message.object_id).one_or_none()
    contact = corporation_contact()
    if found is None or contact is None:
        return None
    function, since, until, room_name, name, email = found
    if email is None or not _is_news(kind, until, day_of(now)):
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
            link=current_config().base_url + "/mijn",
            contact=contact,
        ),
    )


def sentences(messages: Sequence[Waiting], now: datetime) -> Mapping[int, Says]:
    """What to say to each person by telephone, as long as it is so. One statement."""
    found = {row.id: row for row in execute(_TO_TELL, role_ids=[each.object_id for each in messages])}
    today = day_of(now)
    return {
        message.number: partial(_sentences, message.kind, row)
        for message in messages
        if (row := found.get(message.object_id)) and _is_news(message.kind, row.until, today)
    }


TITLES = {
    GIVEN: _l("je kreeg een functie"),
    ENDED: _l("je functie stopt"),
}
"""What a message was about, for whoever got it."""

LETTERS: Mapping[str, Composer] = {kind: partial(letter, kind) for kind in (GIVEN, ENDED)}
TOLD: Mapping[str, Teller] = dict.fromkeys((GIVEN, ENDED), sentences)


def _is_news(kind: str, until: date | None, today: date) -> bool:
    """Whether somebody has the function still, or stops with it."""
    return until is not None if kind == ENDED else until is None or until > today


def _sentences(kind: str, row: AnyRow) -> str:
    facts = {"function": function_word(Function(row.function)), "room": row.name}
    if kind == ENDED:
        return _(
            "Je functie in %(room)s stopt: %(function)s. De eerste dag zonder deze functie is %(until)s."
            " Bedankt voor alles wat je deed.",
            until=dates.full_day(row.until),
            **facts,
        )
    if row.until is not None:
        return _(
            "Je hebt een nieuwe functie in %(room)s: %(function)s, van %(since)s tot %(until)s.",
            since=dates.full_day(row.since),
            until=dates.full_day(row.until),
            **facts,
        )
    return _(
        "Je hebt een nieuwe functie in %(room)s: %(function)s, vanaf %(since)s.",
        since=dates.full_day(row.since),
        **facts,
    )
