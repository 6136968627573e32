"""Whom a room is for, in the reader's language."""

from ontmoet.web.i18n import gettext as _

from .rules import AccessPolicy, Facility


def for_whom(policy: AccessPolicy) -> str:
    """One sentence for the door and for whoever is not let in (SB-14)."""
    return {
        AccessPolicy.TENANTS: _("Alleen bewoners kunnen hier reserveren."),
        AccessPolicy.NEIGHBOURS: _("Bewoners en buren die we kennen, kunnen hier reserveren."),
        AccessPolicy.HIRERS: _("Bewoners, buren die we kennen en organisaties kunnen hier reserveren."),
    }[policy]


def facility_word(facility: Facility) -> str:
    """What it is called on the page of a room."""
    return {
        Facility.KITCHEN: _("Keuken"),
        Facility.COFFEE: _("Koffiehoek"),
        Facility.TABLES: _("Tafels en stoelen"),
        Facility.GAMES: _("Spelletjes"),
        Facility.BEAMER: _("Beamer"),
        Facility.SCREEN: _("Groot scherm"),
        Facility.MUSIC: _("Muziek en geluid"),
        Facility.WIFI: _("Wifi"),
        Facility.LIFT: _("Lift"),
        Facility.STEP_FREE: _("Zonder drempels"),
        Facility.ACCESSIBLE_TOILET: _("Invalidentoilet"),
        Facility.HEARING_LOOP: _("Ringleiding"),
        Facility.OUTDOORS: _("Tuin of terras"),
    }[facility]
