"""How long the trail keeps what it needs for a while only."""

from datetime import timedelta

from ontmoet.kernel.retention import Outcome, Retention
from ontmoet.web.i18n import lazy_gettext as _l

from .actions import blank_old_audit, forget_old_answers, forget_old_tries
from .queries import count_old_answers, count_old_audit, count_old_tries

RETENTIONS = (
    Retention(
        "forget_answers",
        _l("Oude formulieren"),
        what=_l("Dat je een formulier verstuurde, zonder wat je invulde."),
        why=_l("Druk je twee keer op de knop? Dan reserveer je toch één keer."),
        term=timedelta(days=7),
        since=_l("na het versturen"),
        outcome=Outcome.GONE,
        count=count_old_answers,
        forget=forget_old_answers,
    ),
    Retention(
        "forget_tries",
        _l("Oude inlogpogingen"),
        what=_l("Hoe vaak iemand probeerde in te loggen, en van welk netwerk."),
        why=_l("Zo kan niemand je wachtwoord raden."),
        term=timedelta(days=1),
        since=_l("na de poging"),
        outcome=Outcome.GONE,
        count=count_old_tries,
        forget=forget_old_tries,
    ),
    Retention(
        "forget_actors",
        _l("Nummers in het logboek"),
        what=_l("Welk nummer iets deed, en voor wie. Dat nummer hoort bij jou."),
        why=_l("Om fouten en misbruik uit te zoeken."),
        term=timedelta(days=730),
        since=_l("nadat het gebeurde"),
        outcome=Outcome.NAMELESS,
        count=count_old_audit,
        forget=blank_old_audit,
    ),
)
