"""What all letters about keys have in common: who gets it, one piece of news, and where to look."""

from __future__ import annotations

from flask import current_app
from sqlalchemy import bindparam, select

from ontmoet.db import execute
from ontmoet.outbox.letters import Letter, one_line
from ontmoet.people.models import Person
from ontmoet.rooms.queries import corporation_contact
from ontmoet.web.settings import current_config

_person = Person.__table__

_READER = select(_person.c.name, _person.c.email).where(_person.c.id == bindparam("person_id"))


def letter_to(person_id: int, *, subject: str, says: str, path: str) -> Letter | None:
    """A letter that says this, with a link to `path`; None for a reader without e-mail."""
    reader = execute(_READER, person_id=person_id).one_or_none()
    contact = corporation_contact()
    if reader is None or reader.email is None or contact is None:
        return None
    body = current_app.jinja_env.get_template("email/keys/news.txt").render(
        name=one_line(reader.name).split(" ", 1)[0],
        says=says,
        link=f"{current_config().base_url}{path}",
        contact=contact,
    )
    return Letter(to=reader.email, sender=contact.name, subject=subject, body=body)
