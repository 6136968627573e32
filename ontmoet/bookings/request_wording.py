"""Requests in the reader's language: how long they wait, who decided what, and why a deed is refused."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from ontmoet.kernel.walltime import day_of
from ontmoet.rooms.rules import UseKind
from ontmoet.web import dates
from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import ngettext

from .refusal_wording import say
from .request_rules import RequestReason
from .rules import Reason
from .states import CancelReason, Status, made_way
from .wording import reason_sentence

if TYPE_CHECKING:
    from ontmoet.kernel.objections import Objection

    from .queries import BookingView
    from .request_queries import Beside


def lapses_in(lapses_at: datetime, *, now: datetime) -> str:
    """How long a request still waits, as people say it."""
    left = lapses_at - now
    if left < timedelta(hours=1):
        minutes = max(int(left.total_seconds() // 60), 1)
        return ngettext("vervalt over %(num)s minuut", "vervalt over %(num)s minuten", minutes)
    if left < timedelta(hours=48):
        return ngettext(
            "vervalt over %(num)s uur", "vervalt over %(num)s uur", int(left.total_seconds() // 3600)
        )
    return ngettext("vervalt over %(num)s dag", "vervalt over %(num)s dagen", left.days)


def waits_until(lapses_at: datetime, today: date) -> str:
    """Until when exactly."""
    day = dates.near_day(day_of(lapses_at), today)
    return _("tot %(day)s %(time)s", day=day, time=dates.o_clock(dates.clock_at(lapses_at)))


def question_line(lapses_at: datetime, today: date, whose: str = "") -> str:
    """How long somebody has to answer a question; `whose` is their given name, when another reads it."""
    if whose:
        return _(
            "%(name)s moet nog antwoord geven. We houden de tijd vast %(until)s.",
            name=whose,
            until=waits_until(lapses_at, today),
        )
    return _("Geef antwoord. We houden de tijd voor je vast %(until)s.", until=waits_until(lapses_at, today))


def kind_word(kind: UseKind) -> str:
    """What sort of use somebody asks the room for."""
    return {
        UseKind.OWN: _("Voor zichzelf"),
        UseKind.OPEN_ACTIVITY: _("Activiteit voor iedereen"),
        UseKind.ORGANISATION: _("Van een organisatie"),
        UseKind.LETTING: _("Gebruik van buiten"),
    }[kind]


def turns_line(others: int, *, is_organisation: bool) -> str:
    """How often the same home or organisation comes that month, and nothing more about it."""
    if is_organisation:
        if others == 0:
            return _("Deze organisatie heeft die maand verder niets.")
        return ngettext(
            "Deze organisatie heeft die maand nog %(num)s andere reservering.",
            "Deze organisatie heeft die maand nog %(num)s andere reserveringen.",
            others,
        )
    if others == 0:
        return _("Dit adres heeft die maand verder niets.")
    return ngettext(
        "Dit adres heeft die maand nog %(num)s andere reservering.",
        "Dit adres heeft die maand nog %(num)s andere reserveringen.",
        others,
    )


def beside_line(other: Beside, *, knows_names: bool) -> str:
    """What else is in the room at the time of a request."""
    what = other.what if other.is_closure or knows_names else ""
    facts = {"zone": other.zone_name, "times": dates.times(other.slot)}
    if other.is_closure:
        return _("%(zone)s: gesloten. %(what)s", what=what, **facts)
    if what:
        return _("%(zone)s: %(what)s, %(times)s", what=what, **facts)
    return _("%(zone)s: bezet, %(times)s", **facts)


def waiting_line(waiting: int) -> str:
    """How many requests wait for somebody to decide."""
    if waiting == 0:
        return _("Er wacht niets")
    return ngettext("%(num)s wacht op antwoord", "%(num)s wachten op antwoord", waiting)


def asked_line(given_name: str, *, whose: str = "") -> str:
    """What was done, to who asked: for themselves, or for the neighbour that `whose` names."""
    if whose:
        return _("Aangevraagd voor %(name)s. Het is nog niet zeker.", name=whose)
    return _("Aangevraagd, %(name)s. Het is nog niet zeker.", name=given_name)


def decided_line(found: BookingView, *, reader_id: int, knows_names: bool) -> str:
    """How a request ended, for whoever wanted to decide about it."""
    mine = found.decided_by_id == reader_id
    name = (found.decided_by_name or "").split(" ", 1)[0] if knows_names else ""
    match found.status:
        case Status.CONFIRMED if mine:
            return _("Jij keurde dit goed.")
        case Status.CONFIRMED if name:
            return _("%(name)s keurde dit goed.", name=name)
        case Status.CONFIRMED:
            return _("Deze reservering staat al vast.")
        case Status.DECLINED:
            return f"{_declined_by(found, name, is_mine=mine)} {why_declined(found)}"
        case Status.LAPSED:
            return _("Deze aanvraag is verlopen. Er kwam niet op tijd antwoord.")
        case Status.CANCELLED if found.decided_at:
            return _("Goedgekeurd, en daarna afgezegd.")
        case Status.CANCELLED:
            return _("Deze aanvraag is ingetrokken.")
        case Status.REQUESTED:
            return _("Deze aanvraag wacht nog op antwoord.")
        case Status.WAITING | Status.OFFERED:
            return _("Dit is nog geen aanvraag: er wordt gewacht tot de tijd vrij is.")


def _declined_by(found: BookingView, name: str, *, is_mine: bool) -> str:
    if made_way(found.status, found.reason):
        return _("Deze aanvraag moest plaatsmaken.")
    if is_mine:
        return _("Jij wees dit af.")
    return _("%(name)s wees dit af.", name=name) if name else _("Deze aanvraag is afgewezen.")


def why_declined(found: BookingView) -> str:
    """The reason of a no in one or two sentences; who explains another reason explains enough."""
    if found.reason is CancelReason.OTHER and found.explanation:
        return found.explanation
    if found.status is Status.LAPSED and found.reason is CancelReason.FAIR_USE:
        return _("De tijd was vrij, maar de beurten van het adres waren op.")
    reason = reason_sentence(found.reason) if found.reason else ""
    return " ".join(filter(None, (reason, found.explanation)))


def say_request(objection: Objection, *, whose: str = "") -> str:
    """The sentence for an objection to a deed about a request. Total over `RequestReason`.

    `whose` is the given name of who asks for the room.
    """
    if not isinstance(objection.reason, RequestReason):
        return _say_approval(objection, whose)
    return {
        RequestReason.ALREADY_DECIDED: _("Over deze aanvraag is al beslist."),
        RequestReason.OWN_REQUEST: _(
            "Dit is je eigen aanvraag. Een ander van de beheergroep beslist erover."
        ),
        RequestReason.NO_RESPONSIBLE: _(
            "Er is nog niemand verantwoordelijk. Vraag wie dat is. De organisatie vult de naam in bij de"
            " reservering."
        ),
        RequestReason.SAY_WHY: _("Schrijf erbij wat de reden is. Anders weet niemand waarom."),
        RequestReason.ALREADY_ASKED: _("Er staat al een vraag open. Wacht op het antwoord."),
        RequestReason.NOTHING_ASKED: _("Er staat geen vraag meer open."),
    }[objection.reason]


def _say_approval(objection: Objection, whose: str) -> str:
    """Why the rules do not allow what somebody wanted to approve, and what can be done."""
    match Reason(objection.reason):
        case Reason.CHANGED_MEANWHILE:
            return _("Er is intussen iets veranderd aan deze aanvraag. Hieronder staat hoe het nu is.")
        case Reason.HOUSE_RULES_NOT_AGREED if not whose:
            return _("De aanvrager doet nog niet mee met de nieuwe huisregels. Vraag daar eerst om.")
        case Reason.ROOM_CLOSED:
            return _("Deze ruimte is nu niet te reserveren. Wijs de aanvraag af en zeg waarom.")
        case Reason.NO_SUCH_ZONE | Reason.TOO_FAR_AHEAD:
            return _("Dit past niet meer bij de regels van de ruimte. Wijs de aanvraag af en zeg waarom.")
        case Reason.OUTSIDE_OPENING_HOURS:
            return _("De ruimte is dan niet open. Vraag om een andere tijd, of wijs de aanvraag af.")
        case Reason.TOO_MANY_PEOPLE | Reason.TOO_LONG | Reason.TOO_SHORT:
            return _("%(why)s Vraag om een verandering, of wijs de aanvraag af.", why=say(objection, whose))
        case _:
            return say(objection, whose)
