"""Series in the reader's language: how they go, what is in the way of a date, what was refused."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, cast

from holidays import country_holidays

from ontmoet.bookings.refusal_wording import say as say_booking
from ontmoet.bookings.request_wording import waits_until
from ontmoet.bookings.rules import Reason as BookingReason
from ontmoet.bookings.states import Status
from ontmoet.web import dates
from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import lazy_gettext as _l
from ontmoet.web.i18n import ngettext

from .reshaping import Became
from .rules import Frequency, Reason, Standing, Why

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date, datetime

    from ontmoet.bookings.alternatives import Alternative
    from ontmoet.kernel.objections import Objection
    from ontmoet.rooms.rules import RoomView

    from .queries import DateView
    from .reshaping import Step
    from .rules import Outlook, Rhythm

ACTIONS = {
    "series_made": _l("een reeks gemaakt"),
    "series_requested": _l("een reeks aangevraagd"),
    "series_changed": _l("een reeks veranderd"),
    "series_called_off": _l("een reeks afgezegd"),
    "series_prolonged": _l("een reeks verlengd"),
    "series_confirmed": _l("gezegd dat een groep blijft komen"),
    "series_date_struck": _l("een dag van een reeks overgeslagen"),
    "series_date_back": _l("een dag van een reeks teruggezet"),
    "series_approved": _l("een reeks goedgekeurd"),
    "series_declined": _l("een reeks afgewezen"),
    "series_host_changed": _l("wie een inloop opent en afsluit"),
}
"""What happened, in words for whoever it happened to or who did it."""


def rhythm_words(rhythm: Rhythm) -> str:
    """Elke dinsdag; elke 2 weken op dinsdag en donderdag; elke maand op de tweede dinsdag."""
    every = rhythm.every
    if rhythm.frequency is Frequency.DAILY:
        return ngettext("elke dag", "elke %(num)s dagen", every)
    if rhythm.frequency is Frequency.WEEKLY:
        days = _listed([dates.weekday_name(day) for day in rhythm.weekdays])
        if every == 1:
            return _("elke %(days)s", days=days)
        return _("elke %(num)s weken op %(days)s", num=every, days=days)
    if rhythm.nth is not None:
        day = dates.weekday_name(rhythm.weekdays[0])
        return ngettext(
            "elke maand op de %(nth)s %(day)s",
            "elke %(num)s maanden op de %(nth)s %(day)s",
            every,
            nth=_nth(rhythm.nth),
            day=day,
        )
    return ngettext(
        "elke maand op de %(day)se", "elke %(num)s maanden op de %(day)se", every, day=rhythm.month_day
    )


def _nth(nth: int) -> str:
    return {
        1: _("eerste"),
        2: _("tweede"),
        3: _("derde"),
        4: _("vierde"),
        -1: _("laatste"),
    }[nth]


def _listed(words: list[str]) -> str:
    *others, last = words
    return _("%(others)s en %(last)s", others=", ".join(others), last=last) if others else last


def times_words(starts: int, ends: int) -> str:
    """10:00-12:00 uur, of wall-clock minutes."""
    return dates.o_clock(f"{dates.clock_of(starts)}{dates.EN_DASH}{dates.clock_of(ends)}")


def series_title(rhythm: Rhythm, starts: int, ends: int) -> str:
    """Elke dinsdag, 10:00-12:00 uur: how a series goes, at the start of a line. No line breaks between its
    times.
    """
    times = times_words(starts, ends).replace(dates.EN_DASH, f"{dates.EN_DASH}\u2060")
    return f"{dates.capitalised(rhythm_words(rhythm))}, {times}"


def say(objection: Objection, whose: str = "") -> str:
    """The sentence for an objection to a series, or to the bookings of it."""
    if isinstance(objection.reason, BookingReason):
        return say_booking(objection, whose)
    reason, facts = Reason(objection.reason), objection.facts
    match reason:
        case Reason.LASTS_TOO_LONG:
            furthest = dates.full_day(cast("date", facts["furthest"]))
            return _("Een reeks kan hier nu tot en met %(day)s. Kies een eerdere dag.", day=furthest)
        case Reason.TOO_MANY_DATES:
            return _("Een reeks is hoogstens %(most)s keer. Kies een eerdere dag.", most=facts["most"])
        case Reason.NOT_FREE:
            outlook = cast("Outlook", facts["outlook"])
            return _(
                "%(day)s kan nog niet: %(why)s.",
                day=dates.capitalised(dates.short_day(outlook.day)),
                why=why_words(outlook),
            )
        case _:
            return _plain(reason)


def _plain(reason: Reason) -> str:
    return {
        Reason.NO_DATES: _("Er valt geen enkele dag in deze tijd. Kies een latere laatste dag."),
        Reason.NO_END: _("Kies tot wanneer, of hoe vaak."),
        Reason.ENDS_BEFORE_FIRST: _("Kies een laatste dag die nog komt, na de eerste keer."),
        Reason.STARTS_IN_PAST: _("De eerste keer is al voorbij. Kies vandaag of later."),
        Reason.NOTHING_FREE: _("Er is geen dag over. Kies een andere tijd, of laat een vinkje staan."),
        Reason.CHANGED_MEANWHILE: _("Deze reeks is intussen veranderd. Hieronder staat hoe hij nu is."),
        Reason.OVER: _("Deze reeks is afgelopen. Er valt niets meer te veranderen."),
        Reason.NOT_ITS_DATE: _("Deze dag is voorbij, of hoort niet meer bij de reeks."),
        Reason.CANNOT_PROLONG: _("Verder vooruit kan deze reeks nu niet. Probeer het later nog eens."),
        Reason.NO_HOST: _("Kies iemand die in deze ruimte iets doet."),
        Reason.NOBODY_BEHIND: _("Wie deze reeks heeft, mag hier niet meer reserveren. Wat er staat, blijft."),
    }[reason]


def why_words(outlook: Outlook) -> str:
    """Why a day cannot be had, in the middle of a sentence."""
    match outlook.why:
        case Why.TAKEN if outlook.clash is not None:
            return _("van %(times)s is het bezet", times=dates.times_in_words(outlook.clash.slot))
        case Why.CLOSED if outlook.closed_for:
            return _("de ruimte is dan gesloten: %(why)s", why=outlook.closed_for)
        case Why.SHUT if outlook.closed_for:
            return _("de ruimte is dan dicht: %(why)s", why=outlook.closed_for)
        case None:
            return ""
        case _:
            return why_word(outlook.why)


def why_word(why: Why) -> str:
    """Why a date was refused, as long as nothing more is known."""
    return {
        Why.TAKEN: _("het was bezet"),
        Why.CLOSED: _("de ruimte is dan gesloten"),
        Why.SHUT: _("de ruimte is dan niet open"),
        Why.NO_SUCH_TIME: _("die tijd bestaat niet, want de klok gaat die nacht een uur vooruit"),
        Why.FAIR_USE: _("jouw adres heeft die maand al genoeg beurten"),
        Why.PAST: _("die tijd is al voorbij"),
    }[why]


def not_agreed(row: DateView) -> bool:
    """Whether a date was asked for and not had: declined, or never answered. Nobody left it out."""
    return row.standing is Standing.STRUCK and row.status in (Status.DECLINED, Status.LAPSED)


def standing_words(row: DateView) -> str:
    """How a date stands that has no booking."""
    if not_agreed(row):
        return (
            _("de beheergroep zei nee")
            if row.status is Status.DECLINED
            else _("er kwam niet op tijd antwoord")
        )
    if row.standing is Standing.STRUCK:
        return _("overgeslagen")
    if row.standing is Standing.DISPLACED:
        return _("gaat niet door: de ruimte is dan dicht")
    if row.standing is Standing.REFUSED and row.why is not None:
        return why_word(row.why)
    return _("vervallen")


def waits_words(lapses: Collection[datetime], today: date) -> str:
    """Until when dates wait for an answer, the first and the last of them; empty when none do."""
    if not lapses:
        return ""
    first, last = waits_until(min(lapses), today), waits_until(max(lapses), today)
    if first == last:
        return _(
            "We houden de tijd vast %(until)s. Is er dan geen antwoord, dan vervalt de aanvraag.", until=last
        )
    return _(
        "We houden de eerste dag vast %(first)s, en de laatste %(last)s. Een dag zonder antwoord vervalt.",
        first=first,
        last=last,
    )


def step_words(step: Step, zone_name: str) -> str:
    """What a change makes of a date, in a few words."""
    times = dates.times_in_words(step.slot) if step.slot else ""
    match step.became:
        case Became.MOVES | Became.NEW:
            return ", ".join(filter(None, (times, zone_name)))
        case Became.STAYS:
            return _("blijft %(times)s", times=times)
        case Became.KEEPS if step.outlook is not None:
            return _("blijft %(times)s, want %(why)s", times=times, why=why_words(step.outlook))
        case Became.REFUSED if step.outlook is not None:
            return why_words(step.outlook)
        case Became.STRUCK:
            return _("blijft overgeslagen")
        case _:
            return _("vervalt")


def way_words(way: Alternative, room: RoomView) -> str:
    """Something else that is free: when, and in which part."""
    zone = way.zone.name if way.zone else (_("Hele ruimte") if room.is_divisible else "")
    return ", ".join(filter(None, (dates.times_in_words(way.slot), zone)))


@lru_cache(maxsize=8)
def _holidays(year: int) -> dict[date, str]:
    return dict(country_holidays("NL", years=year, language="nl", categories=("public", "optional")))


def holiday_on(day: date) -> str:
    """The name of a holiday on which the room is open; empty on other days."""
    return _holidays(day.year).get(day, "")


def times_left(number: int) -> str:
    """How often a series still comes."""
    return ngettext("nog %(num)s keer", "nog %(num)s keer", number)
