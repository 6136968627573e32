"""What pages show about the use of a booking, in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from ontmoet.kernel.permissions import Permission, allows
from ontmoet.rooms.rules import KeyPlan
from ontmoet.web import dates
from ontmoet.web.i18n import gettext as _

from .states import Status
from .use_queries import checked_in, use_of
from .use_rules import (
    EARLY,
    Chore,
    Closings,
    Trace,
    against_answer,
    against_check_in,
    against_closing,
    is_in_doubt,
)

if TYPE_CHECKING:
    from ontmoet.kernel.actor import Actor
    from ontmoet.rooms.rules import RoomView

    from .agenda_queries import AgendaLine
    from .queries import BookingView


@dataclass(frozen=True, slots=True)
class UseShown:
    """The part of a booking's page about its use. `chores` are facts: icon, term, and what it is about."""

    checked_in: str
    may_check_in: bool
    may_close: bool
    asks: bool
    answer: str
    chores: list[tuple[str, str, str]]
    note: str
    has_photo: bool


@dataclass(frozen=True, slots=True)
class Arrival:
    """A booking of the reader at whose door they may stand now; `since` when they said so already."""

    public_id: str
    times: str
    since: str


def use_shown(found: BookingView, room: RoomView, *, actor: Actor, now: datetime) -> UseShown | None:
    """What there is to tell and to do; None for what nobody can use yet, or ever. At most one statement."""
    if found.status is not Status.CONFIRMED or now < found.slot.starts - EARLY:
        return None
    use = use_of(found.booking_id)
    may = allows(actor, Permission.USE_RECORD, found)
    may_answer = may and against_answer(found.status, found.slot, now=now) is None
    shown = UseShown(
        checked_in=_clock(use.checked_in_at) if use.checked_in_at else "",
        may_check_in=may
        and use.checked_in_at is None
        and against_check_in(found.status, found.slot, now=now) is None,
        may_close=may and against_closing(found.status, found.slot, now=now) is None,
        asks=may_answer and use.was_there is None and is_in_doubt(room.key_plan, use.at),
        answer=_answered(use.was_there),
        chores=_chores_shown(use.done, room.key_plan),
        note=use.note,
        has_photo=may and use.photo is not None,
    )
    is_empty = not (shown.checked_in or shown.answer or shown.chores)
    is_idle = not (shown.may_check_in or shown.may_close or shown.asks)
    return None if is_empty and is_idle else shown


def arrival_of(lines: Iterable[AgendaLine], *, now: datetime) -> Arrival | None:
    """The reader's booking among these lines that they may check in to, first one they did not yet.

    One statement for who has one, none for all others.
    """
    mine = {
        line.public_id: line
        for line in lines
        if line.is_mine
        and not (line.is_request or line.is_offered)
        and against_check_in(Status.CONFIRMED, line.slot, now=now) is None
    }
    if not mine:
        return None
    known = checked_in(list(mine))
    line = min(mine.values(), key=lambda line: (line.public_id in known, line.slot))
    since = known.get(line.public_id)
    return Arrival(line.public_id, dates.times_in_words(line.slot), _clock(since) if since else "")


def chore_word(chore: Chore, plan: KeyPlan) -> tuple[str, str]:
    """What is to be done, and what belongs to it. With the key it goes as with this room's way to get in."""
    if chore is Chore.KEY:
        return {
            KeyPlan.HANDED_OUT: (_("Sleutel terug"), _("Meteen na afloop")),
            KeyPlan.NEIGHBOUR_OPENS: (_("Gezegd dat je klaar bent"), _("Dan wordt er afgesloten")),
            KeyPlan.OWN_KEY: (_("Deur op slot"), _("Ook de achterdeur")),
            KeyPlan.CODE_BOX: (_("Sleutel terug in de kluis"), _("En aan de cijfers gedraaid")),
        }[plan]
    return {
        Chore.TIDIED: (_("Netjes achtergelaten"), _("Tafels en stoelen terug")),
        Chore.DISHES: (_("Afwas gedaan"), _("En opgeruimd")),
        Chore.LIGHTS: (_("Lampen uit"), _("Ook op de wc")),
        Chore.WINDOWS: (_("Ramen dicht"), _("Verwarming laag")),
    }[chore]


def trace_word(trace: Trace, was_there: bool | None) -> str:
    """What shows that a booking was used."""
    return {
        Trace.CHECK_IN: _("Aangemeld in de ruimte"),
        Trace.HEADCOUNT: _("Mensen geteld"),
        Trace.KEY: _("Sleutel meegekregen"),
        Trace.CLOSING: _("Afsluitlijst ingevuld"),
        Trace.STRIP: _("Strip gebruikt"),
        Trace.ANSWER: _answered(was_there) or _("Verteld of er iemand was"),
    }[trace]


def closings_line(closings: Closings, *, is_staff: bool) -> str:
    """How often the closing list is missing, for who looks after a room. Staff get no small numbers."""
    if closings.used == 0 or (is_staff and not closings.tells_staff):
        return _("Er is nog te weinig gebruik om te tellen.")
    if is_staff and closings.is_few:
        return _("Bij minder dan 5 van de %(used)s keer is de lijst niet ingevuld.", used=closings.used)
    if closings.missing == 0:
        return _("Alle %(used)s keer is de lijst ingevuld.", used=closings.used)
    return _(
        "Bij %(missing)s van de %(used)s keer is de lijst niet ingevuld.",
        missing=closings.missing,
        used=closings.used,
    )


def _chores_shown(done: frozenset[Chore] | None, plan: KeyPlan) -> list[tuple[str, str, str]]:
    if done is None:
        return []
    shown = []
    for chore in Chore:
        word = chore_word(chore, plan)[0]
        if chore in done:
            shown.append(("check", _("Gedaan"), word))
        else:
            shown.append(("cross", _("Niet gedaan"), _("Niet: %(chore)s", chore=word[:1].lower() + word[1:])))
    return shown


def _answered(was_there: bool | None) -> str:
    if was_there is None:
        return ""
    return _("Er was iemand.") if was_there else _("Er was niemand.")


def _clock(moment: datetime) -> str:
    return dates.o_clock(dates.clock_at(moment))
