"""Who had a key is kept for a season; after that only that somebody had it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, func, select, text, update

from ontmoet.db import Instant, execute
from ontmoet.kernel.retention import Outcome, Retention
from ontmoet.web.i18n import lazy_gettext as _l

from .models import NAMED, Custody

if TYPE_CHECKING:
    pass

MOST_AT_ONCE = 500

_custody = Custody.__table__
_OLD = (_custody.c.until < bindparam("before", type_=Instant()), text(f"({NAMED})"))
_COUNT = select(func.count()).select_from(_custody).where(*_OLD)
_SOME = select(_custody.c.id).where(*_OLD).order_by(_custody.c.until).limit(MOST_AT_ONCE)
_TAKE_NAMES = (
    update(_custody)
    .where(_custody.c.id.in_(_SOME))
    .values(person_id=None, recorded_by_id=None, holder_name="", note="")
)

RETENTIONS = (
    Retention(
        "forget_key_holders",
        _l("Wie een sleutel had"),
        what=_l("Wie een sleutel had, wie dat opschreef, en wat daarbij is opgemerkt."),
        why=_l("Dan weten we waar een sleutel is gebleven, en wie iets kan weten als er iets is."),
        term=timedelta(days=90),
        since=_l("nadat de sleutel terug is"),
        outcome=Outcome.NAMELESS,
        count=lambda before: execute(_COUNT, before=before).scalar_one(),
        forget=lambda before: execute(_TAKE_NAMES, before=before).rowcount,
    ),
)
