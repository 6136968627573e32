"""Calendars from elsewhere in the reader's language."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING

from ontmoet.bookings.refusal_wording import say as say_of_a_booking
from ontmoet.bookings.rules import Reason as OfABooking
from ontmoet.kernel.walltime import day_of
from ontmoet.web import dates
from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import lazy_gettext as _l
from ontmoet.web.i18n import ngettext

from .rules import MOST_EVENTS, Reason, Remark, Skip, State, Stays

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ontmoet.kernel.objections import Objection

    from .actions import Judged, Report
    from .before import Gone
    from .rules import Fault

MOST_DAYS = 10
"""Of what repeats, told one by one."""
_MOMENTS = ("%Y-%m-%d %H:%M", "%Y-%m-%d", "%Y%m%dT%H%M%S", "%Y%m%d")

ACTIONS = {"calendar_taken_over": _l("een agenda uit een ander programma overgenomen")}
"""What happened, in words for whoever did it."""


def say(objection: Objection) -> str:
    """Why a file cannot be read, and what to do."""
    if objection.reason == OfABooking.TOO_MANY_PEOPLE:
        return say_of_a_booking(objection)
    return {
        Reason.TOO_LARGE: _("Dit bestand is te groot. Neem een kortere tijd, of minder agenda’s tegelijk."),
        Reason.NOT_A_CALENDAR: _("Dit is geen agenda. Kies een bestand dat eindigt op .ics."),
        Reason.EMPTY: _("Er staat geen enkele afspraak in dit bestand. Kies een ander bestand."),
        Reason.TOO_MANY: _(
            "Er staan te veel afspraken in, meer dan %(most)s. Neem een kortere tijd.",
            most=f"{MOST_EVENTS:,}".replace(",", "."),
        ),
        Reason.TAKES_TOO_LONG: _(
            "Dit bestand kunnen we niet uitrekenen. Haal eruit wat zich heel vaak herhaalt."
        ),
        Reason.NOT_READABLE: _("Dit bestand kunnen we niet lezen. Haal het opnieuw op uit het programma."),
        Reason.CHANGED_MEANWHILE: _(
            "Er is niets bewaard. Het bestand of de agenda is veranderd. Controleer opnieuw."
        ),
    }[Reason(objection.reason)]


def _why(reason: Reason) -> str:
    """What is wrong with an event, behind what it is called."""
    return {
        Reason.NOT_READABLE: _("er klopt iets niet aan hoe het is opgeschreven"),
        Reason.NO_START: _("er staat niet bij wanneer het begint"),
        Reason.NO_SUCH_TIME: _("deze tijd is er niet, want dan gaat de klok vooruit"),
        Reason.ENDS_BEFORE_START: _("het einde is niet later dan het begin"),
        Reason.TOO_LONG: _("dit duurt langer dan twee dagen; maak er een sluiting van"),
        Reason.UNKNOWN_ZONE: _("we kennen de tijdzone niet"),
        Reason.REPEATS_TOO_OFTEN: _("dit herhaalt zich vaker dan elke dag"),
        Reason.STRANGE_REPEAT: _("we kunnen niet uitrekenen wanneer dit zich herhaalt"),
        Reason.TAKES_TOO_LONG: _("uitrekenen wanneer dit zich herhaalt, duurt te lang"),
    }[reason]


def fault_line(fault: Fault) -> str:
    """An event that cannot be read, by what is known of it."""
    known = ", ".join(filter(None, (fault.title, _when(fault.starts))))
    if not known:
        return _("Afspraak %(number)s in het bestand: %(why)s.", number=fault.number, why=_why(fault.reason))
    return _("%(event)s: %(why)s.", event=known, why=_why(fault.reason))


def _when(starts: str) -> str:
    """The beginning of an event as the file has it, in words as far as it can be read."""
    for pattern in _MOMENTS:
        with suppress(ValueError):
            moment = datetime.strptime(starts, pattern)  # noqa: DTZ007 - on the clock of the file
            day = dates.full_day(moment.date())
            return f"{day}, {dates.hour(moment.hour * 60 + moment.minute)}" if "%H" in pattern else day
    return starts


def judged_lines(judged: Sequence[Judged]) -> list[str]:
    """Dates about which there is the same to know: what repeats is told once."""
    by_event = groupby(sorted(judged, key=_event_and_time), key=_event_and_time)
    return [_line(list(some)) for _key, some in by_event]


def _event_and_time(judged: Judged) -> tuple[int, State, str]:
    return judged.event.number, judged.state, dates.times_in_words(judged.event.slot)


def _line(judged: Sequence[Judged]) -> str:
    days = [dates.full_day(day_of(one.event.slot.starts)) for one in judged]
    first, state = judged[0], judged[0].state
    time = dates.times_in_words(first.event.slot)
    if len(days) == 1:
        when = _("%(day)s, %(time)s", day=days[0], time=time)
    elif state is State.NEW:
        when = _(
            "%(num)s keer, van %(first)s tot en met %(last)s, %(time)s",
            num=len(days),
            first=days[0],
            last=days[-1],
            time=time,
        )
    else:
        when = _("%(time)s op %(days)s", time=time, days=_some(days))
    line = _("%(when)s: %(what)s", when=when, what=first.event.title) if first.event.title else when
    return {
        State.NEW: line,
        State.ALREADY: line,
        State.MOVED: _("%(event)s. Staat er al, op een andere tijd. Dat blijft zo.", event=line),
        State.OFF: _("%(event)s. Is hier afgezegd. Dat blijft zo.", event=line),
        State.TAKEN: _("%(event)s. De ruimte is dan bezet.", event=line),
        State.TAKEN_IN_FILE: _("%(event)s. Valt samen met iets anders in het bestand.", event=line),
    }[state]


def _some(days: Sequence[str]) -> str:
    shown, more = days[:MOST_DAYS], len(days) - MOST_DAYS
    if more > 0:
        return _("%(days)s en nog %(num)s keer", days=", ".join(shown), num=more)
    return _("%(days)s en %(last)s", days=", ".join(shown[:-1]), last=shown[-1])


def gone_line(gone: Gone, *, says_what: bool = True) -> str:
    """A date that its calendar has no more, and that stands here; what it is, as it is called here."""
    day, time = dates.full_day(day_of(gone.slot.starts)), dates.times_in_words(gone.slot)
    when = _("%(day)s, %(time)s", day=day, time=time)
    return _("%(when)s: %(what)s", when=when, what=gone.title) if gone.title and says_what else when


def why_it_stays(stays: Stays) -> str:
    """Why it is not called off with the others, behind its line."""
    return {
        Stays.BEGUN: _("Is al begonnen. Dat blijft zo."),
        Stays.CHANGED: _("Is hier veranderd. Dat blijft zo."),
    }[stays]


def call_off_hint(report: Report) -> str:
    """How much it is that can be called off too, and what comes of that."""
    much = ngettext(
        "%(num)s afspraak. De tijd komt weer vrij, eerst voor wie op de wachtlijst staat.",
        "%(num)s afspraken. De tijd komt weer vrij, eerst voor wie op de wachtlijst staat.",
        len(report.to_call_off),
    )
    if not report.those(State.TAKEN):
        return much
    again = _("Wat nu niet past, past daarna misschien wel. Lees het bestand dan nog een keer in.")
    return f"{much} {again}"


def called_off(number: int) -> str:
    """What was called off, since its calendar had it no more."""
    return ngettext(
        "%(num)s afspraak is afgezegd. De tijd is weer vrij.",
        "%(num)s afspraken zijn afgezegd. De tijd is weer vrij.",
        number,
    )


def counted(report: Report) -> list[str]:
    """How much is new, there already, left out, and gone. What is nought and says nothing new is not told."""
    there = sum(len(report.those(state)) for state in (State.ALREADY, State.MOVED, State.OFF))
    taken = len(report.those(State.TAKEN)) + len(report.those(State.TAKEN_IN_FILE))
    new = len(report.those(State.NEW))
    faults, gone = len(report.read.faults), len(report.gone)
    lines = [
        ngettext("%(num)s afspraak is nieuw.", "%(num)s afspraken zijn nieuw.", new),
        ngettext("%(num)s afspraak was er al.", "%(num)s afspraken waren er al.", there),
        ngettext("%(num)s afspraak past niet.", "%(num)s afspraken passen niet.", taken),
        ngettext("%(num)s afspraak kunnen we niet lezen.", "%(num)s afspraken kunnen we niet lezen.", faults),
        ngettext(
            "%(num)s afspraak staat niet meer in het bestand, en hier nog wel.",
            "%(num)s afspraken staan niet meer in het bestand, en hier nog wel.",
            gone,
        ),
    ]
    told = [line for line, number in zip(lines, (new, there, taken, faults, gone), strict=True) if number]
    return [
        *(told or lines[:1]),
        *(_left_out(skip, num) for skip, num in report.read.left_out.items() if num),
    ]


def _left_out(skip: Skip, num: int) -> str:
    match skip:
        case Skip.CANCELLED:
            return ngettext(
                "%(num)s afspraak is daar afgezegd. Die nemen we niet over.",
                "%(num)s afspraken zijn daar afgezegd. Die nemen we niet over.",
                num,
            )
        case Skip.FREE:
            return ngettext(
                "%(num)s afspraak houdt geen tijd bezet, en blijft weg.",
                "%(num)s afspraken houden geen tijd bezet, en blijven weg.",
                num,
            )
        case Skip.LONG_AGO:
            return ngettext(
                "%(num)s afspraak is langer dan twee jaar geleden, en blijft weg.",
                "%(num)s afspraken zijn langer dan twee jaar geleden, en blijven weg.",
                num,
            )
        case Skip.FAR_AHEAD:
            return ngettext(
                "%(num)s afspraak is te ver vooruit, en blijft weg.",
                "%(num)s afspraken zijn te ver vooruit, en blijven weg.",
                num,
            )


def remarks(report: Report) -> list[str]:
    """What to know of those that are new, each thing once."""
    new = [one.event for one in report.those(State.NEW)]
    lines = []
    for remark in Remark:
        number = sum(remark in event.remarks for event in new)
        if number:
            lines.append(_remark(remark, number))
    return lines


def _remark(remark: Remark, num: int) -> str:
    match remark:
        case Remark.FLOATING:
            return ngettext(
                "%(num)s afspraak noemt geen tijdzone. We lezen de tijd zoals de klok hier.",
                "%(num)s afspraken noemen geen tijdzone. We lezen de tijd zoals de klok hier.",
                num,
            )
        case Remark.ALL_DAY:
            return ngettext(
                "%(num)s afspraak duurt de hele dag. Dan is de ruimte van 0:00 tot 24:00 uur bezet.",
                "%(num)s afspraken duren de hele dag. Dan is de ruimte van 0:00 tot 24:00 uur bezet.",
                num,
            )
        case Remark.NO_END:
            return ngettext(
                "%(num)s afspraak heeft geen einde. We rekenen een uur.",
                "%(num)s afspraken hebben geen einde. We rekenen een uur.",
                num,
            )
        case Remark.TENTATIVE:
            return ngettext(
                "%(num)s afspraak is daar nog niet zeker. Hier houdt hij de ruimte wel bezet.",
                "%(num)s afspraken zijn daar nog niet zeker. Hier houden ze de ruimte wel bezet.",
                num,
            )
        case Remark.GOES_ON:
            return ngettext(
                "%(num)s afspraak herhaalt zich langer dan een reeks hier mag."
                " Lees de agenda later nog eens in, of maak er een reeks van.",
                "%(num)s afspraken herhalen zich langer dan een reeks hier mag."
                " Lees de agenda later nog eens in, of maak er reeksen van.",
                num,
            )
