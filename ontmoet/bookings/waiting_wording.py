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


def said_of_waiting(news: News, reason: CancelReason | None, *, room: str, when: str, until: str) -> str:
    """The same by telephone."""
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
            return _(
                "Je stond op de wachtlijst voor %(room)s op %(when)s. De ruimte is dan dicht."
                " Zullen we een andere tijd zoeken?",
                room=room,
                when=when,
            )
        case _:
            return _(
                "Je stond op de wachtlijst voor %(room)s op %(when)s. De tijd kwam niet op tijd vrij."
                " Zullen we een andere tijd zoeken?",
                room=room,
                when=when,
            )
