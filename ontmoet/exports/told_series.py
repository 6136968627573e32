"""What goes along about series."""

from __future__ import annotations

from .told import told

SERIES = {
    "series": told(
        "Reeksen",
        "Dezelfde groep, steeds opnieuw: hoe vaak, hoe laat en tot wanneer. Elke keer is een reservering.",
        """
        id public_id room_id zone_id home_id organisation_id
        for_corporation: Of het voor de ruimte of de corporatie zelf is
        person_id
        entered_by_id: Wie het invulde
        use_kind: Soort gebruik
        visibility: Wat anderen zien
        is_drop_in: Of het een inloop is, waar iedereen welkom is
        frequency: Per dag, week of maand
        every: Om de hoeveel dagen, weken of maanden
        weekdays: Op welke dagen van de week; 0 is maandag
        month_day: Op welke dag van de maand
        nth: De hoeveelste van die weekdag in de maand; -1 is de laatste
        first_day: Eerste dag
        last_day: Laatste dag
        starts: Begin, in minuten na middernacht
        ends: Einde, in minuten na middernacht
        people: Hoeveel mensen
        purpose: Waarvoor
        responsible: Wie verantwoordelijk is, bij een organisatie
        continues_id: Van welke reeks dit het vervolg is
        believed_until: Tot wanneer de groep zei te komen
        made_at
        ended_at: Wanneer de hele reeks is afgezegd
        version
        looked_at: Wanneer is gekeken of een dag vrijkwam, als dat niet elke minuut voor alle reeksen kan
        """,
    ),
    "series_date": told(
        "Dagen van reeksen",
        "Elke dag van een reeks: gereserveerd, overgeslagen of niet gelukt.",
        """
        id
        series_id: Welke reeks
        day: Welke dag volgens de reeks
        state: Hoe het ervoor staat
        why: Waarom het niet kon
        booking_id
        asked_at: Sinds wanneer de groep deze dag op deze tijd wil, of niet meer wil
        offered_at: Wanneer de dag werd aangeboden
        """,
    ),
    "series_host": told(
        "Gastheren van een inloop",
        "Wie een inloop opent en afsluit, vanaf welke dag.",
        """
        id
        series_id: Welke reeks
        since
        opens_id: Wie opent
        closes_id: Wie afsluit
        """,
    ),
}
