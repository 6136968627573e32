"""What goes along, table by table and column by column, in Dutch for whoever opens the file.

What is named here goes along, and nothing else: a table or column that is added to the database stays
behind until somebody writes here what it is, or in `LEFT_OUT` why not. A test asks for one of the two.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

EVERYWHERE = {
    "id": "Nummer van de rij. Andere tabellen verwijzen ernaar",
    "public_id": "Code van de rij, zoals die in adressen van pagina’s staat",
    "room_id": "Welke ruimte",
    "zone_id": "Welk deel van de ruimte; leeg is de hele ruimte",
    "complex_id": "Welk complex",
    "home_id": "Welk adres",
    "person_id": "Welke persoon; leeg als de naam eraf is",
    "organisation_id": "Welke organisatie",
    "booking_id": "Welke reservering",
    "recorded_by_id": "Wie het opschreef",
    "name": "Naam",
    "number": "Volgnummer",
    "kind": "Soort",
    "at": "Wanneer",
    "made_at": "Wanneer gemaakt",
    "starts_at": "Begin",
    "ends_at": "Einde",
    "since": "Vanaf wanneer",
    "until": "Tot wanneer; leeg als het nog zo is",
    "note": "Opmerking",
    "reason": "Reden",
    "version": "Telt op bij elke wijziging",
    "opens": "Vanaf hoe laat, in minuten na middernacht",
    "closes": "Tot hoe laat, in minuten na middernacht",
    "weekday": "Dag van de week: 0 is maandag, 6 is zondag",
    "objected_at": "Wanneer de ander zei dat het niet klopt",
    "is_one_sided": "Of de ander nog niet zei dat het klopt",
    "slug": "Naam in adressen van pagina’s",
    "capacity": "Hoeveel mensen er passen",
    "expires_at": "Tot wanneer het geldt",
}
"""Columns that mean the same wherever they stand."""


@dataclass(frozen=True, slots=True)
class Told:
    """A table in words, and the meaning of each column that goes along, in the order of the file."""

    title: str
    what: str
    columns: Mapping[str, str]


def told(title: str, what: str, lines: str) -> Told:
    """From lines of `name: meaning`; a line without a meaning names columns that mean the same everywhere."""
    columns = {}
    for line in filter(None, map(str.strip, lines.splitlines())):
        name, colon, meaning = line.partition(": ")
        if colon:
            columns[name] = meaning
        else:
            columns.update({each: EVERYWHERE[each] for each in line.split()})
    return Told(title, what, columns)


LEFT_OUT: Mapping[str, str] = {
    "session": "Wie nu op welk apparaat is ingelogd. Wie dat heeft, kan zich voordoen als een ander.",
    "calendar_feed": "Adressen van eigen agenda’s. Wie er een heeft, leest de reserveringen van een ander.",
    "taken_over_event": "Kenmerken van afspraken uit een ander programma, tegen dubbel overnemen.",
    "passkey": "Toegangssleutels. Ze horen bij een toestel, en daarbuiten doen ze niets.",
    "code_app": "Geheim: de versleutelde sleutel van een app met codes.",
    "spare_code": "Geheim: kenmerken van reservecodes.",
    "work_account": "Welk account van het werk bij wie hoort. Elders doet dat niets.",
    "spent_proof": "Kenmerken van gebruikte vragen bij het inloggen. Na een dag weg.",
    "sign_in_link": "Links en codes om in te loggen. Ze gelden tien minuten.",
    "throttle": "Tellers tegen raden. Er staan kenmerken van apparaten en netwerken in.",
    "idempotency": "Kenmerken van verstuurde formulieren, tegen dubbel versturen. Na een week weg.",
    "person.password_hash": "Geheim: het onleesbaar gemaakte wachtwoord.",
    "credential.pin_hash": "Geheim: de onleesbaar gemaakte pincode.",
    "slip.code_digest": "Geheim: het kenmerk van de code op een inlogbriefje.",
    "invitation.code_hash": "Geheim: het kenmerk van de code in een brief.",
    "invitation_use.device_hash": "Geheim: het kenmerk van een apparaat.",
    "invitation_use.form_hash": "Geheim: het kenmerk van een formulier.",
    "box_code.sealed": "Geheim: de versleutelde code van een sleutelkluis.",
    "key_copy.tag_edition": "Geheim: hiermee wordt de code op een sleutellabel gemaakt.",
    "hearing.refused_digest": "Het kenmerk van een e-mailadres dat niet werkt.",
    "message.dedupe_key": "Alleen voor de computer: het kenmerk waardoor een bericht niet twee keer gaat.",
    "closing_list.photo": "De naam van een bestand met een foto. Foto’s gaan niet mee.",
    "audit.request_id": "Alleen voor de computer: het kenmerk van een aanvraag in het logboek van de server.",
}
"""Tables and columns that stay behind, and why."""
