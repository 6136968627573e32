"""A small browser for the real server, and many requests at the same moment. Standard library only."""

from __future__ import annotations

import http.client
import re
import selectors
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from tests.builders import PASSWORD, new_key
from tests.cast import token_in

HOST = "127.0.0.1"


@dataclass
class Answer:
    """What came back, and how long it took."""

    status: int
    headers: dict[str, str]
    text: str
    waited: float = 0.0
    sent_bytes: int = 0

    @property
    def location(self) -> str:
        return self.headers.get("location", "")

    @property
    def offers(self) -> int:
        """How many alternatives a refused booking form offers."""
        return self.text.count('name="offered"')


@dataclass
class Browser:
    """Cookies, a connection per request, forms with their token."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    token: str = ""

    def get(self, path: str, **headers: str) -> Answer:
        return self._ask("GET", path, None, headers)

    def post(self, path: str, fields: dict[str, str], **headers: str) -> Answer:
        return self._ask("POST", path, urlencode({"csrf_token": self.token, **fields}), headers)

    def sign_in(self, email: str, password: str = PASSWORD) -> Browser:
        """Sign in through the form and remember a form token for later posts."""
        self.token = token_in(self.get("/inloggen").text)
        answer = self.post("/inloggen", {"email": email, "password": password})
        assert answer.status == 303, answer.text
        # Signing in starts a new session, so the token from before is worth nothing.
        self.token = token_in(self.get("/mijn").text)
        return self

    def post_bytes(self, path: str, fields: dict[str, str]) -> bytes:
        """A POST as it goes over the line, for `volley`."""
        return request_bytes(
            "POST", path, self.cookies, urlencode({"csrf_token": self.token, **fields}).encode()
        )

    def get_bytes(self, path: str) -> bytes:
        return request_bytes("GET", path, self.cookies)

    def _ask(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> Answer:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if body is not None:
            sent.setdefault("Content-Type", "application/x-www-form-urlencoded")
        began = time.perf_counter()
        connection = http.client.HTTPConnection(HOST, self.port, timeout=20)
        try:
            connection.request(method, path, body=body, headers=sent)
            response = connection.getresponse()
            raw = response.read()
        finally:
            connection.close()
        for line in response.headers.get_all("Set-Cookie") or ():
            self._keep(line)
        return Answer(
            response.status,
            {name.lower(): value for name, value in response.headers.items()},
            raw.decode("utf-8", errors="replace"),
            time.perf_counter() - began,
            len(raw),
        )

    def _keep(self, line: str) -> None:
        for name, morsel in SimpleCookie(line).items():
            if morsel.value:
                self.cookies[name] = morsel.value
            else:
                self.cookies.pop(name, None)


def wish(day: str, starts: str, ends: str, *, zone: str = "grote-zaal", key: str = "") -> dict[str, str]:
    """The fields of the booking form, as the contract has them, without its token."""
    return {
        "idempotency_key": key or new_key(),
        "day": day,
        "starts": starts,
        "ends": ends,
        "zone": zone,
        "people": "4",
        "purpose": "",
    }


def request_bytes(method: str, path: str, cookies: dict[str, str], body: bytes = b"") -> bytes:
    lines = [f"{method} {path} HTTP/1.1", f"Host: {HOST}"]
    if cookies:
        lines.append("Cookie: " + "; ".join(f"{name}={value}" for name, value in cookies.items()))
    if method == "POST":
        lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


def volley(port: int, requests: Sequence[bytes], *, longest: float = 30.0) -> list[Answer]:
    """Send all requests at the same moment, each on a connection of its own that stands already.

    The answers in the order of the requests, each with the time from that moment until it was whole.
    A connection that broke gives status 0.
    """
    sockets = [socket.create_connection((HOST, port), timeout=longest) for _ in requests]
    received = [bytearray() for _ in requests]
    finished: list[float | None] = [None] * len(requests)
    with selectors.DefaultSelector() as selector:
        for number, connection in enumerate(sockets):
            selector.register(connection, selectors.EVENT_READ, number)
        began = time.perf_counter()
        for connection, request in zip(sockets, requests, strict=True):
            connection.sendall(request)
        while selector.get_map() and time.perf_counter() - began < longest:
            for key, _ in selector.select(timeout=1.0):
                number = key.data
                try:
                    chunk = sockets[number].recv(65_536)
                except OSError:
                    chunk = b""
                received[number] += chunk
                if not chunk or is_whole(received[number]):
                    finished[number] = time.perf_counter() - began
                    selector.unregister(sockets[number])
    for connection in sockets:
        connection.close()
    return [
        _parsed(bytes(raw), longest if waited is None else waited)
        for raw, waited in zip(received, finished, strict=True)
    ]


_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


def is_whole(raw: bytearray) -> bool:
    """Whether the bytes are one complete answer."""
    head_end = raw.find(b"\r\n\r\n")
    if head_end < 0:
        return False
    found = _LENGTH.search(raw, 0, head_end)
    return found is not None and len(raw) >= head_end + 4 + int(found[1])


def _parsed(raw: bytes, waited: float) -> Answer:
    if not is_whole(bytearray(raw)):
        return Answer(0, {}, "", waited)
    head, _, body = raw.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    return Answer(int(first.split(" ")[1]), headers, body.decode("utf-8", errors="replace"), waited)
