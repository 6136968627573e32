"""What a guardian is told when a child wants to take part, in words. No name: the child typed it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from flask import current_app
from sqlalchemy import bindparam, select

from ontmoet.db import execute
from ontmoet.outbox.letters import Letter, one_line
from ontmoet.rooms.queries import corporation_contact
from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import lazy_gettext as _l
from ontmoet.web.settings import current_config

from .models import Person
from .rules import News

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ontmoet.outbox.sending import Composer
    from ontmoet.outbox.waiting import Waiting

_child = Person.__table__
_guardian = _child.alias("guardian")

_ASKED = (
    select(_child.c.id, _child.c.guardian_id, _guardian.c.name, _guardian.c.email)
    .join_from(_child, _guardian, _guardian.c.id == _child.c.guardian_id)
    .where(
        _child.c.id.in_(bindparam("children", expanding=True)),
        _child.c.guardian_agreed_at.is_(None),
        _child.c.merged_into_id.is_(None),
    )
)


def letter(
    message: Waiting,
    *,
    now: datetime,  # noqa: ARG001 - all composers are asked alike
) -> Letter | None:
    """The question; None for a guardian without e-mail, and once it is answered or asked of another."""
    found, contact = execute(_ASKED, children=[message.object_id]).one_or_none(), corporation_contact()
    if found is None or contact is None or found.guardian_id != message.person_id or found.email is None:
        return None
    body = current_app.jinja_env.get_template("email/people/child_asks.txt").render(
        name=one_line(found.name).split(" ", 1)[0],
        contact=contact,
        link=f"{current_config().base_url}/mijn/gegevens",
    )
    return Letter(
        to=found.email,
        sender=contact.name,
        subject=_("Vind je het goed dat je kind meedoet?"),
        body=body,
    )


def sentences(
    messages: Sequence[Waiting],
    now: datetime,  # noqa: ARG001 - all tellers are asked alike
) -> Mapping[int, Callable[[], str]]:
    """The same for who is called, as long as it is not answered."""
    found = execute(_ASKED, children=[message.object_id for message in messages]).all()
    asked = {(row.id, row.guardian_id) for row in found}
    return {
        message.number: _sentences for message in messages if (message.object_id, message.person_id) in asked
    }


LETTERS: Mapping[str, Composer] = {News.CHILD_ASKS: letter}
TITLES = {News.CHILD_ASKS: _l("een kind vroeg of je het goed vindt")}
"""What a message was about, for whoever got it."""

TOLD = {News.CHILD_ASKS: sentences}


def _sentences() -> str:
    return _(
        "Iemand op jouw adres is nog jong en wil meedoen. Ben jij de ouder of verzorger? "
        "Zeg dan ja of nee op je eigen pagina, bij ‘Mijn gegevens’."
    )
