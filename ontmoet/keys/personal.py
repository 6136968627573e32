"""What is known about somebody who had a key or handed one out, or who saw or set the code of a box."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, literal, or_, select, union_all, update

from ontmoet.db import execute
from ontmoet.kernel.personal import PersonalData
from ontmoet.rooms.models import Room
from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import lazy_gettext as _l

from .actions import declare_lost
from .models import BoxCode, BoxView, CodeBox, Custody, KeyCopy
from .queries import copies_with
from .retention import RETENTIONS

if TYPE_CHECKING:
    from datetime import datetime

    from ontmoet.kernel.personal import Facts

_custody = Custody.__table__
_copy = KeyCopy.__table__
_room = Room.__table__
_WHOSE: Any = bindparam("whose")

_OF_PERSON = (
    select(
        _room.c.name,
        _copy.c.number,
        _custody.c.person_id,
        _custody.c.since,
        _custody.c.until,
        _custody.c.due_at,
    )
    .join_from(_custody, _copy, _copy.c.id == _custody.c.copy_id)
    .join(_room, _room.c.id == _copy.c.room_id)
    .where(or_(_custody.c.person_id == _WHOSE, _custody.c.recorded_by_id == _WHOSE))
    .order_by(_custody.c.since, _custody.c.id)
)
_TAKE_MY_NAME = update(_custody).where(_custody.c.person_id == _WHOSE).values(person_id=None, note="")
_TAKE_MY_HAND = update(_custody).where(_custody.c.recorded_by_id == _WHOSE).values(recorded_by_id=None)

_box = CodeBox.__table__
_code = BoxCode.__table__
_view = BoxView.__table__
_SEEN_OR_SET = union_all(
    select(_room.c.name, _view.c.at.label("at"), literal(0).label("did_set"))
    .join_from(_view, _code, _code.c.id == _view.c.code_id)
    .join(_box, _box.c.id == _code.c.box_id)
    .join(_room, _room.c.id == _box.c.room_id)
    .where(_view.c.person_id == _WHOSE),
    select(_room.c.name, _code.c.valid_from, literal(1))
    .join_from(_code, _box, _box.c.id == _code.c.box_id)
    .join(_room, _room.c.id == _box.c.room_id)
    .where(_code.c.set_by_id == _WHOSE),
).order_by("at")
_TAKE_MY_VIEWS = update(_view).where(_view.c.person_id == _WHOSE).values(person_id=None, booking_id=None)
_TAKE_MY_CODES = update(_code).where(_code.c.set_by_id == _WHOSE).values(set_by_id=None)


def _export(person_id: int) -> list[Facts]:
    return [
        {
            _("Ruimte"): row.name,
            _("Sleutel"): row.number,
            _("Bij jou sinds"): row.since,
            _("Tot"): row.until,
            _("Terug voor"): row.due_at,
        }
        if row.person_id == person_id
        # Who had it is of somebody else.
        else {_("Ruimte"): row.name, _("Sleutel"): row.number, _("Door jou opgeschreven op"): row.since}
        for row in execute(_OF_PERSON, whose=person_id)
    ]


def _obstacles(person_id: int, _now: datetime) -> list[str]:
    """A key somebody still has: without their name nobody would know where it is (decisions 2.22)."""
    return [
        _(
            "Je hebt nog sleutel %(number)s (%(opens)s). Breng hem eerst terug.",
            number=copy.number,
            opens=copy.opens,
        )
        for copy in copies_with(person_id)
    ]


def _forget(person_id: int, now: datetime) -> None:
    declare_lost(person_id, now=now)
    execute(_TAKE_MY_NAME, whose=person_id)
    execute(_TAKE_MY_HAND, whose=person_id)


def _export_codes(person_id: int) -> list[Facts]:
    return [
        {_("Ruimte"): row.name, (_("Code opgeschreven op") if row.did_set else _("Code gezien op")): row.at}
        for row in execute(_SEEN_OR_SET, whose=person_id)
    ]


def _forget_codes(person_id: int, _now: datetime) -> None:
    execute(_TAKE_MY_VIEWS, whose=person_id)
    execute(_TAKE_MY_CODES, whose=person_id)


PERSONAL = (
    PersonalData(
        "keys",
        _l("Sleutels"),
        what=_l("Welke sleutel je had, en van wanneer tot wanneer; en wat je over sleutels opschreef."),
        why=_l("Dan weten we waar elke sleutel is."),
        seen_by=_l("Wie op de sleutels van die ruimte let, en een dag van tevoren wie na jou komt."),
        columns=frozenset({"custody.person_id", "custody.recorded_by_id"}),
        export=_export,
        forget=_forget,
        obstacles=_obstacles,
        terms=(RETENTIONS[0],),
    ),
    PersonalData(
        "box_codes",
        _l("Codes van sleutelkluizen"),
        what=_l("Wanneer je een code zag en bij welke reservering, en welke codes je opschreef."),
        why=_l("Dan weten we wie een code kent."),
        seen_by=_l("Wie de sleutelkluis van die ruimte bijhoudt."),
        columns=frozenset({"box_view.person_id", "box_code.set_by_id"}),
        export=_export_codes,
        forget=_forget_codes,
        terms=(RETENTIONS[1],),
    ),
)
