"""What is known about how somebody wants to hear from us."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import current_app
from sqlalchemy import bindparam, delete, literal, null, select, union_all
from sqlalchemy import cast as sql_cast

from ontmoet.db import Instant, execute
from ontmoet.kernel.personal import PersonalData
from ontmoet.web import dates
from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import lazy_gettext as _l

from .models import Hearing, OptIn

if TYPE_CHECKING:
    from datetime import datetime

    from ontmoet.kernel.personal import Facts

_hearing = Hearing.__table__
_opt_in = OptIn.__table__

_OF_PERSON = union_all(
    select(
        literal("").label("kind"),
        _hearing.c.quiet_from.label("quiet_from"),
        _hearing.c.quiet_until.label("quiet_until"),
        _hearing.c.refused_at.label("refused_at"),
    ).where(_hearing.c.person_id == bindparam("whose")),
    select(
        _opt_in.c.kind,
        sql_cast(null(), _hearing.c.quiet_from.type),
        sql_cast(null(), _hearing.c.quiet_from.type),
        sql_cast(null(), Instant()),
    ).where(_opt_in.c.person_id == bindparam("whose")),
)
_FORGET = tuple(delete(table).where(table.c.person_id == bindparam("whose")) for table in (_hearing, _opt_in))


def _export(person_id: int) -> list[Facts]:
    found: list[Facts] = []
    for row in execute(_OF_PERSON, whose=person_id):
        if row.kind:
            titles = current_app.extensions["ontmoet_titles"]
            wish = current_app.extensions["ontmoet_optional"].get(row.kind)
            title = titles.get(row.kind) or (wish and wish.title) or _("iets wat nu niet meer kan")
            found.append({_("Je vroeg om"): str(title)})
            continue
        facts: dict[str, object] = {
            _("Rustig van"): dates.clock_of(row.quiet_from),
            _("Rustig tot"): dates.clock_of(row.quiet_until),
        }
        if row.refused_at is not None:
            facts[_("Mail aan jou kwam niet aan op")] = row.refused_at
        found.append(facts)
    return found


def _forget(person_id: int, _now: datetime) -> None:
    for forgetting in _FORGET:
        execute(forgetting, whose=person_id)


PERSONAL = (
    PersonalData(
        "hearing",
        _l("Hoe je van ons hoort"),
        what=_l("Je rustige uren, waar je een bericht over wilt, en of mail aan jou aankomt."),
        why=_l("Dan storen we je niet, en sturen we niets waar je niet om vroeg."),
        seen_by=_l("Niemand."),
        columns=frozenset({"hearing.person_id", "opt_in.person_id"}),
        export=_export,
        forget=_forget,
        until=_l("Tot je weggaat, of een jaar nadat je hier niet meer woont of werkt."),
    ),
)
