"""What the tests of figures do again and again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.watching import inputs

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

PATH = "/r/de-linde/opkomst"
MONDAY = f"{PATH}?dag=2026-11-23"


def form_of(client: FlaskClient, path: str = MONDAY) -> dict[str, str]:
    """The form of a day as the page gives it."""
    return inputs(client.get(path).get_data(as_text=True))


def send(client: FlaskClient, form: dict[str, str], **figures: str) -> TestResponse:
    """That form with these figures filled in."""
    return client.post(PATH, data={**form, **figures})
