"""What the rules of a room mean, in sentences about somebody who wants to come on Friday evening."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from ontmoet.bookings.wording import EVENING, length
from ontmoet.web import dates
from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import lazy_gettext as _l
from ontmoet.web.i18n import ngettext

from .use_rules import Reason

if TYPE_CHECKING:
    from datetime import date

    from ontmoet.kernel.objections import Objection
    from ontmoet.rooms.rules import OpeningHours

    from .use_rules import Settings, Unfit

ACTIONS = {"use_rules_changed": _l("reserveerregels veranderd")}

FRIDAY, SEVEN = 4, 19 * 60


def say(objection: Objection) -> str:
    """The sentence for an objection. Total over `Reason`."""
    return {
        Reason.LONGEST_TOO_SHORT: _("Kies een langste tijd die niet korter is dan de kortste."),
        Reason.USUAL_OUT_OF_REACH: _("Kies een gewone tijd tussen de kortste en de langste."),
        Reason.COUNTS_NOTHING: _("Dan telt er niets mee. Kies een eerdere tijd, of laat dit leeg."),
        Reason.CHANGED_MEANWHILE: _("Iemand anders heeft de regels net veranderd. Kijk hoe het nu is."),
    }[Reason(objection.reason)]


def meaning(settings: Settings, hours: OpeningHours, *, today: date) -> list[str]:
    """What the rules mean for a made-up neighbour, sentence by sentence."""
    return [
        _("Een buur wil op vrijdag om 19:00 uur komen."),
        *_on_hours(settings, hours),
        _on_length(settings),
        _on_turns(settings),
        _("De beheergroep zegt eerst ja. Tot dan houden we de tijd vast.")
        if settings.own_asks
        else _("De reservering staat meteen vast."),
        _(
            "Reserveren kan nu tot en met %(day)s.",
            day=dates.full_day(today + timedelta(days=settings.horizon_days)),
        ),
        _(
            "Een vaste groep kan een reeks maken, tot en met %(day)s.",
            day=dates.full_day(today + timedelta(days=settings.series_days)),
        ),
        _("Daarna blijft de ruimte %(length)s leeg, om op te ruimen.", length=length(settings.buffer))
        if settings.buffer
        else _("Wie erna komt, mag er meteen in."),
        _("Is het een activiteit voor iedereen? Dan zegt de beheergroep eerst ja.")
        if settings.open_asks
        else _("Is het een activiteit voor iedereen? Dan staat het meteen vast."),
        _("Komt er een organisatie, of wordt de ruimte verhuurd? Dan zegt de beheergroep altijd eerst ja."),
    ]


def _on_hours(settings: Settings, hours: OpeningHours) -> list[str]:
    open_then = any(
        s.opens <= SEVEN and SEVEN + settings.shortest <= s.closes for s in hours.weekly.get(FRIDAY, ())
    )
    return [] if open_then else [_("Let op: dan is de ruimte nu dicht, of te kort open.")]


def _on_length(settings: Settings) -> str:
    if settings.shortest == settings.longest:
        return _("Dat mag %(length)s, niet korter en niet langer.", length=length(settings.longest))
    return _(
        "Dat mag tot %(longest)s achter elkaar, en minstens %(shortest)s. We stellen %(usual)s voor.",
        longest=length(settings.longest),
        shortest=length(settings.shortest),
        usual=length(settings.usual),
    )


def _on_turns(settings: Settings) -> str:
    quota, since = settings.quota, dates.hour(settings.quota_from)
    if quota is None:
        return _("Dat mag zo vaak als er plek is.")
    if settings.quota_from == 0:
        return ngettext(
            "Elk adres mag %(num)s keer per maand.", "Elk adres mag %(num)s keer per maand.", quota
        )
    if settings.quota_from > SEVEN:
        return ngettext(
            "Dat mag zo vaak als er plek is. Alleen vanaf %(since)s mag elk adres %(num)s keer per maand.",
            "Dat mag zo vaak als er plek is. Alleen vanaf %(since)s mag elk adres %(num)s keer per maand.",
            quota,
            since=since,
        )
    if settings.quota_from >= EVENING:
        return ngettext(
            "Elk adres mag %(num)s avond per maand. Een avond begint om %(since)s of later.",
            "Elk adres mag %(num)s avonden per maand. Een avond begint om %(since)s of later.",
            quota,
            since=since,
        )
    return ngettext(
        "Elk adres mag %(num)s keer per maand vanaf %(since)s. Wat eerder begint, telt niet mee.",
        "Elk adres mag %(num)s keer per maand vanaf %(since)s. Wat eerder begint, telt niet mee.",
        quota,
        since=since,
    )


def unfit_title(found: Unfit) -> str:
    """How many do not fit."""
    return ngettext(
        "%(num)s reservering die nog komt, past niet bij deze regels",
        "%(num)s reserveringen die nog komen, passen niet bij deze regels",
        found.total,
    )


def unfit_lines(found: Unfit) -> list[str]:
    """Why they do not fit, with how many; one booking can stand in more than one line."""
    lines = (
        (_("Te lang: %(num)s", num=found.too_long), found.too_long),
        (_("Te kort: %(num)s", num=found.too_short), found.too_short),
        (_("Te ver vooruit: %(num)s", num=found.too_far), found.too_far),
        (_("Vaker dan een adres mag: %(num)s", num=found.too_often), found.too_often),
        (_("Te snel na een andere: %(num)s", num=found.too_close), found.too_close),
    )
    return [line for line, count in lines if count]
