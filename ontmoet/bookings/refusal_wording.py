"""Why a booking is refused, in the reader's language: what is so, then what can be done."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, cast

from ontmoet.kernel.walltime import day_of
from ontmoet.outbox.letters import one_line
from ontmoet.web import dates
from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import ngettext

from .rules import Reason
from .wording import EVENING, closed_until_words, in_month, length

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from ontmoet.kernel.objections import Objection
    from ontmoet.kernel.timeslot import TimeSlot
    from ontmoet.rooms.rules import Stretch


def say(objection: Objection, whose: str = "") -> str:
    """The sentence for an objection. Total over `Reason`; a test holds it to that.

    `whose` is the given name of the person it is for, when somebody else reads it.
    """
    reason = Reason(objection.reason)
    facts = objection.facts
    match reason:
        case Reason.ROOM_TAKEN:
            return _say_taken(facts, whose)
        case Reason.OUTSIDE_OPENING_HOURS:
            return _say_hours(cast("date", facts["day"]), cast("tuple[Stretch, ...]", facts["stretches"]))
        case Reason.TOO_FAR_AHEAD:
            last_day = dates.near_day(cast("date", facts["last_day"]), cast("date", facts["today"]))
            return _("Je kunt nu reserveren tot en met %(day)s. Kies een eerdere dag.", day=last_day)
        case Reason.ENDS_BEFORE_START:
            return _("Kies een eindtijd na %(time)s.", time=dates.hour(cast("int", facts["starts"])))
        case Reason.TOO_SHORT | Reason.TOO_LONG:
            return _say_length(reason, cast("int", facts["minutes"]))
        case Reason.TOO_MANY_PEOPLE:
            return _say_size(cast("int", facts["limit"]), cast("str | None", facts["zone"]))
        case Reason.FAIR_USE_SPENT:
            return _say_fair_use(facts, whose)
        case Reason.NOT_YET:
            since = cast("datetime", facts["since"])
            return _(
                "Dit kan nog niet. Het kan vanaf %(day)s %(time)s.",
                day=dates.short_day(day_of(since)),
                time=dates.o_clock(dates.clock_at(since)),
            )
        case (
            Reason.HOUSE_RULES_NOT_AGREED | Reason.WAITS_ALREADY | Reason.FORM_REUSED | Reason.OFFER_OVER
        ) if whose:
            return _of_somebody(reason, whose)
        case _:
            return _plain(reason)


def _of_somebody(reason: Reason, name: str) -> str:
    if reason is Reason.WAITS_ALREADY:
        return _("%(name)s staat voor deze tijd al op de wachtlijst.", name=name)
    if reason is Reason.OFFER_OVER:
        return _("We houden deze tijd niet meer vast voor %(name)s. Kies een andere tijd.", name=name)
    if reason is Reason.FORM_REUSED:
        return _(
            "Dit formulier is al een keer verstuurd voor %(name)s. Wil je dit ook? Verstuur het dan opnieuw.",
            name=name,
        )
    return _("%(name)s doet nog niet mee met de huisregels. Lees ze samen en laat tekenen.", name=name)


def _plain(reason: Reason) -> str:
    return {
        Reason.ROOM_CLOSED: _("Deze ruimte is nu niet te reserveren. Bel ons als je vragen hebt."),
        Reason.IN_THE_PAST: _("Deze tijd is al voorbij. Kies een latere tijd."),
        Reason.HAS_BEGUN: _(
            "Deze reservering is al begonnen. Verander alleen tot hoe laat. Voor later maak je een nieuwe."
        ),
        Reason.IS_THERE: _("Je bent er al. Ga je eerder weg? Verander dan tot hoe laat."),
        Reason.BELONGS_NO_LONGER: _(
            "Je hoort niet meer bij deze ruimte. Korter maken of afzeggen kan wel. Vragen? Bel ons."
        ),
        Reason.MORE_NEEDS_A_YES: _(
            "Deze reservering is al begonnen. Korter maken kan nog. "
            "Wil je langer of een ander deel? Vraag dat dan apart aan."
        ),
        Reason.NO_SUCH_TIME: _(
            "Deze tijd bestaat niet: die nacht gaat de klok een uur vooruit. Kies een andere tijd."
        ),
        Reason.NO_SUCH_ZONE: _("Dit deel is er niet in deze ruimte. Kies een deel uit de lijst."),
        Reason.FORM_REUSED: _(
            "Dit formulier is al een keer verstuurd. Wat je toen deed, staat bij ‘Mijn’. "
            "Wil je dit ook? Verstuur het dan opnieuw."
        ),
        Reason.CHANGED_MEANWHILE: _("Deze reservering is intussen veranderd. Hieronder staat hoe het nu is."),
        Reason.ALREADY_OVER: _("Deze reservering is al voorbij of afgezegd."),
        Reason.HOUSE_RULES_NOT_AGREED: _("Lees eerst de huisregels. Doe je mee, dan kun je reserveren."),
        Reason.WAITS_ALREADY: _("Je staat voor deze tijd al op de wachtlijst. Het staat bij ‘Mijn’."),
        Reason.OFFER_OVER: _("We houden deze tijd niet meer voor je vast. Kies een andere tijd."),
        Reason.NOT_CONFIRMED: _("Deze reservering staat nog niet vast. Je krijgt bericht als dat zo is."),
    }[reason]


def _say_taken(facts: Mapping[str, object], whose: str) -> str:
    clash = cast("TimeSlot | None", facts.get("clash"))
    if clash is None:
        return _("Iemand anders was je net voor. Kies een andere tijd.")
    if facts.get("own"):
        return _say_own(dates.times_in_words(clash), whose, is_offered=bool(facts["offered"]))
    if facts.get("shut") and facts.get("all_along"):
        return _say_shut(facts)
    times, state = dates.times_in_words(clash), _("dicht") if facts.get("shut") else _("bezet")
    told, advice = _("Van %(times)s is het bezet.", times=times), _("Kies een andere tijd.")
    if facts.get("part"):
        told = _("Van %(times)s is dit deel %(state)s.", times=times, state=state)
        advice = _("Kies een andere tijd of een ander deel.")
    elif facts.get("parts"):
        parts = _names(facts["parts"])
        told = _("Van %(times)s is een deel %(state)s (%(parts)s).", times=times, state=state, parts=parts)
        advice = _("Kies een andere tijd of een ander deel.")
    elif facts.get("shut"):
        told = _("Van %(times)s is de ruimte dicht.", times=times)
    return " ".join([told, *_why(facts), advice])


def _say_shut(facts: Mapping[str, object]) -> str:
    """Closed as long as the wish lasts, often for days: which part of the day says nothing, until when and
    why do.
    """
    if facts.get("part"):
        state, advice = _("Dit deel is dan dicht."), _("Kies een andere tijd of een ander deel.")
    elif facts.get("parts"):
        state = _("Een deel is dan dicht (%(parts)s).", parts=_names(facts["parts"]))
        advice = _("Kies een ander deel.")
    else:
        state, advice = _("De ruimte is dan dicht."), _("Kies een andere tijd.")
    told, until = [state], cast("datetime | None", facts.get("closed_until"))
    if until is not None:
        told.append(_("Dat duurt %(until)s.", until=closed_until_words(until, cast("date", facts["today"]))))
    return " ".join([*told, *_why(facts), advice])


def _why(facts: Mapping[str, object]) -> list[str]:
    """Why it is closed, where that is known."""
    why = cast("str", facts.get("why", ""))
    return [_("De reden: %(why)s.", why=one_line(why))] if why else []


def _names(parts: object) -> str:
    return _(" en ").join(cast("tuple[str, ...]", parts))


def _say_own(times: str, whose: str, *, is_offered: bool) -> str:
    if is_offered and whose:
        return _("Van %(times)s houden we de ruimte al vast voor %(name)s.", times=times, name=whose)
    if is_offered:
        return _("Van %(times)s houden we de ruimte al voor jou vast. Zeg nog of je wilt.", times=times)
    if whose:
        return _("Van %(times)s heeft %(name)s zelf al gereserveerd.", times=times, name=whose)
    return _("Van %(times)s heb je zelf al gereserveerd.", times=times)


def _say_hours(day: date, stretches: tuple[Stretch, ...]) -> str:
    if not stretches:
        return _("Op %(day)s is de ruimte dicht. Kies een andere dag.", day=dates.short_day(day))
    spans = (f"{dates.clock_of(s.opens)}{dates.EN_DASH}{dates.clock_of(s.closes)}" for s in stretches)
    return _("De ruimte is die dag open van %(times)s.", times=dates.o_clock(_(" en ").join(spans)))


def _say_length(reason: Reason, minutes: int) -> str:
    if reason is Reason.TOO_SHORT:
        return _("Reserveer minstens %(length)s.", length=length(minutes))
    return _("Reserveer hoogstens %(length)s.", length=length(minutes))


def _say_size(limit: int, zone: str | None) -> str:
    if zone is None:
        return ngettext(
            "Hier past %(num)s persoon in. Vul een kleiner aantal in.",
            "Hier passen %(num)s mensen in. Vul een kleiner aantal in.",
            limit,
        )
    return ngettext(
        "In dit deel (%(zone)s) past %(num)s persoon. Vul een kleiner aantal in of kies een ander deel.",
        "In dit deel (%(zone)s) passen %(num)s mensen. Vul een kleiner aantal in of kies een ander deel.",
        limit,
        zone=zone,
    )


def _say_fair_use(facts: Mapping[str, object], whose: str) -> str:
    quota, quota_from = cast("int", facts["quota"]), cast("int", facts["quota_from"])
    is_evening = quota_from >= EVENING
    when = in_month(cast("date", facts["month"]), cast("date", facts["today"]))
    if whose and is_evening:
        return ngettext(
            "Het adres van %(name)s heeft %(when)s al %(num)s van de %(num)s avond. "
            "Overdag kan nog wel, of een andere maand.",
            "Het adres van %(name)s heeft %(when)s al %(num)s van de %(num)s avonden. "
            "Overdag kan nog wel, of een andere maand.",
            quota,
            name=whose,
            when=when,
        )
    if whose and quota_from:
        return _(
            "Het adres van %(name)s heeft %(when)s al %(quota)s van de %(quota)s keer. "
            "Voor %(since)s beginnen kan nog wel, of een andere maand.",
            name=whose,
            quota=quota,
            when=when,
            since=dates.hour(quota_from),
        )
    if whose:
        return _(
            "Het adres van %(name)s heeft %(when)s al %(quota)s van de %(quota)s keer. "
            "Een andere maand kan wel.",
            name=whose,
            quota=quota,
            when=when,
        )
    if is_evening:
        return ngettext(
            "Jouw adres heeft %(when)s al %(num)s van de %(num)s avond. "
            "Overdag kan nog wel, of een andere maand.",
            "Jouw adres heeft %(when)s al %(num)s van de %(num)s avonden. "
            "Overdag kan nog wel, of een andere maand.",
            quota,
            when=when,
        )
    if quota_from:
        return _(
            "Jouw adres heeft %(when)s al %(quota)s van de %(quota)s keer. "
            "Voor %(since)s beginnen kan nog wel, of een andere maand.",
            quota=quota,
            when=when,
            since=dates.hour(quota_from),
        )
    return _(
        "Jouw adres heeft %(when)s al %(quota)s van de %(quota)s keer. Een andere maand kan wel.",
        quota=quota,
        when=when,
    )
