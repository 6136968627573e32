"""Imported lists in the reader's language."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from ontmoet.arranging.wording import missing_word
from ontmoet.joining.rules import Reason as JoiningReason
from ontmoet.joining.wording import say as say_joining
from ontmoet.kernel.objections import Objection
from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import lazy_gettext as _l
from ontmoet.web.i18n import ngettext

from .rules import MOST_ROWS, Reason, State, new_complexes_of

if TYPE_CHECKING:
    from ontmoet.arranging.rules import Missing

    from .actions import Report
    from .rules import Judged

MOST_NAMED = 20
"""Complexes that are named before a list is stored."""

ACTIONS = {"list_imported": _l("een lijst ingelezen")}
"""What happened, in words for whoever did it."""


def say(objection: Objection) -> str:
    """Why a file or a row cannot be stored, and how to mend it."""
    facts = objection.facts
    most = f"{MOST_ROWS:,}".replace(",", ".")
    return {
        Reason.NO_FILE: _("Kies een bestand."),
        Reason.NO_FILE_AGAIN: _("Er is nog niets bewaard. Kies hetzelfde bestand nog een keer."),
        Reason.EMPTY: _("Er staat niets in dit bestand. Zet de namen van de kolommen op de eerste rij."),
        Reason.NO_ROWS: _("Onder de namen van de kolommen staat niets. Zet daar rijen neer."),
        Reason.TOO_LARGE: _("Dit bestand is te groot. Verdeel het over meer bestanden."),
        Reason.NOT_READABLE: _("Dit bestand kunnen we niet lezen. Bewaar het als CSV of als .xlsx."),
        Reason.OLD_WORKBOOK: _("Dit is een oud soort Excel-bestand. Bewaar het in Excel als .xlsx."),
        Reason.OTHER_CALENDAR: _("Dit bestand telt dagen anders. Bewaar het als CSV en kies dat."),
        Reason.TOO_MANY_ROWS: _(
            "Er staan te veel rijen in. Hoogstens %(most)s kunnen er in één keer.", most=most
        ),
        Reason.TOO_MANY_COLUMNS: _("Er staan te veel kolommen in. Laat alleen staan wat nodig is."),
        Reason.COLUMN_MISSES: _("Deze kolommen missen: %(names)s. Zet ze erbij.", names=facts.get("names")),
        Reason.COLUMN_TWICE: _(
            "Deze kolommen staan er dubbel in: %(names)s. Haal de dubbele weg.", names=facts.get("names")
        ),
        Reason.COLUMN_UNKNOWN: _(
            "Deze kolommen kennen we niet: %(names)s. Haal ze weg of verbeter de naam.",
            names=facts.get("names"),
        ),
        Reason.HAS_FAULTS: _("Er is niets bewaard. Verbeter eerst de rijen die niet kloppen."),
        Reason.CHANGED_MEANWHILE: _(
            "Er is niets bewaard. Het bestand of wat Ontmoet weet is veranderd. Controleer opnieuw."
        ),
        Reason.MISSES: _("Dit is leeg. Vul het in."),
        Reason.TOO_LONG: _("Dit is te lang. Hoogstens %(most)s tekens.", most=facts.get("most")),
        Reason.STRANGE_SIGNS: _("Hier staan tekens in die we niet kunnen lezen. Typ het opnieuw."),
        Reason.STRAY_CELL: _(
            "Er staat iets in een kolom zonder naam. Geef de kolom een naam of haal dat weg."
        ),
        Reason.NO_DAY: _("Dit is geen dag. Schrijf hem zoals 2-1-2027."),
        Reason.NO_TIME: _("Dit is geen tijd. Schrijf hem zoals 14:00."),
        Reason.NO_SUCH_TIME: _("Deze tijd is er niet, want dan gaat de klok vooruit. Kies een andere tijd."),
        Reason.NO_NUMBER: _(
            "Vul een heel getal in van %(least)s tot en met %(most)s.",
            least=facts.get("least", 1),
            most=facts.get("most"),
        ),
        Reason.ENDS_BEFORE_START: _("Het einde is niet later dan het begin. Verbeter een van de twee."),
        Reason.TWICE: _("Dit staat ook op rij %(other)s. Haal er één weg.", other=facts.get("other")),
        Reason.NO_SHORT_NAME: _(
            "Hier kunnen we geen korte naam van maken. Vul een korte naam in met letters."
        ),
        Reason.SHORT_NAME_TAKEN: _(
            "De korte naam %(name)s is al van een ander. Kies een andere.", name=facts.get("name")
        ),
        Reason.HAS_OTHER_SHORT_NAME: _(
            "Dit is er al, met de korte naam %(name)s. Maak de cel leeg, of verander die naam daar.",
            name=facts.get("name"),
        ),
        Reason.COMPLEX_NAME_TWICE: _(
            "Er zijn twee complexen met deze naam. Geef een van de twee een andere naam."
        ),
        Reason.NO_SUCH_ROOM: _("Deze ruimte kennen we niet, of er zijn er twee van. Kijk naar de naam."),
        Reason.NO_SUCH_ZONE: _("Dit deel heeft de ruimte niet. Maak de cel leeg voor de hele ruimte."),
        Reason.NO_SUCH_HOME: _("Dit adres kennen we niet, of er zijn er twee van. Vul de korte naam in."),
        Reason.NO_SUCH_ORGANISATION: _(
            "Deze organisatie kennen we niet. Voeg die eerst toe, of lees eerst de organisaties in."
        ),
        Reason.TWO_PARTIES: _("Vul een adres in of een organisatie, niet allebei."),
        Reason.TAKEN: _("De ruimte is dan al bezet. De tijd om op te ruimen telt mee. Kies een andere tijd."),
        Reason.NO_SUCH_WORD: _("Dit kennen we niet. Kies uit: %(words)s.", words=facts.get("words")),
        Reason.NO_PARTS: _(
            "Schrijf de delen zo: Grote zaal: 40; Keuken: 8. Het getal is hoeveel mensen erin mogen, en elk"
            " deel heeft een eigen naam."
        ),
        Reason.NO_HOURS: _(
            "Schrijf de tijden zo: 9:00-12:00 en 13:00-22:00. Is de ruimte dicht? Laat het dan leeg."
        ),
        Reason.LENGTHS_CLASH: _("De gewone tijd ligt tussen de kortste en de langste. Verbeter er een."),
        Reason.STAYS_SHUT: _(
            "Deze ruimte wordt bewaard, maar gaat nog niet open. Dit mist nog: %(missing)s.",
            missing=_missing(facts.get("missing")),
        ),
        Reason.NO_PHONE: say_joining(Objection(JoiningReason.PHONE_MALFORMED)),
        Reason.NO_EMAIL: say_joining(Objection(JoiningReason.EMAIL_MALFORMED)),
        Reason.EMAIL_TAKEN: _("Dit e-mailadres is al van iemand anders. Maak de cel leeg, of verbeter het."),
        Reason.NO_EMAIL_TO_WRITE_TO: _("Zonder e-mailadres kan dit niet. Vul er een in, of kies bellen."),
    }[Reason(objection.reason)]


def _missing(found: object) -> str:
    words = [missing_word(one) for one in cast("tuple[Missing, ...]", found or ())]
    return ", ".join(word[0].lower() + word[1:] for word in words)


def line_of(row: Judged) -> str:
    """What there is to say about a row, in a sentence that says where."""
    if row.objection is None:
        return ""
    fault = say(row.objection)
    where = row.objection.field
    if not where:
        return _("Rij %(number)s: %(fault)s", number=row.number, fault=fault)
    return _("Rij %(number)s, kolom %(column)s: %(fault)s", number=row.number, column=where, fault=fault)


def counted(report: Report) -> list[str]:
    """How many rows are new, are there already and are wrong; and which complexes come with them."""
    new, already, bad = (report.number(state) for state in (State.NEW, State.ALREADY, State.WRONG))
    lines = [
        ngettext("%(num)s rij is nieuw.", "%(num)s rijen zijn nieuw.", new),
        ngettext("%(num)s rij is er al.", "%(num)s rijen zijn er al.", already),
        ngettext("%(num)s rij klopt niet.", "%(num)s rijen kloppen niet.", bad),
    ]
    complexes = new_complexes_of(report.rows)
    if complexes:
        names = ", ".join(complexes[:MOST_NAMED])
        lines.append(
            ngettext(
                "%(num)s complex is er nog niet en komt erbij: %(names)s.",
                "%(num)s complexen zijn er nog niet en komen erbij: %(names)s.",
                len(complexes),
                names=f"{names}…" if len(complexes) > MOST_NAMED else names,
            )
        )
    return lines
