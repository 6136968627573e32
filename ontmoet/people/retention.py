"""How long it is kept who was signed in where."""

from ontmoet.kernel.retention import Outcome, Retention
from ontmoet.web.i18n import lazy_gettext as _l

from .actions import FORGET_SESSIONS_AFTER, forget_old_sessions
from .queries import count_old_sessions

RETENTIONS = (
    Retention(
        "forget_sessions",
        _l("Oude aanmeldingen"),
        what=_l("Wanneer je inlogde, en of dat je eigen telefoon was."),
        why=_l("Dan blijf je ingelogd, en kun je overal tegelijk uitloggen."),
        term=FORGET_SESSIONS_AFTER,
        since=_l("nadat je vanzelf uitgelogd werd"),
        outcome=Outcome.GONE,
        count=count_old_sessions,
        forget=forget_old_sessions,
    ),
)
