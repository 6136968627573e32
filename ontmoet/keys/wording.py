"""Keys in the reader's language."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from ontmoet.kernel.walltime import day_of
from ontmoet.web import dates
from ontmoet.web.forms import say_reused
from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import lazy_gettext as _l

from .rules import LONGEST_CODE, MOST_COPIES, SHORTEST_CODE, Condition, Due, HolderKind, Reason, due_after

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ontmoet.kernel.objections import Objection

    from .queries import Copy, Held, Turn


ACTIONS = {
    "key_added": _l("een sleutel in de lijst gezet"),
    "key_handed_out": _l("een sleutel uitgegeven"),
    "key_taken_back": _l("een sleutel ingenomen"),
    "key_due_changed": _l("veranderd wanneer een sleutel terug moet"),
    "key_lost": _l("een sleutel kwijt gemeld"),
    "key_found": _l("een sleutel gevonden"),
    "key_confirmed": _l("gezegd dat een sleutel is ontvangen"),
    "key_objected": _l("gezegd dat een sleutel niet is ontvangen"),
    "key_tag_renewed": _l("een label vervangen"),
    "key_retired": _l("een sleutel uit de lijst gehaald"),
    "key_duty_passed": _l("de sleuteldienst overgedragen"),
    "key_duty_confirmed": _l("gezegd dat een overdracht van de sleuteldienst klopt"),
    "key_duty_objected": _l("gezegd dat een overdracht van de sleuteldienst niet klopt"),
    "box_moved": _l("opgeschreven waar de sleutelkluis hangt"),
    "box_code_set": _l("een nieuwe code voor de sleutelkluis opgeschreven"),
    "box_code_ended": _l("de code van de sleutelkluis weggehaald"),
    "box_code_seen": _l("de code van de sleutelkluis bekeken"),
    "locker_added": _l("een kastje in de lijst gezet"),
    "locker_changed": _l("iets over een kastje veranderd"),
    "locker_ended": _l("opgeschreven dat een kastje vrij is"),
}
"""What happened, in words for whoever it happened to or who did it."""

DUE_WORDS = {
    Due.AFTER: _l("Een uur na afloop"),
    Due.MORNING: _l("De volgende morgen"),
    Due.TONIGHT: _l("Vanavond"),
    Due.TOMORROW: _l("Morgenochtend"),
    Due.WEEK: _l("Over een week"),
    Due.NEVER: _l("Vast, hoeft niet terug"),
    Due.OTHER: _l("Een andere tijd"),
}
"""What the choices of a time are called."""

CONDITIONS = [
    (Condition.GOOD, _l("Alles goed")),
    (Condition.NOTE, _l("Er is iets")),
    (Condition.UNSEEN, _l("Niet gezien")),
]
"""How a room was found, to choose from."""


def say(objection: Objection) -> str:
    """The sentence for an objection."""
    return {
        Reason.MOVED: _("Er is net iets met deze sleutel gebeurd. Kijk hoe het nu is."),
        Reason.TURN_GONE: _("Voor deze reservering hoef je geen sleutel meer te geven. Kijk hoe het nu is."),
        Reason.LOST: _("Deze sleutel is kwijt. Heb je hem terug? Tik dan op ‘Gevonden’."),
        Reason.NOT_OUT: _("Deze sleutel ligt al in het kastje."),
        Reason.NEEDS_RULES: _(
            "Deze persoon doet nog niet mee met de huisregels. Regel dat eerst, op de telefoon of op papier."
        ),
        Reason.NOBODY_AGREED: _(
            "Niemand van deze organisatie doet nog mee met de huisregels. Vraag een contactpersoon om dat"
            " eerst te doen."
        ),
        Reason.HAS_IT: _("Deze persoon heeft de sleutel al. Kies iemand anders."),
        Reason.NOT_OF_THIS_ROOM: _("Deze persoon hoort niet bij deze ruimte. Kies iemand anders."),
        Reason.NEEDS_A_HOLDER: _("Kies wie de sleutel krijgt, of schrijf een naam op."),
        Reason.DUE_IN_THE_PAST: _("Die tijd is al voorbij. Kies een latere tijd."),
        Reason.DUE_TOO_LATE: _("Dat is te ver weg. Kies een tijd binnen een maand, of ‘vast’."),
        Reason.DUE_BEFORE_START: _("De reservering is dan nog niet begonnen. Kies een latere tijd."),
        Reason.NEEDS_NOTE: _("Schrijf kort op wat er is."),
        Reason.SAYS_SO_ALREADY: _("Dat weten we al. Iemand neemt contact met je op."),
        Reason.NUMBER_TAKEN: _("Dit nummer is er al. Kies een ander nummer."),
        Reason.AGREE_FIRST: _("Lees eerst de huisregels en zeg dat je meedoet. Daarna kan het."),
        Reason.NO_CODE: _("Er is nu geen code. Bel wie op de sleutels let."),
        Reason.NOT_CONFIRMED: _("Deze reservering gaat niet door, of is nog niet zeker."),
        Reason.TOO_EARLY: _("Je ziet de code vanaf %(moment)s.", moment=_opening(objection)),
        Reason.OVER: _("Je reservering is voorbij, dus de code staat hier niet meer."),
        Reason.NOT_DIGITS: _(
            "Vul %(least)s tot en met %(most)s cijfers in.", least=SHORTEST_CODE, most=LONGEST_CODE
        ),
        Reason.EASY_CODE: _("Deze code raadt iedereen. Kies een andere."),
        Reason.KEY_UNKNOWN: _("Deze sleutel staat niet in de lijst. Kijk op het label, of laat dit leeg."),
        Reason.TOO_MANY: _("Een ruimte heeft hoogstens %(most)s sleutels.", most=MOST_COPIES),
        Reason.DUTY_MOVED: _("Er is net iets met de sleuteldienst gebeurd. Kijk hoe het nu is."),
        Reason.DUTY_IS_SO: _("Zo is het al. Kies wie de sleuteldienst nu krijgt."),
        Reason.NO_KEEPER: _("Kies iemand die hier op de sleutels let."),
        Reason.NOT_YOURS_TO_SAY: _("Alleen de ander van deze overdracht kan zeggen of het klopt."),
        Reason.FORM_REUSED: say_reused(),
        Reason.STILL_OUT: _("Deze sleutel is nog uitgegeven. Neem hem eerst terug, of meld hem kwijt."),
    }[Reason(objection.reason)]


def _opening(objection: Objection) -> str:
    opens_at = objection.facts.get("opens_at")
    return full_moment(opens_at) if isinstance(opens_at, datetime) else ""


def copy_name(copy: Copy) -> str:
    """Sleutel 2."""
    return _("Sleutel %(number)s", number=copy.number)


def where_line(held: Held) -> str:
    """Where a key is, in a few words."""
    match held.holder.kind:
        case HolderKind.CABINET:
            return _("in het kastje")
        case HolderKind.LOST:
            return _("kwijt")
        case _:
            return _("bij %(name)s", name=held.name or _("iemand"))


def objected_line(held: Held, *, may_say_so: bool) -> str:
    """That somebody says not to have a key, and what to do: to who may say so, or to who wrote it down."""
    if not may_say_so:
        return _("Volgens deze persoon klopt dit niet. Zoek samen uit waar de sleutel is.")
    if held.holder.organisation_id is not None:
        return _(
            "Jullie zeiden dat dit niet klopt. Zoek samen met de sleutelbeheerder uit waar de sleutel is."
        )
    return _("Jij zei dat dit niet klopt. Zoek samen met de sleutelbeheerder uit waar de sleutel is.")


def objected(name: str) -> str:
    """What was done, to who said that it is not so; nothing without the name of who hears that."""
    return _("Opgeschreven. %(name)s hoort dat dit niet klopt.", name=name) if name else ""


def given_to(name: str, due_at: datetime | None, now: datetime) -> str:
    """What was done and until when, to who gave a key; nothing without a name."""
    return _("Gegeven aan %(name)s, %(due)s.", name=name, due=due_line(due_at, now)) if name else ""


def due_line(due_at: datetime | None, now: datetime) -> str:
    """Until when it may be away."""
    if due_at is None:
        return _("vast, hoeft niet terug")
    return _("terug voor %(moment)s", moment=moment_words(due_at, now))


def moment_words(moment: datetime, now: datetime) -> str:
    """vandaag 18:00 uur."""
    day = dates.near_day(day_of(moment), day_of(now))
    return f"{day} {dates.o_clock(dates.clock_at(moment))}"


full_moment = dates.full_moment


def turn_line(turn: Turn, now: datetime) -> str:
    """When somebody's booking is: vandaag 15:00–17:00 uur."""
    return f"{dates.near_day(day_of(turn.slot.starts), day_of(now))} {dates.times_in_words(turn.slot)}"


class TurnWords(NamedTuple):
    """Somebody whose turn it is, as the page of a key shows them: `deed` is what the button says. Where two
    would say the same, `which` tells them apart to who hears them.
    """

    public_id: str
    name: str
    when: str
    back: str
    deed: str
    another_time: str
    which: str


def turns_words(turns: Sequence[Turn], now: datetime, *, may_hand_out: bool, own_id: int) -> list[TurnWords]:
    """For who hands out keys, or for who passes one on and need not know the name."""
    names = Counter(_first_name(turn) for turn in turns)
    return [
        _turn_words(
            turn,
            now,
            may_hand_out=may_hand_out,
            is_own=turn.person_id == own_id,
            is_one_of_more=names[_first_name(turn)] > 1,
        )
        for turn in turns
    ]


def _first_name(turn: Turn) -> str:
    return turn.name.split(" ")[0]


def _turn_words(
    turn: Turn, now: datetime, *, may_hand_out: bool, is_own: bool, is_one_of_more: bool
) -> TurnWords:
    when, first_name = turn_line(turn, now), _first_name(turn)
    if is_own:
        deed = _("Neem hem zelf mee")
    else:
        deed = _("Geef aan %(name)s", name=first_name) if may_hand_out else _("Geef door")
    return TurnWords(
        turn.public_id,
        turn.name,
        when if may_hand_out else _("Wie hierna komt: %(when)s", when=when),
        _("Terug voor %(moment)s", moment=moment_words(due_after(turn.slot), now)),
        deed,
        _("Een andere tijd voor %(name)s", name=first_name),
        when if is_one_of_more else "",
    )


def history_line(held: Held) -> str:
    """One time that a key was somewhere, as it reads afterwards."""
    parts = [_in_words(held)]
    if held.recorded_by:
        parts.append(_("opgeschreven door %(name)s", name=held.recorded_by))
    if held.objected_at is not None:
        parts.append(_("klopte volgens deze persoon niet"))
    line = dates.capitalised(", ".join(parts)) + "."
    if held.condition is Condition.GOOD:
        line += " " + _("Terug, alles goed.")
    if held.note:
        line += f" ‘{held.note}’"
    return line


def condition_lines() -> dict[str, str]:
    """The second line of each way that a room is found."""
    return {Condition.GOOD: _("Afwas, ramen en lampen gedaan"), Condition.NOTE: _("Schrijf het hieronder op")}


def _in_words(held: Held) -> str:
    if held.holder.kind is HolderKind.CABINET:
        return _("in het kastje gelegd")
    if held.holder.kind is HolderKind.LOST:
        return _("kwijt gemeld")
    return _("uitgegeven aan %(name)s", name=held.name or _("iemand"))
