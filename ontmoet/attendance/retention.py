"""Who wrote a figure down is kept for a season. The figure stays: it is about nobody."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import bindparam, func, select, update

from ontmoet.db import Instant, execute
from ontmoet.kernel.retention import Outcome, Retention
from ontmoet.web.i18n import lazy_gettext as _l

from .models import Attendance

MOST_AT_ONCE = 500

_attendance = Attendance.__table__
_OLD = (
    _attendance.c.entered_by_id.is_not(None),
    _attendance.c.entered_at < bindparam("before", type_=Instant()),
)
_COUNT = select(func.count()).select_from(_attendance).where(*_OLD)
_SOME = select(_attendance.c.id).where(*_OLD).order_by(_attendance.c.entered_at).limit(MOST_AT_ONCE)
_TAKE_NAMES = update(_attendance).where(_attendance.c.id.in_(_SOME)).values(entered_by_id=None)

RETENTIONS = (
    Retention(
        "forget_counters",
        _l("Wie de opkomst opschreef"),
        what=_l("Wie opschreef hoeveel mensen er waren. Van de mensen zelf schrijven we niets op."),
        why=_l("Dan is te vragen hoe het zit als een getal niet lijkt te kloppen. De getallen blijven."),
        term=timedelta(days=90),
        since=_l("na het opschrijven"),
        outcome=Outcome.NAMELESS,
        count=lambda before: execute(_COUNT, before=before).scalar_one(),
        forget=lambda before: execute(_TAKE_NAMES, before=before).rowcount,
    ),
)
