"""Reasons, functions and organisations in the reader's language."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from ontmoet.people.models import OrganisationKind
from ontmoet.people.wording import function_word
from ontmoet.web import dates
from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import lazy_gettext as _l

from .rules import Reason

if TYPE_CHECKING:
    from ontmoet.kernel.objections import Objection

    from .queries import HomeOf, RoleView


ACTIONS = {
    "function_given": _l("functie gegeven"),
    "function_ended": _l("functie gestopt"),
    "person_found": _l("iemand gevonden op naam"),
    "person_looked_up": _l("gegevens van iemand bekeken"),
    "guest_admitted": _l("buur toegelaten"),
    "admission_ended": _l("buur niet meer toegelaten"),
    "organisation_added": _l("organisatie toegevoegd"),
    "organisation_changed": _l("organisatie veranderd"),
}
"""What happened, in words for whoever it happened to or who did it."""


def say(objection: Objection) -> str:
    """The sentence for an objection."""
    return {
        Reason.NOT_YOURS_TO_GIVE: _("Deze functie kun jij niet geven of stoppen. Vraag het een medewerker."),
        Reason.NOT_FOR_YOURSELF: _("Deze functie kun je jezelf niet geven. Vraag het iemand anders."),
        Reason.DOES_SO_ALREADY: _("Dit doet deze persoon al. Er is niets veranderd."),
        Reason.NOT_OF_THIS_ROOM: _("Deze persoon hoort niet meer bij deze ruimte. Er is niets veranderd."),
        Reason.NEEDS_ORGANISATION: _("Voeg een partner toe bij ‘Organisaties’."),
        Reason.ENDS_BEFORE_START: _("De laatste dag ligt voor de eerste. Kies een latere dag."),
        Reason.ENDS_SOONER: _("Deze functie stopt al eerder. Er is niets veranderd."),
        Reason.IN_THE_PAST: _("Die dag is al voorbij. Kies vandaag of later."),
        Reason.TOO_FAR_AHEAD: _("Kies een dag binnen een jaar."),
        Reason.LAST_CHAIR: _("Dan heeft deze ruimte geen voorzitter meer. Is dat goed? Zet dan het vinkje."),
        Reason.LAST_ADMINISTRATOR: _("Er moet een beheerder blijven. Geef eerst iemand anders deze functie."),
        Reason.LET_IN_ALREADY: _("Deze persoon mag hier al komen. Er is niets veranderd."),
        Reason.NOT_FOR_NEIGHBOURS: _(
            "Deze ruimte is alleen voor bewoners. Vraag de beheergroep of een medewerker om een uitzondering."
        ),
        Reason.ADDRESS_OF_THE_ROOM: _(
            "Dit adres hoort al bij de ruimte. Wie daar woont, doet mee met de brief van de woning."
        ),
        Reason.NEEDS_REASON: _("Schrijf op waarom dit adres een uitzondering is."),
        Reason.EMAIL_TAKEN: _("Dit e-mailadres kunnen we niet gebruiken. Kies een ander of laat het leeg."),
        Reason.NAME_TAKEN: _("Er is al een organisatie met deze naam. Gebruik die, of kies een andere naam."),
    }[Reason(objection.reason)]


def what_one_does(role: RoleView) -> str:
    """The function; of a partner also for whom."""
    word = dates.capitalised(function_word(role.function))
    if role.organisation:
        return _("%(function)s, %(organisation)s", function=word, organisation=role.organisation)
    return word


def role_line(role: RoleView) -> str:
    """What somebody does, since when, until when, given by whom."""
    parts = [what_one_does(role), span_line(role.since, role.until)]
    if role.given_by:
        parts.append(_("gegeven door %(name)s", name=role.given_by))
    return ", ".join(parts)


def home_line(home: HomeOf) -> str:
    """A home and how long somebody lived there."""
    return f"{home.address_name}, {span_line(home.since, home.until)}"


def span_line(since: date, until: date | None) -> str:
    """Since one day, until another when that is known."""
    if until is None:
        return _("sinds %(since)s", since=dates.full_day(since))
    return _("van %(since)s tot %(until)s", since=dates.full_day(since), until=dates.full_day(until))


def kind_word(kind: OrganisationKind) -> str:
    """The handbook's kinds of partner, as people call them."""
    return {
        OrganisationKind.P1: _("woningcorporatie"),
        OrganisationKind.P2: _("bewoners of vrijwilligers"),
        OrganisationKind.P3: _("gemeente"),
        OrganisationKind.P4: _("zorg"),
        OrganisationKind.P5: _("welzijn"),
        OrganisationKind.P6: _("sociale onderneming"),
    }[kind]
