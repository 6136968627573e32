"""What somebody proves with who it is: shown, handed out and forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Text, bindparam, cast, literal, null, select, union_all

from ontmoet.db import Instant, execute
from ontmoet.kernel.personal import PersonalData
from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import lazy_gettext as _l

from .actions import drop_proofs
from .models import CodeApp, Passkey, SpareCode, WorkAccount

if TYPE_CHECKING:
    from datetime import datetime

    from ontmoet.kernel.personal import Facts

_passkey = Passkey.__table__
_app = CodeApp.__table__
_spare = SpareCode.__table__
_account = WorkAccount.__table__
_WHOSE: Any = bindparam("whose")
_NEVER, _NO_NAME = cast(null(), Instant()), cast(null(), Text)

_OF_PERSON = union_all(
    select(
        literal("passkey").label("what"),
        _passkey.c.name.label("name"),
        _passkey.c.added_at.label("at"),
        _passkey.c.used_at.label("used_at"),
    ).where(_passkey.c.person_id == _WHOSE),
    select(literal("app"), _NO_NAME, _app.c.added_at, _NEVER).where(_app.c.person_id == _WHOSE),
    select(literal("spare"), _NO_NAME, _spare.c.made_at, _NEVER).where(_spare.c.person_id == _WHOSE),
    select(literal("account"), _account.c.subject, _account.c.added_at, _account.c.used_at).where(
        _account.c.person_id == _WHOSE
    ),
)


def _export(person_id: int) -> list[Facts]:
    words = {
        "passkey": _("Toegangssleutel"),
        "app": _("App met codes"),
        "spare": _("Reservecode"),
        "account": _("Account van je werk"),
    }
    return [
        {
            _("Wat"): words[row.what],
            _("Naam"): row.name or _("onleesbaar bewaard"),
            _("Sinds"): row.at,
            _("Laatst gebruikt"): row.used_at or _("dat bewaren we niet"),
        }
        for row in sorted(execute(_OF_PERSON, whose=person_id), key=lambda row: row.at)
    ]


def _forget(person_id: int, _now: datetime) -> None:
    drop_proofs(person_id)


PERSONAL = (
    PersonalData(
        "proofs",
        _l("Waarmee je laat zien dat jij het bent"),
        what=_l("Je toegangssleutels, je app met codes, je reservecodes en het account van je werk."),
        why=_l("Zo log je veilig in, ook zonder wachtwoord."),
        seen_by=_l("Alleen jij. Een beheerder kan ze weghalen, niet gebruiken."),
        columns=frozenset(
            {"passkey.person_id", "code_app.person_id", "spare_code.person_id", "work_account.person_id"}
        ),
        export=_export,
        forget=_forget,
        until=_l("Tot je ze weghaalt of weggaat."),
    ),
)
