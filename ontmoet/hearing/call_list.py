"""The call list of a room: whom to tell what, in words."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from flask import current_app

from ontmoet.kernel.walltime import day_of
from ontmoet.outbox.models import Outcome
from ontmoet.people.rules import Channel, Language
from ontmoet.web import dates
from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import speaking

from .queries import call_list

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ontmoet.outbox.waiting import Waiting

    from .queries import Line, Tried

    Says = Callable[[], str]
    """One or two sentences, in the language that is spoken when it is called."""

    Teller = Callable[[Sequence[Waiting], datetime], Mapping[int, Says]]
    """Knows what to say about messages of its kinds, those that are still true, by their number."""

HURRY = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Shown:
    """One line of the call list as people read it. `says` is in the language of whom it is for, and
    `says_in_dutch` the same for who tells it; empty where that is Dutch already. `address` is where a slip
    goes, for whom one is meant and who lives somewhere.
    """

    number: int
    name: str
    phone: str | None
    on_paper: bool
    address: str
    language: Language
    says: str
    says_in_dutch: str
    is_told: bool
    is_urgent: bool
    tried: tuple[str, ...]
    may_undo: bool


def shown_list(room_id: int, *, actor_id: int, now: datetime) -> list[Shown]:
    """What people of this room have to tell, as far as it is still true, and what they told already."""
    lines = call_list(room_id, day_of(now))
    says = _sentences([line.message for line in lines], now)
    return [
        _shown(line, says[line.message.number], actor_id, now)
        for line in lines
        if line.message.number in says
    ]


def _sentences(messages: Sequence[Waiting], now: datetime) -> dict[int, Says]:
    tellers: Mapping[str, Teller] = current_app.extensions["ontmoet_told"]
    by_teller: defaultdict[Teller, list[Waiting]] = defaultdict(list)
    for message in messages:
        if message.kind in tellers:
            by_teller[tellers[message.kind]].append(message)
    says: dict[int, Says] = {}
    for teller, those in by_teller.items():
        says |= teller(those, now)
    return says


def _shown(line: Line, says: Says, actor_id: int, now: datetime) -> Shown:
    until, on_paper = line.message.useful_until, line.channel is Channel.PRINT
    with speaking(line.language):
        theirs = says()
    return Shown(
        number=line.message.number,
        name=line.name,
        phone=line.phone,
        on_paper=on_paper,
        address=(line.address or "") if on_paper or not line.phone else "",
        language=line.language,
        says=theirs,
        says_in_dutch="" if line.language is Language.DUTCH else says(),
        is_told=line.is_told,
        is_urgent=until is not None and until - now <= HURRY,
        tried=tuple(_tried(one, now) for one in line.tried),
        may_undo=bool(line.tried) and line.tried[-1].by_id == actor_id,
    )


def _tried(one: Tried, now: datetime) -> str:
    day = dates.near_day(day_of(one.at), day_of(now))
    facts = {"name": one.by_name, "day": day, "time": dates.clock_at(one.at)}
    if one.outcome is Outcome.TOLD:
        return _("Verteld door %(name)s, %(day)s om %(time)s uur.", **facts)
    return _("Niet bereikt door %(name)s, %(day)s om %(time)s uur.", **facts)
