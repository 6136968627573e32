"""What somebody is told when another chose how they hear from us."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from flask import current_app
from sqlalchemy import bindparam, select

from ontmoet.db import execute
from ontmoet.outbox.letters import Letter, one_line
from ontmoet.people.models import Person
from ontmoet.people.rules import Channel, language_of
from ontmoet.people.wording import LANGUAGE_NAMES
from ontmoet.rooms.queries import corporation_contact
from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import lazy_gettext as _l
from ontmoet.web.settings import current_config

from .actions import CHOSEN_FOR_YOU

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from ontmoet.db import AnyRow
    from ontmoet.outbox.sending import Composer
    from ontmoet.outbox.waiting import Waiting

    from .call_list import Says, Teller

_person = Person.__table__

_PEOPLE = select(_person.c.id, _person.c.name, _person.c.email, _person.c.channel, _person.c.language).where(
    _person.c.id.in_(bindparam("person_ids", expanding=True))
)


def letter(
    message: Waiting,
    *,
    now: datetime,  # noqa: ARG001 - all composers are asked alike
) -> Letter | None:
    """Who chose, and how it is now; None for a reader without e-mail."""
    found = _people([message])
    reader, contact = found.get(message.person_id), corporation_contact()
    if reader is None or reader.email is None or contact is None:
        return None
    body = current_app.jinja_env.get_template("email/hearing/chosen_for_you.txt").render(
        name=one_line(reader.name).split(" ", 1)[0],
        says=_says(reader, found[message.object_id]),
        link=f"{current_config().base_url}/mijn/berichten",
        contact=contact,
    )
    return Letter(to=reader.email, sender=contact.name, subject=_("Hoe je van ons hoort"), body=body)


def sentences(
    messages: Sequence[Waiting],
    now: datetime,  # noqa: ARG001 - all tellers are asked alike
) -> Mapping[int, Says]:
    """The same for who is called. One statement."""
    found = _people(messages)
    return {
        message.number: partial(_says, found[message.person_id], found[message.object_id])
        for message in messages
        if message.person_id in found
    }


LETTERS: Mapping[str, Composer] = {CHOSEN_FOR_YOU: letter}
TITLES = {CHOSEN_FOR_YOU: _l("iemand koos voor jou hoe je van ons hoort")}
"""What a message was about, for whoever got it."""

TOLD: Mapping[str, Teller] = {CHOSEN_FOR_YOU: sentences}


def _people(messages: Sequence[Waiting]) -> dict[int, AnyRow]:
    asked = {person_id for message in messages for person_id in (message.person_id, message.object_id)}
    return {row.id: row for row in execute(_PEOPLE, person_ids=sorted(asked))}


def _says(reader: AnyRow, chooser: AnyRow) -> str:
    facts = {"who": one_line(chooser.name), "language": LANGUAGE_NAMES[language_of(reader.language)]}
    match Channel(reader.channel):
        case Channel.MAIL:
            return _("%(who)s regelde voor jou: je krijgt voortaan een mail. Taal: %(language)s.", **facts)
        case Channel.CALL:
            return _("%(who)s regelde voor jou: we bellen je voortaan. Taal: %(language)s.", **facts)
        case Channel.PRINT:
            return _("%(who)s regelde voor jou: je krijgt voortaan een briefje. Taal: %(language)s.", **facts)
