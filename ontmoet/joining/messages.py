"""What those at home are told when somebody joins, in words. No name: it was typed by whoever joined."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from flask import current_app
from sqlalchemy import bindparam, select

from ontmoet.db import execute
from ontmoet.kernel.walltime import day_of
from ontmoet.outbox.letters import Letter, one_line
from ontmoet.people.models import Person
from ontmoet.rooms.queries import corporation_contact
from ontmoet.web import dates
from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import lazy_gettext as _l
from ontmoet.web.settings import current_config

from .actions import HOUSEMATE_JOINED
from .rules import SHOWN_FOR

if TYPE_CHECKING:
    from ontmoet.hearing.call_list import Says, Teller
    from ontmoet.outbox.sending import Composer
    from ontmoet.outbox.waiting import Waiting

_person = Person.__table__

_READER = select(_person.c.name, _person.c.email).where(_person.c.id == bindparam("person_id"))


def housemate_joined(message: Waiting, *, now: datetime) -> Letter | None:
    """Somebody joined the reader's home; None for a reader without e-mail, who sees it on the own page,
    and when it is no longer news.
    """
    reader = execute(_READER, person_id=message.person_id).one_or_none()
    corporation = corporation_contact()
    if reader is None or reader.email is None or corporation is None or message.made_at < now - SHOWN_FOR:
        return None
    body = current_app.jinja_env.get_template("email/joining/housemate.txt").render(
        name=one_line(reader.name).split(" ", 1)[0],
        day=dates.long_day(day_of(message.made_at)),
        link=f"{current_config().base_url}/mijn",
        corporation=corporation,
    )
    subject = _("Er is iemand bij gekomen op jouw adres")
    return Letter(to=reader.email, sender=corporation.name, subject=subject, body=body)


def sentences(messages: Sequence[Waiting], now: datetime) -> Mapping[int, Says]:
    """What to say to each person by telephone, as long as it is news. No statement."""
    return {
        message.number: partial(_sentences, message.made_at)
        for message in messages
        if message.made_at >= now - SHOWN_FOR
    }


TITLES = {
    HOUSEMATE_JOINED: _l("er kwam iemand bij op jouw adres"),
}
"""What a message was about, for whoever got it."""

LETTERS: Mapping[str, Composer] = {HOUSEMATE_JOINED: housemate_joined}
TOLD: Mapping[str, Teller] = {HOUSEMATE_JOINED: sentences}


def _sentences(joined_at: datetime) -> str:
    return _(
        "Er is iemand bij gekomen op jouw adres, op %(day)s, met de code uit een brief voor jouw woning."
        " Ken je die persoon niet? Bel dan de corporatie.",
        day=dates.long_day(day_of(joined_at)),
    )
