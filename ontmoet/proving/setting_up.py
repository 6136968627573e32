"""Setting up an app that shows codes. Its secret goes to the page and back sealed, and is stored once the app
shows the right code: before that nothing changed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyotp

from ontmoet.db import unit_of_work
from ontmoet.kernel.objections import Objection, Refused
from ontmoet.kernel.sealing import seal, unseal
from ontmoet.kernel.tokens import new_public_id
from ontmoet.web.qr import qr_drawing
from ontmoet.web.settings import current_config

from . import actions
from .codes import app_purpose, spare_digest
from .queries import named
from .rules import Reason, in_groups, step_of_code

if TYPE_CHECKING:
    from datetime import datetime

    from .forms import AppForm

LONGEST_SEALED = 400


def shown_app(form: AppForm, person_id: int, *, site_name: str) -> dict[str, Any]:
    """What the page needs to set an app up; the same secret as long as one tries."""
    secret = _secret_in(form, person_id)
    if secret is None:
        secret = pyotp.random_base32()
        form.sealed.data = seal(secret, _draft(person_id), key=current_config().token_key)
    whom = named(person_id)
    uri = pyotp.TOTP(secret).provisioning_uri(name=whom.email or whom.name, issuer_name=site_name)
    return {
        "qr": qr_drawing(uri),
        "secret": " ".join(secret[first : first + 4] for first in range(0, len(secret), 4)),
        "uri": uri,
    }


def set_up_app(form: AppForm, person_id: int, *, as_first: bool, now: datetime) -> None:
    """Store the app that showed this code. Raises `Refused`."""
    secret = _secret_in(form, person_id)
    if secret is None:
        raise Refused(Objection(Reason.TOO_LATE))
    step = step_of_code(secret, form.code.data, now=now)
    if step is None:
        raise Refused(Objection(Reason.WRONG_CODE, "code"))
    seal_id = new_public_id()
    sealed = seal(secret, app_purpose(seal_id), key=current_config().token_key)
    with unit_of_work():
        actions.set_code_app(person_id, seal_id=seal_id, sealed=sealed, step=step, as_first=as_first, now=now)


def new_spare_codes(person_id: int, *, now: datetime) -> list[str]:
    """Spare codes as they are shown, once."""
    with unit_of_work():
        codes = actions.make_spare_codes(person_id, digest=spare_digest, now=now)
    return [in_groups(code) for code in codes]


def _secret_in(form: AppForm, person_id: int) -> str | None:
    """The secret that the page showed to this person."""
    return unseal(
        (form.sealed.data or "")[:LONGEST_SEALED], _draft(person_id), key=current_config().token_key
    )


def _draft(person_id: int) -> str:
    """What a secret is sealed for that nobody has shown to work yet."""
    return f"code-app/draft/{person_id}"
