"""What is said about waiting for a time, and about one that came free."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ontmoet.kernel.walltime import day_of
from ontmoet.web import dates
from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import ngettext

from .states import CancelReason, News

if TYPE_CHECKING:
    from datetime import date, datetime

    from ontmoet.rooms.rules import RoomView

    from .queries import BookingView


def place_in_line(before: int, whose: str = "") -> str:
    """How many go before somebody who waits; `whose` is their given name, when somebody else reads it."""
    if whose and not before:
        return _("%(name)s is de eerste op de wachtlijst.", name=whose)
    if whose:
        return ngettext(
            "Er is %(num)s buur voor %(name)s op de wachtlijst.",
            "Er zijn %(num)s buren voor %(name)s op de wachtlijst.",
            before,
            name=whose,
        )
    if not before:
        return _("Je bent de eerste op de wachtlijst.")
    return ngettext(
        "Er is %(num)s buur voor je op de wachtlijst.",
        "Er zijn %(num)s buren voor je op de wachtlijst.",
        before,
    )


def offer_line(ends: datetime, today: date, whose: str = "") -> str:
    """Until when a time that came free is kept; `whose` is the given name of for whom, when somebody else
    reads it.
    """
    facts = {"day": dates.near_day(day_of(ends), today), "time": dates.o_clock(dates.clock_at(ends))}
    if whose:
        return _(
            "De tijd is vrijgekomen. We houden hem vast voor %(name)s, tot %(day)s %(time)s.",
            name=whose,
            **facts,
        )
    return _("De tijd is vrijgekomen. We houden hem voor je vast tot %(day)s %(time)s.", **facts)


def subject_of_waiting(news: News, reason: CancelReason | None, *, room: str, day: str) -> str:
    """The subject of a mail about it; `reason` is why it ended."""
    match news:
        case News.WAITS:
            return _("Op de wachtlijst: %(room)s op %(day)s", room=room, day=day)
        case News.OFFERED:
            return _("Vrijgekomen: %(room)s op %(day)s", room=room, day=day)
        case _ if reason is CancelReason.FAIR_USE:
            return _("Geen beurt meer: %(room)s op %(day)s", room=room, day=day)
        case _:
            return _("Niet vrijgekomen: %(room)s op %(day)s", room=room, day=day)


def shut_line(*, is_gone: bool, is_part_gone: bool) -> str:
    """Why nobody waits any more for time that is shut: then only, or since room or part is gone for good."""
    if is_gone:
        return _("De ruimte is voorgoed dicht.")
    if is_part_gone:
        return _("Dit deel van de ruimte is er niet meer.")
    return _("De ruimte is dan dicht.")


def shut_line_of(booking: BookingView, room: RoomView, now: datetime) -> str:
    """The same of the time of somebody who waited, or was offered it."""
    is_part_gone = booking.zone_id is not None and booking.zone_id not in room.zone_ids
    return shut_line(is_gone=room.is_closed(now), is_part_gone=is_part_gone)


def ask_for_other(*, is_gone: bool) -> str:
    """What is asked by telephone of who cannot have their time; of who loses the room for another one."""
    return _("Zullen we een andere ruimte zoeken?") if is_gone else _("Zullen we een andere tijd zoeken?")


def said_of_waiting(
    news: News, reason: CancelReason | None, *, room: str, when: str, until: str, shut: str
) -> str:
    """What a mail about it says, by telephone; `shut` is what to say where time is shut."""
    match news:
        case News.WAITS:
            return _(
                "Je staat op de wachtlijst voor %(room)s op %(when)s."
                " Komt de tijd vrij? Dan houden we hem voor je vast en hoor je van ons.",
                room=room,
                when=when,
            )
        case News.OFFERED:
            return _(
                "%(room)s is vrijgekomen op %(when)s. We houden de tijd voor je vast tot %(until)s."
                " Wil je hem?",
                room=room,
                when=when,
                until=until,
            )
        case _ if reason is CancelReason.FAIR_USE:
            return _(
                "Je stond op de wachtlijst voor %(room)s op %(when)s. De tijd was vrij,"
                " maar de beurten van jouw adres waren op.",
                room=room,
                when=when,
            )
        case _ if reason is CancelReason.CLOSED:
            stood = _("Je stond op de wachtlijst voor %(room)s op %(when)s.", room=room, when=when)
            return f"{stood} {shut}"
        case _:
            return _(
                "Je stond op de wachtlijst voor %(room)s op %(when)s. De tijd kwam niet op tijd vrij."
                " Zullen we een andere tijd zoeken?",
                room=room,
                when=when,
            )
