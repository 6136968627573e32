"""How long it is kept with which house rules somebody went along before."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, exists, func, select

from ontmoet.db import Instant, execute
from ontmoet.kernel.retention import Outcome, Retention
from ontmoet.web.i18n import lazy_gettext as _l

from .models import Acceptance, RulesVersion

_acceptance = Acceptance.__table__
_version = RulesVersion.__table__
_newer = Acceptance.__table__.alias("newer")
_newer_version = RulesVersion.__table__.alias("newer_version")

# Two years after the same person went along with newer rules of the same room.
_REPLACED = exists().where(
    _version.c.id == _acceptance.c.rules_version_id,
    _newer_version.c.room_id == _version.c.room_id,
    _newer_version.c.number > _version.c.number,
    _newer.c.rules_version_id == _newer_version.c.id,
    _newer.c.person_id == _acceptance.c.person_id,
    _newer.c.at < bindparam("before", type_=Instant()),
)
_COUNT = select(func.count()).select_from(_acceptance).where(_REPLACED)
_FORGET = delete(_acceptance).where(_REPLACED)


def count_replaced(before: datetime) -> int:
    """How many times somebody agreed again, with newer rules, before then."""
    number: int = execute(_COUNT, before=before).scalar_one()
    return number


def forget_replaced(before: datetime) -> int:
    """Remove that somebody agreed with rules of which they accepted newer ones before then."""
    return execute(_FORGET, before=before).rowcount


RETENTIONS = (
    Retention(
        "forget_acceptances",
        _l("Oude huisregels waar je mee meedeed"),
        what=_l("Dat je meedeed met huisregels die nu anders zijn."),
        why=_l("Is er ruzie over wat was afgesproken? Dan kunnen we dat nakijken."),
        term=timedelta(days=730),
        since=_l("nadat je met nieuwere huisregels meedeed"),
        outcome=Outcome.GONE,
        count=count_replaced,
        forget=forget_replaced,
    ),
)
