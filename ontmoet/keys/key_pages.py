"""What the pages of keys show, to whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from flask import request

from ontmoet.kernel.permissions import Permission, allows
from ontmoet.kernel.walltime import day_of
from ontmoet.people.finding import Scope
from ontmoet.people.forms import NameForm
from ontmoet.people.found_pages import found_on
from ontmoet.rooms.pages import room_page
from ontmoet.web import dates
from ontmoet.web.access import known_actor, may
from ontmoet.web.leaves import leaf_of
from ontmoet.web.pages import page
from ontmoet.web.pieces import Piece

from .forms import GiveForm, NewKeyForm, TakeBackForm
from .holders import contacts_of
from .queries import Copy, Turn, history_of, turns_in
from .rules import AHEAD, Condition, HolderKind, due_after, due_choices, may_open_box
from .wording import (
    condition_lines,
    copy_name,
    due_line,
    history_line,
    moment_words,
    objected_line,
    turns_words,
    where_line,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask import Response

    from ontmoet.people.finding import Finding
    from ontmoet.rooms.rules import RoomView


FIRST = 3
"""Of those whose turn it is: what the page of a key shows before somebody asks for the others."""


ON_A_LEAF = 20
"""Of the times that a key was somewhere before."""


@dataclass(frozen=True)
class Seen:
    """A key at a moment, for its page and for permissions."""

    copy: Copy
    room: RoomView
    now: datetime

    @property
    def room_id(self) -> int:
        return self.copy.room_id

    @property
    def holder_id(self) -> int | None:
        return self.copy.now.holder.person_id

    @property
    def organisation_id(self) -> int | None:
        return self.copy.now.holder.organisation_id

    @cached_property
    def turns(self) -> tuple[Turn, ...]:
        """Whose turn it is, of others than its holder. Read when somebody asks."""
        turns = turns_in(self.room_id, now=self.now)
        return tuple(turn for turn in turns if turn.person_id != self.holder_id)

    @property
    def next_ids(self) -> frozenset[int]:
        """Who comes within a day may know where the key is (decisions 2.14)."""
        soon = self.now + AHEAD
        return frozenset(turn.person_id for turn in self.turns if turn.slot.starts < soon)

    @property
    def opener_ids(self) -> frozenset[int]:
        """Who may take it from the code box alone: who booked for about now (decisions 1)."""
        return frozenset(turn.person_id for turn in self._turns_at_box)

    def turn_to_open_box(self, person_id: int) -> Turn | None:
        """The booking for which this person opens the code box now."""
        return next((turn for turn in self._turns_at_box if turn.person_id == person_id), None)

    @property
    def _turns_at_box(self) -> list[Turn]:
        if not self.copy.has_box:
            return []
        return [turn for turn in self.turns if may_open_box(turn.slot, self.now)]


def key_page(
    seen: Seen,
    *,
    back: TakeBackForm | None = None,
    problem: str = "",
    rules_first: tuple[str, str] | None = None,
    status: int = 200,
) -> Response:
    """One key and what can be done with it."""
    held, now, reader = seen.copy.now, seen.now, known_actor()
    may_hand_out = allows(reader, Permission.KEYS_HAND_OUT, seen.room)
    may_manage = allows(reader, Permission.KEYS_MANAGE, seen.room)
    has_it = allows(reader, Permission.KEY_ANSWER, seen)
    own_turn = seen.turn_to_open_box(reader.person_id)
    # Who passes it on gives it to whose turn it is, and to nobody else.
    shown = 1 if not may_hand_out else len(seen.turns) if "beurten" in request.args else FIRST
    return room_page(
        "keys/key.html",
        seen.room,
        status=status,
        seen=seen,
        here=f"/sleutels/{seen.copy.public_id}",
        held=held,
        title=copy_name(seen.copy),
        state=held.holder.kind,
        where=where_line(held),
        since=moment_words(held.since, now),
        due=dates.capitalised(due_line(held.due_at, now)) if held.is_out else "",
        is_late=held.is_late(now),
        may_hand_out=may_hand_out,
        has_it=has_it,
        is_ours=held.holder.organisation_id is not None,
        contacts=[]
        if has_it or not may_hand_out
        else contacts_of(held.holder, seen.room_id, today=day_of(now)),
        objected=objected_line(held, may_say_so=has_it) if held.objected_at else "",
        may_answer=has_it and held.is_one_sided and held.objected_at is None,
        # Whoever hands out keys takes one along under "Aan de beurt".
        takes_until=moment_words(due_after(own_turn.slot), now)
        if own_turn and not may_hand_out and held.holder.kind is HolderKind.CABINET
        else "",
        turns=turns_words(seen.turns[:shown], now, may_hand_out=may_hand_out, own_id=reader.person_id),
        are_more_turns=may_hand_out and len(seen.turns) > shown,
        may_manage=may_manage,
        # Without a name or a token in them, these are the same for all who may do the same.
        other_deeds=Piece(
            ("other_deeds", seen.copy.public_id), (held.holder.kind, may_hand_out, has_it, may_manage)
        ),
        back=back,
        # As long as nothing is filled in, these fields are the same for everybody.
        back_fields=Piece("take_back_fields", None) if back is None else None,
        back_as_usual=_back_as_usual,
        condition_lines=condition_lines(),
        problem=problem,
        rules_first=rules_first,
        is_refused=bool(problem) or (back is not None and back.is_refused),
    )


def _back_as_usual() -> TakeBackForm:
    """Fields that nobody filled in yet. Made when they are drawn."""
    form = TakeBackForm()
    form.condition.data = Condition.GOOD
    return form


def history_page(seen: Seen) -> Response:
    """Where a key was before, and who had it: the latest first, some at a time."""
    today = day_of(seen.now)
    leaf = leaf_of(history_of(seen.copy.copy_id), request.args.get("pagina", ""), size=ON_A_LEAF)
    return room_page(
        "keys/history.html",
        seen.room,
        seen=seen,
        title=copy_name(seen.copy),
        history=[
            (dates.near_day(day_of(each.since), today), dates.clock_at(each.since), history_line(each))
            for each in leaf.items
        ],
        leaf=leaf,
    )


def give_page(
    seen: Seen,
    *,
    give: GiveForm | None = None,
    search: NameForm | None = None,
    found: Finding | None = None,
    rules_first: tuple[str, str] | None = None,
    status: int = 200,
) -> Response:
    """Somebody without a booking to give the key to: found by name, or written down. Who was found is still
    there when the form comes back.
    """
    if give is not None and ("who" not in request.form or "person" in request.form):
        listed = found_on(f"/sleutels/{seen.copy.public_id}/aan-iemand-anders", seen.room, Scope.HELPED)
    else:
        listed = found
    if give is None:
        give = GiveForm()
        give.offer(due_choices(seen.now), seen.now)
    return room_page(
        "keys/give.html",
        seen.room,
        status=status,
        seen=seen,
        title=copy_name(seen.copy),
        give=give,
        due_form=give,
        search=search or NameForm(),
        found=found,
        listed=listed,
        chosen=request.form.get("person", ""),
        rules_first=rules_first,
    )


def list_page(room: RoomView, copies: Sequence[Copy], now: datetime, *, duty: str) -> Response:
    """All keys of a room: those that should have been back first. `duty` says who has the key duty."""
    late = [copy for copy in copies if copy.now.is_late(now)]
    out = [copy for copy in copies if copy.now.is_out and not copy.now.is_late(now)]
    in_cabinet = [copy for copy in copies if copy.now.holder.kind is HolderKind.CABINET]
    lost = [copy for copy in copies if copy.now.holder.kind is HolderKind.LOST]
    return room_page(
        "keys/keys.html",
        room,
        duty=duty,
        late=[_row(copy, now) for copy in late],
        out=[_row(copy, now) for copy in out],
        in_cabinet=[_row(copy, now) for copy in in_cabinet],
        lost=[_row(copy, now) for copy in lost],
        may_manage=may(Permission.KEYS_MANAGE, room),
        has_keys=bool(copies),
    )


def own_page(copies: Sequence[Copy], now: datetime) -> Response:
    """What somebody has with them."""
    return page("keys/mine.html", nav="mine", keys=[_own_row(copy, now) for copy in copies])


def new_page(room: RoomView, form: NewKeyForm, *, status: int = 200) -> Response:
    """A form for new keys."""
    return room_page("keys/new.html", room, status=status, form=form)


def _own_row(copy: Copy, now: datetime) -> tuple[str, str, str]:
    whose = f", {where_line(copy.now)}" if copy.now.holder.organisation_id is not None else ""
    line = f"{copy.opens}{whose}, {due_line(copy.now.due_at, now)}"
    return f"/sleutels/{copy.public_id}", copy_name(copy), line


def _row(copy: Copy, now: datetime) -> tuple[Copy, str, str]:
    held = copy.now
    line = f"{where_line(held)}, {due_line(held.due_at, now)}" if held.is_out else copy.opens
    return copy, copy_name(copy), dates.capitalised(line)
