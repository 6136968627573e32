"""What people are told about getting in, in words."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from flask import current_app

from ontmoet.kernel.walltime import day_of
from ontmoet.outbox.letters import Letter, one_line
from ontmoet.rooms.queries import corporation_contact
from ontmoet.web import dates
from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import lazy_gettext as _l
from ontmoet.web.settings import current_config

from .queries import open_link, recipient_of
from .rules import TOLD_FOR, Proof

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ontmoet.hearing.call_list import Says, Teller
    from ontmoet.outbox.sending import Composer
    from ontmoet.outbox.waiting import Waiting


def sign_in_link(message: Waiting, *, now: datetime) -> Letter | None:
    """The link and the code that somebody asked for; None once they are used or over."""
    found = open_link(message.object_id, now=now)
    if found is None:
        return None
    public_id, _person_id, expires_at = found
    proof = Proof(public_id, current_app.config["SECRET_KEY"])
    return _letter(
        message,
        "sign_in_link",
        _("Jouw link om in te loggen"),
        path=f"/inloggen/link?t={proof.token}",
        code=proof.code,
        until=dates.clock_at(expires_at),
    )


def password_changed(
    message: Waiting,
    *,
    now: datetime,  # noqa: ARG001 - all composers are asked alike
) -> Letter | None:
    """That somebody changed the password, in case it was somebody else."""
    return _letter(
        message,
        "password_changed",
        _("Je wachtwoord is veranderd"),
        path="/inloggen/vergeten",
    )


def pin_changed(
    message: Waiting,
    *,
    now: datetime,  # noqa: ARG001 - all composers are asked alike
) -> Letter | None:
    """The same about the PIN."""
    return _letter(message, "pin_changed", _("Je pincode is veranderd"), path="/mijn")


def slip_made(
    message: Waiting,
    *,
    now: datetime,  # noqa: ARG001 - all composers are asked alike
) -> Letter | None:
    """That somebody of the room made a slip with which one gets in."""
    return _letter(
        message,
        "slip_made",
        _("Er is een inlogbriefje voor je gemaakt"),
        path="/mijn",
    )


def sentences(messages: Sequence[Waiting], now: datetime) -> Mapping[int, Says]:
    """What to say by telephone to whom a slip was made for, as long as it is news. No statement.

    Who used it is no matter: it may have been somebody else.
    """
    return {
        message.number: partial(_sentences, message.made_at)
        for message in messages
        if message.made_at >= now - TOLD_FOR
    }


TITLES = {
    "sign_in_link": _l("link om in te loggen"),
    "password_changed": _l("wachtwoord veranderd"),
    "pin_changed": _l("pincode veranderd"),
    "slip_made": _l("inlogbriefje gemaakt"),
}
"""What a message was about, for whoever got it."""

LETTERS: Mapping[str, Composer] = {
    "sign_in_link": sign_in_link,
    "password_changed": password_changed,
    "pin_changed": pin_changed,
    "slip_made": slip_made,
}
TOLD: Mapping[str, Teller] = {"slip_made": sentences}


def _letter(message: Waiting, template: str, subject: str, *, path: str, **facts: str) -> Letter | None:
    recipient, contact = recipient_of(message.person_id), corporation_contact()
    if recipient is None or contact is None:
        return None
    name, address = recipient
    body = current_app.jinja_env.get_template(f"email/recovery/{template}.txt")
    given_name = one_line(name).split(" ", 1)[0]
    return Letter(
        to=address,
        sender=contact.name,
        subject=subject,
        body=body.render(
            name=given_name, contact=contact, link=f"{current_config().base_url}{path}", **facts
        ),
    )


def _sentences(made_at: datetime) -> str:
    return _(
        "Er is een inlogbriefje voor je gemaakt, op %(day)s. Daarmee kun je één keer inloggen."
        " Vroeg je dat niet? Bel dan meteen de corporatie.",
        day=dates.long_day(day_of(made_at)),
    )
