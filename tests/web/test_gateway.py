"""How much is taken in, of whom; answers that are made at once, and answers that are sent from a file."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest

from ontmoet.kernel.gate import Gate
from ontmoet.web.gateway import IN_PIECES, MOST_FIELDS, through_gate
from tests.cast import sign_in
from tests.watching import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.testing import FlaskClient

    from tests.cast import Neighbourhood

TAKES_A_LIST = ["/corporatie/beheer/inlezen/mensen", "/r/de-linde/agenda/overnemen"]
PLAIN, WITH_FILE = "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"
HEAD, TAIL = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n', b"\r\n--x--"
AS_FILE = HEAD + b"\0" * 300_000 + TAIL


class Unread(io.BytesIO):
    """A body that nobody may read: whoever sends it takes their time."""

    def read(self, *_: object) -> bytes:
        raise AssertionError("somebody waited for it")


@pytest.mark.parametrize("path", TAKES_A_LIST)
def test_stranger_sends_no_more_to_a_page_that_takes_files_than_to_any_other(
    client: FlaskClient, hood: Neighbourhood, path: str
) -> None:
    assert client.post(path, data=AS_FILE, content_type=WITH_FILE).status_code == 413
    client.get("/inloggen")
    assert client.get_cookie("ontmoet") is not None
    assert client.post(path, data=AS_FILE, content_type=WITH_FILE).status_code == 413
    client.set_cookie("ontmoet", "e30.not-signed-by-us")
    assert client.post(path, data=AS_FILE, content_type=WITH_FILE).status_code == 413


@pytest.mark.parametrize("path", TAKES_A_LIST)
def test_who_got_in_sends_much_as_a_file_only(client: FlaskClient, hood: Neighbourhood, path: str) -> None:
    sign_in(client, "noor")
    assert client.post(path, data=AS_FILE, content_type=WITH_FILE).status_code == 400
    assert client.post(path, data=b"a" * 300_000, content_type=PLAIN).status_code == 413
    assert client.post(path, data=b"a" * 300_000, content_type="text/plain").status_code == 413


def test_form_that_is_all_fields_is_not_taken_apart(client: FlaskClient, hood: Neighbourhood) -> None:
    fields = b"&".join([b"a"] * MOST_FIELDS)
    assert client.post("/inloggen", data=fields, content_type=PLAIN).status_code == 400
    assert client.post("/inloggen", data=fields + b"&a", content_type=PLAIN).status_code == 413


@pytest.mark.parametrize("more", [{}, {"CONTENT_LENGTH": "5"}])
def test_nobody_waits_for_a_body_that_comes_in_pieces(
    client: FlaskClient, hood: Neighbourhood, more: dict[str, str]
) -> None:
    answer = client.post(
        "/inloggen",
        input_stream=Unread(),
        content_type=PLAIN,
        headers={"Transfer-Encoding": "chunked"},
        environ_overrides={"wsgi.input_terminated": True, **more},
    )
    assert answer.status_code == 411
    assert "Dit kwam niet heel aan" in visible(answer.get_data(as_text=True))


class Watched:
    """An answer that tells whether it was read and closed."""

    def __init__(self) -> None:
        self.read, self.closed = 0, False

    def __iter__(self) -> Iterator[bytes]:
        for piece in (b"een", b"twee"):
            self.read += 1
            yield piece

    def close(self) -> None:
        self.closed = True


@pytest.mark.parametrize(("in_pieces", "read", "closed"), [(False, 2, True), (True, 0, False)])
def test_answer_is_read_inside_the_gate_unless_it_is_sent_in_pieces(
    in_pieces: bool, read: int, closed: bool
) -> None:
    answer, gate = Watched(), Gate(1)

    def application(environ: dict[str, object], _start: object) -> Watched:
        if in_pieces:
            environ[IN_PIECES] = True
        return answer

    sent = through_gate(application, gate, largest_body=lambda _: 10)({}, lambda *_: lambda _: None)  # type: ignore[arg-type]
    assert (answer.read, answer.closed) == (read, closed)
    with gate.passing():
        assert list(sent) == [b"een", b"twee"]
