"""What the trail knows about somebody: what they did, by number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import current_app
from sqlalchemy import bindparam, delete, null, or_, select, union_all
from sqlalchemy import cast as sql_cast

from ontmoet.db import execute
from ontmoet.kernel.personal import PersonalData
from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import lazy_gettext as _l

from .models import Audit, Idempotency
from .retention import RETENTIONS

if TYPE_CHECKING:
    from datetime import datetime

    from ontmoet.kernel.personal import Facts

_audit = Audit.__table__
_idempotency = Idempotency.__table__
_ME: Any = bindparam("whose")

# What was done is told by its name, without the numbers of others it was about.
_OF_PERSON = union_all(
    select(
        _audit.c.at.label("at"), _audit.c.action.label("action"), _audit.c.actor_id.label("actor_id")
    ).where(
        or_(
            _audit.c.actor_id == _ME,
            _audit.c.on_behalf_of_id == _ME,
            (_audit.c.object_kind == "person") & (_audit.c.object_id == _ME),
        )
    ),
    select(_idempotency.c.at, _idempotency.c.route, sql_cast(null(), _idempotency.c.actor_id.type)).where(
        _idempotency.c.actor_id == _ME
    ),
)
_FORGET = delete(_idempotency).where(_idempotency.c.actor_id == _ME)


def _export(person_id: int) -> list[Facts]:
    rows = sorted(execute(_OF_PERSON, whose=person_id), key=lambda row: row.at)
    return [
        {
            _("Wat"): _in_words(row.action),
            _("Wanneer"): row.at,
            _("Door"): _("jou")
            if row.action.startswith("/") or row.actor_id == person_id
            else _("een ander"),
        }
        for row in rows
    ]


def _in_words(action: str) -> str:
    """What was done. What nobody can do any more has no words of its own any more."""
    if action.startswith("/"):
        return _("formulier verstuurd op %(path)s", path=action)
    words = current_app.extensions["ontmoet_actions"]
    return str(words.get(action, _("iets wat nu niet meer kan")))


def _forget(person_id: int, _now: datetime) -> None:
    # The audit keeps a number that leads to nobody, until its own term is over.
    execute(_FORGET, whose=person_id)


PERSONAL = (
    PersonalData(
        "trail",
        _l("Logboek"),
        what=_l("Wat je deed, en wanneer. Er staat een nummer in, geen naam."),
        why=_l("Om fouten en misbruik uit te zoeken."),
        seen_by=_l("Niemand. Alleen bij een onderzoek kijkt de beheerder."),
        columns=frozenset({"audit.actor_id", "audit.on_behalf_of_id", "idempotency.actor_id"}),
        export=_export,
        forget=_forget,
        terms=RETENTIONS,
    ),
)
