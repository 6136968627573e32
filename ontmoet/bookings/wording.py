"""Reasons and states of bookings in the reader's language: what is so, then what can be done."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, cast

from ontmoet.kernel.walltime import day_of
from ontmoet.rooms.rules import KeyPlan
from ontmoet.web import dates
from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import lazy_gettext as _l
from ontmoet.web.i18n import ngettext

from .rules import FairUse, Reason
from .states import CancelReason, Status

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from ontmoet.kernel.objections import Objection
    from ontmoet.kernel.timeslot import TimeSlot
    from ontmoet.rooms.rules import RoomView, Stretch

    from .alternatives import Alternative
    from .queries import BookingView

ACTIONS = {
    "booking_made": _l("gereserveerd"),
    "booking_requested": _l("reservering aangevraagd"),
    "booking_changed": _l("reservering veranderd"),
    "booking_cancelled": _l("reservering afgezegd"),
    "booking_lapsed": _l("aanvraag verlopen"),
    "booking_waits": _l("op de wachtlijst gezet"),
    "time_offered": _l("vrijgekomen tijd aangeboden"),
    "offer_taken": _l("vrijgekomen tijd genomen"),
    "offer_lapsed": _l("vrijgekomen tijd niet genomen"),
    "wish_lapsed": _l("wachtlijst voorbij"),
    "request_approved": _l("aanvraag goedgekeurd"),
    "request_declined": _l("aanvraag afgewezen"),
    "request_asked_back": _l("iets gevraagd over een aanvraag"),
    "request_answered": _l("vraag over een aanvraag beantwoord"),
    "room_closed": _l("ruimte gesloten"),
    "closure_changed": _l("sluiting veranderd"),
    "closure_ended": _l("sluiting eerder beëindigd"),
    "closure_removed": _l("sluiting weggehaald"),
    "works_announced": _l("werk aangekondigd"),
    "works_changed": _l("aangekondigd werk veranderd"),
    "works_taken_back": _l("aangekondigd werk teruggenomen"),
    "checked_in": _l("aangemeld in de ruimte"),
    "photo_removed": _l("de foto bij een afsluitlijst weggehaald"),
    "closed_up": _l("afsluitlijst ingevuld"),
    "use_answered": _l("verteld of er iemand was"),
}
"""What happened, in words for whoever it happened to or who did it."""

EVENING = 18 * 60


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
    if facts.get("part"):
        return _(
            "Van %(times)s is dit deel %(state)s. Kies een andere tijd of een ander deel.",
            times=times,
            state=state,
        )
    if facts.get("parts"):
        return _(
            "Van %(times)s is een deel %(state)s (%(parts)s). Kies een andere tijd of een ander deel.",
            times=times,
            state=state,
            parts=_names(facts["parts"]),
        )
    if facts.get("shut"):
        return _("Van %(times)s is de ruimte dicht. Kies een andere tijd.", times=times)
    return _("Van %(times)s is het bezet. Kies een andere tijd.", times=times)


def _say_shut(facts: Mapping[str, object]) -> str:
    """Closed as long as the wish lasts, and often for days: which part of the day says nothing."""
    if facts.get("part"):
        return _("Dit deel is dan dicht. Kies een andere tijd of een ander deel.")
    if facts.get("parts"):
        return _("Een deel is dan dicht (%(parts)s). Kies een ander deel.", parts=_names(facts["parts"]))
    return _("De ruimte is dan dicht. Kies een andere tijd.")


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
    when = _in_month(cast("date", facts["month"]), cast("date", facts["today"]))
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


def _in_month(month: date, today: date) -> str:
    if (month.year, month.month) == (today.year, today.month):
        return _("deze maand")
    if month.year == today.year:
        return _("in %(month)s", month=dates.whole_month(month))
    return _("in %(month)s", month=dates.month_and_year(month))


def length(minutes: int) -> str:
    """Half an hour, an hour and a half, two hours: as people say it."""
    hours, rest = divmod(minutes, 60)
    if rest == 0:
        return ngettext("%(num)s uur", "%(num)s uur", hours)
    if hours == 0:
        return ngettext("%(num)s minuut", "%(num)s minuten", rest)
    return _("%(hours)s uur en %(minutes)s minuten", hours=hours, minutes=rest)


def fair_use_line(fair_use: FairUse, today: date, whose: str = "") -> str:
    """How far one's address is, or that of the person called `whose`, before booking."""
    facts = {
        "used": fair_use.used,
        "quota": fair_use.quota,
        "when": _in_month(fair_use.month[0], today),
        "name": whose,
    }
    if whose and fair_use.quota_from >= EVENING:
        return ngettext(
            "%(used)s van de %(num)s avond van het adres van %(name)s %(when)s",
            "%(used)s van de %(num)s avonden van het adres van %(name)s %(when)s",
            fair_use.quota,
            **facts,
        )
    if whose:
        return _("%(used)s van de %(quota)s keer van het adres van %(name)s %(when)s", **facts)
    if fair_use.quota_from >= EVENING:
        return ngettext(
            "%(used)s van de %(num)s avond van jouw adres %(when)s",
            "%(used)s van de %(num)s avonden van jouw adres %(when)s",
            fair_use.quota,
            **facts,
        )
    return _("%(used)s van de %(quota)s keer van jouw adres %(when)s", **facts)


def helper_shown(booking: BookingView) -> str:
    """Given name of who did this for somebody else, as long as that is what was done last."""
    was_called_off = booking.status is Status.CANCELLED and booking.reason is not CancelReason.PLANS_CHANGED
    is_of_the_house = booking.status in (Status.LAPSED, Status.DECLINED)
    return "" if was_called_off or is_of_the_house else booking.helper


def status_word(status: Status, whose: str = "") -> str:
    """One word for a badge; `whose` is the given name of whose it is, when somebody else reads it."""
    if whose and status is Status.OFFERED:
        return _("vrijgehouden voor %(name)s", name=whose)
    return {
        Status.WAITING: _("op de wachtlijst"),
        Status.OFFERED: _("voor jou vrijgehouden"),
        Status.REQUESTED: _("aangevraagd"),
        Status.CONFIRMED: _("van jou"),
        Status.DECLINED: _("niet doorgegaan"),
        Status.CANCELLED: _("afgezegd"),
        Status.LAPSED: _("verlopen"),
    }[status]


def reason_sentence(reason: CancelReason) -> str:
    """Why a booking did not go on."""
    return {
        CancelReason.PLANS_CHANGED: _("De plannen zijn veranderd."),
        CancelReason.CLASH: _("Er was al iets anders op die tijd."),
        CancelReason.SIZE: _("De ruimte is te klein of te groot."),
        CancelReason.FACILITY: _("Er ontbreekt iets in de ruimte."),
        CancelReason.ACCESS: _("Niet iedereen kan er goed in."),
        CancelReason.HOURS: _("De tijd past niet bij de openingstijden."),
        CancelReason.NO_HOST: _("Er is geen gastheer."),
        CancelReason.TOO_FEW: _("Er zijn te weinig mensen."),
        CancelReason.RULES: _("Het past niet bij de regels."),
        CancelReason.MONEY: _("Er is geen geld voor."),
        CancelReason.DEFECT: _("Er is iets kapot."),
        CancelReason.TRANSPORT: _("Mensen kunnen er niet komen."),
        CancelReason.CLOSED: _("De ruimte is dan dicht."),
        CancelReason.NO_ANSWER: _("Er kwam niet op tijd antwoord."),
        CancelReason.NOT_TAKEN: _("De tijd is niet genomen."),
        CancelReason.FAIR_USE: _("Ook anderen moeten aan de beurt komen."),
        CancelReason.ALCOHOL: _("Er mag geen alcohol worden geschonken."),
        CancelReason.OTHER: _("Er is een andere reden."),
    }[reason]


def alternative_lines(found: Alternative, *, asked_day: date, today: date) -> tuple[str, str]:
    """What an alternative offers: when, and where or how it differs."""
    day = day_of(found.slot.starts)
    when = f"{dates.capitalised(dates.near_day(day, today))} {dates.times_in_words(found.slot)}"
    if found.zone is None:
        where = _("Hele ruimte")
    else:
        where = ngettext(
            "%(zone)s, tot %(num)s persoon",
            "%(zone)s, tot %(num)s mensen",
            found.zone.capacity,
            zone=found.zone.name,
        )
    if found.is_shorter:
        where = _("%(where)s, iets korter", where=where)
    elif day != asked_day and day <= today:
        where = _("%(where)s, %(day)s", where=where, day=dates.short_day(day))
    return when, where


def steps_to_get_in(room: RoomView, slot: TimeSlot) -> list[tuple[str, str]]:
    """What to do on the day, for this room's way with keys: (deed, explanation)."""
    begin = dates.clock_at(slot.starts)
    arrive: dict[KeyPlan, tuple[str, str]] = {
        KeyPlan.HANDED_OUT: (_("Haal de sleutel op"), room.key_note),
        KeyPlan.NEIGHBOUR_OPENS: (_("Er wordt voor je opengedaan"), room.key_note),
        KeyPlan.OWN_KEY: (_("Gebruik de sleutel van je groep"), room.key_note),
        KeyPlan.CODE_BOX: (_("Pak de sleutel uit de kluis"), room.key_note),
    }
    leave: dict[KeyPlan, tuple[str, str]] = {
        KeyPlan.HANDED_OUT: (_("Breng de sleutel terug"), _("Doe dat meteen na afloop.")),
        KeyPlan.NEIGHBOUR_OPENS: (_("Zeg dat je klaar bent"), _("Dan wordt er afgesloten.")),
        KeyPlan.OWN_KEY: (_("Doe de deur op slot"), _("Controleer ook de achterdeur.")),
        KeyPlan.CODE_BOX: (_("Leg de sleutel terug"), _("Draai daarna aan de cijfers.")),
    }
    return [
        arrive[room.key_plan],
        (_("Kom om %(time)s", time=dates.o_clock(begin)), room.address),
        (_("Laat alles netjes achter"), _("Afwas gedaan, ramen dicht, lampen uit.")),
        leave[room.key_plan],
    ]


def lapse_line(lapses_at: datetime, today: date, whose: str = "") -> str:
    """Until when somebody may wait for an answer; `whose` is their given name, when another reads it."""
    facts = {
        "day": dates.near_day(day_of(lapses_at), today),
        "time": dates.o_clock(dates.clock_at(lapses_at)),
    }
    if whose:
        return _(
            "%(name)s krijgt antwoord voor %(day)s %(time)s. Tot dan houden we de tijd vast.",
            name=whose,
            **facts,
        )
    return _("Je krijgt antwoord voor %(day)s %(time)s. Tot dan houden we de tijd voor je vast.", **facts)


def house_rules_of(found: BookingView) -> tuple[str, str] | None:
    """Where the house rules of a booking are, and their name."""
    if found.rules_since is None:
        return None
    href = f"/r/{found.room_slug}/huisregels?versie={found.rules_number}"
    return href, _("Huisregels van %(day)s", day=dates.full_day(day_of(found.rules_since)))
