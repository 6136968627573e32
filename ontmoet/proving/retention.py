"""How long it is kept that something that proves once was used."""

from datetime import timedelta

from ontmoet.kernel.retention import Outcome, Retention
from ontmoet.web.i18n import lazy_gettext as _l

from .actions import forget_spent
from .queries import count_spent

RETENTIONS = (
    Retention(
        "forget_spent_proofs",
        _l("Gebruikte vragen bij het inloggen"),
        what=_l("Een kenmerk van een vraag aan je toestel. Er staat niet bij van wie."),
        why=_l("Zo werkt een antwoord maar één keer."),
        term=timedelta(days=1),
        since=_l("nadat de vraag verliep"),
        outcome=Outcome.GONE,
        count=count_spent,
        forget=forget_spent,
    ),
)
