"""Who had a key, or saw the code of a box, is kept for a season; after that only that somebody did."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, func, select, text, update

from ontmoet.db import Instant, LocalDate, execute
from ontmoet.kernel.retention import Outcome, Retention
from ontmoet.kernel.walltime import day_of
from ontmoet.web.i18n import lazy_gettext as _l

from .duty_personal import OF_DUTY
from .models import NAMED, BoxCode, BoxView, Custody, Locker
from .rules import CODE_GETS_OLD

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

_view = BoxView.__table__
_code = BoxCode.__table__
_locker = Locker.__table__
_BEFORE = bindparam("before", type_=Instant())
_SEEN = (_view.c.person_id.is_not(None), _view.c.at < _BEFORE)
_SET = (_code.c.set_by_id.is_not(None), _code.c.valid_until < _BEFORE)
_COUNT_SEEN = select(func.count()).select_from(_view).where(*_SEEN)
_COUNT_SET = select(func.count()).select_from(_code).where(*_SET)
_SOME_SEEN = select(_view.c.id).where(*_SEEN).order_by(_view.c.at).limit(MOST_AT_ONCE)
_FORGET_SEEN = update(_view).where(_view.c.id.in_(_SOME_SEEN)).values(person_id=None, booking_id=None)
_FORGET_SET = update(_code).where(*_SET).values(set_by_id=None)
_FREE = _locker.c.until < bindparam("day", type_=LocalDate())
_COUNT_FREE = select(func.count()).select_from(_locker).where(_FREE)
_FORGET_FREE = delete(_locker).where(_FREE)


def _count_of_codes(before: datetime) -> int:
    found: int = (
        execute(_COUNT_SEEN, before=before).scalar_one() + execute(_COUNT_SET, before=before).scalar_one()
    )
    return found


def _forget_of_codes(before: datetime) -> int:
    """Names go from who saw a code, and from who set one that ended as long ago."""
    return sum(execute(forget, before=before).rowcount for forget in (_FORGET_SEEN, _FORGET_SET))


OF_PEOPLE = (
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
    Retention(
        "forget_box_views",
        _l("Wie een code zag"),
        what=_l("Wie de code van een sleutelkluis zag of veranderde, en bij welke reservering."),
        why=_l("Dan weten we wie een code kent, en wanneer het tijd is voor een nieuwe."),
        # As long as a code may be used before keepers are asked for another.
        term=CODE_GETS_OLD,
        since=_l("na het bekijken, of nadat de code verviel"),
        outcome=Outcome.NAMELESS,
        count=_count_of_codes,
        forget=_forget_of_codes,
    ),
)

RETENTIONS = (
    *OF_PEOPLE,
    Retention(
        "forget_lockers",
        _l("Oude groepskastjes"),
        what=_l("Welke groep een kastje had, en wat erover is opgeschreven."),
        why=_l("Dan is na te gaan van wie iets is dat in een kastje achterbleef."),
        term=timedelta(days=365),
        since=_l("nadat het kastje vrij is"),
        outcome=Outcome.GONE,
        count=lambda before: execute(_COUNT_FREE, day=day_of(before)).scalar_one(),
        forget=lambda before: execute(_FORGET_FREE, day=day_of(before)).rowcount,
    ),
    OF_DUTY,
)
