"""What people are told about code boxes, in words; the code itself is in no message."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from flask import current_app
from sqlalchemy import bindparam, select

from ontmoet.db import execute
from ontmoet.outbox.letters import Letter, one_line
from ontmoet.people.models import Person
from ontmoet.rooms.models import Room
from ontmoet.rooms.queries import corporation_contact
from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import lazy_gettext as _l

from .models import BoxCode, CodeBox
from .rules import BoxNews

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ontmoet.outbox.sending import Composer, Waiting

_code = BoxCode.__table__
_box = CodeBox.__table__
_room = Room.__table__
_person = Person.__table__

_VALID = (
    select(_code.c.id, _room.c.name, _room.c.slug)
    .join_from(_code, _box, _box.c.id == _code.c.box_id)
    .join(_room, _room.c.id == _box.c.room_id)
    .where(_code.c.id.in_(bindparam("code_ids", expanding=True)), _code.c.valid_until.is_(None))
)
_READER = select(_person.c.name, _person.c.email).where(_person.c.id == bindparam("person_id"))


def letter(message: Waiting, *, now: datetime) -> Letter | None:  # noqa: ARG001 - asked of every composer
    """It is time for another code; None for a reader without e-mail, or when there is another by now."""
    reader = execute(_READER, person_id=message.person_id).one_or_none()
    contact = corporation_contact()
    about = execute(_VALID, code_ids=[message.object_id]).one_or_none()
    if reader is None or reader.email is None or contact is None or about is None:
        return None
    template = current_app.jinja_env.get_template("email/keys/news.txt")
    return Letter(
        to=reader.email,
        sender=contact.name,
        subject=_("De sleutelkluis van %(room)s", room=about.name),
        body=template.render(
            name=one_line(reader.name).split(" ", 1)[0],
            says=_says(about),
            link=f"{current_app.extensions['ontmoet_config'].base_url}/r/{about.slug}/sleutels/kluis",
            contact=contact,
        ),
    )


def sentences(messages: Sequence[Waiting], now: datetime) -> dict[int, str]:  # noqa: ARG001 - asked of all
    """What to say to each person by telephone, as long as it is still true. One statement."""
    rows = execute(_VALID, code_ids=[message.object_id for message in messages])
    found = {row.id: row for row in rows}
    return {
        message.number: _says(found[message.object_id]) for message in messages if message.object_id in found
    }


TITLES = {BoxNews.CODE_OLD: _l("tijd voor een nieuwe code van de sleutelkluis")}
"""What a message was about, for whoever got it."""

LETTERS: Mapping[str, Composer] = {BoxNews.CODE_OLD: letter}
TOLD = {BoxNews.CODE_OLD: sentences}


def _says(about: Any) -> str:
    return _(
        "De code van de sleutelkluis van %(room)s is oud, of veel mensen kennen hem. Kies je een nieuwe?",
        room=about.name,
    )
