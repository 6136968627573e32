"""Reasons and recorded actions of this slice in the reader's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ontmoet.rooms.rules import AccessPolicy, Door, KeyPlan, Typology
from ontmoet.web.forms import say_reused
from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import lazy_gettext as _l

from .rules import MOST_IN_A_STREET, Missing, Reason, Side

if TYPE_CHECKING:
    from ontmoet.kernel.objections import Objection

ACTIONS = {
    "complex_added": _l("complex toegevoegd"),
    "room_added": _l("ruimte toegevoegd"),
    "room_changed": _l("inrichting van de ruimte veranderd"),
    "room_went_live": _l("ruimte opengezet voor reserveren"),
    "room_renamed": _l("ruimte een andere naam gegeven"),
    "room_ended": _l("ruimte voorgoed gesloten"),
    "zone_added": _l("deel van de ruimte toegevoegd"),
    "zone_changed": _l("deel van de ruimte veranderd"),
    "zone_removed": _l("deel van de ruimte weggehaald"),
    "right_given": _l("adressen erbij gezet die de ruimte mogen gebruiken"),
    "right_taken": _l("adressen weggehaald die de ruimte mochten gebruiken"),
    "homes_added": _l("adressen toegevoegd"),
    "home_corrected": _l("adres verbeterd"),
    "home_removed": _l("adres weggehaald"),
    "home_ended": _l("adres beëindigd"),
}
"""What happened, in words for whoever it happened to or who did it."""

TYPOLOGIES = {
    Typology.KH: _l("Koffiehoek: klein, voor één complex"),
    Typology.CPO: _l("Ruimte van een woongroep"),
    Typology.MFO: _l("Ontmoetingsplek voor van alles"),
    Typology.BH: _l("Buurthuis"),
    Typology.SEN: _l("Ruimte in een complex voor ouderen"),
}
"""The handbook's types, in words a board member knows."""

POLICIES = {
    AccessPolicy.TENANTS: (
        _l("Alleen bewoners"),
        _l("Wie hier een adres heeft. Een buur alleen als uitzondering."),
    ),
    AccessPolicy.NEIGHBOURS: (_l("Bewoners en buren"), _l("Ook buren die jullie zelf toelaten.")),
    AccessPolicy.HIRERS: (
        _l("Iedereen, ook gebruikers van buiten"),
        _l("Ook organisaties. Die vragen het altijd eerst aan."),
    ),
}
KEY_PLANS = {
    KeyPlan.HANDED_OUT: (_l("De sleutelbeheerder geeft de sleutel"), _l("En neemt hem weer in.")),
    KeyPlan.NEIGHBOUR_OPENS: (_l("Een buur doet open"), _l("Niemand krijgt een sleutel mee.")),
    KeyPlan.OWN_KEY: (_l("Elke groep heeft een eigen sleutel"), _l("Die blijft bij de groep.")),
    KeyPlan.CODE_BOX: (
        _l("Sleutelkluis met een code"),
        _l("Wie reserveert, ziet de code een half uur ervoor."),
    ),
}
DOORS = {
    Door.LINDE: _l("Groen"),
    Door.HOEKJE: _l("Rood"),
    Door.PLEIN: _l("Bruin"),
    Door.BRUG: _l("Blauw"),
    Door.WILGEN: _l("Olijfgroen"),
    Door.ARK: _l("Paars"),
}
SIDES = {
    Side.ALL: _l("Alle nummers"),
    Side.ODD: _l("Alleen oneven"),
    Side.EVEN: _l("Alleen even"),
}


def missing_word(what: Missing) -> str:
    """What is missing, as the link to where it is filled in."""
    return {
        Missing.ADDRESS: _("Het adres"),
        Missing.TOWN: _("De plaats"),
        Missing.TYPOLOGY: _("Wat voor ruimte het is"),
        Missing.AREA: _("Hoe groot de ruimte is"),
        Missing.ZONE: _("Een deel dat je kunt reserveren"),
        Missing.HOMES: _("Adressen die de ruimte mogen gebruiken"),
        Missing.HOURS: _("Openingstijden"),
    }[what]


def missing_path(what: Missing, slug: str, complex_id: str) -> str:
    """Where it is filled in."""
    sheet = f"/r/{slug}/inrichting"
    return {
        Missing.ZONE: f"{sheet}/zones",
        Missing.HOMES: f"/corporatie/complexen/{complex_id}",
        Missing.HOURS: f"/r/{slug}/openingstijden",
    }.get(what, f"{sheet}#{what}")


def say(objection: Objection) -> str:
    """The sentence for an objection."""
    facts = objection.facts
    return {
        Reason.CHANGED_MEANWHILE: _("Een ander veranderde dit net. Hier staat nu wat die ander koos."),
        Reason.CHANGED_BY_BOTH: _(
            "Een ander veranderde dit net in: ‘%(now)s’. Hier staat nog wat jij koos. Bewaar je het opnieuw? "
            "Dan geldt dat van jou.",
            now=facts.get("now", ""),
        ),
        Reason.NEEDED_WHEN_LIVE: _("Vul dit in. De ruimte is open, en dan kan dit niet leeg zijn."),
        Reason.STILL_MISSING: _("Er mist nog iets. Kijk in de lijst hieronder."),
        Reason.NO_NAME_IN_ADDRESS: _(
            "Gebruik in de naam ook gewone letters of cijfers. Die komen in het adres van de pagina."
        ),
        Reason.NO_SHORT_NAME: _(
            "Gebruik in de korte naam gewone letters of cijfers. Bewoners typen hem als ze inloggen."
        ),
        Reason.ADDRESS_TAKEN: _("Dit adres is er al in dit complex. Kijk of je straat en nummer goed hebt."),
        Reason.ADDRESS_WITHOUT_LETTERS: _(
            "Gebruik in het adres ook gewone letters of cijfers. Daar maken we de korte naam van."
        ),
        Reason.NAME_TAKEN: _("Deze naam is er al. Kies een andere."),
        Reason.LAST_ZONE: _("Dit is het enige deel. Een ruimte heeft er minstens één."),
        Reason.HAS_BOOKINGS: _("Er staan nog reserveringen. Verplaats ze, of zeg ze af. Daarna kan het."),
        Reason.LARGER_THAN_ROOM: _(
            "In de hele ruimte mogen %(most)s mensen. Vul hier niet meer in.", most=facts.get("most")
        ),
        Reason.SMALLER_THAN_PART: _(
            "In het deel %(part)s mogen %(most)s mensen. Verander dat eerst bij ‘Delen van de ruimte’.",
            part=facts.get("part"),
            most=facts.get("most"),
        ),
        Reason.ALREADY_SO: _("Dit is al gebeurd."),
        Reason.FORM_REUSED: say_reused(),
        Reason.WRONG_RANGE: _("Het laatste nummer is lager dan het eerste. Verbeter een van de twee."),
        Reason.NO_NUMBERS: _("Zo komt er geen enkel adres bij. Kies andere nummers, of alle nummers."),
        Reason.TOO_MANY: _("Voeg hoogstens %(most)s adressen tegelijk toe.", most=MOST_IN_A_STREET),
        Reason.LIVED_IN: _(
            "Hier woonde iemand. Het adres blijft daarom bewaard. Beëindig het, en zeg waarom."
        ),
        Reason.NO_SUCH_ADDRESS: _(
            "We kennen geen adres met deze korte naam. Kijk bij de adressen van het complex."
        ),
        Reason.MAY_ALREADY: _("Dit adres mag de ruimte al gebruiken."),
        Reason.LIVED_IN_NOW: _(
            "Hier woont nog iemand. Schrijf bij die persoon eerst op dat die verhuisd is."
        ),
    }[Reason(objection.reason)]
