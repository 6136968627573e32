"""What the outbox knows about somebody: which messages were sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import current_app
from sqlalchemy import bindparam, delete, select

from ontmoet.db import execute
from ontmoet.kernel.personal import PersonalData
from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import lazy_gettext as _l

from .models import Message, MessageStatus, Telling
from .retention import RETENTIONS

if TYPE_CHECKING:
    from datetime import datetime

    from ontmoet.kernel.personal import Facts

_message = Message.__table__
_telling = Telling.__table__

_OF_PERSON = (
    select(_message.c.kind, _message.c.made_at, _message.c.status)
    .where(_message.c.person_id == bindparam("person_id"))
    .order_by(_message.c.id)
)
_MESSAGES = select(_message.c.id).where(_message.c.person_id == bindparam("person_id"))
_FORGET = (
    delete(_telling).where(_telling.c.message_id.in_(_MESSAGES)),
    delete(_message).where(_message.c.person_id == bindparam("person_id")),
)


def _export(person_id: int) -> list[Facts]:
    states = {
        MessageStatus.WAITING: _("staat klaar"),
        MessageStatus.SENT: _("verstuurd"),
        MessageStatus.BY_HAND: _("op de bellijst"),
        MessageStatus.TOLD: _("verteld"),
        MessageStatus.NOT_NEEDED: _("niet nodig"),
        MessageStatus.FAILED: _("mislukt"),
    }
    return [
        {
            _("Bericht"): _in_words(row.kind),
            _("Wanneer"): row.made_at,
            _("Stand"): states[MessageStatus(row.status)],
        }
        for row in execute(_OF_PERSON, person_id=person_id)
    ]


def _in_words(kind: str) -> str:
    """What a message was about. What nobody is told any more has no words of its own any more."""
    titles = current_app.extensions["ontmoet_titles"]
    return str(titles.get(kind, _("iets wat nu niet meer kan")))


def _forget(person_id: int, _now: datetime) -> None:
    # Who told a message to another stays a number that leads to nobody, for a week.
    for forgetting in _FORGET:
        execute(forgetting, person_id=person_id)


PERSONAL = (
    PersonalData(
        "messages",
        _l("Berichten"),
        what=_l("Dat we je een bericht stuurden en waarover. De tekst zelf bewaren we niet."),
        why=_l("Kwam een mail niet aan? Dan kunnen we dat nakijken."),
        seen_by=_l("Niemand. Krijg je geen mail? Dan ziet wie jou belt wat er te vertellen is."),
        columns=frozenset({"message.person_id", "telling.by_id"}),
        export=_export,
        forget=_forget,
        terms=RETENTIONS,
    ),
)
