"""How long it is kept who was signed in where, and which address was not proven."""

from datetime import timedelta

from ontmoet.kernel.retention import Outcome, Retention
from ontmoet.web.i18n import lazy_gettext as _l

from .actions import FORGET_SESSIONS_AFTER, forget_old_sessions
from .addresses import count_old_changes, forget_old_changes
from .queries import count_old_sessions

RETENTIONS = (
    Retention(
        "forget_sessions",
        _l("Waar je was ingelogd"),
        what=_l("Wanneer en op wat voor apparaat je inlogde, en op welke dag je het daar laatst gebruikte."),
        why=_l("Dan blijf je ingelogd, zie je waar dat is, en kun je daar uitloggen."),
        term=FORGET_SESSIONS_AFTER,
        since=_l("nadat je vanzelf uitgelogd werd"),
        outcome=Outcome.GONE,
        count=count_old_sessions,
        forget=forget_old_sessions,
    ),
    Retention(
        "forget_addresses",
        _l("Nieuwe e-mailadressen zonder bevestiging"),
        what=_l("Het nieuwe adres dat je invulde, als je het niet bevestigde."),
        why=_l("Dan weten we zeker dat het adres van jou is."),
        term=timedelta(days=1),
        since=_l("nadat je het invulde"),
        outcome=Outcome.GONE,
        count=count_old_changes,
        forget=forget_old_changes,
    ),
)
