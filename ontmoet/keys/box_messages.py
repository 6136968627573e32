"""What people are told about code boxes, in words; the code itself is in no message."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select

from ontmoet.db import execute
from ontmoet.rooms.models import Room
from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import lazy_gettext as _l

from .letters import letter_to
from .models import BoxCode, CodeBox
from .rules import BoxNews

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ontmoet.hearing.call_list import Says
    from ontmoet.outbox.letters import Letter
    from ontmoet.outbox.sending import Composer
    from ontmoet.outbox.waiting import Waiting

_code = BoxCode.__table__
_box = CodeBox.__table__
_room = Room.__table__

_VALID = (
    select(_code.c.id, _room.c.name, _room.c.slug)
    .join_from(_code, _box, _box.c.id == _code.c.box_id)
    .join(_room, _room.c.id == _box.c.room_id)
    .where(_code.c.id.in_(bindparam("code_ids", expanding=True)), _code.c.valid_until.is_(None))
)


def letter(message: Waiting, *, now: datetime) -> Letter | None:  # noqa: ARG001 - asked of every composer
    """It is time for another code; None for a reader without e-mail, or when there is another by now."""
    about = execute(_VALID, code_ids=[message.object_id]).one_or_none()
    if about is None:
        return None
    return letter_to(
        message.person_id,
        subject=_("De sleutelkluis van %(room)s", room=about.name),
        says=_says(about),
        path=f"/r/{about.slug}/sleutels/kluis",
    )


def sentences(messages: Sequence[Waiting], now: datetime) -> Mapping[int, Says]:  # noqa: ARG001 - asked of all
    """What to say to each person by telephone, as long as it is still true. One statement."""
    rows = execute(_VALID, code_ids=[message.object_id for message in messages])
    found = {row.id: row for row in rows}
    return {
        message.number: partial(_says, found[message.object_id])
        for message in messages
        if message.object_id in found
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
