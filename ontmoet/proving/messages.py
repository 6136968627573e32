"""What people are told when how they get in changes: in case it was somebody else."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from flask import current_app

from ontmoet.outbox.letters import Letter, one_line
from ontmoet.recovery.queries import recipient_of
from ontmoet.rooms.queries import corporation_contact
from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import lazy_gettext as _l
from ontmoet.web.settings import current_config

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ontmoet.outbox.sending import Composer
    from ontmoet.outbox.waiting import Waiting

TITLES = {
    "passkey_added": _l("toegangssleutel erbij"),
    "code_app_set": _l("app met codes ingesteld"),
    "account_linked": _l("account van het werk gekoppeld"),
    "proof_removed": _l("manier om in te loggen weg"),
}
"""What a message was about, for whoever got it."""


def letter(
    kind: str,
    message: Waiting,
    *,
    now: datetime,  # noqa: ARG001 - all composers are asked alike
) -> Letter | None:
    """The news, and what to do when it was not oneself; None for a reader without e-mail."""
    recipient, contact = recipient_of(message.person_id), corporation_contact()
    if recipient is None or contact is None:
        return None
    name, address = recipient
    subjects = {
        "passkey_added": _("Je kunt inloggen met een nieuwe toegangssleutel"),
        "code_app_set": _("Je tweede stap is ingesteld"),
        "account_linked": _("Je logt in met het account van je werk"),
        "proof_removed": _("Er is een manier om in te loggen weggehaald"),
    }
    body = current_app.jinja_env.get_template(f"email/proving/{kind}.txt")
    return Letter(
        to=address,
        sender=contact.name,
        subject=subjects[kind],
        body=body.render(
            name=one_line(name).split(" ", 1)[0],
            contact=contact,
            link=f"{current_config().base_url}/mijn/toegang",
        ),
    )


LETTERS: Mapping[str, Composer] = {kind: partial(letter, kind) for kind in TITLES}
