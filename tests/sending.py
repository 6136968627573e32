"""A form with a file, as a browser sends it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.cast import token_in

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse


def send_file(client: FlaskClient, path: str, name: str, content: bytes, **fields: str) -> TestResponse:
    """Post a file in the field `file`, with a token and these fields. Put together here: werkzeug leaves a
    file on the disk open of what is large.
    """
    token = token_in(client.get("/mijn").get_data(as_text=True))
    parts = {"csrf_token": token.encode(), **{field: value.encode() for field, value in fields.items()}}
    parts[f'file"; filename="{name}'] = content
    body = b"".join(
        f'--lijst\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n'.encode() + value + b"\r\n"
        for field, value in parts.items()
    )
    return client.post(path, data=body + b"--lijst--\r\n", content_type="multipart/form-data; boundary=lijst")
