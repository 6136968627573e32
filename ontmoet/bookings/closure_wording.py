"""Closures and works in words."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from ontmoet.kernel.walltime import day_of, minutes_of
from ontmoet.web import dates
from ontmoet.web.forms import say_reused
from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import ngettext

from .closure_rules import SpanReason
from .states import Status

if TYPE_CHECKING:
    from collections.abc import Collection

    from ontmoet.kernel.objections import Objection
    from ontmoet.kernel.timeslot import TimeSlot

    from .closure_queries import Affected


def say_span(objection: Objection) -> str:
    """The sentence for an objection against a closure or an announcement. Total over `SpanReason`."""
    return {
        SpanReason.ENDS_BEFORE_START: _("Het einde ligt voor het begin. Kies een later einde."),
        SpanReason.OVER: _("Deze tijd is al voorbij. Kies een later einde."),
        SpanReason.BEGAN_BEFORE_TODAY: _("Deze dag is al voorbij. Kies vandaag of een latere dag."),
        SpanReason.TOO_LONG: _("Kies hoogstens een jaar. Je kunt het later langer maken."),
        SpanReason.NO_SUCH_ZONE: _("Dit deel is er niet in deze ruimte. Kies een deel uit de lijst."),
        SpanReason.FORM_REUSED: say_reused(),
        SpanReason.CHANGED_MEANWHILE: _("Dit is intussen veranderd. Hieronder staat hoe het nu is."),
        SpanReason.ALREADY_OVER: _("Dit is intussen al voorbij of weggehaald."),
    }[SpanReason(objection.reason)]


def when_line(slot: TimeSlot, today: datetime) -> str:
    """From when until when: one day with its times, whole days, or both."""
    first, last = day_of(slot.starts), day_of(slot.ends - timedelta(seconds=1))
    begin, end = minutes_of(slot.starts), dates.end_minutes(slot)
    now = day_of(today)
    is_whole = begin == 0 and minutes_of(slot.ends) == 0
    if first == last:
        day = dates.capitalised(dates.near_day(first, now))
        return _("%(day)s, de hele dag", day=day) if is_whole else f"{day} {dates.times_in_words(slot)}"
    if is_whole:
        return _(
            "%(first)s tot en met %(last)s",
            first=dates.capitalised(dates.near_day(first, now)),
            last=dates.near_day(last, now),
        )
    return _(
        "%(first)s %(begin)s tot %(last)s %(end)s",
        first=dates.capitalised(dates.near_day(first, now)),
        begin=dates.hour(begin),
        last=dates.near_day(last, now),
        end=dates.hour(end),
    )


def displaced_line(affected: Collection[Affected]) -> str:
    """How many bookings, requests and offers, and of how many homes and organisations."""
    number = Counter(each.status for each in affected)
    booked, asked, offered = number[Status.CONFIRMED], number[Status.REQUESTED], number[Status.OFFERED]
    homes = len({each.home_id for each in affected if each.home_id is not None})
    organisations = len({each.organisation_id for each in affected if each.organisation_id is not None})
    what = _listed(
        ngettext("%(num)s reservering", "%(num)s reserveringen", booked) if booked else "",
        ngettext("%(num)s aanvraag", "%(num)s aanvragen", asked) if asked else "",
        ngettext("%(num)s vrijgekomen tijd", "%(num)s vrijgekomen tijden", offered) if offered else "",
    )
    whose = _listed(
        ngettext("%(num)s adres", "%(num)s adressen", homes) if homes else "",
        ngettext("%(num)s organisatie", "%(num)s organisaties", organisations) if organisations else "",
    )
    return _("%(number)s, van %(whose)s", number=what, whose=whose) if whose else what


def _listed(*parts: str) -> str:
    *others, last = list(filter(None, parts)) or [""]
    return _("%(others)s en %(last)s", others=", ".join(others), last=last) if others else last


def called_off_line(number: Counter[str]) -> str:
    """What was done once a room is closed, to so many of each status."""
    booked, asked, offered = number[Status.CONFIRMED], number[Status.REQUESTED], number[Status.OFFERED]
    if not booked + asked + offered:
        return _("De sluiting staat in de agenda. Er was niemand die plaats moest maken.")
    said = [
        _("De sluiting staat in de agenda."),
        ngettext("%(num)s reservering is afgezegd.", "%(num)s reserveringen zijn afgezegd.", booked)
        if booked
        else "",
        ngettext("%(num)s aanvraag gaat niet door.", "%(num)s aanvragen gaan niet door.", asked)
        if asked
        else "",
        ngettext(
            "%(num)s vrijgekomen tijd kan toch niet.", "%(num)s vrijgekomen tijden kunnen toch niet.", offered
        )
        if offered
        else "",
        _("Wie het was, hoort het.") if booked + asked + offered == 1 else _("Iedereen hoort het."),
    ]
    return " ".join(filter(None, said))


def reopened_line(*, has_begun: bool, is_shut: bool) -> str:
    """What was done once a closure is over or gone. `is_shut`: another one closes some of its time."""
    done = _("De sluiting is nu voorbij.") if has_begun else _("De sluiting is weggehaald.")
    rest = _("Er is dan nog een andere sluiting. Kijk hieronder.") if is_shut else _("De tijd is weer vrij.")
    return f"{done} {rest}"
