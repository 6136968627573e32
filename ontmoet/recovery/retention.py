"""How long it is kept that somebody asked for a way back in."""

from datetime import timedelta

from ontmoet.kernel.retention import Outcome, Retention
from ontmoet.web.i18n import lazy_gettext as _l

from .actions import forget_old_links
from .queries import count_old_links, count_old_slips
from .slips import forget_old_slips

RETENTIONS = (
    Retention(
        "forget_links",
        _l("Wachtwoord vergeten"),
        what=_l("Dat je een link vroeg om in te loggen, en op welk apparaat."),
        why=_l("Zo werkt een link maar één keer, en een code alleen op jouw apparaat."),
        term=timedelta(days=1),
        since=_l("nadat de link verliep"),
        outcome=Outcome.GONE,
        count=count_old_links,
        forget=forget_old_links,
    ),
    Retention(
        "forget_slips",
        _l("Inlogbriefjes"),
        what=_l("Wie een inlogbriefje voor je maakte, en of het gebruikt is."),
        why=_l("Zo zie je zelf wie jou liet inloggen."),
        term=timedelta(days=90),
        since=_l("nadat het inlogbriefje verliep"),
        outcome=Outcome.GONE,
        count=count_old_slips,
        forget=forget_old_slips,
    ),
)
