"""What the sheet of a room shows, and how it is refused."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from flask import Response, flash

from ontmoet.kernel.permissions import Permission
from ontmoet.kernel.walltime import day_of
from ontmoet.rooms.pages import room_page
from ontmoet.web.access import may
from ontmoet.web.i18n import gettext as _
from ontmoet.web.pieces import untouched

from . import actions
from .coming import beyond_capacity
from .forms import SheetForm, WholeSheetForm
from .in_the_way import lines_of
from .queries import Sheet, contact_among, sheet_of, staff_remembered
from .rules import Reason
from .wording import KEY_PLANS, POLICIES, missing_path, missing_word, say

if TYPE_CHECKING:
    from datetime import datetime

    from ontmoet.kernel.objections import Objection, Refused
    from ontmoet.rooms.rules import RoomView

_POLICY_MEANS = {one.value: means for one, (_text, means) in POLICIES.items()}
_KEY_PLAN_MEANS = {one.value: means for one, (_text, means) in KEY_PLANS.items()}


def sheet_form_for(room: RoomView) -> type[SheetForm]:
    """What this reader may change of it."""
    return WholeSheetForm if may(Permission.ROOM_ARRANGE, room) else SheetForm


def sheet_page(room: RoomView, form: SheetForm | None = None, *, now: datetime) -> Response:
    """The sheet as it is, or as it was filled in and refused."""
    form_class, today = sheet_form_for(room), day_of(now)
    staff, found = staff_remembered(room, today=today), sheet_of(room.room_id, today=today)
    too_many = lines_of(room, beyond_capacity(room, now=now), "too_many")

    def filled() -> SheetForm:
        """Made when it is drawn: what nobody typed in is drawn once for everybody."""
        if form is not None:
            return form
        blank = form_class()
        blank.offer(staff)
        blank.start_from(actions.values_of(found, contact_among(staff)), found.version)
        return blank

    return room_page(
        "arranging/sheet.html",
        room,
        status=200 if form is None else 422,
        piece=untouched(("sheet", form_class, room.room_id), (room.version, found, staff, too_many)),
        filled=filled,
        is_refused=form is not None,
        sheet=found,
        arranges=form_class is WholeSheetForm,
        missing=[
            (missing_path(what, room.slug, found.complex_public_id), missing_word(what))
            for what in found.missing
        ],
        policy_means=_POLICY_MEANS,
        key_plan_means=_KEY_PLAN_MEANS,
        too_many=too_many,
    )


def say_saved(form: SheetForm) -> None:
    """And what is still to do."""
    if isinstance(form, WholeSheetForm) and not form.contact.data:
        flash(
            _(
                "Bewaard. Er is nog geen aanspreekpunt bij de corporatie. "
                "Kies iemand, dan weten bewoners wie ze bellen."
            ),
            "warn",
        )
    else:
        flash(_("Bewaard."), "good")


def refuse_sheet(form: SheetForm, refusal: Refused, room: RoomView, *, now: datetime) -> None:
    """What only another changed is shown as it is now; the rest stays as it was typed."""
    form.refuse([_in_words(form, objection) for objection in refusal.objections], say)
    values = _values(sheet_of(room.room_id, today=day_of(now)), now)
    meanwhile = (Reason.CHANGED_MEANWHILE, Reason.CHANGED_BY_BOTH)
    if not any(objection.reason in meanwhile for objection in refusal.objections):
        return
    for objection in refusal.objections:
        if objection.reason is Reason.CHANGED_MEANWHILE and objection.field is not None:
            form.show(objection.field, values[objection.field])
    form.mark_seen(values, sheet_of(room.room_id, today=day_of(now)).version)


def _in_words(form: SheetForm, objection: Objection) -> Objection:
    if objection.reason is not Reason.CHANGED_BY_BOTH or objection.field is None:
        return objection
    now = form.in_words(objection.field, str(objection.facts["now"]))
    return replace(objection, facts={"now": now})


def _values(found: Sheet, now: datetime) -> dict[str, str]:
    return actions.values_of(found, actions.contact_in(found.room_id, now=now))
