"""Two years of keys: who had which, with the slips of every day: late, passed on, lost and found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

from ontmoet.keys.models import Custody, Key, KeyCopy
from ontmoet.keys.rules import CABINET, LOST, Condition, Holder, HolderKind, due_after, person
from ontmoet.rooms.rules import KeyPlan

from .duty import add_duty
from .settle import BEGINNING
from .writing import public_ids

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from .drafts import Draft
    from .settle import Booker, SettledRoom
    from .writing import Rows

OPENS = {
    "de-linde": ("Voordeur en keuken", 4),
    "t-hoekje": ("Voordeur", 2),
    "het-plein": ("Voordeur en zaal", 3),
    "de-brug": ("Hoofdingang", 3),
    "de-wilgen": ("Voordeur en werkplaats", 4),
    "de-ark": ("Voordeur", 2),
}
"""What the keys of a room open, and how many there are."""

LATE, LOSES, SEES_SOMETHING, LET_IN = 0.05, 0.002, 0.06, 0.1
"""How often somebody brings a key back the next day, loses it, leaves something behind, or is let in."""

NOTES = ("Er stond nog afwas.", "Een raam stond open.", "De lampen waren nog aan.", "Een kraan lekt.")
STILL_OUT = timedelta(hours=36)
"""In the demo somebody of the last days forgot to bring a key back."""


@dataclass(frozen=True, slots=True)
class Move:
    """A copy goes to a holder, or was reported lost; for which booking, and until when."""

    at: datetime
    holder: Holder
    due_at: datetime | None = None
    booking_id: int | None = None
    condition: Condition | None = None
    note: str = ""


class Ring:
    """One copy and what happened to it, in order of time. `free_from` is when it is in the cabinet again."""

    def __init__(self, opened_at: datetime) -> None:
        self.moves = [Move(opened_at, CABINET)]

    @property
    def free_from(self) -> datetime:
        return self.moves[-1].at

    def is_in_cabinet(self, at: datetime) -> bool:
        """Whether it lay there at a moment that is over."""
        return [move for move in self.moves if move.at <= at][-1].holder == CABINET

    @property
    def is_away(self) -> bool:
        return self.moves[-1].holder != CABINET


KEPT_BY = {"de-brug": "Welzijn Rivierenland"}
"""Which organisation has a key of a room for good, beside those that go round."""


def add_keys(
    rows: Rows,
    room: SettledRoom,
    booked: Iterable[tuple[int, Draft]],
    keepers: Sequence[Booker],
    ids: Iterator[str],
    *,
    now: datetime,
    dice: Random,
    partner: int | None = None,
) -> dict[int, datetime]:
    """The keys of a room, and who had them for these bookings; when each booking got its key. `partner` is
    the organisation that has one for good.
    """
    opens, copies = OPENS[room.plan.slug]
    opened_at = now - BEGINNING
    key_id = rows.add(Key, room_id=room.room_id, opens=opens, made_at=opened_at)
    rings = [Ring(opened_at) for _ in range(copies)]
    match room.plan.key_plan:
        case KeyPlan.HANDED_OUT | KeyPlan.CODE_BOX:
            for booking_id, draft in sorted(booked, key=lambda pair: (pair[1].slot, pair[0])):
                _use(rings, booking_id, draft, now, dice)
        case KeyPlan.NEIGHBOUR_OPENS | KeyPlan.OWN_KEY:
            holders = [*keepers, *room.residents]
            for ring, holder in zip(rings, holders, strict=False):
                ring.moves.append(Move(opened_at + timedelta(days=1), person(holder.person_id)))
    keeper_id = keepers[0].person_id if keepers else None
    for number, ring in enumerate(rings, start=1):
        _add_copy(rows, room, key_id, number, ring, next(ids), keeper_id)
    if partner is not None:
        kept = Ring(opened_at)
        since = opened_at + timedelta(days=30)
        kept.moves.append(Move(since, Holder(HolderKind.ORGANISATION, organisation_id=partner)))
        # Ids of its own dice: the rest of the demo stays as it was.
        own_id = next(public_ids(Random(f"key of an organisation in {room.plan.slug}")))
        rings.append(kept)
        _add_copy(rows, room, key_id, len(rings), kept, own_id, keeper_id)
    add_duty(rows, room, key_id, rings, [keeper.person_id for keeper in keepers], now=now)
    return {move.booking_id: move.at for ring in rings for move in ring.moves if move.booking_id is not None}


def _add_copy(
    rows: Rows,
    room: SettledRoom,
    key_id: int,
    number: int,
    ring: Ring,
    public_id: str,
    keeper_id: int | None,
) -> None:
    copy_id = rows.add(
        KeyCopy,
        public_id=public_id,
        key_id=key_id,
        room_id=room.room_id,
        number=number,
        tag_edition=1,
        made_at=ring.moves[0].at,
        retired_at=None,
    )
    _write_down(rows, copy_id, ring, keeper_id)


def _use(rings: list[Ring], booking_id: int, draft: Draft, now: datetime, dice: Random) -> None:
    """Somebody gets a key before a booking and brings it back, if one is there; else a neighbour lets in."""
    taken_at = draft.slot.starts - timedelta(minutes=dice.randint(5, 50))
    ring = next((ring for ring in rings if not ring.is_away and ring.free_from < taken_at), None)
    is_let_in = dice.random() < LET_IN
    if ring is None or is_let_in or taken_at > now:
        return
    due_at = due_after(draft.slot)
    ring.moves.append(Move(taken_at, person(draft.person_id), due_at, booking_id))
    chance = dice.random()
    if chance < LOSES:
        lost_at = draft.slot.ends + timedelta(hours=1)
        _go_on(ring, Move(lost_at, LOST), now)
        _go_on(ring, Move(lost_at + timedelta(days=dice.randint(1, 4)), CABINET), now)
        return
    back_at = draft.slot.ends + timedelta(minutes=dice.randint(5, 50))
    if chance < LOSES + LATE:
        back_at = due_at + timedelta(hours=dice.randint(2, 20))
    condition, note = Condition.GOOD, ""
    if dice.random() < SEES_SOMETHING:
        condition, note = Condition.NOTE, dice.choice(NOTES)
    forgets = chance < LOSES + LATE and now - draft.slot.ends < STILL_OUT
    if not forgets:
        _go_on(ring, Move(back_at, CABINET, condition=condition, note=note), now)


def _go_on(ring: Ring, move: Move, now: datetime) -> None:
    """What is still to come has not happened."""
    if move.at <= now:
        ring.moves.append(move)


def _write_down(rows: Rows, copy_id: int, ring: Ring, keeper_id: int | None) -> None:
    after = [*ring.moves[1:], None]
    for move, then in zip(ring.moves, after, strict=True):
        rows.add(
            Custody,
            copy_id=copy_id,
            holder=move.holder.kind,
            person_id=move.holder.person_id,
            organisation_id=move.holder.organisation_id,
            holder_name="",
            booking_id=move.booking_id,
            since=move.at,
            until=then.at if then else None,
            due_at=move.due_at,
            recorded_by_id=keeper_id,
            is_one_sided=False,
            objected_at=None,
            condition=then.condition if then else None,
            note=then.note if then else "",
        )
