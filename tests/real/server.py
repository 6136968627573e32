"""A real gunicorn on loopback, and a small browser for it. Standard library only."""

from __future__ import annotations

import http.client
import os
import re
import selectors
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

from tests.builders import PASSWORD, new_key
from tests.cast import token_in

ROOT = Path(__file__).resolve().parents[2]
HOST = "127.0.0.1"
LONGEST_START = 30.0
FAULT = "ONTMOET_TEST_FAULT"
"""Name of a planted fault (see `faults`); only `planted` sets it."""

# Tuesday 24 November 2026, 14:05 in the rooms: where the server's clock starts.
NOW = "2026-11-24T14:05+01:00"


@dataclass
class Server:
    """A running server: where it listens, its master process and what it wrote."""

    port: int
    process: subprocess.Popen[bytes]
    log: Path

    def workers(self) -> list[int]:
        """The processes that answer requests."""
        master = self.process.pid
        listed = Path(f"/proc/{master}/task/{master}/children").read_text(encoding="ascii")
        return [int(pid) for pid in listed.split()]

    def cpu_seconds(self) -> float:
        """What the workers spent so far: steadier than the clock on a machine that does more."""
        ticks = 0
        for pid in self.workers():
            fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def kill_workers(self) -> None:
        """`kill -9` of every worker at once; the master starts new ones."""
        for pid in self.workers():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def kill_everything(self) -> None:
        """`kill -9` of master and workers, as when the machine's power fails for them alone."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def browser(self) -> Browser:
        return Browser(self.port)

    def browser_with_token(self) -> Browser:
        """A stranger's browser with a form token."""
        found = Browser(self.port)
        found.token = token_in(found.get("/inloggen").text)
        return found

    def status_of(self, path: str) -> int | None:
        """The status of a GET, None while nothing answers."""
        try:
            return Browser(self.port).get(path).status
        except (OSError, http.client.HTTPException):
            return None


@contextmanager
def serving(
    database_url: str,
    data: Path,
    *,
    workers: int = 4,
    now: str | None = NOW,
    app: str | None = None,
    wait_for: tuple[str, int] = ("/readyz", 200),
) -> Iterator[Server]:
    """Start gunicorn as `make serve` does, wait until `wait_for` answers, stop it afterwards."""
    app = app or ("tests.real.faulty_app:app" if os.environ.get(FAULT) else "app:app")
    port = free_port()
    env = {
        **os.environ,
        "DATABASE_URL": database_url,
        "ONTMOET_DATA": str(data),
        "SECRET_KEY": "a secret that only tests use, and only here",
        "TOKEN_KEY": "another secret that only tests use, only here",
        "BASE_URL": f"http://{HOST}:{port}",
        "HOST": HOST,
        "PORT": str(port),
        "WEB_CONCURRENCY": str(workers),
    }
    env.pop("ONTMOET_ENV", None)
    if now is not None:
        env["ONTMOET_NOW"] = now
    log = data / f"gunicorn-{port}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - our own server
            [sys.executable, "-m", "gunicorn", "-c", str(ROOT / "gunicorn.conf.py"), app],
            cwd=ROOT,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    server = Server(port, process, log)
    try:
        path, status = wait_for
        wait_until(lambda: _answers(server, path, status), "the server answers", LONGEST_START)
        yield server
    finally:
        server.kill_everything()


def _answers(server: Server, path: str, status: int) -> bool:
    if server.process.poll() is not None:
        raise AssertionError(server.log.read_text(encoding="utf-8", errors="replace"))
    return server.status_of(path) == status


def wait_until(condition: object, what: str, longest: float = 10.0) -> None:
    """Wait for `condition()` to hold; raises AssertionError when it takes too long."""
    deadline = time.monotonic() + longest
    while not condition():  # type: ignore[operator]
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {longest} s in vain until {what}")
        time.sleep(0.02)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
    return port


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
