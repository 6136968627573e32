"""How long it is kept which letters were made and who joined with them."""

from datetime import timedelta

from ontmoet.kernel.retention import Outcome, Retention
from ontmoet.web.i18n import lazy_gettext as _l

from .actions import forget_old_invitations
from .queries import count_old_invitations

RETENTIONS = (
    Retention(
        "forget_letters",
        _l("Oude brieven om mee te doen"),
        what=_l("Voor welk adres een brief was, wie hem maakte, en wie er meedeed, en wanneer."),
        why=_l("Zo werkt een brief maar kort. En wie er al woont, hoort dat er iemand bij komt."),
        term=timedelta(days=30),
        since=_l("nadat de brief verliep of er een nieuwe kwam"),
        outcome=Outcome.GONE,
        count=count_old_invitations,
        forget=forget_old_invitations,
    ),
)
