"""Code boxes with who saw their code, and lockers of groups."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

from ontmoet.kernel.sealing import seal
from ontmoet.kernel.walltime import day_of
from ontmoet.keys.boxes import seal_of
from ontmoet.keys.models import BoxCode, BoxView, CodeBox, Locker
from ontmoet.keys.rules import CODE_GETS_OLD

from .settle import BEGINNING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .drafts import Draft
    from .settle import SettledRoom
    from .writing import Rows

BOXES = {
    "t-hoekje": ("Links van de voordeur", "4827", timedelta(days=40)),
    "de-brug": ("Naast de hoofdingang, bij de fietsen", "730615", timedelta(days=95)),
}
"""Where the box of a room hangs, its code, and since when. That of De Brug is due for another."""

LOOKS = 0.8
"""Of the bookers, those who look; the others know the code, or come together."""

LOCKERS = {
    "t-hoekje": ((1, "Koffieochtend", ""), (2, "Breiclub", "")),
    "de-brug": (
        (1, "Kaartclub", ""),
        (2, "Handwerkgroep", ""),
        (3, "Taalcafé", "De schaakclub zegt dat dit kastje van hen is."),
        (5, "Welzijn Rivierenland", ""),
    ),
}
"""Number, group, and what they do not agree about."""


def add_box(
    rows: Rows,
    room: SettledRoom,
    booked: Iterable[tuple[int, Draft]],
    ids: Iterator[str],
    *,
    set_by_id: int,
    token_key: str,
    now: datetime,
) -> None:
    """The box of a room, if it has one, the code of before and that of now, and the lockers."""
    for number, group, note in LOCKERS.get(room.plan.slug, ()):
        rows.add(
            Locker,
            public_id=next(ids),
            room_id=room.room_id,
            number=number,
            group_name=group,
            copy_id=None,
            note=note,
            since=day_of(now - timedelta(days=70 * number)),
            until=None,
        )
    if room.plan.slug not in BOXES:
        return
    hangs, code, age = BOXES[room.plan.slug]
    opened_at, since = now - BEGINNING, now - age
    box_id = rows.add(CodeBox, room_id=room.room_id, hangs=hangs, made_at=opened_at)
    rows.add(
        BoxCode,
        box_id=box_id,
        sealed=None,
        valid_from=opened_at,
        valid_until=since,
        set_by_id=set_by_id if age < CODE_GETS_OLD else None,
    )
    code_id = rows.add(
        BoxCode,
        box_id=box_id,
        sealed=seal(code, seal_of(box_id), key=token_key),
        valid_from=since,
        valid_until=None,
        set_by_id=set_by_id,
    )
    _add_views(rows, code_id, booked, since, now, Random(f"who looks in {room.plan.slug}"))


def _add_views(
    rows: Rows,
    code_id: int,
    booked: Iterable[tuple[int, Draft]],
    since: datetime,
    now: datetime,
    dice: Random,
) -> None:
    for booking_id, draft in sorted(booked, key=lambda pair: (pair[1].slot, pair[0])):
        at = draft.slot.starts - timedelta(minutes=dice.randint(0, 20))
        if dice.random() < LOOKS and since <= at <= now:
            is_known = now - at < CODE_GETS_OLD
            rows.add(
                BoxView,
                code_id=code_id,
                person_id=draft.person_id if is_known else None,
                booking_id=booking_id if is_known else None,
                at=at,
            )
