"""The steps of the first hour in the reader's language."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ontmoet.arranging.wording import say as say_of_place
from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import lazy_gettext as _l
from ontmoet.web.i18n import ngettext

from .rules import Progress, Reason, Step

if TYPE_CHECKING:
    from ontmoet.kernel.objections import Objection

ACTIONS = {"installation_begun": _l("begonnen met Ontmoet")}
"""What happened, in words for whoever did it."""


class Told(NamedTuple):
    """A step in words: what it is, why, and the pages where it is done (address, words)."""

    title: str
    why: str
    pages: tuple[tuple[str, str], ...]


def all_told(slug: str, complex_id: str) -> dict[Step, Told]:
    """The words of all steps, for a room and its complex; both empty before they are there."""
    room = f"/r/{slug}"
    homes = f"/corporatie/complexen/{complex_id}"
    overview = "/corporatie/beheer"
    return {
        Step.COMPLEX: Told(
            _("Het complex"),
            _("De woningen die bij elkaar horen."),
            ((f"{overview}/complexen/nieuw", _("Voeg een complex toe")),),
        ),
        Step.HOMES: Told(
            _("De adressen"),
            _("Wie hier woont, mag de ruimte gebruiken. Een hele straat gaat in één keer."),
            (
                (f"{homes}/straat", _("Voeg een straat toe")),
                (f"{overview}/inlezen/adressen", _("Lees een lijst in")),
                (homes, _("Bekijk de adressen")),
            ),
        ),
        Step.ROOM: Told(
            _("De ruimte"),
            _("Waar mensen elkaar ontmoeten."),
            ((f"{overview}/ruimtes/nieuw", _("Voeg een ruimte toe")),),
        ),
        Step.ABOUT: Told(
            _("Wat voor ruimte het is"),
            _("Adres, grootte, wat er is, en hoe je binnenkomt."),
            ((f"{room}/inrichting", _("Vul de inrichting in")),),
        ),
        Step.CONTACT: Told(
            _("Eén gezicht van de corporatie"),
            _("Bewoners bellen deze collega. Dat kun je zelf zijn."),
            (
                (f"{room}/inrichting#contact", _("Kies het aanspreekpunt")),
                ("/corporatie/mensen", _("Voeg een collega toe")),
            ),
        ),
        Step.HOURS: Told(
            _("Openingstijden"),
            _("Wanneer mensen kunnen reserveren. Kijk ook meteen hoe lang en hoe vaak dat mag."),
            (
                (f"{room}/openingstijden", _("Kies de openingstijden")),
                (f"{room}/reserveerregels", _("Bekijk de reserveerregels")),
            ),
        ),
        Step.HOUSE_RULES: Told(
            _("Huisregels"),
            _("Wie voor het eerst reserveert, leest ze en zegt ja."),
            ((f"{room}/huisregels/nieuw", _("Schrijf de huisregels")),),
        ),
        Step.KEYS: Told(
            _("Sleutels"),
            _("Dan weet iedereen wie de sleutel heeft. Druk daarna de labels af."),
            (
                (f"{room}/sleutels/nieuw", _("Zet de sleutels in de lijst")),
                (f"{room}/sleutels/labels", _("Druk de labels af")),
                (f"{room}/sleutels/kluis", _("Er hangt een kluis met een code")),
            ),
        ),
        Step.LIVE: Told(
            _("De ruimte gaat open"),
            _("Vanaf dan kunnen mensen reserveren. Het kan pas als alles is ingevuld."),
            ((f"{room}/inrichting", _("Zet de ruimte open")),),
        ),
        Step.LETTERS: Told(
            _("Brieven, en een poster op de deur"),
            _("Elke woning krijgt een brief met een eigen code. Op de poster staat de code van de ruimte."),
            (
                (f"{room}/brieven", _("Druk de brieven af")),
                (f"{room}/poster", _("Druk de poster voor de deur af")),
            ),
        ),
        Step.BOOKING: Told(
            _("De eerste reservering"),
            _("Reserveer zelf iets om het te proberen, of doe het samen met een bewoner."),
            ((room, _("Bekijk de ruimte")),),
        ),
    }


def keys_by_others() -> Told:
    """The step of the keys for who administers and works elsewhere."""
    return Told(
        _("Sleutels"),
        _("Dit doet een collega die in deze ruimte werkt, of de beheergroep."),
        (("/corporatie/mensen", _("Voeg een collega toe")),),
    )


def done_line(step: Step, progress: Progress) -> str:
    """What is there already, of a step that is done."""
    return {
        Step.HOMES: ngettext("%(num)s adres", "%(num)s adressen", progress.homes),
        Step.LETTERS: ngettext("%(num)s brief gemaakt", "%(num)s brieven gemaakt", progress.letters),
    }.get(step, _("klaar"))


def say(objection: Objection) -> str:
    """The sentence for an objection: of the database, or of the complex and the room that it begins with."""
    if objection.reason is Reason.IN_USE:
        return _("Deze database is al in gebruik. Begin met een lege.")
    return _("Het complex of de ruimte kan zo niet heten. %(why)s", why=say_of_place(objection))
