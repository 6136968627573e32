"""What the pages of the key duty show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ontmoet.kernel.walltime import day_of
from ontmoet.rooms.pages import room_page
from ontmoet.web import dates
from ontmoet.web.access import known_actor

from .duty_queries import counts_of, duties_in
from .duty_wording import answer_line, count_line, duty_line, expected_line, step_line
from .queries import copies_in
from .rules import HolderKind
from .wording import copy_name, full_moment, where_line

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from flask import Response

    from ontmoet.rooms.rules import RoomView

    from .duty_forms import DutyForm
    from .duty_queries import Duty, Keeper, Lying
    from .duty_rules import Count
    from .queries import Copy


def duty_page(
    room: RoomView,
    current: Duty | None,
    lying: Sequence[Lying],
    keepers: Sequence[Keeper],
    form: DutyForm,
    *,
    now: datetime,
    status: int = 200,
) -> Response:
    """Who has the duty, a form to hand it over, and the hand-overs before."""
    me = known_actor().person_id
    has_it = current.to_id if current else None
    return room_page(
        "keys/duty.html",
        room,
        status=status,
        current=current,
        line=duty_line(current, now),
        is_mine=has_it == me,
        # Somebody who stopped handing out keys is called no more.
        is_keeper=has_it is None or has_it in {keeper.person_id for keeper in keepers},
        answer=answer_line(current, reader_id=me) if current else "",
        may_answer=current is not None and current.may_answer(me),
        form=form,
        counts=[(field, expected_line(key.copies)) for key, field in form.count_fields(lying)],
        before=[
            (each, dates.near_day(day_of(each.at), day_of(now)), dates.clock_at(each.at), step_line(each))
            for each in duties_in(room.room_id)
        ],
    )


def hand_over_page(room: RoomView, duty: Duty, *, problem: str = "", status: int = 200) -> Response:
    """One hand-over."""
    me = known_actor().person_id
    counts = counts_of(duty.duty_id)
    copies = copies_in(room.room_id) if duty.is_different and duty.is_now else []
    return room_page(
        "keys/hand_over.html",
        room,
        status=status,
        duty=duty,
        line=step_line(duty),
        moment=dates.capitalised(full_moment(duty.at)),
        answer=answer_line(duty, reader_id=me),
        may_answer=duty.may_answer(me),
        counts=[(count, count_line(count), _where_to_look(count, copies)) for count in counts],
        problem=problem,
    )


def _where_to_look(count: Count, copies: Sequence[Copy]) -> list[tuple[str, str, str]]:
    """The copies of a key that can explain a difference: of a missing one those that should lie there, of
    one too many those that should not.
    """
    if not (count.missing or count.extra):
        return []
    return [
        (f"/sleutels/{copy.public_id}", copy_name(copy), dates.capitalised(where_line(copy.now)))
        for copy in copies
        if copy.key_id == count.key_id and (copy.now.holder.kind is HolderKind.CABINET) == bool(count.missing)
    ]
