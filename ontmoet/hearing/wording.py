"""What happened in this slice in the reader's language."""

from ontmoet.web.i18n import lazy_gettext as _l

ACTIONS = {
    "hearing_chosen": _l("gekozen hoe je van ons hoort"),
    "message_kind_ended": _l("een soort bericht gestopt"),
    "address_refused": _l("mail aan jou kwam niet aan"),
    "call_list_seen": _l("bellijst bekeken"),
    "message_told": _l("iemand iets verteld van de bellijst"),
    "message_not_reached": _l("iemand van de bellijst niet bereikt"),
    "message_telling_undone": _l("iets op de bellijst teruggedraaid"),
}
"""What happened, in words for whoever it happened to or who did it."""
