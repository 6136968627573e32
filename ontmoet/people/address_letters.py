"""What people are told when an e-mail address is about to change, in words."""

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
from ontmoet.web.i18n import speaking
from ontmoet.web.settings import current_config

from .addresses import asked_address, code_for, owner_of
from .models import Person
from .rules import News, language_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ontmoet.outbox.sending import Composer
    from ontmoet.outbox.waiting import Waiting

_person = Person.__table__
_READER = select(_person.c.name, _person.c.email, _person.c.language).where(
    _person.c.id == bindparam("person_id")
)


def code_letter(message: Waiting, *, now: datetime) -> Letter | None:
    """The code, to the new address; to its owner instead that the address is taken already."""
    asked = asked_address(message.person_id, now=now)
    if asked is None or int(asked[1].timestamp()) != message.object_id:
        return None
    address, asked_at = asked
    owner = owner_of(address)
    if owner == message.person_id:
        return None
    if owner is not None:
        reader = execute(_READER, person_id=owner).one()
        with speaking(language_of(reader.language)):
            return _letter(address, _("Je e-mailadres bij Ontmoet"), "address_taken", reader.name)
    name = execute(_READER, person_id=message.person_id).one().name
    secret_key = current_app.config["SECRET_KEY"]
    code = code_for(message.person_id, address, asked_at, secret_key=secret_key)
    link = f"/mijn/gegevens/e-mailadres/code?code={code}"
    return _letter(address, _("Je code: %(code)s", code=code), "address_code", name, code=code, link=link)


def asked_letter(message: Waiting, *, now: datetime) -> Letter | None:
    """That it was asked, to the present address; none when there is none or it changed meanwhile."""
    reader = execute(_READER, person_id=message.person_id).one_or_none()
    if reader is None or reader.email is None or asked_address(message.person_id, now=now) is None:
        return None
    return _letter(reader.email, _("Je e-mailadres bij Ontmoet"), "address_asked", reader.name, link="/mijn")


TITLES = {
    News.ADDRESS_CODE: _l("code voor een nieuw e-mailadres"),
    News.ADDRESS_ASKED: _l("er is een ander e-mailadres gevraagd"),
}
"""What a message was about, for whoever got it."""

LETTERS: Mapping[str, Composer] = {News.ADDRESS_CODE: code_letter, News.ADDRESS_ASKED: asked_letter}


def _letter(
    to: str, subject: str, template: str, name: str, *, code: str = "", link: str = ""
) -> Letter | None:
    contact = corporation_contact()
    if contact is None:
        return None
    body = current_app.jinja_env.get_template(f"email/people/{template}.txt").render(
        name=one_line(name).split(" ", 1)[0],
        contact=contact,
        code=code,
        link=f"{current_config().base_url}{link}",
    )
    return Letter(to=to, sender=contact.name, subject=subject, body=body)
