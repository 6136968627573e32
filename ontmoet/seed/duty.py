"""The key duty of the last months: each Monday another keeper takes it and counts what is in the cabinet."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING, Protocol

from ontmoet.kernel.walltime import day_of, instant
from ontmoet.keys.duty_rules import Step
from ontmoet.keys.models import DutyCount, KeyDuty

from .writing import public_ids

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from .settle import SettledRoom
    from .writing import Rows

    class Findable(Protocol):
        """A copy that lay in the cabinet or not."""

        def is_in_cabinet(self, at: datetime) -> bool: ...


WEEKS = 11
"""As long as names of hand-overs are kept, and no longer."""

MORNING = 9 * 60 + 15
MISCOUNTED = {3: "Sleutel lag nog bij de koffie, hij is er weer.", 8: "Eentje nog niet terug van zondag."}
"""Of the hand-overs so many weeks ago: there was one less than the register said, and what was noted."""

NOTES = {1: "Nieuwe batterij in het lampje van de kast.", 6: "Ik ben volgende week een paar dagen weg."}


def add_duty(
    rows: Rows,
    room: SettledRoom,
    key_id: int,
    rings: Sequence[Findable],
    keepers: Sequence[int],
    *,
    now: datetime,
) -> None:
    """Two keepers take turns; with one alone nothing is handed over. The last one waits for a yes."""
    pair = list(dict.fromkeys(keepers))[:2]
    if len(pair) < 2:
        return
    ids = public_ids(Random(f"key duty of {room.plan.slug}"))
    today = day_of(now)
    monday = today - timedelta(days=today.weekday())
    moments = [instant(monday - timedelta(weeks=ago), MORNING) for ago in range(WEEKS, -1, -1)]
    moments = [at for at in moments if at <= now]
    for number, at in enumerate(moments):
        ago = len(moments) - 1 - number
        # Counted from today, so that the one who is called first has the duty now.
        giver, getter = pair[(ago + 1) % 2], pair[ago % 2]
        is_last = ago == 0
        duty_id = rows.add(
            KeyDuty,
            public_id=next(ids),
            room_id=room.room_id,
            step=Step.HAND_OVER if number else Step.START,
            from_id=giver if number else None,
            to_id=getter,
            at=at,
            until=None if is_last else moments[number + 1],
            recorded_by_id=giver if number else getter,
            is_one_sided=is_last and number > 0,
            objected_at=None,
            note=MISCOUNTED.get(ago, NOTES.get(ago, "")),
        )
        expected = sum(ring.is_in_cabinet(at) for ring in rings)
        missed = ago in MISCOUNTED and expected > 0
        rows.add(
            DutyCount, duty_id=duty_id, key_id=key_id, expected=expected, counted=expected - bool(missed)
        )
