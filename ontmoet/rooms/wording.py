"""Whom a room is for, in the reader's language."""

from ontmoet.web.i18n import gettext as _

from .rules import AccessPolicy


def for_whom(policy: AccessPolicy) -> str:
    """One sentence for the door and for whoever is not let in (SB-14)."""
    return {
        AccessPolicy.TENANTS: _("Alleen bewoners kunnen hier reserveren."),
        AccessPolicy.NEIGHBOURS: _("Bewoners kunnen reserveren, en buren die we kennen."),
        AccessPolicy.HIRERS: _("Bewoners kunnen reserveren, buren die we kennen en organisaties."),
    }[policy]
