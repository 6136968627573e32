"""The tables about people, bookings and what happened, in words."""

from __future__ import annotations

from .told import told

PEOPLE = {
    "booking": told(
        "Reserveringen",
        "Wie een ruimte heeft of had, wanneer en waarvoor. Oude reserveringen staan er zonder naam.",
        """
        id public_id room_id zone_id home_id organisation_id
        for_corporation: Of het voor de corporatie zelf is
        person_id
        entered_by_id: Wie het invulde
        organiser_pseudonym: Willekeurige code in plaats van een naam, om te kunnen tellen
        use_kind: Soort gebruik
        visibility: Wat anderen zien
        starts_at ends_at
        people: Hoeveel mensen
        purpose: Waarvoor
        status: Hoe het ervoor staat
        reason: Waarom het niet doorging
        made_at
        lapses_at: Wanneer een aanvraag vervalt
        ended_at: Wanneer afgezegd, afgewezen of vervallen
        rules_version_id: Welke huisregels golden
        fair_use_exception: Waarom het vaker mocht dan eerlijk delen toestaat
        responsible: Wie verantwoordelijk is, bij een organisatie
        decided_by_id: Wie erover besliste
        decided_at: Wanneer
        explanation: Uitleg daarbij
        series_number: Van welke reeks het een dag is
        came_from_id: Uit welke ruimte zij meekwam, toen die opging in deze
        moved_late_at: Wanneer zij te laat werd verzet om geen beurt te kosten
        asked_again_at: Wanneer zij vaststond en door verzetten weer een aanvraag werd
        taken_back_at: Wanneer een aanvraag werd ingetrokken
        version
        """,
    ),
    "person": told(
        "Personen",
        "Mensen met een account. Van wie gewist is, staat hier alleen nog een nummer.",
        """
        id public_id name
        email: E-mailadres
        phone: Telefoonnummer
        language: Taal
        channel: Hoe iemand van ons hoort
        guardian_id: Welke ouder of verzorger meekijkt
        guardian_asked_at: Wanneer die is gevraagd
        guardian_agreed_at: Wanneer die ja zei
        erased_at: Wanneer gewist
        merged_into_id: Samengevoegd met welke persoon
        traces_gone_at: Wanneer ook de laatste sporen weg waren
        """,
    ),
    "residency": told(
        "Bewoning", "Wie waar woont, van wanneer tot wanneer.", "id person_id home_id since until"
    ),
    "role": told(
        "Functies",
        "Wie wat doet, en waar.",
        """
        id person_id
        room_id: In welke ruimte; leeg is voor de hele corporatie
        organisation_id
        function: Welke functie
        is_contact: Of dit het aanspreekpunt van de ruimte is
        since until
        granted_by_id: Wie de functie gaf
        """,
    ),
    "organisation": told("Organisaties", "Partners die ruimtes gebruiken.", "id public_id name kind"),
    "credential": told(
        "Inloggen met een adres",
        "Met welke bijnaam iemand zonder e-mailadres inlogt. De pincode gaat niet mee.",
        """
        id person_id home_id
        nickname: Bijnaam
        """,
    ),
    "email_change": told(
        "Nieuwe e-mailadressen",
        "Aangevraagd, en nog niet bevestigd.",
        """
        person_id
        address: Het nieuwe adres
        asked_at: Wanneer aangevraagd
        """,
    ),
    "hearing": told(
        "Rustige uren",
        "Wanneer iemand geen bericht wil, en of mail aankomt.",
        """
        person_id
        quiet_from: Rustig vanaf, in minuten na middernacht
        quiet_until: Rustig tot, in minuten na middernacht
        refused_at: Sinds wanneer mail niet aankomt
        """,
    ),
    "opt_in": told("Berichten op verzoek", "Berichten waar iemand zelf om vroeg.", "person_id kind"),
    "invitation": told(
        "Brieven",
        "Brieven waarmee bewoners meedoen. De code gaat niet mee.",
        """
        id home_id made_at
        made_by_id: Wie de brief maakte
        expires_at
        uses_left: Hoeveel mensen er nog mee kunnen meedoen
        revoked_at: Wanneer ingetrokken
        """,
    ),
    "invitation_use": told(
        "Meegedaan met een brief",
        "Wie met welke brief meedeed.",
        """
        id
        invitation_id: Welke brief
        person_id at
        """,
    ),
    "slip": told(
        "Inlogbriefjes",
        "Inlogbriefjes waarmee iemand één keer binnenkomt. De code gaat niet mee.",
        """
        id person_id room_id
        made_by_id: Wie het inlogbriefje maakte
        made_at expires_at
        used_at: Wanneer gebruikt
        """,
    ),
    "acceptance": told(
        "Meegedaan met huisregels",
        "Wie met welke huisregels meedoet.",
        """
        id person_id organisation_id
        rules_version_id: Welke huisregels
        how: Op het scherm of op papier
        at recorded_by_id
        """,
    ),
    "occupancy": told(
        "Bezette tijden",
        "Wanneer een deel van een ruimte bezet is, met opruimtijd.",
        """
        id zone_id
        held_from: Bezet vanaf
        held_until: Bezet tot
        booking_id
        closure_id: Door welke sluiting
        expires_at
        """,
    ),
    "request_question": told(
        "Vragen bij aanvragen",
        "Wat is gevraagd voordat er over een aanvraag is beslist.",
        """
        id booking_id
        question: De vraag
        asked_by_id: Wie het vroeg
        asked_at: Wanneer
        answer: Het antwoord
        answered_by_id: Wie antwoordde
        answered_at: Wanneer
        """,
    ),
    "use_trace": told(
        "Sporen van gebruik",
        "Waaraan te zien was dat een reservering is gebruikt.",
        """
        id booking_id kind at recorded_by_id
        was_there: Antwoord op de vraag: was je er?
        note
        """,
    ),
    "attendance": told(
        "Hoeveel mensen kwamen",
        "Aantallen per reservering, en van wie zomaar binnenliep. Niet wie.",
        """
        id room_id
        day: Welke dag
        kind booking_id
        people: Hoeveel mensen
        entered_by_id: Wie het getal opschreef
        entered_at: Wanneer opgeschreven
        """,
    ),
    "closing_list": told(
        "Afsluitlijsten",
        "Hoe een ruimte is achtergelaten. Foto’s gaan niet mee.",
        """
        id
        use_trace_id: Bij welk spoor van gebruik
        tidied: Netjes
        dishes: Afwas gedaan
        lights: Lampen uit
        windows: Ramen dicht
        key: Sleutel terug
        """,
    ),
    "message": told(
        "Berichten",
        "Wat we iemand vertellen of vertelden. De tekst zelf bewaren we niet.",
        """
        id kind person_id
        object_id: Nummer van wat het bericht betreft
        made_at
        due_at: Wanneer het weg moet
        status: Hoe het ervoor staat
        attempts: Hoe vaak geprobeerd
        room_id
        useful_until: Tot wanneer het nut heeft
        """,
    ),
    "telling": told(
        "Verteld",
        "Wie een bericht doorgaf, of dat probeerde.",
        """
        id
        message_id: Welk bericht
        outcome: Of het lukte
        by_id: Wie
        at
        """,
    ),
    "audit": told(
        "Logboek",
        "Wat er gebeurde. Na verloop van tijd staat er niet meer bij wie het deed.",
        """
        id at
        actor_id: Wie het deed
        on_behalf_of_id: Namens wie
        action: Wat er gebeurde
        object_kind: Soort van wat het betreft
        object_id: Nummer daarvan
        room_id
        changes: Wat er veranderde, als JSON
        """,
    ),
    "job_run": told(
        "Werk van de computer",
        "Wanneer vast werk is gedaan, en of het goed ging.",
        """
        id name
        started_at: Begin
        ended_at: Einde
        ok: Of het goed ging
        note
        """,
    ),
}
