"""What happens when a room goes on in another one, in plain words."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ontmoet.bookings.states import Status
from ontmoet.bookings.wording import length
from ontmoet.people.wording import function_word
from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import lazy_gettext as _l
from ontmoet.web.i18n import ngettext

from .merging_rules import MergeReason

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ontmoet.kernel.objections import Objection
    from ontmoet.rooms.rules import RoomView, ZoneView

    from .merging_rules import Doing, Plan

ACTIONS = {
    "room_merged": _l("ruimte laten opgaan in een andere ruimte"),
    "room_took_in": _l("andere ruimte erbij gekregen"),
    "function_went_along": _l("functie ging mee naar een andere ruimte"),
    "booking_went_along": _l("reservering ging mee naar een andere ruimte"),
}


@dataclass(frozen=True, slots=True)
class Part:
    """One subject of what happens: sentences under a title."""

    title: str
    lines: tuple[str, ...]


def say(objection: Objection) -> str:
    """The sentence for an objection. Total over `MergeReason`."""
    reason = MergeReason(objection.reason)
    if reason is MergeReason.NOT_OPEN and objection.field is None:
        return _("Deze ruimte is nog niet open, of al gesloten. Dan valt er niets samen te voegen.")
    return {
        MergeReason.NOT_OPEN: _("Die ruimte is nog niet open, of al gesloten. Kies een andere."),
        MergeReason.SAME_ROOM: _("Dat is deze ruimte zelf. Kies een andere."),
        MergeReason.NO_SUCH_ROOM: _("Kies een ruimte uit de lijst."),
        MergeReason.NO_SUCH_ZONE: _("Kies een deel uit de lijst."),
        MergeReason.SEEN_OTHERWISE: _(
            "Intussen is er iets veranderd. Er is nog niets samengevoegd. Kijk de lijst opnieuw na."
        ),
    }[reason]


def where_to(into: RoomView, zone: ZoneView | None) -> str:
    """Where bookings go, in the middle of a sentence."""
    return into.name if zone is None else _("%(room)s (%(zone)s)", room=into.name, zone=zone.name)


def booking_lines(plan: Plan, old: RoomView, into: RoomView, zone: ZoneView | None) -> tuple[str, ...]:
    """What becomes of what is booked."""
    placing, room = plan.placing, where_to(into, zone)
    going = Counter(each.booking.status for each in placing.going)
    confirmed, asked, offered = (
        going[status] for status in (Status.CONFIRMED, Status.REQUESTED, Status.OFFERED)
    )
    lines = []
    if confirmed:
        lines.append(
            ngettext(
                "%(num)s reservering gaat mee naar %(room)s: zelfde dag, zelfde tijd.",
                "%(num)s reserveringen gaan mee naar %(room)s: zelfde dag, zelfde tijd.",
                confirmed,
                room=room,
            )
        )
    if asked:
        lines.append(
            ngettext(
                "%(num)s aanvraag gaat mee. Wie in %(room)s beslist, zegt ja of nee.",
                "%(num)s aanvragen gaan mee. Wie in %(room)s beslist, zegt ja of nee.",
                asked,
                room=into.name,
            )
        )
    if offered:
        lines.append(
            ngettext(
                "%(num)s tijd is aangeboden aan wie wachtte. Dat aanbod gaat mee.",
                "%(num)s tijden zijn aangeboden aan wie wachtte. Dat aanbod gaat mee.",
                offered,
            )
        )
    if placing.waiting:
        lines.append(
            ngettext(
                "%(num)s plek op de wachtlijst gaat mee naar %(room)s.",
                "%(num)s plekken op de wachtlijst gaan mee naar %(room)s.",
                len(placing.waiting),
                room=into.name,
            )
        )
    if placing.going:
        lines.append(_("Hoe lang en hoe vaak kijken we niet opnieuw na: wat is afgesproken, blijft."))
        if into.buffer_minutes:
            lines.append(
                _(
                    "Na elke reservering blijft het %(length)s leeg om op te ruimen, waar dat past.",
                    length=length(into.buffer_minutes),
                )
            )
    if placing.running:
        lines.append(
            ngettext(
                "%(num)s reservering is nu bezig. Die wordt in %(old)s afgemaakt.",
                "%(num)s reserveringen zijn nu bezig. Die worden in %(old)s afgemaakt.",
                len(placing.running),
                old=old.name,
            )
        )
    if placing.colliding and not placing.going:
        lines.append(_("Geen enkele reservering kan mee."))
    if not placing.going and not placing.colliding:
        lines.append(_("Er staat niets meer in de agenda van %(old)s dat mee moet.", old=old.name))
    return tuple(lines)


def parts_of(plan: Plan, old: RoomView, into: RoomView) -> list[Part]:
    """All that is not a booking, subject by subject."""
    return [
        Part(_("Wie wat doet"), _doing(plan.doing, old, into)),
        Part(_("Sleutels en kastjes"), _keys(plan, old, into)),
        Part(_("Wie de ruimte gebruikt"), _rights(plan, old, into)),
        Part(
            _("Regels en tijden"),
            (
                _("De huisregels, openingstijden en reserveerregels van %(room)s gelden.", room=into.name),
                _("Wie die huisregels nog niet kent, leest ze bij de volgende reservering of sleutel."),
            ),
        ),
        Part(
            _("Wat blijft zoals het was"),
            (
                _(
                    "Wat voorbij is, blijft bij %(old)s: reserveringen, opkomst, cijfers en huisregels.",
                    old=old.name,
                ),
                _("Sluitingen en werk van %(old)s gaan niet mee.", old=old.name),
            ),
        ),
        Part(
            _("Codes en links"),
            (
                _(
                    "De code op de deur, posters, het scherm en oude links van %(old)s"
                    " brengen iedereen bij %(room)s.",
                    old=old.name,
                    room=into.name,
                ),
                _("Labels aan sleutels blijven werken."),
            ),
        ),
    ]


def _doing(doing: Iterable[Doing], old: RoomView, into: RoomView) -> tuple[str, ...]:
    lines = []
    for one in doing:
        facts = {"name": one.name, "function": function_word(one.function), "room": into.name}
        if one.goes:
            lines.append(_("%(name)s (%(function)s) doet dat nu in %(room)s.", **facts))
        elif one.there is not None:
            lines.append(_("%(name)s (%(function)s) doet dat al in %(room)s. Dat blijft zo.", **facts))
        else:
            lines.append(
                _(
                    "%(name)s (%(function)s) gaat niet mee: dat mag jij niet regelen. Vraag een collega.",
                    **facts,
                )
            )
    if not lines:
        return (_("Niemand doet iets voor %(old)s. Hier verandert niets.", old=old.name),)
    return (
        *lines,
        _("Medewerkers kunnen ook de geschiedenis van %(old)s blijven lezen.", old=old.name),
    )


def _keys(plan: Plan, old: RoomView, into: RoomView) -> tuple[str, ...]:
    lines = []
    if plan.copies:
        lines.append(
            ngettext(
                "%(num)s sleutel komt op de lijst van %(room)s. Wie hem heeft, houdt hem.",
                "%(num)s sleutels komen op de lijst van %(room)s. Wie er een heeft, houdt die.",
                len(plan.copies),
                room=into.name,
            )
        )
        lines += [
            _(
                "Sleutel %(number)s krijgt nummer %(becomes)s. Plak er een nieuw nummer op.",
                number=one.number,
                becomes=one.becomes,
            )
            for one in plan.copies
            if one.is_renumbered
        ]
    if plan.lockers:
        lines.append(
            ngettext(
                "%(num)s kastje komt op de lijst van %(room)s.",
                "%(num)s kastjes komen op de lijst van %(room)s.",
                len(plan.lockers),
                room=into.name,
            )
        )
        lines += [
            _("Kastje %(number)s krijgt nummer %(becomes)s.", number=one.number, becomes=one.becomes)
            for one in plan.lockers
            if one.is_renumbered
        ]
    if plan.box is not None:
        lines.append(
            _("Niemand ziet de code van de sleutelkluis van %(old)s meer. Haal de kluis leeg.", old=old.name)
        )
    if plan.has_duty:
        lines.append(_("Wie nu de sleutels van %(old)s beheert, geeft dat af.", old=old.name))
    return tuple(lines) or (_("%(old)s heeft geen sleutels op de lijst.", old=old.name),)


def _rights(plan: Plan, old: RoomView, into: RoomView) -> tuple[str, ...]:
    lines = [
        _("Bewoners van %(name)s mogen vanaf nu %(room)s gebruiken.", name=name, room=into.name)
        for _id, name in plan.complexes
    ]
    if plan.homes:
        lines.append(
            ngettext(
                "%(num)s los adres mag vanaf nu %(room)s gebruiken.",
                "%(num)s losse adressen mogen vanaf nu %(room)s gebruiken.",
                len(plan.homes),
                room=into.name,
            )
        )
    same = _("Wie %(old)s mocht gebruiken, mag %(room)s al gebruiken.", old=old.name, room=into.name)
    return (
        *(lines or [same]),
        _("Hun reserveringen tellen mee bij eerlijk delen van %(room)s.", room=into.name),
    )


def exception_words(old: RoomView) -> str:
    """Why a neighbour may use a room that is for residents only."""
    return _("kwam mee uit %(old)s", old=old.name)
