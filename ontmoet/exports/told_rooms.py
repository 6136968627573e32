"""The tables about places, rules and keys, in words."""

from __future__ import annotations

from .told import told

ROOMS = {
    "installation": told(
        "Installatie",
        "Of dit een demo is of echt.",
        """
        id kind made_at
        """,
    ),
    "corporation": told(
        "Corporatie",
        "De woningcorporatie waar dit van is. Altijd één rij.",
        """
        id name
        phone: Telefoonnummer
        """,
    ),
    "complex": told("Complexen", "Groepen adressen die bij elkaar horen.", "id public_id name"),
    "home": told(
        "Adressen",
        "Woningen, en adressen van buren van buiten die zijn toegelaten.",
        """
        id
        complex_id: In welk complex; leeg is een adres daarbuiten
        address_name: Korte naam waarmee je inlogt
        address: Straat en huisnummer
        ended_at: Wanneer het adres ophield te bestaan
        end_reason: Waarom
        """,
    ),
    "room": told(
        "Ruimtes",
        "Ontmoetingsruimtes en hoe ze te gebruiken zijn.",
        """
        id complex_id slug name
        address: Straat en huisnummer
        town: Plaats
        typology: Type ruimte
        area_m2: Oppervlakte in vierkante meter
        capacity
        door: Kleur van de getekende deur
        welcome: Welkomstzin
        access_policy: Voor wie de ruimte is
        key_plan: Hoe je binnenkomt
        key_note: Uitleg daarbij
        facilities: Wat er is, met een spatie ertussen
        emergency_door: Bij nood: de deur
        emergency_water: Bij nood: het water
        emergency_power: Bij nood: de stroom
        buffer_minutes: Opruimtijd na een reservering, in minuten
        horizon_days: Hoeveel dagen vooruit je kunt reserveren
        shortest_minutes: Kortste reservering, in minuten
        longest_minutes: Langste reservering, in minuten
        usual_minutes: Gewone lengte, in minuten
        live_at: Wanneer de ruimte open ging voor reserveren
        closed_at: Wanneer de ruimte voorgoed dicht ging
        merged_into_id: In welke ruimte zij is opgegaan
        version
        agenda_version: Telt op bij elke wijziging in de agenda
        """,
    ),
    "old_slug": told(
        "Oude namen van ruimtes",
        "Namen in adressen van vroeger. Codes die al op deuren hangen, blijven zo werken.",
        """
        slug: De oude naam
        room_id
        """,
    ),
    "zone": told(
        "Delen van ruimtes",
        "Wat je apart kunt reserveren.",
        """
        id room_id slug name capacity
        position: Plek in de volgorde
        ended_at: Vanaf wanneer het er niet meer bij hoort
        """,
    ),
    "right_of_use": told(
        "Gebruiksrecht",
        "Welke complexen en adressen een ruimte ook mogen gebruiken.",
        "id room_id complex_id home_id",
    ),
    "admission": told(
        "Toegelaten buren",
        "Adressen van buiten die een ruimte mogen gebruiken.",
        """
        id room_id home_id
        reason: Waarom dit adres een uitzondering is
        since until
        admitted_by_id: Wie het adres toeliet
        """,
    ),
    "opening": told("Openingstijden", "Uren per dag van de week.", "id room_id weekday opens closes"),
    "opening_exception": told(
        "Andere openingstijden",
        "Dagen die anders gaan. Zonder uren is de ruimte die dag dicht.",
        """
        id room_id
        day: Welke dag
        opens closes reason
        """,
    ),
    "use_rule": told(
        "Reserveerregels",
        "Hoe één soort gebruik gaat in één ruimte.",
        """
        id room_id kind
        needs_approval: Of de beheergroep eerst ja zegt
        quota: Hoe vaak per maand per adres; leeg is onbeperkt
        quota_from: Telt alleen vanaf dit tijdstip, in minuten na middernacht
        """,
    ),
    "closure": told(
        "Sluitingen",
        "Tijden waarop een ruimte dicht is.",
        "id public_id room_id zone_id starts_at ends_at reason",
    ),
    "works": told(
        "Werk in de ruimte",
        "Aangekondigd werk. Het houdt geen tijd bezet.",
        """
        id public_id room_id starts_at ends_at
        what: Wat er gebeurt
        who: Wie er komt: het vak, geen naam
        version
        """,
    ),
    "missed_hour": told(
        "Gemiste uren",
        "Hoe vaak iemand wilde komen en niet kon, per uur van de week. Niet wie.",
        """
        id room_id
        month: Welke maand
        weekday
        hour: Welk uur van de dag
        was_taken: Of de ruimte bezet was; anders was die niet open
        times: Hoe vaak
        """,
    ),
    "rules_version": told(
        "Huisregels",
        "Huisregels zoals ze zijn gepubliceerd. Ze veranderen nooit meer.",
        """
        id room_id number
        published_at: Wanneer gepubliceerd
        body: De regels
        change_note: Wat er anders is
        needs_acceptance: Of iedereen er opnieuw mee moet meedoen
        """,
    ),
    "key": told(
        "Sleutels",
        "Wat een sleutel opent.",
        """
        id room_id
        opens: Wat de sleutel opent
        made_at
        """,
    ),
    "key_copy": told(
        "Exemplaren van sleutels",
        "De sleutels die mensen bij zich hebben.",
        """
        id public_id
        key_id: Welke sleutel
        room_id number made_at
        retired_at: Wanneer buiten gebruik
        """,
    ),
    "custody": told(
        "Wie een sleutel had",
        "Waar een exemplaar was, van wanneer tot wanneer.",
        """
        id
        copy_id: Welk exemplaar
        holder: Bij wat voor iemand, of waar
        person_id organisation_id
        holder_name: Naam van wie geen account heeft
        booking_id since until
        due_at: Wanneer de sleutel terug moet
        recorded_by_id is_one_sided objected_at
        condition: Hoe hij terugkwam
        note
        """,
    ),
    "key_duty": told(
        "Sleuteldienst",
        "Wie op de sleutels let, en hoe de dienst overging.",
        """
        id public_id room_id
        step: Begin, overdracht of einde
        from_id: Van wie
        to_id: Naar wie
        at until recorded_by_id is_one_sided objected_at note
        """,
    ),
    "duty_count": told(
        "Geteld bij de sleuteldienst",
        "Hoeveel exemplaren er lagen toen de dienst overging.",
        """
        id
        duty_id: Bij welke overdracht
        key_id: Welke sleutel
        expected: Hoeveel er volgens de lijst hoorden te liggen
        counted: Hoeveel er lagen
        """,
    ),
    "code_box": told(
        "Sleutelkluizen",
        "Kluizen met een code, waar sleutels in hangen.",
        """
        id room_id
        hangs: Waar de kluis hangt
        made_at
        """,
    ),
    "box_code": told(
        "Codes van sleutelkluizen",
        "Wanneer welke code gold. De code zelf gaat niet mee.",
        """
        id
        box_id: Welke kluis
        valid_from: Vanaf wanneer
        valid_until: Tot wanneer
        set_by_id: Wie de code instelde
        """,
    ),
    "box_view": told(
        "Bekeken codes",
        "Wie een code van een kluis zag.",
        """
        id
        code_id: Welke code
        person_id booking_id at
        """,
    ),
    "locker": told(
        "Kastjes",
        "Kastjes in een ruimte en de groep die ze heeft.",
        """
        id public_id room_id number
        group_name: Naam van de groep
        copy_id: Welk exemplaar van de sleutel
        note since until
        """,
    ),
}
