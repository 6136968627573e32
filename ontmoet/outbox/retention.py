"""How long it is kept that a message left."""

from datetime import timedelta

from ontmoet.kernel.retention import Outcome, Retention
from ontmoet.web.i18n import lazy_gettext as _l

from .actions import forget_old_messages, forget_told_messages
from .queries import count_old_messages, count_told_messages

RETENTIONS = (
    Retention(
        "forget_messages",
        _l("Oude berichten"),
        what=_l("Dat we je iets lieten weten en waarover. De mail zelf bewaren we niet."),
        why=_l("Kwam een bericht niet aan? Dan kunnen we dat nakijken."),
        # A `dedupe_key` goes with it. What it stands for, one version of one thing, does not happen again;
        # and of what still lasts by then, a key that is out or a code that is old, people hear once more.
        term=timedelta(days=90),
        since=_l("na het versturen"),
        outcome=Outcome.GONE,
        count=count_old_messages,
        forget=forget_old_messages,
    ),
    Retention(
        "forget_told",
        _l("Bellijst"),
        what=_l("Wie jou iets vertelde, en wanneer."),
        why=_l("Zo belt niemand je twee keer voor hetzelfde."),
        term=timedelta(days=7),
        since=_l("nadat het verteld is"),
        outcome=Outcome.GONE,
        count=count_told_messages,
        forget=forget_told_messages,
    ),
)
