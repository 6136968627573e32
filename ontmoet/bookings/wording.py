"""States of bookings, and what belongs to them, in the reader's language."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from ontmoet.kernel.walltime import day_of, minutes_of
from ontmoet.outbox.letters import one_line
from ontmoet.rooms.rules import KeyPlan
from ontmoet.web import dates
from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import lazy_gettext as _l
from ontmoet.web.i18n import ngettext

from .rules import FairUse
from .states import CancelReason, Status

if TYPE_CHECKING:
    from datetime import date

    from ontmoet.kernel.timeslot import TimeSlot
    from ontmoet.rooms.rules import RoomView

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
    "request_taken_back": _l("aanvraag ingetrokken"),
    "request_off": _l("aanvraag gaat niet door, de ruimte is dicht"),
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


def in_month(month: date, today: date) -> str:
    """In this month, or in another by its name."""
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
        "when": in_month(fair_use.month[0], today),
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


def word_of(booking: BookingView, whose: str = "", *, now: datetime | None = None) -> str:
    """How a booking stands, for a badge; `whose` is the given name of whose it is, when somebody else reads
    it. Without `now` nobody knows whether its time is still to come.
    """
    return status_word(
        booking.status,
        whose,
        reason=booking.reason,
        is_to_come=now is not None and booking.slot.ends > now,
        is_taken_back=booking.is_taken_back,
    )


def status_word(
    status: Status,
    whose: str = "",
    *,
    reason: CancelReason | None = None,
    is_to_come: bool = False,
    is_taken_back: bool = False,
) -> str:
    """The same of its facts. What `is_taken_back` was no booking yet."""
    if status is Status.CANCELLED and is_taken_back:
        return _("aanvraag ingetrokken")
    if status is Status.CANCELLED and reason is CancelReason.NOT_TAKEN:
        return _("niet meer op de wachtlijst")
    if is_to_come and status is Status.DECLINED:
        return _("aanvraag gaat niet door")
    if whose and status is Status.OFFERED:
        return _("vrijgehouden voor %(name)s", name=whose)
    return {
        Status.WAITING: _("op de wachtlijst"),
        Status.OFFERED: _("voor jou vrijgehouden"),
        Status.REQUESTED: _("aangevraagd"),
        Status.CONFIRMED: _("van jou"),
        Status.DECLINED: _("aanvraag niet doorgegaan"),
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


def why_sentence(reason: CancelReason | None, explanation: str | None) -> str:
    """Why it does not go ahead, on one line; "" when nobody says why."""
    if reason is CancelReason.OTHER and explanation:
        return one_line(explanation)
    return " ".join(filter(None, (reason_sentence(reason) if reason else "", one_line(explanation or ""))))


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


def closed_until_words(moment: datetime, today: date) -> str:
    """When a closure ends; at midnight that is with the day before."""
    minutes = minutes_of(moment)
    if minutes == 0:
        return _("tot en met %(day)s", day=dates.near_day(day_of(moment) - timedelta(days=1), today))
    return _("tot %(day)s %(time)s", day=dates.near_day(day_of(moment), today), time=dates.hour(minutes))
