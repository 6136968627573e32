"""What is known about somebody who had a key or handed one out, or who saw or set the code of a box."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, literal, null, or_, select, union_all, update

from ontmoet.db import execute
from ontmoet.kernel.personal import PersonalData
from ontmoet.rooms.models import Room
from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import lazy_gettext as _l

from .actions import declare_lost
from .duty_personal import OF_KEEPERS
from .models import BoxCode, BoxView, CodeBox, Custody, KeyCopy
from .queries import copies_with
from .retention import OF_PEOPLE

if TYPE_CHECKING:
    from datetime import datetime

    from ontmoet.db import AnyRow
    from ontmoet.kernel.personal import Facts

_custody = Custody.__table__
_copy = KeyCopy.__table__
_room = Room.__table__
_WHOSE: Any = bindparam("whose")

_box = CodeBox.__table__
_code = BoxCode.__table__
_view = BoxView.__table__

_OF_PERSON = union_all(
    select(
        literal("key").label("kind"),
        _room.c.name,
        _copy.c.number,
        _custody.c.person_id,
        _custody.c.since,
        _custody.c.until,
        _custody.c.due_at,
    )
    .join_from(_custody, _copy, _copy.c.id == _custody.c.copy_id)
    .join(_room, _room.c.id == _copy.c.room_id)
    .where(or_(_custody.c.person_id == _WHOSE, _custody.c.recorded_by_id == _WHOSE)),
    select(literal("saw_code"), _room.c.name, null(), null(), _view.c.at, null(), null())
    .join_from(_view, _code, _code.c.id == _view.c.code_id)
    .join(_box, _box.c.id == _code.c.box_id)
    .join(_room, _room.c.id == _box.c.room_id)
    .where(_view.c.person_id == _WHOSE),
    select(literal("set_code"), _room.c.name, null(), null(), _code.c.valid_from, null(), null())
    .join_from(_code, _box, _box.c.id == _code.c.box_id)
    .join(_room, _room.c.id == _box.c.room_id)
    .where(_code.c.set_by_id == _WHOSE),
).order_by("since")
_TAKE_MY_NAME = update(_custody).where(_custody.c.person_id == _WHOSE).values(person_id=None, note="")
_TAKE_MY_HAND = update(_custody).where(_custody.c.recorded_by_id == _WHOSE).values(recorded_by_id=None)
_TAKE_MY_VIEWS = update(_view).where(_view.c.person_id == _WHOSE).values(person_id=None, booking_id=None)
_TAKE_MY_CODES = update(_code).where(_code.c.set_by_id == _WHOSE).values(set_by_id=None)


def _export(person_id: int) -> list[Facts]:
    return [_facts(row, person_id) for row in execute(_OF_PERSON, whose=person_id)]


def _facts(row: AnyRow, person_id: int) -> Facts:
    if row.kind == "saw_code":
        return {_("Ruimte"): row.name, _("Code van de sleutelkluis gezien op"): row.since}
    if row.kind == "set_code":
        return {_("Ruimte"): row.name, _("Code van de sleutelkluis opgeschreven op"): row.since}
    if row.person_id != person_id:
        # Who had it is of somebody else.
        return {_("Ruimte"): row.name, _("Sleutel"): row.number, _("Door jou opgeschreven op"): row.since}
    return {
        _("Ruimte"): row.name,
        _("Sleutel"): row.number,
        _("Bij jou sinds"): row.since,
        _("Tot"): row.until,
        _("Terug voor"): row.due_at,
    }


def _obstacles(person_id: int, _now: datetime) -> list[str]:
    """A key somebody still has: without their name nobody would know where it is (decisions 2.22)."""
    return [
        _(
            "Sleutel %(number)s (%(opens)s) moet eerst terug.",
            number=copy.number,
            opens=copy.opens,
        )
        for copy in copies_with(person_id)
    ]


def _forget(person_id: int, now: datetime) -> None:
    declare_lost(person_id, now=now)
    for statement in (_TAKE_MY_NAME, _TAKE_MY_HAND, _TAKE_MY_VIEWS, _TAKE_MY_CODES):
        execute(statement, whose=person_id)


PERSONAL = (
    PersonalData(
        "keys",
        _l("Sleutels"),
        what=_l(
            "Welke sleutel je had, en van wanneer tot wanneer; wat je over sleutels opschreef; en wanneer je"
            " de code van een sleutelkluis zag of veranderde."
        ),
        why=_l("Dan weten we waar elke sleutel is, en wie een code kent."),
        seen_by=_l("Wie op de sleutels van die ruimte let, en een dag van tevoren wie na jou komt."),
        columns=frozenset(
            {"custody.person_id", "custody.recorded_by_id", "box_view.person_id", "box_code.set_by_id"}
        ),
        export=_export,
        forget=_forget,
        obstacles=_obstacles,
        terms=OF_PEOPLE,
    ),
    OF_KEEPERS,
)
